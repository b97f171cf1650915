"""Exercises of every part: solutions are correct, wrong answers are told why, stubs not tried."""

import ast
import importlib
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from tools import build, gates

SOLUTIONS = build.text_files("solutions")
by_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=gates.short)


def check_module(solution: Path) -> ModuleType:
    return importlib.import_module(
        f"course_lib.checks.part_{gates.part_of(solution).replace('.', '_')}"
    )


def exercise_numbers(module: ModuleType) -> list[int]:
    return sorted(int(name[9:]) for name in vars(module) if re.fullmatch(r"exercise_\d", name))


def outcomes(path: Path) -> list[str]:
    """What the checks of a notebook printed, in order."""
    cells = nbformat.read(path, as_version=4).cells
    return [
        output.text.strip()
        for cell in cells
        if cell.cell_type == "code" and "check.exercise_" in cell.source
        for output in cell.outputs
    ]


@by_solution
def test_every_solution_is_correct(solution: Path):
    """Of stored outputs, which nbval compares with those of a fresh run."""
    printed = outcomes(build.pair_of(solution))
    assert len(printed) == 4
    for number, outcome in enumerate(printed, start=1):
        assert outcome.startswith(f"Exercise {number}: correct. ")


@by_solution
def test_every_exercise_has_a_check_and_three_hints(
    solution: Path, capsys: pytest.CaptureFixture[str]
):
    module = check_module(solution)
    assert exercise_numbers(module) == [1, 2, 3, 4]
    for number in exercise_numbers(module):
        hints = set()
        for _ in range(3):
            module.hint(number)
            hints.add(capsys.readouterr().out)
        assert len(hints) == 3
        assert any("Lesson " in hint for hint in hints)


@by_solution
def test_the_sections_that_hints_name_exist(solution: Path):
    lesson = (build.ROOT / "notebooks" / "py" / solution.name).read_text(encoding="utf-8")
    source = Path(check_module(solution).__file__).read_text(encoding="utf-8")
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    named = {name for text in texts if isinstance(text, str) and "Lesson " in text
             for name in re.findall(r'"([^"]+)"', text)}  # fmt: skip
    assert named
    for name in named:
        assert re.search(rf"^# #+ {re.escape(name)}$", lesson, re.MULTILINE), name


@pytest.mark.kernel
@by_solution
def test_an_untouched_exercise_is_not_attempted(solution: Path):
    exercise = build.ROOT / "exercises" / "py" / solution.name
    notebook = build.execute(build.read_text(exercise), exercise)
    printed = [
        "".join(output.text for output in cell.outputs if output.output_type == "stream").strip()
        for cell in notebook.cells
        if cell.cell_type == "code" and "check.exercise_" in cell.source
    ]
    assert len(printed) == 4
    for number, outcome in enumerate(printed, start=1):
        assert outcome.startswith(f"Exercise {number}: not attempted. ")


# ------------------------------------------------------------- wrong answers, part by part

ANSWERS = {
    path.stem.removeprefix("part_").replace("_", "."): importlib.import_module(
        f"tests.answers.{path.stem}"
    )
    for path in sorted((build.ROOT / "tests/answers").glob("part_*.py"))
}
CASES = [
    (part, number, *case)
    for part, answers in ANSWERS.items()
    for number, cases in answers.WRONG.items()
    for case in cases
]
RIGHT = [(part, number) for part, answers in ANSWERS.items() for number in answers.RIGHT]


def judge(capsys: pytest.CaptureFixture[str], part: str, number: int, answers) -> str:
    module = importlib.import_module(f"course_lib.checks.part_{part.replace('.', '_')}")
    getattr(module, f"exercise_{number}")(*answers)
    (line,) = capsys.readouterr().out.splitlines()
    return line


@pytest.mark.parametrize(("part", "number", "answers", "message"), CASES)
def test_a_wrong_answer_is_told_what_is_wrong(capsys, part, number, answers, message):
    outcome = judge(capsys, part, number, answers)
    assert outcome.startswith(f"Exercise {number}: not yet. ")
    assert message in outcome


@pytest.mark.parametrize(("part", "number"), RIGHT)
def test_the_right_answer_differs_from_the_wrong_ones_in_one_thing(capsys, part, number):
    """So that the wrong ones are refused for their mistake, and for nothing else."""
    assert "correct. " in judge(capsys, part, number, ANSWERS[part].RIGHT[number])


@by_solution
def test_every_exercise_has_two_wrong_answers_with_messages_of_their_own(solution: Path):
    part = gates.part_of(solution)
    for number in exercise_numbers(check_module(solution)):
        messages = {message for _, message in ANSWERS[part].WRONG.get(number, [])}
        assert len(messages) >= 2, f"part {part}, exercise {number}: add wrong answers to WRONG"
        assert number in ANSWERS[part].RIGHT
