"""The explorer of part 1.2: what a 2 x 2 matrix does to a square, and to the ink of a digit."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.datasets import IMAGE_SIZE, Dataset
from course_lib.explorers import Drawing, Explorer, dataset, slider
from course_lib.neural_network import FloatArray, matrix_multiply

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])  # of a square, area 1
WIDTHS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
HEIGHTS = (0.5, 1.0, 1.5, 2.0)
SHEARS = (-1.0, -0.5, 0.0, 0.5, 1.0)
ROTATIONS = (-180, -135, -90, -60, -45, -30, 0, 30, 45, 60, 90, 135, 180)
START = {"width": 1.0, "height": 1.0, "shear": 0.0, "rotation": 30}
DIGIT = 2  # looks different turned and mirrored
FARTHEST = 4.55  # a little more than any corner of the square goes
INK_FARTHEST = 1.95  # and any pixel of the digit


def matrix(width: float, height: float, shear: float, rotation: float) -> FloatArray:
    """The matrix that stretches, then shears, then turns points that are rows.

    Args:
        width: Factor for the first coordinate; a negative one mirrors.
        height: Factor for the second coordinate.
        shear: How far each point moves to the right for every unit it lies high.
        rotation: Degrees, against the clock.
    """
    angle = np.deg2rad(rotation)
    stretches = np.array([[width, 0.0], [0.0, height]])
    shears = np.array([[1.0, 0.0], [shear, 1.0]])
    turns = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return matrix_multiply(matrix_multiply(stretches, shears), turns)


def determinant(W: FloatArray) -> float:
    """``W[0, 0] W[1, 1] - W[0, 1] W[1, 0]``, without the last digits that rounding leaves."""
    return round(float(W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0]), 9) + 0.0


def verdict(W: FloatArray) -> str:
    """Say in words what the determinant means."""
    area = determinant(W)
    if area == 0:
        return (
            "Determinant 0: the square is flattened to a line of area 0. Different points land "
            "on the same spot, so no matrix can bring the square back."
        )
    size = f"{abs(area):g}"
    if area < 0:
        change = "still covers an area of 1" if area == -1 else f"now covers an area of {size}"
        return f"Determinant −{size}: the square {change}, and the minus says that it is mirrored."
    if area == 1:
        return "Determinant 1: the area stays 1."
    return f"Determinant {size}: the area is now {size} times what it was."


def ink_points(data: Dataset) -> FloatArray:
    """The dark pixels of one digit as rows ``(x, y)``, around the middle of the image."""
    row = data.X_train[np.flatnonzero(data.y_train == DIGIT)[0]]
    down, right = np.nonzero(row.reshape(IMAGE_SIZE, IMAGE_SIZE) > 0.4)
    middle = (IMAGE_SIZE - 1) / 2
    return np.column_stack([right - middle, middle - down]) / IMAGE_SIZE


def draw_square(axes: Axes, W: FloatArray, farthest: float = FARTHEST) -> None:
    """Draw the unit square, dotted, and shaded with a black outline where the matrix takes it.

    The solid blue line with a round end is the lower side, where row 1 of ``W`` says; the
    dashed one with a square end is the left side, row 2.
    """
    closed = [*range(len(CORNERS)), 0]
    moved = matrix_multiply(CORNERS, W)
    axes.axhline(0, color=plots.GRAY, linewidth=0.4, zorder=0)
    axes.axvline(0, color=plots.GRAY, linewidth=0.4, zorder=0)
    axes.fill(*CORNERS.T, color="lightgray", alpha=0.6)
    axes.fill(*moved.T, color=plots.ORANGE, alpha=0.35)
    axes.plot(*CORNERS[closed].T, ":", color=plots.GRAY, linewidth=1.5)
    axes.plot(*moved[closed].T, "-", color="black", linewidth=0.8)
    _draw_rows(axes, W)
    axes.set(xlim=(-farthest, farthest), ylim=(-farthest, farthest), aspect="equal")


def _draw_rows(axes: Axes, W: FloatArray) -> None:
    """A line from the origin to each row of ``W``, with a marker at its end."""
    for (right, up), (color, line, marker) in zip(W, plots.LINES, strict=False):
        axes.plot([0, right], [0, up], line + marker, color=color, linewidth=2.5, markevery=[1])


def draw_pieces(axes: Axes, W: FloatArray) -> None:
    """Draw the moved square inside a rectangle, and the six pieces around it.

    All entries have to be positive, and row 2 steeper than row 1.
    """
    right, up = W[0]
    size = W.sum(axis=0)
    below = {
        "A": np.array([[0, 0], [right, 0], [right, up]]),
        "B": np.array([[right, up], [size[0], up], size]),
        "C": np.array([[right, 0], [size[0], 0], [size[0], up], [right, up]]),
    }
    for name, corners in below.items():
        for piece in (corners, size - corners):  # the other half is the same, turned around
            axes.fill(*piece.T, facecolor="white", edgecolor=plots.GRAY, linewidth=1.2)
            x, y = piece.mean(axis=0)
            axes.text(x, y, name, ha="center", va="center")
    axes.fill(*matrix_multiply(CORNERS, W).T, facecolor="#F7E2B3", edgecolor="black")
    _draw_rows(axes, W)
    axes.set(xlim=(-0.05, size[0] + 0.05), ylim=(-0.05, size[1] + 0.05), aspect="equal")


def draw(data: Dataset, width: float, height: float, shear: float, rotation: float) -> Drawing:
    """Draw what one matrix does to the unit square, and to the ink of a digit."""
    W = matrix(width, height, shear, rotation)
    figure = Figure(figsize=(10.5, 4.2))
    figure.subplots_adjust(left=0.04, right=0.99, bottom=0.07, top=0.92, wspace=0.03)
    square_axes, words, ink_axes = figure.subplots(1, 3, width_ratios=(1, 0.6, 1))
    draw_square(square_axes, W)
    square_axes.set_title("The square: before, and after")
    words.axis("off")
    words.set(xlim=(0, 1), ylim=(0, 1))
    words.text(0.5, 0.9, "W", ha="center", fontsize=13)
    for row, y, color, where in ((0, 0.76, plots.BLUE, "●"), (1, 0.64, plots.RED, "■")):
        numbers = "".join(f"{_rounded(entry):7.2f}" for entry in W[row]).replace("-", "−")
        words.text(
            0.5, y, f"{where} {numbers}", ha="center", color=color, family="DejaVu Sans Mono"
        )
    words.text(0.5, 0.46, "row 1: where (1, 0) lands\nrow 2: where (0, 1) lands", ha="center")
    words.text(
        0.5, 0.22, f"determinant {determinant(W):g}".replace("-", "−"), ha="center", fontsize=13
    )
    points = ink_points(data)
    ink_axes.plot(*points.T, "x", color=plots.GRAY, markersize=2.5, markeredgewidth=0.6)
    ink_axes.plot(*matrix_multiply(points, W).T, ".", color="black", markersize=4)
    limits = (-INK_FARTHEST, INK_FARTHEST)
    ink_axes.set(xlim=limits, ylim=limits, aspect="equal", xticks=[], yticks=[])
    ink_axes.set_title(f"The ink of a {DIGIT}: the same product")
    setting = f"Width {width:g}, height {height:g}, shear {shear:g}, rotation {rotation}°"
    entries = "; ".join(f"{_rounded(left):.2f}, {_rounded(right):.2f}" for left, right in W)
    result = f"{setting}. W = [{entries}]. {verdict(W)}".replace("-", "−")
    alt = (
        "A square of area 1 and the shape it becomes, the matrix, and the ink of a digit "
        f"moved by the same matrix. {result}"
    )
    return Drawing(figure, alt, result)


def _rounded(value: float) -> float:
    return round(float(value), 2) + 0.0  # -0.0 becomes 0.0


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for what a 2 x 2 matrix is made of: stretch, shear and rotation.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)

    def factors(values: tuple[float, ...]) -> list[tuple[str, float]]:
        return [(f"{value:g}".replace("-", "−"), value) for value in values]

    degrees = [(f"{angle}°".replace("-", "−"), angle) for angle in ROTATIONS]
    controls = {
        "width": slider("Width", factors(WIDTHS), START["width"]),
        "height": slider("Height", factors(HEIGHTS), START["height"]),
        "shear": slider("Shear", factors(SHEARS), START["shear"]),
        "rotation": slider("Rotation", degrees, START["rotation"]),
    }
    return Explorer("1.2", controls, partial(draw, data), data=data)
