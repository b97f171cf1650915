"""A pytest plugin that closes three gaps of nbval, and says what to do about a failure.

nbval compares text, but not the pixels of figures; it passes a notebook whose outputs were
stripped without comparing anything; and it waits half an hour for a kernel that has died.
"""

import base64
import io
import os
import re
import time
from queue import Empty
from typing import Any

import numpy as np
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell
from PIL import Image

VISIBLE = 16  # of 255: a smaller difference in a pixel's color is not seen
TILE, MOST_OF_A_TILE = 32, 0.1  # and none of the small squares of a figure may change much
# Every version of Matplotlib draws letters in its own way: `make oldest` and `make newest` compare
# the sizes of figures, and all that is text.
ANY_PIXELS = "ANY_PIXELS" in os.environ
MOST_PIXELS = 0.0005  # share of pixels that may differ visibly, for fonts and rounding

_compare_text = IPyNbCell.compare_outputs
_run_cell = IPyNbCell.runtest
_get_message = RunningKernel.get_message


def pngs(outputs: list[dict[str, Any]]) -> list[np.ndarray]:
    """The figures among a cell's outputs, as arrays of pixels."""
    encoded = [
        output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]
    return [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=np.int16)
        for png in encoded
    ]


def figure_differences(drawn: list[np.ndarray], stored: list[np.ndarray]) -> list[str]:
    """Say how the figures that a cell draws differ from those that are stored."""
    if len(drawn) != len(stored):
        return [f"{len(stored)} figures are stored, but the cell draws {len(drawn)}"]
    differences = []
    for number, (new, old) in enumerate(zip(drawn, stored, strict=True)):
        if new.shape != old.shape:
            differences.append(
                f"figure {number} is stored as {old.shape}, but drawn as {new.shape}"
            )
            continue
        if ANY_PIXELS:
            continue
        differs = np.abs(new - old).max(axis=2) > VISIBLE
        height, width = (size - size % TILE for size in differs.shape)
        tiles = differs[:height, :width].reshape(height // TILE, TILE, width // TILE, TILE)
        if tiles.mean(axis=(1, 3)).max(initial=0) > MOST_OF_A_TILE:
            differences.append(f"a patch of figure {number} differs")
        share = float(np.mean(differs))
        if share > MOST_PIXELS:
            differences.append(f"{share:.2%} of the pixels of figure {number} differ")
    return differences


def alt_texts(outputs: list[dict[str, Any]]) -> list[str]:
    """The alt texts of the figures among a cell's outputs."""
    metadata = [output.get("metadata", {}).get("image/png", {}) for output in outputs]
    return [str(figure["alt"]) for figure in metadata if "alt" in figure]


PIXELS = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")  # as in notebook_sanitize.cfg


def page_differences(outputs: list[dict[str, Any]]) -> list[str]:
    """Say where a page would show another picture than the one that is compared."""
    differences = []
    for number, output in enumerate(outputs):
        data = output.get("data", {})
        compared = "".join(data.get("image/png", "").split())
        if any(pixels != compared for pixels in PIXELS.findall(data.get("text/html", ""))):
            differences.append(f"the text/html of output {number} shows not its image/png")
    return differences


def _compare_text_and_figures(cell: Any, test: Any, ref: Any, skip_compare: Any = None) -> bool:
    if not _compare_text(cell, test, ref, skip_compare):
        return False
    differences = figure_differences(pngs(test), pngs(ref))
    differences += page_differences(ref) + page_differences(test)
    if alt_texts(test) != alt_texts(ref):
        differences.append(f"alt text: stored {alt_texts(ref)}, now {alt_texts(test)}")
    cell.comparison_traceback.extend(differences)
    return not differences


def _run_executed_cell(cell: Any) -> None:
    if cell.cell.execution_count is None:
        cell.raise_cell_error("this cell was stored without having been executed")
    _run_cell(cell)


def _get_message_while_alive(kernel: Any, stream: str, timeout: float | None = None) -> Any:
    """Wait as long as before, but look every second whether the kernel still lives."""
    end = float("inf") if timeout is None else time.monotonic() + timeout
    while True:
        try:
            return _get_message(kernel, stream, timeout=min(1, max(0, end - time.monotonic())))
        except Empty:
            if not kernel.is_alive():
                raise RuntimeError("the kernel died in this cell") from None
            if time.monotonic() >= end:
                raise


IPyNbCell.compare_outputs = _compare_text_and_figures
IPyNbCell.runtest = _run_executed_cell
RunningKernel.get_message = _get_message_while_alive


def pytest_configure(config: pytest.Config) -> None:
    """Keep the cells of a notebook together: they need one kernel, in order."""
    if getattr(config.option, "numprocesses", None) and config.getoption("dist") != "loadfile":
        raise pytest.UsageError("notebooks need --dist loadfile beside -n")
    if config.pluginmanager.has_plugin("randomly"):
        raise pytest.UsageError("notebooks need -p no:randomly: their cells have an order")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what a failure means and what to do."""
    if terminalreporter.stats.get("failed"):
        terminalreporter.section("What to do")
        terminalreporter.write_line(
            "A notebook no longer prints or draws what is stored in it (shown above).\n"
            "Right now? Run `make notebooks` and commit the new outputs. Wrong? Mend the code."
        )
