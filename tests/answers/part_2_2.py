"""Right and wrong answers to the exercises of part 2.2."""

from collections.abc import Callable

import numpy as np

from course_lib.neural_network import gradient_descent, mse_loss

FIVE = np.arange(1.0, 6.0).reshape(5, 1)
NOISY_X, NOISY_Y = np.array([[1.0], [2], [3], [4]]), np.array([[2.1], [4.2], [5.8], [8.3]])


def fit_line(step: Callable, record: Callable = mse_loss, before: bool = False) -> Callable:
    """Exercise 1 with another step, or another list of losses."""

    def fit(X, y, lr, num_steps):
        W, b, losses = np.zeros((X.shape[1], 1)), np.zeros((1, 1)), []
        for _ in range(num_steps):
            loss_before = record(X @ W + b, y)
            W, b = step(X, y, W, b, lr)
            losses.append(loss_before if before else record(X @ W + b, y))
        return W, b, losses

    return fit


def gradients(X, y, W, b):
    error = X @ W + b - y
    return X.T @ error / len(X), error.mean(axis=0, keepdims=True)


def scaled(for_W=1.0, for_b=1.0, sums=False) -> Callable:
    def step(X, y, W, b, lr):
        grad_W, grad_b = gradients(X, y, W, b)
        n = len(X) if sums else 1
        return W - n * for_W * lr * grad_W, b - n * for_b * lr * grad_b

    return step


def summed_W(X, y, W, b, lr):
    grad_W, grad_b = gradients(X, y, W, b)
    return W - lr * len(X) * grad_W, b - lr * grad_b


def summed_b(X, y, W, b, lr):
    grad_W, grad_b = gradients(X, y, W, b)
    return W - lr * grad_W, b - lr * len(X) * grad_b


def one_after_the_other(X, y, W, b, lr):
    W = W - lr * gradients(X, y, W, b)[0]
    return W, b - lr * gradients(X, y, W, b)[1]


def b_first(X, y, W, b, lr):
    b = b - lr * gradients(X, y, W, b)[1]
    return W - lr * gradients(X, y, W, b)[0], b


def without_rate(X, y, W, b, lr):
    return scaled()(X, y, W, b, 1)


def one_mean(X, y, W, b, lr):
    error = X @ W + b - y
    return W - lr * np.mean(X * error), b - lr * error.mean(axis=0, keepdims=True)


def of_four(X, y, W, b, lr):
    error = X @ W + b - y
    return W - lr * X.T @ error / 4, b - lr * error.mean(axis=0, keepdims=True)


def flat(X, y, W, b, lr):
    W, b = scaled()(X, y, W, b, lr)
    return W, b[0]


def transposed(X, y, W, b, lr):
    return W - lr * X @ (X @ W + b - y) / len(X), b


def first_step_only(X, y, lr, num_steps):
    W, b, losses = fit_line(scaled())(X, y, lr, 1)
    return W, b, losses * num_steps


def not_quite(X, y, lr, num_steps):
    W, b, losses = fit_line(scaled())(X, y, lr, num_steps)
    return W * (1 + 1e-4), b, losses


def last_loss(X, y, lr, num_steps):
    W, b, losses = fit_line(scaled())(X, y, lr, num_steps)
    return W, b, losses[-1]


def one_weight(X, y, lr, num_steps):
    return X @ np.ones((1, 1)), np.zeros((1, 1)), []


def no_loss(X, y, lr, num_steps):
    W, b, _ = fit_line(scaled())(X, y, lr, num_steps)
    return W, b, []


def one_loss_more(X, y, lr, num_steps):
    W, b, losses = fit_line(scaled())(X, y, lr, num_steps)
    return W, b, [mse_loss(0 * y, y), *losses]


def in_place(X, y, lr, num_steps):
    answer = fit_line(scaled())(X, y, lr, num_steps)
    y -= X @ answer[0]
    return answer


def half(y_pred, y):
    return mse_loss(y_pred, y) / 2


def count_steps(shift=0, when_missed=None, ignore=False, at_least=False, from_end=False):
    """Exercise 2 of part 2.2, with one of the mistakes that are easily made."""

    def count(X, y, lr, target, most_steps):
        W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
        losses = gradient_descent(X, y, W, b, lr, most_steps, len(X), mse_loss)[2]
        below = [step for step, loss in enumerate(losses, 1) if loss < target]
        if ignore:
            return most_steps
        if from_end and below:
            return len(below)
        if at_least:
            return 7
        if not below:
            return most_steps if when_missed is None else when_missed
        return below[0] + shift

    return count


def count_equal(X, y, lr, target, most_steps):
    return count_steps()(X, y, lr, target * (1 + 1e-12), most_steps)


def count_from_one(X, y, lr, target, most_steps):
    losses = gradient_descent(X, y, [[0.0]], [[0.0]], lr, most_steps, len(X), mse_loss)[2]
    return int(np.argmax(np.array(losses) < target)) + 1


FEW, MANY = (count_steps()(FIVE, 2 * FIVE + 1, lr, 0.005, 2000) for lr in (0.1, 0.01))


def largest_rate(
    bias=True, numerator=2.0, use_r=True, divide="R", power=1, index=-1, invert=True, diagonal=False
) -> Callable:
    """Exercise 3 of part 2.2, with one of the mistakes that are easily made."""

    def rate(X, r):
        r = r if use_r else np.ones_like(r)
        M = np.hstack([X, np.ones((len(X), 1))]) if bias else X
        H = M.T @ (r**power * M) / {"R": r.sum(), "n": len(X), "1": 1}[divide]
        curvature = np.diag(H).max() if diagonal else np.linalg.eigvalsh(H)[index]
        return numerator / curvature if invert else curvature

    return rate


def ones_for_each(X, r):
    M = np.hstack([X, np.ones_like(X)])
    return 2 / np.linalg.eigvalsh(M.T @ (r * M) / r.sum())[-1]


def two_by_two(X, r):
    return 2 / np.linalg.eigvalsh([[np.mean(X**2), np.mean(X)], [np.mean(X), 1]])[-1]


def rate_of_H(X, r):
    M = np.hstack([X, np.ones((len(X), 1))])
    return M.T @ (r * M) / r.sum()


LIMIT = largest_rate()(FIVE, np.ones((5, 1)))


def closed_form(bias=True, ones_first=False, swap=False, walk=False, flat_b=False, flat_W=False):
    """Exercise 4 of part 2.2, with one of the mistakes that are easily made."""

    def fit(X, y):
        if walk:
            zeros = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
            return gradient_descent(X, y, *zeros, 0.1, 100, len(X), mse_loss)[:2]
        ones = np.ones((len(X), 1))
        if not bias:
            return np.linalg.lstsq(X, y, rcond=None)[0], np.zeros((1, 1))
        M = np.hstack([ones, X] if ones_first or swap else [X, ones])
        v = np.linalg.lstsq(M, y, rcond=None)[0]
        W, b = (v[1:], v[:1]) if swap else (v[:-1], v[-1:])
        return (W[:, 0] if flat_W else W), (b[0] if flat_b else b)

    return fit


def whole_answer(X, y):
    return np.linalg.lstsq(np.hstack([X, np.ones((len(X), 1))]), y, rcond=None)


W_LOW, B_LOW = closed_form()(NOISY_X, NOISY_Y)
_, B_100, LOSSES_100 = gradient_descent(
    NOISY_X, NOISY_Y, [[0.0]], [[0.0]], 0.1, 100, 4, mse_loss
)  # fmt: skip
NOISE, WALK = B_LOW.item(), (B_100 - B_LOW).item()
LOWEST = mse_loss(NOISY_X @ W_LOW + B_LOW, NOISY_Y)

WRONG = {
    1: [
        ((fit_line(scaled(sums=True)),), "both gradients are sums over the rows"),
        ((fit_line(summed_W),), "columns, W is wrong. Its gradient is a mean"),
        ((fit_line(summed_b),), "b is wrong. Its gradient is the mean of the error"),
        ((fit_line(scaled(-1, -1)),), "both steps go uphill"),
        ((fit_line(scaled(-1, 1)),), "the step for W goes uphill"),
        ((fit_line(scaled(1, -1)),), "the step for b goes uphill"),
        ((fit_line(scaled(2, 2)),), "the 2 of the squared error is left to lr"),
        ((fit_line(one_after_the_other),), "b follows the slope at the new W"),
        ((fit_line(b_first),), "W follows the slope at the new b"),
        ((fit_line(without_rate),), "not multiplied by lr"),
        ((fit_line(scaled(1, 0)),), "b has not moved"),
        ((fit_line(scaled(0, 1)),), "W has not moved"),
        ((fit_line(scaled(0, 0)),), "nothing has moved"),
        ((fit_line(one_mean),), "Each column of X has a gradient of its own"),
        ((fit_line(of_four),), "W after 1 step on 7 rows of 3 columns should be"),
        ((fit_line(flat),), "should be an array of shape (1, 1), but its shape is (1,)"),
        ((fit_line(transposed),), "need one row for each column of X"),
        ((one_weight,), "need one row for each column of X"),
        ((no_loss,), "has length 0, not 1"),
        ((fit_line(scaled(), before=True),), "taken before each step"),
        ((fit_line(scaled(), record=half),), "half the mean squared error"),
        ((first_step_only,), "Is the return line indented too far?"),
        ((not_quite,), "W after 1 step on 7 rows of 3 columns should be"),
        ((last_loss,), "is a single value: append the loss after every step"),
        ((one_loss_more,), "has length 2, not 1"),
        ((in_place,), "fit_line changed its argument y"),
        ((lambda *a: fit_line(scaled())(*a)[:2],), "should return 3 values"),
        ((lambda *a: (np.zeros((3, 1)), ..., ...),), "value number 2 that fit_line returns is"),
        ((7,), "fit_line should be a function"),
    ],
    2: [
        ((count_steps(shift=-1), MANY / FEW), "is the loss after step 1, not 0"),
        ((count_steps(shift=1), MANY / FEW), "this is one step more"),
        ((count_steps(ignore=True), MANY / FEW), "It always returns most_steps"),
        ((count_steps(from_end=True), MANY / FEW), "count those before, plus one"),
        ((count_steps(when_missed=1), MANY / FEW), "(np.argmax finds 0 where nothing is True.)"),
        ((count_steps(when_missed=0), MANY / FEW), "return most_steps, 25"),
        ((count_steps(at_least=True), MANY / FEW), "should be 12, but it is 7"),
        ((count_equal, MANY / FEW), "a loss equal to the target does not count"),
        ((count_from_one, MANY / FEW), "stopped with ValueError"),
        ((count_steps(), FEW / MANY), "Divide the other way round"),
        ((count_steps(), MANY - FEW), "That is the difference of the two counts"),
        ((count_steps(), MANY), "divide it by the count for 0.1"),
        ((count_steps(), 10), "times_as_many is 10, which is too small. Divide the two counts"),
        ((count_steps(), ...), "count_steps is right. times_as_many is still missing."),
        ((lambda *a: ..., 10.0), "count_steps is still missing: write it first"),
        ((lambda *a: None, 10.0), "is its return line missing?"),
    ],
    3: [
        ((largest_rate(bias=False), 0.9 * LIMIT), "The bias is missing"),
        ((largest_rate(numerator=1), 0.9 * LIMIT), "The 2 is missing"),
        ((largest_rate(invert=False), 0.9 * LIMIT), "That is the curvature itself"),
        ((largest_rate(divide="1"), 0.9 * LIMIT), "The curvature is a mean: divide by R"),
        ((largest_rate(diagonal=True), 0.9 * LIMIT), "take the eigenvalue"),
        ((largest_rate(index=0), 0.9 * LIMIT), "the most curved one sets the limit"),
        ((largest_rate(use_r=False), 0.9 * LIMIT), "with different r is wrong. r is ignored"),
        ((largest_rate(divide="n"), 0.9 * LIMIT), "It divides by n: divide by R"),
        ((largest_rate(power=2), 0.9 * LIMIT), "r comes in twice"),
        ((largest_rate(power=0.5), 0.9 * LIMIT), "With r all 1 it is right"),
        ((ones_for_each, 0.9 * LIMIT), "one column of ones, not one for each of X"),
        ((two_by_two, 0.9 * LIMIT), "here 3 and the bias"),
        ((rate_of_H, 0.9 * LIMIT), "should be a number, but its shape is (4, 4)"),
        ((largest_rate(), 0.1), "59% of it, the loss is 0.0020 after 80 steps, not below"),
        ((largest_rate(), 0.98 * LIMIT), "the leaps shrink slowly"),
        ((largest_rate(), 1.1 * LIMIT), "110% of it, the walk diverges"),
        ((largest_rate(), -0.1), "lr_few should be above 0"),
        ((largest_rate(), ...), "largest_rate is right. lr_few is still missing."),
        ((lambda X, r: ..., 0.1), "largest_rate is still missing: write it first"),
    ],
    4: [
        ((closed_form(bias=False), NOISE, WALK, LOWEST), "The column of ones is missing"),
        ((closed_form(ones_first=True), NOISE, WALK, LOWEST), "b stands where the last column"),
        (
            (closed_form(walk=True), NOISE, WALK, LOWEST),
            "W, with b below it, on 7 rows of 3 columns is wrong. That is",
        ),
        ((closed_form(flat_b=True), NOISE, WALK, LOWEST), "but its shape is (1,)"),
        ((closed_form(flat_W=True), NOISE, WALK, LOWEST), "Was a dimension lost?"),
        ((whole_answer, NOISE, WALK, LOWEST), "should return 2 values, but it returned 4"),
        ((closed_form(), NOISE + WALK, WALK, LOWEST), "take b at the lowest point"),
        ((closed_form(), WALK, NOISE, LOWEST), "are b_noise and b_walk swapped?"),
        ((closed_form(), NOISE, NOISE, LOWEST), "That is what the noise did"),
        ((closed_form(), round(NOISE, 1), WALK, LOWEST), "and do not round"),
        ((closed_form(), W_LOW, WALK, LOWEST), "That is W: take b."),
        ((closed_form(), NOISE, -WALK, LOWEST), "Its sign is turned around"),
        ((closed_form(), NOISE, NOISE + WALK, LOWEST), "take away b at the lowest point"),
        ((closed_form(), NOISE, WALK, 4 * LOWEST), "the loss is their mean"),
        ((closed_form(), NOISE, WALK, LOSSES_100[-1]), "That is the loss after 100 steps"),
        ((closed_form(), NOISE, WALK, 0.0), "no line goes through all of them"),
        ((closed_form(), NOISE, WALK, 0.02), "smallest_loss is 0.02, which is too small"),
        ((closed_form(), ..., ..., ...), "closed_form is right. b_noise is still missing."),
        ((lambda X, y: (..., ...), NOISE, ..., ...), "closed_form is still missing: write"),
    ],
}
RIGHT = {
    1: (fit_line(scaled()),),
    2: (count_steps(), MANY / FEW),
    3: (largest_rate(), 0.9 * LIMIT),
    4: (closed_form(swap=True), NOISE, WALK, LOWEST),
}
