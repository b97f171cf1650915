"""What all tests share: their order, and the table of slider times at the end of a run."""

import json

import pytest
from hypothesis import settings

from tools import build

settings.register_profile("course", deadline=None)  # a busy machine is no failure
settings.load_profile("course")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget the times of the run before."""
    if not hasattr(session.config, "workerinput"):  # once, not in every worker
        for path in (build.ROOT / "artifacts").glob("latency_*.json"):
            path.unlink()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the slowest tests first, so that at the end no worker waits for another."""
    items.sort(key=lambda item: [item.get_closest_marker(n) is None for n in ("browser", "kernel")])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long each explorer takes from a move to its new picture."""
    rows = [
        json.loads(path.read_text())
        for path in sorted((build.ROOT / "artifacts").glob("latency_*.json"))
    ]
    if rows:
        terminalreporter.section("Seconds from a move to the new picture, in the browser")
        terminalreporter.write_line(f"{'part':>5}  {'median':>6}  {'worst':>6}  of 20 moves")
        for row in rows:
            terminalreporter.write_line(
                f"{row['part']:>5}  {row['median']:6.2f}  {row['worst']:6.2f}"
            )
