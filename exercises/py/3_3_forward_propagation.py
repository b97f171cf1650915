# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 3.3 · Multi-layer perceptrons: forward propagation
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [3.3 Multi-layer perceptrons: forward propagation](../notebooks/3_3_forward_propagation.ipynb).

# %%
import numpy as np

from course_lib.checks import part_3_3 as check
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.neural_network import cross_entropy, forward_mlp, one_hot, relu, softmax

# %% [markdown]
# ## Exercise 1 · A 3 → 4 → 2 network, by hand and by code
#
# One sample, three inputs, four hidden neurons with ReLU, two classes with softmax:

# %%
x = np.array([[2, -1, 1]])
W1 = np.array([[1, 0, -1, 2], [3, 1, 0, 1], [0, 2, -1, -1]])
b1 = np.array([[0, 1, 3, -1]])
W2 = np.array([[5, -5], [1, 2], [7, 0], [-3, 1]])
b2 = np.array([[2, -2]])

# %% [markdown]
# **On paper:** what are the four hidden activations (after ReLU), and the two scores (before
# softmax)? All of them are whole numbers. Then write `forward`, for any number of rows and any
# sizes. It returns the hidden activations and the probabilities. Use `relu` and `softmax`, but not
# `forward_mlp`.

# %%
hidden_by_hand = ...  # a list of four numbers
scores_by_hand = ...  # a list of two


def forward(X, W1, b1, W2, b2):
    A1 = ...
    A2 = ...
    return A1, A2


A1, A2 = forward(x, W1, b1, W2, b2)
if A1 is not ... and A2 is not ...:
    print("hidden:", A1, " probabilities:", A2)

# %%
check.exercise_1(forward, hidden_by_hand, scores_by_hand)


# %% [markdown]
# ## Exercise 2 · Cross-entropy from labels
#
# A one-hot row multiplies nine of ten logarithms by 0. Do without it: write `price_of`, which gets
# probabilities `A`, shape `(n, k)`, and class numbers `labels`, shape `(n,)`. Pick the probability
# of the right class in each row with an index, and return the mean price. A probability below
# $10^{-12}$ counts as $10^{-12}$, as in the library. Use neither `one_hot` nor `cross_entropy`, and
# no loop.

# %%
def price_of(A, labels):
    price = ...
    return price


# %% [markdown]
# Now an untrained 3 → 4 → 2 network with small random weights, on five rows: the next cell prints
# what it loses, in four random starts. Why these numbers? And what would a network like it lose
# with **five** classes? Write that number below (an expression such as `np.sqrt(3)` will do).

# %%
labels_two = np.array([0, 1, 1, 0, 1])
for seed in range(4):
    rng = np.random.default_rng(seed)
    X_five = rng.normal(size=(5, 3))
    small_1, small_2 = 0.01 * rng.normal(size=(3, 4)), 0.01 * rng.normal(size=(4, 2))
    A2 = forward_mlp(X_five, small_1, np.zeros((1, 4)), small_2, np.zeros((1, 2)))[1]
    if price_of(A2, labels_two) is not ...:
        print(f"start {seed}: {price_of(A2, labels_two):.3f}")

loss_of_five = ...

# %%
check.exercise_2(price_of, loss_of_five)


# %% [markdown]
# ## Exercise 3 · Count the parameters, name the shapes
#
# Write `count_parameters`. It gets the sizes of all layers, from the inputs to the classes, such
# as `[784, 128, 10]` or `[784, 256, 128, 10]`, and returns the number of weights and biases
# together. Lists of any length from two on must work.

# %%
def count_parameters(sizes):
    total = ...
    return total


if count_parameters([784, 128, 10]) is not ...:
    print("784, 128, 10:", count_parameters([784, 128, 10]))

# %% [markdown]
# And the shape of every array, when 64 images go through 784 → 128 → 10. Replace each `...` by a
# pair such as `(64, 784)`.

# %%
shapes = {"X": (64, 784)}
shapes["W1"], shapes["b1"] = ..., ...
shapes["Z1"], shapes["A1"] = ..., ...
shapes["W2"], shapes["b2"] = ..., ...
shapes["Z2"], shapes["A2"] = ..., ...

# %%
check.exercise_3(count_parameters, shapes)

# %% [markdown]
# ## Exercise 4 · Which scale keeps the signals, and which ruins the loss?
#
# The test images of the digits, and `start(scale)`, which gives the random weights and biases of an
# untrained 784 → 256 → 10 network. In the lesson you saw a few scales; here you search among nine.

# %%
data = load_data()
X = apply_scaler(data.X_test, fit_scaler(data.X_train))
scales = [0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]


def start(scale):
    rng = np.random.default_rng(0)
    W1 = scale * rng.normal(size=(784, 256))
    W2 = scale * rng.normal(size=(256, 10))
    return W1, np.zeros((1, 256)), W2, np.zeros((1, 10))


# %% [markdown]
# Write `study`. For each of the `scales`, call `start(scale)`, send all rows through the network
# with `forward_mlp`, and measure three things. Return three lists as long as `scales`:
#
# - `shares`: the share of rows whose largest probability is above 0.99, from 0 to 1;
# - `losses`: the cross-entropy;
# - `sizes`: the rms of the hidden activations, the root of the mean of their squares.

# %%
def study(X, labels, scales, start):
    shares, losses, sizes = ..., ..., ...
    return shares, losses, sizes


shares, losses, sizes = study(X, data.y_test, scales, start)
if all(np.shape(values) == (9,) for values in (shares, losses, sizes)):
    print(f"ln 10 = {np.log(10):.2f}; rms of the inputs {np.sqrt(np.mean(X**2)):.2f}")
    for row in zip(scales, shares, losses, sizes, strict=True):
        print("scale {:<5}  share {:6.1%}  loss {:5.2f}  rms {:6.2f}".format(*row))

# %% [markdown]
# Read two scales off the table, and write them down:
#
# - `keeps_size`: where is the rms of the hidden activations closest to that of the inputs?
# - `first_too_high`: the smallest scale at which the loss exceeds $\ln 10$ by more than 1.

# %%
keeps_size = ...
first_too_high = ...
check.exercise_4(study, keeps_size, first_too_high)

# %% [markdown]
# All four correct? Compute $\sqrt{2/784}$ and compare it with the scale that keeps the size. Then
# go back to the slider of the lesson: with 16 hidden units and scale 0.1, is the loss higher or
# lower than with 256, and why? Next comes part 3.4, Backpropagation for training MLPs.
