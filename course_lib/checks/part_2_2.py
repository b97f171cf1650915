"""The checks of part 2.2, gradient descent for optimization."""

from collections.abc import Callable
from typing import Any

import numpy as np

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
from course_lib.neural_network import gradient_descent, mse_loss

X_FIVE = np.arange(1.0, 6.0).reshape(5, 1)
Y_FIVE = 2 * X_FIVE + 1
X_NOISY = np.array([[1.0], [2.0], [3.0], [4.0]])
Y_NOISY = np.array([[2.1], [4.2], [5.8], [8.3]])


def _odd_data(num_rows: int, num_columns: int) -> tuple[FloatValues, FloatValues]:
    """Inputs and targets in which no two sizes agree, with a zero row and a large value."""
    rng = np.random.default_rng(22)
    X = rng.normal(size=(num_rows, num_columns))
    X[1] = 0
    X[-1, 0] = -4
    return X, 3 + 2 * rng.normal(size=(num_rows, 1))


# -------------------------------------------------------------------------- exercise 1

_STEP_MISTAKES = {
    "sum W": "W is wrong. Its gradient is a mean over the rows: divide by their number.",
    "sum b": "b is wrong. Its gradient is the mean of the error, not the sum.",
    "sum": "both gradients are sums over the rows. Divide by their number.",
    "one mean": "every weight moves by the same. Each column of X has a gradient of its own.",
    "uphill": "both steps go uphill. Subtract lr times the gradient.",
    "uphill W": "the step for W goes uphill. Subtract lr times the gradient.",
    "uphill b": "the step for b goes uphill. Subtract lr times the gradient.",
    "twice": "the steps are twice as long. Here the 2 of the squared error is left to lr.",
    "new W": "b follows the slope at the new W: compute both gradients before you move either.",
    "new b": "W follows the slope at the new b: compute both gradients before you move either.",
    "no lr": "the steps are not multiplied by lr.",
    "still b": "b has not moved.",
    "still W": "W has not moved.",
    "nothing": "nothing has moved.",
}


def _step(
    X: FloatValues, y: FloatValues, W: FloatValues, b: FloatValues, lr: float, mistake: str
) -> tuple[FloatValues, FloatValues]:
    """One step, right or with one of the mistakes that are easily made."""

    def grad_W(b: FloatValues) -> FloatValues:
        grad = X.T @ (X @ W + b - y) / (1 if mistake in ("sum", "sum W") else len(X))
        return np.full_like(grad, grad.mean()) if mistake == "one mean" else grad

    def grad_b(W: FloatValues) -> FloatValues:
        error = X @ W + b - y
        mean = error.mean(axis=0, keepdims=True)
        return mean * len(X) if mistake in ("sum", "sum b") else mean

    rate = {"twice": 2 * lr, "no lr": 1.0, "nothing": 0.0}.get(mistake, lr)
    rate_W = {"uphill": -lr, "uphill W": -lr, "still W": 0.0}.get(mistake, rate)
    rate_b = {"uphill": -lr, "uphill b": -lr, "still b": 0.0}.get(mistake, rate)
    W_new, b_new = W - rate_W * grad_W(b), b - rate_b * grad_b(W)
    if mistake == "new W":
        b_new = b - rate_b * grad_b(W_new)
    if mistake == "new b":
        W_new = W - rate_W * grad_W(b_new)
    return W_new, b_new


def _fit(
    X: FloatValues, y: FloatValues, lr: float, num_steps: int, mistake: str = ""
) -> tuple[FloatValues, list[float]]:
    """Exercise 1: the final W and b in one column, and the loss after each step."""
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    losses: list[float] = []
    for _ in range(num_steps):
        W, b = _step(X, y, W, b, lr, mistake)
        losses.append(mse_loss(X @ W + b, y))
    return np.vstack([W, b]), losses


@exercise(1)
def exercise_1(fit_line: object) -> str:
    """``fit_line(X, y, lr, num_steps) -> (W, b, losses)``, from zero weights, on all rows."""
    function = require_function("fit_line", fit_line)
    X, y = _odd_data(7, 3)
    for num_steps in (1, 4):
        trial = (X, y, 0.05, num_steps)
        about = f"after {num_steps} step{'s' if num_steps > 1 else ''} on 7 rows of 3 columns"
        try:
            W, b, losses = call("fit_line", function, *trial, parts=3)
        except NotYet as problem:
            why = " W, and its gradient, need one row for each column of X."
            raise NotYet(f"{problem}{why if 'matmul' in str(problem) else ''}") from problem
        W, b = require_array(f"W {about}", W, (3, 1)), require_array(f"b {about}", b, (1, 1))
        expected, expected_losses = _fit(*trial)
        told = {text: _fit(*trial, mistake)[0] for mistake, text in _STEP_MISTAKES.items()}
        advice = "Does it use the X and y that it is given, and their number of rows, len(X)?"
        if num_steps > 1:
            told["it stops after the first step. Is the return line indented too far?"] = _fit(
                X, y, 0.05, 1
            )[0]
            advice = "One step is right. Does every step start from the newest W and b?"
        for sentence, wrong in told.items():
            if np.allclose(np.vstack([W, b]), wrong, rtol=0, atol=1e-9):
                raise NotYet(f"{about.capitalize()}, {sentence}")
        require_close(f"W {about}", W, expected[:-1], advice=advice)
        require_close(f"b {about}", b, expected[-1:], advice=advice)
        _judge_losses(about, losses, expected_losses, mse_loss(0 * y, y))
    weights, losses = _fit(X_NOISY, 2 * X_NOISY, 0.1, 50)
    return (
        f"On y = 2x, W is {weights[0, 0]:.2f} after 50 steps, already close to 2, and b is "
        f"{weights[1, 0]:.2f}: it creeps along the floor of the valley (loss {losses[-1]:.4f})."
    )


def _judge_losses(about: str, answer: Any, expected: list[float], before: float) -> None:
    name = f"The list of losses {about}"
    if answer is not ... and np.ndim(answer) == 0:
        raise NotYet(f"{name} is a single value: append the loss after every step.")
    if answer is not ... and len(answer) != len(expected):
        raise NotYet(
            f"{name} has length {len(answer)}, not {len(expected)}: one loss after every step."
        )
    losses = require_array(name, np.reshape(answer, -1), (len(expected),))
    mistakes = {
        "They are taken before each step: compute the prediction again after it.": np.array(
            [before, *expected[:-1]]
        ),
        "They are half the mean squared error: use mse_loss.": np.array(expected) / 2,
    }
    require_close(name, losses, np.array(expected), mistakes, advice="W and b are right.")


# -------------------------------------------------------------------------- exercise 2


def _losses(X: FloatValues, y: FloatValues, lr: float, num_steps: int) -> list[float]:
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    return gradient_descent(X, y, W, b, lr, num_steps, len(X), mse_loss)[2]


def _count_steps(X: FloatValues, y: FloatValues, lr: float, target: float, most: int) -> int:
    below = [step for step, loss in enumerate(_losses(X, y, lr, most), 1) if loss < target]
    return below[0] if below else most


@exercise(2)
def exercise_2(count_steps: object, times_as_many: object) -> str:
    """``count_steps(X, y, lr, target, most_steps) -> number``, and a ratio of two counts."""
    function = require_function("count_steps", count_steps)
    X, y = _odd_data(7, 3)
    halfway = float(np.mean(_losses(X, y, 0.05, 12)[-2:]))  # between the last two: step 12
    trials = (
        (X, y, 0.05, halfway, 40),
        (X, y, 0.05, halfway, 12),
        (X_FIVE, Y_FIVE, 0.05, 0.03, 30),
        (X, y, 0.01, 0.0, 25),
        (X_FIVE, Y_FIVE, 0.2, 1.0, 30),
        # The losses are 1/4, 1/16, 1/64 ..., exactly: the target is equal to the second one.
        (np.array([[1.0], [-1.0], [1.0], [-1.0]]), np.ones((4, 1)), 0.5, 1 / 16, 9),
    )
    for trial in trials:
        _judge_count(function, trial, times_as_many)
    few, many = (_count_steps(X_FIVE, Y_FIVE, lr, 0.005, 2000) for lr in (0.1, 0.01))
    answer = require_number("times_as_many", times_as_many, right_so_far="count_steps")
    mistakes = {
        "Divide the other way round: the small rate needs more steps.": few / many,
        "That is the difference of the two counts: divide them.": float(many - few),
        "That is the count for 0.01: divide it by the count for 0.1.": float(many),
    }
    advice = "Divide the two counts as they are, without rounding."
    require_close(
        "times_as_many", answer, many / few, mistakes, 1e-3, advice=advice, give_away=False
    )
    return (
        f"Rate 0.1 needs {few} steps, rate 0.01 needs {many}: a tenth of the rate, "
        f"{many / few:.2f} times the steps. A small rate is safe, and slow in proportion."
    )


def _judge_count(
    function: Callable[..., Any],
    trial: tuple[FloatValues, FloatValues, float, float, int],
    times_as_many: object,
) -> None:
    X, _, lr, target, most_steps = trial
    expected = _count_steps(*trial)
    about = f"for {len(X)} rows, lr {lr:g}, target {target:.4g} and at most {most_steps} steps"
    result = call("count_steps", function, *trial, also_answered=[times_as_many])
    answer = require_number(f"count_steps {about}", result)
    reached = any(loss < target for loss in _losses(X, trial[1], lr, most_steps))
    if not reached and answer != most_steps:
        raise NotYet(
            f"count_steps is {answer:g} {about}, but the loss does not fall below the target: "
            f"return most_steps, {most_steps}. (np.argmax finds 0 where nothing is True.)"
        )
    mistakes = {
        "The first entry of the history is the loss after step 1, not 0.": expected - 1.0,
        "Stop at the first loss that is below the target: this is one step more.": expected + 1.0,
        "It always returns most_steps: compare each loss with the target.": float(most_steps),
        "That is the number of steps below the target: count those before, plus one.": float(
            most_steps - expected + 1
        ),
    }
    if any(loss == target for loss in _losses(X, trial[1], lr, most_steps)):
        mistakes = {"Below is less: a loss equal to the target does not count.": expected - 1.0}
    require_close(f"count_steps {about}", answer, float(expected), mistakes)


# -------------------------------------------------------------------------- exercise 3


def _largest_curvature(X: FloatValues, r: FloatValues) -> float:
    X_and_one = np.hstack([X, np.ones((len(X), 1))])
    return float(np.linalg.eigvalsh(X_and_one.T @ (r * X_and_one) / r.sum())[-1])


@exercise(3)
def exercise_3(largest_rate: object, lr_few: object) -> str:
    """``largest_rate(X, r) -> number``, and a rate for a fit in 80 steps."""
    function = require_function("largest_rate", largest_rate)
    X, _ = _odd_data(6, 3)
    r = np.array([[2.0], [1.0], [0.0], [0.5], [3.0], [1.5]])
    for kind, counts in (("r all 1", np.ones((6, 1))), ("different r", r)):
        about = f"on 6 rows of 3 columns with {kind}"
        answer = require_number(
            f"largest_rate {about}",
            call("largest_rate", function, X, counts, also_answered=[lr_few]),
        )
        expected = 2 / _largest_curvature(X, counts)
        mistakes = _rate_mistakes(X, counts)
        advice = "With r all 1 it is right: where do r and R stand in the loss?"
        advice = advice if counts is r else ""
        require_close(f"largest_rate {about}", answer, expected, mistakes, advice=advice)
    return _judge_few(require_number("lr_few", lr_few, right_so_far="largest_rate"))


def _rate_mistakes(X: FloatValues, r: FloatValues) -> dict[str, float]:
    """What each likely mistake gives on one trial, by what to say about it."""
    n, total = len(X), float(r.sum())
    M = np.hstack([X, np.ones((n, 1))])
    H = M.T @ (r * M) / total
    curvatures = np.linalg.eigvalsh(H)
    largest = float(curvatures[-1])
    plain = float(np.linalg.eigvalsh(M.T @ M / n)[-1])
    no_bias = float(np.linalg.eigvalsh(X.T @ (r * X) / total)[-1])
    squared = float(np.linalg.eigvalsh((r * M).T @ (r * M) / total)[-1])
    smallest = float(curvatures[0])
    wide = np.hstack([X, np.ones_like(X)])
    mean = float(X.mean())
    two_by_two = float(np.linalg.eigvalsh([[float(np.mean(X**2)), mean], [mean, 1.0]])[-1])
    many_ones = float(np.linalg.eigvalsh(wide.T @ (r * wide) / total)[-1])
    mistakes = {
        "The bias is missing: the last entry of v moves every error by the same.": 2 / no_bias,
        "The bias is one more weight, so it takes one column of ones, not one for each of X.": 2
        / many_ones,
        "H is not 2 x 2: it needs a row and a column for each weight, here 3 and the bias.": 2
        / two_by_two,
        "The 2 is missing: the loss falls as long as lr times the curvature is below 2.": 1
        / largest,
        "That is the curvature itself: the rate is 2 divided by it.": largest,
        "The other way round: 2 divided by the curvature.": largest / 2,
        "The curvature is a mean: divide by R.": 2 / (largest * total),
        "The largest diagonal entry of H is not its largest curvature: take the eigenvalue.": 2
        / float(np.diag(H).max()),
        "r is ignored.": 2 / plain,
        "It divides by n: divide by R, the sum of r.": 2 / (largest * total / n),
        "r comes in twice: once is enough, since it stands before the square.": 2 / squared,
    }
    if smallest > 1e-9:
        mistakes["That is for the least curved direction: the most curved one sets the limit."] = (
            2 / smallest
        )
    return mistakes


def _judge_few(lr: float) -> str:
    if lr <= 0:
        raise NotYet(f"lr_few should be above 0, but it is {lr:g}.")
    share = lr * _largest_curvature(X_FIVE, np.ones((5, 1))) / 2
    loss = _losses(X_FIVE, Y_FIVE, lr, 80)[-1]
    of_it = f"{share:.0%} of it" if share < 10 else "far above it"
    so_far = f"largest_rate is right. With lr_few = {lr:.4g}, {of_it}, "
    if share >= 1:
        raise NotYet(f"{so_far}the walk diverges: take a share below 1.")
    if loss >= 0.001:
        why = "too close to the limit, the leaps shrink slowly" if share > 0.9 else "too slow"
        raise NotYet(f"{so_far}the loss is {loss:.4f} after 80 steps, not below 0.001: {why}.")
    return (
        f"At {share:.0%} of the largest stable rate, 80 steps end at loss {loss:.6f}; the rate "
        f"of 0.1 ends at {_losses(X_FIVE, Y_FIVE, 0.1, 80)[-1]:.6f}. No search, one formula."
    )


# -------------------------------------------------------------------------- exercise 4


def _closed_form(X: FloatValues, y: FloatValues) -> FloatValues:
    M = np.hstack([X, np.ones((len(X), 1))])
    return np.linalg.lstsq(M, y, rcond=None)[0].astype(np.float64)


@exercise(4)
def exercise_4(closed_form: object, b_noise: object, b_walk: object, smallest_loss: object) -> str:
    """``closed_form(X, y) -> (W, b)``, and what the noise and the walk did to ``b``."""
    function = require_function("closed_form", closed_form)
    X, y = _odd_data(7, 3)
    later = [b_noise, b_walk, smallest_loss]
    W, b = call("closed_form", function, X, y, parts=2, also_answered=later)
    about = "on 7 rows of 3 columns"
    W, b = require_array(f"W {about}", W, (3, 1)), require_array(f"b {about}", b, (1, 1))
    expected = _closed_form(X, y)
    walked = gradient_descent(X, y, np.zeros((3, 1)), np.zeros((1, 1)), 0.1, 100, 7, mse_loss)
    no_bias = np.linalg.lstsq(X, y, rcond=None)[0]
    mistakes = {
        "The column of ones is missing, so b has no say.": np.vstack([no_bias, [[0.0]]]),
        "b is the weight of the column of ones: is that the last one or the first?": np.roll(
            expected, -1, axis=0
        ),
        "b stands where the last column's weight belongs.": np.roll(expected, 1, axis=0),
        "That is where 100 steps lead: use np.linalg.lstsq.": np.vstack(walked[:2]),
    }
    advice = "M is X with a column of ones beside it."
    require_close(
        f"W, with b below it, {about}", np.vstack([W, b]), expected, mistakes, advice=advice
    )
    return _judge_shares(b_noise, b_walk, smallest_loss)


def _judge_shares(b_noise: object, b_walk: object, smallest_loss: object) -> str:
    lowest = _closed_form(X_NOISY, Y_NOISY)
    zero = np.zeros((1, 1))
    W_100, b_100, losses = gradient_descent(X_NOISY, Y_NOISY, zero, zero, 0.1, 100, 4, mse_loss)
    noise, reached = float(lowest[1, 0]), float(b_100[0, 0])
    walk = reached - noise
    smallest = mse_loss(X_NOISY * lowest[0] + lowest[1], Y_NOISY)
    squares = 4 * smallest
    shares: tuple[tuple[str, object, float, dict[str, float]], ...] = (
        (
            "b_noise",
            b_noise,
            noise,
            {
                "That is b after 100 steps: take b at the lowest point.": reached,
                "That is W: take b.": float(lowest[0, 0]),
                "That is what the walk did: are b_noise and b_walk swapped?": walk,
            },
        ),
        (
            "b_walk",
            b_walk,
            walk,
            {
                "Its sign is turned around: b after 100 steps, minus b at the lowest point.": -walk,
                "That is b after 100 steps: take away b at the lowest point.": reached,
                "That is what the noise did: take b after 100 steps, minus that.": noise,
                "That is W: take b.": float(W_100[0, 0] - lowest[0, 0]),
            },
        ),
        (
            "smallest_loss",
            smallest_loss,
            smallest,
            {
                "That is the sum of the squares: the loss is their mean.": squares,
                "That is the loss after 100 steps: take it at the lowest point.": losses[-1],
                "The points have noise: no line goes through all of them.": 0.0,
            },
        ),
    )
    for name, answer, right, mistakes in shares:
        number = require_number(name, answer, right_so_far="closed_form")
        advice = "Let the notebook compute it, and do not round."
        require_close(name, number, right, mistakes, 5e-3, advice=advice, give_away=False)
    return (
        f"After 100 steps b is {reached:.3f}. The noise explains {noise:.3f} of it; the other "
        f"{walk:.3f} is a walk that stopped too early. No line gets below loss {smallest:.4f}."
    )


hint = hint_ladder(
    {
        1: (
            "Zeros for W and b, an empty list, a loop over range(num_steps). In the loop: the "
            "error, both gradients, both steps, the loss.",
            "error = X @ W + b - y has shape (n, 1). X.T @ error / len(X) has W's shape, and "
            "error.mean(axis=0, keepdims=True) has b's. Last comes "
            "losses.append(mse_loss(X @ W + b, y)), with the new W and b.",
            'Lesson 2.2, "Which way is down?", has both gradients; "Build it" has such a loop.',
        ),
        2: (
            "Call gradient_descent once with num_epochs=most_steps and look at the list that it "
            "returns third.",
            "enumerate(losses, start=1) counts from 1. Return the count as soon as a loss is "
            "below the target, and most_steps after the loop. W starts as "
            "np.zeros((X.shape[1], 1)).",
            'Lesson 2.2, "Build it", has a call of gradient_descent on all rows.',
        ),
        3: (
            "The error of row i moves by delta times a sum: x_i times the first d entries of v, "
            "plus the last one. Square it, weigh it with r_i, and take the mean.",
            "With a column of ones beside X, call it M, the error moves by delta times M v. So "
            "the curvature is (1/R) times the sum of r_i (M v)_i squared, and that is v.T H v "
            "with r once inside of H. np.linalg.eigvalsh(H) sorts from the smallest up.",
            'Lesson 2.2, "Two weights, one limit", does it for one column, without r.',
        ),
        4: (
            "XW + b is one matrix product if b becomes one more weight. What must its column be?",
            "M = np.hstack([X, np.ones((len(X), 1))]); of what lstsq returns, the last row is b: "
            "v[-1:] keeps two dimensions, v[:-1] is W. mse_loss measures the line it gives.",
            'Lesson 2.2, "On real data", puts such a column beside the images.',
        ),
    }
)
