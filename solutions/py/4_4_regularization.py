# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 4.4 · Regularization
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [4.4 Regularization](../notebooks/4_4_regularization.ipynb).

# %%
import numpy as np

from course_lib.checks import part_4_4 as check
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.neural_network import (
    backward_mlp_3layer,
    cross_entropy,
    dropout,
    forward_mlp_3layer,
    gradient_descent_general,
    initialize_weights,
    one_hot,
    relu,
    softmax,
)

# %% [markdown]
# ## Exercise 1 · The penalty of two layers
#
# First **on paper**: two layers have the weights
#
# $$W_1 = \begin{pmatrix} 1 & 2 \\ -3 & 0 \end{pmatrix}, \qquad
# W_2 = \begin{pmatrix} 2 & -1 \\ 1 & 1 \end{pmatrix}$$
#
# What is the penalty $\lambda \sum W^2$ for $\lambda = 0.5$? And what is the gradient of the
# penalty along the entry $-3$?

# %%
### BEGIN SOLUTION
penalty_by_hand = 0.5 * (1 + 4 + 9 + 0 + 4 + 1 + 1 + 1)
slope_by_hand = 2 * 0.5 * -3
### STARTER
# penalty_by_hand = ...
# slope_by_hand = ...
### END SOLUTION

# %% [markdown]
# Now write `regularize`, without `l2_regularization`. It is given a dictionary of parameters,
# such as `{"W1": ..., "b1": ..., "W2": ..., "b2": ...}`, a dictionary `grads` of the same names
# that holds the gradient of the loss, and $\lambda$. Return two things: the penalty (a number),
# and a **new** dictionary of the same names: the gradient of loss and penalty together. Weights
# are those whose name begins with `"W"`; **biases go free**. Leave `params` and `grads` as they
# are.

# %%
def regularize(params, grads, lambda_):
    ### BEGIN SOLUTION
    penalty, total = 0.0, {}
    for name, gradient in grads.items():
        total[name] = gradient
        if name.startswith("W"):
            penalty += lambda_ * np.sum(params[name] ** 2)
            total[name] = gradient + 2 * lambda_ * params[name]
    ### STARTER
    # penalty, total = ..., ...  # total is a dictionary
    ### END SOLUTION
    return penalty, total


# %%
check.exercise_1(penalty_by_hand, slope_by_hand, regularize)


# %% [markdown]
# ## Exercise 2 · Dropout, once and twice
#
# Write `drop`, without `dropout`: each entry of `A`, of any shape, is **kept** with probability
# `p`, by dice of its own, and the expected value stays what it was. At test time
# (`training=False`) nothing happens. Throw the dice with `rng`, as in `rng.random(A.shape)`:
# numbers from 0 to 1, every number equally likely.

# %%
def drop(A, p, training, rng):
    ### BEGIN SOLUTION
    result = A * (rng.random(A.shape) < p) / p if training else A
    ### STARTER
    # result = ...
    ### END SOLUTION
    return result


# %% [markdown]
# Now a layer is dropped **twice** by mistake, first with $p = 0.8$ and then, what is left of it,
# with $p = 0.5$. Work out: with which probability is an entry not zero at the end? By which
# number is a kept entry multiplied in all? And what is the expected value of an entry that was 3?

# %%
### BEGIN SOLUTION
kept_twice = 0.8 * 0.5
scale_twice = 1 / 0.8 / 0.5
expected_of_3 = 3 * kept_twice * scale_twice
### STARTER
# kept_twice = ...
# scale_twice = ...
# expected_of_3 = ...
### END SOLUTION

# %%
check.exercise_2(drop, kept_twice, scale_twice, expected_of_3)
once = drop(np.full(100_000, 3.0), 0.8, True, np.random.default_rng(0))
if isinstance(once, np.ndarray) and kept_twice is not ...:
    twice = drop(once, 0.5, True, np.random.default_rng(1))
    print(f"measured: {np.mean(twice != 0):.2f} not zero, mean {np.mean(twice):.1f}")


# %% [markdown]
# ## Exercise 3 · The gradient with a mask and a price
#
# A network with **one** hidden layer, its units multiplied by the mask $M$, and a price on the
# weights:
#
# $$A_1 = M \odot \mathrm{relu}(X W_1 + b_1), \quad A_2 = \mathrm{softmax}(A_1 W_2 + b_2), \quad
# L = \text{cross-entropy} + \lambda \sum W_1^2 + \lambda \sum W_2^2$$
#
# Write `forward(X, params, mask)`, which returns $A_1$ and $A_2$. Derive all four gradients on
# paper, then write `gradients`, which returns a dictionary with `W1`, `b1`, `W2`, `b2`. Work with
# NumPy alone (`relu` and `softmax` are imported), not with the library's backward functions.
# Where does the mask come in, and where the price?

# %%
def forward(X, params, mask):
    ### BEGIN SOLUTION
    A1 = mask * relu(X @ params["W1"] + params["b1"])
    A2 = softmax(A1 @ params["W2"] + params["b2"])
    ### STARTER
    # A1, A2 = ..., ...
    ### END SOLUTION
    return A1, A2


def gradients(X, y, params, mask, lambda_):
    ### BEGIN SOLUTION
    A1, A2 = forward(X, params, mask)
    delta2 = (A2 - y) / len(X)
    delta1 = (delta2 @ params["W2"].T) * (A1 > 0) * mask
    grads = {
        "W1": X.T @ delta1 + 2 * lambda_ * params["W1"],
        "b1": delta1.sum(axis=0, keepdims=True),
        "W2": A1.T @ delta2 + 2 * lambda_ * params["W2"],
        "b2": delta2.sum(axis=0, keepdims=True),
    }
    ### STARTER
    # grads = {"W1": ..., "b1": ..., "W2": ..., "b2": ...}
    ### END SOLUTION
    return grads


# %% [markdown]
# One consequence of the price. A pixel is 0 in every image, so the gradient of the loss along its
# weights is 0. With $\eta = 0.1$ and $\lambda = 0.01$: by which factor is such a weight multiplied
# in each step, and after how many steps (a whole number) is it for the first time **below half** of
# what it was?

# %%
### BEGIN SOLUTION
factor = 1 - 2 * 0.1 * 0.01
steps = int(np.ceil(np.log(0.5) / np.log(factor)))
### STARTER
# factor = ...
# steps = ...
### END SOLUTION
check.exercise_3(forward, gradients, factor, steps)

# %% [markdown]
# ## Exercise 4 · Does dropout help?
#
# 784-256-128-10, 300 training images. `train(p, seed, share)` trains it for 20 epochs with keep
# probability `p`, after a `share` of the training labels has been replaced, and returns the
# accuracy on the test images, from 0 to 1. The same seed means the same start, the same labels,
# the same order. (It calculates in float32, to be fast.)

# %%
data = load_data()
scaler = fit_scaler(data.X_train[:300])
X = apply_scaler(data.X_train[:300], scaler).astype(np.float32)
X_test = apply_scaler(data.X_test, scaler).astype(np.float32)


def predict(X, params):
    return forward_mlp_3layer(X, *params.values())[-1]


def backward(X, y, outputs, params):
    masks, A1, A2, A3 = outputs
    Ws = params["W1"], params["W2"], params["W3"]
    slopes = backward_mlp_3layer(X, A1, A2, A3, y, *Ws, masks=masks)
    return dict(zip(params, slopes, strict=True))


# %%
def train(p, seed, share):
    rng, dice = np.random.default_rng(seed), np.random.default_rng(1000 + seed)
    labels, params = data.y_train[:300].copy(), {}
    wrong, shift = rng.permutation(300)[: round(300 * share)], rng.integers(1, 10, size=300)
    labels[wrong] = (labels[wrong] + shift[wrong]) % 10
    for i, shape in enumerate([(784, 256), (256, 128), (128, 10)], start=1):
        params[f"W{i}"] = initialize_weights(shape, rng=rng).astype(np.float32)
        params[f"b{i}"] = np.zeros((1, shape[1]), dtype=np.float32)

    def forward_dropped(X, params):
        ones = [np.ones((len(X), h), dtype=np.float32) for h in (256, 128)]
        masks = [dropout(one, p, rng=dice) for one in ones] if p < 1 else None
        return masks, *forward_mlp_3layer(X, *params.values(), masks=masks)

    params, _ = gradient_descent_general(
        X, one_hot(labels, 10), params, 0.05, 20, forward_dropped, backward, cross_entropy,
        batch_size=64, rng=rng, predict_fn=predict,
    )  # fmt: skip
    return np.mean(predict(X_test, params).argmax(axis=1) == data.y_test)


# %% [markdown]
# Write `paired`. For each seed, train without dropout (`p=1`) and with keep probability `p`, with
# the same `share`. Return the **differences** in accuracy, with dropout minus without, as a list
# or an array, in the order of the seeds. `train` is an argument: call `train(p, seed, share)`.

# %%
def paired(train, p, share, seeds):
    ### BEGIN SOLUTION
    differences = [train(p, seed, share) - train(1, seed, share) for seed in seeds]
    ### STARTER
    # differences = ...
    ### END SOLUTION
    return differences


# %% [markdown]
# Now measure, with $p = 0.5$ and seeds 0 to 4: 30 % wrong labels, and none. Then your two
# verdicts, by this rule: a setting `"helps"` if the difference is above 0 on at least four of the
# five seeds **and** above 0.02 on average; it `"hurts"` if the same holds below 0 and −0.02;
# everything else is `"no clear difference"`. (Training twenty times takes a few seconds.)

# %%
### BEGIN SOLUTION
noisy = paired(train, 0.5, 0.3, range(5))
clean = paired(train, 0.5, 0.0, range(5))
verdict_noisy = "helps"
verdict_clean = "no clear difference"
### STARTER
# noisy = ...  # the five differences with 30 % wrong labels
# clean = ...  # and with none
# verdict_noisy = ...
# verdict_clean = ...
### END SOLUTION
for name, differences in (("30 % wrong", noisy), ("all right", clean)):
    if np.shape(differences) == (5,):
        better, mean = np.sum(np.array(differences) > 0), np.mean(differences)
        print(f"{name}: four or more better: {better >= 4}, mean above 0.02: {mean > 0.02}")

# %%
check.exercise_4(train, paired, noisy, clean, verdict_noisy, verdict_clean)

# %% [markdown]
# All four correct? Go back to the slider of the lesson: with 30 % wrong labels and 500 images,
# what is the best test accuracy you can reach, and with which Lambda and Keep? Then ask yourself
# what that number is worth, when it was chosen by the test images. Next comes part 4.5, Momentum
# and the capstone.
