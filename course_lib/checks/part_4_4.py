"""The checks of part 4.4, regularization."""

from collections.abc import Callable, Mapping
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
from course_lib.neural_network import (
    cross_entropy,
    numerical_gradient,
    one_hot,
    relu,
    softmax,
)

Arrays = dict[str, FloatValues]


def _as_arrays(
    name: str, answer: object, shapes: Mapping[str, tuple[int, ...]], about: str
) -> Arrays:
    """The learner's dictionary, once it has every name and shape."""
    if not isinstance(answer, dict):
        raise NotYet(
            f"{name} should be a dictionary with {', '.join(shapes)}, but it is of type "
            f"{type(answer).__name__}."
        )
    given = cast(dict[str, Any], answer)
    if all(value is ... for value in given.values()) and given:
        raise NotAttempted
    for key in shapes:
        if key not in given:
            raise NotYet(f"{name} has no {key!r}: it needs a value for each parameter.")
        if given[key] is ...:
            raise NotYet(f"the {key!r} of {name} is still missing.")
    unknown = sorted(set(given) - set(shapes))
    if unknown:
        raise NotYet(f"{name} has {unknown[0]!r}, which is no parameter.")
    return {
        key: require_array(f"the {key!r} of {name}{about}", given[key], shape)
        for key, shape in shapes.items()
    }


def _require_unchanged(
    name: str, before: Mapping[str, Arrays], after: Mapping[str, Arrays]
) -> None:
    for argument, arrays in before.items():
        same = after[argument].keys() == arrays.keys() and all(
            np.array_equal(after[argument][key], value) for key, value in arrays.items()
        )
        if not same:
            raise NotYet(
                f"{name} changed its argument {argument}. Put the sums into a new dictionary, and "
                "write a + b, not a += b, which changes the array it stands on."
            )


# ------------------------------------------------------------------------ 1: the penalty


def _parameters() -> Arrays:
    """Three layers of odd shapes, one with a single row; zeros, large values; large biases."""
    rng = np.random.default_rng(4)
    shapes = {"W1": (4, 1), "b1": (1, 1), "W2": (1, 5), "b2": (1, 5), "W3": (5, 2), "b3": (1, 2)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    params["W1"][0] = 0
    params["W2"][0, 2] = -20
    params["b1"] += 7
    return params


@exercise(1)
def exercise_1(penalty_by_hand: object, slope_by_hand: object, regularize: object) -> str:
    """A penalty and a slope on paper, ``regularize(params, grads, lambda_)``."""
    ones = {"W1": np.ones((1, 1))}
    started = is_started(regularize, ones, ones, 0.1, parts=2)
    if penalty_by_hand is ... and slope_by_hand is ... and not started:
        raise NotAttempted
    _by_hand("penalty_by_hand", penalty_by_hand, 10.5, {
        "It is the sum of the squares: multiply it by lambda, 0.5.": 21,
        "That is W1 alone: the penalty counts both layers.": 7,
        "That is W2 alone: the penalty counts both layers.": 3.5,
        "That is lambda times the sum of the weights: square each of them first.": 1.5,
        "That is lambda times the sum of the sizes: square each of them first.": 5.5,
        "That is the mean over the eight weights: L2 takes the sum.": 10.5 / 8,
    })  # fmt: skip
    _by_hand("slope_by_hand", slope_by_hand, -3, {
        "The 2 is missing: the slope of w squared is 2 w.": -1.5,
        "Lambda is missing: the slope is 2 lambda w.": -6,
        "The entry is negative, and so is the slope there: a larger w makes the price smaller.": 3,
        "That is the price of this entry: the slope is asked for.": 4.5,
    })  # fmt: skip
    function = require_function("regularize", regularize)
    params = _parameters()
    grads = {name: np.cos(1 + np.arange(A.size)).reshape(A.shape) for name, A in params.items()}
    for lambda_ in (0.3, 0.07, 0.0):
        _judge_regularize(function, params, grads, lambda_)
    return (
        "The penalty is 10.5 and its slope at -3 is -3: along a negative weight the price falls "
        "when the weight grows, so a step downhill moves it towards 0, like every other."
    )


def _by_hand(name: str, answer: object, right: float, mistakes: Mapping[str, float]) -> None:
    if answer is ...:
        raise NotYet(f"{name} is still missing.")
    told = {sentence: float(wrong) for sentence, wrong in mistakes.items()}
    advice = "Go through it entry by entry."
    require_close(name, require_number(name, answer), right, told, 1e-6, advice, give_away=False)


def _judge_regularize(
    function: Callable[..., Any], params: Arrays, grads: Arrays, lambda_: float
) -> None:
    given = {"params": _copy(params), "grads": _copy(grads)}

    # The dictionaries are made anew here, since what call() copies it cannot look into.
    def watched(rate: float) -> Any:
        return function(given["params"], given["grads"], rate)

    try:
        penalty, total = call("regularize", watched, lambda_, parts=2, also_answered=[1])
    finally:
        _require_unchanged("regularize", {"params": params, "grads": grads}, given)
    about = f" on a trial with three layers and lambda {lambda_:g}"
    weights = [A for name, A in params.items() if name.startswith("W")]
    squares = sum(float(np.sum(A**2)) for A in weights)
    of_biases = sum(float(np.sum(A**2)) for n, A in params.items() if n.startswith("b"))
    value = require_array(f"the penalty of regularize{about}", penalty, ())
    require_close(f"the penalty of regularize{about}", value, lambda_ * squares, {
        "It counts the biases too: they go free.": lambda_ * (squares + of_biases),
        "Lambda is missing.": squares,
        "The weights are not squared.": lambda_ * sum(float(A.sum()) for A in weights),
        "It takes the mean of each layer: L2 takes the sum.":
            lambda_ * sum(float(np.mean(A**2)) for A in weights),
        "It holds the last layer only: add up all of them.":
            lambda_ * float(np.sum(weights[-1] ** 2)),
        "It holds the first layer only.": lambda_ * float(np.sum(weights[0] ** 2)),
        "It holds the first two layers only: there may be any number of them.":
            lambda_ * sum(float(np.sum(A**2)) for A in weights[:2]),
        "It leaves out weights with a single row: go by the name, not by the shape.":
            lambda_ * sum(float(np.sum(A**2)) for A in weights if len(A) > 1),
        "It has a factor of one half that is not in the formula.": lambda_ * squares / 2,
    })  # fmt: skip
    shapes = {name: A.shape for name, A in params.items()}
    came = _as_arrays("the second value of regularize", total, shapes, about)
    for name, A in params.items():
        told = {
            "It is the gradient of the penalty alone: add that of the loss.": 2 * lambda_ * A,
            "It is the gradient of the loss alone: the penalty adds 2 lambda W.": grads[name],
            "The 2 is missing: the slope of w squared is 2 w.": grads[name] + lambda_ * A,
            "Lambda is missing.": grads[name] + 2 * A,
            "The sign is turned around: the price is added to the loss.":
                grads[name] - 2 * lambda_ * A,
        }  # fmt: skip
        right = grads[name] + 2 * lambda_ * A
        if name.startswith("b"):
            told = {"Biases go free: their gradient stays that of the loss.": right} | {
                "Its gradient is lost: that of the loss stays.": np.zeros(A.shape)
            }
            right = grads[name]
        require_close(f"the gradient of {name} from regularize{about}", came[name], right, told)


def _copy(arrays: Arrays) -> Arrays:
    return {name: value.copy() for name, value in arrays.items()}


# --------------------------------------------------------------------------- 2: dropout


@exercise(2)
def exercise_2(drop: object, kept_twice: object, scale_twice: object, expected: object) -> str:
    """``drop(A, p, training, rng)``, and what two dropouts in a row do."""
    function = require_function("drop", drop)
    answered = [kept_twice, scale_twice, expected]
    A = np.array(
        [[2.0, -3.0, 0.0, 50.0, 1.0], [4.0, 0.0, -1.0, 7.0, 3.0], [1.0, 1.0, 2.0, 2.0, 9.0]]
    )
    tested = call("drop", function, A, 0.4, False, np.random.default_rng(0), also_answered=answered)
    came = require_array("drop at test time", tested, A.shape)
    require_close("drop at test time (training=False)", came, A, {
        "It is multiplied by p: since training divides by p, nothing is left to do.": A * 0.4,
        "It is divided by p: at test time nothing changes at all.": A / 0.4,
    })  # fmt: skip
    if np.any((came == 0) != (A == 0)):
        raise NotYet("drop at test time drops entries: with training=False, A stays as it is.")
    for p in (0.8, 0.3):
        _judge_drop(function, p)
    for shape in ((6,), (2, 3, 4)):
        _judge_shape(function, shape)
    always = call("drop", function, A, 1.0, True, np.random.default_rng(0))
    require_close("drop with p = 1", require_array("drop with p = 1", always, A.shape), A)
    _twice("kept_twice", kept_twice, 0.4, {
        "That is the chance to be dropped: the other one is asked for.": 0.6,
        "Chances of two throws in a row are multiplied, not added.": 1.3,
        "That is the mean of the two: an entry has to survive both throws.": 0.65,
        "That is the chance to be dropped twice.": 0.1,
    })  # fmt: skip
    _twice("scale_twice", scale_twice, 2.5, {
        "It is divided by p each time, not multiplied.": 0.4,
        "The two factors 1 / p are multiplied, not added.": 3.25,
        "That is the second factor alone.": 2.0,
        "That is the first factor alone.": 1.25,
    })  # fmt: skip
    _twice("expected_of_3", expected, 3.0, {
        "Multiply by the chance to be kept: most often the entry is 0.": 7.5,
        "And the kept ones are multiplied: by scale_twice.": 1.2,
    })  # fmt: skip
    return (
        "Two dropouts in a row act like one with p = 0.4. The expected value stays 3, but the "
        "scatter is larger: kept entries are multiplied by 2.5."
    )


def _twice(name: str, answer: object, right: float, mistakes: Mapping[str, float]) -> None:
    value = require_number(name, answer, right_so_far="drop")
    require_close(name, value, right, dict(mistakes), 1e-6, "Follow one entry through both throws.",
                  give_away=False)  # fmt: skip


def _judge_shape(function: Callable[..., Any], shape: tuple[int, ...]) -> None:
    A = 1 + np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    values = call("drop", function, A, 0.5, True, np.random.default_rng(7))
    about = f"drop with p = 0.5 on an array of shape {shape}"
    came = require_array(about, values, shape)
    if np.any((came != 0) & ~np.isclose(came, A / 0.5)):
        raise NotYet(f"{about}: an entry should become 0 or twice what it was.")


def _judge_drop(function: Callable[..., Any], p: float) -> None:
    """Many throws: with 40,000 entries, chance moves a share by less than 0.01."""
    sign = np.where(np.arange(40_000).reshape(200, 200) % 3 == 0, -2.0, 5.0)
    values = call("drop", function, sign, p, True, np.random.default_rng(5))
    about = f"drop with p = {p:g} on 200 x 200 numbers"
    came = require_array(about, values, sign.shape)
    kept = came != 0
    share = np.count_nonzero(kept) / kept.size
    ratios = came[kept] / sign[kept]
    scale = float(np.median(ratios)) if ratios.size else 0.0
    if abs(share - (1 - p)) < 0.02 and abs(p - 0.5) > 0.1:
        raise NotYet(
            f"{about}: it keeps a share of {share:.2f}. Here p is the probability to KEEP an "
            "entry, not to drop it."
        )
    if share in (0.0, 1.0):
        nothing = "nothing is dropped" if share else "everything is dropped"
        raise NotYet(f"{about}: {nothing}. Each entry has dice of its own.")
    if abs(share - p) > 0.02:
        raise NotYet(
            f"{about}: it keeps a share of {share:.2f}. Compare rng.random, which is even "
            "from 0 to 1, with p."
        )
    for axis, what in ((0, "column"), (1, "row")):
        whole = np.count_nonzero(kept.all(axis=axis) | ~kept.any(axis=axis)) / 200
        if whole > 0.5:
            raise NotYet(f"{about}: a {what} is kept or dropped as a whole. Throw for each entry.")
    likely = {
        "It is not divided by p: the expected value becomes p times what it was.": 1.0,
        "It is multiplied by p instead of divided.": p,
        "It is divided by 1 - p, the probability to drop: divide by p.": 1 / (1 - p),
        "It is multiplied by 1 - p: divide by p.": 1 - p,
        "It is divided by p twice.": 1 / p**2,
    }
    if not np.allclose(ratios, scale):
        raise NotYet(
            f"{about}: kept entries are not all multiplied by the same number. Divide by p, not by "
            "the share that happened to be kept in each row or column."
        )
    counted = 1 / share
    if np.isclose(scale, counted, rtol=1e-9) and not np.isclose(scale, 1 / p, rtol=1e-9):
        raise NotYet(f"{about}: divide by p itself, not by the share that happened to be kept.")
    require_close(f"the factor of the kept entries of {about}", scale, 1 / p, likely)
    again = call("drop", function, sign, p, True, np.random.default_rng(6))
    if np.array_equal(again, values):
        raise NotYet(f"{about}: another rng drops the same entries. Throw the dice with rng.")
    few = [call("drop", function, sign[:20], p, True, np.random.default_rng(i)) for i in range(5)]
    if len({np.count_nonzero(some) for some in few}) == 1:
        raise NotYet(
            f"{about}: it keeps the same number of entries with every rng. Each entry has dice of "
            "its own, so that number is another one each time."
        )
    same = call("drop", function, sign, p, True, np.random.default_rng(5))
    if not np.array_equal(same, values):
        raise NotYet(f"{about}: the same rng drops other entries. Use rng, not np.random.")


# -------------------------------------------------------------- 3: gradient with a mask


def _network() -> tuple[FloatValues, FloatValues, Arrays, FloatValues]:
    """Sizes that all differ, a row of zeros, a large value, one unit off in every row."""
    rng = np.random.default_rng(3)
    shapes = {"W1": (4, 6), "b1": (1, 6), "W2": (6, 3), "b2": (1, 3)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    X = rng.normal(size=(7, 4))
    X[2], X[4, 1] = 0, 6
    mask = (rng.random((7, 6)) < 0.6) / 0.6
    mask[:, 1] = 0
    return X, one_hot(rng.integers(3, size=7), 3), params, mask


def _forward(X: FloatValues, P: Arrays, mask: FloatValues) -> tuple[FloatValues, FloatValues]:
    A1 = mask * relu(X @ P["W1"] + P["b1"])
    return A1, softmax(A1 @ P["W2"] + P["b2"])


def _gradients(lambda_: float, kind: str) -> Arrays:
    """Exercise 3 done right, or with one of the mistakes that are easily made."""
    X, y, P, mask = _network()
    A1, A2 = _forward(X, P, mask)
    delta2 = (A2 - y) / (1 if kind == "no mean" else len(X))
    delta1 = delta2 @ P["W2"].T
    active = X @ P["W1"] + P["b1"] > 0
    if kind != "no relu":
        delta1 = delta1 * active
    factor = {"no mask": 1.0, "zeros only": mask > 0, "twice": mask**2}
    delta1 = delta1 * factor.get(kind, mask)
    inputs = relu(X @ P["W1"] + P["b1"]) if kind == "unmasked A1" else A1
    sums = {"b1": delta1.sum(axis=0, keepdims=True), "b2": delta2.sum(axis=0, keepdims=True)}
    grads = {"W1": X.T @ delta1, "b1": sums["b1"], "W2": inputs.T @ delta2, "b2": sums["b2"]}
    price = {"no price": 0.0, "no 2": lambda_, "no lambda": 2.0, "minus": -2 * lambda_}
    for name in grads:
        if name.startswith("W") or kind == "biases":
            grads[name] = grads[name] + price.get(kind, 2 * lambda_) * P[name]
    if kind == "dropped free":
        grads["W1"] = grads["W1"] - 2 * lambda_ * P["W1"] * (mask.max(axis=0) == 0)
    return grads


_GRADIENT_MISTAKES = {
    "no mask": "The mask is missing on the way back: a dropped unit gets no blame.",
    "zeros only": "The mask is not only 0 or 1: where a unit is kept, its factor is 1/p, on the "
    "way back too.",
    "twice": "The mask comes in twice on the way back: once is right.",
    "no relu": "The slope of ReLU is missing: 1 where X W1 + b1 is above 0, else 0.",
    "unmasked A1": "It uses the hidden layer before the mask: W2 received A1 after it.",
    "no mean": "It is the sum over the rows: divide by their number.",
    "no price": "The price is missing: it adds 2 lambda W.",
    "no 2": "The 2 is missing: the slope of lambda w squared is 2 lambda w.",
    "no lambda": "Lambda is missing in the price.",
    "minus": "The price has the wrong sign: it is added to the loss.",
    "biases": "The biases pay a price too: they go free.",
    "dropped free": "The weights of a unit that is dropped in every row pay no price: they do.",
}


@exercise(3)
def exercise_3(forward: object, gradients: object, factor: object, steps: object) -> str:
    """Forward and backward pass with a mask, and the decay of a weight."""
    function = require_function("forward", forward)
    X, y, P, mask = _network()
    answered = [factor, steps]
    A = call("forward", function, X, P, mask, parts=2, also_answered=answered)
    about = "on a trial with 7 rows, 6 hidden units and 3 classes"
    Z1 = X @ P["W1"] + P["b1"]
    right = _forward(X, P, mask)
    plain = relu(Z1), softmax(relu(Z1) @ P["W2"] + P["b2"])
    swapped = mask * relu(Z1), plain[1]
    mistakes = (
        {"The mask is missing.": plain[0], "ReLU is missing.": mask * Z1,
         "The mask is used as 0 or 1: multiply by it as it is.": (mask > 0) * plain[0],
         "The mask is divided by p once more: it holds 1/p already.": right[0] / 0.6},
        {"It does not see the mask: take the masked A1 for the second layer.": swapped[1],
         "The softmax is missing.": right[0] @ P["W2"] + P["b2"],
         "The bias b2 is missing.": softmax(right[0] @ P["W2"])},
    )  # fmt: skip
    for number, name in enumerate(("A1", "A2")):
        came = require_array(f"{name} of forward {about}", A[number], right[number].shape)
        require_close(f"{name} of forward {about}", came, right[number], mistakes[number])
    backward = require_function("gradients", gradients)
    lambda_ = 0.05
    shapes = {name: value.shape for name, value in P.items()}
    try:
        came = call("gradients", backward, X, y, P, mask, lambda_)
        grads = _as_arrays("what gradients returns", came, shapes, f" {about}")
    except NotAttempted:
        raise NotYet("forward is right. gradients is still missing.") from None
    except NotYet as problem:
        if "gradients should return one value" not in str(problem):
            raise
        raise NotYet(
            "gradients should return a dictionary with W1, b1, W2, b2, but it returned a tuple."
        ) from None
    measured = numerical_gradient(
        X, y, P, lambda A2, y: cross_entropy(A2, y), lambda X, P: _forward(X, P, mask)[1]
    )
    told = {text: _gradients(lambda_, kind) for kind, text in _GRADIENT_MISTAKES.items()}
    for name, value in P.items():
        price = 2 * lambda_ * value if name.startswith("W") else 0
        wrong = {text: by_name[name] for text, by_name in told.items()}
        shown = f"the {name!r} of gradients {about}"
        require_close(shown, grads[name], measured[name] + price, wrong, 1e-5,
                      "Measure it with numerical_gradient.")  # fmt: skip
    value = require_number("factor", factor, right_so_far="All before it")
    require_close("factor", value, 0.998, {
        "The 2 is missing: the gradient of the price is 2 lambda w.": 0.999,
        "That is what is taken away: what remains?": 0.002,
        "The learning rate is missing.": 0.98,
        "It shrinks: the step goes downhill.": 1.002,
    }, 1e-7, "Write one step for w, and take w out of the bracket.", give_away=False)  # fmt: skip
    count = require_number("steps", steps, right_so_far="All before it")
    require_close("steps", count, 347, {
        "After 346 steps it is still a little above half.": 346,
        "The factor is multiplied in each step, not subtracted: 0.998 ** steps.": 250,
        "Below half, but not for the first time: one step earlier it was below already.": 348,
        "It is a whole number of steps.": float(np.log(0.5) / np.log(0.998)),
    }, 1e-9, "Compare 0.998 ** steps with 0.5, for this number and for the one before.",
        give_away=False)  # fmt: skip
    return (
        "The mask goes where its layer goes, forward and backward; the price is added to the "
        "weights alone. A weight that nobody asks for is halved every 347 steps."
    )


# -------------------------------------------------------------------- 4: does it help?

HELPS, HURTS, NEITHER = "helps", "hurts", "no clear difference"


def _pretended(p: float, seed: int, share: float) -> float:
    """Stands in for a training: another number for every setting."""
    return 0.5 + 0.03 * np.sin(7 * seed + 1) + 0.2 * p * (seed - 2.2) * (share + 0.3) - 0.1 * share


def _rule(differences: FloatValues) -> str:
    mean = float(differences.mean())
    if np.sum(differences > 0) >= 4 and mean > 0.02:
        return HELPS
    return HURTS if np.sum(differences < 0) >= 4 and mean < -0.02 else NEITHER


@exercise(4)
def exercise_4(
    train: object,
    paired: object,
    noisy: object,
    clean: object,
    verdict_noisy: object,
    verdict_clean: object,
) -> str:
    """``paired(train, p, share, seeds)``, its differences on two settings, and two verdicts."""
    function = require_function("paired", paired)
    answered = [noisy, clean, verdict_noisy, verdict_clean]
    for p, share, seeds in ((0.6, 0.2, [3, 0, 8]), (0.9, 0.0, [4, 2])):
        _judge_paired(function, p, share, seeds, answered)
    trainer = require_function("train", train)
    found: dict[str, FloatValues] = {}
    for name, answer, share in (("noisy", noisy, 0.3), ("clean", clean, 0.0)):
        found[name] = require_array(name, answer, (5,), right_so_far="paired")
        for seed in (1, 4):  # a sample, to save time
            right = float(trainer(0.5, seed, share)) - float(trainer(1, seed, share))
            if abs(found[name][seed] - right) > 1e-6:
                raise NotYet(
                    f"{name} holds {found[name][seed]:.4f} for seed {seed}, but training again "
                    f"with p = 0.5 and share = {share:g} gives another difference. Run "
                    f"paired(train, 0.5, {share:g}, range(5)) again: are the two swapped, is p "
                    "another, or do they stem from an earlier version of paired?"
                )
    for name, verdict in (("noisy", verdict_noisy), ("clean", verdict_clean)):
        if verdict is ...:
            raise NotYet(f"paired is right. verdict_{name} is still missing.")
        if not isinstance(verdict, str) or verdict.strip().lower() not in (HELPS, HURTS, NEITHER):
            raise NotYet(f'verdict_{name} should be "{HELPS}", "{HURTS}" or "{NEITHER}".')
        if verdict.strip().lower() != _rule(found[name]):
            better = int(np.sum(found[name] > 0))
            raise NotYet(
                f"verdict_{name} is not what the rule says of your numbers: {better} of 5 "
                f"differences are above 0, {int(np.sum(found[name] < 0))} below, and their mean "
                f"is {found[name].mean():.4f}. Both conditions count."
            )
    return (
        "The same dropout that holds back the learning of wrong labels makes no clear difference "
        "where there are none."
        if (_rule(found["noisy"]), _rule(found["clean"])) == (HELPS, NEITHER)
        else "Your verdicts follow from your numbers."
    )


def _judge_paired(
    function: Callable[..., Any], p: float, share: float, seeds: list[int], answered: list[object]
) -> None:
    calls: list[tuple[float, int, float]] = []

    def pretended(p: float, seed: int, share: float) -> float:
        calls.append((p, seed, share))
        return _pretended(p, seed, share)

    # A closure, since copies of the arguments would not share the list of calls.
    def run(p: float, share: float, seeds: list[int]) -> Any:
        result = function(pretended, p, share, seeds)
        return np.asarray(cast(Any, result)) if isinstance(result, (list, tuple)) else result

    came = call("paired", run, p, share, seeds, also_answered=answered)
    about = f"paired on a trial with p = {p:g}, share = {share:g} and seeds {seeds}"
    values = require_array(about, came, (len(seeds),))

    def all_seeds(first: float, second: float, share: float = share) -> FloatValues:
        return np.array([_pretended(first, s, share) - _pretended(second, s, share) for s in seeds])

    with_p = np.array([_pretended(p, s, share) for s in seeds])
    without = np.array([_pretended(1, s, share) for s in seeds])
    mistakes: dict[str, FloatValues | float] = {
        "It is without minus with: turn the difference around.": -all_seeds(p, 1),
        "Without dropout is p = 1, since p is the probability to keep, not 0.": all_seeds(p, 0),
        "Those are the accuracies with dropout: subtract those without.": with_p,
        "Those are the accuracies without dropout: subtract them from those with.": without,
        "The two runs have different seeds: take the same seed for both.": with_p
        - np.array([_pretended(1, s, share) for s in np.roll(seeds, 1)]),
        "It uses its own p: use the argument.": all_seeds(0.5, 1),
        "It uses its own share: use the argument.": all_seeds(p, 1, 0.3),
        "It compares with the mean of all runs: compare seed by seed.": with_p - without.mean(),
        "It uses seeds 0, 1, ... : use the argument seeds.": np.array(
            [_pretended(p, s, share) - _pretended(1, s, share) for s in range(len(seeds))]
        ),
        "It is a comparison, 0 or 1: return the difference.": (all_seeds(p, 1) > 0).astype(float),
    }
    mistakes = {text: wrong for text, wrong in mistakes.items()
                if not np.allclose(wrong, all_seeds(p, 1))}  # fmt: skip
    if not calls:
        advice = "It never calls its argument train: call that, not another function."
    elif any(seed not in seeds for _, seed, _ in calls):
        advice = "train takes p, seed, share, in this order."
    else:
        advice = "The two runs of a pair differ in p only; the answer is with minus without."
    require_close(about, values, all_seeds(p, 1), mistakes, advice=advice)


hint = hint_ladder(
    {
        1: (
            "Square every entry, add them all up, multiply by lambda once.",
            'Loop over grads.items(); name.startswith("W") tells weights from biases. A new '
            "array comes from a + b; a += b would change the caller's.",
            'Lesson 4.4, "The price: from the sum to the step", has formula and gradient.',
        ),
        2: (
            "rng.random(A.shape) < p is True with probability p, one throw for each entry.",
            "Multiply A by that, and divide by p; with training=False return A. For two throws: an "
            "entry has to survive both, and is divided by both.",
            'Lesson 4.4, "The dice: why nothing changes on average", has the expected value.',
        ),
        3: (
            "delta2 = (A2 - y) / n goes back through W2; then ReLU and mask, each of which "
            "multiplies entry by entry. The price does not know of the mask.",
            "In W2's gradient stands what W2 received, the masked A1. For the weight at the "
            "empty pixel, the step is w - lr * (0 + 2 * lambda * w).",
            'Lesson 4.4, "Dropout inside a network", has the formula with the mask.',
        ),
        4: (
            "One loop over the seeds, two trainings in each turn.",
            "A list comprehension does it: [... - ... for seed in seeds]. For the verdict, count "
            "the differences above 0 and take their mean: both have to pass.",
            'Lesson 4.4, "Is it luck? Five seeds", compares paired runs.',
        ),
    }
)
