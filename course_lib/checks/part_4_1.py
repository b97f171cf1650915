"""The checks of part 4.1, deeper MLPs and vanishing gradients."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from itertools import pairwise
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotYet,
    call,
    exercise,
    hint_ladder,
    is_started,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.datasets import load_data
from course_lib.neural_network import (
    FloatArray,
    backward_mlp_3layer,
    forward_mlp_3layer,
    initialize_weights,
    one_hot,
    relu,
    sigmoid,
    softmax,
)

NAMES: tuple[str, ...] = ("W1", "b1", "W2", "b2", "W3", "b3")


def _odd_network() -> tuple[FloatValues, FloatValues, dict[str, FloatValues]]:
    """Inputs, targets and parameters in which no two sizes agree, with a row of zeros."""
    rng = np.random.default_rng(3)
    sizes = [4, 6, 5, 3]
    X = rng.normal(size=(7, 4))
    X[1] = 0
    X[2, 0] = -20
    params: dict[str, FloatValues] = {}
    for i, (d, k) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = rng.normal(size=(d, k))
        params[f"b{i}"] = rng.normal(size=(1, k))
    return X, one_hot([0, 2, 1, 1, 0, 2, 2], 3), params


# ------------------------------------------------------------------ 1: shapes, and forward


def _shapes_of(sizes: Sequence[int]) -> dict[str, tuple[int, int]]:
    shapes: dict[str, tuple[int, int]] = {}
    for i, (d, k) in enumerate(pairwise(sizes), start=1):
        shapes |= {f"W{i}": (d, k), f"b{i}": (1, k)}
    return shapes


@exercise(1)
def exercise_1(shapes_of: object, forward_three: object) -> str:
    """``shapes_of(sizes) -> {name: shape}``, and ``forward_three -> (A1, A2, A3)``."""
    shapes_fn = require_function("shapes_of", shapes_of)
    X, _, params = _odd_network()
    forward_arguments = X, *params.values()
    started = [forward_three] if is_started(forward_three, *forward_arguments) else []
    for sizes in ([2, 4, 3, 2], [5, 1, 7], [3, 2, 6, 4, 2]):
        answer = call("shapes_of", shapes_fn, sizes, also_answered=started)
        _judge_shapes(sizes, answer)
    forward_fn = require_function("forward_three", forward_three)
    outputs = call(
        "forward_three", forward_fn, *forward_arguments, parts=3, right_so_far="shapes_of"
    )
    _judge_forward(outputs, X, params)
    return (
        "2→4→3→2 has 12 + 12 + 6 weights and 9 biases. A layer only has to fit what comes in: "
        "it does not know how many layers there are."
    )


def _judge_shapes(sizes: Sequence[int], answer: object) -> None:
    arrow = "→".join(str(size) for size in sizes)
    if not isinstance(answer, dict):
        raise NotYet(
            f"shapes_of({list(sizes)}) should be a dictionary, but it is of type "
            f"{type(answer).__name__}."
        )
    shapes = cast(dict[str, Any], answer)
    expected = _shapes_of(sizes)
    for name in expected:
        if name not in shapes:
            raise NotYet(
                f"shapes_of({list(sizes)}) has no {name!r}: {arrow} has {len(sizes) - 1} layers, "
                "each with a W and a b, counted from 1."
            )
    for name, right in expected.items():
        given = shapes[name]
        if given is ...:
            raise NotYet(f"shapes_of: the shape of {name!r} is still missing.")
        shape = cast(tuple[Any, ...], given) if isinstance(given, (tuple, list)) else None
        if shape is None or len(shape) != 2:
            raise NotYet(
                f"the shape of {name!r} in {arrow} should be two numbers, but it is {given!r}."
            )
        if tuple(shape) != right:
            if tuple(shape) == right[::-1]:
                raise NotYet(
                    f"the shape of {name!r} in {arrow} is {tuple(shape)}: is it transposed? X W "
                    "has the inputs of the layer as rows of W."
                )
            count = "one number for each unit of the layer that it belongs to, as a row"
            why = count if name[0] == "b" else "what comes in, by what goes out"
            raise NotYet(f"the shape of {name!r} in {arrow} is {tuple(shape)}, not right: {why}.")
    extra = [name for name in shapes if name not in expected]
    if extra:
        raise NotYet(
            f"shapes_of({list(sizes)}) has {extra[0]!r} too many: {len(sizes)} sizes make "
            f"{len(sizes) - 1} layers."
        )


def _judge_forward(outputs: list[Any], X: FloatValues, params: dict[str, FloatValues]) -> None:
    W1, b1, W2, b2, W3, b3 = params.values()
    right = forward_mlp_3layer(X, W1, b1, W2, b2, W3, b3)
    A1, A2, _ = right
    Z1, Z2, Z3 = X @ W1 + b1, A1 @ W2 + b2, A2 @ W3 + b3
    told: tuple[dict[str, FloatArray], ...] = (
        {
            "ReLU is missing.": Z1,
            "The bias is missing.": relu(X @ W1),
            "The bias comes before ReLU: relu(X W1 + b1).": relu(X @ W1) + b1,
            "The hidden layers have ReLU, not the sigmoid.": sigmoid(Z1),
            "That is a softmax: only the last layer has one.": softmax(Z1),
        },
        {
            "ReLU is missing.": Z2,
            "The bias is missing.": relu(A1 @ W2),
            "The bias comes before ReLU: relu(A1 W2 + b2).": relu(A1 @ W2) + b2,
            "It was computed from Z1: the second layer reads A1.": relu(Z1 @ W2 + b2),
            "The hidden layers have ReLU, not the sigmoid.": sigmoid(Z2),
            "That is a softmax: only the last layer has one.": softmax(Z2),
        },
        {
            "The softmax is missing.": Z3,
            "The last layer has the softmax, not ReLU.": relu(Z3),
            "The last layer has the softmax, not the sigmoid.": sigmoid(Z3),
            "The bias is missing.": softmax(A2 @ W3),
            "There is a ReLU before the softmax: it takes the scores as they are.": softmax(
                relu(Z3)
            ),
            "It was computed from Z2: the third layer reads A2.": softmax(Z2 @ W3 + b3),
            "The softmax runs down the columns: each row is one sample.": softmax(Z3.T).T,
        },
    )
    for i, (A, expected, mistakes) in enumerate(zip(outputs, right, told, strict=True), start=1):
        about = f"A{i} of forward_three on a trial with 7 rows"
        require_close(about, require_array(about, A, expected.shape), expected, mistakes)


# ----------------------------------------------------------------- 2: backward, and a step


@exercise(2)
def exercise_2(backward_three: object, one_step: object) -> str:
    """The six gradients of three layers, and ``one_step(params, gradients, lr) -> params``."""
    function = require_function("backward_three", backward_three)
    X, y, params = _odd_network()
    W1, b1, W2, b2, W3, b3 = params.values()
    A1, A2, A3 = forward_mlp_3layer(X, W1, b1, W2, b2, W3, b3)
    right = dict(zip(NAMES, backward_mlp_3layer(X, A1, A2, A3, y, W1, W2, W3), strict=True))
    started = [one_step] if is_started(one_step, params, right, 0.1) else []
    trial = X, A1, A2, A3, y, W1, W2, W3
    try:
        answer = call("backward_three", function, *trial, parts=6, also_answered=started)
    except NotYet as problem:
        if "matmul" not in str(problem):
            raise
        raise NotYet(
            "A product in backward_three does not fit. Is a transpose missing? delta3 is (n, k) "
            "and W3 is (h2, k), delta2 is (n, h2) and W2 is (h1, h2); A2 is (n, h2)."
        ) from problem
    shapes, wanted = [np.shape(part) for part in answer], [part.shape for part in right.values()]
    if shapes != wanted and sorted(shapes) == sorted(wanted):
        raise NotYet(f"backward_three returns them in the wrong order; it is {', '.join(NAMES)}.")
    _judge_gradients(dict(zip(NAMES, answer, strict=True)), trial, right)
    step_fn = require_function("one_step", one_step)
    for lr in (0.1, 0.25):
        _judge_step(step_fn, params, right, lr)
    return (
        "Each delta is made from the one above it, so a third layer costs one more line. "
        "The step changes nothing that it was given, so you can compare before and after."
    )


def _judge_gradients(
    answer: Mapping[str, Any],
    trial: tuple[FloatArray, ...],
    right: Mapping[str, FloatArray],
) -> None:
    X, A1, A2, A3, y, _, W2, W3 = trial
    n, error = len(X), A3 - y
    delta2 = error @ W3.T * (A2 > 0)
    # Each known mistake, as the deltas that it would have given.
    deltas: dict[str, tuple[FloatArray, FloatArray, FloatArray]] = {
        "The sign is turned around: delta of the last layer is A3 - y.": (
            -(delta2 @ W2.T * (A1 > 0)), -delta2, -error,
        ),
        "It is the sum over the rows: divide by their number.": (
            n * (delta2 @ W2.T * (A1 > 0)), n * delta2, n * error,
        ),
        "The slope of ReLU in the second layer is missing: A2 > 0. (A2 >= 0 is always true.)": (
            error @ W3.T @ W2.T * (A1 > 0), error @ W3.T, error,
        ),
        "The slope of ReLU in the first layer is missing: A1 > 0. (A1 >= 0 is always true.)": (
            delta2 @ W2.T, delta2, error,
        ),
        "The slope of ReLU is missing in both hidden layers (A >= 0 is true everywhere).": (
            error @ W3.T @ W2.T, error @ W3.T, error,
        ),
        "The slope of ReLU is 1 or 0; here the activations themselves were multiplied.": (
            (error @ W3.T * A2) @ W2.T * A1, error @ W3.T * A2, error,
        ),
        "That is the slope of the sigmoid; these layers have ReLU.": (
            (error @ W3.T * A2 * (1 - A2)) @ W2.T * A1 * (1 - A1),
            error @ W3.T * A2 * (1 - A2), error,
        ),
        "The softmax and the cross-entropy together leave A3 - y: no further slope there.": (
            ((error * A3 * (1 - A3)) @ W3.T * (A2 > 0)) @ W2.T * (A1 > 0),
            (error * A3 * (1 - A3)) @ W3.T * (A2 > 0), error * A3 * (1 - A3),
        ),
    }  # fmt: skip
    for i, (inputs, place) in enumerate(((A2, 2), (A1, 1), (X, 0))):
        layer = 3 - i
        for kind in ("W", "b"):
            name = f"{kind}{layer}"
            about = f"the gradient of {name} on a trial with {n} rows"
            given = require_array(about, answer[name], right[name].shape)
            factor = inputs if kind == "W" else np.ones((n, 1))
            mistakes = {text: factor.T @ wrong[place] / n for text, wrong in deltas.items()}
            advice = "Compare with the measured slopes, from the last layer to the first."
            require_close(about, given, right[name], mistakes, 1e-6, advice)


def _judge_step(
    function: Callable[..., Any],
    params: dict[str, FloatValues],
    gradients: dict[str, FloatArray],
    lr: float,
) -> None:
    changed: list[str] = []

    def watched(params: Any, gradients: Any, lr: float) -> Any:
        before = deepcopy(params), deepcopy(gradients)
        result = function(params, gradients, lr)
        for old, new in zip(before, (params, gradients), strict=True):
            changed.extend(name for name in old if np.any(old[name] != new.get(name)))
        return result

    answer = call("one_step", watched, params, gradients, lr, right_so_far="backward_three")
    if changed:
        raise NotYet(
            f"one_step changed the {changed[0]!r} that it was given. Make new arrays, as in "
            "W - lr * grad, instead of W -= ..., and a new dictionary."
        )
    if not isinstance(answer, dict):
        raise NotYet(
            "one_step should return a dictionary with the names of params, but what it returned "
            f"is of type {type(answer).__name__}."
        )
    moved = cast(dict[str, Any], answer)
    for name in params:
        if name not in moved:
            raise NotYet(f"one_step returned no {name!r}: move every parameter, also the biases.")
        if moved[name] is ...:
            raise NotYet(f"the {name!r} that one_step returns is still missing.")
        about = f"the {name!r} that one_step returns for lr = {lr:g}"
        told = {
            "It goes uphill: subtract the gradient.": params[name] + lr * gradients[name],
            "The rate is missing.": params[name] - gradients[name],
            "It has not moved.": params[name],
            "That is the step; add it to the parameter.": -lr * gradients[name],
            "The rate is always 0.1: use the argument lr.": params[name] - 0.1 * gradients[name],
        }
        given = require_array(about, moved[name], params[name].shape)
        require_close(about, given, params[name] - lr * gradients[name], told)


# ------------------------------------------------------------------- 3: leaky ReLU's start


@exercise(3)
def exercise_3(leaky_scale: object, growth: object) -> str:
    """``leaky_scale(d, c) -> s``, and ``growth(A, W, c) -> ratio of mean squares``."""
    scale_fn = require_function("leaky_scale", leaky_scale)
    rng = np.random.default_rng(5)
    A, W = rng.normal(1, 2, size=(8, 5)), rng.normal(0.5, 1, size=(5, 3))
    A[2] = 0
    started = [growth] if is_started(growth, A, W, 0.3) else []
    for d, c in ((50, 0.0), (8, 0.5), (50, 1.0), (700, 0.2)):  # not c = 1 first: too kind
        about = f"leaky_scale({d}, {c:g})"
        answer = call("leaky_scale", scale_fn, d, c, also_answered=started)
        number = require_number(about, answer)
        right = (2 / (d * (1 + c**2))) ** 0.5
        told = {
            "That is the variance: the standard deviation is its root.": right**2,
            "That is He's start for ReLU; the negative half now gives something too.": (2 / d)
            ** 0.5,
            "The slope c is squared together with z: the negative half gives c squared.": (
                2 / (d * (1 + c))
            ) ** 0.5,
            "The halves are missing: z is above 0 only half of the time.": (
                1 / (d * (1 + c**2))
            ) ** 0.5,
            "(1 + c) squared is not 1 + c squared: the two halves are squared separately.": (
                2 / d
            ) ** 0.5
            / (1 + c),
            "That makes s grow with c, but the more comes through, the smaller s must be.": (
                2 * (1 + c**2) / d
            ) ** 0.5,
            "Both halves count: the positive one with 1, the negative one with c squared.": (
                1 / d
            ) ** 0.5,
        }  # fmt: skip
        advice = "Test it at both ends: c = 0 is ReLU, and c = 1 is no activation at all."
        require_close(about, number, right, told, 1e-6, advice, give_away=False)
    growth_fn = require_function("growth", growth)
    for c in (0.0, 0.3, 1.0):
        answer = call("growth", growth_fn, A, W, c, right_so_far="leaky_scale")
        _judge_growth(answer, A, W, c)
    return (
        "With c = 0 it is He's start, with c = 1 what a layer without activation needs. "
        "The rule is always the same: ask what share of the mean square comes through."
    )


def _judge_growth(answer: object, A: FloatValues, W: FloatValues, c: float) -> None:
    Z = A @ W
    F = np.where(Z > 0, Z, c * Z)
    right = float(np.mean(F**2) / np.mean(A**2))
    about = f"growth on a trial with c = {c:g}"
    told = {
        "That is the ratio of the roots: leave the roots out.": right**0.5,
        "That is the mean square of f(Z) alone: divide it by that of A.": float(np.mean(F**2)),
        "The activation is missing: take f(Z), not Z.": float(np.mean(Z**2) / np.mean(A**2)),
        "The negative ones became 0: they are multiplied by c.": float(
            np.mean(np.maximum(Z, 0) ** 2) / np.mean(A**2)
        ),
        "It is upside down: f(Z) above, A below.": 1 / right,
        "Those are variances, without the mean: square and average.": float(
            np.var(F) / np.var(A)
        ),
        "Those are sums: A and Z have different numbers of entries, so take means.": float(
            np.sum(F**2) / np.sum(A**2)
        ),
        "Square first, then take the mean.": float(np.mean(F) ** 2 / np.mean(A) ** 2),
    }  # fmt: skip
    require_close(about, require_number(about, answer), right, told)


# --------------------------------------------------------------------- 4: delta by depth

DEPTHS = (2, 3, 4, 5, 6, 7, 8)
_SLOPES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": lambda A: A * (1 - A),
    "relu": lambda A: (A > 0).astype(A.dtype),
}
_ACTIVATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {"sigmoid": sigmoid, "relu": relu}


def _forward(X: FloatArray, weights: Sequence[FloatArray], activation: str) -> list[FloatArray]:
    outputs = [X]
    for W in weights[:-1]:
        outputs.append(_ACTIVATIONS[activation](outputs[-1] @ W))
    return [*outputs, softmax(outputs[-1] @ weights[-1])]


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _delta_sizes(
    outputs: Sequence[FloatArray],
    y: FloatArray,
    weights: Sequence[FloatArray],
    slope: Callable[[FloatArray], FloatArray],
    size: Callable[[FloatArray], Any] = _rms,
) -> FloatValues:
    """Exercise 4 done right, or with another slope or another measure of size."""
    delta = outputs[-1] - y
    sizes = [size(delta)]
    for i in range(len(weights) - 1, 0, -1):
        delta = (delta @ weights[i].T) * slope(outputs[i])
        sizes.insert(0, size(delta))
    return np.array(sizes)


@cache
def _ratios() -> dict[str, FloatValues]:
    """What the digits give: delta of layer 1 as a share of the last one's, by depth."""
    data = load_data()
    X, y = data.X_train[:200], one_hot(data.y_train[:200], 10)
    ratios: dict[str, list[float]] = {"sigmoid": [], "relu": []}
    for activation, curve in ratios.items():
        for depth in DEPTHS:
            rng = np.random.default_rng(0)
            sizes = [784, *[64] * (depth - 1), 10]
            weights = [initialize_weights(shape, "xavier", rng=rng) for shape in pairwise(sizes)]
            outputs = _forward(X, weights, activation)
            found = _delta_sizes(outputs, y, weights, _SLOPES[activation])
            curve.append(float(found[0] / found[-1]))
    return {activation: np.array(curve) for activation, curve in ratios.items()}


@exercise(4)
def exercise_4(
    delta_sizes: object, ratios: object, factor_per_layer: object, first_below: object
) -> str:
    """``delta_sizes -> list``, ratios by depth, and two numbers read from them."""
    function = require_function("delta_sizes", delta_sizes)
    curves = cast(dict[str, Any], ratios) if isinstance(ratios, dict) else {"": ratios}
    rest = [*curves.values(), factor_per_layer, first_below]
    rng = np.random.default_rng(11)
    for activation, sizes in (("sigmoid", (5, 4, 3, 6, 2)), ("relu", (5, 7, 4, 3)),
                              ("relu", (4, 6, 5, 3, 7, 2)), ("sigmoid", (3, 2))):  # fmt: skip
        weights = [rng.normal(size=shape) for shape in pairwise(sizes)]
        X, y = rng.normal(size=(9, sizes[0])), one_hot(rng.integers(sizes[-1], size=9), sizes[-1])
        X[3] = 0
        outputs = _forward(X, weights, activation)
        trial = outputs, y, weights, activation
        answer = call("delta_sizes", _as_array(function), *trial, also_answered=rest)
        about = f"delta_sizes on {len(sizes) - 1} layers with {activation}"
        given = require_array(about, answer, (len(sizes) - 1,))
        slope = _SLOPES[activation]
        always = "A >= 0 is always true"
        if activation == "sigmoid":
            always = "A > 0 is 1 everywhere for a sigmoid"
        told = {
            "It runs from the last layer to the first: turn it around.": (
                _delta_sizes(outputs, y, weights, slope)[::-1]
            ),
            f"The slope is missing ({always}).": _delta_sizes(
                outputs, y, weights, lambda A: np.ones_like(A)
            ),
            "It has the slope of the sigmoid, whatever the activation.": _delta_sizes(
                outputs, y, weights, _SLOPES["sigmoid"]
            ),
            "The sigmoid is taken twice: outputs hold A already, the slope is A (1 - A).": (
                _delta_sizes(outputs, y, weights, lambda A: sigmoid(A) * (1 - sigmoid(A)))
            ),
            "The activation itself is multiplied, not its slope.": _delta_sizes(
                outputs, y, weights, lambda A: A
            ),
            "That is the mean square: take its root.": _delta_sizes(
                outputs, y, weights, slope, lambda delta: np.mean(delta**2)
            ),
            "That is the mean of the sizes: square, average, then the root.": _delta_sizes(
                outputs, y, weights, slope, lambda delta: np.mean(np.abs(delta))
            ),
            "That is the standard deviation: square and average without taking a mean away.": (
                _delta_sizes(outputs, y, weights, slope, np.std)
            ),
            "That is the length: take the mean of the squares, not their sum.": _delta_sizes(
                outputs, y, weights, slope, np.linalg.norm
            ),
            "It is divided by the number of rows, once too often.": _delta_sizes(
                outputs, y, weights, slope
            ) / 9,
        }  # fmt: skip
        advice = "Compare layer by layer from the last one: the first that is off has the mistake."
        require_close(about, given, _delta_sizes(outputs, y, weights, slope), told, 1e-6, advice)
    _judge_ratios(cast(object, ratios))
    factor = require_number("factor_per_layer", factor_per_layer, "ratios")
    _judge_factor(factor)
    first = require_number("first_below", first_below, "factor_per_layer")
    below = [depth for depth, ratio in zip(DEPTHS, _ratios()["sigmoid"], strict=True)
             if ratio < 0.001]  # fmt: skip
    if first != below[0]:
        side = "earlier" if first > below[0] else "later"
        raise NotYet(
            f"first_below is {first:g}, but the first one lies {side}. It is a number of layers, "
            "from depths; a thousandth is 0.001."
        )
    factors = _factors()
    return (
        f"Each further sigmoid layer divides by {min(factors):.1f} to {max(factors):.1f} here. "
        "ReLU's curve falls too, slowly: Xavier's start leaves out its half, and He's puts it back."
    )


def _as_array(function: Callable[..., Any]) -> Callable[..., Any]:
    """So that a list or tuple of sizes counts as one value."""

    def sizes_of(outputs: Any, y: Any, weights: Any, activation: str) -> Any:
        answer = function(outputs, y, weights, activation)
        if not isinstance(answer, (list, tuple)):
            return answer
        values = list(cast(Sequence[Any], answer))
        if any(value is ... for value in values):
            raise TypeError("the list still holds an ellipsis")
        return np.array(values)

    return sizes_of


def _judge_ratios(ratios: object) -> None:
    if not isinstance(ratios, dict):
        raise NotYet("ratios should be a dictionary with a list for sigmoid and one for relu.")
    curves = cast(dict[str, Any], ratios)
    for name in ("sigmoid", "relu"):
        if name not in curves:
            raise NotYet(f"ratios has no {name!r}.")
        if curves[name] is ...:
            raise NotYet(f"delta_sizes is right. ratios[{name!r}] is still missing.")
    for name, right in _ratios().items():
        about = f"ratios[{name!r}]"
        values = require_array(about, curves[name], right.shape)
        other = _ratios()["relu" if name == "sigmoid" else "sigmoid"]
        told = {
            "They are upside down: layer 1 divided by the last layer.": 1 / right,
            "That is the other activation's.": other,
            "They run from the deepest network to the shallowest.": right[::-1],
        }
        for sentence, wrong in told.items():
            if np.all(values > 0) and np.all(np.abs(np.log(values / wrong)) < 0.01):
                raise NotYet(f"{about} is wrong. {sentence}")
        off = [i for i, (value, want) in enumerate(zip(values, right, strict=True))
               if not abs(value / want - 1) < 0.01]  # fmt: skip
        if off:
            raise NotYet(
                f"{about} at depth {DEPTHS[off[0]]} is {values[off[0]]:.2g}, but about "
                f"{right[off[0]]:.2g} was expected: delta_sizes(...)[0] / delta_sizes(...)[-1] "
                "of forward_deep(X, start(depth), activation), with the seed that start has."
            )


def _factors() -> FloatValues:
    """By what each further sigmoid layer divides delta of layer 1."""
    curve = _ratios()["sigmoid"]
    return curve[:-1] / curve[1:]


def _judge_factor(factor: float) -> None:
    relu_ratios = _ratios()["relu"]
    of_relu = float((relu_ratios[0] / relu_ratios[-1]) ** (1 / 6))
    lowest, highest = float(_factors().min()) - 0.05, float(_factors().max()) + 0.05
    if lowest < factor < highest:
        return
    if lowest < 1 / max(factor, 1e-9) < highest:
        raise NotYet(
            "factor_per_layer is the share that is left; asked is what divides it, above 1."
        )
    if abs(factor - of_relu) < 0.2:
        raise NotYet("factor_per_layer is the one of ReLU: take the sigmoid's.")
    if factor > 100:
        raise NotYet(
            f"factor_per_layer is {factor:.4g}, which is the loss over several layers: asked is "
            "what a single one divides by."
        )
    side = "large" if factor > highest else "small"
    raise NotYet(
        f"factor_per_layer is {factor:.3g}, which is too {side}: divide each sigmoid ratio by the "
        "next, and take a typical value."
    )


hint = hint_ladder(
    {
        1: (
            "A layer that turns d numbers into k has W of shape (d, k) and b of shape (1, k).",
            "itertools.pairwise([2, 4, 3, 2]) gives (2, 4), (4, 3), (3, 2): one pair a layer; "
            "enumerate(..., start=1) counts them. Forward, each layer reads what the one before "
            "gave.",
            'Lesson 4.1, "A third layer", has the formulas and the shapes.',
        ),
        2: (
            "Go from the end: first delta3, then delta2 from it, then delta1.",
            "delta2 = (delta3 @ W3.T) * (A2 > 0). The gradient of W is (what came in).T @ delta "
            "/ n, that of b is the mean of delta over the rows. A step: "
            "{name: params[name] - ... for name in params}.",
            'Lesson 4.1, "A third layer", has all six formulas.',
        ),
        3: (
            "z is above 0 half of the time. Which share of the mean square of z comes from the "
            "positive half, and what becomes of the negative half?",
            "The positive half keeps 1/2, the negative half keeps c squared times 1/2. Set the "
            "sum, times d s squared, to 1 and solve for s. np.where(Z > 0, Z, c * Z) is f(Z).",
            'Lesson 4.1, "How large should the first weights be?", derives it for c = 0.',
        ),
        4: (
            "Start with delta = outputs[-1] - y, and walk down: range(len(weights) - 1, 0, -1).",
            "In each step: delta = (delta @ weights[i].T) * slope, where the slope comes from "
            "outputs[i]: A * (1 - A) or A > 0. list.insert(0, size) puts a size in front. "
            "For the factor: ratio at depth L divided by the ratio at depth L + 1.",
            'Lesson 4.1, "Any number of layers", has the loop; "The product of slopes" says what '
            "to expect.",
        ),
    }
)  # fmt: skip
