"""The introduction: no numbered part and no solution, but all that it shows holds."""

import importlib
import re

import nbformat
import numpy as np
import pytest

from course_lib import datasets
from course_lib.checks import part_0 as check
from course_lib.contents import LIBRARY
from course_lib.datasets import load_digits28
from course_lib.explorers import part_0
from tests import refuse
from tests.answers import part_0 as answers
from tools import build, gates

LESSON = build.ROOT / "notebooks/py/0_introduction.py"
CELLS = range(15, 26)
LESSONS = {
    gates.part_of(text): text.stem
    for text in build.text_files("notebooks")
    if re.match(r"\d_\d_", text.name)
}
TITLES = dict(re.findall(r"^# Part (\d\.\d) · (.+)$", LIBRARY.read_text("utf-8"), re.MULTILINE))

# The pages that say in a word how many lessons there are.
COUNTING = (
    "README.md", "docs/handout.md", "notebooks/py/0_introduction.py",
    "notebooks/py/5_conclusion.py", "pyproject.toml", "CITATION.cff",
)  # fmt: skip
WORDS = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen", "twenty",
]  # fmt: skip
COUNT = re.compile(
    rf"\b({'|'.join(WORDS)}) (?:interactive Jupyter )?(?:lessons|parts)\b", re.IGNORECASE
)


def printed(notebook) -> list[str]:
    """Every line that the stored outputs of a notebook print."""
    return [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for line in output.get("text", "").splitlines()
    ]


def stored():
    return nbformat.read(build.pair_of(LESSON), as_version=4)


def test_it_is_short_and_uses_nothing_of_the_library():
    assert len(stored().cells) in CELLS
    problems = gates.later_function_problems(LESSON)
    assert problems == []
    assert gates.part_of(LESSON) < "1.1"


def test_it_shows_all_three_outcomes_then_an_exercise_that_nobody_has_tried():
    outcomes = [line.split(": ", 1)[1] for line in printed(stored()) if "Exercise 1: " in line]
    starts = [outcome.split(". ")[0] for outcome in outcomes]
    assert starts == ["not attempted", "not yet", "correct", "not attempted"]


def test_it_does_not_show_the_answer():
    code = "".join(cell.source for cell in stored().cells if cell.cell_type == "code")
    assert not re.search(r"1\s*-\s*pixels", code)


def test_its_hints_get_stronger_and_name_sections_that_exist(capsys: pytest.CaptureFixture[str]):
    module = importlib.reload(check)
    for _ in range(3):
        module.hint(1)
    hints = capsys.readouterr().out.splitlines()
    assert [hint[:11] for hint in hints] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    sections = re.findall(r'"([^"]+)"', hints[2])
    assert "Lesson 0" in hints[2]
    assert sections
    for section in sections:
        assert f"\n# ## {section}\n" in LESSON.read_text(encoding="utf-8")


def test_its_exercise_has_wrong_answers_with_messages_of_their_own():
    assert len({message for _, message in answers.WRONG[1]}) >= 3


@pytest.mark.parametrize(
    "right", [check.a_right_answer, lambda pixels: np.abs(pixels - 1), lambda pixels: -pixels + 1]
)
def test_more_than_one_answer_is_right(capsys: pytest.CaptureFixture[str], right):
    check.exercise_1(right)
    assert capsys.readouterr().out.startswith("Exercise 1: correct. ")


@pytest.mark.parametrize("untouched", [..., lambda pixels: ...])
def test_an_untouched_exercise_is_not_attempted(capsys: pytest.CaptureFixture[str], untouched):
    check.exercise_1(untouched)
    assert capsys.readouterr().out.startswith("Exercise 1: not attempted. ")


def test_every_lesson_has_a_section_in_the_library():
    refuse(
        [
            f"part {part} needs both a section '# Part {part} · Title' in {LIBRARY.name} and a "
            f"lesson notebooks/py/{part.replace('.', '_')}_name.py"
            for part in sorted(TITLES.keys() ^ LESSONS.keys())
        ]
    )


def missing_files(part: str, stem: str) -> list[str]:
    """The files that a lesson needs, and that are not there."""
    name = f"part_{part.replace('.', '_')}"
    needed = (
        f"solutions/py/{stem}.py", f"course_lib/explorers/{name}.py",
        f"course_lib/checks/{name}.py", f"tests/answers/{name}.py",
        f"tests/test_explorer_{name.removeprefix('part_')}.py",
    )  # fmt: skip
    return [
        f"lesson {part} needs {path}: see CONTRIBUTING.md, Add a lesson"
        for path in needed
        if not (build.ROOT / path).exists()
    ]


def test_every_lesson_has_all_its_files():
    refuse([problem for part, stem in LESSONS.items() for problem in missing_files(part, stem)])


def test_a_lesson_without_its_files_is_refused():
    problems = missing_files("2.9", "2_9_new")
    assert len(problems) == 5
    assert problems[0].startswith("lesson 2.9 needs solutions/py/2_9_new.py")


def next_problems(page: str, text: str, following: str) -> list[str]:
    """A page must end with what comes next: the number and the title, up to its first comma."""
    text = " ".join(text.replace("\n# ", " ").split())
    announced = re.findall(r"(?:\*\*Next:\*\* \[?|Next comes (?:part|the conclusion,) )(.+)", text)
    number, title = following.split(" ", 1)
    wanted = {f"{number} {title}", f"{number}, {title}"}
    if len(announced) == 1 and announced[0].startswith(tuple(wanted)):
        return []
    return [f"{page} must say once, at its end, that '{following}' comes next"]


ORDER = [*(f"{part} {TITLES.get(part, '').split(',')[0]}" for part in LESSONS), "5 What you have"]


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
def test_every_page_says_what_comes_next(folder: str):
    problems = []
    for stem, following in zip(LESSONS.values(), ORDER[1:], strict=True):
        page = f"{folder}/py/{stem}.py"
        text = (build.ROOT / page).read_text(encoding="utf-8")
        problems += next_problems(page, text, following)
    refuse(problems)


def test_a_page_that_announces_another_part_is_refused():
    good = "**Next:** 2.4 Debugging with\n# numerical gradients, where"
    assert next_problems("a.py", good, "2.4 Debugging with numerical gradients") == []
    for text in (good, "Next comes part 2.5, Another one.", "The end."):
        (problem,) = next_problems("a.py", text, "2.5 Learning-rate decay")
        assert (
            problem == "a.py must say once, at its end, that '2.5 Learning-rate decay' comes next"
        )


@pytest.mark.parametrize("page", ["notebooks/py/0_introduction.py", "README.md"])
def test_the_table_has_every_part_and_links_its_lesson(page: str):
    folder = "" if page.startswith("notebooks/") else "notebooks/"
    text = (build.ROOT / page).read_text(encoding="utf-8")
    rows = [
        f"| {part} | [{TITLES[part]}]({folder}{stem}.ipynb) |" for part, stem in LESSONS.items()
    ]
    refuse([f"{page} needs the row `{row}` in its table" for row in rows if row not in text])


def count_problems(page: str, text: str) -> list[str]:
    """What a page says of the number of lessons, where that is not their number."""
    said = COUNT.findall(" ".join(text.replace("\n# ", " ").split()))
    if not said:
        return [f"{page} no longer says how many lessons there are: take it out of COUNTING"]
    return [
        f"{page} says '{word}', but there are {len(LESSONS)} lessons: correct the word"
        for word in said
        if word.lower() != WORDS[len(LESSONS) - 10]
    ]


def test_every_page_says_how_many_lessons_there_are():
    pages = {page: (build.ROOT / page).read_text(encoding="utf-8") for page in COUNTING}
    refuse([problem for page in pages for problem in count_problems(page, pages[page])])


def test_another_number_of_lessons_is_refused():
    word = WORDS[len(LESSONS) - 11]
    (problem,) = count_problems("README.md", f"A course of sixty lessons, in\n# {word} parts")
    assert problem.startswith(f"README.md says '{word}', but there are")
    (problem,) = count_problems("README.md", "A course of lessons")
    assert "no longer says how many" in problem


def test_it_lists_the_whole_library():
    call = f'library_so_far("{max(LESSONS)}")'
    if call not in LESSON.read_text(encoding="utf-8"):
        refuse([f"notebooks/py/{LESSON.name} needs {call}, which lists the library to its end"])


def test_what_it_says_of_mnist_is_what_the_code_does():
    text = " ".join(LESSON.read_text(encoding="utf-8").replace("\n# ", " ").split())
    train, test = datasets.MNIST_LESSON_TRAIN, datasets.MNIST_LESSON_TEST
    assert f"Lessons take {train:,} training and {test:,} test images" in text


def test_its_explorer_averages_images_and_reads_by_the_nearest():
    data = load_digits28()
    means = part_0.averages(data, 5)
    for digit in range(10):
        first = [row for row, known in zip(data.X_train, data.y_train, strict=True)
                 if known == digit][:5]  # fmt: skip
        np.testing.assert_allclose(means[digit], sum(first) / 5)
    for image, answer in zip(data.X_test[:40], part_0.read(data.X_test[:40], means), strict=True):
        distances = [np.linalg.norm(image - mean) for mean in means]
        assert distances[answer] == min(distances)


def test_its_explorer_says_what_the_notebook_prints():
    data = load_digits28()
    share = np.mean(
        part_0.read(data.X_test, part_0.averages(data, len(data.X_train))) == data.y_test
    )
    assert f"{share:.1%} of the test images are read correctly" in printed(stored())
    one, many = (part_0.draw(data, n, 8) for n in (1, 100))
    assert one.text.startswith("1 image for each digit")
    assert many.text.startswith("The average of 100 images for each digit")
    read = part_0.read(data.X_test, part_0.averages(data, 100))
    eights = np.mean(read[data.y_test == 8] == 8)
    assert f"{np.sum(read == data.y_test)} of 360 test images are read correctly" in many.text
    assert f"of the test images of 8, {eights:.1%}" in many.text
    titles = [axes.get_title() for axes in many.figure.axes]
    assert titles[:2] == ["25 of the 100 images", "Average of the digit 8"]
    titles = [axes.get_title() for axes in one.figure.axes]
    assert titles[:2] == ["The one image", "The same: nothing to average"]
    bars = many.figure.axes[2].patches
    assert bars[8].get_height() == eights
    assert [bool(bar.get_hatch()) for bar in bars] == [digit == 8 for digit in range(10)]


def test_its_sheet_shows_the_images_in_rows():
    images = load_digits28().X_train[:7]
    sheet = part_0._sheet(images)
    np.testing.assert_array_equal(sheet[:28, 28:56].ravel(), images[1])
    np.testing.assert_array_equal(sheet[28:56, 28:56].ravel(), images[6])
    assert sheet.shape == (140, 140)
    assert not sheet[56:].any()
