"""Forward, backward and training against PyTorch on the CPU; skipped where it is not installed."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from tests.test_neural_network import cnn_parameters, mlp_parameters

torch = pytest.importorskip("torch")

RNG = np.random.default_rng(0)
LABELS = np.array([0, 3, 1, 2, 2, 0, 3, 1, 1])
Y = nn.one_hot(LABELS, 4)


@pytest.fixture(autouse=True)
def _the_same_numbers_in_any_order(monkeypatch: pytest.MonkeyPatch):
    """What a test draws must not depend on the tests that ran before it."""
    monkeypatch.setitem(globals(), "RNG", np.random.default_rng(1))


def tensor(array):
    return torch.tensor(array, requires_grad=True)


def torch_mlp(X, p):
    A, layers = X, len(p) // 2
    for i in range(1, layers + 1):
        A = A @ p[f"W{i}"] + p[f"b{i}"]
        A = torch.relu(A) if i < layers else A
    return A


def torch_cnn(X, p):
    maps = torch.nn.functional.conv2d(X, p["K1"], p["b1"][0])
    pooled = torch.nn.functional.max_pool2d(torch.relu(maps), 2)
    return pooled.flatten(1) @ p["W2"] + p["b2"]


def mlp_gradients(X, y, outputs, p):
    if len(p) == 4:
        gradients = nn.backward_mlp(X, *outputs, y, p["W1"], p["W2"])
    else:
        gradients = nn.backward_mlp_3layer(X, *outputs, y, p["W1"], p["W2"], p["W3"])
    return dict(zip(p, gradients, strict=True))


def cnn_gradients(X, y, outputs, p):
    return dict(zip(p, nn.backward_cnn(*outputs, y, p["K1"], p["W2"]), strict=True))


MODELS = {
    "mlp": (RNG.normal(size=(9, 6)), mlp_parameters((6, 5, 4)), nn.forward_mlp, mlp_gradients, torch_mlp),
    "mlp_3layer": (RNG.normal(size=(9, 6)), mlp_parameters((6, 5, 7, 4)), nn.forward_mlp_3layer, mlp_gradients, torch_mlp),
    "cnn": (RNG.normal(size=(9, 1, 7, 8)), cnn_parameters(), nn.forward_cnn, cnn_gradients, torch_cnn),
    "cnn, 3 channels": (RNG.normal(size=(9, 3, 7, 8)), cnn_parameters(3), nn.forward_cnn, cnn_gradients, torch_cnn),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-5)])
def test_forward_and_backward(name, dtype, tolerance):
    X, p, forward, gradient, torch_forward = MODELS[name]
    X, p = X.astype(dtype), {key: value.astype(dtype) for key, value in p.items()}
    outputs = forward(X, **p)
    tensors = {key: tensor(value) for key, value in p.items()}
    scores = torch_forward(torch.tensor(X), tensors)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(LABELS))
    loss.backward()
    np.testing.assert_allclose(outputs[-1], scores.softmax(1).detach().numpy(), atol=tolerance)
    assert nn.cross_entropy(outputs[-1], Y) == pytest.approx(loss.item(), rel=tolerance)
    for key, mine in gradient(X, Y, outputs, p).items():
        np.testing.assert_allclose(mine, tensors[key].grad.numpy(), atol=tolerance, err_msg=key)


def momentum(velocity, gradient, lr):
    return nn.momentum_update(velocity, gradient, 0.9, lr)


def adam(state, gradient, lr):
    """A learner's own rule: D. Kingma and J. Ba, Adam (2015)."""
    mean, square, step = state if isinstance(state, tuple) else (0, 0, 0)
    mean, square, step = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2, step + 1
    update = -lr * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return (mean, square, step), update


RULES = {
    "plain": (nn.sgd_update, lambda params: torch.optim.SGD(params, lr=0.05)),
    "momentum": (momentum, lambda params: torch.optim.SGD(params, lr=0.05, momentum=0.9)),
    "adam": (adam, lambda params: torch.optim.Adam(params, lr=0.05)),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("rule", RULES)
def test_five_epochs_of_training(name, rule):
    X, p, forward, gradient, torch_forward = MODELS[name]
    update_fn, optimizer = RULES[rule]
    params, history = nn.gradient_descent_general(
        X, Y, p, 0.05, 5, lambda X, p: forward(X, **p), gradient, nn.cross_entropy,
        batch_size=4, update_fn=update_fn, rng=np.random.default_rng(1),
    )  # fmt: skip
    tensors = {key: tensor(value) for key, value in p.items()}
    stepper, rng = optimizer(list(tensors.values())), np.random.default_rng(1)
    inputs, labels, losses = torch.tensor(X), torch.tensor(LABELS), []
    for _ in range(5):
        order = rng.permutation(9)
        for start in (0, 4, 8):
            rows = order[start : start + 4]
            stepper.zero_grad()
            scores = torch_forward(inputs[rows], tensors)
            torch.nn.functional.cross_entropy(scores, labels[rows]).backward()
            stepper.step()
        losses.append(
            torch.nn.functional.cross_entropy(torch_forward(inputs, tensors), labels).item()
        )
    np.testing.assert_allclose(history, losses, rtol=1e-8)
    for key, value in params.items():
        np.testing.assert_allclose(value, tensors[key].detach().numpy(), atol=1e-8, err_msg=key)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (3, 2), (2, 3)])
def test_pooling_with_ties(size, stride):
    X = RNG.integers(0, 3, size=(2, 3, 8, 7)).astype(float)
    inputs = tensor(X)
    pooled = torch.nn.functional.max_pool2d(inputs, size, stride)
    slope = RNG.normal(size=tuple(pooled.shape))
    pooled.backward(torch.tensor(slope))
    P = nn.max_pool(X, size, stride)
    np.testing.assert_array_equal(P, pooled.detach().numpy())
    mine = nn.max_pool_backward(slope, X, P, size, stride)
    np.testing.assert_allclose(mine, inputs.grad.numpy(), atol=1e-14)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_convolution_with_a_layer_below(stride):
    X, K, b = RNG.normal(size=(4, 3, 8, 7)), RNG.normal(size=(5, 3, 3, 2)), RNG.normal(size=(1, 5))
    inputs, filters, bias = tensor(X), tensor(K), tensor(b)
    maps = torch.nn.functional.conv2d(inputs, filters, bias[0], stride)
    slope = RNG.normal(size=tuple(maps.shape))
    maps.backward(torch.tensor(slope))
    Z, columns = nn.conv_forward(X, K, b, stride)
    np.testing.assert_allclose(Z, maps.detach().numpy(), atol=1e-12)
    grad_K, grad_b = nn.conv_backward(slope, columns, K)
    np.testing.assert_allclose(grad_K, filters.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(grad_b, bias.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(
        nn.conv_backward_input(slope, X, K, stride), inputs.grad.numpy(), atol=1e-12
    )
