"""Right and wrong answers to the exercises of part 3.4."""

from itertools import pairwise

import numpy as np

from course_lib.neural_network import (
    backward_mlp,
    cross_entropy,
    forward_mlp,
    gradient_descent_general,
)

SHAPES = {
    "delta2": (4, 2), "grad_W2": (3, 2), "grad_b2": (1, 2),
    "delta1": (4, 3), "grad_W1": (2, 3), "grad_b1": (1, 3),
}  # fmt: skip
UNTOUCHED = dict.fromkeys(SHAPES, ...)


def backward(kind="right"):
    """Exercise 1 of part 3.4, with one of the mistakes that are easily made."""

    def backward_fn(X, A1, A2, y, W2):
        n = 1 if kind == "sum" else len(X)
        delta2 = y - A2 if kind == "sign" else A2 - y
        if kind == "softmax slope":
            delta2 = delta2 * A2 * (1 - A2)
        back = delta2 @ (W2 if kind == "not transposed" else W2.T)
        slope = {"forgotten": 1, "A1": A1, "at 0": A1 >= 0, "other way": A1 <= 0}
        delta1 = back * slope.get(kind, A1 > 0)
        b1, b2 = (delta.mean(axis=0, keepdims=kind != "flat") for delta in (delta1, delta2))
        if kind == "bias sum":
            b1, b2 = (delta.sum(axis=0, keepdims=True) for delta in (delta1, delta2))
        if kind == "bias mean twice":
            b1, b2 = b1 / n, b2 / n
        if kind == "one bias":
            b1, b2 = (np.full_like(b, b.mean()) for b in (b1, b2))
        W1, W2 = X.T @ delta1 / n, A1.T @ delta2 / n
        if kind == "mean twice":
            W1, W2 = W1 / n, W2 / n
        if kind == "transposed result":
            W1 = W1.T
        if kind == "in place":
            A1 *= 0
        if kind == "two":
            return W1, b1
        return {"other order": (W2, b2, W1, b1), "half": (..., ..., W2, b2)}.get(
            kind, (W1, b1, W2, b2)
        )

    return backward_fn


def forward(X, params):
    return forward_mlp(X, params["W1"], params["b1"], params["W2"], params["b2"])


def gradient(X, y, outputs, params):
    gradients = backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def step(kind="right"):
    """Exercise 2 of part 3.4, with one of the mistakes that are easily made."""

    def one_step(X, y, params, lr):
        outputs = forward(X, params)
        gradients = gradient(X, y, outputs, params)
        if kind == "in place":
            for name in params:
                params[name] -= lr * gradients[name]
            return params
        if kind == "same dictionary":
            for name in params:
                params[name] = params[name] - lr * gradients[name]
            return params
        if kind == "W2 first":
            W2 = params["W2"] - lr * gradients["W2"]
            later = gradient(X, y, outputs, params | {"W2": W2})
            gradients |= {name: later[name] for name in ("W1", "b1")}
        lr = {"uphill": -lr, "no rate": 1, "mean again": lr / len(X)}.get(kind, lr)
        new = {name: params[name] - lr * gradients[name] for name in params}
        if kind == "weights only":
            new |= {"b1": params["b1"], "b2": params["b2"]}
        if kind == "W2 missing":
            del new["W2"]
        return {"gradients": gradients, "list": list(new.values())}.get(kind, new)

    return one_step


def losses_of(kind="right"):
    def run(X, y, params, lr, num_steps):
        losses = [cross_entropy(forward(X, params)[1], y)]
        for _ in range(num_steps):
            new = step()(X, y, params, lr)
            params = params if kind == "not on" else new
            losses.append(cross_entropy(forward(X, new)[1], y))
        cut = {
            "sorted": sorted(losses, reverse=True),
            "not before": losses[1:],
            "not last": losses[:-1],
            "last": losses[-1],
        }
        return cut.get(kind, losses)

    return run


def one_line(X, y, params, lr):
    """The same by another road."""
    W1, b1, W2, b2 = (params[name].copy() for name in ("W1", "b1", "W2", "b2"))
    slopes = backward_mlp(X, *forward_mlp(X, W1, b1, W2, b2), y, W1, W2)
    for value, slope in zip((W1, b1, W2, b2), slopes, strict=True):
        value -= lr * slope
    return {"b2": b2, "W2": W2, "b1": b1, "W1": W1}


def delta1(slope, transposed=True):
    return lambda delta2, W2, A1: (delta2 @ (W2.T if transposed else W2)) * slope(A1)


SIGMOID, TANH = delta1(lambda A1: A1 * (1 - A1)), delta1(lambda A1: 1 - A1**2)


def untouched(*_arguments):
    return ...


def race(kind="right"):
    """Exercise 4 of part 3.4, with one of the mistakes that are easily made."""

    def run(X, y, start, rates):
        histories, shared = {}, np.random.default_rng(0)
        params = start
        for lr in (0.1,) if kind == "own rates" else rates:
            rng = shared if kind == "shared" else np.random.default_rng(0)
            after, losses = gradient_descent_general(
                X, y, params, lr, 5 if kind == "epochs" else 8, forward, gradient, cross_entropy,
                batch_size=None if kind == "all rows" else 32, rng=rng,
            )  # fmt: skip
            histories[lr] = {"both": (after, losses), "last": losses[-1]}.get(kind, losses)
            params = after if kind == "goes on" else start
        return list(histories.values()) if kind == "list" else histories

    return run


def judge(losses, k):
    if losses[-1] < np.log(k) / 10:
        return "good"
    return "slow" if all(after < before for before, after in pairwise(losses)) else "unstable"


def judge_slow_first(losses, k):
    if all(after < before for before, after in pairwise(losses)):
        return "slow"
    return "good" if losses[-1] < np.log(k) / 10 else "unstable"


def judge_ten(losses, k):
    return judge(losses, 10)


def judge_lowest(losses, k):
    return "good" if min(losses) < np.log(k) / 10 else judge(losses, k)


def judge_rising(losses, k):
    if losses[-1] < np.log(k) / 10:
        return "good"
    return "unstable" if any(b >= a for a, b in pairwise(losses)) else "slow"


def judge_ends(losses, k):
    if losses[-1] < np.log(k) / 10:
        return "good"
    return "slow" if losses[-1] < losses[0] else "unstable"


RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
ENDS = (1.2, 0.53, 0.22, 0.09, 0.04, 2.4, 2.3, 2.3, 2.5)
HISTORIES = {lr: [2.3, end] for lr, end in zip(RATES, ENDS, strict=True)}

WRONG = {
    1: [
        ((SHAPES, backward("sign")), "The sign is turned around"),
        ((SHAPES, backward("forgotten")), "The ReLU is forgotten"),
        ((SHAPES, backward("A1")), "It is multiplied by A1 itself"),
        ((SHAPES, backward("at 0")), "The ReLU is forgotten"),
        ((SHAPES, backward("other way")), "The gate is the wrong way round"),
        ((SHAPES, backward("sum")), "It is the sum over the rows"),
        ((SHAPES, backward("bias sum")), "but a bias has the column mean"),
        ((SHAPES, backward("mean twice")), "It is divided by the number of rows twice"),
        ((SHAPES, backward("bias mean twice")), "It is divided by the number of rows twice"),
        ((SHAPES, backward("softmax slope")), "has the slope of softmax in it"),
        ((SHAPES, backward("one bias")), "grad_b1 on a trial"),
        ((SHAPES, backward("not transposed")), "backward stopped with ValueError"),
        ((SHAPES, backward("transposed result")), "Is it transposed?"),
        ((SHAPES, backward("flat")), "keepdims=True"),
        ((SHAPES, backward("other order")), "grad_W1 on a trial"),
        ((SHAPES, backward("half")), "value number 1 that backward returns is still missing."),
        ((SHAPES, backward("two")), "backward should return 4 values"),
        ((SHAPES, backward("in place")), "changed its argument A1"),
        ((SHAPES, lambda *a: (..., ..., ..., ...)), "backward is still missing: write it first"),
        ((UNTOUCHED, backward()), "the shapes are still missing: they"),
        ((SHAPES | {"delta1": ...}, backward()), "the shape of delta1 is still missing."),
        ((SHAPES | {"grad_W2": (2, 3)}, backward()), "That is transposed."),
        ((SHAPES | {"grad_W1": (4, 3)}, backward()), "however many rows there are"),
        ((SHAPES | {"delta1": (3, 2)}, backward()), "A delta has a row for each sample"),
        ((SHAPES | {"grad_b1": (3,)}, backward()), "A bias of the course has two dimensions"),
        ((SHAPES | {"grad_b1": 3}, backward()), "should be a tuple"),
    ],
    2: [
        ((step("uphill"), losses_of()), "The step goes uphill"),
        ((step("no rate"), losses_of()), "The rate is missing"),
        ((step("mean again"), losses_of()), "divided by the number of rows once more"),
        ((step("weights only"), losses_of()), "The biases have not moved"),
        ((step("W2 first"), losses_of()), "W2 moved before the gradients of the first layer"),
        ((step("gradients"), losses_of()), "These are the gradients"),
        ((step("in place"), losses_of()), "changed the dictionary params"),
        ((step("same dictionary"), losses_of()), "changed the dictionary params"),
        ((step("W2 missing"), losses_of()), "returned no 'W2'"),
        ((step("list"), losses_of()), "one_step should return"),
        ((lambda X, y, params, lr: params, losses_of()), "has not moved"),
        ((untouched, losses_of()), "one_step is still missing: write it first"),
        ((step(), untouched), "one_step is right. losses_of is still missing."),
        ((step(), losses_of("not before")), "the one before the first step is missing"),
        ((step(), losses_of("not last")), "the one after the last is missing"),
        ((step(), losses_of("not on")), "go on from the new parameters"),
        ((step(), losses_of("sorted")), "The losses are sorted"),
        ((step(), losses_of("last")), "of shape (5,), but its shape is ()"),
    ],
    3: [
        ((SIGMOID, delta1(lambda A1: A1 > 0)), "That is the gate of ReLU"),
        ((delta1(lambda A1: A1 * (A1 - 1)), TANH), "the sigmoid rises everywhere"),
        ((delta1(lambda A1: A1 > 0), TANH), "of a sigmoid it is always true"),
        ((delta1(lambda A1: 1), TANH), "The slope of the activation is missing"),
        ((delta1(lambda A1: 1 - A1), TANH), "Your factor is 1 - A1"),
        ((TANH, SIGMOID), "That is the slope of tanh"),
        ((SIGMOID, SIGMOID), "That is the slope of the sigmoid"),
        ((SIGMOID, delta1(lambda A1: 1 - A1)), "Your factor is 1 - A1"),
        ((SIGMOID, delta1(lambda A1: 1 + A1**2)), "nowhere above 1"),
        ((SIGMOID, delta1(lambda A1: 1 - np.tanh(A1) ** 2)), "The activation is applied twice"),
        ((SIGMOID, delta1(lambda A1: A1**2 - 1)), "The sign of the slope is turned around"),
        ((SIGMOID, delta1(lambda A1: 1 - A1**2, transposed=False)), "delta1_tanh stopped with"),
        ((SIGMOID, delta1(lambda A1: 2 - A1)), "Check the slope at A1 = 0"),
        ((SIGMOID, untouched), "delta1_tanh is still missing; delta1_sigmoid is there"),
        ((untouched, TANH), "delta1_sigmoid is still missing; delta1_tanh is there"),
        ((SIGMOID, lambda delta2, W2, A1: None), "is its return line missing?"),
    ],
    4: [
        ((race("shared"), judge, HISTORIES, 0.1), "All trainings share one generator"),
        ((race("goes on"), judge, HISTORIES, 0.1), "begin from start each time"),
        ((race("all rows"), judge, HISTORIES, 0.1), "All rows are in one batch"),
        ((race("epochs"), judge, HISTORIES, 0.1), "of shape (8,), but its shape is (5,)"),
        ((race("last"), judge, HISTORIES, 0.1), "the whole list of losses"),
        ((race("both"), judge, HISTORIES, 0.1), "gradient_descent_general returns two things"),
        ((race("list"), judge, HISTORIES, 0.1), "race should return a dictionary"),
        ((race("own rates"), judge, HISTORIES, 0.1), "race was called with the rates"),
        ((untouched, judge, HISTORIES, 0.1), "race is still missing: write it first"),
        ((race(), untouched, HISTORIES, 0.1), "race is right. judge is still missing."),
        ((race(), judge_slow_first, HISTORIES, 0.1), "by the rules that is 'good'"),
        ((race(), judge_lowest, HISTORIES, 0.1), "by the rules that is 'unstable'"),
        ((race(), judge_rising, HISTORIES, 0.1), "No comparison with nan is true"),
        ((race(), judge_ten, HISTORIES, 0.1), "with 2 classes"),
        ((race(), judge_ends, HISTORIES, 0.1), "by the rules that is 'unstable'"),
        ((race(), lambda losses, k: True, HISTORIES, 0.1), "judge should return"),
        ((race(), judge, HISTORIES, ...), "race and judge are right. best is still missing."),
        ((race(), judge, HISTORIES, 0.001), "best = 0.001 is too small"),
        ((race(), judge, HISTORIES, 1), "best = 1 is too large"),
        ((race(), judge, HISTORIES, 4), "none of the rates"),
        ((race(), judge, ..., 0.1), "histories should hold all nine rates"),
    ],
}
RIGHT = {
    1: (SHAPES, backward()),
    2: (one_line, losses_of()),
    3: (SIGMOID, TANH),
    4: (race(), judge, HISTORIES, 0.1),
}
