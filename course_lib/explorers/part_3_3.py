"""The explorer of part 3.3: an untrained network, its size and the scale of its weights."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from course_lib import plots
from course_lib.datasets import Dataset, IntArray, apply_scaler, fit_scaler
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.neural_network import FloatArray, cross_entropy, forward_mlp, one_hot

HE = "He's"  # the scale that keeps the size of the signals: sqrt(2 / inputs of the layer)
HIDDEN_UNITS = (16, 32, 64, 128, 256, 512)
SCALES = (0.001, 0.003, 0.01, 0.03, HE, 0.1, 0.3, 1.0)
SEEDS = (0, 1, 2, 3, 4)
START = {"hidden": 256, "scale": 0.01, "digit": 3, "seed": 0}
MOST_ROWS = 400
CONFIDENT = 0.99
NUM_CLASSES = 10
GUESSING = float(np.log(NUM_CLASSES))  # the loss of giving every class one tenth

# The histogram of hidden activations counts by powers of ten (an axis of plain numbers that is
# labeled so draws faster than a logarithmic one), with a bar of its own for exact zeros.
_EDGES = np.linspace(-4, 2.5, 40)
_ZERO_BAR = -4.6
_TICKS = {_ZERO_BAR: "0", -3: "0.001", -1: "0.1", 0: "1", 1: "10"}


@dataclass(frozen=True)
class Inputs:
    """Scaled test images, ready for the network: ``X (n, 784)`` float32, ``labels (n,)``."""

    X: FloatArray
    labels: IntArray


def prepare(data: Dataset) -> Inputs:
    """The first test images, at most 400, scaled by what the training rows say."""
    X = apply_scaler(data.X_test[:MOST_ROWS], fit_scaler(data.X_train))
    return Inputs(X.astype(np.float32), data.y_test[:MOST_ROWS])


def scales_of(scale: float | str, hidden: int) -> tuple[float, float]:
    """The standard deviation of the weights of both layers."""
    if isinstance(scale, str):
        return float(np.sqrt(2 / 784)), float(np.sqrt(2 / hidden))
    return scale, scale


def start(
    scale: float | str, hidden: int = 256, seed: int = 0
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Random weights and zero biases, float32; another scale stretches the same draws."""
    rng = np.random.default_rng(seed)
    first, second = scales_of(scale, hidden)
    W1 = first * rng.normal(size=(784, hidden))
    W2 = second * rng.normal(size=(hidden, NUM_CLASSES))
    biases = np.zeros((1, hidden), np.float32), np.zeros((1, NUM_CLASSES), np.float32)
    return W1.astype(np.float32), biases[0], W2.astype(np.float32), biases[1]


@dataclass(frozen=True)
class Look:
    """One network on all rows, and what was measured."""

    A1: FloatArray
    A2: FloatArray
    rms_inputs: float
    rms_hidden: float
    loss: float
    share: float  # of the rows whose largest probability is above CONFIDENT
    accuracy: float


def look(inputs: Inputs, hidden: int, scale: float | str, seed: int) -> Look:
    """One forward pass of an untrained network over all rows."""
    A1, A2 = forward_mlp(inputs.X, *start(scale, hidden, seed))
    return Look(
        A1,
        A2,
        float(np.sqrt(np.mean(inputs.X**2))),
        float(np.sqrt(np.mean(A1**2))),
        cross_entropy(A2, one_hot(inputs.labels, NUM_CLASSES)),
        np.count_nonzero(A2.max(axis=1) > CONFIDENT) / len(A2),
        np.count_nonzero(A2.argmax(axis=1) == inputs.labels) / len(A2),
    )


def verdict(seen: Look) -> str:
    """Say in words what became of the signals, and of the probabilities."""
    ratio = seen.rms_hidden / seen.rms_inputs
    if 0.7 <= ratio <= 1.4:
        size = "The signals about keep their size"
    elif ratio < 1:
        size = "The signals shrink"
    else:
        size = "The signals grow"
    wrong = f"wrong in {1 - seen.accuracy:.1%} of the rows"
    if seen.share >= 0.5:
        return f"{size}. Confident, and {wrong}."
    if abs(seen.loss - GUESSING) < 0.05:
        return f"{size}. Unsure: the loss is within 0.05 of ln 10, and it is {wrong}."
    return f"{size}. It has preferences, not knowledge: {wrong}."


def draw_hidden(axes: Axes, A1: FloatArray) -> None:
    """Draw how large hidden activations are: a bar for exactly 0, bins by powers of ten."""
    powers = np.log10(A1[A1 > 0]).clip(_EDGES[0], _EDGES[-1])
    counts = np.histogram(powers, _EDGES)[0] / A1.size
    axes.stairs(counts, _EDGES, fill=True, color=plots.BLUE)
    zeros = float(np.count_nonzero(A1 == 0) / A1.size)
    axes.bar(_ZERO_BAR, zeros, 0.5, color=plots.GRAY, hatch="//")
    axes.text(_ZERO_BAR, zeros + 0.015, f"{zeros:.0%}", ha="center", fontsize=8)
    axes.set(xlim=(-5.3, 2.5), ylim=(0, 0.8))
    axes.set_xticks(list(_TICKS), list(_TICKS.values()), fontsize=8)
    axes.axvline(0, color="black", linewidth=0.8, linestyle=":")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set(xlabel="hidden activation")


def draw_probabilities(axes: Axes, probabilities: FloatArray, label: int) -> None:
    """Draw the ten probabilities of one row; the right class is hatched and marked."""
    bars = axes.bar(range(NUM_CLASSES), probabilities, color=plots.BLUE)
    bars[label].set(facecolor=plots.ORANGE, edgecolor="black", hatch="//")
    axes.plot(label, 1.05, "v", color=plots.ORANGE, markeredgecolor="black", clip_on=False)
    axes.axhline(0.1, color=plots.GRAY, linewidth=1, linestyle="--")
    axes.set(xticks=range(NUM_CLASSES), ylim=(0, 1.1), xlabel="class (▼ the right one)")
    axes.set_yticks([0, 0.1, 0.5, 1], ["0", "0.1", "0.5", "1"])


def draw_largest(axes: Axes, A2: FloatArray) -> None:
    """Draw how sure the network is: of each row, its largest probability."""
    edges = np.linspace(0, 1, 21)
    counts = np.histogram(np.minimum(A2.max(axis=1), 1), edges)[0] / len(A2)
    axes.stairs(counts, edges, fill=True, color=plots.GREEN)
    axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel="largest probability of a row")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def draw(inputs: Inputs, hidden: int, scale: float | str, digit: int, seed: int) -> Drawing:
    """Send all rows through one untrained network, and draw what comes out."""
    seen = look(inputs, hidden, scale, seed)
    row = int(np.flatnonzero(inputs.labels == digit)[0])
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.01, right=0.985, bottom=0.16, top=0.88, wspace=0.28)
    axes: Any = figure.subplots(1, 4, width_ratios=(0.75, 1.25, 1, 1))
    plots.draw_digit(axes[0], inputs.X[row], "One image")
    draw_hidden(axes[1], seen.A1)
    axes[1].set_title("Hidden layer, all rows")
    draw_probabilities(axes[2], seen.A2[row], digit)
    axes[2].set_title("Probabilities, this image")
    draw_largest(axes[3], seen.A2)
    axes[3].set_title("How sure, all rows")
    first, second = scales_of(scale, hidden)
    of_weights = f"{first:g}" if first == second else f"{HE}, {first:.4f} and {second:.4f}"
    says = int(seen.A2[row].argmax())
    result = (
        f"{hidden} hidden units, scale of the weights {of_weights}, random start {seed}. "
        f"Typical size (rms) of a hidden activation {seen.rms_hidden:.3g}, of an input "
        f"{seen.rms_inputs:.3g}. The image is a {digit}; the network says {says}, with "
        f"probability {seen.A2[row, says]:.3f}. Loss over {len(inputs.X)} test rows "
        f"{seen.loss:.3f} (ln 10 is {GUESSING:.3f}); {seen.share:.1%} of the rows have a "
        f"largest probability above {CONFIDENT}. {verdict(seen)}"
    )
    alt = (
        "An image, a histogram of the hidden activations, ten probabilities, and a histogram "
        f"of the largest probability of each row. {result}"
    )
    return Drawing(figure, alt, result)


def draw_path(inputs: Inputs, digit: int = 3, seed: int = 0) -> Drawing:
    """Follow one image through an untrained 784-256-10 network at He's scale."""
    row = int(np.flatnonzero(inputs.labels == digit)[0])
    A1, A2 = forward_mlp(inputs.X[row : row + 1], *start(HE, 256, seed))
    figure = Figure(figsize=(10.5, 3.2))
    figure.subplots_adjust(left=0.02, right=0.98, bottom=0.16, top=0.88, wspace=0.35)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1.15, 1.3))
    plots.draw_digit(left, inputs.X[row], "784 pixels")
    picture = middle.imshow(A1.reshape(16, 16), cmap="cividis", vmin=0)
    middle.set(title="256 hidden activations", xticks=[], yticks=[])
    figure.colorbar(picture, ax=middle, shrink=0.9)
    draw_probabilities(right, A2[0], digit)
    right.set(title="10 probabilities")
    silent = int(np.sum(A1 == 0))
    alt = (
        f"An image of a {digit}; a grid of 16 by 16 activations, {silent} of them 0; ten "
        f"probabilities as bars, the highest, {A2.max():.2f}, for class {int(A2.argmax())}."
    )
    return Drawing(figure, alt, alt)


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for hidden units and the scale of the weights, menus for image and start.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    inputs = prepare(data)
    controls = {
        "hidden": slider("Hidden units", [(str(n), n) for n in HIDDEN_UNITS], START["hidden"]),
        "scale": slider(
            "Initial scale",
            [(s if isinstance(s, str) else f"{s:g}", s) for s in SCALES],
            START["scale"],
        ),
        "digit": menu("Image of a", [(str(d), d) for d in range(NUM_CLASSES)], START["digit"]),
        "seed": menu("Random start", [(str(s), s) for s in SEEDS], START["seed"]),
    }
    return Explorer("3.3", controls, partial(draw, inputs), data=data)
