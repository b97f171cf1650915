"""The explorer of part 2.2: a walk down the loss surface, and the largest rate that is stable."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from course_lib import plots
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import FloatArray, gradient_descent, mse_loss, normalize

_ONE_TO_FIVE = np.arange(1.0, 6.0).reshape(5, 1)
POINTS = {
    "x from 1 to 5": _ONE_TO_FIVE,
    "x from 1 to 8": np.arange(1.0, 9.0).reshape(8, 1),
    "x from 1 to 5, normalized": normalize(_ONE_TO_FIVE),
}
LEARNING_RATES = (
    0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.07, 0.08, 0.1, 0.12, 0.14, 0.15, 0.16, 0.165, 0.17,
    0.18, 0.2, 0.3, 0.5, 1.0, 1.5, 1.9, 2.0, 2.1, 3.0,
)  # fmt: skip
STEPS = (1, 2, 3, 5, 10, 20, 50, 100, 200)
STARTS = {
    "W = 0, b = 0": (0.0, 0.0),
    "W = 5, b = -3": (5.0, -3.0),
    "W = -1, b = 5": (-1.0, 5.0),
    "W = 0.9, b = 5, in the valley": (0.9, 5.0),
}
START = {
    "learning_rate": 0.1,
    "steps": 20,
    "points": "x from 1 to 5",
    "start": "W = 0, b = 0",
}
W_LIMITS, B_LIMITS = (-3.0, 7.0), (-5.0, 7.0)  # the lowest point, (2, 1), is in the middle
SMALLEST_LOSS, LARGEST_LOSS = 1e-5, 1e6  # what the loss curve has room for
_EDGE = 1e-9  # a rate this close to the largest stable one, relative, counts as equal to it


@dataclass(frozen=True)
class Walk:
    """Where gradient descent stood, and its loss there: before the first step and after each."""

    path: FloatArray  # (number of steps + 1, 2): W and b
    losses: list[float]
    has_left: bool  # stopped early, at a loss above LARGEST_LOSS


def targets(x: FloatArray) -> FloatArray:
    """What the line ``y = 2x + 1`` says of each point."""
    return 2 * x + 1


def largest_stable_rate(x: FloatArray) -> float:
    """``2 / c``, where ``c`` is the largest curvature of half the mean squared error of a line."""
    H = np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1.0]])
    return float(2 / np.linalg.eigvalsh(H)[-1])


def walk(x: FloatArray, learning_rate: float, steps: int, start: tuple[float, float]) -> Walk:
    """Let the library take one step after the other, on all rows, and note each place."""
    W, b = (np.full((1, 1), value) for value in start)
    path, losses = [start], [mse_loss(x @ W + b, targets(x))]
    while len(path) <= steps and losses[-1] <= LARGEST_LOSS:
        W, b, loss = gradient_descent(x, targets(x), W, b, learning_rate, 1, len(x), mse_loss)
        path.append((W.item(), b.item()))
        losses += loss
    return Walk(np.array(path), losses, losses[-1] > LARGEST_LOSS)


def turns(path: FloatArray) -> int:
    """How often a step led back instead of on: against the direction of the one before."""
    steps = np.diff(path, axis=0)
    return int(np.sum(np.sum(steps[1:] * steps[:-1], axis=1) < 0))


def verdict(losses: Sequence[float], share: float, turned: int) -> str:
    """Say in words what a walk did.

    Args:
        losses: The loss before the first step and after each.
        share: The learning rate, as a share of the largest stable one.
        turned: How many of its steps led back.
    """
    if losses[-1] > LARGEST_LOSS:
        return (
            f"Diverges: every step overshoots by more than the one before, and after step "
            f"{len(losses) - 1} the loss is above a million."
        )
    if abs(share - 1) < _EDGE:
        return "On the edge: it leaps from one side of the valley to the other, and never settles."
    if share > 1 and losses[-1] > losses[0]:
        return "Diverges: the loss is higher than at the start, and grows with every leap."
    if share > 1:
        return "Too large, though it does not show yet: with more steps, the loss will grow."
    if losses[-1] < 1e-4:
        arrived = next(step for step, loss in enumerate(losses) if loss < 1e-4)
        return f"Arrived: the loss is below 0.0001 after step {arrived}."
    if turned > (len(losses) - 1) / 2:
        return (
            f"Zigzag: {turned} of {len(losses) - 1} steps lead back, because the one before "
            "overshot the valley's floor; but they get shorter."
        )
    if losses[-1] > 1:
        return "Not there yet: the loss falls in every step, but it is still above 1."
    return "Steady: the loss falls in every step, and the steps get smaller."


def draw_surface(
    axes: Axes,
    x: FloatArray,
    W_limits: tuple[float, float] = W_LIMITS,
    b_limits: tuple[float, float] = B_LIMITS,
) -> None:
    """Draw the loss over ``(W, b)`` as contour lines, with a star at the lowest point."""
    W, b = np.meshgrid(np.linspace(*W_limits, 90), np.linspace(*b_limits, 90))
    errors = x.reshape(-1, 1, 1) * W + b - targets(x).reshape(-1, 1, 1)
    loss = np.mean(errors**2, axis=0)
    levels = [0.0, 0.03, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 3000.0]
    shades = [(1 - 0.08 * k, 1 - 0.05 * k, 1 - 0.02 * k) for k in range(len(levels) - 1)]
    axes.contourf(W, b, loss, levels, colors=shades)
    lines = axes.contour(W, b, loss, levels[1:-1], colors=plots.GRAY, linewidths=0.6)
    axes.clabel(lines, [3.0, 30.0, 100.0], fontsize=7, fmt="%g")
    axes.plot(2, 1, "*", color="black", markersize=11, label="lowest point", linestyle="none")
    axes.set(xlim=W_limits, ylim=b_limits, xlabel="W", ylabel="b")


def draw_path(
    axes: Axes, path: FloatArray, color: str = plots.RED, line: str = "-", label: str = ""
) -> None:
    """Draw a walk: a square where it starts, a small mark after every step."""
    axes.plot(
        path[:, 0],
        path[:, 1],
        line,
        color=color,
        marker="o",
        markersize=3,
        linewidth=1,
        label=label,
    )
    axes.plot(*path[0], "s", color="white", markeredgecolor="black", markersize=7)


def _draw_losses(axes: Axes, losses: Sequence[float], steps: int) -> None:
    curve = np.clip(losses, SMALLEST_LOSS, LARGEST_LOSS)
    marker = "o" if steps <= 20 else ""
    axes.plot(curve, "-", color=plots.RED, marker=marker, markersize=4)
    axes.axhline(losses[0], color=plots.GRAY, linewidth=1)
    limits = (SMALLEST_LOSS / 2, LARGEST_LOSS * 2)
    axes.set(yscale="log", ylim=limits, xlim=(0, steps), xlabel="step", ylabel="loss")
    axes.yaxis.set_major_locator(FixedLocator([1e-5, 1e-3, 0.1, 10, 1e3, 1e5]))
    axes.yaxis.set_major_formatter(lambda loss, _: f"{loss:.5f}".rstrip("0").rstrip("."))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.locator_params(axis="x", integer=True)
    axes.grid(alpha=0.3)
    axes.set_title("Loss after each step, 0.00001 or more (gray: start)", fontsize=10)


def _draw_rates(axes: Axes, learning_rate: float, bound: float) -> None:
    low, high = LEARNING_RATES[0] / 1.4, LEARNING_RATES[-1] * 1.4
    axes.axvspan(low, bound, color=plots.GREEN, alpha=0.25)
    axes.axvspan(bound, high, facecolor="white", edgecolor=plots.RED, hatch="///", linewidth=0)
    axes.axvline(bound, color="black", linewidth=2)
    axes.plot(learning_rate, 0.5, "v", color="black", markeredgecolor="white", markersize=11)
    axes.set(xscale="log", xlim=(low, high), ylim=(0, 1), yticks=[], xlabel="learning rate")
    axes.xaxis.set_major_locator(FixedLocator([0.001, 0.01, 0.1, 1]))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    title = f"Triangle: this rate. Line: largest stable rate, {bound:.4f}. Hatched: diverges"
    axes.set_title(title, fontsize=9)


def draw(learning_rate: float, steps: int, points: str, start: str) -> Drawing:
    """Walk down one surface at one rate; draw the path, the loss and where the rate stands."""
    x = POINTS[points]
    bound = largest_stable_rate(x)
    share = learning_rate / bound
    walked = walk(x, learning_rate, steps, STARTS[start])
    figure = Figure(figsize=(10.5, 4.2))
    surface = figure.add_axes((0.06, 0.13, 0.4, 0.78))
    curve = figure.add_axes((0.56, 0.48, 0.42, 0.43))
    rates = figure.add_axes((0.56, 0.13, 0.42, 0.1))
    draw_surface(surface, x)
    # A walk that diverges leaves the picture; what is far outside of it is not drawn.
    inside = walked.path[np.max(np.abs(walked.path), axis=1) < 1000]
    draw_path(surface, inside, label="the path")
    surface.legend(loc="upper right", fontsize=8)
    surface.set_title("Loss over W and b (square: start)", fontsize=10)
    _draw_losses(curve, walked.losses, steps)
    _draw_rates(rates, learning_rate, bound)
    last_W, last_b = walked.path[-1]
    if walked.has_left:
        end = ""
    else:
        end = (
            f"After {steps} step{'s' if steps > 1 else ''}: W = {_in_words(last_W)}, "
            f"b = {_in_words(last_b)}, loss {_loss_in_words(walked.losses[-1])} "
            f"(at the start {_loss_in_words(walked.losses[0])}). "
        )
    result = (
        f"{points}, learning rate {learning_rate:g}: {share:.0%} of the largest stable rate "
        f"{bound:.4f}. {end}{verdict(walked.losses, share, turns(walked.path))}"
    )
    alt = (
        f"Contour lines of the loss with the path from {start}, the loss after each step, and "
        f"the rate beside the largest stable one. {result}"
    )
    return Drawing(figure, alt, result)


def _in_words(weight: float) -> str:
    return f"{weight + 0.0:.2f}" if abs(weight) < 1000 else "far outside"


def _loss_in_words(loss: float) -> str:
    if loss < 0.0001:
        return "below 0.0001"
    if loss < 0.001:
        return f"{loss:.4g}"
    return f"{loss:.4f}" if loss < 1 else f"{loss:,.1f}"


def explore() -> Explorer:
    """Sliders for learning rate and number of steps, menus of points and of starting places."""
    rates = [(f"{lr:g}", lr) for lr in LEARNING_RATES]
    controls = {
        "learning_rate": slider("Learning rate", rates, START["learning_rate"]),
        "steps": slider("Steps", [(str(n), n) for n in STEPS], START["steps"]),
        "points": menu("Points", [(name, name) for name in POINTS], START["points"]),
        "start": menu("Start", [(name, name) for name in STARTS], START["start"]),
    }
    return Explorer("2.2", controls, draw)
