"""The explorer of part 1.1 shows what the library computes, and says it in words."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.checks import part_1_1 as check
from course_lib.datasets import load_digits28
from course_lib.explorers import part_1_1
from tests.answers import part_1_1 as answers


@pytest.mark.parametrize("cloud", part_1_1.CLOUDS)
def test_1_1_moves_and_normalizes_every_cloud(cloud):
    points = part_1_1.make_cloud(cloud)
    assert points.shape == (60, 2)
    moved = part_1_1.move(points, 3, -2, 2, 0.5)
    np.testing.assert_allclose(moved, points * [2, 0.5] + [3, -2])
    np.testing.assert_allclose(nn.normalize(moved), nn.normalize(points), atol=1e-12)
    figure = part_1_1.draw(3, -2, 2, 0.5, cloud).figure
    for axes, expected in zip(figure.axes, (moved, nn.normalize(moved)), strict=True):
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), expected)


@pytest.mark.parametrize("cloud", part_1_1.CLOUDS)
def test_1_1_no_setting_leaves_the_axes(cloud):
    for shift in part_1_1.SHIFTS:
        for scale in part_1_1.SCALES:
            axes = part_1_1.draw(shift, shift, scale, scale, cloud).figure.axes
            for axis in axes:
                assert np.abs(axis.lines[0].get_xydata()).max() < axis.get_xlim()[1]


@pytest.mark.parametrize(
    ("width", "height", "cloud", "words"),
    [
        (2, 1, "round", "leave no trace"),
        (0, 1, "round", "The first column is constant"),
        (1, 0, "one far point", "The second column is constant"),
        (0, 0, "round", "every point lands on 0"),
        (-1, 1, "tilted", "The first column is mirrored"),
        (2, -1, "tilted", "The second column is mirrored"),
        (-1, -1, "tilted", "Both columns are mirrored"),
        (-1, 0, "tilted", "The second column is constant"),
        (1, 1, "one far point", "The far point stays far"),
    ],
)
def test_1_1_tells_in_words_what_normalize_does(width, height, cloud, words):
    assert words in part_1_1.verdict(1, 0, width, height, cloud)


def test_1_1_starts_unmoved_and_gives_nothing_away():
    text = part_1_1.draw(**part_1_1.START).text
    assert text.endswith("Nothing is moved yet.")
    assert "trace" not in text
    for shift in ((1, 0), (0, -1)):
        assert "leave no trace" in part_1_1.verdict(*shift, 1, 1, "tilted")


def test_1_1_text_restates_the_setting_and_the_result():
    text = part_1_1.draw(-3, 2, 2, 0, "tilted").text
    for part in (
        "Cloud tilted, shifted -3 right and 2 up",
        "width times 2, height times 0",
        "Before: means -3.00 and 2.00, standard deviations 2.00 and 0.00",
        "After: means 0.00 and 0.00, standard deviations 1.00 and 0.00",
    ):
        assert part in text


def test_1_1_draws_an_image_before_and_after():
    data = load_digits28()
    drawing = part_1_1.draw_pixels(data, 2)
    shown = [axes.images[0].get_array() for axes in drawing.figure.axes[:4]]
    np.testing.assert_array_equal(shown[0].ravel(), data.X_train[2])
    np.testing.assert_array_equal(shown[3].ravel(), nn.normalize(data.X_train)[2])
    assert f"a handwritten {data.y_train[2]}" in drawing.alt


@pytest.mark.parametrize(
    "fits",
    [
        answers.fits_by_trying,
        lambda shape, new_shape: sum(1 for _ in np.ndindex(shape)) == int(np.prod(new_shape)),
    ],
)
def test_1_1_other_right_answers_to_exercise_1_are_correct(capsys, fits):
    check.exercise_1(*answers.SHAPES, fits)
    assert "correct. " in capsys.readouterr().out


@pytest.mark.parametrize("is_view", [np.shares_memory, np.may_share_memory])
def test_1_1_numpys_own_answer_to_exercise_3_is_correct(capsys, is_view):
    check.exercise_3(answers.second_row, answers.left_block, is_view)
    assert "correct. " in capsys.readouterr().out


def test_1_1_loops_are_correct_answers_to_exercise_2(capsys):
    def shift_columns(X, v):
        return np.array([[X[i, j] + v[j] for j in range(len(v))] for i in range(len(X))])

    check.exercise_2(shift_columns, lambda X, u: (X.T + u).T)
    assert "correct. " in capsys.readouterr().out
