"""The checks of part 3.2, activation functions."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotAttempted,
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
from course_lib.neural_network import relu, sigmoid, softmax

# Odd shapes, with zeros, ties, tiny and large values of both signs.
Z_ODD = np.array([[0.0, 1.5], [-2.0, 1e-9], [3.0, -0.25], [-2.0, -700.0], [40.0, 0.0]])
SCORES = np.array([[2.0, 1.0, 1.0, -3.0], [0.0, 4.0, -1.0, 0.5], [-2.0, -2.0, 0.0, -6.0]])
FAR = np.array([
    [1000.0, -1000.0, 999.0, 0.0],
    [-1000.0, -1001.0, -1000.0, -1003.0],
    [0.0, 0.0, 0.0, 0.0],
    [-745.0, -744.0, -746.0, -744.0],
    [3.0, 700.0, -50.0, 698.0],
])  # fmt: skip
# The largest score is not the first one, and not always 1000.
FAR_LATE = np.array([
    [0.0, 1000.0, -1000.0, 999.0],
    [-1000.0, 0.0, 1000.0, 5.0],
    [-5000.0, 3000.0, 2999.0, 0.0],
])  # fmt: skip
# Not a table of rows and columns; a tiny score, and a large one.
OTHER_SHAPES = (
    np.array([-2.0, 1e-300, 5.0]),
    np.array([[[-1.0, 1e6], [0.0, 2.0], [1e-300, -3.0]], [[4.0, 0.0], [-1e6, 1.0], [0.5, -0.5]]]),
)
_SILENCERS = {"errstate", "seterr", "simplefilter", "filterwarnings"}


@contextmanager
def _in_other_words(told: Mapping[str, str]) -> Generator[None]:
    """Where a general message says too little, say what helps in this exercise."""
    try:
        yield
    except NotYet as problem:
        for general, sentence in told.items():
            if general in str(problem):
                raise NotYet(sentence) from None
        raise


_IF = {
    "truth value of an array": "{} stopped: an if, or Python's max, looks at the whole array at "
    "once, but each entry needs a decision of its own. Which NumPy functions decide entry by "
    "entry?",
    "to a scalar index": "{} stopped: np.max takes the largest entry of one array. Which NumPy "
    "function compares two, entry by entry?",
}
_LOST = {
    "broadcast together": "{} stopped: the shapes do not fit. One number for each row should stand "
    "in a column of shape (n, 1): keepdims=True keeps that dimension."
}


def _told(name: str, messages: Mapping[str, str]) -> dict[str, str]:
    return {general: sentence.format(name) for general, sentence in messages.items()}


def _names_in(function: Callable[..., Any]) -> set[str]:
    return set(getattr(getattr(function, "__code__", None), "co_names", ()))


def _refuse_library(name: str, function: Callable[..., Any], library: Callable[..., Any]) -> None:
    known = library.__name__
    if function is library or known in _names_in(function):
        raise NotYet(f"{name} calls the library's {known}. Write it with NumPy alone.")


# --------------------------------------------------------------------- 1: ReLU and its slope


@exercise(1)
def exercise_1(rectify: object, passes: object, num_open: object) -> str:
    """``rectify(Z)``, ``passes(A)`` and a count on paper."""
    function = require_function("rectify", rectify)
    slope = require_function("passes", passes)
    _refuse_library("rectify", function, relu)
    A = np.maximum(0, Z_ODD)
    others = [True for answer in [is_started(slope, A), num_open is not ...] if answer]
    about = "on a trial with 5 rows of 2 columns"
    with _in_other_words(_told("rectify", _IF)):
        values = call("rectify", function, Z_ODD, also_answered=others)
    mistakes: dict[str, FloatValues | float] = {
        "That is the smaller of 0 and z; it should be the larger one.": np.minimum(0, Z_ODD),
        "Negative entries lost their sign; they should become 0.": np.abs(Z_ODD),
        "Those are the slopes, not the values.": np.where(Z_ODD > 0, 1.0, 0.0),
        "Nothing happened to the negative entries; they should become 0.": Z_ODD,
        "That is the sigmoid.": sigmoid(Z_ODD),
        "Large values are cut off; ReLU has no upper end.": np.clip(Z_ODD, 0, 1),
    }
    answer = require_array(f"rectify {about}", values, Z_ODD.shape)
    require_close(f"rectify {about}", answer, A, mistakes)
    _require_tiny("rectify", answer)
    _judge_passes(slope, A, about)
    for Z in OTHER_SHAPES:
        _require_entries("rectify", function, Z, np.maximum(0, Z))
        _require_entries("passes", slope, np.maximum(0, Z), np.where(Z > 0, 1.0, 0.0))
    count = require_number("num_open", num_open, right_so_far="Your code")
    told: dict[str, FloatValues | float] = {
        "Seven entries block, or pass if the two zeros are counted: but at exactly 0 the slope is "
        "0. Count those above 0.": 7.0,
        "One entry is tiny, but it is above 0.": 4.0,
        "It should be a count, not a share.": 5 / 12,
        "Those are all entries; of a 4x3, some block.": 12.0,
    }
    require_close("num_open", count, 5.0, told, 1e-9, "Count the entries above 0.", False)
    return (
        "The slope can be read off the answer alone: it is 1 exactly where the answer is above 0. "
        "So a network may forget its scores and keep what ReLU made of them."
    )


def _judge_passes(slope: Callable[..., Any], A: FloatValues, about: str) -> None:
    with _in_other_words(_told("passes", _IF)):
        result = call("passes", slope, A, right_so_far="rectify")
    if np.shape(result) == (4, 3):
        raise NotYet("passes should use its argument A, not the Z of the notebook.")
    expected = np.where(A > 0, 1.0, 0.0)
    mistakes = {
        "ReLU never answers below 0, so A >= 0 is true everywhere, and each unit that is off "
        "gets a slope of 1.": np.ones_like(A),
        "Those are the answers themselves: how much do they rise when the score rises by 1?": A,
        "Open and blocked are swapped.": 1 - expected,
        "That is the slope of the sigmoid, a (1 - a).": A * (1 - A),
        "At 0, take the slope 0, not one half.": np.where(A > 0, 1.0, 0.5),
        "On the left the curve is flat: its slope is 0, not -1.": np.where(A > 0, 1.0, -1.0),
        "One answer is tiny, but above 0: its slope is 1.": np.where(A > 1e-6, 1.0, 0.0),
    }
    answer = require_array(f"passes {about}", result, A.shape)
    require_close(f"passes {about}", answer, expected, mistakes)


def _require_entries(
    name: str, function: Callable[..., Any], values: FloatValues, expected: FloatValues
) -> None:
    """Entry by entry, in any shape: a tiny value counts as much as a large one."""
    shape = values.shape
    try:
        result = call(name, function, values)
    except NotYet as problem:
        raise NotYet(f"A table is right, but not an array of shape {shape}. {problem}") from None
    about = f"{name}, for an array of shape {shape},"
    answer = require_array(about, result, shape)
    for index in np.ndindex(*shape):
        if abs(answer[index] - expected[index]) > 1e-6 * expected[index]:
            raise NotYet(
                f"{about} makes {answer[index]:g} of {values[index]:g}; it should be "
                f"{expected[index]:g}. However tiny or large, a number above 0 is above 0."
            )


def _require_tiny(name: str, answer: FloatValues) -> None:
    if not 0.5e-9 < answer[1, 1] < 2e-9:
        raise NotYet(f"{name} makes {answer[1, 1]:g} of a score of 1e-9, which is above 0.")


# ----------------------------------------------------------------- 2: softmax and temperature


def _softmax_mistakes(Z: FloatValues, T: float) -> Mapping[str, FloatValues | float]:
    powers = np.exp(Z / T)
    shifted = Z - Z.max(axis=1, keepdims=True)
    return {
        "All entries of the table together add up to 1: each row should.": powers / powers.sum(),
        "The answer does not depend on T: it is not used, or it cancels above and below. Divide "
        "the scores by it, inside the power.": softmax(Z),
        "The scores are multiplied by T; they should be divided by it.": softmax(Z * T),
        "T divides the probabilities. Divide the scores, before the powers.": softmax(Z) / T,
        "The powers are not divided by their sum.": powers,
        "Each row is divided by its largest power: divide by the sum of the powers.": np.exp(
            shifted / T
        ),
        "The sign is turned around: the largest score should get most.": softmax(-Z / T),
        "The scores themselves are divided by their sum: the powers of e are missing.": Z
        / np.where(Z.sum(axis=1, keepdims=True) == 0, 1, Z.sum(axis=1, keepdims=True)),
        "That is a sigmoid of each score: compare the scores of a row.": sigmoid(Z / T),
    }


def _refuse_columns(name: str, answer: FloatValues) -> None:
    if np.allclose(answer.sum(axis=0), 1) and not np.allclose(answer.sum(axis=1), 1):
        raise NotYet(
            f"{name} is wrong. It compares the rows with each other: the columns add up to 1, the "
            "rows do not."
        )


@exercise(2)
def exercise_2(softmax_at: object, T_75: object) -> str:
    """``softmax_at(Z, T)``, and the temperature at which scores 3 and 0 give 0.75."""
    function = require_function("softmax_at", softmax_at)
    _refuse_library("softmax_at", function, softmax)
    for Z, T in ((SCORES, 2.5), (SCORES[:, :3], 0.5), (SCORES[:2], 1.0)):
        about = f"softmax_at(Z, {T:g}), for Z of shape {Z.shape},"
        with _in_other_words(_told("softmax_at", _LOST)):
            result = call("softmax_at", function, Z, T, also_answered=[T_75])
        answer = require_array(about, result, Z.shape)
        _refuse_columns(about, answer)
        require_close(about, answer, softmax(Z / T), _softmax_mistakes(Z, T))
    _judge_cold(function)
    number = require_number("T_75", T_75, right_so_far="softmax_at")
    if number <= 0 and abs(number + 3 / np.log(3)) > 0.02:
        raise NotYet(f"T_75 is {number:g}, but a temperature is above 0.")
    if 0.0001 < abs(number - 3 / np.log(3)) < 0.02:
        raise NotYet("T_75 is nearly right. Let Python compute it, and do not round.")
    told = {
        "That is what the sigmoid gets, 3/T. Now find the T.": float(np.log(3)),
        "That is 1/T: turn it over.": float(np.log(3) / 3),
        "The sigmoid is missing: sigmoid(3/T) = 0.75, not 3/T = 0.75.": 4.0,
        "That is 3 times 0.75. The sigmoid is missing: sigmoid(3/T) = 0.75.": 2.25,
        "The difference of the scores is 3; you have taken 1.": float(1 / np.log(3)),
        "There the first class gets 0.25: mind the sign.": float(-3 / np.log(3)),
        "At T = 3 it gets sigmoid(1), which is 0.7311: near, but not it.": 3.0,
        "The odds are 0.75 to 0.25, not 0.75 to 1.": float(3 / np.log(4 / 3)),
        "The odds are 3 to 1, not 4 to 1.": float(3 / np.log(4)),
        "np.log is the natural logarithm; log10 is the one to base 10.": float(3 / np.log10(3)),
    }
    advice = "Two classes give sigmoid of the difference of their scores, here 3/T."
    require_close("T_75", number, float(3 / np.log(3)), told, 5e-5, advice, give_away=False)
    return (
        "0.75 is three to one, so the powers of e must differ by a factor of 3: 3/T = ln 3. The "
        "temperature says how large a difference of scores has to be to count."
    )


def _judge_cold(function: Callable[..., Any]) -> None:
    """At a low temperature the plain formula overflows."""
    T = 0.005
    about = f"softmax_at(Z, {T:g}), for Z of shape {SCORES.shape},"
    answer = _as_numbers(about, call("softmax_at", function, SCORES, T), SCORES.shape)
    if not np.isfinite(answer).all():
        raise NotYet(
            f"{about} is not finite: divided by T the largest score is {SCORES.max() / T:g}, and "
            "its power overflows. The lesson's softmax takes something off each row first."
        )
    advice = "At higher temperatures it is right: is every T used as it is?"
    require_close(about, answer, softmax(SCORES / T), advice=advice)


# ------------------------------------------------------------------------ 3: zeros and means

# Two dead units, units with a single answer (one tiny, to the last input), a row of zeros.
COUNTED = np.array([
    [0.0, 2.0, 0.0, 1.5, 0.0, 0.25, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 1e-9, 0.0, 0.0, 7.0, 0.5, 0.0],
    [0.0, 3.0, 0.0, 0.0, 0.0, 1.0, 1e-9],
])  # fmt: skip
MANY_INPUTS = 2000


@exercise(3)
def exercise_3(predicted: object, measured: object) -> str:
    """``predicted(a, b) -> (share, mean)`` and ``measured(A) -> (share, mean, dead)``."""
    formula = require_function("predicted", predicted)
    count = require_function("measured", measured)
    formula, count = _with_parts(formula, 2), _with_parts(count, 3)
    others = [True] if is_started(count, COUNTED, parts=3) else []
    for a, b in ((3.0, 1.5), (0.5, 2.0), (0.0, 4.0), (7.0, 7.0)):
        about = f"of predicted({a:g}, {b:g})"
        share, mean = call("predicted", formula, a, b, parts=2, also_answered=others)
        told = {
            "That is the share above 0.": b / (a + b),
            "A share is never negative: from -a to 0 the way is a long.": -a / (a + b),
            "The way from -a to b is a + b long, not b - a.": a / (b - a) if a != b else -1.0,
            "That is a by b; divide by the whole way, from -a to b.": a / b,
            "It depends on a and b: one half is the answer for a = b alone.": 0.5,
            "The two are swapped: return the share first, then the mean.": b * b / (2 * (a + b)),
            "It should be a share between 0 and 1, not percent.": 100 * a / (a + b),
        }
        name = f"The first number (the share of zeros) {about}"
        require_close(name, require_number(name, share), a / (a + b), told, give_away=False)
        told = {
            "That is the mean of the scores, before the ReLU.": (b - a) / 2,
            "That is the mean of the answers above 0: the zeros count too.": b / 2,
            "The answers above 0 have the mean b/2: a factor of one half is missing.": b
            * b
            / (a + b),
            "That is the share above 0; multiply it by the mean of these answers.": b / (a + b),
            "The zeros have the share a/(a + b), but here the others count.": a / (a + b) * b / 2,
        }
        name = f"The second number (the mean) {about}"
        expected = b * b / (2 * (a + b))
        require_close(name, require_number(name, mean), expected, told, give_away=False)
    _judge_measured(count)
    return (
        "Formula and count agree up to chance. With a = b it is one half, as on random weights; a "
        "bias that moves the scores down makes a larger, and with it the share of zeros."
    )


def _with_parts(function: Callable[..., Any], parts: int) -> Callable[..., Any]:
    """The same function; an array of so many numbers counts as so many values."""

    @wraps(function)
    def run(*arguments: Any) -> Any:
        result = function(*arguments)
        is_array = getattr(result, "shape", None) == (parts,)
        return list(result) if is_array else result

    return run


def _judge_measured(function: Callable[..., Any]) -> None:
    zero = np.equal(COUNTED, 0)
    about = "on a trial with 4 inputs and 7 units"
    results = call("measured", function, COUNTED, parts=3, right_so_far="predicted")
    share, mean, dead = (
        require_number(f"{name} {about}", result)
        for name, result in zip(("share_of_zeros", "mean", "num_dead"), results, strict=True)
    )
    told: dict[str, FloatValues | float] = {
        "That is the share of the answers above 0.": float(np.mean(~zero)),
        "That is the number of zeros: divide by the number of entries.": float(zero.sum()),
        "It is divided by the number of inputs: divide by the number of entries.": zero.sum() / 4,
        "It is divided by the number of units: divide by the number of entries.": zero.sum() / 7,
        "A tiny answer is not 0: count A == 0.": float(np.mean(COUNTED < 1e-6)),
        "A ReLU answers exactly 0 or more, so nothing is below 0: count A == 0.": 0.0,
        "A ReLU never answers below 0: A >= 0 is true everywhere.": 1.0,
    }
    require_close(f"share_of_zeros {about}", share, float(np.mean(zero)), told)
    told = {
        "That is the sum: take the mean.": float(COUNTED.sum()),
        "That is the mean of the answers above 0: the zeros count too.": float(
            COUNTED[~zero].mean()
        ),
    }
    require_close(f"mean {about}", mean, float(COUNTED.mean()), told)
    told = {
        "That is the number of inputs for which all units are 0. A unit is a column: look along "
        "axis 0.": float(np.all(zero, axis=1).sum()),
        "That counts the units that are 0 for some input: a dead one is 0 for every input.": float(
            np.any(zero, axis=0).sum()
        ),
        "That is the share of dead units: their number is asked for.": float(
            np.all(zero, axis=0).mean()
        ),
        "One unit answers to a single input, and tiny: it is not dead.": 3.0,
        "That is the number of units that are alive.": float(np.any(~zero, axis=0).sum()),
        "That is the number of zeros. A dead unit is 0 in its whole column.": float(zero.sum()),
    }
    require_close(f"num_dead {about}", dead, float(np.all(zero, axis=0).sum()), told)
    many = np.zeros((MANY_INPUTS, 3))
    many[:, 1], many[-2, 2] = 1.0, 0.5
    name = f"num_dead on a trial with {MANY_INPUTS} inputs and 3 units"
    dead = require_number(name, call("measured", function, many, parts=3)[2])
    told = {f"A unit that answers to one input of {MANY_INPUTS} is not dead.": 2.0}
    require_close(name, dead, 1.0, told)


# --------------------------------------------------------------------------- 4: far scores


@exercise(4)
def exercise_4(safe_softmax: object, log_softmax: object) -> str:
    """``safe_softmax(Z)`` and ``log_softmax(Z)`` of rows of +-1000."""
    function = require_function("safe_softmax", safe_softmax)
    logarithm = require_function("log_softmax", log_softmax)
    _refuse_library("safe_softmax", function, softmax)
    others = [True] if is_started(logarithm, FAR) else []
    result, faults = _listen("safe_softmax", function, FAR, others)
    _judge_far_softmax(FAR, result, faults)
    _require_quiet("safe_softmax", function, faults)
    _judge_far_softmax(FAR_LATE, *_listen("safe_softmax", function, FAR_LATE))
    for Z in (FAR[1:3], FAR[:, :3]):
        part, _ = _listen("safe_softmax", function, Z)
        name = f"safe_softmax, for Z of shape {Z.shape},"
        require_close(name, require_array(name, part, Z.shape), softmax(Z))
    try:
        result, faults = _listen("log_softmax", logarithm, FAR)
    except NotAttempted:
        raise NotYet("safe_softmax is right. log_softmax is still missing.") from None
    _judge_log(FAR, result)
    _require_quiet("log_softmax", logarithm, faults)
    _judge_log(FAR_LATE, _listen("log_softmax", logarithm, FAR_LATE)[0])
    part, _ = _listen("log_softmax", logarithm, SCORES)
    name = f"log_softmax, for Z of shape {SCORES.shape},"
    answer = require_array(name, part, SCORES.shape)
    require_close(name, answer, np.log(softmax(SCORES)))
    return (
        "Each row has a maximum of its own. And the logarithm of a probability that is stored as 0 "
        "is still an ordinary number, as long as nobody takes the power first."
    )


def _listen(
    name: str, function: Callable[..., Any], Z: FloatValues, others: list[Any] | None = None
) -> tuple[Any, list[str]]:
    """Call it, and note what NumPy would warn of."""
    faults: list[str] = []

    def note(fault: str, _flag: int) -> None:
        faults.append(fault)

    listening = np.errstate(over="call", invalid="call", divide="call", under="ignore", call=note)
    with listening, _in_other_words(_told(name, _LOST)):
        result = call(name, function, Z, also_answered=others or [])
    return result, faults


def _require_quiet(name: str, function: Callable[..., Any], faults: list[str]) -> None:
    if _names_in(function) & _SILENCERS:
        raise NotYet(
            f"{name} gives the right values, but it silences NumPy, and an overflow that nobody "
            "hears is still one. Do without np.errstate and its like."
        )
    if faults:
        what = "overflow" if "overflow" in faults else f"operation that fails ({faults[0]})"
        raise NotYet(
            f"{name} gives the right values, but there is an {what} on the way. Subtract the "
            "largest score of the row before you take the power."
        )


def _as_numbers(name: str, result: object, shape: tuple[int, ...]) -> FloatValues:
    """The learner's array of the right shape, finite or not."""
    try:
        answer = np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError):
        answer = np.zeros(0)
    return answer if answer.shape == shape else require_array(name, result, shape)


def _plain(Z: FloatValues) -> FloatValues:
    """Softmax as the formula stands, not a number where it fails."""
    with np.errstate(all="ignore"):
        powers = np.exp(Z)
        return powers / powers.sum(axis=1, keepdims=True)


def _refuse_not_a_number(about: str, Z: FloatValues, answer: FloatValues, heard: list[str]) -> None:
    lost = np.flatnonzero(np.isnan(answer).any(axis=1))
    if not len(lost):
        return
    largest = Z.max(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        ratios = _plain(Z / largest)
    if np.allclose(answer, ratios, equal_nan=True):
        raise NotYet(
            f"{about} is not a number in row {lost[0]}. You divide by the maximum: that changes "
            "the differences, and fails where it is 0. Subtract it."
        )
    if np.allclose(answer, _plain(Z - Z[:, :1]), equal_nan=True) and Z is FAR_LATE:
        raise NotYet(
            f"{about} is not a number in row {lost[0]}: the first score of a row is not always the "
            "largest."
        )
    if "overflow" in heard:
        row = int(lost[np.argmax(largest[lost, 0])])
        raise NotYet(
            f"{about} is not a number in row {row}, the one with {largest[row, 0]:g}: a power "
            "overflows, since what stands in it is still far above 0. Which number may be added "
            "to all scores of a row, so that none is above 0?"
        )
    row = int(lost[0])
    reason = "all its powers are 0, and it divides 0 by 0" if heard else "a power or a sum fails"
    raise NotYet(
        f"{about} is not a number in row {row}, the one with {Z[row, 0]:g}: {reason}. Each row "
        "needs its own maximum."
    )


def _judge_far_softmax(Z: FloatValues, result: object, heard: list[str]) -> None:
    about = f"safe_softmax, for Z of shape {Z.shape},"
    answer = _as_numbers(about, result, Z.shape)
    _refuse_not_a_number(about, Z, answer, heard)
    answer = require_array(about, answer, Z.shape)
    columns = softmax(Z.T).T
    empty = np.flatnonzero(np.all(answer == 0, axis=1))
    if len(empty) and not np.allclose(answer, columns):
        row = int(empty[0])
        raise NotYet(
            f"{about} gives zeros alone in row {row}, the one with {Z[row, 0]:g}. Each row needs "
            "its own maximum, and its sum should be 1."
        )
    _refuse_columns(about, answer)
    shifted = Z - Z.max(axis=1, keepdims=True)
    mistakes = {
        "Scores are cut off at 700, so that 1000 and 999 become equal. Shift the row instead, "
        "which keeps the differences.": softmax(np.clip(Z, -700, 700)),
        "The scores are divided by 1000. That is a temperature: it changes their differences, and "
        "with them the answer.": softmax(Z / 1000),
        "The powers are not divided by their sum.": np.exp(shifted),
        "Those are the logarithms.": _log_softmax(Z),
    }
    require_close(about, answer, softmax(Z), mistakes)


def _log_softmax(Z: FloatValues) -> FloatValues:
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _judge_log(Z: FloatValues, result: object) -> None:
    about = f"log_softmax, for Z of shape {Z.shape},"
    answer = _as_numbers(about, result, Z.shape)
    overflowed = np.isneginf(answer) & (softmax(Z) > 0)
    if np.isneginf(answer).any() and not overflowed.any():
        place = tuple(int(i) for i in np.argwhere(np.isneginf(answer))[0])
        raise NotYet(
            f"{about} is minus infinity at index {place}: there the probability is stored as 0. "
            "Do not take the logarithm of a probability; the logarithm of the fraction is a "
            "difference, in which ln and exp of one score cancel."
        )
    if not np.isfinite(answer).all():
        raise NotYet(
            f"{about} is not finite: a power overflows, or a sum of powers is 0. Shift each row "
            "by its maximum first, as in safe_softmax."
        )
    answer = require_array(about, answer, Z.shape)
    shifted = Z - Z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    right = shifted - np.log(total)
    mistakes = {
        "The sum is subtracted; it should be its logarithm.": shifted - total,
        "The logarithm of the sum is missing.": shifted,
        "The sign is turned around: the logarithm of a probability is never above 0.": -right,
        "Those are the probabilities: their logarithm is asked for.": softmax(Z),
        "The logarithm of the sum is added; a fraction becomes a difference.": shifted
        + np.log(total),
        "The maximum is taken off inside the sum, but not from z in front of it.": Z
        - np.log(total),
        "np.log is the natural logarithm; log10 and log2 are others.": right / np.log(10),
    }
    lifted = np.abs(answer - right) > 1
    if np.any(lifted) and np.all(right[lifted] < -20) and np.all(answer[lifted] <= -5):
        worst = np.unravel_index(int(np.argmax(np.abs(answer - right))), right.shape)
        place = tuple(int(i) for i in worst)
        raise NotYet(
            f"{about} should be {right[worst]:.6g} at index {place}, but it is "
            f"{answer[worst]:.6g}. A floor below the probability hides the infinity and gives "
            "another number: take the logarithm of the fraction on paper."
        )
    require_close(about, answer, right, mistakes, 1e-9)


hint = hint_ladder(
    {
        1: (
            "np.maximum compares two values entry by entry. For the slope, ask what A can be where "
            "the score was below 0, and what where it was above.",
            "np.maximum(0, Z), and np.where(A > 0, 1.0, 0.0). On paper: count the scores above 0; "
            "a tiny one counts, a 0 does not.",
            'Lesson 3.2, "Three activations", has the convention at 0; "Break it on purpose" has '
            "the slope from the answers.",
        ),
        2: (
            "Three steps: divide the scores by T, take the powers, divide each by the sum of its "
            "row. keepdims=True keeps the sums in a column.",
            "S = Z / T, then powers = np.exp(S - S.max(axis=1, keepdims=True)), then powers / "
            "powers.sum(axis=1, keepdims=True). For T_75: "
            "sigmoid(3 / T) = 0.75, and 1 / (1 + e^-u) = 0.75 means e^u = 3.",
            'Lesson 3.2, "Experiment", has the temperature; "Three properties" has two classes.',
        ),
        3: (
            "The whole way from -a to b has the length a + b. Draw it, and mark the 0. For "
            "measured, a comparison such as A == 0 makes an array of True and False, and its mean "
            "is a share.",
            "Below 0 the way is a long, above 0 b long: divide each by the whole. The answers "
            "above 0 have the mean b / 2, the zeros add nothing. A unit is a column: "
            "np.all(A == 0, axis=0) says which are dead.",
            'Lesson 3.2, "On real data: a layer of a thousand units", counts zeros and dead units.',
        ),
        4: (
            "A number may be added to all scores of a row. A maximum for each row is "
            "Z.max(axis=1, keepdims=True); Z.max() is one for all rows.",
            "With s = Z - maximum, the probability is e^s divided by the sum of all e^s. Its "
            "logarithm is ln(e^s) minus ln of the sum, and ln(e^s) is s.",
            'Lesson 3.2, "Build it", subtracts the maximum; "A right formula that fails" has the '
            "reason.",
        ),
    }
)
