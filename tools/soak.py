"""Run `make test` again and again, each time under other conditions, and say what failed.

    python -m tools.soak 20

Each round tests a new clone of what is committed, in a temporary folder. The clone of a round that
passed is deleted; every log is kept.
"""

import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import build

CORETYPES = {"": "", "Haswell": "avx2", "Nehalem": "sse4_2", "SkylakeX": "avx512f"}
FOLDERS = "course", "Kurs für Anfänger"
HOMES = "own", "empty", "read-only"
NOBODY = 65534  # a user who owns nothing but the clone: root may write anywhere, so a read-only
ROOT_IS_HERE = hasattr(os, "geteuid") and os.geteuid() == 0  # home would be none for root


@dataclass(frozen=True)
class Conditions:
    """What differs from round to round."""

    threads: int
    coretype: str
    folder: str
    home: str
    seed: int

    @property
    def is_nobody(self) -> bool:
        return ROOT_IS_HERE and self.home != "own"

    def __str__(self) -> str:
        user = "nobody" if self.is_nobody else "you"
        return (
            f"{self.threads} threads, core type {self.coretype or 'any':8}, {self.home:9} home, "
            f"user {user:6}, folder {self.folder!r:19}, SEED={self.seed}"
        )


def all_conditions() -> Iterator[Conditions]:
    """Every pair of two conditions comes up within 12 rounds."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text().split() if cpuinfo.exists() else []
    coretypes = [name for name, flag in CORETYPES.items() if not flag or flag in flags]
    for number in itertools.count():
        yield Conditions(
            threads=1 + number % 2,
            coretype=coretypes[number // 3 % len(coretypes)],
            folder=FOLDERS[number // 2 % 2],
            home=HOMES[number % 3],
            seed=random.SystemRandom().randrange(10**6),
        )


def run(conditions: Conditions, work: Path, log: Path) -> bool:
    """Whether `make test` passes in a new clone."""
    clone, home = work / conditions.folder, work / "home"
    subprocess.run(["git", "clone", "--quiet", build.ROOT, clone], check=True)
    environment = os.environ | {"OPENBLAS_CORETYPE": conditions.coretype}
    user = {}
    if conditions.home != "own":
        home.mkdir()
        # The packages were downloaded before; a learner with an empty home has none.
        environment |= {"HOME": str(home), "UV_CACHE_DIR": str(work.parent / "cache")}
    if conditions.is_nobody:
        environment["PATH"] = os.defpath  # of root's own programs, nobody may run any
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        (work.parent / "cache").mkdir(exist_ok=True)
        for path in (work, *work.rglob("*"), work.parent / "cache"):
            os.chown(path, NOBODY, NOBODY)
    if conditions.home == "read-only":
        home.chmod(0o500)
    options = [f"OPENBLAS_NUM_THREADS={conditions.threads}", f"SEED={conditions.seed}"]
    with log.open("wb") as output:
        return not subprocess.call(
            ["make", "test", *options], cwd=clone, env=environment, stdout=output, stderr=output,
            **user,
        )  # fmt: skip


def main(rounds: str) -> int:
    base = Path(tempfile.mkdtemp(prefix="soak_"))
    base.chmod(0o755)  # nobody has to get through
    failed = 0
    for number, conditions in enumerate(itertools.islice(all_conditions(), int(rounds)), start=1):
        work, log = base / f"{number}", base / f"{number}.log"
        work.mkdir()
        start = time.monotonic()
        passed = run(conditions, work, log)
        seconds = time.monotonic() - start
        outcome = "passed" if passed else "FAILED"
        print(f"{number:3}  {outcome}  {seconds:4.0f} s  {conditions}  {log}", flush=True)
        failed += not passed
        if passed:
            shutil.rmtree(work)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
