"""The regression of notebooks refuses each way in which a stored output can be wrong."""

import base64
import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from tests.notebook_guards import alt_texts, figure_differences, page_differences
from tests.notebook_guards import pytest_configure as check_options
from tools import build

CELLS = (
    "print(f'loss {0.1234:.4f}')",
    "0.5",
    "from IPython.display import HTML\nHTML('<b>bold</b>')",
    "from PIL import Image\nImage.linear_gradient('L').convert('RGB')",
    "import matplotlib.pyplot as plt\nfrom course_lib import plots\n"
    "figure, axis = plt.subplots()\naxis.plot([0, 1])\nplots.show(figure, 'Caption.', 'A line.')",
)


def edit(notebook):
    """Another digit, value and HTML, a red patch in a picture, a picture for the page alone."""
    outputs = [cell.outputs[0] for cell in notebook.cells]
    outputs[0].text = "loss 0.1235\n"
    outputs[1].data["text/plain"] = "0.6"
    outputs[2].data["text/html"] = "<b>bald</b>"
    picture = io.BytesIO(base64.b64decode(outputs[3].data["image/png"]))
    image = Image.open(picture).convert("RGB")
    image.paste((200, 0, 0), (100, 100, 130, 130))
    png = io.BytesIO()
    image.save(png, format="png")
    outputs[3].data["image/png"] = base64.b64encode(png.getvalue()).decode()
    page = outputs[4].data["text/html"]
    outputs[4].data["text/html"] = page.replace(
        outputs[4].data["image/png"].strip(), outputs[3].data["image/png"]
    )


def drop(notebook):
    for cell in notebook.cells:
        cell.outputs = []


def strip(notebook):
    for cell in notebook.cells:
        cell.outputs, cell.execution_count = [], None


def leave(notebook):
    pass


SPOIL = {"as_stored": leave, "edited": edit, "dropped": drop, "stripped": strip}


def report_on_spoiled(folder: Path) -> str:
    """What the regression says of one good notebook and three spoiled copies, in one run."""
    cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(CELLS)]
    good = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": build.KERNEL})
    NotebookClient(good, kernel_name="python3", record_timing=False).execute()
    for name, spoil in SPOIL.items():
        notebook = nbformat.from_dict(good)
        spoil(notebook)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "tests.notebook_guards", "--nbval",
               "--nbval-current-env", "--nbval-sanitize-with", "tests/notebook_sanitize.cfg",
               "-rfp", "--tb=short", str(folder)]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(build.ROOT)}
    done = subprocess.run(command, cwd=build.ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.kernel
def test_every_spoiled_output_is_refused_and_told_what_to_do(tmp_path: Path):
    report = report_on_spoiled(tmp_path)
    for name in SPOIL:
        lines = [line for line in report.splitlines() if f"{name}.ipynb::" in line]
        outcomes = [line.split()[0] for line in lines if line.startswith(("FAILED", "PASSED"))]
        expected = ["PASSED" if name == "as_stored" else "FAILED"] * len(CELLS)
        assert outcomes == expected, report
    assert "Run `make notebooks` and commit the new outputs" in report
    assert "of the pixels of figure 0 differ" in report
    assert "the text/html of output 0 shows not its image/png" in report
    assert "stored without having been executed" in report


def test_fonts_may_differ_a_little_and_lines_may_not():
    page = np.full((300, 400, 3), 255, dtype=np.int16)
    speckled, lined, tinted = page.copy(), page.copy(), page - 10
    speckled[::60, ::60] = 0
    lined[150, 50:350] = 0
    patched = page.copy()
    patched[100:112, 100:112] = 0
    assert figure_differences([speckled], [page]) == []
    assert figure_differences([tinted], [page]) == []
    assert "pixels of figure 0 differ" in figure_differences([lined], [page])[0]
    assert figure_differences([patched], [page]) == [
        "a patch of figure 0 differs",
        "0.12% of the pixels of figure 0 differ",
    ]
    assert "is stored as" in figure_differences([page[:100]], [page])[0]
    assert "1 figures are stored, but the cell draws 0" in figure_differences([], [page])[0]


@pytest.mark.parametrize(
    ("workers", "dist", "plugin", "refused"),
    [
        (None, "no", "other", None),
        (2, "loadfile", "other", None),
        (2, "load", "other", "--dist loadfile"),
        (None, "no", "randomly", "-p no:randomly"),
    ],
)
def test_cells_of_a_notebook_are_not_torn_apart(workers, dist, plugin, refused):
    config = SimpleNamespace(
        option=SimpleNamespace(numprocesses=workers),
        getoption={"dist": dist}.__getitem__,
        pluginmanager=SimpleNamespace(has_plugin=[plugin].__contains__),
    )
    expected = contextlib.nullcontext()
    if refused:
        expected = pytest.raises(pytest.UsageError, match=refused)
    with expected:
        check_options(config)


def test_the_page_shows_the_picture_that_is_compared():
    page = '<img src="data:image/png;base64,AAAA" alt="a line">'
    assert page_differences([{"data": {"text/html": page, "image/png": "AAAA\n"}}, {}]) == []
    for data in ({"text/html": page}, {"text/html": page, "image/png": "AAAB"}):
        assert page_differences([{"data": data}]) == [
            "the text/html of output 0 shows not its image/png"
        ]


def test_alt_texts_are_compared():
    figure = {"data": {}, "metadata": {"image/png": {"alt": "a line"}}}
    assert alt_texts([figure, {"data": {}}, {"data": {}, "metadata": {}}]) == ["a line"]
