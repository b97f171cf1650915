"""The checks of part 4.3, pooling and CNN architecture."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotAttempted,
    NotYet,
    call,
    exercise,
    hint_ladder,
    is_started,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.neural_network import max_pool, max_pool_backward


def _untouched(answer: object) -> bool:
    """Whether an answer, or every entry of a list or dictionary, is still ``...``."""
    if isinstance(answer, dict):
        return all(_untouched(value) for value in cast(dict[str, object], answer).values())
    if isinstance(answer, (list, tuple)):
        return all(_untouched(value) for value in cast(Sequence[object], answer))
    return answer is ...


def _has_gaps(answer: object) -> bool:
    """Whether some entry of nested lists is still ``...``."""
    if isinstance(answer, (list, tuple)):
        return any(_has_gaps(value) for value in cast(Sequence[object], answer))
    return answer is ...


def _require_windows(name: str, answer: object, expected: FloatValues) -> FloatValues:
    """The learner's pooled map, once as many windows were looked at as there are."""
    shape = np.shape(cast(Any, answer)) if answer is not ... else expected.shape
    if len(shape) == 2 and shape != expected.shape and shape != expected.shape[::-1]:
        rows, places = (got - want for got, want in zip(shape, expected.shape, strict=True))
        too = "many" if max(rows, places) > 0 else "few"
        advice = (
            "The last window has to end inside the map."
            if too == "many"
            else "The last window may touch the edge of the map."
        )
        raise NotYet(
            f"{name} has the shape {shape}: too {too} windows, {expected.shape} fit. {advice}"
        )
    return require_array(name, answer, expected.shape)


# -------------------------------------------------------------------------------- 1: pooling

# Below zero, with ties and a zero, and no two sizes alike.
_MAP = -np.abs(np.random.default_rng(3).normal(size=(6, 9))).round(1) - 0.1
_MAP[2, 3:5] = -0.05
_MAP[4, 4] = 0.0
_POOLINGS = ((2, 2), (2, 3), (3, 2), (2, 1), (3, 3), (1, 2))
_MAPS = _MAP, np.ascontiguousarray(_MAP.T)  # wider than high, and higher than wide


def _pooled(
    X: FloatValues, size: int, stride: int, take: Callable[[FloatValues], Any], step: int | None
) -> FloatValues:
    """Pooling with another number than the largest, or with windows at other places."""
    P = np.zeros(max_pool(X, size, stride).shape)
    step = stride if step is None else step
    for i, j in np.ndindex(P.shape):
        P[i, j] = take(X[i * step : i * step + size, j * step : j * step + size])
    return P


@exercise(1)
def exercise_1(by_hand: object, pool: object) -> str:
    """The numbers 1 to 16 pooled on paper, and ``pool(X, size, stride)``."""
    function = require_function("pool", pool)
    if _untouched(by_hand):
        if is_started(pool, _MAP, 2, 2):
            raise NotYet("by_hand is still missing: pool the numbers 1 to 16 on paper, too.")
        raise NotAttempted
    if _has_gaps(by_hand):
        raise NotYet("by_hand still holds a ...: there are four windows.")
    numbers = np.arange(1.0, 17).reshape(4, 4)
    require_close(
        "by_hand",
        require_array("by_hand", by_hand, (2, 2)),
        max_pool(numbers),
        {
            "Those are the means of the windows: take the largest number of each.": (
                numbers.reshape(2, 2, 2, 2).mean(axis=(1, 3))
            ),
            "Those are the smallest numbers of the windows.": numbers[::2, ::2],
            "The windows are read column by column: row by row, please.": max_pool(numbers).T,
            "Those windows overlap: with stride 2, the next one begins two pixels further.": (
                max_pool(numbers, 2, 1)[:2, :2]
            ),
        },
        advice="Which four numbers lie in that window?",
        give_away=False,
    )
    for X, (size, stride) in product(_MAPS, _POOLINGS):
        about = f"pool on a {len(X)} x {len(X.T)} map with size {size} and stride {stride}"
        answer = call("pool", function, X, size, stride, also_answered=[by_hand])
        expected = max_pool(X, size, stride)
        P = _require_windows(about, answer, expected)
        if np.asarray(answer).dtype.kind in "iu":
            raise NotYet(
                f"{about} holds whole numbers only, but the map has others: let np.zeros make an "
                "array without a dtype."
            )
        mistakes = {
            "It is the mean of each window.": _pooled(X, size, stride, np.mean, None),
            "It is the smallest number of each window.": _pooled(X, size, stride, np.min, None),
            "The windows begin one pixel apart: window i begins at row i * stride.": _pooled(
                X, size, stride, np.max, 1
            ),
            "The windows have always 2 rows and columns: use size.": _pooled_by(
                X, 2, stride, expected.shape
            ),
            "The windows have stride rows and columns: use size.": _pooled_by(
                X, stride, stride, expected.shape
            ),
            "The windows begin size pixels apart: window i begins at row i * stride.": _pooled_by(
                X, size, size, expected.shape
            ),
            "Negative numbers are lost: do not start the search for the largest at 0.": np.maximum(
                expected, 0
            ),
            "Take the largest as it is, not its size without the sign.": _pooled(
                X, size, stride, lambda window: np.abs(window).max(), None
            ),
        }
        require_close(about, P, expected, mistakes)
    return (
        "Six windows and strides agree with the library. Pooling kept one number of four, and "
        "forgot where in its window it was."
    )


def _pooled_by(X: FloatValues, size: int, step: int, shape: tuple[int, ...]) -> FloatValues:
    """Pooling with another window or another step, as far as the map reaches."""
    P = np.zeros(shape)
    for i, j in np.ndindex(shape):
        window = X[i * step : i * step + size, j * step : j * step + size]
        P[i, j] = window.max(initial=-np.inf)
    return P


# ----------------------------------------------------------------- 2: places and parameters

_SIDES = ((4, 2, 1), (27, 2, 2), (6, 3, 2), (26, 2, 2), (5, 2, 3), (3, 3, 5), (11, 3, 4), (8, 1, 3))
_NETWORKS = (
    (28, 3, 8, 2, 2, 10),
    (9, 2, 3, 3, 2, 4),
    (28, 5, 16, 3, 3, 10),
    (13, 4, 5, 2, 1, 2),
    (7, 3, 1, 5, 1, 6),
)


def _side(pixels: int, size: int, stride: int) -> int:
    return (pixels - size) // stride + 1


def _count(
    sizes: Sequence[int],
    biases: tuple[bool, bool] = (True, True),
    side_of: Callable[[int, int, int], float] = _side,
    lost_places: int = 0,
    layers: tuple[bool, bool] = (True, True),
    by_side: Callable[[float, int], float] = lambda side, filters: filters * side**2,
) -> float:
    """Exercise 2 done right, or with one of the mistakes that are easily made."""
    pixels, filter_size, filters, size, stride, classes = sizes
    side = side_of(pixels - filter_size + 1 - lost_places, size, stride)
    conv = filters * filter_size**2 + biases[0] * filters
    dense = by_side(side, filters) * classes + biases[1] * classes
    return layers[0] * conv + layers[1] * dense


_COUNT_MISTAKES: Mapping[str, Callable[[Sequence[int]], float]] = {
    "The biases of the filters are missing: one each.": partial(_count, biases=(False, True)),
    "The biases of the dense layer are missing: one for each class.": partial(
        _count, biases=(True, False)
    ),
    "All biases are missing: one for each filter, one for each class.": partial(
        _count, biases=(False, False)
    ),
    "The dense layer is missing.": partial(_count, layers=(True, False)),
    "The filters are missing.": partial(_count, layers=(False, True)),
    "The dense layer sees the maps before they are pooled.": partial(
        _count, side_of=lambda side, size, stride: side
    ),
    "Pooling does not give pixels // stride places: use output_size.": partial(
        _count, side_of=lambda side, size, stride: side // stride
    ),
    "The pooling windows are not always 2 x 2: use size.": partial(
        _count, side_of=lambda side, size, stride: _side(side, 2, stride)
    ),
    "The stride belongs to the pooling; the convolution has stride 1.": partial(
        _count, side_of=lambda side, size, stride: _side(_side(side, 1, stride), size, stride)
    ),
    "The pooled maps of all filters go into the dense layer, not those of one.": partial(
        _count, by_side=lambda side, filters: side**2
    ),
    "A map has rows and columns: count side times side.": partial(
        _count, by_side=lambda side, filters: filters * side
    ),
    "The filters number num_filters: their places in a map are side times side.": partial(
        _count, by_side=lambda side, filters: side**3
    ),
    "The map is one pixel wider after the convolution: pixels - filter_size + 1.": partial(
        _count, lost_places=1
    ),
    "The convolution makes the map smaller before it is pooled.": (
        lambda sizes: _count(sizes, lost_places=1 - sizes[1])
    ),
    "The filters are not always 3 x 3: the size of the map depends on filter_size.": (
        lambda sizes: _count(sizes, lost_places=3 - sizes[1])
    ),
    "The filters are not always 3 x 3: use filter_size.": (
        lambda sizes: _count([sizes[0], 3, *sizes[2:]])
    ),
}


@exercise(2)
def exercise_2(output_size: object, num_parameters: object) -> str:
    """``output_size(pixels, size, stride)``, and the weights and biases of a whole CNN."""
    function = require_function("output_size", output_size)
    started = [1] if is_started(num_parameters, *_NETWORKS[0]) else []
    for sizes in _SIDES:
        pixels, size, stride = sizes
        about = f"output_size({pixels}, {size}, {stride})"
        number = require_number(about, call("output_size", function, *sizes, also_answered=started))
        exact = (pixels - size) / stride
        mistakes = {
            "pixels // stride counts too many: the last window has to end inside.": float(
                pixels // stride
            ),
            "The first window, which begins at 0, is not counted."
            if stride == 1
            else "Mind the brackets: the 1 is added after the division.": float(int(exact)),
            "It is not a whole number: round down, as // does.": exact + 1,
            "It is rounded up: half a window does not count.": float(np.ceil(exact) + 1),
            "The stride is not used.": float(pixels - size + 1),
        }
        mistakes = {text: wrong for text, wrong in mistakes.items() if wrong != exact // 1 + 1}
        advice = "Draw the pixels in a row and put the windows over them."
        require_close(about, number, float(_side(*sizes)), mistakes, 1e-9, advice, give_away=False)
    counting = require_function("num_parameters", num_parameters)
    counts: list[float] = []
    for sizes in _NETWORKS:
        answer = call("num_parameters", counting, *sizes, right_so_far="output_size")
        counts.append(require_number(f"num_parameters{sizes}", answer))
    # A sentence is told only if it explains every count: one alone may agree by chance.
    told = [
        sentence
        for sentence, mistaken in _COUNT_MISTAKES.items()
        if counts == [mistaken(sizes) for sizes in _NETWORKS]
    ]
    advice = "Count layer by layer: the filters, their biases, the dense weights, its biases."
    for sizes, count in zip(_NETWORKS, counts, strict=True):
        require_close(
            f"num_parameters{sizes}",
            count,
            _count(sizes),
            dict.fromkeys(told[:1], count),
            1e-9,
            advice,
            give_away=False,
        )
    return (
        "Nearly all parameters stand in the dense layer. So the number of pooled places decides, "
        "and pooling with stride 1 saves next to nothing."
    )


# ------------------------------------------------------------------------- 3: shared slopes

# Ties of two, three and four, within and across windows that overlap; zeros and negative ones.
_TIED = np.array(
    [
        [2.0, 2.0, -1.0, 0.0, 0.0, 3.0, 1.0],
        [1.0, 2.0, -1.0, 0.0, 0.0, -2.0, 3.0],
        [-3.0, 1.0, 4.0, 4.0, -1.0, 3.0, 3.0],
        [0.5, -1.0, 4.0, 1.0, -1.0, -1.0, -4.0],
        [-5.0, -5.0, 4.0, 4.0, -1.0, -2.0, -3.0],
    ]
)
_WINDOWS = ((2, 2), (3, 2), (2, 1), (3, 1), (2, 3))


def _shared(grad_P: FloatValues, size: int, stride: int, kind: str = "shared") -> FloatValues:
    """Exercise 3 done right, or with one of the mistakes that are easily made."""
    grad_X = np.zeros(_TIED.shape)
    for i, j in np.ndindex(grad_P.shape):
        rows = slice(i * stride, i * stride + size)
        columns = slice(j * stride, j * stride + size)
        window = _TIED[rows, columns]
        wins = (window == window.max()).astype(np.float64)
        share = grad_P[i, j] * {
            "all get it": wins,
            "everybody": np.ones(wins.shape) / wins.size,
            "everybody all": np.ones(wins.shape),
            "by size": wins / wins.size,
            "times value": wins / wins.sum() * window,
            "half": wins / min(2, wins.sum()),
        }.get(kind, wins / wins.sum())
        if kind == "set":
            grad_X[rows, columns] = share
        elif kind == "set winners":
            grad_X[rows, columns][wins > 0] = share[wins > 0]
        elif kind == "last":
            row, column = np.argwhere(wins)[-1]
            grad_X[rows, columns][row, column] += grad_P[i, j]
        else:
            grad_X[rows, columns] += share
    return grad_X


_SHARED_MISTAKES = {
    "all get it": "Every winner gets the whole slope: the shares should add up to it.",
    "set": "Where windows overlap, the later one overwrites the earlier: add up with +=.",
    "set winners": "Where windows overlap, a pixel that wins twice gets both: add up with +=.",
    "everybody": "All pixels of a window get a share: the losers should get 0.",
    "everybody all": "All pixels of a window get the whole slope: the losers should get 0.",
    "by size": "Divide by the number of winners, not by that of the pixels in a window.",
    "times value": "The slope is multiplied by the pixel: where it wins, its own slope is 1.",
    "half": "Not every tie is one of two: divide by the number of winners.",
    "last": "The last winner gets it all: share it.",
}


@exercise(3)
def exercise_3(shared_backward: object, measured: object) -> str:
    """``shared_backward(grad_P, X, size, stride)``, and a slope at a tie of three."""
    function = require_function("shared_backward", shared_backward)
    rng = np.random.default_rng(5)
    for size, stride in _WINDOWS:
        P = max_pool(_TIED, size, stride)
        grad_P = rng.normal(size=P.shape)
        about = f"shared_backward on a 5 x 7 map with ties, size {size} and stride {stride},"
        trial = (grad_P, _TIED, size, stride)
        answer = call("shared_backward", function, *trial, also_answered=[measured])
        mistakes = {
            text: _shared(grad_P, size, stride, kind) for kind, text in _SHARED_MISTAKES.items()
        }
        first = max_pool_backward(grad_P, _TIED, P, size, stride)
        mistakes["The first winner gets it all, as in the lesson: here they share it."] = first
        if np.shape(answer) == P.shape:
            raise NotYet(f"{about} has the shape of the pooled map: return the shape of X.")
        slopes = require_array(about, answer, _TIED.shape)
        right = _shared(grad_P, size, stride)
        told = {text: wrong for text, wrong in mistakes.items() if not np.allclose(wrong, right)}
        require_close(about, slopes, right, told)
    number = require_number("measured", measured, right_so_far="shared_backward")
    require_close(
        "measured",
        number,
        0.5,
        {
            "That is what the rule gives; the measurement knows nothing of it. By how much does "
            "the maximum change when one of the three moves up? And down?": 1 / 3,
            "That is the slope upward alone: the central difference takes both sides.": 1.0,
            "That is the slope downward alone: the central difference takes both sides.": 0.0,
        },
        tolerance=0.01,
        advice="By how much does the maximum change when it moves up by h? And down by h?",
        give_away=False,
    )
    return (
        "The shares add up to the slope, and pixels that win twice add up, too. The three measured "
        "slopes add up to 1.5: at a kink, a measurement is no judge between two rules."
    )


# ----------------------------------------------------------------------- 4: the mean instead

_SHAPES = {"Z1": (2, 4, 26, 26), "P1": (2, 4, 13, 13), "F1": (2, 676), "A2": (2, 10)}
_SHAPE_MISTAKES: Mapping[str, Mapping[tuple[int, ...], str]] = {
    "Z1": {
        (2, 4, 28, 28): "A window of 3 x 3 does not fit at every pixel.",
        (2, 26, 26): "One map for each filter: where are the four?",
        (2, 1, 26, 26): "The channel of the image is gone: there is a map for each filter.",
        (2, 26, 26, 4): "The filters come before the rows, as in the lesson.",
        (4, 26, 26): "Where are the two images?",
        (4, 2, 26, 26): "The images come first.",
        (2, 8, 26, 26): "Here there are four filters.",
    },
    "P1": {
        (2, 4, 26, 26): "Pooling makes the maps smaller.",
        (2, 4, 25, 25): "That is stride 1; here it is 2.",
        (2, 1, 13, 13): "Pooling takes each map by itself: there are still four.",
        (2, 4, 14, 14): "That is half of the image: the convolution has made the map smaller.",
    },
    "F1": {
        (2, 4, 169): "Flat: all maps of an image stand in one row.",
        (676,): "One row for each image.",
        (1, 1352): "One row for each image.",
        (1352,): "One row for each image.",
        (2, 169): "All four maps of an image stand in its row.",
        (2, 2197): "13 times 13 times the number of filters, which is not 13.",
        (2, 1352): "That is for eight filters; here there are four.",
        (2, 2704): "That is before the pooling.",
    },
    "A2": {
        (10,): "One row for each image.",
        (10, 2): "The images are the rows.",
        (2, 1): "One probability for each class.",
        (1, 10): "One row for each image.",
    },
}
_BATCH = np.random.default_rng(11).normal(size=(2, 3, 5, 8)).round(2)
_BATCH[1, 2, 0, :4] = 100.0
_BATCHES = _BATCH, np.random.default_rng(13).normal(size=(3, 2, 4, 7)).round(2)  # odd both ways


@exercise(4)
def exercise_4(shapes: object, mean_pool: object, mean_pool_backward: object) -> str:
    """Four shapes on paper, ``mean_pool(X)`` and ``mean_pool_backward(grad_P, X)``."""
    pooling = require_function("mean_pool", mean_pool)
    going_back = require_function("mean_pool_backward", mean_pool_backward)
    rng = np.random.default_rng(12)
    slopes = [rng.normal(size=_mean_of_four(X).shape) for X in _BATCHES]
    forward_started = is_started(pooling, _BATCH)
    if _untouched(shapes):
        if forward_started or is_started(going_back, slopes[0], _BATCH):
            raise NotYet("shapes is still missing: write the four shapes down, too.")
        raise NotAttempted
    _judge_shapes(shapes)
    if not forward_started:
        raise NotYet("shapes is right. mean_pool is still missing.")
    for X in _BATCHES:
        _judge_mean(call("mean_pool", pooling, X), X)
    if not is_started(going_back, slopes[0], _BATCH):
        raise NotYet("mean_pool is right. mean_pool_backward is still missing.")
    for grad_P, X in zip(slopes, _BATCHES, strict=True):
        _judge_mean_backward(call("mean_pool_backward", going_back, grad_P, X), grad_P, X)
    return (
        "The average hands each of its four pixels a quarter of the slope. The maximum trains the "
        "filters through one pixel of a window, the average through all of them."
    )


def _mean_of_four(X: FloatValues) -> FloatValues:
    X = X[..., : X.shape[-2] // 2 * 2, : X.shape[-1] // 2 * 2]
    return (X[..., ::2, ::2] + X[..., 1::2, ::2] + X[..., ::2, 1::2] + X[..., 1::2, 1::2]) / 4


def _left_over(X: FloatValues) -> str:
    return "row" if X.shape[-2] % 2 else "column"


def _judge_shapes(answer: object) -> None:
    if not isinstance(answer, dict):
        kind = type(answer).__name__
        raise NotYet(f"shapes should be a dictionary of four tuples, but it is of type {kind}.")
    shapes = cast(dict[str, object], answer)
    for name, right in _SHAPES.items():
        given = shapes.get(name, ...)
        if given is ...:
            raise NotYet(f"the shape of {name} is still to come.")
        if not isinstance(given, (tuple, list)):
            raise NotYet(f"the shape of {name} should be a tuple, such as (2, 784).")
        shape = tuple(cast(Sequence[Any], given))
        if shape != right:
            reason = _SHAPE_MISTAKES[name].get(shape, "Go back one step: what comes in, and how?")
            raise NotYet(f"the shape of {name} is not {shape}. {reason}")


def _judge_mean(answer: object, X: FloatValues) -> None:
    about = f"mean_pool on a trial of shape {X.shape}"
    right = _mean_of_four(X)
    n, filters, rows, columns = X.shape
    shape = np.shape(cast(Any, answer))
    if shape == (n, filters, (rows + 1) // 2, (columns + 1) // 2):
        raise NotYet(
            f"{about} has the shape {shape}: the last {_left_over(X)} is odd, no window fits there."
        )
    if shape == (n, filters, rows - 1, columns - 1):
        raise NotYet(f"{about} has the shape {shape}: that is stride 1, here it is 2.")
    mistakes = {
        "That is the largest of every four.": max_pool(X),
        "That is the sum of the four: divide by 4.": 4 * right,
        "That is the upper left one of every four.": X[..., : rows - 1 : 2, : columns - 1 : 2],
        "It is divided by 2: the mean of four numbers is their sum by 4.": 2 * right,
    }
    require_close(about, require_array(about, answer, right.shape), right, mistakes)


def _judge_mean_backward(answer: object, grad_P: FloatValues, X: FloatValues) -> None:
    about = f"mean_pool_backward on a trial of shape {X.shape}"
    rows, columns = 2 * grad_P.shape[-2], 2 * grad_P.shape[-1]
    spread, upper_left, tiled = (np.zeros(X.shape) for _ in range(3))
    spread[..., :rows, :columns] = grad_P.repeat(2, axis=-2).repeat(2, axis=-1) / 4
    upper_left[..., :rows:2, :columns:2] = grad_P
    tiled[..., :rows, :columns] = np.tile(grad_P, (1, 1, 2, 2)) / 4
    shape = np.shape(cast(Any, answer))
    if shape == (*X.shape[:2], rows, columns):
        raise NotYet(
            f"{about} has the shape {shape}: return the shape of X. The last {_left_over(X)} was "
            "left over, so its slopes are 0."
        )
    if shape == grad_P.shape:
        raise NotYet(f"{about} has the shape of the pooled maps: return the shape of X.")
    mistakes = {
        "Each pixel gets the whole slope: when one of four moves by h, how far does their average "
        "move?": 4 * spread,
        "Each pixel gets half of the slope: when one of four moves by h, how far does their "
        "average move?": 2 * spread,
        "The largest gets it all: that is max pooling.": max_pool_backward(grad_P, X, max_pool(X)),
        "The largest gets a quarter, and the others nothing: all four are in the average.": (
            max_pool_backward(grad_P / 4, X, max_pool(X))
        ),
        "Only the upper left one of every four gets a slope.": upper_left,
        "Only the upper left one of every four gets a slope, a quarter of it.": upper_left / 4,
        "The slopes are laid side by side as a whole: each has to fill its own 2 x 2.": tiled,
        "It is divided by 16: a quarter is enough.": spread / 4,
    }
    require_close(about, require_array(about, answer, X.shape), spread, mistakes)


hint = hint_ladder(
    {
        1: (
            "Window (i, j) begins at row i * stride and column j * stride.",
            "rows = (X.shape[0] - size) // stride + 1; then P[i, j] = X[top : top + size, "
            "left : left + size].max(), with top and left as in the first hint.",
            'Lesson 4.3, "The formula, and how many windows fit", has the loop.',
        ),
        2: (
            "The last window begins at pixels - size. How many steps of stride is that, and how "
            "many windows?",
            "The convolution gives maps with output_size(pixels, filter_size, 1) places along a "
            "side; pooling makes them smaller; the dense layer has a weight for each pooled "
            "place, each filter and each class.",
            'Lesson 4.3, "The architecture", has the table with one row for each step.',
        ),
        3: (
            "window == window.max() is True at each winner; True counts as 1 in a sum.",
            "Each winner gets the slope of the window divided by the number of its winners; add it "
            "to what the pixel has. On paper: when one of three moves down by h, do the other two?",
            'Lesson 4.3, "Where the slope goes", has the loop for the first winner, and the '
            "measured slopes at two ties.",
        ),
        4: (
            "A filter of 3 x 3 fits at 26 places a side; the first number of each shape is that of "
            "the images. X[..., ::2, ::2] is the upper left one of every four, and there are three "
            "more such views. Cut off an odd last row or column first.",
            "When one of four numbers moves by h, their average moves by h / 4. So grad_P / 4 goes "
            "to each of the four views of grad_X.",
            'Lesson 4.3, "The architecture", has the table of the shapes; "Where the slope goes" '
            "derives the slope through a window.",
        ),
    }
)  # fmt: skip
