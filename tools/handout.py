"""Pack what a learner gets into one archive, without the solutions.

    python -m tools.handout

It holds files of the last commit, with its date: the same commit always gives the same bytes.
Uncommitted changes, answers, outputs in an exercise and links that lead nowhere are refused.
"""

import posixpath
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from tools.build import BEGIN, END, ROOT, STARTER, BuildError, read_text, text_files
from tools.gates import exercise_problems, leak_problems

NAME = "deep-learning-from-scratch-numpy"
README = "docs/handout.md"  # the learner's README.md
CONTENTS = (
    README,
    "LICENSE",
    "LICENSE-text",
    "start.py",
    "requirements.lock",
    ".jupyter",
    "course_lib",
    ":(glob)notebooks/*.ipynb",
    ":(glob)exercises/*.ipynb",
)
KNOWS_ANSWERS = "course_lib/"  # the checks compare with them, and the library is what lessons build


def git(root: Path, *command: str) -> str:
    """What git prints."""
    try:
        done = subprocess.run(
            ["git", *command], cwd=root, capture_output=True, check=True, encoding="utf-8"
        )
    except FileNotFoundError:
        raise BuildError("git is missing: it tells which files belong to the course") from None
    except subprocess.CalledProcessError as error:
        raise BuildError(
            f"git cannot tell which files belong to the course: {error.stderr}"
        ) from None
    return done.stdout


def contents(root: Path) -> dict[str, bytes]:
    """The files of the archive by name, in order."""
    tracked = git(root, "ls-files", "-z", "--", *CONTENTS).split("\0")[:-1]
    files = {name: (root / name).read_bytes() for name in tracked}
    files["README.md"] = files.pop(README)
    return dict(sorted(files.items()))


def untracked(root: Path) -> list[str]:
    """Files in the places that are packed that nobody has added: a new lesson, or a stray."""
    names = git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *CONTENTS)
    return names.split("\0")[:-1]


def problems(root: Path, files: dict[str, bytes]) -> list[str]:
    """What must not be handed out: answers, outputs of an exercise, links that lead nowhere."""
    solutions = text_files("solutions", root)
    rules = (exercise_problems, leak_problems)
    found = [problem for rule in rules for text in solutions for problem in rule(text)]
    answers = [answer for solution in solutions for answer in whole_answers(solution)]
    for name, content in files.items():
        if not name.startswith(KNOWS_ANSWERS):
            lines = "\n".join(["", *code_lines(text_of(name, content)), ""])
            found += [
                f"{name} shows a whole answer, from `{answer[0]}` on: an exercise must ask for "
                "something else than what is shown"
                for answer in answers
                if "\n".join(["", *answer, ""]) in lines
            ]
        if name.endswith((".md", ".ipynb")):
            found += [
                f"{name} links to {target}, which is not handed out: name it without a link"
                for target in re.findall(r"\]\(([^)#\s]+)", text_of(name, content, "markdown"))
                if not re.match(r"\w+:", target)
                and posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) not in files
            ]
    return found


def text_of(name: str, content: bytes, *kinds: str) -> str:
    """The text of a file; of a notebook, what its cells say, or its cells of some kinds."""
    text = content.decode()
    if not name.endswith(".ipynb"):
        return text
    cells = nbformat.reads(text, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type in kinds or not kinds)


def code_lines(text: str) -> list[str]:
    """The lines that hold something, without indentation."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def whole_answers(solution: Path) -> list[list[str]]:
    """Each answer of two or more lines: a single line may also be something that a lesson says."""
    source = "\n".join(cell.source for cell in read_text(solution).cells)
    answers: list[list[str]] = []
    for part in source.split(BEGIN)[1:]:
        answer = code_lines(re.split(f"{STARTER}|{END}", part)[0])
        answers += [answer] if len(answer) > 1 else []
    return answers


def pack(files: dict[str, bytes], archive: Path, date: datetime) -> None:
    """Write the archive. It is not compressed: then its bytes depend on the files alone."""
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", date.timetuple()[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # alike on Windows
            packed.writestr(entry, content)


def main(root: Path = ROOT) -> int:
    archive = root / "dist" / f"{NAME}.zip"
    try:
        files = contents(root)
        found = problems(root, files)
        changed = git(root, "status", "--porcelain", "--untracked-files=no", "--", *CONTENTS)
        if changed:
            found.append(
                f"These files have changes that are not committed:\n{changed.rstrip()}\nCommit "
                "them, or bring the old ones back, for example after a class: "
                "git restore notebooks exercises"
            )
        if found:
            raise BuildError("\n".join([*found, "Nothing was packed."]))
        committed = int(git(root, "log", "-1", "--format=%ct"))
        pack(files, archive, datetime.fromtimestamp(committed, UTC))
    except (BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    size = archive.stat().st_size / 1e6
    print(f"wrote  {archive.relative_to(root).as_posix()}, {len(files)} files, {size:.1f} MB")
    for name in untracked(root):
        print(f"not packed, because git does not know it: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
