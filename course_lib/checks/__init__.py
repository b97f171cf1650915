"""Exercises that check themselves: what every part's checks are made of.

A part's module holds one function for each exercise, marked ``@exercise(number)``, and its
hints. Calling it prints exactly one of three outcomes: correct, not yet, or not attempted.
It never raises and never changes what it is given, so "Run All Cells" always reaches the end.

A check goes from the coarse to the fine, so that the first message is the useful one:
missing, wrong type, wrong shape, not finite, input changed, values, gradient.
"""

import contextlib
import copy
import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

FloatValues = NDArray[np.float64]


class NotAttempted(Exception):
    """The ``...`` of the exercise is still there."""


class NotYet(Exception):
    """The answer is wrong; the message says what was expected, what came, and why."""


def exercise(number: int) -> Callable[[Callable[..., str]], Callable[..., None]]:
    """Turn a function that returns a sentence, or raises, into a check that prints.

    The function returns what the exercise has shown, or raises ``NotYet`` or
    ``NotAttempted``. Anything else that goes wrong counts as "not yet" too.
    """

    def decorate(check: Callable[..., str]) -> Callable[..., None]:
        @wraps(check)
        def run(*answers: Any) -> None:
            try:
                outcome = f"correct. {check(*answers)}"
            except NotAttempted:
                outcome = f"not attempted. Replace the ... above; check.hint({number}) helps."
            except NotYet as problem:
                outcome = f"not yet. {problem}"
            except Exception as error:  # a check must never stop a notebook
                outcome = f"not yet. This answer cannot be checked: {_describe(error)}."
            print(f"Exercise {number}: {outcome}")

        return run

    return decorate


def hint_ladder(hints: Mapping[int, Sequence[str]]) -> Callable[..., None]:
    """A ``hint(number)`` that gives an exercise's next hint each time it is called."""
    given = dict.fromkeys(hints, 0)

    def hint(number: int | None = None) -> None:
        if number is None or number not in hints:
            numbers = ", ".join(str(known) for known in hints)
            print(f"Say for which exercise, as in check.hint(1). The exercises are {numbers}.")
            return
        steps = hints[number]
        given[number] = min(given[number] + 1, len(steps))
        print(f"Hint {given[number]} of {len(steps)}: {steps[given[number] - 1]}")

    return hint


def require_function(name: str, answer: object) -> Callable[..., Any]:
    """The learner's function, once it is one."""
    if answer is ...:
        raise NotAttempted
    if not callable(answer):
        raise NotYet(f"{name} should be a function, but it is {_kind(answer)}.")
    return answer


def call(
    name: str,
    function: Callable[..., Any],
    *arguments: Any,
    parts: int = 1,
    also_answered: Sequence[object] = (),
    right_so_far: str = "",
) -> Any:
    """Call the learner's function on copies, and look at what it does before what it returns.

    Args:
        name: The function's name, for messages.
        function: The learner's function.
        arguments: What to call it with; it is given copies.
        parts: How many values it should return.
        also_answered: The exercise's other answers. If one of them is there, an untouched
            function is an unfinished exercise, not one that was never tried.
        right_so_far: What of the exercise was right before; see ``require_array``.

    Returns:
        What it returned; with several parts, a list of them.

    Raises:
        NotAttempted: If all it returns is ``...``.
        NotYet: If it raises, changes an argument, or returns the wrong number of values.
    """
    copies = copy.deepcopy(arguments)
    try:
        names = list(inspect.signature(function).parameters)
    except ValueError:  # functions of an older NumPy, such as np.exp, do not tell
        names = []
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*copies)
    except Exception as error:
        raise NotYet(_why_it_stopped(name, error, names, arguments)) from error
    if result is None:
        raise NotYet(f"{name} returned None: is its return line missing?")
    several = isinstance(result, tuple) or (isinstance(result, list) and parts > 1)
    values: list[Any] = list(cast(Any, result)) if several else [cast(Any, result)]
    if all(value is ... for value in values):
        if any(answer is not ... for answer in also_answered):
            raise NotYet(f"{name} is still missing: write it first, the rest builds on it.")
        if right_so_far:
            raise NotYet(f"{right_so_far} is right. {name} is still missing.")
        raise NotAttempted
    if len(values) != parts:
        should = "one value" if parts == 1 else f"{parts} values"
        came = f"a tuple of {len(values)}" if parts == 1 else f"{len(values)}"
        raise NotYet(f"{name} should return {should}, but it returned {came}.")
    for number, value in enumerate(values, start=1):
        if value is ...:
            raise NotYet(f"value number {number} that {name} returns is still missing.")
    for argument, before, after in zip(names, arguments, copies, strict=False):
        if isinstance(before, np.ndarray) and np.any(before != after):
            raise NotYet(
                f"{name} changed its argument {argument}. Make a new array, as in N = A / 2, "
                "and leave the caller's alone: A /= 2, A += 1 and A.sort() change it."
            )
    return values if parts > 1 else values[0]


def is_started(function: object, *arguments: object, parts: int = 1) -> bool:
    """Whether somebody has worked on a function: it stops, or returns more than ``...``."""
    if not callable(function):
        return function is not ...
    try:
        call("it", function, *arguments, parts=parts)
    except NotAttempted:
        return False
    except NotYet:
        return True
    return True


def _why_it_stopped(
    name: str, error: Exception, names: Sequence[str], arguments: Sequence[Any]
) -> str:
    # An IndexError lists what may stand in brackets, an ellipsis too.
    if "ellipsis" in str(error).lower() and not isinstance(error, IndexError):
        return f"{name} computes with a ... that is still to be replaced."
    pairs = zip(names, arguments, strict=False)
    shapes = [f"{argument} {value.shape}" for argument, value in pairs if hasattr(value, "shape")]
    called_with = f", called with {', '.join(shapes)}" if shapes else ""
    return f"{name} stopped with {_describe(error)}{called_with}."


def require_number(name: str, answer: object, right_so_far: str = "") -> float:
    """The learner's number, once it is one; see ``require_array``."""
    return float(require_array(name, answer, (), right_so_far))


def require_array(
    name: str, answer: object, shape: tuple[int, ...], right_so_far: str = ""
) -> FloatValues:
    """The learner's array, once it has the right type and shape and is finite.

    ``right_so_far`` names what the learner has got right before: if this answer is still
    ``...``, the exercise is then half done, not "not attempted".
    """
    if answer is ... and right_so_far:
        raise NotYet(f"{right_so_far} is right. {name} is still missing.")
    if answer is ...:
        raise NotAttempted
    expected = f"an array of shape {shape}" if shape else "a number"
    if isinstance(answer, (bool, str)) or answer is None or callable(answer):
        raise NotYet(f"{name} should be {expected}, but it is {_kind(answer)}.")
    try:
        array = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise NotYet(f"{name} should be {expected}, but it is {_kind(answer)}.") from None
    if array.shape != shape and not (shape == () and array.size == 1):
        likely = _likely_shape_mistake(array.shape, shape)
        raise NotYet(f"{name} should be {expected}, but its shape is {array.shape}.{likely}")
    if not np.all(np.isfinite(array)):
        raise NotYet(f"{name} is not finite: it holds {_first_not_finite(array)}.")
    return array.reshape(shape)


def require_close(
    name: str,
    answer: FloatValues | float,
    expected: FloatValues | float,
    mistakes: Mapping[str, FloatValues | float] | None = None,
    tolerance: float = 1e-6,
    advice: str = "",
    give_away: bool = True,
) -> None:
    """Refuse an answer that is not what was expected, and name the mistake that explains it.

    Args:
        name: What the answer is called, for the message.
        answer: What came, finite and of the right shape.
        expected: What should have come.
        mistakes: For each known mistake, told in a sentence, what it would have given.
        tolerance: How far apart they may be, relative to the largest value expected.
        advice: What to look at when no known mistake explains the answer.
        give_away: Whether the message may say what should have come. Not where that number
            is the whole answer.
    """
    got, want = np.asarray(answer), np.asarray(expected)
    if _is_close(got, want, tolerance):
        return
    for sentence, wrong in (mistakes or {}).items():
        if _is_close(got, np.asarray(wrong), tolerance):
            raise NotYet(f"{name} is wrong. {sentence}")
    worst = np.unravel_index(int(np.argmax(np.abs(got - want))), want.shape)
    index = f" at index {tuple(int(i) for i in worst)}" if want.ndim else ""
    if give_away:
        problem = f"{name} should be {want[worst]:.6g}{index}, but it is {got[worst]:.6g}."
    else:
        side = "large" if got[worst] > want[worst] else "small"
        problem = f"{name} is {got[worst]:.6g}{index}, which is too {side}."
    raise NotYet(f"{problem} {advice}".rstrip())


def _is_close(got: FloatValues, want: FloatValues, tolerance: float) -> bool:
    scale = max(float(np.abs(want).max(initial=0)), 1e-12)
    return got.shape == want.shape and bool(np.all(np.abs(got - want) <= tolerance * scale))


def _likely_shape_mistake(got: tuple[int, ...], want: tuple[int, ...]) -> str:
    if got == want[::-1]:
        return " Is it transposed?"
    if got == tuple(size for size in want if size != 1):
        return " Was a dimension lost? keepdims=True keeps it."
    return ""


def _first_not_finite(array: FloatValues) -> str:
    index = np.argwhere(~np.isfinite(array))[0]
    where = f" at index {tuple(int(i) for i in index)}" if array.ndim else ""
    return f"{array[tuple(index)]}{where}"


def _kind(answer: object) -> str:
    return "None" if answer is None else f"of type {type(answer).__name__}"


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).rstrip('.')}"
