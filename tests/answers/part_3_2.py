"""Right and wrong answers to the exercises of part 3.2."""

import math

import numpy as np

from course_lib.neural_network import relu, sigmoid, softmax

T_75 = 3 / math.log(3)


def untouched(*arguments):
    return ...


def rectify(Z):
    return Z * (Z > 0)


def rectify_in_place(Z):
    Z[Z < 0] = 0
    return Z


def passes(A):
    return A > 0


def softmax_at(Z, T):
    return plain(Z / T - (Z / T).max(axis=1)[:, None])


def plain(Z):
    powers = np.exp(Z)
    return powers / powers.sum(axis=1)[:, None]


def first(Z):
    return Z - Z[:, :1]


def table_only(Z):
    return np.array([[max(0, value) for value in row] for row in Z])


def hard_coded(Z):
    largest = Z.max(axis=1, keepdims=True)
    return plain(Z - np.where(largest > 500, 1000, np.where(largest < -500, -1000, 0)))


def predicted(a, b):
    return a / (a + b), b**2 / (2 * (a + b))


def untouched_pair(a, b):
    return ..., ...


def untouched_triple(A):
    return ..., ..., ...


def measured(share=lambda A: np.mean(A == 0), mean=np.mean, dead=lambda A: sum(~A.any(axis=0))):
    return lambda A: (share(A), mean(A), dead(A))


def safe(shift=lambda Z: Z.max(axis=1, keepdims=True), axis=1):
    def safe_softmax(Z):
        powers = np.exp(Z - shift(Z))
        return powers / powers.sum(axis=axis, keepdims=True)

    return safe_softmax


def silenced(Z):
    with np.errstate(all="ignore"):
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def with_overflow(Z):
    plain = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return np.where(np.abs(Z).max(axis=1, keepdims=True) < 1, plain, safe()(Z))


def in_place(Z):
    Z -= Z.max(axis=1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def logarithm(Z):
    largest = Z.max(axis=1, keepdims=True)
    return Z - largest - np.log(np.sum(np.exp(Z - largest), axis=1, keepdims=True))


def other_logarithm(Z):
    return Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)


def shifted(Z):
    return Z - Z.max(axis=1, keepdims=True)


def total(Z):
    return np.exp(shifted(Z)).sum(axis=1, keepdims=True)


WRONG = {
    1: [
        ((lambda Z: np.minimum(0, Z), passes, 5), "it should be the larger one"),
        ((np.abs, passes, 5), "Negative entries lost their sign"),
        ((lambda Z: (Z > 0) * 1.0, passes, 5), "Those are the slopes, not the values"),
        ((lambda Z: Z, passes, 5), "Nothing happened to the negative entries"),
        ((lambda Z: np.clip(Z, 0, 1), passes, 5), "ReLU has no upper end"),
        ((lambda Z: np.maximum(0, Z).T, passes, 5), "Is it transposed?"),
        ((lambda Z: np.max(Z), passes, 5), "but its shape is ()"),
        ((lambda Z: relu(Z), passes, 5), "calls the library's relu"),
        (
            (lambda Z: Z if Z > 0 else 0, passes, 5),
            "an if, or Python's max, looks at the whole array",
        ),
        ((rectify, lambda A: 1 if A > 0 else 0, 5), "passes stopped: an if, or Python's max"),
        ((lambda Z: np.max(0, Z), passes, 5), "np.max takes the largest entry of one array"),
        ((lambda Z: max(0, Z), passes, 5), "or Python's max, looks at the whole array"),
        ((table_only, passes, 5), "A table is right, but not an array of shape (3,)"),
        ((lambda Z: np.clip(Z, 0, 1000), passes, 5), "makes 1000 of 1e+06; it should be 1e+06"),
        ((rectify, lambda A: A > 1e-12, 5), "makes 0 of 1e-300; it should be 1"),
        ((rectify, lambda A: np.minimum(A * 1e12, 1), 5), "of 1e-300; it should be 1"),
        ((rectify_in_place, passes, 5), "rectify changed its argument Z"),
        ((lambda Z: np.where(Z > 1e-6, Z, 0), passes, 5), "of a score of 1e-9, which is above 0"),
        ((untouched, passes, 5), "rectify is still missing: write it first"),
        ((rectify, untouched, 5), "rectify is right. passes is still missing."),
        ((rectify, lambda A: A >= 0, 5), "so A >= 0 is true everywhere"),
        ((rectify, lambda A: A, 5), "Those are the answers themselves"),
        ((rectify, lambda A: A == 0, 5), "Open and blocked are swapped"),
        ((rectify, lambda A: A * (1 - A), 5), "That is the slope of the sigmoid"),
        ((rectify, lambda A: np.where(A > 0, 1, 0.5), 5), "not one half"),
        ((rectify, lambda A: np.where(A > 0, 1, -1), 5), "its slope is 0, not -1"),
        ((rectify, lambda A: np.round(A) > 0, 5), "One answer is tiny"),
        ((rectify, lambda A: np.ones((4, 3)), 5), "not the Z of the notebook"),
        ((rectify, passes, ...), "Your code is right. num_open is still missing."),
        ((rectify, passes, 7), "at exactly 0 the slope is 0"),
        ((rectify, passes, 4), "One entry is tiny, but it is above 0"),
        ((rectify, passes, 5 / 12), "a count, not a share"),
        ((rectify, passes, 6), "num_open is 6, which is too large"),
    ],
    2: [
        (
            (lambda Z, T: np.exp(Z / T) / np.exp(Z / T).sum(axis=0), T_75),
            "the columns add up to 1, the rows do not",
        ),
        ((lambda Z, T: np.exp(Z / T) / np.exp(Z / T).sum(), T_75), "All entries of the table"),
        ((lambda Z, T: safe()(Z), T_75), "does not depend on T"),
        ((lambda Z, T: np.exp(Z) / T / (np.exp(Z) / T).sum(axis=1)[:, None], T_75), "it cancels"),
        ((lambda Z, T: plain(Z - Z.max(axis=1)[:, None] / T), T_75), "it cancels above and below"),
        ((lambda Z, T: plain(Z / T), T_75), "not finite: divided by T the largest score is 800"),
        ((lambda Z, T: softmax_at(Z, max(T, 0.1)), T_75), "is every T used as it is?"),
        (
            (lambda Z, T: np.exp(shifted(Z / T)) / np.exp(shifted(Z / T)).sum(axis=0), T_75),
            "the columns add up to 1, the rows do not",
        ),
        ((lambda Z, T: softmax_at(Z, 1 / T), T_75), "multiplied by T"),
        ((lambda Z, T: softmax_at(Z, 1) / T, T_75), "T divides the probabilities"),
        ((lambda Z, T: np.exp(Z / T), T_75), "not divided by their sum"),
        ((lambda Z, T: np.exp(shifted(Z / T)), T_75), "divided by its largest power"),
        ((lambda Z, T: softmax_at(-Z, T), T_75), "the largest score should get most"),
        ((lambda Z, T: sigmoid(Z / T), T_75), "compare the scores of a row"),
        ((lambda Z, T: Z / Z.sum(axis=1, keepdims=True), T_75), "the powers of e are missing"),
        ((lambda Z, T: np.exp(Z) / np.exp(Z).sum(axis=1), T_75), "keepdims=True keeps that"),
        ((lambda Z, T: softmax(Z / T), T_75), "calls the library's softmax"),
        ((lambda Z, T: softmax_at(Z, T)[0], T_75), "of shape (3, 4), but its shape is (4,)"),
        ((untouched, T_75), "softmax_at is still missing: write it first"),
        ((softmax_at, ...), "softmax_at is right. T_75 is still missing."),
        ((softmax_at, math.log(3)), "That is what the sigmoid gets"),
        ((softmax_at, math.log(3) / 3), "That is 1/T: turn it over"),
        ((softmax_at, -T_75), "the first class gets 0.25"),
        ((softmax_at, 3 / math.log(4)), "The odds are 3 to 1"),
        ((softmax_at, 2.73), "nearly right"),
        ((softmax_at, 4), "The sigmoid is missing"),
        ((softmax_at, 2.25), "3 times 0.75"),
        ((softmax_at, -4), "a temperature is above 0"),
        ((softmax_at, 3), "near, but not it"),
        ((softmax_at, 2.5), "T_75 is 2.5, which is too small"),
    ],
    3: [
        ((lambda a, b: (b / (a + b), predicted(a, b)[1]), measured()), "That is the share above 0"),
        ((lambda a, b: (-a / (a + b), 1), measured()), "A share is never negative"),
        ((lambda a, b: (a / b, 1), measured()), "divide by the whole way"),
        ((lambda a, b: (0.5, b / 4), measured()), "one half is the answer for a = b alone"),
        ((lambda a, b: predicted(a, b)[::-1], measured()), "The two are swapped"),
        ((lambda a, b: (100 * a / (a + b), 1), measured()), "not percent"),
        ((lambda a, b: (a / (a + b), (b - a) / 2), measured()), "before the ReLU"),
        ((lambda a, b: (a / (a + b), b / 2), measured()), "the zeros count too"),
        ((lambda a, b: (a / (a + b), b * b / (a + b)), measured()), "a factor of one half is"),
        ((lambda a, b: (a / (a + b), b / (a + b)), measured()), "multiply it by the mean of these"),
        ((lambda a, b: (a / (b - a), 1), measured()), "is a + b long, not b - a"),
        ((lambda a, b: a / (a + b), measured()), "predicted should return 2 values"),
        ((lambda a, b: (a / (a + b), ...), measured()), "value number 2 that predicted returns"),
        ((untouched_pair, measured()), "predicted is still missing: write it first"),
        ((predicted, untouched_triple), "predicted is right. measured is still missing."),
        ((predicted, lambda A: (np.mean(A == 0), np.mean(A), ...)), "value number 3 that measured"),
        ((predicted, measured(share=lambda A: np.mean(A > 0))), "the answers above 0"),
        ((predicted, measured(share=lambda A: np.sum(A == 0))), "That is the number of zeros"),
        ((predicted, measured(share=lambda A: np.mean(A < 0))), "nothing is below 0"),
        ((predicted, measured(share=lambda A: np.sum(A == 0) / len(A))), "the number of inputs"),
        (
            (predicted, measured(share=lambda A: np.mean(np.isclose(A, 0)))),
            "A tiny answer is not 0",
        ),
        ((predicted, measured(mean=np.sum)), "That is the sum: take the mean"),
        ((predicted, measured(mean=lambda A: A[A > 0].mean())), "the zeros count too"),
        ((predicted, measured(dead=lambda A: sum(~A.any(axis=1)))), "A unit is a column"),
        ((predicted, measured(dead=lambda A: sum((A == 0).any(axis=0)))), "0 for some input"),
        ((predicted, measured(dead=lambda A: np.mean(~A.any(axis=0)))), "their number is asked"),
        ((predicted, measured(dead=lambda A: sum(A.any(axis=0)))), "units that are alive"),
        ((predicted, measured(dead=lambda A: np.sum(A == 0))), "0 in its whole column"),
        ((predicted, measured(dead=lambda A: ~A.any(axis=0))), "but its shape is (7,)"),
        ((predicted, measured(dead=lambda A: sum(A.max(axis=0) < 1e-6))), "tiny: it is not dead"),
        ((predicted, measured(dead=lambda A: sum(A.mean(axis=0) < 1e-3))), "it is not dead"),
        ((predicted, measured(dead=lambda A: sum(~A[:3].any(axis=0)))), "it is not dead"),
        (
            (predicted, measured(dead=lambda A: sum(np.mean(A == 0, axis=0) > 0.99))),
            "one input of 2000 is not dead",
        ),
    ],
    4: [
        ((safe(lambda Z: 0), logarithm), "row 0, the one with 1000: a power overflows"),
        ((safe(lambda Z: Z.mean(axis=1)[:, None]), logarithm), "row 0, the one with 1000: a power"),
        ((safe(lambda Z: -Z.max(axis=1)[:, None]), logarithm), "still far above 0"),
        ((safe(lambda Z: Z[:, :1]), logarithm), "the first score of a row is not always"),
        ((hard_coded, logarithm), "row 2, the one with 3000: a power overflows"),
        ((lambda Z: plain(Z / Z.max(axis=1)[:, None]), logarithm), "You divide by the maximum"),
        (
            (lambda Z: np.exp(shifted(Z)) / np.exp(shifted(Z)).sum(axis=0), logarithm),
            "the columns add up to 1",
        ),
        ((safe(lambda Z: Z.max()), logarithm), "not a number in row 1, the one with -1000"),
        ((lambda Z: np.nan_to_num(safe(lambda Z: Z.max())(Z)), logarithm), "zeros alone in row 1"),
        ((lambda Z: plain(np.clip(Z, -700, 700)), logarithm), "cut off at 700"),
        ((safe(lambda Z: Z.max(axis=0), axis=0), logarithm), "the columns add up to 1"),
        ((lambda Z: softmax_at(Z, 1000), logarithm), "That is a temperature"),
        ((lambda Z: np.exp(shifted(Z)), logarithm), "not divided by their sum"),
        ((logarithm, logarithm), "Those are the logarithms"),
        ((lambda Z: softmax(Z), logarithm), "calls the library's softmax"),
        ((silenced, logarithm), "silences NumPy"),
        ((with_overflow, logarithm), "there is an overflow on the way"),
        ((in_place, logarithm), "safe_softmax changed its argument Z"),
        ((safe(lambda Z: Z.max(axis=1)), logarithm), "keepdims=True keeps that"),
        ((untouched, logarithm), "safe_softmax is still missing: write it first"),
        ((safe(), untouched), "safe_softmax is right. log_softmax is still missing."),
        ((safe(), lambda Z: np.log(safe()(Z))), "is minus infinity at index (0, 1)"),
        ((safe(), lambda Z: np.log(safe()(Z) + 1e-12)), "A floor below the probability"),
        (
            (safe(), lambda Z: np.log(np.maximum(safe()(Z), 1e-300))),
            "A floor below the probability",
        ),
        ((safe(), lambda Z: Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))), "is not finite: a"),
        (
            (safe(), lambda Z: first(Z) - np.log(np.exp(first(Z)).sum(axis=1, keepdims=True))),
            "is not finite: a power overflows",
        ),
        ((safe(), lambda Z: shifted(Z) - total(Z)), "it should be its logarithm"),
        ((safe(), shifted), "The logarithm of the sum is missing"),
        ((safe(), lambda Z: -logarithm(Z)), "never above 0"),
        ((safe(), safe()), "Those are the probabilities"),
        ((safe(), lambda Z: shifted(Z) + np.log(total(Z))), "a fraction becomes a difference"),
        ((safe(), lambda Z: Z - np.log(total(Z))), "but not from z in front of it"),
        ((safe(), lambda Z: logarithm(Z) / math.log(10)), "np.log is the natural logarithm"),
    ],
}
RIGHT = {
    1: (rectify, passes, 5),
    2: (softmax_at, T_75),
    3: (predicted, measured()),
    4: (safe(), other_logarithm),
}
