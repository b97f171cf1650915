"""The conclusion: the whole library on its page, and every model in its table."""

import re

import nbformat

from course_lib import neural_network
from course_lib.contents import library_page, library_parts
from tools import build

STORED = nbformat.read(build.ROOT / "notebooks/5_conclusion.ipynb", as_version=4)


def test_the_page_has_every_function_with_its_part_and_a_sentence():
    rows = re.findall(
        r"^\| (\d\.\d) \| `(\w+)\((.+)\)` \| (.+\.) \|$", library_page(), re.MULTILINE
    )
    assert {name: part for part, name, *_ in rows} == library_parts()
    for _, name, arguments, sentence in rows:
        docstring = " ".join(getattr(neural_network, name).__doc__.split())
        assert docstring.startswith(sentence)
        assert "self" not in arguments


def test_the_stored_page_is_that_of_the_library():
    pages = [
        output["data"]["text/markdown"]
        for cell in STORED.cells
        for output in cell.get("outputs", [])
        if "| part | function |" in output.get("data", {}).get("text/markdown", "")
    ]
    assert pages == [library_page()], (
        "notebooks/5_conclusion.ipynb does not list the library as it is now: run `make notebooks`"
    )


def test_the_table_measures_every_model():
    printed = "".join(o.get("text", "") for c in STORED.cells for o in c.get("outputs", []))
    rows = re.findall(
        r"^([a-z ]+?) +([\d,]+) +([\d.]+)% ± [\d.]+ +[\d.]+ s$", printed, re.MULTILINE
    )
    assert [name for name, *_ in rows] == [
        "nearest average", "ten neurons", "one hidden layer", "two hidden layers",
        "with everything", "eight filters",
    ]  # fmt: skip
    numbers = {name: int(count.replace(",", "")) for name, count, _ in rows}
    assert numbers["two hidden layers"] == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10
    assert numbers["eight filters"] == 8 * 9 + 8 + 8 * 13 * 13 * 10 + 10
