"""start.py makes the environment on any machine, or says in a sentence why it cannot."""

import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import start

LEARNER, DEV = start.ROOT / "requirements.lock", start.ROOT / "requirements-dev.lock"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty course in a folder with a space and an accent; installing is only noted down."""
    root = tmp_path / "Kurs für Anfänger"
    (root / "course_lib").mkdir(parents=True)
    (root / "course_lib/__init__.py").touch()
    (root / "learner.lock").write_text("numpy==2.0 \\\n    --hash=sha256:0\n")
    (root / "dev.lock").write_text("numpy==2.0 \\\n    --hash=sha256:0\nruff==1.0\n")
    for name in ("VENV", "PYTHON", "READY"):
        monkeypatch.setattr(start, name, root / getattr(start, name).relative_to(start.ROOT))
    monkeypatch.setattr(start, "ROOT", root)
    monkeypatch.setattr(start, "install", lambda lock: print("installs", lock.name))
    run, bare = start.run, ("--without-pip",)  # ten times as fast, and nothing is installed
    monkeypatch.setattr(start, "run", lambda *words: run(*words, *bare * ("venv" in words)))
    return root


def test_each_lock_is_installed_once(course: Path, capfd: pytest.CaptureFixture[str]):
    for lock in ("learner", "learner", "dev", "dev", "learner"):
        start.setup(course / f"{lock}.lock")
    assert capfd.readouterr().out.split("\n") == ["installs learner.lock", "installs dev.lock", ""]
    found = subprocess.check_output(
        [start.PYTHON, "-I", "-X", "utf8", "-c", "import course_lib as c; print(c.__file__)"],
        encoding="utf-8",
    )
    assert Path(found.strip()) == course / "course_lib/__init__.py"

    (course / "learner.lock").write_text("numpy==2.1\n")
    start.setup(course / "learner.lock")
    assert capfd.readouterr().out == "installs learner.lock\n"


def move(course: Path) -> None:
    start.READY.write_text(json.dumps({"folder": "/elsewhere", "packages": []}))


def leave_unfinished(course: Path) -> None:
    start.READY.unlink()


def leave_nonsense(course: Path) -> None:
    start.READY.write_text("")


def lose_python(course: Path) -> None:
    start.PYTHON.unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (move, "moved or copied"),
        (leave_unfinished, "unfinished or broken"),
        (leave_nonsense, "unfinished or broken"),
        (lose_python, "unfinished or broken"),
    ],
)
def test_a_useless_environment_is_made_anew(
    course: Path, capfd: pytest.CaptureFixture[str], spoil, message: str
):
    start.setup(course / "learner.lock")
    old = start.VENV / "old"
    old.touch()
    spoil(course)
    start.setup(course / "learner.lock")
    assert message in capfd.readouterr().out
    assert not old.exists()
    assert start.works()


def test_an_old_python_is_told_so(course: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 1, "final", 0))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed, and this is 3\.8"):
        start.setup(course / "learner.lock")
    assert not start.VENV.exists()


def test_an_old_python_reads_all_of_start():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--target-version=py38",
         "--select=E9,F", start.__file__],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_without_venv_the_way_out_is_named(course: Path, monkeypatch: pytest.MonkeyPatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        start.setup(course / "learner.lock")
    assert not start.VENV.exists()


@pytest.mark.parametrize("writable", [True, False])
def test_a_home_that_is_read_only_is_left_alone(
    course: Path, monkeypatch: pytest.MonkeyPatch, writable: bool
):
    monkeypatch.setenv("HOME", str(course))
    monkeypatch.setattr(os, "access", lambda path, mode: writable or path != course)
    monkeypatch.setattr(os, "name", "posix")
    start.have_a_home()
    assert os.environ["HOME"] == str(course if writable else start.VENV / "home")


@pytest.mark.kernel
def test_without_a_network_it_says_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    shutil.copy(start.__file__, tmp_path)
    (tmp_path / "requirements.lock").write_text("numpy==2.0 --hash=sha256:0\n")
    for name, value in {
        "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert subprocess.call([sys.executable, str(tmp_path / "start.py")]) == 1
    shown = capfd.readouterr()
    assert "Installing up to 1 packages" in shown.out
    assert "Is there a network" in shown.err
    assert "Traceback" not in shown.err


# What the locks, conda and Binder rely on.


def test_the_learners_lock_is_a_part_of_the_other():
    blocks = [set(re.split(r"\n(?=\S)", lock.read_text("utf-8"))) for lock in (LEARNER, DEV)]
    learner, dev = ({b.strip() for b in some if not b.startswith("#")} for some in blocks)
    assert learner < dev


def test_the_locks_hold_what_the_project_names():
    project = tomllib.loads((start.ROOT / "pyproject.toml").read_text("utf-8"))
    names = {
        lock: {line.partition("==")[0] for line in start.packages(lock)} for lock in (LEARNER, DEV)
    }

    def named(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=]", requirement)[0] for requirement in requirements}

    assert named(project["project"]["dependencies"]) <= names[LEARNER]
    assert named(project["dependency-groups"]["dev"]) <= names[DEV]
    assert "pytest" not in names[LEARNER]


def test_conda_and_binder_find_what_they_need():
    environment = yaml.safe_load((start.ROOT / "environment.yml").read_text("utf-8"))
    (packages,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert packages == [f"-r {LEARNER.name}"]
    python = next(str(entry) for entry in environment["dependencies"] if "python" in entry)
    oldest = ".".join(map(str, start.OLDEST))
    assert python == f"python={oldest}"
    project = tomllib.loads((start.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={oldest}"

    script = start.ROOT / "postBuild"
    assert "set -e\n" in script.read_text("utf-8")
    if os.name == "posix":
        assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.kernel
@pytest.mark.skipif(os.name == "nt", reason="Binder runs postBuild on Linux")
def test_post_build_makes_the_library_importable(tmp_path: Path):
    shutil.copytree(start.ROOT / "course_lib", tmp_path / "course_lib")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-text", "postBuild"):
        shutil.copy(start.ROOT / name, tmp_path)
    scripts = tmp_path / "environment/bin"
    subprocess.run([sys.executable, "-m", "venv", scripts.parent], check=True)
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["./postBuild"], cwd=tmp_path, env=os.environ | {"PATH": path}, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if "No matching distribution found" in done.stdout and not os.environ.get("CI"):
        pytest.skip(f"the build backend cannot be had without a network:\n{done.stdout[-600:]}")
    assert done.returncode == 0, done.stdout
    command = [scripts / "python", "-I", "-c", "import course_lib; print(course_lib.__file__)"]
    found = subprocess.check_output(command, encoding="utf-8")
    assert Path(found.strip()) == tmp_path / "course_lib/__init__.py"
