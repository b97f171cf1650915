"""The data: what comes, what is refused, and what to do then."""

import gzip
import hashlib
import http.client
import io
import json
import os
import struct
import subprocess
import sys
import urllib.error
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from course_lib import datasets

PARTS = ("t10k", "train")
REAL_MNIST = os.environ.get("MNIST_DIR", "")
needs_mnist = pytest.mark.skipif(not REAL_MNIST, reason="MNIST_DIR is not set")


def write_idx(path: Path, values: np.ndarray, magic: int | None = None, end: int | None = None):
    values = values.astype(np.uint8)
    magic = 0x0800 + values.ndim if magic is None else magic
    content = struct.pack(f">{1 + values.ndim}I", magic, *values.shape) + values.tobytes()
    content = content[:end]
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny MNIST: 20 images, two of each digit, in both halves."""
    rng = np.random.default_rng(0)
    for part in PARTS:
        images = rng.integers(0, 256, size=(20, 28, 28))
        write_idx(tmp_path / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte.gz", np.arange(20) % 10)
    return tmp_path


def assert_is_whole(data: datasets.Dataset):
    for X, y in ((data.X_train, data.y_train), (data.X_test, data.y_test)):
        assert X.dtype == np.float64
        assert y.dtype == np.int64
        assert X.shape == (len(y), 784)
        assert X.flags.c_contiguous
        assert X.min() == 0
        assert X.max() == 1
        assert set(y) == set(range(10))


def test_digits28_is_scikit_learns_set_enlarged_and_split():
    data = datasets.load_digits28()
    assert_is_whole(data)
    original = load_digits()
    large = np.pad(np.kron(original.images, np.ones((3, 3))), ((0, 0), (2, 2), (2, 2))) / 16
    expected = datasets._split("", large.reshape(-1, 784), original.target, 360)
    for name in ("X_train", "y_train", "X_test", "y_test"):
        np.testing.assert_array_equal(getattr(data, name), getattr(expected, name))


def test_scikit_learn_which_is_slow_to_import_is_left_out():
    code = (
        "import sys; from course_lib import checks, datasets, explorers, plots; "
        "datasets.load_digits28(); print('sklearn' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"


def test_digits28_is_split_the_same_way_every_time():
    first, second = datasets.load_digits28(), datasets.load_digits28()
    np.testing.assert_array_equal(first.X_test, second.X_test)
    first.X_test[:] = 0  # and nobody shares an array
    assert second.X_test.max() == 1


def test_mnist_keeps_its_split(folder: Path):
    data = datasets.load_mnist(folder)
    assert data.X_train.shape == data.X_test.shape == (20, 784)
    assert data.y_train.tolist() == list(range(10)) * 2


def test_mnist_from_test_files_alone_is_split_in_proportion(folder: Path):
    for path in folder.glob("train-*"):
        path.unlink()
    images = np.random.default_rng(1).integers(0, 256, size=(100, 28, 28))
    write_idx(folder / "t10k-images-idx3-ubyte.gz", images)
    write_idx(folder / "t10k-labels-idx1-ubyte.gz", np.arange(100) % 10)
    data = datasets.load_mnist(folder)
    assert (len(data.y_train), len(data.y_test)) == (80, 20)
    assert np.bincount(data.y_test).tolist() == [2] * 10


def test_unpacked_files_are_read_too(folder: Path):
    packed = datasets.load_mnist(folder)
    for path in list(folder.glob("*.gz")):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    np.testing.assert_array_equal(datasets.load_mnist(folder).X_train, packed.X_train)


@needs_mnist
def test_real_mnist():
    data = datasets.load_mnist(REAL_MNIST)
    assert_is_whole(data)
    assert len(data.y_train) + len(data.y_test) in (10_000, 70_000)


IMAGES = "t10k-images-idx3-ubyte.gz"
LABELS = "t10k-labels-idx1-ubyte.gz"
PICTURES = np.zeros((20, 28, 28))


def cut(path: Path):
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda f: (f / LABELS).unlink(), FileNotFoundError, "has neither t10k-labels-idx1-ubyte.gz"),
        (lambda f: (f / IMAGES).unlink(), FileNotFoundError, "has neither t10k-images-idx3-ubyte.gz"),
        (lambda f: cut(f / IMAGES), ValueError, "cannot be unpacked"),
        (lambda f: (f / IMAGES).write_bytes(b"<html>"), ValueError, "cannot be unpacked"),
        (lambda f: (f / IMAGES).write_bytes(gzip.compress(b"")), ValueError, "ends after 0 bytes"),
        (lambda f: write_idx(f / IMAGES, PICTURES, end=-1), ValueError, "announces shape (20, 28, 28) but holds 15679"),
        (lambda f: write_idx(f / IMAGES, PICTURES, magic=2049), ValueError, "starts with 2049, but a file of its name starts with 2051"),
        (lambda f: (f / IMAGES).write_bytes((f / LABELS).read_bytes()), ValueError, "starts with 2049"),
        (lambda f: (f / LABELS).write_bytes((f / IMAGES).read_bytes()), ValueError, "starts with 2051"),
        (lambda f: write_idx(f / LABELS, np.arange(19) % 10), ValueError, "20 t10k images but 19 labels"),
        (lambda f: write_idx(f / LABELS, np.arange(20)), ValueError, "labels in"),
        (lambda f: write_idx(f / IMAGES, np.zeros((20, 8, 8))), ValueError, "(8, 8) pixels, not (28, 28)"),
        (lambda f: (f / "train-labels-idx1-ubyte.gz").unlink(), FileNotFoundError, "train-labels"),
        (lambda f: (f / "train-images-idx3-ubyte.gz").unlink(), FileNotFoundError, "train-images"),
    ],
)  # fmt: skip
def test_a_damaged_mnist_folder_is_refused(folder: Path, spoil, error, message):
    spoil(folder)
    with pytest.raises(error) as caught:
        datasets.load_mnist(folder)
    assert message in str(caught.value)
    assert str(folder) in str(caught.value)
    advice = "put one of them there" if error is FileNotFoundError else "again"
    assert str(caught.value).endswith(advice)


def test_mnist_dir_is_where_mnist_comes_from(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MNIST_DIR", str(folder))
    monkeypatch.setenv("COURSE_DATA", "mnist")
    data = datasets.load_data()
    assert data.name == "mnist"
    assert len(data.y_train) == 20


def test_lessons_take_a_part_of_mnist(monkeypatch: pytest.MonkeyPatch):
    rows = np.zeros((9000, 784))
    whole = datasets.Dataset("mnist", rows, np.arange(9000) % 10, rows, np.arange(9000) % 10)
    monkeypatch.setattr(datasets, "load_mnist", lambda: whole)
    monkeypatch.setenv("COURSE_DATA", "mnist")
    data = datasets.load_data()
    assert (len(data.X_train), len(data.X_test)) == (4000, 1000)


def test_an_unknown_data_set_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COURSE_DATA", "cifar")
    with pytest.raises(
        ValueError, match=r"'cifar' is no data set of the course: they are 'digits28' and 'mnist'"
    ):
        datasets.load_data()
    monkeypatch.delenv("COURSE_DATA")
    assert datasets.load_data().name == "digits28"


# ----------------------------------------------------------------- download from OpenML


@pytest.fixture
def no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No MNIST folder, and an empty data folder for scikit-learn."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between scikit-learn's retries
    return tmp_path


def openml_answers(num_rows: int) -> dict[str, bytes]:
    """What OpenML answers, in the order of its addresses, with a data set of few rows."""
    pixels = [f"pixel{number}" for number in range(1, 785)]
    rng = np.random.default_rng(0)
    rows = [
        ",".join([*map(str, rng.integers(0, 256, 784)), str(row % 10)]) for row in range(num_rows)
    ]
    header = ["@RELATION mnist_784", *(f"@ATTRIBUTE {name} real" for name in pixels)]
    arff = "\n".join([*header, "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}", "@DATA", *rows])
    features = [
        {"index": str(i), "name": name, "data_type": "numeric", "is_target": "false",
         "is_ignore": "false", "is_row_identifier": "false", "number_of_missing_values": "0"}
        for i, name in enumerate(pixels)
    ]  # fmt: skip
    features.append(
        {"index": "784", "name": "class", "data_type": "nominal", "is_target": "true",
         "is_ignore": "false", "is_row_identifier": "false", "number_of_missing_values": "0"}
    )  # fmt: skip
    description = {
        "id": "554", "name": "mnist_784", "version": "1", "format": "ARFF", "status": "active",
        "file_id": "52667", "md5_checksum": hashlib.md5(arff.encode()).hexdigest(),
        "default_target_attribute": "class", "licence": "Public", "description": "digits",
        "url": "https://openml.example/data/v1/download/52667/mnist_784.arff",
    }  # fmt: skip
    return {
        "/data/list/": json.dumps(
            {"data": {"dataset": [{"did": 554, "name": "mnist_784", "version": 1, "status": "active"}]}}
        ).encode(),
        "/data/qualities/": json.dumps(
            {"data_qualities": {"quality": [{"name": "NumberOfInstances", "value": str(num_rows)}]}}
        ).encode(),
        "/data/features/": json.dumps({"data_features": {"feature": features}}).encode(),
        "/download/": arff.encode(),
        "/data/": json.dumps({"data_set_description": description}).encode(),
    }  # fmt: skip


def test_mnist_is_downloaded_once_and_kept(no_folder: Path, monkeypatch: pytest.MonkeyPatch):
    answers = openml_answers(30)
    asked = []

    def urlopen(request, *args, **kwargs):
        url = getattr(request, "full_url", request)
        asked.append(url)
        content = next(content for part, content in answers.items() if part in url)
        response = io.BytesIO(content)
        response.info = lambda: {}
        return response

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", urlopen)
    images, labels = datasets._download_mnist()
    assert images.shape == (30, 28, 28)
    assert images.dtype == np.uint8
    assert labels.tolist() == [row % 10 for row in range(30)]
    assert asked
    asked.clear()
    again, _ = datasets._download_mnist()
    np.testing.assert_array_equal(again, images)
    assert asked == []
    assert not list(no_folder.glob("*.[0-9]*.npz"))


@pytest.mark.filterwarnings("ignore:A network error", "ignore:Invalid cache")
@pytest.mark.parametrize(
    "fault",
    [
        urllib.error.URLError("no route to host"),
        urllib.error.HTTPError("https://openml.example", 503, "Service Unavailable", None, None),
        ConnectionResetError("connection reset by peer"),
        TimeoutError("timed out"),
        http.client.IncompleteRead(b"half"),
    ],
)
def test_without_network_the_error_says_what_to_do(
    no_folder: Path, monkeypatch: pytest.MonkeyPatch, fault
):
    def urlopen(*args, **kwargs):
        raise fault

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", urlopen)
    with pytest.raises(ConnectionError, match="MNIST_DIR"):
        datasets.load_mnist()
    assert not list(no_folder.glob("*.npz"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half a file", b"not an archive"])
def test_a_damaged_download_is_refused(no_folder: Path, content: bytes):
    (no_folder / "mnist_784_arrays.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"is damaged .* delete it"):
        datasets.load_mnist()


def test_no_pickle_is_ever_loaded(no_folder: Path):
    np.savez(no_folder / "mnist_784_arrays.npz", images=np.array([print], dtype=object), labels=[1])
    with pytest.raises(ValueError, match=r"is damaged .*allow_pickle=False"):
        datasets.load_mnist()


# -------------------------------------------------------------------- pairs and scaling


def test_select_pair_takes_two_digits_and_makes_targets():
    data = datasets.load_digits28()
    X_train, y_train, X_test, y_test = datasets.select_pair(data, 8, 3)
    assert len(X_train) == np.sum((data.y_train == 3) | (data.y_train == 8))
    assert y_train.shape == (len(X_train), 1)
    assert y_test.shape == (len(X_test), 1)
    threes = X_train[y_train[:, 0] == 1]
    np.testing.assert_array_equal(threes, data.X_train[data.y_train == 3])


@pytest.mark.parametrize(("first", "second"), [(3, 3), (3, 10), (-1, 3), (3.5, 8)])
def test_an_impossible_pair_is_refused(first, second):
    with pytest.raises(ValueError, match="choose"):
        datasets.select_pair(datasets.load_digits28(), first, second)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_scaling_is_learned_from_training_rows_only(dtype):
    rng = np.random.default_rng(0)
    X_train, X_test = (rng.integers(0, 200, size=(n, 5)).astype(dtype) for n in (50, 20))
    before = X_test.copy()
    scaler = datasets.fit_scaler(X_train)
    scaled = datasets.apply_scaler(X_train, scaler)
    assert scaled.mean() == pytest.approx(0, abs=1e-5)
    assert scaled.std() == pytest.approx(1, abs=1e-5)
    expected = (X_test.astype(float) - X_train.mean(dtype=float)) / X_train.std(dtype=float)
    result = datasets.apply_scaler(X_test, scaler)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-6)
    assert result.dtype == (dtype if np.issubdtype(dtype, np.floating) else np.float64)
    np.testing.assert_array_equal(X_test, before)


@pytest.mark.parametrize("rows", [[], [[1.0, np.nan]], [[1.0, np.inf]], [[2.0, 2.0]]])
def test_rows_that_cannot_be_scaled_are_refused(rows):
    with pytest.raises(ValueError, match="X_train"):
        datasets.fit_scaler(rows)


# -------------------------------------------------------------------------------- shifting


@pytest.mark.parametrize(
    ("down", "right"), [(0, 0), (1, 0), (-1, 0), (0, 3), (0, -3), (2, -5), (-27, 27)]
)
def test_shifted_images_move_pixel_by_pixel(down: int, right: int):
    X = np.random.default_rng(0).random((3, 784))
    before = X.copy()
    shifted = datasets.shift_images(X, down, right).reshape(3, 28, 28)
    for i, j in np.ndindex(28, 28):
        inside = 0 <= i - down < 28 and 0 <= j - right < 28
        old = X.reshape(3, 28, 28)[:, i - down, j - right] if inside else np.zeros(3)
        np.testing.assert_array_equal(shifted[:, i, j], old)
    np.testing.assert_array_equal(X, before)
    assert datasets.shift_images(X.astype(np.float32), down, right).dtype == np.float32


def test_images_that_cannot_be_shifted_are_refused():
    with pytest.raises(
        ValueError, match=r"X must hold images as rows, \(n, 784\), but it is \(784,\)"
    ):
        datasets.shift_images(np.zeros(784), 1, 0)
    with pytest.raises(ValueError, match=r"28 pixels cannot be moved by \(0, -28\)"):
        datasets.shift_images(np.zeros((1, 784)), 0, -28)
