"""The explorer of part 1.3: steepness and shift of a sigmoid, its slope, and where images land."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.datasets import Dataset, apply_scaler, fit_scaler
from course_lib.explorers import Drawing, Explorer, dataset, slider
from course_lib.neural_network import FloatArray, sigmoid

STEEPNESSES = (-2.0, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
SHIFTS = (-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0)
START = {"steepness": 1.0, "shift": 0.0}
SATURATED = 0.01  # answers closer than this to 0 or 1: the sigmoid is nearly flat there
_SEED = 1  # of the weights that nobody has trained
_Z = np.linspace(-6, 6, 481)


def random_scores(data: Dataset) -> FloatArray:
    """The scores ``(n, 1)`` that one neuron with random weights gives to the training images."""
    X = apply_scaler(data.X_train, fit_scaler(data.X_train))
    W = np.random.default_rng(_SEED).normal(size=(X.shape[1], 1)) / np.sqrt(X.shape[1])
    return X @ W


def saturated_shares(A: FloatArray) -> tuple[float, float]:
    """The shares of answers within 0.01 of 0, and of 1, where the sigmoid is nearly flat."""
    near_0, near_1 = (np.count_nonzero(distance < SATURATED) for distance in (A, 1 - A))
    return near_0 / A.size, near_1 / A.size


def draw(scores: FloatArray, steepness: float, shift: float) -> Drawing:
    """Draw ``sigmoid(steepness * (z - shift))``, its slope, and the answers for real scores."""
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.16, top=0.9, wspace=0.27)
    curve_axes, slope_axes, answer_axes = figure.subplots(1, 3)
    curve = sigmoid(steepness * (_Z - shift))
    peak = steepness / 4
    has_middle = steepness != 0  # a flat line is 0.5 everywhere, wherever the shift is
    for axes, values in ((curve_axes, curve), (slope_axes, steepness * curve * (1 - curve))):
        axes.axhline(0, color=plots.GRAY, linewidth=1)
        axes.axvline(shift, color=plots.GRAY, linewidth=1, linestyle=":", visible=has_middle)
        axes.plot(_Z, values, color=plots.BLUE, linewidth=2)
        axes.set(xlabel="score z", xlim=(-6, 6), xticks=range(-6, 7, 2))
        axes.grid(alpha=0.3)
    curve_axes.axhline(1, color=plots.GRAY, linewidth=1)
    reach = min(2.0, 0.55 / max(abs(peak), 0.05))  # how far the tangent is drawn to each side
    ends = np.array([-reach, reach])
    marks = {"color": plots.RED, "linewidth": 1.5, "visible": has_middle}
    curve_axes.plot(shift + ends, 0.5 + peak * ends, "--", **marks)
    curve_axes.plot(shift, 0.5, "o", **marks)
    curve_axes.set(title="The curve and its steepest tangent", ylim=(-0.12, 1.12), ylabel="answer")
    slope_axes.plot(shift, peak, "o", **marks)
    slope_axes.set(title="The slope of the curve", ylim=(-0.6, 1.1))
    answers = sigmoid(steepness * (scores - shift))
    _draw_answers(answer_axes, answers)
    near_0, near_1 = saturated_shares(answers)
    result = (
        f"Steepness {steepness:g}, shift {shift:g}: {_shape(steepness, shift)} "
        f"Of {answers.size} images, {near_0:.1%} get an answer within {SATURATED} of 0, "
        f"and {near_1:.1%} within {SATURATED} of 1."
    )
    curve_in_words = "A sigmoid with its steepest tangent" if has_middle else "A flat line"
    alt = f"{curve_in_words}, its slope, and a histogram of answers. {result}"
    return Drawing(figure, alt, result)


def _draw_answers(axes: Axes, answers: FloatArray) -> None:
    weights = np.full(answers.size, 1 / answers.size)
    bins = np.linspace(0, 1, 21).tolist()
    axes.hist(answers.ravel(), bins=bins, weights=weights, color=plots.ORANGE, edgecolor="black")
    axes.set(title="Answers for real images", xlabel="answer", xlim=(0, 1), ylim=(0, 1))
    axes.set_ylabel("share of images")
    axes.grid(alpha=0.3, axis="y")


def _shape(steepness: float, shift: float) -> str:
    """The curve in words: where its middle is, how steep it is there, how wide its rise."""
    if steepness == 0:
        return "the answer is 0.5 everywhere, whatever the score and the shift. The slope is 0."
    width = 2 * float(np.log(9)) / abs(steepness)  # sigmoid(ln 9) is 0.9
    direction = "rises from 0.1 to 0.9" if steepness > 0 else "falls from 0.9 to 0.1"
    return (
        f"the answer is 0.5 at z = {shift:g}, where the slope is {steepness / 4:g}. "
        f"It {direction} within {width:.2f} units of z."
    )


def explore(data: Dataset | str | None = None) -> Explorer:
    """Sliders for the steepness and the shift of a sigmoid.

    Args:
        data: A data set of the course, or its name, for the images; ``load_data()`` if not given.
    """
    data = dataset(data)
    scores = random_scores(data)
    controls = {
        "steepness": slider("Steepness", [(f"{w:g}", w) for w in STEEPNESSES], START["steepness"]),
        "shift": slider("Shift", [(f"{c:g}", c) for c in SHIFTS], START["shift"]),
    }
    return Explorer("1.3", controls, partial(draw, scores), data=data)
