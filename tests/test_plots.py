"""Figures: what `plots.show` puts on the page, and what it refuses to show."""

import base64
import html
import io
import itertools
import re
from unittest import mock

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from nbconvert import HTMLExporter
from PIL import Image

from course_lib import plots
from tests.notebook_guards import figure_differences
from tools import build

NAN, INF = float("nan"), float("inf")


def one_line() -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.add_subplot().plot([0, 1], color=plots.BLUE)
    return figure


def shown(figure: Figure, alt: str = "a line") -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What `show` displays for a figure: the data of its output, and the metadata."""
    with mock.patch.object(plots, "display") as display:
        plots.show(figure, "A caption.", alt)
    picture, caption = display.call_args_list
    assert caption.args[0].data == "*A caption.*"
    assert picture.kwargs["raw"]
    return picture.args[0], picture.kwargs["metadata"]


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.int16)


def test_a_figure_needs_a_caption_and_an_alt_text():
    for caption, alt in (("", "alt"), ("caption", " ")):
        with pytest.raises(ValueError, match="needs a caption and an alt text"):
            plots.show(one_line(), caption, alt)


def test_the_same_figure_gives_the_same_bytes():
    assert plots.to_png(one_line()) == plots.to_png(one_line())
    assert shown(one_line()) == shown(one_line())


def test_a_page_gets_the_picture_with_its_alt_text_and_a_pdf_the_same_picture():
    alt = 'less < "more" & so on'
    data, metadata = shown(one_line(), alt)
    found = re.fullmatch(
        r'<img src="data:image/png;base64,([^"]+)" width="144" alt="([^"]+)">', data["text/html"]
    )
    assert found is not None
    assert found[1] == data["image/png"]
    assert html.unescape(found[2]) == metadata["image/png"]["alt"] == data["text/plain"] == alt
    assert metadata["image/png"]["width"] == 144


def test_an_exported_page_has_the_picture_once_with_its_alt_text():
    data, metadata = shown(one_line(), "a line that rises")
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("plots.show(...)", outputs=[output], execution_count=1)
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert page.count(data["image/png"]) == 1
    assert page.count('alt="a line that rises"') == 1


def test_a_stored_picture_is_small_and_looks_the_same():
    figure = Figure(figsize=(4, 3))
    rng = np.random.default_rng(0)
    left, right = figure.subplots(1, 2)
    left.imshow(rng.normal(size=(28, 28)), cmap="RdBu_r")
    for color, line, marker in plots.LINES:
        right.plot(rng.random(20), line, color=color, marker=marker)
    full = plots.to_png(figure)
    small = base64.b64decode(shown(figure)[0]["image/png"])
    assert len(Image.open(io.BytesIO(full)).convert("RGB").getcolors(1 << 24)) > 1000
    assert len(small) < len(full) / 2
    assert figure_differences([pixels(small)], [pixels(full)]) == []


def test_a_figure_is_closed_once_it_is_shown():
    figure, _ = plt.subplots()
    shown(figure)
    assert not plt.fignum_exists(figure.number)


# ------------------------------------------------------------------------- what hides something

GAP = np.ma.masked_where([False, True, False], [0.0, 1.0, 2.0])
IMAGE = np.eye(3)
HOLE = np.where(IMAGE == 1, NAN, 0)


def bars(axes: Axes, **looks: object) -> None:
    axes.bar([0, 1], [1, 2], color=plots.BLUE)
    axes.bar([2, 3], [1, 2], color=plots.RED, **looks)


def lines(axes: Axes, first: str, second: str) -> None:
    axes.plot([0, 1], first, color=plots.BLUE)
    axes.plot([1, 0], second, color=plots.RED)


def scatters(axes: Axes, first: str, second: str) -> None:
    axes.scatter([0, 1], [0, 1], marker=first, color=plots.BLUE)
    axes.scatter([0, 1], [1, 0], marker=second, color=plots.RED)


def errors(axes: Axes, first: str, second: str) -> None:
    for form, color in ((first, plots.BLUE), (second, plots.RED)):
        axes.errorbar([0, 1], [0, 1], [0.1, 0.1], fmt=form, color=color, capsize=3)


def overlay(axes: Axes, picture: bool) -> None:
    if picture:
        axes.imshow(IMAGE)
    axes.plot([0, 1], "o-", color="white")
    axes.text(0, 0, "x", color="white")


PAIRS = {  # what is refused, its good twin, and the message
    "line with nan": (lambda a: a.plot([0, NAN, 2]), lambda a: a.plot(GAP), "a line holds NaN"),
    "line with infinity": (
        lambda a: a.plot([0, INF]), lambda a: a.plot([0, 1e300]), "break a line on purpose with",
    ),
    "line of masked nan": (
        lambda a: a.plot(np.ma.masked_where([True, False, False], [0, NAN, 1])),
        lambda a: a.plot(np.ma.masked_invalid([0, NAN, 1])),
        "a line holds NaN",
    ),
    "scatter with nan": (
        lambda a: a.scatter([0, 1], [0, NAN]), lambda a: a.scatter([0], [0]), "a scatter holds NaN",
    ),
    "scatter colored by nan": (
        lambda a: a.scatter([0, 1], [0, 1], c=[0, NAN]),
        lambda a: a.scatter([0, 1], [0, 1], c=[0, 1]),
        "a picture holds NaN",
    ),
    "bar with nan": (lambda a: a.bar([0], [NAN]), lambda a: a.bar([0], [0]), "a bar holds NaN"),
    "stairs with nan": (
        lambda a: a.stairs([1, NAN]), lambda a: a.stairs([1, 0]), "a bar holds NaN",
    ),
    "error bar with nan": (
        lambda a: a.errorbar([0], [0], [NAN]),
        lambda a: a.errorbar([0], [0], [1]),
        "holds NaN or infinity",
    ),
    "image with nan": (
        lambda a: a.imshow(HOLE), lambda a: a.imshow(IMAGE), "a picture holds NaN",
    ),
    "lines": (
        lambda a: lines(a, "-", "-"), lambda a: lines(a, "-", "--"),
        "only color tells #0072b2 from #c24f00: give each its own line style or marker",
    ),
    "markers": (lambda a: lines(a, "o", "o"), lambda a: lines(a, "o", "s"), "only color tells"),
    "error bars": (
        lambda a: errors(a, "o-", "o-"), lambda a: errors(a, "o-", "s-"), "only color tells",
    ),
    "scatters": (
        lambda a: scatters(a, "o", "o"), lambda a: scatters(a, "o", "s"),
        "give each its own marker",
    ),
    "bars": (lambda a: bars(a), lambda a: bars(a, hatch="//"), "give one of them a hatch"),
    "pale line": (
        lambda a: a.plot([0, 1], color=plots.ORANGE), lambda a: a.axhline(0, color=plots.GRAY),
        "a line is too pale, its contrast with white is 2.3:1: take a color with 3:1 at least",
    ),
    "line pale by alpha": (
        lambda a: a.plot([0, 1], color="black", alpha=0.3),
        lambda a: a.plot([0, 1], color="black", alpha=0.6),
        "a line is too pale",
    ),
    "pale marker": (
        lambda a: a.plot([0], [0], "o", color=plots.ORANGE),
        lambda a: a.plot([0], [0], "o", color=plots.ORANGE, markeredgecolor="black"),
        "a marker is too pale",
    ),
    "pale bar": (
        lambda a: a.bar([0], [1], color=plots.ORANGE),
        lambda a: a.bar([0], [1], color=plots.ORANGE, edgecolor="black"),
        "a bar is too pale",
    ),
    "pale text": (
        lambda a: a.text(0, 0, "x", color=plots.GREEN), lambda a: a.text(0, 0, "x", color="black"),
        "a text is too pale, its contrast with white is 3.4:1: take a color with 4.5:1 at least",
    ),
    "white on white": (lambda a: overlay(a, False), lambda a: overlay(a, True), "1.0:1"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_what_hides_something_is_refused_and_its_good_twin_is_not(name: str):
    bad, good, message = PAIRS[name]
    for draw, is_refused in ((bad, True), (good, False)):
        figure = Figure()
        figure.add_subplot(title="The loss")
        draw(figure.axes[0])
        if is_refused:
            with pytest.raises(ValueError, match=re.escape("axes 'The loss': ")) as refusal:
                plots.show(figure, "A caption.", "a figure")
            assert message in str(refusal.value)
        else:
            plots.require_readable(figure)


def test_the_same_color_in_two_axes_or_twice_is_no_reason_to_refuse():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    for _ in range(2):
        left.plot([0, 1], color=plots.BLUE)
    right.plot([0, 1], color=plots.RED)
    right.axhline(0, color="black")
    plots.require_readable(figure)


# --------------------------------------------------------------------------------------- colors

COLORS = {
    name: getattr(plots, name) for name in ("BLUE", "ORANGE", "GREEN", "RED", "PURPLE", "GRAY")
}
COLORS["black"] = "black"
EYES = (None, "deuteranomaly", "protanomaly", "tritanomaly")
LEAST_DISTANCE = 10.0  # in CAM02-UCS, where 1 is what can just be seen side by side


def as_seen(color: str, eyes: str | None) -> np.ndarray:
    """A color as sRGB from 0 to 1, as it is for eyes that lack one kind of cone."""
    rgb = np.array(to_rgb(color))
    if eyes is None:
        return rgb
    space = {"name": "sRGB1+CVD", "cvd_type": eyes, "severity": 100}
    return np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)


def distance(one: str, other: str, eyes: str | None) -> float:
    return float(deltaE(as_seen(one, eyes), as_seen(other, eyes), input_space="sRGB1"))


def too_close(colors: dict[str, str]) -> list[str]:
    """The pairs of colors that some readers cannot tell apart."""
    return [
        f"{one} and {other} are {found:.1f} apart with {eyes or 'normal vision'}"
        for one, other in itertools.combinations(colors, 2)
        for eyes in EYES
        if (found := distance(colors[one], colors[other], eyes)) < LEAST_DISTANCE
    ]


def test_everybody_can_tell_the_colors_apart():
    assert too_close(COLORS) == []
    assert {color for color, _, _ in plots.LINES} <= set(COLORS.values())


NAMED = re.compile(r"""\b(?:\w*colors?|c|ec|fc)"?[=:] ?"(#?\w+)\"""")
AREAS = {"lightgray", "#F7E2B3"}  # pale, below or beside something with a dark edge


def other_colors(text: str) -> set[str]:
    """The colors that a text names itself, instead of taking them from `plots`."""
    return set(NAMED.findall(text)) - {"black", "k", "white", "none"} - AREAS


def test_every_color_of_a_line_comes_from_plots():
    explorers = sorted((build.ROOT / "course_lib/explorers").glob("*.py"))
    texts = [*explorers, *build.text_files("notebooks"), *build.text_files("solutions")]
    assert len(texts) > 50
    for path in texts:
        assert other_colors(path.read_text(encoding="utf-8")) == set(), path.name
    assert other_colors('plot(x, color="teal", fc="white") {"color": "#123456"}') == {
        "teal",
        "#123456",
    }


@pytest.mark.parametrize(
    ("pair", "eyes"),
    [
        (("#80A040", "#C08040"), "deuteranomaly"),
        (("#009E73", "#808080"), "deuteranomaly"),
        (("#D55E00", "#117733"), "protanomaly"),
        (("#0072B2", "#00805D"), "tritanomaly"),
        (("#0072B2", "#0070B0"), "normal vision"),
    ],
)
def test_a_pair_that_some_cannot_tell_apart_is_found(pair: tuple[str, str], eyes: str):
    assert any(eyes in problem for problem in too_close({"one": pair[0], "other": pair[1]}))


def test_lines_stand_out_from_the_page_and_orange_is_only_for_areas():
    pale = {name for name, color in COLORS.items() if plots.contrast(color) < plots.LINE_CONTRAST}
    assert pale == {"ORANGE"}
    for color in (plots.BLUE, plots.RED, plots.GRAY):  # also write text
        assert plots.contrast(color) >= plots.TEXT_CONTRAST


def test_contrast_is_that_of_wcag():
    assert plots.contrast("white") == pytest.approx(1)
    assert plots.contrast("black") == pytest.approx(21)
    assert plots.contrast("#767676") == pytest.approx(4.54, abs=0.005)  # known to pass just so
    assert plots.contrast("black", alpha=0) == plots.contrast("none") == pytest.approx(1)
    assert plots.contrast("black", alpha=0.5) == pytest.approx(plots.contrast("0.5"))
