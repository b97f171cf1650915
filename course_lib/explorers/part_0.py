"""The explorer of the introduction: an average for each digit, and what it can already read."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from functools import partial

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from course_lib import plots
from course_lib.datasets import IMAGE_SIZE, Dataset, IntArray
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.neural_network import FloatArray

NUM_DIGITS = 10
COUNTS = (1, 2, 5, 10, 20, 50, 100)  # images of each digit that are averaged
START = {"num_images": 10, "digit": 3}
TILES = 5  # the sheet of images shows 5 rows of 5


def averages(data: Dataset, num_images: int) -> FloatArray:
    """The average of the first training images of each digit, shape ``(10, 784)``."""
    return np.array(
        [
            data.X_train[data.y_train == digit][:num_images].mean(axis=0)
            for digit in range(NUM_DIGITS)
        ]
    )


def read(images: FloatArray, means: FloatArray) -> IntArray:
    """For each image the digit whose average is nearest: least sum of squared differences."""
    distances = np.array([((images - mean) ** 2).sum(axis=1) for mean in means])
    return distances.argmin(axis=0)


def draw(data: Dataset, num_images: int, digit: int) -> Drawing:
    """Draw the images that are averaged, their average, and the share of each digit read."""
    means = averages(data, num_images)
    is_right: NDArray[np.bool_] = read(data.X_test, means) == data.y_test
    shares = [
        np.count_nonzero(is_right[data.y_test == known]) / np.count_nonzero(data.y_test == known)
        for known in range(NUM_DIGITS)
    ]
    total = np.count_nonzero(is_right) / len(is_right)
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.02, right=0.98, bottom=0.15, top=0.89, wspace=0.22)
    sheet_axes, mean_axes, share_axes = figure.subplots(1, 3, width_ratios=(1, 1, 1.5))
    images = data.X_train[data.y_train == digit][:num_images]
    shown = min(len(images), TILES**2)
    sheet_axes.imshow(_sheet(images[:shown]), cmap="gray_r", vmin=0, vmax=1)
    sheet_axes.set(xticks=[], yticks=[])
    of_them = f"The {shown}" if shown == len(images) else f"{shown} of the {len(images)}"
    sheet_axes.set_title(f"{of_them} images" if len(images) > 1 else "The one image")
    title = f"Average of the digit {digit}" if len(images) > 1 else "The same: nothing to average"
    plots.draw_digit(mean_axes, means[digit], title)
    mean_axes.images[0].set_clim(0, 1)
    bars = share_axes.bar(range(NUM_DIGITS), shares, color=plots.BLUE)
    bars[digit].set(facecolor=plots.ORANGE, hatch="//", edgecolor="black")
    share_axes.axhline(total, color="black", linestyle="--", linewidth=1)
    share_axes.set(ylim=(0, 1.05), xticks=range(NUM_DIGITS), xlabel="digit")
    share_axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    share_axes.set_title("Test images read correctly (dashed: all)")
    average = "1 image" if len(images) == 1 else f"The average of {len(images)} images"
    result = (
        f"{average} for each digit; the nearest one is the answer. "
        f"{np.count_nonzero(is_right)} of {len(is_right)} test images are read correctly "
        f"({total:.1%}); of the test images of {digit}, {shares[digit]:.1%}."
    )
    alt = f"Images of the digit {digit}, their average, and bars for ten digits. {result}"
    return Drawing(figure, alt, result)


def _sheet(images: FloatArray) -> FloatArray:
    """Up to 25 images as one picture; places without an image stay empty."""
    tiles = np.zeros((TILES**2, IMAGE_SIZE, IMAGE_SIZE))
    tiles[: len(images)] = images.reshape(-1, IMAGE_SIZE, IMAGE_SIZE)
    rows = tiles.reshape(TILES, TILES, IMAGE_SIZE, IMAGE_SIZE).transpose(0, 2, 1, 3)
    return rows.reshape(TILES * IMAGE_SIZE, TILES * IMAGE_SIZE)


def explore(data: Dataset | str | None = None) -> Explorer:
    """A slider for the number of images in each average, and a menu of digits to look at.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    controls = {
        "num_images": slider("Images", [(str(n), n) for n in COUNTS], START["num_images"]),
        "digit": menu("Digit", [(str(d), d) for d in range(NUM_DIGITS)], START["digit"]),
    }
    return Explorer("0", controls, partial(draw, data), data=data)
