"""The explorer of part 4.4: weight penalty and dropout on few images, some labeled wrongly."""

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
from course_lib.explorers.training import (
    SIZES,
    Images,
    Progress,
    no_progress,
    start_three_layers,
)
from course_lib.neural_network import (
    FloatArray,
    Parameters,
    accuracy,
    backward_mlp_3layer,
    cross_entropy,
    dropout,
    forward_mlp_3layer,
    gradient_descent_general,
    l2_regularization,
    one_hot,
)

LAMBDAS = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
KEEPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.2, 0.1)
NOISES = (0.0, 0.15, 0.3)
ROWS = (100, 250, 500)
START = {"lambda_": 0.01, "p": 1.0, "noise": 0.3, "rows": 500}
EPOCHS, LEARNING_RATE, BATCH_SIZE = 40, 0.05, 64
MOST_TEST_ROWS = 500  # of MNIST; the bundled digits have fewer
LAST = 5  # epochs at the end whose mean accuracy is compared, since single ones jump
CLEAR = {0.0: 0.02, 0.15: 0.05, 0.3: 0.05}  # by noise: what one run shows without luck
HIGHEST_LOSS = 3.0  # the top of the axes

Key = tuple[float, int]


@dataclass(frozen=True)
class Run:
    """One training: the parameters, and what was measured after each epoch."""

    params: Parameters
    labels: IntArray
    train_losses: list[float]
    test_losses: list[float]
    accuracies: list[float]
    train_accuracy: float

    @property
    def accuracy(self) -> float:
        """The mean test accuracy of the last epochs."""
        return float(np.mean(self.accuracies[-LAST:]))


def prepare(data: Dataset) -> Images:
    """Scale as many images as the largest setting needs, float32."""
    scaler = fit_scaler(data.X_train[: max(ROWS)])
    X_train = apply_scaler(data.X_train[: max(ROWS)], scaler).astype(np.float32)
    X_test = apply_scaler(data.X_test[:MOST_TEST_ROWS], scaler).astype(np.float32)
    return Images(X_train, data.y_train[: max(ROWS)], X_test, data.y_test[:MOST_TEST_ROWS])


def spoil(labels: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    """Replace a share of the labels by another digit, drawn at random.

    It draws for every row, so that the generator goes on alike for any share.
    """
    order, shift = rng.permutation(len(labels)), rng.integers(1, 10, size=len(labels))
    spoiled, rows = labels.copy(), order[: round(share * len(labels))]
    spoiled[rows] = (labels[rows] + shift[rows]) % 10
    return spoiled


def predict(X: FloatArray, params: Parameters) -> FloatArray:
    """Probabilities of the ten digits, nothing dropped."""
    return forward_mlp_3layer(X, *params.values())[-1]


def train(
    images: Images,
    lambda_: float,
    p: float,
    noise: float,
    rows: int,
    progress: Progress = no_progress,
) -> Run:
    """Train 784-128-64-10 with a penalty and dropout; labels, start and order have seed 0."""
    X, X_test = images.X_train[:rows], images.X_test
    rng, mask_rng = np.random.default_rng(0), np.random.default_rng(1000)
    labels = spoil(images.y_train[:rows], noise, rng)
    y, y_test = one_hot(labels, 10), one_hot(images.y_test, 10)
    params = start_three_layers(rng)
    test_losses: list[float] = []
    accuracies: list[float] = []

    def forward(X: FloatArray, params: Parameters) -> tuple[Any, ...]:
        ones = [np.ones((len(X), size), dtype=np.float32) for size in SIZES[1:3]]
        masks = [dropout(one, p, rng=mask_rng) for one in ones] if p < 1 else None
        return masks, *forward_mlp_3layer(X, *params.values(), masks=masks)

    def gradients(X: FloatArray, y: FloatArray, outputs: Any, params: Parameters) -> Parameters:
        masks, A1, A2, A3 = outputs
        weights = [params["W1"], params["W2"], params["W3"]]
        slopes = dict(
            zip(params, backward_mlp_3layer(X, A1, A2, A3, y, *weights, masks=masks), strict=True)
        )
        _, extra = l2_regularization(weights, lambda_)
        return slopes | {f"W{i}": slopes[f"W{i}"] + more for i, more in enumerate(extra, start=1)}

    def measure(epoch: int, params: Parameters, _loss: float) -> None:
        A = predict(X_test, params)
        test_losses.append(cross_entropy(A, y_test))
        accuracies.append(accuracy(A, images.y_test))
        progress(epoch / EPOCHS)

    params, losses = gradient_descent_general(
        X, y, params, LEARNING_RATE, EPOCHS, forward, gradients, cross_entropy,
        batch_size=BATCH_SIZE, rng=rng, predict_fn=predict, callback=measure,
    )  # fmt: skip
    right = accuracy(predict(X, params), labels)
    return Run(params, labels, losses, test_losses, accuracies, right)


def draw_labels(data: Dataset, lambda_: float, p: float) -> tuple[Figure, int]:
    """Eight training images, three in ten of them labeled wrongly, and what a network answers.

    Returns:
        ``(figure, right)``: the figure, and how many of the answers are the true digit.
    """
    images = prepare(data)
    run = train(images, lambda_, p, noise=0.3, rows=max(ROWS))
    answers = predict(images.X_train[:8], run.params).argmax(axis=1)
    figure = Figure(figsize=(10.5, 1.9), layout="constrained")
    for row, axes in enumerate(figure.subplots(1, 8)):
        true = data.y_train[row]
        wrong = f", true {true}" if run.labels[row] != true else ""
        title = f"label {run.labels[row]}{wrong}\nanswer {answers[row]}"
        plots.draw_digit(axes, data.X_train[row], title)
    return figure, int(np.count_nonzero(answers == data.y_train[:8]))


def verdict(run: Run, plain: Run, noise: float) -> str:
    """Whether a regularized run did better than the same run without."""
    gain, clear = run.accuracy - plain.accuracy, CLEAR[noise]
    if gain >= clear:
        return "It helps here."
    if gain > -clear:
        return f"No clear difference: less than {clear * 100:.0f} points can be luck."
    # Wrong labels are not to be learned: what it could learn is the share of right ones.
    if run.train_accuracy < min(plain.train_accuracy, 1 - noise) - 0.05:
        return "Too strong: it learns too little, even of its training images."
    return "It hurts here."


def gap_in_words(train_loss: float, test_loss: float) -> str:
    """How the loss on the test images compares with that on the training images."""
    gap = test_loss - train_loss
    if abs(gap) < 0.05:
        return "nearly the same"
    return f"{abs(gap):.2f} {'higher' if gap > 0 else 'lower'}"


def _draw_losses(axes: Axes, run: Run, title: str) -> None:
    epochs = range(1, EPOCHS + 1)
    curves = (run.train_losses, plots.BLUE, "-", "o"), (run.test_losses, plots.RED, "--", "s")
    for (losses, color, line, marker), name in zip(curves, ("training", "test"), strict=True):
        shown = np.minimum(losses, HIGHEST_LOSS)
        axes.plot(
            epochs, shown, line, color=color, marker=marker, markevery=5, markersize=4, label=name
        )
    axes.set(title=title, xlabel="epoch", ylim=(0, HIGHEST_LOSS * 1.02))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper right")


def draw(
    images: Images,
    lambda_: float,
    p: float,
    noise: float,
    rows: int,
    progress: Progress = no_progress,
    known: dict[Key, Run] | None = None,
) -> Drawing:
    """Train with one setting, and draw it beside the same training without regularization.

    Args:
        images: From ``prepare``.
        lambda_: Strength of the penalty on the squared weights; 0 is none.
        p: Probability to keep a hidden unit; 1 is no dropout.
        noise: Share of the training labels that are wrong.
        rows: Training images.
        progress: Called with the share that is done.
        known: Runs without regularization, by noise and rows: filled here, so that each is
            trained once.
    """
    known = {} if known is None else known
    is_plain = lambda_ == 0 and p == 1
    parts = 1 if (noise, rows) in known else 2
    if (noise, rows) not in known:
        share = 1 if is_plain else 0.5
        known[noise, rows] = train(images, 0, 1, noise, rows, lambda done: progress(done * share))
    plain = run = known[noise, rows]
    if not is_plain:
        run = train(images, lambda_, p, noise, rows, lambda done: progress(1 - (1 - done) / parts))
    progress(1)
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.055, right=0.985, bottom=0.15, top=0.9, wspace=0.25)
    left, middle, right = figure.subplots(1, 3)
    _draw_losses(left, plain, "Loss without regularization")
    _draw_losses(middle, run, "Loss at your setting")
    epochs = range(1, EPOCHS + 1)
    shared: dict[str, Any] = {"markevery": 5, "markersize": 4}
    right.plot(
        epochs, plain.accuracies, ":", color=plots.GRAY, marker="x", label="without", **shared
    )
    right.plot(
        epochs, run.accuracies, "-.", color=plots.GREEN, marker="^", label="your setting", **shared
    )
    right.set(title="Test accuracy", xlabel="epoch", ylim=(0, 1.02))
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.grid(alpha=0.3)
    right.legend(loc="lower right")
    judged = "This is the run without regularization." if is_plain else verdict(run, plain, noise)
    result = (
        f"Lambda {lambda_:g}, {'every unit' if p == 1 else f'{p:.0%} of the hidden units'} kept, "
        f"{rows} training images, {noise:.0%} of their labels wrong: after {EPOCHS} epochs the "
        f"training loss is {run.train_losses[-1]:.2f}, and the test loss {run.test_losses[-1]:.2f} "
        f"is {gap_in_words(run.train_losses[-1], run.test_losses[-1])}. "
        f"It repeats {run.train_accuracy:.0%} of the labels it was given. Test accuracy, "
        f"mean of the last {LAST} epochs: {run.accuracy:.1%}, without regularization "
        f"{plain.accuracy:.1%}. {judged}"
    )
    alt = f"Loss curves without regularization and at this setting, and test accuracy. {result}"
    return Drawing(figure, alt, result)


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for lambda and the keep probability, menus for label noise and rows.

    Args:
        data: A data set of the course, or its name; ``load_data()`` if not given.
    """
    data = dataset(data)
    images = prepare(data)
    controls = {
        "lambda_": slider("Lambda", [(f"{v:g}", v) for v in LAMBDAS], START["lambda_"]),
        "p": slider("Keep", [(f"{v:g}", v) for v in KEEPS], START["p"]),
        "noise": menu("Wrong labels", [(f"{v:.0%}", v) for v in NOISES], START["noise"]),
        "rows": menu("Training images", [(str(n), n) for n in ROWS], START["rows"]),
    }
    known: dict[Key, Run] = {}
    return Explorer(
        "4.4", controls, partial(draw, images, known=known), has_progress=True, data=data
    )
