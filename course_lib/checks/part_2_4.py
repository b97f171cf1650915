"""The checks of part 2.4, debugging with numerical gradients."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotAttempted,
    NotYet,
    call,
    exercise,
    hint_ladder,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.neural_network import (
    FloatArray,
    LossFunction,
    Parameters,
    binary_cross_entropy,
    mse_loss,
    numerical_gradient,
    relative_error,
    sigmoid,
)

STEPS = [float(f"1e-{k}") for k in range(1, 13)]


@contextmanager
def _in_place_of(general: str, sentence: str) -> Generator[None]:
    """Where a general message says too little, say what helps in this exercise."""
    try:
        yield
    except NotYet as problem:
        if general in str(problem):
            raise NotYet(sentence) from None
        raise


# ------------------------------------------------------------------- 1: central difference

_CUBE_FACTORS = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
_CUBE_AT = np.array([[1.0, 0.0, -2.0], [0.5, 1.5, 0.0]])


def _cubes(w: FloatValues) -> float:
    """Cubes, so that the step shows in the slope, and products, so that entries depend on each
    other."""
    return float(np.sum(_CUBE_FACTORS * w**3) + w.flat[0] * w.flat[-1] + 2 * w.flat[1] * w.flat[2])


def _slopes_of_cubes(w: FloatValues, h: float, kind: str = "central") -> FloatValues:
    """Exercise 1 done right, or with one of the mistakes that are easily made."""
    slopes = np.zeros(w.shape)
    moved = w.copy()
    for place in np.ndindex(w.shape):
        step = np.zeros(w.shape)
        step[place] = h
        above, here, below = _cubes(w + step), _cubes(w), _cubes(w - step)
        if kind == "not put back":
            moved[place] += h
            above = _cubes(moved)
            moved[place] -= 2 * h
            below = _cubes(moved)
        if kind == "rows":
            step[place[0]] = h
            above, below = _cubes(w + step), _cubes(w - step)
        slopes[place] = {
            "forward": (above - here) / h,
            "backward": (here - below) / h,
            "by h": (above - below) / h,
            "no brackets": (above - below) / 2 * h,
            "not divided": above - below,
            "sign": (below - above) / (2 * h),
            "all at once": (_cubes(w + h) - _cubes(w - h)) / (2 * h),
        }.get(kind, (above - below) / (2 * h))
    return slopes


_SLOPE_MISTAKES = {
    "forward": "That is the forward difference: step to both sides of w.",
    "backward": "That is the backward difference: step to both sides of w.",
    "by h": "It is twice as large: from w - h to w + h the way is 2 h.",
    "no brackets": "Python reads / 2 * h as (... / 2) * h: write / (2 * h).",
    "not divided": "That is the change of f: divide it by the way, 2 h.",
    "sign": "The sign is turned around: f above minus f below.",
    "all at once": "All entries move at once: move one, and leave the others where they are.",
    "rows": "A whole row moves at once: loop over np.ndindex(w.shape), which counts entries.",
    "not put back": "An entry stays moved while the next one is measured: put it back.",
}


_CHANGED_W = (
    "measured_slopes changed its argument w. Step on a copy (w.copy()), or keep the old value and "
    "put it back; adding h again is not exact."
)


@exercise(1)
def exercise_1(measured_slopes: object, slope_W: object, slope_b: object) -> str:
    """``measured_slopes(f, w, h) -> array like w``, and two slopes by the formula."""
    function = require_function("measured_slopes", measured_slopes)
    for h in (0.1, 0.25):
        about = f"measured_slopes on a trial of shape (2, 3) with h = {h:g}"
        answered = [slope_W, slope_b]
        trial = (_cubes, _CUBE_AT, h)
        with _in_place_of("changed its argument w", _CHANGED_W):
            answer = call("measured_slopes", function, *trial, also_answered=answered)
        slopes = require_array(about, answer, _CUBE_AT.shape)
        told = {text: _slopes_of_cubes(_CUBE_AT, h, kind) for kind, text in _SLOPE_MISTAKES.items()}
        told["The step is always the same: use the argument h."] = _slopes_of_cubes(_CUBE_AT, 1e-4)
        require_close(about, slopes, _slopes_of_cubes(_CUBE_AT, h), told)
    for name, given, right in (("slope_W", slope_W, -4.0), ("slope_b", slope_b, -2.5)):
        number = require_number(name, given, right_so_far="measured_slopes")
        mistakes = {
            "That is the formula of part 2.2: the 2 of the square is missing.": right / 2,
            "That is the sum over the two points: take the mean.": 2 * right,
            "The sign is turned around: the error is prediction minus target.": -right,
        }
        if name == "slope_b":
            mistakes["That is the slope for W; along b, the error is not multiplied by x."] = -4.0
        require_close(
            name,
            number,
            right,
            mistakes,
            1e-4,
            "The errors are -1 and -1.5; the formula is in the lesson.",
            give_away=False,
        )
    return (
        "Formula and measurement agree: -4 and -2.5. The formula of part 2.2 would give half of "
        "both; the measurement does not know of any agreement about the 2."
    )


# ------------------------------------------------------------- 2: central against forward


def _typical_errors(
    f: Callable[[FloatArray], FloatArray],
    slope: Callable[[FloatArray], FloatArray],
    w: FloatValues,
    steps: list[float],
    kind: str = "",
) -> tuple[FloatValues, FloatValues]:
    """Exercise 2 done right, or with one of the mistakes that are easily made."""
    central: list[float] = []
    forward: list[float] = []
    for h in steps:
        way = h if kind == "by h" else 2 * h
        both = (f(w + h) - f(w - h)) / way - slope(w)
        ahead = (f(w + h) - f(w)) / h - slope(w)
        for errors, error in ((central, both), (forward, ahead)):
            size = {
                "signed": float(np.mean(error)),
                "sum": float(np.sum(np.abs(error))),
                "largest": float(np.max(np.abs(error))),
                "square": float(np.mean(error**2)),
                "root": float(np.sqrt(np.mean(error**2))),
            }.get(kind, float(np.mean(np.abs(error))))
            errors.append(abs(size) if kind == "size of mean" else size)
    if kind == "size of mean":
        signed = _typical_errors(f, slope, w, steps, "signed")
        return np.abs(signed[0]), np.abs(signed[1])
    return (np.array(forward), np.array(central)) if kind == "swapped" else (
        np.array(central), np.array(forward)
    )  # fmt: skip


_ERROR_MISTAKES = {
    "swapped": "Central and forward errors are swapped: return the central ones first.",
    "by h": "The way from w - h to w + h is 2 h: divide by (2 * h).",
    "signed": "Errors of both signs cancel: take np.abs before the mean.",
    "size of mean": "Errors of both signs cancel: take np.abs before the mean, not after it.",
    "sum": "That is the sum over the weights: take the mean.",
    "largest": "That is the largest error: take the mean of their sizes.",
    "square": "That is the mean square: take the mean of the sizes, np.abs.",
    "root": "That is the root of the mean square: here, take the mean of the sizes, np.abs.",
}


def _cube(w: FloatArray) -> FloatArray:
    return w**3 - w**4 / 4


def _slope_of_cube(w: FloatArray) -> FloatArray:
    return 3 * w**2 - w**3


def _cross_entropy_of_w(w: FloatArray) -> FloatArray:
    return -np.log(sigmoid(-3 * w))


def _slope_of_w(w: FloatArray) -> FloatArray:
    return 3 * sigmoid(3 * w)


@cache
def _errors_in_the_notebook() -> dict[str, FloatValues]:
    found = _typical_errors(_cross_entropy_of_w, _slope_of_w, np.linspace(-2, 2, 20_000), STEPS)
    return dict(zip(("best_central", "best_forward"), found, strict=True))


@exercise(2)
def exercise_2(typical_errors: object, best_central: object, best_forward: object) -> str:
    """``typical_errors(f, slope, w, steps) -> (central, forward)``, and the best steps."""
    function = require_function("typical_errors", typical_errors)
    trial = (_cube, _slope_of_cube, np.array([-2.0, -0.5, 0.0, 0.0, 8.0]), [0.5, 0.2, 0.125])
    answered = [best_central, best_forward]
    answer = call("typical_errors", function, *trial, parts=2, also_answered=answered)
    expected = _typical_errors(*trial)
    told = {kind: _typical_errors(*trial, kind) for kind in _ERROR_MISTAKES}
    for number, name in enumerate(("central", "forward")):
        about = f"the list of {name} errors on a trial with 5 weights and 3 steps"
        errors = require_array(about, answer[number], (3,))
        mistakes = {text: told[kind][number] for kind, text in _ERROR_MISTAKES.items()}
        require_close(about, errors, expected[number], mistakes)
    for name, given in (("best_central", best_central), ("best_forward", best_forward)):
        _judge_step(name, require_number(name, given, right_so_far="typical_errors"))
    least = {name: float(errors.min()) for name, errors in _errors_in_the_notebook().items()}
    times = least["best_forward"] / least["best_central"]
    return (
        "The forward difference needs a far smaller step, because it cuts off more; but there "
        f"rounding is larger, so at their best it is off {10 ** round(np.log10(times)):,} times "
        "as far as the central one (to the nearest power of ten). With x = 3, both best steps are "
        "about three times smaller: little, beside steps that differ tenfold."
    )


def _judge_step(name: str, step: float) -> None:
    """Where two steps are nearly as good, rounding on the learner's machine decides: take both."""
    errors = _errors_in_the_notebook()[name]
    places = [place for place, h in enumerate(STEPS) if np.isclose(step, h, rtol=1e-3, atol=0)]
    if not places:
        raise NotYet(
            f"{name} should be one of the steps from 1e-1 to 1e-12, but it is {step:g}. Give the "
            "step itself, not its place in the list and not its error."
        )
    best = int(errors.argmin())
    if errors[places[0]] > 2.5 * errors[best]:
        side, rules = ("large", "truncation") if places[0] < best else ("small", "rounding")
        raise NotYet(
            f"{name} = {step:g} is too {side}: there {rules} rules. Look for the lowest point of "
            f"the {'central' if name == 'best_central' else 'forward'} curve."
        )


# -------------------------------------------------------------------- 3: logistic regression


def _logistic(X: FloatArray, params: Parameters) -> FloatArray:
    return sigmoid(X @ params["W"] + params["b"])


def _odd_data() -> tuple[FloatValues, FloatValues, dict[str, FloatValues]]:
    """Inputs in which no two sizes agree, with a row of zeros and a large value."""
    X = np.random.default_rng(7).normal(size=(5, 3))
    X[1] = 0
    X[-1, 0] = 5
    y = np.array([[1.0], [0.0], [0.0], [1.0], [0.0]])
    return X, y, {"W": np.array([[0.5], [-1.0], [0.25]]), "b": np.array([[0.4]])}


def _as_gradient(
    name: str, answer: object, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, FloatValues] | None:
    """The learner's dictionary, once it has every name and shape; None if it is untouched."""
    if not isinstance(answer, dict):
        raise NotYet(
            f"{name} should return a dictionary with W and b, but what it returned is of type "
            f"{type(answer).__name__}."
        )
    gradient = cast(dict[str, Any], answer)
    for key in shapes:
        if key not in gradient:
            raise NotYet(f"{name} returned no {key!r}: return a value for each of W and b.")
    if all(gradient[key] is ... for key in shapes):
        return None
    for key in shapes:
        if gradient[key] is ...:
            raise NotYet(f"the {key!r} that {name} returns is still missing.")
    about = "on a trial with 5 rows of 3 columns"
    return {
        key: require_array(f"the {key!r} of {name} {about}", gradient[key], shape)
        for key, shape in shapes.items()
    }


def _call_for_dictionary(
    name: str, function: Callable[..., Any], *arguments: Any, also_answered: Sequence[object] = ()
) -> Any:
    told = f"{name} should return a dictionary with W and b, but it returned a tuple."
    with _in_place_of(f"{name} should return", told):
        return call(name, function, *arguments, also_answered=also_answered)


def _is_started(function: object, arguments: tuple[object, ...]) -> bool:
    """Whether somebody has worked on it: it stops, or returns more than a ``...`` for each."""
    if not callable(function):
        return function is not ...
    try:
        answer = call("", function, *arguments)
    except NotAttempted:
        return False
    except NotYet:
        return True
    values = list(cast(dict[str, Any], answer).values()) if isinstance(answer, dict) else [0]
    return not all(value is ... for value in values)


@exercise(3)
def exercise_3(logistic: object, bce_gradient: object, mse_gradient: object) -> str:
    """The forward pass, and the gradients of two losses, each ``{"W": ..., "b": ...}``."""
    forward = require_function("logistic", logistic)
    X, y, params = _odd_data()
    shapes = {"W": (3, 1), "b": (1, 1)}
    started = [fn for fn in (bce_gradient, mse_gradient) if _is_started(fn, (X, y, params))]
    A = call("logistic", forward, X, params, also_answered=started)
    about = "logistic on a trial with 5 rows of 3 columns"
    Z = X @ params["W"] + params["b"]
    right = sigmoid(Z)
    mistakes = {
        "The sigmoid is missing.": Z,
        "The bias is missing: sigmoid(XW + b).": sigmoid(X @ params["W"]),
        "The bias is added after the sigmoid.": sigmoid(X @ params["W"]) + params["b"],
    }
    require_close(about, require_array(about, A, (5, 1)), right, mistakes)

    error, curve = right - y, right * (1 - right)
    common = {
        "Its sign is turned around: the error is A - y.": -1.0,
        "It is the sum over the rows: divide by their number.": 5.0,
    }
    bce = {
        "That is the gradient of the squared error.": 2 * error * curve,
        "It has a factor A (1 - A) too many: the derivative of the loss with respect to A "
        "cancels it.": error * curve,
        "It has a factor of 2 that belongs to the squared error.": 2 * error,
        "The error is taken before the sigmoid: use A, not Z.": Z - y,
    }
    mse = {
        "The 2 of the square is missing; this time, write the whole gradient.": error * curve,
        "The slope of the sigmoid, A (1 - A), is missing.": 2 * error,
        "That is the gradient of the cross-entropy: here nothing cancels.": error,
        "The slope of the sigmoid is A (1 - A), not Z (1 - Z).": 2 * error * Z * (1 - Z),
        "The slope of the sigmoid is A (1 - A): the factor 1 - A is missing.": 2 * error * right,
        "The slope of the sigmoid is taken twice.": 2 * error * curve**2,
        "The sigmoid is taken twice: A is already sigmoid(z), its slope is A (1 - A).": (
            2 * error * sigmoid(right) * (1 - sigmoid(right))
        ),
    }
    losses: tuple[tuple[str, object, LossFunction, FloatValues, dict[str, FloatValues]], ...] = (
        ("bce_gradient", bce_gradient, binary_cross_entropy, error, bce),
        ("mse_gradient", mse_gradient, mse_loss, 2 * error * curve, mse),
    )
    so_far = "logistic"
    for name, answer, loss_fn, dZ, told in losses:
        function = require_function(name, answer)
        gradient = _as_gradient(name, _call_for_dictionary(name, function, X, y, params), shapes)
        if gradient is None:
            raise NotYet(f"{so_far} is right. {name} is still missing.")
        _judge_gradient(name, gradient, X, dZ, told, common)
        measured = numerical_gradient(X, y, params, loss_fn, _logistic)
        for key in shapes:
            require_close(f"the {key!r} of {name}", gradient[key], measured[key])
        so_far = name
    return (
        "Both gradients agree with the measured slopes. The squared error keeps the factor "
        "2 A (1 - A), which is never above 0.5: where the model is confident and "
        "wrong, it is nearly 0, and the model hardly learns. The cross-entropy does not have it."
    )


def _judge_gradient(
    name: str,
    gradient: dict[str, FloatValues],
    X: FloatValues,
    dZ: FloatValues,
    told: Mapping[str, FloatValues],
    common: Mapping[str, float],
) -> None:
    for key, inputs in (("W", X), ("b", np.ones((len(X), 1)))):
        right = inputs.T @ dZ / len(X)
        mistakes = {text: inputs.T @ wrong / len(X) for text, wrong in told.items()}
        mistakes |= {text: factor * right for text, factor in common.items()}
        advice = "Measure it with numerical_gradient, and look at the ratio of the two."
        require_close(f"the {key!r} of {name}", gradient[key], right, mistakes, 1e-6, advice)


# ------------------------------------------------------------------ 4: three wrong gradients


def planted_a(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    """A gradient of logistic regression, with a mistake in it: find out by measuring."""
    A = _logistic(X, params)
    return {"W": X.T @ (y - A) / len(X), "b": (A - y).mean(axis=0, keepdims=True)}


def planted_b(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    """A gradient of logistic regression, with a mistake in it: find out by measuring."""
    A = _logistic(X, params)
    return {"W": X.T @ (A - y) / len(X), "b": (A - y).sum(axis=0, keepdims=True)}


def planted_c(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    """A gradient of logistic regression, with a mistake in it: find out by measuring."""
    A = _logistic(X, params)
    return {"W": X @ (A - y) / len(X), "b": (A - y).mean(axis=0, keepdims=True)}


HOWS = ("transposed", "no mean", "sign", "factor 2")
_FOUND = {"found_a": ("W", "sign"), "found_b": ("b", "no mean"), "found_c": ("W", "transposed")}


def _doubled_W(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    error = _logistic(X, params) - y
    return {"W": 2 * X.T @ error / len(X), "b": error.mean(axis=0, keepdims=True)}


def _turned_b(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    error = _logistic(X, params) - y
    return {"W": X.T @ error / len(X), "b": -error.mean(axis=0, keepdims=True)}


def _of_the_squared_error(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    """Its relative errors depend on the data, unlike those of a factor."""
    A = _logistic(X, params)
    dZ = 2 * (A - y) * A * (1 - A)
    return {"W": X.T @ dZ / len(X), "b": dZ.mean(axis=0, keepdims=True)}


@exercise(4)
def exercise_4(errors_of: object, found_a: object, found_b: object, found_c: object) -> str:
    """``errors_of(X, y, params, gradient_fn) -> {name: error}``, and what is wrong in three."""
    function = require_function("errors_of", errors_of)
    found = {"found_a": found_a, "found_b": found_b, "found_c": found_c}
    X, y, params = _odd_data()
    for gradient_fn in (_doubled_W, _turned_b):
        touched = [answer for answer in found.values() if not _is_untouched(answer)]
        trial = (X, y, params, gradient_fn)
        answer = _call_for_dictionary("errors_of", function, *trial, also_answered=touched)
        _judge_errors(answer, *trial)
    trial = (X, y, params, _of_the_squared_error)
    answer = call("errors_of", function, *trial)
    if answer == call("errors_of", function, X[1:], y[1:], params, _of_the_squared_error):
        raise NotYet("errors_of does not use its own X, y and params: it ignores a change of them.")
    _judge_errors(answer, *trial)
    for name, given in found.items():
        _judge_found(name, given)
    return (
        "The relative error says which parameter, and the ratio to the measured gradient says "
        "how: -1 is a sign, 6 is the number of rows, and no fixed ratio is a wrong product."
    )


def _judge_errors(
    answer: object,
    X: FloatValues,
    y: FloatValues,
    params: dict[str, FloatValues],
    gradient_fn: Callable[[FloatArray, FloatArray, Parameters], Parameters],
) -> None:
    if not isinstance(answer, dict):
        raise NotYet(
            "errors_of should return a dictionary with W and b, but what it returned is of type "
            f"{type(answer).__name__}."
        )
    errors = cast(dict[str, Any], answer)
    gradient = gradient_fn(X, y, params)
    measured = numerical_gradient(X, y, params, binary_cross_entropy, _logistic)
    other_loss = numerical_gradient(X, y, params, mse_loss, _logistic)
    joined = relative_error(
        *(np.concatenate([g["W"].ravel(), g["b"].ravel()]) for g in (gradient, measured))
    )
    for name, slopes in measured.items():
        if name not in errors:
            raise NotYet(f"errors_of returned no {name!r}: return an error for each parameter.")
        difference = np.abs(gradient[name] - slopes)
        about = f"the error of {name!r}"
        expected = relative_error(gradient[name], slopes)
        mistakes = {
            "That is the difference itself: divide it by the size, as relative_error does.": float(
                difference.max()
            ),
            "It is divided by the measured gradient alone: relative_error takes the larger of "
            "the two.": float(difference.max() / np.abs(slopes).max()),
            "W and b are compared together: call relative_error for each.": joined,
            "It is measured on another loss: take binary_cross_entropy.": relative_error(
                gradient[name], other_loss[name]
            ),
        }
        number = require_number(about, errors[name])
        if max(number, expected) < 1e-6 and number >= 0:  # both say that the gradient is right
            continue
        require_close(about, number, expected, mistakes, 1e-5)


def _is_untouched(answer: object) -> bool:
    parts = cast(tuple[object, ...], answer) if isinstance(answer, (tuple, list)) else (answer,)
    return all(part is ... for part in parts)


def _judge_found(name: str, answer: object) -> None:
    if _is_untouched(answer):
        raise NotYet(f"errors_of is right. {name} is still missing.")
    form = f'{name} should be a pair such as ("b", "factor 2")'
    if not isinstance(answer, (tuple, list)):
        raise NotYet(f"{form}, but it is of type {type(answer).__name__}.")
    pair = list(cast(tuple[object, ...], answer))
    if len(pair) != 2 or pair[0] not in ("W", "b"):
        raise NotYet(f"{form}: the wrong parameter comes first, W or b.")
    which, how = pair
    if how not in HOWS:
        raise NotYet(f"{form}: the second is one of {', '.join(HOWS)}.")
    right_which, right_how = _FOUND[name]
    if which != right_which:
        raise NotYet(
            f"{name}: its {which!r} agrees with the measured one. Which of the two errors is not "
            "below 1e-6?"
        )
    if how != right_how:
        raise NotYet(f"{name}: {which!r} is the wrong one. {_HOW_NOT[cast(str, how)]}")


_HOW_NOT = {
    "transposed": "But divide it by the measured one: the ratio is always the same number, which "
    "a transposed product would not give.",
    "no mean": "But without the mean, it would be the measured one times 6, the number of rows.",
    "sign": "But with a wrong sign alone, it would be the measured one times -1.",
    "factor 2": "But with a factor 2, it would be twice or half the measured one.",
}


hint = hint_ladder(
    {
        1: (
            "Start from zeros in the shape of w. For each place, f is needed twice.",
            "step = np.zeros(w.shape); step[place] = h; then f(w + step) and f(w - step), and the "
            "way between them is 2 h. On paper: the errors are 2 - 3 = -1 and 3.5 - 5 = -1.5.",
            'Lesson 2.4, "Build it", has the loop; "Where the 2 comes from" has the formula.',
        ),
        2: (
            "f(w + h) works on all weights at once, so there is one loop, over the steps.",
            "error = (f(w + h) - f(w - h)) / (2 * h) - slope(w) is an array; "
            "np.mean(np.abs(error)) is its typical size. For the best step, np.argmin of the "
            "errors is the place in steps.",
            'Lesson 2.4, "Experiment", measures the errors; "Rounding" says why they grow again.',
        ),
        3: (
            "Each gradient is X.T @ dZ / n and the mean of dZ, where dZ is the slope along z.",
            "Cross-entropy: dZ = A - y. Squared error: the square gives 2 (A - y), the sigmoid "
            "gives A (1 - A); the chain rule multiplies them.",
            'Lesson 2.4, "Where the 2 comes from", has the chain rule for a line; lesson 2.3 has '
            "the slope of the sigmoid.",
        ),
        4: (
            "numerical_gradient gives a dictionary with the same names as gradient_fn does.",
            "errors = {name: relative_error(gradient[name], slopes[name]) for name in params}. "
            "Then print planted(...)[name] / slopes[name]: is it the same number everywhere?",
            'Lesson 2.4, "Three planted mistakes", reads such a table.',
        ),
    }
)  # fmt: skip
