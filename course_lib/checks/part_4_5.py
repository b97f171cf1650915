"""The checks of part 4.5, momentum and the capstone."""

from collections.abc import Callable, Sequence
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
from course_lib.neural_network import FloatArray, Parameters, mini_batches

# --------------------------------------------------------------------- 1: steps with a memory

Slope = Callable[[FloatValues], FloatValues]
_FACTORS = np.array([[1.0, -0.5, 3.0], [0.0, 2.0, 0.7]])
_AT = np.array([[2.0, -1.0, 0.5], [4.0, 0.0, -3.0]])


def _bent(w: FloatValues) -> FloatValues:
    return _FACTORS * w + 0.1 * w**2


def _tilted(w: FloatValues) -> FloatValues:
    return w - np.array([5.0, -2.0, 0.0, 1.0])


def _itself(w: FloatValues) -> FloatValues:
    return w


def _rolled(
    w: FloatValues, slope: Slope, mu: float, lr: float, n: int, kind: str = ""
) -> FloatValues:
    """Exercise 1 done right, or with one of the mistakes that are easily made."""
    velocity, start, positions = np.zeros(w.shape), w, list[FloatValues]()
    velocities: list[FloatValues] = []
    for _ in range(n):
        last = velocity
        step = lr * slope(start if kind == "start" else w)
        velocity = {
            "no memory": -step,
            "sign": mu * last + step,
            "both shrink": mu * (last - step),
            "average": mu * last - (1 - mu) * step,
            "all kept": last - step,
            "memory sign": -mu * last - step,
        }.get(kind, mu * last - step)
        w = w + (last if kind == "old" else velocity)
        positions.append(w)
        velocities.append(velocity)
    if kind == "velocities":
        return np.array(velocities)
    return np.array([w] * n if kind == "same array" else positions)


_ROLL_MISTAKES = {
    "no memory": "It is plain gradient descent: mu times the last velocity is missing.",
    "sign": "It walks uphill: the slope is subtracted.",
    "both shrink": "mu shrinks the last velocity alone, not the new slope.",
    "average": "The slope counts in full here, not 1 - mu of it.",
    "all kept": "The last velocity is kept whole: take mu times it.",
    "memory sign": "The last velocity is added, not subtracted.",
    "old": "The step is the NEW velocity: first the velocity, then w.",
    "start": "The slope is always that of the start: ask for it at the present w.",
    "velocities": "These are the velocities: return the positions.",
    "same array": "All positions are the last one: is the same array changed again and again? "
    "Make a new one each time, as in w = w + velocity.",
}


def _hand(answer: object) -> list[object]:
    if isinstance(answer, np.ndarray):
        answer = cast(Any, answer).tolist()
    if answer is ...:
        return [...]
    if not isinstance(answer, (list, tuple)):
        raise NotYet("by_hand should be a list of three numbers.")
    return list(cast(Sequence[object], answer))


@exercise(1)
def exercise_1(by_hand: object, roll: object) -> str:
    """Three positions, and ``roll(w, slope, mu, lr, n) -> n positions``."""
    hand = _hand(by_hand)
    touched = [value for value in hand if value is not ...]
    function = require_function("roll", roll)

    def as_list(w: FloatValues, slope: Slope, mu: float, lr: float, n: int) -> Any:
        positions = function(w, slope, mu, lr, n)
        return list(cast(tuple[object], positions)) if isinstance(positions, tuple) else positions

    trials: list[tuple[FloatValues, Slope, float, float, int]] = [
        (_AT, _bent, 0.7, 0.1, 4),
        (np.array([1.0, 0.0, -2.0, 8.0]), _tilted, 0.5, 0.25, 3),
        (_AT, _bent, 0.0, 0.2, 2),
    ]
    for trial in trials:
        _judge_roll(as_list, trial, touched)
    if not touched:
        raise NotYet("roll is right. by_hand is still missing.")
    if len(hand) != 3:
        raise NotYet(f"by_hand should hold three positions, but it holds {len(hand)}.")
    for number, value in enumerate(hand, start=1):
        if value is ...:
            raise NotYet(f"roll is right. Position {number} of by_hand is still missing.")
    given = require_array("by_hand", hand, (3,))
    eight = (np.array(8.0), _itself, 0.5, 0.5, 3)
    told = {text: _rolled(*eight, kind) for kind, text in _ROLL_MISTAKES.items()}
    advice = "In each step, halve the last velocity and subtract half of the present w."
    require_close("by_hand", given, _rolled(*eight), told, 1e-6, advice, give_away=False)
    return (
        "By hand and in code. The slope at the third step was 0, and the step was not: it came "
        "from the memory alone, and carried w past the bottom."
    )


def _judge_roll(
    function: Callable[..., Any],
    trial: tuple[FloatValues, Slope, float, float, int],
    touched: Sequence[object],
) -> None:
    w, _, mu, lr, n = trial
    answer: Any = call("roll", function, *trial, also_answered=touched)
    about = f"roll on a trial of shape {w.shape} with mu = {mu:g}, lr = {lr:g} and n = {n}"
    is_several = isinstance(answer, (list, np.ndarray))
    shape = np.shape(cast(Any, answer)) if is_several else None
    if shape == (n + 1, *w.shape):
        raise NotYet(f"{about} gave {n + 1} positions: begin with the one after the first step.")
    if shape == w.shape:
        raise NotYet(f"{about} gave one position: collect all {n} in a list.")
    positions = require_array(about, cast(object, answer), (n, *w.shape))
    told = {text: _rolled(*trial, kind) for kind, text in _ROLL_MISTAKES.items()}
    advice = "Print velocity and position of the first two steps, and do them by hand."
    require_close(about, positions, _rolled(*trial), told if mu > 0 else {}, 1e-9, advice)


# ------------------------------------------------------------------------------ 2: accuracy

_THREE = np.array(
    [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.4, 0.4, 0.2], [0.3, 0.6, 0.1],
     [0.2, 0.2, 0.6], [0.0, 0.5, 0.5], [0.1, 0.1, 0.8]]
)  # fmt: skip
_THREE_TRUE = np.array([0, 2, 0, 0, 2, 2, 2])
_COLUMN = np.array([[0.9], [0.5], [0.2], [0.4], [0.51], [0.0], [0.49]])
_COLUMN_TRUE = np.array([1, 1, 0, 1, 0, 0, 0])
_COLUMN_OTHER = np.array([0, 1, 0, 0, 0, 0, 0])
_TWO = np.array(
    [[0.5, 0.5], [0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.6, 0.4], [0.5, 0.5], [0.1, 0.9]]
)
_TWO_TRUE = np.array([0, 1, 1, 0, 0, 0, 1])


def _one_hot(labels: Any, k: int) -> FloatValues:
    return np.eye(k)[labels]


def _share(pred: Any, true: Any, kind: str = "") -> float:
    """Exercise 2 done right, or with one of the mistakes that are easily made."""
    classes: list[Any] = []
    for values in (np.asarray(pred, dtype=np.float64), np.asarray(true, dtype=np.float64)):
        if values.ndim == 1:
            classes.append(values)
        elif values.shape[1] > 1:
            last = values.shape[1] - 1 - values[:, ::-1].argmax(axis=1)
            classes.append(last if kind == "last" else values.argmax(axis=1))
        else:
            column = values[:, 0]
            classes.append(
                {
                    "argmax": np.zeros(len(column)),
                    "above": (column > 0.5).astype(int),
                    "below": (column < 0.5).astype(int),
                    "raw": column,
                }.get(kind, (column >= 0.5).astype(int))
            )
    one, other = (cast(FloatValues, values) for values in classes)
    if kind == "pairs":
        return float(np.mean(np.equal(one.reshape(-1, 1), other)))
    right = float(np.mean(np.equal(one, other)))
    return {"count": right * len(one), "errors": 1 - right, "percent": 100 * right}.get(kind, right)


_SHARE_MISTAKES = {
    "argmax": "In a single column, argmax is 0 for every row: compare it with 0.5.",
    "above": "Exactly 0.5 counts as class 1.",
    "below": "From 0.5 on it is class 1, not below.",
    "raw": "Are the probabilities of a single column compared with 0 and 1 as they are?",
    "last": "Where two columns are equally large, take the first, as argmax does.",
    "pairs": "Every row is compared with every other: (n, 1) == (n,) gives (n, n). Turn both into "
    "shape (n,) first.",
    "count": "That is the number of right answers: divide it by the number of rows.",
    "errors": "That is the share of wrong answers.",
    "percent": "That is in percent: return a share from 0 to 1.",
}


@exercise(2)
def exercise_2(share_right: object, sloppy: object) -> str:
    """``share_right(y_pred, y_true)``, and what argmax says of one column."""
    function = require_function("share_right", share_right)
    true_column = _COLUMN_TRUE.reshape(-1, 1)
    trials = [
        ("(7, 3) probabilities and (7,) classes", _THREE, _THREE_TRUE),
        ("(7, 3) probabilities and (7, 3) one-hot rows", _THREE, _one_hot(_THREE_TRUE, 3)),
        (
            "(7,) classes and (7, 3) one-hot rows",
            _THREE_TRUE[::-1].copy(),
            _one_hot(_THREE_TRUE, 3),
        ),
        ("(4,) classes and (4,) classes", np.array([9, 0, 3, 3]), np.array([9, 1, 0, 3])),
        ("(7, 1) probabilities and (7, 1) zeros and ones", _COLUMN, true_column),
        ("(7, 1) probabilities and (7,) classes", _COLUMN, _COLUMN_TRUE),
        ("(7,) classes and a (7, 1) column", _COLUMN_TRUE[::-1].copy(), true_column),
        ("(7, 1) probabilities and (7, 2) one-hot rows", _COLUMN, _one_hot(_COLUMN_TRUE, 2)),
        ("(7,) classes and (7, 1) probabilities", _COLUMN_OTHER, _COLUMN),
        ("(7, 2) probabilities and (7,) classes", _TWO, _TWO_TRUE),
        ("(7,) classes and (7, 2) probabilities", _TWO_TRUE, _TWO),
    ]
    for what, pred, true in trials:
        about = f"share_right on {what}"
        answer = call("share_right", function, pred, true, also_answered=[sloppy])
        if np.size(answer) > 1:
            raise NotYet(f"{about} gave an array of shape {np.shape(answer)}: return one number.")
        share = require_number(about, answer)
        told = {text: _share(pred, true, kind) for kind, text in _SHARE_MISTAKES.items()}
        require_close(about, share, _share(pred, true), told, 1e-9)
    given = require_number("sloppy", sloppy, right_so_far="share_right")
    told = {
        "That would be so if the answers were read as all 0 and the truth as it is; but argmax is "
        "taken of both.": 14 / 40,
        "That is the share of class 1. What is argmax along a row that has one entry?": 26 / 40,
        "That is what the answers say. What is argmax along a row that has one entry?": 10 / 40,
        "The mean of True is not 0. What is compared with what?": 0.0,
        "mean gives a share, not percent or a count.": 100.0,
        "mean gives a share, not a count.": 40.0,
    }
    advice = "What is argmax along a row that has one entry, for the answers and for the truth?"
    require_close("sloppy", given, 1.0, told, 1e-6, advice, give_away=False)
    return (
        "The sloppy line calls every model of one output perfect. A number that is too good is a "
        "reason to look at shapes."
    )


# --------------------------------------------------------------- 3: along a constant slope

_COUNTS = np.array([1, 2, 3, 7, 50])


def _velocity(n: Any, g: float, mu: float, lr: float) -> Any:
    return -lr * g * (1 - mu**n) / (1 - mu)


def _moved(n: Any, g: float, mu: float, lr: float) -> Any:
    return -lr * g / (1 - mu) * (n - mu * (1 - mu**n) / (1 - mu))


@exercise(3)
def exercise_3(velocity_after: object, moved_after: object, same_effective: object) -> str:
    """Velocity and distance after ``n`` steps, and the rate that keeps the effective rate."""
    names = ("velocity_after", "moved_after", "same_effective")
    answers = (velocity_after, moved_after, same_effective)
    functions: dict[str, object] = dict(zip(names, answers, strict=True))
    arguments: dict[str, tuple[Any, ...]] = {name: (_COUNTS, 3.0, 0.5, 0.1) for name in names}
    arguments["same_effective"] = (0.1, 0.5, 0.9)
    started = [is_started(functions[name], *arguments[name]) for name in names]
    if not any(started):
        raise NotAttempted
    if not started[0]:
        raise NotYet("velocity_after is still missing.")
    for name, judge in (("velocity_after", _velocity_told), ("moved_after", _moved_told)):
        if not started[names.index(name)]:
            raise NotYet(f"velocity_after is right. {name} is still missing.")
        function = require_function(name, functions[name])
        for g, mu, lr in ((3.0, 0.5, 0.1), (-2.0, 0.9, 0.25), (4.0, 0.0, 0.5)):
            about = f"{name} for n = [1 2 3 7 50] with g = {g:g}, mu = {mu:g} and lr = {lr:g}"
            try:
                answer = call(name, function, _COUNTS, g, mu, lr)
            except NotYet as problem:
                if "TypeError" in str(problem) or "ambiguous" in str(problem):
                    raise NotYet(
                        f"{problem} n may be an array: a formula, without a loop."
                    ) from None
                raise
            values = require_array(about, answer, _COUNTS.shape)
            right, told = judge(g, mu, lr)
            advice = "Write down steps 1 and 2 by hand, and compare."
            require_close(about, values, right, told if mu > 0 else {}, 1e-9, advice)
    if not started[2]:
        raise NotYet("The first two are right. same_effective is still missing.")
    function = require_function("same_effective", same_effective)
    for lr, old, new in ((0.02, 0.9, 0.5), (0.3, 0.8, 0.99), (0.1, 0.0, 0.9)):
        about = f"same_effective({lr:g}, {old:g}, {new:g})"
        given = require_number(about, call("same_effective", function, lr, old, new))
        told = {
            "It is the wrong way round: more momentum needs a lower rate.": lr
            * (1 - old)
            / (1 - new),
            "That is the effective rate. Which rate gives it with mu_new?": lr / (1 - old),
            "mu_old counts too: its effective rate is lr / (1 - mu_old).": lr * (1 - new),
            "It is not mu that counts, but 1 - mu.": lr * new / old if old > 0 else lr,
        }
        advice = "Set lr / (1 - mu_old) equal to lr_new / (1 - mu_new)."
        require_close(about, given, lr * (1 - new) / (1 - old), told, 1e-9, advice, give_away=False)
    return (
        "After n steps the way is that of the effective rate, less a start that takes about "
        "mu / (1 - mu) steps: momentum is slow to get going."
    )


def _velocity_told(g: float, mu: float, lr: float) -> tuple[Any, dict[str, Any]]:
    right = _velocity(_COUNTS, g, mu, lr)
    return right, {
        "The sign is turned around: the step goes against the slope.": -right,
        "That is where it ends up; after n steps 1 - mu^n is missing.": np.full(
            _COUNTS.shape, -lr * g / (1 - mu)
        ),
        "It is one step late: after step 1 the velocity is -lr g.": _velocity(
            _COUNTS - 1, g, mu, lr
        ),
        "It is one step early: after step 1 the velocity is -lr g.": _velocity(
            _COUNTS + 1, g, mu, lr
        ),
        "Divide by 1 - mu.": right * (1 - mu),
        "That is the whole way of n steps, not the velocity.": _moved(_COUNTS, g, mu, lr),
        "lr is missing.": right / lr,
    }


def _moved_told(g: float, mu: float, lr: float) -> tuple[Any, dict[str, Any]]:
    n, right = _COUNTS, _moved(_COUNTS, g, mu, lr)
    late = (1 - mu**n) / (1 - mu)
    return right, {
        "The sign is turned around.": -right,
        "That is the velocity of the last step, not the sum of all.": _velocity(n, g, mu, lr),
        "That is n times the last velocity: the earlier steps were shorter.": n
        * _velocity(n, g, mu, lr),
        "That is n full steps: the first ones were shorter.": -lr * g / (1 - mu) * n,
        "The sum starts at mu^1, not at mu^0 = 1.": -lr * g / (1 - mu) * (n - late),
        "The sum ends at mu^n, one power later.": -lr
        * g
        / (1 - mu)
        * (n - mu * (1 - mu ** (n - 1)) / (1 - mu)),
        "The factor 1 / (1 - mu) in front is missing.": right * (1 - mu),
        "The powers of mu are subtracted from n, not added.": -lr * g / (1 - mu) * (n + mu * late),
    }


# ------------------------------------------------------------------------- 4: your own loop

LOWER, HIGHER, NEITHER = "lower", "higher", "no clear difference"
_SHAPES = {"U": (3, 2), "c": (1, 2)}


def _trial_data() -> tuple[FloatValues, FloatValues, dict[str, FloatValues]]:
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(11, 3)), rng.normal(size=(11, 2))
    return X, y, {name: rng.normal(size=shape) for name, shape in _SHAPES.items()}


def _line_gradient(X: FloatArray, y: FloatArray, params: Parameters) -> Parameters:
    error = X @ params["U"] + params["c"] - y
    return {"U": X.T @ error / len(X), "c": error.mean(axis=0, keepdims=True)}


def _trained(kind: str, lr: float, mu: float, epochs: int, batch_size: int) -> Parameters:
    """Exercise 4 done right, or with one of the mistakes that are easily made."""
    X, y, start = _trial_data()
    rng, fitted = np.random.default_rng(7), dict(start)
    velocity: Parameters = {name: np.zeros(value.shape) for name, value in start.items()}
    for epoch in range(1 if kind == "one epoch" else epochs):
        if kind == "forgets" and epoch:
            velocity = {name: np.zeros(value.shape) for name, value in start.items()}
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            rows = (X, y) if kind == "all rows" else (X_batch, y_batch)
            slopes = _line_gradient(*rows, start if kind == "start" else fitted)
            for name in fitted:
                last, step = velocity[name], lr * slopes[name]
                velocity[name] = {
                    "no memory": -step,
                    "sign": mu * last + step,
                    "all kept": last - step,
                    "both shrink": mu * (last - step),
                    "average": mu * last - (1 - mu) * step,
                }.get(kind, mu * last - step)
                fitted[name] = fitted[name] + (last if kind == "old" else velocity[name])
        if kind == "one batch":
            break
    return fitted


_TRAIN_MISTAKES = {
    "no memory": "It is plain gradient descent: does each batch start with velocity 0?",
    "forgets": "The velocities start at 0 again in every epoch: set them to 0 before the loops.",
    "sign": "It walks uphill: the slope is subtracted.",
    "all kept": "The last velocity is kept whole: take mu times it.",
    "both shrink": "mu shrinks the last velocity alone, not the new slope.",
    "average": "The slope counts in full, not 1 - mu of it.",
    "old": "The step is the NEW velocity: first the velocity, then the parameter.",
    "all rows": "The gradient is taken on all rows: use those of the batch.",
    "start": "The gradient is always that of the start: take it at the present parameters.",
    "one epoch": "It stops after one epoch.",
}


@exercise(4)
def exercise_4(
    train: object,
    final_loss: object,
    same_rate: object,
    same_effective_rate: object,
    verdict_rate: object,
    verdict_effective: object,
) -> str:
    """A training loop, five ratios of losses at two settings, and two verdicts."""
    function = require_function("train", train)
    later = [same_rate, same_effective_rate, verdict_rate, verdict_effective]
    for lr, mu, epochs, batch_size in ((0.05, 0.8, 3, 4), (0.02, 0.5, 2, 11)):
        _judge_train(function, lr, mu, epochs, batch_size, later)
    measure = require_function("final_loss", final_loss)
    found: dict[str, FloatValues] = {}
    settings = (("same_rate", same_rate, 0.01), ("same_effective_rate", same_effective_rate, 0.1))
    for name, answer, plain_rate in settings:
        found[name] = require_array(name, answer, (5,), right_so_far="train")
        _judge_ratios(name, found[name], measure, plain_rate)
    verdicts = (
        ("verdict_rate", verdict_rate, "same_rate"),
        ("verdict_effective", verdict_effective, "same_effective_rate"),
    )
    for name, verdict, of in verdicts:
        if verdict is ...:
            raise NotYet(f"train and the ratios are right. {name} is still missing.")
        if not isinstance(verdict, str) or verdict.strip().lower() not in (LOWER, HIGHER, NEITHER):
            raise NotYet(f'{name} should be "{LOWER}", "{HIGHER}" or "{NEITHER}".')
        if verdict.strip().lower() != _rule(found[of]):
            raise NotYet(
                f"{name} is not what the rule says of your numbers: of the five ratios, "
                f"{int(np.sum(found[of] < 0.5))} are below 0.5 and {int(np.sum(found[of] > 2))} "
                "above 2. All five must agree."
            )
    if (_rule(found["same_rate"]), _rule(found["same_effective_rate"])) == (LOWER, NEITHER):
        return (
            "At the same rate, momentum ends far lower; at the same effective rate, there is no "
            "clear difference: here the gain was the longer step."
        )
    return "Your verdicts follow from your numbers."


def _rule(ratios: FloatValues) -> str:
    if np.all(ratios < 0.5):
        return LOWER
    return HIGHER if np.all(ratios > 2) else NEITHER


def _judge_train(
    function: Callable[..., Any],
    lr: float,
    mu: float,
    epochs: int,
    batch_size: int,
    later: Sequence[object],
) -> None:
    X, y, start = _trial_data()
    about = (
        f"train on a trial with lr = {lr:g}, mu = {mu:g}, {epochs} epochs, batches of {batch_size}"
    )

    # A closure, since call looks for changes in arrays, and these are in a dictionary.
    def run(X: FloatValues, y: FloatValues, U: FloatValues, c: FloatValues) -> Any:
        rng = np.random.default_rng(7)
        params = {"U": U, "c": c}
        result = function(X, y, params, _line_gradient, lr, mu, epochs, batch_size, rng)
        if params.get("U") is not U or params.get("c") is not c:
            raise NotYet("train puts new arrays into the caller's dictionary: make a new one.")
        return [result]

    answers: list[dict[str, FloatValues]] = []
    for _ in range(2):
        try:
            (answer,) = call("train", run, X, y, *start.values(), also_answered=later)
        except NotYet as problem:
            if "changed its argument" in str(problem):
                raise NotYet(
                    "train changed the arrays that it was given. Start from copies, and write "
                    "fitted[name] = fitted[name] + ...: += changes the caller's array."
                ) from None
            if "broadcast" in str(problem):
                raise NotYet(f"{problem} Has each parameter a velocity of its own?") from None
            if "puts new arrays" in str(problem):
                raise NotYet(
                    "train puts new arrays into the caller's dictionary: make a dictionary of its "
                    "own."
                ) from None
            raise
        if answer is ...:
            if any(value is not ... for value in later):
                raise NotYet("train is still missing: write it first, the rest builds on it.")
            raise NotAttempted
        if not isinstance(answer, dict):
            raise NotYet(
                "train should return a dictionary of arrays, but what it returned is of type "
                f"{type(answer).__name__}."
            )
        given = cast(dict[str, Any], answer)
        if any(value is ... for value in given.values()):
            raise NotYet("An array in the dictionary that train returns is still missing.")
        if set(given) != set(_SHAPES):
            raise NotYet(
                f"{about} should return the names {sorted(_SHAPES)}, as in params, but it returned "
                f"{sorted(map(str, given))}."
            )
        answers.append(
            {
                name: require_array(f"{about}: {name!r}", given[name], shape)
                for name, shape in _SHAPES.items()
            }
        )
    if any(not np.allclose(answers[0][name], answers[1][name], rtol=1e-9) for name in _SHAPES):
        raise NotYet(
            "train gives something else when it is called again: set the velocities to 0 "
            "inside the function."
        )
    for name in _SHAPES:
        right = _trained("", lr, mu, epochs, batch_size)[name]
        told = {
            text: _trained(kind, lr, mu, epochs, batch_size)[name]
            for kind, text in _TRAIN_MISTAKES.items()
        }
        told["Nothing has changed: are the updates added to what is returned?"] = start[name]
        advice = (
            "Do one batch with mu = 0 first, then with mu; then two epochs: are all of them done, "
            "each with new batches? Is the gradient taken once a batch, before any parameter "
            "changes?"
        )
        require_close(f"{about}: {name!r}", answers[0][name], right, told, 1e-9, advice)


def _judge_ratios(
    name: str, ratios: FloatValues, measure: Callable[..., Any], plain_rate: float
) -> None:
    for seed in (1, 4):  # a sample, to save time
        memory = float(measure(0.01, 0.9, seed))
        right = memory / float(measure(plain_rate, 0, seed))
        if abs(ratios[seed] - right) <= 1e-6 * right:
            continue
        other = memory / float(measure(0.1 if plain_rate == 0.01 else 0.01, 0, seed))
        told = {
            "It is turned around: the loss with momentum stands above.": 1 / right,
            "These are the losses with momentum: divide by those without.": memory,
            "It is compared with plain descent at the other of the two rates: the effective rate "
            "of 0.01 with mu = 0.9 is not 0.01.": other,
            "The loss with momentum is that of rate 0.1: it stays at 0.01, and plain descent takes "
            "the effective rate.": float(measure(0.1, 0.9, seed)) / float(measure(0.1, 0, seed)),
            "It is a difference: divide instead.": memory - memory / right,
        }
        for text, wrong in told.items():
            if np.isclose(ratios[seed], wrong, rtol=1e-6):
                raise NotYet(f"{name} is wrong. {text}")
        raise NotYet(
            f"{name} holds {ratios[seed]:.4f} for seed {seed}, but training again gives another "
            "ratio. Are rates, mu and seeds 0 to 4 as asked, was it computed with the present "
            "train, and is it not rounded?"
        )


hint = hint_ladder(
    {
        1: (
            "Two things change in each step, in this order: the velocity, then w.",
            "velocity = mu * velocity - lr * slope(w), then w = w + velocity, then append w. On "
            "paper: the first velocity is -0.5 x 8.",
            'Lesson 4.5, "The smallest case, by hand", does four steps.',
        ),
        2: (
            "Turn each argument into classes of shape (n,), then compare once.",
            "values.ndim and values.shape[1] tell the three forms apart; values[:, 0] >= 0.5 is "
            "for the single column, values.argmax(axis=1) for several.",
            'Lesson 4.5, "Build it", shows what goes wrong with one column.',
        ),
        3: (
            "The velocity stands in the lesson. For the way, sum it over t = 1 to n: 1 gives n, "
            "and mu^t gives a geometric series.",
            "mu + mu^2 + ... + mu^n is mu times (1 + mu + ... + mu^(n-1)), which the lesson calls "
            "mu S. For the rate: lr / (1 - mu_old) = lr_new / (1 - mu_new).",
            'Lesson 4.5, "How long do the steps get?", finds S.',
        ),
        4: (
            "Two dictionaries: the parameters, copied, and a velocity of zeros for each.",
            "for each epoch, for X_batch, y_batch in mini_batches(...): slopes = "
            "gradient_fn(X_batch, y_batch, fitted), then velocity and parameter for each name. "
            "The effective rate of 0.01 with mu = 0.9 is 0.01 / (1 - 0.9).",
            'Lesson 4.5, "In the network", compares the same three settings.',
        ),
    }
)  # fmt: skip
