"""The explorer of part 4.1: how large signals and errors are in each layer of a deep network."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from course_lib import plots
from course_lib.datasets import Dataset
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.neural_network import (
    FloatArray,
    cross_entropy,
    initialize_weights,
    mini_batches,
    one_hot,
    relu,
    sigmoid,
    softmax,
)

WIDTH = 64  # units in every hidden layer
DEPTHS = tuple(range(2, 11))
STEPS = (0, 1, 10, 30, 100, 300)
SCHEMES = ("small", "xavier", "he", "large")
SCHEME_NAMES = {
    "small": "small (0.01)", "xavier": "Xavier", "he": "He", "large": "large (1)",
}  # fmt: skip
ACTIVATION_NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
START = {"depth": 5, "activation": "relu", "scheme": "he", "steps": 0}
MEASURED_ROWS = 200
TRAIN_ROWS = 1000
LEARNING_RATE, BATCH_SIZE = 0.1, 64
LIMITS = 1e-15, 1e9
GUESSING = float(np.log(10))

ACTIVATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": sigmoid, "tanh": np.tanh, "relu": relu,
}  # fmt: skip
# The slope of each activation, from its output.
SLOPES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": lambda A: A * (1 - A),
    "tanh": lambda A: 1 - A * A,
    "relu": lambda A: (A > 0).astype(A.dtype),
}


@dataclass(frozen=True)
class Sizes:
    """What was measured on a network: sizes by layer, and the loss. Diverged: all empty."""

    signals: list[float]  # root mean square of the input and of each hidden layer
    differences: list[float]  # the same, without what all images have in common
    errors: list[float]  # root mean square of delta, from the first layer to the last
    loss: float
    diverged_at: int = 0


Images = tuple[FloatArray, FloatArray]


def prepare(data: Dataset) -> Images:
    """The images and one-hot labels that the explorer trains on and measures, float32."""
    X = data.X_train[:TRAIN_ROWS].astype(np.float32)
    return X, one_hot(data.y_train[:TRAIN_ROWS], 10).astype(np.float32)


def start_weights(depth: int, scheme: str) -> list[FloatArray]:
    """The weight matrices of ``depth`` layers; the biases start at 0."""
    rng = np.random.default_rng(0)
    sizes = [784, *[WIDTH] * (depth - 1), 10]
    shapes = list(pairwise(sizes))
    if scheme == "large":
        return [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    return [initialize_weights(shape, scheme, rng=rng).astype(np.float32) for shape in shapes]


def forward(
    X: FloatArray, weights: Sequence[FloatArray], biases: Sequence[FloatArray], activation: str
) -> list[FloatArray]:
    """The input, what each hidden layer makes of it, and the probabilities."""
    outputs = [X]
    for i, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        Z = outputs[-1] @ W + b
        outputs.append(softmax(Z) if i == len(weights) else ACTIVATIONS[activation](Z))
    return outputs


def backward(
    outputs: Sequence[FloatArray], y: FloatArray, weights: Sequence[FloatArray], activation: str
) -> list[FloatArray]:
    """Delta of each layer, first to last, one row an image (without 1/n)."""
    deltas = [outputs[-1] - y]
    for i in range(len(weights) - 1, 0, -1):
        deltas.insert(0, deltas[0] @ weights[i].T * SLOPES[activation](outputs[i]))
    return deltas


def measure(images: Images, depth: int, activation: str, scheme: str, steps: int) -> Sizes:
    """Start a network, train it for some steps, and measure sizes in every layer."""
    X, y = images
    weights = start_weights(depth, scheme)
    biases = [np.zeros((1, W.shape[1]), dtype=np.float32) for W in weights]
    with np.errstate(all="ignore"):  # divergence is told in words
        rng, done = np.random.default_rng(0), 0
        while done < steps:
            for X_batch, y_batch in mini_batches(X, y, BATCH_SIZE, rng):
                if done == steps:
                    break
                outputs = forward(X_batch, weights, biases, activation)
                deltas = backward(outputs, y_batch, weights, activation)
                for i, delta in enumerate(deltas):
                    weights[i] -= LEARNING_RATE / len(y_batch) * (outputs[i].T @ delta)
                    biases[i] -= LEARNING_RATE * delta.mean(axis=0, keepdims=True)
                done += 1
                if not all(np.all(np.isfinite(W)) for W in weights):
                    return Sizes([], [], [], GUESSING, diverged_at=done)
        # In float64: next to a sigmoid's 0.5, float32 rounds away all differences below 1e-7.
        weights, biases = ([a.astype(np.float64) for a in arrays] for arrays in (weights, biases))
        X, y = (a[:MEASURED_ROWS].astype(np.float64) for a in images)
        outputs = forward(X, weights, biases, activation)
        deltas = backward(outputs, y, weights, activation)
        signals = [root_mean_square(A) for A in outputs[:-1]]
        differences = [root_mean_square(A - A.mean(axis=0)) for A in outputs[:-1]]
        errors = [root_mean_square(delta) for delta in deltas]
    if not np.all(np.isfinite([*signals, *differences, *errors])):
        return Sizes([], [], [], GUESSING, diverged_at=max(done, 1))
    loss = cross_entropy(outputs[-1], y)
    return Sizes(signals, differences, errors, loss)


def root_mean_square(values: FloatArray) -> float:
    """The size of the entries of an array: the root of the mean of their squares."""
    return float(np.sqrt(np.mean(values.astype(np.float64) ** 2)))


def in_words(ratio: float) -> str:
    """How the first of two sizes compares with the second, from their ratio."""
    if ratio == 0:
        return "exactly zero, and so nothing like"
    if ratio < 0.5:
        return f"{_rounded(1 / ratio)} times smaller than"
    return f"{_rounded(ratio)} times larger than" if ratio > 2 else "about as large as"


def _rounded(number: float) -> str:
    if number >= 1e6:
        return f"10^{np.log10(number):.0f}"
    return f"{number:.1f}" if number < 10 else f"{float(f'{number:.2g}'):,.0f}"


def _verdict(sizes: Sizes, depth: int, steps: int) -> str:
    if sizes.diverged_at:
        return (
            f"Diverged: after step {sizes.diverged_at} of {steps} the weights or what they make "
            "are no longer numbers. Choose smaller weights."
        )
    ratio = sizes.errors[0] / sizes.errors[-1] if sizes.errors[-1] > 0 else 0.0
    sentences = [
        f"Backward, delta in layer 1 is {in_words(ratio)} delta in layer {depth}.",
        "Forward, the differences between images in the last hidden layer are "
        f"{in_words(sizes.differences[-1] / sizes.differences[0])} those in the input.",
    ]
    hidden = [*sizes.signals, *sizes.errors]
    if 0 < min(size for size in hidden if size > 0) < LIMITS[0] or min(hidden) == 0:
        sentences.append(f"What is below 10^{np.log10(LIMITS[0]):.0f} is drawn at that limit.")
    if max(hidden) > LIMITS[1]:
        sentences.append(f"What is above 10^{np.log10(LIMITS[1]):.0f} is drawn at that limit.")
    dead = [layer for layer, size in enumerate(sizes.signals) if size == 0]
    if dead:
        sentences.append(
            f"Dead: every unit of hidden layer {dead[0]} gives 0 for every image, so nothing "
            "below the output layer can learn."
        )
    share = sizes.loss / GUESSING
    state = "far above" if share > 1.5 else "above" if share > 1.1 else "no better than"
    state = "below" if share < 0.9 else state
    loss = f"{sizes.loss:.2f}" if sizes.loss < 1000 else f"{sizes.loss:.1e}"
    sentences.append(f"Loss {loss}, {state} guessing ({GUESSING:.2f}).")
    return " ".join(sentences)


def draw(images: Images, depth: int, activation: str, scheme: str, steps: int) -> Drawing:
    """Draw the sizes of signals (forward) and of delta (backward) by layer."""
    sizes = measure(images, depth, activation, scheme, steps)
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.08, right=0.97, bottom=0.16, top=0.9, wspace=0.2)
    left, right = figure.subplots(1, 2)
    _draw_curves(left, {"size": sizes.signals, "differences\nbetween images": sizes.differences}, 0)
    left.set(title="Forward: activations", xlabel="layer (0: the input)")
    _draw_curves(right, {"size": sizes.errors}, 1)
    right.set(title="Backward: delta", xlabel="layer (the last: the output)")
    left.set_ylabel("root mean square")
    for axes in (left, right):
        if sizes.diverged_at:
            axes.text(0.5, 0.5, "diverged", transform=axes.transAxes, ha="center", fontsize=14,
                      backgroundcolor="white")  # fmt: skip
    after = "at the start" if steps == 0 else f"after {steps} step{'s' if steps > 1 else ''}"
    setting = (
        f"{depth} layers of {WIDTH} units, {ACTIVATION_NAMES[activation]}, start "
        f"{SCHEME_NAMES[scheme]}, {after}"
    )
    result = f"{setting}. {_verdict(sizes, depth, steps)}"
    alt = f"Sizes by layer on logarithmic axes: activations on the left, delta right. {result}"
    return Drawing(figure, alt, result)


def _draw_curves(axes: Axes, curves: dict[str, list[float]], first: int) -> None:
    for (label, sizes), (color, line, marker) in zip(curves.items(), plots.LINES, strict=False):
        layers = range(first, first + len(sizes))
        shown = np.clip(sizes, *LIMITS)
        axes.plot(layers, shown, line, color=color, marker=marker, markersize=5, label=label,
                  clip_on=False)  # fmt: skip
    axes.axhline(1, color=plots.GRAY, linewidth=1)
    axes.set(yscale="log", ylim=LIMITS, xlim=(-0.3, DEPTHS[-1] + 0.3))
    axes.set_xticks(range(DEPTHS[-1] + 1))
    axes.yaxis.set_major_locator(LogLocator(numticks=9))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(alpha=0.3)
    if len(curves) > 1 and any(curves.values()):
        axes.legend(loc="upper right", fontsize=8)


def explore(data: Dataset | str | None = None) -> Explorer:
    """A slider for the depth, menus for activation and start, a slider for training steps.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    controls = {
        "depth": slider("Layers", [(str(depth), depth) for depth in DEPTHS], START["depth"]),
        "activation": menu(
            "Activation", [(name, key) for key, name in ACTIVATION_NAMES.items()],
            START["activation"],
        ),
        "scheme": menu(
            "Start", [(SCHEME_NAMES[scheme], scheme) for scheme in SCHEMES], START["scheme"]
        ),
        "steps": slider("Training steps", [(str(n), n) for n in STEPS], START["steps"]),
    }  # fmt: skip
    images = prepare(data)
    return Explorer("4.1", controls, partial(draw, images), data=data)
