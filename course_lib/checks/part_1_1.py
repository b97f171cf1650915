"""The checks of part 1.1, getting started with NumPy arrays."""

from collections.abc import Callable, Sequence
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
    is_started,
    require_array,
    require_close,
    require_function,
)
from course_lib.datasets import load_data

Shape = tuple[int, ...]


def _call_and_advise(
    name: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    words: str,
    advice: str,
    also_answered: Sequence[object] = (),
) -> Any:
    """``call``, with advice added to the message of a call that stopped with these words."""
    try:
        return call(name, function, *arguments, also_answered=also_answered)
    except NotYet as problem:
        if words in str(problem):
            raise NotYet(f"{problem} {advice}") from problem
        raise


def _require_bool(name: str, answer: object) -> bool:
    if not isinstance(answer, (bool, np.bool_)):
        shown = f"{answer!r}, " if isinstance(answer, (str, int, float)) else ""
        raise NotYet(
            f"{name} should be True or False, but it is {shown}of type {type(answer).__name__}."
        )
    return bool(cast(Any, answer))


# ------------------------------------------------------------------------------ exercise 1

# Every wrong rule (sums, number of sizes, last size, divisible) fails on one of them at least.
_RESHAPES: tuple[tuple[Shape, Shape], ...] = (
    ((4, 3), (6, 2)),
    ((4, 3), (12,)),
    ((4, 3), (5, 2)),
    ((4, 3), (2, 2, 3)),
    ((784,), (28, 28)),
    ((5, 784), (5, 28, 28)),
    ((7,), (7, 1, 1)),
    ((5, 4), (2, 4)),
    ((6,), (2, 4)),
    ((4, 3), (2, 5)),
    ((2, 2), (2, 2)),
    ((4, 3), (2, 3)),
    ((2, 3), (4, 3)),
)


@exercise(1)
def exercise_1(ones: object, two_rows: object, column: object, fits: object) -> str:
    """The ones in three shapes, and ``fits(shape, new_shape) -> bool``."""
    function = require_function("fits", fits)
    arrays = {"ones": (ones, (4, 3)), "two_rows": (two_rows, (2, 6)), "column": (column, (12, 1))}
    if all(answer is ... for answer, _ in arrays.values()):
        if is_started(function, (4, 3), (6, 2)):
            raise NotYet("ones, two_rows and column are still missing.")
        raise NotAttempted
    for name, (answer, shape) in arrays.items():
        if answer is ...:
            raise NotYet(f"{name} is still missing.")
        if name == "column" and np.shape(cast(Any, answer)) == (12,):
            raise NotYet(
                "column has shape (12,), which has no columns at all: a table with a single "
                "column has two sizes, (12, 1)."
            )
        array = require_array(name, answer, shape)
        require_close(name, array, np.ones(shape), {"It holds zeros.": np.zeros(shape)})
    answered = [a for a, _ in arrays.values()]
    judged = [
        _call_and_advise(
            "fits", function, pair, "stopped with", f"The shapes were {pair}.", answered
        )
        for pair in _RESHAPES
    ]
    _judge_fits([_require_bool("what fits returns", answer) for answer in judged])
    return (
        "A shape fits if the product of its sizes stays the same. Of the four shapes, (5, 2) is "
        "impossible: 12 ones do not go into 10 places."
    )


def _judge_fits(answers: list[bool]) -> None:
    rules: dict[str, Callable[[Shape], int]] = {
        "It compares the sums of the sizes: 4 + 3 is 5 + 2, but 4 rows of 3 are 12 entries.": sum,
        "It compares how many sizes there are; that may change, the entries may not.": len,
        "It compares the first sizes only.": lambda shape: shape[0],
        "It compares the last sizes only.": lambda shape: shape[-1],
    }
    expected = [int(np.prod(old)) == int(np.prod(new)) for old, new in _RESHAPES]
    if answers == expected:
        return
    for sentence, rule in rules.items():
        if answers == [rule(old) == rule(new) for old, new in _RESHAPES]:
            raise NotYet(f"fits is wrong. {sentence}")
    if answers == [old == new for old, new in _RESHAPES]:
        raise NotYet("fits is wrong. It asks for the same shape: other shapes fit as well.")
    if answers == [not right for right in expected]:
        raise NotYet("fits is wrong. It answers the wrong way round: True means possible.")
    wrong = next(n for n, answer in enumerate(answers) if answer != expected[n])
    old, new = _RESHAPES[wrong]
    raise NotYet(
        f"fits({old}, {new}) should be {expected[wrong]}, but it is {answers[wrong]}. "
        "How many entries has an array of each shape?"
    )


# ------------------------------------------------------------------------------ exercise 2


def _table(num_rows: int, num_columns: int) -> FloatValues:
    """A table with a zero row, ties, negative and large values."""
    X = np.random.default_rng(5).integers(-4, 5, size=(num_rows, num_columns)).astype(np.float64)
    X[1] = 0
    X[-1, 0] = 1e4
    return X


_SIZES = ((3, 4), (4, 2), (3, 3))


@exercise(2)
def exercise_2(shift_columns: object, shift_rows: object) -> str:
    """``shift_columns(X, v)`` and ``shift_rows(X, u)``, both for every size of table."""
    columns = require_function("shift_columns", shift_columns)
    rows = require_function("shift_rows", shift_rows)
    attempted = {
        "shift_columns": is_started(columns, _table(3, 4), np.arange(4.0)),
        "shift_rows": is_started(rows, _table(3, 4), np.arange(3.0)),
    }
    if not any(attempted.values()):
        raise NotAttempted
    for name, tried in attempted.items():
        if not tried:
            raise NotYet(f"{name} is still missing.")
    for num_rows, num_columns in _SIZES:
        X = _table(num_rows, num_columns)
        v, u = np.array([3.0, -2, 0, 50])[:num_columns], np.array([0.0, 7, -1, 20])[:num_rows]
        _judge_shift("shift_columns", columns, X, v, v.reshape(1, -1))
        _judge_shift("shift_rows", rows, X, u, u.reshape(-1, 1))
    return (
        "Shape (d,) goes to the columns without a word, and X + v needs no loop; one number "
        "for each row needs shape (n, 1). On a square table the wrong one would not even have "
        "been an error."
    )


def _judge_shift(
    name: str, function: Callable[..., Any], X: FloatValues, w: FloatValues, as_table: FloatValues
) -> None:
    about = f"{name} on {X.shape[0]} rows of {X.shape[1]} columns"
    other = "columns" if name == "shift_rows" else "rows"
    mistakes = {
        "It subtracts: add the numbers.": X - as_table,
        "It multiplies: add the numbers.": X * as_table,
        "Nothing has been added.": X,
        "It adds the sum of all the numbers everywhere: each has its own place.": X + w.sum(),
    }
    if X.shape[0] == X.shape[1]:
        swapped = X + as_table.T
        mistakes[f"The numbers went to the {other}: nothing stops that on a square table."] = (
            swapped
        )
    advice = f"Aligned at the right, the numbers meet the {other}: look at which shape meets which."
    answer = _call_and_advise(name, function, (X, w), "broadcast", advice)
    require_close(about, require_array(about, answer, X.shape), X + as_table, mistakes)


# ------------------------------------------------------------------------------ exercise 3


@exercise(3)
def exercise_3(second_row: object, left_block: object, is_view: object) -> str:
    """``second_row(X)``, ``left_block(X)``, and ``is_view(part, whole) -> bool``."""
    row = require_function("second_row", second_row)
    block = require_function("left_block", left_block)
    view = require_function("is_view", is_view)
    X = _table(5, 4) + np.arange(20.0).reshape(5, 4) / 8  # no two numbers near each other agree
    attempted = {
        "second_row": is_started(row, X),
        "left_block": is_started(block, X),
        "is_view": is_started(view, X[1], X),
    }
    if not any(attempted.values()):
        raise NotAttempted
    for name, tried in attempted.items():
        if not tried:
            raise NotYet(f"{name} is still missing.")
    _judge_piece(
        "second_row",
        call("second_row", row, X),
        X[1],
        {
            "That is the third row: rows are counted from 0.": X[2],
            "That is the first row: the second one has number 1.": X[0],
            "That is the second column: the row comes first, X[row, column].": X[:, 1],
            "That is the last row.": X[-1],
            "X[1:2] or X[[1]] is a table of one row, shape (1, 4): a single number, "
            "without a colon, gives shape (4,).": X[1:2],
        },
    )
    _judge_piece(
        "left_block",
        call("left_block", block, X),
        X[:2, :2],
        {
            "A slice ends before its stop: 0:1 is one row only.": X[:1, :1],
            "A slice ends before its stop: 0:3 is three rows.": X[:3, :3],
            "That is at the upper right.": X[:2, -2:],
            "That is at the lower left.": X[-2:, :2],
            "It starts at row 1 and column 1: count from 0.": X[1:3, 1:3],
            "These are whole rows: cut the columns too, X[rows, columns]. (X[:2][:2] cuts the "
            "rows twice.)": X[:2],
            "Lists pick single numbers, one for each pair: use slices with a colon.": X[
                [0, 1], [0, 1]
            ],
        },
    )
    _judge_is_view(view)
    return (
        "Slices with numbers and colons, and nearly always reshape, are views: writing into "
        "them changes the table. A list of rows, or a condition, makes a copy."
    )


def _judge_piece(
    name: str, answer: Any, expected: FloatValues, mistakes: dict[str, FloatValues]
) -> None:
    for sentence, wrong in mistakes.items():
        if np.shape(answer) == wrong.shape and np.array_equal(answer, wrong):
            raise NotYet(f"{name} is wrong. {sentence}")
    about = f"{name} on 5 rows of 4 columns"
    require_close(about, require_array(about, answer, expected.shape), expected)


def _pairs() -> list[tuple[str, FloatValues, FloatValues, bool]]:
    """Pieces of tables, each with its own table, and whether it is a view."""

    def table() -> FloatValues:
        return np.arange(20.0).reshape(5, 4)

    pieces: list[tuple[str, Callable[[FloatValues], FloatValues], bool]] = [
        ("X[1]", lambda X: X[1], True),
        ("X[:2, :2]", lambda X: X[:2, :2], True),
        ("X[[0, 1]]", lambda X: X[[0, 1]], False),
        ("X[X > 3]", lambda X: X[X > 3], False),
        ("X.reshape(-1)", lambda X: X.reshape(-1), True),
        ("X[1].copy()", lambda X: X[1].copy(), False),
        ("X[:, -1]", lambda X: X[:, -1], True),
    ]
    pairs = [(text, cut(X), X, is_view) for text, cut, is_view in pieces for X in [table()]]
    for value in (0.0, 1.0):
        X = np.full((3, 2), value)
        pairs.append((f"X[0], where X holds only {value:g},", X[0], X, True))
    return pairs


def _judge_is_view(function: Callable[..., Any]) -> None:
    answers: list[bool] = []
    pairs = _pairs()
    for text, part, whole, _ in pairs:
        before = whole.copy(), part.copy()

        def ask(piece: str, part: FloatValues = part, whole: FloatValues = whole) -> Any:
            del piece
            return function(part, whole)

        advice = "np.array_equal compares whole arrays, and gives a single True or False."
        answer = _call_and_advise("is_view", ask, [text], "is ambiguous", advice)
        answers.append(_require_bool(f"is_view for {text}", answer))
        if not (np.allclose(whole, before[0]) and np.allclose(part, before[1])):
            raise NotYet(
                f"is_view leaves the arrays changed ({text}): keep part.copy() from before, and "
                "put it back at the end."
            )
    expected = [is_view for *_, is_view in pairs]
    if answers == expected:
        return
    if not any(answers[:7]):  # the tables of the others are no views themselves
        raise NotYet(
            "is_view is never True, not even for X[1]. part = part + 1 makes a new array; "
            "part += 1 writes into it. Is whole compared with a .copy() from before? "
            "before = whole is a second name, not a copy. (And part.base is not always whole: a "
            "view of a view belongs to the first array.)"
        )
    if all(answers):
        raise NotYet(
            "is_view is always True, also for X[1].copy(), which has the same numbers but shares "
            "none. Change part first, then look at whole."
        )
    if answers == [not is_view for is_view in expected]:
        raise NotYet("is_view answers the wrong way round: True means that whole has changed.")
    wrong = next(n for n, answer in enumerate(answers) if answer != expected[n])
    text = pairs[wrong][0]
    advice = (
        "Write a number that part does not hold yet: part += 1 always changes it."
        if "only" in text
        else "Change part, then look whether whole is still what it was."
    )
    raise NotYet(
        f"is_view for {text} should be {expected[wrong]}, but it is {answers[wrong]}. {advice}"
    )


# ------------------------------------------------------------------------------ exercise 4


def _normalize_by(X: FloatValues, reference: FloatValues) -> FloatValues:
    std = reference.std(axis=0)
    return (X - reference.mean(axis=0)) / np.where(std < 1e-8, 1, std)


def _two_tables() -> tuple[FloatValues, FloatValues]:
    """Rows to scale and rows to scale by; the last two columns of these are constant."""
    rng = np.random.default_rng(2)
    X, reference = rng.normal(size=(4, 5)), rng.normal(size=(7, 5))
    X[:, 1], reference[:, 1] = 1e4 + 30 * X[:, 1], 1e4 + 30 * reference[:, 1]
    X[2], X[3, 2] = 0, -8
    reference[:, 3], reference[:, 4] = 2, 0.1
    return X, reference


@exercise(4)
def exercise_4(normalize_by: object, normalized: object, counts: object) -> str:
    """``normalize_by(X, reference)``, a small table, and the constant pixels of ten digits."""
    function = require_function("normalize_by", normalize_by)
    X, reference = _two_tables()
    advice = "axis=0 gives one number for each column."
    answered = [normalized, counts]
    answer = _call_and_advise(
        "normalize_by", function, (X, reference), "broadcast", advice, answered
    )
    _judge_normalize_by(answer, X, reference)
    table = np.random.default_rng(0).normal(50, 10, size=(5, 2))
    array = require_array("normalized", normalized, (5, 2), right_so_far="normalize_by")
    mistakes = {
        "It is still the table itself.": table,
        "It was scaled by all numbers at once.": (table - table.mean()) / table.std(),
    }
    require_close("normalized", array, _normalize_by(table, table), mistakes)
    expected = _constant_pixels()
    got = require_array("counts", counts, (10,), right_so_far="normalize_by")
    all_rows = int(np.sum(load_data().X_train.std(axis=0) < 1e-8))
    mistakes = {
        "These pixels do change: count those that are constant.": 784 - expected,
        "These are the constant pixels of all pictures: take one digit's rows at a time.": (
            np.full(10, float(all_rows))
        ),
        "It finds none. axis=0 gives one standard deviation for each pixel.": (np.zeros(10)),
        "These are shares: give the number of pixels.": expected / 784,
    }
    require_close("counts", got, expected, mistakes, tolerance=1e-9, give_away=False)
    most, least = int(expected.argmax()), int(expected.argmin())
    return (
        f"The digit {most} has the most constant pixels, {expected[most]:.0f} of 784, and "
        f"{least} the fewest, {expected[least]:.0f}. Among all digits together {all_rows} are left."
    )


def _judge_normalize_by(answer: Any, X: FloatValues, reference: FloatValues) -> None:
    about = "normalize_by on 4 rows of 5 columns, by a reference of 7 rows,"
    expected = _normalize_by(X, reference)
    if np.shape(answer) == X.shape:
        values = np.asarray(answer, dtype=np.float64)
        if not np.all(np.isfinite(values[:, 3])):
            raise NotYet(
                f"{about} is not finite in column 3, which is constant in reference: its "
                "standard deviation is 0. Divide by 1 there."
            )
        if np.allclose(values[:, :3], expected[:, :3]) and np.abs(values[:, 3]).max() > 1e6:
            raise NotYet(
                f"{about} explodes in column 3, which is constant in reference. A tiny number, "
                "such as 1e-8, does not replace a standard deviation of 0: divide by 1 there."
            )
        if np.allclose(values[:, :4], expected[:, :4]) and np.abs(values[:, 4]).max() > 1e6:
            raise NotYet(
                f"{about} explodes in column 4, which is 0.1 in every row of reference: rounding "
                "makes its standard deviation tiny, but not 0. Compare it with 1e-8."
            )
    array = require_array(about, answer, X.shape)
    mean, std = reference.mean(axis=0), reference.std(axis=0)
    safe = np.where(std < 1e-8, 1, std)
    sample = reference.std(axis=0, ddof=1)
    mistakes = {
        "It uses the means and standard deviations of X: take those of reference.": (
            _normalize_by(X, X)
        ),
        "The means are those of X: take those of reference.": (X - X.mean(axis=0)) / safe,
        "The standard deviations are those of X: take those of reference.": (
            (X - mean) / X.std(axis=0)
        ),
        "It has one mean and one standard deviation for all columns: axis=0 gives each its own.": (
            (X - reference.mean()) / reference.std()
        ),
        "The means have not been subtracted.": X / safe,
        "Subtract first, then divide: (X - mean) / std.": X - mean / safe,
        "The deviations have not been divided.": X - mean,
        "It divides by the variance: take its root.": (X - mean) / np.where(std < 1e-8, 1, std**2),
        "Its standard deviation divides by n - 1: in this course, it is n.": (
            (X - mean) / np.where(sample < 1e-8, 1, sample)
        ),
        "The constant columns should keep their deviations, divided by 1.": np.where(
            std < 1e-8, 0, expected
        ),
    }
    for sentence, wrong in mistakes.items():  # column by column: they differ a lot in size
        if np.allclose(array, wrong, rtol=1e-6, atol=1e-9):
            raise NotYet(f"{about} is wrong. {sentence}")
    for column in range(X.shape[1]):
        name = f"Column {column} of {about.rstrip(',')}"
        require_close(name, array[:, column], expected[:, column])


@cache
def _constant_pixels() -> FloatValues:
    """For each digit, how many of the 784 pixels are the same in all its training pictures."""
    data = load_data()
    stds: Sequence[FloatValues] = [data.X_train[data.y_train == d].std(axis=0) for d in range(10)]
    return np.array([np.count_nonzero(std < 1e-8) for std in stds], dtype=np.float64)


hint = hint_ladder(
    {
        1: (
            "np.ones takes the shape as a tuple. How many ones are there in 4 rows of 3?",
            "two_rows is ones.reshape(2, ...) with the size that is missing; a table with one "
            "column has shape (12, 1). For fits, multiply the sizes of each shape (np.prod, or a "
            "loop) and compare the two products.",
            'Lesson 1.1, "Same numbers, another shape", says what reshape may change.',
        ),
        2: (
            "Write the two shapes below each other, aligned at the right. What fits what?",
            "(n, d) and (d,) fit as they are. For one number per row, turn u from shape (n,) to "
            "shape (n, 1), with reshape(-1, 1), before you add it.",
            'Lesson 1.1, "Broadcasting: a small array on every row", has the rule in a table.',
        ),
        3: (
            "Rows are counted from 0, and X[rows, columns] takes a slice for each. For is_view: "
            "how would you notice that whole has changed?",
            "Keep part.copy() and whole.copy() first. Then part += 1; the answer is whether whole "
            "now differs from its copy: not np.array_equal(...). At the end part[:] = its copy.",
            'Lesson 1.1, "Rows, columns and blocks" for the slices, "Break it on purpose" for '
            "views.",
        ),
        4: (
            "Both mean and standard deviation come from reference, one for each column; X is only "
            "shifted and divided.",
            "mean = reference.mean(axis=0), std likewise; np.where(std < 1e-8, 1, std) is what to "
            "divide by. For counts, take X_train[y_train == digit].std(axis=0) for each digit; "
            "np.sum counts how often a condition is true.",
            'Lesson 1.1, "Build it", has the three lines, and "Break it on purpose" the leak.',
        ),
    }
)
