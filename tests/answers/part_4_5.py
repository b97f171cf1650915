"""Right and wrong answers to the exercises of part 4.5."""

import numpy as np

from course_lib.neural_network import (
    gradient_descent_general,
    mini_batches,
    momentum_update,
    mse_loss,
)


def rolling(kind="right"):
    """Exercise 1 of part 4.5, with one of the mistakes that are easily made."""

    def roll(w, slope, mu, lr, n):
        velocity, start, positions = np.zeros_like(w), w, []
        for _ in range(n):
            g = slope(start if kind == "start" else w)
            last = velocity
            velocity = mu * velocity - lr * g
            velocity = {
                "plain": -lr * g,
                "uphill": mu * last + lr * g,
                "both": mu * (last - lr * g),
                "average": mu * last - (1 - mu) * lr * g,
            }.get(kind, velocity)
            if kind == "in place":
                w += velocity
                positions.append(w)
                continue
            w = w + (last if kind == "old" else velocity)
            positions.append(velocity if kind == "velocities" else w)
        if kind == "with start":
            return [start, *positions]
        return {"last": w, "same": [w] * n, "tuple": tuple(positions)}.get(kind, positions)

    return roll


def rate_outside(w, slope, mu, lr, n):
    """The same positions by the other convention: the rate multiplies at the end."""
    velocity, positions = 0, np.zeros((n, *w.shape))
    for i in range(n):
        velocity = mu * velocity + slope(w)
        w = w - lr * velocity
        positions[i] = w
    return positions


def share(kind="right"):
    """Exercise 2 of part 4.5, with one of the mistakes that are easily made."""

    def classes(values):
        if values.ndim == 1:
            return values
        if kind == "last column" and values.shape[1] == 2:
            return values[:, -1] >= 0.5
        if values.shape[1] > 1 or kind == "argmax":
            return values.argmax(axis=1)
        if kind == "as it is":
            return values[:, 0]
        if kind == "lost":
            return values >= 0.5
        return values[:, 0] > 0.5 if kind == "above" else values[:, 0] >= 0.5

    def share_right(y_pred, y_true):
        if kind == "truth as it is" and y_true.ndim == 2 and y_true.shape[1] == 1:
            y_true = y_true[:, 0]
        right = classes(y_pred) == classes(y_true)
        if kind == "array":
            return right
        return {"count": right.sum(), "percent": 100 * right.mean(), "wrong": 1 - right.mean()}.get(
            kind, right.mean()
        )

    return share_right


def velocity_after(n, g, mu, lr):
    return -lr * g * (1 - mu**n) / (1 - mu)


def by_looping(n, g, mu, lr):
    velocity = 0
    for _ in range(n):
        velocity = mu * velocity - lr * g
    return velocity


def moved_after(n, g, mu, lr):
    return -lr * g * (n * (1 - mu) - mu * (1 - mu**n)) / (1 - mu) ** 2


def same_effective(lr, mu_old, mu_new):
    effective = lr / (1 - mu_old)
    return effective * (1 - mu_new)


def loop(kind="right"):
    """Exercise 4 of part 4.5, with one of the mistakes that are easily made."""
    kept = {}

    def train(X, y, params, gradient_fn, lr, mu, num_epochs, batch_size, rng):
        fitted = params if kind == "same dictionary" else dict(params)
        velocity = kept if kind == "global" else {}
        listed = list(mini_batches(X, y, batch_size, rng)) if kind == "listed" else []
        for _ in range(num_epochs):
            if kind == "each epoch":
                velocity = {}
            for X_batch, y_batch in listed or mini_batches(X, y, batch_size, rng):
                if kind == "each batch":
                    velocity = {}
                rows = (X, y) if kind == "all rows" else (X_batch, y_batch)
                slopes = gradient_fn(*rows, params if kind == "start" else fitted)
                for name, slope in slopes.items():
                    velocity[name] = mu * velocity.get(name, 0) - lr * slope
                    if kind == "shared":
                        velocity = dict.fromkeys(slopes, velocity[name])
                    if kind == "in place":
                        fitted[name] += velocity[name]
                    else:
                        fitted[name] = fitted[name] + velocity[name]
        return list(fitted.values()) if kind == "list" else fitted

    return train


def by_the_library(X, y, params, gradient_fn, lr, mu, num_epochs, batch_size, rng):
    """Another road to the same parameters."""
    fitted, _ = gradient_descent_general(
        X, y, params, lr, num_epochs,
        lambda X, params: X @ params["U"] + params["c"],
        lambda X, y, outputs, params: gradient_fn(X, y, params), mse_loss,
        batch_size=batch_size, rng=rng,
        update_fn=lambda v, g, lr: momentum_update(v, g, mu, lr),
    )  # fmt: skip
    return fitted


LOSSES = {(0.01, 0.9): 0.1, (0.01, 0): 0.8, (0.1, 0): 0.11, (0.1, 0.9): 0.5}


def final_loss(lr, mu, seed):
    """Pretended losses, so that no test has to train."""
    return LOSSES[lr, mu] + 0.001 * seed


def ratios(first, second):
    return [final_loss(*first, seed) / final_loss(*second, seed) for seed in range(5)]


RATE, EFFECTIVE = ratios((0.01, 0.9), (0.01, 0)), ratios((0.01, 0.9), (0.1, 0))
NEITHER = "no clear difference"
HAND = [4, 0, -2]

RIGHT = {
    1: (HAND, rate_outside),
    2: (share(), 1),
    3: (velocity_after, moved_after, same_effective),
    4: (by_the_library, final_loss, RATE, EFFECTIVE, "lower", NEITHER),
}


def fourth(train=None, rate=RATE, effective=EFFECTIVE, verdicts=("lower", NEITHER)):
    return (train or loop(), final_loss, rate, effective, *verdicts)


def third(velocity=velocity_after, moved=moved_after, rate=same_effective):
    return (velocity, moved, rate)


WRONG = {
    1: [
        ((HAND, rolling("plain")), "plain gradient descent"),
        ((HAND, rolling("uphill")), "uphill"),
        ((HAND, rolling("both")), "not the new slope"),
        ((HAND, rolling("average")), "not 1 - mu of it"),
        ((HAND, rolling("old")), "NEW velocity"),
        ((HAND, rolling("start")), "at the present w"),
        ((HAND, rolling("velocities")), "return the positions"),
        ((HAND, rolling("with start")), "after the first step"),
        ((HAND, rolling("last")), "collect all 4"),
        ((HAND, rolling("same")), "Make a new one each time"),
        ((HAND, rolling("in place")), "changed its argument w"),
        (([4, 2, 1], rolling()), "plain gradient descent"),
        (([-4, -4, -2], rolling("tuple")), "return the positions"),
        (([4, 0, 1], rolling()), "too large"),
        (([4, ..., ...], rolling()), "Position 2 of by_hand is still missing."),
        (([..., ..., ...], rolling()), "by_hand is still missing."),
        ((HAND, lambda w, slope, mu, lr, n: ...), "roll is still missing: write"),
        (([4, 0], rolling()), "three positions, but it holds 2"),
    ],
    2: [
        ((share("argmax"), 1), "argmax is 0 for every row"),
        ((share("above"), 1), "Exactly 0.5"),
        ((share("as it is"), 1), "compared with 0 and 1 as they are"),
        ((share("truth as it is"), 1), "compared with 0 and 1 as they are"),
        ((share("last column"), 1), "equally large, take the first"),
        ((share("lost"), 1), "(n, n)"),
        ((share("count"), 1), "divide it by the number of rows"),
        ((share("percent"), 1), "from 0 to 1"),
        ((share("wrong"), 1), "share of wrong answers"),
        ((share("array"), 1), "return one number"),
        ((share(), 14 / 40), "argmax is taken of both"),
        ((share(), 0.65), "share of class 1"),
        ((share(), ...), "sloppy is still missing."),
        ((lambda y_pred, y_true: ..., 1), "share_right is still missing: write"),
    ],
    3: [
        (third(velocity=by_looping), "without a loop"),
        (third(velocity=lambda n, g, mu, lr: -lr * g / (1 - mu) + 0 * n), "1 - mu^n is missing"),
        (third(velocity=lambda n, g, mu, lr: -velocity_after(n, g, mu, lr)), "turned around"),
        (third(velocity=lambda n, g, mu, lr: velocity_after(n - 1, g, mu, lr)), "one step late"),
        (third(velocity=lambda n, g, mu, lr: -lr * g * (1 - mu**n)), "Divide by 1 - mu"),
        (third(moved=velocity_after), "the velocity of the last step"),
        (third(moved=lambda n, *rest: n * velocity_after(n, *rest)), "n times the last velocity"),
        (third(moved=lambda n, g, mu, lr: -lr * g / (1 - mu) * n), "the first ones were shorter"),
        (
            third(moved=lambda n, g, mu, lr: -lr * g / (1 - mu) * (n - (1 - mu**n) / (1 - mu))),
            "not at mu^0",
        ),
        (third(rate=lambda lr, old, new: lr * (1 - old) / (1 - new)), "the wrong way round"),
        (third(rate=lambda lr, old, new: lr * (1 - new)), "mu_old counts too"),
        (third(rate=lambda lr, old, new: lr / (1 - old)), "That is the effective rate"),
        (third(velocity=velocity_after, moved=...), "moved_after"),
        (third(velocity=lambda n, g, mu, lr: n * lr, moved=..., rate=...), "velocity_after for n"),
        (third(rate=lambda lr, old, new: ...), "same_effective is still missing."),
        (third(moved=lambda n, g, mu, lr: ...), "moved_after is still missing."),
    ],
    4: [
        (fourth(loop("each batch")), "plain gradient descent"),
        (fourth(loop("each epoch")), "again in every epoch"),
        (fourth(loop("all rows")), "use those of the batch"),
        (fourth(loop("start")), "at the present parameters"),
        (fourth(loop("listed")), "each with new batches"),
        (fourth(loop("in place")), "changed the arrays"),
        (fourth(loop("same dictionary")), "a dictionary of its own"),
        (fourth(loop("global")), "called again"),
        (fourth(loop("shared")), "a velocity of its own"),
        (fourth(loop("list")), "should return a dictionary"),
        (fourth(lambda *arguments: ...), "train is still missing: write"),
        (fourth(lambda *arguments: {"U": ..., "c": ...}), "still"),
        (fourth(rate=...), "same_rate is still missing."),
        (fourth(effective=RATE), "the other of the two rates"),
        (fourth(effective=ratios((0.1, 0.9), (0.1, 0))), "stays at 0.01"),
        (fourth(rate=[1 / ratio for ratio in RATE]), "turned around"),
        (fourth(rate=RATE[::-1]), "seeds 0 to 4"),
        (fourth(rate=[round(ratio, 2) for ratio in RATE]), "not rounded"),
        (fourth(verdicts=("lower", "lower")), "All five must agree"),
        (fourth(verdicts=("better", NEITHER)), 'should be "lower"'),
        (fourth(verdicts=("lower", ...)), "verdict_effective is still missing."),
    ],
}
