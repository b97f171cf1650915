"""The explorer of part 1.3 shows the sigmoid and the slope that the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_1_3

SCORES = part_1_3.random_scores(load_digits28())


@pytest.mark.parametrize(("steepness", "shift"), [(1.0, 0.0), (4.0, -1.0), (-2.0, 0.5)])
def test_1_3_draws_the_sigmoid_of_the_library_and_its_slope(steepness, shift):
    figure = part_1_3.draw(SCORES, steepness, shift).figure
    curve, slope = (axes.lines[2] for axes in figure.axes[:2])
    z, h = curve.get_xdata(), 1e-5

    def f(z):
        return nn.sigmoid(steepness * (z - shift))

    np.testing.assert_allclose(curve.get_ydata(), f(z))
    np.testing.assert_allclose(slope.get_ydata(), (f(z + h) - f(z - h)) / (2 * h), atol=1e-9)


def test_1_3_tangent_touches_the_curve_in_its_middle_with_its_slope():
    for steepness in part_1_3.STEEPNESSES:
        figure = part_1_3.draw(SCORES, steepness, 1.0).figure
        x, y = figure.axes[0].lines[4].get_data()
        assert np.mean(x) == pytest.approx(1.0)
        assert np.mean(y) == pytest.approx(0.5)
        assert np.diff(y) / np.diff(x) == pytest.approx(steepness / 4)


def test_1_3_histogram_holds_every_image():
    axes = part_1_3.draw(SCORES, 2.0, 0.0).figure.axes[2]
    heights = [patch.get_height() for patch in axes.patches]
    expected, _ = np.histogram(nn.sigmoid(2 * SCORES), bins=np.linspace(0, 1, 21))
    np.testing.assert_allclose(heights, expected / SCORES.size)
    assert sum(heights) == pytest.approx(1)


def test_1_3_the_shape_in_words_is_true():
    text = part_1_3.draw(SCORES, 2.0, -1.0).text
    assert "Steepness 2, shift -1" in text
    assert "the answer is 0.5 at z = -1, where the slope is 0.5." in text
    half = 2.1972 / 2  # "within 2.20 units": from 1.10 below the middle to 1.10 above it
    assert "rises from 0.1 to 0.9 within 2.20 units" in text
    assert nn.sigmoid([-2 * half, 2 * half]) == pytest.approx([0.1, 0.9], abs=1e-5)
    assert "falls from 0.9 to 0.1" in part_1_3.draw(SCORES, -1.0, 0.0).text
    assert "0.5 everywhere" in part_1_3.draw(SCORES, 0.0, 0.0).text


def test_1_3_counts_the_flat_answers():
    A = np.array([[0.0], [0.0102], [0.5], [0.992], [0.0]])
    assert part_1_3.saturated_shares(A) == (0.4, 0.2)
    near_0, near_1 = part_1_3.saturated_shares(nn.sigmoid(4 * SCORES))
    expected = f"{near_0:.1%} get an answer within 0.01 of 0, and {near_1:.1%} within 0.01 of 1."
    assert f"Of {SCORES.size} images, {expected}" in part_1_3.draw(SCORES, 4.0, 0.0).text
    assert near_0 + near_1 > 10 * sum(part_1_3.saturated_shares(nn.sigmoid(SCORES)))


def test_1_3_at_steepness_0_nothing_moves_with_the_shift():
    left, right = (part_1_3.draw(SCORES, 0.0, shift) for shift in (-4.0, 4.0))
    for one, other in zip(left.figure.axes, right.figure.axes, strict=True):
        lines = [[line for line in axes.lines if line.get_visible()] for axes in (one, other)]
        for first, second in zip(*lines, strict=True):
            np.testing.assert_array_equal(first.get_xydata(), second.get_xydata())
    assert "A flat line, its slope" in left.alt
