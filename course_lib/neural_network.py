"""The library of the course: deep learning with NumPy alone, in teaching order.

One file that grows with the lessons. Every section is headed by the part that builds it,
so the file reads from top to bottom as the course does.

Conventions, everywhere:

- Rows are samples: ``X (n, d)``, ``W (d, k)``, ``b (1, k)``, ``Z = XW + b`` before an
  activation, ``A`` after it, ``y (n, k)`` targets, ``lr`` the learning rate.
- dtype in, dtype out: float32 stays float32, integers become float64.
- No argument is ever changed, and randomness comes from a generator you pass as ``rng``.
- A shape that does not fit is a ``ValueError`` that names both shapes; so are no rows at all.
- NaN and infinity are refused where a number could hide them: in training, ``normalize``,
  ``one_hot``, ``relative_error`` and ``accuracy``. Elsewhere they show in the result.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[Any]  # float32 or float64, whichever came in
Parameters: TypeAlias = dict[str, FloatArray]  # {"W1": ..., "b1": ...}
LossFunction: TypeAlias = Callable[[FloatArray, FloatArray], float]
ActivationFunction: TypeAlias = Callable[[FloatArray], FloatArray]
# A forward pass returns the prediction, or a tuple that ends with it: (A1, A2).
Outputs: TypeAlias = Any
ForwardFunction: TypeAlias = Callable[[FloatArray, Parameters], Outputs]
GradientFunction: TypeAlias = Callable[[FloatArray, FloatArray, Outputs, Parameters], Parameters]
UpdateFunction: TypeAlias = Callable[[Any, FloatArray, float], tuple[Any, FloatArray]]


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
        if not np.isfinite(array).all():
            bad = np.argwhere(~np.isfinite(array))
            index = tuple(int(i) for i in bad[0])
            raise ValueError(
                f"{name} holds {len(bad)} values that are not finite; "
                f"the first is {array[index]} at index {index}"
            )


def _require_product(**matrices: FloatArray) -> None:
    """Refuse a product of two matrices, given by name, whose inner sizes differ."""
    (left_name, left), (right_name, right) = matrices.items()
    if left.shape[1] != right.shape[0]:
        raise ValueError(
            f"{left_name} has {left.shape[1]} columns but {right_name} has {right.shape[0]} rows "
            f"({left_name} is {left.shape}, {right_name} is {right.shape})"
        )


def _require_shape(name: str, array: FloatArray, shape: tuple[int, ...], **beside: Any) -> None:
    """Refuse an array that has not the shape that the arrays ``beside`` it ask for."""
    if array.shape != shape:
        others = " and ".join(f"{other} {value.shape}" for other, value in beside.items())
        raise ValueError(f"{name} must be {shape} to fit {others}, but it is {array.shape}")


def _require_same_shape(**arrays: FloatArray) -> None:
    """Refuse two arrays of different shape: broadcasting would hide the mistake."""
    (first_name, first), (second_name, second) = arrays.items()
    if first.shape != second.shape:
        raise ValueError(
            f"{first_name} and {second_name} must have the same shape, but "
            f"{first_name} is {first.shape} and {second_name} is {second.shape}"
        )


def _require_positive(**numbers: Any) -> None:
    """Refuse what is not a single finite number above 0."""
    for name, value in numbers.items():
        is_number = isinstance(value, (int, float, np.integer, np.floating))
        if not is_number or not 0 < value < np.inf:
            raise ValueError(f"{name} must be a positive number, but it is {value!r}")


def _require_counts(**counts: Any) -> None:
    """Refuse what is not a whole number of at least 1."""
    for name, value in counts.items():
        is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not is_whole or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, but it is {value!r}")


def _require_probabilities(**arrays: FloatArray) -> None:
    """Refuse values outside 0 to 1; NaN passes, it shows in the result."""
    for name, array in arrays.items():
        # A softmax in float32 may round to a little more than 1.
        if np.any((array < 0) | (array > 1 + 1e-6)):
            raise ValueError(
                f"{name} must lie between 0 and 1, but it ranges from "
                f"{array.min():g} to {array.max():g}"
            )


def _as_layers(X: ArrayLike, *parameters: ArrayLike) -> list[FloatArray]:
    """``X, W1, b1, W2, b2, ...`` as matrices, once each layer fits the one before it."""
    below_name, below = "X", _as_matrix("X", X)
    arrays = [below]
    for i in range(0, len(parameters), 2):
        layer = "" if len(parameters) == 2 else str(i // 2 + 1)
        W, b = _as_matrix(f"W{layer}", parameters[i]), _as_float(f"b{layer}", parameters[i + 1])
        _require_product(**{below_name: below, f"W{layer}": W})
        _require_shape(f"b{layer}", b, (1, W.shape[1]), **{f"W{layer}": W})
        arrays += [W, b]
        below_name, below = f"W{layer}", W
    return arrays


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

    Formula: ``Z[i, j] = sum over p of X[i, p] * W[p, j]``.

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
    _require_product(X=X, W=W)
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
    _require_probabilities(A=A, y=y)
    log_a = np.log(np.clip(A, _SMALLEST_PROBABILITY, 1))
    log_not_a = np.log(np.clip(1 - A, _SMALLEST_PROBABILITY, 1))
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
    to ``Z`` for sigmoid with binary cross-entropy and for softmax with cross-entropy; for
    the identity with mean squared error the slope is ``2 (A - y)``, and the 2 is left to
    the learning rate. For any other pair it would be the wrong gradient, so any other pair
    is refused.

    Args:
        X: Inputs, shape ``(n, d)``.
        y: Targets, shape ``(n, k)``.
        W: Starting weights, shape ``(d, k)``; not changed.
        b: Starting bias, shape ``(1, k)``; not changed.
        lr: Learning rate, above 0.
        num_epochs: Passes over all rows, at least 1.
        batch_size: Rows in a batch, at least 1. With ``n`` or more, every update sees all
            rows (full batch); the last batch of an epoch may be smaller.
        loss_fn: ``mse_loss``, ``binary_cross_entropy`` or ``cross_entropy``.
        activation_fn: ``identity``, ``sigmoid`` or ``softmax``, to match.
        rng: Generator that shuffles the rows; without one the order differs every time.

    Returns:
        ``(W, b, loss_history)``: new arrays, and the loss on all rows after each epoch's
        updates. A rate that is too large shows as a loss that grows, in the end to
        infinity or NaN.

    Raises:
        ValueError: If shapes do not fit, a value is NaN or infinite, a number is out of
            its range, or loss and activation do not belong together.

    Source: parts 2.2 (full batch) and 2.3 (batches). The loop itself is
    ``gradient_descent_general`` of part 3.4, which trains any model.

    >>> W, b, losses = gradient_descent([[1], [2]], [[2], [4]], [[0]], [[0]], 0.1, 2, 2, mse_loss)
    >>> [round(loss, 4) for loss in losses]
    [4.365, 1.9298]
    """
    X, W, b = _as_layers(X, W, b)
    y = _as_float("y", y)
    _require_shape("y", y, (len(X), W.shape[1]), X=X, W=W)
    _require_matching_loss(loss_fn, activation_fn)

    def forward_fn(X: FloatArray, params: Parameters) -> FloatArray:
        return activation_fn(X @ params["W"] + params["b"])

    def grad_fn(X: FloatArray, y: FloatArray, A: FloatArray, params: Parameters) -> Parameters:
        error = A - y
        return {"W": X.T @ error / len(X), "b": error.mean(axis=0, keepdims=True)}

    params, loss_history = gradient_descent_general(
        X, y, {"W": W, "b": b}, lr, num_epochs, forward_fn, grad_fn, loss_fn,
        batch_size=batch_size, rng=rng,
    )  # fmt: skip
    return params["W"], params["b"], loss_history


def _require_matching_loss(loss_fn: LossFunction, activation_fn: ActivationFunction) -> None:
    """Refuse a pair of loss and activation whose gradient is not ``A - y``."""
    pairs = (
        (identity, mse_loss),
        (sigmoid, binary_cross_entropy),
        (softmax, cross_entropy),
    )
    if (activation_fn, loss_fn) not in pairs:
        activation, loss = (getattr(fn, "__name__", fn) for fn in (activation_fn, loss_fn))
        raise ValueError(
            "gradient_descent follows the error A - y, which is the gradient only for identity "
            "with mse_loss, sigmoid with binary_cross_entropy and softmax with cross_entropy, "
            f"not for {activation} with {loss}; gradient_descent_general takes any gradient"
        )


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
        ValueError: If there are no rows, ``X`` and ``y`` differ in their number of rows, or
            ``batch_size`` is not a whole number of at least 1.

    Source: part 2.3.

    >>> X, y = np.arange(5.0).reshape(5, 1), np.zeros((5, 1))
    >>> [len(X_batch) for X_batch, _ in mini_batches(X, y, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows but y has {len(y)} (X is {X.shape}, y is {y.shape})")
    if len(X) == 0:
        raise ValueError(f"X is empty: its shape is {X.shape}")
    _require_counts(batch_size=batch_size)
    if batch_size >= len(X):
        yield X, y
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


# --------------------------------------------------------------------------------------
# Part 2.4 · Debugging with numerical gradients
# --------------------------------------------------------------------------------------


def numerical_gradient(
    X: ArrayLike,
    y: ArrayLike,
    params: Mapping[str, ArrayLike],
    loss_fn: LossFunction,
    forward_fn: ForwardFunction,
    h: float = 1e-4,
) -> Parameters:
    """Measure the slope of a loss along every single parameter: slow, but hard to get wrong.

    Formula, for one parameter ``w``: ``(loss(w + h) - loss(w - h)) / 2h``. The differences
    are taken in float64 on a copy, so ``params`` stay bit for bit as they were.

    Args:
        X: Inputs, passed on to ``forward_fn``.
        y: Targets, passed on to ``loss_fn``.
        params: Parameters by name, each of any shape.
        loss_fn: ``loss_fn(prediction, y)``, a number.
        forward_fn: ``forward_fn(X, params)``: the prediction, or a tuple that ends with it.
        h: Step to either side, above 0. The error of the formula shrinks with ``h**2``,
            the error of rounding grows with ``1/h``; 1e-4 lies between.

    Returns:
        One gradient for each name, in the shape and dtype of its parameter.

    Raises:
        ValueError: If ``params`` or an array in it is empty, or ``h`` is not above 0.

    Source: part 2.4.

    >>> gradients = numerical_gradient([[1.0]], [[0.0]], {"W": [[3.0]]}, mse_loss,
    ...                                lambda X, params: X @ params["W"])
    >>> round(float(gradients["W"][0, 0]), 6)
    6.0
    """
    _require_positive(h=h)
    X, y, originals = np.asarray(X), np.asarray(y), _as_parameters(params)
    trial = {name: value.astype(np.float64) for name, value in originals.items()}  # copies
    gradients = {name: np.zeros_like(value) for name, value in originals.items()}
    for name, values in trial.items():
        for index in np.ndindex(values.shape):
            value = values[index]
            values[index] = value + h
            loss_above = loss_fn(_prediction(forward_fn(X, trial)), y)
            values[index] = value - h
            loss_below = loss_fn(_prediction(forward_fn(X, trial)), y)
            values[index] = value
            gradients[name][index] = (loss_above - loss_below) / (2 * h)
    return gradients


def _as_parameters(params: Mapping[str, ArrayLike]) -> Parameters:
    """``params`` as a new dictionary of float arrays."""
    if len(params) == 0:
        raise ValueError("params is empty: there is nothing to train")
    return {name: _as_float(f"params[{name!r}]", value) for name, value in params.items()}


def _prediction(outputs: Outputs) -> Any:
    """What the loss looks at: the last of what a forward pass returns."""
    return cast(Any, outputs[-1]) if isinstance(outputs, tuple) else outputs


def relative_error(gradient: ArrayLike, expected: ArrayLike) -> float:
    """The largest difference of two gradients, as a share of their largest entry.

    Formula: ``max|gradient - expected| / max(max|gradient|, max|expected|)``; 0 when both
    are 0 everywhere. Below 1e-6 two gradients agree, above 1e-2 one of them is wrong.

    Args:
        gradient: A gradient, any shape.
        expected: What it should be, the same shape.

    Returns:
        A number from 0 to 2; a wrong sign gives 2, a forgotten factor of 2 gives 0.5.

    Raises:
        ValueError: If the shapes differ, both are empty, or a value is NaN or infinite.

    Source: part 2.4.

    >>> relative_error([-8.0, 3.0], [-4.0, 3.0])
    0.5
    """
    gradient, expected = _as_float("gradient", gradient), _as_float("expected", expected)
    _require_same_shape(gradient=gradient, expected=expected)
    _require_finite(gradient=gradient, expected=expected)  # NaN would pass for 0
    largest = max(np.abs(gradient).max(), np.abs(expected).max())
    return float(np.abs(gradient - expected).max() / largest) if largest > 0 else 0.0


# --------------------------------------------------------------------------------------
# Part 3.1 · Single-layer perceptrons
# --------------------------------------------------------------------------------------


def forward_perceptron(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> FloatArray:
    """The output of one layer of sigmoid neurons: logistic regression.

    Formula: ``A = sigmoid(X W + b)``.

    Args:
        X: Inputs, shape ``(n, d)``.
        W: Weights, shape ``(d, k)``: one column a neuron.
        b: Bias, shape ``(1, k)``.

    Returns:
        Values from 0 to 1, shape ``(n, k)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 3.1. A smooth relative of F. Rosenblatt, The Perceptron (1958), which had
    a step in place of the sigmoid.

    >>> forward_perceptron([[1, 1], [2, 0]], [[1], [-1]], [[0]]).round(4).tolist()
    [[0.5], [0.8808]]
    """
    X, W, b = _as_layers(X, W, b)
    return sigmoid(X @ W + b)


# --------------------------------------------------------------------------------------
# Part 3.2 · Activation functions
# --------------------------------------------------------------------------------------


def relu(Z: ArrayLike) -> FloatArray:
    """The rectified linear unit: negative numbers become 0, the others stay.

    Formula: ``max(0, z)``. Its slope is 1 where ``z > 0`` and 0 elsewhere, at 0 as well.

    Args:
        Z: Numbers of any shape.

    Returns:
        A new array of the same shape.

    Raises:
        ValueError: If ``Z`` is empty.

    Source: part 3.2; V. Nair and G. Hinton, Rectified Linear Units (2010).

    >>> relu([-2, 0, 3]).tolist()
    [0.0, 0.0, 3.0]
    """
    return np.maximum(_as_float("Z", Z), 0)


def softmax(Z: ArrayLike) -> FloatArray:
    """Turn the scores of every row into probabilities that add up to 1.

    Formula: ``exp(z_j) / sum over k of exp(z_k)``. The largest score of the row is
    subtracted first: that changes nothing in the quotient, and no exponential overflows.

    Args:
        Z: Scores, shape ``(n, k)``, or ``(k,)`` for a single sample.

    Returns:
        Probabilities, in the shape of ``Z``.

    Raises:
        ValueError: If ``Z`` is empty or a single number.

    Source: part 3.2.

    >>> softmax([[0.0, 0.0], [1000.0, -1000.0]]).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    Z = _as_rows("Z", Z)
    exp = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


# --------------------------------------------------------------------------------------
# Part 3.3 · Multi-layer perceptrons, forward
# --------------------------------------------------------------------------------------


def one_hot(labels: ArrayLike, num_classes: int) -> FloatArray:
    """Turn class indices into rows with a single 1: the targets of a softmax.

    Formula: ``y[i, j] = 1`` where ``j = labels[i]``, else 0.

    Args:
        labels: Class indices from 0 to ``num_classes - 1``, shape ``(n,)`` or ``(n, 1)``.
        num_classes: Columns of the result, at least 1.

    Returns:
        Zeros and ones, shape ``(n, num_classes)``, float64.

    Raises:
        ValueError: If ``labels`` has another shape, or holds what is no class index.

    Source: part 3.3.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    labels = _as_rows("labels", labels)
    _require_counts(num_classes=num_classes)
    if labels.size != len(labels):
        raise ValueError(f"labels must be (n,) or (n, 1), but its shape is {labels.shape}")
    classes = np.arange(num_classes)
    rows = (labels.reshape(-1, 1) == classes).astype(np.float64)
    missing = np.flatnonzero(rows.sum(axis=1) == 0)
    if len(missing) > 0:
        raise ValueError(
            f"labels must be whole numbers from 0 to {num_classes - 1}, "
            f"but row {missing[0]} is {labels.reshape(-1)[missing[0]]:g}"
        )
    return rows


def cross_entropy(A: ArrayLike, y: ArrayLike) -> float:
    """Cross-entropy: the price of the probability given to the right class.

    Formula: ``-1/n * sum(y ln a)``, where ``n`` counts rows. It stays finite at ``a = 0``
    and is exactly 0 for a perfect prediction.

    Args:
        A: Predicted probabilities, one column a class, shape ``(n, k)``.
        y: Targets from 0 to 1, one-hot as a rule, the same shape.

    Returns:
        The loss, in nats; ``ln k`` is what guessing evenly costs.

    Raises:
        ValueError: If the shapes differ, both are empty, or a value lies outside 0 to 1.

    Source: part 3.3.

    >>> round(cross_entropy([[0.5, 0.5], [0.25, 0.75]], [[1, 0], [0, 1]]), 4)
    0.4904
    """
    A, y = _as_matrix("A", A), _as_float("y", y)
    _require_targets(y, A=A)
    _require_probabilities(A=A, y=y)
    return float(np.sum(y * -np.log(np.clip(A, _SMALLEST_PROBABILITY, 1))) / len(A))


def _require_targets(y: FloatArray, **prediction: FloatArray) -> None:
    """Refuse targets that have not the shape of the prediction, given by name."""
    ((name, A),) = prediction.items()
    if y.shape != A.shape:
        advice = "; one_hot turns class indices into rows" if y.size == len(A) else ""
        raise ValueError(f"y must be {A.shape} to fit {name}, but it is {y.shape}{advice}")


def forward_mlp(
    X: ArrayLike, W1: ArrayLike, b1: ArrayLike, W2: ArrayLike, b2: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """The forward pass of a multi-layer perceptron with one hidden layer.

    Formula: ``A1 = relu(X W1 + b1)``, ``A2 = softmax(A1 W2 + b2)``.

    Args:
        X: Inputs, shape ``(n, d)``.
        W1: Weights of the hidden layer, shape ``(d, h)``.
        b1: Bias of the hidden layer, shape ``(1, h)``.
        W2: Weights of the output layer, shape ``(h, k)``.
        b2: Bias of the output layer, shape ``(1, k)``.

    Returns:
        ``(A1, A2)``: hidden activations ``(n, h)`` and probabilities ``(n, k)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 3.3.

    >>> A1, A2 = forward_mlp([[1.0, -1.0]], np.eye(2), [[0, 0]], np.eye(2), [[0, 0]])
    >>> A1.tolist(), A2.round(4).tolist()
    ([[1.0, 0.0]], [[0.7311, 0.2689]])
    """
    X, W1, b1, W2, b2 = _as_layers(X, W1, b1, W2, b2)
    A1 = relu(X @ W1 + b1)
    A2 = softmax(A1 @ W2 + b2)
    return A1, A2


# --------------------------------------------------------------------------------------
# Part 3.4 · Backpropagation for training MLPs
# --------------------------------------------------------------------------------------


def backward_mlp(
    X: ArrayLike,
    A1: ArrayLike,
    A2: ArrayLike,
    y: ArrayLike,
    W1: ArrayLike,
    W2: ArrayLike,
    Z1: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The gradients of the cross-entropy of ``forward_mlp``, layer by layer from the end.

    Formula: ``delta2 = A2 - y``, ``grad_W2 = A1.T delta2 / n``, ``delta1 = (delta2 W2.T)``
    where ``Z1 > 0`` and 0 elsewhere, ``grad_W1 = X.T delta1 / n``; the gradient of a bias
    is the column mean of its delta.

    Args:
        X: Inputs, shape ``(n, d)``.
        A1: Hidden activations from ``forward_mlp``, shape ``(n, h)``.
        A2: Probabilities from ``forward_mlp``, shape ``(n, k)``.
        y: One-hot targets, shape ``(n, k)``.
        W1: Weights of the hidden layer, shape ``(d, h)``.
        W2: Weights of the output layer, shape ``(h, k)``.
        Z1: ``X W1 + b1``, shape ``(n, h)``; not needed, since ``Z1 > 0`` where ``A1 > 0``.

    Returns:
        ``(grad_W1, grad_b1, grad_W2, grad_b2)``, each in the shape of its parameter.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 3.4; D. Rumelhart, G. Hinton and R. Williams, Learning representations by
    back-propagating errors (1986).

    >>> X, y, W1, W2 = np.ones((1, 1)), np.array([[1, 0]]), np.ones((1, 1)), np.zeros((1, 2))
    >>> A1, A2 = forward_mlp(X, W1, [[0]], W2, [[0, 0]])
    >>> backward_mlp(X, A1, A2, y, W1, W2)[2].tolist()
    [[-0.5, 0.5]]
    """
    (X, A1, A2), y, (W1, W2) = _as_network((X, A1, A2), y, (W1, W2))
    active = _is_active(1, A1, Z1)
    delta2 = (A2 - y) / len(X)  # the 1/n once here, on the smallest array
    delta1 = (delta2 @ W2.T) * active
    return X.T @ delta1, _column_sums(delta1), A1.T @ delta2, _column_sums(delta2)


def _as_network(
    activations: Sequence[ArrayLike], y: ArrayLike, weights: Sequence[ArrayLike]
) -> tuple[list[FloatArray], FloatArray, list[FloatArray]]:
    """``(X, A1, A2, ...)``, ``y`` and ``(W1, W2, ...)`` as matrices whose shapes fit."""
    outputs = [_as_matrix(f"A{i}" if i > 0 else "X", A) for i, A in enumerate(activations)]
    matrices = [_as_matrix(f"W{i}", W) for i, W in enumerate(weights, start=1)]
    X = below = outputs[0]
    for i, (A, W) in enumerate(zip(outputs[1:], matrices, strict=True), start=1):
        _require_product(**{f"A{i - 1}" if i > 1 else "X": below, f"W{i}": W})
        _require_shape(f"A{i}", A, (len(X), W.shape[1]), X=X, **{f"W{i}": W})
        below = A
    targets = _as_float("y", y)
    _require_targets(targets, **{f"A{len(matrices)}": below})
    return outputs, targets.astype(below.dtype, copy=False), matrices


def _is_active(layer: int, A: FloatArray, Z: ArrayLike | None) -> NDArray[np.bool_]:
    """The slope of ReLU, 1 or 0: where the unit let its input through."""
    if Z is None:
        return A > 0
    Z = _as_matrix(f"Z{layer}", Z)
    _require_shape(f"Z{layer}", Z, A.shape, **{f"A{layer}": A})
    return Z > 0


def _column_sums(delta: FloatArray) -> FloatArray:
    """The gradient of a bias, shape ``(1, k)``, from a delta that holds the 1/n already."""
    return delta.sum(axis=0, keepdims=True)


def sgd_update(velocity: Any, gradient: ArrayLike, lr: float) -> tuple[Any, FloatArray]:
    """The plain update rule: a step of ``lr`` times the gradient, downhill.

    Formula: ``update = -lr * gradient``. It has no memory: ``velocity`` comes back as it was.

    Args:
        velocity: Anything; ``momentum_update`` of part 4.5 keeps the last update here.
        gradient: The gradient of one parameter, any shape.
        lr: Learning rate.

    Returns:
        ``(velocity, update)``: what came in, and the step in the shape of ``gradient``.

    Raises:
        ValueError: If ``gradient`` is empty.

    Source: part 3.4.

    >>> sgd_update(None, [1.0, -4.0], 0.5)[1].tolist()
    [-0.5, 2.0]
    """
    return velocity, -lr * _as_float("gradient", gradient)


def gradient_descent_general(
    X: ArrayLike,
    y: ArrayLike,
    params: Mapping[str, ArrayLike],
    lr: float,
    num_epochs: int,
    forward_fn: ForwardFunction,
    grad_fn: GradientFunction,
    loss_fn: LossFunction,
    *,
    batch_size: int | None = None,
    update_fn: UpdateFunction = sgd_update,
    predict_fn: ForwardFunction | None = None,
    callback: Callable[[int, Parameters, float], object] | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Parameters, list[float]]:
    """Train any model by gradient descent: you bring forward pass, gradient and loss.

    Formula, for every batch and every parameter: ``param <- param + update``, where the
    plain rule is ``update = -lr * gradient``.

    Args:
        X: Inputs, one row a sample, shape ``(n, ...)``.
        y: Targets, one row a sample, shape ``(n, ...)``.
        params: Starting parameters by name, of any shapes; not changed.
        lr: Learning rate, above 0.
        num_epochs: Passes over all rows, at least 1.
        forward_fn: ``forward_fn(X, params)`` returns the prediction, or a tuple that ends
            with it and holds before it what ``grad_fn`` needs, such as ``(A1, A2)``.
        grad_fn: ``grad_fn(X, y, outputs, params)``, where ``outputs`` is what
            ``forward_fn`` returned, gives ``{name: gradient}`` for every parameter.
        loss_fn: ``loss_fn(prediction, y)``, a number.
        batch_size: Rows in a batch; all rows (full batch) if not given.
        update_fn: ``update_fn(velocity, gradient, lr)`` returns ``(velocity, update)``. It
            is called for one parameter at a time and gets back the velocity that it
            returned for that parameter before: at first, zeros in the parameter's shape.
        predict_fn: Like ``forward_fn``, for the loss after each epoch: give one without
            dropout here. It may see the rows in several portions.
        callback: ``callback(epoch, params, loss)``, called after each epoch, from 1 on,
            with a copy of the parameters that you may keep.
        rng: Generator that shuffles the rows; without one the order differs every time.

    Returns:
        ``(params, loss_history)``: new arrays by name, and the loss on all rows after each
        epoch's updates. A rate that is too large shows as a loss that grows.

    Raises:
        ValueError: If numbers of rows differ, a value is NaN or infinite, a number is out
            of its range, or a gradient has not its parameter's name and shape.

    Source: part 3.4.

    >>> def forward(X, params):
    ...     return X @ params["W"]
    >>> def gradient(X, y, A, params):
    ...     return {"W": X.T @ (A - y) / len(X)}
    >>> start = {"W": np.zeros((1, 1))}
    >>> params, losses = gradient_descent_general([[1.0], [2.0]], [[2.0], [4.0]], start,
    ...                                           0.1, 50, forward, gradient, mse_loss)
    >>> params["W"].round(4).tolist()
    [[2.0]]
    """
    X, y, fitted = _as_training_data(X, y, params)
    batch_size = len(X) if batch_size is None else batch_size
    _require_positive(lr=lr)
    _require_counts(num_epochs=num_epochs)
    rng = np.random.default_rng() if rng is None else rng
    velocity: dict[str, Any] = {name: np.zeros_like(value) for name, value in fitted.items()}
    loss_history: list[float] = []
    with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the loss
        for epoch in range(1, num_epochs + 1):
            for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
                outputs = forward_fn(X_batch, fitted)
                gradients = grad_fn(X_batch, y_batch, outputs, fitted)
                _update(fitted, velocity, gradients, lr, update_fn)
            loss_history.append(loss_fn(_predict(X, fitted, predict_fn or forward_fn), y))
            if callback is not None:
                callback(epoch, deepcopy(fitted), loss_history[-1])
    return fitted, loss_history


def _as_training_data(
    X: ArrayLike, y: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[FloatArray, NDArray[Any], Parameters]:
    """The data, and copies of the parameters, as arrays of one float dtype."""
    X, targets, given = _as_rows("X", X), _as_rows("y", y), _as_parameters(params)
    if len(X) != len(targets):
        raise ValueError(
            f"X has {len(X)} rows but y has {len(targets)} (X is {X.shape}, y is {targets.shape})"
        )
    _require_finite(X=X, y=targets, **given)
    dtype = np.result_type(X, *given.values())  # not y: float64 targets do not slow float32 down
    fitted = {name: value.astype(dtype) for name, value in given.items()}
    return X.astype(dtype, copy=False), targets.astype(dtype, copy=False), fitted


def _update(
    fitted: Parameters,
    velocity: dict[str, Any],
    gradients: Any,
    lr: float,
    update_fn: UpdateFunction,
) -> None:
    """Move every parameter, and its velocity, in place."""
    if not hasattr(gradients, "keys"):
        kind = type(gradients).__name__
        raise TypeError(
            f"grad_fn must return a dictionary {{name: gradient}}, but it gave a {kind}"
        )
    if gradients.keys() != fitted.keys():
        raise ValueError(
            f"grad_fn must return a gradient for {sorted(fitted)}, but it gave {sorted(gradients)}"
        )
    for name, value in fitted.items():
        velocity[name], update = update_fn(velocity[name], gradients[name], lr)
        for what, array in (("gradient", gradients[name]), ("update", update)):
            if np.shape(array) != value.shape:  # broadcasting would hide the mistake
                raise ValueError(
                    f"the {what} of {name} must be {value.shape} as {name} is, "
                    f"but it is {np.shape(array)}"
                )
        value += update


# Rows that are predicted at once after an epoch: enough to be fast, few enough that the
# activations of all layers stay in the processor's cache.
_PREDICTED_ROWS = 256


def _predict(X: FloatArray, params: Parameters, predict_fn: ForwardFunction) -> FloatArray:
    """The prediction for all rows, some hundred at a time."""
    starts = range(0, len(X), _PREDICTED_ROWS)
    return np.concatenate(
        [_prediction(predict_fn(X[i : i + _PREDICTED_ROWS], params)) for i in starts]
    )


# --------------------------------------------------------------------------------------
# Part 4.1 · Deeper MLPs and vanishing gradients
# --------------------------------------------------------------------------------------


def initialize_weights(
    shape: tuple[int, ...], scheme: str = "he", *, rng: np.random.Generator | None = None
) -> FloatArray:
    """Random weights from a normal distribution around 0, as wide as the scheme says.

    Formula, with ``fan_in`` inputs and ``fan_out`` outputs of a unit, the standard deviation:
    ``small``: 0.01; ``xavier``: ``sqrt(2 / (fan_in + fan_out))``, for sigmoid and softmax;
    ``he``: ``sqrt(2 / fan_in)``, for ReLU, which blocks half of its inputs.

    Args:
        shape: ``(d, k)`` for a dense layer (fan_in d, fan_out k), or ``(F, C, f, f)`` for
            filters (fan_in C f f, fan_out F f f).
        scheme: ``"small"``, ``"xavier"`` or ``"he"``.
        rng: Generator that draws; without one the weights differ every time.

    Returns:
        Weights of that shape, float64.

    Raises:
        ValueError: If the shape is neither of the two, or there is no such scheme.

    Source: part 4.1; X. Glorot and Y. Bengio (2010), K. He and others (2015).

    >>> initialize_weights((784, 10), "he", rng=np.random.default_rng(0)).shape
    (784, 10)
    """
    if len(shape) not in (2, 4):
        raise ValueError(f"shape must be (d, k) or (F, C, f, f), but it is {shape}")
    _require_counts(**{f"shape[{axis}]": size for axis, size in enumerate(shape)})
    if len(shape) == 2:
        fan_in, fan_out = shape
    else:
        fan_in, fan_out = int(np.prod(shape[1:])), shape[0] * shape[2] * shape[3]
    widths = {"small": 0.01, "xavier": (2 / (fan_in + fan_out)) ** 0.5, "he": (2 / fan_in) ** 0.5}
    if scheme not in widths:
        raise ValueError(f"scheme must be one of {', '.join(widths)}, but it is {scheme!r}")
    rng = np.random.default_rng() if rng is None else rng
    return rng.normal(0, widths[scheme], size=shape)


def forward_mlp_3layer(
    X: ArrayLike,
    W1: ArrayLike,
    b1: ArrayLike,
    W2: ArrayLike,
    b2: ArrayLike,
    W3: ArrayLike,
    b3: ArrayLike,
    *,
    masks: Sequence[ArrayLike] | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The forward pass of a multi-layer perceptron with two hidden layers.

    Formula: ``A1 = relu(X W1 + b1)``, ``A2 = relu(A1 W2 + b2)``,
    ``A3 = softmax(A2 W3 + b3)``.

    Args:
        X: Inputs, shape ``(n, d)``.
        W1: Weights, shape ``(d, h1)``.
        b1: Bias, shape ``(1, h1)``.
        W2: Weights, shape ``(h1, h2)``.
        b2: Bias, shape ``(1, h2)``.
        W3: Weights, shape ``(h2, k)``.
        b3: Bias, shape ``(1, k)``.
        masks: For dropout in training (part 4.4): two arrays ``(n, h1)`` and ``(n, h2)`` that
            ``A1`` and ``A2`` are multiplied by; ``dropout`` of ones makes them.

    Returns:
        ``(A1, A2, A3)``: activations ``(n, h1)`` and ``(n, h2)``, probabilities ``(n, k)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.1.

    >>> one, zero = np.eye(2), np.zeros((1, 2))
    >>> A1, A2, A3 = forward_mlp_3layer([[1.0, -1.0]], one, zero, one, zero, one, zero)
    >>> A2.tolist(), A3.round(4).tolist()
    ([[1.0, 0.0]], [[0.7311, 0.2689]])
    """
    X, W1, b1, W2, b2, W3, b3 = _as_layers(X, W1, b1, W2, b2, W3, b3)
    mask1, mask2 = _as_masks(masks)
    A1 = _masked(relu(X @ W1 + b1), mask1)
    A2 = _masked(relu(A1 @ W2 + b2), mask2)
    A3 = softmax(A2 @ W3 + b3)
    return A1, A2, A3


def backward_mlp_3layer(
    X: ArrayLike,
    A1: ArrayLike,
    A2: ArrayLike,
    A3: ArrayLike,
    y: ArrayLike,
    W1: ArrayLike,
    W2: ArrayLike,
    W3: ArrayLike,
    Z1: ArrayLike | None = None,
    Z2: ArrayLike | None = None,
    *,
    masks: Sequence[ArrayLike] | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """The gradients of the cross-entropy of ``forward_mlp_3layer``, from the end.

    Formula: ``delta3 = A3 - y``; one layer down, ``delta2 = (delta3 W3.T)`` where
    ``Z2 > 0``, and so on; ``grad_W = (what came in).T delta / n`` for every layer.

    Args:
        X: Inputs, shape ``(n, d)``.
        A1: Hidden activations from ``forward_mlp_3layer``, shape ``(n, h1)``.
        A2: Hidden activations from ``forward_mlp_3layer``, shape ``(n, h2)``.
        A3: Probabilities from ``forward_mlp_3layer``, shape ``(n, k)``.
        y: One-hot targets, shape ``(n, k)``.
        W1: Weights, shape ``(d, h1)``.
        W2: Weights, shape ``(h1, h2)``.
        W3: Weights, shape ``(h2, k)``.
        Z1: ``X W1 + b1``; not needed, since ``Z1 > 0`` where ``A1 > 0``.
        Z2: ``A1 W2 + b2``; not needed either.
        masks: The masks that the forward pass was given, if any.

    Returns:
        ``(grad_W1, grad_b1, grad_W2, grad_b2, grad_W3, grad_b3)``, each in the shape of its
        parameter.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.1.

    >>> X, W, b = np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1))
    >>> A1, A2, A3 = forward_mlp_3layer(X, W, b, W, b, np.zeros((1, 2)), [[0, 0]])
    >>> backward_mlp_3layer(X, A1, A2, A3, [[1, 0]], W, W, np.zeros((1, 2)))[4].tolist()
    [[-0.5, 0.5]]
    """
    (X, A1, A2, A3), y, (W1, W2, W3) = _as_network((X, A1, A2, A3), y, (W1, W2, W3))
    mask1, mask2 = _as_masks(masks)
    delta3 = (A3 - y) / len(X)
    delta2 = _masked((delta3 @ W3.T) * _is_active(2, A2, Z2), mask2)
    delta1 = _masked((delta2 @ W2.T) * _is_active(1, A1, Z1), mask1)
    return (
        X.T @ delta1, _column_sums(delta1),
        A1.T @ delta2, _column_sums(delta2),
        A2.T @ delta3, _column_sums(delta3),
    )  # fmt: skip


def _as_masks(masks: Sequence[ArrayLike] | None) -> Sequence[ArrayLike | None]:
    """The masks of the two hidden layers, or two times none."""
    if masks is None:
        return None, None
    if len(masks) != 2:
        raise ValueError(f"masks must hold 2 arrays, one a hidden layer, but it holds {len(masks)}")
    return masks


def _masked(A: FloatArray, mask: ArrayLike | None) -> FloatArray:
    """``A`` times the mask of its dropout, if there is one."""
    if mask is None:
        return A
    mask = _as_float("mask", mask)
    _require_shape("mask", mask, A.shape, A=A)
    return A * mask.astype(A.dtype, copy=False)


# --------------------------------------------------------------------------------------
# Part 4.2 · Convolutional layers
# --------------------------------------------------------------------------------------


def conv2d(image: ArrayLike, filter_kernel: ArrayLike, stride: int = 1) -> FloatArray:
    """Slide a filter over one image: at every place, the sum of the products under it.

    Formula: ``out[i, j] = sum over m, n of image[i s + m, j s + n] * filter[m, n]`` with
    stride ``s``; ``(H - f) // s + 1`` rows, and columns alike. Strictly this is a
    cross-correlation: a convolution would turn the filter by 180 degrees first.

    Args:
        image: One image, shape ``(H, W)``.
        filter_kernel: The filter, shape ``(f, g)``, not larger than the image.
        stride: Pixels from one place to the next, at least 1.

    Returns:
        The feature map, shape ``((H - f) // s + 1, (W - g) // s + 1)``.

    Raises:
        ValueError: If either has not two dimensions, or the filter is larger than the image.

    Source: part 4.2; Y. LeCun and others (1989).

    >>> conv2d([[1, 2, 3], [4, 5, 6]], [[-1, 1]]).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    image, filter_kernel = _as_matrix("image", image), _as_matrix("filter_kernel", filter_kernel)
    windows = _windows("filter_kernel", image, filter_kernel, stride)
    return np.einsum("ijmn,mn->ij", windows, filter_kernel)


def _windows(name: str, images: FloatArray, kernel: FloatArray, stride: int) -> FloatArray:
    """Every window of ``images (..., H, W)`` that a filter sees, as a view without copying.

    The result has shape ``(..., rows, places, f, g)``, where ``kernel`` is ``(..., f, g)``.
    """
    _require_counts(stride=stride)
    size = kernel.shape[-2:]
    if size[0] > images.shape[-2] or size[1] > images.shape[-1]:
        raise ValueError(
            f"{name} {kernel.shape} is larger than the image it should slide over "
            f"{images.shape[-2:]}"
        )
    return sliding_window_view(images, size, axis=(-2, -1))[..., ::stride, ::stride, :, :]


def conv_forward(
    X: ArrayLike, K: ArrayLike, b: ArrayLike, stride: int = 1
) -> tuple[FloatArray, FloatArray]:
    """A convolutional layer: every filter over every image of a batch, by matrix products.

    Every window becomes a column; then ``Z = K columns + b``, where each row of ``K`` is one
    filter. Every entry of ``Z`` is what ``conv2d`` gives for that image and filter, added
    over the channels, plus the filter's bias. There is one product for each row of the
    maps, with the windows of all images: that much fits into the processor's cache.

    Args:
        X: Images, shape ``(n, C, H, W)``: C channels, 1 for gray.
        K: Filters, shape ``(F, C, f, g)``.
        b: One bias a filter, shape ``(1, F)``.
        stride: Pixels from one place to the next, at least 1.

    Returns:
        ``(Z, columns)``: feature maps ``(n, F, rows, places)`` for the places where
        the window stops in each row, and the windows as matrices
        ``(rows, C f g, places n)``, which ``conv_backward`` needs.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.2; K. Chellapilla, S. Puri and P. Simard (2006) for the matrix product.

    >>> Z, columns = conv_forward(np.ones((5, 1, 4, 4)), np.ones((2, 1, 3, 3)), [[0, 1]])
    >>> Z.shape, columns.shape, Z[0, :, 0, 0].tolist()
    ((5, 2, 2, 2), (2, 9, 10), [9.0, 10.0])
    """
    X, K, b = _as_images("X", X), _as_images("K", K), _as_float("b", b)
    if X.shape[1] != K.shape[1]:
        raise ValueError(
            f"X has {X.shape[1]} channels but K has {K.shape[1]} (X is {X.shape}, K is {K.shape})"
        )
    _require_shape("b", b, (1, len(K)), K=K)
    windows = _windows("K", _batch_last(X), K, stride)  # (n, C, rows, places, f, g)
    rows, places, n = windows.shape[2], windows.shape[3], len(X)
    columns = windows.transpose(2, 1, 4, 5, 3, 0).reshape(rows, K[0].size, places * n)  # a copy
    Z = K.reshape(len(K), -1) @ columns
    Z += b.T
    return Z.reshape(rows, len(K), places, n).transpose(3, 1, 0, 2), columns


def _as_images(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a float array of four dimensions."""
    array = _as_float(name, values)
    if array.ndim != 4:
        raise ValueError(f"{name} must have four dimensions, but its shape is {array.shape}")
    return array


def _batch_last(X: FloatArray) -> FloatArray:
    """The same ``X (n, C, H, W)``, with another order in memory: image after image in each pixel.

    Steps that skip pixels (windows, pooling) then run along ``n`` numbers that lie side by
    side, which is several times faster. Copies only what is not in this order yet.
    """
    return np.ascontiguousarray(X.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)


def _by_row(maps: FloatArray) -> FloatArray:
    """Maps ``(n, F, rows, places)`` as one matrix ``(F, places n)`` for each row."""
    return maps.transpose(2, 1, 3, 0).reshape(maps.shape[2], maps.shape[1], -1)


def conv_backward(
    grad_Z: ArrayLike, columns: ArrayLike, K: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """The gradients of a convolutional layer's filters and bias.

    Formula: ``grad_K = grad_Z columns.T``, added over the rows of the maps; ``grad_b`` = the
    sum of ``grad_Z`` over all images, rows and places.

    Args:
        grad_Z: Slope of the loss by ``Z``, shape ``(n, F, rows, places)``.
        columns: The windows, from ``conv_forward``.
        K: Filters, shape ``(F, C, f, g)``.

    Returns:
        ``(grad_K, grad_b)``, shapes ``(F, C, f, g)`` and ``(1, F)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.2.

    >>> Z, columns = conv_forward(np.ones((5, 1, 4, 4)), np.ones((2, 1, 3, 3)), [[0, 1]])
    >>> grad_K, grad_b = conv_backward(np.ones(Z.shape), columns, np.ones((2, 1, 3, 3)))
    >>> grad_K[0, 0, 0].tolist(), grad_b.tolist()
    ([20.0, 20.0, 20.0], [[20.0, 20.0]])
    """
    grad_Z, K = _as_images("grad_Z", grad_Z), _as_images("K", K)
    columns = _as_float("columns", columns)
    if grad_Z.shape[1] != len(K):
        raise ValueError(
            f"grad_Z has {grad_Z.shape[1]} maps an image but K has {len(K)} filters "
            f"(grad_Z is {grad_Z.shape}, K is {K.shape})"
        )
    n, _, rows, places = grad_Z.shape
    _require_shape("columns", columns, (rows, K[0].size, places * n), grad_Z=grad_Z, K=K)
    slopes = _by_row(grad_Z)
    grad_K = (slopes @ columns.transpose(0, 2, 1)).sum(axis=0).reshape(K.shape)
    return grad_K, np.einsum("rfp->f", slopes)[np.newaxis]


def conv_backward_input(
    grad_Z: ArrayLike, X: ArrayLike, K: ArrayLike, stride: int = 1
) -> FloatArray:
    """The gradient of a convolutional layer's input, for a layer that has one below it.

    Formula: the slopes of all windows are ``K.T grad_Z``; a pixel's slope is the sum over
    the windows that it lies in.

    Args:
        grad_Z: Slope of the loss by ``Z``, shape ``(n, F, rows, places)``.
        X: The images that went into ``conv_forward``, shape ``(n, C, H, W)``.
        K: Filters, shape ``(F, C, f, g)``.
        stride: As in ``conv_forward``.

    Returns:
        The slope of the loss by ``X``, shape ``(n, C, H, W)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.2.

    >>> X, K = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    >>> conv_backward_input(np.ones((1, 1, 2, 2)), X, K)[0, 0].tolist()
    [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]
    """
    grad_Z, X, K = _as_images("grad_Z", grad_Z), _as_images("X", X), _as_images("K", K)
    n, _, rows, places = _windows("K", X, K, stride).shape[:4]
    _require_shape("grad_Z", grad_Z, (n, len(K), rows, places), X=X, K=K)
    slopes = K.reshape(len(K), -1).T @ _by_row(grad_Z)
    slopes = slopes.reshape(rows, *K.shape[1:], places, n).transpose(2, 3, 5, 1, 0, 4)
    grad_X = np.zeros_like(_batch_last(X), dtype=slopes.dtype)
    for i, j in np.ndindex(K.shape[2:]):
        pixels = _under(grad_X, i, j, rows, places, stride)
        pixels += slopes[i, j]  # (n, C, rows, places)
    return grad_X


def _under(images: FloatArray, i: int, j: int, rows: int, places: int, stride: int) -> FloatArray:
    """The pixels that lie under place ``(i, j)`` of a window, at all of its stops: a view."""
    down, right = (rows - 1) * stride + 1, (places - 1) * stride + 1
    return images[..., i : i + down : stride, j : j + right : stride]


# --------------------------------------------------------------------------------------
# Part 4.3 · Pooling and CNN architecture
# --------------------------------------------------------------------------------------


def max_pool(X: ArrayLike, size: int = 2, stride: int = 2) -> FloatArray:
    """Keep the largest pixel of every window: of one image, or of all images of a batch.

    Formula: ``out[i, j] = max of X[i s : i s + size, j s : j s + size]`` with stride ``s``;
    ``(H - size) // s + 1`` rows, and columns alike.

    Args:
        X: Images in the last two axes, shape ``(..., H, W)``.
        size: Rows and columns of a window, at least 1.
        stride: Pixels from one window to the next, at least 1.

    Returns:
        The pooled images, the other axes as they were.

    Raises:
        ValueError: If ``X`` has fewer than two dimensions, or a window does not fit in it.

    Source: part 4.3.

    >>> max_pool([[1, 2, 3, 4], [5, 6, 7, 8]]).tolist()
    [[6.0, 8.0]]
    """
    views = _pool_views(_as_float("X", X), size, stride)
    P = views[0].copy(order="K")  # "K" keeps the order in memory
    for view in views[1:]:
        np.maximum(P, view, out=P)
    return P


def _pool_views(X: FloatArray, size: int, stride: int) -> list[FloatArray]:
    """One view of ``X`` for each place in a window: all upper left pixels, and so on."""
    _require_counts(size=size, stride=stride)
    if X.ndim < 2 or min(X.shape[-2:]) < size:
        raise ValueError(f"X {X.shape} has no room for a pooling window of {size} x {size}")
    rows, places = ((pixels - size) // stride + 1 for pixels in X.shape[-2:])
    return [_under(X, i, j, rows, places, stride) for i, j in np.ndindex(size, size)]


def max_pool_backward(
    grad_P: ArrayLike, X: ArrayLike, P: ArrayLike, size: int = 2, stride: int = 2
) -> FloatArray:
    """The gradient of ``max_pool``: each slope goes to the pixel that was the largest.

    Where several are equally large, the first one of the window gets it all.

    Args:
        grad_P: Slope of the loss by the pooled images, the shape of ``P``.
        X: What went into ``max_pool``, shape ``(..., H, W)``.
        P: What ``max_pool`` gave for it.
        size: As in ``max_pool``.
        stride: As in ``max_pool``.

    Returns:
        The slope of the loss by ``X``, in its shape.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.3.

    >>> X = np.array([[1.0, 2.0], [4.0, 4.0]])
    >>> max_pool_backward([[10.0]], X, max_pool(X)).tolist()
    [[0.0, 0.0], [10.0, 0.0]]
    """
    grad_P, X, P = _as_float("grad_P", grad_P), _as_float("X", X), _as_float("P", P)
    grad_X = np.zeros_like(X, dtype=grad_P.dtype)
    views, grad_views = _pool_views(X, size, stride), _pool_views(grad_X, size, stride)
    _require_shape("P", P, views[0].shape, X=X)
    _require_shape("grad_P", grad_P, P.shape, P=P)
    waiting = np.ones_like(P, dtype=bool)  # windows whose largest pixel is still to come
    for view, grad_view in zip(views, grad_views, strict=True):
        largest = (view == P) & waiting
        grad_view += grad_P * largest
        waiting &= ~largest
    return grad_X


def forward_cnn(
    X: ArrayLike,
    K1: ArrayLike,
    b1: ArrayLike,
    W2: ArrayLike,
    b2: ArrayLike,
    *,
    mask: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The forward pass of a small convolutional network: convolve, ReLU, pool, classify.

    Formula: ``Z1 = conv(X, K1) + b1``, ``P1`` = the largest of every 2 x 2 of ``relu(Z1)``,
    ``A2 = softmax(P1 W2 + b2)`` with the maps of an image in one row.

    Args:
        X: Images, shape ``(n, C, H, W)``; ``X.reshape(-1, 1, 28, 28)`` makes them of rows.
        K1: Filters, shape ``(F, C, f, g)``.
        b1: One bias a filter, shape ``(1, F)``.
        W2: Weights, shape ``(p, k)`` for ``p`` pooled pixels an image, all filters together.
        b2: Bias, shape ``(1, k)``.
        mask: For dropout in training (part 4.4): an array ``(n, p)`` that the pooled pixels
            are multiplied by; ``dropout`` of ones makes it.

    Returns:
        ``(columns, Z1, P1, A2)``: windows and feature maps ``(n, F, rows, places)`` from
        ``conv_forward``, maps after ReLU and pooling, and probabilities ``(n, k)``.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.3; a small relative of Y. LeCun and others, Gradient-based learning
    applied to document recognition (1998).

    >>> X, K1, W2 = np.ones((5, 1, 28, 28)), np.ones((8, 1, 3, 3)), np.zeros((1352, 10))
    >>> columns, Z1, P1, A2 = forward_cnn(X, K1, np.zeros((1, 8)), W2, np.zeros((1, 10)))
    >>> Z1.shape, P1.shape, A2[0, :2].tolist()
    ((5, 8, 26, 26), (5, 8, 13, 13), [0.1, 0.1])
    """
    Z1, columns = conv_forward(X, _as_images("K1", K1), _as_float("b1", b1))
    P1 = relu(max_pool(Z1))  # max_pool(relu(Z1)) has the same numbers, for four times the work
    features, W2, b2 = _flatten(P1), _as_matrix("W2", W2), _as_float("b2", b2)
    _require_product(P1=features, W2=W2)
    _require_shape("b2", b2, (1, W2.shape[1]), W2=W2)
    A2 = softmax(_masked(features, mask) @ W2 + b2)
    return columns, Z1, P1, A2


def _flatten(maps: FloatArray) -> FloatArray:
    """``maps.reshape(n, -1)``, one row an image, but with the batch last in memory."""
    return maps.transpose(1, 2, 3, 0).reshape(-1, len(maps)).T


def backward_cnn(
    columns: ArrayLike,
    Z1: ArrayLike,
    P1: ArrayLike,
    A2: ArrayLike,
    y: ArrayLike,
    K1: ArrayLike,
    W2: ArrayLike,
    *,
    mask: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The gradients of the cross-entropy of ``forward_cnn``, from the end.

    Formula: ``delta2 = A2 - y`` for the dense layer; its slope ``delta2 W2.T`` goes back to
    the largest pixel of every pooling window, where ReLU let it through, and from there to
    the filters.

    Args:
        columns: From ``forward_cnn``.
        Z1: From ``forward_cnn``.
        P1: From ``forward_cnn``.
        A2: From ``forward_cnn``, shape ``(n, k)``.
        y: One-hot targets, shape ``(n, k)``.
        K1: Filters, shape ``(F, C, f, g)``.
        W2: Weights, shape ``(p, k)``.
        mask: The mask that the forward pass was given, if any.

    Returns:
        ``(grad_K1, grad_b1, grad_W2, grad_b2)``, each in the shape of its parameter.

    Raises:
        ValueError: If the shapes do not fit.

    Source: part 4.3.

    >>> X, K1, W2 = np.ones((5, 1, 28, 28)), np.ones((8, 1, 3, 3)), np.zeros((1352, 10))
    >>> outputs = forward_cnn(X, K1, np.zeros((1, 8)), W2, np.zeros((1, 10)))
    >>> [gradient.shape for gradient in backward_cnn(*outputs, np.eye(10)[:5], K1, W2)]
    [(8, 1, 3, 3), (1, 8), (1352, 10), (1, 10)]
    """
    Z1, P1, K1 = _as_images("Z1", Z1), _as_images("P1", P1), _as_images("K1", K1)
    features = _masked(_flatten(P1), mask)
    A2, W2 = _as_matrix("A2", A2), _as_matrix("W2", W2)
    _require_product(P1=features, W2=W2)
    _require_shape("A2", A2, (len(P1), W2.shape[1]), P1=P1, W2=W2)
    y = _as_float("y", y)
    _require_targets(y, A2=A2)
    delta2 = (A2 - y.astype(A2.dtype, copy=False)) / len(A2)
    grad_features = _masked((W2 @ delta2.T).T, mask)  # delta2 @ W2.T, with the batch last in memory
    grad_P1 = grad_features.reshape(P1.shape) * (P1 > 0)  # the slope of relu
    grad_Z1 = max_pool_backward(grad_P1, Z1, P1)  # where relu blocked, there is no slope to send
    return (*conv_backward(grad_Z1, columns, K1), features.T @ delta2, _column_sums(delta2))


# --------------------------------------------------------------------------------------
# Part 4.4 · Regularization
# --------------------------------------------------------------------------------------


def l2_regularization(
    weights: Sequence[ArrayLike], lambda_: float
) -> tuple[float, list[FloatArray]]:
    """The price of large weights, and its gradients, to be added to those of the loss.

    Formula: ``penalty = lambda * sum of all W**2``, gradient ``2 lambda W``.

    Args:
        weights: Weights of any shapes; biases are left out as a rule.
        lambda_: Strength of the penalty, 0 or above.

    Returns:
        ``(penalty, gradients)``: a number, and for every weight array its gradient.

    Raises:
        ValueError: If ``lambda_`` is below 0 or not finite, or an array is empty.

    Source: part 4.4; A. Hoerl and R. Kennard, Ridge Regression (1970).

    >>> penalty, gradients = l2_regularization([np.array([[1.0, -2.0]])], 0.1)
    >>> penalty, gradients[0].tolist()
    (0.5, [[0.2, -0.4]])
    """
    if not 0 <= lambda_ < np.inf:
        raise ValueError(f"lambda_ must be at least 0 and finite, but it is {lambda_!r}")
    arrays = [_as_float(f"weights[{i}]", W) for i, W in enumerate(weights)]
    penalty = lambda_ * sum(float(np.sum(W**2)) for W in arrays)
    return penalty, [2 * lambda_ * W for W in arrays]


def dropout(
    A: ArrayLike, p: float, training: bool = True, *, rng: np.random.Generator | None = None
) -> FloatArray:
    """Switch off activations at random, so that no unit can rely on a single other one.

    Formula: every entry is kept with probability ``p`` and divided by ``p``, or else
    becomes 0. The expected value stays what it was, so nothing changes at test time.

    ``dropout`` of ones is a mask: multiply by it in the forward pass and again in the
    backward pass, and both drop the same units.

    Args:
        A: Activations of any shape.
        p: Probability to KEEP an entry, above 0 and at most 1.
        training: With False, ``A`` comes back as it is.
        rng: Generator that chooses; without one the choice differs every time.

    Returns:
        An array of the same shape.

    Raises:
        ValueError: If ``p`` is not above 0 and at most 1, or ``A`` is empty.

    Source: part 4.4; N. Srivastava and others, Dropout (2014).

    >>> dropout(np.ones(6), 0.5, rng=np.random.default_rng(0)).tolist()
    [0.0, 2.0, 2.0, 2.0, 0.0, 0.0]
    """
    A = _as_float("A", A)
    _require_positive(p=p)
    if p > 1:
        raise ValueError(f"p is the probability to keep a unit, at most 1, but it is {p}")
    if not training:
        return A
    rng = np.random.default_rng() if rng is None else rng
    kept = rng.random(A.shape) < p
    return A * kept / p


# --------------------------------------------------------------------------------------
# Part 4.5 · Momentum and the capstone
# --------------------------------------------------------------------------------------


def momentum_update(
    velocity: ArrayLike, gradient: ArrayLike, mu: float, lr: float
) -> tuple[FloatArray, FloatArray]:
    """An update rule with a memory: keep the direction, correct it by the gradient.

    Formula: ``velocity <- mu * velocity - lr * gradient``, ``W <- W + velocity``. Along a
    steady slope the steps grow to ``lr / (1 - mu)`` times the gradient.

    Args:
        velocity: The last update of this parameter, zeros at first.
        gradient: Its gradient, the same shape.
        mu: Share of the last update that is kept, from 0 to below 1.
        lr: Learning rate, above 0.

    Returns:
        ``(velocity, parameter_update)``: both are the new velocity, in one new array.

    Raises:
        ValueError: If the shapes differ, or ``mu`` or ``lr`` is out of its range.

    Source: part 4.5; B. Polyak (1964).

    >>> velocity, update = momentum_update([0.5], [1.0], 0.9, 0.1)
    >>> update.round(4).tolist()
    [0.35]
    """
    velocity, gradient = _as_float("velocity", velocity), _as_float("gradient", gradient)
    _require_same_shape(velocity=velocity, gradient=gradient)
    _require_positive(lr=lr)
    if not 0 <= mu < 1:
        raise ValueError(f"mu must be at least 0 and below 1, but it is {mu!r}")
    velocity = mu * velocity
    velocity -= lr * gradient
    return velocity, velocity


def accuracy(y_pred: ArrayLike, y_true: ArrayLike) -> float:
    """The share of samples whose class is predicted right.

    Formula: ``correct / total``. Each argument may hold, one row a sample: probabilities or
    one-hot rows ``(n, k)``, where the largest column is the class; class indices ``(n,)``
    or ``(n, 1)``; or probabilities of class 1 ``(n,)`` or ``(n, 1)``, where 0.5 and more
    is class 1.

    Args:
        y_pred: Predictions.
        y_true: Targets, with as many rows.

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: If numbers of rows differ, a value is NaN or infinite, or a single
            column holds neither class indices nor probabilities.

    Source: part 4.5.

    >>> accuracy([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])
    0.6666666666666666
    """
    predicted, true = _classes("y_pred", y_pred), _classes("y_true", y_true)
    _require_same_shape(y_pred=predicted, y_true=true)
    return float((predicted == true).mean())


def _classes(name: str, values: ArrayLike) -> NDArray[Any]:
    """The class of every row, shape ``(n,)``."""
    array = _as_rows(name, values)
    _require_finite(**{name: array})
    if array.ndim > 2:
        raise ValueError(f"{name} must be (n,), (n, 1) or (n, k), but its shape is {array.shape}")
    if array.size > len(array):
        return array.argmax(axis=1)
    column = array.reshape(-1)
    if np.all(column == np.round(column)):
        return column
    _require_probabilities(**{name: column})
    return (column >= 0.5).astype(array.dtype)
