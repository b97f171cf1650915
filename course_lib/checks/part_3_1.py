"""The checks of part 3.1, single-layer perceptrons."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotYet,
    call,
    exercise,
    hint_ladder,
    is_started,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.neural_network import binary_cross_entropy, gradient_descent, sigmoid

_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_TARGETS = {
    "AND": np.array([[0.0], [0.0], [0.0], [1.0]]),
    "OR": np.array([[0.0], [1.0], [1.0], [1.0]]),
    "NOR": np.array([[1.0], [0.0], [0.0], [0.0]]),
    "XOR": np.array([[0.0], [1.0], [1.0], [0.0]]),
}
_ZERO_W, _ZERO_B = np.zeros((2, 1)), np.zeros((1, 1))


@cache
def _trained(task: str, lr: float = 0.1, num_epochs: int = 500) -> tuple[FloatValues, FloatValues]:
    W, b, _ = gradient_descent(
        _X, _TARGETS[task], _ZERO_W, _ZERO_B, lr, num_epochs, 4, binary_cross_entropy, sigmoid
    )
    return W, b


def _judge_training(task: str, so_far: str, W: object, b: object) -> None:
    """Weights and bias of a neuron trained on a task, by the library or by a loop."""
    names = f"W_{task.lower()}", f"b_{task.lower()}"
    given = (
        require_array(names[0], W, (2, 1), right_so_far=so_far),
        require_array(names[1], b, (1, 1), right_so_far=f"{so_far} and {names[0]}"),
    )
    other = "OR" if task == "AND" else "AND"
    wrong = {
        f"It is trained on {other}.": _trained(other),
        "The rate is 1: it should be 0.1.": _trained(task, 1.0),
        "The rate is 0.01: it should be 0.1.": _trained(task, 0.01),
        "It is trained for 5000 epochs, not for 500.": _trained(task, 0.1, 5000),
        "It is trained for 50 epochs, not for 500.": _trained(task, 0.1, 50),
        "It has not moved: is that the start?": (_ZERO_W, _ZERO_B),
    }
    advice = (
        f"Train on {task} from zeros, with rate 0.1, 500 epochs, batches of 4 (all rows), the "
        "sigmoid and binary cross-entropy."
    )
    for number, name in enumerate(names):
        mistakes = {text: weights[number] for text, weights in wrong.items()}
        right = _trained(task)[number]
        require_close(name, given[number], right, mistakes, 1e-4, advice, give_away=False)


# ------------------------------------------------------------------------------------ 1: AND


def _odd_layer() -> tuple[FloatValues, FloatValues, FloatValues]:
    """Sizes that all differ, a row of zeros, and values that saturate the sigmoid."""
    rng = np.random.default_rng(3)
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(1, 2))
    X[1] = 0
    X[4, 0] = -40
    return X, W, b


# Two lines, so that each sign of each number counts.
_LINES = (
    (np.array([[-1.5], [0.5]]), np.array([[0.8]]), np.array([-2.0, 0.0, 0.25, 3.0])),
    (np.array([[0.6], [-2.0]]), np.array([[-1.7]]), np.array([1.0, 0.0, -5.0])),
)


def _judge_boundary(
    function: Callable[..., Any], W: FloatValues, b: FloatValues, x1: FloatValues
) -> None:
    answer = call("boundary", function, W, b, x1, right_so_far="neuron")
    w1, w2, bias = W[0, 0], W[1, 0], b[0, 0]
    size_of_w2 = "It is divided by the size of w2: where w2 is below 0, keep its sign."
    turned = "The sign is turned around: bring w1 x1 + b to the other side."
    mistakes = {
        size_of_w2 if w2 < 0 else turned: (w1 * x1 + bias) / w2,
        "The two weights are swapped: divide by the one that belongs to x2.": -(w2 * x1 + bias)
        / w1,
        "The bias is missing.": -w1 * x1 / w2,
        "The bias has the wrong sign: it goes to the other side, too.": -(w1 * x1 - bias) / w2,
        "The bias is not divided by w2: mind the brackets.": -w1 * x1 / w2 - bias,
        "It is not divided by w2.": -(w1 * x1 + bias),
        "Brackets: all of -(w1 x1 + b) is divided by w2.": -w1 * x1 + bias / w2,
        "Brackets: w1 x1 is divided by w2, too.": -w1 * x1 - bias / w2,
        "That is where z = 0.5. On the boundary the probability is 0.5, and z is 0.": (
            0.5 - w1 * x1 - bias
        )
        / w2,
        "That is z at the height x2 = 0: solve z = 0 for x2.": w1 * x1 + bias,
    }
    about = f"boundary on a trial with {len(x1)} places"
    if np.shape(answer) == (1, len(x1)):
        raise NotYet(
            f"{about} should be an array of shape ({len(x1)},), but its shape is (1, {len(x1)}): "
            "b has two dimensions, b[0, 0] is the number in it."
        )
    x2 = require_array(about, answer, x1.shape)
    require_close(about, x2, -(w1 * x1 + bias) / w2, mistakes)


@exercise(1)
def exercise_1(neuron: object, boundary: object, W_and: object, b_and: object) -> str:
    """``neuron(X, W, b) -> A``, ``boundary(W, b, x1) -> x2``, and a neuron trained on AND."""
    function = require_function("neuron", neuron)
    X, W, b = _odd_layer()
    touched = [answer for answer in (W_and, b_and) if answer is not ...]
    touched += [boundary] if is_started(boundary, *_LINES[0]) else []
    answer = call("neuron", function, X, W, b, also_answered=touched)
    Z = X @ W + b
    mistakes = {
        "The sigmoid is missing.": Z,
        "The bias is missing: sigmoid(XW + b).": sigmoid(X @ W),
        "The bias is added after the sigmoid.": sigmoid(X @ W) + b,
        "Its sign is turned around: sigmoid(XW + b), without a minus.": sigmoid(-Z),
        "The bias is taken away: sigmoid(XW + b).": sigmoid(X @ W - b),
        "Those are the answers, 0 or 1: return the probabilities.": (Z > 0).astype(np.float64),
    }
    about = "neuron on a trial with 5 rows, 3 inputs and 2 neurons"
    require_close(about, require_array(about, answer, (5, 2)), sigmoid(Z), mistakes)

    function = require_function("boundary", boundary)
    for line in _LINES:
        _judge_boundary(function, *line)
    _judge_training("AND", "boundary", W_and, b_and)
    W, b = _trained("AND")
    loss = binary_cross_entropy(sigmoid(_X @ W + b), _TARGETS["AND"])
    return (
        f"The loss has come down from 0.6931 to {loss:.4f}, and the boundary "
        "runs between (1, 1) and the other three points."
    )


# ------------------------------------------------------------------------------------- 2: OR


def _judge_distances(answer: object, X: FloatValues, W: FloatValues, b: FloatValues) -> None:
    Z, length = X @ W + b, float(np.linalg.norm(W))
    mistakes = {
        "That is z: divide it by the length of W.": Z,
        "The side is lost: keep the sign.": np.abs(Z) / length,
        "It is divided by the square of the length: take the root.": Z / length**2,
        "It is divided by the sum of the weights: take the root of the sum of their squares.": Z
        / W.sum(),
        "It is divided by the sum of the sizes of the weights: take the root of the sum of their "
        "squares.": Z / np.abs(W).sum(),
        "The bias does not belong to the length: take that of W alone.": Z
        / float(np.hypot(length, b.item())),
        "The bias is missing in z.": X @ W / length,
        "That is the probability: take z, before the sigmoid.": sigmoid(Z),
        "It starts from the probability: take z, before the sigmoid.": sigmoid(Z) / length,
        "The side is turned around.": -Z / length,
        "The sign of the bias is lost in z.": (X @ W + np.abs(b)) / length,
        "The bias has the wrong sign: z is XW + b.": (X @ W - b) / length,
        "Brackets: all of z is divided by the length.": X @ W + b / length,
        "It is multiplied by the length of W: divide by it.": Z * length,
    }
    about = f"distances on a trial with {len(X)} rows and {len(W)} inputs"
    require_close(about, require_array(about, answer, (len(X), 1)), Z / length, mistakes)


@exercise(2)
def exercise_2(distances: object, W_or: object, b_or: object, W_nor: object, b_nor: object) -> str:
    """``distances(X, W, b) -> (n, 1)``, a neuron trained on OR, and one set by hand for NOR."""
    function = require_function("distances", distances)
    X, W, b = _odd_layer()
    trials = (X, W[:, :1] - 3, b[:, :1] + 2), (X[:4, :2], W[:2, 1:] + 1, b[:, :1] - 4)
    assert trials[0][2] > 0 > trials[1][2]  # so that the sign of the bias counts
    touched = [answer for answer in (W_or, b_or, W_nor, b_nor) if answer is not ...]
    for trial in trials:
        _judge_distances(call("distances", function, *trial, also_answered=touched), *trial)
    _judge_training("OR", "distances", W_or, b_or)
    _judge_nor(W_nor, b_nor)
    return (
        "On OR, (0, 0) lies closest to the line, so its loss is the largest. NOR is OR with the "
        "signs turned around. How sure a neuron is at some distance from its line depends on the "
        "length of W."
    )


def _judge_nor(W: object, b: object) -> None:
    for name, array, shape, form in (
        ("W_nor", W, (2,), "(2, 1): np.array([[...], [...]])"),
        ("b_nor", b, (1,), "(1, 1): np.array([[...]])"),
    ):
        came = np.shape(cast(Any, array))
        if array is not ... and came in ((), shape):
            raise NotYet(
                f"{name} has the shape {came}. Two pairs of brackets make an array of shape {form}."
            )
    W = require_array("W_nor", W, (2, 1), right_so_far="W_or")
    b = require_array("b_nor", b, (1, 1), right_so_far="W_nor has the right shape, and W_or")
    y = _TARGETS["NOR"]
    A = sigmoid(_X @ W + b)
    said = (A > 0.5).astype(np.float64)
    if np.array_equal(said, 1 - y):
        raise NotYet("W_nor and b_nor compute OR: every answer is turned around.")
    if np.array_equal(said, 1 - _TARGETS["AND"]):
        raise NotYet("W_nor and b_nor compute NAND: NOR is 1 at (0, 0) only.")
    for (x1, x2), a, target, is_right in zip(_X, A[:, 0], y[:, 0], said == y, strict=True):
        if not is_right:
            raise NotYet(
                f"The neuron of W_nor and b_nor says {a:.4f} at ({x1:g}, {x2:g}), where the "
                f"target is {target:g}. On which side of the line does that point lie?"
            )
    sure = np.where(y == 1, A, 1 - A)[:, 0]
    least = int(sure.argmin())
    if sure[least] < 0.95 - 1e-12:
        x1, x2 = _X[least]
        raise NotYet(
            f"All four answers of W_nor and b_nor are right, but at ({x1:g}, {x2:g}) the right "
            f"one gets only {sure[least]:.4f}. What makes a neuron surer without moving its line, "
            "and does the line leave that point enough room?"
        )


# ------------------------------------------------------------------------------------ 3: XOR

_RATES = (8.0, 0.02, 0.5)
_XOR_W, _XOR_B = np.array([[0.5], [1.5]]), np.array([[-2.0]])


def _xor_losses(W: FloatValues, b: FloatValues, task: str = "XOR") -> list[list[float]]:
    y = _TARGETS[task]
    return [
        gradient_descent(_X, y, W, b, lr, 1000, 4, binary_cross_entropy, sigmoid)[2]
        for lr in _RATES
    ]


def _one_after_another() -> list[float]:
    W, b, ends = _XOR_W, _XOR_B, list[float]()
    for lr in _RATES:
        W, b, losses = gradient_descent(
            _X, _TARGETS["XOR"], W, b, lr, 1000, 4, binary_cross_entropy, sigmoid
        )
        ends.append(losses[-1])
    return ends


@cache
def _loss_mistakes() -> dict[str, FloatValues]:
    right = _xor_losses(_XOR_W, _XOR_B)
    return {
        "right": np.array([losses[-1] for losses in right]),
        "Those are the first losses: take the last of each.": np.array(
            [losses[0] for losses in right]
        ),
        "Those are the lowest losses: take the last of each.": np.array(
            [min(losses) for losses in right]
        ),
        "Those are mean losses: take the last of each.": np.array(
            [float(np.mean(losses)) for losses in right]
        ),
        "They start from zeros: start from the arguments W and b.": np.array(
            [losses[-1] for losses in _xor_losses(_ZERO_W, _ZERO_B)]
        ),
        "Those are 500 epochs: train for 1000.": np.array([losses[499] for losses in right]),
        "The second rate goes on where the first one ended: start each from W and b.": np.array(
            _one_after_another()
        ),
        "They are trained on AND.": np.array(
            [losses[-1] for losses in _xor_losses(_XOR_W, _XOR_B, task="AND")]
        ),
        "They are trained on OR.": np.array(
            [losses[-1] for losses in _xor_losses(_XOR_W, _XOR_B, task="OR")]
        ),
    }


@exercise(3)
def exercise_3(final_losses: object, row_gradients: object, best_constant: object) -> str:
    """XOR at other rates, the gradient of each row, and the best that weights of 0 can do."""
    function = require_function("final_losses", final_losses)
    X, W, b = _odd_layer()
    W, b = W[:, :1], b[:, :1]
    y = np.array([[1.0], [0.0], [0.0], [1.0], [1.0]])
    touched: list[object] = []
    touched += [row_gradients] if is_started(row_gradients, X, y, W, b) else []
    touched += [best_constant] if is_started(best_constant, y) else []
    answer = call("final_losses", function, _RATES, _XOR_W, _XOR_B, also_answered=touched)
    about = "the list of final losses on a trial with 3 rates"
    expected, mistakes = _loss_mistakes()["right"], dict(_loss_mistakes())
    del mistakes["right"]
    advice = "Train on XOR, 1000 epochs, batches of 4 (all rows), for each rate from W and b anew."
    require_close(about, require_array(about, answer, (3,)), expected, mistakes, 1e-5, advice)

    function = require_function("row_gradients", row_gradients)
    answer = call("row_gradients", function, X, y, W, b, right_so_far="final_losses")
    A, Z = sigmoid(X @ W + b), X @ W + b
    gradients = np.hstack([X * (A - y), A - y])
    mistakes = {
        "Its sign is turned around: the error is A - y.": -gradients,
        "It is divided by the number of rows: each row has its own loss.": gradients / 5,
        "The bias comes first: put its column last.": np.hstack([A - y, X * (A - y)]),
        "The error is taken before the sigmoid: use A, not Z.": np.hstack([X * (Z - y), Z - y]),
        "It has a factor A (1 - A) too many: the cross-entropy cancels it.": gradients
        * A
        * (1 - A),
        "The column of the bias holds ones: there, too, the error counts.": np.hstack(
            [X * (A - y), np.ones((5, 1))]
        ),
        "It is taken at W = 0 and b = 0: use the arguments.": np.hstack([X * (0.5 - y), 0.5 - y]),
        "The bias is missing in the forward pass.": np.hstack(
            [X * (sigmoid(X @ W) - y), sigmoid(X @ W) - y]
        ),
    }
    about = "row_gradients on a trial with 5 rows and 3 inputs"
    require_close(about, require_array(about, answer, (5, 4)), gradients, mistakes)

    function = require_function("best_constant", best_constant)
    for rows, ones in ((5, 1), (8, 6), (4, 2)):
        answer = call(
            "best_constant", function, _some_ones(rows, ones), parts=2, right_so_far="row_gradients"
        )
        _judge_constant(rows, ones, *answer)
    return (
        "On XOR the row gradients add up to 0 at W = 0, so no rate helps there, and too high a "
        "rate leaps across that place from elsewhere. Half of the targets are 1, so the best "
        "constant is 0.5 with loss ln 2: with all that it sees, the neuron does no better than "
        "one that ignores its inputs."
    )


def _some_ones(rows: int, ones: int) -> FloatValues:
    y = np.zeros((rows, 1))
    y[rows - ones :] = 1
    return y


def _judge_constant(rows: int, ones: int, b: object, loss: object) -> None:
    trial = f"for {rows} targets of which {ones} {'is' if ones == 1 else 'are'} 1"
    a = ones / rows
    right = float(np.log(a / (1 - a)))
    mistakes = {
        "That is the probability a: solve a = sigmoid(b) for b.": a,
        "Its sign is turned around: where most targets are 1, b is above 0.": -right,
        "That is sigmoid(a): solve a = sigmoid(b) for b, the other way round.": float(sigmoid(a)),
        "That is ln a: in a = 1 / (1 + exp(-b)), solve for b step by step.": float(np.log(a)),
        "It is a logarithm to base 2 or 10: take np.log.": float(np.log2(a / (1 - a))),
        "The logarithm is missing: from exp(-b) to b.": a / (1 - a),
        "0 is right only where half of the targets are 1.": 0.0,
    }
    about = f"the b that best_constant returns {trial}"
    number = require_number(about, b)
    if abs(right) > 1e-9 or abs(number) > 1e-6:
        require_close(about, number, right, mistakes, give_away=False)
    about = f"the loss that best_constant returns {trial}"
    least = float(-a * np.log(a) - (1 - a) * np.log(1 - a))
    mistakes = {
        "That is ln 2, the loss of 0.5: what does the probability a cost?": float(np.log(2)),
        "Its sign is turned around: a loss is above 0.": -least,
        "It is the sum over the rows: take the mean.": rows * least,
        "It counts the rows with target 1 only.": float(-a * np.log(a)),
        "That is -ln a: the rows with target 0 cost -ln(1 - a).": float(-np.log(a)),
        "It is a logarithm to base 2: take np.log.": least / float(np.log(2)),
    }
    require_close(about, require_number(about, loss), least, mistakes, give_away=False)


# ------------------------------------------------------------------------------ 4: 25 points


def _points(tie: float) -> tuple[FloatValues, FloatValues]:
    side = np.arange(-2.0, 3.0)
    X = np.array([[x1, x2] for x1 in side for x2 in side])
    total = X.sum(axis=1, keepdims=True)
    return X, np.where(total > 0, 1.0, np.where(total < 0, 0.0, tie))


@cache
def _line_of(tie: float) -> tuple[FloatValues, float]:
    X, y = _points(tie)
    W, b, _ = gradient_descent(X, y, _ZERO_W, _ZERO_B, 0.1, 200, 25, binary_cross_entropy, sigmoid)
    return W, b.item()


@exercise(4)
def exercise_4(make_points: object, direction: object, crossing: object) -> str:
    """25 points with a tie between the classes, the angle of a boundary, and where it crosses."""
    function = require_function("make_points", make_points)
    touched: list[object] = []
    touched += [direction] if is_started(direction, np.array([[1.0], [1.0]])) else []
    touched += [crossing] if is_started(crossing, 0.0) else []
    for tie in (0.0, 1.0, 0.25):
        X, y = call("make_points", function, tie, parts=2, also_answered=touched)
        _judge_points(tie, X, y)
    function = require_function("direction", direction)
    for W in ([3.0, 4.0], [-2.0, 1.0], [0.0, 2.0], [-5.0, 0.0], [-1.0, -1.0], [1.0, -3.0]):
        column = np.array(W).reshape(2, 1)
        _judge_direction(W, call("direction", function, column, right_so_far="make_points"))
    function = require_function("crossing", crossing)
    for tie in (0.0, 0.25, 1.0, 0.5):
        _judge_crossing(tie, call("crossing", function, tie, right_so_far="direction"))
    moved = -_line_of(0.0)[1] / float(np.linalg.norm(_line_of(0.0)[0]))
    return (
        "Each time the line runs at 135 degrees, as it should. Where it runs, the five points "
        f"decide: moved by {moved:.2f} if they count as 0, which is close to the middle of the gap "
        f"up to the next points ({1 / np.sqrt(8):.2f}), by {-moved:.2f} if as 1, and through the "
        "origin if nobody knows."
    )


def _judge_points(tie: float, X: object, y: object) -> None:
    trial = f"that make_points returns for tie {tie:g}"
    points = require_array(f"the X {trial}", X, (25, 2))
    targets = require_array(f"the y {trial}", y, (25, 1))
    grid, _ = _points(tie)
    for x1, x2 in grid:
        if not np.any(np.all(np.abs(points - [x1, x2]) < 1e-9, axis=1)):
            raise NotYet(f"the X {trial} has no point ({x1:g}, {x2:g}).")
    total = cast(FloatValues, np.round(points.sum(axis=1), 6))
    expected = np.where(total > 0, 1.0, np.where(total < 0, 0.0, tie))
    wrong = np.flatnonzero(np.abs(targets[:, 0] - expected) > 1e-9)
    if len(wrong) > 0:
        first = wrong[0]
        x1, x2 = points[first]
        place = {1.0: "above 0", -1.0: "below 0"}.get(float(np.sign(total[first])), "0")
        integers = expected[first] == 0.25 and targets[first, 0] == 0
        cause = " Is it an array of integers? These cut off all after the point."
        raise NotYet(
            f"the y {trial} is {targets[first, 0]:g} at ({x1:g}, {x2:g}), where x1 + x2 is "
            f"{place}: it should be {expected[first]:g}.{cause if integers else ''}"
        )


def _judge_direction(W: list[float], answer: object) -> None:
    about = f"the direction for W = ({W[0]:g}, {W[1]:g})"
    angle = require_number(about, answer)
    right = float(np.degrees(np.arctan2(W[1], W[0])) + 90) % 180
    of_W = float(np.degrees(np.arctan2(W[1], W[0])))
    if abs(angle - right) < 1e-6:
        return
    if abs(angle - of_W) < 1e-6 or abs(angle - of_W % 180) < 1e-6:
        raise NotYet(f"{about} is wrong. That is the angle of W, which stands across the line.")
    if abs(angle - np.radians(right)) < 1e-6:
        raise NotYet(f"{about} is wrong. It is in radians: np.degrees turns them into degrees.")
    if abs((angle - right) % 180) < 1e-6 or abs((angle - right) % 180 - 180) < 1e-6:
        raise NotYet(
            f"{about} is {angle:g}: the same line, but the angle should be from 0 up to 180, "
            "without 180 itself. % 180 does that."
        )
    if abs((angle + right) % 180) < 1e-6 or abs((angle + right) % 180 - 180) < 1e-6:
        raise NotYet(
            f"{about} is wrong. The line leans to the other side: arctan2 takes the upward part "
            "first, and the line is perpendicular to W."
        )
    raise NotYet(f"{about} should be {right:g}, but it is {angle:g}.")


def _judge_crossing(tie: float, answer: object) -> None:
    about = f"crossing({tie:g})"
    number = require_number(about, answer)
    W, b = _line_of(tie)
    length = float(np.linalg.norm(W))
    right = -b / length
    if abs(right) < 1e-6 and abs(number) < 1e-6:
        return
    mistakes = {
        "Its sign is missing: the line may be moved against W.": abs(right),
        "Its sign is turned around: the line is moved along W where b is below 0.": b / length,
        "That is the bias: divide by the length of W, and mind the sign.": b,
        "It is not divided by the length of W.": -b,
        "It is divided by the square of the length: take the root.": -b / length**2,
        "That is where the line meets an axis: the nearest point of the line lies along W.": -b
        / float(W[0, 0]),
    }
    if tie != 0.5:
        mistakes["The tie is always 0: use the argument."] = -_line_of(0.0)[1] / float(
            np.linalg.norm(_line_of(0.0)[0])
        )
    advice = "Train on make_points(tie), from zeros, with rate 0.1, 200 epochs, all 25 rows."
    require_close(about, number, right, mistakes, 1e-4, advice, give_away=False)


hint = hint_ladder(
    {
        1: (
            "A neuron is a weighted sum, XW + b, and then the sigmoid. On its boundary the "
            "weighted sum is 0.",
            "W[0, 0] * x1 + W[1, 0] * x2 + b[0, 0] = 0: bring all but x2 to the other side. For "
            "the training, the start is np.zeros((2, 1)) and np.zeros((1, 1)).",
            'Lesson 3.1, "The decision boundary", solves for x2; "Train it: AND and OR" trains.',
        ),
        2: (
            "The weighted sum z of a point is its distance from the line, times the length of W.",
            "np.linalg.norm(W) is that length. For NOR: which signs must the weights have, if each "
            "1 pulls towards the answer 0? Then multiply weights and bias by the same number.",
            'Lesson 3.1, "The decision boundary", derives the distance; after "Your turn: the '
            'sliders" stands how AND becomes its opposite.',
        ),
        3: (
            "Each rate is a training of its own, from the same W and b; gradient_descent returns "
            "the losses last. The gradient of one row is its error times its inputs.",
            "A row: x (a - y) for the weights, a - y for the bias; np.hstack puts columns side by "
            "side. The mean of a - y is 0 where a is the mean of y, and a = 1 / (1 + exp(-b)) "
            "means exp(-b) = 1 / a - 1.",
            'Lesson 3.1, "First reason: the four gradients cancel", has the gradients of the rows '
            'at 0; "Third reason: the loss has one lowest point" says why the end is the same.',
        ),
        4: (
            "np.where(condition, a, b) chooses entry by entry. The boundary is perpendicular to "
            "W, so their angles differ by 90 degrees.",
            "Take the angle of W with arctan2 (W[1, 0], its upward part, comes first), add 90 "
            "degrees, then % 180. The point of the line nearest "
            "to the origin is t (w1, w2): what is t, and how long is that arrow?",
            'Lesson 3.1, "The decision boundary", finds that nearest point.',
        ),
    }
)
