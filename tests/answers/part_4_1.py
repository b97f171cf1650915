"""Right and wrong answers to the exercises of part 4.1."""

from itertools import pairwise

import numpy as np

from course_lib.datasets import load_data
from course_lib.neural_network import initialize_weights, one_hot, relu, sigmoid, softmax


def shapes(transposed=False, bias=None, first=1, extra=False):
    """Exercise 1 of part 4.1, with one of the mistakes that are easily made."""

    def shapes_of(sizes):
        found = {}
        for i, (d, k) in enumerate(pairwise(sizes), start=first):
            found[f"W{i}"] = (k, d) if transposed else (d, k)
            found[f"b{i}"] = bias(d, k) if bias else (1, k)
        if extra:
            found[f"W{len(sizes)}"] = (sizes[-1], 1)
        return found

    return shapes_of


def only_for_three(sizes):
    d, h1, h2, k = 2, 4, 3, 2
    return {"W1": (d, h1), "b1": (1, h1), "W2": (h1, h2), "b2": (1, h2), "W3": (h2, k),
            "b3": (1, k)}  # fmt: skip


def forward(f1=relu, f2=relu, f3=softmax, bias=True, skip=False):
    def forward_three(X, W1, b1, W2, b2, W3, b3):
        Z1 = X @ W1 + b1
        A1 = f1(Z1)
        Z2 = (Z1 if skip else A1) @ W2 + (b2 if bias else 0)
        A2 = f2(Z2)
        return A1, A2, f3(A2 @ W3 + b3)

    return forward_three


def itself(Z):
    return Z


def one_more_relu(Z):
    return softmax(relu(Z))


def down_the_columns(Z):
    return softmax(Z.T).T


def backward(slope2=None, slope1=None, factor=1, sums=False, flat=False, softmax_slope=False):
    """Exercise 2 of part 4.1, with one of the mistakes that are easily made."""

    def is_active(A):
        return A > 0

    def backward_three(X, A1, A2, A3, y, W1, W2, W3):
        n = 1 if sums else len(X)
        delta3 = factor * (A3 - y)
        if softmax_slope:
            delta3 = delta3 * A3 * (1 - A3)
        delta2 = delta3 @ W3.T * (slope2 or is_active)(A2)
        delta1 = delta2 @ W2.T * (slope1 or is_active)(A1)
        gradients = []
        for A, delta in ((X, delta1), (A1, delta2), (A2, delta3)):
            gradients += [A.T @ delta / n, delta.sum(axis=0, keepdims=not flat) / n]
        return tuple(gradients)

    return backward_three


def one(A):
    return 1


def never_negative(A):
    return A >= 0


def of_sigmoid(A):
    return A * (1 - A)


def other_product(X, A1, A2, A3, y, W1, W2, W3):
    return tuple([A2 @ (A3 - y)] * 6)


def no_transpose(X, A1, A2, A3, y, W1, W2, W3):
    delta3 = A3 - y
    return (delta3 @ W3 * (A2 > 0),) * 6


def two_rows_short(X, A1, A2, A3, y, W1, W2, W3):
    return (A3[2:] - y,) * 6


def half_backward(*arguments):
    return (..., ..., ..., ..., *backward()(*arguments)[4:])


def step(params, gradients, lr):
    return {name: params[name] - lr * gradients[name] for name in params}


def in_place(params, gradients, lr):
    for name in params:
        params[name] -= lr * gradients[name]
    return params


def uphill(params, gradients, lr):
    return {name: params[name] + lr * gradients[name] for name in params}


def without_rate(params, gradients, lr):
    return {name: params[name] - gradients[name] for name in params}


def fixed_rate(params, gradients, lr):
    return {name: params[name] - 0.1 * gradients[name] for name in params}


def weights_only(params, gradients, lr):
    return {name: params[name] - lr * gradients[name] for name in params if name[0] == "W"}


def step_alone(params, gradients, lr):
    return {name: -lr * gradients[name] for name in params}


def scale(d, c):
    return (2 / (d * (1 + c**2))) ** 0.5


def growth(kind="right"):
    """Exercise 3 of part 4.1, with one of the mistakes that are easily made."""

    def growth_of(A, W, c):
        Z = A @ W
        F = np.where(Z > 0, Z, c * Z)
        if kind == "relu":
            F = relu(Z)
        if kind == "no activation":
            F = Z
        measure = {
            "variance": np.var,
            "rms": lambda values: np.sqrt(np.mean(values**2)),
            "sum": lambda values: np.sum(values**2),
        }.get(kind, lambda values: np.mean(values**2))
        if kind == "not divided":
            return measure(F)
        return measure(A) / measure(F) if kind == "upside down" else measure(F) / measure(A)

    return growth_of


def by_maximum(A, W, c):
    """The same in other words: max(z, c z) is the leaky ReLU for c from 0 to 1."""
    Z = A @ W
    return (np.maximum(Z, c * Z) ** 2).mean() / (A**2).mean()


def right_slope(A, activation):
    return A * (1 - A) if activation == "sigmoid" else A > 0


def deltas(slope=right_slope, measure="rms", backwards=False, divided=False, as_kind=list):
    """Exercise 4 of part 4.1, with one of the mistakes that are easily made."""

    def delta_sizes(outputs, y, weights, activation):
        size = {
            "mean square": lambda delta: np.mean(delta**2),
            "mean": lambda delta: np.mean(np.abs(delta)),
            "std": np.std,
            "length": np.linalg.norm,
        }.get(measure, lambda delta: np.sqrt(np.mean(delta**2)))
        delta = (outputs[-1] - y) / (len(y) if divided else 1)
        sizes = [size(delta)]
        for i in range(len(weights) - 1, 0, -1):
            delta = delta @ weights[i].T * slope(outputs[i], activation)
            sizes.append(size(delta))
        return as_kind(sizes if backwards else sizes[::-1])

    return delta_sizes


DEPTHS = range(2, 9)


def explored(scheme="xavier", seed=0, upside_down=False):
    data = load_data()
    X, y = data.X_train[:200], one_hot(data.y_train[:200], 10)
    ratios = {}
    for name, f in (("sigmoid", sigmoid), ("relu", relu)):
        ratios[name] = []
        for depth in DEPTHS:
            rng = np.random.default_rng(seed)
            sizes = [784] + [64] * (depth - 1) + [10]
            weights = [initialize_weights(shape, scheme, rng=rng) for shape in pairwise(sizes)]
            outputs = [X]
            for W in weights[:-1]:
                outputs.append(f(outputs[-1] @ W))
            outputs.append(softmax(outputs[-1] @ weights[-1]))
            found = deltas()(outputs, y, weights, name)
            ratios[name].append(found[-1] / found[0] if upside_down else found[0] / found[-1])
    return ratios


RATIOS = explored()
UPSIDE_DOWN = explored(upside_down=True)
SWAPPED = {"sigmoid": RATIOS["relu"], "relu": RATIOS["sigmoid"]}
NEARLY = {"sigmoid": RATIOS["sigmoid"], "relu": np.multiply(RATIOS["relu"], 1.8)}
HALF = {"sigmoid": RATIOS["sigmoid"], "relu": ...}
UNTOUCHED = {"sigmoid": ..., "relu": ...}

WRONG = {
    1: [
        ((shapes(transposed=True), forward()), "is it transposed?"),
        ((shapes(bias=lambda d, k: (1, d)), forward()), "one number for each unit"),
        ((shapes(bias=lambda d, k: (k, 1)), forward()), "'b1' in 2→4→3→2 is (4, 1)"),
        ((shapes(bias=lambda d, k: (k,)), forward()), "should be two numbers"),
        ((shapes(first=0), forward()), "counted from 1"),
        ((shapes(extra=True), forward()), "'W4' too many: 4 sizes make 3 layers"),
        ((only_for_three, forward()), "the shape of 'W1' in 5→1→7 is (2, 4), not right"),
        ((lambda sizes: list(shapes()(sizes).values()), forward()), "of type list"),
        ((lambda sizes: ..., forward()), "shapes_of is still missing: write it first"),
        (
            (shapes(), lambda *a: (..., ..., ...)),
            "shapes_of is right. forward_three is still missing",
        ),
        ((shapes(), forward(f1=itself)), "A1 of forward_three on a trial with 7 rows is wrong. R"),
        ((shapes(), forward(f2=itself)), "A2 of forward_three on a trial with 7 rows is wrong. R"),
        ((shapes(), forward(f1=sigmoid)), "have ReLU, not the sigmoid"),
        ((shapes(), forward(f2=softmax)), "only the last layer has one"),
        ((shapes(), forward(bias=False)), "The bias is missing"),
        ((shapes(), forward(skip=True)), "the second layer reads A1"),
        ((shapes(), forward(f3=itself)), "The softmax is missing"),
        ((shapes(), forward(f3=sigmoid)), "the softmax, not the sigmoid"),
        ((shapes(), forward(f3=one_more_relu)), "There is a ReLU before the softmax"),
        ((shapes(), forward(f3=down_the_columns)), "each row is one sample"),
        ((shapes(), lambda *a: forward()(*a)[-1]), "forward_three should return 3 values"),
    ],
    2: [
        ((backward(factor=-1), step), "delta of the last layer is A3 - y"),
        ((backward(sums=True), step), "divide by their number"),
        ((backward(slope2=one), step), "The slope of ReLU in the second layer is missing"),
        ((backward(slope1=one), step), "The slope of ReLU in the first layer is missing"),
        ((backward(slope2=never_negative), step), "A2 >= 0 is always true"),
        ((backward(slope1=of_sigmoid, slope2=of_sigmoid), step), "slope of the sigmoid"),
        ((backward(slope1=lambda A: A, slope2=lambda A: A), step), "activations themselves"),
        ((backward(softmax_slope=True), step), "no further slope there"),
        ((backward(flat=True), step), "keepdims=True"),
        ((other_product, step), "does not fit"),
        ((two_rows_short, step), "stopped with ValueError"),
        (
            (lambda *a: backward()(*a)[4:] + backward()(*a)[2:4] + backward()(*a)[:2], step),
            "wrong order",
        ),
        ((no_transpose, step), "Is a transpose missing"),
        ((half_backward, step), "value number 1 that backward_three returns is still"),
        ((lambda *a: (...,) * 6, step), "backward_three is still missing: write it first"),
        ((lambda *a: backward()(*a)[:4], step), "should return 6 values"),
        ((backward(), lambda *a: ...), "backward_three is right. one_step is still missing"),
        ((backward(), in_place), "one_step changed the 'W1' that it was given"),
        ((backward(), uphill), "It goes uphill"),
        ((backward(), without_rate), "The rate is missing"),
        ((backward(), fixed_rate), "use the argument lr"),
        ((backward(), lambda p, g, lr: dict(p)), "It has not moved"),
        ((backward(), step_alone), "add it to the parameter"),
        ((backward(), weights_only), "returned no 'b1'"),
        ((backward(), lambda *a: list(step(*a).values())), "of type list"),
    ],
    3: [
        ((lambda d, c: scale(d, c) ** 2, growth()), "That is the variance"),
        ((lambda d, c: scale(d, 0), growth()), "That is He's start for ReLU"),
        ((lambda d, c: (2 / (d * (1 + c))) ** 0.5, growth()), "The slope c is squared"),
        ((lambda d, c: (1 / (d * (1 + c**2))) ** 0.5, growth()), "The halves are missing"),
        ((lambda d, c: (2 * (1 + c**2) / d) ** 0.5, growth()), "the smaller s must be"),
        ((lambda d, c: (2 / d) ** 0.5 / (1 + c), growth()), "is not 1 + c squared"),
        ((lambda d, c: (2 / d) ** 0.5 * (1 - c * c / 2), growth()), "Test it at both ends"),
        ((lambda d, c: d**-0.5 * 1.1, growth()), "Test it at both ends"),
        ((lambda d, c: ..., growth()), "leaky_scale is still missing: write it first"),
        ((scale, lambda A, W, c: ...), "leaky_scale is right. growth is still missing"),
        ((scale, growth("relu")), "they are multiplied by c"),
        ((scale, growth("no activation")), "take f(Z), not Z"),
        ((scale, growth("variance")), "Those are variances"),
        ((scale, growth("rms")), "That is the ratio of the roots"),
        ((scale, growth("sum")), "Those are sums"),
        ((scale, growth("not divided")), "divide it by that of A"),
        ((scale, growth("upside down")), "It is upside down"),
        ((scale, lambda A, W, c: A @ W), "should be a number, but its shape is (8, 3)"),
    ],
    4: [
        ((deltas(backwards=True), RATIOS, 4.1, 6), "turn it around"),
        ((deltas(lambda A, f: 1), RATIOS, 4.1, 6), "The slope is missing"),
        ((deltas(lambda A, f: A > 0), RATIOS, 4.1, 6), "A > 0 is 1 everywhere for a sigmoid"),
        (
            (deltas(lambda A, f: A * (1 - A) if f == "sigmoid" else A >= 0), RATIOS, 4.1, 6),
            "A >= 0 is always true",
        ),
        ((deltas(lambda A, f: A * (1 - A)), RATIOS, 4.1, 6), "It has the slope of the sigmoid"),
        ((deltas(lambda A, f: A), RATIOS, 4.1, 6), "The activation itself is multiplied"),
        ((deltas(lambda A, f: sigmoid(A) * (1 - sigmoid(A))), RATIOS, 4.1, 6), "taken twice"),
        ((deltas(measure="mean square"), RATIOS, 4.1, 6), "take its root"),
        ((deltas(measure="mean"), RATIOS, 4.1, 6), "That is the mean of the sizes"),
        ((deltas(measure="std"), RATIOS, 4.1, 6), "That is the standard deviation"),
        ((deltas(measure="length"), RATIOS, 4.1, 6), "That is the length"),
        ((deltas(divided=True), RATIOS, 4.1, 6), "once too often"),
        ((lambda *a: deltas()(*a)[1:], RATIOS, 4.1, 6), "of shape (4,), but its shape is (3,)"),
        ((lambda *a: ..., RATIOS, 4.1, 6), "delta_sizes is still missing: write it first"),
        ((deltas(), UNTOUCHED, ..., ...), "delta_sizes is right. ratios['sigmoid'] is still"),
        ((deltas(), HALF, 4.1, 6), "delta_sizes is right. ratios['relu'] is still"),
        ((deltas(), UPSIDE_DOWN, 4.1, 6), "They are upside down"),
        ((deltas(), SWAPPED, 4.1, 6), "That is the other activation's"),
        ((deltas(), explored("small"), 4.1, 6), "ratios['sigmoid'] at depth 2 is"),
        ((deltas(), explored(seed=3), 4.1, 6), "with the seed that start has"),
        ((deltas(), NEARLY, 4.1, 6), "ratios['relu'] at depth 2 is"),
        ((deltas(), RATIOS, 3.2, 6), "which is too small"),
        ((deltas(), RATIOS["sigmoid"], 4.1, 6), "should be a dictionary"),
        ((deltas(), RATIOS, ..., 6), "ratios is right. factor_per_layer is still"),
        ((deltas(), RATIOS, 0.24, 6), "the share that is left"),
        ((deltas(), RATIOS, 1.4, 6), "is the one of ReLU"),
        ((deltas(), RATIOS, 4700, 6), "the loss over several layers"),
        ((deltas(), RATIOS, 16, 6), "which is too large"),
        ((deltas(), RATIOS, 4.1, ...), "factor_per_layer is right. first_below is still"),
        ((deltas(), RATIOS, 4.1, 7), "but the first one lies earlier"),
        ((deltas(), RATIOS, 4.1, 5), "but the first one lies later"),
    ],
}
RIGHT = {
    1: (shapes(), forward()),
    2: (backward(), step),
    3: (scale, by_maximum),
    4: (deltas(as_kind=np.array), RATIOS, 4, 6),
}
