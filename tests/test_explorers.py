"""Sliders: every value of every control works, and says what it shows."""

import asyncio
import importlib
import io
import math
import os
import re
import sys
import warnings
from inspect import signature
from types import ModuleType

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from traitlets import TraitError

from course_lib import plots
from course_lib.explorers import KEPT_RUN, NOTHING, REST, RUN_BEFORE, Drawing, Explorer, slider
from course_lib.explorers.compare import GHOST
from course_lib.explorers.training import verdict
from tests import refuse
from tools import build

STEMS = sorted(path.stem for path in (build.ROOT / "course_lib/explorers").glob("part_*.py"))
PNG = b"\x89PNG"
COMBINATIONS = 4  # random settings, beside every single value and the ends of all controls


def module_of(stem: str) -> ModuleType:
    return importlib.import_module(f"course_lib.explorers.{stem}")


def sweep(explorer: Explorer) -> list[str]:
    """Set every control to each of its values, then several at once; return what is wrong.

    Each control must change picture, words and line of code. The ends of all controls and random
    settings are compared with the run before. The line of code of the last one is executed.
    """
    draw = explorer._draw

    def draw_readable(**settings: object) -> Drawing:
        drawing = draw(**settings)
        plots.require_readable(drawing.figure)
        return drawing

    explorer._draw = draw_readable
    start, problems = explorer.settings, []
    options = {name: [value for _, value in c.options] for name, c in explorer.controls.items()}
    at_start = shown_by(explorer)
    for name, values in options.items():
        shown = [at_start]
        for value in values:
            if value != start[name]:
                brings = explorer._presets.get(name, {}).get(value, {})
                problems += problems_at(explorer, start | brings | {name: value})
                shown.append(shown_by(explorer))
        for place, what in enumerate(("picture", "text", "line of code")):
            if all(each[place] == at_start[place] for each in shown):
                problems.append(f"explorer {explorer.part}: {name} never changes the {what}")
    explorer.compare.value = RUN_BEFORE
    rng = np.random.default_rng(0)
    for choose in (min, max, *[rng.choice] * COMBINATIONS):
        before = f"Before, gray in the picture: {explorer.drawing.text}"
        setting = {name: v[choose(range(len(v)))] for name, v in options.items()}
        found = problems_at(explorer, setting)
        if not found and explorer.result.before_text != before:
            found.append(f"explorer {explorer.part} compares with another run at {setting}")
        problems += found
    return problems


def shown_by(explorer: Explorer) -> tuple[bytes, str, str]:
    return explorer.result.picture, explorer.result.text, explorer.code


def problems_at(explorer: Explorer, setting: dict[str, object]) -> list[str]:
    """What goes wrong when the controls are moved to one setting."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            explorer.set(**setting)
    except Exception as error:
        return [f"explorer {explorer.part} raises at {setting}: {error!r}; mend its draw function"]
    if explorer.settings != setting:
        return [f"explorer {explorer.part} does not take {setting}: {explorer.settings}"]
    shown, problems = explorer.result, []
    if re.search(r"\b(nan|inf)\b", shown.text):
        problems.append(
            f"explorer {explorer.part} shows no finite number at {setting}: {shown.text}"
        )
    if not shown.picture.startswith(PNG) or not shown.picture_alt.strip():
        problems.append(f"explorer {explorer.part} shows no picture with alt text at {setting}")
    return problems


@pytest.mark.parametrize("stem", STEMS)
def test_every_setting_works(stem: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plots, "_DPI", 36)  # as many pixels take four times as long
    explorer = module_of(stem).explore()
    refuse(sweep(explorer))

    line, scope = explorer.code, {}
    exec(line.replace("; ", "\nagain = "), scope)
    again = scope["again"]
    assert again.settings == explorer.settings
    assert again.code == line
    explorer.compare.value = NOTHING
    assert again.result.picture == explorer.result.picture


def tiny(draw) -> Explorer:
    return Explorer("0.0", {"size": slider("Size", [("1", 1), ("2", 2), ("3", 3)], 1)}, draw)


def drawing(text: str = "fine", alt: str = "a line", size: int = 1) -> Drawing:
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot([0, 1], linewidth=size)
    return Drawing(figure, alt, text)


def hides_at_2(size: int) -> Drawing:
    shown = drawing()
    if size == 2:
        shown.figure.axes[0].plot([0, math.nan])
    return shown


def raises_at_3(size: int) -> Drawing:
    if size == 3:
        raise ZeroDivisionError("nobody tried 3")
    return drawing()


def warns_at_2(size: int) -> Drawing:
    if size == 2:
        warnings.warn("careful", RuntimeWarning, stacklevel=1)
    return drawing()


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            raises_at_3,
            "raises at {'size': 3}: ZeroDivisionError('nobody tried 3'); mend its draw function",
        ),
        (warns_at_2, "raises at {'size': 2}: RuntimeWarning('careful')"),
        (lambda size: drawing(f"size {size}"), "0.0: size never changes the picture"),
        (lambda size: drawing(size=size), "0.0: size never changes the text"),
        (hides_at_2, "axes without a title: a line holds NaN"),
        (
            lambda size: drawing(f"loss {math.inf if size == 2 else 1}"),
            "shows no finite number at {'size': 2}",
        ),
        (
            lambda size: drawing(alt="" if size == 3 else "a line"),
            "no picture with alt text at {'size': 3}",
        ),
    ],
)
def test_a_setting_that_fails_is_found(draw, message):
    problems = sweep(tiny(draw))
    assert any(message in problem for problem in problems)


def test_a_good_explorer_passes_the_sweep():
    assert sweep(tiny(lambda size: drawing(f"size {size}", size=size))) == []


def test_a_run_before_that_is_not_the_last_one_is_found(monkeypatch: pytest.MonkeyPatch):
    explorer = tiny(lambda size: drawing(f"size {size}", size=size))
    monkeypatch.setattr(explorer, "_keep", lambda drawing: None)
    assert "compares with another run at {'size': " in " ".join(sweep(explorer))


def test_an_exception_in_a_callback_is_not_swallowed():
    explorer = tiny(raises_at_3)
    with pytest.raises(ZeroDivisionError):
        explorer.controls["size"].value = 3


def test_reset_restores_every_control_and_redraws_once():
    drawn = []
    explorer = tiny(lambda size: drawn.append(size) or drawing(f"size {size}"))
    explorer.controls["size"].value = 2
    drawn.clear()
    explorer.reset()
    assert explorer.settings == {"size": 1}
    assert drawn == [1]
    explorer.controls["size"].value = 3
    assert drawn == [1, 3]


def test_several_controls_are_set_with_one_redraw():
    drawn = []
    controls = {name: slider(name, [("1", 1), ("2", 2)], 1) for name in ("rows", "columns")}
    explorer = Explorer("0.0", controls, lambda **s: drawn.append(s) or drawing())
    drawn.clear()
    explorer.set(rows=2, columns=2)
    assert drawn == [{"rows": 2, "columns": 2}]
    explorer.controls["rows"].value = 1
    assert drawn[1:] == [{"rows": 1, "columns": 2}]
    with pytest.raises(KeyError, match="no control is named row: they are rows, columns"):
        explorer.set(row=2)
    explorer.controls["columns"].value = 1  # still redraws
    assert drawn[2:] == [{"rows": 1, "columns": 1}]


def test_controls_stand_side_by_side_and_a_preset_sets_the_others():
    drawn = []
    names = ("kind", "left", "right", "size")
    controls = {name: slider(name, [("1", 1), ("2", 2)], 1) for name in names}
    explorer = Explorer(
        "0.0",
        controls,
        lambda **s: drawn.append(s) or drawing(),
        rows=[("left", "right")],
        presets={"kind": {2: {"left": 2, "right": 2}}},
    )
    kind, row, size = explorer.children[:3]
    assert (kind, size) == (controls["kind"], controls["size"])
    assert row.children == (controls["left"], controls["right"])
    drawn.clear()
    controls["kind"].value = 2
    assert drawn == [{"kind": 2, "left": 2, "right": 2, "size": 1}]
    controls["left"].value = 1  # the preset stays chosen, and does not act again
    assert drawn[1:] == [{"kind": 2, "left": 1, "right": 2, "size": 1}]
    controls["kind"].value = 1  # brings nothing
    assert drawn[2:] == [{"kind": 1, "left": 1, "right": 2, "size": 1}]
    explorer.set(kind=2, left=1)  # as set: the preset does not act
    assert drawn[3:] == [{"kind": 2, "left": 1, "right": 2, "size": 1}]


def test_progress_is_shown_while_drawing_and_only_then():
    seen = []

    def draw(size: int, progress) -> Drawing:
        progress(0.5)
        seen.append((explorer.progress.value, explorer.progress.layout.visibility))
        if size == 3:
            raise ZeroDivisionError
        return drawing()

    explorer = Explorer(
        "0.0",
        {"size": slider("Size", [("1", 1), ("2", 2), ("3", 3)], 1)},
        lambda size, progress: drawing(),
        has_progress=True,
    )
    assert explorer.progress in explorer.children[-2].children
    explorer._draw = draw
    explorer.controls["size"].value = 2
    assert seen == [(0.5, "visible")]
    assert explorer.progress.layout.visibility == "hidden"
    with pytest.raises(ZeroDivisionError):
        explorer.controls["size"].value = 3
    assert explorer.progress.layout.visibility == "hidden"
    without = tiny(lambda size: drawing())
    assert without.progress not in without.children[-2].children


@pytest.mark.parametrize(
    ("losses", "start"),
    [
        ([0.5, float("nan")], "Diverged"),
        ([0.5, float("inf")], "Diverged"),
        (
            [14.0, 0.01],
            "A leap: after 1 of 2 epochs the loss is worse than guessing (0.69), at most 14.00; then it recovers.",
        ),
        (
            [14.0, 0.01, 0.8, 0.1],
            "Unstable: after 2 of 4 epochs the loss is worse than guessing (0.69), at most 14.00; then it recovers.",
        ),
        (
            [0.5, 0.7],
            "Unstable: after 1 of 2 epochs the loss is worse than guessing (0.69), at most 0.70. Choose a smaller learning rate.",
        ),
        ([0.3, 0.2, 0.25, 0.1], "Jumpy: the loss rises in 1 of 4 epochs"),
        ([0.68, 0.67], "Slow"),
        ([0.2, 0.1], "Steady"),
    ],
)
def test_a_verdict_tells_in_words_what_the_loss_does(losses, start):
    assert verdict(losses, math.log(2)).startswith(start)


def test_a_page_without_a_kernel_shows_a_readable_line():
    bundle = tiny(lambda size: drawing())._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "Explorer 0.0: run this cell in JupyterLab to set size and see the result."
    )
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_setting_that_is_none_is_refused_by_name():
    explorer = tiny(lambda size: drawing())
    with pytest.raises(ValueError, match=r"size cannot be 4: choose from 1, 2, 3"):
        explorer.set(size=4)
    with pytest.raises(TraitError, match=r"Size cannot be 4: its values are 1, 2, 3"):
        explorer.controls["size"].value = 4
    assert explorer.settings == {"size": 1}


# ----------------------------------------------------------- the same setting, in code


def test_the_line_of_code_prefers_what_is_shorter():
    options = [("all rows", sys.maxsize), ("0.10", 0.1)]
    explorer = Explorer(
        "0.0",
        {"rate": slider("Rate", options, 0.1), "rows": slider("Rows", options, sys.maxsize)},
        lambda rate, rows: drawing(),
    )
    assert explorer.code == (
        "from course_lib.explorers import part_0_0; "
        "part_0_0.explore().set(rate=0.1, rows='all rows')"
    )
    assert explorer.set(rate="all rows", rows=0.1) is explorer
    assert explorer.settings == {"rate": sys.maxsize, "rows": 0.1}


@pytest.mark.parametrize("stem", [s for s in STEMS if signature(module_of(s).explore).parameters])
def test_the_same_explorer_shows_real_mnist(stem: str):
    mnist = os.environ.get("MNIST_DIR")
    if not mnist:
        pytest.skip("MNIST_DIR is not set")
    explorer = module_of(stem).explore("mnist")
    assert ".explore('mnist').set(" in explorer.code
    assert explorer.result.text.startswith("Real MNIST: ")
    assert problems_at(explorer, explorer.settings) == []
    assert explorer.result.picture != module_of(stem).explore("digits28").result.picture


# ------------------------------------------------------------------------------ moves


def in_a_kernel(*moves) -> None:
    """Call functions one after the other in a running loop, as a kernel does, and let it rest."""

    async def run() -> None:
        for move in moves:
            move()
            await asyncio.sleep(REST / 8)
        await asyncio.sleep(3 * REST)

    asyncio.run(run())


def test_of_a_quick_series_of_moves_only_the_last_is_drawn():
    drawn = []
    controls = {name: slider(name, [(f"{n}", n) for n in range(9)], 0) for name in ("W", "b")}
    explorer = Explorer("0.0", controls, lambda **s: drawn.append(s) or drawing(f"{s}"))
    drawn.clear()
    moves = [lambda n=n: controls["W"].set_trait("index", n) for n in range(1, 6)]
    in_a_kernel(*moves, lambda: controls["b"].set_trait("index", 3))
    assert drawn == [{"W": 5, "b": 3}]
    assert explorer.result.text == "{'W': 5, 'b': 3}"


def test_a_move_that_cannot_be_drawn_is_told_in_words_and_the_next_one_works():
    explorer = tiny(raises_at_3)
    in_a_kernel(lambda: explorer.controls["size"].set_trait("index", 2))
    assert explorer.result.text == (
        "This setting cannot be drawn (ZeroDivisionError: nobody tried 3). "
        "Choose another, or Reset."
    )
    in_a_kernel(lambda: explorer.controls["size"].set_trait("index", 1))
    assert explorer.result.text == "fine"


# ---------------------------------------------------------------------------- compare


def one_of_each(size: int) -> Drawing:
    """A line, a line that stays, points, bars, a polygon, an image, a mark across the axes."""
    figure = Figure(figsize=(3, 1))
    left, right = figure.subplots(1, 2)
    left.plot([0, size], "--", label="moves")
    left.plot([5, 5], label="stays")
    left.axhline(size)
    left.scatter([size], [1])
    right.bar([0, 1], [size, 4])
    right.fill([0, size, size], [0, 0, 1])
    right.imshow(np.full((2, 2), size))
    right.set(xlim=(-1, 2), ylim=(0, 5))
    return Drawing(figure, f"size {size}", f"The size is {size}.")


def ghosts(explorer: Explorer) -> list[np.ndarray]:
    """Where the ghosts stand, as corners or points in the numbers of the axes."""
    found = explorer.drawing.figure.findobj(lambda artist: artist.get_gid() == GHOST)
    return [
        np.asarray(g.get_xydata() if hasattr(g, "get_xydata") else g.get_offsets()) for g in found
    ]


def test_the_run_before_stands_behind_the_new_one():
    explorer = tiny(one_of_each)
    explorer.compare.value = RUN_BEFORE
    assert ghosts(explorer) == []  # nothing has changed yet
    assert "will stay behind the next one" in explorer.result.before_text
    explorer.set(size=2)
    line, points, bar, polygon = ghosts(explorer)
    np.testing.assert_array_equal(line, [[0, 0], [1, 1]])
    np.testing.assert_array_equal(points, [[1, 1]])
    assert bar.max() == 1
    assert polygon.max() == 1
    assert explorer.drawing.figure.axes[1].get_ylim() == (0, 5)
    assert explorer.result.before_text == "Before, gray in the picture: The size is 1."
    assert explorer.result.before_alt == "Before: size 1"
    assert explorer.result.picture_alt.endswith("The run before stands behind it in gray.")
    explorer.set(size=3)
    assert explorer.result.before_text.endswith("The size is 2.")
    assert max(g.max() for g in ghosts(explorer)) == 2
    before = np.asarray(Image.open(io.BytesIO(explorer.result.before)))
    np.testing.assert_array_equal(
        before, np.asarray(Image.open(io.BytesIO(plots.to_png(one_of_each(2).figure))))
    )


def test_a_kept_run_stays_until_another_is_chosen():
    explorer = tiny(one_of_each)
    explorer.compare.value = KEPT_RUN
    for size in (2, 3):
        explorer.set(size=size)
        assert explorer.result.before_text == "Kept, gray in the picture: The size is 1."
        assert len(ghosts(explorer)) == 4
    explorer.compare.value = NOTHING
    assert explorer.result.before_text == ""
    assert ghosts(explorer) == []
    assert explorer.result.picture == plots.to_png(one_of_each(3).figure)


def test_axes_grow_to_show_the_whole_run_before():
    def draw(size: int) -> Drawing:
        figure = Figure(figsize=(2, 1))
        up, down = figure.subplots(1, 2)
        up.set_xlim(0, size)
        down.set_ylim(size, 0)
        return Drawing(figure, "axes", f"{size}")

    explorer = tiny(draw)
    explorer.compare.value = RUN_BEFORE
    for size, longest in ((3, 3), (2, 3), (1, 2)):
        explorer.set(size=size)
        up, down = explorer.drawing.figure.axes
        assert up.get_xlim() == (0, longest)
        assert down.get_ylim() == (longest, 0)


def test_large_print_is_switched_on_and_off():
    explorer = tiny(lambda size: drawing())
    explorer.large.value = True
    assert "explorer-large" in explorer._dom_classes
    explorer.large.value = False
    assert "explorer-large" not in explorer._dom_classes


# --------------------------------------------------------------------------------- plots


def test_a_figure_needs_a_caption_and_an_alt_text():
    for caption, alt in (("", "alt"), ("caption", " ")):
        with pytest.raises(ValueError, match="needs a caption and an alt text"):
            plots.show(Figure(), caption, alt)


def test_the_same_figure_gives_the_same_bytes():
    assert plots.to_png(drawing().figure) == plots.to_png(drawing().figure)
