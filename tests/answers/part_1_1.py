"""Right and wrong answers to the exercises of part 1.1."""

import numpy as np

from course_lib.datasets import load_data

ONES = np.ones((4, 3))
SHAPES = ONES, ONES.reshape(2, 6), ONES.reshape(12, 1)


def fits(shape, new_shape):
    return np.prod(shape) == np.prod(new_shape)


def divides(shape, new_shape):
    return np.prod(shape) % np.prod(new_shape) == 0


def fits_by_trying(shape, new_shape):
    try:
        np.zeros(shape).reshape(new_shape)
    except ValueError:
        return False
    return True


def shift_columns(X, v):
    return X + v


def shift_rows(X, u):
    return X + u[:, None]


def rows_unless_square(X, u):
    return X + (u if X.shape[0] == X.shape[1] else u.reshape(-1, 1))


def in_place(X, v):
    X += v
    return X


def untouched(*arguments):
    return ...


def second_row(X):
    return X[1]


def left_block(X):
    return X[:2, :2]


def is_view(part, whole):
    before, old = whole.copy(), part.copy()
    part += 1
    answer = not np.array_equal(before, whole)
    part[:] = old
    return answer


def leaves_a_mark(part, whole):
    before = whole.copy()
    part += 1
    return not np.array_equal(before, whole)


def not_in_place(part, whole):
    before = whole.copy()
    part = part + 1
    return not np.array_equal(before, whole)


def second_name(part, whole):
    before, old = whole, part.copy()
    part += 1
    answer = not np.array_equal(before, whole)
    part[:] = old
    return answer


def by_base(part, whole):
    return part.base is whole


def same_numbers(part, whole):
    return bool(np.isin(part, whole).all())


def compares_arrays(part, whole):
    same = whole == whole.copy()
    return not same


def writes(number):
    def by_writing(part, whole):
        before, old = whole.copy(), part.copy()
        part[:] = number
        answer = not np.array_equal(before, whole)
        part[:] = old
        return answer

    return by_writing


def normalize_by(X, reference):
    mean, std = reference.mean(axis=0), reference.std(axis=0)
    return (X - mean) / np.where(std < 1e-8, 1, std)


def exactly_zero(X, reference):
    mean, std = reference.mean(axis=0), reference.std(axis=0)
    return (X - mean) / np.where(std == 0, 1, std)


def never_mind(X, reference):
    return (X - reference.mean(axis=0)) / reference.std(axis=0)


def constants_to_zero(X, reference):
    return np.where(reference.std(axis=0) < 1e-8, 0, normalize_by(X, reference))


def forgotten_brackets(X, reference):
    std = reference.std(axis=0)
    return X - reference.mean(axis=0) / np.where(std < 1e-8, 1, std)


def tiny_added(X, reference):
    return (X - reference.mean(axis=0)) / (reference.std(axis=0) + 1e-8)


def across(X, reference):
    return (X - reference.mean(axis=1)) / reference.std(axis=1)


def sample_std(X, reference):
    std = reference.std(axis=0, ddof=1)
    return (X - reference.mean(axis=0)) / np.where(std < 1e-8, 1, std)


def variance(X, reference):
    std = reference.var(axis=0)
    return (X - reference.mean(axis=0)) / np.where(std < 1e-8, 1, std)


def mean_of_X(X, reference):
    return normalize_by(X, reference) + (reference.mean(axis=0) - X.mean(axis=0)) / np.where(
        reference.std(axis=0) < 1e-8, 1, reference.std(axis=0)
    )


TABLE = np.random.default_rng(0).normal(50, 10, size=(5, 2))
NORMALIZED = normalize_by(TABLE, TABLE)


def constant_pixels() -> list[int]:
    data = load_data()
    digits = [data.X_train[data.y_train == digit] for digit in range(10)]
    return [int(np.sum(X.max(axis=0) == X.min(axis=0))) for X in digits]


COUNTS = constant_pixels()
ALL = int(np.sum(load_data().X_train.std(axis=0) < 1e-8))


def scaled(function):
    """Exercise 4 with another ``normalize_by``."""
    return function, NORMALIZED, COUNTS


WRONG = {
    1: [
        (
            (*SHAPES, lambda a, b: a[0] * a[1] == b[0] * b[1]),
            "tuple index out of range. The shapes were ((4, 3), (12,))",
        ),
        ((*SHAPES, lambda a, b: sum(a) == sum(b)), "compares the sums of the sizes"),
        ((*SHAPES, lambda a, b: len(a) == len(b)), "how many sizes there are"),
        ((*SHAPES, lambda a, b: a[-1] == b[-1]), "compares the last sizes only"),
        ((*SHAPES, lambda a, b: a[0] == b[0]), "compares the first sizes only"),
        ((*SHAPES, lambda a, b: a == b), "other shapes fit as well"),
        ((*SHAPES, lambda a, b: not fits(a, b)), "the wrong way round"),
        ((*SHAPES, lambda a, b: True), "fits((4, 3), (5, 2)) should be False, but it is True"),
        ((*SHAPES, divides), "fits((4, 3), (2, 3)) should be False, but it is True"),
        ((*SHAPES, lambda a, b: divides(b, a)), "fits((2, 3), (4, 3)) should be False"),
        ((*SHAPES, lambda a, b: "True"), "but it is 'True', of type str"),
        ((*SHAPES, lambda a, b: np.prod(a)), "should be True or False, but it is"),
        ((*SHAPES, untouched), "fits is still missing: write"),
        ((..., ..., ..., fits), "ones, two_rows and column are still missing."),
        ((ONES, ..., SHAPES[2], fits), "two_rows is still missing."),
        (
            (ONES.T, *SHAPES[1:], fits),
            "ones should be an array of shape (4, 3), but its shape is (3, 4). Is it transposed?",
        ),
        ((ONES, SHAPES[1], np.ones(12), fits), "column has shape (12,), which has no columns"),
        ((0 * ONES, *SHAPES[1:], fits), "ones is wrong. It holds zeros."),
        (
            (ONES, np.arange(12.0).reshape(2, 6), SHAPES[2], fits),
            "two_rows should be 1 at index (1, 5), but it is 11",
        ),
    ],
    2: [
        ((shift_columns, lambda X, u: X + u.reshape(1, -1)), "the numbers meet the columns"),
        (
            (shift_columns, lambda X, u: X + u),
            "shift_rows stopped with ValueError: operands could not be broadcast",
        ),
        (
            (shift_columns, rows_unless_square),
            "went to the columns: nothing stops that on a square table",
        ),
        ((lambda X, v: X - v, shift_rows), "It subtracts"),
        ((shift_columns, lambda X, u: X * u[:, None]), "It multiplies"),
        ((lambda X, v: X + v.sum(), shift_rows), "adds the sum of all the numbers"),
        ((lambda X, v: X + 0, shift_rows), "Nothing has been added"),
        ((in_place, shift_rows), "shift_columns changed its argument X"),
        (
            (shift_columns, lambda X, u: X.T + u),
            "should be an array of shape (3, 4), but its shape is (4, 3). Is it transposed?",
        ),
        ((lambda X, v: X + v[0], shift_rows), "shift_columns on 3 rows of 4 columns should be"),
        ((shift_columns, untouched), "shift_rows is still missing."),
    ],
    3: [
        ((second_row, left_block, compares_arrays), "np.array_equal compares whole arrays"),
        ((lambda X: X[2], left_block, is_view), "third row"),
        ((lambda X: X[0], left_block, is_view), "first row"),
        ((lambda X: X[:, 1], left_block, is_view), "That is the second column"),
        ((lambda X: X[1:2], left_block, is_view), "X[1:2] or X[[1]] is a table of one row"),
        ((lambda X: X[[1]], left_block, is_view), "X[1:2] or X[[1]] is a table of one row"),
        ((lambda X: X[-1], left_block, is_view), "That is the last row."),
        ((lambda X: X[1] + 1, left_block, is_view), "second_row on 5 rows of 4 columns should be"),
        ((second_row, lambda X: X[:1, :1], is_view), "0:1 is one row only"),
        ((second_row, lambda X: X[0:3, 0:3], is_view), "0:3 is three rows"),
        ((second_row, lambda X: X[:2][:2], is_view), "cuts the rows twice"),
        ((second_row, lambda X: X[[0, 1], [0, 1]], is_view), "Lists pick single numbers"),
        ((second_row, lambda X: X[1:3, 1:3], is_view), "starts at row 1"),
        ((second_row, lambda X: X[:2, -2:], is_view), "upper right"),
        ((second_row, lambda X: X[-2:, :2], is_view), "lower left"),
        ((second_row, left_block, leaves_a_mark), "leaves the arrays changed"),
        ((second_row, left_block, not_in_place), "part = part + 1 makes a new array"),
        ((second_row, left_block, second_name), "before = whole is a second name"),
        ((second_row, left_block, by_base), "is not always whole"),
        ((second_row, left_block, same_numbers), "is always True, also for X[1].copy()"),
        ((second_row, left_block, lambda p, w: not is_view(p, w)), "the wrong way round"),
        ((second_row, left_block, writes(0)), "part += 1 always changes it"),
        (
            (second_row, left_block, writes(1)),
            "is_view for X[0], where X holds only 1, should be True",
        ),
        (
            (second_row, left_block, lambda p, w: p.size < w.size and is_view(p, w)),
            "is_view for X.reshape(-1) should be True",
        ),
        ((second_row, left_block, lambda p, w: None), "is_view returned None"),
        (
            (second_row, left_block, lambda p, w: 1),
            "should be True or False, but it is 1, of type int",
        ),
        ((second_row, untouched, is_view), "left_block is still missing."),
    ],
    4: [
        (scaled(exactly_zero), "explodes in column 4"),
        (scaled(never_mind), "is not finite in column 3"),
        (scaled(lambda X, reference: normalize_by(X, X)), "take those of reference"),
        (scaled(mean_of_X), "The means are those of X"),
        (
            scaled(lambda X, r: (X - r.mean(axis=0)) / X.std(axis=0)),
            "standard deviations are those of X",
        ),
        (scaled(lambda X, r: (X - r.mean()) / r.std()), "axis=0 gives each its own"),
        (scaled(lambda X, r: normalize_by(X + r.mean(axis=0), r)), "have not been subtracted"),
        (scaled(lambda X, r: X - r.mean(axis=0)), "have not been divided"),
        (scaled(forgotten_brackets), "Subtract first, then divide"),
        (scaled(tiny_added), "does not replace a standard deviation of 0"),
        (scaled(across), "axis=0 gives one number for each column"),
        (scaled(variance), "It divides by the variance"),
        (scaled(sample_std), "divides by n - 1"),
        (scaled(constants_to_zero), "should keep their deviations, divided by 1"),
        (scaled(lambda X, r: normalize_by(X, r) + 1), "Column 0 of normalize_by on 4 rows"),
        (scaled(untouched), "normalize_by is still missing: write it first"),
        ((normalize_by, ..., COUNTS), "normalize_by is right. normalized is still missing."),
        ((normalize_by, TABLE, COUNTS), "It is still the table itself"),
        (
            (normalize_by, (TABLE - TABLE.mean()) / TABLE.std(), COUNTS),
            "scaled by all numbers at once",
        ),
        ((normalize_by, NORMALIZED.T, COUNTS), "Is it transposed?"),
        ((normalize_by, NORMALIZED, [784 - n for n in COUNTS]), "These pixels do change"),
        ((normalize_by, NORMALIZED, [ALL] * 10), "take one digit's rows at a time"),
        ((normalize_by, NORMALIZED, [n / 784 for n in COUNTS]), "give the number of pixels"),
        ((normalize_by, NORMALIZED, [0] * 10), "It finds none. axis=0 gives"),
        ((normalize_by, NORMALIZED, COUNTS[:9]), "counts should be an array of shape (10,)"),
        (
            (normalize_by, NORMALIZED, [COUNTS[0] + 1, *COUNTS[1:]]),
            "at index (0,), which is too large",
        ),
        ((normalize_by, NORMALIZED, ...), "counts is still missing."),
    ],
}
RIGHT = {
    1: (*SHAPES, fits),
    2: (shift_columns, shift_rows),
    3: (second_row, left_block, is_view),
    4: (normalize_by, NORMALIZED, COUNTS),
}
