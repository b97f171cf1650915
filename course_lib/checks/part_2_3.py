"""The checks of part 2.3, mini-batch gradient descent."""

from collections.abc import Callable
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
            m = len(X_batch)
            divide_W = {"W by batch_size": batch_size, "W by n": len(X), "W sum": 1}.get(mistake, m)
            divide_b = {"b by batch_size": batch_size, "b by n": len(X), "b sum": 1}.get(mistake, m)
            if mistake == "all rows":
                X_batch, y_batch, divide_W, divide_b = X, y, len(X), len(X)
            error = X_batch @ W + b - y_batch
            step_W = lr * X_batch.T @ error / divide_W
            if mistake == "b late":
                error = X_batch @ (W - step_W) + b - y_batch
            step_b = lr * error.sum(axis=0, keepdims=True) / divide_b
            W = W + step_W if mistake == "W uphill" else W - step_W
            b = b + step_b if mistake == "b uphill" else b - step_b
            if mistake == "W twice":
                W = W - step_W
            if mistake == "b twice":
                b = b - step_b
            if mistake == "returns early":
                return W, b
    return W, b


_MEAN = "The gradient is the mean over the batch: divide by the number of its rows."
_TWICE = "The step is twice as long: here the 2 of the squared error is left to lr."
_UPHILL = "The step goes uphill: subtract lr times the gradient."
_OWN_ROWS = "Divide by the rows that the batch has, len(X_batch): the last one may be smaller."


@exercise(1)
def exercise_1(train_line: object, lr: object) -> str:
    """``train_line(X, y, lr, batch_size, num_epochs, rng) -> (W, b)``, and a rate that works."""
    function = require_function("train_line", train_line)
    X, y = _odd_data(7, 3)
    _judge_one_step(function, X, y)
    trial = "after 2 epochs of 7 rows in batches of 3"

    def settings() -> tuple[FloatValues, FloatValues, float, int, int, np.random.Generator]:
        return X, y, 0.05, 3, 2, np.random.default_rng(1)

    W, b = call("train_line", function, *settings(), parts=2)
    W, b = require_array(f"W {trial}", W, (3, 1)), require_array(f"b {trial}", b, (1, 1))
    mistakes = {
        "W by batch_size": f"W is wrong. {_OWN_ROWS}",
        "b by batch_size": f"b is wrong. {_OWN_ROWS}",
        "W by n": "W is divided by the number of all rows: use len(X_batch).",
        "b by n": "b is divided by the number of all rows: use len(X_batch).",
        "all rows": "Every step uses all rows: use X_batch and y_batch.",
        "returns early": "It stops after the first batch: is the return line indented too far?",
    }
    told = {text: np.vstack(_train_line(*settings(), m)) for m, text in mistakes.items()}
    expected = np.vstack(_train_line(*settings()))
    advice = f"One step alone is right. {_OWN_ROWS} Does every step start from the newest W and b?"
    require_close(f"W and b {trial}", np.vstack([W, b]), expected, told, advice=advice)
    return _judge_rate(require_number("lr", lr, right_so_far="train_line"))


def _judge_one_step(function: Callable[..., Any], X: FloatValues, y: FloatValues) -> None:
    """One batch of all rows, from zero: here a mistake in W cannot hide in b, nor b in W."""
    step = (X, y, 0.05, len(X), 1, np.random.default_rng(1))
    W, b = call("train_line", function, *step, parts=2)
    about = "after one step on 7 rows of 3 columns"
    W, b = require_array(f"W {about}", W, (3, 1)), require_array(f"b {about}", b, (1, 1))
    expected = _train_line(*step)
    for index, (name, answer) in enumerate((("W", W), ("b", b))):
        mistakes = {"sum": _MEAN, "uphill": _UPHILL, "twice": _TWICE}
        told = {text: _train_line(*step, f"{name} {m}")[index] for m, text in mistakes.items()}
        told["It has not moved."] = np.zeros_like(answer)
        if name == "b":
            told["b is the mean of the error itself: take lr times that."] = expected[1] / 0.05
            told["Its error is taken anew after W has moved: compute the error once."] = (
                _train_line(*step, "b late")[1]
            )
        require_close(f"{name} {about}", answer, expected[index], told)


def _judge_rate(lr: float) -> str:
    if lr <= 0:
        raise NotYet(f"lr should be above 0, but it is {lr:g}.")
    with np.errstate(over="ignore", invalid="ignore"):
        W, b = _train_line(X_LINE, Y_LINE, lr, 2, 20, np.random.default_rng(0))
        loss = mse_loss(X_LINE @ W + b, Y_LINE)
    if not loss < mse_loss(0 * Y_LINE, Y_LINE):
        end = f"ends at {loss:.3g}" if np.isfinite(loss) else "leaves all numbers behind"
        raise NotYet(
            f"train_line is right. With lr = {lr:g} its loss grows and {end}: every step "
            "overshoots. Try a smaller lr."
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


# Two fair races, and sizes for which only rounding up gives the right number of epochs.
_RACES = (((2, 4), 40, 0.02, 0), ((8, 3), 24, 0.01, 5), ((5,), 10, 0.01, 5))


@exercise(2)
def exercise_2(compare: object) -> str:
    """``compare(batch_sizes, num_updates, lr, seed) -> {batch size: loss history}``."""
    function = require_function("compare", compare)
    for batch_sizes, num_updates, lr, seed in _RACES:
        answer = call("compare", function, batch_sizes, num_updates, lr, seed)
        if not isinstance(answer, dict):
            raise NotYet(f"compare should return a dictionary, but it returned {_type(answer)}.")
        histories = cast(dict[int, Any], answer)
        for number, batch_size in enumerate(batch_sizes):
            if batch_size not in histories:
                raise NotYet(f"compare returned no history for batch size {batch_size}.")
            before = batch_sizes[: number + 1]
            _judge_history(histories[batch_size], before, num_updates, lr, seed)
    small, large = (_history(size, 40, 0.02, 0)[-1] for size in (2, 4))
    return (
        f"After 40 updates each, batch 2 ends at {small:.4f} and batch 4 at {large:.4f}. "
        "The 40 updates of batch 4 read twice as many rows."
    )


def _type(answer: object) -> str:
    return type(answer).__name__


def _updates_per_epoch(batch_size: int) -> int:
    return int(np.ceil(len(X_LINE) / batch_size))


def _history(batch_size: int, num_updates: int, lr: float, seed: int) -> list[float]:
    num_epochs = num_updates // _updates_per_epoch(batch_size)
    return _run_line(batch_size, num_epochs, lr, np.random.default_rng(seed))[2]


def _run_line(
    batch_size: int,
    num_epochs: int,
    lr: float,
    rng: np.random.Generator,
    start: tuple[FloatValues, FloatValues] | None = None,
) -> tuple[FloatValues, FloatValues, list[float]]:
    W, b = start or (np.zeros((1, 1)), np.zeros((1, 1)))
    return gradient_descent(X_LINE, Y_LINE, W, b, lr, num_epochs, batch_size, mse_loss, rng=rng)


def _judge_history(
    answer: Any, sizes: tuple[int, ...], num_updates: int, lr: float, seed: int
) -> None:
    """Judge the history of the last of ``sizes``; those before it were judged already."""
    name = f"The history of batch size {sizes[-1]}"
    expected = np.array(_history(sizes[-1], num_updates, lr, seed))
    if isinstance(answer, tuple):
        raise NotYet(f"{name} is a tuple: of W, b and the loss history, keep the history alone.")
    if np.ndim(answer) == 0 and answer is not ...:
        raise NotYet(f"{name} is a single value: keep the loss after every epoch.")
    if answer is not ... and len(answer) != len(expected):
        raise NotYet(
            f"{name} has {len(answer)} epochs, not {len(expected)}: 8 rows in batches of "
            f"{sizes[-1]} make {_updates_per_epoch(sizes[-1])} updates an epoch, and "
            f"{num_updates} updates were asked for."
        )
    shared, start = np.random.default_rng(seed), (np.zeros((1, 1)), np.zeros((1, 1)))
    carried, dealt = expected, expected
    for size in sizes:
        epochs = num_updates // _updates_per_epoch(size)
        W, b, history = _run_line(size, epochs, lr, np.random.default_rng(seed), start)
        carried, start = np.array(history), (W, b)
        dealt = np.array(_run_line(size, epochs, lr, shared)[2])
    mistakes = {
        "It goes on from where the run before it ended: start each run at W = 0, b = 0.": carried,
        "Give each run a generator of its own, np.random.default_rng(seed): a shared one "
        "deals the second run other batches.": dealt,
        "The seed is always 0: use the argument seed.": np.array(
            _history(sizes[-1], num_updates, lr, 0)
        ),
    }
    advice = "Does each run get lr=lr and rng=np.random.default_rng(seed)?"
    losses = require_array(name, answer, expected.shape)
    require_close(name, losses, expected, mistakes, advice=advice)


@exercise(3)
def exercise_3(logistic_gradient: object, boundary: object) -> str:
    """``logistic_gradient(X, y, W, b) -> (grad_W, grad_b)``, and where the answer flips."""
    function = require_function("logistic_gradient", logistic_gradient)
    X, y = _odd_data(5, 3)
    W, b = np.array([[0.5], [-1.0], [0.25]]), np.array([[0.1]])
    arguments = (X, y, W, b)
    grads = call("logistic_gradient", function, *arguments, parts=2, also_answered=[boundary])
    about = "on a trial with 5 rows of 3 columns"
    A = sigmoid(X @ W + b)
    A_without_b = sigmoid(X @ W)
    shapes = {"grad_W": (X, (3, 1)), "grad_b": (np.ones((5, 1)), (1, 1))}
    checked: list[FloatValues] = []
    for (name, (inputs, shape)), grad in zip(shapes.items(), grads, strict=True):
        answer = require_array(f"{name} {about}", grad, shape)
        mistakes = {
            "It is the sum over the rows: divide by their number.": inputs.T @ (A - y),
            "It divides by 6: divide by the rows it is given, len(X).": inputs.T @ (A - y) / 6,
            "Its sign is turned around: the error is A - y.": inputs.T @ (y - A) / 5,
            "It has a factor A (1 - A) too many: the derivative of the loss with respect to A "
            "cancels it.": inputs.T @ ((A - y) * A * (1 - A)) / 5,
            "That is the slope for A: go on to Z, times A (1 - A).": inputs.T
            @ ((A - y) / (A * (1 - A)))
            / 5,
            "The error is taken before the sigmoid: use A, not Z.": inputs.T @ (X @ W + b - y) / 5,
            "The bias is missing: Z = XW + b.": inputs.T @ (A_without_b - y) / 5,
        }
        require_close(f"{name} {about}", answer, inputs.T @ (A - y) / 5, mistakes)
        checked.append(answer)
    _compare_with_differences(X, y, W, b, checked[0], checked[1])
    W_six, b_six = _six_points()
    mistakes = {
        "Solve W x + b = 0 for x: mind the sign.": b_six / W_six,
        "The probability is 0.5 where Z = W x + b is 0, not where Z is 0.5.": (0.5 - b_six) / W_six,
        "Divide the other way round.": -W_six / b_six,
        "That is z: at which x is z = W x + b equal to 0?": 0.0,
        "That is the probability: at which x does the model say 0.5?": 0.5,
    }
    answer = require_number("boundary", boundary, right_so_far="logistic_gradient")
    require_close("boundary", answer, -b_six / W_six, mistakes, 5e-3, give_away=False)
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
    X: FloatValues, y: FloatValues, order: object, lr: float, batch_size: int, mistake: str = ""
) -> tuple[FloatValues, FloatValues]:
    """Exercise 4 done right, or with one of the mistakes that are easily made."""
    rows = np.arange(len(X)) if mistake == "ignored" else np.asarray(order, dtype=np.int64)
    end = len(X) - len(X) % batch_size if mistake == "dropped" else len(X)
    end = batch_size if mistake == "first only" else end
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for start in range(0, end, batch_size):
        batch = rows[start : start + batch_size]
        y_batch = y[start : start + batch_size] if mistake == "apart" else y[batch]
        Z = X[batch] @ W + b
        error = (Z if mistake == "no sigmoid" else sigmoid(Z)) - y_batch
        m = {"sum": 1, "batch_size": batch_size}.get(mistake, len(batch))
        sign = -1 if mistake == "uphill" else 1
        W = W - sign * lr * X[batch].T @ error / m
        b = b - sign * lr * error.sum(axis=0, keepdims=True) / m
    return W, b


_ORDER_MISTAKES = {
    "ignored": "The rows are taken as they stand: take them in the order given, X[order].",
    "dropped": "The last, smaller batch is missing: 11 rows in batches of 4 make 3 batches.",
    "first only": "Only the first batch is used: is the return line indented too far?",
    "apart": "X is reordered but y is not: take the same rows of both.",
    "no sigmoid": "The error is taken before the sigmoid: use sigmoid(XW + b) - y.",
    "sum": _MEAN,
    "batch_size": "Divide by the rows that the batch has: the last one may be smaller.",
    "uphill": _UPHILL,
}


@exercise(4)
def exercise_4(
    one_epoch: object, accuracy_sorted: object, accuracy_shuffled: object, called_8: object
) -> str:
    """``one_epoch(X, y, order, lr, batch_size) -> (W, b)``, and what the order does."""
    function = require_function("one_epoch", one_epoch)
    X, y = _odd_data(11, 3)
    trial = (X, y, np.random.default_rng(3).permutation(11), 0.3, 4)
    shares = {
        "accuracy_sorted": accuracy_sorted,
        "accuracy_shuffled": accuracy_shuffled,
        "called_8": called_8,
    }
    W, b = call("one_epoch", function, *trial, parts=2, also_answered=list(shares.values()))
    about = "on a trial with 11 rows of 3 columns in batches of 4"
    W, b = require_array(f"W {about}", W, (3, 1)), require_array(f"b {about}", b, (1, 1))
    told = {text: np.vstack(_one_epoch(*trial, m)) for m, text in _ORDER_MISTAKES.items()}
    advice = "Take the rows in the order given, without shuffling, and start at zero."
    expected = np.vstack(_one_epoch(*trial))
    require_close(f"W and b {about}", np.vstack([W, b]), expected, told, advice=advice)
    in_order, shuffled, eights = _order_results()
    pairs = _accuracies_of_all_pairs()
    for (name, answer), share in zip(shares.items(), (in_order, shuffled, eights), strict=True):
        number = require_number(name, answer, right_so_far="one_epoch")
        mistakes = {"Give a share from 0 to 1, not in percent.": 100 * share}
        if name in pairs:
            mistakes[
                "The comparison has one entry for each pair of rows: keep both in shape (n, 1)."
            ] = pairs[name]
        require_close(name, number, share, mistakes, tolerance=0.01, give_away=False)
    return (
        f"Sorted, the model ends by calling {eights:.0%} of the test images 8, because 8s were "
        f"all it saw last: accuracy {in_order:.1%}. Shuffled, the same rows give {shuffled:.1%}."
    )


@cache
def _order_answers() -> tuple[NDArray[np.bool_], NDArray[np.bool_], FloatValues]:
    """Which test images are called 8 after sorted and after shuffled training, and the truth."""
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
    return answers[0], answers[1], y_test


def _order_results() -> tuple[float, float, float]:
    """Accuracy in sorted and in shuffled order, and the share called 8 in sorted order."""
    in_order, shuffled, truth = _order_answers()
    shares = (in_order == truth, shuffled == truth, in_order)
    first, second, third = (np.count_nonzero(share) / len(truth) for share in shares)
    return first, second, third


def _accuracies_of_all_pairs() -> dict[str, float]:
    """What comes out when (n,) is compared with (n, 1), where that can be told from the truth."""
    in_order, shuffled, truth = _order_answers()
    accuracies: dict[str, float] = {}
    for name, says in (("accuracy_sorted", in_order), ("accuracy_shuffled", shuffled)):
        accuracies[name] = np.count_nonzero(says[:, 0] == truth) / truth.size**2
    return accuracies


hint = hint_ladder(
    {
        1: (
            "One step needs three lines: the error of the batch, the new W, the new b.",
            "error = X_batch @ W + b - y_batch has shape (m, 1). W must move by a (d, 1) array, "
            "so the gradient is X_batch.T @ error, divided by the m rows of this batch. For lr, "
            "go down in steps of about three: 0.1, 0.03, 0.01.",
            'Lesson 2.3, "The same formula on fewer rows", has both gradients; '
            '"Build it" has the loop.',
        ),
        2: (
            "How many updates does one epoch of 8 rows make with batches of 2? With batches of 3?",
            "updates = int(np.ceil(len(x) / batch_size)) and num_epochs = num_updates // updates. "
            "Then one call of gradient_descent, with zeros for W and b and "
            "rng=np.random.default_rng(seed); keep the third thing it returns.",
            'Lesson 2.3, "Build it", has such a call with all its arguments.',
        ),
        3: (
            "Take one row: the slope of the loss with respect to z is short. What cancels?",
            "dL/da = (a - y) / (a (1 - a)) and da/dz = a (1 - a), so dL/dz = a - y. Then the chain "
            "rule for Z = XW + b, and the mean over the rows. The answer flips where z = 0.",
            'Lesson 2.3, "Why logistic regression has the same gradient", does it step by step.',
        ),
        4: (
            "order lists row numbers. The first batch is order[0:batch_size].",
            "rows = order[start : start + batch_size]; X[rows] and y[rows] belong together. The "
            "step is that of exercise 1 with a sigmoid around XW + b. Then A = sigmoid(X_test @ W "
            "+ b), np.mean(A > 0.5) is the share called 8, np.mean((A > 0.5) == y_test) the "
            "accuracy.",
            'Lesson 2.3, "Build it", walks through the rows in the same way.',
        ),
    }
)
