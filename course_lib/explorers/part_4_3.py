"""The explorer of part 4.3: what pooling does to the map of a digit that moves a little."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.datasets import (
    IMAGE_SIZE,
    Dataset,
    apply_scaler,
    fit_scaler,
    shift_images,
)
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.neural_network import (
    FloatArray,
    Outputs,
    Parameters,
    backward_cnn,
    conv2d,
    cross_entropy,
    forward_cnn,
    gradient_descent_general,
    initialize_weights,
    max_pool,
    one_hot,
    relu,
)

# Above 0 where ink begins, seen from the left.
EDGE_FILTER = np.array([[-1.0, 0.0, 1.0]] * 3)
SIZES = (1, 2, 3, 4)
STRIDES = (1, 2, 3, 4)
SHIFTS = ((0, 3), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (3, 0))  # rows down, columns right
START = {"digit": 3, "shift": (0, 1), "size": 2, "stride": 2}
HIGHEST_CHANGE = 2.1  # two maps with nothing in common differ by 200 %
TRAIN_ROWS = 1_000  # enough for the picture of a finished network


# ------------------------------------------------------------------------------- the slider


@dataclass(frozen=True)
class Maps:
    """An image, its map after convolution and ReLU, and that map after pooling."""

    image: FloatArray
    feature_map: FloatArray
    pooled: FloatArray


def maps_of(row: FloatArray, size: int, stride: int) -> Maps:
    """Convolve, ReLU, pool: one image of 784 pixels, one filter."""
    image = row.reshape(IMAGE_SIZE, IMAGE_SIZE)
    feature_map = relu(conv2d(image, EDGE_FILTER))
    return Maps(image, feature_map, max_pool(feature_map, size, stride))


def change(before: FloatArray, after: FloatArray) -> float:
    """The sum of all differences, as a share of the sum of the map before."""
    return float(np.abs(after - before).sum() / max(np.abs(before).sum(), 1e-12))


def is_moved(before: Maps, after: Maps, shift: tuple[int, int], stride: int) -> bool:
    """Whether the pooled map is the same one, moved by whole places."""
    if sum(shift) == 0 or sum(shift) % stride != 0:
        return False
    down, right = (pixels // stride for pixels in shift)
    rows, columns = before.pooled.shape
    kept = before.pooled[: rows - down, : columns - right]
    return kept.size > 0 and np.allclose(after.pooled[down:, right:], kept)


def verdict(before: Maps, after: Maps, shift: tuple[int, int], size: int, stride: int) -> str:
    """Say in words what pooling did to the change."""
    if sum(shift) == 0:
        return "Nothing moved, so nothing changed."
    whole, pooled = (
        change(before.feature_map, after.feature_map),
        change(before.pooled, after.pooled),
    )
    if size == stride == 1:
        return "A window of one pixel at every place keeps everything: pooling did nothing."
    if pooled < 0.005:
        told = "Every window kept its maximum: the pooled map did not change."
    elif pooled < 0.95 * whole:
        told = "The pooled map changed less."
    elif pooled <= 1.05 * whole:
        told = "The pooled map changed about as much."
    else:
        told = "The pooled map changed more."
    if size == 1:
        told += " A window of one pixel has nothing to choose from: it only skips pixels."
    elif pooled >= 0.005 and is_moved(before, after, shift, stride):
        places = sum(shift) // stride
        step = "1 place" if places == 1 else f"{places} places"
        told += f" The stride divides the shift: it is the same pooled map, {step} further."
    left_over = (len(before.feature_map) - size) % stride
    if stride > size:
        told += " The stride is larger than the window: some pixels are never looked at."
    elif left_over > 0:
        lines = "row and column are" if left_over == 1 else f"{left_over} rows and columns are"
        told += f" The last {lines} left over: no window fits there."
    return told


def draw(data: Dataset, digit: int, shift: tuple[int, int], size: int, stride: int) -> Drawing:
    """Draw a digit and its maps before and after it moves, and how much of each map changed."""
    row = data.X_test[data.y_test == digit][:1]
    before = maps_of(row, size, stride)
    after = maps_of(shift_images(row, *shift), size, stride)
    figure = Figure(figsize=(10.5, 4.9))
    figure.subplots_adjust(left=0.06, right=0.98, bottom=0.09, top=0.9, hspace=0.1, wspace=0.12)
    grid = figure.add_gridspec(2, 4, width_ratios=(1, 1, 1, 1.35))
    limit = float(before.feature_map.max())
    rows, columns = before.pooled.shape
    titles = ("Image, 28 x 28", "After ReLU, 26 x 26", f"After pooling, {rows} x {columns}")
    for row, (label, maps) in enumerate((("before", before), ("after", after))):
        images = (maps.image, maps.feature_map, maps.pooled)
        for column, (pixels, title) in enumerate(zip(images, titles, strict=True)):
            axes = figure.add_subplot(grid[row, column])
            axes.imshow(pixels, cmap="gray_r", vmin=0, vmax=1 if column == 0 else limit)
            axes.set(xticks=[], yticks=[], title="" if row else title)
            if column == 0:
                axes.set_ylabel(f"{label} the shift", fontsize=11)
    whole = change(before.feature_map, after.feature_map)
    pooled = change(before.pooled, after.pooled)
    _draw_change(figure.add_subplot(grid[:, 3]), whole, pooled)
    result = (
        f"Digit {digit}, {in_words(shift)}, pooling window {size} x {size}, stride {stride}: "
        f"26 x 26 = 676 numbers become {rows} x {columns} = {rows * columns}. "
        f"The map after ReLU changed by {whole:.0%}, the pooled map by {pooled:.0%}. "
        f"{verdict(before, after, shift, size, stride)}"
    )
    alt = f"A digit, its map after ReLU and after pooling, before and after a shift. {result}"
    return Drawing(figure, alt, result)


def _draw_change(axes: Axes, whole: float, pooled: float) -> None:
    """Two bars: how much of either map changed."""
    bars = axes.bar(
        ["after ReLU", "after\npooling"],
        [whole, pooled],
        color=[plots.BLUE, plots.ORANGE],
        hatch=["", "//"],
        edgecolor="black",
        width=0.6,
    )
    axes.bar_label(bars, [f"{share:.0%}" for share in (whole, pooled)], padding=3)
    axes.set_title("How much of the map changed\n(200 %: nothing in common)", fontsize=10.5)
    axes.set(ylim=(0, HIGHEST_CHANGE), yticks=[])
    axes.spines[["top", "right", "left"]].set_visible(False)


def in_words(shift: tuple[int, int]) -> str:
    """A shift as a reader would say it."""
    down, right = shift
    if down == right == 0:
        return "not moved"
    pixels = "pixel" if down + right == 1 else "pixels"
    return f"moved {down + right} {pixels} {'down' if down else 'to the right'}"


def explore(data: Dataset | str | None = None) -> Explorer:
    """A menu of digits, and sliders for shift, pooling window and stride.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    shifts = [
        ("none" if not any(shift) else f"{sum(shift)} {'down' if shift[0] else 'right'}", shift)
        for shift in SHIFTS
    ]
    controls = {
        "digit": menu("Digit", [(str(digit), digit) for digit in range(10)], START["digit"]),
        "shift": slider("Shift", shifts, START["shift"]),
        "size": slider("Window size", [(f"{n} x {n}", n) for n in SIZES], START["size"]),
        "stride": slider("Stride", [(str(n), n) for n in STRIDES], START["stride"]),
    }
    return Explorer("4.3", controls, partial(draw, data), data=data)


# ------------------------------------------------- the finished network, on top of the lesson


def _forward(X: FloatArray, params: Parameters) -> Outputs:
    return forward_cnn(X, **params)


def _gradient(X: FloatArray, y: FloatArray, outputs: Outputs, params: Parameters) -> Parameters:
    del X  # the columns hold what backward_cnn needs of it
    columns, Z1, P1, A2 = outputs
    gradients = backward_cnn(columns, Z1, P1, A2, y, params["K1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def train(data: Dataset) -> Parameters:
    """A small convolutional network, trained for five epochs on some of the rows."""
    rng = np.random.default_rng(0)
    params = {
        "K1": initialize_weights((8, 1, 3, 3), rng=rng),
        "b1": np.zeros((1, 8)),
        "W2": initialize_weights((1352, 10), rng=rng),
        "b2": np.zeros((1, 10)),
    }
    X = apply_scaler(data.X_train[:TRAIN_ROWS], fit_scaler(data.X_train)).reshape(-1, 1, 28, 28)
    y = one_hot(data.y_train[:TRAIN_ROWS], 10)
    fitted, _ = gradient_descent_general(
        X, y, params, 0.05, 5, _forward, _gradient, cross_entropy, batch_size=32, rng=rng
    )
    return fitted


def draw_network(data: Dataset) -> Drawing:
    """The way of one test image through a trained network: image, maps, pooled maps, answer."""
    params, digit = train(data), 5
    X = apply_scaler(data.X_test, fit_scaler(data.X_train)).reshape(-1, 1, 28, 28)
    _, Z1, P1, A2 = forward_cnn(X, **params)
    row = np.flatnonzero((data.y_test == digit) & (A2.argmax(axis=1) == digit))[0]
    figure = Figure(figsize=(10.5, 2.9))
    titles = (
        "Image\n28 x 28",
        "8 filters 3 x 3, then ReLU\n8 maps, 26 x 26 each",
        "Largest of every 2 x 2\n8 maps, 13 x 13 each",
        "Dense layer\n10 probabilities",
    )
    plots.draw_digit(figure.add_axes((0.01, 0.12, 0.15, 0.6)), data.X_test[row])
    maps = relu(Z1[row])
    for left, images in ((0.205, maps), (0.52, P1[row])):
        for k, image in enumerate(images):
            place = (left + 0.068 * (k % 4), 0.44 - 0.3 * (k // 4), 0.066, 0.27)
            axes = figure.add_axes(place)
            axes.imshow(image, cmap="gray_r", vmin=0, vmax=float(maps.max()))
            axes.set(xticks=[], yticks=[])
    answer = figure.add_axes((0.85, 0.12, 0.135, 0.6))
    bars = answer.barh(range(10), A2[row], color=plots.BLUE)
    bars[digit].set(facecolor=plots.ORANGE, edgecolor="black", hatch="//")
    answer.set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), xticks=[0, 1])
    for x, title in zip((0.085, 0.34, 0.655, 0.92), titles, strict=True):
        figure.text(x, 0.81, title, ha="center", fontsize=10.5)
    for x in (0.182, 0.497, 0.815):
        figure.text(x, 0.42, "→", ha="center", va="center", fontsize=16)
    alt = (
        f"A handwritten {digit} of 28 x 28 pixels, eight maps of 26 x 26 that show its edges, the "
        f"same eight maps at 13 x 13, and ten bars, of which that of the {digit} is longest."
    )
    return Drawing(figure, alt, "")
