"""Every gradient of the library against the numerical one, in float64, below 1e-6."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from course_lib import neural_network as nn
from tests.test_neural_network import cnn_parameters, mlp_parameters

LIMIT = 1e-6


def assert_gradients(gradients, X, y, params, loss_fn, forward_fn):
    """Compare gradients, in the order of ``params``, with the measured ones."""
    measured = nn.numerical_gradient(X, y, params, loss_fn, forward_fn)
    for gradient, (name, expected) in zip(gradients, measured.items(), strict=True):
        assert np.abs(expected).max() > 1e-4 or not gradient.any(), f"{name} measures nothing"
        assert nn.relative_error(gradient, expected) < LIMIT, name


def targets(n, k, seed=0):
    return nn.one_hot(np.random.default_rng(seed).integers(0, k, n), k)


# --------------------------------------------------------------------- fully connected

SIZES = [(1, 1, 1, 2), (7, 3, 4, 2), (5, 2, 6, 3), (2, 8, 3, 5)]


@pytest.mark.parametrize(("n", "d", "h", "k"), SIZES)
@pytest.mark.parametrize("with_Z1", [False, True])
def test_backward_mlp(n, d, h, k, with_Z1):
    X, y, p = (
        np.random.default_rng(1).normal(size=(n, d)),
        targets(n, k),
        mlp_parameters((d, h, k), 1),
    )
    A1, A2 = nn.forward_mlp(X, **p)
    Z1 = X @ p["W1"] + p["b1"] if with_Z1 else None
    gradients = nn.backward_mlp(X, A1, A2, y, p["W1"], p["W2"], Z1)
    assert_gradients(gradients, X, y, p, nn.cross_entropy, lambda X, p: nn.forward_mlp(X, **p))


@pytest.mark.parametrize(("n", "d", "h", "k"), SIZES)
@pytest.mark.parametrize("with_Z", [False, True])
@pytest.mark.parametrize("keep", [1, 0.6])
def test_backward_mlp_3layer(n, d, h, k, with_Z, keep):
    rng = np.random.default_rng(2)
    X, y, p = rng.normal(size=(n, d)), targets(n, k), mlp_parameters((d, h, 5, k), 2)
    masks = None if keep == 1 else [nn.dropout(np.ones((n, w)), keep, rng=rng) for w in (h, 5)]
    A1, A2, A3 = nn.forward_mlp_3layer(X, **p, masks=masks)
    Z = (X @ p["W1"] + p["b1"], A1 @ p["W2"] + p["b2"]) if with_Z else (None, None)
    gradients = nn.backward_mlp_3layer(X, A1, A2, A3, y, p["W1"], p["W2"], p["W3"], *Z, masks=masks)
    assert_gradients(
        gradients,
        X,
        y,
        p,
        nn.cross_entropy,
        lambda X, p: nn.forward_mlp_3layer(X, **p, masks=masks),
    )


def test_dead_units_and_blocked_units_get_no_gradient():
    X, y, p = np.random.default_rng(3).normal(size=(6, 3)), targets(6, 2), mlp_parameters((3, 4, 2))
    p["b1"][0, 1] = -100  # never active
    A1, A2 = nn.forward_mlp(X, **p)
    assert not A1[:, 1].any()
    gradients = nn.backward_mlp(X, A1, A2, y, p["W1"], p["W2"])
    assert not gradients[0][:, 1].any()
    assert gradients[1][0, 1] == 0
    assert not gradients[2][1].any()
    assert_gradients(gradients, X, y, p, nn.cross_entropy, lambda X, p: nn.forward_mlp(X, **p))


def test_the_slope_of_relu_at_zero_is_zero():
    W1, W2 = np.array([[0.0, 1.0]]), np.array([[1.0, -1.0], [2.0, 3.0]])
    A1, A2 = nn.forward_mlp([[1.0]], W1, [[0, 0]], W2, [[0, 0]])
    for Z1 in (None, W1):
        grad_W1 = nn.backward_mlp([[1.0]], A1, A2, [[1, 0]], W1, W2, Z1)[0]
        assert grad_W1[0, 0] == 0
        assert grad_W1[0, 1] != 0


def test_the_Z_that_are_given_decide_which_units_are_active():
    X, y, p = np.ones((2, 3)), targets(2, 2), mlp_parameters((3, 4, 5, 2), 1)
    outputs, weights = nn.forward_mlp_3layer(X, **p), (p["W1"], p["W2"], p["W3"])
    blocked = -np.ones((2, 4)), -np.ones((2, 5))
    first_blocked = nn.backward_mlp_3layer(X, *outputs, y, *weights, Z1=blocked[0])
    assert not first_blocked[0].any()
    assert first_blocked[2].any()
    both_blocked = nn.backward_mlp_3layer(X, *outputs, y, *weights, Z2=blocked[1])
    assert not both_blocked[2].any()
    assert both_blocked[4].any()


def test_soft_targets_have_the_same_gradient():
    X, p = np.random.default_rng(4).normal(size=(6, 3)), mlp_parameters((3, 4, 2))
    y = 0.8 * targets(6, 2) + 0.1
    gradients = nn.backward_mlp(X, *nn.forward_mlp(X, **p), y, p["W1"], p["W2"])
    assert_gradients(gradients, X, y, p, nn.cross_entropy, lambda X, p: nn.forward_mlp(X, **p))


def test_l2_regularization_adds_its_gradient():
    p = mlp_parameters((3, 4, 2))
    _, gradients = nn.l2_regularization([p["W1"], p["W2"]], 0.3)
    assert_gradients(
        gradients, [0.0], [0.0], {"W1": p["W1"], "W2": p["W2"]},
        lambda A, y: A, lambda X, p: nn.l2_regularization(list(p.values()), 0.3)[0],
    )  # fmt: skip


# ------------------------------------------------------------- convolution and pooling

CONVOLUTIONS = [
    (channels, filters, size, stride)
    for channels, filters, size in [(1, 1, (1, 1)), (1, 3, (3, 3)), (2, 3, (2, 4)), (3, 2, (6, 5))]
    for stride in (1, 2, 3)
]


@pytest.mark.parametrize(("channels", "filters", "size", "stride"), CONVOLUTIONS)
def test_convolution(channels, filters, size, stride):
    rng = np.random.default_rng(5)
    p = {
        "K": rng.normal(size=(filters, channels, *size)),
        "b": rng.normal(size=(1, filters)),
        "X": rng.normal(size=(4, channels, 6, 5)),
    }
    Z, columns = nn.conv_forward(p["X"], p["K"], p["b"], stride)
    slope = rng.normal(size=Z.shape)
    gradients = (
        *nn.conv_backward(slope, columns, p["K"]),
        nn.conv_backward_input(slope, p["X"], p["K"], stride),
    )
    assert_gradients(
        gradients, [0.0], [0.0], p,
        lambda loss, y: loss,
        lambda _, p: np.sum(slope * nn.conv_forward(p["X"], p["K"], p["b"], stride)[0]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "stride"), [(1, 1), (2, 2), (2, 1), (3, 2), (3, 3), (2, 3), (5, 1)]
)
@pytest.mark.parametrize("shape", [(6, 5), (2, 6, 5), (3, 2, 5, 6)])
def test_max_pooling(size, stride, shape):
    rng = np.random.default_rng(6)
    X = rng.normal(size=shape)
    P = nn.max_pool(X, size, stride)
    slope = rng.normal(size=P.shape)
    assert_gradients(
        [nn.max_pool_backward(slope, X, P, size, stride)], [0.0], [0.0], {"X": X},
        lambda loss, y: loss, lambda _, p: np.sum(slope * nn.max_pool(p["X"], size, stride)),
    )  # fmt: skip


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (2, 1), (3, 2)])
def test_of_tied_pixels_the_first_gets_the_whole_slope(size, stride):
    X = np.random.default_rng(7).integers(0, 3, size=(2, 7, 8)).astype(float)  # many ties
    P = nn.max_pool(X, size, stride)
    slope = np.arange(1.0, 1 + P.size).reshape(P.shape)
    expected = np.zeros_like(X)
    for c, i, j in np.ndindex(P.shape):
        top, left = i * stride, j * stride
        window = X[c, top : top + size, left : left + size]
        m, n = np.unravel_index(window.argmax(), window.shape)
        expected[c, top + m, left + n] += slope[c, i, j]
    np.testing.assert_array_equal(nn.max_pool_backward(slope, X, P, size, stride), expected)
    assert expected.sum() == slope.sum()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("keep", [1, 0.5])
def test_backward_cnn(channels, keep):
    rng = np.random.default_rng(8)
    p, X, y = cnn_parameters(channels), rng.normal(size=(4, channels, 7, 8)), targets(4, 4)
    p["b1"][0, 0] = -100  # a dead filter: all of its windows are ties
    mask = None if keep == 1 else nn.dropout(np.ones((4, 18)), keep, rng=rng)
    outputs = nn.forward_cnn(X, **p, mask=mask)
    gradients = nn.backward_cnn(*outputs, y, p["K1"], p["W2"], mask=mask)
    assert not gradients[0][0].any()
    assert_gradients(
        gradients, X, y, p, nn.cross_entropy, lambda X, p: nn.forward_cnn(X, **p, mask=mask)
    )


def test_feature_maps_of_exactly_zero_get_no_gradient():
    p, X = cnn_parameters(), np.random.default_rng(0).normal(size=(2, 1, 7, 8))
    p["K1"][:], p["b1"][:] = 0, 0
    outputs = nn.forward_cnn(X, **p)
    gradients = nn.backward_cnn(*outputs, targets(2, 4), p["K1"], p["W2"])
    assert not gradients[0].any()
    assert not gradients[1].any()


@pytest.mark.parametrize(("slope_dtype", "image_dtype"), [("f4", "f8"), ("f8", "f4")])
def test_slopes_keep_their_precision_beside_images_of_another(slope_dtype, image_dtype):
    X, K = np.ones((2, 1, 4, 4), image_dtype), np.ones((1, 1, 3, 3), slope_dtype)
    slope = np.ones((2, 1, 2, 2), slope_dtype)
    assert nn.conv_backward_input(slope, X, K).dtype == slope_dtype
    assert nn.max_pool_backward(slope, X, nn.max_pool(X)).dtype == slope_dtype


def test_two_convolutional_layers_in_a_row():
    rng = np.random.default_rng(9)
    p = {
        "K1": rng.normal(size=(3, 1, 3, 3)), "b1": rng.normal(size=(1, 3)),
        "K2": rng.normal(size=(2, 3, 2, 2)), "b2": rng.normal(size=(1, 2)),
    }  # fmt: skip
    X = rng.normal(size=(4, 1, 9, 9))

    def forward(X, p):
        Z1, columns1 = nn.conv_forward(X, p["K1"], p["b1"], 2)
        A1 = nn.relu(Z1)
        Z2, columns2 = nn.conv_forward(A1, p["K2"], p["b2"])
        return columns1, A1, columns2, Z2

    columns1, A1, columns2, Z2 = forward(X, p)
    slope = rng.normal(size=Z2.shape)
    grad_Z1 = nn.conv_backward_input(slope, A1, p["K2"]) * (A1 > 0)
    gradients = (
        *nn.conv_backward(grad_Z1, columns1, p["K1"]),
        *nn.conv_backward(slope, columns2, p["K2"]),
    )
    assert_gradients(gradients, X, [0.0], p, lambda Z2, y: np.sum(slope * Z2), forward)


# -------------------------------------------------------------------------- scikit-learn


def test_one_step_of_a_network_is_scikit_learns():
    rng = np.random.default_rng(10)
    X, labels = rng.normal(size=(20, 5)), np.arange(20) % 3
    y, p = nn.one_hot(labels, 3), mlp_parameters((5, 6, 4, 3))
    network = MLPClassifier(
        (6, 4), solver="sgd", learning_rate_init=1e-300, alpha=0, momentum=0,
        nesterovs_momentum=False, batch_size=20, shuffle=False,
    )  # fmt: skip
    network.partial_fit(X, labels, classes=range(3))  # a step of nothing, to lay out the arrays
    for i in range(3):
        network.coefs_[i][:] = p[f"W{i + 1}"]
        network.intercepts_[i][:] = p[f"b{i + 1}"][0]
    network._optimizer.learning_rate = network._optimizer.learning_rate_init = 1.0
    outputs = nn.forward_mlp_3layer(X, **p)
    np.testing.assert_allclose(network.predict_proba(X), outputs[-1], rtol=1e-12)
    network.partial_fit(X, labels)
    assert nn.cross_entropy(outputs[-1], y) == pytest.approx(network.loss_, rel=1e-12)
    gradients = nn.backward_mlp_3layer(X, *outputs, y, p["W1"], p["W2"], p["W3"])
    for i in range(3):
        grad_W, grad_b = gradients[2 * i : 2 * i + 2]
        np.testing.assert_allclose(p[f"W{i + 1}"] - network.coefs_[i], grad_W, atol=1e-13)
        np.testing.assert_allclose(
            p[f"b{i + 1}"][0] - network.intercepts_[i], grad_b[0], atol=1e-13
        )


def test_logistic_regression_has_scikit_learns_minimum():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(60, 3))
    labels = (X[:, 0] + rng.normal(size=60) > 0).astype(int)  # noisy: there is a finite minimum
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it goes on as far as rounding lets it
        best = LogisticRegression(C=1e12, tol=1e-12, max_iter=10_000).fit(X, labels)
    W, b, y = best.coef_.T, best.intercept_.reshape(1, 1), labels.reshape(-1, 1)
    A = nn.forward_perceptron(X, W, b)
    assert nn.binary_cross_entropy(A, y) == pytest.approx(log_loss(labels, A), rel=1e-12)
    W_next, b_next, _ = nn.gradient_descent(
        X, y, W, b, 1.0, 1, 60, nn.binary_cross_entropy, nn.sigmoid
    )
    np.testing.assert_allclose(W_next, W, atol=1e-6)
    np.testing.assert_allclose(b_next, b, atol=1e-6)
    W_fit, b_fit, history = nn.gradient_descent(
        X, y, 0 * W, 0 * b, 1.0, 2000, 60, nn.binary_cross_entropy, nn.sigmoid
    )
    np.testing.assert_allclose(W_fit, W, atol=1e-5)
    np.testing.assert_allclose(b_fit, b, atol=1e-5)
    assert history[-1] == pytest.approx(log_loss(labels, A), rel=1e-9)
