"""The explorer of part 2.4: a slope measured by a step h, and how far off it is."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from course_lib import plots
from course_lib.datasets import IMAGE_SIZE, Dataset, apply_scaler, fit_scaler, select_pair
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import (
    FloatArray,
    Parameters,
    binary_cross_entropy,
    mse_loss,
    numerical_gradient,
    sigmoid,
)

# Three rows for the two losses; the bias keeps w = 0 from being a special place.
X = np.array([[-1.0], [0.5], [2.0]])
Y_CLASS = np.array([[1.0], [0.0], [1.0]])
Y_LINE = np.array([[-1.0], [2.0], [5.0]])
BIAS = 0.5
PRECISION = float(np.finfo(np.float64).eps)

STEPS = (1.0, 0.3, *(digit * 10.0**-k for k in range(1, 12) for digit in (1, 0.3)), 1e-12)
POINTS = (-2.0, -1.0, 0.0, 0.01, 1.0, 2.0)
START = {"function": "cross-entropy", "point": -1.0, "h": 1.0}
SMALLEST_ERROR = 1e-17
CURVE = np.linspace(-3.2, 3.2, 129)


@dataclass(frozen=True)
class Function:
    """A loss of one weight, what is known of it, and how high its picture is."""

    name: str
    value: Callable[[float], float]
    slope: Callable[[float], float]
    third: Callable[[float], float]  # third derivative: what a central difference cuts off
    height: float
    kink: bool = False


def _probabilities(w: float) -> FloatArray:
    return sigmoid(X * w + BIAS)


def _third_of_cross_entropy(w: float) -> float:
    A = _probabilities(w)
    return float(np.mean(X**3 * A * (1 - A) * (1 - 2 * A)))


FUNCTIONS = {
    "cross-entropy": Function(
        "Binary cross-entropy",
        lambda w: binary_cross_entropy(_probabilities(w), Y_CLASS),
        lambda w: float(np.mean(X * (_probabilities(w) - Y_CLASS))),
        _third_of_cross_entropy,
        3.0,
    ),
    "squared error": Function(
        "Mean squared error",
        lambda w: mse_loss(X * w + BIAS, Y_LINE),
        lambda w: float(2 * np.mean(X * (X * w + BIAS - Y_LINE))),
        lambda _: 0.0,
        48.0,
    ),
    "absolute value": Function(
        "The absolute value |w|", abs, lambda w: 1.0 if w >= 0 else -1.0, lambda _: 0.0, 3.4, True
    ),
    "maximum": Function(
        "The maximum max(0, w)",
        lambda w: max(0.0, w),
        lambda w: 1.0 if w >= 0 else 0.0,
        lambda _: 0.0,
        3.4,
        True,
    ),
}


def measure(function: str, point: float, h: float) -> tuple[float, float]:
    """The slope at a point, as the central and as the forward difference give it."""
    value = FUNCTIONS[function].value
    above, here, below = value(point + h), value(point), value(point - h)
    return (above - below) / (2 * h), (above - here) / h


def errors(function: str, point: float) -> tuple[list[float], list[float]]:
    """How far both differences are from the slope, for every step of the slider.

    Not for a kink itself, where there is no slope to compare with.
    """
    slope = FUNCTIONS[function].slope(point)
    measured = [measure(function, point, h) for h in STEPS]
    central = [abs(central - slope) for central, _ in measured]
    return central, [abs(forward - slope) for _, forward in measured]


def verdict(function: str, point: float, h: float) -> str:
    """Say in words which of the two errors rules, or that there is a kink."""
    known = FUNCTIONS[function]
    if known.kink and point == 0:
        left, right = known.slope(-1), known.slope(1)
        return (
            f"A kink: the slope is {left:g} on the left and {right:g} on the right, and here "
            "there is none. The central difference answers with their mean, whatever the step."
        )
    if known.kink and h > abs(point):
        return (
            f"The step reaches across the kink at 0, to another line. It is {abs(point):g} away: "
            "choose a smaller step."
        )
    cut_off = h**2 / 6 * abs(known.third(point))
    rounded = PRECISION / 2 * max(abs(known.value(point)), abs(point)) / h
    if known.third(point) == 0:
        return (
            "The central difference has nothing to cut off here, so all its error is rounding: "
            f"the larger the step, the better{', up to the kink' if known.kink else ''}."
        )
    if cut_off > 5 * rounded:
        return "Truncation rules: a smaller step is better for the central difference."
    if rounded > 5 * cut_off:
        return (
            "Rounding rules: on average a larger step is better for the central difference; a "
            "single point can be lucky."
        )
    return "Truncation and rounding are about equal: this step is near the best one."


def draw(function: str, point: float, h: float) -> Drawing:
    """Draw the curve with its two secants, and the error of both for every step."""
    known = FUNCTIONS[function]
    central, forward = measure(function, point, h)
    figure = Figure(figsize=(10.5, 3.8))
    figure.subplots_adjust(left=0.07, right=0.98, bottom=0.15, top=0.9, wspace=0.24)
    curve_axes, error_axes = figure.subplots(1, 2)

    here, no_slope = known.value(point), known.kink and point == 0
    curve_axes.plot(CURVE, [known.value(w) for w in CURVE], color="black", linewidth=1.5)
    ends = np.array([CURVE[0], CURVE[-1]])
    if not no_slope:
        tangent = here + known.slope(point) * (ends - point)
        curve_axes.plot(ends, tangent, ":", color=plots.GRAY, linewidth=1.5, label="tangent")
    for name, slope, left, (color, line, marker), size in (
        ("central", central, point - h, plots.LINES[0], 6),
        ("forward", forward, point, plots.LINES[1], 4),
    ):
        w = np.array([CURVE[0], left, point + h, CURVE[-1]])  # the marks are the middle two
        secant = known.value(left) + slope * (w - left)
        look: dict[str, Any] = {"marker": marker, "markersize": size, "markevery": [1, 2]}
        curve_axes.plot(w, secant, line, color=color, label=f"{name} secant", **look)
    curve_axes.set(
        title=f"{known.name} and its secants",
        xlabel="weight w",
        ylabel="loss",
        xlim=(CURVE[0], CURVE[-1]),
        ylim=(-known.height / 8, known.height),
    )
    curve_axes.grid(alpha=0.3)
    curve_axes.legend(loc="upper center")

    if no_slope:
        text = "no slope here, so no error to draw"
        error_axes.text(0.5, 0.5, text, transform=error_axes.transAxes, ha="center")
    styles = (("central", plots.BLUE, "-", "o"), ("forward", plots.RED, "--", "s"))
    lines = () if no_slope else errors(function, point)
    for line, (label, color, style, marker) in zip(lines, styles, strict=False):
        shown = np.maximum(line, SMALLEST_ERROR)
        error_axes.plot(STEPS, shown, style, color=color, marker=marker, markersize=3, label=label)
    error_axes.axvline(h, color=plots.GRAY, linewidth=3, zorder=1, label="your step")
    error_axes.set(
        title="Error of the slope, for every step",
        xlabel="step h",
        ylabel="error (0 is drawn at the bottom)",
        xscale="log",
        yscale="log",
        xlim=(3e-13, 3),
        ylim=(SMALLEST_ERROR / 3, 3e3),
    )
    error_axes.xaxis.set_major_locator(LogLocator(numticks=7))
    error_axes.yaxis.set_major_locator(LogLocator(numticks=7))
    error_axes.minorticks_off()
    error_axes.grid(alpha=0.3)
    error_axes.legend(loc="upper center", ncols=3)

    slope = "none" if no_slope else f"{known.slope(point):.6f}"
    result = (
        f"{known.name} at w = {point:g}, step h = {h:g}. Slope: {slope}. Central difference: "
        f"{central:.6f}{_off(central, known, point)}. Forward difference: "
        f"{forward:.6f}{_off(forward, known, point)}. {verdict(function, point, h)}"
    )
    beside = "no error to draw" if no_slope else "the error of both against the step"
    alt = f"A curve with two secants, and {beside}. {result}"
    return Drawing(figure, alt, result)


def _off(measured: float, known: Function, point: float) -> str:
    if known.kink and point == 0:
        return ""
    error = abs(measured - known.slope(point))
    return f", off by {error:.1g}" if error > 0 else ", exact"


def explore() -> Explorer:
    """A slider for the step, and menus for the function and the point."""
    controls = {
        "h": slider("Step h", [(f"{h:g}", h) for h in STEPS], START["h"]),
        "function": menu(
            "Function",
            [(function.name, key) for key, function in FUNCTIONS.items()],
            START["function"],
        ),
        "point": menu("Point w", [(f"{w:g}", w) for w in POINTS], START["point"]),
    }
    return Explorer("2.4", controls, draw)


# ------------------------------------------------------- the picture that opens the lesson

ROWS = 64  # as many as there are pixels, so that a transposed product runs


def digits_batch(data: Dataset) -> tuple[FloatArray, FloatArray]:
    """64 training images of 3 and 8, scaled, of which every third pixel is kept: 8 x 8."""
    X_train, y_train, _, _ = select_pair(data, 3, 8)
    scaled = apply_scaler(X_train, fit_scaler(X_train))[:ROWS]
    images = scaled.reshape(ROWS, IMAGE_SIZE, IMAGE_SIZE)[:, 3:25:3, 3:25:3]
    return images.reshape(ROWS, -1), y_train[:ROWS]


def _logistic(X: FloatArray, params: Parameters) -> FloatArray:
    return sigmoid(X @ params["W"] + params["b"])


def draw_checks(data: Dataset) -> Drawing:
    """Draw formula against measurement, entry by entry: one right gradient, three wrong ones."""
    X, y = digits_batch(data)
    W = np.random.default_rng(0).normal(scale=0.1, size=(X.shape[1], 1))
    params = {"W": W, "b": np.full((1, 1), 0.1)}
    measured = numerical_gradient(X, y, params, binary_cross_entropy, _logistic)
    error = _logistic(X, params) - y
    right_W, right_b = X.T @ error / len(X), error.mean(axis=0, keepdims=True)
    versions = {  # right; a transposed product; the mean forgotten; a wrong sign
        "A": (right_W, right_b),
        "B": (X @ error / len(X), right_b),
        "C": (X.T @ error, error.sum(axis=0, keepdims=True)),
        "D": (right_W, -right_b),
    }
    figure = Figure(figsize=(10.5, 3.2))
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.17, top=0.89, wspace=0.28)
    for axes, (name, (grad_W, grad_b)) in zip(figure.subplots(1, 4), versions.items(), strict=True):
        limit = 1.1 * max(float(np.abs(grad_W).max()), float(np.abs(grad_b).max()))
        reach = 1.1 * float(np.abs(measured["W"]).max())
        axes.plot([-reach, reach], [-reach, reach], color=plots.GRAY, linewidth=1)
        axes.plot(measured["W"], grad_W, "o", color=plots.BLUE, markersize=3, label="weights")
        axes.plot(measured["b"], grad_b, "D", color=plots.RED, markersize=7, label="bias")
        axes.set(title=name, xlabel="measured", xlim=(-reach, reach), ylim=(-limit, limit))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("from the formula")
    figure.axes[0].legend(loc="upper left", handletextpad=0.1)
    alt = (
        "Four plots of a formula's gradient against the measured one. A: all points on the gray "
        "line. B: a cloud. C: a line far too steep, on an axis that reaches much further. D: all "
        "weights on the gray line, the bias far off it."
    )
    return Drawing(figure, alt, alt)
