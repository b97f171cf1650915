"""The explorer of part 1.1: a cloud of points, shifted and scaled, before and after normalize."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.datasets import Dataset
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import FloatArray, normalize

SHIFTS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
SCALES = (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0)
CLOUDS = ("round", "tilted", "two groups", "one far point")
START = {"shift_right": 0.0, "shift_up": 0.0, "width": 1.0, "height": 1.0, "cloud": "tilted"}
MARKED = 0  # the point that a star marks, so that the eye can follow it
FAR = 59  # the point that "one far point" moves away
_NUM_POINTS = 60
_BEFORE, _AFTER = 14, 5.5  # the axes end there, whatever the sliders say


def make_cloud(cloud: str) -> FloatArray:
    """The 60 points of a cloud, shape ``(60, 2)``: around 0, about 1 wide and 1 high."""
    points = np.random.default_rng(1).normal(size=(_NUM_POINTS, 2))
    points[MARKED] = 1.5, 1.0
    if cloud == "tilted":
        points[:, 1] = 0.9 * points[:, 0] + 0.35 * points[:, 1]
    if cloud == "two groups":
        points *= 0.3
        points[::2, 0] += 1
        points[1::2, 0] -= 1
    points = normalize(points)
    if cloud == "one far point":
        points[FAR] = 5, 5
    return points


def move(
    points: FloatArray, shift_right: float, shift_up: float, width: float, height: float
) -> FloatArray:
    """Scale both columns, then shift them: ``points * (width, height) + (right, up)``."""
    return points * np.array([width, height]) + np.array([shift_right, shift_up])


def draw_points(axes: Axes, points: FloatArray, limit: float, title: str) -> None:
    """Draw a cloud with its mean, and one standard deviation to each side of it."""
    axes.plot(points[:, 0], points[:, 1], "o", color=plots.BLUE, markersize=3, label="one row of X")
    axes.errorbar(
        *points.mean(axis=0), *points.std(axis=0)[::-1],
        color=plots.RED, linewidth=1.5, capsize=3, label="mean ± standard deviation",
    )  # fmt: skip
    marked = points[MARKED]
    axes.plot(
        *marked, "*", color=plots.ORANGE, markeredgecolor="black", markersize=12, label="row 0"
    )
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), title=title, aspect="equal")
    axes.set(xlabel="first column", ylabel="second column")
    axes.grid(alpha=0.3)


def verdict(shift_right: float, shift_up: float, width: float, height: float, cloud: str) -> str:
    """Say in words what ``normalize`` does to a cloud that was moved so."""
    flat = [name for name, scale in (("first", width), ("second", height)) if scale == 0]
    if len(flat) == 2:
        return "Both columns are constant: every point lands on 0."
    if flat:
        return f"The {flat[0]} column is constant: it becomes 0, and nothing is divided by 0."
    turned = [name for name, scale in (("first", width), ("second", height)) if scale < 0]
    if turned:
        which = "Both columns are" if len(turned) == 2 else f"The {turned[0]} column is"
        return f"{which} mirrored, before and after: a negative scale turns left and right around."
    if cloud == "one far point":
        return "The far point stays far, and takes up the room: the others are pressed together."
    if (shift_right, shift_up, width, height) == (0, 0, 1, 1):
        return "Nothing is moved yet."
    return "Shift and scale leave no trace: the right picture is the same as unmoved."


def draw(shift_right: float, shift_up: float, width: float, height: float, cloud: str) -> Drawing:
    """Shift and scale a cloud, normalize it, and draw it before and after."""
    before = move(make_cloud(cloud), shift_right, shift_up, width, height)
    after = normalize(before)
    figure = Figure(figsize=(9, 4.5))
    figure.subplots_adjust(left=0.07, right=0.97, bottom=0.21, top=0.93, wspace=0.15)
    left, right = figure.subplots(1, 2)
    draw_points(left, before, _BEFORE, "Before: X")
    draw_points(right, after, _AFTER, "After: normalize(X)")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3, frameon=False)
    words = verdict(shift_right, shift_up, width, height, cloud)
    result = (
        f"Cloud {cloud}, shifted {shift_right:g} right and {shift_up:g} up, width times {width:g}, "
        f"height times {height:g}. Before: means {_pair(before.mean(axis=0))}, standard deviations "
        f"{_pair(before.std(axis=0))}. After: means {_pair(after.mean(axis=0))}, standard "
        f"deviations {_pair(after.std(axis=0))}. {words}"
    )
    return Drawing(figure, f"A cloud of points before and after normalize. {result}", result)


def _pair(numbers: FloatArray) -> str:
    first, second = np.round(numbers, 2) + 0.0  # so that no -0.00 is shown
    return f"{first:.2f} and {second:.2f}"


def draw_pixels(data: Dataset, row: int = 0) -> Drawing:
    """Draw one image, the mean and the deviation of every pixel, and the image normalized."""
    X = data.X_train
    figure = Figure(figsize=(10.5, 2.7))
    figure.subplots_adjust(left=0.01, right=0.93, bottom=0.03, top=0.88, wspace=0.1)
    axes = figure.subplots(1, 4, width_ratios=[1, 1, 1, 1.25])  # the last has a color bar
    plots.draw_digit(axes[0], X[row], "One picture")
    plots.draw_digit(axes[1], X.mean(axis=0), f"Mean of all {len(X)}")
    plots.draw_digit(axes[2], X.std(axis=0), "Standard deviation")
    plots.draw_weights(axes[3], normalize(X)[row], "less", "more")
    axes[3].set_title("Normalized")
    alt = (
        f"Four images of 28 by 28 pixels: a handwritten {data.y_train[row]}; the mean of all, a "
        "soft blur; the standard deviation, also soft and empty at the border; and the same "
        f"{data.y_train[row]} in red and blue, for more and for less ink than the mean."
    )
    return Drawing(figure, alt, alt)


def explore() -> Explorer:
    """Sliders for shift and scale in both directions, and a menu of clouds."""
    shifts = [(f"{shift:g}", shift) for shift in SHIFTS]
    scales = [(f"{scale:g}", scale) for scale in SCALES]
    controls = {
        "shift_right": slider("Shift right", shifts, START["shift_right"]),
        "shift_up": slider("Shift up", shifts, START["shift_up"]),
        "width": slider("Width times", scales, START["width"]),
        "height": slider("Height times", scales, START["height"]),
        "cloud": menu("Cloud", [(cloud, cloud) for cloud in CLOUDS], START["cloud"]),
    }
    return Explorer("1.1", controls, draw)
