"""The parts of an explorer that the browser draws, each beside its JavaScript.

They stand in for the sliders and HTML of ipywidgets, which cannot name a slider for a screen
reader, or say that a result has changed.
"""

# ipywidgets and traitlets leave many of their types open.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportIncompatibleVariableOverride=false

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets
from anywidget import AnyWidget

FOLDER = Path(__file__).parent


class Slider(AnyWidget):
    """A slider over a short list of labeled values, which acts when it is released.

    Args:
        description: Its name.
        options: Label and value of each place, from left to right.
        value: Where it starts: one of the values.
        width: Width in pixels, name and label included.
        label_width: Width of the name.
    """

    _esm = FOLDER / "slider.js"
    _css = FOLDER / "explorer.css"

    description = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int().tag(sync=True)
    label_width = traitlets.Int().tag(sync=True)
    value = traitlets.Any()

    def __init__(
        self,
        description: str,
        options: Sequence[tuple[str, Any]],
        value: Any,
        *,
        width: int,
        label_width: int,
    ) -> None:
        self.options = tuple(options)
        super().__init__(
            description=description,
            labels=[label for label, _ in options],
            label_width=label_width,
            layout={"width": f"{width}px"},
            value=value,
        )

    @traitlets.validate("value")
    def _must_be_an_option(self, proposal: Mapping[str, Any]) -> Any:
        value = proposal["value"]
        if all(value != option for _, option in self.options):
            raise traitlets.TraitError(
                f"{self.description} cannot be {value!r}: its values are {', '.join(self.labels)}"
            )
        return value

    @traitlets.observe("value")
    def _value_was_set(self, change: Mapping[str, Any]) -> None:
        self.index = [option for _, option in self.options].index(change["new"])

    @traitlets.observe("index")
    def _was_moved(self, change: Mapping[str, Any]) -> None:
        self.value = self.options[change["new"]][1]


class Result(AnyWidget):
    """The result in words, a picture with its alt text, and the setting as a line of code.

    ``before_text`` and the picture ``before`` belong to another run, for comparison; without
    the text neither is shown.
    """

    _esm = FOLDER / "result.js"

    text = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    picture_alt = traitlets.Unicode().tag(sync=True)
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    before_text = traitlets.Unicode().tag(sync=True)
    before = traitlets.Bytes().tag(sync=True)
    before_alt = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    drawn = traitlets.Int().tag(sync=True)

    def set(self, **traits: Any) -> None:
        """Set several at once, in one message, so that words and picture never disagree."""
        with self.hold_sync():
            self.set_trait("drawn", self.drawn + 1)
            for name, value in traits.items():
                self.set_trait(name, value)

    def ask_for_moves(self) -> None:
        """Ask the page for all moves made so far.

        While the kernel is busy, ipywidgets holds back the moves of each control, and sends the
        last one when the kernel is free. The page answers this question after that.
        """
        self.send("moves?")

    def after_moves(self, act: Callable[[], None]) -> None:
        """Do something whenever the page has answered ``ask_for_moves``."""

        def answered(_result: Any, _content: Any, _buffers: Any) -> None:
            act()

        self.on_msg(answered)
