"""The sliders of the lessons: a pure function that draws, and a thin widget over it.

``Explorer`` is that widget. Each part that has sliders is a module here, with a function
``explore(...)`` that returns one; ``draw(...)`` in the same module can be called without it.
"""

# ipywidgets has no type stubs.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

import asyncio
import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import ipywidgets as widgets
from matplotlib.figure import Figure
from threadpoolctl import ThreadpoolController

from course_lib.datasets import Dataset, load_data
from course_lib.explorers.compare import draw_ghosts, remove_ghosts
from course_lib.explorers.elements import Result, Slider
from course_lib.plots import to_png

BLAS = ThreadpoolController()
REST = 0.04  # seconds without a further move, before the last one is drawn
NOTHING, RUN_BEFORE, KEPT_RUN = "nothing", "the run before", "this run, kept"


@dataclass(frozen=True)
class Drawing:
    """What an explorer shows for one setting: a figure, its alt text, the result in words."""

    figure: Figure
    alt: str
    text: str


Control = Slider | widgets.Dropdown


class Explorer(widgets.VBox):
    """Controls above a line of text and a picture, redrawn when a control is released.

    Below the controls stand a button that resets them, a menu that keeps another run behind
    the new one, and a box that makes all of it larger, for a class.

    Args:
        part: Number of the part, such as ``"2.3"``.
        controls: Widgets by the name of the argument of ``draw`` that each one sets.
        draw: Takes one plain value for each control, returns a ``Drawing``.
        has_progress: Whether ``draw`` also takes an argument ``progress``, and calls it with
            the share that is done, 0 to 1. For what takes more than half a second.
        rows: Names of controls that stand side by side, row by row. All others get a line each.
        presets: For a control that sets others when it is moved: the settings that each of
            its values brings, by name of the control, such as ``{"filter": {"mean": {...}}}``.
        data: The data set that it shows, named in the line of code for the current setting.
    """

    def __init__(
        self,
        part: str,
        controls: Mapping[str, Control],
        draw: Callable[..., Drawing],
        has_progress: bool = False,
        rows: Sequence[Sequence[str]] = (),
        presets: Mapping[str, Mapping[Any, Mapping[str, Any]]] | None = None,
        data: Dataset | None = None,
    ) -> None:
        self.part = part
        self.controls = dict(controls)
        self.drawing: Drawing  # what is shown now
        self._draw = draw
        self._presets = presets or {}
        self._data = data
        self._source = "Real MNIST: " if data is not None and data.name == "mnist" else ""
        self._start = self.settings
        self._moves = 0
        self._lock = threading.RLock()  # JupyterLab may handle two messages in two threads
        self._kept: Drawing | None = None
        self.result = Result()
        self.result.after_moves(self.reset)
        self.compare = menu(
            "Compare with", [(n, n) for n in (NOTHING, RUN_BEFORE, KEPT_RUN)], NOTHING
        )
        self.compare.add_class("explorer-compare").observe(self._compare_was_set, names="value")
        self.large = widgets.Checkbox(
            description="Large print", indent=False, layout={"width": "120px"}
        )
        self.large.observe(self._large_was_set, names="value")
        reset = widgets.Button(description="Reset", tooltip="Set every control back to its start")
        # Without the page's answer, moves that it still holds back would come after the reset.
        reset.on_click(lambda _: self.result.ask_for_moves())
        self.progress = widgets.FloatProgress(
            max=1, description="Training", layout={"visibility": "hidden", "width": "200px"}
        )
        tools = [reset, self.compare, self.large] + [self.progress] * has_progress
        super().__init__([*self._lines(rows), widgets.HBox(tools), self.result])
        self._extra = {"progress": self._show_progress} if has_progress else {}
        self.add_class("explorer")
        for name, control in self.controls.items():
            control.add_class("control-" + name.replace("_", "-"))
            control.observe(self._moved, names="value")
        self._redraw()
        # Every figure leaves garbage behind. Clearing it away would stop a later redraw for
        # 0.1 s, most of it spent on looking at all that was ever imported: exempt that.
        if gc.get_freeze_count() == 0:
            gc.collect()
            gc.freeze()

    @property
    def settings(self) -> dict[str, Any]:
        """The value of every control, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def code(self) -> str:
        """A line of Python that shows this explorer at the current setting, in any notebook."""
        module = f"part_{self.part.replace('.', '_')}"
        data = "" if self._data is None else repr(self._data.name)
        settings = ", ".join(f"{name}={_written(c)}" for name, c in self.controls.items())
        return (
            f"from course_lib.explorers import {module}; {module}.explore({data}).set({settings})"
        )

    def reset(self) -> None:
        """Set every control back to where it started, and redraw once."""
        self.set(**self._start)

    def set(self, **settings: Any) -> "Explorer":
        """Set several controls at once, by name, to a value or its label, and redraw once.

        Returns:
            This explorer, so that a cell can end with it.
        """
        self._assign(settings)
        self._redraw()
        return self

    def _assign(self, settings: Mapping[str, Any]) -> None:
        """Set several controls without drawing."""
        unknown = ", ".join(settings.keys() - self.controls.keys())
        if unknown:
            raise KeyError(f"no control is named {unknown}: they are {', '.join(self.controls)}")
        values = {name: _value(name, self.controls[name], settings[name]) for name in settings}
        for control in self.controls.values():
            control.unobserve(self._moved, names="value")
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            for control in self.controls.values():
                control.observe(self._moved, names="value")

    def _lines(self, rows: Sequence[Sequence[str]]) -> list[widgets.Widget]:
        """One widget a line: a control, or a row of them where its first one stands."""
        row_of = {name: row for row in rows for name in row}
        return [
            widgets.HBox([self.controls[each] for each in row_of[name]])
            if name in row_of
            else control
            for name, control in self.controls.items()
            if name not in row_of or row_of[name][0] == name
        ]

    def _moved(self, change: Mapping[str, Any]) -> None:
        """Set the other controls if the moved one is a preset, and draw.

        In a kernel, drawing waits until no further move has come for a moment: of a quick
        series only the last one is computed, and the kernel keeps taking messages.
        """
        (name,) = (name for name, control in self.controls.items() if control is change["owner"])
        self._assign(self._presets.get(name, {}).get(change["new"], {}))
        self._moves += 1
        move = self._moves
        _later(REST, lambda: self._redraw_after(move))

    def _compare_was_set(self, change: Mapping[str, Any]) -> None:
        with self._lock:
            remove_ghosts(self.drawing.figure)
            self._keep(None if change["new"] == NOTHING else self.drawing)
            self._show()

    def _keep(self, drawing: Drawing | None) -> None:
        """Remember a run, to stand behind and beside those that follow."""
        self._kept = drawing
        if drawing is not None:
            remove_ghosts(drawing.figure)
            self.result.set(before=to_png(drawing.figure), before_alt=f"Before: {drawing.alt}")

    def _large_was_set(self, change: Mapping[str, Any]) -> None:
        (self.add_class if change["new"] else self.remove_class)("explorer-large")

    def _show_progress(self, share: float) -> None:
        self.progress.value = share

    def _redraw_after(self, move: int) -> None:
        """Draw, if no other move has come since; nobody would see an exception here, so tell."""
        if move != self._moves:
            return
        try:
            self._redraw()
        except Exception as error:
            if not _in_a_kernel():
                raise
            self.result.set(
                text=f"This setting cannot be drawn ({type(error).__name__}: {error}). "
                "Choose another, or Reset."
            )

    def _redraw(self) -> None:
        with self._lock:
            self._moves += 1  # what waits to be drawn is drawn now
            self.progress.value = 0
            self.progress.layout.visibility = "visible"
            settings, code = self.settings, self.code
            try:
                # One thread: faster than two on a busy machine, and the same picture everywhere.
                with BLAS.limit(limits=1, user_api="blas"):
                    drawing = self._draw(**settings, **self._extra)
            finally:
                self.progress.layout.visibility = "hidden"
            with self.result.hold_sync():
                if self.compare.value == RUN_BEFORE:
                    self._keep(self.drawing)
                self.drawing = drawing
                self.result.set(code=code)
                self._show()

    def _show(self) -> None:
        """Show the drawing, and the kept run behind it."""
        figure, alt, before_text = self.drawing.figure, self.drawing.alt, ""
        if self._kept is self.drawing:
            before_text = "This run will stay behind the next one, in gray: move a control."
        elif self._kept is not None:
            draw_ghosts(figure, self._kept.figure)
            alt += " The run before stands behind it in gray."
            name = "Kept" if self.compare.value == KEPT_RUN else "Before"
            before_text = f"{name}, gray in the picture: {self._kept.text}"
        self.result.set(
            text=self._source + self.drawing.text,
            before_text=before_text,
            picture=to_png(figure),
            picture_alt=alt,
            # Width and height are fixed in the page, so nothing below it jumps.
            size=[round(inches * 72) for inches in figure.get_size_inches()],
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The widget, and for pages without a kernel one readable line in its place."""
        bundle = cast(dict[str, Any], super()._repr_mimebundle_(**kwargs))
        names = ", ".join(control.description.lower() for control in self.controls.values())
        bundle["text/plain"] = (
            f"Explorer {self.part}: run this cell in JupyterLab to set {names} and see the result."
        )
        return bundle


def slider(
    label: str,
    options: list[tuple[str, Any]],
    value: Any,
    *,
    width: int = 480,
    label_width: int = 110,
) -> Slider:
    """A slider over a short list of values, which acts when it is released."""
    return Slider(label, options, value, width=width, label_width=label_width)


def menu(label: str, options: list[tuple[str, Any]], value: Any) -> widgets.Dropdown:
    """A menu of a few named choices."""
    return widgets.Dropdown(
        description=label,
        options=options,
        value=value,
        style={"description_width": "110px"},
        layout={"width": "300px"},
    )


def _in_a_kernel() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _later(seconds: float, act: Callable[[], None]) -> None:
    """Do something later in a kernel, when it has taken other messages; elsewhere at once."""
    if _in_a_kernel():
        asyncio.get_running_loop().call_later(seconds, act)
    else:
        act()


def dataset(data: Dataset | str | None) -> Dataset:
    """A data set, given as it is or by its name; ``load_data()`` says which if it is None."""
    return data if isinstance(data, Dataset) else load_data(data)


def _value(name: str, control: Control, wanted: Any) -> Any:
    """The value of a control that is wanted by value or label."""
    options = cast(Sequence[tuple[str, Any]], control.options)
    for label, value in options:
        if wanted in (value, label):
            return value
    raise ValueError(
        f"{name} cannot be {wanted!r}: choose from {', '.join(label for label, _ in options)}"
    )


def _written(control: Control) -> str:
    """The value of a control as code: as it is, or its label where that is shorter."""
    options = cast(Sequence[tuple[str, Any]], control.options)
    labels = [label for label, value in options if value == control.value]
    return min((repr(cast(Any, control.value)), *map(repr, labels)), key=len)
