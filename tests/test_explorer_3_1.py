"""The explorer of part 3.1 shows what the library computes, and says where the line runs."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from course_lib.explorers import part_3_1
from course_lib.neural_network import binary_cross_entropy, forward_perceptron

EVERY = [
    (w1, w2, b, task)
    for w1 in part_3_1.WEIGHTS
    for w2 in part_3_1.WEIGHTS
    for b in part_3_1.BIASES
    for task in part_3_1.TARGETS
]


def right(w1, w2, b, task):
    Z = part_3_1.X @ [[w1], [w2]] + b
    return int(np.sum((Z > 0) == part_3_1.TARGETS[task]))


def test_3_1_text_and_bars_are_what_the_library_computes():
    drawing = part_3_1.draw(2.0, -1.0, 0.5, "OR")
    A = forward_perceptron(part_3_1.X, [[2.0], [-1.0]], [[0.5]])
    loss = binary_cross_entropy(A, part_3_1.TARGETS["OR"])
    for part in ("OR, w1 = 2, w2 = -1, b = 0.5", f"loss {loss:.4f}", "2 of 4 right"):
        assert part in drawing.text
        assert part in drawing.alt
    heights = [patch.get_height() for patch in drawing.figure.axes[1].patches]
    np.testing.assert_allclose(heights, A[:, 0])


def test_3_1_the_solid_line_is_the_boundary():
    drawing = part_3_1.draw(2.0, -1.0, 0.5, "AND")
    (solid,) = [
        line for line in drawing.figure.axes[0].lines
        if line.get_linestyle() == "-" and line.get_linewidth() > 2
    ]  # fmt: skip
    A = forward_perceptron(np.column_stack(solid.get_data()), [[2.0], [-1.0]], [[0.5]])
    np.testing.assert_allclose(A, 0.5)
    dashed = [line for line in drawing.figure.axes[0].lines if line.get_linestyle() == "--"]
    for line, probability in zip(dashed, (0.1, 0.9), strict=True):
        A = forward_perceptron(np.column_stack(line.get_data()), [[2.0], [-1.0]], [[0.5]])
        np.testing.assert_allclose(A, probability)


def test_3_1_wrong_points_are_ringed():
    drawing = part_3_1.draw(1.0, 1.0, -0.5, "XOR")
    rings = [line for line in drawing.figure.axes[0].lines if line.get_fillstyle() == "none"]
    np.testing.assert_array_equal([line.get_xydata() for line in rings], [[[1, 1]]])


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ((2.0, 2.0, -3.0, "AND"), "1.06 from the origin. This line solves AND."),
        ((1.0, 1.0, -0.5, "XOR"), "No line gets more than 3 of XOR right."),
        ((0.0, 0.0, 0.0, "XOR"), "no line, every point gets 0.50. On XOR, no weights have a lower"),
        ((0.0, 0.0, 1.5, "XOR"), "no line, every point gets 0.82."),
        ((0.5, 0.5, 6.0, "OR"), "outside the picture, 8.49 from the origin: all points are on one"),
        ((0.5, 0.5, 0.5, "OR"), "outside the picture, 0.71 from the origin: all points are on one"),
        ((1.0, -1.0, 0.0, "OR"), "(0, 0) and (1, 1) lie on it, which counts as answer 0"),
        ((4.0, 4.0, 0.0, "OR"), "(0, 0) lies on it, which counts as answer 0. This line solves OR"),
        ((-4.0, 4.0, 6.0, "XOR"), "all four points get the same answer"),
    ],
)
def test_3_1_tells_in_words_where_the_line_runs(setting, text):
    assert text in part_3_1.verdict(*setting)


def test_3_1_verdicts_are_true_at_every_setting():
    solved = set()
    for setting in EVERY:
        text, count = part_3_1.verdict(*setting), right(*setting)
        assert ("This line solves" in text) == (count == 4)
        assert "nan" not in text
        solved |= {setting[3]} if count == 4 else set()
    assert solved == {"AND", "OR", "NAND"}


def test_3_1_sliders_can_double_a_solution_and_start_at_none():
    for task, (w1, w2, b) in {"AND": (2, 2, -3), "OR": (4, 4, -1.5), "NAND": (-2, -2, 3)}.items():
        assert right(w1, w2, b, task) == 4
        assert {w1, w2} <= set(part_3_1.WEIGHTS)
        assert b in part_3_1.BIASES
    assert {4.0} <= set(part_3_1.WEIGHTS)
    assert {-6.0} <= set(part_3_1.BIASES)
    start = part_3_1.START
    assert right(start["w1"], start["w2"], start["b"], start["task"]) < 4


@pytest.mark.parametrize(
    ("W", "b"), [((4, 4), -6), ((-4, -4), 1.5), ((1, -1), 0), ((2.03, 2.03), -3.3)]
)
def test_3_1_the_arrow_points_along_the_weights_and_at_no_point(W, b):
    axes = Figure().add_subplot()
    part_3_1.draw_plane(axes, part_3_1.X, part_3_1.TARGETS["OR"], np.array([W]).T, [[b]])
    (arrow,) = axes.texts
    start, tip = np.array(arrow.xyann), np.array(arrow.xy)
    assert abs(start @ W + b) < 1e-9
    np.testing.assert_allclose((tip - start) / np.linalg.norm(tip - start), W / np.linalg.norm(W))
    for point in part_3_1.X:
        assert np.linalg.norm(tip - point) > 0.15
