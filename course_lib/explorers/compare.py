"""The run before, as a gray ghost behind the new one."""

# Matplotlib leaves many of its own arguments untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

GRAY = "#949494"  # 3:1 against white, and wider than any line in front of it
LINES, POINTS = 1.5, 0.9  # drawn behind the new ones, which Matplotlib puts at 2 and 1
GHOST = "ghost"

_own_limits: WeakKeyDictionary[Axes, list[tuple[float, float]]] = WeakKeyDictionary()


def draw_ghosts(figure: Figure, before: Figure) -> None:
    """Draw the lines, points and outlines of another figure into this one, behind its own.

    A ghost stands at its own numbers; where the other figure showed more, such as more epochs,
    the axes grow. What is the same in both is left out, and so are images, which would hide
    each other.
    """
    for axes, old_axes in zip(figure.axes, before.axes, strict=False):
        limits = _own_limits[axes] = [axes.get_xlim(), axes.get_ylim()]
        if not axes.images:
            old_limits = old_axes.get_xlim(), old_axes.get_ylim()
            limits = [_both(*pair) for pair in zip(limits, old_limits, strict=True)]
        _ghost_lines(axes, old_axes)
        _ghost_points(axes, old_axes)
        _ghost_outlines(axes, old_axes)
        axes.set(xlim=limits[0], ylim=limits[1])


def remove_ghosts(figure: Figure) -> None:
    """Take out what ``draw_ghosts`` has put in, and let the axes shrink again."""
    for axes in figure.axes:
        if axes in _own_limits:
            xlim, ylim = _own_limits.pop(axes)
            axes.set(xlim=xlim, ylim=ylim)
    for ghost in figure.findobj(lambda artist: artist.get_gid() == GHOST):
        ghost.remove()


def _ghost_lines(axes: Axes, old_axes: Axes) -> None:
    shown = [_data(line) for line in axes.lines]
    for line in old_axes.lines:
        in_data = line.get_transform() == old_axes.transData  # not a mark at the edge
        if not in_data or any(_same(_data(line), data) for data in shown):
            continue
        x, y = _data(line)
        ghost = Line2D(x, y, color=GRAY, linewidth=4, zorder=LINES, gid=GHOST)
        ghost.set_linestyle(line.get_linestyle())
        if line.get_linestyle() == "None" or len(x) == 1:
            ghost.set(marker=line.get_marker(), markersize=9)
        axes.add_line(ghost)


def _ghost_points(axes: Axes, old_axes: Axes) -> None:
    shown = [np.asarray(c.get_offsets()) for c in axes.collections if _is_points(c)]
    for points in filter(_is_points, list(old_axes.collections)):
        places = np.asarray(points.get_offsets())
        if not any(_same(places, other) for other in shown):
            axes.scatter(*places.T, s=60, color=GRAY, zorder=POINTS, gid=GHOST)


def _ghost_outlines(axes: Axes, old_axes: Axes) -> None:
    """Bars and polygons, as outlines in front: filled ones would hide each other."""
    shown = [_outline(patch) for patch in axes.patches]
    for patch in old_axes.patches:
        outline = _outline(patch)
        in_data = Artist.get_transform(patch) == old_axes.transData
        if in_data and not any(_same(outline, other) for other in shown):
            axes.add_line(Line2D(*outline, color=GRAY, linewidth=3, zorder=LINES, gid=GHOST))


def _outline(patch: Patch) -> np.ndarray:
    return np.asarray(patch.get_path().transformed(patch.get_patch_transform()).vertices).T


def _both(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The limits of an axis that shows what two of them show; some run downward."""
    widest = min if one[0] < one[1] else max
    narrowest = max if widest is min else min
    return widest(one[0], other[0]), narrowest(one[1], other[1])


def _is_points(artist: object) -> bool:
    return isinstance(artist, PathCollection)


def _data(line: Line2D) -> np.ndarray:
    return np.asarray(line.get_xydata(), dtype=np.float64).T


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, equal_nan=True))
