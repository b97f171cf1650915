"""The figures that many lessons draw, and one way to show a figure with caption and alt text.

Colors are those of Okabe and Ito, which color-blind readers can tell apart, with a darker red and
gray; line style and marker always say the same as the color.
"""

# Matplotlib and IPython leave many of their own arguments untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import base64
import html
from collections.abc import Hashable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike
from PIL import Image

from course_lib.datasets import IMAGE_SIZE
from course_lib.neural_network import FloatArray

BLUE, GREEN, RED, PURPLE, GRAY = "#0072B2", "#009E73", "#C24F00", "#CC79A7", "#696969"
ORANGE = "#E69F00"  # too pale for a line: for areas and markers with a black edge only
LINES = ((BLUE, "-", "o"), (RED, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"))
SMALLEST_LOSS = 1e-4
LINE_CONTRAST, TEXT_CONTRAST = 3.0, 4.5  # with white, at least: WCAG 2.2, 1.4.11 and 1.4.3
_DPI = 144  # twice what the page shows, so that text stays sharp on fine screens


def show(figure: Figure, caption: str, alt: str) -> None:
    """Display a figure with its caption below, and close it.

    Args:
        figure: The finished figure.
        caption: One or two sentences that say what to see in it.
        alt: What the figure shows, for readers who cannot see it.

    Raises:
        ValueError: If caption or alt text is missing, or ``require_readable`` refuses the figure.
    """
    if not caption.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and an alt text")
    require_readable(figure)
    width = round(figure.get_figwidth() * _DPI / 2)
    png = base64.b64encode(_with_fewer_colors(to_png(figure))).decode()
    picture = f'<img src="data:image/png;base64,{png}" width="{width}" alt="{html.escape(alt)}">'
    # JupyterLab drops the alt text of image/png, so the page gets HTML; a PDF takes the other.
    display(
        {"text/html": picture, "image/png": png, "text/plain": alt},
        metadata={"image/png": {"width": width, "alt": alt}},
        raw=True,
    )
    display(Markdown(f"*{caption}*"))
    plt.close(figure)


def to_png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file, the same bytes for the same figure."""
    figure.set_dpi(_DPI)
    png = BytesIO()
    # Draws once; savefig would draw a second time to find the layout.
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None})
    return png.getvalue()


def _with_fewer_colors(png: bytes) -> bytes:
    """The picture with 256 colors: a third of the bytes, and no difference that is seen."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    smaller = BytesIO()
    # Without dithering, areas stay even; kmeans moves the 256 colors to where the pixels are.
    picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=8, dither=Image.Dither.NONE).save(
        smaller, "png", optimize=True
    )
    return smaller.getvalue()


def require_readable(figure: Figure) -> None:
    """Refuse a figure that leaves out numbers, is too pale, or tells lines apart by color alone.

    Raises:
        ValueError: If a line, point, bar or image holds NaN or infinity, which Matplotlib does
            not draw; if two lines, scatters or bars in the same axes differ in nothing but
            color; or if a line, marker or text has too little contrast with white.
    """
    for axes in figure.axes:
        for kind, numbers in _numbers(axes):
            if not np.all(np.isfinite(np.asarray(numbers, dtype=np.float64))):
                raise ValueError(
                    f"{_name(axes)}: a {kind} holds NaN or infinity, which is not drawn: clip it "
                    "and say so, leave it out, or break a line on purpose with np.ma.masked_where"
                )
        seen: dict[Hashable, str] = {}
        for look, color, remedy in _looks(axes):
            if seen.setdefault(look, color) != color:
                raise ValueError(
                    f"{_name(axes)}: only color tells {seen[look]} from {color}: {remedy}"
                )
        for kind, found, least in _contrasts(axes):
            if found < least:
                raise ValueError(
                    f"{_name(axes)}: a {kind} is too pale, its contrast with white is "
                    f"{found:.1f}:1: take a color with {least:g}:1 at least, such as plots.GRAY"
                )


def contrast(color: Any, alpha: float | None = None) -> float:
    """The contrast of a color with white, as WCAG 2 defines it: 1 for white, 21 for black."""
    *ink, opacity = to_rgba(color, alpha)
    rgb = 1 - (1 - np.array(ink)) * opacity
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return 1.05 / (float(light @ [0.2126, 0.7152, 0.0722]) + 0.05)


def _name(axes: Axes) -> str:
    labels = axes.get_title(), axes.get_ylabel(), axes.get_xlabel()
    return next((f"axes '{label}'" for label in labels if label), "axes without a title")


def _numbers(axes: Axes) -> Iterator[tuple[str, ArrayLike]]:
    """What is drawn, by kind, without the values of a line that are masked on purpose."""
    for line in axes.lines:
        for given, used in zip(line.get_data(orig=True), line.get_data(orig=False), strict=True):
            yield "line", np.ma.compressed(given) if np.ma.isMaskedArray(given) else used
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            yield "bar", patch.get_data()[0]
        else:
            yield "bar", patch.get_patch_transform().transform(patch.get_path().vertices)
    for collection in axes.collections:
        yield "scatter", np.ma.getdata(collection.get_offsets())
        for path in collection.get_paths():
            yield "curve or error bar", path.vertices
    for picture in (*axes.images, *axes.collections):
        if (values := picture.get_array()) is not None:
            # Matplotlib masks what is not finite; it is still there, below the mask.
            yield "picture", np.ma.getdata(values)


def _looks(axes: Axes) -> Iterator[tuple[Hashable, str, str]]:
    """How each line, scatter and bar looks but for its color, the color, and what to change."""
    for line in _drawn_lines(axes):
        style, marker = line.get_linestyle(), line.get_marker()
        color = line.get_color() if style != "None" else line.get_markerfacecolor()
        look = style, marker, line.get_fillstyle()
        yield look, to_hex(color), "give each its own line style or marker"
    for scatter in axes.collections:
        if isinstance(scatter, PathCollection) and scatter.get_array() is None:
            marker = b"".join(np.asarray(path.vertices).tobytes() for path in scatter.get_paths())
            for color in np.asarray(scatter.get_facecolor()):
                yield marker, to_hex(color), "give each its own marker"
    for bar in _bars(axes):
        yield ("bar", bar.get_hatch()), to_hex(bar.get_facecolor()), "give one of them a hatch"


def _drawn_lines(axes: Axes) -> list[Line2D]:
    """The lines that carry data: not the caps of error bars, nor lines across the axes."""
    errors = [group for group in axes.containers if isinstance(group, ErrorbarContainer)]
    caps = {cap for group in errors for cap in group.lines[1]}
    return [
        line
        for line in axes.lines
        if line.get_visible()
        and (line.get_linestyle(), line.get_marker()) != ("None", "None")
        and line not in caps
        and line.get_transform() == axes.transData
    ]


def _bars(axes: Axes) -> list[Patch]:
    """Bars, also those of histograms."""
    groups = [group for group in axes.containers if isinstance(group, BarContainer)]
    bars: list[Patch] = [bar for group in groups for bar in group.patches]
    return bars + [patch for patch in axes.patches if isinstance(patch, StepPatch)]


def _contrasts(axes: Axes) -> Iterator[tuple[str, float, float]]:
    """The contrast with white of what stands on white, and the least that it needs."""
    maps = [each for each in axes.collections if each.get_array() is not None]
    if axes.images or any(getattr(each, "filled", True) for each in maps):
        return  # here a picture is the background
    for line in axes.lines:
        if line.get_visible():
            alpha = line.get_alpha()
            if line.get_linestyle() != "None":
                yield "line", contrast(line.get_color(), alpha), LINE_CONTRAST
            if line.get_marker() not in ("None", None, ""):
                inks = line.get_markerfacecolor(), line.get_markeredgecolor()
                yield "marker", max(contrast(ink, alpha) for ink in inks), LINE_CONTRAST
    for bar in _bars(axes):
        inks = bar.get_facecolor(), bar.get_edgecolor()
        yield "bar", max(contrast(ink) for ink in inks), LINE_CONTRAST
    for text in axes.texts:
        yield "text", contrast(text.get_color(), text.get_alpha()), TEXT_CONTRAST


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
    axes.axhline(start, color=GRAY, linewidth=1)
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
