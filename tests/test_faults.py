"""What goes wrong around the course ends in a clear message, and nothing is lost.

Faults of data and of answers stand in test_datasets.py and test_checks.py.
"""

import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from course_lib import datasets
from course_lib import neural_network as nn
from course_lib.explorers import Drawing, Explorer, slider
from tests.test_neural_network import CALLS
from tools import build, gates

OLD = "# %%\nprint(1)\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A lesson of one cell, with a notebook that holds it."""
    path = tmp_path / "notebooks/py/9_9_fault.py"
    path.parent.mkdir(parents=True)
    path.write_text(OLD, encoding="utf-8")
    build.write_notebook(build.pair_of(path), build.read_text(path))
    path.write_text(OLD + "\n# %%\nprint(2)\n", encoding="utf-8")
    return path


def files_beside(text: Path) -> list[str]:
    return sorted(path.name for path in build.pair_of(text).parent.iterdir())


# -------------------------------------------------------------------------------- notebooks


def test_a_full_disk_is_said_and_leaves_the_old_notebook(text, monkeypatch, capsys):
    before = build.pair_of(text).read_bytes()

    def full(self, content, **options):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "execute", lambda notebook, text: notebook)
    monkeypatch.setattr(Path, "write_text", full)
    assert build.main(["notebooks", str(text)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(str(text))
    assert "No space left on device" in said
    assert "left as it was: mend the cause, then run this again" in said
    assert build.pair_of(text).read_bytes() == before
    assert files_beside(text) == ["9_9_fault.ipynb", "py"]


@pytest.mark.kernel
def test_a_kernel_that_dies_leaves_the_old_notebook(text, capsys):
    before = build.pair_of(text).read_bytes()
    text.write_text(OLD + "\n# %%\nimport os\nos._exit(1)\n", encoding="utf-8")
    assert build.main(["notebooks", str(text)]) == 1
    assert f"{text}: the kernel died" in capsys.readouterr().err
    assert build.pair_of(text).read_bytes() == before


@pytest.mark.kernel
def test_a_kernel_that_dies_does_not_stop_the_tests(tmp_path: Path):
    """nbval alone would wait 2,000 seconds."""
    sources = ("x = 1", "import os\nos._exit(1)")
    cells = [nbformat.v4.new_code_cell(source, execution_count=1) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": build.KERNEL})
    nbformat.write(notebook, tmp_path / "dies.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "tests.notebook_guards", "--nbval",
               "--nbval-current-env", "-rfp", str(tmp_path)]  # fmt: skip
    done = subprocess.run(command, cwd=build.ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 1
    assert "the kernel died in this cell" in done.stdout
    summary = [line.split(" - ")[0] for line in done.stdout.splitlines() if "ipynb::" in line]
    outcomes = [(line.split()[0], line[-6:]) for line in summary if line.startswith(("FA", "PA"))]
    assert sorted(outcomes) == [("FAILED", "Cell 1"), ("PASSED", "Cell 0")]
    assert all("dies.ipynb" in line for line in summary)


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_leaves_the_old_notebook(text):
    before = build.pair_of(text).read_bytes()
    started = text.with_name("started")
    text.write_text(
        f"# %%\nimport time\nopen({str(started)!r}, 'w').close()\ntime.sleep(100)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "tools.build", "notebooks", str(text)]
    process = subprocess.Popen(command, cwd=build.ROOT, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not started.exists() and time.monotonic() < end:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"{text}: " in said
    assert "stopped" in said
    assert "notebook is left as it was" in said
    assert "Traceback" not in said
    assert build.pair_of(text).read_bytes() == before
    assert files_beside(text) == ["9_9_fault.ipynb", "py"]


def test_a_merge_conflict_is_said(text, monkeypatch, capsys):
    monkeypatch.setattr(build, "execute", lambda notebook, text: notebook)
    path = build.pair_of(text)
    whole = path.read_text(encoding="utf-8")
    path.write_text("<<<<<<< HEAD\n" + whole, encoding="utf-8")
    advice = r"holds a merge conflict \(<<<<<<<\): take one side of it whole"
    with pytest.raises(build.BuildError, match=advice):
        gates.pair_problems(text)
    assert build.main(["notebooks", str(text)]) == 1
    assert f"{path} holds a merge conflict" in capsys.readouterr().err
    path.write_text(whole[:-20], encoding="utf-8")
    assert build.main(["notebooks", str(text)]) == 1
    assert f"{path} is no notebook" in capsys.readouterr().err
    text.write_text("# %% [markdown]\n# <<<<<<< HEAD\n# one\n", encoding="utf-8")
    assert build.main(["notebooks", str(text)]) == 1
    assert f"{text} holds a merge conflict (<<<<<<<): choose between" in capsys.readouterr().err


# --------------------------------------------------------------------------------- training

X = np.random.default_rng(0).normal(size=(40, 3))
Y = X[:, :1] > 0


def train(update_fn=nn.sgd_update, callback=None, W=None):
    return nn.gradient_descent_general(
        X, Y, {"W": np.zeros((3, 1)) if W is None else W}, 0.1, 3,
        lambda X, params: nn.sigmoid(X @ params["W"]),
        lambda X, y, A, params: {"W": X.T @ (A - y) / len(X)},
        nn.binary_cross_entropy,
        batch_size=8, update_fn=update_fn, callback=callback, rng=np.random.default_rng(0),
    )  # fmt: skip


def interrupt_at(number: int):
    """Raises KeyboardInterrupt when it is called that often, in mid-epoch."""
    calls = []

    def update(velocity, gradient, lr):
        calls.append(1)
        if len(calls) == number:
            raise KeyboardInterrupt
        return nn.sgd_update(velocity, gradient, lr)

    return update


def stop(*arguments):
    raise KeyboardInterrupt


@pytest.mark.parametrize("stopped", [{"update_fn": interrupt_at(7)}, {"callback": stop}])
def test_an_interrupted_training_leaves_everything_as_it_was(stopped):
    W = np.zeros((3, 1))
    expected = train()
    with pytest.raises(KeyboardInterrupt):
        train(W=W, **stopped)
    assert np.all(W == 0)
    again = train(W=W)
    np.testing.assert_array_equal(again[0]["W"], expected[0]["W"])
    assert again[1] == expected[1]


CHILD = """
import os, signal, threading
import numpy as np
from course_lib.neural_network import binary_cross_entropy, gradient_descent, sigmoid
signal.signal(signal.SIGINT, signal.default_int_handler)
X = np.random.default_rng(0).normal(size=(2000, 5))
y, W, b = 1.0 * (X[:, :1] > 0), np.zeros((5, 1)), np.zeros((1, 1))
def fit(epochs):
    rng = np.random.default_rng(0)
    return gradient_descent(X, y, W, b, 0.1, epochs, 8, binary_cross_entropy, sigmoid, rng=rng)
expected = fit(2)
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    fit(10**6)
except KeyboardInterrupt:
    same = all(np.array_equal(*pair) for pair in zip(fit(2), expected))
    print("same:", same, "untouched:", not W.any() and not b.any())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_real_ctrl_c_leaves_the_parameters():
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=build.ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "same: True untouched: True\n", done.stderr


def test_an_interrupted_explorer_goes_on():
    def draw(size: int, progress) -> Drawing:
        progress(0.5)
        if size == 2:
            raise KeyboardInterrupt
        figure = Figure(figsize=(1, 1))
        figure.add_subplot().plot([0, size])
        return Drawing(figure, "a line", f"size {size}")

    sizes = slider("Size", [("1", 1), ("2", 2), ("3", 3)], 1)
    explorer = Explorer("0.0", {"size": sizes}, draw, has_progress=True)
    with pytest.raises(KeyboardInterrupt):
        explorer.controls["size"].value = 2
    assert explorer.progress.layout.visibility == "hidden"
    explorer.controls["size"].value = 3
    assert "size 3" in explorer.result.text
    assert explorer.progress.layout.visibility == "hidden"


# ------------------------------------------------------------------- rows, NaN and infinity

# Arguments that hold one row a sample.
ROWS = ("X", "y", "y_pred", "y_true", "A", "Z", "A1", "A2", "A3", "labels", "Z1", "P1", "P", "grad_Z",
        "grad_P", "gradient", "expected", "velocity")  # fmt: skip
HELD = {"masks": lambda masks, n: [mask[:n] for mask in masks], "mask": lambda mask, n: mask[:n]}


def called(name: str, num_rows: int):
    """Call a function of the library with the first rows of its good call."""
    arguments, options = CALLS[name]
    cut = {key: value[:num_rows] if key in ROWS else value for key, value in arguments.items()}
    cut |= {key: HELD[key](cut[key], num_rows) for key in HELD if key in cut}
    if "columns" in cut:
        columns = cut["columns"]
        rows, window = columns.shape[:2]  # the images lie side by side in the last axis
        by_image = columns.reshape(rows, window, -1, NUM_IMAGES)
        cut["columns"] = by_image[..., :num_rows].reshape(rows, window, -1 if num_rows else 0)
    if name == "mini_batches":
        return list(nn.mini_batches(**cut, **options, rng=np.random.default_rng(0)))
    return getattr(nn, name)(**cut, **options)


NUM_IMAGES = len(CALLS["conv_forward"][0]["X"])
TAKES_ROWS = [name for name, (arguments, _) in CALLS.items() if set(arguments) & set(ROWS)]


@pytest.mark.parametrize("name", TAKES_ROWS)
def test_one_row_works(name: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert called(name, 1) is not None


@pytest.mark.parametrize("name", [n for n in TAKES_ROWS if n != "numerical_gradient"])
def test_no_rows_are_refused_by_name(name: str):
    arguments = CALLS[name][0]
    names = "|".join(key for key in arguments if key in (*ROWS, "columns"))
    with pytest.raises(ValueError, match=rf"^({names}) is empty: its shape is \("):
        called(name, 0)


def test_no_rows_of_data():
    none = np.zeros((0, 784))
    with pytest.raises(
        ValueError, match=r"X_train must hold finite numbers; its shape is \(0, 784"
    ):
        datasets.fit_scaler(none)
    assert datasets.apply_scaler(none, datasets.Scaler(0, 1)).shape == (0, 784)
    assert datasets.shift_images(none, 1, 1).shape == (0, 784)
    assert datasets.fit_scaler([[0.0, 1.0]]) == datasets.Scaler(0.5, 0.5)


# What a function looks at the shape of alone, or, after a maximum, not any more: the forward
# pass shows it. And the limits of the sigmoid are exact.
UNSEEN = {
    ("backward_mlp", "W1"), ("backward_mlp_3layer", "W1"), ("conv_backward", "K"),
    ("conv_backward_input", "X"), ("max_pool_backward", "X"), ("max_pool_backward", "P"),
    ("backward_cnn", "Z1"), ("backward_cnn", "K1"),
}  # fmt: skip
LIMITS = {("sigmoid", "Z"), *(("forward_perceptron", name) for name in "XWb")}


def spoil(value, bad):
    """The same, with one bad number in the first array."""
    if isinstance(value, dict):
        return value | {key: spoil(value[key], bad) for key in list(value)[:1]}
    if isinstance(value, list):
        return [spoil(value[0], bad), *value[1:]]
    array = np.array(value, dtype=np.float64)
    array.flat[0] = bad
    return array


def numbers_in(result) -> list[float]:
    if isinstance(result, dict):
        return numbers_in(list(result.values()))
    if isinstance(result, (tuple, list)):
        return [number for part in result for number in numbers_in(part)]
    return list(np.ravel(result)) if result is not None else []


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize(
    ("name", "argument"), [(name, key) for name, (given, _) in CALLS.items() for key in given]
)
def test_a_bad_number_is_refused_or_shows(name: str, argument: str, bad: float):
    arguments, options = CALLS[name]
    spoiled = arguments | {argument: spoil(arguments[argument], bad)}
    if name in ("mini_batches", "dropout"):
        options = options | {"rng": np.random.default_rng(0)}
    said, numbers = "", [0.0]
    try:
        with np.errstate(invalid="ignore"):
            result = getattr(nn, name)(**spoiled, **options)
            numbers = numbers_in(list(result) if name == "mini_batches" else result)
    except ValueError as error:
        said = str(error)
    shows = str(bad) in said or not np.isfinite(numbers).all()
    unseen = UNSEEN | LIMITS if bad == np.inf else UNSEEN
    assert shows == ((name, argument) not in unseen), said


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_a_million_rows_are_trained_on_in_bounded_memory():
    """In a process of its own; the data are 96 MB, and each batch copies only its own rows."""
    child = """
import resource
import numpy as np
from course_lib.neural_network import binary_cross_entropy, gradient_descent, sigmoid
rng = np.random.default_rng(0)
X, W, b = rng.random((10**6, 10)), np.zeros((10, 1)), np.zeros((1, 1))
y = 1.0 * (X[:, :1] > 0.5)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
gradient_descent(X, y, W, b, 0.1, 1, 1000, binary_cross_entropy, sigmoid, rng=rng)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=build.ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100_000  # kilobytes
