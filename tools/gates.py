"""The rules that lessons, exercises and solutions keep, each a function that returns problems.

A problem is a sentence that names the file and says what to do. ``tests/test_gates.py`` runs
every rule on every file, and on something broken that the rule has to refuse.
"""

import ast
import html
import re
from collections.abc import Sequence
from pathlib import Path

from course_lib.contents import LIBRARY, library_parts
from course_lib.datasets import MNIST_LESSON_TEST, MNIST_LESSON_TRAIN
from tools.build import (
    BEGIN,
    END,
    STARTER,
    Notebook,
    derive_exercise,
    exercise_files,
    pair_of,
    read_notebook,
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
    written, stored = read_text(text), read_notebook(path)
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


def _cells(notebook: Notebook) -> list[tuple[str, str, str]]:
    return [(cell.id, cell.cell_type, cell.source) for cell in notebook.cells]


def exercise_problems(solution: Path) -> list[str]:
    """Both files of an exercise must be what its solution gives."""
    advice = "run `make exercises` to derive it from solutions/, and never edit it by hand"
    problems: list[str] = []
    expected = derive_exercise(solution)
    for path in exercise_files(solution):
        if not path.exists():
            problems.append(f"{short(path)} is missing: {advice}")
            continue
        notebook = read_notebook(path) if path.suffix == ".ipynb" else read_text(path)
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
        notebook = read_notebook(path) if path.suffix == ".ipynb" else read_text(path)
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
    cells = read_notebook(path).cells
    problems: list[str] = []
    is_lesson = re.match(r"\d_\d_", path.name)  # introduction and conclusion may be short
    if is_lesson and len(cells) not in CELLS:
        problems.append(
            f"{short(path)} has {len(cells)} cells: split or join some, {CELLS.start} to "
            f"{CELLS.stop - 1} are right"
        )
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
    cells = read_notebook(path).cells
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
        faults.append(f"prints {shown} lines: shorten it, {MOST_OUTPUT_LINES} at most")
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


# --------------------------------------------------------------------- numbers in the text

BESIDE = 2  # cells before and after a text in which a number of its prose may be printed
TINY = 1e-12  # what computing with decimals may add
COUNTED = 12  # whole numbers up to here are counted by the reader, not measured
STRUCTURE = re.compile(
    r"""(?xms)
    ```.*?```                      # a block of code
    | ^\#+\ .*?$                   # a heading
    | ^\s*\d+\.\s                  # an item of a list
    | \]\([^)]*\)                  # where a link leads
    | \b(?:19|20)\d\d\b            # a year
    | \b\d+\s+minutes              # how long a part takes
    | (?:\b[Pp]arts?|Next:\**)\s\[?PART(?:(?:,|,?\s(?:and|to|or))\sPART)*  # of the course
    | \(PART(?:,\sPART)*[,)]       # the same, as in (1.2, 1.3)
    | \[PART\s                    # the same, as the text of a link
    | \b\d+(?:\s?[×→]\s?\d+)+\b    # sizes: 28 × 28
    | \b\d+(?:-\d+){2,}\b          # sizes: 784-256-10
    """.replace("PART", f"(?:{'|'.join(map(re.escape, sorted(set(library_parts().values()))))})")
)
DEFINED = {  # phrases that define a number, or ask for one
    f"{MNIST_LESSON_TRAIN:,} training and {MNIST_LESSON_TEST:,} test images": "see datasets.py",
    "8,000 images of real MNIST, and measures them on 2,000 others": "see `make mnist-results`",
    "8,000 real MNIST images": "see `make mnist-results`",
    "16 filters": "see `make mnist-results`",
    "203,530": "parameters of the network with 256 hidden units, counted in part 3.3",
    "407,060 passes": "two for each of them",
    "64 bits": "of a float64",
    "180 degrees": "half a turn",
    "has 135": "degrees: the angle of a line that falls as steeply as it could rise",
    "0.05 or less": "what 0.95 leaves",
    "anything: −1000, 0, 3.7": "an example",
    "about 0.23": "to be measured further down",
    "more than 0.23": "to be measured further down",
    "37, 370 or 3700": "guesses to choose from",
    "10,000 forward passes": "a guess to choose",
    "2.5 each": "a guess to choose",
}
FORMULA = re.compile(r"(?s)\$\$.*?\$\$|\$[^$]+\$|`[^`]*`")
NOTHING_BUT_A_NUMBER = re.compile(r"[$`]\s*[-−]?[\d.,]+\s*(?:\\?%)?[$`]")
NUMBER = re.compile(
    r"(?<![A-Za-z_.\d])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?P<power>e[-+]?\d+)?(?P<percent>\s?\\?%)?(?!\w)"
)


def prose_number_problems(text: Path) -> list[str]:
    """A number in the text must be printed beside it, or chosen in code or in a formula.

    Looked at are decimals, percentages and whole numbers above 12 that stand outside of code
    and of formulas. They may be rounded, and a percentage may be printed as a share.
    """
    cells = read_notebook(pair_of(text)).cells
    chosen = _chosen_numbers(text, cells)
    printed = [_printed_numbers(cell) for cell in cells]
    problems: list[str] = []
    for position, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        beside = set[float]().union(*printed[max(0, position - BESIDE) : position + BESIDE + 1])
        prose = FORMULA.sub(
            lambda f: f[0].strip("$`") if NOTHING_BUT_A_NUMBER.fullmatch(f[0]) else " ",
            " ".join(STRUCTURE.sub(" ", cell.source).split()),
        )
        for phrase in DEFINED:
            prose = prose.replace(phrase, " ")
        problems += [
            f"{short(text)}, cell {cell.id} says {number[0].strip()}, which no cell beside it "
            "prints: print it there, take it out of the text, or define it (DEFINED in "
            "tools/gates.py)"
            for number in NUMBER.finditer(prose)
            if not _is_counted(number) and not _is_among(number, chosen, beside)
        ]
    return problems


def _is_counted(number: re.Match[str]) -> bool:
    """A small whole number: the reader counts it."""
    return not number["decimals"] and not number["percent"] and _value(number) <= COUNTED


def _is_among(number: re.Match[str], exact: set[float], rounded: set[float]) -> bool:
    """Whether a number of the text is one that was chosen, or one that was printed, rounded."""
    value, decimals, unit = _value(number), number["decimals"] or "", number["power"] or "e0"
    is_rounded = bool(decimals or number["power"] or number["percent"])
    last_digit = float(f"1{unit}") * 10.0 ** -len(decimals[1:]) / (100 if number["percent"] else 1)
    half = 0.5001 * last_digit if is_rounded else 0  # a count is never rounded
    return any(abs(value - known) <= half + TINY for known in rounded) or any(
        abs(value - known) <= TINY for known in exact
    )


def _value(number: re.Match[str]) -> float:
    digits = number["whole"].replace(",", "") + (number["decimals"] or "") + (number["power"] or "")
    return float(digits) / (100 if number["percent"] else 1)


def _chosen_numbers(text: Path, cells: Sequence[Notebook]) -> set[float]:
    """The numbers of a part's code, of its formulas, of its sliders and of its checks."""
    part = "_".join(re.findall(r"^\d+|(?<=_)\d+(?=_)", text.stem))
    modules = (LIBRARY.parent / folder / f"part_{part}.py" for folder in ("explorers", "checks"))
    code = [module.read_text(encoding="utf-8") for module in modules if module.exists()]
    code += [cell.source for cell in cells if cell.cell_type == "code"]
    formulas = " ".join(
        found for cell in cells if cell.cell_type == "markdown"
        for found in FORMULA.findall(cell.source)
    )  # fmt: skip
    constants = {
        abs(node.value)
        for node in ast.walk(ast.parse("\n".join(code)))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }
    return constants | _numbers(formulas)


def _printed_numbers(cell: Notebook) -> set[float]:
    """The numbers in what a cell prints, and in the captions and alt texts of its figures."""
    shown = [str(output.get("text", "")) for output in cell.get("outputs", [])]
    for output in cell.get("outputs", []):
        shown += [str(value) for kind, value in output.get("data", {}).items() if "text/" in kind]
        shown.append(str(output.get("metadata", {}).get("image/png", {}).get("alt", "")))
    return _numbers(re.sub(r'src="data:[^"]*"', "", " ".join(shown)))


def _numbers(text: str) -> set[float]:
    return {_value(number) for number in NUMBER.finditer(text)}
