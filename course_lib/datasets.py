"""The data of the course: bundled digits that work offline, and real MNIST.

``load_data()`` is what the lessons call. It returns the bundled digits, or real MNIST when
the environment variable ``COURSE_DATA`` is ``mnist``. Nothing falls back silently: data that
cannot be had is an error that says what to do.
"""

# scikit-learn has no type stubs: what it returns is given its type here, once.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

import gzip
import http.client
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib.neural_network import FloatArray

IntArray = NDArray[np.int64]

IMAGE_SIZE = 28  # pixels along each side of every image of the course
MNIST_LESSON_TRAIN = 4_000  # images of MNIST that load_data() keeps: enough to see what
MNIST_LESSON_TEST = 1_000  # a lesson shows, few enough to run in seconds
# The digits as scikit-learn has them, the test rows last. Importing scikit-learn would take longer
# than all else that a lesson starts with.
_DIGITS = Path(__file__).with_name("digits.npz")
_TEST_DIGITS = 360  # of the 1,797 bundled digits: one in five
_SPLIT_SEED = 0


@dataclass(frozen=True)
class Dataset:
    """Images as rows and their labels, split once into training and test rows.

    ``X_train (n, 784)`` and ``X_test (m, 784)`` hold pixels from 0 (paper) to 1 (ink),
    float64. ``y_train (n,)`` and ``y_test (m,)`` hold the digits 0 to 9, int64.
    """

    name: str
    X_train: FloatArray
    y_train: IntArray
    X_test: FloatArray
    y_test: IntArray


def load_data(name: str | None = None) -> Dataset:
    """The data set ``"digits28"`` or ``"mnist"``.

    Of MNIST, the first 4,000 training and 1,000 test images are kept, so that every lesson
    still runs in seconds; ``load_mnist()`` gives them all.

    Args:
        name: If not given, what the environment variable ``COURSE_DATA`` says, else
            ``"digits28"``.

    Raises:
        ValueError: If there is no data set of that name.
    """
    if name is None:
        name = os.environ.get("COURSE_DATA", "digits28")
    if name == "digits28":
        return load_digits28()
    if name == "mnist":
        mnist = load_mnist()
        train, test = slice(MNIST_LESSON_TRAIN), slice(MNIST_LESSON_TEST)
        return Dataset(
            mnist.name,
            mnist.X_train[train],
            mnist.y_train[train],
            mnist.X_test[test],
            mnist.y_test[test],
        )
    raise ValueError(f"{name!r} is no data set of the course: they are 'digits28' and 'mnist'")


def load_digits28() -> Dataset:
    """The 1,797 handwritten digits that come with scikit-learn, enlarged to 28 x 28.

    Every pixel of the 8 x 8 originals becomes a block of 3 x 3, and a border of two empty
    pixels is added. 360 images, with all digits in proportion, are the test rows.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (UCI).
    """
    with np.load(_DIGITS, allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"].astype(np.int64)
    images = (images / 16).repeat(3, axis=1).repeat(3, axis=2)
    X = _as_rows(np.pad(images, ((0, 0), (2, 2), (2, 2))))
    train, test = slice(-_TEST_DIGITS), slice(-_TEST_DIGITS, None)
    return Dataset("digits28", X[train], labels[train], X[test], labels[test])


def load_mnist(folder: str | Path | None = None) -> Dataset:
    """Real MNIST: from IDX files in a folder, or else downloaded once from OpenML.

    Args:
        folder: Where the IDX files lie, packed (``.gz``) or not; ``MNIST_DIR`` if not
            given. With all four files the published split is kept (60,000 and 10,000). With
            the two ``t10k`` files alone, their 10,000 images are split into 8,000 and 2,000.
            Without a folder, scikit-learn downloads the images (about 15 MB) into its own
            data folder, and from then on they are read from there.

    Raises:
        FileNotFoundError: If the folder lacks a file.
        ValueError: If a file is damaged, or is not what its name says.
        ConnectionError: If there is neither a folder, nor an earlier download, nor a network.

    Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits.
    """
    folder = folder if folder is not None else os.environ.get("MNIST_DIR")
    if not folder:
        images, labels = _download_mnist()
        train, test = slice(60_000), slice(60_000, None)
        X = _as_rows(images / 255)
        return Dataset("mnist", X[train], labels[train], X[test], labels[test])
    test_images, test_labels = _read_images_and_labels(Path(folder), "t10k")
    if not list(Path(folder).glob("train-*-ubyte*")):
        return _split("mnist", _as_rows(test_images / 255), test_labels, len(test_labels) // 5)
    images, labels = _read_images_and_labels(Path(folder), "train")
    return Dataset(
        "mnist",
        _as_rows(images / 255),
        labels,
        _as_rows(test_images / 255),
        test_labels,
    )


def select_pair(
    data: Dataset, first: int, second: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Only the images of two digits, for telling one from the other.

    Args:
        data: Any data set of the course.
        first: The digit that becomes target 0.
        second: The digit that becomes target 1.

    Returns:
        ``(X_train, y_train, X_test, y_test)``; the targets have shape ``(n, 1)``, float64.

    Raises:
        ValueError: If the two are the same, or one of them is not in the data.
    """
    for digit in (first, second):
        if digit not in data.y_train or digit not in data.y_test:
            raise ValueError(f"{data.name} has no images of {digit!r}: choose digits from 0 to 9")
    if first == second:
        raise ValueError(
            f"telling {first} from itself is not possible: choose two different digits"
        )
    in_train, in_test = (
        np.isin(data.y_train, (first, second)),
        np.isin(data.y_test, (first, second)),
    )
    y_train = (data.y_train[in_train] == second).astype(np.float64).reshape(-1, 1)
    y_test = (data.y_test[in_test] == second).astype(np.float64).reshape(-1, 1)
    return data.X_train[in_train], y_train, data.X_test[in_test], y_test


@dataclass(frozen=True)
class Scaler:
    """One mean and one standard deviation for all pixels, learned from training rows."""

    mean: float
    std: float


def fit_scaler(X_train: ArrayLike) -> Scaler:
    """Learn the mean and the standard deviation of the training rows, over all pixels.

    One pair of numbers serves all pixels: divided by a deviation of its own, a pixel that is
    almost always empty would turn its few strokes into enormous values.

    Raises:
        ValueError: If the rows are empty, not finite, or all one value.
    """
    X_train = np.asarray(X_train)
    if X_train.size == 0 or not np.all(np.isfinite(X_train)):
        raise ValueError(f"X_train must hold finite numbers; its shape is {X_train.shape}")
    scaler = Scaler(float(X_train.mean(dtype=np.float64)), float(X_train.std(dtype=np.float64)))
    if scaler.std < 1e-8:
        raise ValueError(f"X_train is {scaler.mean:g} everywhere: there is nothing to scale")
    return scaler


def apply_scaler(X: ArrayLike, scaler: Scaler) -> FloatArray:
    """Scale any rows, training or test, by what ``fit_scaler`` learned: ``(X - mean) / std``."""
    X = np.asarray(X)
    X = X if X.dtype.kind == "f" else X.astype(np.float64)
    return (X - scaler.mean) / scaler.std


def shift_images(X: ArrayLike, down: int, right: int) -> FloatArray:
    """Every image moved by whole pixels: what leaves is lost, what comes in is paper (0).

    Args:
        X: Images as rows, shape ``(n, 784)``.
        down: Pixels downward; upward if negative.
        right: Pixels to the right; to the left if negative.

    Returns:
        New images, shape ``(n, 784)``.

    Raises:
        ValueError: If ``X`` has another shape, or an image would be moved out of its frame.

    >>> image = np.zeros((1, 784))
    >>> image[0, 0] = 1
    >>> shift_images(image, 1, 2)[0].argmax().item()
    30
    """
    X = np.asarray(X)
    if X.ndim != 2 or X.shape[1] != IMAGE_SIZE**2:
        raise ValueError(f"X must hold images as rows, (n, {IMAGE_SIZE**2}), but it is {X.shape}")
    if max(abs(down), abs(right)) >= IMAGE_SIZE:
        raise ValueError(f"images of {IMAGE_SIZE} pixels cannot be moved by ({down}, {right})")
    images = X.reshape(-1, IMAGE_SIZE, IMAGE_SIZE)
    shifted = np.zeros_like(images)
    (to_rows, from_rows), (to_columns, from_columns) = _overlap(down), _overlap(right)
    shifted[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return _as_rows(shifted)


def _overlap(steps: int) -> tuple[slice, slice]:
    """Where the pixels that stay in the frame arrive, and where they come from."""
    start, end = max(0, steps), IMAGE_SIZE + min(0, steps)
    return slice(start, end), slice(start - steps, end - steps)


def _as_rows(images: FloatArray) -> FloatArray:
    return images.reshape(len(images), IMAGE_SIZE * IMAGE_SIZE)


def _split(name: str, X: FloatArray, y: IntArray, num_test: int) -> Dataset:
    """Split rows once and for all, with every digit in proportion."""
    from sklearn.model_selection import train_test_split

    X_train, X_test, y_train, y_test = cast(
        tuple[FloatArray, FloatArray, IntArray, IntArray],
        train_test_split(X, y, test_size=num_test, random_state=_SPLIT_SEED, stratify=y),
    )
    return Dataset(name, X_train, y_train, X_test, y_test)


def _find_idx(folder: Path, stem: str) -> Path | None:
    """The IDX file of that name, packed or not."""
    return next(
        (path for path in (folder / f"{stem}.gz", folder / stem) if path.is_file()),
        None,
    )


def _read_images_and_labels(folder: Path, part: str) -> tuple[NDArray[np.uint8], IntArray]:
    """Images ``(n, 28, 28)`` and labels ``(n,)`` of one part of MNIST, checked together."""
    arrays: list[NDArray[np.uint8]] = []
    for kind, num_dims in (("images", 3), ("labels", 1)):
        stem = f"{part}-{kind}-idx{num_dims}-ubyte"
        path = _find_idx(folder, stem)
        if path is None:
            raise FileNotFoundError(
                f"the MNIST folder {folder} has neither {stem}.gz nor {stem}: put one of them there"
            )
        arrays.append(_read_idx(path, num_dims))
    images, labels = arrays
    if images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(
            f"the {part} images in {folder} are {images.shape[1:]} pixels, not (28, 28): "
            "get the file again"
        )
    if len(images) != len(labels):
        raise ValueError(
            f"{folder} has {len(images)} {part} images but {len(labels)} labels: get both files "
            "again"
        )
    if labels.max(initial=0) > 9:
        raise ValueError(
            f"the {part} labels in {folder} go up to {labels.max()}, but digits end at 9: "
            "get the file again"
        )
    return images, labels.astype(np.int64)


def _read_idx(path: Path, num_dims: int) -> NDArray[np.uint8]:
    """One IDX file of bytes: a magic number, the size of each dimension, then the values."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be unpacked ({error}): get the file again") from error
    header = np.frombuffer(content[: 4 * (1 + num_dims)], dtype=">u4")
    if len(header) < 1 + num_dims:
        raise ValueError(f"{path} ends after {len(content)} bytes: get the file again")
    expected_magic = 0x0800 + num_dims  # 8 says "bytes", the last digit counts dimensions
    if header[0] != expected_magic:
        raise ValueError(
            f"{path} starts with {header[0]}, but a file of its name starts with "
            f"{expected_magic}: get the file again"
        )
    shape = tuple(int(size) for size in header[1:])
    values = np.frombuffer(content, dtype=np.uint8, offset=header.nbytes)
    if values.size != np.prod(shape, dtype=np.int64):
        raise ValueError(
            f"{path} announces shape {shape} but holds {values.size} values: get the file again"
        )
    return values.reshape(shape)


def _download_mnist() -> tuple[NDArray[np.uint8], IntArray]:
    """All 70,000 images and labels, kept as plain arrays in scikit-learn's data folder."""
    from sklearn.datasets import get_data_home

    cache = Path(get_data_home()) / "mnist_784_arrays.npz"
    if not cache.is_file():
        _save_openml_mnist(cache)
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return arrays["images"], arrays["labels"].astype(np.int64)
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise ValueError(f"{cache} is damaged ({error}): delete it, and it is made anew") from error


def _save_openml_mnist(cache: Path) -> None:
    """Download MNIST from OpenML and write it to ``cache``, whole or not at all."""
    from sklearn.datasets import fetch_openml

    try:
        mnist = cast(
            Any,
            fetch_openml("mnist_784", version=1, as_frame=False, parser="liac-arff"),
        )
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ConnectionError(
            f"MNIST could not be downloaded ({error}). Connect to the network once, or put the "
            "IDX files into a folder and set MNIST_DIR to it, or unset COURSE_DATA to use the "
            "bundled digits."
        ) from error
    images = np.asarray(mnist.data).reshape(-1, IMAGE_SIZE, IMAGE_SIZE).astype(np.uint8)
    unfinished = cache.with_suffix(f".{os.getpid()}.npz")
    try:
        labels = np.asarray(mnist.target).astype(np.uint8)
        np.savez_compressed(unfinished, images=images, labels=labels)
        unfinished.replace(cache)
    finally:
        unfinished.unlink(missing_ok=True)
