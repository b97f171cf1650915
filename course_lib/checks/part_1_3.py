"""The checks of part 1.3, mathematical functions and activation basics."""

from collections.abc import Callable
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
from course_lib.neural_network import sigmoid

Z_TABLE = np.array([[0.0, 1.0, -1.0], [2.0, -0.5, 3.0]])
# Odd shapes, with zeros, ties, and values of both signs in every column.
Z_ODD = np.array([[0.0, 1.5], [-2.0, 0.0], [3.0, -0.25], [-2.0, -7.0], [0.5, 6.0]])
Z_FAR = np.array([[-1000.0, 40.0, 0.0], [1000.0, -40.0, 2.5], [-2.5, -600.0, 710.0]])
Z_FAR = np.vstack([Z_FAR, [[-710.0, 1e-9, -1.0]]])


def _require_digits(name: str, answer: FloatValues, want: FloatValues) -> None:
    """Refuse 2.718 for e, with which all entries are a little off."""
    if 1e-6 < np.max(np.abs(answer / want - 1)) < 0.05:
        raise NotYet(
            f"{name} is nearly right: the digits of e go on after 2.71828. np.exp knows them."
        )


def _is_of_notebook(function: Callable[..., Any]) -> bool:
    """Whether it returns the table of the notebook, whatever ``E`` it is given."""
    try:
        result = call("it", function, 2 * np.exp(Z_TABLE), np.zeros((1, 3)))
    except (NotAttempted, NotYet):
        return False
    return np.shape(result) == Z_TABLE.shape and np.allclose(result, np.exp(Z_TABLE))


@exercise(1)
def exercise_1(E: object, exp_shifted: object) -> str:
    """``E = exp(Z)`` of a 2 x 3, and ``exp_shifted(E, c) -> exp(Z + c)`` without ``Z``."""
    function = require_function("exp_shifted", exp_shifted)
    table_E = np.exp(Z_TABLE)
    if E is ... and is_started(function, table_E, np.zeros((1, 3))):
        raise NotYet("E is still missing: compute it first.")
    answer = require_array("E", E, (2, 3))
    mistakes = {
        "That is e times z. It should be e to the power z.": np.e * Z_TABLE,
        "That is e to the power -z: mind the sign.": np.exp(-Z_TABLE),
        "That is 2 to the power z: the base should be e.": 2**Z_TABLE,
        "That is 10 to the power z: the base should be e.": 10**Z_TABLE,
        "There is a 1 too few: np.expm1 is e^z - 1.": np.expm1(Z_TABLE),
    }
    _require_digits("E", answer, table_E)
    require_close("E", answer, table_E, mistakes)
    c = np.array([[0.5, -2.0]])
    odd_E = np.exp(Z_ODD)
    try:
        result = call("exp_shifted", function, odd_E, c)
    except NotAttempted:
        raise NotYet("E is right. exp_shifted is still missing.") from None
    except NotYet:
        if _is_of_notebook(function):
            raise NotYet(
                "exp_shifted uses the Z of the notebook. It is given E and c; work with these."
            ) from None
        raise
    about = "on a trial with 5 rows of 2 columns"
    shifted = require_array(f"exp_shifted {about}", result, (5, 2))
    told = {
        "It adds e^c. Adding in the power is multiplying outside of it.": odd_E + np.exp(c),
        "It adds c to e^z. But c is to be added to z, in the power.": odd_E + c,
        "It multiplies by c. The factor is a power of e.": odd_E * c,
        "E is e^z already, and you take its power once more.": np.exp(odd_E + c),
        "It multiplies the power by c; c is to be added to it.": odd_E**c,
        "c is subtracted, not added: mind the sign.": odd_E * np.exp(-c),
        "E comes back as it was: c is not used.": odd_E,
        "All columns get the same factor: each column has a number of its own in c.": odd_E
        * np.exp(c.sum()),
    }
    _require_digits(f"exp_shifted {about}", shifted, odd_E * np.exp(c))
    require_close(f"exp_shifted {about}", shifted, odd_E * np.exp(c), told)
    return (
        "Adding c to a score multiplies e^z by e^c, which is never negative and never 0: "
        "exp turns sums into products."
    )


@exercise(2)
def exercise_2(between: object, z_80: object) -> str:
    """``between(Z, low, high)``, and the score at which it gives 0.8 between -1 and 1."""
    function = require_function("between", between)
    for Z, low, high in ((Z_ODD, -3.0, 0.5), (Z_FAR, 2.0, 10.0), (Z_ODD[0], -1.0, 1.0)):
        result = call("between", function, Z, low, high, also_answered=[z_80])
        about = f"between(Z, {low:g}, {high:g}), for Z of shape {Z.shape},"
        answer = require_array(about, result, Z.shape)
        A, span = sigmoid(Z), high - low
        mistakes = {
            "It starts at 0: add low.": span * A,
            "The factor is high alone, but the curve climbs from low to high.": low + high * A,
            "It goes from 0 to high: low is not used.": high * A,
            "That is the sigmoid itself, from 0 to 1: low and high are not used.": A,
            "It falls from high to low: it should rise.": high - span * A,
            "It starts at high and climbs on: start at low.": high + span * A,
            "The sum low + high is no distance: how far is it from low to high?": low
            + (low + high) * A,
            "Parentheses are missing: the factor is (high - low).": low + high - low * A,
            "It cuts z off at low and high instead of squashing it.": np.clip(Z, low, high),
            "It cuts answers off at low and high. Stretch them instead.": np.clip(A, low, high),
            "It stretches the score. Stretch the answer.": sigmoid(span * Z + low),
        }
        require_close(about, answer, low + span * A, mistakes)
    number = require_number("z_80", z_80, right_so_far="between")
    if 0.001 < abs(number - np.log(9)) < 0.02:
        raise NotYet("z_80 is nearly right. Let Python compute it, and do not round.")
    mistakes = {
        "There the sigmoid is 0.8. But between low and high it is 0.8 on the way from -1 to 1: "
        "which share of that way is it?": np.log(4),
        "There between(z, -1, 1) is -0.8: mind the sign.": -np.log(9),
        "That is what the sigmoid has to be. Now find the z for it.": 0.9,
        "np.log is the natural logarithm; log10 is the one to base 10.": np.log10(9),
        "That is what it gives for a score of 0.8; the question is the other way round.": 2
        * sigmoid(0.8)
        - 1,
    }
    require_close("z_80", number, np.log(9), mistakes, 5e-3, give_away=False)
    return (
        f"0.8 lies nine tenths of the way from -1 to 1, and the sigmoid gets there at "
        f"z = ln 9 = {np.log(9):.4f}. From -1 to 1 it is known as tanh, of z/2."
    )


@exercise(3)
def exercise_3(bend: object, soft_slope: object) -> str:
    """``bend(Z) -> (values, slopes)`` of max(0, z), and the derivative of ``ln(1 + e^z)``."""
    function = require_function("bend", bend)
    soft = require_function("soft_slope", soft_slope)
    others = [True] if is_started(soft, Z_ODD) else []
    values, slopes = call("bend", function, Z_ODD, parts=2, also_answered=others)
    about = "on a trial with 5 rows of 2 columns"
    answer = require_array(f"bend's first result (the values) {about}", values, Z_ODD.shape)
    mistakes = {
        "That is the smaller of 0 and z; it should be the larger one.": np.minimum(0, Z_ODD),
        "Negative entries lost their sign; they should become 0.": np.abs(Z_ODD),
        "Those are the slopes: return values first, then slopes.": np.where(Z_ODD > 0, 1.0, 0.0),
        "It lies between 0 and 1: no sigmoid here.": sigmoid(Z_ODD),
        "Nothing happened to the negative entries; they should become 0.": Z_ODD,
    }
    require_close(
        f"bend's first result (the values) {about}", answer, np.maximum(0, Z_ODD), mistakes
    )
    answer = require_array(f"bend's second result (the slopes) {about}", slopes, Z_ODD.shape)
    mistakes = {
        "At exactly 0 the slope should be 0: test for z > 0.": np.where(Z_ODD >= 0, 1.0, 0.0),
        "At exactly 0 the slope should be 0, not the average of left and right.": np.where(
            Z_ODD == 0, 0.5, np.where(Z_ODD > 0, 1.0, 0.0)
        ),
        "On the left the curve is flat: its slope is 0, not -1.": np.sign(Z_ODD),
        "Left and right are swapped.": np.where(Z_ODD > 0, 0.0, 1.0),
        "Those are the values once more. On the right, how much does the value rise when z rises "
        "by 1?": np.maximum(0, Z_ODD),
    }
    expected = np.where(Z_ODD > 0, 1.0, 0.0)
    require_close(f"bend's second result (the slopes) {about}", answer, expected, mistakes)
    _judge_soft_slope(soft)
    return (
        "The slope of the rounded bend ln(1 + e^z) is the sigmoid: it goes from 0 to 1 smoothly, "
        "where the slope of max(0, z) jumps."
    )


def _judge_soft_slope(function: Callable[..., Any]) -> None:
    result = call("soft_slope", function, Z_ODD, right_so_far="bend")
    answer = require_array("soft_slope on a trial", result, Z_ODD.shape)
    h = 1e-5
    measured = (np.logaddexp(0, Z_ODD + h) - np.logaddexp(0, Z_ODD - h)) / (2 * h)
    A = sigmoid(Z_ODD)
    mistakes = {
        "That is 1/u. The chain rule multiplies by the slope of u.": 1 - A,
        "That is the slope of u alone. The chain rule multiplies by 1/u.": np.exp(Z_ODD),
        "That is the curve ln(1 + e^z) itself: its slope is asked for.": np.logaddexp(0, Z_ODD),
        "That is the slope of the sigmoid. Here a curve with ln is asked for.": A * (1 - A),
        "Its sign is turned around: the curve rises.": -A,
        "That is the slope of max(0, z); the corner is rounded off here.": np.where(
            Z_ODD > 0, 1.0, 0.0
        ),
        "The 1 in u has no slope, but it stays in 1/u.": np.ones_like(Z_ODD),
    }
    advice = "The second number is your formula, the first is the slope measured by small steps."
    require_close("soft_slope on a trial", answer, measured, mistakes, 1e-5, advice=advice)
    far = np.array([-1000.0, 0.0, 1000.0])
    result = np.asarray(call("soft_slope", function, far), dtype=np.float64)
    if not np.all(np.isfinite(result)):
        raise NotYet(
            "soft_slope is the right formula, but at z = 1000 it is not a number: infinity by "
            "infinity. Use the function of the library that equals it."
        )
    require_close("soft_slope of -1000, 0 and 1000", result, np.array([0, 0.5, 1]))


@exercise(4)
def exercise_4(safe_sigmoid: object, one_32: object, warn_32: object) -> str:
    """``safe_sigmoid(Z)`` without a warning, and where float32 reaches its limits."""
    function = require_function("safe_sigmoid", safe_sigmoid)
    faults: list[str] = []

    def note(fault: str, _flag: int) -> None:
        faults.append(fault)

    used: set[str] = set(getattr(getattr(function, "__code__", None), "co_names", ()))
    if function is sigmoid or "sigmoid" in used:
        raise NotYet("safe_sigmoid calls the library's sigmoid. Write it with NumPy alone.")
    with np.errstate(over="call", invalid="call", divide="call", call=note):
        result = call("safe_sigmoid", function, Z_FAR, also_answered=[one_32, warn_32])
    about = "safe_sigmoid, for Z of shape (4, 3),"
    _judge_safe(about, result)
    if used & {"errstate", "seterr", "simplefilter", "filterwarnings"}:
        raise NotYet(
            "safe_sigmoid gives the right values, but it silences NumPy, and an overflow that "
            "nobody hears is still one. Do without np.errstate and its like."
        )
    if faults:
        raise NotYet(
            f"safe_sigmoid gives the right values, but there is an {_in_words(faults)} on "
            "the way. Never take e to a large positive power, not even for entries that "
            "np.where does not choose."
        )
    for shape in ((12,), (2, 2, 3)):
        part = call("safe_sigmoid", function, Z_FAR.reshape(shape))
        part = require_array(f"safe_sigmoid, for Z of shape {shape},", part, shape)
        require_close("safe_sigmoid", part, sigmoid(Z_FAR).reshape(shape))
    _judge_limits(one_32, warn_32)
    return (
        "Your sigmoid survives every score. In float32, 1 + e^-17 is rounded to 1, since it keeps "
        "24 binary digits, and e^89 is beyond its largest number."
    )


def _in_words(faults: list[str]) -> str:
    return "overflow" if "overflow" in faults else f"operation that fails ({faults[0]})"


def _judge_safe(about: str, result: object) -> None:
    try:
        answer = np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError):
        answer = require_array(about, result, Z_FAR.shape)
    if answer.shape == Z_FAR.shape and np.any(np.isnan(answer)):
        where = Z_FAR[np.isnan(answer)][0]
        raise NotYet(
            f"{about} is not a number where z = {where:g}: there it divides infinity by "
            "infinity. Take the other form on that side."
        )
    answer = require_array(about, result, Z_FAR.shape)
    A = sigmoid(Z_FAR)
    mistakes = {
        "It is mirrored: low scores should give answers near 0.": 1 - A,
        "That is the slope, a (1 - a).": A * (1 - A),
        "That is right for negative scores only.": np.exp(-np.abs(Z_FAR))
        / (1 + np.exp(-np.abs(Z_FAR))),
        "That is right for positive scores only.": 1 / (1 + np.exp(-np.abs(Z_FAR))),
        "Parentheses are missing for negative scores: all of 1 + e^z stands below.": np.where(
            Z_FAR >= 0, A, 2 * np.exp(-np.abs(Z_FAR))
        ),
        "The lower part of the fraction is missing for negative scores.": np.where(
            Z_FAR >= 0, A, np.exp(-np.abs(Z_FAR))
        ),
    }
    require_close(about, answer, A, mistakes)
    small = float(answer[Z_FAR == -40][0])
    if not np.isclose(small, np.exp(-40), rtol=1e-6, atol=0):
        raise NotYet(
            f"safe_sigmoid gives {small:.3g} at z = -40, but it should keep {np.exp(-40):.3g}. "
            "What comes out near 1, or is subtracted from 1, has lost such small numbers: for "
            "negative z, build the fraction from e^z."
        )
    small = float(answer[Z_FAR == -600][0])
    if not np.isclose(small, np.exp(-600), rtol=1e-6, atol=0):
        raise NotYet(
            f"safe_sigmoid gives {small:.3g} at z = -600, but it should keep {np.exp(-600):.3g}. "
            "Do not cut scores off: choose a form that needs no large power."
        )


def _judge_limits(one_32: object, warn_32: object) -> None:
    number = require_number("one_32", one_32, right_so_far="safe_sigmoid")
    mistakes: dict[str, FloatValues | float] = {
        "That is where float64 gives 1: hand sigmoid a np.float32(z).": 37.0,
        "There it is still below 1: go one further.": 16.0,
        "It is 1 there, but also before: look for the smallest.": 18.0,
    }
    require_close("one_32", number, 17.0, mistakes, 1e-9, give_away=False)
    number = require_number("warn_32", warn_32, right_so_far="one_32")
    mistakes = {
        "That is where float64 overflows: use np.float32(z).": -710.0,
        "The plain formula takes e to the power -z: the z itself is negative.": 89.0,
        "e^88 is still a float32: go one further.": -88.0,
        "It overflows there, but also before: look for the first.": -90.0,
    }
    require_close("warn_32", number, -89.0, mistakes, 1e-9, give_away=False)


hint = hint_ladder(
    {
        1: (
            "NumPy has a function for e to the power of each entry. And a power of a sum is a "
            "product of powers.",
            "e^(z + c) = e^z times e^c. The first factor is given as E; the second is a row, and "
            "broadcasting (part 1.1) repeats it for every row of E.",
            'Lesson 1.3, "What is special about e", uses the rule, and np.exp on a whole array.',
        ),
        2: (
            "sigmoid(Z) is the share of the way from low to high. How long is that way?",
            "Start at low and add the share times (high - low). For z_80, first find the share a "
            "from -1 + 2 a = 0.8. Then a = 1 / (1 + e^-z) means e^z = a / (1 - a): take ln.",
            'Lesson 1.3, "The smallest case, by hand", has such pairs of score and answer.',
        ),
        3: (
            "np.maximum compares two values entry by entry. A comparison such as Z > 0 makes an "
            "array of True and False, and np.where turns it into numbers.",
            "np.where(Z > 0, 1.0, 0.0) has the slopes. For the other: ds/du = 1/u and "
            "du/dz = e^z, so ds/dz = e^z / (1 + e^z). Multiply top and bottom by e^-z.",
            'Lesson 1.3, "The derivative of the sigmoid", does a chain of two steps; "Break it on '
            'purpose" has the fraction that you found.',
        ),
        4: (
            "On each side, one of the two forms takes e to a negative power only. What is the "
            "same in both forms, if you write |z| for the size of z?",
            "With p = np.exp(-np.abs(Z)), the answer is 1 / (1 + p) for z >= 0 and p / (1 + p) "
            "for z < 0. For the limits, start at 0 and use a while loop that goes on as long as "
            "nothing has happened.",
            'Lesson 1.3, "Break it on purpose", has both forms and finds the limits of float64.',
        ),
    }
)
