"""The figures that many lessons draw, and one way to show a figure with caption and alt text.

Colors are those of Okabe and Ito, which color-blind readers can tell apart; line style and
marker always say the same as the color.
"""

# Matplotlib and IPython leave many of their own arguments untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Mapping, Sequence
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Image, Markdown, display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from course_lib.datasets import IMAGE_SIZE
from course_lib.neural_network import FloatArray

BLUE, ORANGE, GREEN, RED, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
LINES = ((BLUE, "-", "o"), (RED, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"))
SMALLEST_LOSS = 1e-4
_DPI = 144  # twice what the page shows, so that text stays sharp on fine screens


def show(figure: Figure, caption: str, alt: str) -> None:
    """Display a figure with its caption below, and close it.

    Args:
        figure: The finished figure.
        caption: One or two sentences that say what to see in it.
        alt: What the figure shows, for readers who cannot see it.

    Raises:
        ValueError: If caption or alt text is missing.
    """
    if not caption.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and an alt text")
    width = round(figure.get_figwidth() * _DPI / 2)
    display(Image(to_png(figure), width=width, alt=alt))
    display(Markdown(f"*{caption}*"))
    plt.close(figure)


def to_png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file, the same bytes for the same figure."""
    figure.set_dpi(_DPI)
    png = BytesIO()
    # Draws once; savefig would draw a second time to find the layout.
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None})
    return png.getvalue()


def plot_losses(axes: Axes, histories: Mapping[str, Sequence[float]], start: float) -> None:
    """Draw loss curves, one for each label, from the loss before training to the last epoch.

    The axis is logarithmic. A gray line marks the loss before training; losses below 0.0001
    are drawn at 0.0001, since such an axis has no room for 0.

    Args:
        axes: Where to draw.
        histories: Label of each curve, and its loss after each epoch.
        start: The loss before training: every curve begins there.
    """
    if len(histories) > len(LINES):
        raise ValueError(
            f"{len(histories)} curves are too many to tell apart: {len(LINES)} at most"
        )
    for (label, losses), (color, line, marker) in zip(histories.items(), LINES, strict=False):
        curve = np.maximum([start, *losses], SMALLEST_LOSS)
        axes.plot(curve, line, color=color, marker=marker, markersize=4, label=label)
    axes.set(yscale="log", xlabel="epoch", ylabel="training loss")
    axes.axhline(start, color="gray", linewidth=1)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.locator_params(axis="x", integer=True)
    axes.grid(alpha=0.3)
    if len(histories) > 1:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))  # beside the curves


def draw_digit(axes: Axes, pixels: ArrayLike, title: str = "") -> None:
    """Draw one image of 784 pixels, ink in black."""
    image = np.asarray(pixels).reshape(IMAGE_SIZE, IMAGE_SIZE)
    axes.imshow(image, cmap="gray_r")
    axes.set(xticks=[], yticks=[], title=title)


def draw_weights(axes: Axes, W: FloatArray, negative: str, positive: str) -> None:
    """Draw 784 weights as a picture: what speaks for one answer, and what for the other.

    Red inside a solid line speaks for ``positive``, blue inside a dashed line for
    ``negative``; white has no say.
    """
    image = np.asarray(W, dtype=np.float64).reshape(IMAGE_SIZE, IMAGE_SIZE)
    limit = max(float(np.abs(image).max()), 1e-12)
    picture = axes.imshow(image, cmap="RdBu_r", vmin=-limit, vmax=limit)
    levels = [-limit / 3, limit / 3]
    axes.contour(image, levels=levels, colors="black", linewidths=0.8, linestyles=["--", "-"])
    axes.set(xticks=[], yticks=[])
    bar = axes.figure.colorbar(picture, ax=axes, ticks=[-limit, 0, limit], shrink=0.9)
    bar.ax.set_yticklabels([f"−{limit:.2g}\n{negative}", "0", f"+{limit:.2g}\n{positive}"])


def draw_confusion(axes: Axes, counts: ArrayLike) -> None:
    """Draw a confusion matrix: one row a true class, one column an answer, mistakes shaded.

    Args:
        axes: Where to draw.
        counts: Whole numbers, shape ``(k, k)``; ``counts[i, j]`` samples of class ``i`` were
            taken for ``j``.
    """
    counts = np.asarray(counts)
    mistakes = counts * (1 - np.eye(len(counts), dtype=counts.dtype))
    axes.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(4, 2 * mistakes.max()))
    for i, j in np.argwhere(counts > 0):
        weight = "normal" if i == j else "bold"
        axes.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=9, weight=weight)
    classes = range(len(counts))
    axes.set(xticks=classes, yticks=classes, xlabel="answer", ylabel="true class")


def draw_filter(axes: Axes, weights: ArrayLike, limit: float, title: str = "") -> None:
    """Draw the weights of one filter, shape ``(f, g)``: red above 0, blue below, with numbers.

    Args:
        axes: Where to draw.
        weights: The filter.
        limit: The size that gets the full color; the same for filters side by side.
        title: Above it.
    """
    weights = np.asarray(weights)
    axes.imshow(weights, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for i, j in np.ndindex(weights.shape):
        color = "white" if abs(weights[i, j]) > 0.6 * limit else "black"
        number = f"{weights[i, j]:.1f}".replace("-0.0", "0.0").replace("-", "−")
        axes.text(j, i, number, ha="center", va="center", color=color, fontsize=7)
    axes.set(xticks=[], yticks=[], title=title)
