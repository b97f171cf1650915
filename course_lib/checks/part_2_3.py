"""The checks of part 2.3, mini-batch gradient descent."""

from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from course_lib.checks import (
    FloatValues,
    NotYet,
    call,
    exercise,
    hint_ladder,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.neural_network import (
    binary_cross_entropy,
    gradient_descent,
    mini_batches,
    mse_loss,
    sigmoid,
)

X_LINE = np.arange(1.0, 9.0).reshape(8, 1)
Y_LINE = 2 * X_LINE
X_SIX = np.array([[0.5], [1.5], [1.0], [2.0], [3.0], [2.5]])
Y_SIX = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])


def _odd_data(num_rows: int, num_columns: int) -> tuple[FloatValues, FloatValues]:
    """Inputs and 0/1 targets in which no two sizes agree, with a zero row and a large value."""
    X = np.random.default_rng(7).normal(size=(num_rows, num_columns))
    X[1] = 0
    X[-1, 0] = 5
    return X, (np.arange(num_rows) % 3 == 0).astype(np.float64).reshape(-1, 1)


def _train_line(
    X: FloatValues,
    y: FloatValues,
    lr: float,
    batch_size: int,
    num_epochs: int,
    rng: np.random.Generator,
    mistake: str = "",
) -> tuple[FloatValues, FloatValues]:
    """Exercise 1 done right, or with one of the mistakes that are easily made."""
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for _ in range(num_epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            num_rows = batch_size if mistake == "batch_size" else len(X_batch)
            error = X_batch @ W + b - y_batch
            step_W = X_batch.T @ error / (1 if mistake == "sum" else num_rows)
            step_b = error.sum(axis=0, keepdims=True) / (1 if mistake == "sum" else num_rows)
            factor = {"uphill": -lr, "twice": 2 * lr}.get(mistake, lr)
            W = W - factor * step_W
            b = b if mistake == "no bias" else b - factor * step_b
    return W, b


_LINE_MISTAKES = {
    "uphill": "The step goes uphill: subtract lr times the gradient.",
    "sum": "The gradient is the mean over the batch: divide by the number of its rows.",
    "batch_size": (
        "Divide by the rows that the batch has, len(X_batch): 7 rows in batches of 3 leave a "
        "last batch of 1."
    ),
    "twice": "The step is twice as long: here the 2 of the squared error is left to lr.",
    "no bias": "b has not moved: its gradient is the mean of the error.",
}


@exercise(1)
def exercise_1(train_line: object, lr: object) -> str:
    """``train_line(X, y, lr, batch_size, num_epochs, rng) -> (W, b)``, and a rate that works."""
    function = require_function("train_line", train_line)
    X, y = _odd_data(7, 3)

    def settings() -> tuple[FloatValues, FloatValues, float, int, int, np.random.Generator]:
        return X, y, 0.05, 3, 2, np.random.default_rng(1)

    W, b = call("train_line", function, *settings(), parts=2)
    W, b = require_array("W", W, (3, 1)), require_array("b", b, (1, 1))
    expected = np.vstack(_train_line(*settings()))
    mistakes = {
        sentence: np.vstack(_train_line(*settings(), mistake=mistake))
        for mistake, sentence in _LINE_MISTAKES.items()
    }
    about = "On a trial with 7 rows of 3 columns, what train_line returns (W, then b)"
    require_close(about, np.vstack([W, b]), expected, mistakes)
    return _judge_rate(require_number("lr", lr))


def _judge_rate(lr: float) -> str:
    if lr <= 0:
        raise NotYet(f"lr should be above 0, but it is {lr:g}.")
    with np.errstate(over="ignore", invalid="ignore"):
        W, b = _train_line(X_LINE, Y_LINE, lr, 2, 20, np.random.default_rng(0))
        loss = mse_loss(X_LINE @ W + b, Y_LINE)
    if not loss < mse_loss(0 * Y_LINE, Y_LINE):
        raise NotYet(
            f"train_line is right. With lr = {lr:g} its loss ends at {loss:.3g}, above the "
            "loss before training: every step overshoots. Try a smaller lr."
        )
    if loss > 0.1:
        raise NotYet(
            f"train_line is right. With lr = {lr:g} its loss ends at {loss:.3g}, not below 0.1: "
            f"{'it swings too far, try a smaller' if lr > 0.03 else 'too slow, try a larger'} lr."
        )
    return (
        f"With lr = {lr:g} the loss ends at {loss:.4f}. Large inputs make large gradients, so x "
        "from 1 to 8 needs a far smaller rate than numbers around 1 do."
    )


@exercise(2)
def exercise_2(compare: object) -> str:
    """``compare(batch_sizes, num_updates, lr, seed) -> {batch size: loss history}``."""
    function = require_function("compare", compare)
    for batch_sizes, num_updates, lr, seed in (
        ((2, 4), 40, 0.02, 0),
        ((8, 3), 12, 0.01, 5),
    ):
        answer = call("compare", function, batch_sizes, num_updates, lr, seed)
        if not isinstance(answer, dict):
            raise NotYet(
                f"compare should return a dictionary, but it returned {type(answer).__name__}."
            )
        histories = cast(dict[int, object], answer)
        for batch_size in batch_sizes:
            if batch_size not in histories:
                raise NotYet(f"compare returned no history for batch size {batch_size}.")
            _judge_history(histories[batch_size], batch_sizes, batch_size, num_updates, lr, seed)
    small, large = (_history(size, 40, 0.02, 0)[-1] for size in (2, 4))
    return (
        f"After 40 updates each, batch 2 ends at {small:.4f} and batch 4 at {large:.4f}. "
        "The 40 updates of batch 4 read twice as many rows."
    )


def _history(batch_size: int, num_updates: int, lr: float, seed: int) -> list[float]:
    num_epochs = num_updates // -(-len(X_LINE) // batch_size)
    zero, rng = np.zeros((1, 1)), np.random.default_rng(seed)
    return gradient_descent(
        X_LINE, Y_LINE, zero, zero, lr, num_epochs, batch_size, mse_loss, rng=rng
    )[2]


def _judge_history(
    answer: Any,
    batch_sizes: tuple[int, ...],
    batch_size: int,
    num_updates: int,
    lr: float,
    seed: int,
) -> None:
    name = f"the history of batch size {batch_size}"
    expected = np.array(_history(batch_size, num_updates, lr, seed))
    length = len(answer) if hasattr(answer, "__len__") else None
    if length not in (None, len(expected)):
        updates = -(-len(X_LINE) // batch_size)
        raise NotYet(
            f"{name} has {length} epochs, not {len(expected)}: 8 rows in batches of {batch_size} "
            f"make {updates} updates an epoch, and {num_updates} updates were asked for."
        )
    losses = require_array(name, answer, expected.shape)
    zero, shared = np.zeros((1, 1)), np.random.default_rng(seed)
    W, b, carried, dealt = zero, zero, expected, expected
    for size in batch_sizes[: batch_sizes.index(batch_size) + 1]:
        epochs = num_updates // -(-len(X_LINE) // size)
        rng = np.random.default_rng(seed)
        W, b, history = gradient_descent(X_LINE, Y_LINE, W, b, lr, epochs, size, mse_loss, rng=rng)
        carried = np.array(history)
        history = gradient_descent(
            X_LINE, Y_LINE, zero, zero, lr, epochs, size, mse_loss, rng=shared
        )[2]
        dealt = np.array(history)
    mistakes = {
        "It goes on from where the run before it ended: start each run at W = 0, b = 0.": carried,
        "Give each run a generator of its own, np.random.default_rng(seed): a shared one "
        "deals the second run other batches.": dealt,
    }
    require_close(name, losses, expected, mistakes)


@exercise(3)
def exercise_3(logistic_gradient: object, boundary: object) -> str:
    """``logistic_gradient(X, y, W, b) -> (grad_W, grad_b)``, and where the answer flips."""
    function = require_function("logistic_gradient", logistic_gradient)
    X, y = _odd_data(5, 3)
    W, b = np.array([[0.5], [-1.0], [0.25]]), np.array([[0.1]])
    grad_W, grad_b = call("logistic_gradient", function, X, y, W, b, parts=2)
    grad_W, grad_b = (
        require_array("grad_W", grad_W, W.shape),
        require_array("grad_b", grad_b, b.shape),
    )
    A = sigmoid(X @ W + b)
    slope = (A - y) * A * (1 - A)
    for name, answer, inputs in (
        ("grad_W", grad_W, X),
        ("grad_b", grad_b, np.ones((5, 1))),
    ):
        mistakes = {
            "It is the sum over the rows: divide by their number.": inputs.T @ (A - y),
            "Its sign is turned around: the error is A - y.": inputs.T @ (y - A) / 5,
            "It has a factor A (1 - A) too many: the derivative of the loss with respect to A "
            "cancels it.": inputs.T @ slope / 5,
            "The error is taken before the sigmoid: use A, not Z.": inputs.T @ (X @ W + b - y) / 5,
        }
        require_close(name, answer, inputs.T @ (A - y) / 5, mistakes)
    _compare_with_differences(X, y, W, b, grad_W, grad_b)
    W_six, b_six = _six_points()
    mistakes = {
        "Solve W x + b = 0 for x: mind the sign.": b_six / W_six,
        "The probability is 0.5 where Z = W x + b is 0, not where Z is 0.5.": (0.5 - b_six) / W_six,
        "Divide the other way round.": -W_six / b_six,
    }
    require_close("boundary", require_number("boundary", boundary), -b_six / W_six, mistakes, 1e-3)
    return (
        f"Your formula agrees with the slope measured by small steps, and the answer flips at "
        f"x = {-b_six / W_six:.2f}, between the last 0 at 1.5 and the first 1 at 2."
    )


def _compare_with_differences(
    X: FloatValues,
    y: FloatValues,
    W: FloatValues,
    b: FloatValues,
    grad_W: FloatValues,
    grad_b: FloatValues,
) -> None:
    """The gradient once more, without any formula: how the loss answers to a small step."""
    step = 1e-5
    gradient = np.vstack([grad_W, grad_b]).ravel()
    for number, direction in enumerate(np.eye(len(gradient)) * step):
        shift_W, shift_b = direction[:-1].reshape(W.shape), direction[-1]
        above = binary_cross_entropy(sigmoid(X @ (W + shift_W) + b + shift_b), y)
        below = binary_cross_entropy(sigmoid(X @ (W - shift_W) + b - shift_b), y)
        require_close("the gradient", gradient[number], (above - below) / (2 * step))


@cache
def _six_points() -> tuple[float, float]:
    """The weight and the bias that the exercise's training ends with."""
    zero, rng = np.zeros((1, 1)), np.random.default_rng(0)
    W, b, _ = gradient_descent(
        X_SIX, Y_SIX, zero, zero, 0.5, 100, 2, binary_cross_entropy, sigmoid, rng=rng
    )
    return float(W[0, 0]), float(b[0, 0])


def _one_epoch(
    X: FloatValues,
    y: FloatValues,
    order: object,
    lr: float,
    batch_size: int,
    mistake: str = "",
) -> tuple[FloatValues, FloatValues]:
    """Exercise 4 done right, or with one of the mistakes that are easily made."""
    rows = np.arange(len(X)) if mistake == "ignored" else np.asarray(order, dtype=np.int64)
    end = len(X) - len(X) % batch_size if mistake == "dropped" else len(X)
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for start in range(0, end, batch_size):
        batch = rows[start : start + batch_size]
        y_batch = y[start : start + batch_size] if mistake == "apart" else y[batch]
        error = sigmoid(X[batch] @ W + b) - y_batch
        W = W - lr * X[batch].T @ error / len(batch)
        b = b - lr * error.mean(axis=0, keepdims=True)
    return W, b


_ORDER_MISTAKES = {
    "ignored": "The rows are taken as they stand: take them in the order given, X[order].",
    "dropped": "The last, smaller batch is missing: 11 rows in batches of 4 make 3 batches.",
    "apart": "X is reordered but y is not: take the same rows of both.",
}


@exercise(4)
def exercise_4(
    one_epoch: object,
    accuracy_sorted: object,
    accuracy_shuffled: object,
    called_8: object,
) -> str:
    """``one_epoch(X, y, order, lr, batch_size) -> (W, b)``, and what the order does."""
    function = require_function("one_epoch", one_epoch)
    X, y = _odd_data(11, 3)
    trial = (X, y, np.random.default_rng(3).permutation(11), 0.3, 4)
    W, b = call("one_epoch", function, *trial, parts=2)
    W, b = require_array("W", W, (3, 1)), require_array("b", b, (1, 1))
    mistakes = {
        sentence: np.vstack(_one_epoch(*trial, mistake=mistake))
        for mistake, sentence in _ORDER_MISTAKES.items()
    }
    about = "On a trial with 11 rows of 3 columns, what one_epoch returns (W, then b)"
    require_close(about, np.vstack([W, b]), np.vstack(_one_epoch(*trial)), mistakes)
    in_order, shuffled, eights = _order_results()
    require_close("accuracy_sorted", require_number("accuracy_sorted", accuracy_sorted), in_order)
    require_close(
        "accuracy_shuffled",
        require_number("accuracy_shuffled", accuracy_shuffled),
        shuffled,
    )
    require_close("called_8", require_number("called_8", called_8), eights)
    return (
        f"Sorted, the model ends by calling {eights:.0%} of the test images 8, because 8s were "
        f"all it saw last: accuracy {in_order:.1%}. Shuffled, the same rows give {shuffled:.1%}."
    )


@cache
def _order_results() -> tuple[float, float, float]:
    """Accuracy in sorted and in shuffled order, and the share called 8 in sorted order."""
    X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
    scaler = fit_scaler(X_train)
    X_train, X_test = apply_scaler(X_train, scaler), apply_scaler(X_test, scaler)
    orders = (
        np.argsort(y_train[:, 0], kind="stable"),
        np.random.default_rng(0).permutation(len(X_train)),
    )
    answers: list[NDArray[np.bool_]] = []
    for order in orders:
        W, b = _one_epoch(X_train, y_train, order, 0.1, 32)
        answers.append(sigmoid(X_test @ W + b) > 0.5)
    in_order, shuffled = (np.count_nonzero(answer == y_test) / len(y_test) for answer in answers)
    return in_order, shuffled, np.count_nonzero(answers[0]) / len(y_test)


hint = hint_ladder(
    {
        1: (
            "One step needs three lines: the error of the batch, the new W, the new b.",
            "error = X_batch @ W + b - y_batch has shape (m, 1). W must move by a (d, 1) array, "
            "so the gradient is X_batch.T @ error, divided by the m rows of this batch.",
            'Lesson 2.3, "The same formula on fewer rows", has both gradients; '
            '"Build it" has the loop. For lr, try steps of about three: 0.1, 0.03, 0.01.',
        ),
        2: (
            "How many updates does one epoch of 8 rows make with batches of 2? With batches of 3?",
            "num_epochs = num_updates // updates_per_epoch, and a last, smaller batch counts as "
            "an update too: round 8 / batch_size up.",
            'Lesson 2.3, "Build it", calls gradient_descent with every argument. Call it once for '
            "each batch size, with fresh zeros and a fresh np.random.default_rng(seed).",
        ),
        3: (
            "Take one row: the slope of the loss with respect to Z is short. What cancels?",
            "dL/da = (a - y) / (a (1 - a)) and da/dz = a (1 - a), so dL/dz = a - y. Then the chain "
            "rule for Z = XW + b, and the mean over the rows. The answer flips where Z = 0.",
            'Lesson 2.3, "Why logistic regression has the same gradient", does it step by step.',
        ),
        4: (
            "order lists row numbers. The first batch is order[0:batch_size].",
            "rows = order[start : start + batch_size]; X[rows] and y[rows] belong together. The "
            "step is that of exercise 1 with a sigmoid around XW + b.",
            'Lesson 2.3, "Build it", walks through the rows in the same way; np.mean(A > 0.5) is '
            "the share of rows called 8.",
        ),
    }
)
