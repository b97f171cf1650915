"""The explorer of part 4.5 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_4_5


@pytest.fixture(scope="module")
def images():
    return part_4_5.prepare(load_digits28())


def run_with(*losses, accuracy=0.9):
    return part_4_5.Run({}, list(losses), [accuracy] * len(losses))


def test_4_5_shows_what_the_library_computes(images):
    run = part_4_5.train(images, 0.01, 64, 0.9)
    assert all(value.dtype == np.float32 for value in run.params.values())
    A = nn.forward_mlp_3layer(images.X_train, *run.params.values())[-1]
    expected = nn.cross_entropy(A, nn.one_hot(images.y_train, 10))
    assert run.losses[-1] == pytest.approx(expected, rel=1e-4)
    A = nn.forward_mlp_3layer(images.X_test, *run.params.values())[-1]
    assert run.accuracies[-1] == np.mean(A.argmax(axis=1) == images.y_test)
    assert len(images.X_train) == 1437


def test_4_5_mu_0_is_plain_gradient_descent(images):
    rng, params = np.random.default_rng(0), {}
    for i, shape in enumerate([(784, 128), (128, 64), (64, 10)], start=1):
        params[f"W{i}"] = nn.initialize_weights(shape, rng=rng).astype(np.float32)
        params[f"b{i}"] = np.zeros((1, shape[1]), dtype=np.float32)
    _, losses = nn.gradient_descent_general(
        images.X_train, nn.one_hot(images.y_train, 10), params, 0.03, 10, part_4_5.forward,
        part_4_5.gradients, nn.cross_entropy, batch_size=128, rng=rng,
    )  # fmt: skip
    assert part_4_5.train(images, 0.03, 128, 0).losses == pytest.approx(losses, rel=1e-4)


def test_4_5_trains_without_momentum_once_for_each_rate(images):
    known, shares = {}, []
    drawing = part_4_5.draw(images, 0.01, 256, 0.9, shares.append, known)
    assert list(known) == [(0.01, 256)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    before = known[0.01, 256]
    again = part_4_5.draw(images, 0.01, 256, 0.0, known=known)
    assert known == {(0.01, 256): before}
    for part in ("effective rate 0.1", "mu 0.9", "batch size 256", "1437 training", "is ahead"):
        assert part in drawing.text
    assert "effective rate 0.01" in again.text
    assert "without momentum" not in again.text


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (0.1, 0.2, "ahead"),
        (0.2, 0.1, "behind"),
        (0.19, 0.2, "No clear difference"),
        (0.01, 0.001, "almost completely"),
        (2.3, 2.31, "hardly learns"),
        (np.nan, 0.1, "does not diverge"),
    ],
)
def test_4_5_compares_with_the_same_rate_without(ours, theirs, told):
    assert told in part_4_5.comparison(run_with(ours), run_with(theirs))


def test_4_5_the_verdict_tells_stuck_from_slow_and_diverged():
    assert "Stuck" in part_4_5.verdict(run_with(5.0, 2.31, 2.31, 2.32, accuracy=0.1))
    assert "Slow" in part_4_5.verdict(run_with(2.29, 2.28, 2.27, 2.26, accuracy=0.2))
    assert "Slow" in part_4_5.verdict(run_with(2.42, 2.35, 2.28, 2.1, accuracy=0.4))
    assert "Unstable" in part_4_5.verdict(run_with(5.0, 2.4, 1.0, 0.5))
    assert "Diverged" in part_4_5.verdict(run_with(2.0, np.nan, np.nan))
    assert "Steady" in part_4_5.verdict(run_with(1.0, 0.5, 0.2))


def test_4_5_says_when_the_effective_rate_is_far_too_large(images):
    text = part_4_5.draw(images, 1.0, 16, 0.99).text
    assert "Stuck" in text or "Diverged" in text or "Unstable" in text


def test_4_5_draws_answers_and_a_valley():
    figure, right = part_4_5.draw_answers(load_digits28())
    assert len(figure.axes) == 10
    assert 8 <= right <= 10
    path = np.array([[10.0, 1.0], [5.0, -0.5], [0.0, 0.0]])
    assert len(part_4_5.draw_valley({"a": path, "b": path, "c": path}).axes) == 4
