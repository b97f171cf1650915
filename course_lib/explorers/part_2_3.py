"""The explorer of part 2.3: learning rate and batch size on two digits that look alike."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

import sys
import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, PercentFormatter

from course_lib import plots
from course_lib.datasets import (
    Dataset,
    apply_scaler,
    fit_scaler,
    select_pair,
)
from course_lib.explorers import Drawing, Explorer, dataset, menu, slider
from course_lib.explorers.training import loss_in_words, verdict
from course_lib.neural_network import (
    FloatArray,
    binary_cross_entropy,
    gradient_descent,
    sigmoid,
)

ALL_ROWS = sys.maxsize  # gradient_descent takes more rows than there are as "all of them"
LEARNING_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, ALL_ROWS)
EPOCHS = (1, 2, 5, 10, 20)
PAIRS = ((0, 1), (1, 7), (3, 5), (3, 8), (4, 9), (8, 9))
START = {"learning_rate": 0.01, "batch_size": 32, "epochs": 10, "pair": (3, 8)}
MOST_TRAIN_ROWS = 400  # keeps batches of one row fast on MNIST; the bundled pairs have fewer
GUESSING = float(np.log(2))  # the loss of answering 0.5 every time


@dataclass(frozen=True)
class Run:
    """One training: the weights, what was measured after each epoch, how long the fastest took."""

    W: FloatArray
    losses: list[float]
    accuracies: list[float]
    num_train: int
    num_test: int
    fastest_epoch: float  # seconds; the others were held up by what else the machine does


def train(
    data: Dataset,
    learning_rate: float,
    batch_size: int,
    epochs: int,
    pair: tuple[int, int],
) -> Run:
    """Train logistic regression on two digits, one epoch at a time.

    The start (zeros) and the shuffling (seed 0) are the same for every setting, so two runs
    differ only in what the sliders say.
    """
    X_train, y_train, X_test, y_test = select_pair(data, *pair)
    X_train, y_train = X_train[:MOST_TRAIN_ROWS], y_train[:MOST_TRAIN_ROWS]
    scaler = fit_scaler(X_train)
    X_train = apply_scaler(X_train, scaler)
    X_test = apply_scaler(X_test, scaler)
    W, b = np.zeros((X_train.shape[1], 1)), np.zeros((1, 1))
    rng = np.random.default_rng(0)
    losses: list[float] = []
    accuracies: list[float] = []
    seconds: list[float] = []
    for _ in range(epochs):
        started = time.perf_counter()
        W, b, loss = gradient_descent(
            X_train, y_train, W, b, learning_rate, 1, batch_size,
            binary_cross_entropy, sigmoid, rng=rng,
        )  # fmt: skip
        seconds.append(time.perf_counter() - started)
        losses += loss
        is_right = (sigmoid(X_test @ W + b) > 0.5) == (y_test > 0.5)
        accuracies.append(np.count_nonzero(is_right) / len(y_test))
    return Run(W, losses, accuracies, len(X_train), len(X_test), min(seconds))


def draw(
    data: Dataset,
    learning_rate: float,
    batch_size: int,
    epochs: int,
    pair: tuple[int, int],
) -> Drawing:
    """Train with one setting and draw loss curve, test accuracy and learned weights."""
    run = train(data, learning_rate, batch_size, epochs, pair)
    first, second = pair
    updates = -(-run.num_train // batch_size)
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.09, right=0.93, bottom=0.15, top=0.91, wspace=0.25)
    loss_axes, accuracy_axes, weight_axes = figure.subplots(1, 3)
    plots.plot_losses(loss_axes, {"training": run.losses}, GUESSING)
    loss_axes.yaxis.set_major_locator(LogLocator())
    loss_axes.set(title="Loss after each epoch", ylim=(plots.SMALLEST_LOSS / 1.5, 40))
    loss_axes.text(1.05 * epochs, GUESSING * 1.1, "guessing ", ha="right", va="bottom", fontsize=8)
    accuracy_axes.plot(range(1, epochs + 1), run.accuracies, "s--", color=plots.RED, markersize=4)
    accuracy_axes.set(title="Test accuracy", xlabel="epoch", ylim=(0.4, 1.02))
    accuracy_axes.set_xlim(-0.05 * epochs, 1.05 * epochs)  # as the loss, which starts at epoch 0
    accuracy_axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    accuracy_axes.grid(alpha=0.3)
    accuracy_axes.locator_params(axis="x", integer=True)
    plots.draw_weights(weight_axes, run.W, f"for {first}", f"for {second}")
    weight_axes.set_title("Learned weights")
    batch = "all rows" if batch_size >= run.num_train else f"{batch_size}"
    result = (
        f"{first} or {second}, learning rate {learning_rate:g}, batch size {batch}: "
        f"{epochs} x {updates} = {epochs * updates} "
        f"update{'' if epochs * updates == 1 else 's'}. "
        f"Training loss {loss_in_words(run.losses[-1])} on {run.num_train} images, "
        f"test accuracy {run.accuracies[-1]:.1%} of {run.num_test} images. "
        f"{verdict(run.losses, GUESSING)}"
    )
    alt = f"Loss curve, test accuracy and learned weights of one training. {result}"
    return Drawing(figure, alt, f"{result} {run.fastest_epoch * 1000:.1f} ms per epoch.")


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for learning rate, batch size and epochs, and a menu of digit pairs.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    batches = [("all rows" if size == ALL_ROWS else str(size), size) for size in BATCH_SIZES]
    controls = {
        "learning_rate": slider(
            "Learning rate",
            [(f"{lr:g}", lr) for lr in LEARNING_RATES],
            START["learning_rate"],
        ),
        "batch_size": slider("Batch size", batches, START["batch_size"]),
        "epochs": slider("Epochs", [(str(n), n) for n in EPOCHS], START["epochs"]),
        "pair": menu("Digits", [(f"{a} or {b}", (a, b)) for a, b in PAIRS], START["pair"]),
    }
    return Explorer("2.3", controls, partial(draw, data), data=data)
