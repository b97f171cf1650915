"""Open the course in JupyterLab: ``python3 start.py``, or ``python start.py`` on Windows.

The first call makes the folder ``.venv`` beside this file and installs the packages of
``requirements.lock`` in it, for which it needs a network. The next ones start at once.
"""

# Only the standard library, and nothing newer than Python 3.8 has: an old Python must get as far
# as the message that it is too old.
from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = VENV / "ready"  # for which folder .venv was made, and what it holds: written at the end
OLDEST = (3, 11)
UV_VERSION = "0.13.9"


def run(*command: str | Path) -> bool:
    """Whether a command ended well; it prints its own errors."""
    return subprocess.call([str(word) for word in command]) == 0


def have_a_home() -> None:
    """Let settings and caches go to .venv where nobody may write to the home folder."""
    if os.name == "posix" and not os.access(Path.home(), os.W_OK):
        os.environ["HOME"] = str(VENV / "home")


def made_for() -> dict[str, object]:
    """What the last complete call has noted down, or nothing."""
    try:
        return json.loads(READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def packages(lock: Path) -> list[str]:
    """The lines of a lock that name a package and its version."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "==" in line and not line.startswith((" ", "#"))]


def works() -> bool:
    """Whether .venv was made for this folder, and its Python still finds the library."""
    if made_for().get("folder") != str(ROOT):
        return False
    try:
        return run(PYTHON, "-I", "-c", "import course_lib")
    except OSError:
        return False


def make_environment() -> None:
    """An empty .venv in which ``import course_lib`` works, in place of any other."""
    if sys.version_info < OLDEST:
        sys.exit(
            "Python 3.11 or newer is needed, and this is {}.{}. Install one (python.org has it), "
            "then call it by its name, for example: python3.12 start.py".format(*sys.version_info)
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            "This Python cannot make a virtual environment. On Debian and Ubuntu, run "
            "'sudo apt install python3-venv', then the same command again."
        )
    folder = made_for().get("folder")
    if folder not in (None, str(ROOT)):
        print("This folder was moved or copied, so .venv is made anew.", flush=True)
    elif VENV.exists():
        print("The .venv here is unfinished or broken, so it is made anew.", flush=True)
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        sys.exit("The folder .venv could not be made (see above). May you write to this folder?")
    # A relative path, so that the letters of the folder's name do not matter.
    site_packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    link = Path(site_packages, "course_lib.pth")
    link.write_text(os.path.relpath(ROOT, site_packages), encoding="utf-8")


def install(lock: Path) -> None:
    """Install exactly what the lock names."""
    count = len(packages(lock))
    print(f"Installing up to {count} packages in .venv. This may take some minutes.", flush=True)
    pip = PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"
    # As pip does: it trusts whom the system trusts, such as a university's proxy, and compiles
    # now, where else whoever imports a package first would, or everybody anew.
    uv = PYTHON, "-m", "uv", "--quiet", "--system-certs", "pip", "install", "--compile-bytecode"
    uv = *uv, "--python", PYTHON
    locked = "--require-hashes", "-r", lock
    if run(*pip, f"uv=={UV_VERSION}") and run(*uv, *locked):
        return
    print("uv could not do it (see above): pip takes over, which is slower.", flush=True)
    if not run(*pip, *locked):
        sys.exit(
            "The packages could not be installed (see above). Is there a network, and space on "
            "the disk? Then run the same command again: what was downloaded is not lost."
        )


def setup(lock: Path) -> None:
    """Have a .venv with the packages of the lock; do nothing where there is one."""
    wanted = packages(lock)
    if not works():
        make_environment()
    elif set(wanted) <= set(made_for()["packages"]):
        return
    install(lock)
    noted = {"folder": str(ROOT), "packages": wanted}
    READY.write_text(json.dumps(noted, indent=1), encoding="utf-8")


def open_lab(options: list[str]) -> None:
    """Become JupyterLab, open on the introduction."""
    # One thread: faster than two on a busy machine, and the same digits everywhere.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["JUPYTER_CONFIG_PATH"] = str(ROOT / ".jupyter")
    os.chdir(ROOT)
    command = [
        str(PYTHON), "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}",
        "--LabApp.default_url=/lab/tree/notebooks/0_introduction.ipynb",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    if os.name == "nt":  # there a process cannot become another: wait, and leave it Ctrl+C
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(subprocess.call(command + options))
    os.execv(command[0], command + options)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="start.py", description=__doc__, epilog="Other arguments go to JupyterLab."
    )
    parser.add_argument(
        "--setup-only", metavar="LOCK", nargs="?", const="requirements.lock",
        help="make .venv with the packages of LOCK (requirements.lock), and open nothing",
    )  # fmt: skip
    options, others = parser.parse_known_args()
    have_a_home()
    try:
        setup(ROOT / (options.setup_only or "requirements.lock"))
        if options.setup_only is None:
            open_lab(others)
    except OSError as error:
        sys.exit(f"start.py had to stop: {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on.")


if __name__ == "__main__":
    main()
