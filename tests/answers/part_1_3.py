"""Right and wrong answers to the exercises of part 1.3."""

import math
import warnings

import numpy as np

from course_lib.neural_network import sigmoid

Z = np.array([[0.0, 1.0, -1.0], [2.0, -0.5, 3.0]])
E = np.exp(Z)
LN_9 = math.log(9)


def untouched(*arguments):
    return ...


def shifted(E, c):
    return E * np.exp(c)


def shifted_in_place(E, c):
    E *= np.exp(c)
    return E


def between(Z, low, high):
    return low + (high - low) * sigmoid(Z)


def naive(Z):
    return 1 / (1 + np.exp(-Z))


def other(Z):
    return np.exp(Z) / (1 + np.exp(Z))


def bend(slope=lambda Z: np.where(Z > 0, 1.0, 0.0), value=lambda Z: np.maximum(0, Z)):
    return lambda Z: (value(Z), slope(Z))


def bend_in_place(Z):
    Z[Z < 0] = 0
    return Z, (Z > 0).astype(float)


def safe(Z):
    small = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1, small) / (1 + small)


def silenced(Z):
    with np.errstate(all="ignore"):
        return np.where(Z >= 0, naive(Z), other(Z))


def silenced_for_good(Z):
    np.seterr(all="ignore")
    return naive(Z)


def silenced_by_filter(Z):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return naive(Z)


WRONG = {
    1: [
        ((np.e * Z, shifted), "E is wrong. That is e times z"),
        ((np.exp(-Z), shifted), "That is e to the power -z"),
        ((2**Z, shifted), "That is 2 to the power z"),
        ((2.718**Z, shifted), "np.exp knows them"),
        ((2.71828**Z, shifted), "np.exp knows them"),
        ((np.expm1(Z), shifted), "np.expm1 is e^z - 1"),
        ((E.T, shifted), "Is it transposed?"),
        ((E[0], shifted), "E should be an array of shape (2, 3), but its shape is (3,)"),
        ((E, lambda E, c: E + np.exp(c)), "Adding in the power is multiplying outside of it"),
        ((E, lambda E, c: E + c), "It adds c to e^z"),
        ((E, lambda E, c: E * c), "The factor is a power of e"),
        ((E, lambda E, c: np.exp(E + c)), "you take its power once more"),
        ((E, lambda E, c: E**c), "It multiplies the power by c"),
        ((E, lambda E, c: E / np.exp(c)), "c is subtracted"),
        ((E, lambda E, c: E), "c is not used"),
        ((E, lambda E, c: E * np.exp(np.sum(c))), "All columns get the same factor"),
        ((E, lambda E, c: np.exp(Z + c)), "uses the Z of the notebook"),
        ((E, lambda E, c: E * np.exp(c[1])), "stopped with IndexError"),
        ((E, lambda E, c: E * 2.71828**c), "columns is nearly right: the digits of e go on"),
        ((E, shifted_in_place), "exp_shifted changed its argument E"),
        ((E, untouched), "E is right. exp_shifted is still missing."),
        ((..., shifted), "E is still missing: compute it first"),
    ],
    2: [
        ((lambda Z, low, high: (high - low) * sigmoid(Z), LN_9), "It starts at 0: add low"),
        ((lambda Z, low, high: low + high * sigmoid(Z), LN_9), "The factor is high alone"),
        ((lambda Z, low, high: high * sigmoid(Z), LN_9), "low is not used"),
        ((lambda Z, low, high: sigmoid(Z), LN_9), "That is the sigmoid itself"),
        ((lambda Z, low, high: high - (high - low) * sigmoid(Z), LN_9), "It falls from high"),
        ((lambda Z, low, high: low + (low + high) * sigmoid(Z), LN_9), "low + high is no distance"),
        ((lambda Z, low, high: low + high - low * sigmoid(Z), LN_9), "Parentheses are missing"),
        ((np.clip, LN_9), "It cuts z off"),
        ((lambda Z, low, high: np.clip(sigmoid(Z), low, high), LN_9), "It cuts answers off"),
        ((lambda Z, low, high: sigmoid((high - low) * Z + low), LN_9), "Stretch the answer"),
        ((lambda Z, low, high: between(Z, -1, 1), LN_9), "between(Z, -3, 0.5), for Z of shape (5, 2), should be"),
        ((untouched, LN_9), "between is still missing: write it first"),
        ((between, ...), "between is right. z_80 is still missing."),
        ((between, math.log(4)), "which share of that way is it?"),
        ((between, -LN_9), "mind the sign"),
        ((between, 0.9), "Now find the z for it"),
        ((between, math.log10(9)), "np.log is the natural logarithm"),
        ((between, 2 * sigmoid(0.8) - 1), "the question is the other way round"),
        ((between, 2.2), "z_80 is nearly right"),
        ((between, 2.19), "do not round"),
        ((between, 2.5), "z_80 is 2.5, which is too large."),
        ((between, "ln 9"), "z_80 should be a number"),
    ],
    3: [
        ((bend(value=lambda Z: np.minimum(0, Z)), sigmoid), "That is the smaller of 0 and z"),
        ((bend(value=np.abs), sigmoid), "Negative entries lost their sign"),
        ((bend(value=np.max), sigmoid), "should be an array of shape (5, 2), but its shape is ()"),
        ((bend(value=lambda Z: Z), sigmoid), "Nothing happened to the negative entries"),
        ((lambda Z: bend()(Z)[::-1], sigmoid), "return values first, then slopes"),
        ((bend_in_place, sigmoid), "bend changed its argument Z"),
        ((bend(lambda Z: np.where(Z >= 0, 1.0, 0.0)), sigmoid), "test for z > 0"),
        ((bend(lambda Z: np.heaviside(Z, 0.5)), sigmoid), "not the average of left and right"),
        ((bend(np.sign), sigmoid), "its slope is 0, not -1"),
        ((bend(lambda Z: (Z <= 0) * 1.0), sigmoid), "Left and right are swapped"),
        ((bend(lambda Z: np.maximum(0, Z)), sigmoid), "Those are the values once more"),
        ((bend(untouched), sigmoid), "value number 2 that bend returns is still missing."),
        ((lambda Z: np.maximum(0, Z), sigmoid), "bend should return 2 values"),
        ((lambda Z: (..., ...), sigmoid), "bend is still missing: write it first"),
        ((bend(), untouched), "bend is right. soft_slope is still missing."),
        ((bend(), lambda Z: 1 / (1 + np.exp(Z))), "multiplies by the slope of u"),
        ((bend(), np.exp), "multiplies by 1/u"),
        ((bend(), lambda Z: np.log(1 + np.exp(Z))), "its slope is asked for"),
        ((bend(), lambda Z: sigmoid(Z) * (1 - sigmoid(Z))), "That is the slope of the sigmoid"),
        ((bend(), lambda Z: -sigmoid(Z)), "Its sign is turned around"),
        ((bend(), lambda Z: (Z > 0) * 1.0), "the corner is rounded off here"),
        ((bend(), lambda Z: np.exp(Z) / np.exp(Z)), "it stays in 1/u"),
        ((bend(), lambda Z: sigmoid(2 * Z)), "is your formula, the"),
        ((bend(), other), "at z = 1000 it is not a number"),
    ],
    4: [
        ((naive, 17, -89), "gives the right values, but there is an overflow"),
        ((silenced, 17, -89), "it silences NumPy"),
        ((silenced_for_good, 17, -89), "it silences NumPy"),
        ((silenced_by_filter, 17, -89), "it silences NumPy"),
        ((sigmoid, 17, -89), "Write it with NumPy alone"),
        ((lambda Z: sigmoid(Z) + 0.0, 17, -89), "Write it with NumPy alone"),
        ((lambda Z: naive(np.clip(Z, -500, 500)), 17, -89), "Do not cut scores off"),
        ((lambda Z: np.where(Z >= 0, naive(Z), other(Z)), 17, -89), "not even for entries that np.where does not choose"),
        ((other, 17, -89), "is not a number where z = 1000"),
        ((lambda Z: (1 + np.tanh(Z / 2)) / 2, 17, -89), "gives 0 at z = -40"),
        ((lambda Z: np.where(Z >= 0, safe(Z), 1 - safe(-Z)), 17, -89), "gives 0 at z = -40"),
        ((lambda Z: safe(-Z), 17, -89), "It is mirrored"),
        ((lambda Z: safe(np.abs(Z)), 17, -89), "right for positive scores only"),
        ((lambda Z: safe(-np.abs(Z)), 17, -89), "right for negative scores only"),
        ((lambda Z: np.where(Z >= 0, safe(Z), np.exp(-np.abs(Z))), 17, -89), "The lower part of the fraction is missing"),
        ((lambda Z: np.where(Z >= 0, naive(Z), np.exp(Z) / 1 + np.exp(Z)), 17, -89), "Parentheses are missing"),
        ((lambda Z: safe(Z) * (1 - safe(Z)), 17, -89), "That is the slope"),
        ((lambda Z: 1 / (1 + np.exp(-Z)) if Z >= 0 else 0, 17, -89), "stopped with ValueError"),
        ((lambda Z: safe(Z).ravel(), 17, -89), "should be an array of shape (4, 3)"),
        ((lambda Z: np.stack([safe(row) for row in Z.reshape(-1, 3)]), 17, -89), "for Z of shape (12,)"),
        ((untouched, 17, -89), "safe_sigmoid is still missing: write it first"),
        ((safe, ..., -89), "safe_sigmoid is right. one_32 is still missing."),
        ((safe, 17, ...), "one_32 is right. warn_32 is still missing."),
        ((safe, 37, -89), "hand sigmoid a np.float32(z)"),
        ((safe, 16, -89), "go one further"),
        ((safe, 18, -89), "but also before"),
        ((safe, 17, -710), "That is where float64 overflows"),
        ((safe, 17, 89), "the z itself is negative"),
        ((safe, 17, -88), "go one further"),
        ((safe, 17, -90), "but also before"),
        ((safe, 17, -100), "warn_32 is -100, which is too small."),
    ],
}  # fmt: skip
RIGHT = {
    1: (E, shifted),
    2: (between, LN_9),
    3: (bend(), sigmoid),
    4: (safe, 17, -89),
}
