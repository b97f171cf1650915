# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 4.5 · Momentum and the capstone
#
# Four exercises, about 60 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [4.5 Momentum and the capstone](../notebooks/4_5_momentum_capstone.ipynb).

# %%
import numpy as np

from course_lib.checks import part_4_5 as check
from course_lib.datasets import load_data
from course_lib.neural_network import (
    backward_mlp,
    cross_entropy,
    forward_mlp,
    initialize_weights,
    mini_batches,
    one_hot,
)

# %% [markdown]
# ## Exercise 1 · Steps with a memory
#
# First **on paper**: the slope at $w$ is $w$ itself, $\mu = 0.5$, $\eta = 0.5$. Start at $w = 8$
# with velocity 0. Where is $w$ after the first, the second and the third step?
#
# Then write `roll`. The function `slope` gives the gradient at any `w`, an array of the same shape.
# Return a list of the `n` positions, after the first step, after the second, and so on. Do not use
# `momentum_update`, and leave the caller's `w` as it is.

# %%
### BEGIN SOLUTION
by_hand = [4, 0, -2]
### STARTER
# by_hand = [..., ..., ...]
### END SOLUTION


def roll(w, slope, mu, lr, n):
    ### BEGIN SOLUTION
    velocity, positions = np.zeros(w.shape), []
    for _ in range(n):
        velocity = mu * velocity - lr * slope(w)
        w = w + velocity
        positions.append(w)
    ### STARTER
    # positions = ...  # zeros for the velocity, an empty list, then a loop
    ### END SOLUTION
    return positions


# %%
check.exercise_1(by_hand, roll)


# %% [markdown]
# ## Exercise 2 · What counts as right?
#
# Write `share_right`, without the library's `accuracy`. Both arguments hold one row a sample, and
# each may come in one of three forms:
#
# - `(n, k)` with `k` of 2 or more: probabilities, or one-hot rows. The largest column is the class.
# - `(n, 1)`: probabilities of class 1, or 0 and 1. From 0.5 on it is class 1, below it is class 0.
# - `(n,)`: the numbers of the classes.
#
# The two arguments need not have the same form. Return the share of rows with the same class.

# %%
def share_right(y_pred, y_true):
    ### BEGIN SOLUTION
    classes = []
    for values in (y_pred, y_true):
        if values.ndim == 1:
            classes.append(values)
        elif values.shape[1] == 1:
            classes.append((values[:, 0] >= 0.5).astype(int))
        else:
            classes.append(values.argmax(axis=1))
    share = np.mean(classes[0] == classes[1])
    ### STARTER
    # share = ...  # first turn each of the two into classes of shape (n,)
    ### END SOLUTION
    return share


# %% [markdown]
# Now without running anything: a sigmoid model says 0.5 or more for 10 of 40 images, and 26 of the
# 40 are class 1. Somebody computes `np.mean(a.argmax(axis=1) == y.argmax(axis=1))` with both of
# shape `(40, 1)`. What comes out?

# %%
### BEGIN SOLUTION
sloppy = 1.0
### STARTER
# sloppy = ...
### END SOLUTION
check.exercise_2(share_right, sloppy)


# %% [markdown]
# ## Exercise 3 · How far, in n steps?
#
# The slope is $g$ in every step, and the velocity starts at 0. The lesson derived the velocity
# after $t$ steps. Write three formulas, **without a loop**: `n` may be a whole array of step
# counts.
#
# - `velocity_after(n, g, mu, lr)`: the velocity in step `n`;
# - `moved_after(n, g, mu, lr)`: by how much $w$ has changed in all `n` steps together. Add up the
#   velocities of steps 1 to $n$; the sum of the powers of $\mu$ is one that you know.
# - `same_effective(lr, mu_old, mu_new)`: somebody trains with `lr` and `mu_old`, and changes to
#   `mu_new`. Which learning rate keeps the effective rate?

# %%
def velocity_after(n, g, mu, lr):
    ### BEGIN SOLUTION
    velocity = -lr * g * (1 - mu**n) / (1 - mu)
    ### STARTER
    # velocity = ...
    ### END SOLUTION
    return velocity


def moved_after(n, g, mu, lr):
    ### BEGIN SOLUTION
    powers = mu * (1 - mu**n) / (1 - mu)  # mu + mu^2 + ... + mu^n
    moved = -lr * g / (1 - mu) * (n - powers)
    ### STARTER
    # moved = ...
    ### END SOLUTION
    return moved


def same_effective(lr, mu_old, mu_new):
    ### BEGIN SOLUTION
    lr_new = lr * (1 - mu_new) / (1 - mu_old)
    ### STARTER
    # lr_new = ...
    ### END SOLUTION
    return lr_new


# %%
check.exercise_3(velocity_after, moved_after, same_effective)

# %% [markdown]
# ## Exercise 4 · Your own loop, and what momentum is worth
#
# Write `train`: gradient descent with momentum, without `gradient_descent_general`. `params` is a
# dictionary of arrays, and `gradient_fn(X, y, params)` returns the gradients by the same names. In
# each epoch go once through `mini_batches(X, y, batch_size, rng)`. Return a **new** dictionary: the
# caller's arrays must stay as they are, and every call starts with velocities of 0.

# %%
data = load_data()
X, y = data.X_train[:400], one_hot(data.y_train[:400], 10)


def gradient_fn(X, y, params):
    A1, A2 = forward_mlp(X, *params.values())
    slopes = backward_mlp(X, A1, A2, y, params["W1"], params["W2"])
    return dict(zip(params, slopes, strict=True))


def train(X, y, params, gradient_fn, lr, mu, num_epochs, batch_size, rng):
    ### BEGIN SOLUTION
    fitted = {name: value.copy() for name, value in params.items()}
    velocity = {name: np.zeros(value.shape) for name, value in params.items()}
    for _ in range(num_epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            slopes = gradient_fn(X_batch, y_batch, fitted)
            for name in fitted:
                velocity[name] = mu * velocity[name] - lr * slopes[name]
                fitted[name] = fitted[name] + velocity[name]
    ### STARTER
    # fitted = ...  # copies; then a velocity for each, and two loops
    ### END SOLUTION
    return fitted


# %% [markdown]
# `final_loss` trains a small network, 784-32-10, on 400 images for 8 epochs with **your** `train`.
# Start and order of the rows depend on the seed alone.

# %%
def final_loss(lr, mu, seed):
    rng = np.random.default_rng(seed)
    params = {"W1": initialize_weights((784, 32), rng=rng), "b1": np.zeros((1, 32))}
    params |= {"W2": initialize_weights((32, 10), rng=rng), "b2": np.zeros((1, 10))}
    params = train(X, y, params, gradient_fn, lr, mu, 8, 20, rng)
    return ... if params is ... else cross_entropy(forward_mlp(X, *params.values())[-1], y)


# %% [markdown]
# Now measure, with the seeds 0 to 4 in this order, two lists of five **ratios**: the final loss
# with $\mu = 0.9$ and rate 0.01, divided by the final loss without momentum,
#
# - `same_rate`: at the same rate, 0.01;
# - `same_effective_rate`: at the same effective rate.
#
# Then your two verdicts, by this rule: `"lower"` if **all five** ratios are below 0.5, `"higher"`
# if all five are above 2, and in every other case `"no clear difference"`.

# %%
### BEGIN SOLUTION
same_rate = [final_loss(0.01, 0.9, seed) / final_loss(0.01, 0, seed) for seed in range(5)]
same_effective_rate = [final_loss(0.01, 0.9, seed) / final_loss(0.1, 0, seed) for seed in range(5)]
verdict_rate = "lower"
verdict_effective = "no clear difference"
### STARTER
# same_rate = ...
# same_effective_rate = ...
# verdict_rate = ...
# verdict_effective = ...
### END SOLUTION
for name, ratios in (("same rate", same_rate), ("effective", same_effective_rate)):
    if np.shape(ratios) == (5,):
        print(f"{name:9}: from {min(ratios):.1f} to {max(ratios):.1f}")

# %%
check.exercise_4(train, final_loss, same_rate, same_effective_rate, verdict_rate, verdict_effective)

# %% [markdown]
# All four correct? Then go back to the capstone in the lesson, and change its settings until the
# validation images say that you have something better. One seed is one throw of the dice: how many
# do you need to be sure? Next comes the conclusion, 5 What you have built.
