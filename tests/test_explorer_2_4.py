"""The explorer of part 2.4 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_2_4

LOSSES = {"cross-entropy": nn.binary_cross_entropy, "squared error": nn.mse_loss}


@pytest.mark.parametrize("point", part_2_4.POINTS)
@pytest.mark.parametrize("function", part_2_4.FUNCTIONS)
def test_2_4_slopes_are_what_the_central_difference_finds(function, point):
    if part_2_4.FUNCTIONS[function].kink and point == 0:
        return
    central, forward = part_2_4.measure(function, point, 1e-5)
    slope = part_2_4.FUNCTIONS[function].slope(point)
    assert central == pytest.approx(slope, abs=1e-9)
    assert forward == pytest.approx(slope, abs=1e-4)


@pytest.mark.parametrize("function", LOSSES)
def test_2_4_measures_what_the_library_measures(function):
    forward_fn = {
        "cross-entropy": lambda X, params: nn.sigmoid(X @ params["W"] + part_2_4.BIAS),
        "squared error": lambda X, params: X @ params["W"] + part_2_4.BIAS,
    }[function]
    y = part_2_4.Y_CLASS if function == "cross-entropy" else part_2_4.Y_LINE
    for h in (0.3, 1e-4):
        library = nn.numerical_gradient(
            part_2_4.X, y, {"W": [[-1.0]]}, LOSSES[function], forward_fn, h
        )
        central, _ = part_2_4.measure(function, -1.0, h)
        assert central == pytest.approx(library["W"].item(), rel=1e-9)


@pytest.mark.parametrize("point", part_2_4.POINTS)
def test_2_4_third_derivative_is_what_the_central_difference_cuts_off(point):
    known = part_2_4.FUNCTIONS["cross-entropy"]
    h = 1e-3
    central, _ = part_2_4.measure("cross-entropy", point, h)
    assert central - known.slope(point) == pytest.approx(h**2 / 6 * known.third(point), rel=1e-3)


@pytest.mark.parametrize(
    ("function", "point", "h", "start"),
    [
        ("cross-entropy", 1.0, 0.1, "Truncation rules"),
        ("cross-entropy", 1.0, 1e-10, "Rounding rules"),
        ("cross-entropy", 1.0, 1e-5, "Truncation and rounding are about equal"),
        ("squared error", 1.0, 0.1, "The central difference has nothing to cut off"),
        ("cross-entropy", -1.0, 3e-6, "Rounding rules: on average a larger step is better"),
        ("absolute value", 0.0, 1e-6, "A kink: the slope is -1 on the left and 1 on the right"),
        ("maximum", 0.0, 1.0, "A kink: the slope is 0 on the left and 1 on the right"),
        ("absolute value", 0.01, 0.1, "The step reaches across the kink at 0"),
        ("maximum", 0.01, 0.003, "The central difference has nothing to cut off"),
    ],
)
def test_2_4_tells_in_words_which_error_rules(function, point, h, start):
    assert part_2_4.verdict(function, point, h).startswith(start)


def test_2_4_the_step_of_the_least_error_is_in_between_for_the_cross_entropy_alone():
    best = {name: part_2_4.STEPS[int(np.argmin(part_2_4.errors(name, -1.0)[0]))] for name in LOSSES}
    assert 1e-7 < best["cross-entropy"] < 1e-4
    assert best["squared error"] > 1e-2


def test_2_4_a_kink_is_answered_with_the_mean_of_both_sides():
    for h in part_2_4.STEPS:
        assert part_2_4.measure("absolute value", 0.0, h) == (0.0, 1.0)
        assert part_2_4.measure("maximum", 0.0, h) == (0.5, 1.0)


@pytest.mark.parametrize(("point", "lines"), [(0.0, 0), (1.0, 2)])
def test_2_4_a_kink_has_no_tangent_and_no_error(point, lines):
    curve, error = part_2_4.draw("maximum", point, 1e-6).figure.axes
    assert ("tangent" in [line.get_label() for line in curve.lines]) == (lines > 0)
    drawn = [line for line in error.lines if line.get_label() in ("central", "forward")]
    assert sum(len(line.get_xdata()) > 0 for line in drawn) == lines
    assert [text.get_text() for text in error.texts] == (
        [] if lines else ["no slope here, so no error to draw"]
    )


def test_2_4_text_restates_the_setting_and_the_result():
    text = part_2_4.draw("cross-entropy", -1.0, 0.1).text
    for part in ("Binary cross-entropy at w = -1, step h = 0.1", "Slope: -0.400908", "off by"):
        assert part in text
    assert "Slope: none" in part_2_4.draw("maximum", 0.0, 0.1).text
    assert "exact" in part_2_4.draw("squared error", -1.0, 1.0).text


def test_2_4_the_opening_picture_checks_the_batch_that_the_lesson_checks():
    X, y = part_2_4.digits_batch(load_digits28())
    assert X.shape == (64, 64)
    assert y.shape == (64, 1)
    assert len(part_2_4.draw_checks(load_digits28()).figure.axes) == 4
