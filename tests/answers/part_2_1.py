"""Right and wrong answers to the exercises of part 2.1."""

from collections.abc import Callable

import numpy as np

from course_lib.datasets import load_data, select_pair
from course_lib.neural_network import binary_cross_entropy, mse_loss, sigmoid

X = np.array([[1.0], [2.0], [3.0]])
Y = np.array([[2.0], [3.5], [5.0]])
Y_CLASS = np.array([[1.0], [0.0], [1.0]])
Z_RIGHT = np.array([[1.0], [-1.0], [2.0]])
FACTORS = [0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]


def mse(y_pred, y):
    return np.mean((y_pred - y) ** 2)


def bce(
    minus=-1.0,
    limit=1e-12,
    log=np.log,
    over=np.mean,
    prepare=lambda A, limit: np.clip(A, limit, 1),
    yes=1.0,
    no=1.0,
) -> Callable:
    """Exercise 2 of part 2.1, with one of the mistakes that are easily made."""

    def loss(A, y):
        log_a, log_not_a = log(prepare(A, limit)), log(prepare(1 - A, limit))
        return minus * over(yes * y * log_a + no * (1 - y) * log_not_a)

    return loss


def clip_both(A, limit):
    return np.clip(A, limit, 1 - limit)


def add(A, limit):
    return A + limit


def as_it_is(A, limit):
    return A


def line_loss(shape=lambda y: y.reshape(-1, 1), over=np.mean, bias=1) -> Callable:
    """Exercise 3 of part 2.1, with another way to reshape the targets."""
    return lambda x, y, W, b: over((x * W + bias * b - shape(y)) ** 2)


def best_bias(x, y, W):
    return np.mean(y - x * W)


def scaled(use=lambda Z, factor: factor * Z, loss=binary_cross_entropy, transform=np.array):
    """Exercise 4 of part 2.1, with one of the mistakes that are easily made."""

    def losses(Z, y, factors):
        return transform([loss(sigmoid(use(Z, factor)), y) for factor in factors])

    return losses


def scaled_after(Z, y, factors):
    return [binary_cross_entropy(factor * sigmoid(Z), y) for factor in factors]


def one_by_one(Z, y, factors):
    losses = np.zeros(len(factors))
    for i, factor in enumerate(factors):
        losses[i] = binary_cross_entropy(sigmoid(factor * Z), y)
        return losses


def in_place(Z, y, factors):
    losses = []
    for factor in factors:
        Z *= factor
        losses.append(binary_cross_entropy(sigmoid(Z), y))
    return losses


def piled_up(Z, y, factors):
    losses = []
    for factor in factors:
        Z = Z * factor
        losses.append(binary_cross_entropy(sigmoid(Z), y))
    return losses


def digits() -> np.ndarray:
    X_train, y_train, _, _ = select_pair(load_data(), 4, 9)
    mean_4, mean_9 = (X_train[y_train[:, 0] == k].mean(axis=0, keepdims=True) for k in (0, 1))
    Z = (X_train - (mean_4 + mean_9) / 2) @ (mean_9 - mean_4).T
    return scaled()(Z, y_train, FACTORS)


DIGITS = digits()
BEST = FACTORS[int(np.argmin(DIGITS))]
LOSS_RIGHT = binary_cross_entropy(sigmoid(Z_RIGHT), Y_CLASS)
LOSS_WRONG = binary_cross_entropy(sigmoid([[-2.0], [2.0], [-1.0]]), Y_CLASS)
LOSS_BEST = mse_loss(X + 1.5, Y)

WRONG = {
    1: [
        ((lambda p, y: np.sum((p - y) ** 2), 0.0, 4.0), "It is the sum: divide by the number"),
        ((lambda p, y: np.sum((p - y) ** 2) / 3, 0.0, 4.0), "It divides by 3"),
        ((lambda p, y: mse(p, y) / 2, 0.0, 4.0), "no factor 1/2"),
        ((lambda p, y: np.sqrt(mse(p, y)), 0.0, 4.0), "the formula has no root"),
        ((lambda p, y: np.mean(p - y), 0.0, 4.0), "square each of them first"),
        ((lambda p, y: np.mean(np.abs(p - y)), 0.0, 4.0), "mean of the absolute errors"),
        ((lambda p, y: np.mean(p - y) ** 2, 0.0, 4.0), "square first, then take the mean"),
        ((lambda p, y: (p - y) ** 2, 0.0, 4.0), "but its shape is (7, 1): take the mean."),
        ((lambda p, y: (p - y).T - p, 0.0, 4.0), "should be a number, but its shape is (7, 7)."),
        (
            (lambda p, y: np.mean((p - y) ** 2) + 0.1, 0.0, 4.0),
            "of shape (7, 1) should be 4.64286, but it is 4.74286",
        ),
        ((lambda p, y: None, 0.0, 4.0), "is its return line missing?"),
        ((lambda p, y: ..., 0.0, ...), "mse is still missing: write it first"),
        ((mse, ..., ...), "mse is right. loss_line is still missing."),
        ((mse, 0.25, 4.0), "The bias is missing"),
        ((mse, mse(X * 0.5 + 1.5, Y), 4.0), "W and b exchanged"),
        ((mse, 0.5, 4.0), "loss_line is 0.5, which is too large"),
        ((mse, 0.0, ...), "loss_line is right. loss_raised is still missing."),
        ((mse, 0.0, 2.0), "the loss squares it"),
        ((mse, 0.0, 12.0), "take the mean over the three points"),
        ((mse, 0.0, 1.0), "go to b = 2.5"),
    ],
    2: [
        ((bce(over=np.sum), LOSS_RIGHT), "It is the sum: divide by the number"),
        ((bce(over=lambda a: np.sum(a) / 3), LOSS_RIGHT), "It divides by 3"),
        ((bce(minus=1.0), LOSS_RIGHT), "Its sign is turned around"),
        ((bce(no=0.0), LOSS_RIGHT), "rows with target 0 cost nothing"),
        ((bce(yes=0.0), LOSS_RIGHT), "rows with target 1 cost nothing"),
        ((lambda A, y: bce()(1 - A, y), LOSS_RIGHT), "ln a and ln(1 - a) are exchanged"),
        ((bce(log=np.log2), LOSS_RIGHT), "to base 2: np.log is ln"),
        ((bce(log=np.log10), LOSS_RIGHT), "to base 10: np.log is ln"),
        ((mse, LOSS_RIGHT), "That is the squared error"),
        ((bce(prepare=as_it_is), LOSS_RIGHT), "for a perfect prediction its loss is not a finite"),
        (
            (lambda A, y: -np.mean(np.log(np.where(y == 1, A, 1 - A))), LOSS_RIGHT),
            "for a = 0 where y = 1 its loss is not a finite",
        ),
        ((bce(prepare=add), LOSS_RIGHT), "a loss below 0 (-1e-12)"),
        ((bce(limit=1e-15), LOSS_RIGHT), "The limit is 1e-12, not 1e-15"),
        ((bce(limit=1e-10), LOSS_RIGHT), "should be 11.0524, but it is 9.21034"),
        ((bce(limit=1e-7, prepare=clip_both), LOSS_RIGHT), "the loss 1e-07, not 0"),
        ((bce(over=np.asarray), LOSS_RIGHT), "but its shape is (7, 1): take the mean."),
        ((bce(), ...), "bce is right. loss_right is still missing."),
        ((bce(), 3 * LOSS_RIGHT), "That is the sum: bce gives the mean"),
        ((bce(), bce()(np.clip(Z_RIGHT, 0, 1), Y_CLASS)), "The probabilities are sigmoid(Z_right)"),
        ((bce(), bce(prepare=np.maximum)(Z_RIGHT, Y_CLASS)), "but no loss is below 0"),
        ((bce(), mse_loss(sigmoid(Z_RIGHT), Y_CLASS)), "That is the squared error: use bce"),
        ((bce(), 0.0), "and none is 0 or 1"),
        ((bce(), bce(prepare=clip_both)(Z_RIGHT, Y_CLASS)), "and none is 0 or 1"),
        ((bce(), 0.2), "loss_right is 0.2, which is too small"),
    ],
    3: [
        ((line_loss(lambda y: y), best_bias, LOSS_BEST), "pairs every row with every other"),
        ((line_loss(lambda y: y.T), best_bias, LOSS_BEST), "leave that shape as it is"),
        ((line_loss(lambda y: y[:, None]), best_bias, LOSS_BEST), "leave that shape as it is"),
        ((line_loss(over=np.sum), best_bias, LOSS_BEST), "leave the mean in the last line"),
        ((line_loss(bias=0), best_bias, LOSS_BEST), "The bias is missing"),
        ((line_loss(), lambda *a: ..., ...), "line_loss is right. best_bias is still missing."),
        ((line_loss(lambda y: y), lambda *a: ..., 0.1), "pairs every row with every other"),
        ((line_loss(), lambda x, y, W: np.mean(x * W - y), LOSS_BEST), "sign is turned around"),
        ((line_loss(), lambda x, y, W: np.sum(y - x * W), LOSS_BEST), "It is the sum"),
        ((line_loss(), lambda x, y, W: np.sum(y - x * W) / 3, LOSS_BEST), "It divides by 3"),
        ((line_loss(), lambda x, y, W: 2 * np.mean(x * W - y), LOSS_BEST), "the slope at b = 0"),
        ((line_loss(), lambda x, y, W: 2 * np.mean(y - x * W), LOSS_BEST), "twice the best bias"),
        ((line_loss(), lambda x, y, W: np.mean(y), LOSS_BEST), "W is not in it"),
        ((line_loss(), lambda x, y, W: np.mean(y) - W, LOSS_BEST), "multiply W by x first"),
        ((line_loss(), lambda x, y, W: np.mean(y + x * W), LOSS_BEST), "xW is added"),
        ((line_loss(), lambda x, y, W: np.median(y - x * W), LOSS_BEST), "It is the median"),
        ((line_loss(), lambda x, y, W: y - x * W, LOSS_BEST), "but its shape is (7, 1)"),
        ((line_loss(), lambda x, y, W: 1.5, LOSS_BEST), "that best_bias gives for 7 rows"),
        ((line_loss(), best_bias, ...), "best_bias is right. loss_best is still missing."),
        ((line_loss(), best_bias, 1.5), "put it into line_loss"),
        ((line_loss(), best_bias, mse_loss(X + 0.5, Y)), "That is with b = 0.5"),
        ((line_loss(), best_bias, 0.0), "keep W = 1"),
        ((line_loss(), best_bias, 0.5), "loss_best is 0.5, which is too large"),
    ],
    4: [
        ((scaled(lambda Z, f: Z), LOSS_WRONG, 0.001, BEST), "multiply Z by it"),
        ((scaled(lambda Z, f: Z / f), LOSS_WRONG, 0.001, BEST), "It divides by the factor"),
        (
            (lambda Z, y, f: len(y) * scaled()(Z, y, f), LOSS_WRONG, 0.001, BEST),
            "They are sums",
        ),
        ((scaled(transform=np.sort), LOSS_WRONG, 0.001, BEST), "not in the order of the factors"),
        ((scaled(loss=mse_loss), LOSS_WRONG, 0.001, BEST), "use binary_cross_entropy"),
        ((one_by_one, LOSS_WRONG, 0.001, BEST), "is the return line indented too far?"),
        ((in_place, LOSS_WRONG, 0.001, BEST), "changed its argument Z"),
        ((piled_up, LOSS_WRONG, 0.001, BEST), "start from Z each time"),
        ((scaled_after, LOSS_WRONG, 0.001, BEST), "The factor belongs inside the sigmoid."),
        (
            (lambda Z, y, f: scaled()(Z, y, range(len(f))), LOSS_WRONG, 0.001, BEST),
            "by the position i: take factors[i].",
        ),
        ((scaled(transform=np.mean), LOSS_WRONG, 0.001, BEST), "one number: fill losses[i]"),
        ((scaled(transform=lambda a: np.array(a[0])), LOSS_WRONG, 0.001, BEST), "one number"),
        ((scaled(), ..., ..., ...), "scaled_losses is right. loss_wrong is still missing."),
        ((scaled(), 3 * LOSS_WRONG, 0.001, BEST), "sum over the three rows"),
        ((scaled(), LOSS_RIGHT, 0.001, BEST), "take Z_wrong"),
        ((scaled(), LOSS_WRONG, 0, BEST), "0 is not in the list of factors. If it is a position"),
        ((scaled(), LOSS_WRONG, 0.5, BEST), "best_wrong is wrong. 0.5 is not in the list"),
        ((scaled(), LOSS_WRONG, 30, BEST), "best_wrong is wrong. That factor has the highest"),
        ((scaled(), LOSS_WRONG, 0.01, BEST), "best_wrong is 0.01, which is too large"),
        ((scaled(), LOSS_WRONG, 0.001, ...), "best_wrong is right. best_digits is still missing."),
        (
            (scaled(), LOSS_WRONG, 0.001, int(np.argmin(DIGITS))),
            "If it is a position, give factors[position].",
        ),
        ((scaled(), LOSS_WRONG, 0.001, DIGITS.min()), "give the factor that leads to it"),
        ((scaled(), LOSS_WRONG, 0.001, 10), "best_digits is 10, which is too large"),
    ],
}
RIGHT = {
    1: (mse, 0.0, 4.0),
    2: (bce(), LOSS_RIGHT),
    3: (line_loss(), best_bias, LOSS_BEST),
    4: (scaled(), LOSS_WRONG, 0.001, BEST),
}
