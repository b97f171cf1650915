"""The rules that lessons, exercises and solutions keep, each a function that returns problems.

A problem is a sentence that names the file and says what to do. ``tests/test_gates.py`` runs
every rule on every file, and on something broken that the rule has to refuse.
"""

import ast
import html
import re
from pathlib import Path

import nbformat

from course_lib.contents import library_parts
from tools.build import (
    BEGIN,
    END,
    STARTER,
    Notebook,
    derive_exercise,
    exercise_files,
    pair_of,
    read_text,
    to_text,
)

CELLS = range(28, 41)
MOST_IN_A_ROW = 2
MOST_CODE_LINES = 15
MOST_OUTPUT_LINES = 25
FIGURE_BEFORE_EXPLORER = 4  # cells at most, so that a page without a kernel tells the story
LONGEST_CODE_LINE = 88  # longer ones are cut off at the right edge of a page


def short(path: Path) -> str:
    """A path as it stands in the project, such as ``notebooks/py/2_3_mini_batches.py``."""
    folder = path.parent.parent if path.parent.name == "py" else path.parent
    return path.relative_to(folder.parent).as_posix()


def pair_problems(text: Path) -> list[str]:
    """The notebook must have the cells of its text pair, and the text be as jupytext saves it."""
    path = pair_of(text)
    if not path.exists():
        return [f"{short(path)} is missing: run `make notebooks`"]
    written, stored = read_text(text), nbformat.read(path, as_version=4)
    problems: list[str] = []
    if to_text(written) != text.read_text(encoding="utf-8"):
        problems.append(f"{short(text)} is not laid out as jupytext saves it: run `make notebooks`")
    if _cells(written) != _cells(stored):
        pairs = zip(_cells(written), _cells(stored), strict=False)
        number = next(
            (number for number, (one, other) in enumerate(pairs) if one != other),
            min(len(written.cells), len(stored.cells)),
        )
        problems.append(
            f"{short(path)} and {short(text)} differ from cell {number} on: "
            "run `make notebooks` to build the notebook from its text"
        )
    return problems


def _cells(notebook: Notebook) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (cell.id, cell.cell_type, cell.source, tuple(cell.metadata.get("tags", ())))
        for cell in notebook.cells
    ]


def exercise_problems(solution: Path) -> list[str]:
    """Both files of an exercise must be what its solution gives."""
    advice = "run `make exercises` to derive it from solutions/, and never edit it by hand"
    problems: list[str] = []
    expected = derive_exercise(solution)
    for path in exercise_files(solution):
        if not path.exists():
            problems.append(f"{short(path)} is missing: {advice}")
            continue
        notebook = nbformat.read(path, as_version=4) if path.suffix == ".ipynb" else read_text(path)
        if _cells(notebook) != _cells(expected):
            problems.append(f"{short(path)} is out of date: {advice}")
    return problems


def leak_problems(solution: Path) -> list[str]:
    """No line of an answer, and no output, may stand in the exercise."""
    cells = read_text(solution).cells
    answers = {line for cell in cells for line in _lines(cell.source, of_answer=True)}
    answers -= {line for cell in cells for line in _lines(cell.source, of_answer=False)}
    problems: list[str] = []
    for path in exercise_files(solution):
        if not path.exists():
            continue
        notebook = nbformat.read(path, as_version=4) if path.suffix == ".ipynb" else read_text(path)
        for cell in notebook.cells:
            leaked = [line.strip() for line in cell.source.splitlines() if line.strip() in answers]
            for line in leaked:
                problems.append(
                    f"{short(path)}, cell {cell.id} shows a line of the answer, `{line}`: put it "
                    f"between '{BEGIN}' and '{END}' in solutions/, and run `make exercises`"
                )
            if cell.get("outputs"):
                problems.append(
                    f"{short(path)}, cell {cell.id} has outputs: run `make exercises` to drop them"
                )
    return problems


def _lines(source: str, of_answer: bool) -> set[str]:
    """The lines between the markers, or those outside; too short ones give nothing away."""
    lines: set[str] = set()
    inside = False
    for line in (line.strip() for line in source.splitlines()):
        if line in (BEGIN, STARTER, END):
            inside = line == BEGIN
        elif inside == of_answer and len(line) > 8:
            lines.add(line)
    return lines


def part_of(text: Path) -> str:
    """``2_3_mini_batches`` is part 2.3; introduction and conclusion may use nothing and all."""
    numbers = re.match(r"(\d+)_(?:(\d)_)?", text.stem)
    if numbers is None:
        raise ValueError(f"{text.name} does not start with the number of its part")
    return f"{numbers[1]}.{numbers[2] or 9}"


def later_function_problems(text: Path, library: str | None = None) -> list[str]:
    """A lesson may use the functions of its own part and of those before it."""
    parts = library_parts(library)
    mine = part_of(text)
    problems: list[str] = []
    for name in sorted(_library_names(read_text(text))):
        if name not in parts:
            problems.append(
                f"{short(text)} uses {name}, which course_lib/neural_network.py does not have up "
                f"to part {mine}: define it in the lesson, or do without"
            )
        elif parts[name] > mine:
            problems.append(
                f"{short(text)} uses {name}, which is built in part {parts[name]}: "
                f"use what parts up to {mine} have built"
            )
    return problems


def _library_names(notebook: Notebook) -> set[str]:
    """The names that a notebook takes from the library, imported or through the module."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    names: set[str] = set()
    modules = {"course_lib.neural_network"}
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "course_lib.neural_network":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "course_lib":
            modules |= {a.asname or a.name for a in node.names if a.name == "neural_network"}
        elif isinstance(node, ast.Import):
            modules |= {a.asname for a in node.names if a.name.endswith(".neural_network")} - {None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names |= {node.attr} if ast.unparse(node.value) in modules else set()
    return names


def lesson_problems(path: Path) -> list[str]:
    """What makes a lesson calm to read: few cells, short ones, and figures with an alt text."""
    cells = nbformat.read(path, as_version=4).cells
    problems: list[str] = []
    is_lesson = re.match(r"\d_\d_", path.name)  # introduction and conclusion may be short
    if is_lesson and len(cells) not in CELLS:
        problems.append(f"{short(path)} has {len(cells)} cells: {CELLS.start} to {CELLS.stop - 1}")
    for first in range(len(cells) - MOST_IN_A_ROW):
        kinds = {cell.cell_type for cell in cells[first : first + MOST_IN_A_ROW + 1]}
        if len(kinds) == 1:
            problems.append(
                f"{short(path)} has three {kinds.pop()} cells in a row from cell {first} on: "
                "let text and code take turns"
            )
    for cell in cells:
        if cell.cell_type == "code":
            problems += [f"{short(path)}, cell {cell.id} {fault}" for fault in _code_faults(cell)]
    return problems + explorer_problems(path)


def explorer_problems(path: Path) -> list[str]:
    """Without a kernel, the cell of the sliders shows one readable line, below a figure."""
    cells = nbformat.read(path, as_version=4).cells
    number = ".".join(re.findall(r"\d+(?=_)", path.stem))
    line = re.compile(
        rf"Explorer {re.escape(number)}: run this cell in JupyterLab to set .+ and see the result\."
    )
    problems: list[str] = []
    for position, cell in enumerate(cells):
        if cell.cell_type != "code" or not re.search(r"\bexplore\(", cell.source):
            continue
        where = f"{short(path)}, cell {cell.id}"
        shown = [dict(output.get("data", {})) for output in cell.outputs]
        text = shown[0].get("text/plain", "") if len(shown) == 1 else ""
        if len(shown) != 1 or list(shown[0]) != ["text/plain"] or not line.fullmatch(text):
            problems.append(
                f"{where} does not store the line `Explorer {number}: run this cell in JupyterLab "
                "to set ... and see the result.` and nothing else: end the cell with the explorer, "
                "and run `make notebooks`"
            )
        before = cells[max(0, position - FIGURE_BEFORE_EXPLORER) : position]
        if not any("image/png" in o.get("data", {}) for c in before for o in c.get("outputs", [])):
            problems.append(
                f"{where} has sliders without a figure in the {FIGURE_BEFORE_EXPLORER} cells "
                "before: show one setting there with plots.show"
            )
    return problems


def _code_faults(cell: Notebook) -> list[str]:
    lines = [line for line in cell.source.splitlines() if line.strip()]
    faults: list[str] = []
    if len(lines) > MOST_CODE_LINES:
        faults.append(f"has {len(lines)} lines of code: split it, {MOST_CODE_LINES} at most")
    if any(len(line) > LONGEST_CODE_LINE for line in lines):
        faults.append(f"has a line over {LONGEST_CODE_LINE} characters: break it")
    return faults + output_faults(cell)


def output_faults(cell: Notebook) -> list[str]:
    """What a code cell's stored outputs lack, or have too much of."""
    faults: list[str] = []
    if cell.execution_count is None:
        faults.append("was not executed: run `make notebooks`")
    shown = sum(len(str(output.get("text", "")).splitlines()) for output in cell.outputs)
    if shown > MOST_OUTPUT_LINES:
        faults.append(f"prints {shown} lines: {MOST_OUTPUT_LINES} at most")
    for output in cell.outputs:
        if output.get("name") == "stderr" or output.output_type == "error":
            faults.append("stores a warning or an error: mend what causes it")
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            if not str(alt).strip():
                faults.append("shows a figure without alt text: show it with plots.show")
            alts = _alts_on_page("".join(output.data.get("text/html", "")))
            if any(one != str(alt) or not one.strip() for one in alts):
                faults.append("has another alt text on the page: show it with plots.show")
        elif _alts_on_page("".join(output.get("data", {}).get("text/html", ""))):
            faults.append("shows a picture in text/html alone: show it with plots.show")
    return faults


def _alts_on_page(page: str) -> list[str]:
    """The alt text of every picture in some HTML, empty where there is none."""
    pictures = re.findall(r"<img\b[^>]*>", page)
    found = [re.search(r'\balt="([^"]*)"', picture) for picture in pictures]
    return [html.unescape(match[1]) if match else "" for match in found]
