"""The library: right values, right gradients, kept dtypes, untouched arguments, clear errors."""

import functools
import inspect
import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import maximum_filter
from scipy.signal import correlate2d
from scipy.special import expit
from scipy.special import softmax as scipy_softmax
from sklearn.linear_model import LinearRegression
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.preprocessing import StandardScaler

from course_lib import neural_network as nn
from course_lib.contents import library_parts

RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 3))
Y = RNG.normal(size=(7, 2))
LABELS = (RNG.random((7, 2)) > 0.5).astype(float)
W = RNG.normal(size=(3, 2))
B = RNG.normal(size=(1, 2))

finite = st.floats(-1e6, 1e6)


@pytest.fixture(autouse=True)
def _the_same_numbers_in_any_order(monkeypatch: pytest.MonkeyPatch):
    """What a test draws must not depend on the tests that ran before it."""
    monkeypatch.setitem(globals(), "RNG", np.random.default_rng(1))


# ---------------------------------------------------------------------- normalize (1.1)


def test_normalize_is_what_scikit_learn_computes():
    np.testing.assert_allclose(nn.normalize(X), StandardScaler().fit_transform(X), atol=1e-12)


def test_normalize_one_dimension_is_one_column():
    np.testing.assert_allclose(nn.normalize(X[:, 0]), nn.normalize(X)[:, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
@pytest.mark.parametrize("constant", [0.1, 1, 3e5, 255])
def test_a_constant_column_becomes_zero(dtype, constant):
    columns = np.array([[constant, 1], [constant, 2], [constant, 4]] * 50).astype(dtype)
    normal = nn.normalize(columns)
    assert np.all(normal[:, 0] == 0)
    assert normal[:, 1].std() == pytest.approx(1, abs=1e-5)


def test_a_large_constant_column_becomes_zero_in_spite_of_rounding():
    columns = np.column_stack([np.full(7, 1e10 / 3), np.arange(7)])
    assert columns[:, 0].std() > 1e-8
    assert np.all(nn.normalize(columns)[:, 0] == 0)


def test_a_column_of_rounding_noise_counts_as_constant():
    assert np.all(nn.normalize([[1.0], [1.0 + 1e-9]]) == 0)
    assert np.all(nn.normalize([[1.0], [1.0 + 1e-7]]) != 0)


@given(arrays(np.float64, (6, 2), elements=st.floats(-1e3, 1e3)), st.floats(0.5, 100), finite)
def test_normalize_ignores_unit_and_origin(numbers, scale, shift):
    numbers[0] += 10  # at least one deviation that is no rounding noise
    np.testing.assert_allclose(
        nn.normalize(numbers * scale + shift), nn.normalize(numbers), atol=1e-4
    )


# ---------------------------------------------------------------- matrix_multiply (1.2)


def test_matrix_multiply_is_the_triple_loop():
    loop = np.zeros((7, 2))
    for i in range(7):
        for j in range(2):
            for k in range(3):
                loop[i, j] += X[i, k] * W[k, j]
    np.testing.assert_allclose(nn.matrix_multiply(X, W), loop)


# ------------------------------------------------------------------------ sigmoid (1.3)


def test_sigmoid_is_exact_without_overflow_or_warning():
    Z = np.array([-1e4, -1000, -700, -40, -1, -0.0, 0, 1, 36.8, 1000, 1e4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        A = nn.sigmoid(Z)
    np.testing.assert_allclose(A, expit(Z), rtol=1e-15)


@given(arrays(np.float64, 5, elements=finite))
def test_sigmoid_lies_between_0_and_1_and_mirrors(Z):
    A = nn.sigmoid(Z)
    assert np.all((A >= 0) & (A <= 1))
    np.testing.assert_allclose(A + nn.sigmoid(-Z), 1, atol=1e-15)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4)])
def test_sigmoid_keeps_any_shape(shape):
    assert np.shape(nn.sigmoid(np.zeros(shape))) == shape


# ------------------------------------------------------------------------- losses (2.1)


def test_mse_of_a_column_is_scikit_learns():
    assert nn.mse_loss(Y[:, :1], X[:, :1]) == pytest.approx(mean_squared_error(X[:, 0], Y[:, 0]))


def test_losses_add_over_columns_and_average_over_rows():
    assert nn.mse_loss(Y, LABELS) == pytest.approx(np.sum((Y - LABELS) ** 2) / 7)
    A = nn.sigmoid(Y)
    columns = [nn.binary_cross_entropy(A[:, [k]], LABELS[:, [k]]) for k in range(2)]
    assert nn.binary_cross_entropy(A, LABELS) == pytest.approx(sum(columns))


def test_binary_cross_entropy_is_scikit_learns():
    A = nn.sigmoid(Y[:, 0])
    expected = log_loss(LABELS[:, 0], A)
    assert nn.binary_cross_entropy(A, LABELS[:, 0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_at_0_and_1(dtype):
    sure = np.array([[0], [1]], dtype)
    assert nn.binary_cross_entropy(sure, sure) == 0
    assert not np.signbit(nn.binary_cross_entropy(sure, sure))
    assert nn.binary_cross_entropy(1 - sure, sure) == pytest.approx(-np.log(1e-12), rel=1e-6)


@given(arrays(np.float64, (4, 1), elements=st.floats(0, 1)), st.permutations(range(4)))
def test_losses_do_not_depend_on_the_order_of_rows(A, order):
    targets = np.array([[0.0], [1], [1], [0]])
    for loss in (nn.mse_loss, nn.binary_cross_entropy):
        assert loss(A[order], targets[order]) == pytest.approx(loss(A, targets))
        assert loss(A, targets) >= 0


# --------------------------------------------------------------- gradient_descent (2.2)


def slopes(loss_of, values, h=1e-5):
    """The gradient of a function of one array, by central differences."""
    gradient = np.zeros_like(values)
    for index in np.ndindex(values.shape):
        step = np.zeros_like(values)
        step[index] = h
        gradient[index] = (loss_of(values + step) - loss_of(values - step)) / (2 * h)
    return gradient


@pytest.mark.parametrize(
    ("activation", "loss", "targets", "factor"),
    [
        (nn.identity, nn.mse_loss, Y, 2),  # the 2 of the square is left to the rate
        (nn.sigmoid, nn.binary_cross_entropy, LABELS, 1),
    ],
)
@pytest.mark.parametrize("rows", [1, 4, 7])
def test_one_step_follows_the_measured_gradient(activation, loss, targets, factor, rows):
    inputs, targets = X[:rows], targets[:rows]
    W_new, b_new, history = nn.gradient_descent(
        inputs, targets, W, B, 0.1, 1, rows, loss, activation
    )
    grad_W = slopes(lambda W: loss(activation(inputs @ W + B), targets), W)
    grad_b = slopes(lambda b: loss(activation(inputs @ W + b), targets), B)
    for step, gradient in ((W - W_new, grad_W), (B - b_new, grad_b)):
        error = np.abs(step / 0.1 * factor - gradient) / np.maximum(np.abs(gradient), 1e-3)
        assert error.max() < 1e-6
    assert history == [loss(activation(inputs @ W_new + b_new), targets)]


def test_full_batches_reach_least_squares():
    W_fit, b_fit, history = nn.gradient_descent(X, Y, 0 * W, 0 * B, 0.3, 2000, 7, nn.mse_loss)
    exact = LinearRegression().fit(X, Y)
    np.testing.assert_allclose(W_fit, exact.coef_.T, atol=1e-8)
    np.testing.assert_allclose(b_fit[0], exact.intercept_, atol=1e-8)
    assert np.all(np.diff(history) < 1e-12)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 6, 7, 100])
def test_batches_are_the_plain_loop(batch_size):
    W_fit, b_fit, _ = nn.gradient_descent(
        X, LABELS, W, B, 0.5, 3, batch_size,
        nn.binary_cross_entropy, nn.sigmoid, rng=np.random.default_rng(1),
    )  # fmt: skip
    rng, W_loop, b_loop = np.random.default_rng(1), W, B
    for _ in range(3):
        order = rng.permutation(7) if batch_size < 7 else np.arange(7)
        for start in range(0, 7, batch_size):
            rows = order[start : start + batch_size]
            error = expit(X[rows] @ W_loop + b_loop) - LABELS[rows]
            W_loop = W_loop - 0.5 * X[rows].T @ error / len(rows)
            b_loop = b_loop - 0.5 * error.sum(axis=0, keepdims=True) / len(rows)
    np.testing.assert_allclose(W_fit, W_loop, rtol=1e-12)
    np.testing.assert_allclose(b_fit, b_loop, rtol=1e-12)


def test_the_same_generator_gives_the_same_run_and_none_gives_another():
    def run(rng=None):
        return nn.gradient_descent(X, Y, W, B, 0.1, 1, 2, nn.mse_loss, rng=rng)[0]

    np.testing.assert_array_equal(run(np.random.default_rng(5)), run(np.random.default_rng(5)))
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.RandomState(0).random()
    assert any(not np.array_equal(run(), run()) for _ in range(5))
    assert np.random.random() == expected  # noqa: NPY002 - the global generator was not used


def test_a_rate_too_large_shows_in_the_loss_and_nowhere_else():
    line = np.arange(1.0, 9.0).reshape(8, 1)
    zero = np.zeros((1, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = nn.gradient_descent(line, 2 * line, zero, zero, 0.1, 2000, 8, nn.mse_loss)[2]
    assert history[0] > nn.mse_loss(0 * line, 2 * line)
    assert not np.isfinite(history[-1])


# --------------------------------------------------------------------- mini_batches (2.3)


@given(st.integers(1, 20), st.integers(1, 25), st.integers(0, 5))
def test_batches_deal_every_row_once(n, batch_size, seed):
    rows = np.arange(n).reshape(n, 1).astype(float)
    dealt = list(nn.mini_batches(rows, -rows, batch_size, np.random.default_rng(seed)))
    assert [len(X) for X, _ in dealt[:-1]] == [batch_size] * (len(dealt) - 1)
    assert 1 <= len(dealt[-1][0]) <= batch_size
    together = np.vstack([X for X, _ in dealt])
    assert sorted(together[:, 0]) == list(range(n))
    np.testing.assert_array_equal(together, -np.vstack([y for _, y in dealt]))


def test_batches_follow_the_generators_permutation():
    order = np.random.default_rng(4).permutation(7)
    dealt = list(nn.mini_batches(X, Y.astype(np.float32), 3, np.random.default_rng(4)))
    np.testing.assert_array_equal(np.vstack([X_batch for X_batch, _ in dealt]), X[order])
    np.testing.assert_array_equal(
        np.vstack([y_batch for _, y_batch in dealt]), Y[order].astype(np.float32)
    )
    assert dealt[0][1].dtype == np.float32


@pytest.mark.parametrize("batch_size", [7, 8])
def test_a_full_batch_is_one_batch_in_the_given_order(batch_size):
    rng = np.random.default_rng(0)
    ((X_batch, y_batch),) = nn.mini_batches(X, Y, batch_size, rng)
    np.testing.assert_array_equal(X_batch, X)
    np.testing.assert_array_equal(y_batch, Y)
    assert rng.random() == np.random.default_rng(0).random()  # nothing was drawn


def test_batches_differ_from_epoch_to_epoch():
    rows = np.arange(50.0).reshape(50, 1)
    rng = np.random.default_rng(0)
    first, second = (next(iter(nn.mini_batches(rows, rows, 10, rng)))[0] for _ in range(2))
    assert not np.array_equal(first, second)


# ------------------------------------------------- numerical_gradient, relative_error (2.4)


def linear(X, params):
    return X @ params["W"] + params["b"]


def linear_gradient(X, y, A, params):
    return {"W": X.T @ (A - y) / len(X), "b": (A - y).mean(axis=0, keepdims=True)}


def test_the_gradient_of_the_syllabus_is_half_the_measured_one():
    x = np.array([[1.0], [2.0], [3.0], [4.0]])
    params = {"W": np.array([[1.0]]), "b": np.array([[0.5]])}
    gradients = nn.numerical_gradient(x, 2 * x + 1, params, nn.mse_loss, linear)
    assert gradients["W"][0, 0] == pytest.approx(-17.5, rel=1e-9)
    assert gradients["b"][0, 0] == pytest.approx(-6, rel=1e-9)
    half = linear_gradient(x, 2 * x + 1, linear(x, params), params)
    assert (half["W"][0, 0], half["b"][0, 0]) == (-8.75, -3)


def test_numerical_gradient_leaves_the_parameters_bit_for_bit():
    params = {"W": W.copy(), "b": B.astype(np.float32), "whole": np.array([[1, 2]])}
    copies = {name: value.copy() for name, value in params.items()}

    def forward(X, params):
        return linear(X, params) * params["whole"]

    def fails_later(A, y, calls=[]):  # noqa: B006 - counts its calls
        calls.append(1)
        if len(calls) > 5:
            raise ZeroDivisionError
        return nn.mse_loss(A, y)

    nn.numerical_gradient(X, Y, params, nn.mse_loss, forward)
    with pytest.raises(ZeroDivisionError):
        nn.numerical_gradient(X, Y, params, fails_later, forward)
    for name, value in params.items():
        np.testing.assert_array_equal(value, copies[name])
        assert value.dtype == copies[name].dtype


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3, 2), (1, 1)])
def test_numerical_gradient_works_for_any_shape_and_whole_numbers(shape):
    values = np.arange(1, 1 + np.prod(shape, dtype=int)).reshape(shape)
    gradients = nn.numerical_gradient(
        [0.0],
        [0.0],
        {"w": values},
        lambda A, y: float(A),
        lambda X, params: (params["w"] ** 3).sum(),
    )
    np.testing.assert_allclose(gradients["w"], 3.0 * values**2, rtol=1e-7)
    assert gradients["w"].shape == shape
    assert gradients["w"].dtype == np.float64


def test_numerical_gradient_of_float32_is_measured_in_float64():
    params = {"w": np.full(3, 1000, np.float32)}
    gradients = nn.numerical_gradient(
        [0.0], [0.0], params, lambda A, y: float(A), lambda X, params: np.sum(params["w"] ** 2)
    )
    np.testing.assert_allclose(gradients["w"], 2000, rtol=1e-6)
    assert gradients["w"].dtype == np.float32


def test_the_step_is_the_one_that_was_asked_for():
    def slope(h):
        return nn.numerical_gradient(
            [0.0], [0.0], {"w": [0.0]}, lambda A, y: A, lambda X, params: params["w"][0] ** 3, h=h
        )["w"][0]

    assert slope(0.5) == pytest.approx(0.25)  # (h**3 + h**3) / 2h
    assert slope(1e-4) == pytest.approx(1e-8)
    assert nn.numerical_gradient(
        [0.0], [0.0], {"w": [0.0]}, lambda A, y: A, lambda X, params: params["w"][0] ** 3
    )["w"][0] == pytest.approx(1e-8)


def test_the_loss_sees_the_last_of_the_outputs():
    gradients = nn.numerical_gradient(
        X, Y, {"W": W, "b": B}, nn.mse_loss, lambda X, params: ("hidden", linear(X, params))
    )
    assert nn.relative_error(gradients["W"] / 2, linear_gradient(X, Y, X @ W + B, {})["W"]) < 1e-9


@pytest.mark.parametrize(
    ("gradient", "expected", "error"),
    [
        ([-8.0], [-4.0], 0.5),
        ([-4.0], [-8.0], 0.5),
        ([4.0], [-4.0], 2),
        ([0.0, 0.0], [0.0, 0.0], 0),
        ([0.0], [1e-300], 1),
        ([1.0, 2.0], [1.0, 2.0], 0),
        ([[1.0, -10.0]], [[2.0, -10.0]], 0.1),
        ([1, 2], [1, 4], 0.5),
    ],
)
def test_relative_error(gradient, expected, error):
    assert nn.relative_error(gradient, expected) == pytest.approx(error)
    assert nn.relative_error(expected, gradient) == pytest.approx(error)


# ------------------------------------------------------- perceptron and activations (3.1, 3.2)


def test_the_perceptron_is_logistic_regression():
    np.testing.assert_allclose(nn.forward_perceptron(X, W, B), expit(X @ W + B), rtol=1e-14)


def test_relu_keeps_what_is_positive():
    Z = np.array([[-1.5, 0.0, 2.0], [-0.0, 1e-300, -1e4]])
    np.testing.assert_array_equal(nn.relu(Z), [[0, 0, 2], [0, 1e-300, 0]])
    assert nn.relu(Z) is not Z


def test_softmax_is_scipys_also_for_large_scores():
    Z = np.vstack([RNG.normal(size=(3, 5)), [[-1e4, 0, 1e4, 1e4, -1e4]], np.full((1, 5), 1e4)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(nn.softmax(Z), scipy_softmax(Z, axis=1), rtol=1e-13)
    np.testing.assert_allclose(nn.softmax(Z[0]), nn.softmax(Z)[0])


@given(arrays(np.float64, (3, 4), elements=st.floats(-1e4, 1e4)), st.floats(-1e4, 1e4))
def test_softmax_sums_to_one_and_ignores_a_shift(Z, shift):
    A = nn.softmax(Z)
    np.testing.assert_allclose(A.sum(axis=1), 1)
    assert np.all((A >= 0) & (A <= 1))
    np.testing.assert_allclose(nn.softmax(Z + shift), A, atol=1e-10)


# ----------------------------------------------------------- targets, losses, forward (3.3)


@pytest.mark.parametrize("labels", [[2, 0, 1], [[2], [0], [1]], np.array([2.0, 0, 1], np.float32)])
def test_one_hot(labels):
    rows = nn.one_hot(labels, 4)
    np.testing.assert_array_equal(rows, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    assert rows.dtype == np.float64
    np.testing.assert_array_equal(nn.one_hot([0], 1), [[1]])


def test_cross_entropy_is_scikit_learns():
    A = nn.softmax(RNG.normal(size=(7, 4)))
    labels = RNG.integers(0, 4, 7)
    expected = log_loss(labels, A, labels=range(4))
    assert nn.cross_entropy(A, nn.one_hot(labels, 4)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_at_0_and_1(dtype):
    sure = np.eye(3, dtype=dtype)
    assert nn.cross_entropy(sure, sure) == 0
    assert not np.signbit(nn.cross_entropy(sure, sure))
    assert nn.cross_entropy(sure[[1, 2, 0]], sure) == pytest.approx(-np.log(1e-12), rel=1e-6)
    just_above = np.nextafter(sure, dtype(2)) * sure
    assert nn.cross_entropy(just_above, sure) == 0


def test_a_probability_rounded_to_above_1_costs_nothing():
    above = np.float32([[1 + 1e-7], [1 + 1e-7]])
    assert above[0, 0] > 1
    assert nn.binary_cross_entropy(above, [[1], [1]]) == 0
    assert not np.signbit(nn.binary_cross_entropy(above[:1], [[1]]))


def test_losses_of_nan_are_nan():
    for loss in (nn.cross_entropy, nn.binary_cross_entropy, nn.mse_loss):
        assert np.isnan(loss([[np.nan, 0.5]], [[1, 0]]))


def test_an_untrained_network_pays_about_ln_10():
    rng = np.random.default_rng(0)
    weights = [0.01 * rng.normal(size=shape) for shape in ((784, 256), (256, 10))]
    A1, A2 = nn.forward_mlp(
        rng.random((50, 784)), weights[0], np.zeros((1, 256)), weights[1], np.zeros((1, 10))
    )
    assert A1.shape == (50, 256)
    labels = nn.one_hot(rng.integers(0, 10, 50), 10)
    assert nn.cross_entropy(A2, labels) == pytest.approx(np.log(10), abs=0.03)


def test_forward_passes_are_the_plain_formulas():
    p = mlp_parameters((3, 4, 5, 2))
    A1 = np.maximum(X @ p["W1"] + p["b1"], 0)
    A2 = np.maximum(A1 @ p["W2"] + p["b2"], 0)
    A3 = scipy_softmax(A2 @ p["W3"] + p["b3"], axis=1)
    for mine, expected in zip(nn.forward_mlp_3layer(X, **p), (A1, A2, A3), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-13)
    two = {name: p[name] for name in ("W1", "b1", "W2", "b2")}
    mine = nn.forward_mlp(X, **two)
    np.testing.assert_allclose(mine[0], A1, rtol=1e-13)
    np.testing.assert_allclose(mine[1], scipy_softmax(A1 @ p["W2"] + p["b2"], axis=1), rtol=1e-13)


@given(st.permutations(range(7)))
def test_a_permuted_batch_gives_permuted_outputs_and_the_same_gradients(order):
    p, y = mlp_parameters((3, 4, 2)), nn.one_hot([0, 1, 1, 0, 1, 0, 0], 2)
    outputs, permuted = nn.forward_mlp(X, **p), nn.forward_mlp(X[order], **p)
    for A, A_permuted in zip(outputs, permuted, strict=True):
        np.testing.assert_allclose(A_permuted, A[order], rtol=1e-12)
    gradients = nn.backward_mlp(X, *outputs, y, p["W1"], p["W2"])
    again = nn.backward_mlp(X[order], *permuted, y[order], p["W1"], p["W2"])
    for gradient, other in zip(gradients, again, strict=True):
        np.testing.assert_allclose(other, gradient, atol=1e-13)


def mlp_parameters(sizes, seed=0):
    """Random parameters W1, b1, ... of a network with these numbers of units."""
    rng, params = np.random.default_rng(seed), {}
    for i, (d, k) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{i}"] = rng.normal(size=(d, k))
        params[f"b{i}"] = rng.normal(size=(1, k))
    return params


# ------------------------------------------------------------ gradient_descent_general (3.4)


def train(update_fn=nn.sgd_update, **changes):
    arguments = dict(
        X=X, y=Y, params={"W": W, "b": B}, lr=0.1, num_epochs=3, forward_fn=linear,
        grad_fn=linear_gradient, loss_fn=nn.mse_loss, batch_size=3, update_fn=update_fn,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    return nn.gradient_descent_general(**(arguments | changes))


def batches(seed=1, epochs=3, batch_size=3):
    """The rows of each batch of ``train``."""
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(7)
        for start in range(0, 7, batch_size):
            yield order[start : start + batch_size]


def test_gradient_descent_is_a_call_of_the_general_one():
    W_fit, b_fit, history = nn.gradient_descent(
        X, Y, W, B, 0.1, 3, 3, nn.mse_loss, rng=np.random.default_rng(1)
    )
    params, general_history = train()
    np.testing.assert_array_equal(params["W"], W_fit)
    np.testing.assert_array_equal(params["b"], b_fit)
    assert history == general_history


@pytest.mark.parametrize("batch_size", [None, 7, 100])
def test_without_a_batch_size_every_update_sees_all_rows(batch_size):
    seen = []

    def gradient(X, y, A, params):
        seen.append(len(X))
        return linear_gradient(X, y, A, params)

    train(grad_fn=gradient, batch_size=batch_size)
    assert seen == [7, 7, 7]


def momentum(velocity, gradient, lr):
    return nn.momentum_update(velocity, gradient, 0.9, lr)


def test_momentum_is_the_plain_loop():
    params, history = train(momentum)
    W_loop, b_loop, v_W, v_b = W, B, 0 * W, 0 * B
    for rows in batches():
        error = X[rows] @ W_loop + b_loop - Y[rows]
        v_W = 0.9 * v_W - 0.1 * X[rows].T @ error / len(rows)
        v_b = 0.9 * v_b - 0.1 * error.mean(axis=0, keepdims=True)
        W_loop, b_loop = W_loop + v_W, b_loop + v_b
    np.testing.assert_allclose(params["W"], W_loop, rtol=1e-12)
    np.testing.assert_allclose(params["b"], b_loop, rtol=1e-12)
    assert history[-1] == pytest.approx(nn.mse_loss(X @ W_loop + b_loop, Y))


def test_a_rule_of_ones_own_keeps_what_it_returned():
    states = {(3, 2): [], (1, 2): []}

    def rule(state, gradient, lr):
        states[gradient.shape].append(state)
        return (len(states[gradient.shape]), "anything"), -lr * np.sign(gradient)

    params, _ = train(rule, num_epochs=1)
    for shape, seen in states.items():
        np.testing.assert_array_equal(seen[0], np.zeros(shape))
        assert seen[1:] == [(1, "anything"), (2, "anything")]
    steps = np.round((params["W"] - W) / 0.1, 9)
    assert set(np.abs(steps).ravel()) <= {1, 3}  # three steps of 0.1, forward or back


def test_the_callback_is_told_the_epoch_the_parameters_and_the_loss():
    calls = []
    params, history = train(callback=lambda *told: calls.append(told))
    assert [epoch for epoch, _, _ in calls] == [1, 2, 3]
    assert [loss for _, _, loss in calls] == history
    np.testing.assert_array_equal(calls[-1][1]["W"], params["W"])
    assert not np.array_equal(calls[0][1]["W"], params["W"])  # a copy, as it was then
    calls[-1][1]["W"][:] = 0
    assert np.all(params["W"] != 0)
    for _, told, loss in calls[:-1]:
        assert loss == nn.mse_loss(linear(X, told), Y)


def test_what_a_callback_does_to_its_copy_changes_nothing():
    def spoil(epoch, params, loss):
        params["W"][:] = np.nan

    assert train(callback=spoil)[1] == train()[1]


def test_the_loss_is_that_of_predict_fn():
    params, history = train(predict_fn=lambda X, params: ("hidden", 0 * linear(X, params)))
    assert history == [nn.mse_loss(0 * Y, Y)] * 3
    np.testing.assert_array_equal(params["W"], train()[0]["W"])


def test_many_rows_are_predicted_in_portions_with_the_same_result():
    rows, seen = np.arange(1000.0).reshape(-1, 1) / 1000, []

    def predict(X, params):
        seen.append(len(X))
        return linear(X, params)

    params, history = train(
        X=rows, y=3 * rows, params={"W": [[0.0]], "b": [[0.0]]}, num_epochs=1, predict_fn=predict
    )
    assert sum(seen) == 1000
    assert max(seen) <= 256
    assert history == [pytest.approx(nn.mse_loss(linear(rows, params), 3 * rows), rel=1e-12)]


def test_images_labels_and_single_numbers_can_be_trained_too():
    images = RNG.random((6, 2, 2))
    params, history = nn.gradient_descent_general(
        images, images.sum(axis=(1, 2)), {"scale": 0}, 0.1, 50,
        lambda X, params: X.sum(axis=(1, 2)) * params["scale"],
        lambda X, y, A, params: {"scale": np.mean((A - y) * X.sum(axis=(1, 2)))},
        nn.mse_loss,
    )  # fmt: skip
    assert params["scale"] == pytest.approx(1, abs=1e-6)
    assert len(history) == 50


def test_softmax_with_cross_entropy_trains_by_gradient_descent():
    labels = RNG.integers(0, 3, 7)
    W_fit, b_fit, history = nn.gradient_descent(
        X, nn.one_hot(labels, 3), np.zeros((3, 3)), np.zeros((1, 3)), 0.1, 1, 7,
        nn.cross_entropy, nn.softmax,
    )  # fmt: skip
    measured = nn.numerical_gradient(
        X, nn.one_hot(labels, 3), {"W": np.zeros((3, 3)), "b": np.zeros((1, 3))},
        nn.cross_entropy, lambda X, params: nn.softmax(linear(X, params)),
    )  # fmt: skip
    assert nn.relative_error(W_fit / -0.1, measured["W"]) < 1e-6
    assert nn.relative_error(b_fit / -0.1, measured["b"]) < 1e-6
    assert len(history) == 1


def test_the_gradient_is_told_the_batch_the_outputs_and_the_parameters():
    def gradient(X_batch, y_batch, outputs, params):
        hidden, A = outputs
        assert hidden == "hidden"
        np.testing.assert_array_equal(A, linear(X_batch, params))
        assert len(y_batch) == len(X_batch)
        return linear_gradient(X_batch, y_batch, A, params)

    told = train(forward_fn=lambda X, p: ("hidden", linear(X, p)), grad_fn=gradient)
    np.testing.assert_array_equal(told[0]["W"], train()[0]["W"])


def test_inputs_and_targets_take_the_dtype_of_the_run():
    dtypes = set()

    def gradient(X, y, A, params):
        dtypes.update([X.dtype, y.dtype, A.dtype, params["W"].dtype])
        return linear_gradient(X, y, A, params)

    train(X=X.astype(np.float32), y=Y.astype(np.float32), grad_fn=gradient)
    assert dtypes == {np.dtype(np.float64)}  # the parameters are
    dtypes.clear()
    single = {"W": W.astype(np.float32), "b": B.astype(np.float32)}
    train(X=X.astype(np.float32), params=single, grad_fn=gradient)
    assert dtypes == {np.dtype(np.float32)}


def test_divergence_is_silent_and_shows_in_the_loss():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, history = train(lr=1e6, num_epochs=60)
    assert not np.isfinite(history[-1])


# ------------------------------------------------------------------- initialization (4.1)


@pytest.mark.parametrize(
    ("shape", "scheme", "width"),
    [
        ((400, 300), "small", 0.01),
        ((400, 300), "xavier", np.sqrt(2 / 700)),
        ((400, 300), "he", np.sqrt(2 / 400)),
        ((80, 10, 6, 7), "he", np.sqrt(2 / 420)),
        ((80, 10, 6, 7), "xavier", np.sqrt(2 / (420 + 80 * 42))),
        ((80, 10, 6, 7), "small", 0.01),
    ],
)
def test_weights_are_as_wide_as_the_scheme_says(shape, scheme, width):
    weights = nn.initialize_weights(shape, scheme, rng=np.random.default_rng(0))
    assert weights.shape == shape
    assert weights.std() == pytest.approx(width, rel=0.02)
    assert abs(weights.mean()) < width / 50
    assert np.abs(weights).max() > 3 * width  # normal, not uniform


def test_weights_come_from_the_generator_and_he_is_the_default():
    first = nn.initialize_weights((3, 4), rng=np.random.default_rng(3))
    np.testing.assert_array_equal(
        first, nn.initialize_weights((3, 4), "he", rng=np.random.default_rng(3))
    )
    assert not np.array_equal(nn.initialize_weights((3, 4)), nn.initialize_weights((3, 4)))


# ------------------------------------------------------------- convolution, pooling (4.2, 4.3)

IMAGE = RNG.normal(size=(9, 7))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (2, 5), (9, 7)])
def test_conv2d_is_scipys_cross_correlation(size, stride):
    kernel = RNG.normal(size=size)
    expected = correlate2d(IMAGE, kernel, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(nn.conv2d(IMAGE, kernel, stride), expected, atol=1e-13)
    rows, columns = ((side - f) // stride + 1 for side, f in zip(IMAGE.shape, size, strict=True))
    assert expected.shape == (rows, columns)


def test_conv2d_does_not_turn_the_filter():
    assert nn.conv2d([[1.0, 2.0]], [[1.0, 0.0]]).tolist() == [[1.0]]


@given(st.integers(1, 9), st.integers(1, 7), st.integers(1, 4))
def test_a_stride_skips_places(f, g, stride):
    kernel = np.arange(1.0, 1 + f * g).reshape(f, g)
    every = nn.conv2d(IMAGE, kernel)
    np.testing.assert_allclose(nn.conv2d(IMAGE, kernel, stride), every[::stride, ::stride])


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("channels", "filters", "size"), [(1, 4, (3, 3)), (3, 2, (2, 4))])
def test_the_batched_convolution_is_conv2d_for_every_image_and_filter(
    channels, filters, size, stride
):
    images, kernels = (
        RNG.normal(size=(5, channels, 9, 7)),
        RNG.normal(size=(filters, channels, *size)),
    )
    bias = RNG.normal(size=(1, filters))
    Z, columns = nn.conv_forward(images, kernels, bias, stride)
    for i, f in np.ndindex(5, filters):
        maps = [nn.conv2d(images[i, c], kernels[f, c], stride) for c in range(channels)]
        np.testing.assert_allclose(Z[i, f], sum(maps) + bias[0, f], atol=1e-13)
    assert columns.shape == (Z.shape[2], channels * size[0] * size[1], Z.shape[3] * 5)


@given(st.data(), st.sampled_from([np.float32, np.float64]))
def test_shapes_and_dtypes_of_any_convolution_and_pooling(data, dtype):
    n, C, F, H, W, stride = (data.draw(st.integers(1, most)) for most in (4, 3, 4, 9, 9, 4))
    f, g, size = (data.draw(st.integers(1, most)) for most in (H, W, min(H, W)))
    rng = np.random.default_rng(0)
    X, K, b = (
        rng.normal(size=shape).astype(dtype) for shape in ((n, C, H, W), (F, C, f, g), (1, F))
    )
    Z, columns = nn.conv_forward(X, K, b, stride)
    assert Z.shape == (n, F, (H - f) // stride + 1, (W - g) // stride + 1)
    P = nn.max_pool(X, size, stride)
    assert P.shape == (n, C, (H - size) // stride + 1, (W - size) // stride + 1)
    assert nn.max_pool_backward(P, X, P, size, stride).shape == X.shape
    gradients = *nn.conv_backward(Z, columns, K), nn.conv_backward_input(Z, X, K, stride)
    assert [gradient.shape for gradient in gradients] == [K.shape, b.shape, X.shape]
    assert {array.dtype for array in (Z, columns, P, *gradients)} == {np.dtype(dtype)}


@given(
    st.lists(st.integers(1, 6), min_size=5, max_size=5), st.sampled_from([np.float32, np.float64])
)
def test_shapes_and_dtypes_of_any_network(sizes, dtype):
    n, *units = sizes
    X = np.random.default_rng(0).normal(size=(n, units[0])).astype(dtype)
    p = {name: value.astype(dtype) for name, value in mlp_parameters(units).items()}
    outputs = nn.forward_mlp_3layer(X, **p)
    assert [A.shape for A in outputs] == [(n, k) for k in units[1:]]
    y = nn.one_hot(np.zeros(n), units[-1])
    gradients = nn.backward_mlp_3layer(X, *outputs, y, p["W1"], p["W2"], p["W3"])
    assert [gradient.shape for gradient in gradients] == [value.shape for value in p.values()]
    assert {array.dtype for array in (*outputs, *gradients)} == {np.dtype(dtype)}


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_max_pool_is_scipys_maximum_filter(size, stride):
    filtered = maximum_filter(IMAGE, size=size, origin=-(size // 2))
    rows, columns = ((side - size) // stride + 1 for side in IMAGE.shape)
    expected = filtered[::stride, ::stride][:rows, :columns]
    np.testing.assert_array_equal(nn.max_pool(IMAGE, size, stride), expected)


def test_max_pool_of_a_batch_is_that_of_every_image():
    images = RNG.normal(size=(2, 3, 9, 7))
    pooled = nn.max_pool(images, 3, 2)
    for i, c in np.ndindex(2, 3):
        np.testing.assert_array_equal(pooled[i, c], nn.max_pool(images[i, c], size=3, stride=2))
    np.testing.assert_array_equal(nn.max_pool(np.arange(1.0, 17).reshape(4, 4)), [[6, 8], [14, 16]])


def test_a_pool_of_single_pixels_is_a_copy():
    pooled = nn.max_pool(IMAGE, 1, 1)
    np.testing.assert_array_equal(pooled, IMAGE)
    assert not np.shares_memory(pooled, IMAGE)


def test_nan_stays_visible_in_a_pool():
    assert np.isnan(nn.max_pool([[0.0, np.nan], [1.0, 2.0]]))


def test_forward_cnn_is_convolve_relu_pool_classify():
    p, images = cnn_parameters(), RNG.normal(size=(5, 1, 7, 8))
    columns, Z1, P1, A2 = nn.forward_cnn(images, **p)
    expected_Z1, expected_columns = nn.conv_forward(images, p["K1"], p["b1"])
    np.testing.assert_array_equal(Z1, expected_Z1)
    np.testing.assert_array_equal(columns, expected_columns)
    np.testing.assert_array_equal(P1, nn.max_pool(nn.relu(Z1)))
    np.testing.assert_allclose(A2, nn.softmax(P1.reshape(5, -1) @ p["W2"] + p["b2"]), rtol=1e-12)


def cnn_parameters(channels=1, filters=3, pooled=6, seed=0):
    """Random parameters of a network for images of 7 x 8: 5 x 6 after 3 x 3, pooled 2 x 3."""
    rng = np.random.default_rng(seed)
    return {
        "K1": 0.3 * rng.normal(size=(filters, channels, 3, 3)),
        "b1": 0.3 * rng.normal(size=(1, filters)),
        "W2": 0.3 * rng.normal(size=(filters * pooled, 4)),
        "b2": 0.3 * rng.normal(size=(1, 4)),
    }


# ---------------------------------------------------------------- regularization (4.4)


def test_dropout_keeps_the_share_p_and_the_expected_value():
    A = np.full((200, 500), 3.0)
    dropped = nn.dropout(A, 0.8, rng=np.random.default_rng(0))
    assert set(np.unique(dropped)) == {0, 3.0 / 0.8}
    assert np.mean(dropped != 0) == pytest.approx(0.8, abs=0.01)
    assert dropped.mean() == pytest.approx(3, rel=0.01)


def test_dropout_at_test_time_and_with_p_1_changes_nothing():
    np.testing.assert_array_equal(nn.dropout(X, 0.5, training=False), X)
    np.testing.assert_array_equal(nn.dropout(X, 0.5, False), X)
    np.testing.assert_array_equal(nn.dropout(X, 1), X)
    np.testing.assert_array_equal(nn.dropout(X, 1.0), X)


def test_dropout_depends_on_the_generator_alone():
    first, again = (nn.dropout(X, 0.5, rng=np.random.default_rng(2)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert any(not np.array_equal(nn.dropout(X, 0.5), nn.dropout(X, 0.5)) for _ in range(3))


def test_masks_switch_off_the_same_units_in_every_pass():
    p, rng = mlp_parameters((3, 4, 5, 2)), np.random.default_rng(0)
    masks = [nn.dropout(np.ones((7, h)), 0.5, rng=rng) for h in (4, 5)]
    A1, A2, _ = nn.forward_mlp_3layer(X, **p, masks=masks)
    A1_plain = nn.forward_mlp_3layer(X, **p)[0]
    np.testing.assert_array_equal(A1, A1_plain * masks[0])
    assert np.all(A2[masks[1] == 0] == 0)
    assert np.any(masks[0] == 0)


def test_l2_regularization():
    weights = [np.array([[1.0, -2.0], [3.0, 0.0]]), np.array([4.0])]
    penalty, gradients = nn.l2_regularization(weights, 0.1)
    assert penalty == pytest.approx(3.0)
    np.testing.assert_allclose(gradients[0], [[0.2, -0.4], [0.6, 0]])
    np.testing.assert_allclose(gradients[1], [0.8])
    penalty, gradients = nn.l2_regularization(weights, 0)
    assert penalty == 0
    assert not any(gradient.any() for gradient in gradients)
    assert nn.l2_regularization([], 0.1) == (0, [])


# ------------------------------------------------------------------- momentum, accuracy (4.5)


def test_two_steps_of_momentum_by_hand():
    velocity, update = nn.momentum_update([0.0, 0.0], [1.0, -2.0], mu=0.9, lr=0.1)
    np.testing.assert_allclose(update, [-0.1, 0.2])
    velocity, update = nn.momentum_update(velocity, [1.0, -2.0], mu=0.9, lr=0.1)
    np.testing.assert_allclose(update, [-0.19, 0.38])
    np.testing.assert_array_equal(velocity, update)


def test_steady_momentum_grows_to_the_effective_rate():
    velocity = np.zeros(1)
    for _ in range(300):
        velocity, _ = nn.momentum_update(velocity, [1.0], 0.9, 0.01)
    assert velocity[0] == pytest.approx(-0.01 / (1 - 0.9))


def test_momentum_zero_is_the_plain_rule():
    gradient = RNG.normal(size=(3, 2))
    plain = nn.sgd_update("kept", gradient, 0.1)
    assert plain[0] == "kept"
    np.testing.assert_array_equal(nn.momentum_update(0 * gradient, gradient, 0, 0.1)[1], plain[1])


@pytest.mark.parametrize(
    ("y_pred", "y_true", "expected"),
    [
        ([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]], [[0, 1], [1, 0], [0, 1]], 2 / 3),
        ([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]], [1, 0, 1], 2 / 3),
        ([1, 0, 0], [[0, 1], [1, 0], [0, 1]], 2 / 3),
        ([[1], [0], [0]], [1, 0, 1], 2 / 3),
        ([[0.9], [0.2], [0.4]], [[1], [0], [1]], 2 / 3),
        ([0.9, 0.2, 0.4], [1, 0, 1], 2 / 3),
        ([[0.5], [0.49]], [1, 0], 1),
        ([[0.5], [0.5]], [1, 0], 0.5),
        ([7, 3, 9], [7, 3, 8], 2 / 3),
        (np.array([7, 3, 9], np.uint8), [[7.0], [3.0], [8.0]], 2 / 3),
        ([[0.2, 0.5, 0.3]], [1], 1),
        ([[0.4, 0.6]], [[0, 1]], 1),
        ([True, False], [1, 1], 0.5),
    ],
)
def test_accuracy(y_pred, y_true, expected):
    assert nn.accuracy(y_pred, y_true) == pytest.approx(expected)


# ------------------------------------------------------------------------ all functions

IMAGES = RNG.normal(size=(7, 1, 7, 8))
ONE_HOT = nn.one_hot([0, 1, 1, 0, 3, 2, 3], 4)
MLP2, MLP3, CNN = mlp_parameters((3, 4, 4)), mlp_parameters((3, 5, 6, 4)), cnn_parameters()
OUT2, OUT3 = nn.forward_mlp(X, **MLP2), nn.forward_mlp_3layer(X, **MLP3)
OUT_CNN = nn.forward_cnn(IMAGES, **CNN)
GRAD_Z = RNG.normal(size=OUT_CNN[1].shape)
PLAIN = dict(lr=0.1, num_epochs=2, batch_size=3)

MOST_FUNCTIONS = 35  # public ones, so that the library stays short enough to read in one go

# One good call of every public function: its arrays by name, then what is no array.
CALLS = {
    "normalize": (dict(X=X), {}),
    "matrix_multiply": (dict(X=X, W=W), {}),
    "sigmoid": (dict(Z=X), {}),
    "mse_loss": (dict(y_pred=Y, y=LABELS), {}),
    "binary_cross_entropy": (dict(A=nn.sigmoid(Y), y=LABELS), {}),
    "identity": (dict(Z=X), {}),
    "gradient_descent": (dict(X=X, y=LABELS, W=W, b=B), PLAIN | dict(loss_fn=nn.binary_cross_entropy, activation_fn=nn.sigmoid)),
    "mini_batches": (dict(X=X, y=Y), dict(batch_size=3)),
    "numerical_gradient": (dict(X=X, y=Y, params=dict(W=W, b=B)), dict(loss_fn=nn.mse_loss, forward_fn=linear)),
    "relative_error": (dict(gradient=X, expected=X + 0.1), {}),
    "forward_perceptron": (dict(X=X, W=W, b=B), {}),
    "relu": (dict(Z=X), {}),
    "softmax": (dict(Z=X), {}),
    "one_hot": (dict(labels=np.array([0.0, 2, 1])), dict(num_classes=3)),
    "cross_entropy": (dict(A=nn.softmax(Y), y=LABELS), {}),
    "forward_mlp": (dict(X=X) | MLP2, {}),
    "backward_mlp": (dict(X=X, A1=OUT2[0], A2=OUT2[1], y=ONE_HOT, W1=MLP2["W1"], W2=MLP2["W2"]), {}),
    "sgd_update": (dict(gradient=W), dict(velocity=None, lr=0.1)),
    "gradient_descent_general": (dict(X=X, y=Y, params=dict(W=W, b=B)), PLAIN | dict(forward_fn=linear, grad_fn=linear_gradient, loss_fn=nn.mse_loss, update_fn=momentum)),
    "initialize_weights": ({}, dict(shape=(3, 2), scheme="xavier")),
    "forward_mlp_3layer": (dict(X=X) | MLP3 | dict(masks=[(a > 0) * 2.0 for a in OUT3[:2]]), {}),
    "backward_mlp_3layer": (dict(X=X, A1=OUT3[0], A2=OUT3[1], A3=OUT3[2], y=ONE_HOT, W1=MLP3["W1"], W2=MLP3["W2"], W3=MLP3["W3"], masks=[(a > 0) * 2.0 for a in OUT3[:2]]), {}),
    "conv2d": (dict(image=IMAGE, filter_kernel=CNN["K1"][0, 0]), dict(stride=2)),
    "conv_forward": (dict(X=IMAGES, K=CNN["K1"], b=CNN["b1"]), dict(stride=2)),
    "conv_backward": (dict(grad_Z=GRAD_Z, columns=OUT_CNN[0], K=CNN["K1"]), {}),
    "conv_backward_input": (dict(grad_Z=GRAD_Z, X=IMAGES, K=CNN["K1"]), {}),
    "max_pool": (dict(X=IMAGES), dict(size=3, stride=2)),
    "max_pool_backward": (dict(grad_P=nn.max_pool(IMAGES) + 1, X=IMAGES, P=nn.max_pool(IMAGES)), {}),
    "forward_cnn": (dict(X=IMAGES) | CNN | dict(mask=np.eye(7, 18)), {}),
    "backward_cnn": (dict(zip(("columns", "Z1", "P1", "A2"), OUT_CNN, strict=True)) | dict(y=ONE_HOT, K1=CNN["K1"], W2=CNN["W2"], mask=np.eye(7, 18) * 2), {}),
    "l2_regularization": (dict(weights=[W, X]), dict(lambda_=0.1)),
    "dropout": (dict(A=X), dict(p=0.5)),
    "momentum_update": (dict(velocity=W, gradient=W), dict(mu=0.9, lr=0.1)),
    "accuracy": (dict(y_pred=ONE_HOT, y_true=np.array([0.0, 1, 1, 0, 3, 2, 1])), {}),
}  # fmt: skip
DRAWS = {
    "gradient_descent",
    "mini_batches",
    "gradient_descent_general",
    "initialize_weights",
    "dropout",
}


def nested(change, value):
    """``change`` applied to every array of a dictionary, list or array."""
    if isinstance(value, dict):
        return {name: nested(change, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [nested(change, inner) for inner in value]
    return change(value)


def call(name, change=lambda array: array):
    """The function of this name, called with changed arrays: its results, in one flat list."""
    arguments, options = CALLS[name]
    if name in DRAWS:
        options = options | dict(rng=np.random.default_rng(0))
    result = getattr(nn, name)(**nested(change, arguments), **options)
    return list(flat(list(result) if name == "mini_batches" else result))


def flat(result):
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, list | tuple):
        for inner in result:
            yield from flat(inner)
    elif result is not None:
        yield result


def test_every_public_function_is_called():
    functions = list(library_parts())
    for name in functions:
        assert name in CALLS, f"add a good call of {name} to CALLS"
    assert list(CALLS) == functions, "bring CALLS into the order of the functions in the library"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_in_dtype_out(name, dtype):
    always_float64 = name in ("initialize_weights", "one_hot")
    for result in call(name, lambda array: array.astype(dtype)):
        if isinstance(result, np.ndarray):
            assert result.dtype == (np.float64 if always_float64 else dtype)
        else:
            assert type(result) is float


@pytest.mark.parametrize("name", CALLS)
def test_float32_agrees_with_float64(name):
    single = call(name, lambda array: array.astype(np.float32))
    for mine, expected in zip(single, call(name), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("name", CALLS)
def test_the_order_in_memory_does_not_matter(name):
    def backward_in_memory(array):
        return array[::-1].copy(order="F")[::-1]

    # A difference quotient divides the last digits by a small step, and so shows them large.
    rounding = 1e-9 if name == "numerical_gradient" else 1e-13
    for mine, expected in zip(call(name, backward_in_memory), call(name), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=rounding)


@pytest.mark.parametrize("name", CALLS)
def test_lists_are_as_good_as_arrays(name):
    if name == "mini_batches":
        return  # documented as taking arrays
    for mine, expected in zip(call(name, lambda array: array.tolist()), call(name), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", CALLS)
def test_no_argument_is_changed(name):
    given = []

    def locked(array):
        array = array.copy()
        array.flags.writeable = False  # a write would raise
        given.append(array)
        return array

    call(name, locked)
    assert given or CALLS[name][0] == {}  # the first of the two holds the arrays


@pytest.mark.parametrize("name", CALLS)
def test_arguments_work_by_position_in_the_documented_order(name):
    arguments, options = CALLS[name]
    parameters = inspect.signature(getattr(nn, name)).parameters
    everything = arguments | options
    positional = [
        everything[key] for key, value in parameters.items()
        if value.kind is value.POSITIONAL_OR_KEYWORD and key in everything
    ]  # fmt: skip
    named = {
        key: value
        for key, value in everything.items()
        if parameters[key].kind is inspect.Parameter.KEYWORD_ONLY
    }
    if name in DRAWS:
        named["rng"] = np.random.default_rng(0)
    result = getattr(nn, name)(*positional, **named)
    result = list(flat(list(result) if name == "mini_batches" else result))
    for mine, expected in zip(result, call(name), strict=True):
        np.testing.assert_array_equal(mine, expected)


SIGNATURES = """
normalize(X)
matrix_multiply(X, W)
sigmoid(Z)
relu(Z)
softmax(Z)
mse_loss(y_pred, y)
binary_cross_entropy(A, y)
cross_entropy(A, y)
gradient_descent(X, y, W, b, lr, num_epochs, batch_size, loss_fn, activation_fn=identity)
gradient_descent_general(X, y, params, lr, num_epochs, forward_fn, grad_fn, loss_fn)
numerical_gradient(X, y, params, loss_fn, forward_fn, h=0.0001)
forward_perceptron(X, W, b)
forward_mlp(X, W1, b1, W2, b2)
backward_mlp(X, A1, A2, y, W1, W2, Z1=None)
forward_mlp_3layer(X, W1, b1, W2, b2, W3, b3)
backward_mlp_3layer(X, A1, A2, A3, y, W1, W2, W3, Z1=None, Z2=None)
conv2d(image, filter_kernel, stride=1)
max_pool(X, size=2, stride=2)
l2_regularization(weights, lambda_)
dropout(A, p, training=True)
momentum_update(velocity, gradient, mu, lr)
accuracy(y_pred, y_true)
"""


@pytest.mark.parametrize("expected", SIGNATURES.split("\n")[1:-1])
def test_the_signatures_of_the_course(expected):
    name = expected.split("(")[0]
    shown = []
    for key, value in inspect.signature(getattr(nn, name)).parameters.items():
        if value.kind is value.KEYWORD_ONLY:
            assert value.default is not value.empty
            continue
        default = getattr(value.default, "__name__", value.default)
        shown.append(key if value.default is value.empty else f"{key}={default}")
    assert f"{name}({', '.join(shown)})" == expected


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool])
def test_integers_become_float64(dtype):
    whole = np.array([[1, 0], [0, 1], [1, 1]]).astype(dtype)
    two, zero = whole[:2], np.zeros((1, 2), dtype)
    results = [
        nn.normalize(whole), nn.matrix_multiply(whole, two), nn.sigmoid(whole), nn.relu(whole),
        nn.softmax(whole), nn.identity(whole), *nn.forward_mlp(whole, two, zero, two, zero),
        nn.conv2d(whole, two), nn.max_pool(whole), nn.dropout(whole, 0.5),
        *nn.momentum_update(whole, whole, 0.9, 0.1), *nn.l2_regularization([whole], 0.1)[1],
        nn.gradient_descent(whole, whole, two, zero, 0.1, 1, 2, nn.mse_loss)[0],
        nn.sgd_update(None, whole, 0.1)[1],
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float64)}


def test_float64_targets_do_not_slow_float32_down():
    inputs, weights, bias = (a.astype(np.float32) for a in (X, W, B))
    assert (
        nn.gradient_descent(inputs, Y, weights, bias, 0.1, 1, 2, nn.mse_loss)[0].dtype == np.float32
    )


@pytest.mark.parametrize("wide", range(3))
def test_one_float64_among_the_arguments_makes_the_run_float64(wide):
    arguments = [a.astype(np.float32) for a in (X, W, B)]
    arguments[wide] = arguments[wide].astype(np.float64)
    inputs, weights, bias = arguments
    fitted = nn.gradient_descent(inputs, Y, weights, bias, 0.1, 1, 2, nn.mse_loss)
    assert fitted[0].dtype == fitted[1].dtype == np.float64


def test_counts_may_be_numpy_integers():
    assert len(fit(num_epochs=np.int64(2), batch_size=np.int32(3))[2]) == 2


def fit(**changes):
    arguments = dict(X=X, y=Y, W=W, b=B, lr=0.1, num_epochs=1, batch_size=2, loss_fn=nn.mse_loss)
    return nn.gradient_descent(**(arguments | changes))


def array_arguments():
    """Every array argument of every function, with the name that an error should give it."""
    passed_on = {("numerical_gradient", "X"), ("numerical_gradient", "y")}
    for function, (arguments, _) in CALLS.items():
        for name, value in arguments.items():
            if function == "mini_batches" or (function, name) in passed_on:
                continue
            if isinstance(value, np.ndarray):
                yield function, name, name
            elif name == "params":
                yield function, name, "params['W']"
            elif name == "masks":
                yield function, name, "mask"
            elif name == "weights":
                yield function, name, "weights[0]"


def spoilt(function, name, bad):
    """The good call of a function with one bad argument."""
    arguments, options = CALLS[function]
    value = arguments[name]
    if isinstance(value, dict):
        bad = value | {"W": bad}
    elif isinstance(value, list):
        bad = [bad, *value[1:]]
    return getattr(nn, function)(**(arguments | {name: bad}), **options)


@pytest.mark.parametrize(("function", "name", "shown"), list(array_arguments()))
def test_what_is_no_array_of_numbers_is_refused_by_name(function, name, shown):
    with pytest.raises(TypeError) as caught:
        spoilt(function, name, [["a"]])
    assert str(caught.value).startswith(f"{shown} must hold real numbers, but its dtype is")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is looked at
        spoilt(function, name, np.zeros((0, 3)))
    assert str(caught.value) == f"{shown} is empty: its shape is (0, 3)"


def backward(**changes):
    return nn.backward_mlp(**(CALLS["backward_mlp"][0] | changes))


NAN = np.where(np.eye(7, 3) > 0, np.nan, 1.0)
WRONG_CALLS = [
    (lambda: nn.normalize([]), ValueError, "X is empty: its shape is (0,)"),
    (lambda: nn.normalize(np.zeros((0, 3))), ValueError, "(0, 3)"),
    (lambda: nn.normalize(NAN), ValueError, "3 values that are not finite; the first is nan at index (0, 0)"),
    (lambda: nn.normalize([1.0, np.inf]), ValueError, "inf at index (1,)"),
    (lambda: nn.normalize(["a"]), TypeError, "X must hold real numbers"),
    (lambda: nn.normalize([1j]), TypeError, "complex128"),
    (lambda: nn.matrix_multiply(X, W.T), ValueError, "X has 3 columns but W has 2 rows (X is (7, 3), W is (2, 3))"),
    (lambda: nn.matrix_multiply(X[0], W), ValueError, "X must have two dimensions, but its shape is (3,)"),
    (lambda: nn.matrix_multiply(np.zeros((2, 4, 3)), W), ValueError, "X must have two dimensions, but its shape is (2, 4, 3)"),
    (lambda: nn.matrix_multiply(X, W[:, 0]), ValueError, "W must have two dimensions, but its shape is (3,)"),
    (lambda: nn.sigmoid([]), ValueError, "Z is empty"),
    (lambda: nn.sigmoid("a"), TypeError, "Z must hold real numbers"),
    (lambda: nn.mse_loss(Y[:, 0], Y[:, :1]), ValueError, "y_pred is (7,) and y is (7, 1)"),
    (lambda: nn.mse_loss(Y, X), ValueError, "y_pred is (7, 2) and y is (7, 3)"),
    (lambda: nn.mse_loss([], []), ValueError, "y_pred is empty"),
    (lambda: nn.mse_loss(1.0, 2.0), ValueError, "y_pred must hold one row a sample"),
    (lambda: nn.binary_cross_entropy(LABELS[:, 0], LABELS[:, :1]), ValueError, "A is (7,) and y is (7, 1)"),
    (lambda: nn.binary_cross_entropy([[1.5]], [[1]]), ValueError, "A must lie between 0 and 1, but it ranges from 1.5 to 1.5"),
    (lambda: nn.binary_cross_entropy([[0.5]], [[-1]]), ValueError, "y must lie between 0 and 1, but it ranges from -1 to -1"),
    (lambda: nn.binary_cross_entropy([], []), ValueError, "A is empty"),
    (lambda: fit(W=W[:2]), ValueError, "X has 3 columns but W has 2 rows (X is (7, 3), W is (2, 2))"),
    (lambda: fit(X=X[:, 0]), ValueError, "X must have two dimensions, but its shape is (7,)"),
    (lambda: fit(W=W[:, 0]), ValueError, "W must have two dimensions, but its shape is (3,)"),
    (lambda: fit(y=Y[:, 0]), ValueError, "y must be (7, 2) to fit X (7, 3) and W (3, 2), but it is (7,)"),
    (lambda: fit(y=Y[:5]), ValueError, "y must be (7, 2) to fit X (7, 3) and W (3, 2), but it is (5, 2)"),
    (lambda: fit(b=B[0]), ValueError, "b must be (1, 2) to fit W (3, 2), but it is (2,)"),
    (lambda: fit(b=B.T), ValueError, "b must be (1, 2) to fit W (3, 2), but it is (2, 1)"),
    (lambda: fit(X=np.zeros((0, 3))), ValueError, "X is empty: its shape is (0, 3)"),
    (lambda: fit(X=NAN), ValueError, "X holds 3 values that are not finite"),
    (lambda: fit(y=np.where(Y > 0, np.inf, Y)), ValueError, "values that are not finite"),
    (lambda: fit(W=W * np.nan), ValueError, "W holds 6 values that are not finite"),
    (lambda: fit(b=B * np.nan), ValueError, "b holds 2 values that are not finite"),
    (lambda: fit(lr=0), ValueError, "lr must be a positive number, but it is 0"),
    (lambda: fit(lr=-0.1), ValueError, "lr must be a positive number, but it is -0.1"),
    (lambda: fit(lr="0.1"), ValueError, "lr must be a positive number, but it is '0.1'"),
    (lambda: nn.normalize(5), ValueError, "X must hold one row a sample"),
    (lambda: list(nn.mini_batches(X, Y, 0, RNG)), ValueError, "batch_size must be a whole number of at least 1, but it is 0"),
    (lambda: list(nn.mini_batches(X, Y, -1, RNG)), ValueError, "batch_size must be a whole number of at least 1, but it is -1"),
    (lambda: fit(lr=np.nan), ValueError, "lr must be a positive number, but it is nan"),
    (lambda: fit(lr=np.inf), ValueError, "lr must be a positive number, but it is inf"),
    (lambda: fit(num_epochs=0), ValueError, "num_epochs must be a whole number of at least 1, but it is 0"),
    (lambda: fit(num_epochs=1.5), ValueError, "num_epochs must be a whole number"),
    (lambda: fit(batch_size=0), ValueError, "batch_size must be a whole number of at least 1, but it is 0"),
    (lambda: fit(batch_size=2.0), ValueError, "batch_size must be a whole number of at least 1, but it is 2.0"),
    (lambda: fit(batch_size=True), ValueError, "batch_size must be a whole number"),
    (lambda: fit(activation_fn=nn.sigmoid), ValueError, "not for sigmoid with mse_loss"),
    (lambda: fit(loss_fn=nn.binary_cross_entropy), ValueError, "not for identity with binary_cross_entropy"),
    (lambda: fit(loss_fn=functools.partial(nn.mse_loss)), ValueError, "not for identity with functools.partial("),
    (lambda: nn.cross_entropy(ONE_HOT, ONE_HOT[:5]), ValueError, "but it is (5, 4)$"),
    (lambda: fit(activation_fn=np.tanh), ValueError, "not for tanh with mse_loss"),
    (lambda: list(nn.mini_batches(X, Y[:5], 2, RNG)), ValueError, "X has 7 rows but y has 5 (X is (7, 3), y is (5, 2))"),
    (lambda: nn.numerical_gradient(X, Y, {}, nn.mse_loss, linear), ValueError, "params is empty"),
    (lambda: nn.numerical_gradient(X, Y, {"W": []}, nn.mse_loss, linear), ValueError, "params['W'] is empty: its shape is (0,)"),
    (lambda: nn.numerical_gradient(X, Y, {"W": W, "b": B}, nn.mse_loss, linear, h=0), ValueError, "h must be a positive number, but it is 0"),
    (lambda: nn.numerical_gradient(X, Y, {"W": W, "b": B}, nn.mse_loss, linear, h=-1e-4), ValueError, "h must be a positive number, but it is -0.0001"),
    (lambda: nn.relative_error(X, Y), ValueError, "gradient is (7, 3) and expected is (7, 2)"),
    (lambda: nn.relative_error([], []), ValueError, "gradient is empty"),
    (lambda: nn.relative_error([np.nan, 1], [2, 1]), ValueError, "gradient holds 1 values that are not finite; the first is nan at index (0,)"),
    (lambda: nn.relative_error([2, 1], [2, -np.inf]), ValueError, "expected holds 1 values that are not finite; the first is -inf at index (1,)"),
    (lambda: list(nn.mini_batches(X[:0], Y[:0], 2, RNG)), ValueError, "X is empty: its shape is (0, 3)"),
    (lambda: nn.forward_perceptron(X, W.T, B), ValueError, "X has 3 columns but W has 2 rows (X is (7, 3), W is (2, 3))"),
    (lambda: nn.forward_perceptron(X, W, B[0]), ValueError, "b must be (1, 2) to fit W (3, 2), but it is (2,)"),
    (lambda: nn.forward_perceptron(X[0], W, B), ValueError, "X must have two dimensions, but its shape is (3,)"),
    (lambda: nn.relu([]), ValueError, "Z is empty"),
    (lambda: nn.relu("a"), TypeError, "Z must hold real numbers"),
    (lambda: nn.softmax(1.0), ValueError, "Z must hold one row a sample"),
    (lambda: nn.softmax(np.zeros((0, 3))), ValueError, "Z is empty: its shape is (0, 3)"),
    (lambda: nn.one_hot([0, 3], 3), ValueError, "whole numbers from 0 to 2, but row 1 is 3"),
    (lambda: nn.one_hot([-1], 3), ValueError, "whole numbers from 0 to 2, but row 0 is -1"),
    (lambda: nn.one_hot([0.5], 3), ValueError, "row 0 is 0.5"),
    (lambda: nn.one_hot([np.nan], 3), ValueError, "row 0 is nan"),
    (lambda: nn.one_hot([[0, 1]], 3), ValueError, "labels must be (n,) or (n, 1), but its shape is (1, 2)"),
    (lambda: nn.one_hot(2, 3), ValueError, "labels must hold one row a sample"),
    (lambda: nn.one_hot([0], 0), ValueError, "num_classes must be a whole number of at least 1"),
    (lambda: nn.cross_entropy(ONE_HOT, ONE_HOT[:5]), ValueError, "y must be (7, 4) to fit A, but it is (5, 4)"),
    (lambda: nn.cross_entropy(ONE_HOT, np.arange(7)), ValueError, "y must be (7, 4) to fit A, but it is (7,); one_hot turns class indices into rows"),
    (lambda: nn.cross_entropy(ONE_HOT[0], ONE_HOT[0]), ValueError, "A must have two dimensions, but its shape is (4,)"),
    (lambda: nn.cross_entropy([[1.5, 0]], [[1, 0]]), ValueError, "A must lie between 0 and 1, but it ranges from 0 to 1.5"),
    (lambda: nn.cross_entropy([[0.5, 0.5]], [[2, -1]]), ValueError, "y must lie between 0 and 1, but it ranges from -1 to 2"),
    (lambda: nn.forward_mlp(X[:, :2], **MLP2), ValueError, "X has 2 columns but W1 has 3 rows (X is (7, 2), W1 is (3, 4))"),
    (lambda: nn.forward_mlp(X, **(MLP2 | {"W2": W})), ValueError, "W1 has 4 columns but W2 has 3 rows (W1 is (3, 4), W2 is (3, 2))"),
    (lambda: nn.forward_mlp(X, **(MLP2 | {"b2": B})), ValueError, "b2 must be (1, 4) to fit W2 (4, 4), but it is (1, 2)"),
    (lambda: nn.forward_mlp(X, **(MLP2 | {"b1": MLP2["b1"][0]})), ValueError, "b1 must be (1, 4) to fit W1 (3, 4), but it is (4,)"),
    (lambda: nn.forward_mlp_3layer(X, **(MLP3 | {"W3": W})), ValueError, "W2 has 6 columns but W3 has 3 rows"),
    (lambda: nn.forward_mlp_3layer(X, **MLP3, masks=[np.ones((7, 5))]), ValueError, "masks must hold 2 arrays, one a hidden layer, but it holds 1"),
    (lambda: nn.forward_mlp_3layer(X, **MLP3, masks=[np.ones((7, 5)), np.ones((1, 6))]), ValueError, "mask must be (7, 6) to fit A (7, 6), but it is (1, 6)"),
    (lambda: backward(A1=OUT2[0][:5]), ValueError, "A1 must be (7, 4) to fit X (7, 3) and W1 (3, 4), but it is (5, 4)"),
    (lambda: backward(A2=OUT2[1][:, :3]), ValueError, "A2 must be (7, 4) to fit X (7, 3) and W2 (4, 4), but it is (7, 3)"),
    (lambda: backward(y=np.arange(7)), ValueError, "y must be (7, 4) to fit A2, but it is (7,); one_hot turns class indices into rows"),
    (lambda: backward(y=ONE_HOT[:5]), ValueError, "y must be (7, 4) to fit A2, but it is (5, 4)"),
    (lambda: backward(W1=W.T), ValueError, "X has 3 columns but W1 has 2 rows (X is (7, 3), W1 is (2, 3))"),
    (lambda: backward(W2=W), ValueError, "A1 has 4 columns but W2 has 3 rows (A1 is (7, 4), W2 is (3, 2))"),
    (lambda: backward(Z1=X), ValueError, "Z1 must be (7, 4) to fit A1 (7, 4), but it is (7, 3)"),
    (lambda: backward(X=X[0]), ValueError, "X must have two dimensions, but its shape is (3,)"),
    (lambda: nn.backward_mlp_3layer(**(CALLS["backward_mlp_3layer"][0] | {"Z2": X})), ValueError, "Z2 must be (7, 6) to fit A2 (7, 6), but it is (7, 3)"),
    (lambda: nn.backward_mlp_3layer(**(CALLS["backward_mlp_3layer"][0] | {"W2": W})), ValueError, "A1 has 5 columns but W2 has 3 rows"),
    (lambda: nn.backward_mlp_3layer(**(CALLS["backward_mlp_3layer"][0] | {"masks": []})), ValueError, "masks must hold 2 arrays"),
    (lambda: nn.backward_mlp_3layer(**(CALLS["backward_mlp_3layer"][0] | {"Z1": X})), ValueError, "Z1 must be (7, 5) to fit A1 (7, 5), but it is (7, 3)"),
    (lambda: backward(Z1=X[0]), ValueError, "Z1 must have two dimensions, but its shape is (3,)"),
    (lambda: nn.conv_backward_input(GRAD_Z, IMAGES, np.ones((3, 1, 8, 3))), ValueError, "K (3, 1, 8, 3) is larger than the image it should slide over (7, 8)"),
    (lambda: nn.sgd_update(None, [], 0.1), ValueError, "gradient is empty"),
    (lambda: train(y=Y[:5]), ValueError, "X has 7 rows but y has 5 (X is (7, 3), y is (5, 2))"),
    (lambda: train(X=[]), ValueError, "X is empty"),
    (lambda: train(X=NAN), ValueError, "X holds 3 values that are not finite"),
    (lambda: train(y=Y * np.nan), ValueError, "y holds 14 values that are not finite"),
    (lambda: train(params={}), ValueError, "params is empty"),
    (lambda: train(params={"W": W * np.inf, "b": B}), ValueError, "W holds 6 values that are not finite"),
    (lambda: train(lr=0), ValueError, "lr must be a positive number, but it is 0"),
    (lambda: train(lr=[0.1]), ValueError, "lr must be a positive number, but it is [0.1]"),
    (lambda: train(num_epochs=0), ValueError, "num_epochs must be a whole number of at least 1"),
    (lambda: train(batch_size=0), ValueError, "batch_size must be a whole number of at least 1, but it is 0"),
    (lambda: train(grad_fn=lambda X, y, A, params: {"W": W}), ValueError, "grad_fn must return a gradient for ['W', 'b'], but it gave ['W']"),
    (lambda: train(grad_fn=lambda X, y, A, params: {"W": W, "b": B, "c": B}), ValueError, "but it gave ['W', 'b', 'c']"),
    (lambda: train(grad_fn=lambda X, y, A, params: (W, B)), TypeError, "grad_fn must return a dictionary {name: gradient}, but it gave a tuple"),
    (lambda: train(grad_fn=lambda X, y, A, params: {"W": W, "b": B[0]}), ValueError, "the gradient of b must be (1, 2) as b is, but it is (2,)"),
    (lambda: train(grad_fn=lambda X, y, A, params: {"W": W.T, "b": B}), ValueError, "the gradient of W must be (3, 2) as W is, but it is (2, 3)"),
    (lambda: train(lambda velocity, gradient, lr: (velocity, 0.1)), ValueError, "the update of W must be (3, 2) as W is, but it is ()"),
    (lambda: nn.initialize_weights((3, 2), "xaver"), ValueError, "scheme must be one of small, xavier, he, but it is 'xaver'"),
    (lambda: nn.initialize_weights((3,)), ValueError, "shape must be (d, k) or (F, C, f, f), but it is (3,)"),
    (lambda: nn.initialize_weights((3, 2, 2)), ValueError, "but it is (3, 2, 2)"),
    (lambda: nn.initialize_weights((3, 0)), ValueError, "shape[1] must be a whole number of at least 1, but it is 0"),
    (lambda: nn.conv2d(IMAGE, IMAGE[0]), ValueError, "filter_kernel must have two dimensions, but its shape is (7,)"),
    (lambda: nn.conv2d(IMAGE[0], IMAGE), ValueError, "image must have two dimensions, but its shape is (7,)"),
    (lambda: nn.conv2d(IMAGE[:2, :2], IMAGE[:3, :3]), ValueError, "filter_kernel (3, 3) is larger than the image it should slide over (2, 2)"),
    (lambda: nn.conv2d(IMAGE, IMAGE[:1, :1], 0), ValueError, "stride must be a whole number of at least 1, but it is 0"),
    (lambda: nn.conv2d(IMAGE, IMAGE[:1, :1], 1.5), ValueError, "stride must be a whole number of at least 1, but it is 1.5"),
    (lambda: nn.conv_forward(X, CNN["K1"], CNN["b1"]), ValueError, "X must have four dimensions, but its shape is (7, 3)"),
    (lambda: nn.conv_forward(IMAGES, CNN["K1"][0], CNN["b1"]), ValueError, "K must have four dimensions, but its shape is (1, 3, 3)"),
    (lambda: nn.conv_forward(IMAGES, np.ones((3, 2, 3, 3)), CNN["b1"]), ValueError, "X has 1 channels but K has 2 (X is (7, 1, 7, 8), K is (3, 2, 3, 3))"),
    (lambda: nn.conv_forward(IMAGES, CNN["K1"], CNN["b1"].T), ValueError, "b must be (1, 3) to fit K (3, 1, 3, 3), but it is (3, 1)"),
    (lambda: nn.conv_forward(IMAGES, np.ones((3, 1, 8, 3)), CNN["b1"]), ValueError, "K (3, 1, 8, 3) is larger than the image it should slide over (7, 8)"),
    (lambda: nn.conv_forward(IMAGES, np.ones((3, 1, 3, 9)), CNN["b1"]), ValueError, "K (3, 1, 3, 9) is larger than the image it should slide over (7, 8)"),
    (lambda: nn.conv_backward(GRAD_Z[:, :2], OUT_CNN[0], CNN["K1"]), ValueError, "grad_Z has 2 maps an image but K has 3 filters (grad_Z is (7, 2, 5, 6), K is (3, 1, 3, 3))"),
    (lambda: nn.conv_backward(GRAD_Z, OUT_CNN[0][:, :-1], CNN["K1"]), ValueError, "columns must be (5, 9, 42) to fit grad_Z (7, 3, 5, 6) and K (3, 1, 3, 3), but it is (5, 8, 42)"),
    (lambda: nn.conv_backward_input(GRAD_Z, IMAGES, CNN["K1"], 2), ValueError, "grad_Z must be (7, 3, 3, 3) to fit X (7, 1, 7, 8) and K (3, 1, 3, 3), but it is (7, 3, 5, 6)"),
    (lambda: nn.max_pool(X[0]), ValueError, "X (3,) has no room for a pooling window of 2 x 2"),
    (lambda: nn.max_pool(IMAGE, 8), ValueError, "X (9, 7) has no room for a pooling window of 8 x 8"),
    (lambda: nn.max_pool(IMAGE, 0), ValueError, "size must be a whole number of at least 1, but it is 0"),
    (lambda: nn.max_pool(IMAGE, 2, 0), ValueError, "stride must be a whole number of at least 1, but it is 0"),
    (lambda: nn.max_pool_backward(IMAGE, IMAGE, nn.max_pool(IMAGE)), ValueError, "grad_P must be (4, 3) to fit P (4, 3), but it is (9, 7)"),
    (lambda: nn.max_pool_backward(IMAGE, IMAGE, IMAGE), ValueError, "P must be (4, 3) to fit X (9, 7), but it is (9, 7)"),
    (lambda: nn.forward_cnn(X, **CNN), ValueError, "X must have four dimensions, but its shape is (7, 3)"),
    (lambda: nn.forward_cnn(IMAGES, **(CNN | {"W2": CNN["W2"][:10]})), ValueError, "P1 has 18 columns but W2 has 10 rows (P1 is (7, 18), W2 is (10, 4))"),
    (lambda: nn.forward_cnn(IMAGES, **(CNN | {"b2": B})), ValueError, "b2 must be (1, 4) to fit W2 (18, 4), but it is (1, 2)"),
    (lambda: nn.forward_cnn(IMAGES, **CNN, mask=np.ones(18)), ValueError, "mask must be (7, 18) to fit A (7, 18), but it is (18,)"),
    (lambda: nn.backward_cnn(*OUT_CNN, np.arange(7), CNN["K1"], CNN["W2"]), ValueError, "y must be (7, 4) to fit A2, but it is (7,); one_hot turns class indices into rows"),
    (lambda: nn.backward_cnn(*OUT_CNN[:3], ONE_HOT[:5], ONE_HOT[:5], CNN["K1"], CNN["W2"]), ValueError, "A2 must be (7, 4) to fit P1 (7, 3, 2, 3) and W2 (18, 4), but it is (5, 4)"),
    (lambda: nn.backward_cnn(*OUT_CNN, ONE_HOT, CNN["K1"], CNN["W2"][:10]), ValueError, "P1 has 18 columns but W2 has 10 rows"),
    (lambda: nn.backward_cnn(OUT_CNN[0], OUT_CNN[1][:5], *OUT_CNN[2:], ONE_HOT, CNN["K1"], CNN["W2"]), ValueError, "P must be (5, 3, 2, 3) to fit X (5, 3, 5, 6), but it is (7, 3, 2, 3)"),
    (lambda: nn.l2_regularization([W], -0.1), ValueError, "lambda_ must be at least 0 and finite, but it is -0.1"),
    (lambda: nn.l2_regularization([W], np.inf), ValueError, "lambda_ must be at least 0 and finite, but it is inf"),
    (lambda: nn.l2_regularization([W, []], 0.1), ValueError, "weights[1] is empty"),
    (lambda: nn.dropout(X, 0), ValueError, "p must be a positive number, but it is 0"),
    (lambda: nn.dropout(X, 1.2), ValueError, "p is the probability to keep a unit, at most 1, but it is 1.2"),
    (lambda: nn.dropout(X, 1.2, training=False), ValueError, "at most 1, but it is 1.2"),
    (lambda: nn.dropout([], 0.5), ValueError, "A is empty"),
    (lambda: nn.momentum_update(W, B, 0.9, 0.1), ValueError, "velocity is (3, 2) and gradient is (1, 2)"),
    (lambda: nn.momentum_update(W, W, 1, 0.1), ValueError, "mu must be at least 0 and below 1, but it is 1"),
    (lambda: nn.momentum_update(W, W, -0.1, 0.1), ValueError, "mu must be at least 0 and below 1, but it is -0.1"),
    (lambda: nn.momentum_update(W, W, 0.9, 0), ValueError, "lr must be a positive number, but it is 0"),
    (lambda: nn.accuracy([0, 1], [0, 1, 1]), ValueError, "y_pred is (2,) and y_true is (3,)"),
    (lambda: nn.accuracy([0.5, np.nan], [0, 1]), ValueError, "y_pred holds 1 values that are not finite; the first is nan at index (1,)"),
    (lambda: nn.accuracy([0.5, 2.5], [0, 1]), ValueError, "y_pred must lie between 0 and 1, but it ranges from 0.5 to 2.5"),
    (lambda: nn.accuracy(np.zeros((2, 3, 4)), [0, 1]), ValueError, "y_pred must be (n,), (n, 1) or (n, k), but its shape is (2, 3, 4)"),
    (lambda: nn.accuracy([], []), ValueError, "y_pred is empty"),
    (lambda: fit(activation_fn=nn.softmax), ValueError, "gradient_descent follows the error A - y, which is the gradient only for identity with mse_loss, sigmoid with binary_cross_entropy and softmax with cross_entropy, not for softmax with mse_loss; gradient_descent_general takes any gradient$"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG_CALLS)
def test_a_wrong_call_says_what_is_wrong(call, error, message):
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value) + "$"  # so that a message may say where it ends
    assert message in text


def test_every_public_function_belongs_to_a_part_in_order():
    parts = list(library_parts().values())
    assert parts == sorted(parts), "bring the sections of the library into the order of the parts"
    assert len(parts) <= MOST_FUNCTIONS, (
        f"the library has {len(parts)} public functions: beginners read it from top to bottom, so "
        f"take one out, make it private, or raise MOST_FUNCTIONS ({MOST_FUNCTIONS}) knowingly"
    )


def test_every_public_function_has_a_complete_docstring():
    for name in library_parts():
        text = getattr(nn, name).__doc__
        for section in ("Source:", ">>>"):
            assert section in text, f"the docstring of {name} lacks {section}"
