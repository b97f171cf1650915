"""The handout holds what a learner needs, no answers, and starts with nothing but Python."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

import start
from course_lib.contents import library_parts
from tests import refuse
from tests.test_browser import free_port, stop, wait_until_served
from tools import build, handout

LESSON, EXERCISE = "notebooks/2_3_mini_batches.ipynb", "exercises/2_3_mini_batches.ipynb"


@pytest.fixture(scope="module")
def packed() -> dict[str, bytes]:
    return handout.contents(build.ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what goes into the handout, and of the solutions, in a repository of its own."""
    names = handout.git(build.ROOT, "ls-files", "-z", "--", *handout.CONTENTS, "solutions/py",
                        "exercises/py").split("\0")[:-1]  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(build.ROOT / name, tmp_path / name)
    handout.git(tmp_path, "init", "--quiet")
    handout.git(tmp_path, "config", "core.autocrlf", "false")
    handout.git(tmp_path, "add", ".")
    handout.git(tmp_path, "-c", "user.name=course", "-c", "user.email=course@localhost",
                "commit", "--quiet", "--no-gpg-sign", "-m", "course")  # fmt: skip
    return tmp_path


def archive(project: Path) -> Path:
    return project / "dist" / f"{handout.NAME}.zip"


def names_in(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name.removeprefix(f"{handout.NAME}/") for name in archive.namelist()}


def test_it_holds_what_a_learner_needs(packed: dict[str, bytes]):
    assert {name.partition("/")[0] for name in packed} == {
        ".jupyter", "LICENSE", "LICENSE-text", "README.md", "course_lib", "exercises", "notebooks",
        "requirements.lock", "start.py",
    }  # fmt: skip
    parts = set(library_parts().values())
    for folder, count in (("notebooks", len(parts) + 2), ("exercises", len(parts))):
        inside = [name for name in packed if name.startswith(f"{folder}/")]
        assert len(inside) == count
        assert all(name.endswith(".ipynb") for name in inside)


def test_a_lesson_can_be_read_without_a_kernel(packed: dict[str, bytes]):
    for name in (name for name in packed if name.startswith("notebooks/")):
        cells = nbformat.reads(packed[name].decode(), as_version=4).cells
        assert all(cell.execution_count for cell in cells if cell.cell_type == "code"), name


def test_nothing_in_it_is_refused(packed: dict[str, bytes]):
    refuse(handout.problems(build.ROOT, packed))


def test_its_readme_needs_no_make_and_no_git(packed: dict[str, bytes]):
    text = packed["README.md"].decode()
    assert "start.py" in text
    assert "make " not in text
    assert "git " not in text


def test_its_lessons_name_no_command_that_it_lacks(packed: dict[str, bytes]):
    targets = re.findall(r"^([a-z-]+):", (build.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert "mnist-results" in targets
    for name in (name for name in packed if name.endswith(".ipynb")):
        for cell in nbformat.reads(packed[name].decode(), as_version=4).cells:
            named = [target for target in targets if f"make {target}" in cell.source]
            assert not named or "full project" in " ".join(cell.source.split()), (name, named)


def test_strays_stay_out_and_the_bytes_depend_on_the_commit_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert handout.main(project) == 0
    first = archive(project).read_bytes()
    for stray in (
        "course_lib/__pycache__/plots.cpython-311.pyc",
        "course_lib/answers.py",
        "notebooks/.ipynb_checkpoints/1_1_numpy_arrays-checkpoint.ipynb",
        "notebooks/mine.ipynb",
        "exercises/2_3_mini_batches.copy.ipynb",
    ):
        (project / stray).parent.mkdir(exist_ok=True)
        (project / stray).write_text("{}")
    for path in project.glob("*/*.ipynb"):
        os.utime(path, (2e9, 2e9))
    archive(project).unlink()
    capsys.readouterr()
    assert handout.main(project) == 0
    assert "git does not know it: notebooks/mine.ipynb\n" in capsys.readouterr().out
    assert archive(project).read_bytes() == first
    assert names_in(archive(project)) == set(handout.contents(project))


def edit(path: Path, change) -> None:
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def plant_solution(project: Path) -> None:
    shutil.copy(build.ROOT / "solutions/2_3_mini_batches.ipynb", project / EXERCISE)


def plant_answer_in_a_lesson(project: Path) -> None:
    (answer, *_) = handout.whole_answers(project / "solutions/py/2_3_mini_batches.py")
    edit(project / LESSON, lambda cells: cells[1].update(source="\n    ".join(answer)))


def work_on_the_exercise(project: Path) -> None:
    cell = nbformat.v4.new_code_cell("my_rate = 0.01", id="mine")
    edit(project / EXERCISE, lambda cells: cells.append(cell))


def execute_the_exercise(project: Path) -> None:
    shown = nbformat.v4.new_output("stream", text="Exercise 1: not attempted.")
    edit(project / EXERCISE, lambda cells: cells[1].update(outputs=[shown], cell_type="code"))


def link_to_a_solution(project: Path) -> None:
    link = "[the solution](../solutions/2_3_mini_batches.ipynb)"
    edit(project / LESSON, lambda cells: cells[0].update(source=link))


def delete_a_lesson(project: Path) -> None:
    (project / LESSON).unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (plant_solution, f"{EXERCISE} is out of date"),
        (plant_answer_in_a_lesson, f"{LESSON} shows a whole answer, from `"),
        (work_on_the_exercise, f"{EXERCISE} is out of date"),
        (execute_the_exercise, "has outputs: run `make exercises`"),
        (link_to_a_solution, f"{LESSON} links to ../solutions/2_3_mini_batches.ipynb"),
        (delete_a_lesson, LESSON),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_handout_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], spoil, message: str
):
    spoil(project)
    assert handout.main(project) == 1
    assert message in capsys.readouterr().err
    assert not archive(project).exists()


def test_changes_that_are_not_committed_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    """Such as the outputs of a class that was taught from this folder."""
    with (project / "docs/handout.md").open("a") as readme:
        readme.write("\nChanged.\n")
    assert handout.main(project) == 1
    said = capsys.readouterr().err
    assert "not committed:\n M docs/handout.md\nCommit them, or bring the old ones back" in said
    assert not archive(project).exists()
    handout.git(project, "restore", ".")
    assert handout.main(project) == 0


def test_without_a_repository_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert handout.main(tmp_path) == 1
    assert "git cannot tell which files belong to the course" in capsys.readouterr().err


# Unpacked, on a machine with nothing but Python.


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with Python on the PATH and nothing else, and an empty home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "JUPYTER", "IPYTHON", "COURSE", "XDG"))
    }
    for client in ("uv", "pip"):  # an empty home has no cache, and the network is slow
        command = [sys.executable, "-m", client, "cache", "dir"]
        kept[f"{client.upper()}_CACHE_DIR"] = subprocess.check_output(command, text=True).strip()
    if os.name == "posix":  # Windows needs its own folders on the PATH
        folder = tmp_path_factory.mktemp("bin")
        (folder / "python3").symlink_to(os.path.realpath(sys.executable))
        kept["PATH"] = str(folder)
    home = str(tmp_path_factory.mktemp("home"))
    return kept | {"HOME": home, "USERPROFILE": home}


def python3(bare: dict[str, str]) -> str:
    found = shutil.which("python3", path=bare["PATH"]) if os.name == "posix" else sys.executable
    assert found
    return found


@pytest.fixture(scope="module")
def unpacked(
    packed: dict[str, bytes], bare: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The handout in a folder with a space and an accent, after its first start."""
    folder = tmp_path_factory.mktemp("handout") / "Kurs für Anfänger"
    handout.pack(packed, folder / "course.zip", datetime(2026, 1, 1))
    with zipfile.ZipFile(folder / "course.zip") as archive:
        archive.extractall(folder)
    course = folder / handout.NAME
    done = subprocess.run(
        [python3(bare), "start.py", "--version"], cwd=course, env=bare, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if "The packages could not be installed" in done.stdout and not os.environ.get("CI"):
        pytest.skip(f"the packages cannot be had without a network:\n{done.stdout[-600:]}")
    assert done.returncode == 0, done.stdout
    return course


@pytest.mark.kernel
def test_it_starts_with_nothing_but_python(unpacked: Path, bare: dict[str, str], tmp_path: Path):
    port, token = free_port(), secrets.token_hex(16)
    log = tmp_path / "lab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [python3(bare), "start.py", "--no-browser", f"--ServerApp.port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"],
            cwd=unpacked, env=bare, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        page = f"http://127.0.0.1:{port}/lab/tree/notebooks/0_introduction.ipynb?token={token}"
        wait_until_served(page, server, log)
    finally:
        stop(server)
    assert "Installing" not in log.read_text(encoding="utf-8")  # the second start has it all
    assert executed(unpacked, EXERCISE, bare).count(": not attempted.") == 4
    assert "2.3" in executed(unpacked, LESSON, bare)


def executed(course: Path, name: str, environment: dict[str, str]) -> str:
    """What the cells of a notebook print, run with the kernel of the unpacked course."""
    python = course / start.PYTHON.relative_to(start.ROOT)
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", name]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    notebook = nbformat.reads(done.stdout.decode(), as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)
