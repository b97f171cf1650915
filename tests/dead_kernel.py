"""A pytest plugin: a kernel that has died fails its cell at once, where nbval would wait."""

import time
from queue import Empty
from typing import Any

from nbval.kernel import RunningKernel

_get_message = RunningKernel.get_message


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


RunningKernel.get_message = _get_message_while_alive
