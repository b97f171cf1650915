"""The explorer of part 4.2: nine weights, a window to move over a digit, and the whole map."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib import plots
from course_lib.datasets import IMAGE_SIZE, Dataset
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.neural_network import (
    FloatArray,
    Parameters,
    conv2d,
    conv_backward,
    conv_forward,
    gradient_descent_general,
)

SIZE = 3  # of the window
FILTERS: dict[str, FloatArray] = {
    "vertical edges": np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
    "horizontal edges": np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]),
    "Sobel, vertical": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "Laplacian": np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "mean (blur)": np.full((SIZE, SIZE), 1 / 9),
    "shift by one": np.array([[0.0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    "all zero": np.zeros((SIZE, SIZE)),
}
WEIGHTS = (-8.0, -2.0, -1.0, -0.5, 0.0, 1 / 9, 0.5, 1.0, 2.0, 8.0)
PLACES = tuple(range(4, 23, 2))  # of the 26 places where a window can stop
LABELS = (  # of the nine sliders
    ("Top left", "Top middle", "Top right"),
    ("Middle left", "Center", "Middle right"),
    ("Bottom left", "Bottom middle", "Bottom right"),
)
START: dict[str, str | int] = {"preset": "vertical edges", "row": 12, "column": 10}
DIGIT = 5
EPOCHS = (1, 2, 60)  # of the opening picture


def name_of(i: int, j: int) -> str:
    """The control of one weight."""
    return f"weight_{i + 1}_{j + 1}"


def as_settings(weights: FloatArray) -> dict[str, float]:
    """The nine weights as values of the nine controls."""
    return {name_of(i, j): float(weights[i, j]) for i, j in np.ndindex(weights.shape)}


def in_words(number: float) -> str:
    """A number with two decimals at most, a ninth as what it is, and no minus before a 0."""
    if abs(number - 1 / 9) < 1e-12:
        return "1/9"
    return f"{round(number, 2) + 0.0:g}".replace("-", "−")


def strongest_answer(weights: FloatArray) -> float:
    """The largest answer, without its sign, that pixels from 0 to 1 can give; 1 if there is none.

    Ink under all weights of one sign, and none under the others.
    """
    return float(max(weights[weights > 0].sum(), -weights[weights < 0].sum())) or 1.0


def verdict(pixels: FloatArray, kernel: FloatArray) -> str:
    """Say in words what one entry of the map means."""
    if not kernel.any():
        return "All nine weights are 0, and so is the whole map."
    if not pixels.any():
        return "There is no ink under the window."
    answer, limit = float(np.sum(pixels * kernel)), strongest_answer(kernel)
    if abs(answer) < 1e-9:
        cancel = (pixels * kernel).any()
        return "The products cancel." if cancel else "The ink lies under weights that are 0."
    sign, other, more = ("positive", "negative", "more")
    if answer < 0:
        sign, other, more = ("negative", "positive", "less")
    why = f"no weight is {other}"
    if kernel.min() < 0 < kernel.max():
        why = (
            f"{more} ink under the positive weights than under the negative ones, each counted "
            "with its size"
        )
    return f"The answer is {sign}: {why} ({abs(answer) / limit:.0%} of what this filter can reach)."


def draw(image: FloatArray, preset: str, row: int, column: int, **weights: float) -> Drawing:
    """Draw the digit with its window, the nine products with their sum, and the whole map."""
    kernel = np.array([[weights[name_of(i, j)] for j in range(SIZE)] for i in range(SIZE)])
    feature_map = conv2d(image, kernel)
    pixels = image[row : row + SIZE, column : column + SIZE]
    products, answer = pixels * kernel, float(feature_map[row, column])
    limit, strongest = strongest_answer(kernel), max(float(np.abs(kernel).max()), 1e-12)

    figure = Figure(figsize=(10.5, 3.3))
    digit_axes = figure.add_axes((0.01, 0.06, 0.26, 0.80))
    trio = [figure.add_axes((0.285 + 0.136 * k, 0.29, 0.116, 0.37)) for k in range(3)]
    map_axes = figure.add_axes((0.70, 0.06, 0.245, 0.80))
    bar_axes = figure.add_axes((0.953, 0.10, 0.010, 0.72))

    digit_axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    digit_axes.set(xticks=[], yticks=[], title="The window on the digit")
    _outline(digit_axes, row, column, SIZE)
    trio[0].imshow(pixels, cmap="gray_r", vmin=0, vmax=2)
    _write_numbers(trio[0], pixels)
    trio[0].set(xticks=[], yticks=[], title="pixels")
    for axes, values, title in ((trio[1], kernel, "weights"), (trio[2], products, "products")):
        axes.imshow(values, cmap="RdBu_r", vmin=-1.7 * strongest, vmax=1.7 * strongest)
        _write_numbers(axes, values)
        axes.set(xticks=[], yticks=[], title=title)
    for x, sign in ((0.411, "×"), (0.547, "=")):
        figure.text(x, 0.47, sign, ha="center", va="center", fontsize=15)
    total = f"sum of the nine products: {in_words(answer)}"
    figure.text(0.479, 0.16, total, ha="center", va="center", fontsize=12, weight="bold")
    map_picture = map_axes.imshow(feature_map, cmap="RdBu_r", vmin=-limit, vmax=limit)
    map_axes.set(xticks=[], yticks=[], title="The sum at every place")
    _outline(map_axes, row, column, 1)
    bar = figure.colorbar(map_picture, cax=bar_axes, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([f"−{limit:.2g}", "0", f"+{limit:.2g}"], fontsize=8)

    changed = int(np.sum(np.abs(kernel - FILTERS[preset]) > 1e-9))
    name = f"Filter: {preset}"
    if changed:
        name += f", with {changed} weight{'' if changed == 1 else 's'} changed"
    rows = "; ".join(", ".join(in_words(float(weight)) for weight in line) for line in kernel)
    text = (
        f"{name} (row by row {rows}). Window at row {row}, column {column}: the nine products "
        f"add up to {in_words(answer)}. {verdict(pixels, kernel)} The map goes from "
        f"{in_words(float(feature_map.min()))} to {in_words(float(feature_map.max()))}."
    )
    alt = f"A digit with a window, pixels times weights, and the map they give. {text}"
    return Drawing(figure, alt, text)


def _outline(axes: Axes, row: int, column: int, size: int) -> None:
    """A frame around some pixels, visible on black, white, red and blue."""
    for color, width in (("white", 4.0), ("black", 1.8)):
        corner = (column - 0.5, row - 0.5)
        frame = Rectangle(corner, size, size, fill=False, edgecolor=color, linewidth=width)
        axes.add_patch(frame)


def _write_numbers(axes: Axes, values: FloatArray) -> None:
    for i, j in np.ndindex(values.shape):
        axes.text(j, i, in_words(float(values[i, j])), ha="center", va="center", fontsize=9)


def an_image(data: Dataset) -> FloatArray:
    """The first training image of a 5, which has edges in all directions."""
    return data.X_train[data.y_train == DIGIT][0].reshape(IMAGE_SIZE, IMAGE_SIZE)


def explore(data: Dataset | str | None = None) -> Explorer:
    """A menu of filters, a slider for each of the nine weights, and two that move the window.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    options = [(in_words(weight), weight) for weight in WEIGHTS]
    start = as_settings(FILTERS[str(START["preset"])])
    presets = {name: as_settings(weights) for name, weights in FILTERS.items()}
    rows = [[name_of(i, j) for j in range(SIZE)] for i in range(SIZE)]
    controls = {"preset": menu("Filter", [(name, name) for name in FILTERS], START["preset"])}
    controls |= {
        name: slider(LABELS[i][j], options, start[name], width=290, label_width=100)
        for i, row in enumerate(rows)
        for j, name in enumerate(row)
    }
    places = [(str(place), place) for place in PLACES]
    controls |= {
        "row": slider("Window: row", places, START["row"]),
        "column": slider("Window: column", places, START["column"]),
    }
    image = an_image(data)
    return Explorer(
        "4.2", controls, partial(draw, image), rows=rows, presets={"preset": presets}, data=data
    )


def learn(data: Dataset, num_images: int = 64) -> dict[int, FloatArray]:
    """A filter learned from digits and the maps of a vertical-edge filter, after some epochs."""
    X = data.X_train[:num_images].reshape(-1, 1, IMAGE_SIZE, IMAGE_SIZE)
    bias = np.zeros((1, 1))
    targets, _ = conv_forward(X, FILTERS["vertical edges"][np.newaxis, np.newaxis], bias)
    learned: dict[int, FloatArray] = {0: np.zeros((SIZE, SIZE))}

    def forward(X: FloatArray, params: Parameters) -> tuple[FloatArray, FloatArray]:
        Z, columns = conv_forward(X, params["K"], params["b"])
        return columns, Z

    def gradient(
        _X: FloatArray, y: FloatArray, outputs: tuple[FloatArray, FloatArray], params: Parameters
    ) -> Parameters:
        columns, Z = outputs
        grad_K, grad_b = conv_backward(2 * (Z - y) / Z.size, columns, params["K"])
        return {"K": grad_K, "b": grad_b}

    def keep(epoch: int, params: Parameters, _loss: float) -> None:
        learned[epoch] = params["K"][0, 0]

    gradient_descent_general(
        X, targets, {"K": np.zeros((1, 1, SIZE, SIZE)), "b": bias}, 0.3, EPOCHS[-1],
        forward, gradient, lambda Z, y: float(np.mean((Z - y) ** 2)),
        batch_size=4, callback=keep, rng=np.random.default_rng(0),
    )  # fmt: skip
    return learned


def draw_learning(data: Dataset) -> Drawing:
    """The nine weights before training and after some epochs: the picture that opens the lesson."""
    learned = learn(data)
    figure = Figure(figsize=(10.5, 2.5))
    figure.subplots_adjust(left=0.02, right=0.98, bottom=0.03, top=0.86, wspace=0.15)
    moments = (0, *EPOCHS)
    panels = figure.subplots(1, len(moments) + 1)
    plots.draw_digit(panels[0], an_image(data), "one of the images")
    for axes, epoch in zip(panels[1:], moments, strict=True):
        epochs = f"{epoch} epoch{'' if epoch == 1 else 's'}"
        plots.draw_filter(axes, learned[epoch], 1, f"after {epochs}" if epoch else "at the start")
    numbers = ", ".join(in_words(round(float(weight), 1)) for weight in learned[EPOCHS[-1]].ravel())
    alt = f"A digit, and nine weights at four moments of a training; at the end: {numbers}."
    return Drawing(figure, alt, numbers)
