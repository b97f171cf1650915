"""What the README says of explorers in class is what they say."""

import importlib
import re

import pytest

from course_lib.explorers import Explorer
from tools import build

README = (build.ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^- (\d\.\d), .+?(`.+?)(?=^-|^$)", README, re.MULTILINE | re.DOTALL)


def settings(line: str) -> list[tuple[str, list[str]]]:
    """Each piece of code in a line, and the words in italics that follow it."""
    pieces = line.split("`")[1:]
    return [
        (code, re.findall(r"\*([^*]+)\*", " ".join(words.split())))
        for code, words in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def shown(part: str, code: str, before: Explorer | None) -> Explorer:
    """The explorer at a setting; what follows the first is changed in place."""
    module = f"part_{part.replace('.', '_')}"
    if before is None:
        return eval(code, {module: importlib.import_module(f"course_lib.explorers.{module}")})
    return before.set(**eval(f"dict({code})"))


@pytest.mark.parametrize(("part", "line"), LINES, ids=[part for part, _ in LINES])
def test_the_settings_for_class_show_what_the_readme_says(part: str, line: str):
    explorer = None
    for code, words in settings(line):
        explorer = shown(part, code, explorer)
        assert words, f"the README does not say what {code} shows"
        for word in words:
            assert word in explorer.result.text


def test_there_are_settings_for_class():
    assert [part for part, _ in LINES] == ["2.2", "2.3", "3.4", "4.5"]
    assert all(len(settings(line)) > 1 for _, line in LINES)
