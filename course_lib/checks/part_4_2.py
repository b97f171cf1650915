"""The checks of part 4.2, convolutional layers."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
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
from course_lib.neural_network import conv2d

# Images and filters in which no two sizes agree, with zeros, negative and large values.
_IMAGE = np.array(
    [[0.0, 2, -1, 4], [3, 0, 5, -2], [1, -6, 0, 7], [2, 8, -3, 0], [9, 1, 4, -5]]
)  # fmt: skip
_WIDE = np.array([[1.0, -2, 0], [3, 0.5, -1]])
_BIG: FloatValues = np.concatenate(
    [np.concatenate([_IMAGE, -2 * _IMAGE]), np.concatenate([3 * _IMAGE, _IMAGE + 1])], axis=1
)
_TALL = np.array([[2.0], [-1], [4]])


def _require_map(
    about: str, answer: object, shape: tuple[int, int], image: FloatValues, kernel: FloatValues
) -> FloatValues:
    """A feature map of the right shape; if the shape is wrong, with the likely cause."""
    if answer is None or isinstance(answer, (bool, str)) or callable(answer):
        return require_array(about, answer, shape)
    came: tuple[int, ...] = np.shape(cast(Any, answer))
    reasons = {
        image.shape: "It has the shape of the image, but the window must stay inside.",
        (shape[0] - 1, shape[1] - 1): "One stop is missing in both directions: the window still "
        "fits at the last one.",
        (shape[0] + 1, shape[1] + 1): "There is one stop too many in both directions: the window "
        "would stick out.",
        (image.shape[0] - kernel.shape[1] + 1, image.shape[1] - kernel.shape[0] + 1): "Height and "
        "width of the filter are swapped.",
        (image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1): "That is the "
        "shape for stride 1.",
    }
    if came != shape and came in reasons:
        raise NotYet(f"{about} should have shape {shape}, but it is {came}. {reasons[came]}")
    return require_array(about, answer, shape)


def _of_sizes(image: FloatValues, kernel: FloatValues) -> str:
    (H, W), (f, g) = image.shape, kernel.shape
    return f"on a trial image of {H} x {W} with a filter of {f} x {g}"


def _sliding_mistakes(
    image: FloatValues, kernel: FloatValues, stride: int = 1
) -> dict[str, FloatValues]:
    """What the common slips give."""
    right = conv2d(image, kernel, stride)
    inside = np.zeros_like(right)
    f, g = kernel.shape
    for i, j in np.ndindex(right.shape):
        window = image[i * stride : i * stride + f, j * stride : j * stride + g]
        inside[i, j] = window.sum() * kernel.sum()
    return {
        "The filter is turned by 180 degrees: its top left weight belongs to the window's top left "
        "pixel.": conv2d(image, kernel[::-1, ::-1], stride),
        "It is the mean of the products: take their sum.": right / kernel.size,
        "The sums are multiplied: multiply pixel by weight first, then add up.": inside,
    }


# ------------------------------------------------------------------------ 1: slide a filter


@exercise(1)
def exercise_1(slide: object, mean_filter: object, entry_1_2: object) -> str:
    """``slide(image, kernel) -> map``, the weights of a blur, and one entry on paper."""
    function = require_function("slide", slide)
    for image, kernel in ((_IMAGE, _WIDE), (_IMAGE.T, _TALL), (_BIG, _IMAGE)):
        about = f"slide {_of_sizes(image, kernel)}"
        answer = call("slide", function, image, kernel, also_answered=[mean_filter, entry_1_2])
        right = conv2d(image, kernel)
        shape = (right.shape[0], right.shape[1])
        came = _require_map(about, answer, shape, image, kernel)
        told = _sliding_mistakes(image, kernel)
        products = image[-kernel.shape[0] :, -kernel.shape[1] :] * kernel
        told["Every entry is the same sum: put each place's own into out[i, j]."] = np.full(
            shape, products.sum()
        )
        advice = "At place i, j the window covers rows i to i + f - 1 and columns j to j + g - 1."
        require_close(about, came, right, told, advice=advice)
    weights = require_array("mean_filter", mean_filter, (2, 2), right_so_far="slide")
    mistakes = {
        "With it the map holds sums: a mean of four is their sum, divided by 4.": np.ones((2, 2)),
        "A ninth is for nine pixels: how many lie under this window?": np.full((2, 2), 1 / 9),
        "Each weight is a half, so the answers are twice the mean.": np.full((2, 2), 0.5),
    }
    advice = "What must each of the four pixels be multiplied by, so that the sum is their mean?"
    quarter = np.full((2, 2), 0.25)
    require_close("mean_filter", weights, quarter, mistakes, advice=advice, give_away=False)
    entry = require_number("entry_1_2", entry_1_2, right_so_far="mean_filter")
    told_entry = {
        "That is the entry [2, 1] or [0, 2]: the row comes first, and is counted from 0.": 2.0,
        "That is the sum of the four pixels: divide it.": 20.0,
        "That is the entry [0, 1]: rows and columns are counted from 0.": 3.5,
        "That is the entry [1, 1]: columns are counted from 0 too.": 4.25,
        "That is the entry [0, 0] of the map, or the pixel gray[1, 2]. The window of the entry "
        "[1, 2] has its top left pixel at gray[1, 2].": 4.0,
    }
    advice = "Its window has its top left pixel at gray[1, 2]."
    require_close("entry_1_2", entry, 5.0, told_entry, 1e-4, advice, give_away=False)
    return (
        "The sum of the products, at every place: with four quarters as weights, that is a blur. "
        "The map is smaller than the image, since the window has to stay inside."
    )


# ---------------------------------------------------------------------------- 2: any stride

_SIZES = ((7, 3, 2), (8, 3, 2), (28, 3, 1), (28, 5, 3), (11, 2, 4), (5, 5, 3), (10, 3, 4))
Count = Callable[[int, int, int], float]
_STOPS_MISTAKES: dict[str, Count] = {
    "The first stop, at pixel 0, is not counted.": lambda n, f, s: (n - f) // s,
    "It is not a whole number: round down before you add 1.": lambda n, f, s: (n - f) / s + 1,
    "It is not a whole number, and the first stop is missing.": lambda n, f, s: (n - f) / s,
    "It is rounded up: the last window would stick out.": lambda n, f, s: -((f - n) // s) + 1,
    "It is rounded to the nearest: round down.": lambda n, f, s: round((n - f) / s) + 1,
    "It forgets that the window itself has a size.": lambda n, f, s: n // s,
    "It forgets that the window has a size, which leaves it fewer places.": lambda n, f, s: (
        n // s + 1
    ),
    "It is the count for stride 1: divide by s.": lambda n, f, s: n - f + 1,
    "The window moves by s, not by f: overlaps are allowed.": lambda n, f, s: n // f,
}
_LEFT_OVER_MISTAKES: dict[str, Count] = {
    "It is the remainder of length / s: the last window ends f pixels after its beginning.": (
        lambda n, f, s: n % s
    ),
    "It is the remainder of length / f: the windows move by s.": lambda n, f, s: n % f,
    "It counts the pixels behind the beginning of the last window, not behind its end.": (
        lambda n, f, s: n - (n - f) // s * s
    ),
    "It adds up the windows as if they did not overlap.": lambda n, f, s: (
        n - ((n - f) // s + 1) * f
    ),
    "It is one too many: the last window covers its own last pixel.": lambda n, f, s: (
        (n - f) % s + 1
    ),
}


def _judge_counts(
    name: str, came: list[float], right: Count, mistakes: dict[str, Count], advice: str
) -> None:
    """Whole numbers for all sizes of the trial; a mistake is named if it explains them all."""
    if np.allclose(came, [right(*size) for size in _SIZES]):
        return
    for sentence, wrong in mistakes.items():
        if np.allclose(came, [wrong(*size) for size in _SIZES]):
            advice = sentence
            break
    number, size = next(
        (number, size)
        for number, size in zip(came, _SIZES, strict=True)
        if abs(number - right(*size)) > 1e-9
    )
    raise NotYet(f"{name}{size} is {number:g}, which is wrong. {advice}")


@exercise(2)
def exercise_2(stops: object, left_over: object, slide_by: object) -> str:
    """``stops`` and ``left_over`` of ``(length, f, s)``, and ``slide_by(image, kernel, s)``."""
    later = ((left_over, (7, 3, 2)), (slide_by, (_BIG, _WIDE, 2)))
    started = [function for function, trial in later if is_started(function, *trial)]
    given: tuple[tuple[str, object, Count, dict[str, Count]], ...] = (
        ("stops", stops, lambda n, f, s: (n - f) // s + 1, _STOPS_MISTAKES),
        ("left_over", left_over, lambda n, f, s: (n - f) % s, _LEFT_OVER_MISTAKES),
    )
    advice = "Draw the pixels on paper: the window begins at 0, s, 2 s, ... as long as it fits."
    so_far = ""
    for name, answer, right, mistakes in given:
        function = require_function(name, answer)
        came = [
            require_number(
                f"{name}{size}",
                call(name, function, *size, also_answered=started, right_so_far=so_far),
            )
            for size in _SIZES
        ]
        _judge_counts(name, came, right, mistakes, advice)
        so_far, started = name, []
    function = require_function("slide_by", slide_by)
    for image, kernel, s in ((_BIG, _WIDE, 2), (_BIG.T, _TALL, 3)):
        about = f"slide_by {_of_sizes(image, kernel)} and stride {s}"
        answer = call("slide_by", function, image, kernel, s, right_so_far=so_far)
        right = conv2d(image, kernel, s)
        shape = (right.shape[0], right.shape[1])
        came = _require_map(about, answer, shape, image, kernel)
        every = conv2d(image, kernel)
        told = _sliding_mistakes(image, kernel, s)
        told |= {
            "The windows move by one pixel: place i, j begins at pixel i s, j s.": every[
                : shape[0], : shape[1]
            ],
            "Only the rows move by the stride: the columns too.": every[::s][:, : shape[1]][
                : shape[0]
            ],
            "Only the columns move by the stride: the rows too.": every[:, ::s][: shape[0]],
        }
        require_close(about, came, right, told, advice="Place i, j begins at pixel i s, j s.")
    return (
        "The stride thins out the map: it is every s-th answer in both directions. What does not "
        "fill another step is left over, and no window sees it."
    )


# ------------------------------------------------------------------ 3: the filter's gradient


@exercise(3)
def exercise_3(filter_gradient: object) -> str:
    """``filter_gradient(image, grad_map) -> (grad_filter, grad_b)``."""
    function = require_function("filter_gradient", filter_gradient)
    rng = np.random.default_rng(11)
    for height, width, side in ((2, 3, 1), (3, 1, -1), (4, 2, 1)):  # side: the sign of grad_b
        rows, places = _IMAGE.shape[0] - height + 1, _IMAGE.shape[1] - width + 1
        grad_map = np.round(rng.normal(scale=3, size=(rows, places)), 1)
        grad_map[0, -1] = 0
        grad_map *= side * np.sign(grad_map.sum())
        answer = call("filter_gradient", function, _IMAGE, grad_map, parts=2)
        trial = f"on a trial image of 5 x 4 with grad_map of {rows} x {places}"
        _judge_filter_gradient(answer, grad_map, (height, width), trial)
    return (
        "Every weight adds up what all places say: a correlation of the image with the slopes of "
        "the map. That is why a shared weight learns from every place at once."
    )


def _judge_filter_gradient(
    answer: Sequence[Any], grad_map: FloatValues, shape: tuple[int, int], trial: str
) -> None:
    about = f"grad_filter of filter_gradient {trial}"
    grad_filter, grad_b = answer
    if np.size(grad_filter) == 1 and np.shape(grad_b) == shape:
        raise NotYet("The two are swapped: filter_gradient returns grad_filter first, then grad_b.")
    if np.shape(grad_filter) == grad_map.shape != shape:
        raise NotYet(
            f"{about} should have shape {shape}, but it is {grad_map.shape}, that of grad_map: it "
            "needs one slope for each weight. How large was the filter?"
        )
    if np.ndim(grad_filter) == 2 and np.shape(grad_filter) != shape:
        raise NotYet(
            f"{about} should have shape {shape}, but it is {np.shape(grad_filter)}. The map has "
            "H - f + 1 rows: solve that for f, the rows of the filter. The columns alike."
        )
    came = require_array(about, grad_filter, shape)
    right = conv2d(_IMAGE, grad_map)
    corner = np.sum(_IMAGE[: grad_map.shape[0], : grad_map.shape[1]] * grad_map)
    windows = np.array(
        [
            _IMAGE[m : m + grad_map.shape[0], n : n + grad_map.shape[1]].sum()
            for m, n in np.ndindex(shape)
        ]
    ).reshape(shape)
    mistakes = {
        "It is turned by 180 degrees: filter[m, n] meets the pixel image[i + m, j + n].": right[
            ::-1, ::-1
        ],
        "grad_map is turned by 180 degrees: G[i, j] belongs to image[i + m, j + n].": conv2d(
            _IMAGE, grad_map[::-1, ::-1]
        ),
        "It is the mean over the places: add them up, the mean is in grad_map already.": right
        / grad_map.size,
        "Its sign is turned around.": -right,
        "It is twice as large: the 2 of a square, if there is one, is in grad_map already.": 2
        * right,
        "All weights get the same slope: filter[m, n] meets the pixels from [m, n] on.": np.full(
            shape, corner
        ),
        "The pixels are added up, but not multiplied by grad_map.": windows,
        "The sums are multiplied: multiply slope by pixel first, then add up.": windows
        * grad_map.sum(),
    }
    advice = "Which pixels does filter[m, n] meet, place by place? Each times the slope there."
    require_close(about, came, right, mistakes, advice=advice)
    about = f"grad_b of filter_gradient {trial}"
    if np.size(grad_b) > 1:
        raise NotYet(f"{about} should be one number, since there is one bias for all places.")
    total = float(grad_map.sum())
    told = {
        "It is the mean over the places: the bias is used at each of them, so add up.": total
        / grad_map.size,
        "It counts the places: add up their slopes.": float(grad_map.size),
        "It is the slope at one place only: the bias is used at all of them.": float(
            grad_map[0, 0]
        ),
        "Its sign is turned around."
        if total > 0
        else "It should be negative here: the slopes add up with their signs.": -total,
        "It has pixels in it: the bias is not multiplied by any.": float(
            np.sum(conv2d(_IMAGE, grad_map))
        ),
    }
    require_close(about, require_number(about, grad_b), total, told)


# --------------------------------------------------------------------------------- 4: edges


def _judge_edges(name: str, answer: object, turned: bool, right_so_far: str = "") -> FloatValues:
    """A filter for edges in one direction; ``turned`` for vertical ones."""
    given = require_array(name, answer, (3, 3), right_so_far)
    kernel = given.T if turned else given
    down, across = ("right", "horizontal") if turned else ("down", "vertical")
    size = float(np.abs(kernel).max())
    if size == 0:
        raise NotYet(f"All weights of {name} are 0: it answers 0 everywhere, at edges too.")
    tiny = 1e-9 * size
    begins = [float(kernel[1:].sum()), float(kernel[2:].sum())]  # ink from a row on
    other = [float(kernel[:, 1:].sum()), float(kernel[:, 2:].sum())]
    if abs(kernel.sum()) > tiny:
        raise NotYet(
            f"{name} answers {given.sum():g} on an even area of ink: its weights must add up to 0."
        )
    if max(map(abs, begins)) <= tiny < max(map(abs, other)):
        raise NotYet(f"{name} answers at {across} edges instead. Are the two swapped?")
    if max(map(abs, other)) > tiny:
        raise NotYet(
            f"{name} should answer 0 at {across} edges, but where one runs through the window it "
            f"answers {next(edge for edge in other if abs(edge) > tiny):g}."
        )
    if max(begins) <= tiny and min(begins) < -tiny:
        raise NotYet(f"{name} answers negative where ink begins on the way {down}: turn its sign.")
    if min(begins) < -tiny or max(begins) <= tiny:
        raise NotYet(
            f"Where ink begins on the way {down}, {name} answers {begins[0]:g} or {begins[1]:g}, "
            "depending on where in the window. It should be positive, and never negative."
        )
    return given


def _judge_strength(answer: Any, image: FloatValues, h: FloatValues, v: FloatValues) -> None:
    about = "edge_strength on a trial image of 5 x 4"
    right = np.sqrt(h**2 + v**2)
    came = _require_map(about, answer, (right.shape[0], right.shape[1]), image, np.ones((3, 3)))
    mistakes = {
        "The square root is missing.": h**2 + v**2,
        "It is |h| + |v|: square, add, then take the root.": np.abs(h) + np.abs(v),
        "It is the root of the square of a sum: square each map first.": np.abs(h + v),
        "It is h + v, where answers of opposite sign cancel.": h + v,
        "It is the larger of the two: both should count.": np.maximum(np.abs(h), np.abs(v)),
        "The vertical map is missing.": np.abs(h),
        "The horizontal map is missing.": np.abs(v),
        "It is the mean of the squares: take their sum.": np.sqrt((h**2 + v**2) / 2),
    }
    advice = "It is compared with the two maps that your own two filters make."
    require_close(about, came, right, mistakes, advice=advice)


_PATTERNS = (np.array([[3.0, -1, 0], [0.5, -2, 4]]), np.array([[0.0, 10], [-5, 1], [2, 0]]))


def _judge_best(answer: Any, pattern: FloatValues) -> None:
    about = f"best_filter on a trial pattern of {pattern.shape[0]} x {pattern.shape[1]}"
    came = require_array(about, answer, (pattern.shape[0], pattern.shape[1]))
    right = pattern / np.sqrt(np.sum(pattern**2))
    signs = np.sign(pattern)
    largest = np.where(np.abs(pattern) == np.abs(pattern).max(), signs, 0)
    mistakes = {
        "Its squares add up to more than 1: it is the pattern itself.": pattern,
        "It is divided by the sum of the squares: then the squares of the weights add up to 1 "
        "over that sum.": pattern / np.sum(pattern**2),
        "Its weights add up to 1, but their squares do not.": pattern / pattern.sum(),
        "The sizes of its weights add up to 1, but their squares do not.": pattern
        / np.abs(pattern).sum(),
        "It puts everything on the largest pixel. Try to give the second largest a share.": largest,
        "All its weights have the same size. Try to give larger pixels larger weights.": signs
        / np.sqrt(np.sum(signs**2)),
        "Negative pixels need negative weights: two minus signs make a plus.": np.abs(right),
        "It answers most with the other sign: it makes the least answer.": -right,
    }
    if np.allclose(came, right, rtol=0, atol=1e-6):
        return
    for sentence, wrong in mistakes.items():
        if np.allclose(came, wrong, rtol=0, atol=1e-6):
            raise NotYet(f"{about} is wrong. {sentence}")
    squares = float(np.sum(came**2))
    if abs(squares - 1) > 1e-5:
        raise NotYet(f"{about}: its squares add up to {squares:.4g}, not to 1.")
    raise NotYet(
        f"{about} answers {np.sum(came * pattern):.4g}, and its squares add up to 1, but another "
        "such filter answers more. Which pixels deserve more weight?"
    )


@exercise(4)
def exercise_4(
    horizontal: object, vertical: object, edge_strength: object, best_filter: object
) -> str:
    """Two filters for edges, their strength, and the filter that answers most to a pattern."""
    later = [fn for fn, trial in ((edge_strength, _IMAGE), (best_filter, _PATTERNS[0]))
             if is_started(fn, trial)]  # fmt: skip
    if horizontal is ... and (vertical is not ... or later):
        raise NotYet("horizontal is still missing. It comes first, the rest builds on it.")
    down = _judge_edges("horizontal", horizontal, turned=False)
    right = _judge_edges("vertical", vertical, turned=True, right_so_far="horizontal")
    strength = require_function("edge_strength", edge_strength)
    answer = call("edge_strength", strength, _IMAGE, right_so_far="The pair of filters")
    _judge_strength(answer, _IMAGE, conv2d(_IMAGE, down), conv2d(_IMAGE, right))
    best = require_function("best_filter", best_filter)
    for pattern in _PATTERNS:
        _judge_best(call("best_filter", best, pattern, right_so_far="edge_strength"), pattern)
    return (
        "The filter that answers most to a pattern is the pattern itself, scaled. That is why the "
        "weights of a learned filter, seen as a picture, hint at what it looks for."
    )


hint = hint_ladder(
    {
        1: (
            "The map has H - f + 1 rows and W - g + 1 columns. Start from zeros of that shape, and "
            "go through its places with np.ndindex(out.shape).",
            "The window at place i, j is image[i : i + f, j : j + g]; multiply it by kernel, and "
            "np.sum. On paper: the window of entry [1, 2] has its top left pixel at gray[1, 2].",
            'Lesson 4.2, "The smallest case, by hand", has the loop for one size.',
        ),
        2: (
            "Stop number k begins at pixel k s and ends at k s + f - 1. Which is the largest k "
            "that fits?",
            "// divides and rounds down, % gives what remains: 7 // 2 is 3 and 7 % 2 is 1. Both "
            "are needed for (length - f) and s. In slide_by, rows begin at i * s.",
            'Lesson 4.2, "How large is the map?", derives the formula; "Build it: one image" has '
            "the loop.",
        ),
        3: (
            "Write down a map of 2 x 2 entries as sums. In which of them does filter[0, 1] stand, "
            "and times which pixel?",
            "filter[m, n] meets, at place i, j, the pixel image[i + m, j + n]. So its slope is the "
            "sum over all places of grad_map[i, j] times that pixel: a window of the image, in the "
            "shape of grad_map, that begins at m, n.",
            'Lesson 4.2, "The gradient of the filter", derives it and works out two weights by '
            "hand.",
        ),
        4: (
            "An edge is a difference: one side with negative weights, the other with positive "
            "ones. For the pattern: start from the nine equal weights, and shift weight from a "
            "pixel that is 0 to one that is not.",
            "horizontal has the same three numbers in each column, vertical in each row. The best "
            "filter has larger weights where the pattern is larger; then scale it: what is the "
            "root of the sum of its squares?",
            'Lesson 4.2, "Experiment: what do nine weights see?", has filters for edges.',
        ),
    }
)  # fmt: skip
