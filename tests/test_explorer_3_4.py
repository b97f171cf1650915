"""The explorer of part 3.4 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import apply_scaler, fit_scaler, load_digits28
from course_lib.explorers import part_3_4


@pytest.fixture(scope="module")
def images():
    return part_3_4.prepare(load_digits28())


def test_3_4_shows_what_the_library_computes(images):
    data = load_digits28()
    shares = []
    run = part_3_4.train(images, 0.03, 128, 16, epochs=3, progress=shares.append)
    X = apply_scaler(data.X_train, fit_scaler(data.X_train)).astype(np.float32)
    rng = np.random.default_rng(0)
    W1 = rng.normal(size=(784, 16)) * np.sqrt(2 / 784)
    W2 = rng.normal(size=(16, 10)) * np.sqrt(2 / 16)
    start = {"W1": W1, "b1": np.zeros((1, 16)), "W2": W2, "b2": np.zeros((1, 10))}

    def forward(X, p):
        return nn.forward_mlp(X, p["W1"], p["b1"], p["W2"], p["b2"])

    def gradient(X, y, outputs, p):
        return dict(zip(p, nn.backward_mlp(X, *outputs, y, p["W1"], p["W2"]), strict=True))

    start = {name: value.astype(np.float32) for name, value in start.items()}
    params, losses = nn.gradient_descent_general(
        X, nn.one_hot(data.y_train, 10), start, 0.03, 3, forward, gradient, nn.cross_entropy,
        batch_size=128, rng=rng,
    )  # fmt: skip
    np.testing.assert_allclose(run.losses, losses, rtol=1e-5)
    assert run.A2.dtype == np.float32
    A2 = forward(images.X_test, params)[1]
    np.testing.assert_allclose(run.A2, A2, rtol=1e-4, atol=1e-6)
    assert run.test_losses[-1] == pytest.approx(nn.cross_entropy(A2, images.y_test), rel=1e-4)
    assert shares == [1 / 3, 2 / 3, 1]


def test_3_4_text_restates_the_setting_and_the_result(images):
    text = part_3_4.draw(images, 0.03, 64, 32).text
    for part in (
        "Learning rate 0.03",
        "batch size 64",
        "32 hidden units",
        "10 epochs on 1437 images",
        "of 360 test images right",
    ):
        assert part in text
    assert "all rows, 1 hidden unit," in part_3_4.draw(images, 0.1, part_3_4.ALL_ROWS, 1, 1).text


def test_3_4_says_when_the_network_is_dead(images):
    text = part_3_4.draw(images, 10.0, 64, 64).text
    assert "Dead: every hidden unit is 0 for every training image" in text
    assert "Every test image gets the same answer." in text


def test_3_4_a_dead_network_may_still_answer_a_few_test_images(images):
    run = part_3_4.train(images, 3.0, part_3_4.ALL_ROWS, 64)
    answers = run.A2.argmax(axis=1)
    assert run.dead_units == 64
    assert len(np.unique(answers)) > 1
    assert np.bincount(answers).max() > 0.95 * len(answers)  # "only a few", "all others"
    text = part_3_4.describe(run, 64, len(np.unique(answers)))
    assert "Only a few test images still open a unit; all others get the same answer." in text


@pytest.mark.parametrize(
    ("start", "losses", "dead", "words"),
    [
        (2.5, [2.4, 2.35], 0, "Slow"),
        (2.5, [0.6, 0.2], 0, "Steady"),
        (2.5, [0.6, 0.7, 0.2], 3, "Jumpy: the loss rises in 1 of 3 epochs. 3 of 8 hidden units are 0"),
        (2.5, [0.6, 9.0, 0.2], 1, "A leap: after 1 of 3 epochs the loss is above where it started (2.50). 1 of 8 hidden units is 0"),
        (2.5, [2.4, 2.45], 7, "Unstable: its loss ends above that of guessing (2.30)"),
        (2.5, [2.4, 2.31], 8, "Dead"),
        (2.5, [2.4, float("nan")], 8, "Diverged"),
    ],
)  # fmt: skip
def test_3_4_a_verdict_is_true_at_the_borders(start, losses, dead, words):
    run = part_3_4.Run(start, losses, losses, np.ones((1, 10)) / 10, dead)
    assert part_3_4.describe(run, 8, 3).startswith(words)


def test_3_4_the_graph_shows_the_numbers_it_is_given():
    local = {
        "z1": np.eye(2), "a1": np.eye(2), "z2": np.eye(2),
        "a2": np.eye(2) / 4, "L": np.array([[-2.0], [0.0]]),
    }  # fmt: skip
    values = {name: np.array([1.0, 2.5]) for name in ("x", "z1", "a1", "z2", "a2")}
    slopes = {name: np.array([-0.5, 0.123456]) for name in values}
    drawing = part_3_4.draw_graph(values | {"L": np.array(0.5)}, slopes | {"L": np.ones(1)}, local)
    shown = [text.get_text() for text in drawing.figure.axes[0].texts]
    for number in ("5/2", "−1/2", "0.123", "−2", "1/4", "z2[1]"):
        assert number in shown
    assert "z1: values 1 and 5/2, slopes −1/2 and 0.123" in drawing.alt
