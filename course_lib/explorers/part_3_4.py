"""The explorer of part 3.4: rate, batch size and hidden units of a network; and its graph."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import LogLocator
from numpy.typing import DTypeLike

from course_lib import plots
from course_lib.datasets import Dataset, IntArray, apply_scaler, fit_scaler
from course_lib.explorers import Drawing, Explorer, dataset, slider
from course_lib.explorers.training import Progress, loss_in_words, no_progress
from course_lib.neural_network import (
    FloatArray,
    Parameters,
    backward_mlp,
    cross_entropy,
    forward_mlp,
    gradient_descent_general,
    one_hot,
)

ALL_ROWS = sys.maxsize  # gradient_descent_general takes more rows than there are as "all of them"
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCH_SIZES = (16, 32, 64, 128, 256, ALL_ROWS)
HIDDEN_UNITS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
START = {"learning_rate": 0.1, "batch_size": 64, "hidden_units": 64}
EPOCHS = 10
MOST_TRAIN_ROWS = 1_500  # keeps a training under a second on MNIST; the bundled digits have fewer
GUESSING = float(np.log(10))  # the loss of giving every digit the same probability
WRONG_SHOWN = 6


@dataclass(frozen=True)
class Images:
    """Scaled training and test images, one-hot targets and labels."""

    X_train: FloatArray
    y_train: FloatArray
    X_test: FloatArray
    y_test: FloatArray
    labels: IntArray  # of the test images


@dataclass(frozen=True)
class Run:
    """One training: the loss before it and after each epoch, and what the network answers."""

    start_loss: float
    losses: list[float]
    test_losses: list[float]
    A2: FloatArray  # for the test images
    dead_units: int  # hidden units that are 0 for every training image


def prepare(
    data: Dataset, dtype: DTypeLike = np.float32, most_rows: int = MOST_TRAIN_ROWS
) -> Images:
    """Scale the images by the training pixels; keep the first ``most_rows`` for training."""
    X_train = data.X_train[:most_rows]
    scaler = fit_scaler(X_train)
    return Images(
        apply_scaler(X_train, scaler).astype(dtype),
        one_hot(data.y_train[:most_rows], 10),
        apply_scaler(data.X_test, scaler).astype(dtype),
        one_hot(data.y_test, 10),
        data.y_test,
    )


def _start(num_inputs: int, hidden_units: int, dtype: DTypeLike) -> tuple[Parameters, Any]:
    """Random weights, large enough for ReLU, and the generator that goes on to shuffle."""
    rng = np.random.default_rng(0)
    W1 = rng.normal(size=(num_inputs, hidden_units)) * np.sqrt(2 / num_inputs)
    W2 = rng.normal(size=(hidden_units, 10)) * np.sqrt(2 / hidden_units)
    params = {"W1": W1, "b1": np.zeros((1, hidden_units)), "W2": W2, "b2": np.zeros((1, 10))}
    return {name: value.astype(dtype) for name, value in params.items()}, rng


def _forward(X: FloatArray, params: Parameters) -> tuple[FloatArray, FloatArray]:
    return forward_mlp(X, params["W1"], params["b1"], params["W2"], params["b2"])


def _gradient(
    X: FloatArray, y: FloatArray, outputs: tuple[FloatArray, FloatArray], params: Parameters
) -> Parameters:
    gradients = backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def train(
    images: Images,
    learning_rate: float,
    batch_size: int,
    hidden_units: int,
    epochs: int = EPOCHS,
    progress: Progress = no_progress,
) -> Run:
    """Train 784 -> hidden units -> 10, from the same start (seed 0) for every setting."""
    params, rng = _start(images.X_train.shape[1], hidden_units, images.X_train.dtype)
    start_loss = cross_entropy(_forward(images.X_train, params)[1], images.y_train)
    test_losses: list[float] = []

    def after_epoch(epoch: int, params: Parameters, _loss: float) -> None:
        test_losses.append(cross_entropy(_forward(images.X_test, params)[1], images.y_test))
        progress(epoch / epochs)

    params, losses = gradient_descent_general(
        images.X_train, images.y_train, params, learning_rate, epochs,
        _forward, _gradient, cross_entropy,
        batch_size=batch_size, callback=after_epoch, rng=rng,
    )  # fmt: skip
    hidden, _ = _forward(images.X_train, params)
    dead_units = int(np.sum(hidden.max(axis=0) == 0))
    return Run(start_loss, losses, test_losses, _forward(images.X_test, params)[1], dead_units)


def draw(
    images: Images,
    learning_rate: float,
    batch_size: int,
    hidden_units: int,
    epochs: int = EPOCHS,
    progress: Progress = no_progress,
) -> Drawing:
    """Train with one setting and draw loss curves, confusion matrix and some wrong answers."""
    run = train(images, learning_rate, batch_size, hidden_units, epochs, progress)
    answers = run.A2.argmax(axis=1)
    counts = np.zeros((10, 10), dtype=np.int64)
    np.add.at(counts, (images.labels, answers), 1)
    figure = Figure(figsize=(10.5, 3.7))
    grid = figure.add_gridspec(
        2, 5, left=0.075, right=0.995, bottom=0.14, top=0.88, hspace=0.35, wspace=0.15,
        width_ratios=(2.3, 2.7, 0.75, 0.75, 0.75),
    )  # fmt: skip
    _draw_losses(figure.add_subplot(grid[:, 0]), run, epochs)
    confusion = figure.add_subplot(grid[:, 1])
    plots.draw_confusion(confusion, counts)
    confusion.set_title("Test images")
    wrong = np.flatnonzero(answers != images.labels)
    for number in range(WRONG_SHOWN):
        axes = figure.add_subplot(grid[number // 3, 2 + number % 3])
        if number >= len(wrong):
            axes.set_axis_off()
            continue
        row = wrong[number]
        plots.draw_digit(axes, images.X_test[row])
        axes.set_title(f"a {images.labels[row]}, called {answers[row]}", fontsize=8)
    right = 1 - len(wrong) / len(answers)
    num_train = len(images.X_train)
    batch = "all rows" if batch_size >= num_train else f"{batch_size}"
    plural = "s" if hidden_units > 1 else ""
    many = len(answers)
    result = (
        f"Learning rate {learning_rate:g}, batch size {batch}, {hidden_units} hidden unit{plural}, "
        f"{epochs} epochs on {num_train} images: training loss {loss_in_words(run.losses[-1])}, "
        f"test loss {loss_in_words(run.test_losses[-1])}, {right:.1%} of {many} test images "
        f"right. {describe(run, hidden_units, len(np.unique(answers)))}"
    )
    alt = f"Loss curves, confusion matrix, and up to six test images read wrongly. {result}"
    return Drawing(figure, alt, result)


def _draw_losses(axes: Axes, run: Run, epochs: int) -> None:
    curves = {"training": run.losses, "test": run.test_losses}
    lowest = 0.001
    for (name, losses), color, line, marker in zip(
        curves.items(), (plots.BLUE, plots.RED), ("-", "--"), ("o", "s"), strict=True
    ):
        shown = np.clip(np.nan_to_num(losses, nan=30, posinf=30), lowest, 30)
        epoch = range(1, epochs + 1)
        axes.plot(epoch, shown, line, color=color, marker=marker, markersize=4, label=name)
    axes.axhline(GUESSING, color=plots.GRAY, linewidth=1, linestyle=":")
    axes.text(epochs, GUESSING * 1.5, "guessing", color=plots.GRAY, ha="right", fontsize=8)
    axes.set(yscale="log", ylim=(lowest, 40), xlabel="epoch", title="Loss after each epoch")
    axes.yaxis.set_major_locator(LogLocator())
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.locator_params(axis="x", integer=True)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left")


def describe(run: Run, hidden_units: int, num_answers: int) -> str:
    """Say in words what a training did: dead, diverged, unstable, jumpy, slow or steady."""
    curve = np.array([run.start_loss, *run.losses])
    epochs = len(run.losses)
    if not np.all(np.isfinite(curve)):
        return "Diverged: the loss is no longer a number. Choose a smaller learning rate."
    if run.dead_units == hidden_units:
        rest = (
            "Every test image gets the same answer."
            if num_answers == 1
            else "Only a few test images still open a unit; all others get the same answer."
        )
        return (
            "Dead: every hidden unit is 0 for every training image, so no slope gets back to the "
            f"first layer. {rest}"
        )
    rises = int(np.sum(np.diff(curve) > 0))
    leaps = int(np.sum(curve > max(GUESSING, run.start_loss)))
    if rises > 0 and curve[-1] > GUESSING:
        verdict = f"Unstable: its loss ends above that of guessing ({GUESSING:.2f})."
    elif leaps > 0:
        when = f"after {leaps} of {epochs} epochs"
        verdict = f"A leap: {when} the loss is above where it started ({run.start_loss:.2f})."
    elif rises > 0:
        verdict = f"Jumpy: the loss rises in {rises} of {epochs} epochs."
    elif curve[-1] > 0.5:
        verdict = "Slow: the loss falls in every epoch, but it is still far from done."
    else:
        verdict = "Steady: the loss falls in every epoch."
    if run.dead_units == 0:
        return verdict
    be = "is" if run.dead_units == 1 else "are"
    units = f"{run.dead_units} of {hidden_units} hidden units {be} 0"
    return f"{verdict} {units} for every training image."


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for learning rate, batch size and hidden units; the network trains in float32.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    batches = [("all rows" if size == ALL_ROWS else str(size), size) for size in BATCH_SIZES]
    rates = [(f"{lr:g}", lr) for lr in LEARNING_RATES]
    units = [(str(count), count) for count in HIDDEN_UNITS]
    controls = {
        "learning_rate": slider("Learning rate", rates, START["learning_rate"]),
        "batch_size": slider("Batch size", batches, START["batch_size"]),
        "hidden_units": slider("Hidden units", units, START["hidden_units"]),
    }
    images = prepare(data)
    return Explorer("3.4", controls, partial(draw, images), has_progress=True, data=data)


# ------------------------------------------------------------------- the graph of one sample

_COLUMNS = ("x", "z1", "a1", "z2", "a2", "L")
_HEADERS = ("input", "z1 = x W1 + b1", "a1 = relu(z1)", "z2 = a1 W2 + b2",
            "a2 = softmax(z2)", "loss L")  # fmt: skip


def draw_graph(
    values: Mapping[str, FloatArray],
    slopes: Mapping[str, FloatArray],
    local: Mapping[str, FloatArray],
) -> Drawing:
    """Draw a network of two inputs, two hidden units and two scores as a graph of boxes.

    Args:
        values: The two values in each column, ``{"x": ..., "z1": ..., ...}``, and ``L``.
        slopes: The slope of the loss along each of them, by the same names.
        local: By the column that the arrows lead to, ``local["z1"][i, j]`` is the slope of
            its box ``j`` along box ``i`` of the column before.
    """
    figure = Figure(figsize=(10.5, 4.5))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.55, 5.5), ylim=(-0.85, 2.0))
    axes.set_axis_off()
    places: dict[str, list[float]] = {name: [1.15, 0.0] for name in _COLUMNS} | {"L": [0.575]}
    for number, (name, header) in enumerate(zip(_COLUMNS, _HEADERS, strict=True)):
        axes.text(number, 1.82, header, ha="center", va="center", fontsize=9)
        for i, y in enumerate(places[name]):
            label = name if name == "L" else f"{name}[{i}]"
            _draw_box(axes, number, y, label, np.ravel(values[name])[i], np.ravel(slopes[name])[i])
        if number == 0:
            continue
        before = places[_COLUMNS[number - 1]]
        for i, from_height in enumerate(before):
            for j, to_height in enumerate(places[name]):
                if name == "a1" and i != j:
                    continue  # relu works on each unit by itself: no arrow
                ends = (number - 1, from_height), (number, to_height)
                _draw_arrow(axes, *ends, float(local[name][i, j]))
    axes.text(
        2.5, -0.68,
        "above a box: its value, computed from left to right  |  on an arrow: its local derivative"
        "\nbelow a box: the slope of L along it, computed from right to left",
        ha="center", va="center", fontsize=9,
    )  # fmt: skip
    words = [
        f"{name}: values {_listed(values[name])}, slopes {_listed(slopes[name])}"
        for name in _COLUMNS
    ]
    alt = (
        "Six columns of boxes, from the input on the left to the loss on the right, with an "
        f"arrow from every box to those that depend on it. {'; '.join(words)}."
    )
    return Drawing(figure, alt, "")


def _listed(numbers: FloatArray) -> str:
    return " and ".join(_short(number) for number in np.ravel(numbers))


def _short(number: float) -> str:
    """A number as one writes it by hand: 3, −1/2, or 0.693."""
    fraction = Fraction(float(number)).limit_denominator(8)
    text = str(fraction) if abs(float(fraction) - number) < 1e-9 else f"{number:.3f}"
    return text.replace("-", "−")


def _draw_box(axes: Axes, x: float, y: float, label: str, value: float, slope: float) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x - 0.2, y - 0.1), 0.4, 0.2,
            boxstyle="round,pad=0,rounding_size=0.05", facecolor="white", edgecolor="black",
            zorder=3,
        )
    )  # fmt: skip
    axes.text(x, y, label, ha="center", va="center", family="monospace", fontsize=10, zorder=4)
    for number, place, color, style in (
        (value, y + 0.21, plots.BLUE, "normal"),
        (slope, y - 0.21, plots.RED, "italic"),
    ):
        axes.text(
            x, place, _short(number), ha="center", va="center", fontsize=12, color=color,
            style=style, weight="bold" if color == plots.BLUE else "normal", zorder=4,
        )  # fmt: skip


def _draw_arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], slope: float
) -> None:
    """An arrow with its local derivative, a third of the way: there no two arrows meet."""
    (x0, y0), (x1, y1) = start, end
    x0, x1 = x0 + 0.22, x1 - 0.22
    style = {"arrowstyle": "->", "color": plots.GRAY, "linewidth": 1.2}
    if slope == 0:
        style["linestyle"] = ":"
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=style, zorder=1)
    share = 0.3
    axes.text(
        x0 + share * (x1 - x0), y0 + share * (y1 - y0), _short(slope),
        ha="center", va="center", fontsize=10, zorder=2,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip
