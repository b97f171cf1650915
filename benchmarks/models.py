"""The networks that the benchmarks train, in the course's library and in PyTorch."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib import neural_network as nn

try:
    import torch
except ImportError:  # it is no dependency of the course
    torch = None

LR, MU = 0.1, 0.9
MLP_SIZES = (784, 256, 128, 10)
FILTERS, FILTER_SIZE, POOLED = 8, 3, 8 * 13 * 13


def mlp_parameters(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """He's weights and zero biases of the 784-256-128-10 network, float32."""
    params: dict[str, np.ndarray] = {}
    for i, (d, k) in enumerate(itertools.pairwise(MLP_SIZES), start=1):
        params[f"W{i}"] = nn.initialize_weights((d, k), rng=rng).astype(np.float32)
        params[f"b{i}"] = np.zeros((1, k), np.float32)
    return params


def mlp_forward(X, params):
    return nn.forward_mlp_3layer(X, **params)


def mlp_gradient(X, y, outputs, params):
    weights = params["W1"], params["W2"], params["W3"]
    return dict(zip(params, nn.backward_mlp_3layer(X, *outputs, y, *weights), strict=True))


def cnn_parameters(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """He's filters and weights, zero biases: 8 filters 3 x 3, pool 2 x 2, dense 10, float32."""
    filters = nn.initialize_weights((FILTERS, 1, FILTER_SIZE, FILTER_SIZE), rng=rng)
    return {
        "K1": filters.astype(np.float32),
        "b1": np.zeros((1, FILTERS), np.float32),
        "W2": nn.initialize_weights((POOLED, 10), rng=rng).astype(np.float32),
        "b2": np.zeros((1, 10), np.float32),
    }


def cnn_forward(X, params):
    return nn.forward_cnn(X, **params)


def cnn_gradient(X, y, outputs, params):
    return dict(zip(params, nn.backward_cnn(*outputs, y, params["K1"], params["W2"]), strict=True))


# name: parameters, forward pass, gradient, shape of the inputs
MODELS: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], tuple]] = {
    "MLP": (mlp_parameters, mlp_forward, mlp_gradient, (-1, 784)),
    "CNN": (cnn_parameters, cnn_forward, cnn_gradient, (-1, 1, 28, 28)),
}


def torch_model(name: str, seed: int):
    """The same network in PyTorch, with He's weights and zero biases."""
    return (
        torch_mlp(MLP_SIZES, 1.0, seed)
        if name == "MLP"
        else torch_cnn(FILTERS, FILTER_SIZE, 1.0, seed)
    )


def torch_mlp(sizes: tuple[int, ...], keep: float, seed: int):
    """Dense layers with ReLU between them, and dropout that keeps a unit with probability keep."""
    layers: list[Any] = []
    for d, k in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(d, k), torch.nn.ReLU(), torch.nn.Dropout(1 - keep)]
    return _started_as_he(layers[:-2], seed)


def torch_cnn(filters: int, size: int, keep: float, seed: int):
    """Filters, ReLU, 2 x 2 pooling, dropout, and a dense layer of 10."""
    pooled = filters * ((29 - size) // 2) ** 2
    layers = [
        torch.nn.Conv2d(1, filters, size), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Dropout(1 - keep), torch.nn.Linear(pooled, 10),
    ]  # fmt: skip
    return _started_as_he(layers, seed)


def _started_as_he(layers: list[Any], seed: int):
    torch.manual_seed(seed)
    for layer in layers:
        if hasattr(layer, "weight"):
            torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            torch.nn.init.zeros_(layer.bias)
    return torch.nn.Sequential(*layers)


def torch_epoch(model, optimizer, X, labels, batch_size: int) -> None:
    """One pass over all rows, in batches, in a new random order."""
    order = torch.randperm(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X[rows]), labels[rows]).backward()
        optimizer.step()


def momentum(velocity, gradient, lr):
    return nn.momentum_update(velocity, gradient, MU, lr)
