"""The checks of part 3.4, backpropagation."""

from collections.abc import Callable, Mapping, Sequence
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
    FloatArray,
    Parameters,
    backward_mlp,
    cross_entropy,
    forward_mlp,
    gradient_descent_general,
    relu,
    softmax,
)

NAMES = ("W1", "b1", "W2", "b2")


def _forward(X: FloatArray, params: Parameters) -> tuple[FloatArray, FloatArray]:
    return forward_mlp(X, params["W1"], params["b1"], params["W2"], params["b2"])


def _gradient(
    X: FloatArray, y: FloatArray, outputs: tuple[FloatArray, FloatArray], params: Parameters
) -> Parameters:
    gradients = backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def _odd_network(seed: int = 3) -> tuple[FloatValues, FloatValues, Parameters]:
    """Five rows, four inputs, six hidden units (one of them dead), three classes: all differ."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(5, 4))
    X[1] = 0
    X[3, 0] = 4
    y = np.eye(3)[[0, 2, 1, 1, 0]]
    b1 = np.array([[0.1, -0.2, 0.3, -50.0, 0.05, 0.2]])
    params = {
        "W1": rng.normal(size=(4, 6)) * 0.7,
        "b1": b1,
        "W2": rng.normal(size=(6, 3)) * 0.6,
        "b2": np.array([[0.2, -0.1, 0.0]]),
    }
    return X, y, params


# ------------------------------------------------------------------------ 1: backward pass

_SHAPES = {
    "delta2": (4, 2),
    "grad_W2": (3, 2),
    "grad_b2": (1, 2),
    "delta1": (4, 3),
    "grad_W1": (2, 3),
    "grad_b1": (1, 3),
}


def _judge_shapes(shapes: object) -> bool:
    """Whether the learner has answered at all; raises where an answer is wrong."""
    if not isinstance(shapes, dict):
        raise NotYet(
            f"shapes should be a dictionary of tuples, but it is of type {type(shapes).__name__}."
        )
    given = cast(dict[str, Any], shapes)
    missing = [name for name in _SHAPES if name not in given]
    if missing:
        raise NotYet(f"shapes has no entry {missing[0]!r}.")
    if all(given[name] is ... for name in _SHAPES):
        return False
    for name, right in _SHAPES.items():
        answer = given[name]
        if answer is ...:
            raise NotYet(f"the shape of {name} is still missing.")
        if not isinstance(answer, (tuple, list)):
            raise NotYet(f"the shape of {name} should be a tuple such as (4, 2).")
        came = tuple(cast(Sequence[object], answer))
        if came == right:
            continue
        told = ""
        if came == right[::-1]:
            told = " That is transposed."
        elif name.startswith("delta"):
            told = " A delta has a row for each sample, and a column for each unit of its layer."
        elif name.startswith("grad_b") and came == right[1:]:
            told = " A bias of the course has two dimensions."
        elif name.startswith("grad"):
            told = " A gradient has the shape of its parameter, however many rows there are."
        raise NotYet(f"{came} is not the shape of {name}.{told}")
    return True


def _backward(
    X: FloatValues, y: FloatValues, params: Parameters, kind: str = ""
) -> tuple[FloatValues, ...]:
    """Exercise 1 done right, or with one of the mistakes that are easily made."""
    A1, A2 = _forward(X, params)
    delta2 = y - A2 if kind == "sign" else A2 - y
    if kind == "softmax slope":
        delta2 = delta2 * A2 * (1 - A2)
    if kind == "twice":
        delta2 = 2 * delta2
    gate = {"forgotten": np.ones_like(A1), "A1": A1, "not": (A1 <= 0) * 1.0}.get(kind, A1 > 0)
    delta1 = (delta2 @ params["W2"].T) * gate
    scale = {"sum": 1, "mean twice": len(X) ** 2}.get(kind, len(X))
    weights = len(X) if kind == "bias sum" else 1
    return (
        X.T @ delta1 / scale,
        delta1.sum(axis=0, keepdims=True) / scale * weights,
        A1.T @ delta2 / scale,
        delta2.sum(axis=0, keepdims=True) / scale * weights,
    )


_BACKWARD_MISTAKES = {
    "sign": "The sign is turned around: delta2 is the answer minus the target.",
    "forgotten": "The ReLU is forgotten: what came back to a blocked unit must not pass. "
    "(A1 >= 0 is true everywhere.)",
    "A1": "It is multiplied by A1 itself: the slope of ReLU is 1 where A1 > 0, else 0.",
    "not": "The gate is the wrong way round: it is open where A1 > 0.",
    "sum": "It is the sum over the rows: the loss is a mean, so divide by their number.",
    "bias sum": "It is the sum over the rows, but a bias has the column mean.",
    "mean twice": "It is divided by the number of rows twice.",
    "softmax slope": "A factor A2 (1 - A2) is too many: A2 - y has the slope of softmax in it.",
    "twice": "It is twice too large: there is no square in this loss.",
}


@exercise(1)
def exercise_1(shapes: object, backward: object) -> str:
    """Six shapes, and ``backward(X, A1, A2, y, W2) -> four gradients``."""
    function = require_function("backward", backward)
    X, y, params = _odd_network()
    A1, A2 = _forward(X, params)
    arguments = (X, A1, A2, y, params["W2"])
    if shapes is ... or not _judge_shapes(shapes):
        call("backward", function, *arguments, parts=4)  # raises if that is untouched, too
        raise NotYet("the shapes are still missing: they tell you what to transpose.")
    answers = call("backward", function, *arguments, parts=4, also_answered=[shapes])
    about = "on a trial with 5 rows, 4 inputs, 6 hidden units and 3 classes"
    for place, name in enumerate(NAMES):
        answer = require_array(f"grad_{name} {about}", answers[place], params[name].shape)
        right = _backward(X, y, params)[place]
        mistakes = {
            told: _backward(X, y, params, kind)[place]
            for kind, told in _BACKWARD_MISTAKES.items()
            if kind != ("sum" if name in ("b1", "b2") else "bias sum")
        }
        advice = "Compare with numerical_gradient: is the ratio always the same number?"
        require_close(f"grad_{name} {about}", answer, right, mistakes, 1e-9, advice)
    return (
        "All four gradients are right, also with a unit that is blocked in every row, whose "
        "columns are 0. Each gradient has the shape of its parameter. (In 2 -> 3 -> 2, inputs and "
        "classes are equally many, and a shape alone could mislead: try sizes that all differ.)"
    )


# ----------------------------------------------------------------------------- 2: one step


def _step(
    X: FloatValues, y: FloatValues, params: Parameters, lr: float, kind: str = ""
) -> Parameters:
    """Exercise 2 done right, or with one of the mistakes that are easily made."""
    outputs = _forward(X, params)
    gradients = _gradient(X, y, outputs, params)
    if kind == "new W2":
        changed = params | {"W2": params["W2"] - lr * gradients["W2"]}
        gradients = gradients | {
            name: _gradient(X, y, outputs, changed)[name] for name in ("W1", "b1")
        }
    factor = {"uphill": lr, "no rate": -1.0, "twice": -2 * lr, "per row": -lr / len(X)}.get(
        kind, -lr
    )
    new = {name: params[name] + factor * gradients[name] for name in NAMES}
    if kind == "weights only":
        new |= {name: params[name] for name in ("b1", "b2")}
    if kind == "output only":
        new |= {name: params[name] for name in ("W1", "b1")}
    if kind == "gradients":
        new = gradients
    return new


_STEP_MISTAKES = {
    "uphill": "The step goes uphill: subtract rate times gradient.",
    "no rate": "The rate is missing.",
    "twice": "The step is twice too long.",
    "per row": "It is divided by the number of rows once more: backward_mlp has done that.",
    "weights only": "The biases have not moved: they have gradients, too.",
    "output only": "The first layer has not moved.",
    "new W2": "W2 moved before the gradients of the first layer were computed: take all four "
    "gradients first, then move.",
    "gradients": "These are the gradients: subtract rate times gradient from the parameters.",
}


def _as_params(answer: object, like: Parameters) -> Parameters:
    if not isinstance(answer, dict):
        raise NotYet(
            "one_step should return a dictionary with W1, b1, W2 and b2, but what it returned is "
            f"of type {type(answer).__name__}."
        )
    given = cast(dict[str, Any], answer)
    for name in NAMES:
        if name not in given:
            raise NotYet(f"one_step returned no {name!r}: return all four parameters.")
        if given[name] is ...:
            raise NotYet(f"the {name!r} that one_step returns is still missing.")
    return {
        name: require_array(f"{name} after one_step", given[name], like[name].shape)
        for name in NAMES
    }


def _call_step(
    function: Callable[..., Any], *arguments: Any, also_answered: Sequence[object]
) -> Any:
    """Call it, and tell a change of the old dictionary and its arrays."""
    X, y, params, lr = arguments
    given = {name: value.copy() for name, value in params.items()}
    caught: list[Any] = []

    def watched(X: FloatArray, y: FloatArray, params: object, lr: float) -> Any:
        caught.append(params)
        return function(X, y, params, lr)

    answer = call("one_step", watched, X, y, given, lr, also_answered=also_answered)
    (after,) = caught
    if any(np.any(after[name] != params[name]) for name in NAMES):
        raise NotYet(
            "one_step changed the dictionary params that it was given. Make a new one: "
            "params[name] -= ... and params[name] = ... change the caller's."
        )
    return answer


def _losses(X: FloatValues, y: FloatValues, params: Parameters, lr: float, steps: int) -> list[Any]:
    losses = [cross_entropy(_forward(X, params)[1], y)]
    for _ in range(steps):
        params = _step(X, y, params, lr)
        losses.append(cross_entropy(_forward(X, params)[1], y))
    return losses


@exercise(2)
def exercise_2(one_step: object, losses_of: object) -> str:
    """``one_step(X, y, params, lr) -> params`` and ``losses_of(..., num_steps) -> losses``."""
    step, losses = require_function("one_step", one_step), require_function("losses_of", losses_of)
    for seed, lr in ((3, 0.3), (4, 0.05)):
        X, y, params = _odd_network(seed)
        touched = [losses] if is_started(losses, X, y, params, lr, 2) else []
        new = _as_params(_call_step(step, X, y, params, lr, also_answered=touched), params)
        for name in NAMES:
            mistakes = {
                told: _step(X, y, params, lr, kind)[name] for kind, told in _STEP_MISTAKES.items()
            }
            mistakes["It has not moved."] = params[name]
            right = _step(X, y, params, lr)[name]
            require_close(f"{name} after one step of rate {lr}", new[name], right, mistakes, 1e-9)
    X, y, params = _odd_network(5)
    lr = 6.0  # so large that the first step raises the loss: sorted losses are seen
    answer = call("losses_of", losses, X, y, params, lr, 4, right_so_far="one_step")
    right = _losses(X, y, params, lr, 5)
    told = "losses_of for 4 steps of rate 6"
    if np.shape(answer) == (4,):
        where = "before the first step" if np.isclose(answer[0], right[1]) else "after the last"
        raise NotYet(f"{told} has 4 losses: the one {where} is missing.")
    values = require_array(told, answer, (5,))
    mistakes = {
        "It starts after the first step: begin with the loss before it.": np.array(right[1:]),
        "The losses are sorted: leave them in the order of the steps.": np.sort(right[:5])[::-1],
        "It is the same loss every time: go on from the new parameters, not from the old.": (
            np.array([right[0], *[right[1]] * 4])
        ),
        "The loss never changes: put the new parameters back into the forward pass.": np.full(
            5, right[0]
        ),
    }
    require_close(told, values, np.array(right[:5]), mistakes, 1e-9)
    return (
        "Both are right. The loss falls as long as the rate is small; a rate that is too large "
        "steps across the valley, or kills hidden units."
    )


# -------------------------------------------------------------------- 3: other activations


def _other_delta1(
    delta2: FloatValues, W2: FloatValues, Z1: FloatValues, activation: str, kind: str = ""
) -> FloatValues:
    """Exercise 3 done right, or with one of the mistakes that are easily made."""
    A1 = 1 / (1 + np.exp(-Z1)) if activation == "sigmoid" else np.tanh(Z1)
    again = 1 / (1 + np.exp(-A1)) if activation == "sigmoid" else np.tanh(A1)
    slopes: dict[str, Any] = {
        "sigmoid": A1 * (1 - A1),
        "tanh": 1 - A1**2,
        "relu": A1 > 0,
        "none": np.ones_like(A1),
        "linear": 1 - A1,
        "output": A1,
        "again": again * (1 - again) if activation == "sigmoid" else 1 - again**2,
        "negative": -(1 - A1**2),
        "plus": 1 + A1**2,
        "flipped": A1**2 - A1,
    }
    back = relu(delta2 @ W2.T) if kind == "relu of it" else delta2 @ W2.T
    return back * slopes[kind if kind in slopes else activation]


_DELTA_MISTAKES = {
    "sigmoid": "That is the slope of the sigmoid.",
    "tanh": "That is the slope of tanh.",
    "none": "The slope of the activation is missing. (A1 > 0 is no help: of a sigmoid it is always "
    "true.)",
    "relu": "That is the gate of ReLU: this activation has another slope.",
    "linear": "Your factor is 1 - A1, which is not the slope of this activation: derive it once "
    "more.",
    "output": "Your factor is the activation itself: take its slope.",
    "again": "The activation is applied twice: A1 is already its result.",
    "negative": "The sign of the slope is turned around: tanh rises everywhere.",
    "flipped": "The sign of the slope is turned around: the sigmoid rises everywhere.",
    "plus": "Your factor is 1 + A1^2, but the slope of tanh is nowhere above 1.",
    "relu of it": "A ReLU is applied to what comes back: the slopes may be negative.",
}


@exercise(3)
def exercise_3(delta1_sigmoid: object, delta1_tanh: object) -> str:
    """``delta1_...(delta2, W2, A1)`` for hidden units with a sigmoid and with tanh."""
    rng = np.random.default_rng(8)
    Z1, W2 = rng.normal(size=(5, 4)) * 1.5, rng.normal(size=(4, 3))
    Z1[0, 0], Z1[2, 1] = 0, -3
    delta2 = softmax(rng.normal(size=(5, 3))) - np.eye(3)[[2, 0, 0, 1, 2]]
    answers = {"sigmoid": delta1_sigmoid, "tanh": delta1_tanh}
    hidden = {"sigmoid": 1 / (1 + np.exp(-Z1)), "tanh": np.tanh(Z1)}
    functions = {
        kind: require_function(f"delta1_{kind}", answer) for kind, answer in answers.items()
    }
    touched = [kind for kind in answers if is_started(functions[kind], delta2, W2, hidden[kind])]
    if not touched:
        raise NotAttempted
    for kind, function in functions.items():
        name = f"delta1_{kind}"
        if kind not in touched:
            other = "delta1_sigmoid" if kind == "tanh" else "delta1_tanh"
            raise NotYet(f"{name} is still missing; {other} is there.")
        about = f"{name} on a trial with 5 rows, 4 hidden units and 3 classes"
        answer = require_array(about, call(name, function, delta2, W2, hidden[kind]), (5, 4))
        mistakes = {
            told: _other_delta1(delta2, W2, Z1, kind, wrong)
            for wrong, told in _DELTA_MISTAKES.items()
            if wrong != kind
        }
        advice = "Check the slope at A1 = 0 and where A1 is close to 1."
        right = _other_delta1(delta2, W2, Z1, kind)
        require_close(about, answer, right, mistakes, 1e-9, advice)
    return (
        "Only one factor of the backward pass belongs to the activation. The sigmoid's is at "
        "most 1/4, that of tanh at most 1 (at z = 0), and both go to 0 where the unit is sure."
    )


# -------------------------------------------------------------------- 4: a race of the rates

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)


def _race(
    X: FloatValues, y: FloatValues, start: Parameters, rates: Sequence[float], kind: str = ""
) -> dict[float, list[float]]:
    """Exercise 4 done right, or with one of the mistakes that are easily made."""
    histories: dict[float, list[float]] = {}
    shared, params = np.random.default_rng(0), start
    for lr in rates:
        rng = shared if kind == "shared" else np.random.default_rng(0)
        after, histories[lr] = gradient_descent_general(
            X, y, params, lr, 1 if kind == "one epoch" else 8, _forward, _gradient, cross_entropy,
            batch_size=None if kind == "all rows" else 32, rng=rng,
        )  # fmt: skip
        params = after if kind == "goes on" else start
    return histories


_RACE_MISTAKES = {
    "shared": "All trainings share one generator, so each shuffles differently: make a new one, "
    "np.random.default_rng(0), for each.",
    "goes on": "Each training goes on where the one before it ended: begin from start each time.",
    "all rows": "All rows are in one batch: batch_size=32.",
}

# Last losses and whether they fall, on both sides of every border.
_TRIALS: tuple[tuple[list[float], int, str], ...] = (
    ([2.0, 1.5, 0.2], 10, "good"),
    ([2.0, 2.5, 0.1], 10, "good"),
    ([3.5, 2.9, 2.6], 10, "slow"),
    ([2.0, 1.0, 0.26], 10, "slow"),
    ([0.6, 0.3, 0.1], 2, "slow"),
    ([2.0, 1.0, 1.2, 0.9], 10, "unstable"),
    ([0.3, 0.25, 0.28], 10, "unstable"),
    ([2.0, 2.0, 1.0], 10, "unstable"),
    ([2.5, 2.6, 2.9], 10, "unstable"),
    ([2.0, 0.1, 2.5], 10, "unstable"),
    ([2.0, float("nan"), float("nan")], 10, "unstable"),
)


@exercise(4)
def exercise_4(race: object, judge: object, histories: object, best: object) -> str:
    """``race(X, y, start, rates)``, ``judge(losses, k)``, its result, and the best rate."""
    run, decide = require_function("race", race), require_function("judge", judge)
    rng = np.random.default_rng(6)
    X, y = rng.normal(size=(70, 3)), np.eye(4)[rng.integers(4, size=70)]
    start = {
        "W1": rng.normal(size=(3, 5)), "b1": np.zeros((1, 5)),
        "W2": rng.normal(size=(5, 4)), "b2": np.zeros((1, 4)),
    }  # fmt: skip
    rates = (0.5, 0.01, 0.1)
    touched: list[object] = [1] if is_started(decide, [2.0, 1.0], 10) else []
    touched += [1] if best is not ... else []
    answer = call("race", run, X, y, start, rates, also_answered=touched)
    _judge_race(answer, X, y, start, rates)
    for losses, k, right in _TRIALS:
        came = call("judge", decide, losses, k, right_so_far="race")
        if came not in ("good", "slow", "unstable"):
            raise NotYet(f'judge should return "good", "slow" or "unstable", not {came!r}.')
        if came != right:
            told = " No comparison with nan is true." if np.isnan(losses[-1]) else ""
            raise NotYet(
                f"judge says {came!r} of the losses {losses} with {k} classes (ln {k} = "
                f"{np.log(k):.2f}), but by the rules that is {right!r}.{told}"
            )
    _judge_best(histories, best)
    return (
        f"The best of the rates is {best}. Those far below it are slow, those far above it are "
        "unstable; good ones lie close together, within a factor of ten or a little more."
    )


def _judge_race(
    answer: object, X: FloatValues, y: FloatValues, start: Parameters, rates: Sequence[float]
) -> None:
    if not isinstance(answer, dict):
        raise NotYet(
            "race should return a dictionary {rate: list of losses}, but what it returned is of "
            f"type {type(answer).__name__}."
        )
    found = cast(Mapping[float, Any], answer)
    if set(found) != set(rates):
        raise NotYet(f"race was called with the rates {rates}, but it returned {list(found)}.")
    wrong = {kind: _race(X, y, start, rates, kind) for kind in _RACE_MISTAKES}
    for lr, right in _race(X, y, start, rates).items():
        about = f"what race returned for rate {lr}"
        losses = found[lr]
        if isinstance(losses, tuple):
            raise NotYet(f"{about} is a tuple: gradient_descent_general returns two things.")
        if np.ndim(losses) == 0 and not callable(losses):
            raise NotYet(f"{about} should be the whole list of losses, not one number.")
        values = require_array(about, losses, (8,))
        mistakes = {_RACE_MISTAKES[kind]: np.array(runs[lr]) for kind, runs in wrong.items()}
        advice = "Take start, 8 epochs, batches of 32, and rng=np.random.default_rng(0)."
        require_close(about, values, np.array(right), mistakes, 1e-6, advice)


def _judge_best(histories: object, best: object) -> None:
    if best is ...:
        raise NotYet("race and judge are right. best is still missing.")
    rate = require_number("best", best)
    if not isinstance(histories, dict) or not set(RATES) <= set(cast(dict[float, Any], histories)):
        raise NotYet("histories should hold all nine rates: run the cell with the race again.")
    ends = {
        lr: float(losses[-1]) for lr, losses in cast(dict[float, list[float]], histories).items()
    }
    if rate not in ends:
        raise NotYet(f"best = {rate:g} is none of the rates: give the rate, not its loss or place.")
    if ends[rate] > 1.2 * min(ends.values()):
        lowest = min(ends, key=lambda lr: ends[lr])
        side = "small" if rate < lowest else "large"
        raise NotYet(
            f"best = {rate:g} is too {side}: it ends at {ends[rate]:.3f}, and another ends lower."
        )


hint = hint_ladder(
    {
        1: (
            "Start from delta2 = A2 - y. Each gradient has the shape of its parameter, and each "
            "delta one row a sample.",
            "delta1 is delta2 sent back through W2, where A1 > 0. Weights: what came in, "
            "transposed, times delta; divide by the number of rows.",
            'Lesson 3.4, "Third way: matrices, a batch at once", has all the products.',
        ),
        2: (
            "forward gives (A1, A2), and backward_mlp gives the four gradients in the order W1, "
            "b1, W2, b2.",
            "new = {}; then new[name] = params[name] - lr * gradient for each of the four. In "
            "losses_of: append the loss, step, and go on from the result.",
            'Lesson 3.4, "A trainer for any model", has the step in its loop.',
        ),
        3: (
            "delta2 @ W2.T is the same for any activation; it is multiplied by f'(z), written "
            "with a = f(z).",
            "For tanh = s / c, s' is c and c' is s: put both into the quotient rule, and split the "
            "fraction in two. What is s / c?",
            'Lesson 3.4, "First way: by hand", shows where the slope of the activation comes in.',
        ),
        4: (
            "A loop over rates; gradient_descent_general returns (params, losses).",
            "histories[lr] = the second of the two. In judge: losses[-1] < np.log(k) / 10 first, "
            "then np.diff(losses) < 0.",
            'Lesson 3.4, "Experiment", runs such a race.',
        ),
    }
)
