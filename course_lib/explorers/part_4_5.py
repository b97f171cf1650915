"""The explorer of part 4.5: learning rate, batch size and momentum on a real network."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, PercentFormatter

from course_lib import plots
from course_lib.datasets import Dataset
from course_lib.explorers import Drawing, Explorer, dataset, slider, training
from course_lib.explorers.training import (
    Images,
    Progress,
    loss_in_words,
    no_progress,
    start_three_layers,
)
from course_lib.neural_network import (
    FloatArray,
    Outputs,
    Parameters,
    accuracy,
    backward_mlp_3layer,
    cross_entropy,
    forward_mlp_3layer,
    gradient_descent_general,
    momentum_update,
    one_hot,
)

LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
BATCH_SIZES = (16, 32, 64, 128, 256)
MUS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
START = {"learning_rate": 0.01, "batch_size": 64, "mu": 0.5}
EPOCHS = 10
MOST_TRAIN_ROWS, MOST_TEST_ROWS = 1_437, 360  # what the bundled digits have
GUESSING = float(np.log(10))  # the loss of giving all ten digits the same probability
LOWEST_LOSS, HIGHEST_LOSS = 0.001, 10.0  # what lies beyond is drawn at the edge of the axes

Key = tuple[float, int]


@dataclass(frozen=True)
class Run:
    """One training: the parameters, and what was measured after each epoch."""

    params: Parameters
    losses: list[float]
    accuracies: list[float]


def prepare(data: Dataset) -> Images:
    """As many images as the bundled digits have, float32."""
    return Images(
        data.X_train[:MOST_TRAIN_ROWS].astype(np.float32),
        data.y_train[:MOST_TRAIN_ROWS],
        data.X_test[:MOST_TEST_ROWS].astype(np.float32),
        data.y_test[:MOST_TEST_ROWS],
    )


def forward(X: FloatArray, params: Parameters) -> tuple[FloatArray, ...]:
    """Activations of the hidden layers, and the probabilities of the ten digits."""
    return forward_mlp_3layer(X, *params.values())


def gradients(X: FloatArray, y: FloatArray, outputs: Outputs, params: Parameters) -> Parameters:
    """The gradient of every parameter, by name."""
    A1, A2, A3 = outputs
    weights = params["W1"], params["W2"], params["W3"]
    return dict(zip(params, backward_mlp_3layer(X, A1, A2, A3, y, *weights), strict=True))


def train(
    images: Images,
    learning_rate: float,
    batch_size: int,
    mu: float,
    progress: Progress = no_progress,
) -> Run:
    """Train 784-128-64-10 with momentum; start and order have seed 0."""
    rng = np.random.default_rng(0)
    params = start_three_layers(rng)
    accuracies: list[float] = []

    def measure(epoch: int, params: Parameters, loss: float) -> None:
        progress(epoch / EPOCHS)
        A = forward(images.X_test, params)[-1]
        is_number = np.isfinite(loss) and bool(np.all(np.isfinite(A)))
        accuracies.append(accuracy(A, images.y_test) if is_number else 0.1)

    params, losses = gradient_descent_general(
        images.X_train, one_hot(images.y_train, 10), params, learning_rate, EPOCHS,
        forward, gradients, cross_entropy, batch_size=batch_size, rng=rng, callback=measure,
        update_fn=lambda v, g, lr: momentum_update(v, g, mu, lr),
    )  # fmt: skip
    return Run(params, losses, accuracies)


def verdict(run: Run) -> str:
    """What a training does, in words; stuck at guessing is told apart from slow."""
    losses = np.array(run.losses)
    if not np.all(np.isfinite(losses)):
        return training.verdict(run.losses, GUESSING)
    # He's start is a little worse than guessing: that is no leap.
    is_falling = losses[0] < 1.25 * GUESSING and bool(np.all(np.diff(losses) < 0))
    if np.all(losses[-3:] > 0.95 * GUESSING) and max(run.accuracies[-3:]) < 0.3:
        if is_falling:
            return "Slow: the loss falls, but it is still near that of guessing."
        return (
            "Stuck: it does no better than guessing. Units that are 0 for every image do not "
            "come back. Choose a smaller learning rate, or a smaller mu."
        )
    if is_falling and losses[0] > GUESSING:
        return (
            "Slow: the loss falls in every epoch, but it is still far from done."
            if losses[-1] > GUESSING / 2
            else "Steady: the loss falls in every epoch."
        )
    return training.verdict(run.losses, GUESSING)


def comparison(run: Run, plain: Run) -> str:
    """Whether momentum got further in the same epochs than the same rate without."""
    ours, theirs = run.losses[-1], plain.losses[-1]
    if not (np.isfinite(ours) and np.isfinite(theirs)):
        return "" if not np.isfinite(theirs) else "Without momentum this rate does not diverge."
    if min(ours, theirs) > 0.95 * GUESSING:
        return "With momentum or without, it hardly learns."
    if max(ours, theirs) < 0.05:
        return "Both have learned their images almost completely."
    if ours < 0.8 * theirs:
        return "Momentum is ahead of it."
    if theirs < 0.8 * ours:
        return "Momentum is behind it."
    return "No clear difference."


def _number(loss: float) -> str:
    return loss_in_words(loss) if np.isfinite(loss) else "no number any more"


def draw(
    images: Images,
    learning_rate: float,
    batch_size: int,
    mu: float,
    progress: Progress = no_progress,
    known: dict[Key, Run] | None = None,
) -> Drawing:
    """Train with one setting, and draw it beside the same rate without momentum.

    Args:
        images: From ``prepare``.
        learning_rate: Above 0.
        batch_size: Rows in a batch.
        mu: Share of the last step that is kept.
        progress: Called with the share that is done.
        known: Runs without momentum, by rate and batch size: filled here, so that each is
            trained once.
    """
    known = {} if known is None else known
    key = learning_rate, batch_size
    parts = 1 if key in known else 2
    if key not in known:
        share = 1 if mu == 0 else 0.5
        known[key] = train(images, *key, 0, lambda done: progress(done * share))
    plain = run = known[key]
    if mu > 0:
        run = train(images, *key, mu, lambda done: progress(1 - (1 - done) / parts))
    progress(1)
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.08, right=0.985, bottom=0.15, top=0.9, wspace=0.22)
    left, right = figure.subplots(1, 2)
    looks: list[tuple[Run, str, dict[str, Any]]] = []
    if mu > 0:
        looks.append((plain, "mu 0", {"color": plots.RED, "linestyle": "--", "marker": "s"}))
    looks.append((run, f"mu {mu:g}", {"color": plots.BLUE, "linestyle": "-", "marker": "o"}))
    epochs = range(1, EPOCHS + 1)
    for shown, label, look in looks:
        losses = np.nan_to_num(shown.losses, nan=HIGHEST_LOSS, posinf=HIGHEST_LOSS)
        losses = np.clip(losses, LOWEST_LOSS, HIGHEST_LOSS)
        left.plot(epochs, losses, markersize=4, label=label, **look)
        right.plot(epochs, shown.accuracies, markersize=4, label=label, **look)
    left.axhline(GUESSING, color=plots.GRAY, linewidth=1)
    left.set(yscale="log", ylim=(LOWEST_LOSS / 1.2, HIGHEST_LOSS * 1.2))
    left.yaxis.set_major_locator(LogLocator())
    left.yaxis.set_major_formatter("{x:g}")
    left.minorticks_off()
    left.set_title("Training loss")
    left.text(EPOCHS + 0.5, GUESSING * 1.1, "guessing ", ha="right", va="bottom", fontsize=8)
    right.set(title="Test accuracy", ylim=(0, 1.03))
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    for axes, place in ((left, "lower left"), (right, "center right")):
        axes.set(xlabel="epoch", xlim=(0.5, EPOCHS + 0.5))
        axes.grid(alpha=0.3)
        axes.legend(loc=place)
    result = (
        f"Learning rate {learning_rate:g}, mu {mu:g}: effective rate "
        f"{learning_rate / (1 - mu):.3g}, batch size {batch_size}, {len(images.X_train)} training "
        f"images. After {EPOCHS} epochs: training loss {_number(run.losses[-1])}, test accuracy "
        f"{run.accuracies[-1]:.1%}. {verdict(run)}"
    )
    if mu > 0:
        result += (
            f" The same rate without momentum: {_number(plain.losses[-1])} and "
            f"{plain.accuracies[-1]:.1%}. {comparison(run, plain)}"
        )
    alt = f"Training loss and test accuracy over {EPOCHS} epochs. {result}"
    return Drawing(figure, alt, result)


def draw_answers(data: Dataset) -> tuple[Figure, int]:
    """Ten test images and the answers of a network trained with momentum.

    Returns:
        ``(figure, right)``: the figure, and how many of the answers are right.
    """
    images = prepare(data)
    A = forward(images.X_test[:10], train(images, 0.01, 64, 0.9).params)[-1]
    answers = A.argmax(axis=1)
    figure = Figure(figsize=(10.5, 1.6), layout="constrained")
    for row, axes in enumerate(figure.subplots(1, 10)):
        plots.draw_digit(axes, data.X_test[row], f"says {answers[row]}")
    return figure, int(np.count_nonzero(answers == data.y_test[:10]))


def draw_valley(paths: Mapping[str, FloatArray]) -> Figure:
    """Three paths in the bowl ``(w1 ** 2 + 25 w2 ** 2) / 2``, and the distance by step of all.

    Args:
        paths: Up to four paths by name, shape ``(steps, 2)``; the first three are drawn on
            contour lines.
    """
    shown = 60  # steps
    figure = Figure(figsize=(10.5, 5.4))
    figure.subplots_adjust(left=0.06, right=0.985, bottom=0.1, top=0.94, wspace=0.3, hspace=0.42)
    grid = figure.add_gridspec(2, 3)
    w1, w2 = np.meshgrid(np.linspace(-8, 11, 120), np.linspace(-2.2, 2.2, 80))
    height = (w1**2 + 25 * w2**2) / 2
    distance = figure.add_subplot(grid[1, :])
    for number, (name, path) in enumerate(paths.items()):
        color, line, marker = plots.LINES[number]
        look: dict[str, Any] = {"color": color, "linestyle": line, "marker": marker}
        part = path[: shown + 1]
        distance.plot(np.linalg.norm(part, axis=1), markersize=4, markevery=4, label=name, **look)
        if number < 3:
            axes = figure.add_subplot(grid[0, number])
            axes.contour(
                w1, w2, height, levels=[1, 5, 15, 30, 50], colors=plots.GRAY, linewidths=0.8
            )
            axes.plot(part[:, 0], part[:, 1], linewidth=1, markersize=3, **look)
            axes.plot(0, 0, "+", color="black", markersize=10)
            axes.set(title=name, xlabel="w1 (flat)", xlim=(-8, 11), ylim=(-2.2, 2.2))
            if number == 0:
                axes.set_ylabel("w2 (steep)")
    distance.axhline(0.1, color=plots.GRAY, linewidth=1)
    distance.set(yscale="log", ylim=(0.005, 30), xlim=(0, shown))
    distance.set(xlabel="step", ylabel="distance")
    distance.yaxis.set_major_formatter("{x:g}")
    distance.grid(alpha=0.3)
    distance.legend(loc="lower left", ncols=2)
    return figure


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for learning rate, batch size and mu.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    images = prepare(data)
    controls = {
        "learning_rate": slider(
            "Learning rate", [(f"{lr:g}", lr) for lr in LEARNING_RATES], START["learning_rate"]
        ),
        "batch_size": slider(
            "Batch size", [(str(size), size) for size in BATCH_SIZES], START["batch_size"]
        ),
        "mu": slider("Mu", [(f"{mu:g}", mu) for mu in MUS], START["mu"]),
    }
    known: dict[Key, Run] = {}
    return Explorer(
        "4.5", controls, partial(draw, images, known=known), has_progress=True, data=data
    )
