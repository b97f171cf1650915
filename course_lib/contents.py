"""What the library holds, part by part: read from the section headings of its one file."""

import ast
import re
from pathlib import Path

LIBRARY = Path(__file__).with_name("neural_network.py")
_HEADING = re.compile(r"^# Part (\d\.\d) · (.+)$")


def library_parts(source: str | None = None) -> dict[str, str]:
    """The part that builds each public function: ``{"normalize": "1.1", ...}``, in file order.

    Args:
        source: Text of the library; the file itself if not given.
    """
    text = LIBRARY.read_text(encoding="utf-8") if source is None else source
    headings = [
        (number, match[1])
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := _HEADING.match(line))
    ]
    parts: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            above = [part for number, part in headings if number < node.lineno]
            if not above:
                raise ValueError(
                    f"{node.name} stands above the first '# Part' heading of the library"
                )
            parts[node.name] = above[-1]
    return parts


def library_so_far(part: str) -> None:
    """Print what a lesson may use: the functions of its own part and of all before it."""
    functions = library_parts()
    if part not in functions.values():
        raise ValueError(f"the library has no part {part!r}")
    for number in sorted({number for number in functions.values() if number <= part}):
        names = [name for name, built_in in functions.items() if built_in == number]
        print(f"{number}  {', '.join(names)}")


def library_page() -> str:
    """The whole library as a Markdown table: part, function, and what it does."""
    source = LIBRARY.read_text(encoding="utf-8")
    parts = library_parts(source)
    lines = ["| part | function | what it does |", "|---|---|---|"]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name in parts:
            arguments = ", ".join(argument.arg for argument in node.args.args)
            summary = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
            lines.append(f"| {parts[node.name]} | `{node.name}({arguments})` | {summary} |")
    return "\n".join(lines)
