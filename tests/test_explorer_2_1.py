"""The explorer of part 2.1 shows what the library computes, and says where a line lies."""

import numpy as np
import pytest

from course_lib.explorers import part_2_1
from course_lib.neural_network import mse_loss

by_points = pytest.mark.parametrize("points", part_2_1.POINTS)


@by_points
def test_2_1_map_is_the_loss_of_the_library(points):
    surface, y = part_2_1.loss_map(points), part_2_1.POINTS[points]
    weights, biases = part_2_1._MAP_WEIGHTS, part_2_1._MAP_BIASES
    assert surface.shape == (len(biases), len(weights))
    for row, column in ((0, 0), (3, 70), (-1, 12), (-1, -1)):
        line = part_2_1.X * weights[column] + biases[row]
        np.testing.assert_allclose(surface[row, column], mse_loss(line, y))


@by_points
def test_2_1_star_is_where_least_squares_puts_it(points):
    y = part_2_1.POINTS[points]
    W, b, lowest = part_2_1.best_line(points)
    design = np.hstack([part_2_1.X, np.ones((5, 1))])
    np.testing.assert_allclose([[W], [b]], np.linalg.lstsq(design, y)[0])
    np.testing.assert_allclose(lowest, mse_loss(part_2_1.X * W + b, y), atol=1e-12)
    assert W in part_2_1.WEIGHTS
    assert b in part_2_1.BIASES  # the sliders can reach it


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ((2.0, 1.0, "on one line"), "No line does better."),
        ((2.0, 1.0, "scattered"), "No line does better."),
        ((3.0, -1.0, "one far off"), "No line does better."),
        (
            (2.0, 1.0, "one far off"),
            "1.00 too low. The lowest loss of all lines is 2.0000, at W = 3",
        ),
        ((2.0, 2.5, "on one line"), "On average the line is 1.50 too high."),
        ((2.5, -0.5, "on one line"), "neither too high nor too low. The lowest loss"),
    ],
)
def test_2_1_tells_in_words_where_the_line_lies(setting, text):
    assert text in part_2_1.verdict(*setting)


def test_2_1_text_restates_the_setting_and_the_result():
    drawing = part_2_1.draw(1.0, 2.0, "on one line")
    for part in (
        "W = 1, b = 2, points on one line",
        "Squared misses 0.00, 1.00, 4.00, 9.00, 16.00",
        "the loss, is 6.0000",
        "On average the line is 2.00 too low",
    ):
        assert part in drawing.text
        assert part in drawing.alt


@by_points
def test_2_1_points_and_good_lines_stay_on_the_picture(points):
    y = part_2_1.POINTS[points]
    low, high = part_2_1.draw(2.0, 1.0, points).figure.axes[0].get_ylim()
    for W in part_2_1.WEIGHTS:
        best_b = float(np.mean(y - W * part_2_1.X))  # along the valley
        assert low < min(y.min(), W + best_b)
        assert max(y.max(), 5 * W + best_b) < high
    assert low < min(W + b for W in part_2_1.WEIGHTS for b in part_2_1.BIASES)
