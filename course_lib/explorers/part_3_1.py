"""The explorer of part 3.1: two weights and a bias, and the line that one neuron draws."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_lib import plots
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import FloatArray, binary_cross_entropy, forward_perceptron

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = {
    "AND": np.array([[0.0], [0.0], [0.0], [1.0]]),
    "OR": np.array([[0.0], [1.0], [1.0], [1.0]]),
    "NAND": np.array([[1.0], [1.0], [1.0], [0.0]]),
    "XOR": np.array([[0.0], [1.0], [1.0], [0.0]]),
}
WEIGHTS = (-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0)
BIASES = (-6.0, -3.0, -1.5, -0.5, 0.0, 0.5, 1.5, 3.0, 6.0)  # doubled, the line stays
START = {"w1": 1.0, "w2": -1.0, "b": 0.5, "task": "AND"}
GUESSING = float(np.log(2))  # the loss of answering 0.5 every time
_VIEW = (-0.5, 1.5)  # where both axes start and end
_SHADES = ("#9CC6E3", "#C5DDEE", "#E9F1F6", "white", "#FBEDE3", "#F6CFB2", "#EEB083")
_LEVELS = (0.0, 0.1, 0.25, 0.5 - 1e-9, 0.5 + 1e-9, 0.75, 0.9, 1.0)


def answers(A: FloatArray) -> FloatArray:
    """1 where the probability is above one half, else 0."""
    return (A > 0.5).astype(np.float64)


def draw_plane(axes: Axes, X: ArrayLike, y: ArrayLike, W: ArrayLike, b: ArrayLike) -> None:
    """Draw what one neuron says of every point of a plane, and the points that it should learn.

    Blue shades are probabilities below one half, orange ones above, white is one half. The
    boundary is a solid line, 0.1 and 0.9 are dashed ones. An arrow shows the direction of
    ``W``, at most a third of a unit long, and keeps away from the points. Circles
    are class 0, squares class 1; a ring marks a wrong answer.

    Args:
        axes: Where to draw.
        X: Points, shape ``(n, 2)``.
        y: Their classes, 0 or 1, shape ``(n, 1)``.
        W: Weights of the neuron, shape ``(2, 1)``.
        b: Its bias, shape ``(1, 1)``.
    """
    X, y, W = np.asarray(X), np.asarray(y), np.asarray(W, dtype=np.float64)
    grid = np.linspace(*_VIEW, 101)
    plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    A = forward_perceptron(plane, W, b).reshape(101, 101)
    axes.contourf(grid, grid, A, levels=_LEVELS, colors=_SHADES)
    _draw_lines(axes, X, W, np.asarray(b, dtype=np.float64).item())
    for value, marker, color in ((0, "o", plots.BLUE), (1, "s", plots.RED)):
        of_class = X[y[:, 0] == value]
        axes.plot(*of_class.T, marker, color=color, ms=8, markeredgecolor="white", zorder=4)
    wrong = X[(answers(forward_perceptron(X, W, b)) != y)[:, 0]]
    axes.plot(*wrong.T, "o", color="black", fillstyle="none", markersize=17, markeredgewidth=2)
    axes.set(xlim=_VIEW, ylim=_VIEW, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    axes.locator_params(integer=True)


def _draw_lines(axes: Axes, X: FloatArray, W: FloatArray, b: float) -> None:
    """The lines of probability 0.1, 0.5 and 0.9, and the direction of W, if there are any."""
    length = float(np.linalg.norm(W))
    if length == 0:
        return
    normal = W[:, 0] / length
    along = np.array([-normal[1], normal[0]])
    reach = 10 * (_VIEW[1] - _VIEW[0])
    middle = np.full(2, sum(_VIEW) / 2)
    for z, style, width in ((-np.log(9), "--", 1.0), (0.0, "-", 2.2), (np.log(9), "--", 1.0)):
        # The point of the line that is nearest to the middle of the picture.
        foot = middle + (z - b - middle @ W[:, 0]) / length * normal
        ends = np.stack([foot - reach * along, foot + reach * along])
        axes.plot(*ends.T, style, color="black", linewidth=width)
        if z == 0:
            _draw_arrow(axes, X, foot, along, min(length, 1.0) / 3 * normal)


def _draw_arrow(
    axes: Axes, X: FloatArray, foot: FloatArray, along: FloatArray, way: FloatArray
) -> None:
    """An arrow from the line, as near to its foot as the points and the frame leave room."""
    for shift in (0.0, 0.2, -0.2, 0.4, -0.4, 0.6, -0.6):
        start = foot + shift * along
        track = start + np.linspace(0, 1, 5)[:, np.newaxis] * way
        in_view = np.all((_VIEW[0] + 0.02 < start) & (start < _VIEW[1] - 0.02))
        if in_view and np.linalg.norm(track[:, np.newaxis] - X, axis=-1).min() > 0.15:
            arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.8}
            axes.annotate("", tuple(track[-1]), tuple(start), arrowprops=arrow)
            return


def legend_handles() -> list[Line2D]:
    """What the marks of ``draw_plane`` mean."""
    circle = Line2D([], [], color=plots.BLUE, marker="o", label="class 0")
    square = Line2D([], [], color=plots.RED, marker="s", label="class 1")
    ring = Line2D([], [], color="black", marker="o", fillstyle="none", label="wrong")
    for handle, size, edge in ((circle, 8, "white"), (square, 8, "white"), (ring, 13, "black")):
        handle.set(linestyle="none", markersize=size, markeredgecolor=edge)
    return [
        circle,
        square,
        ring,
        Line2D([], [], color="black", linewidth=2.2, label="boundary, 0.5"),
        Line2D([], [], color="black", linestyle="--", linewidth=1, label="0.1 and 0.9"),
    ]


def verdict(w1: float, w2: float, b: float, task: str) -> str:
    """Say in words where the boundary runs, and what that makes of the four points."""
    y = TARGETS[task]
    W = np.array([[w1], [w2]])
    Z = X @ W + b
    A = forward_perceptron(X, W, [[b]])
    right = int(np.sum(answers(A) == y))
    if w1 == w2 == 0:
        least = " On XOR, no weights have a lower loss." if task == "XOR" and b == 0 else ""
        return f"Both weights are 0: no line, every point gets {A[0, 0]:.2f}.{least}"
    corners = np.array([[x1, x2] for x1 in _VIEW for x2 in _VIEW]) @ W + b
    distance = f"{abs(b) / float(np.linalg.norm(W)):.2f} from the origin"
    if np.all(corners >= 0) or np.all(corners <= 0):
        where = f"The boundary lies outside the picture, {distance}: all points are on one side"
    else:
        where = f"The boundary runs {distance}"
        if np.all(answers(A) == answers(A)[0]):
            where += "; all four points get the same answer"
    on_line = [f"({x1:g}, {x2:g})" for (x1, x2), z in zip(X, Z[:, 0], strict=True) if z == 0]
    if on_line:
        one = len(on_line) == 1
        where += (
            f"; {' and '.join(on_line)} {'lies' if one else 'lie'} on it, which counts as answer 0"
        )
    if right == 4:
        return f"{where}. This line solves {task}."
    if task == "XOR" and right == 3:
        return f"{where}. No line gets more than 3 of XOR right."
    return f"{where}."


def draw(w1: float, w2: float, b: float, task: str) -> Drawing:
    """Draw the plane of one neuron, and beside it what it says of the four points."""
    y = TARGETS[task]
    W, bias = np.array([[w1], [w2]]), np.array([[b]])
    A = forward_perceptron(X, W, bias)
    losses = [binary_cross_entropy(A[i : i + 1], y[i : i + 1]) for i in range(4)]
    right = int(np.sum(answers(A) == y))
    loss = binary_cross_entropy(A, y)
    figure = Figure(figsize=(10.5, 3.9))
    plane = figure.add_axes((0.04, 0.16, 0.29, 0.75))
    bars = figure.add_axes((0.6, 0.16, 0.39, 0.75))
    draw_plane(plane, X, y, W, bias)
    plane.set_title(f"{task}: {right} of 4 right")
    plane.legend(handles=legend_handles(), loc="center left", bbox_to_anchor=(1.02, 0.5))
    _draw_probabilities(bars, A, y, losses)
    bars.set_title(f"Loss {loss:.4f} (always 0.5: {GUESSING:.4f})")
    result = (
        f"{task}, w1 = {w1:g}, w2 = {w2:g}, b = {b:g}: {right} of 4 right, loss {loss:.4f} "
        f"(always saying 0.5 costs {GUESSING:.4f}). {verdict(w1, w2, b, task)}"
    )
    alt = (
        "Four points in a plane with the boundary of one neuron, and the probability of each. "
        f"{result}"
    )
    return Drawing(figure, alt, result)


def _draw_probabilities(axes: Axes, A: FloatArray, y: FloatArray, losses: Sequence[float]) -> None:
    axes.bar(range(4), A[:, 0], width=0.55, color="lightgray", edgecolor=plots.GRAY)
    axes.axhline(0.5, color="black", linewidth=2.2)
    for i, target in enumerate(y[:, 0]):
        marker, color = ("s", plots.RED) if target else ("o", plots.BLUE)
        axes.plot(i, target, marker, color=color, markersize=8, markeredgecolor="white")
        axes.text(i + 0.1, max(A[i, 0], 0.0) + 0.03, f"{A[i, 0]:.2f}", ha="left", fontsize=9)
    labels = [
        f"({x1:g}, {x2:g})\nloss {loss:.2f}" for (x1, x2), loss in zip(X, losses, strict=True)
    ]
    axes.set_xticks(range(4), labels)
    axes.set(ylim=(-0.06, 1.14), xlim=(-0.6, 3.6), ylabel="probability (bar), target (mark)")


def explore() -> Explorer:
    """Sliders for two weights and a bias, and a menu of tasks."""
    weights = [(f"{w:g}", w) for w in WEIGHTS]
    controls = {
        "w1": slider("Weight w1", weights, START["w1"]),
        "w2": slider("Weight w2", weights, START["w2"]),
        "b": slider("Bias", [(f"{b:g}", b) for b in BIASES], START["b"]),
        "task": menu("Task", [(name, name) for name in TARGETS], START["task"]),
    }
    return Explorer("3.1", controls, draw)
