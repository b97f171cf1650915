"""How fast the library trains, and how well: `make bench`.

One process, one thread, float32. Contenders take turns, seven rounds at least, and the
median counts, so that a busy moment of the machine hits them all. PyTorch is compared where
it is installed (`pip install torch`), accuracy where MNIST_DIR says where MNIST lies.
"""

import os
import platform
import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import sklearn
import threadpoolctl
from scipy.signal import correlate2d
from sklearn.neural_network import MLPClassifier

from benchmarks.models import LR, MODELS, MU, momentum, torch, torch_epoch, torch_model
from course_lib import neural_network as nn
from course_lib.datasets import apply_scaler, fit_scaler, load_mnist

ROUNDS = 9
ROWS = 8_000
# Multiplications and additions for one row of 784-256-128-10: three products a layer (output,
# gradient of the weights, gradient of the input), but no gradient of the first layer's input.
MLP_FLOPS = 2 * 2 * 784 * 256 + 3 * 2 * (256 * 128 + 128 * 10)
SGEMM_SIZE = 1024


def median_seconds(contenders: dict[str, Callable[[], float]], rounds: int = ROUNDS):
    """Every contender's median, over rounds in which all take their turn."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            seconds[name].append(run())
    return {name: statistics.median(values) for name, values in seconds.items()}


def timed(run: Callable[[], object]) -> Callable[[], float]:
    def seconds() -> float:
        started = time.perf_counter()
        run()
        return time.perf_counter() - started

    return seconds


def made_up_images(n: int, seed: int = 0):
    """Random pixels and labels: speed does not depend on what is in the picture."""
    rng = np.random.default_rng(seed)
    return rng.random((n, 784), dtype=np.float32), rng.integers(0, 10, n)


def course_epoch(model: str, X, labels, batch_size: int, *, with_loss: bool = False):
    """One epoch of ``gradient_descent_general``; its seconds, without those of the loss."""
    make_params, forward, gradient, shape = MODELS[model]
    X, y = X.reshape(shape), nn.one_hot(labels, 10).astype(np.float32)
    params, rng = make_params(np.random.default_rng(0)), np.random.default_rng(0)

    def seconds() -> float:
        spent = 0.0

        def predict(X, params):
            nonlocal spent
            started = time.perf_counter()
            outputs = forward(X, params)
            spent += time.perf_counter() - started
            return outputs

        started = time.perf_counter()
        nn.gradient_descent_general(
            X, y, params, LR, 1, forward, gradient, nn.cross_entropy,
            batch_size=batch_size, predict_fn=predict, rng=rng,
        )  # fmt: skip
        return time.perf_counter() - started - (0 if with_loss else spent)

    return seconds


def pytorch_epoch(name: str, X, labels, batch_size: int):
    model = torch_model(name, 0)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    inputs, targets = torch.from_numpy(X).reshape(MODELS[name][3]), torch.from_numpy(labels)
    return timed(lambda: torch_epoch(model, optimizer, inputs, targets, batch_size))


def scikit_learn_epoch(X, labels, batch_size: int):
    network = MLPClassifier(
        (256, 128), solver="sgd", learning_rate_init=LR, momentum=0, nesterovs_momentum=False,
        alpha=0, batch_size=batch_size,
    )  # fmt: skip
    network.partial_fit(X, labels, classes=range(10))  # sets everything up
    return timed(lambda: network.partial_fit(X, labels))


def sgemm():
    A = np.random.default_rng(0).random((SGEMM_SIZE, SGEMM_SIZE), dtype=np.float32)
    return timed(lambda: A @ A)


def training_speed() -> None:
    print(f"\nTraining, {ROWS:,} rows, one epoch, rows a second (times as fast as the others)")
    print(f"{'model':5} {'batch':>5} {'course':>9} {'with loss':>9} {'PyTorch':>16} ", end="")
    print(f"{'scikit-learn':>16} {'of sgemm':>9}")
    X, labels = made_up_images(ROWS)
    for model, batch_size in [("MLP", 32), ("MLP", 64), ("MLP", 256), ("CNN", 64), ("CNN", 256)]:
        contenders = {
            "course": course_epoch(model, X, labels, batch_size),
            "with loss": course_epoch(model, X, labels, batch_size, with_loss=True),
        }
        if torch is not None:
            contenders["PyTorch"] = pytorch_epoch(model, X, labels, batch_size)
        if model == "MLP":
            contenders["scikit-learn"] = scikit_learn_epoch(X, labels, batch_size)
            contenders["sgemm"] = sgemm()
        seconds = median_seconds(contenders)
        line = f"{model:5} {batch_size:5} {ROWS / seconds['course']:9,.0f} "
        line += f"{ROWS / seconds['with loss']:9,.0f}"
        for name in ("PyTorch", "scikit-learn"):
            if name in seconds:
                ratio = seconds[name] / seconds["course"]
                line += f" {ROWS / seconds[name]:8,.0f} ({ratio:4.2f}x)"
            else:
                line += f" {'-':>16}"
        if "sgemm" in seconds:
            rate = ROWS * MLP_FLOPS / seconds["course"]
            line += f" {rate * seconds['sgemm'] / (2 * SGEMM_SIZE**3):9.0%}"
        print(line)


def forward_of_one_image(image, params):
    """The forward pass as loops over filters and windows, one image at a time."""
    maps = []
    for kernel, bias in zip(params["K1"][:, 0], params["b1"][0], strict=True):
        Z = np.maximum(correlate2d(image, kernel, mode="valid") + bias, 0)
        pooled = np.zeros((13, 13), np.float32)
        for i in range(13):
            for j in range(13):
                pooled[i, j] = np.max(Z[2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
        maps.append(pooled)
    return nn.softmax(np.concatenate(maps).reshape(1, -1) @ params["W2"] + params["b2"])


def loop_speed() -> None:
    params = MODELS["CNN"][0](np.random.default_rng(0))
    X = made_up_images(64)[0].reshape(64, 1, 28, 28)
    batch = nn.forward_cnn(X, **params)[-1]
    loop = np.concatenate([forward_of_one_image(image, params) for image in X[:4, 0]])
    np.testing.assert_allclose(batch[:4], loop, atol=1e-5)
    seconds = median_seconds(
        {
            "batch": timed(lambda: nn.forward_cnn(X, **params)),
            "loop": timed(lambda: [forward_of_one_image(image, params) for image in X[:8, 0]]),
        }
    )
    ratio = (seconds["loop"] / 8) / (seconds["batch"] / 64)
    print(f"\nCNN forward pass, batch 64, against a loop over images: {ratio:,.0f}x as fast")


def cost_by_size() -> None:
    print("\nTraining cost a row, microseconds, batch 64 (and compared with 1,000 rows)")
    sizes = (1_000, 5_000, 50_000)
    X, labels = made_up_images(max(sizes))
    for model in MODELS:
        epochs = {str(n): course_epoch(model, X[:n], labels[:n], 64, with_loss=True) for n in sizes}
        seconds = median_seconds(epochs, rounds=7)
        cost = {n: seconds[str(n)] / n * 1e6 for n in sizes}
        print(model, *(f"  {n:,}: {cost[n]:.1f} ({cost[n] / cost[1_000]:.2f}x)" for n in sizes))
    X = X[: 2 * ROWS]
    run = course_epoch("CNN", X, labels[: 2 * ROWS], 256, with_loss=True)
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"CNN, batch 256, {2 * ROWS:,} rows: {peak / 2**20:.0f} MB at most, above the data")


# ------------------------------------------------------------------------------ accuracy

SEEDS, EPOCHS, BATCH_SIZE = 5, 10, 64


def parity() -> None:
    """The same training in both libraries, each with its own random numbers."""
    if torch is None or not os.environ.get("MNIST_DIR"):
        print("\nAccuracy: not compared, it needs PyTorch and MNIST_DIR")
        return
    data = load_mnist()
    scaler = fit_scaler(data.X_train)
    train, test = (apply_scaler(X, scaler).astype(np.float32) for X in (data.X_train, data.X_test))
    print(
        f"\nTest accuracy on {data.name}, {len(train):,} training images, {EPOCHS} epochs, ", end=""
    )
    print(f"batch {BATCH_SIZE}, mean and standard deviation of {SEEDS} seeds")
    for model, lr, with_momentum in (("MLP", 0.1, False), ("CNN", 0.02, True)):
        settings = (model, lr, with_momentum, train, data.y_train, test, data.y_test)
        course = [course_accuracy(*settings, seed) for seed in range(SEEDS)]
        pytorch = [pytorch_accuracy(*settings, seed) for seed in range(SEEDS)]
        difference = 100 * (statistics.mean(course) - statistics.mean(pytorch))
        print(
            f"{model}, lr {lr}{f', momentum {MU}' if with_momentum else ''}: "
            f"course {statistics.mean(course):.4f} ± {statistics.stdev(course):.4f}, "
            f"PyTorch {statistics.mean(pytorch):.4f} ± {statistics.stdev(pytorch):.4f}, "
            f"difference {difference:+.2f} points"
        )


def course_accuracy(model, lr, with_momentum, X, labels, X_test, test_labels, seed) -> float:
    make_params, forward, gradient, shape = MODELS[model]
    rng = np.random.default_rng(seed)
    params, _ = nn.gradient_descent_general(
        X.reshape(shape), nn.one_hot(labels, 10), make_params(rng), lr, EPOCHS, forward, gradient,
        nn.cross_entropy, batch_size=BATCH_SIZE, rng=rng,
        update_fn=momentum if with_momentum else nn.sgd_update,
    )  # fmt: skip
    return nn.accuracy(forward(X_test.reshape(shape), params)[-1], test_labels)


def pytorch_accuracy(model, lr, with_momentum, X, labels, X_test, test_labels, seed) -> float:
    network, shape = torch_model(model, seed), MODELS[model][3]
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=MU * with_momentum)
    inputs, targets = torch.from_numpy(X).reshape(shape), torch.from_numpy(labels)
    for _ in range(EPOCHS):
        torch_epoch(network, optimizer, inputs, targets, BATCH_SIZE)
    with torch.no_grad():
        scores = network(torch.from_numpy(X_test).reshape(shape)).numpy()
    return nn.accuracy(scores, test_labels)


def main() -> None:
    warnings.simplefilter("ignore")  # scikit-learn's wish for more epochs
    kernels = {i["architecture"] for i in threadpoolctl.threadpool_info() if "architecture" in i}
    versions = f"numpy {np.__version__}, scikit-learn {sklearn.__version__}"
    if torch is not None:
        torch.set_num_threads(1)
        versions += f", PyTorch {torch.__version__}"
    print(f"Python {platform.python_version()}, {versions}, BLAS kernels: {', '.join(kernels)}")
    with threadpoolctl.threadpool_limits(1):
        training_speed()
        loop_speed()
        cost_by_size()
        parity()


if __name__ == "__main__":
    main()
