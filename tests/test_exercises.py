"""Exercises of every part: solutions are correct, wrong answers are told why, stubs not tried."""

import ast
import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from course_lib import checks
from tests import refuse
from tools import build, gates

SOLUTIONS = build.text_files("solutions")
SOLUTION = build.ROOT / "solutions/py/2_3_mini_batches.py"
by_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=gates.short)


def check_module(solution: Path) -> ModuleType:
    return importlib.import_module(
        f"course_lib.checks.part_{gates.part_of(solution).replace('.', '_')}"
    )


def exercise_numbers(module: ModuleType) -> list[int]:
    return sorted(int(name[9:]) for name in vars(module) if re.fullmatch(r"exercise_\d", name))


def outcomes(path: Path) -> list[str]:
    """What the checks of a notebook printed, in order."""
    cells = build.read_notebook(path).cells
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
    where = f"{module.__name__} "
    if exercise_numbers(module) != [1, 2, 3, 4]:
        refuse([f"{where}needs the functions exercise_1 to exercise_4, one for each check"])
    problems = []
    for number in exercise_numbers(module):
        hints = set()
        for _ in range(3):
            module.hint(number)
            hints.add(capsys.readouterr().out)
        if len(hints) != 3:
            problems.append(f"{where}needs three different hints for exercise {number}")
        if not any("Lesson " in hint for hint in hints):
            problems.append(
                f"{where}needs a hint for exercise {number} that says where to read, such as "
                "'Lesson 2.3, \"Build it\", has it.'"
            )
    refuse(problems)


@by_solution
def test_the_sections_that_hints_name_exist(solution: Path):
    lesson = (build.ROOT / "notebooks" / "py" / solution.name).read_text(encoding="utf-8")
    source = Path(check_module(solution).__file__).read_text(encoding="utf-8")
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    named = {name for text in texts if isinstance(text, str) and "Lesson " in text
             for name in re.findall(r'"([^"]+)"', text)}  # fmt: skip
    assert named, f'no hint of {solution.stem} names a heading of the lesson, in "quotes"'
    refuse(
        [
            f'a hint of {solution.stem} names "{name}", which is no heading of the lesson'
            for name in sorted(named)
            if not re.search(rf"^# #+ {re.escape(name)}$", lesson, re.MULTILINE)
        ]
    )


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


def refusal_problems(part: str, number: int, outcome: str, message: str) -> list[str]:
    """What is wrong with the outcome of a wrong answer."""
    where = f"course_lib/checks/part_{part.replace('.', '_')}.py, exercise {number}"
    if not outcome.startswith(f"Exercise {number}: not yet. "):
        return [f"{where} says {outcome!r} to a wrong answer: make the check refuse it"]
    if message not in outcome:
        return [f"{where} says {outcome!r}: mend the check, or expect that instead of {message!r}"]
    return []


def variety_problems(part: str, number: int, outcomes: list[str]) -> list[str]:
    """Two wrong answers have to be told different things, and not only different numbers."""
    if len({re.sub(r"[-\d.,]+", "#", outcome) for outcome in outcomes}) >= 2:
        return []
    return [
        f"part {part}, exercise {number} tells all wrong answers the same: {outcomes}. Add wrong "
        "answers to WRONG, and to the check what explains each"
    ]


@pytest.mark.parametrize(("part", "number", "answers", "message"), CASES)
def test_a_wrong_answer_is_told_what_is_wrong(capsys, part, number, answers, message):
    refuse(refusal_problems(part, number, judge(capsys, part, number, answers), message))


@pytest.mark.parametrize(("part", "number"), RIGHT)
def test_the_right_answer_differs_from_the_wrong_ones_in_one_thing(capsys, part, number):
    """So that the wrong ones are refused for their mistake, and for nothing else."""
    assert "correct. " in judge(capsys, part, number, ANSWERS[part].RIGHT[number])


@by_solution
def test_every_exercise_has_a_right_answer_and_tells_wrong_ones_apart(capsys, solution: Path):
    part = gates.part_of(solution)
    if part not in ANSWERS:
        refuse([f"tests/answers/part_{part.replace('.', '_')}.py is missing: write it, with "
                "WRONG and RIGHT as in part_2_3.py there"])  # fmt: skip
    for number in exercise_numbers(check_module(solution)):
        outcomes = [
            judge(capsys, part, number, answers)
            for answers, _ in ANSWERS[part].WRONG.get(number, [])
        ]
        refuse(variety_problems(part, number, outcomes))
        if number not in ANSWERS[part].RIGHT:
            refuse([f"part {part}, exercise {number} has no right answer: add it to RIGHT"])


def accepts_everything(*answers: object) -> str:
    return "Well done."


def says_the_same_to_all(*answers: object) -> str:
    raise checks.NotYet(f"The result {len(repr(answers))} is wrong.")


@pytest.mark.parametrize(
    ("planted", "refused"),
    [
        (accepts_everything, "to a wrong answer: make the check refuse it"),
        (says_the_same_to_all, "mend the check, or expect that instead of"),
    ],
)
def test_a_check_that_tells_nothing_is_refused(capsys, monkeypatch, planted, refused):
    monkeypatch.setattr(check_module(SOLUTION), "exercise_1", checks.exercise(1)(planted))
    outcomes = [judge(capsys, "2.3", 1, answers) for answers, _ in ANSWERS["2.3"].WRONG[1]]
    for outcome, (_, message) in zip(outcomes, ANSWERS["2.3"].WRONG[1], strict=True):
        (problem,) = refusal_problems("2.3", 1, outcome, message)
        assert refused in problem
        assert "checks/part_2_3.py, exercise 1" in problem
    (problem,) = variety_problems("2.3", 1, outcomes)
    assert "tells all wrong answers the same" in problem
    assert "Add wrong answers to WRONG" in problem


def test_an_exercise_without_wrong_answers_is_refused():
    assert "Add wrong answers" in variety_problems("2.3", 1, [])[0]
