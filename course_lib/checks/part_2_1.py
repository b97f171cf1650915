"""The checks of part 2.1, loss functions."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotAttempted,
    NotYet,
    call,
    exercise,
    hint_ladder,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.datasets import load_data, select_pair
from course_lib.neural_network import binary_cross_entropy, mse_loss, sigmoid

X_LINE = np.array([[1.0], [2.0], [3.0]])
Y_LINE = np.array([[2.0], [3.5], [5.0]])
Y_CLASS = np.array([[1.0], [0.0], [1.0]])
Z_RIGHT = np.array([[1.0], [-1.0], [2.0]])
Z_WRONG = np.array([[-2.0], [2.0], [-1.0]])
FACTORS = (0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_CAP = -float(np.log(1e-12))  # the price of one wrong, fully confident answer

# Predictions and targets with a tie, a zero, negative and large values.
_PREDICTED = np.array([[0.0], [2.0], [-3.0], [10.0], [10.0], [1.5], [-40.0]])
_TARGETS = np.array([[1.0], [2.0], [-1.0], [7.0], [12.0], [0.0], [-36.5]])
_A = np.array([[0.9], [0.2], [0.35], [0.5], [0.999], [0.04], [0.7]])
_Y = np.array([[1.0], [0.0], [1.0], [0.0], [1.0], [1.0], [0.0]])


@exercise(1)
def exercise_1(mse: object, loss_line: object, loss_raised: object) -> str:
    """``mse(y_pred, y) -> number``, used on a line that fits and on the line above it."""
    function = require_function("mse", mse)
    answered = [loss_line, loss_raised]
    for rows, y_pred, y in (
        ("(7, 1)", _PREDICTED, _TARGETS),
        ("(5,)", _PREDICTED[:5, 0], _TARGETS[:5, 0]),
    ):
        about = f"The loss of mse on a trial of shape {rows}"
        loss = _require_mean(about, call("mse", function, y_pred, y, also_answered=answered), y)
        error, expected = y_pred - y, mse_loss(y_pred, y)
        mistakes = {
            "It is the sum: divide by the number of rows.": float(np.sum(error**2)),
            "It divides by 3: divide by the rows it is given, len(y).": float(np.sum(error**2) / 3),
            "It is half of it: the formula has no factor 1/2.": expected / 2,
            "It is the root of it: the formula has no root.": float(np.sqrt(expected)),
            "It is the mean of the errors: square each of them first.": float(np.mean(error)),
            "It is the mean of the absolute errors: square them instead.": float(
                np.mean(np.abs(error))
            ),
            "It is the square of the mean: square first, then take the mean.": float(
                np.mean(error) ** 2
            ),
        }
        require_close(about, loss, expected, mistakes)
    told = {
        "The bias is missing: the line is x * 1.5 + 0.5.": 0.25,
        "That is the loss with W and b exchanged.": mse_loss(X_LINE * 0.5 + 1.5, Y_LINE),
    }
    number = require_number("loss_line", loss_line, right_so_far="mse")
    require_close("loss_line", number, 0.0, told, give_away=False)
    told = {
        "That is how far the line is raised: the loss squares it.": 2.0,
        "That is the sum: take the mean over the three points.": 12.0,
        "That is for a line raised by 1: go to b = 2.5.": 1.0,
    }
    number = require_number("loss_raised", loss_raised, right_so_far="loss_line")
    require_close("loss_raised", number, 4.0, told, give_away=False)
    return (
        "The line goes through all three points, so it loses nothing. Raised by 2, every error "
        "is 2 and the loss is its square, 4."
    )


def _require_mean(about: str, answer: object, y: FloatValues) -> float:
    """The learner's loss, once it is one number and not one for each row."""
    if getattr(answer, "shape", None) == y.shape:
        raise NotYet(f"{about} should be a number, but its shape is {y.shape}: take the mean.")
    return require_number(about, answer)


def _bce(A: FloatValues, y: FloatValues, mistake: str = "") -> float:
    """The right loss for probabilities away from 0 and 1, or one with a common mistake."""
    yes, no = y * np.log(A), (1 - y) * np.log(1 - A)
    if mistake == "exchanged":
        yes, no = y * np.log(1 - A), (1 - y) * np.log(A)
    prices = {"no second": -yes, "no first": -no}.get(mistake, -(yes + no))
    divide = {"sum": 1.0, "three": 3.0}.get(mistake, float(len(y)))
    scale = {"sign": -1.0, "log2": 1 / np.log(2), "log10": 1 / np.log(10)}.get(mistake, 1.0)
    return float(np.sum(prices) / divide * scale)


_BCE_MISTAKES = {
    "sum": "It is the sum: divide by the number of rows.",
    "three": "It divides by 3: divide by the rows it is given, len(y).",
    "sign": "Its sign is turned around: ln is negative below 1, so put a minus in front.",
    "no second": "The rows with target 0 cost nothing: add (1 - y) ln(1 - a).",
    "no first": "The rows with target 1 cost nothing: add y ln a.",
    "exchanged": "ln a and ln(1 - a) are exchanged: a is the probability of class 1.",
    "log2": "It is the logarithm to base 2: np.log is ln.",
    "log10": "It is the logarithm to base 10: np.log is ln.",
}


@exercise(2)
def exercise_2(bce: object, loss_right: object) -> str:
    """``bce(A, y) -> number``, finite at 0 and 1, used on three right answers."""
    function = require_function("bce", bce)
    for rows, A, y in (("(7, 1)", _A, _Y), ("(5,)", _A[:5, 0], _Y[:5, 0])):
        about = f"The loss of bce on a trial of shape {rows}"
        loss = _require_mean(about, call("bce", function, A, y, also_answered=[loss_right]), y)
        told: dict[str, float] = {text: _bce(A, y, m) for m, text in _BCE_MISTAKES.items()}
        told["That is the squared error: take logarithms."] = mse_loss(A, y)
        require_close(about, loss, _bce(A, y), told)
    _judge_ends(function)
    A = sigmoid(Z_RIGHT)
    told = {
        "The probabilities are sigmoid(Z_right), and none is 0 or 1.": binary_cross_entropy(
            np.clip(Z_RIGHT, 0, 1), Y_CLASS
        ),
        "That is the sum: bce gives the mean.": _bce(A, Y_CLASS, "sum"),
        "That is the squared error: use bce.": mse_loss(A, Y_CLASS),
    }
    number = require_number("loss_right", loss_right, right_so_far="bce")
    if number < -1e-9:
        raise NotYet(
            f"loss_right is {number:.6g}, but no loss is below 0. The probabilities are "
            "sigmoid(Z_right), between 0 and 1."
        )
    if abs(number) < 1e-9:  # clipped at both ends, bce(Z_right) is not exactly 0
        number = 0.0
    if abs(number - _bce(A, Y_CLASS)) < 5e-5:  # typed in with four decimals is fine too
        number = _bce(A, Y_CLASS)
    require_close("loss_right", number, _bce(A, Y_CLASS), told, give_away=False)
    return (
        f"All three answers are right, and yet the loss is {number:.4f}, not 0: none of them is "
        "certain. Certain and wrong costs 27.63, certain and right nothing."
    )


def _judge_ends(function: Callable[..., Any]) -> None:
    """At probabilities 0 and 1, where the plain formula has no answer."""
    perfect = np.array([[1.0], [0.0], [0.0], [1.0], [1.0]])
    wrong = np.array([[0.0], [0.0], [1.0], [1.0], [1.0]])  # in rows 0 and 2
    for A, what in ((perfect, "a perfect prediction"), (wrong, "a = 0 where y = 1")):
        loss = np.asarray(call("bce", function, A, perfect), dtype=np.float64)
        if not np.all(np.isfinite(loss)):
            raise NotYet(
                f"bce is right between 0 and 1, but for {what} its loss is not a finite number: "
                "the logarithm of 0 is not. Give no logarithm less than 1e-12."
            )
        if A is perfect and float(loss) < 0:
            raise NotYet(
                f"bce gives a perfect prediction a loss below 0 ({float(loss):.1g}): adding a tiny "
                "number makes a logarithm's argument larger than 1. Limit it from below instead."
            )
        if A is perfect and float(loss) > 1e-9:
            raise NotYet(f"bce gives a perfect prediction the loss {float(loss):.2g}, not 0.")
        if A is wrong:
            told = {"The limit is 1e-12, not 1e-15.": 2 / 5 * _CAP * 15 / 12}
            about = "The loss of bce with two of five rows certain and wrong"
            advice = "Give no logarithm less than 1e-12, for a and for 1 - a."
            require_close(about, float(loss), 2 / 5 * _CAP, told, 1e-4, advice)


@exercise(3)
def exercise_3(line_loss: object, best_bias: object, loss_best: object) -> str:
    """``line_loss(x, y, W, b)`` for both shapes of y, and ``best_bias(x, y, W)``."""
    function = require_function("line_loss", line_loss)
    find_bias = require_function("best_bias", best_bias)
    x, W, b = _PREDICTED, -2.0, 1.5
    expected = mse_loss(x * W + b, _TARGETS)
    for y in (_TARGETS, _TARGETS[:, 0]):
        loss = call("line_loss", function, x, y, W, b, also_answered=[loss_best])
        about = f"The loss of line_loss for x (7, 1) and y {y.shape}"
        loss = require_number(about, loss)
        untouched = float(np.mean((x * W + b - _TARGETS[:, 0]) ** 2))
        if y.ndim == 1 and np.isclose(loss, untouched):
            _require_started(find_bias, loss_best)
        pairs = "It still pairs every row with every other: the errors have shape (7, 7)."
        if y.ndim == 2:
            pairs = "Now rows of y (n, 1) are paired with all others: leave that shape as it is."
        told = {
            pairs: untouched,
            "It is the sum: leave the mean in the last line.": expected * len(x),
            "The bias is missing.": mse_loss(x * W, _TARGETS),
        }
        require_close(about, loss, expected, told)
    _judge_bias(find_bias, loss_best)
    number = require_number("loss_best", loss_best, right_so_far="best_bias")
    best = mse_loss(X_LINE + np.mean(Y_LINE - X_LINE), Y_LINE)
    told = {
        "That is the best bias itself: put it into line_loss.": 1.5,
        "That is with b = 0.5: take the best bias for W = 1.": mse_loss(X_LINE + 0.5, Y_LINE),
        "That is with W = 1.5: keep W = 1.": 0.0,
    }
    if abs(number - best) < 5e-5:
        number = best
    require_close("loss_best", number, best, told, give_away=False)
    return (
        f"With W = 1 the best bias lowers the loss from {mse_loss(X_LINE + 0.5, Y_LINE):.4f} to "
        f"{best:.4f}, the floor of the valley at that W: there the errors add up to 0."
    )


def _require_started(find_bias: Callable[..., Any], loss_best: object) -> None:
    """An untouched line_loss runs, so whether the exercise was tried shows in the rest."""
    try:
        answer = find_bias(X_LINE.copy(), Y_LINE.copy(), 1.0)
    except Exception:  # somebody has worked on it
        return
    if answer is ... and loss_best is ...:
        raise NotAttempted


def _judge_bias(find_bias: Callable[..., Any], loss_best: object) -> None:
    for x, y, W in ((_PREDICTED, _TARGETS, -2.0), (X_LINE, Y_LINE, 1.0)):
        about = f"The bias that best_bias gives for {len(x)} rows and W = {W:g}"
        answer = call(
            "best_bias", find_bias, x, y, W, also_answered=[loss_best], right_so_far="line_loss"
        )
        answer = require_number(about, answer)
        rest = y - x * W
        told = {
            "Its sign is turned around: solve xW + b - y = 0 on average.": float(-np.mean(rest)),
            "It is the sum: divide by the number of rows.": float(np.sum(rest)),
            "It divides by 3: divide by the rows it is given, len(y).": float(np.sum(rest) / 3),
            "That is the slope at b = 0: find the b where the slope is 0.": float(
                -2 * np.mean(rest)
            ),
            "It is twice the best bias: the 2 of the slope stands before b as well.": float(
                2 * np.mean(rest)
            ),
            "W is not in it: subtract xW from y.": float(np.mean(y)),
            "The mean of y minus W: multiply W by x first.": float(np.mean(y) - W),
            "xW is added: subtract it from y.": float(np.mean(y + x * W)),
            "It is the median: that makes the absolute errors smallest, not the squares.": float(
                np.median(rest)
            ),
            "It lies halfway between the largest and the smallest: take the mean.": float(
                (rest.max() + rest.min()) / 2
            ),
        }
        require_close(about, answer, float(np.mean(rest)), told)


@exercise(4)
def exercise_4(
    scaled_losses: object, loss_wrong: object, best_wrong: object, best_digits: object
) -> str:
    """``scaled_losses(Z, y, factors) -> array``, and which factors suit two models best."""
    function = require_function("scaled_losses", scaled_losses)
    Z = np.array([[0.0], [-3.0], [1.5], [40.0], [-0.25]])
    y = np.array([[1.0], [1.0], [1.0], [1.0], [0.0]])
    factors = [0.5, 2.0, 1.0, 0.2]
    others = [loss_wrong, best_wrong, best_digits]
    try:
        answer = call("scaled_losses", function, Z, y, factors, also_answered=others)
    except NotYet as problem:
        if "between 0 and 1" in str(problem):
            raise NotYet(f"{problem} The factor belongs inside the sigmoid.") from None
        raise
    about = "What scaled_losses gives for 5 rows and 4 factors"
    if isinstance(answer, float) or getattr(answer, "shape", None) == ():
        raise NotYet(
            f"{about} should be an array of shape (4,), but it is one number: fill losses[i], and "
            "return losses after the loop."
        )
    losses = require_array(about, answer, (4,))
    told = {
        "Every factor gives the loss of factor 1: multiply Z by it.": _losses(Z, y, [1] * 4),
        "It divides by the factor: multiply Z by it.": _losses(Z, y, [1 / f for f in factors]),
        "That multiplies Z by the position i: take factors[i].": _losses(Z, y, range(4)),
        "They are sums: the loss is the mean over the rows.": _losses(Z, y, factors) * 5,
        "They are not in the order of the factors: keep the order given.": np.sort(
            _losses(Z, y, factors)
        ),
        "It squares the error: use binary_cross_entropy.": np.array(
            [mse_loss(sigmoid(f * Z), y) for f in factors]
        ),
        "Only the first factor is there: is the return line indented too far?": np.append(
            _losses(Z, y, factors[:1]), [0.0, 0.0, 0.0]
        ),
        "Each factor is multiplied onto the one before it: start from Z each time.": _losses(
            Z, y, np.cumprod(factors).tolist()
        ),
    }
    require_close(about, losses, _losses(Z, y, factors), told)
    as_it_is = binary_cross_entropy(sigmoid(Z_WRONG), Y_CLASS)
    number = require_number("loss_wrong", loss_wrong, right_so_far="scaled_losses")
    told = {
        "That is the sum over the three rows.": 3 * as_it_is,
        "That is for the model that is right: take Z_wrong.": binary_cross_entropy(
            sigmoid(Z_RIGHT), Y_CLASS
        ),
        "The factor is 1 for the model as it is.": _losses(Z_WRONG, Y_CLASS, FACTORS)[0],
    }
    if abs(number - as_it_is) < 5e-5:
        number = as_it_is
    require_close("loss_wrong", number, as_it_is, told, give_away=False)
    least, share = _digit_losses()
    for name, answer, curve, before in (
        ("best_wrong", best_wrong, _losses(Z_WRONG, Y_CLASS, FACTORS), "loss_wrong"),
        ("best_digits", best_digits, least, "best_wrong"),
    ):
        number = require_number(name, answer, right_so_far=before)
        _judge_factor(name, number, curve)
    best = int(np.argmin(least))
    return (
        f"The model that is always wrong does best when it claims to know nothing. For 4 or 9 "
        f"the factor {FACTORS[best]:g} gives {least[best]:.4f}, the factor 30 {least[-1]:.4f}, "
        f"with the same {share:.1%} of training images right."
    )


def _losses(Z: FloatValues, y: FloatValues, factors: Any) -> FloatValues:
    return np.array([binary_cross_entropy(sigmoid(factor * Z), y) for factor in factors])


def _judge_factor(name: str, number: float, curve: FloatValues) -> None:
    best = int(np.argmin(curve))
    if np.isclose(number, curve[best], rtol=1e-3):
        raise NotYet(f"{name} is wrong. That is the lowest loss: give the factor that leads to it.")
    if number not in FACTORS:
        may_be = " If it is a position, give factors[position]." if number in range(9) else ""
        raise NotYet(f"{name} is wrong. {number:g} is not in the list of factors.{may_be}")
    told = {
        "That is the position in the list: give the factor itself, factors[position].": best,
        "That factor has the highest loss: look for the lowest.": FACTORS[int(np.argmax(curve))],
    }
    require_close(
        name, number, FACTORS[best], told, give_away=False,
        advice="Compare the losses of all factors in the list; np.argmin gives the position.",
    )  # fmt: skip


@cache
def _digit_losses() -> tuple[FloatValues, float]:
    """The training loss of 4 or 9 for every factor, and the share of images that is right."""
    X, y, _, _ = select_pair(load_data(), 4, 9)
    mean_4 = X[y[:, 0] == 0].mean(axis=0, keepdims=True)
    mean_9 = X[y[:, 0] == 1].mean(axis=0, keepdims=True)
    Z = (X - (mean_4 + mean_9) / 2) @ (mean_9 - mean_4).T
    is_right = (Z > 0) == (y > 0.5)
    return _losses(Z, y, FACTORS), np.count_nonzero(is_right) / len(y)


hint = hint_ladder(
    {
        1: (
            "Three steps: the errors, their squares, the mean of those.",
            "error = y_pred - y is an array of the same shape; error**2 squares each entry, and "
            "np.mean makes one number of them. The line is x * W + b, with 1.5 and 0.5 in it.",
            'Lesson 2.1, "Mean squared error", has the formula, and the cells below it the code.',
        ),
        2: (
            "Write the sum first, with np.log. Only then think about 0 and 1.",
            "np.clip(A, 1e-12, 1) raises what is below 1e-12 and leaves the rest. Do it for A and "
            "for 1 - A separately, before the logarithm. Then a minus sign and the mean. For "
            "loss_right, bce needs probabilities: sigmoid(Z_right).",
            'Lesson 2.1, "Build it, safe at both ends"; the formula is derived in '
            '"From probability to loss".',
        ),
        3: (
            "Print the shape of error for y (n,). What shape must it have?",
            "y.reshape(-1, 1) makes a column of either shape. For the bias: the slope is 0 when "
            "the sum of x W + b - y is 0, and the sum of n times the same b is n b.",
            'Lesson 2.1, "Break it on purpose", has the shapes; "Your turn: the sliders" and what '
            "follows it, the best bias.",
        ),
        4: (
            "For one factor it is one line: the sigmoid of factor * Z, then the loss.",
            "for i, factor in enumerate(factors): losses[i] = ... fills the array. np.argmin of "
            "the result is the position of the lowest loss, and factors[position] the factor.",
            'Lesson 2.1, "On real data: 3 or 8, with weights made by hand", does it with three '
            "factors.",
        ),
    }
)
