"""Right and wrong answers to the exercises of part 3.3."""

from itertools import pairwise

import numpy as np

from course_lib.neural_network import (
    cross_entropy,
    forward_mlp,
    one_hot,
    relu,
    sigmoid,
    softmax,
)


def network(kind=""):
    """Exercise 1 of part 3.3, with one of the mistakes that are easily made."""

    def forward(X, W1, b1, W2, b2):
        Z1 = X @ W1 + (0 if kind == "no b1" else b1)
        hidden = {"no relu": lambda Z: Z, "sigmoid": sigmoid, "softmax 1": softmax}.get(kind, relu)
        A1 = relu(X @ W1) + b1 if kind == "b1 outside" else hidden(Z1)
        Z2 = (Z1 if kind == "Z1" else A1) @ W2 + (0 if kind == "no b2" else b2)
        shifted = np.exp(Z2 - Z2.max())
        A2 = {
            "scores": Z2,
            "relu 2": softmax(relu(Z2)),
            "sigmoid 2": sigmoid(Z2),
            "axis 0": softmax(Z2.T).T,
            "no axis": shifted / shifted.sum(),
            "twice": softmax(softmax(Z2)),
            "naive": np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True),
            "half": ...,
            "b2 outside": softmax(A1 @ W2) + b2,
        }.get(kind, softmax(Z2))
        if kind == "A2 alone":
            return A2
        return (A2, A1) if kind == "swapped" else (A1, A2)

    return forward


def two_classes_only(X, W1, b1, W2, b2):
    A1 = relu(X @ W1 + b1)
    p = sigmoid((A1 @ W2 + b2) @ np.array([-1, 1, *[0] * (W2.shape[1] - 2)]))
    return A1, np.stack([1 - p, p, *[0 * p] * (W2.shape[1] - 2)], axis=1)


def few_rows_only(X, W1, b1, W2, b2):
    A1, A2 = forward_mlp(X, W1, b1, W2, b2)
    A2[6:] = 0
    return A1, A2


def untouched(X, W1, b1, W2, b2):
    return ..., ...


def transposed(X, W1, b1, W2, b2):
    return relu(W1 @ X + b1), ...


def in_place(X, W1, b1, W2, b2):
    X -= X.mean()
    return forward_mlp(X, W1, b1, W2, b2)


def with_loops(X, W1, b1, W2, b2):
    """The same, row by row."""
    A1 = np.array([[max(0, x @ w + b) for w, b in zip(W1.T, b1[0], strict=True)] for x in X])
    return A1, np.array([softmax(a @ W2 + b2[0]) for a in A1])


def price(kind=""):
    """Exercise 2 of part 3.3, with one of the mistakes that are easily made."""

    def price_of(A, labels):
        p = A[np.arange(len(A)), labels]
        if kind == "no clip":
            return -np.mean(np.log(p))
        if kind == "columns, no clip":
            return -np.mean(np.log(A[:, labels]))
        if kind == "five rows":
            return -np.mean(np.log(np.maximum(p[:5], 1e-12)))
        if kind == "three classes" and A.shape[1] > 3:
            return 0.0
        log_p, log_A = np.log(np.maximum(p, 1e-12)), np.log(np.maximum(A, 1e-12))
        return {
            "sign": log_p.mean(),
            "sum": -log_p.sum(),
            "entries": -log_p.sum() / A.size,
            "log of mean": -np.log(p.mean()),
            "no log": p.mean(),
            "all": -log_A.sum() / len(A),
            "factor": -np.sum(labels[:, None] * log_A) / len(A),
            "largest": -log_A.max(axis=1).mean(),
            "columns": -log_A[:, labels].mean(),
            "table": -log_A[:, labels],
            "whole rows": -log_A[labels].mean(),
            "log10": -np.log10(np.maximum(p, 1e-12)).mean(),
            "log2": -np.log2(np.maximum(p, 1e-12)).mean(),
            "rows": -log_p,
            "limit": -np.log(np.maximum(p, 1e-8)).mean(),
            "half": 0.5 * -log_p.mean(),
            "one-hot": cross_entropy(A, one_hot(labels, A.shape[1])),
            "added": -np.log(p + 1e-12).mean(),
        }.get(kind, -log_p.mean())

    return price_of


def count(kind=""):
    """Exercise 3 of part 3.3, with one of the mistakes that are easily made."""

    def count_parameters(sizes):
        total = 0
        for d, k in pairwise(sizes):
            total = (0 if kind == "last" else total) + {
                "no biases": d * k,
                "inputs": d * k + d,
                "one": d * k + 1,
                "square": (d + 1) * (k + 1),
                "biases only": k,
            }.get(kind, d * k + k)
            if kind == "first":
                return total
        return {
            "bias of inputs": total + sizes[0],
            "fixed": 101_770,
            "product": np.prod(sizes),
            "three": (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[2 if sizes[2:] else 1],
        }.get(kind, total)

    return count_parameters


def count_by_index(sizes):
    return sum((sizes[sizes.index(d)] + 1) * sizes[sizes.index(d) + 1] for d in sizes[:-1])


def count_and_empty(sizes):
    total = 0
    while len(sizes) > 1:
        total += (sizes.pop(0) + 1) * sizes[0]
    return total


def shapes(**other):
    right = {
        "X": (64, 784), "W1": (784, 128), "b1": (1, 128), "Z1": (64, 128), "A1": (64, 128),
        "W2": (128, 10), "b2": (1, 10), "Z2": (64, 10), "A2": (64, 10),
    }  # fmt: skip
    return right | other


NO_SHAPES = dict.fromkeys(shapes(), ...) | {"X": (64, 784)}


def study(kind=""):
    """Exercise 4 of part 3.3, with one of the mistakes that are easily made."""

    def run(X, labels, scales, start):
        shares, losses, sizes = [], [], []
        for scale in scales[:1] if kind == "one scale" else scales:
            A1, A2 = forward_mlp(X, *start(scale))
            Y, largest = one_hot(labels, A2.shape[1]), A2.max(axis=1)
            shares.append(
                {
                    "count": np.sum(largest > 0.99),
                    "percent": 100 * np.mean(largest > 0.99),
                    "entries": np.mean(A2 > 0.99),
                    "mean largest": largest.mean(),
                    "0.9": np.mean(largest > 0.9),
                    "columns": np.mean(A2.max(axis=0) > 0.99),
                }.get(kind, np.mean(largest > 0.99))
            )
            losses.append(cross_entropy(A2, Y) * (len(X) if kind == "sum" else 1))
            sizes.append(
                {
                    "no root": np.mean(A1**2),
                    "mean": A1.mean(),
                    "std": A1.std(),
                    "root of sum": np.sqrt(np.sum(A1**2)),
                    "output": np.sqrt(np.mean(A2**2)),
                    "alive": np.sqrt(np.mean(A1[A1 > 0] ** 2)),
                }.get(kind, np.sqrt(np.mean(A1**2)))
            )
        if kind == "swapped":
            return losses, shares, sizes
        if kind == "half":
            return shares, losses, ...
        if kind == "arrays":
            return np.array(shares), np.array(losses), np.array(sizes)
        if kind == "last":
            return shares[-1], losses[-1], sizes[-1]
        return ([], [], []) if kind == "empty" else (shares, losses, sizes)

    return run


HAND = [0, 2, 0, 1], [1, 3]
WRONG = {
    1: [
        ((network("no relu"), *HAND), "The ReLU of the hidden layer is missing"),
        ((network("no b1"), *HAND), "The bias b1 is missing"),
        ((network("b1 outside"), *HAND), "belongs inside the ReLU"),
        ((network("sigmoid"), *HAND), "not the sigmoid"),
        ((network("softmax 1"), *HAND), "Softmax belongs to the output layer"),
        ((network("scores"), *HAND), "the softmax is missing"),
        ((network("no b2"), *HAND), "The bias b2 is missing"),
        ((network("b2 outside"), *HAND), "The bias b2 belongs inside the softmax"),
        ((network("Z1"), *HAND), "gets A1, after the ReLU, not Z1"),
        ((network("relu 2"), *HAND), "The output layer has a ReLU too many"),
        ((network("sigmoid 2"), *HAND), "The output layer has softmax here"),
        ((network("axis 0"), *HAND), "not down the columns"),
        ((network("no axis"), *HAND), "A2 on a trial with 5 rows"),
        ((network("twice"), *HAND), "Softmax is taken twice"),
        ((network("naive"), *HAND), "subtracts the largest score first"),
        ((network("swapped"), *HAND), "the other way round"),
        ((network("half"), *HAND), "value number 2 that forward returns is still missing."),
        ((network("A2 alone"), *HAND), "should return 2 values"),
        ((two_classes_only, *HAND), "A2 on a trial with 9 rows, 4 inputs"),
        ((few_rows_only, *HAND), "A2 on a trial with 9 rows, 4 inputs"),
        ((transposed, *HAND), "forward stopped with ValueError"),
        ((in_place, *HAND), "changed its argument X"),
        ((untouched, *HAND), "forward is still missing: write it first"),
        ((network(), [-1, 2, 0, 1], [1, 3]), "hidden_by_hand is wrong. The ReLU is missing"),
        ((network(), [0, 1, 0, 2], [1, 3]), "hidden_by_hand is wrong. The bias b1 is missing"),
        ((network(), [0, 2, 0, 2], [1, 3]), "hidden_by_hand is 2 at index (3,), which is too"),
        ((network(), [0, 2, 0], [1, 3]), "of shape (4,), but its shape is (3,)"),
        ((network(), ..., [1, 3]), "forward is right. hidden_by_hand is still missing."),
        (
            (network(), [0, 2, ..., 1], [1, 3]),
            "hidden_by_hand is not complete: a value is still missing.",
        ),
        (
            (network(), [0, 2, 0, 1], ...),
            "hidden_by_hand is right. scores_by_hand is still missing.",
        ),
        ((network(), [0, 2, 0, 1], [0.1192029, 0.8807971]), "give the scores, before"),
        ((network(), [0, 2, 0, 1], [-1, 5]), "The bias b2 is missing"),
        ((network(), [0, 2, 0, 1], [-4, 8]), "ReLU makes it 0 first"),
    ],
    2: [
        ((price("sign"), np.log(5)), "the price is -ln p"),
        ((price("sum"), np.log(5)), "That is the sum over the rows"),
        ((price("entries"), np.log(5)), "divide by the number of rows"),
        ((price("log of mean"), np.log(5)), "That is the logarithm of the mean"),
        ((price("no log"), np.log(5)), "It is the mean probability"),
        ((price("all"), np.log(5)), "All classes pay"),
        ((price("factor"), np.log(5)), "The label became a factor"),
        ((price("largest"), np.log(5)), "take that of the right class"),
        ((price("columns"), np.log(5)), "gives whole columns"),
        ((price("columns, no clip"), np.log(5)), "gives whole columns"),
        ((price("five rows"), np.log(5)), "price_of on a trial with 12 rows and 6 classes should"),
        ((price("three classes"), np.log(5)), "price_of on a trial with 12 rows and 6 classes"),
        ((price("table"), np.log(5)), "returned 25 numbers. A[:, labels] gives whole columns"),
        ((price("whole rows"), np.log(5)), "A[labels] gives whole rows"),
        ((price("log10"), np.log(5)), "Use the natural logarithm, np.log."),
        ((price("log2"), np.log(5)), "not np.log2"),
        ((price("rows"), np.log(5)), "returned 5 numbers: return their mean"),
        ((price("limit"), np.log(5)), "counts as 1e-08 here"),
        ((price("no clip"), np.log(5)), "is not finite: the logarithm of 0 is infinite"),
        ((price("half"), np.log(5)), "price_of on a trial with 5 rows and 3 classes should be"),
        ((lambda A, labels: ..., np.log(5)), "price_of is still missing: write it first"),
        ((lambda A, labels: None, np.log(5)), "is its return line missing?"),
        ((price(), ...), "price_of is right. loss_of_five is still missing."),
        ((price(), np.log(2)), "That is the loss with two classes"),
        ((price(), np.log(10)), "That is the loss with ten classes"),
        ((price(), 0.2), "That is the probability of each class"),
        ((price(), np.log(0.2)), "a price is positive"),
        ((price(), np.log10(5)), "Use the natural logarithm"),
        ((price(), 3), "What does each class get if all five scores are near 0?"),
    ],
    3: [
        ((count("no biases"), shapes()), "The biases are missing"),
        ((count("bias of inputs"), shapes()), "The inputs have no biases"),
        ((count("inputs"), shapes()), "not one for each of its inputs"),
        ((count("one"), shapes()), "not one for each layer"),
        ((count("biases only"), shapes()), "The weights are missing"),
        ((count("first"), shapes()), "Only the first layer is counted"),
        ((count("last"), shapes()), "is the sum set back in each round?"),
        ((count("product"), shapes()), "weights connect neighbors only"),
        ((count("three"), shapes()), "Only two layers are counted"),
        ((count("fixed"), shapes()), "count_parameters([5, 3, 4, 2]) is 101770, which is too"),
        ((count("square"), shapes()), "which is too large"),
        ((count_by_index, shapes()), "sizes.index finds the first place"),
        ((lambda sizes: count()(sizes[:5]), shapes()), "count_parameters([3, 4, 4, 2, 4, 5]) is"),
        ((count_and_empty, shapes()), "count_parameters changed its argument sizes"),
        ((lambda sizes: sizes[3], shapes()), "count_parameters stopped with IndexError"),
        ((lambda sizes: ..., shapes()), "count_parameters is still missing: write it first"),
        ((count(), NO_SHAPES), "count_parameters is right. The shapes are still missing."),
        ((count(), shapes(Z2=...)), "That of Z2 is still missing."),
        ((count(), shapes(W1=(128, 784))), "The shape of W1 is not (128, 784). It is transposed"),
        ((count(), shapes(b1=(128,))), "A bias is one row"),
        ((count(), shapes(b2=(10, 1))), "A bias is one row"),
        ((count(), shapes(b1=(64, 128))), "its first size does not depend on the batch"),
        ((count(), shapes(b1=(1, 784))), "One row, and one column for each neuron"),
        ((count(), shapes(b2=(1, 128))), "One row, and one column for each neuron"),
        ((count(), shapes(W2=(64, 10))), "One row for each input of the layer"),
        ((count(), shapes(A1=(64, 10))), "it leaves the shape of Z"),
        ((count(), shapes(Z1=(64, 784))), "One row for each image"),
        ((count(), shapes(A2=(10,))), "Every array has two dimensions"),
        ((count(), shapes(A2=640)), "should be a pair such as (64, 784)"),
        ((count(), ...), "shapes should be a dictionary"),
    ],
    4: [
        ((study("count"), 0.05, 0.1), "divide it by how many there are"),
        ((study("percent"), 0.05, 0.1), "give a share from 0 to 1"),
        ((study("entries"), 0.05, 0.1), "take the largest of each row first"),
        ((study("mean largest"), 0.05, 0.1), "count those above 0.99"),
        ((study("0.9"), 0.05, 0.1), "the limit is 0.99"),
        ((study("columns"), 0.05, 0.1), "take that of each row, axis=1"),
        ((study("sum"), 0.05, 0.1), "take the mean, as cross_entropy does"),
        ((study("no root"), 0.05, 0.1), "take its root"),
        ((study("mean"), 0.05, 0.1), "square first, take the mean, then the root"),
        ((study("std"), 0.05, 0.1), "measure the size itself"),
        ((study("root of sum"), 0.05, 0.1), "take the root of their mean"),
        ((study("output"), 0.05, 0.1), "take the hidden activations, A1"),
        ((study("alive"), 0.05, 0.1), "their zeros count, too"),
        ((study("swapped"), 0.05, 0.1), "These are the losses: return shares, losses, sizes"),
        ((study("half"), 0.05, 0.1), "value number 3 that study returns is still missing."),
        ((study("one scale"), 0.05, 0.1), "of shape (4,), but its shape is (1,)"),
        ((study("last"), 0.05, 0.1), "a list with one number for each scale"),
        ((study("empty"), 0.05, 0.1), "shares is an empty list"),
        ((lambda *a: (..., ..., ...), 0.05, 0.1), "study is still missing: write it first"),
        ((study(), ..., 0.1), "study is right. keeps_size is still missing."),
        ((study(), 0.05, ...), "first_too_high is still missing."),
        ((study(), 0.1, 0.1), "keeps_size = 0.1 is too high. There the signals grow"),
        ((study(), 0.02, 0.1), "keeps_size = 0.02 is too low. There the signals shrink"),
        ((study(), 0.05, 0.2), "A smaller one already exceeds ln 10"),
        ((study(), 0.05, 0.05), "There the loss is not yet more than 1 above ln 10"),
        ((study(), 4, 5), "should be one of the nine scales, but it is 4"),
        ((study(), 0.96, 0.1), "Write the scale, not its place"),
    ],
}
RIGHT = {
    1: (with_loops, np.array([[0, 2, 0, 1]]), (1.0, 3.0)),
    2: (price("added"), 1.609),
    3: (count(), shapes(b1=[1, 128])),
    4: (study("arrays"), 0.05, 0.1),
}
