"""Right and wrong answers to the exercises of part 2.4."""

import numpy as np

from course_lib.neural_network import (
    binary_cross_entropy,
    mse_loss,
    numerical_gradient,
    relative_error,
    sigmoid,
)


def slopes(way="central", put_back=True, in_place=False, fixed=None, flat=False):
    """Exercise 1 of part 2.4, with one of the mistakes that are easily made."""

    def measured_slopes(f, w, h):
        h = fixed or h
        result = np.zeros(w.shape)
        moved = w if in_place else w.copy()
        for place in np.ndindex(w.shape):
            old = moved[place]
            moved[place] = old + h
            above = f(moved)
            moved[place] = old - h
            below = f(moved)
            moved[place] = old if put_back else old - h
            if way == "all":
                above, below = f(w + h), f(w - h)
            change = {"forward": above - f(w), "backward": f(w) - below}.get(way, above - below)
            divide = {"forward": h, "backward": h, "by h": h, "sign": -2 * h, "not": 1}
            result[place] = change / divide.get(way, 2 * h)
            if way == "no brackets":
                result[place] = change / 2 * h
        return result.ravel() if flat else result

    return measured_slopes


def back_by_adding(f, w, h):
    result = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        w[place] += h
        above = f(w)
        w[place] -= 2 * h
        below = f(w)
        w[place] += h
        result[place] = (above - below) / (2 * h)
    return result


def row_by_row(f, w, h):
    result = np.zeros_like(w)
    for row in range(len(w)):
        step = np.zeros_like(w)
        step[row] = h
        result[row] = (f(w + step) - f(w - step)) / (2 * h)
    return result


def in_other_words(f, w, h):
    """The same slopes by another road: one-hot steps instead of moving and putting back."""
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.array([(f(w + step) - f(w - step)) / (2 * h) for step in steps]).reshape(w.shape)


def errors(kind="right"):
    """Exercise 2 of part 2.4, with one of the mistakes that are easily made."""

    def typical_errors(f, slope, w, steps):
        size = {
            "signed": np.mean,
            "outside": lambda error: abs(np.mean(error)),
            "sum": lambda error: np.sum(np.abs(error)),
            "largest": lambda error: np.max(np.abs(error)),
            "square": lambda error: np.mean(error**2),
            "root": lambda error: np.sqrt(np.mean(error**2)),
            "no mean": np.abs,
        }.get(kind, lambda error: np.mean(np.abs(error)))
        way = 1 if kind == "by h" else 2
        central = [size((f(w + h) - f(w - h)) / (way * h) - slope(w)) for h in steps]
        forward = [size((f(w + h) - f(w)) / h - slope(w)) for h in steps]
        if kind == "both central":
            forward = central
        if kind == "last only":
            return central[-1], forward[-1]
        return (forward, central) if kind == "swapped" else (central, forward)

    return typical_errors


def logistic(X, params):
    return sigmoid(X @ params["W"] + params["b"])


def gradient(dZ_of, scale=None, keys=("W", "b"), flat=False):
    """Exercise 3 of part 2.4, from the slope along Z."""

    def gradient_fn(X, y, params):
        dZ = dZ_of(logistic(X, params), y, X @ params["W"] + params["b"])
        n = scale or len(X)
        grad_b = dZ.sum(axis=0, keepdims=not flat) / n
        return dict(zip(keys, (X.T @ dZ / n, grad_b), strict=True))

    return gradient_fn


BCE = gradient(lambda A, y, Z: A - y)
MSE = gradient(lambda A, y, Z: 2 * (A - y) * A * (1 - A))


def half_done(X, y, params):
    return {"W": BCE(X, y, params)["W"], "b": ...}


X_SQUARE = np.random.default_rng(1).normal(size=(6, 6))
Y_SQUARE = np.array([[1.0, 0, 0, 1, 1, 1]]).T
PARAMS = {"W": np.random.default_rng(2).normal(size=(6, 1)), "b": np.array([[0.2]])}


def errors_of(kind="right"):
    """Exercise 4 of part 2.4, with one of the mistakes that are easily made."""

    def compare(X, y, params, gradient_fn):
        if kind == "own data":
            X, y, params = X_SQUARE, Y_SQUARE, PARAMS
        given = gradient_fn(X, y, params)
        loss_fn = mse_loss if kind == "other loss" else binary_cross_entropy
        slopes = numerical_gradient(X, y, params, loss_fn, logistic)
        result = {name: relative_error(given[name], slopes[name]) for name in params}
        for name in params:
            difference = np.abs(given[name] - slopes[name])
            if kind == "absolute":
                result[name] = difference.max()
            if kind == "measured alone":
                result[name] = difference.max() / np.abs(slopes[name]).max()
            if kind == "mean":
                result[name] = difference.mean() / np.abs(slopes[name]).max()
        if kind == "together":
            both = [np.concatenate([g["W"].ravel(), g["b"].ravel()]) for g in (given, slopes)]
            result = dict.fromkeys(params, relative_error(*both))
        if kind == "W alone":
            del result["b"]
        if kind == "verdicts":
            result = {name: "wrong" if r > 1e-2 else "right" for name, r in result.items()}
        as_kind = {"list": list, "tuple": tuple}.get(kind)
        return as_kind(result.values()) if as_kind else result

    return compare


A, B, C = ("W", "sign"), ("b", "no mean"), ("W", "transposed")
UNTOUCHED = (..., ...)

WRONG = {
    1: [
        ((slopes("forward"), -4, -2.5), "That is the forward difference"),
        ((slopes("backward"), -4, -2.5), "That is the backward difference"),
        ((slopes("by h"), -4, -2.5), "the way is 2 h"),
        ((slopes("no brackets"), -4, -2.5), "write / (2 * h)"),
        ((slopes("not"), -4, -2.5), "divide it by the way, 2 h"),
        ((slopes("sign"), -4, -2.5), "f above minus f below"),
        ((row_by_row, -4, -2.5), "A whole row moves at once"),
        ((slopes("all"), -4, -2.5), "All entries move at once"),
        ((slopes(put_back=False), -4, -2.5), "An entry stays moved"),
        ((slopes(put_back=False, in_place=True), -4, -2.5), "changed its argument w"),
        ((back_by_adding, -4, -2.5), "adding h again is not exact"),
        ((slopes(fixed=1e-4), -4, -2.5), "use the argument h"),
        ((slopes(flat=True), -4, -2.5), "of shape (2, 3), but its shape is (6,)"),
        ((lambda f, w, h: f(w + h) - f(w - h), -4, -2.5), "but its shape is ()"),
        ((lambda f, w, h: None, -4, -2.5), "is its return line missing?"),
        ((lambda f, w, h: ..., -4, -2.5), "measured_slopes is still missing: write it first"),
        ((lambda f, w, h: w, -4, -2.5), "should be"),
        ((slopes(), -2, -1.25), "slope_W is wrong. That is the formula of part 2.2"),
        ((slopes(), -4, -1.25), "slope_b is wrong. That is the formula of part 2.2"),
        ((slopes(), -8, -5), "That is the sum over the two points"),
        ((slopes(), 4, 2.5), "prediction minus target"),
        ((slopes(), -4, -4), "That is the slope for W"),
        ((slopes(), -4, ...), "measured_slopes is right. slope_b is still missing."),
        ((slopes(), -3, -2.5), "slope_W is -3, which is too large."),
    ],
    2: [
        ((errors("swapped"), 1e-5, 1e-8), "return the central ones first"),
        ((errors("sum"), 1e-5, 1e-8), "the list of central errors on a trial with 5 weights and"),
        ((errors("by h"), 1e-5, 1e-8), "divide by (2 * h)"),
        ((errors("signed"), 1e-5, 1e-8), "take np.abs before the mean."),
        ((errors("outside"), 1e-5, 1e-8), "before the mean, not after it"),
        ((errors("sum"), 1e-5, 1e-8), "That is the sum over the weights"),
        ((errors("largest"), 1e-5, 1e-8), "That is the largest error"),
        ((errors("square"), 1e-5, 1e-8), "That is the mean square"),
        ((errors("root"), 1e-5, 1e-8), "That is the root of the mean square"),
        ((errors("no mean"), 1e-5, 1e-8), "of shape (3,), but its shape is (3, 5)"),
        ((errors("last only"), 1e-5, 1e-8), "of shape (3,), but its shape is ()"),
        ((errors("both central"), 1e-5, 1e-8), "the list of forward errors on a trial"),
        ((lambda *a: errors()(*a)[0], 1e-5, 1e-8), "should return"),
        ((errors(), 1e-5, 1e-5), "best_forward = 1e-05 is too large: there truncation rules"),
        ((errors(), 1e-3, 1e-8), "best_central = 0.001 is too large: there truncation rules"),
        ((errors(), 1e-12, 1e-8), "best_central = 1e-12 is too small: there rounding rules"),
        ((errors(), -5, 1e-8), "should be one of the steps"),
        ((errors(), 1e-6, 1e-8), "best_central = 1e-06 is too small: there rounding rules"),
        ((errors(), 1e-5, ...), "typical_errors is right. best_forward is still missing."),
        ((errors(), 4, 7), "not its place in the list and not its error"),
    ],
    3: [
        ((lambda X, p: ..., BCE, MSE), "logistic is still missing: write it first"),
        ((lambda X, p: X @ p["W"] + p["b"], BCE, MSE), "The sigmoid is missing"),
        ((lambda X, p: sigmoid(X @ p["W"]), BCE, MSE), "The bias is missing"),
        ((lambda X, p: sigmoid(X @ p["W"]) + p["b"], BCE, MSE), "added after the sigmoid"),
        ((lambda X, p: logistic(X, p).ravel(), BCE, MSE), "keepdims=True"),
        ((logistic, gradient(lambda A, y, Z: y - A), MSE), "Its sign is turned around"),
        ((logistic, gradient(lambda A, y, Z: A - y, scale=1), MSE), "divide by their number"),
        ((logistic, gradient(lambda A, y, Z: 2 * (A - y)), MSE), "belongs to the squared error"),
        ((logistic, gradient(lambda A, y, Z: Z - y), MSE), "use A, not Z"),
        ((logistic, MSE, BCE), "That is the gradient of the squared error"),
        ((logistic, gradient(lambda A, y, Z: 3 * (A - y)), MSE), "of bce_gradient should be"),
        (
            (logistic, gradient(lambda A, y, Z: (A - y) * A * (1 - A)), MSE),
            "a factor A (1 - A) too many",
        ),
        ((logistic, gradient(lambda A, y, Z: A - y, flat=True), MSE), "its shape is (1,)"),
        ((logistic, gradient(lambda A, y, Z: A - y, keys=("w", "b")), MSE), "returned no 'W'"),
        ((logistic, lambda *a: (1, 2), MSE), "a dictionary with W and b, but it returned a tuple"),
        ((logistic, lambda *a: [1, 2], MSE), "what it returned is of type list"),
        ((logistic, half_done, MSE), "the 'b' that bce_gradient returns is still missing."),
        (
            (logistic, BCE, lambda *a: {"W": ..., "b": ...}),
            "bce_gradient is right. mse_gradient is still missing.",
        ),
        ((logistic, lambda *a: {"W": ..., "b": ...}, MSE), "logistic is right. bce_gradient"),
        (
            (logistic, BCE, gradient(lambda A, y, Z: (A - y) * A * (1 - A))),
            "The 2 of the square is missing",
        ),
        (
            (logistic, BCE, gradient(lambda A, y, Z: 2 * (A - y))),
            "The slope of the sigmoid, A (1 - A), is missing",
        ),
        ((logistic, BCE, BCE), "That is the gradient of the cross-entropy"),
        ((logistic, BCE, gradient(lambda A, y, Z: 2 * (A - y) * Z * (1 - Z))), "not Z (1 - Z)"),
        ((logistic, BCE, gradient(lambda A, y, Z: 2 * (A - y) * A)), "factor 1 - A is missing"),
        (
            (
                logistic,
                BCE,
                gradient(lambda A, y, Z: 2 * (A - y) * sigmoid(A) * (1 - sigmoid(A))),
            ),
            "A is already sigmoid(z), its slope is A (1 - A)",
        ),
    ],
    4: [
        ((errors_of("absolute"), A, B, C), "That is the difference itself"),
        ((errors_of("measured alone"), A, B, C), "divided by the measured gradient alone"),
        ((errors_of("mean"), A, B, C), "the error of 'W' should be 0.5"),
        ((errors_of("together"), A, B, C), "call relative_error for each"),
        ((errors_of("other loss"), A, B, C), "take binary_cross_entropy"),
        ((errors_of("W alone"), A, B, C), "returned no 'b'"),
        ((errors_of("list"), A, B, C), "should return a dictionary"),
        ((errors_of("tuple"), A, B, C), "a dictionary with W and b, but it returned a tuple"),
        ((errors_of("own data"), A, B, C), "does not use its own X, y and params"),
        ((errors_of("verdicts"), A, B, C), "the error of 'W' should be a number"),
        ((lambda *a: ..., A, B, C), "errors_of is still missing: write it first"),
        ((errors_of(), UNTOUCHED, B, C), "errors_of is right. found_a is still missing."),
        ((errors_of(), A, B, UNTOUCHED), "errors_of is right. found_c is still missing."),
        ((errors_of(), ("b", "sign"), B, C), "found_a: its 'b' agrees with the measured one"),
        ((errors_of(), A, ("W", "no mean"), C), "found_b: its 'W' agrees"),
        ((errors_of(), ("W", "factor 2"), B, C), "it would be twice or half the measured one"),
        ((errors_of(), ("W", "transposed"), B, C), "which a transposed product would not give"),
        ((errors_of(), A, ("b", "sign"), C), "the measured one times -1"),
        ((errors_of(), A, B, ("W", "no mean")), "times 6, the number of rows"),
        ((errors_of(), A, B, "W"), "should be a pair"),
        ((errors_of(), A, B, ("transposed", "W")), "the wrong parameter comes first"),
        ((errors_of(), A, B, ("W", "wrong product")), "the second is one of transposed, no mean"),
        ((errors_of(), A, B, ("W", ...)), "the second is one of"),
    ],
}
RIGHT = {
    1: (in_other_words, -4, -2.5),
    2: (errors(), 1e-5, 1e-8),
    3: (logistic, BCE, MSE),
    4: (errors_of(), A, B, C),
}
