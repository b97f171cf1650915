"""Test accuracy of the course's models on real MNIST: `make mnist-results`, some ten minutes.

Settings are chosen on the last part of the training rows (validation), by one training each.
The chosen ones are trained on all training rows, with several seeds for start, shuffling and
dropout. The test rows are used once, at the very end. PyTorch trains the same models with the
same settings, where it is installed.
"""

import statistics
import sys
import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import threadpoolctl

from benchmarks.models import torch, torch_cnn, torch_epoch, torch_mlp
from course_lib import neural_network as nn
from course_lib.datasets import Dataset, apply_scaler, fit_scaler, load_mnist, shift_images

SEEDS = range(5)
BATCH_SIZE = 64
VALIDATION_SHARE = 5  # one training row in five
MOST_ROWS = 8_000  # what the 10,000 images of the test files leave for training
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # the image, and four copies


@dataclass(frozen=True)
class Settings:
    """What is chosen on the validation rows."""

    lr: float
    mu: float = 0.0
    keep: float = 1.0


@dataclass(frozen=True)
class Model:
    """One row of the table: hidden layers, or filters and their size, and what to try."""

    name: str
    hidden: tuple[int, ...]
    filters: tuple[int, int] | None
    epochs: int
    shifted_copies: bool
    choices: tuple[Settings, ...]


MODELS = (
    Model("MLP of 3.4", (256,), None, 20, False, (Settings(0.03), Settings(0.1), Settings(0.3))),
    Model(
        "MLP of 4.5", (256, 128), None, 15, False,
        tuple(Settings(lr, 0.9, keep) for lr in (0.02, 0.05) for keep in (1.0, 0.8)),
    ),
    Model(
        "CNN of 4.3", (), (8, 3), 15, False,
        tuple(Settings(lr, 0.9, keep) for lr in (0.05, 0.1) for keep in (1.0, 0.5)),
    ),
    Model(
        "the best one", (), (16, 5), 6, True,
        tuple(Settings(0.05, 0.9, keep) for keep in (0.8, 0.5)),
    ),
)  # fmt: skip


def prepared(model: Model, X_train, X_test):
    """Inputs as the model wants them: scaled rows, or images from 0 to 1; float32."""
    if model.filters is not None:
        return tuple(X.astype(np.float32).reshape(-1, 1, 28, 28) for X in (X_train, X_test))
    scaler = fit_scaler(X_train)
    return tuple(apply_scaler(X, scaler).astype(np.float32) for X in (X_train, X_test))


def with_copies(X, labels):
    """The images, and each of them moved by one pixel to the four sides."""
    return np.vstack([shift_images(X, *shift) for shift in SHIFTS]), np.tile(labels, len(SHIFTS))


def parameters(model: Model, rng: np.random.Generator):
    """He's weights and zero biases, in the order that forward and backward pass want them."""
    if model.filters is not None:
        count, size = model.filters
        shapes = {"K1": (count, 1, size, size), "W2": (count * ((29 - size) // 2) ** 2, 10)}
    else:
        sizes = (784, *model.hidden, 10)
        shapes = {f"W{i}": sizes[i - 1 : i + 1] for i in range(1, len(sizes))}
    params = {}
    for i, (name, shape) in enumerate(shapes.items(), start=1):
        params[name] = nn.initialize_weights(shape, rng=rng).astype(np.float32)
        columns = shape[0] if name == "K1" else shape[1]
        params[f"b{i}"] = np.zeros((1, columns), np.float32)
    return params


def forward(model: Model, keep: float, rng, X, params):
    """The forward pass in training: ``(mask, ..., prediction)``."""

    def mask(units):
        return (
            None if keep == 1 else nn.dropout(np.ones((len(X), units), np.float32), keep, rng=rng)
        )

    if model.filters is not None:
        kept = mask(len(params["W2"]))
        return kept, *nn.forward_cnn(X, **params, mask=kept)
    if len(model.hidden) == 1:
        return None, *nn.forward_mlp(X, **params)
    kept = None if keep == 1 else [mask(units) for units in model.hidden]
    return kept, *nn.forward_mlp_3layer(X, **params, masks=kept)


def gradient(model: Model, X, y, outputs, params):
    """The gradients by name, with the masks of the forward pass."""
    kept, *outputs = outputs
    if model.filters is not None:
        found = nn.backward_cnn(*outputs, y, params["K1"], params["W2"], mask=kept)
    elif len(model.hidden) == 1:
        found = nn.backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    else:
        weights = params["W1"], params["W2"], params["W3"]
        found = nn.backward_mlp_3layer(X, *outputs, y, *weights, masks=kept)
    return dict(zip(params, found, strict=True))


def course_accuracy(
    model: Model, settings: Settings, X, labels, X_test, test_labels, seed
) -> float:
    """Train with the course's library; the share of test rows that come out right."""
    rng = np.random.default_rng(seed)
    whole = partial(forward, model, 1.0, rng)  # without dropout
    params, _ = nn.gradient_descent_general(
        X, nn.one_hot(labels, 10), parameters(model, rng), settings.lr, model.epochs,
        partial(forward, model, settings.keep, rng), partial(gradient, model), nn.cross_entropy,
        batch_size=BATCH_SIZE, predict_fn=whole, rng=rng,
        update_fn=lambda v, g, lr: nn.momentum_update(v, g, settings.mu, lr),
    )  # fmt: skip
    return nn.accuracy(whole(X_test, params)[-1], test_labels)


def pytorch_accuracy(
    model: Model, settings: Settings, X, labels, X_test, test_labels, seed
) -> float:
    """The same in PyTorch."""
    if model.filters is not None:
        network = torch_cnn(*model.filters, settings.keep, seed)
    else:
        network = torch_mlp((784, *model.hidden, 10), settings.keep, seed)
    optimizer = torch.optim.SGD(network.parameters(), lr=settings.lr, momentum=settings.mu)
    inputs, targets = torch.from_numpy(X), torch.from_numpy(labels)
    for _ in range(model.epochs):
        torch_epoch(network, optimizer, inputs, targets, BATCH_SIZE)
    network.eval()
    with torch.no_grad():
        return nn.accuracy(network(torch.from_numpy(X_test)).numpy(), test_labels)


def rows_for(model: Model, X, labels, X_test):
    """Training and test rows, prepared; the copies are made of training rows alone."""
    if model.shifted_copies:
        X, labels = with_copies(X, labels)
    return *prepared(model, X, X_test), labels


def choose(model: Model, data: Dataset) -> Settings:
    """The settings with the best accuracy on the validation rows."""
    cut = len(data.X_train) - len(data.X_train) // VALIDATION_SHARE
    X, X_valid, labels = rows_for(model, data.X_train[:cut], data.y_train[:cut], data.X_train[cut:])
    scores = {}
    for settings in model.choices:
        rows = X, labels, X_valid, data.y_train[cut:]
        scores[settings] = course_accuracy(model, settings, *rows, seed=0)
        print(
            f"  {model.name}, {in_words(settings)}: validation {scores[settings]:.2%}", flush=True
        )
    return max(scores, key=scores.__getitem__)


def in_words(settings: Settings) -> str:
    words = f"lr {settings.lr:g}"
    if settings.mu > 0:
        words += f", momentum {settings.mu:g}"
    return words if settings.keep == 1 else f"{words}, keep {settings.keep:g}"


def measured(train, model: Model, settings: Settings, data: Dataset) -> str:
    """Mean, spread and time of one library, in words."""
    X, X_test, labels = rows_for(model, data.X_train, data.y_train, data.X_test)
    started = time.process_time()
    scores = [train(model, settings, X, labels, X_test, data.y_test, seed) for seed in SEEDS]
    seconds = (time.process_time() - started) / len(SEEDS)
    return f"{statistics.mean(scores):.2%} ± {100 * statistics.stdev(scores):.2f} {seconds:5.0f} s"


def num_parameters(model: Model) -> int:
    return sum(value.size for value in parameters(model, np.random.default_rng(0)).values())


def main() -> None:
    try:
        mnist = load_mnist()
    except (ConnectionError, FileNotFoundError, ValueError) as error:
        sys.exit(f"make mnist-results needs real MNIST: {error}")
    rows = slice(MOST_ROWS)
    data = Dataset(mnist.name, mnist.X_train[rows], mnist.y_train[rows], mnist.X_test, mnist.y_test)
    print(f"{len(data.X_train):,} training images, {len(data.X_test):,} test images. Choosing:")
    with threadpoolctl.threadpool_limits(1):
        if torch is not None:
            torch.set_num_threads(1)
        chosen = {model: choose(model, data) for model in MODELS}
        print(f"\nTest accuracy, mean and spread of {len(SEEDS)} seeds, time of one training")
        print(f"{'model':13} {'parameters':>10} {'course':>21} {'PyTorch':>21}  settings")
        for model, settings in chosen.items():
            course = measured(course_accuracy, model, settings, data)
            pytorch = "-" if torch is None else measured(pytorch_accuracy, model, settings, data)
            details = f"{model.epochs} epochs, {in_words(settings)}"
            if model.filters is not None:
                details = f"{model.filters[0]} filters of {model.filters[1]}, {details}"
            if model.shifted_copies:
                details += ", shifted copies"
            numbers = f"{num_parameters(model):10,} {course:>21} {pytorch:>21}"
            print(f"{model.name:13} {numbers}  {details}", flush=True)


if __name__ == "__main__":
    main()
