"""How long an explorer takes from a new setting to its new picture: `make bench`.

Every value of every control, the others at their start, on the bundled digits. It measures
what the kernel does (train, draw, encode); the browser adds about 0.1 s.
"""

import importlib
import statistics
import time

from tools.build import ROOT

ROUNDS = 3


def redraw_seconds(stem: str) -> dict[str, float]:
    """Seconds of each redraw, the median of a few rounds, by setting."""
    explorer = importlib.import_module(f"course_lib.explorers.{stem}").explore()
    rounds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, control in explorer.controls.items():
            start = control.value
            for label, value in control.options:
                control.value = next(v for _, v in control.options if v != value)
                started = time.perf_counter()
                control.value = value
                rounds.setdefault(f"{name} {label}", []).append(time.perf_counter() - started)
            control.value = start
    return {setting: statistics.median(seconds) for setting, seconds in rounds.items()}


def main() -> None:
    print(f"{'explorer':10} {'settings':>8} {'median':>8} {'worst':>8}  slowest setting")
    for path in sorted((ROOT / "course_lib/explorers").glob("part_*.py")):
        seconds = redraw_seconds(path.stem)
        slowest = max(seconds, key=seconds.__getitem__)
        median = statistics.median(seconds.values())
        print(f"{path.stem:10} {len(seconds):8} {median:7.3f}s {seconds[slowest]:7.3f}s  {slowest}")


if __name__ == "__main__":
    main()
