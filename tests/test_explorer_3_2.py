"""The explorer of part 3.2 shows the activations and the softmax that the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_3_2

FUNCTIONS = {"sigmoid": nn.sigmoid, "tanh": np.tanh, "ReLU": nn.relu}


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_3_2_draws_the_function_and_the_slope_that_a_small_step_finds(activation):
    figure = part_3_2.draw(activation, 2.0, 1.0, 0).figure
    f, h = FUNCTIONS[activation], 1e-5
    curve, slope = figure.axes[:2]
    z, values = curve.lines[2].get_data()
    np.testing.assert_allclose(values, f(z))
    pieces = slope.lines[2:-1]
    assert len(pieces) == (2 if activation == "ReLU" else 1)
    for piece in pieces:
        z, steepness = piece.get_data()
        np.testing.assert_allclose(steepness, (f(z + h) - f(z - h)) / (2 * h), atol=1e-9)


@pytest.mark.parametrize("score", part_3_2.SCORES)
@pytest.mark.parametrize("activation", FUNCTIONS)
def test_3_2_the_point_and_the_tangent_are_on_the_curve(activation, score):
    curve, slope = part_3_2.draw(activation, score, 1.0, 0).figure.axes[:2]
    (x,), (y,) = curve.lines[-1].get_data()
    (_,), (steepness,) = slope.lines[-1].get_data()
    assert (x, y) == pytest.approx((score, float(FUNCTIONS[activation](np.array(score)))))
    tangents = [line for line in curve.lines if line.get_linestyle() == "--"]
    at_kink = activation == "ReLU" and score == 0
    assert len(tangents) == (0 if at_kink else 1)
    assert ("no tangent at 0" in curve.get_title()) == at_kink
    for line in tangents:
        x, y = line.get_data()
        assert np.diff(y) / np.diff(x) == pytest.approx(steepness)


@pytest.mark.parametrize("added", part_3_2.ADDED)
def test_3_2_bars_are_the_softmax_of_the_library_whatever_is_added(added):
    for temperature in part_3_2.TEMPERATURES:
        axes = part_3_2.draw("ReLU", -2.0, temperature, added).figure.axes[2]
        heights = [patch.get_height() for patch in axes.patches]
        expected = nn.softmax(np.array([-2.0, 1.0, 0.0]) / temperature)
        np.testing.assert_allclose(heights, expected, atol=1e-9)
        assert axes.get_xticklabels()[0].get_text() == f"A: {added - 2}"


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([2.0, 1.0, 0.0], "the formula agrees"),
        ([501.0, 500.5, 500.0], "the formula agrees"),
        ([1002.0, 1001.0, 1000.0], "it fails: e^1002 overflows"),
        ([-998.0, -999.0, -1000.0], "every power of e becomes 0"),
        ([-743.0, -744.0, -745.0], "the formula is off"),
    ],
)
def test_3_2_says_what_the_formula_without_the_maximum_does(scores, verdict):
    assert verdict in part_3_2.plain_verdict(np.array(scores))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (("sigmoid", 0.0, 1.0, 0), "makes 0.5 of z = 0. Its slope there is 0.2500: 25.0% of a"),
        (("tanh", 0.0, 1.0, 0), "Its slope there is 1: a gradient passes whole."),
        (("ReLU", 4.0, 1.0, 0), "Its slope there is 1: a gradient passes whole."),
        (("ReLU", -0.5, 1.0, 0), "Its slope there is 0: no gradient passes."),
        (("ReLU", 0.0, 1.0, 0), "0 by convention: this is the corner."),
        (("sigmoid", 2.0, 1.0, 0), "A 66.5%, B 24.5% and C 9.0%; A is ahead."),
        (("sigmoid", 1.0, 0.1, 100), "A 50.0%, B 50.0% and C under 0.1%; A and B are level."),
        (("sigmoid", 0.0, 10.0, -100), "B is ahead."),
        (("sigmoid", 4.0, 0.1, 0), "A over 99.9%, B under 0.1%"),
    ],
)
def test_3_2_tells_slope_and_probabilities_in_words(setting, sentence):
    drawing = part_3_2.draw(*setting)
    assert sentence in drawing.text
    assert drawing.text in drawing.alt


def test_3_2_the_opening_picture_shows_the_softmax_of_its_scores():
    data = load_digits28()
    scores, probabilities = part_3_2.draw_first_image(data).figure.axes[1:]
    for axes, expected in (
        (scores, part_3_2.random_scores(data)[0]),
        (probabilities, nn.softmax(part_3_2.random_scores(data)[0])),
    ):
        bars = sorted((round(bar.get_x() + 0.4), bar.get_height()) for bar in axes.patches)
        np.testing.assert_allclose([height for _, height in bars], expected)
        assert axes.patches[-1].get_height() == max(expected)
