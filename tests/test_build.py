"""The build: answers out, starters in, nothing lost, the same result every time."""

import ast
import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from tools import build

SOURCE = """# %% [markdown]
# # Solutions 9.9 · A test

# %%
def f(x):
    ### BEGIN SOLUTION
    return x + 1
    ### END SOLUTION


### BEGIN SOLUTION
rate = 0.02
### STARTER
# rate = 0.1
# # change me
### END SOLUTION

# %%
print(f(1), rate)
"""


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    path = tmp_path / "solutions/py/9_9_test.py"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_answers_go_out_and_starters_come_in(solution: Path):
    exercise = build.exercise_of(build.read_text(solution), "here")
    assert [cell.source for cell in exercise.cells] == [
        "# Exercises 9.9 · A test",
        "def f(x):\n    ...\n\n\nrate = 0.1\n# change me",
        "print(f(1), rate)",
    ]
    assert [cell.id for cell in exercise.cells] == ["9-9-00", "9-9-01", "9-9-02"]


@pytest.mark.parametrize(
    "source",
    [
        "### END SOLUTION",
        "### STARTER",
        "### BEGIN SOLUTION\nx = 1",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "### BEGIN SOLUTION\n### STARTER\n### STARTER\n### END SOLUTION",
        "### BEGIN SOLUTION\n### STARTER\nx = 1\n### END SOLUTION",
        "### BEGIN ANSWER\nx = 1\n### END ANSWER",
        "###STARTER",
    ],
)
def test_markers_out_of_order_are_refused(source: str):
    with pytest.raises(build.BuildError, match="cell 3"):
        build.without_answers(source, "cell 3")


def test_deriving_twice_changes_nothing(solution: Path):
    assert build.build_exercise(solution)
    assert not build.build_exercise(solution)
    folder = solution.parent.parent.parent / "exercises"
    assert (folder / "py/9_9_test.py").exists()
    pair = nbformat.read(folder / "9_9_test.ipynb", as_version=4)
    text = jupytext.read(folder / "py/9_9_test.py")
    assert [c.source for c in pair.cells] == [c.source for c in text.cells]


def test_a_learners_work_is_not_overwritten(solution: Path):
    build.build_exercise(solution)
    path = solution.parent.parent.parent / "exercises/9_9_test.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "def f(x):\n    return 2"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with pytest.raises(build.BuildError, match=r"was edited.*Move the file away"):
        build.build_exercise(solution)
    assert path.read_bytes() == before


def test_an_edited_text_pair_of_an_exercise_is_not_overwritten(solution: Path):
    build.build_exercise(solution)
    path = solution.parent.parent.parent / "exercises/py/9_9_test.py"
    path.write_text(path.read_text() + "\n# %%\nmine = 1\n")
    with pytest.raises(build.BuildError, match=r"9_9_test.py was edited"):
        build.build_exercise(solution)
    assert "mine = 1" in path.read_text()


@pytest.mark.parametrize(
    "name", ["notebooks/2_3_mini_batches.ipynb", "exercises/py/2_3_mini_batches.py", "setup.py"]
)
def test_only_texts_are_built(name: str, capsys: pytest.CaptureFixture[str]):
    assert build.main(["notebooks", str(build.ROOT / name)]) == 1
    assert "is not a text in notebooks or solutions" in capsys.readouterr().err


@pytest.mark.kernel
def test_only_what_has_changed_is_built_again(built: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(build, "STAMPS", built.parent / "built.json")
    executed = []
    monkeypatch.setattr(build, "build_notebook", lambda text: executed.append(text) or True)
    assert build.build_if_changed(built)
    assert not build.build_if_changed(built)
    path = build.pair_of(built)
    path.write_text(path.read_text().replace("2 0.02", "2 0.03"))  # a stored output, by hand
    assert build.build_if_changed(built)
    built.write_text(SOURCE + "# more\n")
    assert build.build_if_changed(built)
    assert len(executed) == 3


def test_a_notebook_depends_on_what_it_imports():
    library = build.ROOT / "course_lib"
    lesson = build.imported(build.ROOT / "notebooks/py/2_3_mini_batches.py")
    names = {path.relative_to(library).as_posix() for path in lesson}
    assert names >= {
        "__init__.py", "datasets.py", "neural_network.py", "plots.py", "explorers/__init__.py",
        "explorers/part_2_3.py", "explorers/training.py", "explorers/compare.py",
    }  # fmt: skip
    assert not names & {"explorers/part_4_2.py", "checks/part_2_3.py"}


def test_running_a_notebook_loads_nothing_else_of_the_library():
    text = build.ROOT / "notebooks/py/2_3_mini_batches.py"
    show = "\nimport sys\nprint(*(getattr(m, '__file__', '') for m in sys.modules.values()), sep='\\n')"
    tree = ast.parse(text.read_text(encoding="utf-8"))
    imports = [ast.unparse(node) for node in tree.body if isinstance(node, ast.ImportFrom)]
    loaded = subprocess.check_output(
        [sys.executable, "-c", "\n".join(imports) + show], cwd=build.ROOT, encoding="utf-8"
    )
    library = str(build.ROOT / "course_lib")
    files = {Path(name) for name in loaded.splitlines() if name.startswith(library)}
    assert files
    assert files <= build.imported(text)


def test_a_notebook_that_is_not_there_is_asked_for(tmp_path: Path):
    with pytest.raises(build.BuildError, match=r"new\.ipynb is missing: run `make"):
        build.read_notebook(tmp_path / "new.ipynb")


def test_running_an_exercise_is_not_editing_it(solution: Path):
    build.build_exercise(solution)
    path = solution.parent.parent.parent / "exercises/9_9_test.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1")]
    nbformat.write(notebook, path)
    assert build.build_exercise(solution)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the same solution, executed once."""
    folder = tmp_path_factory.mktemp("executed")
    path = folder / "solutions/py/9_9_test.py"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    assert build.build_notebook(path)
    return folder


@pytest.fixture
def built(executed: Path, tmp_path: Path) -> Path:
    """A copy of the executed solution that a test may spoil."""
    shutil.copytree(executed, tmp_path / "copy")
    return tmp_path / "copy/solutions/py/9_9_test.py"


@pytest.mark.kernel
def test_executing_twice_gives_the_same_notebook(built: Path):
    assert not build.build_notebook(built)
    notebook = nbformat.read(build.pair_of(built), as_version=4)
    assert notebook.cells[-1].outputs[0].text == "2 0.02\n"
    assert notebook.metadata.language_info == {"name": "python"}


@pytest.mark.kernel
def test_a_failing_cell_leaves_the_old_notebook(built: Path):
    before = build.pair_of(built).read_bytes()
    built.write_text(SOURCE.replace("rate = 0.02", "rate = 1 / 0"), encoding="utf-8")
    with pytest.raises(
        build.BuildError, match=r"(?s)9_9_test.py: a cell failed.*ZeroDivisionError"
    ):
        build.build_notebook(built)
    assert build.pair_of(built).read_bytes() == before


@pytest.mark.kernel
def test_an_edit_made_outside_of_jupyterlab_is_not_buried(built: Path):
    path = build.pair_of(built)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\nan edit"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with pytest.raises(build.BuildError, match="was edited"):
        build.build_notebook(built)
    assert path.read_bytes() == before


def test_ids_depend_on_the_position_alone(tmp_path: Path):
    path = tmp_path / "0_introduction.py"
    shutil.copy(build.ROOT / "notebooks/py/2_3_mini_batches.py", path)
    ids = [cell.id for cell in build.read_text(path).cells]
    assert ids[:2] == ["0-00", "0-01"]
    assert len(set(ids)) == len(ids)


def printed(text: str):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("run()", id="a")])
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text=text)]
    return notebook


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ("mlp 97.9%   2.0 s\ncnn 96.8%  11.0 s\n", True),
        ("mlp 97.8%   2.0 s\ncnn 96.8%  11.0 s\n", False),  # a result has changed
        ("mlp 97.9%   2.0 s\n", False),
    ],
)
def test_seconds_alone_do_not_change_a_notebook(tmp_path: Path, new: str, kept: bool):
    old = "mlp 97.9%   1.3 s\ncnn 96.8%   2.0 s\n"
    nbformat.write(printed(old), tmp_path / "lesson.ipynb")
    notebook = printed(new)
    build.keep_seconds(notebook, tmp_path / "lesson.ipynb")
    assert notebook.cells[0].outputs[0].text == (old if kept else new)
    build.keep_seconds(notebook, tmp_path / "not_there.ipynb")


def test_the_tests_of_notebooks_ignore_the_same_seconds():
    settings = configparser.ConfigParser()
    settings.read(build.ROOT / "tests/notebook_sanitize.cfg")
    assert build.SECONDS.pattern in [settings[name]["regex"] for name in settings.sections()]
