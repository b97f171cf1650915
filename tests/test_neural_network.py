"""The library: right values, right gradients, kept dtypes, untouched arguments, clear errors."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit
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


# ------------------------------------------------------------------------ all functions


def call_all(dtype):
    inputs, labels, weights, bias = (a.astype(dtype) for a in (X, LABELS, W, B))
    rng = np.random.default_rng(0)
    fitted = nn.gradient_descent(
        inputs, labels, weights, bias, 0.1, 2, 3, nn.binary_cross_entropy, nn.sigmoid, rng=rng
    )
    return {
        "normalize": nn.normalize(inputs),
        "matrix_multiply": nn.matrix_multiply(inputs, weights),
        "sigmoid": nn.sigmoid(inputs),
        "identity": nn.identity(inputs),
        "gradient_descent W": fitted[0],
        "gradient_descent b": fitted[1],
        "mini_batches": next(iter(nn.mini_batches(inputs, labels, 2, rng)))[0],
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_in_dtype_out(dtype):
    assert {name: a.dtype for name, a in call_all(dtype).items() if a.dtype != dtype} == {}


def test_float32_agrees_with_float64():
    single, double = call_all(np.float32), call_all(np.float64)
    for name in single:
        np.testing.assert_allclose(single[name], double[name], rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool])
def test_integers_become_float64(dtype):
    whole = np.array([[1, 0], [0, 1], [1, 1]]).astype(dtype)
    assert nn.normalize(whole).dtype == np.float64
    assert nn.matrix_multiply(whole, whole[:2]).dtype == np.float64
    assert nn.sigmoid(whole).dtype == np.float64
    zero = np.zeros((2, 1), dtype)
    fit = nn.gradient_descent(whole, whole[:, :1], zero, zero[:1], 0.1, 1, 2, nn.mse_loss)
    assert fit[0].dtype == np.float64


def test_float64_targets_do_not_slow_float32_down():
    inputs, weights, bias = (a.astype(np.float32) for a in (X, W, B))
    assert (
        nn.gradient_descent(inputs, Y, weights, bias, 0.1, 1, 2, nn.mse_loss)[0].dtype == np.float32
    )


def test_no_argument_is_changed():
    arguments = [X, Y, LABELS, W, B]
    copies = [a.copy() for a in arguments]
    rng = np.random.default_rng(0)
    nn.normalize(X)
    nn.matrix_multiply(X, W)
    nn.sigmoid(X)
    nn.identity(X)
    nn.mse_loss(Y, LABELS)
    nn.binary_cross_entropy(LABELS, LABELS)
    for batch_size in (3, 7):
        nn.gradient_descent(X, Y, W, B, 0.5, 2, batch_size, nn.mse_loss, rng=rng)
        list(nn.mini_batches(X, Y, batch_size, rng))
    for before, after in zip(copies, arguments, strict=True):
        np.testing.assert_array_equal(before, after)


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
    (lambda: fit(activation_fn=np.tanh), ValueError, "not for tanh with mse_loss"),
    (lambda: list(nn.mini_batches(X, Y[:5], 2, RNG)), ValueError, "X has 7 rows but y has 5 (X is (7, 3), y is (5, 2))"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG_CALLS)
def test_a_wrong_call_says_what_is_wrong(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_every_public_function_belongs_to_a_part_in_order():
    parts = list(library_parts().values())
    assert parts == sorted(parts)
    assert len(parts) <= 35


def test_every_public_function_has_a_complete_docstring():
    for name in library_parts():
        text = getattr(nn, name).__doc__
        for section in ("Source:", ">>>"):
            assert section in text, f"the docstring of {name} lacks {section}"
