"""Run the tests with the oldest or the newest packages that pyproject.toml allows.

    python -m tools.versions oldest

They run in a clone of what is committed, in ``.versions/``, whose locks are made anew: so start.py,
the kernels and JupyterLab in the browser all have these packages, and ``.venv`` stays as it is.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools import build

RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
LOCKS = "requirements-dev.lock", "requirements.lock"  # in this order: the second is a part


def clone(folder: Path) -> None:
    """What is committed, in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", build.ROOT, folder], check=True)


def lock_anew(lock: Path, resolution: str) -> None:
    """Run the command in the first lines of a lock, with other versions."""
    command = lock.read_text("utf-8").splitlines()[1].lstrip("# ").split()
    options = ["--quiet", "--upgrade", "--resolution", resolution]
    subprocess.run([sys.executable, "-m", *command, *options], cwd=lock.parent, check=True)


def main(which: str) -> int:
    folder = build.ROOT / ".versions" / which
    clone(folder)
    for name in LOCKS:
        lock_anew(folder / name, RESOLUTIONS[which])
    # Style and types are judged by the locked tools alone, and the pixels of figures are those of
    # the locked Matplotlib.
    commands = ("make tests", "make outputs ANY_PIXELS=1")
    return max([subprocess.call(command.split(), cwd=folder) for command in commands])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
