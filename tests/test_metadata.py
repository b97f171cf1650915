"""The version stands in three places and is the same; CITATION.cff has what its format asks for."""

import re
import tomllib

import pytest
import yaml

from tests import refuse
from tools import build

PROJECT = tomllib.loads((build.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = (build.ROOT / "CITATION.cff").read_text(encoding="utf-8")
CHANGELOG = (build.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def citation_problems(text: str) -> list[str]:
    """What the Citation File Format 1.2.0 asks for, and what pyproject.toml says otherwise."""
    citation = yaml.safe_load(text)
    missing = {"cff-version", "message", "title", "authors"} - citation.keys()
    problems = [f"CITATION.cff lacks {key}, which its format requires" for key in sorted(missing)]
    if citation.get("cff-version") != "1.2.0" or citation.get("type") not in (
        "software",
        "dataset",
    ):
        problems.append("CITATION.cff needs cff-version: 1.2.0 and type: software")
    for author in citation.get("authors", ()):
        if not isinstance(author, dict) or not {"name", "family-names"} & author.keys():
            problems.append(f"CITATION.cff needs a name for the author {author}")
    if citation.get("version") != PROJECT["version"]:
        problems.append(f"CITATION.cff needs version: {PROJECT['version']}, as in pyproject.toml")
    if citation.get("license") not in PROJECT["license"].split(" AND "):
        problems.append("CITATION.cff has a license that pyproject.toml does not name")
    return problems


def changelog_problems(text: str) -> list[str]:
    """The newest version in the changelog must be that of pyproject.toml, and dated."""
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    if versions[:1] == [PROJECT["version"]]:
        return []
    return [f"CHANGELOG.md needs a heading '## [{PROJECT['version']}] - YYYY-MM-DD' on top"]


def test_the_version_is_the_same_everywhere():
    refuse(citation_problems(CITATION) + changelog_problems(CHANGELOG))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title:", "titel:", "lacks title"),
        ("  - name: The", "  - alias: The", "needs a name for the author"),
        ("cff-version: 1.2.0", "cff-version: 1.1.0", "needs cff-version: 1.2.0"),
        ("\nversion: ", "\nversion: 9", "needs version: "),
        ("license: MIT", "license: GPL-3.0", "a license that pyproject.toml does not name"),
    ],
)
def test_a_broken_citation_is_refused(old: str, new: str, problem: str):
    assert old in CITATION
    assert problem in " ".join(citation_problems(CITATION.replace(old, new)))


def test_another_version_in_the_changelog_is_refused():
    newer = CHANGELOG.replace("\n## [", "\n## [99.0.0] - 2030-01-01\n\n## [", 1)
    assert newer != CHANGELOG
    assert changelog_problems(newer)
    assert changelog_problems(CHANGELOG.replace("] - 20", "] 20"))
