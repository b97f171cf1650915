"""The explorer of part 4.4 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_4_4


@pytest.fixture(scope="module")
def images():
    return part_4_4.prepare(load_digits28())


def run_with(accuracy, train_accuracy=0.9):
    return part_4_4.Run({}, np.zeros(1, dtype=np.int64), [1.0], [1.2], [accuracy], train_accuracy)


def test_4_4_shows_what_the_library_computes(images):
    run = part_4_4.train(images, 0.01, 0.5, 0.3, 100)
    A = nn.forward_mlp_3layer(images.X_test, *run.params.values())[-1]
    assert all(value.dtype == np.float32 for value in run.params.values())
    assert run.test_losses[-1] == nn.cross_entropy(A, nn.one_hot(images.y_test, 10))
    assert run.accuracies[-1] == np.mean(A.argmax(axis=1) == images.y_test)
    A = nn.forward_mlp_3layer(images.X_train[:100], *run.params.values())[-1]
    expected = nn.cross_entropy(A, nn.one_hot(run.labels, 10))
    assert run.train_losses[-1] == pytest.approx(expected, rel=1e-5)
    assert run.train_accuracy == np.mean(A.argmax(axis=1) == run.labels)


def test_4_4_replaces_as_many_labels_as_it_says(images):
    for noise, wrong in ((0.0, 0), (0.3, 30)):
        labels = part_4_4.spoil(images.y_train[:100], noise, np.random.default_rng(0))
        assert np.sum(labels != images.y_train[:100]) == wrong
        assert labels.min() >= 0
        assert labels.max() <= 9


def test_4_4_starts_alike_with_right_and_wrong_labels():
    first, second = np.random.default_rng(0), np.random.default_rng(0)
    part_4_4.spoil(np.arange(10), 0, first)
    part_4_4.spoil(np.arange(10), 0.3, second)
    assert first.random() == second.random()


def test_4_4_a_penalty_makes_the_weights_smaller(images):
    plain, priced = (part_4_4.train(images, lambda_, 1, 0, 100) for lambda_ in (0, 0.03))
    assert np.sum(priced.params["W1"] ** 2) < 0.7 * np.sum(plain.params["W1"] ** 2)


def test_4_4_trains_without_regularization_once_for_each_data(images):
    known, shares = {}, []
    drawing = part_4_4.draw(images, 0.01, 0.5, 0.3, 100, shares.append, known)
    assert list(known) == [(0.3, 100)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    before = known[0.3, 100]
    part_4_4.draw(images, 0, 0.8, 0.3, 100, known=known)
    assert known == {(0.3, 100): before}
    for part in ("Lambda 0.01", "50%", "100 training images", "30% of their labels", "epochs"):
        assert part in drawing.text
    assert "the run without regularization" in part_4_4.draw(images, 0, 1, 0.3, 100).text


def test_4_4_the_verdict_is_what_the_accuracies_say():
    plain = run_with(0.8)
    assert part_4_4.verdict(run_with(0.83), plain, 0.0) == "It helps here."
    assert "less than 5 points" in part_4_4.verdict(run_with(0.83), plain, 0.3)
    assert part_4_4.verdict(run_with(0.86), plain, 0.3) == "It helps here."
    assert "less than 2 points" in part_4_4.verdict(run_with(0.81), plain, 0.0)
    assert part_4_4.verdict(run_with(0.79), plain, 0.0).startswith("No clear difference")
    assert part_4_4.verdict(run_with(0.7), plain, 0.0) == "It hurts here."
    assert part_4_4.verdict(run_with(0.7, 0.7), plain, 0.0).startswith("Too strong")
    assert part_4_4.verdict(run_with(0.7, 0.7), plain, 0.3) == "It hurts here."
    assert part_4_4.verdict(run_with(0.7, 0.5), plain, 0.3).startswith("Too strong")


def test_4_4_not_to_learn_wrong_labels_is_not_too_strong(images):
    assert "Too strong" not in part_4_4.draw(images, 0.03, 1, 0.3, 100).text


def test_4_4_tells_the_gap_in_words():
    assert part_4_4.gap_in_words(1.0, 1.5) == "0.50 higher"
    assert part_4_4.gap_in_words(1.5, 1.0) == "0.50 lower"
    assert part_4_4.gap_in_words(1.0, 1.02) == "nearly the same"


@pytest.mark.parametrize(("lambda_", "p"), [(0.3, 1.0), (0.0, 0.1)])
def test_4_4_says_when_it_is_too_strong(images, lambda_, p):
    assert "Too strong" in part_4_4.draw(images, lambda_, p, 0.3, 500).text
