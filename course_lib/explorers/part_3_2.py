"""The explorer of part 3.2: one activation with its slope, and the softmax of three scores."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.datasets import Dataset, apply_scaler, fit_scaler
from course_lib.explorers import Drawing, Explorer, menu, slider
from course_lib.neural_network import FloatArray, relu, sigmoid, softmax

SCORES = (-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0)
TEMPERATURES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
ADDED = (-1000, -100, 0, 100, 1000)
START = {"activation": "sigmoid", "score": 2.0, "temperature": 1.0, "added": 0}
CLASSES = "ABC"
_OTHERS = (1.0, 0.0)  # the scores of B and C
_SEED = 0  # of the weights that nobody has trained
_Z = np.linspace(-4.5, 4.5, 361)


@dataclass(frozen=True)
class Activation:
    """An activation, its slope, and its name as it stands in a sentence."""

    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    name: str


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda Z: sigmoid(Z) * (1 - sigmoid(Z)), "The sigmoid"),
    "tanh": Activation(np.tanh, lambda Z: 1 - np.tanh(Z) ** 2, "The tanh"),
    "ReLU": Activation(relu, lambda Z: (Z > 0).astype(np.float64), "The ReLU"),
}


def random_scores(data: Dataset) -> FloatArray:
    """The scores ``(m, 10)`` that a layer with random weights gives to the test images."""
    X = apply_scaler(data.X_test, fit_scaler(data.X_train))
    W = np.random.default_rng(_SEED).normal(size=(X.shape[1], 10)) / np.sqrt(X.shape[1])
    return X @ W


def draw_first_image(data: Dataset) -> Drawing:
    """Draw the first test image, its ten random scores, and the ten probabilities."""
    scores = random_scores(data)[0]
    probabilities = softmax(scores)
    figure = Figure(figsize=(10.5, 3))
    figure.subplots_adjust(left=0.02, right=0.985, bottom=0.17, top=0.88, wspace=0.25)
    image_axes, *bar_axes = figure.subplots(1, 3, width_ratios=(0.7, 1, 1))
    plots.draw_digit(image_axes, data.X_test[0], "An image")
    winner = int(probabilities.argmax())
    titles = ("Ten scores of an untrained layer", "Ten probabilities")
    for axes, values, title in zip(bar_axes, (scores, probabilities), titles, strict=True):
        _draw_bars(axes, values, winner)
        axes.set(title=title, xticks=range(10), xlabel="class")
    limit = 1.1 * float(np.abs(scores).max())
    bar_axes[0].set(ylim=(-limit, limit))
    bar_axes[1].set(ylim=(0, 1))
    text = (
        f"The scores lie between {scores.min():.2f} and {scores.max():.2f}, some of them below 0. "
        f"The probabilities add up to 1; the largest is {probabilities[winner]:.1%}, for {winner}."
    )
    alt = f"A handwritten digit, a bar chart of ten scores, and one of ten probabilities. {text}"
    return Drawing(figure, alt, text)


def _draw_bars(axes: Axes, values: FloatArray, winner: int) -> None:
    is_winner = np.arange(len(values)) == winner
    axes.bar(np.flatnonzero(~is_winner), values[~is_winner], color=plots.BLUE, zorder=2)
    top = axes.bar(winner, values[winner], facecolor=plots.ORANGE, edgecolor="black", zorder=2)
    top[0].set_hatch("///")
    axes.axhline(0, color=plots.GRAY, linewidth=1)
    axes.grid(alpha=0.3, axis="y")


def plain_softmax(scores: FloatArray) -> FloatArray:
    """Softmax as the formula stands, without the maximum: not finite where it fails."""
    with np.errstate(all="ignore"):
        exp = np.exp(scores)
        return exp / exp.sum()


def draw(activation: str, score: float, temperature: float, added: int) -> Drawing:
    """Draw an activation and its slope, each with a point at ``score``, and three probabilities.

    The softmax gets the scores ``(score, 1, 0) + added``, divided by the temperature.
    """
    figure = Figure(figsize=(10.5, 3.4))
    figure.subplots_adjust(left=0.055, right=0.985, bottom=0.16, top=0.9, wspace=0.27)
    curve_axes, slope_axes, bar_axes = figure.subplots(1, 3)
    _draw_activation(curve_axes, slope_axes, ACTIVATIONS[activation], score)
    scores = np.array([score, *_OTHERS]) + added
    probabilities = softmax(scores / temperature)
    _draw_probabilities(bar_axes, scores, probabilities)
    bar_axes.set_title(f"Softmax at temperature {temperature:g}")
    result = (
        f"{_activation_in_words(activation, score)} Softmax of the scores "
        f"{_listed([f'{s:g}' for s in scores])} at temperature {temperature:g}: "
        f"{_probabilities_in_words(probabilities)} {plain_verdict(scores / temperature)}"
    )
    alt = f"The curve of an activation, its slope, and a bar chart of three classes. {result}"
    return Drawing(figure, alt, result)


def _draw_activation(curve: Axes, slope: Axes, chosen: Activation, score: float) -> None:
    at = np.array([score])
    value, steepness = float(chosen.value(at)[0]), float(chosen.slope(at)[0])
    has_kink = chosen.value is relu
    pieces = (_Z[_Z < 0], _Z[_Z > 0]) if has_kink else (_Z,)  # the slope of ReLU jumps
    for axes in (curve, slope):
        axes.axhline(0, color=plots.GRAY, linewidth=1)
        axes.axvline(score, color=plots.GRAY, linewidth=1, linestyle=":")
        axes.set(xlabel="score z", xlim=(-4.5, 4.5), xticks=range(-4, 5, 2))
        axes.grid(alpha=0.3)
    curve.plot(_Z, chosen.value(_Z), color=plots.BLUE, linewidth=2)
    for piece in pieces:
        slope.plot(piece, chosen.slope(piece), color=plots.BLUE, linewidth=2)
    at_kink = has_kink and score == 0
    if not at_kink:
        ends = np.array([-2.0, 2.0])
        line = value + steepness * ends
        curve.plot(score + ends, line, "--", color=plots.RED, linewidth=1.5)
    curve.plot(score, value, "o", color=plots.RED)
    slope.plot(score, steepness, "o", color=plots.RED)
    title = f"{chosen.name}, {'which has no tangent at 0' if at_kink else 'with its tangent'}"
    curve.set(title=title, ylim=(-1.4, 4.9))
    slope.set(title="Its slope", ylim=(-0.1, 1.2))


def _draw_probabilities(axes: Axes, scores: FloatArray, probabilities: FloatArray) -> None:
    axes.bar(np.arange(3), probabilities, color=plots.BLUE, width=0.6, zorder=2)
    for place, probability in enumerate(probabilities):
        axes.text(place, probability + 0.02, _percent(float(probability)), ha="center")
    labels = [f"{name}: {score:g}" for name, score in zip(CLASSES, scores, strict=True)]
    axes.set(xlim=(-0.6, 2.6), ylim=(0, 1.15), xticks=range(3), yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set_xticklabels(labels)
    axes.set(xlabel="class: score", ylabel="probability")
    axes.grid(alpha=0.3, axis="y")


def _activation_in_words(activation: str, score: float) -> str:
    """Value and slope at a score, and what the slope does to a gradient."""
    chosen, at = ACTIVATIONS[activation], np.array([score])
    value, slope = float(chosen.value(at)[0]), float(chosen.slope(at)[0])
    if chosen.value is relu and score == 0:
        effect = "0 by convention: this is the corner"
    elif slope in (0, 1):
        effect = f"{slope:g}: " + ("a gradient passes whole" if slope else "no gradient passes")
    else:
        effect = f"{slope:.4f}: {slope:.1%} of a gradient passes"
    return f"{chosen.name} makes {value:.4g} of z = {score:g}. Its slope there is {effect}."


def _probabilities_in_words(probabilities: FloatArray) -> str:
    parts = [f"{name} {_percent(float(p))}" for name, p in zip(CLASSES, probabilities, strict=True)]
    ahead = [name for name, p in zip(CLASSES, probabilities, strict=True)
             if np.isclose(p, probabilities.max(), rtol=1e-9, atol=0)]  # fmt: skip
    verb = "is ahead" if len(ahead) == 1 else "are level"
    return f"{_listed(parts)}; {_listed(ahead)} {verb}."


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _percent(share: float) -> str:
    """A share in percent; one that would round to 0 or to all is said to be near it."""
    if 0 < share < 0.0005:
        return "under 0.1%"
    return "over 99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"


def plain_verdict(scores: FloatArray) -> str:
    """What the formula without the maximum makes of the scores that stand in the powers."""
    plain = plain_softmax(scores)
    if np.all(np.isfinite(plain)):
        same = np.allclose(plain, softmax(scores), rtol=1e-6)
        return f"Without the maximum, the formula {'agrees' if same else 'is off'}."
    if scores.max() > 0:
        return f"Without the maximum, it fails: e^{scores.max():g} overflows."
    return "Without the maximum, it fails: every power of e becomes 0, and 0/0 is no number."


def explore() -> Explorer:
    """A menu of activations, and sliders for a score, a temperature, and a common shift."""
    controls = {
        "activation": menu("Activation", [(n, n) for n in ACTIVATIONS], START["activation"]),
        "score": slider("Score z", [(f"{z:g}", z) for z in SCORES], START["score"]),
        "temperature": slider(
            "Temperature", [(f"{T:g}", T) for T in TEMPERATURES], START["temperature"]
        ),
        "added": slider("Added to all", [(f"{c:g}", c) for c in ADDED], START["added"]),
    }
    return Explorer("3.2", controls, draw)
