"""The explorer of part 2.2 walks as the library does, and its limit is where walks diverge."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.explorers import part_2_2

ONE_TO_FIVE = part_2_2.POINTS["x from 1 to 5"]


@pytest.mark.parametrize("points", part_2_2.POINTS)
def test_2_2_walks_as_the_library_does(points):
    x = part_2_2.POINTS[points]
    walked = part_2_2.walk(x, 0.05, 20, (5.0, -3.0))
    W, b, losses = nn.gradient_descent(
        x, 2 * x + 1, [[5.0]], [[-3.0]], 0.05, 20, len(x), nn.mse_loss
    )
    np.testing.assert_array_equal(walked.path[-1], [W.item(), b.item()])
    np.testing.assert_array_equal(walked.path[0], [5, -3])
    assert walked.losses == [nn.mse_loss(5 * x - 3, 2 * x + 1), *losses]
    assert not walked.has_left


@pytest.mark.parametrize("points", part_2_2.POINTS)
def test_2_2_marks_the_rate_at_which_walks_begin_to_diverge(points):
    x = part_2_2.POINTS[points]
    bound = part_2_2.largest_stable_rate(x)
    for share, falls in ((0.99, True), (1.01, False)):
        losses = part_2_2.walk(x, share * bound, 500, (0.0, 0.0)).losses
        assert (losses[-1] < losses[0]) == falls
        assert np.all(np.diff(losses) < 0) == falls


def test_2_2_bound_of_the_lesson_is_on_the_slider_between_0_165_and_0_17():
    bound = part_2_2.largest_stable_rate(ONE_TO_FIVE)
    assert bound == pytest.approx(0.16904810515469956)
    assert {0.165, 0.17} <= set(part_2_2.LEARNING_RATES)
    for rate, start in ((0.165, "Zigzag"), (0.17, "Diverges")):
        text = part_2_2.draw(rate, 50, "x from 1 to 5", "W = 0, b = 0").text
        assert f"{start}: " in text
        assert f"{rate / bound:.0%} of the largest stable rate 0.1690" in text


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({}, "Steady: "),
        ({"steps": 1}, "After 1 step: W = 2.50, b = 0.70, loss 1.9 (at the start 57.0)"),
        ({"learning_rate": 0.001}, "Not there yet: "),
        (
            {"start": "W = 0.9, b = 5, in the valley", "learning_rate": 0.165, "steps": 200},
            "step 182",
        ),
        (
            {"start": "W = 0.9, b = 5, in the valley", "learning_rate": 0.16, "steps": 200},
            "step 188",
        ),
        (
            {"start": "W = 0.9, b = 5, in the valley", "learning_rate": 0.15, "steps": 200},
            "0.0001005",
        ),
        ({"learning_rate": 3.0}, "above a million"),
        ({"learning_rate": 0.17}, "higher than at the start"),
        ({"learning_rate": 0.17, "start": "W = 0.9, b = 5, in the valley"}, "does not show yet"),
        ({"learning_rate": 1.0, "points": "x from 1 to 5, normalized"}, "Arrived"),
        ({"learning_rate": 2.0, "points": "x from 1 to 5, normalized"}, "On the edge"),
        ({"learning_rate": 0.1, "points": "x from 1 to 8"}, "132% of the largest stable rate"),
    ],
)
def test_2_2_tells_in_words_what_the_walk_does(setting, says):
    drawing = part_2_2.draw(**(part_2_2.START | setting))
    assert says in drawing.text
    assert drawing.text in drawing.alt


def test_2_2_what_the_lesson_says_of_the_first_20_steps():
    def inside(rate):
        path = part_2_2.walk(ONE_TO_FIVE, rate, 20, (0.0, 0.0)).path
        (left, right), (low, high) = part_2_2.W_LIMITS, part_2_2.B_LIMITS
        W, b = path.T
        return bool(np.all((left < W) & (right > W) & (low < b) & (high > b)))

    assert inside(0.17)
    assert not inside(0.18)
    for rate, says in ((0.12, "Steady: "), (0.14, "Zigzag: ")):
        assert says in part_2_2.draw(rate, 20, "x from 1 to 5", "W = 0, b = 0").text


@pytest.mark.parametrize("points", part_2_2.POINTS)
@pytest.mark.parametrize("start", part_2_2.STARTS)
def test_2_2_a_steady_walk_falls_in_smaller_and_smaller_steps(points, start):
    x = part_2_2.POINTS[points]
    bound = part_2_2.largest_stable_rate(x)
    for rate in part_2_2.LEARNING_RATES:
        walked = part_2_2.walk(x, rate, 20, part_2_2.STARTS[start])
        verdict = part_2_2.verdict(walked.losses, rate / bound, part_2_2.turns(walked.path))
        if verdict.startswith(("Steady", "Not there yet")):
            assert np.all(np.diff(walked.losses) < 0)
        if verdict.startswith("Steady"):
            lengths = np.linalg.norm(np.diff(walked.path, axis=0), axis=1)
            assert np.all(np.diff(lengths) < 1e-12)


def test_2_2_counts_steps_that_lead_back():
    path = np.array([[0.0, 0.0], [4.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 1.0]])
    assert part_2_2.turns(path) == 2
    assert part_2_2.turns(path[:2]) == 0
