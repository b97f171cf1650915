"""Right and wrong answers to the exercises of part 1.2."""

import numpy as np

from course_lib.datasets import load_data


def entry(X, W, i, j):
    return sum(X[i, p] * W[p, j] for p in range(X.shape[1]))


def last_product(X, W, i, j):
    for p in range(X.shape[1]):
        total = X[i, p] * W[p, j]
    return total


def first_product(X, W, i, j):
    for p in range(X.shape[1]):
        return X[i, p] * W[p, j]


def changing(X, W, i, j):
    X[i] *= W[:, j]
    return X[i].sum()


def layer(X, W, b):
    return X @ W.T + b.T


def dots(u, v):
    return entry(u[None], v[:, None], 0, 0), np.sum(u * v), u @ v


def silencing(u, v, w):
    return -(u @ v) / (u @ w)


def gram(A):
    return A @ A.T


def similarity(A):
    lengths = np.linalg.norm(A, axis=1)
    return gram(A) / np.outer(lengths, lengths)


def pairs() -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """The two digits whose means are most alike, some others, and the least alike."""
    data = load_data()
    means = np.array([data.X_train[data.y_train == i].mean(axis=0) for i in range(10)])
    S = similarity(means)
    ranked = sorted((S[i, j], i, j) for i in range(10) for j in range(i))
    most, other, least = ranked[-1], ranked[20], ranked[0]
    return (most[1], most[2]), (other[1], other[2]), (least[1], least[2])


MOST, OTHER, LEAST = pairs()


def stub(*arguments):
    return ...


WRONG = {
    1: [
        ((10, entry), "column 3 of row 3"),
        ((6, entry), "rows come first"),
        ((14, entry), "counted from 0"),
        ((9, entry), "row 3 of X is [5, -2]"),
        ((-0.5, entry), "column 1 of row 3"),
        ((1, entry), "Mind the sign of -2 times 3"),
        ((-1, entry), "Mind the sign of 5 times -1"),
        ((11, entry), "both products are negative"),
        ((-12, entry), "by_hand is -12, which is too small. Row 3 of X against column 2 of W"),
        ((..., entry), "entry is right. by_hand is still missing."),
        (("minus eleven", entry), "by_hand should be a number"),
        ((-11, stub), "entry is still missing: write it first"),
        ((-11, -11), "entry should be a function"),
        ((-11, lambda X, W, i, j: entry(X, W, j, i)), "Row and column are exchanged"),
        ((-11, lambda X, W, i, j: X[i] @ W[j, :3]), "It takes row j of W"),
        ((-11, lambda X, W, i, j: X[i] * W[j]), "stopped with ValueError"),
        ((-11, lambda X, W, i, j: X[i] * W[:, j]), "Add the three products up"),
        ((-11, lambda X, W, i, j: X @ W), "the single number in row i, column j"),
        ((-11, lambda X, W, i, j: entry(X, W, i - 1, j - 1)), "Python counts from 0"),
        ((-11, last_product), "last product only"),
        ((-11, first_product), "is the return line indented too far?"),
        ((-11, lambda X, W, i, j: entry(X[:, :2], W, i, j)), "the first two products only"),
        ((-11, lambda X, W, i, j: entry(X[:, 1:], W[1:], i, j)), "leaves out the first product"),
        ((-11, lambda X, W, i, j: X[i].sum() * W[:, j].sum()), "multiplies the sums"),
        ((-11, lambda X, W, i, j: np.sum(X[i] + W[:, j])), "adds where it should multiply"),
        ((-11, lambda X, W, i, j: sum(X[i, p] * W[p, j] for p in range(len(X)))),
         "range(X.shape[1])"),
        ((-11, lambda X, W, i, j: sum(X[i, p] * W[p, j] for p in range(W.shape[1]))),
         "range(X.shape[1])"),
        ((-11, changing), "entry changed its argument X"),
        ((-11, lambda X, W, i, j: None), "is its return line missing?"),
    ],
    2: [
        ((lambda X, W, b: X @ W.reshape(W.shape[::-1]) + b.T,), "mixes up the weights of all"),
        ((lambda X, W, b: X @ W.reshape(W.shape[::-1]),), "and the bias is missing"),
        ((lambda X, W, b: X @ W.T,), "The bias is missing"),
        ((lambda X, W, b: X @ W.T + b[0],), "Every neuron gets the first bias"),
        ((lambda X, W, b: X @ W.T - b.T,), "The bias is subtracted"),
        ((lambda X, W, b: X @ W.T + b,), "could not be broadcast together"),
        ((lambda X, W, b: X @ W.T + b,), "b (3, 1) is a column: for X (5, 2) it has to be a row"),
        ((lambda X, W, b: (W @ X.T + b).reshape(len(X), -1),), "Z was reshaped"),
        ((lambda X, W, b: X @ W.T + (b if len(b) == len(X) else b.T),), "b is still a column"),
        ((lambda X, W, b: W @ X.T + b,), "Is it transposed?"),
        ((lambda X, W, b: (W @ X.T + b) if len(X) == len(W) else layer(X, W, b),),
         "images belong in rows"),
        ((lambda X, W, b: X @ W + b,), "stopped with ValueError"),
        ((lambda X, W, b: X @ W + b,), "the middle two numbers, 2 and 3, have to agree"),
        ((lambda X, W, b: X @ (W if W.shape == (3, 3) else W.T) + b.T,), "its rows are neurons"),
        ((lambda X, W, b: X @ W.T + 2 * b.T,), "plus b[j]?"),
    ],
    3: [
        ((lambda u, v: (last_product(u[None], v[:, None], 0, 0), *dots(u, v)[1:]), silencing),
         "by_loop for two vectors of 5 numbers is wrong. It keeps the last product only"),
        ((lambda u, v: (dots(u[:4], v[:4])[0], *dots(u, v)[1:]), silencing), "use len(u)"),
        ((lambda u, v: (dots(u[1:], v[1:])[0], *dots(u, v)[1:]), silencing), "leaves out the first"),
        ((lambda u, v: (u @ v, u * v, u @ v), silencing), "the products have to be added up"),
        ((lambda u, v: (u @ v, np.sum(u) * np.sum(v), u @ v), silencing), "multiplies the sums"),
        ((lambda u, v: (u @ v, np.mean(u * v), u @ v), silencing), "take their sum"),
        ((lambda u, v: (u @ v, np.sum(u + v), u @ v), silencing), "multiply them first"),
        ((lambda u, v: (u @ v, u @ v, u[:, None] @ v[None]), silencing), "a table of all pairs"),
        ((lambda u, v: (3.0, 3.0, 3.0), silencing), "by_loop for two vectors of 5 numbers should be"),
        ((lambda u, v: (u @ v, u @ v), silencing), "should return 3 values"),
        ((lambda u, v: (u @ v, u @ v, ...), silencing), "value number 3"),
        ((lambda u, v: (..., ..., ...), silencing), "dot_three_ways is still missing: write it"),
        ((lambda u, v: np.array([u @ v, u @ v, 0]), silencing), "by_at for two vectors"),
        ((lambda u, v: None, silencing), "is its return line missing?"),
        ((dots, lambda u, v, w: -(u @ v) / u @ w), "put brackets around u @ w"),
        ((dots, lambda u, v, w: u @ v / u @ w), "And mind the sign"),
        ((dots, lambda u, v, w: -0.3), "right for the vectors above; the check uses others"),
        ((dots, stub), "silencing is still missing: write it"),
        ((dots, lambda u, v, w: u @ v / (u @ w)), "Mind the sign"),
        ((dots, lambda u, v, w: -(u @ w) / (u @ v)), "the other way round"),
        ((dots, lambda u, v, w: (u @ w) / (u @ v)), "and the sign is wrong"),
        ((dots, lambda u, v, w: -(u @ v) / (w @ w)), "divides by w·w"),
        ((dots, lambda u, v, w: -(u @ v) / (v @ w)), "divides by v·w"),
        ((dots, lambda u, v, w: -(u @ v) / (u @ u)), "divides by u·u"),
        ((dots, lambda u, v, w: -(u @ v)), "divide by what c multiplies"),
        ((dots, lambda u, v, w: u @ v - u @ w), "u·v − u·w: a product is undone by dividing"),
        ((dots, lambda u, v, w: u @ w - u @ v), "u·w − u·v: a product is undone by dividing"),
        ((dots, lambda u, v, w: -v / w), "but it returned 5 numbers"),
        ((dots, lambda u, v, w: 0.0), "the neuron answers"),
    ],
    4: [
        ((lambda A: A.T @ A, similarity, *MOST), "it pairs columns"),
        ((lambda A: A * A, similarity, *MOST), "is @, not *"),
        ((lambda A: A * A.T, similarity, *MOST), "stopped with ValueError"),
        ((lambda A: A @ A.T / 3, similarity, *MOST), "divided by a number"),
        ((stub, similarity, *MOST), "gram is still missing: write it first"),
        ((gram, stub, ..., ...), "similarity is still missing: write it first"),
        ((gram, gram, *MOST), "divide by both lengths"),
        ((gram, lambda A: gram(A) / np.outer(np.sum(A**2, 1), np.sum(A**2, 1)), *MOST),
         "The root is missing"),
        ((gram, lambda A: gram(A) / np.linalg.norm(A, axis=1, keepdims=True), *MOST),
         "Each row is divided by its own length only"),
        ((gram, lambda A: gram(A) / np.linalg.norm(A, axis=1), *MOST),
         "Each column is divided by its own length only"),
        ((gram, lambda A: gram(A) / np.diag(gram(A)), *MOST), "one squared length only"),
        ((gram, lambda A: gram(A) / np.diag(gram(A))[:, None], *MOST), "one a·a only"),
        ((gram, lambda A: gram(A) / np.sqrt(np.diag(gram(A)) @ np.diag(gram(A)).T), *MOST),
         "one single number"),
        ((gram, lambda A: gram(A) / np.sum(np.diag(gram(A))), *MOST), "one single number"),
        ((gram, lambda A: gram(A) / gram(A).max(), *MOST), "divides by the largest entry"),
        ((gram, lambda A: gram(A) / np.add.outer(*2 * [np.linalg.norm(A, axis=1)]), *MOST),
         "divide by their product"),
        ((gram, lambda A: similarity(A) + 1, *MOST), "Are all entries on the diagonal 1?"),
        ((gram, similarity, ..., ...), "similarity is right. digit_1 is still missing."),
        ((gram, similarity, MOST[0], ...), "digit_2 is still missing."),
        ((gram, similarity, 3, 3), "are both 3"),
        ((gram, similarity, 3, 10), "should be a digit from 0 to 9, but it is 10"),
        ((gram, similarity, *LEAST), "are the least alike"),
        ((gram, similarity, *OTHER), "another pair has a larger one"),
    ],
}  # fmt: skip
RIGHT = {
    1: (-11, entry),
    2: (layer,),
    3: (dots, silencing),
    4: (gram, similarity, *MOST),
}
