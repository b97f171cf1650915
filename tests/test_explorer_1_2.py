"""The explorer of part 1.2 says what the determinant means, and moves what the library moves."""

import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_1_2 as explorer

SETTINGS = list(
    itertools.product(explorer.WIDTHS, explorer.HEIGHTS, explorer.SHEARS, explorer.ROTATIONS)
)


def test_1_2_the_determinant_is_width_times_height_whatever_the_rest():
    for width, height, shear, rotation in SETTINGS:
        W = explorer.matrix(width, height, shear, rotation)
        assert explorer.determinant(W) == width * height
        assert explorer.determinant(W) == pytest.approx(np.linalg.det(W))


def test_1_2_stretches_then_shears_then_turns():
    moved = nn.matrix_multiply(explorer.CORNERS, explorer.matrix(2, 0.5, 1, 90))
    np.testing.assert_allclose(moved, [[0, 0], [0, 2], [-0.5, 2.5], [-0.5, 0.5]], atol=1e-12)


def test_1_2_nothing_leaves_the_picture():
    for setting in SETTINGS:
        moved = nn.matrix_multiply(explorer.CORNERS, explorer.matrix(*setting))
        assert np.abs(moved).max() < explorer.FARTHEST


def test_1_2_the_ink_stays_in_its_picture():
    points = explorer.ink_points(load_digits28())
    assert len(points) > 50
    assert np.abs(points).max() < 0.5
    farthest = max(np.abs(points @ explorer.matrix(*setting)).max() for setting in SETTINGS)
    assert farthest < explorer.INK_FARTHEST


def test_1_2_six_pieces_and_the_moved_square_fill_the_rectangle():
    W = np.array([[1.6, 0.4], [0.5, 1.0]])
    axes = Figure().subplots()
    explorer.draw_pieces(axes, W)
    areas = [area(patch.get_xy()) for patch in axes.patches]
    assert len(areas) == 7
    assert areas[-1] == pytest.approx(explorer.determinant(W))
    assert sum(areas) == pytest.approx(np.prod(W.sum(axis=0)))


def area(corners):
    (x, y), (next_x, next_y) = corners[:-1].T, corners[1:].T
    return abs(np.sum(x * next_y - next_x * y)) / 2


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ((1, 1, 0, 30), "Determinant 1: the area stays 1."),
        ((2, 2, 1, 0), "Determinant 4: the area is now 4 times what it was."),
        ((0, 2, 1, 45), "Determinant 0: the square is flattened to a line of area 0."),
        ((-1, 1, 0, 0), "Determinant −1: the square still covers an area of 1, and the minus"),
        ((-0.5, 0.5, 0, 90), "Determinant −0.25: the square now covers an area of 0.25, and"),
    ],
)
def test_1_2_says_what_the_determinant_means(setting, words):
    assert explorer.verdict(explorer.matrix(*setting)).startswith(words)


def test_1_2_text_restates_the_setting_and_the_result():
    drawing = explorer.draw(load_digits28(), -1, 1, 0.5, -90)
    for part in (
        "Width −1, height 1, shear 0.5, rotation −90°",
        "W = [0.00, 1.00; 1.00, −0.50]",
        "it is mirrored",
    ):
        assert part in drawing.text
        assert part in drawing.alt
