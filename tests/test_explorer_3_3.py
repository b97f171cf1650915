"""The explorer of part 3.3 shows what the library computes, and what the lesson says of it."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import apply_scaler, fit_scaler, load_digits28
from course_lib.explorers import part_3_3


@pytest.fixture(scope="module")
def inputs():
    return part_3_3.prepare(load_digits28())


def network(first, second, hidden, seed):
    rng = np.random.default_rng(seed)
    W1 = first * rng.normal(size=(784, hidden))
    W2 = second * rng.normal(size=(hidden, 10))
    return W1, np.zeros((1, hidden)), W2, np.zeros((1, 10))


@pytest.mark.parametrize(
    ("scale", "first", "second"),
    [(0.03, 0.03, 0.03), (part_3_3.HE, np.sqrt(2 / 784), np.sqrt(2 / 64))],
)
def test_3_3_shows_what_the_library_computes(inputs, scale, first, second):
    data = load_digits28()
    X = apply_scaler(data.X_test, fit_scaler(data.X_train))
    A1, A2 = nn.forward_mlp(X, *network(first, second, 64, 2))
    seen = part_3_3.look(inputs, 64, scale, 2)
    np.testing.assert_allclose(seen.A1, A1, atol=1e-4)
    assert seen.loss == pytest.approx(nn.cross_entropy(A2, nn.one_hot(data.y_test, 10)), abs=1e-3)
    assert seen.rms_hidden == pytest.approx(np.sqrt(np.mean(A1**2)), rel=1e-3)
    assert seen.rms_inputs == pytest.approx(np.sqrt(np.mean(X**2)), rel=1e-3)
    assert seen.share == np.mean(A2.max(axis=1) > 0.99)
    assert seen.accuracy == pytest.approx(np.mean(A2.argmax(axis=1) == data.y_test), abs=0.004)


def test_3_3_everything_stays_float32(inputs):
    seen = part_3_3.look(inputs, 32, part_3_3.HE, 0)
    assert inputs.X.dtype == seen.A1.dtype == seen.A2.dtype == np.float32


def test_3_3_text_restates_the_setting_and_the_result(inputs):
    text = part_3_3.draw(inputs, 128, 0.1, 7, 3).text
    for part in ("128 hidden units", "scale of the weights 0.1", "random start 3", "is a 7", "360"):
        assert part in text
    assert "He's, 0.0505 and 0.1250" in part_3_3.draw(inputs, 128, part_3_3.HE, 7, 3).text


@pytest.mark.parametrize(
    ("hidden", "scale", "words"),
    [
        (256, 0.001, "shrink. Unsure: the loss is within 0.05 of ln 10"),
        (256, part_3_3.HE, "about keep their size. It has preferences"),
        (256, 1.0, "grow. Confident, and wrong in"),
        (16, 1.0, "grow. Confident, and wrong in"),
        (16, 0.1, "It has preferences"),
        (16, 0.03, "Unsure"),
    ],
)
def test_3_3_verdict(inputs, hidden, scale, words):
    for seed in part_3_3.SEEDS:
        assert words in part_3_3.verdict(part_3_3.look(inputs, hidden, scale, seed))


def test_3_3_more_hidden_units_spread_the_scores_but_hardly_at_hes_scale(inputs):
    """What the lesson says under the sliders."""

    def spread(hidden, scale):
        looks = [part_3_3.look(inputs, hidden, scale, seed) for seed in part_3_3.SEEDS]
        return np.mean([np.log(seen.A2).std(axis=1).mean() for seen in looks])

    assert spread(512, 0.1) > 3 * spread(16, 0.1)
    assert 0.6 < spread(512, part_3_3.HE) / spread(16, part_3_3.HE) < 1.6
    for hidden in part_3_3.HIDDEN_UNITS:
        assert 0.7 < part_3_3.look(inputs, hidden, part_3_3.HE, 0).rms_hidden < 1.4


def test_3_3_confidence_is_no_sign_of_being_right(inputs):
    for seed in part_3_3.SEEDS:
        seen = part_3_3.look(inputs, 256, 1.0, seed)
        hit = seen.A2.argmax(axis=1) == inputs.labels
        largest = seen.A2.max(axis=1)
        assert hit.any()
        assert abs(largest[hit].mean() - largest[~hit].mean()) < 0.03


def test_3_3_path_follows_one_image(inputs):
    drawing = part_3_3.draw_path(inputs, digit=5)
    row = np.flatnonzero(inputs.labels == 5)[:1]
    A1, A2 = nn.forward_mlp(inputs.X[row], *part_3_3.start(part_3_3.HE))
    assert f"{np.sum(A1 == 0)} of them 0" in drawing.alt
    assert f"for class {A2.argmax()}" in drawing.alt
