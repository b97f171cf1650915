"""The library of the course: deep learning with NumPy alone, in teaching order.

One file that grows with the lessons. Every section is headed by the part that builds it,
so the file reads from top to bottom as the course does.

Conventions, everywhere:

- Rows are samples: ``X (n, d)``, ``W (d, k)``, ``b (1, k)``, ``Z = XW + b`` before an
  activation, ``A`` after it, ``y (n, k)`` targets, ``lr`` the learning rate.
- dtype in, dtype out: float32 stays float32, integers become float64.
- No argument is ever changed, and randomness comes from a generator you pass as ``rng``.
- A shape that does not fit is a ``ValueError`` that names both shapes.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[Any]  # float32 or float64, whichever came in
LossFunction: TypeAlias = Callable[[FloatArray, FloatArray], float]
ActivationFunction: TypeAlias = Callable[[FloatArray], FloatArray]


# --------------------------------------------------------------------------------------
# Checking what comes in (used by every part, explained in none: skip it on first reading)
# --------------------------------------------------------------------------------------


def _as_float(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a float array: float32 and float64 stay, integers become float64."""
    array = np.asarray(values)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers, but its dtype is {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _as_rows(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a float array of at least one dimension: one row a sample."""
    array = _as_float(name, values)
    if array.ndim == 0:
        raise ValueError(f"{name} must hold one row a sample, but it is the single number {array}")
    return array


def _as_matrix(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a two-dimensional float array."""
    array = _as_float(name, values)
    if array.ndim != 2:
        raise ValueError(f"{name} must have two dimensions, but its shape is {array.shape}")
    return array


def _require_finite(**arrays: FloatArray) -> None:
    """Refuse NaN and infinity, and say where the first one is."""
    for name, array in arrays.items():
        bad = np.argwhere(~np.isfinite(array))
        if len(bad) > 0:
            index = tuple(int(i) for i in bad[0])
            raise ValueError(
                f"{name} holds {len(bad)} values that are not finite; "
                f"the first is {array[index]} at index {index}"
            )


def _require_product(X: FloatArray, W: FloatArray) -> None:
    """Refuse a product ``X @ W`` whose inner sizes differ."""
    if X.shape[1] != W.shape[0]:
        raise ValueError(
            f"X has {X.shape[1]} columns but W has {W.shape[0]} rows "
            f"(X is {X.shape}, W is {W.shape})"
        )


def _require_same_shape(**arrays: FloatArray) -> None:
    """Refuse two arrays of different shape: broadcasting would hide the mistake."""
    (first_name, first), (second_name, second) = arrays.items()
    if first.shape != second.shape:
        raise ValueError(
            f"{first_name} and {second_name} must have the same shape, but "
            f"{first_name} is {first.shape} and {second_name} is {second.shape}"
        )


# --------------------------------------------------------------------------------------
# Part 1.1 · Getting started with NumPy arrays
# --------------------------------------------------------------------------------------


def normalize(X: ArrayLike) -> FloatArray:
    """Shift and scale every column to mean 0 and standard deviation 1.

    Formula: ``(X - mean) / std``, column by column. A constant column (standard deviation
    below 1e-8) becomes 0 instead of a division by zero. A 1-D array counts as one column.

    Args:
        X: Numbers, shape ``(n, d)`` or ``(n,)``, in any unit.

    Returns:
        A new array of the same shape, without a unit.

    Raises:
        ValueError: If ``X`` is empty or holds NaN or infinity.

    Source: part 1.1. To scale test rows by training statistics, see ``datasets.fit_scaler``.

    >>> normalize([[1, 10], [3, 10]]).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    X = _as_rows("X", X)
    _require_finite(X=X)
    std = X.std(axis=0)
    # Rounding in the mean gives a constant column a tiny, non-zero deviation.
    constant = (std < 1e-8) | (X.max(axis=0) == X.min(axis=0))
    return np.where(constant, 0, X - X.mean(axis=0)) / np.where(constant, 1, std)


# --------------------------------------------------------------------------------------
# Part 1.2 · Matrix operations for neural networks
# --------------------------------------------------------------------------------------


def matrix_multiply(X: ArrayLike, W: ArrayLike) -> FloatArray:
    """The matrix product ``Z = X W``, after checking that the shapes fit.

    Formula: ``Z[i, j] = sum over k of X[i, k] * W[k, j]``.

    Args:
        X: Inputs, shape ``(n, d)``.
        W: Weights, shape ``(d, k)``.

    Returns:
        The product, shape ``(n, k)``.

    Raises:
        ValueError: If either has not two dimensions, or the inner sizes differ.

    Source: part 1.2.

    >>> matrix_multiply([[1, 2], [3, 4]], [[10], [1]]).tolist()
    [[12.0], [34.0]]
    """
    X, W = _as_matrix("X", X), _as_matrix("W", W)
    _require_product(X, W)
    return X @ W


# --------------------------------------------------------------------------------------
# Part 1.3 · Mathematical functions and activation basics
# --------------------------------------------------------------------------------------


def sigmoid(Z: ArrayLike) -> FloatArray:
    """Squash any number into the range from 0 to 1.

    Formula: ``1 / (1 + exp(-z))``. The exponential is only ever taken of ``-|z|``, so it
    lies between 0 and 1 and cannot overflow; for negative ``z`` the equal form
    ``exp(z) / (1 + exp(z))`` is used.

    Args:
        Z: Numbers of any shape.

    Returns:
        Values from 0 to 1, in the shape of ``Z``.

    Raises:
        ValueError: If ``Z`` is empty.

    Source: part 1.3.

    >>> sigmoid([-1000.0, 0.0, 1000.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    Z = _as_float("Z", Z)
    exp = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1, exp) / (1 + exp)


# --------------------------------------------------------------------------------------
# Part 2.1 · Understanding loss functions
# --------------------------------------------------------------------------------------


def mse_loss(y_pred: ArrayLike, y: ArrayLike) -> float:
    """Mean squared error: the squared miss, averaged over the samples.

    Formula: ``1/n * sum((y_pred - y)**2)``, where ``n`` counts rows.

    Args:
        y_pred: Predictions, shape ``(n, k)`` or ``(n,)``.
        y: Targets, the same shape.

    Returns:
        The loss, in the squared unit of ``y``; 0 is perfect.

    Raises:
        ValueError: If the shapes differ (``(n,)`` against ``(n, 1)`` too), or both are empty.

    Source: part 2.1.

    >>> mse_loss([[2.0], [3.5]], [[2.0], [3.0]])
    0.125
    """
    y_pred, y = _as_rows("y_pred", y_pred), _as_rows("y", y)
    _require_same_shape(y_pred=y_pred, y=y)
    return float(np.sum((y_pred - y) ** 2) / len(y))


# Smallest argument of a logarithm: caps the price of one wrong, fully confident answer at
# -ln(1e-12), about 27.6, where the formula alone would say infinity.
_SMALLEST_PROBABILITY = 1e-12


def binary_cross_entropy(A: ArrayLike, y: ArrayLike) -> float:
    """Binary cross-entropy: the price of a probability, averaged over the samples.

    Formula: ``-1/n * sum(y ln a + (1 - y) ln(1 - a))``, where ``n`` counts rows. It stays
    finite at ``a = 0`` and ``a = 1`` and is exactly 0 for a perfect prediction.

    Args:
        A: Predicted probabilities of class 1, shape ``(n, k)`` or ``(n,)``.
        y: Targets from 0 to 1, the same shape.

    Returns:
        The loss, in nats; ``ln 2`` is what a constant 0.5 costs.

    Raises:
        ValueError: If the shapes differ, both are empty, or a value lies outside 0 to 1.

    Source: part 2.1.

    >>> round(binary_cross_entropy([[0.5], [0.5]], [[1], [0]]), 4)
    0.6931
    """
    A, y = _as_rows("A", A), _as_rows("y", y)
    _require_same_shape(A=A, y=y)
    for name, array in (("A", A), ("y", y)):
        if np.any((array < 0) | (array > 1)):
            raise ValueError(
                f"{name} must lie between 0 and 1, but it ranges from "
                f"{array.min():g} to {array.max():g}"
            )
    log_a = np.log(np.maximum(A, _SMALLEST_PROBABILITY))
    log_not_a = np.log(np.maximum(1 - A, _SMALLEST_PROBABILITY))
    return float(np.sum(-y * log_a - (1 - y) * log_not_a) / len(y))


# --------------------------------------------------------------------------------------
# Part 2.2 · Gradient descent for optimization
# --------------------------------------------------------------------------------------


def identity(Z: ArrayLike) -> FloatArray:
    """Return ``Z`` as it is: the activation of linear regression.

    Source: part 2.2.

    >>> identity([1, -2]).tolist()
    [1.0, -2.0]
    """
    return _as_float("Z", Z)


def gradient_descent(
    X: ArrayLike,
    y: ArrayLike,
    W: ArrayLike,
    b: ArrayLike,
    lr: float,
    num_epochs: int,
    batch_size: int,
    loss_fn: LossFunction,
    activation_fn: ActivationFunction = identity,
    *,
    rng: np.random.Generator | None = None,
) -> tuple[FloatArray, FloatArray, list[float]]:
    """Fit ``A = activation(XW + b)`` to ``y`` by mini-batch gradient descent.

    Formula, for a batch of ``m`` rows: ``E = A - y``, ``W <- W - lr * X.T @ E / m``,
    ``b <- b - lr * (column means of E)``. ``A - y`` is the slope of the loss with respect
    to ``Z`` for sigmoid with binary cross-entropy; for the identity with mean squared
    error the slope is ``2 (A - y)``, and the 2 is left to the learning rate. For any other
    pair it would be the wrong gradient, so any other pair is refused.

    Args:
        X: Inputs, shape ``(n, d)``.
        y: Targets, shape ``(n, k)``.
        W: Starting weights, shape ``(d, k)``; not changed.
        b: Starting bias, shape ``(1, k)``; not changed.
        lr: Learning rate, above 0.
        num_epochs: Passes over all rows, at least 1.
        batch_size: Rows in a batch, at least 1. With ``n`` or more, every update sees all
            rows (full batch); the last batch of an epoch may be smaller.
        loss_fn: ``mse_loss`` or ``binary_cross_entropy``.
        activation_fn: ``identity`` or ``sigmoid``, to match.
        rng: Generator that shuffles the rows; without one the order differs every time.

    Returns:
        ``(W, b, loss_history)``: new arrays, and the loss on all rows after each epoch's
        updates. A rate that is too large shows as a loss that grows, in the end to
        infinity or NaN.

    Raises:
        ValueError: If shapes do not fit, a value is NaN or infinite, a number is out of
            its range, or loss and activation do not belong together.

    Source: parts 2.2 (full batch) and 2.3 (batches).

    >>> W, b, losses = gradient_descent([[1], [2]], [[2], [4]], [[0]], [[0]], 0.1, 2, 2, mse_loss)
    >>> [round(loss, 4) for loss in losses]
    [4.365, 1.9298]
    """
    X, y, W, b = _require_linear_model(X, y, W, b)
    _require_matching_loss(loss_fn, activation_fn)
    _require_rate(lr)
    _require_counts(num_epochs=num_epochs, batch_size=batch_size)
    rng = np.random.default_rng() if rng is None else rng
    W_fit, b_fit = W.copy(), b.copy()
    loss_history: list[float] = []
    with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the loss
        for _ in range(num_epochs):
            for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
                error = activation_fn(X_batch @ W_fit + b_fit) - y_batch
                W_fit -= lr * (X_batch.T @ error / len(X_batch))
                b_fit -= lr * error.mean(axis=0, keepdims=True)
            loss_history.append(loss_fn(activation_fn(X @ W_fit + b_fit), y))
    return W_fit, b_fit, loss_history


def _require_linear_model(
    X: ArrayLike, y: ArrayLike, W: ArrayLike, b: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The four as float arrays of one dtype, once their shapes fit."""
    X, W = _as_matrix("X", X), _as_matrix("W", W)
    y, b = _as_float("y", y), _as_float("b", b)
    _require_product(X, W)
    if b.shape != (1, W.shape[1]):
        raise ValueError(f"b must be (1, {W.shape[1]}) to fit W {W.shape}, but it is {b.shape}")
    if y.shape != (len(X), W.shape[1]):
        raise ValueError(
            f"y must be ({len(X)}, {W.shape[1]}) to fit X {X.shape} and W {W.shape}, "
            f"but it is {y.shape}"
        )
    _require_finite(X=X, y=y, W=W, b=b)
    dtype = np.result_type(X, W, b)  # not y: float64 targets do not slow float32 down
    X, y, W, b = (array.astype(dtype, copy=False) for array in (X, y, W, b))
    return X, y, W, b


def _require_matching_loss(loss_fn: LossFunction, activation_fn: ActivationFunction) -> None:
    """Refuse a pair of loss and activation whose gradient is not ``A - y``."""
    if (activation_fn, loss_fn) not in (
        (identity, mse_loss),
        (sigmoid, binary_cross_entropy),
    ):
        names = [
            getattr(function, "__name__", str(function)) for function in (activation_fn, loss_fn)
        ]
        raise ValueError(
            "gradient_descent follows the error A - y, which is the gradient only for identity "
            "with mse_loss and for sigmoid with binary_cross_entropy, "
            f"not for {names[0]} with {names[1]}"
        )


def _require_rate(lr: Any) -> None:
    """Refuse a learning rate that no training can use."""
    if isinstance(lr, str) or not 0 < float(lr) < np.inf:
        raise ValueError(f"lr must be a positive number, but it is {lr!r}")


def _require_counts(**counts: Any) -> None:
    """Refuse what is not a whole number of at least 1."""
    for name, value in counts.items():
        is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not is_whole or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, but it is {value!r}")


# --------------------------------------------------------------------------------------
# Part 2.3 · Mini-batch gradient descent
# --------------------------------------------------------------------------------------


def mini_batches(
    X: FloatArray, y: FloatArray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Deal all rows into batches, in a new random order each time it is called.

    Args:
        X: Inputs, one row a sample, shape ``(n, ...)``.
        y: Targets, one row a sample, shape ``(n, ...)``.
        batch_size: Rows in a batch. With ``n`` or more there is one batch, unshuffled.
        rng: Generator that shuffles.

    Yields:
        Pairs ``(X_batch, y_batch)``. Every row comes once; the last batch may be smaller.

    Raises:
        ValueError: If ``X`` and ``y`` differ in their number of rows, or ``batch_size`` is
            not a whole number of at least 1.

    Source: part 2.3.

    >>> X, y = np.arange(5.0).reshape(5, 1), np.zeros((5, 1))
    >>> [len(X_batch) for X_batch, _ in mini_batches(X, y, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows but y has {len(y)} (X is {X.shape}, y is {y.shape})")
    _require_counts(batch_size=batch_size)
    if batch_size >= len(X):
        yield X, y
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]
