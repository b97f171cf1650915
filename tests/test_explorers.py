"""Sliders: every value of every control works, and says what it shows."""

import importlib
import math
import re
import warnings
from types import ModuleType

import numpy as np
import pytest
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.explorers import Drawing, Explorer, slider
from course_lib.explorers.training import verdict
from tests import refuse
from tools import build

STEMS = sorted(path.stem for path in (build.ROOT / "course_lib/explorers").glob("part_*.py"))
COMBINATIONS = 12  # random settings, beside every single value


def sweep(explorer: Explorer, seed: int = 0) -> list[str]:
    """Set every control to each of its values, then try random settings; return what is wrong."""
    draw = explorer._draw

    def draw_readable(**settings: object) -> Drawing:
        drawing = draw(**settings)
        plots.require_readable(drawing.figure)
        return drawing

    explorer._draw = draw_readable
    start = explorer.settings
    options = {name: [value for _, value in c.options] for name, c in explorer.controls.items()}
    settings = [start | {name: value} for name, values in options.items() for value in values]
    rng = np.random.default_rng(seed)
    for _ in range(COMBINATIONS):
        settings.append({name: v[rng.integers(len(v))] for name, v in options.items()})
    return [problem for setting in settings for problem in problems_at(explorer, setting)]


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
    text = explorer.text.value
    problems = []
    if re.search(r"\b(nan|inf)\b", text):
        problems.append(f"explorer {explorer.part} shows no finite number at {setting}: {text}")
    if "data:image/png;base64," not in explorer.picture.value or 'alt=""' in explorer.picture.value:
        problems.append(f"explorer {explorer.part} shows no picture with alt text at {setting}")
    return problems


def module_of(stem: str) -> ModuleType:
    return importlib.import_module(f"course_lib.explorers.{stem}")


@pytest.mark.parametrize("stem", STEMS)
def test_every_setting_works(stem: str):
    refuse(sweep(module_of(stem).explore()))


@pytest.mark.parametrize("stem", STEMS)
def test_every_control_changes_the_picture(stem: str):
    explorer = module_of(stem).explore()
    for name, control in explorer.controls.items():
        explorer.reset()
        before = explorer.picture.value, explorer.text.value
        control.value = next(value for _, value in control.options if value != control.value)
        assert explorer.picture.value != before[0], name
        assert explorer.text.value != before[1], name


def tiny(draw) -> Explorer:
    return Explorer("0.0", {"size": slider("Size", [("1", 1), ("2", 2), ("3", 3)], 1)}, draw)


def drawing(text: str = "fine", alt: str = "a line") -> Drawing:
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot([0, 1])
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
        (raises_at_3, "raises at {'size': 3}: ZeroDivisionError('nobody tried 3')"),
        (warns_at_2, "raises at {'size': 2}: RuntimeWarning('careful')"),
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
    assert sweep(tiny(lambda size: drawing())) == []


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
    with pytest.raises(KeyError):
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
    assert explorer.progress in explorer.children
    explorer._draw = draw
    explorer.controls["size"].value = 2
    assert seen == [(0.5, "visible")]
    assert explorer.progress.layout.visibility == "hidden"
    with pytest.raises(ZeroDivisionError):
        explorer.controls["size"].value = 3
    assert explorer.progress.layout.visibility == "hidden"
    assert tiny(lambda size: drawing()).progress not in tiny(lambda size: drawing()).children


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


def test_text_and_alt_text_cannot_break_the_page():
    explorer = tiny(lambda size: drawing('a < b & "c"', 'x < y "z"'))
    assert "a &lt; b &amp; &quot;c&quot;" in explorer.text.value
    assert 'alt="x &lt; y &quot;z&quot;"' in explorer.picture.value
