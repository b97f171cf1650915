"""Right and wrong answers to the exercises of part 4.4."""

import numpy as np

from course_lib.neural_network import relu, softmax


def regularize(kind="right"):
    """Exercise 1 of part 4.4, with one of the mistakes that are easily made."""

    def function(params, grads, lambda_):
        weights = [name for name in params if name.startswith("W") or kind == "biases"]
        squares = [np.sum(params[name] ** 2) for name in weights]
        penalty = {
            "no lambda": sum(squares),
            "by shape": lambda_ * sum(np.sum(W**2) for W in params.values() if len(W) > 1),
            "not squared": lambda_ * sum(np.sum(params[name]) for name in weights),
            "last": lambda_ * squares[-1],
            "two": lambda_ * sum(squares[:2]),
            "mean": lambda_ * sum(np.mean(params[name] ** 2) for name in weights),
        }.get(kind, lambda_ * sum(squares))
        factor = {"no 2": lambda_, "minus": -2 * lambda_}.get(kind, 2 * lambda_)
        if kind == "in place":
            for name in weights:
                grads[name] += factor * params[name]
            return penalty, grads
        total = dict(grads)
        for name in weights:
            total[name] = factor * params[name] + (0 if kind == "alone" else grads[name])
        if kind == "weights only":
            total = {name: total[name] for name in weights}
        if kind == "no price":
            total = grads
        if kind == "list":
            total = list(total.values())
        if kind == "transposed":
            total["W2"] = total["W2"].T
        return (total, penalty) if kind == "swapped" else (penalty, total)

    return function


def bias_price(params, grads, lambda_):
    penalty = lambda_ * sum(np.sum(A**2) for name, A in params.items() if name[0] == "W")
    return penalty, {name: grads[name] + 2 * lambda_ * params[name] for name in grads}


def drop(kind="right"):
    """Exercise 2 of part 4.4, with one of the mistakes that are easily made."""

    def function(A, p, training, rng):
        if not training:
            return {"scaled test": A * p, "divided test": A / p}.get(kind, A)
        if kind == "own dice":
            return A * (np.random.default_rng().random(A.shape) < p) / p
        if kind == "fixed dice":
            return A * (np.random.default_rng(0).random(A.shape) < p) / p
        shape = (len(A), 1) if kind == "rows" else A.shape
        kept = rng.random(shape) < (1 - p if kind == "drop p" else p)
        if kind == "reversed":
            kept = rng.random(A.shape) > p
        if kind == "normal":
            kept = rng.normal(size=A.shape) < p
        if kind == "counted":
            return A * kept / np.mean(kept)
        if kind == "in place":
            A *= kept / p
            return A
        factor = {"no 1/p": 1, "times p": p, "1-p": 1 / (1 - p) if p < 1 else 1, "never": 1}
        if kind == "never":
            kept = 1
        return A * kept * factor.get(kind, 1 / p)

    return function


def two_dimensional(A, p, training, rng):
    return A * (rng.random((A.shape[0], A.shape[1])) < p) / p if training else A


def fixed_number(A, p, training, rng):
    if not training:
        return A
    order = np.argsort(rng.random(A.size)).reshape(A.shape)
    return A * (order < round(p * A.size)) / p


def always_drop(A, p, training, rng):
    return A * (rng.random(A.shape) < p) / p


def other_way(A, p, training, rng):
    """The same by another road."""
    return np.where(rng.uniform(size=A.shape) >= 1 - p, A / p, 0.0) if training else A.copy()


def forward(kind="right"):
    """Exercise 3 of part 4.4, the forward pass."""

    def function(X, params, mask):
        A1 = relu(X @ params["W1"] + params["b1"])
        if kind == "no mask":
            return A1, softmax(A1 @ params["W2"] + params["b2"])
        if kind == "too late":
            return mask * A1, softmax(A1 @ params["W2"] + params["b2"])
        if kind == "0 or 1":
            mask = mask > 0
        A1 = A1 * mask
        Z2 = A1 @ params["W2"] + params["b2"]
        return A1, Z2 if kind == "no softmax" else softmax(Z2)

    return function


def gradients(kind="right"):
    """Exercise 3 of part 4.4, with one of the mistakes that are easily made."""

    def function(X, y, params, mask, lambda_):
        A1, A2 = forward()(X, params, mask)
        delta2 = (A2 - y) / (1 if kind == "no mean" else len(X))
        delta1 = delta2 @ params["W2"].T * (X @ params["W1"] + params["b1"] > 0)
        if kind == "no relu":
            delta1 = delta2 @ params["W2"].T
        if kind == "zeros only":
            delta1 = delta1 * (mask > 0)
        elif kind != "no mask":
            delta1 = delta1 * mask
        price = {"no price": 0, "no 2": lambda_, "minus": -2 * lambda_}.get(kind, 2 * lambda_)
        grads = {
            "W1": X.T @ delta1 + price * params["W1"],
            "b1": delta1.sum(axis=0, keepdims=kind != "flat"),
            "W2": A1.T @ delta2 + price * params["W2"],
            "b2": delta2.sum(axis=0, keepdims=True),
        }
        if kind == "biases":
            grads["b1"] = grads["b1"] + price * params["b1"]
        if kind == "dropped free":
            grads["W1"] = X.T @ delta1 + price * params["W1"] * (mask.max(axis=0) > 0)
        if kind == "half":
            grads["W2"] = ...
        if kind == "missing":
            del grads["b2"]
        return tuple(grads.values()) if kind == "tuple" else grads

    return function


def untouched(*_):
    return {"W1": ..., "b1": ..., "W2": ..., "b2": ...}


def train(p, seed, share):
    """Stands in for a training, and is quicker."""
    gain = 0.05 if share else 0.002 * (-1) ** seed
    return 0.8 + 0.01 * seed - 0.1 * share + (gain if p < 1 else 0)


def paired(kind="right"):
    """Exercise 4 of part 4.4, with one of the mistakes that are easily made."""

    def function(train, p, share, seeds):
        if kind == "own seeds":
            seeds = range(len(seeds))
        if kind == "own p":
            p = 0.5
        if kind == "own share":
            share = 0.3
        first = np.array([train(p, seed, share) for seed in seeds])
        second = np.array([train(0 if kind == "p 0" else 1, seed, share) for seed in seeds])
        result = {
            "minus": second - first,
            "with": first,
            "without": second,
            "better": (first > second) * 1,
            "mean": np.mean(first - second),
            "unpaired": first - np.roll(second, 1),
            "sizes": np.abs(first - second),
        }
        return result.get(kind, first - second)

    return function


def wrong_order(train, p, share, seeds):
    return [train(seed, p, share) - train(seed, 1, share) for seed in seeds]


def other_train(_, p, share, seeds):
    return [train(p, seed, share) - train(1, seed, share) for seed in seeds]


NOISY, CLEAN = paired()(train, 0.5, 0.3, range(5)), paired()(train, 0.5, 0.0, range(5))
HELPS, NEITHER = "helps", "no clear difference"

WRONG = {
    1: [
        ((21, -3, regularize()), "It is the sum of the squares: multiply it by lambda"),
        ((7, -3, regularize()), "the penalty counts both layers"),
        ((5.5, -3, regularize()), "square each of them first"),
        ((10, -3, regularize()), "penalty_by_hand is 10, which is too small"),
        ((10.5, -1.5, regularize()), "slope_by_hand is wrong. The 2 is missing"),
        ((10.5, 3, regularize()), "The entry is negative"),
        ((10.5, ..., regularize()), "slope_by_hand is still missing."),
        ((..., ..., regularize()), "penalty_by_hand is still missing."),
        ((10.5, -3, lambda *a: (..., ...)), "regularize is still missing: write it first"),
        ((10.5, -3, regularize("biases")), "It counts the biases too"),
        ((10.5, -3, bias_price), "gradient of b1 from regularize on a trial with three layers"),
        ((10.5, -3, regularize("no lambda")), "Lambda is missing."),
        ((10.5, -3, regularize("not squared")), "The weights are not squared"),
        ((10.5, -3, regularize("last")), "It holds the last layer only"),
        ((10.5, -3, regularize("two")), "there may be any number of them"),
        ((10.5, -3, regularize("mean")), "L2 takes the sum"),
        ((10.5, -3, regularize("by shape")), "go by the name, not by the shape"),
        ((10.5, -3, regularize("no 2")), "The 2 is missing"),
        ((10.5, -3, regularize("minus")), "The sign is turned around"),
        ((10.5, -3, regularize("alone")), "the gradient of the penalty alone"),
        ((10.5, -3, regularize("no price")), "the gradient of the loss alone"),
        ((10.5, -3, regularize("weights only")), "has no 'b1'"),
        ((10.5, -3, regularize("in place")), "changed its argument grads"),
        ((10.5, -3, regularize("list")), "of type list"),
        ((10.5, -3, regularize("swapped")), "should be a number"),
        ((10.5, -3, regularize("transposed")), "Is it transposed?"),
    ],
    2: [
        ((drop("drop p"), 0.4, 2.5, 3), "p is the probability to KEEP an entry"),
        ((drop("reversed"), 0.4, 2.5, 3), "p is the probability to KEEP an entry"),
        ((drop("no 1/p"), 0.4, 2.5, 3), "It is not divided by p"),
        ((drop("times p"), 0.4, 2.5, 3), "It is multiplied by p instead of divided"),
        ((drop("1-p"), 0.4, 2.5, 3), "divide by p"),
        ((drop("rows"), 0.4, 2.5, 3), "a row is kept or dropped as a whole"),
        ((drop("never"), 0.4, 2.5, 3), "nothing is dropped"),
        ((drop("normal"), 0.4, 2.5, 3), "even from 0 to 1"),
        ((drop("own dice"), 0.4, 2.5, 3), "Use rng, not np.random"),
        ((drop("fixed dice"), 0.4, 2.5, 3), "another rng drops the same entries"),
        ((drop("counted"), 0.4, 2.5, 3), "divide by p itself"),
        ((drop("in place"), 0.4, 2.5, 3), "changed its argument A"),
        ((drop("scaled test"), 0.4, 2.5, 3), "since training divides by p"),
        ((drop("divided test"), 0.4, 2.5, 3), "at test time nothing changes at all"),
        ((always_drop, 0.4, 2.5, 3), "at test time"),
        ((two_dimensional, 0.4, 2.5, 3), "called with A (6,)"),
        ((fixed_number, 0.4, 2.5, 3), "the same number of entries with every rng"),
        ((lambda *a: ..., 0.4, 2.5, 3), "drop is still missing: write it first"),
        ((drop(), 0.65, 2.5, 3), "an entry has to survive both throws"),
        ((drop(), 0.6, 2.5, 3), "the chance to be dropped"),
        ((drop(), 0.4, 0.4, 3), "It is divided by p each time"),
        ((drop(), 0.4, 2.5, 7.5), "Multiply by the chance to be kept"),
        ((drop(), 0.4, 2.5, ...), "drop is right. expected_of_3 is still missing."),
    ],
    3: [
        ((forward("no mask"), gradients(), 0.998, 347), "The mask is missing."),
        ((forward("too late"), gradients(), 0.998, 347), "It does not see the mask"),
        ((forward("0 or 1"), gradients(), 0.998, 347), "The mask is used as 0 or 1"),
        ((forward("no softmax"), gradients(), 0.998, 347), "The softmax is missing"),
        ((lambda *a: (..., ...), untouched, 0.998, 347), "forward is still missing: write it"),
        ((forward(), untouched, ..., ...), "forward is right. gradients is still missing."),
        ((forward(), gradients("no mask"), 0.998, 347), "The mask is missing on the way back"),
        ((forward(), gradients("zeros only"), 0.998, 347), "its factor is 1/p, on the way back"),
        ((forward(), gradients("no relu"), 0.998, 347), "The slope of ReLU is missing"),
        ((forward(), gradients("no mean"), 0.998, 347), "divide by their number"),
        ((forward(), gradients("no price"), 0.998, 347), "The price is missing"),
        ((forward(), gradients("no 2"), 0.998, 347), "The 2 is missing"),
        ((forward(), gradients("minus"), 0.998, 347), "The price has the wrong sign"),
        ((forward(), gradients("biases"), 0.998, 347), "The biases pay a price too"),
        ((forward(), gradients("dropped free"), 0.998, 347), "dropped in every row pay no price"),
        ((forward(), gradients("flat"), 0.998, 347), "keepdims=True"),
        ((forward(), gradients("half"), 0.998, 347), "the 'W2' of what gradients returns is still"),
        ((forward(), gradients("missing"), 0.998, 347), "has no 'b2'"),
        ((forward(), gradients("tuple"), 0.998, 347), "a dictionary with W1, b1, W2, b2"),
        ((forward(), gradients(), 0.999, 347), "factor is wrong. The 2 is missing"),
        ((forward(), gradients(), 0.002, 347), "what remains?"),
        ((forward(), gradients(), 0.998, 346), "still a little above half"),
        ((forward(), gradients(), 0.998, 250), "multiplied in each step, not subtracted"),
        ((forward(), gradients(), 0.998, ...), "All before it is right. steps is still missing."),
    ],
    4: [
        ((train, paired("minus"), NOISY, CLEAN, HELPS, NEITHER), "turn the difference around"),
        ((train, paired("p 0"), NOISY, CLEAN, HELPS, NEITHER), "p is the probability to keep"),
        ((train, paired("with"), NOISY, CLEAN, HELPS, NEITHER), "subtract those without"),
        ((train, paired("without"), NOISY, CLEAN, HELPS, NEITHER), "subtract them from those"),
        ((train, paired("unpaired"), NOISY, CLEAN, HELPS, NEITHER), "take the same seed for both"),
        ((train, paired("own p"), NOISY, CLEAN, HELPS, NEITHER), "It uses its own p"),
        ((train, paired("own share"), NOISY, CLEAN, HELPS, NEITHER), "It uses its own share"),
        ((train, paired("own seeds"), NOISY, CLEAN, HELPS, NEITHER), "use the argument seeds"),
        ((train, paired("better"), NOISY, CLEAN, HELPS, NEITHER), "return the difference"),
        ((train, wrong_order, NOISY, CLEAN, HELPS, NEITHER), "p, seed, share, in this order"),
        ((train, other_train, NOISY, CLEAN, HELPS, NEITHER), "never calls its argument"),
        ((train, paired("sizes"), NOISY, CLEAN, HELPS, NEITHER), "differ in p only"),
        ((train, paired("mean"), NOISY, CLEAN, HELPS, NEITHER), "should be an array of shape (3,)"),
        ((train, lambda *a: ..., NOISY, CLEAN, HELPS, NEITHER), "paired is still missing: write"),
        ((train, paired(), ..., ..., ..., ...), "paired is right. noisy is still missing."),
        ((train, paired(), CLEAN, NOISY, HELPS, NEITHER), "are the two swapped"),
        ((train, paired(), -NOISY, CLEAN, HELPS, NEITHER), "gives another difference"),
        ((train, paired(), NOISY, CLEAN, NEITHER, NEITHER), "verdict_noisy is not what the rule"),
        ((train, paired(), NOISY, CLEAN, HELPS, HELPS), "verdict_clean is not what the rule"),
        ((train, paired(), NOISY, CLEAN, HELPS, "maybe"), "verdict_clean should be"),
        ((train, paired(), NOISY, CLEAN, HELPS, ...), "verdict_clean is still missing."),
    ],
}
RIGHT = {
    1: (10.5, -3, regularize()),
    2: (other_way, 0.4, 2.5, 3),
    3: (forward(), gradients(), 0.998, 347),
    4: (train, paired(), NOISY, CLEAN, HELPS, NEITHER),
}
