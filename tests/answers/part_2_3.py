"""Right and wrong answers to the exercises of part 2.3."""

from collections.abc import Callable

import numpy as np

from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.neural_network import gradient_descent, mini_batches, mse_loss, sigmoid


def train_line(step: Callable) -> Callable:
    """Exercise 1 of part 2.3 with another step for each batch."""

    def train(X, y, lr, batch_size, num_epochs, rng):
        W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
        for _ in range(num_epochs):
            for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
                error = X_batch @ W + b - y_batch
                W, b = step(W, b, X_batch, error, lr, batch_size)
        return W, b

    return train


def good_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / len(X), b - lr * error.mean(axis=0, keepdims=True)


def summed_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error, b - lr * error.sum(axis=0, keepdims=True)


def short_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / batch_size, b - lr * error.sum(keepdims=True) / batch_size


def uphill_step(W, b, X, error, lr, batch_size):
    return W + lr * X.T @ error / len(X), b + lr * error.mean(axis=0, keepdims=True)


def biasless_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / len(X), b


def flat_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / len(X), b[0] - lr * error.mean(axis=0)


def twice_step(W, b, X, error, lr, batch_size):
    return W - 2 * lr * X.T @ error / len(X), b - 2 * lr * error.mean(axis=0, keepdims=True)


def summed_W_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error, b - lr * error.mean(axis=0, keepdims=True)


def short_W_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / batch_size, b - lr * error.mean(axis=0, keepdims=True)


def uphill_b_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / len(X), b + lr * error.mean(axis=0, keepdims=True)


def late_b_step(W, b, X, error, lr, batch_size):
    W_new = W - lr * X.T @ error / len(X)
    return W_new, b - lr * (error + X @ (W_new - W)).mean(axis=0, keepdims=True)


def half_step(W, b, X, error, lr, batch_size):
    return W - lr * X.T @ error / len(X), ...


def first_batch_only(X, y, lr, batch_size, num_epochs, rng):
    for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
        zero = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
        return good_step(*zero, X_batch, -y_batch, lr, batch_size)


def one_epoch_only(X, y, lr, batch_size, num_epochs, rng):
    return train_line(good_step)(X, y, lr, batch_size, 1, rng)


def nearly(X, y, lr, batch_size, num_epochs, rng):
    W, b = train_line(good_step)(X, y, lr, batch_size, num_epochs, rng)
    return W * (1 + 1e-4), b


def all_rows_each_time(X, y, lr, batch_size, num_epochs, rng):
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for _ in range(num_epochs):
        for _ in mini_batches(X, y, batch_size, rng):
            W, b = good_step(W, b, X, X @ W + b - y, lr, batch_size)
    return W, b


def transposed_step(W, b, X, error, lr, batch_size):
    return W - lr * X @ error / len(X), b


LINE = np.arange(1.0, 9.0).reshape(8, 1)


def compare(
    same_epochs=False,
    go_on=False,
    share=False,
    floor=False,
    last_only=False,
    proportional=False,
    first_seed=False,
    everything=False,
):
    """Exercise 2 of part 2.3, with one of the mistakes that are easily made."""

    def histories(batch_sizes, num_updates, lr, seed):
        seed = 0 if first_seed else seed
        result, zero, rng = {}, np.zeros((1, 1)), np.random.default_rng(seed)
        W, b = zero, zero
        for size in batch_sizes:
            updates = 8 // size if floor else -(-8 // size)
            epochs = num_updates if same_epochs else num_updates // updates
            epochs = num_updates * size // 8 if proportional else epochs
            W, b = (W, b) if go_on else (zero, zero)
            rng = rng if share else np.random.default_rng(seed)
            W, b, losses = gradient_descent(
                LINE, 2 * LINE, W, b, lr, epochs, size, mse_loss, rng=rng
            )
            result[size] = losses[-1] if last_only else (W, b, losses) if everything else losses
        return result

    return histories


def gradient(error_of=None, scale=None, transform=lambda gradient: gradient):
    """Exercise 3 of part 2.3, with another error or another scale."""

    def logistic_gradient(X, y, W, b):
        A = sigmoid(X @ W + b)
        error = (A - y) if error_of is None else error_of(A, y, X @ W + b)
        n = len(X) if scale is None else scale
        return transform(X.T @ error / n), error.sum(axis=0, keepdims=True) / n

    return logistic_gradient


def one_epoch(ignore=False, first=False, drop=False, apart=False, linear=False, shuffle=False):
    """Exercise 4 of part 2.3, with one of the mistakes that are easily made."""

    def train(X, y, order, lr, batch_size):
        rows = np.arange(len(X)) if ignore else order
        rows = np.random.default_rng(1).permutation(rows) if shuffle else rows
        X, y = X[rows], (y if apart else y[rows])
        W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
        end = len(X) - batch_size + 1 if drop else batch_size if first else len(X)
        for start in range(0, end, batch_size):
            X_batch, y_batch = X[start : start + batch_size], y[start : start + batch_size]
            Z = X_batch @ W + b
            error = (Z if linear else sigmoid(Z)) - y_batch
            W = W - lr * X_batch.T @ error / len(X_batch)
            b = b - lr * error.mean(axis=0, keepdims=True)
        return W, b

    return train


def order_results() -> tuple[float, float, float]:
    X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
    scaler = fit_scaler(X_train)
    X_train, X_test = apply_scaler(X_train, scaler), apply_scaler(X_test, scaler)
    orders = (
        np.argsort(y_train[:, 0], kind="stable"),
        np.random.default_rng(0).permutation(len(X_train)),
    )
    says = []
    for order in orders:
        W, b = one_epoch()(X_train, y_train, order, 0.1, 32)
        says.append(sigmoid(X_test @ W + b) > 0.5)
    return np.mean(says[0] == y_test), np.mean(says[1] == y_test), np.mean(says[0])


SIX = np.array([[0.5], [1.5], [1.0], [2.0], [3.0], [2.5]])


def six_points() -> tuple[float, float]:
    from course_lib.neural_network import binary_cross_entropy

    zero, targets = np.zeros((1, 1)), (SIX > 1.7).astype(float)
    W, b, _ = gradient_descent(
        SIX, targets, zero, zero, 0.5, 100, 2,
        binary_cross_entropy, sigmoid, rng=np.random.default_rng(0),
    )  # fmt: skip
    return W.item(), b.item()


W_SIX, B_SIX = six_points()
BOUNDARY = -B_SIX / W_SIX
SORTED, SHUFFLED, EIGHTS = order_results()

WRONG = {
    1: [
        ((train_line(summed_step), 0.02), "mean over the batch"),
        ((train_line(short_step), 0.02), "Divide by the rows that the batch has"),
        ((train_line(uphill_step), 0.02), "goes uphill"),
        ((train_line(twice_step), 0.02), "twice as long"),
        (
            (train_line(biasless_step), 0.02),
            "b after one step on 7 rows of 3 columns is wrong. It has not moved.",
        ),
        (
            (train_line(flat_step), 0.02),
            "should be an array of shape (1, 1), but its shape is (1,)",
        ),
        ((train_line(transposed_step), 0.02), "stopped with ValueError"),
        ((lambda *a: train_line(good_step)(*a)[0], 0.02), "should return 2 values"),
        (
            (train_line(summed_W_step), 0.02),
            "W after one step on 7 rows of 3 columns is wrong. The gradient is the mean",
        ),
        ((train_line(short_W_step), 0.02), "W is wrong. Divide by the rows that the batch has"),
        (
            (train_line(uphill_b_step), 0.02),
            "b after one step on 7 rows of 3 columns is wrong. The step goes uphill",
        ),
        ((train_line(late_b_step), 0.02), "compute the error once"),
        ((train_line(half_step), 0.02), "value number 2 that train_line returns is still missing."),
        ((one_epoch_only, 0.02), "W and b after 2 epochs of 7 rows in batches of 3 should be"),
        ((nearly, 0.02), "W after one step on 7 rows of 3 columns should be"),
        ((train_line(good_step), 0.0015), "not below 0.1: too slow"),
        ((first_batch_only, 0.02), "is the return line indented too far?"),
        ((all_rows_each_time, 0.02), "use X_batch and y_batch"),
        ((train_line(good_step), ...), "train_line is right. lr is still missing."),
        ((train_line(good_step), 0.1), "its loss grows and ends at"),
        ((train_line(good_step), 1e6), "its loss grows and leaves all numbers behind"),
        ((train_line(good_step), 1e-4), "too slow, try a larger lr"),
        ((train_line(good_step), -0.1), "lr should be above 0"),
        ((train_line(good_step), "fast"), "lr should be a number"),
    ],
    2: [
        ((compare(same_epochs=True),), "has 40 epochs, not 10"),
        ((compare(floor=True),), "8 rows in batches of 3 make 3 updates an epoch"),
        ((compare(go_on=True),), "start each run at W = 0"),
        ((compare(share=True),), "a generator of its own"),
        ((compare(last_only=True),), "is a single value: keep the loss after every epoch"),
        ((lambda *a: [],), "should return a dictionary"),
        ((compare(proportional=True),), "has 9 epochs, not 8"),
        ((compare(first_seed=True),), "The seed is always 0"),
        ((compare(everything=True),), "of W, b and the loss history, keep the history alone"),
        ((lambda *a: {2: [1.0] * 10},), "should be"),
        ((lambda sizes, *a: {},), "no history for batch size 2"),
    ],
    3: [
        ((gradient(scale=1), BOUNDARY), "sum over the rows"),
        ((gradient(lambda A, y, Z: y - A), BOUNDARY), "sign is turned around"),
        (
            (gradient(lambda A, y, Z: (A - y) * A * (1 - A)), BOUNDARY),
            "a factor A (1 - A) too many",
        ),
        ((gradient(lambda A, y, Z: Z - y), BOUNDARY), "before the sigmoid"),
        ((gradient(transform=np.transpose), BOUNDARY), "Is it transposed?"),
        ((gradient(), -BOUNDARY), "mind the sign"),
        ((gradient(), (0.5 - B_SIX) / W_SIX), "not where Z is 0.5"),
        ((gradient(), 1 / BOUNDARY), "the other way round"),
        ((gradient(), 0), "That is z: at which x"),
        ((gradient(), 0.5), "That is the probability"),
        ((gradient(), 1.5), "boundary is 1.5, which is too small."),
        ((gradient(), BOUNDARY + 0.02), "boundary is 1.73199, which is too large."),
        ((gradient(), ...), "logistic_gradient is right. boundary is still missing."),
        ((gradient(lambda A, y, Z: (A - y) / (A * (1 - A))), BOUNDARY), "That is the slope for A"),
        ((gradient(scale=6), BOUNDARY), "divide by the rows it is given"),
        ((gradient(lambda A, y, Z: sigmoid(Z - 0.1) - y), BOUNDARY), "The bias is missing"),
        ((lambda *a: (..., ...), BOUNDARY), "logistic_gradient is still missing: write it first"),
    ],
    4: [
        ((one_epoch(ignore=True), SORTED, SHUFFLED, EIGHTS), "in the order given"),
        ((one_epoch(first=True), SORTED, SHUFFLED, EIGHTS), "is the return line indented too far?"),
        ((one_epoch(), SORTED, 0.498843, EIGHTS), "one entry for each pair of rows"),
        ((one_epoch(drop=True), SORTED, SHUFFLED, EIGHTS), "last, smaller batch is missing"),
        ((one_epoch(apart=True), SORTED, SHUFFLED, EIGHTS), "take the same rows of both"),
        (
            (one_epoch(), SHUFFLED, SORTED, EIGHTS),
            "accuracy_sorted is 0.944444, which is too large",
        ),
        (
            (one_epoch(), SORTED, SORTED, EIGHTS),
            "accuracy_shuffled is 0.486111, which is too small",
        ),
        ((one_epoch(), SORTED, SHUFFLED, 0.5), "called_8 is 0.5, which is too small"),
        ((one_epoch(), SORTED, SHUFFLED, 100 * EIGHTS), "from 0 to 1, not in percent"),
        (
            (one_epoch(), SORTED, ..., ...),
            "one_epoch is right. accuracy_shuffled is still missing.",
        ),
        ((one_epoch(linear=True), SORTED, SHUFFLED, EIGHTS), "before the sigmoid"),
        ((one_epoch(shuffle=True), SORTED, SHUFFLED, EIGHTS), "without shuffling"),
    ],
}
RIGHT = {
    1: (train_line(good_step), 0.02),
    2: (compare(),),
    3: (gradient(), BOUNDARY),
    4: (one_epoch(), SORTED, SHUFFLED, EIGHTS),
}
