"""The machinery of the exercise checks: three outcomes, the right order, never an exception."""

import numpy as np
import pytest

from course_lib import checks


def judged(capsys: pytest.CaptureFixture[str], check, *answers) -> str:
    """What a check prints, once it is one line that starts with one of the three outcomes."""
    check(*answers)
    (line,) = capsys.readouterr().out.splitlines()
    number, outcome = line.split(": ", 1)
    assert number == "Exercise 1"
    assert outcome.startswith(("correct. ", "not yet. ", "not attempted. "))
    return outcome


@checks.exercise(1)
def double(function: object) -> str:
    """A check of ``double(X) -> 2 X``."""
    values = np.array([[1.0, -2.0, 0.0]])
    answer = checks.call("double", checks.require_function("double", function), values)
    answer = checks.require_array("the result", answer, (1, 3))
    checks.require_close("the result", answer, 2 * values, {"It is squared.": values**2})
    return "Twice."


def spoiled(X):
    X *= 2
    return X


def loud(X):
    print("hello")
    return 2 * X


def broken(X):
    raise IndexError("out of range.")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (lambda X: 2 * X, "correct. Twice."),
        (loud, "correct. Twice."),
        (lambda X: (2 * X).tolist(), "correct. Twice."),
        (..., "not attempted. Replace the ... above; check.hint(1) helps."),
        (lambda X: ..., "not attempted."),
        (3, "not yet. double should be a function, but it is of type int."),
        (None, "not yet. double should be a function, but it is None."),
        (lambda X: None, "not yet. double returned None: is its return line missing?"),
        (broken, "not yet. double stopped with IndexError: out of range, called with X (1, 3)."),
        (lambda: 1, "not yet. double stopped with TypeError"),
        (
            lambda X: (X, X),
            "not yet. double should return one value, but it returned a tuple of 2.",
        ),
        (
            lambda X: "a",
            "not yet. the result should be an array of shape (1, 3), but it is of type str.",
        ),
        (
            lambda X: X.T,
            "not yet. the result should be an array of shape (1, 3), but its shape is (3, 1). Is it transposed?",
        ),
        (lambda X: X[0], "but its shape is (3,). Was a dimension lost? keepdims=True keeps it."),
        (lambda X: X / 0, "not yet. the result is not finite: it holds inf at index (0, 0)."),
        (spoiled, "not yet. double changed its argument X. Make a new array"),
        (lambda X: X**2, "not yet. the result is wrong. It is squared."),
        (lambda X: X, "not yet. the result should be -4 at index (0, 1), but it is -2."),
    ],
)
def test_each_answer_gets_its_outcome(capsys, answer, outcome):
    assert outcome in judged(capsys, double, answer)


def test_a_missing_argument_is_not_yet(capsys):
    assert "not yet. This answer cannot be checked: TypeError" in judged(capsys, double)


@pytest.mark.parametrize(
    "junk", [np.array([1, 2]), {}, "x", 1j, object(), float("nan"), [[]], type]
)
def test_junk_never_raises(capsys, junk):
    assert judged(capsys, double, junk).startswith("not yet.")
    assert judged(capsys, double, lambda X: junk).startswith("not yet.")


def test_a_number_may_be_a_small_array():
    assert checks.require_number("lr", np.array([[0.5]])) == 0.5
    with pytest.raises(checks.NotYet, match="a number, but its shape is \\(2,\\)"):
        checks.require_number("lr", [1, 2])
    with pytest.raises(checks.NotYet, match="of type bool"):
        checks.require_number("lr", True)


def test_hints_get_stronger_and_stay_at_the_last(capsys):
    hint = checks.hint_ladder({1: ("soft", "strong", "where to read")})
    for _ in range(4):
        hint(1)
    hint(2)
    hint()
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 3: soft",
        "Hint 2 of 3: strong",
        "Hint 3 of 3: where to read",
        "Hint 3 of 3: where to read",
        "Say for which exercise, as in check.hint(1). The exercises are 1.",
        "Say for which exercise, as in check.hint(1). The exercises are 1.",
    ]


@checks.exercise(1)
def halves(function: object, number: object) -> str:
    """A check of a function with two results, and of a number."""
    first, second = checks.call(
        "halves",
        checks.require_function("halves", function),
        np.ones(2),
        parts=2,
        also_answered=[number],
    )
    checks.require_close("the sum", first + second, np.ones(2))
    answer = checks.require_number("number", number, right_so_far="halves")
    checks.require_close("number", answer, 3.0, give_away=False)
    return "Halved."


@pytest.mark.parametrize(
    ("function", "number", "outcome"),
    [
        (lambda X: (X / 2, X / 2), 3, "correct. Halved."),
        (lambda X: [X / 2, X / 2], 3, "correct. Halved."),
        (lambda X: (..., ...), ..., "not attempted."),
        (lambda X: (..., ...), 3, "not yet. halves is still missing: write it first"),
        (lambda X: (X, ...), ..., "not yet. value number 2 that halves returns is still missing."),
        (
            lambda X: X[0.5],
            ...,
            "not yet. halves stopped with IndexError: only integers, slices",
        ),
        (
            lambda X: X + ...,
            ...,
            "not yet. halves computes with a ... that is still to be replaced.",
        ),
        (lambda X: (X / 2, X / 2), ..., "not yet. halves is right. number is still missing."),
        (lambda X: (X / 2, X / 2), 4, "not yet. number is 4, which is too large."),
        (lambda X: (X / 2, X / 2), 1.5, "not yet. number is 1.5, which is too small."),
    ],
)
def test_a_half_done_exercise_is_told_which_half(capsys, function, number, outcome):
    printed = judged(capsys, halves, function, number)
    assert printed.startswith(outcome)
    assert "should be 3" not in printed
