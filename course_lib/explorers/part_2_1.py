"""The explorer of part 2.1: a line through five points, and its place on the map of all lines."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib import plots
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import FloatArray, mse_loss

X = np.arange(1.0, 6.0).reshape(5, 1)
ON_THE_LINE = 2 * X + 1
# The scatter leaves the best line where it was; the far point turns it.
POINTS = {
    "on one line": ON_THE_LINE,
    "scattered": ON_THE_LINE + np.array([[0.5], [-1.0], [1.0], [-1.0], [0.5]]),
    "one far off": ON_THE_LINE + np.array([[0.0], [0.0], [0.0], [0.0], [5.0]]),
}
WEIGHTS = tuple(np.arange(0.0, 4.25, 0.25).tolist())
BIASES = tuple(np.arange(-4.0, 6.5, 0.5).tolist())
START = {"W": 1.0, "b": 2.0, "points": "on one line"}
_MAP_WEIGHTS = np.linspace(-0.25, 4.25, 91)
_MAP_BIASES = np.linspace(-4.5, 6.5, 89)
_LEVELS = (0.01, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)


@cache
def loss_map(points: str) -> FloatArray:
    """The mean squared error of every line on the map; rows are biases, columns weights."""
    lines = X[:, :, np.newaxis] * _MAP_WEIGHTS + _MAP_BIASES[:, np.newaxis]  # (5, 89, 91)
    return np.mean((lines - POINTS[points][:, :, np.newaxis]) ** 2, axis=0)


def best_line(points: str) -> tuple[float, float, float]:
    """The weight and the bias with the lowest loss, and that loss."""
    y = POINTS[points]
    W = float(np.sum((X - X.mean()) * (y - y.mean())) / np.sum((X - X.mean()) ** 2))
    b = float(y.mean() - W * X.mean())
    return W, b, mse_loss(X * W + b, y)


def verdict(W: float, b: float, points: str) -> str:
    """Say in words where the line lies, and whether another one does better."""
    y = POINTS[points]
    mean_miss = float(np.mean(X * W + b - y))
    best_W, best_b, lowest = best_line(points)
    if mse_loss(X * W + b, y) <= lowest + 1e-9:
        return "No line does better."
    if abs(mean_miss) < 1e-9:
        level = "On average the line is neither too high nor too low"
    else:
        level = (
            f"On average the line is {abs(mean_miss):.2f} too {'high' if mean_miss > 0 else 'low'}"
        )
    return (
        f"{level}. The lowest loss of all lines is {lowest:.4f}, at W = {best_W:g}, b = {best_b:g}."
    )


def draw(W: float, b: float, points: str) -> Drawing:
    """Draw one line with its misses, and beside it the map with that line marked."""
    y = POINTS[points]
    loss = mse_loss(X * W + b, y)
    figure = Figure(figsize=(10.5, 3.8))
    figure.subplots_adjust(left=0.07, right=0.93, bottom=0.14, top=0.9, wspace=0.2)
    line_axes, map_axes = figure.subplots(1, 2)
    _draw_line(line_axes, W, b, y, f"Loss {loss:.4f}")
    filled = map_axes.contourf(
        _MAP_WEIGHTS, _MAP_BIASES, np.maximum(loss_map(points), _LEVELS[0]),
        levels=_LEVELS, cmap="cividis", norm=LogNorm(0.1, 300),
    )  # fmt: skip
    bar = figure.colorbar(filled, ax=map_axes, ticks=_LEVELS[1:-1], label="loss")
    bar.ax.set_yticklabels([f"{level:g}" for level in _LEVELS[1:-1]])
    bar.ax.minorticks_off()
    best_W, best_b, _ = best_line(points)
    map_axes.plot(best_W, best_b, "*", color="white", markersize=14, markeredgecolor="black")
    map_axes.plot(W, b, "s", color=plots.RED, markersize=9, markeredgecolor="white")
    map_axes.set(title="All lines: square is this one, star the best", xlabel="weight W")
    map_axes.set(xlim=(-0.25, 4.25), ylim=(-4.5, 6.5), ylabel="bias b")
    squares = ", ".join(f"{square:.2f}" for square in ((X * W + b - y) ** 2)[:, 0])
    result = (
        f"W = {W:g}, b = {b:g}, points {points}. Squared misses {squares}; "
        f"their mean, the loss, is {loss:.4f}. {verdict(W, b, points)}"
    )
    alt = f"A line through five points, and its place on the map of the loss. {result}"
    return Drawing(figure, alt, result)


def _draw_line(axes: Axes, W: float, b: float, y: FloatArray, title: str) -> None:
    ends = np.array([0.5, 5.5])
    axes.plot(ends, ends * W + b, color=plots.RED, linewidth=2)
    for x_i, y_i in zip(X[:, 0], y[:, 0], strict=True):
        at = float(x_i * W + b)
        axes.plot([x_i, x_i], [y_i, at], "--", color="black", linewidth=1)
        axes.text(x_i, -5, f"{(at - y_i) ** 2:.2f}", ha="center", fontsize=9)
    axes.plot(X, y, "o", color=plots.BLUE, markersize=4.5)
    # Room for the points, so that small misses show; the steepest lines leave at the top.
    axes.set(title=title, xlabel="x", ylabel="y", xlim=(0.5, 5.7), ylim=(-5.5, 20))
    handles = [
        Line2D(
            [], [], color=plots.BLUE, marker="o", linestyle="none", markersize=4.5, label="points"
        ),
        Line2D([], [], color=plots.RED, linewidth=2, label="line xW + b"),
        Line2D([], [], color="black", linestyle="--", label="miss (its square below)"),
    ]
    axes.legend(handles=handles, loc="upper left", fontsize=8)
    axes.grid(alpha=0.3)


def explore() -> Explorer:
    """Sliders for the weight and the bias of a line, and a menu of points."""
    controls = {
        "W": slider("Weight", [(f"{W:g}", W) for W in WEIGHTS], START["W"]),
        "b": slider("Bias", [(f"{b:g}", b) for b in BIASES], START["b"]),
        "points": menu("Points", [(name, name) for name in POINTS], START["points"]),
    }
    return Explorer("2.1", controls, draw)
