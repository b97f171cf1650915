"""The sliders of the lessons: a pure function that draws, and a thin widget over it.

``Explorer`` is that widget. Each part that has sliders is a module here, with a function
``explore(...)`` that returns one; ``draw(...)`` in the same module can be called without it.
"""

# ipywidgets has no type stubs.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false

import base64
import gc
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import ipywidgets as widgets
from matplotlib.figure import Figure

from course_lib.plots import to_png


@dataclass(frozen=True)
class Drawing:
    """What an explorer shows for one setting: a figure, its alt text, the result in words."""

    figure: Figure
    alt: str
    text: str


Control = widgets.SelectionSlider | widgets.Dropdown


class Explorer(widgets.VBox):
    """Controls above a line of text and a picture, redrawn when a control is released.

    Args:
        part: Number of the part, such as ``"2.3"``.
        controls: Widgets by the name of the argument of ``draw`` that each one sets.
        draw: Takes one plain value for each control, returns a ``Drawing``.
        has_progress: Whether ``draw`` also takes an argument ``progress``, and calls it with
            the share that is done, 0 to 1. For what takes more than half a second.
        rows: Names of controls that stand side by side, row by row. All others get a line each.
        presets: For a control that sets others when it is moved: the settings that each of
            its values brings, by name of the control, such as ``{"filter": {"mean": {...}}}``.
    """

    def __init__(
        self,
        part: str,
        controls: Mapping[str, Control],
        draw: Callable[..., Drawing],
        has_progress: bool = False,
        rows: Sequence[Sequence[str]] = (),
        presets: Mapping[str, Mapping[Any, Mapping[str, Any]]] | None = None,
    ) -> None:
        self.part = part
        self.controls = dict(controls)
        self._draw = draw
        self._presets = presets or {}
        self._start = self.settings
        self.text = widgets.HTML(layout={"min_height": "84px"}).add_class("explorer-text")
        self.picture = widgets.HTML().add_class("explorer-picture")
        reset = widgets.Button(description="Reset", tooltip="Set every control back to its start")
        reset.on_click(lambda _: self.reset())
        self.progress = widgets.FloatProgress(
            max=1, description="Training", layout={"visibility": "hidden"}
        )
        shown = [reset, self.progress] if has_progress else [reset]
        super().__init__([*self._lines(rows), *shown, self.text, self.picture])
        self._extra = {"progress": self._show_progress} if has_progress else {}
        self.add_class("explorer").add_class("explorer-" + part.replace(".", "-"))
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

    def reset(self) -> None:
        """Set every control back to where it started, and redraw once."""
        self.set(**self._start)

    def set(self, **settings: Any) -> None:
        """Set several controls at once, by name, and redraw once."""
        for control in self.controls.values():
            control.unobserve(self._moved, names="value")
        try:
            for name, value in settings.items():
                self.controls[name].value = value
        finally:
            for control in self.controls.values():
                control.observe(self._moved, names="value")
        self._redraw()

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
        """Redraw once, after setting the other controls if the moved one is a preset."""
        (name,) = (name for name, control in self.controls.items() if control is change["owner"])
        self.set(**self._presets.get(name, {}).get(change["new"], {}))

    def _show_progress(self, share: float) -> None:
        self.progress.value = share

    def _redraw(self) -> None:
        self.progress.value = 0
        self.progress.layout.visibility = "visible"
        try:
            drawing = self._draw(**self.settings, **self._extra)
        finally:
            self.progress.layout.visibility = "hidden"
        width, height = (round(size * 72) for size in drawing.figure.get_size_inches())
        png = base64.b64encode(to_png(drawing.figure)).decode()
        self.text.value = (
            f'<p role="status" style="line-height: 1.5; margin: 0">{html.escape(drawing.text)}</p>'
        )
        # Width and height are fixed in the page, so nothing below it jumps.
        self.picture.value = (
            f'<img src="data:image/png;base64,{png}" width="{width}" height="{height}" '
            f'alt="{html.escape(drawing.alt, quote=True)}">'
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
) -> widgets.SelectionSlider:
    """A slider over a short list of values, which acts when it is released."""
    return widgets.SelectionSlider(
        description=label,
        options=options,
        value=value,
        continuous_update=False,
        style={"description_width": f"{label_width}px"},
        layout={"width": f"{width}px"},
    )


def menu(label: str, options: list[tuple[str, Any]], value: Any) -> widgets.Dropdown:
    """A menu of a few named choices."""
    return widgets.Dropdown(
        description=label,
        options=options,
        value=value,
        style={"description_width": "110px"},
        layout={"width": "300px"},
    )
