"""The checks of part 3.3, forward propagation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotYet,
    call,
    exercise,
    hint_ladder,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.neural_network import (
    FloatArray,
    cross_entropy,
    forward_mlp,
    one_hot,
    relu,
    sigmoid,
    softmax,
)

# -------------------------------------------------------------------- 1: forward, 3 -> 4 -> 2

_X = np.array([[2.0, -1.0, 1.0]])
_W1 = np.array([[1.0, 0.0, -1.0, 2.0], [3.0, 1.0, 0.0, 1.0], [0.0, 2.0, -1.0, -1.0]])
_B1 = np.array([[0.0, 1.0, 3.0, -1.0]])
_W2 = np.array([[5.0, -5.0], [1.0, 2.0], [7.0, 0.0], [-3.0, 1.0]])
_B2 = np.array([[2.0, -2.0]])
_HIDDEN = np.array([0.0, 2.0, 0.0, 1.0])
_SCORES = np.array([1.0, 3.0])


def _odd_network(n: int, d: int, h: int, k: int) -> tuple[FloatValues, ...]:
    """``n`` rows and a d -> h -> k network: a row of zeros, and values that would overflow."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, d))
    X[1] = 0
    X[3] *= 1000
    return X, rng.normal(size=(d, h)), rng.normal(size=(1, h)), rng.normal(size=(h, k)), (
        rng.normal(size=(1, k))
    )  # fmt: skip


def _flat(answer: object) -> object:
    """A row, also when it came as ``(1, k)``; anything else as it is."""
    if isinstance(answer, (list, tuple, np.ndarray)):
        try:
            array = np.asarray(cast(Any, answer), dtype=np.float64)
        except (TypeError, ValueError):
            return cast(object, answer)
        return array.reshape(-1) if array.shape[:1] == (1,) else array
    return answer


def _has_ellipsis(answer: object) -> bool:
    values = cast(Sequence[object], answer) if isinstance(answer, (list, tuple)) else [answer]
    return any(value is ... for value in values)


@exercise(1)
def exercise_1(forward: object, hidden_by_hand: object, scores_by_hand: object) -> str:
    """``forward(X, W1, b1, W2, b2) -> (A1, A2)``, and one sample worked out by hand."""
    function = require_function("forward", forward)
    by_hand = {"hidden_by_hand": hidden_by_hand, "scores_by_hand": scores_by_hand}
    answered = [answer for answer in by_hand.values() if not _has_ellipsis(answer)]
    for n, d, h, k in ((5, 3, 4, 2), (9, 4, 6, 3)):
        network = _odd_network(n, d, h, k)
        returned = call("forward", function, *network, parts=2, also_answered=answered)
        on = f"on a trial with {n} rows, {d} inputs, {h} hidden neurons and {k} classes"
        _judge_forward(on, network, returned)
    _judge_by_hand(by_hand)
    return (
        "Paper and code agree. Two of the four hidden neurons are silent for this sample, so "
        "their output weights, 5, -5, 7 and 0, have no say in it."
    )


def _judge_forward(on: str, network: tuple[FloatValues, ...], returned: Sequence[Any]) -> None:
    X, W1, b1, W2, b2 = network
    right_1, right_2 = forward_mlp(*network)
    if np.shape(returned[0]) == right_2.shape and np.shape(returned[1]) == right_1.shape:
        raise NotYet("forward returns the two the other way round: first A1, then A2.")
    A1 = require_array(f"A1 {on}", returned[0], right_1.shape)
    Z1 = X @ W1 + b1
    hidden_mistakes = {
        "The ReLU of the hidden layer is missing.": Z1,
        "The bias b1 is missing.": relu(X @ W1),
        "The bias b1 belongs inside the ReLU: relu(XW + b).": relu(X @ W1) + b1,
        "The hidden layer has ReLU here, not the sigmoid.": sigmoid(Z1),
        "Softmax belongs to the output layer; the hidden layer has ReLU.": softmax(Z1),
    }
    require_close(f"A1 {on}", A1, right_1, hidden_mistakes)
    Z2 = right_1 @ W2 + b2
    shifted = np.exp(Z2 - Z2.max(axis=0))
    output_mistakes = {
        "These are the scores: the softmax is missing.": Z2,
        "The bias b2 is missing.": softmax(right_1 @ W2),
        "The bias b2 belongs inside the softmax.": softmax(right_1 @ W2) + b2,
        "The output layer gets A1, after the ReLU, not Z1.": softmax(Z1 @ W2 + b2),
        "The output layer has a ReLU too many: its scores may be negative.": softmax(relu(Z2)),
        "The output layer has softmax here, not the sigmoid.": sigmoid(Z2),
        "Softmax goes along each row, not down the columns: the classes of one image compete.": (
            shifted / shifted.sum(axis=0)
        ),
        "Softmax is taken twice.": softmax(softmax(Z2)),
    }
    if not np.all(np.isfinite(np.asarray(returned[1], dtype=np.float64))):
        raise NotYet(
            "A2 is not finite on a row with large values: use the library's softmax, which "
            "subtracts the largest score first."
        )
    A2 = require_array(f"A2 {on}", returned[1], right_2.shape)
    require_close(f"A2 {on}", A2, right_2, output_mistakes)


def _judge_by_hand(by_hand: Mapping[str, object]) -> None:
    scores_after = {
        "These are the probabilities: give the scores, before the softmax.": softmax(_SCORES),
        "The bias b2 is missing.": _SCORES - _B2[0],
        "A neuron below 0 is used as it is: ReLU makes it 0 first.": (
            ((_X @ _W1 + _B1) @ _W2 + _B2)[0]
        ),
    }
    hidden_after = {
        "The ReLU is missing: what is below 0 becomes 0.": (_X @ _W1 + _B1)[0],
        "The bias b1 is missing.": relu(_X @ _W1)[0],
        "Both the bias b1 and the ReLU are missing.": (_X @ _W1)[0],
    }
    expected = {"hidden_by_hand": _HIDDEN, "scores_by_hand": _SCORES}
    so_far = "forward"
    for name, answer in by_hand.items():
        if answer is not ... and _has_ellipsis(answer):
            raise NotYet(f"{name} is not complete: a value is still missing.")
        given = require_array(name, _flat(answer), expected[name].shape, right_so_far=so_far)
        told = hidden_after if name == "hidden_by_hand" else scores_after
        advice = "Go through it again, one column of the weights for each neuron."
        require_close(name, given, expected[name], told, 1e-6, advice, give_away=False)
        so_far = name


# ----------------------------------------------------------------- 2: cross-entropy from labels

_PROBABILITIES = np.array(
    [[0.7, 0.2, 0.1], [0.05, 0.9, 0.05], [0.3, 0.3, 0.4], [0.25, 0.25, 0.5], [0.6, 0.1, 0.3]]
)
_LABELS = np.array([0, 2, 1, 2, 2])
_MORE_LABELS = np.array([3, 0, 5, 5, 1, 4, 2, 5, 0, 3, 4, 5])
_MORE_PROBABILITIES = softmax(np.random.default_rng(8).normal(size=(12, 6)))


_WHOLE_COLUMNS = (
    "A[:, labels] gives whole columns for each label: a row number belongs to each label, "
    "np.arange(len(A))."
)


def _price_mistakes(A: FloatValues, labels: FloatValues, p: FloatValues) -> dict[str, float]:
    log_A = np.log(np.maximum(A, 1e-12))
    log_p = np.log(np.maximum(p, 1e-12))
    return {
        "The sign is turned around: the price is -ln p.": float(log_p.mean()),
        "That is the sum over the rows: take the mean.": float(-log_p.sum()),
        "It is divided by the number of entries: divide by the number of rows.": float(
            -log_p.sum() / A.size
        ),
        "That is the logarithm of the mean: take the logarithm of each, then the mean.": float(
            -np.log(p.mean())
        ),
        "It is the mean probability: take -ln of each first.": float(p.mean()),
        "All classes pay: pick the one entry of each row that its label names.": float(
            -log_A.sum() / len(A)
        ),
        "The label became a factor: use it as an index.": float(-(labels @ log_A).sum() / len(A)),
        "It takes the largest probability of each row: take that of the right class.": float(
            -np.mean(np.log(np.sort(A)[:, -1]))
        ),
        "A[labels] gives whole rows: the label is the number of the column, and a row number "
        "belongs to it, np.arange(len(A)).": float(-np.mean(log_A[labels.astype(int)])),
        _WHOLE_COLUMNS: float(-np.mean(log_A[:, labels.astype(int)])),
        "Use the natural logarithm, np.log.": float(-np.mean(log_p) / np.log(10)),
        "Use the natural logarithm, np.log, not np.log2.": float(-np.mean(log_p) / np.log(2)),
    }


@exercise(2)
def exercise_2(price_of: object, loss_of_five: object) -> str:
    """``price_of(A, labels) -> number``, and the loss of an untrained five-class network."""
    function = require_function("price_of", price_of)
    answered = [] if loss_of_five is ... else [loss_of_five]
    # No probability is 0 here, so that a missing clip does not hide another mistake.
    for A, labels in ((_PROBABILITIES, _LABELS), (_MORE_PROBABILITIES, _MORE_LABELS)):
        returned = call("price_of", function, A, labels, also_answered=answered)
        n, k = A.shape
        about = f"price_of on a trial with {n} rows and {k} classes"
        if np.shape(returned) == (n,):
            raise NotYet(f"{about} returned {n} numbers: return their mean.")
        if np.shape(returned) == (n, n):
            raise NotYet(f"{about} returned {n * n} numbers. {_WHOLE_COLUMNS}")
        told = _price_mistakes(A, labels.astype(np.float64), A[np.arange(n), labels])
        number = _finite_price(about, returned)
        require_close(about, number, cross_entropy(A, one_hot(labels, k)), told)

    certain = np.array([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75]])
    labels = np.array([0, 0, 1])
    about = "price_of on a trial in which a right class has probability 0"
    number = _finite_price(about, call("price_of", function, certain, labels))
    told = {
        f"A probability of 0 counts as {limit:g} here: let it count as 1e-12.": float(
            -np.mean(np.log(np.maximum(certain[np.arange(3), labels], limit)))
        )
        for limit in (1e-15, 1e-10, 1e-9, 1e-8)
    }
    require_close(about, number, cross_entropy(certain, one_hot(labels, 2)), told)

    mistakes = {
        "That is the loss with two classes.": np.log(2),
        "That is the loss with ten classes.": np.log(10),
        "That is the probability of each class: its price is -ln of it.": 0.2,
        "The sign is turned around: a price is positive.": -np.log(5),
        "Use the natural logarithm, np.log.": np.log10(5),
        "Use the natural logarithm, np.log, not np.log2.": np.log2(5),
    }
    given = require_number("loss_of_five", loss_of_five, right_so_far="price_of")
    advice = "What does each class get if all five scores are near 0?"
    require_close("loss_of_five", given, np.log(5), mistakes, 5e-3, advice, give_away=False)
    return (
        "It agrees with the library's cross-entropy. Small weights make the scores nearly equal, "
        "so k classes cost ln k: ln 2 for the network above, ln 5 with five classes."
    )


def _finite_price(about: str, returned: object) -> float:
    if np.shape(cast(Any, returned)) == () and returned in (np.inf, -np.inf):
        raise NotYet(
            f"{about} is not finite: the logarithm of 0 is infinite. Let nothing below 1e-12 "
            "into it."
        )
    return require_number(about, returned)


# --------------------------------------------------------------------- 3: parameters and shapes


def _counts(sizes: Sequence[int], kind: str = "") -> int:
    """Exercise 3 done right, or with one of the mistakes that are easily made."""
    weights = sum(d * k for d, k in pairwise(sizes))
    return {
        "no biases": weights,
        "biases of the inputs": weights + sum(sizes),
        "biases of the inputs, not of the outputs": weights + sum(sizes[:-1]),
        "one bias a layer": weights + len(sizes) - 1,
        "biases only": sum(sizes[1:]),
        "two layers": (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[min(2, len(sizes) - 1)],
        "first layer": (sizes[0] + 1) * sizes[1],
        "last layer": (sizes[-2] + 1) * sizes[-1],
        "product": int(np.prod(sizes)),
        "index": sum((d + 1) * sizes[sizes.index(d) + 1] for d in sizes[:-1]),
    }.get(kind, weights + sum(sizes[1:]))


_COUNT_MISTAKES = {
    "no biases": "The biases are missing: one for each neuron.",
    "biases of the inputs": "The inputs have no biases: only neurons do.",
    "biases of the inputs, not of the outputs": "There is one bias for each neuron of a layer, "
    "not one for each of its inputs.",
    "one bias a layer": "There is one bias for each neuron, not one for each layer.",
    "biases only": "The weights are missing.",
    "two layers": "Only two layers are counted: go through all neighbors in the list.",
    "first layer": "Only the first layer is counted: go through all neighbors in the list.",
    "last layer": "Only the last layer is counted: is the sum set back in each round?",
    "product": "That is the product of all sizes: weights connect neighbors only.",
    "index": "sizes.index finds the first place of a size: here one comes more than once.",
}
_SHAPES = {
    "X": (64, 784),
    "W1": (784, 128),
    "b1": (1, 128),
    "Z1": (64, 128),
    "A1": (64, 128),
    "W2": (128, 10),
    "b2": (1, 10),
    "Z2": (64, 10),
    "A2": (64, 10),
}


@exercise(3)
def exercise_3(count_parameters: object, shapes: object) -> str:
    """``count_parameters(sizes) -> int``, and the shape of every array of a network."""
    function = require_function("count_parameters", count_parameters)
    if not isinstance(shapes, dict):
        raise NotYet(
            f"shapes should be a dictionary, as it was, but it is of type {type(shapes).__name__}."
        )
    given = cast(dict[str, object], shapes)
    answered = [v for k, v in given.items() if k != "X" and not _has_ellipsis(v)]
    after: list[int] = []

    def watched(sizes: list[int]) -> object:
        returned = function(sizes)
        after[:] = sizes
        return returned

    trials = ([784, 128, 10], [5, 3, 4, 2], [7, 6], [3, 1, 6, 2, 4], [3, 4, 4, 2, 4, 5])
    for sizes in trials:
        about = f"count_parameters({sizes})"
        returned = call("count_parameters", watched, sizes, also_answered=answered)
        if after != sizes:
            raise NotYet(
                "count_parameters changed its argument sizes. Leave the caller's list alone: "
                "pop, append and sort change it."
            )
        number = require_number(about, returned)
        # Where two mistakes give the same number, the trials after the first tell them apart.
        told = {text: float(_counts(sizes, kind)) for kind, text in _COUNT_MISTAKES.items()}
        require_close(about, number, float(_counts(sizes)), told, 1e-9, give_away=False)
    _judge_shapes(given)
    return (
        "784 → 128 → 10 has 101,770 parameters, about half of the 203,530 of the lesson: nearly "
        "all of them sit in W1, and half as many hidden neurons need half of it."
    )


def _judge_shapes(given: Mapping[str, object]) -> None:
    unfinished = [name for name in _SHAPES if _has_ellipsis(given.get(name, ...))]
    if len(unfinished) == len(_SHAPES) - 1:
        raise NotYet("count_parameters is right. The shapes are still missing.")
    for name, shape in _SHAPES.items():
        if name in unfinished:
            continue
        answer = given[name]
        if not isinstance(answer, (tuple, list)):
            raise NotYet(f"The shape of {name} should be a pair such as (64, 784).")
        came = tuple(cast(Sequence[object], answer))
        if came == shape:
            continue
        if name.startswith("b") and came in (shape[1:], shape[::-1]):
            why = "A bias is one row, so that it is added to each row of the product."
        elif name.startswith("b") and came == (64, shape[1]):
            why = "All rows share one bias: its first size does not depend on the batch."
        elif len(came) != 2:
            why = "Every array has two dimensions."
        elif came == shape[::-1]:
            why = "It is transposed."
        elif name.startswith("b"):
            why = "One row, and one column for each neuron of the layer."
        elif name.startswith("W"):
            why = "One row for each input of the layer, one column for each of its neurons."
        elif name.startswith("A") and tuple(cast(Any, given.get("Z" + name[1], ()))) != came:
            why = "An activation works on each entry or each row: it leaves the shape of Z."
        else:
            why = "One row for each image, one column for each neuron of the layer."
        raise NotYet(f"The shape of {name} is not {came}. {why}")
    if unfinished:
        raise NotYet(
            f"The shapes that you gave are right. That of {unfinished[0]} is still missing."
        )


# --------------------------------------------------------------------------- 4: the scale


def _trial_start(scale: float) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(11)
    W1, W2 = scale * rng.normal(size=(7, 5)), scale * rng.normal(size=(5, 3))
    return W1, 0.5 * rng.normal(size=(1, 5)), W2, 0.5 * rng.normal(size=(1, 3))


_TRIAL_SCALES = [0.1, 1.5, 3.0, 40.0]


def _trial_rows() -> tuple[FloatValues, FloatValues]:
    return np.random.default_rng(12).normal(size=(8, 7)), np.array([2, 0, 1, 1, 2, 0, 2, 1])


def _measure(A1: FloatArray, A2: FloatArray, Y: FloatArray, which: int, kind: str) -> float:
    """One of the three measurements, right or with one of the mistakes that are easily made."""
    largest = A2.max(axis=1)
    share: dict[str, Any] = {
        "count": np.sum(largest > 0.99),
        "percent": 100 * np.mean(largest > 0.99),
        "all entries": np.mean(A2 > 0.99),
        "mean": np.mean(largest),
        "right class": np.mean(A2[Y == 1] > 0.99),
        "below": np.mean(largest <= 0.99),
        "0.9": np.mean(largest > 0.9),
        "columns": np.mean(A2.max(axis=0) > 0.99),
    }
    loss: dict[str, Any] = {"sum": cross_entropy(A2, Y) * len(Y)}
    size: dict[str, Any] = {
        "no root": np.mean(A1**2),
        "mean": np.mean(A1),
        "std": np.std(A1),
        "sum": np.sqrt(np.sum(A1**2)),
        "output": np.sqrt(np.mean(A2**2)),
        "alive": np.sqrt(np.mean(A1[A1 > 0] ** 2)),
    }
    right: list[Any] = [np.mean(largest > 0.99), cross_entropy(A2, Y), np.sqrt(np.mean(A1**2))]
    return float((share, loss, size)[which].get(kind, right[which]))


_STUDY_MISTAKES = (
    {
        "count": "That is the number of rows: divide it by how many there are.",
        "percent": "That is in percent: give a share from 0 to 1.",
        "all entries": "All probabilities are counted: take the largest of each row first.",
        "mean": "That is the mean of the largest probabilities: count those above 0.99.",
        "right class": "It looks at the right class: take the largest probability of each row.",
        "below": "That is the share of the others, up to 0.99.",
        "0.9": "That is the share above 0.9: the limit is 0.99.",
        "columns": "It takes the largest of each column: take that of each row, axis=1.",
    },
    {"sum": "That is the sum over the rows: take the mean, as cross_entropy does."},
    {
        "no root": "That is the mean square: take its root.",
        "mean": "That is the mean: square first, take the mean, then the root.",
        "std": "That is the standard deviation, the distance from the mean: measure the size "
        "itself, from 0.",
        "sum": "That is the root of the sum of squares: take the root of their mean.",
        "output": "That is the rms of the probabilities: take the hidden activations, A1.",
        "alive": "The silent neurons are left out: their zeros count, too.",
    },
)
_NAMES = ("shares", "losses", "sizes")


@exercise(4)
def exercise_4(study: object, keeps_size: object, first_too_high: object) -> str:
    """``study(X, labels, scales, start) -> (shares, losses, sizes)``, and two scales."""
    function = require_function("study", study)
    X, labels = _trial_rows()
    found = {"keeps_size": keeps_size, "first_too_high": first_too_high}
    answered = [answer for answer in found.values() if answer is not ...]
    returned = call(
        "study", function, X, labels, _TRIAL_SCALES, _trial_start, parts=3, also_answered=answered
    )
    runs = [forward_mlp(X, *_trial_start(scale)) for scale in _TRIAL_SCALES]
    Y = one_hot(labels, 3)
    on = f"on a trial with 8 rows, 3 classes and the scales {_TRIAL_SCALES}"

    def column(which: int, kind: str = "") -> FloatValues:
        return np.array([_measure(A1, A2, Y, which, kind) for A1, A2 in runs], dtype=np.float64)

    for which, name in enumerate(_NAMES):
        about = f"{name} {on}"
        if isinstance(returned[which], list) and not returned[which]:
            raise NotYet(f"{name} is an empty list: append to it in each round.")
        if np.shape(returned[which]) == ():
            raise NotYet(f"{name} should be a list with one number for each scale.")
        given = require_array(about, returned[which], (len(_TRIAL_SCALES),))
        told = {text: column(which, kind) for kind, text in _STUDY_MISTAKES[which].items()}
        for other, other_name in enumerate(_NAMES):
            if other != which:
                told[f"These are the {other_name}: return {', '.join(_NAMES)}."] = column(other)
        require_close(about, given, column(which), told, 1e-6)
    for name, answer in found.items():
        _judge_scale(name, require_number(name, answer, right_so_far="study"))
    return (
        "He's scale for 784 inputs is 0.0505, next to the 0.05 that keeps the size. At twice "
        "that, the network's opinions cost more than 1 on top of the ln 10 of knowing nothing."
    )


_SCALES = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_FOUND = {"keeps_size": 0.05, "first_too_high": 0.1}


def _judge_scale(name: str, given: float) -> None:
    if not any(np.isclose(given, scale) for scale in _SCALES):
        raise NotYet(
            f"{name} should be one of the nine scales, but it is {given:g}. Write the scale, not "
            "its place in the list and not the value that belongs to it."
        )
    if np.isclose(given, _FOUND[name]):
        return
    side = "high" if given > _FOUND[name] else "low"
    if name == "keeps_size":
        grow = "grow" if side == "high" else "shrink"
        why = f"There the signals {grow}: compare the last column with the rms of the inputs."
    elif side == "high":
        why = "A smaller one already exceeds ln 10 by more than 1."
    else:
        why = "There the loss is not yet more than 1 above ln 10."
    raise NotYet(f"{name} = {given:g} is too {side}. {why}")


hint = hint_ladder(
    {
        1: (
            "Each neuron is one column of W: multiply it with the inputs entry by entry, add up, "
            "add the bias.",
            "A1 = relu(X @ W1 + b1), and the output layer does the same with A1, W2, b2 and "
            "softmax. By hand, the first hidden neuron is 2 - 3 + 0 + 0 = -1 before ReLU.",
            'Lesson 3.3, "The smallest case, by hand" and "All rows at once".',
        ),
        2: (
            "An index can be two arrays: A[[0, 1], [2, 0]] picks row 0, column 2 and row 1, "
            "column 0.",
            "p = A[np.arange(len(A)), labels]; then np.maximum(p, 1e-12), -np.log, and the mean. "
            "For five classes: equal scores give each class the same probability. Its price?",
            'Lesson 3.3, "A price for ten classes"; for the start, '
            '"On real data: a network that knows nothing".',
        ),
        3: (
            "A layer reads the size before it in the list and has as many neurons as the next "
            "size.",
            "From d inputs to k neurons there are d * k weights and k biases. "
            "zip(sizes[:-1], sizes[1:]) gives all neighbors.",
            'Lesson 3.3, "How many parameters?", and the table in "All rows at once".',
        ),
        4: (
            "A1, A2 = forward_mlp(X, *start(scale)) inside a loop over the scales; one append "
            "for each of the three lists.",
            "A2.max(axis=1) is the largest probability of each row; np.mean of a comparison is a "
            "share; cross_entropy needs one_hot(labels, A2.shape[1]).",
            'Lesson 3.3, "How large should the weights be?".',
        ),
    }
)  # fmt: skip
