"""Every rule holds for every file, and refuses something broken."""

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from course_lib.contents import LIBRARY
from tests import refuse
from tools import build, gates

LESSONS = build.text_files("notebooks")
SOLUTIONS = build.text_files("solutions")
LESSON = build.ROOT / "notebooks/py/2_3_mini_batches.py"
SOLUTION = build.ROOT / "solutions/py/2_3_mini_batches.py"

by_stem = pytest.mark.parametrize("text", LESSONS + SOLUTIONS, ids=gates.short)
by_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=gates.short)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of all notebooks that a test may spoil."""
    for folder in ("notebooks", "exercises", "solutions"):
        shutil.copytree(build.ROOT / folder, tmp_path / folder)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_there_is_something_to_check():
    assert LESSON in LESSONS
    assert SOLUTION in SOLUTIONS


@by_stem
def test_text_and_notebook_have_the_same_cells(text: Path):
    refuse(gates.pair_problems(text))


def test_a_word_changed_in_the_text_alone_is_refused(project: Path):
    text = project / "notebooks/py/2_3_mini_batches.py"
    replace(text, "# # 2.3", "# # 2.3 changed")
    (problem,) = gates.pair_problems(text)
    assert "differ from cell 0 on" in problem
    assert "make notebooks" in problem


def test_a_missing_notebook_is_refused(project: Path):
    (project / "notebooks/2_3_mini_batches.ipynb").unlink()
    (problem,) = gates.pair_problems(project / "notebooks/py/2_3_mini_batches.py")
    assert "is missing: run `make notebooks`" in problem


def test_a_cell_added_at_the_end_of_the_notebook_is_refused(project: Path):
    path = project / "notebooks/2_3_mini_batches.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1", id="extra"))
    nbformat.write(notebook, path)
    (problem,) = gates.pair_problems(project / "notebooks/py/2_3_mini_batches.py")
    assert f"differ from cell {len(notebook.cells) - 1} on" in problem


@by_solution
def test_exercises_are_what_their_solutions_give(solution: Path):
    refuse(gates.exercise_problems(solution))


def test_a_word_changed_in_a_solution_makes_the_exercise_stale(project: Path):
    solution = project / "solutions/py/2_3_mini_batches.py"
    replace(solution, "# # Solutions 2.3", "# # Solutions 2.3 changed")
    problems = gates.exercise_problems(solution)
    assert len(problems) == 2
    assert all("out of date: run `make exercises`" in problem for problem in problems)


@by_solution
def test_no_exercise_shows_an_answer(solution: Path):
    refuse(gates.leak_problems(solution))


def test_an_answer_in_an_exercise_is_refused(project: Path):
    replace(
        project / "exercises/py/2_3_mini_batches.py",
        "    return grad_W, grad_b",
        "    error = sigmoid(X @ W + b) - y",
    )
    problems = gates.leak_problems(project / "solutions/py/2_3_mini_batches.py")
    assert any("shows a line of the answer" in p and "make exercises" in p for p in problems)


def test_an_output_in_an_exercise_is_refused(project: Path):
    path = project / "exercises/2_3_mini_batches.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="W: 2.0")]
    nbformat.write(notebook, path)
    problems = gates.leak_problems(project / "solutions/py/2_3_mini_batches.py")
    assert any("has outputs: run `make exercises` to drop them" in problem for problem in problems)


def test_every_solution_has_answers_to_hide():
    for solution in SOLUTIONS:
        text = solution.read_text(encoding="utf-8")
        assert text.count(build.BEGIN) == text.count(build.END) >= 4, solution


@by_stem
def test_no_lesson_uses_a_later_function(text: Path):
    refuse(gates.later_function_problems(text))


@pytest.mark.parametrize(
    "line",
    [
        "from course_lib.neural_network import later",
        "from course_lib import neural_network as nn\nnn.later(1)",
        "import course_lib.neural_network as nn\nnn.later(1)",
        "import course_lib.neural_network\ncourse_lib.neural_network.later(1)",
    ],
)
@pytest.mark.parametrize("exists", [True, False])
def test_a_later_function_in_lesson_2_3_is_refused(project: Path, line: str, exists: bool):
    text = project / "notebooks/py/2_3_mini_batches.py"
    replace(text, "\n# %%\n", f"\n# %%\n{line}\n")
    library = LIBRARY.read_text(encoding="utf-8")
    library += "\n# Part 4.9 · Later\ndef later(): ...\n" if exists else ""
    (problem,) = gates.later_function_problems(text, library)
    assert "uses later" in problem
    assert ("built in part 4.9" if exists else "does not have up to part 2.3") in problem
    assert ("use what parts up to 2.3" if exists else "define it in the lesson") in problem


@pytest.mark.parametrize("text", LESSONS, ids=gates.short)
def test_lessons_are_calm(text: Path):
    refuse(gates.lesson_problems(build.pair_of(text)))


@by_solution
def test_solutions_store_no_errors(solution: Path):
    for cell in build.read_notebook(build.pair_of(solution)).cells:
        if cell.cell_type == "code":
            assert gates.output_faults(cell) == [], cell.id


@by_stem
def test_numbers_in_the_text_are_printed_beside_it(text: Path):
    refuse(gates.prose_number_problems(text))


@pytest.mark.parametrize(
    "number",
    ["97.3 %", "97.3%", "$97.3$ %", "`97.3` %", "0.973", "1,439", "(9.7)", "2.7e-5", "part 9.7"],
)
def test_a_number_that_no_cell_prints_is_refused(project: Path, number: str):
    path = project / "notebooks/2_3_mini_batches.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += f"\n\nThe model gets {number} of the test images right."
    nbformat.write(notebook, path)
    (problem,) = gates.prose_number_problems(project / "notebooks/py/2_3_mini_batches.py")
    said = number.removeprefix("part ").strip("$`()").replace("$", "").replace("`", "")
    assert f"says {said}" in problem
    assert "which no cell beside it prints: print it there, take it out of the text" in problem


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("97.3 %", "0.9727"),
        ("97 %", "accuracy 97.3%"),
        ("0.97", "0.973"),
        ("1,437", "1437 rows"),
        ("1437", "1,437 rows"),
        ("−97.3", "loss -97.3"),
        ("12", ""),
        ("part 2.4", ""),
        ("in 1958", ""),
        ("41 × 43 pixels", ""),
        ("about 95 minutes", ""),
        ("$97.3 + 1$", ""),
        ("`X[97:]`", ""),
    ],
)
def test_a_number_is_known_where_it_is_printed_counted_or_derived(
    project: Path, number: str, printed: str
):
    path = project / "notebooks/2_3_mini_batches.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = nbformat.v4.new_code_cell("report()", id="report")
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    said = nbformat.v4.new_markdown_cell(f"It says {number}.", id="said")
    far = [nbformat.v4.new_markdown_cell("...", id=f"far-{n}") for n in range(gates.BESIDE)]
    notebook.cells += [*far, said, cell]
    nbformat.write(notebook, path)
    text = project / "notebooks/py/2_3_mini_batches.py"
    assert gates.prose_number_problems(text) == []
    notebook.cells = [cell, *notebook.cells[:-1]]  # printed, but far away
    nbformat.write(notebook, path)
    assert len(gates.prose_number_problems(text)) == bool(printed)


def test_every_defined_number_is_used():
    texts = [
        " ".join(cell.source.split())
        for text in LESSONS + SOLUTIONS
        for cell in build.read_text(text).cells
    ]
    for phrase in gates.DEFINED:
        assert any(phrase in text for text in texts), f"delete {phrase!r} from gates.DEFINED"


def spoil_nothing(cells):
    pass


def figure_outputs(cells):
    return [
        o for cell in cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})
    ]


def spoil_alt(cells):
    del figure_outputs(cells)[0].metadata["image/png"]["alt"]


def spoil_page_alt(cells):
    data = figure_outputs(cells)[0].data
    data["text/html"] = re.sub(r'alt="[^"]*"', 'alt=""', data["text/html"])


def spoil_page_words(cells):
    data = figure_outputs(cells)[0].data
    data["text/html"] = data["text/html"].replace('alt="', 'alt="Not ')


def spoil_page_only(cells):
    del figure_outputs(cells)[0].data["image/png"]


def explorer_of(cells):
    return next(cell for cell in cells if "explore(" in cell.source and cell.cell_type == "code")


def spoil_explorer(cells):
    explorer_of(cells).outputs = []


def spoil_explorer_number(cells):
    data = explorer_of(cells).outputs[0].data
    data["text/plain"] = data["text/plain"].replace("2.3", "2.4")


def spoil_explorer_repr(cells):
    explorer_of(cells).outputs[0].data["text/plain"] = "Explorer(children=(SelectionSlider()))"


def spoil_explorer_view(cells):
    explorer_of(cells).outputs[0].data[build.WIDGET_VIEW] = {"model_id": "0"}


def spoil_story(cells):
    for cell in cells[: cells.index(explorer_of(cells))][-gates.FIGURE_BEFORE_EXPLORER :]:
        if cell.cell_type == "code":
            cell.outputs = []


def spoil_lines(cells):
    cells[1].source += "\nx = 1" * 16


def spoil_width(cells):
    cells[1].source += "\n#" + 90 * "-"


def spoil_order(cells):
    cells[1:1] = [nbformat.v4.new_markdown_cell("text", id=f"extra-{n}") for n in range(2)]


def spoil_count(cells):
    del cells[20:]


def spoil_execution(cells):
    cells[1].execution_count = None


def spoil_output(cells):
    cells[1].outputs.append(nbformat.v4.new_output("stream", text="1\n" * 26))


def spoil_stream(cells):
    cells[1].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="warning"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_nothing, None),
        (spoil_alt, "without alt text: show it with plots.show"),
        (spoil_page_alt, "another alt text on the page"),
        (spoil_page_words, "another alt text on the page"),
        (spoil_page_only, "a picture in text/html alone"),
        (spoil_explorer, "does not store the line `Explorer 2.3: run"),
        (spoil_explorer_number, "does not store the line `Explorer 2.3: run"),
        (spoil_explorer_repr, "does not store the line `Explorer 2.3: run"),
        (spoil_explorer_view, "does not store the line `Explorer 2.3: run"),
        (spoil_story, "sliders without a figure in the 4 cells before"),
        (spoil_lines, "lines of code: split it"),
        (spoil_width, "over 88 characters: break it"),
        (spoil_order, "three markdown cells in a row from cell 0 on: let text and code take turns"),
        (spoil_count, "has 20 cells: split or join some, 28 to 40 are right"),
        (spoil_execution, "was not executed: run `make notebooks`"),
        (spoil_output, "prints 26 lines: shorten it, 25 at most"),
        (spoil_stream, "a warning or an error: mend what causes it"),
    ],
)
def test_a_restless_lesson_is_refused(project: Path, spoil, message):
    path = project / "notebooks/2_3_mini_batches.ipynb"
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook.cells)
    nbformat.write(notebook, path)
    problems = gates.lesson_problems(path)
    assert (problems == []) if message is None else any(message in problem for problem in problems)


def test_hosts_and_machine_paths_stand_in_no_file():
    """The project speaks of the course alone, wherever it was built."""
    git = subprocess.run(["git", "ls-files", "-z"], cwd=build.ROOT, capture_output=True, text=True)
    if git.returncode:
        pytest.skip("this is no git checkout")
    listed = [build.ROOT / name for name in git.stdout.split("\0") if name]
    forbidden = re.compile(r"index-url|pypi\.org|/home/|/root/|file:///")
    checked = 0
    for path in listed:
        if path.suffix in (".png", ".npz") or path == Path(__file__) or not path.exists():
            continue
        checked += 1
        text = path.read_text(encoding="utf-8")
        found = forbidden.search(re.sub(r"--no-emit-index-url", "", text))
        assert found is None, f"{path} names {found[0]}"
    assert checked > 20
