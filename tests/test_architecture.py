"""docs/architecture.md: every path in it exists, and its arrows are the imports."""

import ast
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from tests import refuse
from tools import build

PAGE = (build.ROOT / "docs/architecture.md").read_text(encoding="utf-8")
MOST_LINES = 80
PATH = re.compile(r"(?<![\w/.])(?:[\w.-]+/)+[\w.-]*|\b[\w-]+\.(?:py|md|toml|lock)\b")


def path_problems(page: str) -> list[str]:
    """Paths that do not exist; a link may start at the page's own folder."""
    return [
        f"docs/architecture.md names {path}, which does not exist: correct or remove it"
        for path in PATH.findall(page)
        if not (build.ROOT / path.removeprefix("../")).exists()
    ]


def target_problems(page: str) -> list[str]:
    """Commands that the Makefile does not have."""
    rules = re.findall(r"^([a-z -]+):", (build.ROOT / "Makefile").read_text(), re.MULTILINE)
    targets = {target for rule in rules for target in rule.split()}
    return [
        f"docs/architecture.md names `make {name}`, which the Makefile does not have"
        for name in re.findall(r"[`\"]make ([a-z-]+)", page)
        if name not in targets
    ]


BOX = re.compile(r'(\w+)\["([\w./]+)"\]')
FRAME = re.compile(r'^  subgraph (\w+) \["([\w/]+)"\]\n(.*?)^  end$', re.MULTILINE | re.DOTALL)


def boxes(page: str) -> dict[str, str]:
    """The path in each box, and the title of each frame, by the name in the picture."""
    return dict(BOX.findall(page)) | {name: title for name, title, _ in FRAME.findall(page)}


def frames(page: str) -> dict[str, str]:
    """The title of the frame around each box, by the box's path."""
    return {
        path: title for _, title, inside in FRAME.findall(page) for _, path in BOX.findall(inside)
    }


def drawn_arrows(page: str) -> set[tuple[str, str]]:
    """The solid arrows, as pairs of paths or titles."""
    path_of = boxes(page)
    return {
        (path_of.get(source, source), path_of.get(target, target))
        for source, targets in re.findall(r'^ *(\w+)(?:\[".+?"\])? --> (.+)$', page, re.MULTILINE)
        for target in targets.split(" & ")
    }


def imported_files(file: Path) -> set[Path]:
    """The files of the course that a file imports, wherever in it the import stands."""
    found: set[Path | None] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {file_of(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = file_of(str(node.module))
            found |= {file_of(f"{node.module}.{a.name}") or package for a in node.names}
    return {each for each in found if each is not None}


def file_of(module: str) -> Path | None:
    """Where a module of the course lies."""
    place = build.ROOT / module.replace(".", "/")
    files = [place.with_suffix(".py"), place / "__init__.py"]
    return next((file for file in files if file.exists()), None)


def box_of(file: Path, paths: Collection[str]) -> str:
    """The narrowest box that holds a file; the file itself if there is none."""
    name = file.relative_to(build.ROOT).as_posix()
    folders = [path for path in paths if path.endswith("/") and name.startswith(path)]
    return name if name in paths else max(folders, key=len, default=name)


@cache
def imports() -> list[tuple[Path, Path]]:
    """Every file of the course that imports another one, and that other one."""
    folders = ("course_lib", "tools", "tests", "benchmarks", "notebooks/py", "solutions/py")
    files = [file for folder in folders for file in sorted((build.ROOT / folder).rglob("*.py"))]
    return [
        (file, imported)
        for file in [build.ROOT / "start.py", *files]
        for imported in imported_files(file)
    ]


def arrow_problems(page: str) -> list[str]:
    """Imports without an arrow, and arrows without an import."""
    paths, frame_of, drawn = dict(BOX.findall(page)).values(), frames(page), drawn_arrows(page)
    undrawn: dict[tuple[str, str], Path] = {}
    meant: set[tuple[str, str]] = set()
    for file, imported in imports():
        source, target = box_of(file, paths), box_of(imported, paths)
        arrows = {(source, target)}
        if frame_of.get(source) != frame_of.get(target):
            arrows.add((source, frame_of.get(target, target)))
        meant |= arrows
        if source != target and not arrows & drawn:
            undrawn[source, target] = file.relative_to(build.ROOT)
    return [
        *(
            f"{file.as_posix()} imports {target}: draw an arrow from {source} to it "
            "in docs/architecture.md"
            for (source, target), file in sorted(undrawn.items())
        ),
        *(
            f"nothing in {source} imports {target}: remove this arrow from docs/architecture.md"
            for source, target in sorted(drawn - meant)
        ),
    ]


def test_the_page_is_true():
    refuse(path_problems(PAGE) + target_problems(PAGE) + arrow_problems(PAGE))
    assert len(PATH.findall(PAGE)) > 30
    assert len(drawn_arrows(PAGE)) > 15


def test_the_page_is_one_page():
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_a_path_or_a_command_that_is_gone_is_refused():
    (problem,) = path_problems(PAGE + "See `tools/magic.py`.")
    assert "names tools/magic.py, which does not exist" in problem
    (problem,) = target_problems(PAGE + "`make magic` does it.")
    assert "`make magic`" in problem


def without(text: str) -> str:
    assert text in PAGE
    return PAGE.replace(text, "")


def test_a_missing_arrow_is_refused():
    (problem,) = arrow_problems(without(" --> library"))
    assert problem.startswith("course_lib/datasets.py imports course_lib/neural_network.py: draw")
    problems = arrow_problems(without("  lesson_text --> course_lib\n"))
    assert len(problems) == 6  # to every box in the frame


def test_an_invented_arrow_is_refused():
    for arrow, source, target in [
        ("library --> plots", "course_lib/neural_network.py", "course_lib/plots.py"),
        ("datasets --> tools", "course_lib/datasets.py", "tools/"),
        ("checks --> course_lib", "course_lib/checks/", "course_lib/"),
    ]:
        (problem,) = arrow_problems(PAGE.replace("```mermaid\n", f"```mermaid\n  {arrow}\n"))
        assert problem.startswith(f"nothing in {source} imports {target}: remove")


def test_a_missing_box_is_refused():
    problems = arrow_problems(without('    build["tools/build.py"]\n'))
    assert any("imports tools/build.py: draw an arrow from tests/" in p for p in problems)
