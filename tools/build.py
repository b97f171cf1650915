"""Build what is generated: notebooks from their text, exercises from their solutions.

    python -m tools.build notebooks [NAME ...]    execute lessons and solutions
    python -m tools.build exercises               derive the exercises

It goes one way, from text to notebook. Nothing written by hand is overwritten: a notebook
that holds edits its text does not have is refused.
"""

import argparse
import ast
import asyncio
import hashlib
import json
import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from jupyter_core.utils import ensure_event_loop
from jupytext.config import load_jupytext_config
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
EXECUTED = ("notebooks", "solutions")  # folders whose notebooks carry outputs
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}

BEGIN, STARTER, END = "### BEGIN SOLUTION", "### STARTER", "### END SOLUTION"
STAMPS = ROOT / ".venv" / "built.json"  # what each notebook was built from, on this machine

CONFLICT = re.compile(r"(?m)^(?:# )?<{7} ")  # jupytext comments out what stands in a text

Notebook = Any  # nbformat has no types


class BuildError(Exception):
    """Something a maintainer has to put right; the message says how."""


def text_files(folder: str, root: Path = ROOT) -> list[Path]:
    """The text pairs of one folder, in the order of the course."""
    return sorted((root / folder / "py").glob("*.py"))


def folder_of(text: Path) -> str:
    """``notebooks/py/X.py`` lies in ``notebooks``."""
    return text.parent.parent.name


def pair_of(text: Path) -> Path:
    """``notebooks/py/X.py`` belongs to ``notebooks/X.ipynb``."""
    return text.parent.parent / f"{text.stem}.ipynb"


def read_notebook(path: Path) -> Notebook:
    """A stored notebook."""
    if not path.exists():
        raise BuildError(f"{path} is missing: run `make exercises notebooks`")
    require_no_conflict(path)
    try:
        return nbformat.read(path, as_version=4)
    except ValueError as error:
        raise BuildError(
            f"{path} is no notebook ({str(error).splitlines()[0]:.60}): delete it, and "
            "`make notebooks` or `make exercises` makes it anew"
        ) from error


def require_no_conflict(path: Path) -> None:
    """Refuse a file in which Git has left two versions side by side."""
    if CONFLICT.search(path.read_text(encoding="utf-8")):
        notebook = path.suffix == ".ipynb"
        raise BuildError(
            f"{path} holds a merge conflict (<<<<<<<): "
            + ("take one side of it whole" if notebook else "choose between the two sides")
            + ", then run `make exercises notebooks`"
        )


def read_text(text: Path) -> Notebook:
    """A notebook from its text, with cell ids that depend on the position alone."""
    if not text.exists():
        raise BuildError(f"{text} is missing: write it, or for an exercise run `make exercises`")
    require_no_conflict(text)
    notebook = jupytext.read(text)
    number = "-".join(re.findall(r"^\d+|(?<=_)\d+(?=_)", text.stem))
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"{number}-{position:02d}"
        cell.metadata = {}
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.from_dict(notebook)


def to_text(notebook: Notebook) -> str:
    """The text pair of a notebook, exactly as JupyterLab would save it."""
    config: Any = load_jupytext_config(str(ROOT / "notebooks"))
    return jupytext.writes(notebook, fmt="py:percent", config=config)


def without_answers(source: str, where: str) -> str:
    """A cell as the learner gets it: each answer replaced by its starter lines, or ``...``."""
    kept: list[str] = []
    answer: list[str] | None = None
    starter: list[str] | None = None
    for line in source.splitlines():
        mark = line.strip()
        if mark == BEGIN and answer is None:
            answer = [line]
        elif mark == STARTER and answer is not None and starter is None:
            starter = []
        elif mark == END and answer is not None:
            indent = answer[0][: -len(answer[0].lstrip())]
            kept += [_uncomment(line, where) for line in starter or [f"{indent}# ..."]]
            answer = starter = None
        elif mark.startswith("###"):
            raise BuildError(f"{where}: '{mark}' is out of order, or no mark that the build knows")
        elif starter is not None:
            starter.append(line)
        elif answer is not None:
            answer.append(line)
        else:
            kept.append(line)
    if answer is not None:
        raise BuildError(f"{where}: '{BEGIN}' has no '{END}'")
    return "\n".join(kept)


def _uncomment(line: str, where: str) -> str:
    bare = line.lstrip()
    if not bare.startswith("# "):
        raise BuildError(f"{where}: a starter line must be a comment, but it is '{bare}'")
    return line[: -len(bare)] + bare.removeprefix("# ")


def exercise_of(solution: Notebook, where: str) -> Notebook:
    """The learner's notebook: answers out, outputs out."""
    exercise = nbformat.from_dict(solution)
    for cell in exercise.cells:
        if cell.cell_type == "code":
            cell.source = without_answers(cell.source, f"{where}, cell {cell.id}")
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = cell.source.replace("# Solutions ", "# Exercises ")
    return exercise


def _leave_ctrl_c_to_python(notebook: Notebook) -> None:
    """nbclient answers Ctrl-C by ending the kernel under its own feet, with a traceback."""
    if sys.platform != "win32":
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


def _end_tasks() -> None:
    """Let what nbclient has begun come to its end quietly, the kernel too."""
    loop = ensure_event_loop()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def execute(notebook: Notebook, text: Path) -> Notebook:
    """Run every cell in a fresh kernel and keep the outputs, without what changes each time."""
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name=KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=CRITICAL"],
        resources={"metadata": {"path": str(pair_of(text).parent)}},
        on_notebook_start=_leave_ctrl_c_to_python,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise BuildError(
            f"{text}: a cell failed, and the notebook is left as it was.\n{error}"
        ) from error
    except DeadKernelError as error:
        raise BuildError(
            f"{text}: the kernel died or was stopped, and the notebook is left as it was"
        ) from error
    except KeyboardInterrupt:
        _end_tasks()
        raise
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return notebook


# Measured seconds at the end of a line: all that may differ from run to run. The tests read
# the same pattern in tests/notebook_sanitize.cfg.
SECONDS = re.compile(r"(?m)\s+\d+\.\d s$")


def keep_seconds(notebook: Notebook, path: Path) -> None:
    """Take over the printed seconds of the stored notebook where nothing else has changed."""
    stored = read_notebook(path) if path.exists() else None
    if stored is None or len(stored.cells) != len(notebook.cells):
        return
    for new, old in zip(notebook.cells, stored.cells, strict=True):
        pairs = zip(new.get("outputs", []), old.get("outputs", []), strict=False)
        for output, before in pairs:
            texts = output.get("text", ""), before.get("text", "")
            if SECONDS.sub("", texts[0]) == SECONDS.sub("", texts[1]) and texts[1]:
                output.text = texts[1]


def fingerprint(notebook: Notebook) -> str:
    """A short digest of what was written by hand: the kind and the source of every cell."""
    written = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


EDITED = (
    "{} was edited, and its source does not have the edit. Move the file away to keep it, "
    "or delete it, then build again."
)


def require_no_lost_edits(path: Path, notebook: Notebook) -> None:
    """Refuse to write over a notebook that somebody has edited.

    The digest of its cells is kept in every built notebook. Cells that have another digest,
    and are not those of the text pair either, were written by somebody else.
    """
    if not path.exists():
        return
    old = read_notebook(path)
    known = {fingerprint(notebook), old.metadata.get("course", {}).get("made_from")}
    text = path.parent / "py" / f"{path.stem}.py"
    if path.parent.name in EXECUTED and text.exists():
        known.add(fingerprint(jupytext.read(text)))
    elif text.exists() and fingerprint(jupytext.read(text)) not in known:
        raise BuildError(EDITED.format(text))
    if fingerprint(old) not in known:
        raise BuildError(EDITED.format(path))


def write_notebook(path: Path, notebook: Notebook) -> bool:
    """Write a notebook if it differs, with the digest of its cells."""
    notebook.metadata["course"] = {"made_from": fingerprint(notebook)}
    nbformat.validate(notebook)
    return write_if_changed(path, nbformat.writes(notebook) + "\n")


def write_if_changed(path: Path, content: str) -> bool:
    """Write a file whole or not at all; say whether it has changed."""
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.unfinished")
    try:
        unfinished.write_text(content, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def build_notebook(text: Path) -> bool:
    """Execute one lesson or solution into its notebook, and tidy its text."""
    notebook = read_text(text)
    require_no_lost_edits(pair_of(text), notebook)
    tidy = to_text(notebook)
    if text.read_text(encoding="utf-8") != tidy:
        write_if_changed(text, tidy)
    execute(notebook, text)
    keep_seconds(notebook, pair_of(text))
    return write_notebook(pair_of(text), notebook)


def imported(text: Path) -> set[Path]:
    """The files of the library that a text imports, or that those import."""
    found: set[Path] = set()
    waiting = [text]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                steps = name.split(".")
                for end in range(1, len(steps) + 1):
                    path = ROOT.joinpath(*steps[:end])
                    new = {path.with_suffix(".py"), path / "__init__.py"} - found
                    files = [file for file in new if file.is_file()]
                    found.update(files)
                    waiting += files
    return found


def stamp(text: Path) -> str:
    """A digest of all that a notebook depends on, and of the notebook itself."""
    read_as_files = {ROOT / "course_lib/neural_network.py", ROOT / "course_lib/digits.npz"}
    library = sorted(imported(text) | read_as_files)
    contents = [
        path.read_bytes() if path.exists() else b""
        for path in (text, pair_of(text), *library, Path(__file__))
    ]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


def build_if_changed(text: Path) -> bool:
    """Execute a notebook unless nothing has changed since it was last built here."""
    stamps: dict[str, str] = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    if stamps.get(str(text)) == stamp(text):
        return False
    changed = build_notebook(text)
    stamps[str(text)] = stamp(text)
    write_if_changed(STAMPS, json.dumps(stamps, indent=1))
    return changed


def exercise_files(solution: Path) -> tuple[Path, Path]:
    """The notebook of a solution's exercise, and its text pair."""
    folder = solution.parent.parent.parent / "exercises"
    return folder / f"{solution.stem}.ipynb", folder / "py" / solution.name


def derive_exercise(solution: Path) -> Notebook:
    """The exercise that a solution gives, fresh from its text."""
    return exercise_of(read_text(solution), str(solution))


def build_exercise(solution: Path) -> bool:
    """Derive the exercise of one solution: notebook and text pair."""
    notebook_path, text_path = exercise_files(solution)
    exercise = derive_exercise(solution)
    require_no_lost_edits(notebook_path, exercise)
    changed = write_notebook(notebook_path, exercise)
    return write_if_changed(text_path, to_text(exercise)) or changed


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.build", description=__doc__.splitlines()[0]
    )
    parser.add_argument("what", choices=("notebooks", "exercises"))
    parser.add_argument("names", nargs="*", metavar="NAME", help="text files; all if none is named")
    options = parser.parse_args(list(arguments))
    # Stored outputs show the bundled digits, computed with one thread.
    os.environ.update(OPENBLAS_NUM_THREADS="1", COURSE_DATA="digits28")
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    folders = EXECUTED if options.what == "notebooks" else ("solutions",)
    texts = [Path(name).resolve() for name in options.names] or [
        text for folder in folders for text in text_files(folder)
    ]
    build = build_if_changed if options.what == "notebooks" else build_exercise
    try:
        for text in texts:
            if text.suffix != ".py" or text.parent.name != "py" or folder_of(text) not in folders:
                raise BuildError(f"{text} is not a text in {' or '.join(folders)}, folder py/")
            shown = folder_of(text) if options.what == "notebooks" else "exercises"
            print(f"{'wrote' if build(text) else 'unchanged'}  {shown}/{text.stem}", flush=True)
    except BuildError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(
            f"{text}: {error}. Its notebook is left as it was: mend the cause, then run this again",
            file=sys.stderr,
        )
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"{text}: stopped. Its notebook is left as it was", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
