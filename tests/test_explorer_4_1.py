"""The explorer of part 4.1 shows what the library computes, and says what happens."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_4_1


@pytest.fixture(scope="module")
def images():
    return part_4_1.prepare(load_digits28())


def test_4_1_measures_what_the_library_computes(images):
    X, y = (values[: part_4_1.MEASURED_ROWS] for values in images)
    sizes = part_4_1.measure(images, 3, "relu", "he", 0)
    weights = part_4_1.start_weights(3, "he")
    zeros = [np.zeros((1, W.shape[1]), dtype=np.float32) for W in weights]
    pairs = [values for pair in zip(weights, zeros, strict=True) for values in pair]
    A1, A2, A3 = nn.forward_mlp_3layer(X, *pairs)
    np.testing.assert_allclose(sizes.signals, [np.sqrt(np.mean(A**2)) for A in (X, A1, A2)], 1e-5)
    assert sizes.errors[-1] == pytest.approx(np.sqrt(np.mean((A3 - y) ** 2)), rel=1e-5)
    assert sizes.loss == pytest.approx(nn.cross_entropy(A3, y), rel=1e-5)
    gradients = nn.backward_mlp_3layer(X, A1, A2, A3, y, *weights)
    deltas = part_4_1.backward([X, A1, A2, A3], y, weights, "relu")
    for delta, grad_b in zip(deltas, gradients[1::2], strict=True):
        np.testing.assert_allclose(delta.mean(axis=0, keepdims=True), grad_b, atol=1e-6)


def test_4_1_trains_as_the_library_does(images):
    X, y = images
    names = ["W1", "b1", "W2", "b2"]
    W1, W2 = part_4_1.start_weights(2, "he")
    params = {"W1": W1, "b1": np.zeros((1, 64)), "W2": W2, "b2": np.zeros((1, 10))}
    trained, _ = nn.gradient_descent_general(
        X, y, {name: value.astype(np.float64) for name, value in params.items()}, 0.1, 1,
        lambda X, params: nn.forward_mlp(X, **params),
        lambda X, y, out, p: dict(
            zip(names, nn.backward_mlp(X, *out, y, p["W1"], p["W2"]), strict=True)
        ),
        nn.cross_entropy, batch_size=64, rng=np.random.default_rng(0),
    )  # fmt: skip
    sizes = part_4_1.measure(images, 2, "relu", "he", 16)  # 1,000 rows are 16 batches
    A2 = nn.forward_mlp(X[:200].astype(np.float64), **trained)[-1]
    assert sizes.loss == pytest.approx(nn.cross_entropy(A2, y[:200]), rel=1e-3)


@pytest.mark.parametrize("activation", part_4_1.ACTIVATIONS)
def test_4_1_slopes_are_those_of_the_activations(activation):
    Z, h = np.array([-2.0, -0.3, 0.4, 3.0]), 1e-6
    f = part_4_1.ACTIVATIONS[activation]
    slope = part_4_1.SLOPES[activation](f(Z))
    np.testing.assert_allclose(slope, (f(Z + h) - f(Z - h)) / (2 * h), atol=1e-8)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ((5, "relu", "he", 0), ("5 layers", "ReLU", "start He", "at the start", "smaller than")),
        ((5, "sigmoid", "xavier", 0), ("sigmoid", "hundred", "above guessing")),
        ((10, "sigmoid", "small", 0), ("10^16 times smaller", "is drawn at that limit")),
        ((5, "relu", "large", 0), ("times larger than delta", "far above guessing")),
        ((8, "relu", "large", 30), ("Diverged", "after 30 steps")),
        ((5, "relu", "he", 300), ("below guessing", "after 300 steps")),
        ((5, "relu", "small", 1), ("after 1 step.", "no better than guessing")),
    ],
)
def test_4_1_text_says_what_happens(images, setting, words):
    text = part_4_1.draw(images, *setting).text
    if "hundred" in words:  # the ratio that the lesson measures
        sizes = part_4_1.measure(images, *setting)
        assert 300 < sizes.errors[-1] / sizes.errors[0] < 1500
        words = tuple(word for word in words if word != "hundred")
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0, "exactly zero"),
        (1 / 750, "750 times smaller than"),
        (0.25, "4.0 times smaller than"),
        (0.8, "about as large as"),
        (430, "430 times larger than"),
        (3e-8, "10^8 times smaller than"),
    ],
)
def test_4_1_ratios_in_words(ratio, words):
    assert part_4_1.in_words(ratio).startswith(words)


def test_4_1_small_differences_are_not_lost_in_rounding(images):
    """Each further layer shrinks them by the same factor, down to where they are drawn."""
    found = part_4_1.measure(images, 8, "sigmoid", "small", 0).differences
    shrinks = np.divide(found[1:], found[:-1])
    assert np.all(shrinks < 0.1)
    np.testing.assert_allclose(shrinks[2:], 0.02, rtol=0.4)
