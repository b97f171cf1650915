# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 4.1 · Deeper MLPs and vanishing gradients
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [4.1 Deeper MLPs and vanishing gradients](../notebooks/4_1_deeper_networks.ipynb).

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.checks import part_4_1 as check
from course_lib.datasets import load_data
from course_lib.neural_network import (
    cross_entropy,
    forward_mlp_3layer,
    initialize_weights,
    numerical_gradient,
    one_hot,
    relative_error,
    relu,
    sigmoid,
    softmax,
)

# %% [markdown]
# ## Exercise 1 · Shapes, and three layers forward
#
# A network is given by its sizes, such as 2→4→3→2: two inputs, hidden layers of 4 and 3 units, two
# outputs. Write two functions.
#
# - `shapes_of(sizes)` takes a list such as `[2, 4, 3, 2]`, of any length, and returns a dictionary:
#   the shape of each parameter under its name, `W1`, `b1`, `W2` and so on.
# - `forward_three` returns `(A1, A2, A3)`: two layers with `relu`, then one with `softmax`. Do not
#   use `forward_mlp_3layer`.

# %%
example = [2, 4, 3, 2]


def shapes_of(sizes):
    ### BEGIN SOLUTION
    shapes = {}
    for i, (d, k) in enumerate(pairwise(sizes), start=1):
        shapes[f"W{i}"] = (d, k)
        shapes[f"b{i}"] = (1, k)
    ### STARTER
    # shapes = ...
    ### END SOLUTION
    return shapes


def forward_three(X, W1, b1, W2, b2, W3, b3):
    ### BEGIN SOLUTION
    A1 = relu(X @ W1 + b1)
    A2 = relu(A1 @ W2 + b2)
    A3 = softmax(A2 @ W3 + b3)
    ### STARTER
    # A1, A2, A3 = ..., ..., ...
    ### END SOLUTION
    return A1, A2, A3


shapes_of(example)

# %%
check.exercise_1(shapes_of, forward_three)


# %% [markdown]
# ## Exercise 2 · Three layers backward, and one step
#
# Write `backward_three`: from what the forward pass gave, the six gradients, in the order of the
# `return` line. Targets `y` are one-hot rows, the loss is the cross-entropy. Then write `one_step`:
# it returns **new** parameters, each moved by one step of gradient descent at rate `lr`, and leaves
# `params` as they are. (Both on your own: no `backward_mlp_3layer`.)

# %%
def backward_three(X, A1, A2, A3, y, W1, W2, W3):
    ### BEGIN SOLUTION
    n = len(X)
    delta3 = A3 - y
    delta2 = (delta3 @ W3.T) * (A2 > 0)
    delta1 = (delta2 @ W2.T) * (A1 > 0)
    grad_W1, grad_b1 = X.T @ delta1 / n, delta1.mean(axis=0, keepdims=True)
    grad_W2, grad_b2 = A1.T @ delta2 / n, delta2.mean(axis=0, keepdims=True)
    grad_W3, grad_b3 = A2.T @ delta3 / n, delta3.mean(axis=0, keepdims=True)
    ### STARTER
    # grad_W1, grad_b1 = ..., ...
    # grad_W2, grad_b2 = ..., ...
    # grad_W3, grad_b3 = ..., ...
    ### END SOLUTION
    return grad_W1, grad_b1, grad_W2, grad_b2, grad_W3, grad_b3


def one_step(params, gradients, lr):
    ### BEGIN SOLUTION
    moved = {name: params[name] - lr * gradients[name] for name in params}
    ### STARTER
    # moved = ...  # a dictionary with the names of params
    ### END SOLUTION
    return moved


# %% [markdown]
# You can measure whether your gradients are right. The next cell starts 2→4→3→2 with He's weights
# and compares; then it takes your step.

# %%
rng = np.random.default_rng(0)
X_two, y_two = rng.normal(size=(6, 2)), one_hot([0, 1, 1, 0, 1, 0], 2)
names = ["W1", "b1", "W2", "b2", "W3", "b3"]
params = {}
for i, (d, k) in enumerate(pairwise([2, 4, 3, 2]), start=1):
    params[f"W{i}"] = initialize_weights((d, k), "he", rng=rng)
    params[f"b{i}"] = np.full((1, k), 0.1)


def forward(X, params):
    return forward_mlp_3layer(X, *[params[name] for name in names])


outputs = forward(X_two, params)
slopes = backward_three(X_two, *outputs, y_two, params["W1"], params["W2"], params["W3"])
shapes = [np.shape(slope) for slope in slopes] if isinstance(slopes, tuple) else []
if shapes == [params[name].shape for name in names]:
    gradients = dict(zip(names, slopes, strict=True))
    measured = numerical_gradient(X_two, y_two, params, cross_entropy, forward)
    for name in names:
        r = relative_error(gradients[name], measured[name])
        print(f"{name}: agrees with the measured slopes: {r < 1e-6}")
    moved = one_step(params, gradients, 0.1)
    if isinstance(moved, dict) and all(
        np.shape(moved.get(name)) == params[name].shape for name in names
    ):
        before = cross_entropy(outputs[-1], y_two)
        after = cross_entropy(forward(X_two, moved)[-1], y_two)
        print(f"loss before the step {before:.4f}, after it {after:.4f}")
else:
    print("not yet six gradients with the shapes of the parameters: see the check below")

# %%
check.exercise_2(backward_three, one_step)


# %% [markdown]
# ## Exercise 3 · He's start for another activation
#
# A **leaky** ReLU lets a little of the negative numbers through: $f(z) = z$ where $z > 0$, and
# $f(z) = c z$ elsewhere, with a constant $c$ from 0 to 1. With $c = 0$ it is ReLU; with $c = 1$ it
# changes nothing.
#
# - Derive, on paper, the standard deviation $s$ of the weights with which such a layer of fan-in
#   $d$ keeps the mean square: $\overline{f(z)^2} = \overline{a^2}$. Write it as `leaky_scale(d,
#   c)`.
# - Write `growth(A, W, c)`: the mean square of $f(Z)$, divided by the mean square of $A$, for
#   $Z = AW$.

# %%
def leaky_scale(d, c):
    ### BEGIN SOLUTION
    s = np.sqrt(2 / (d * (1 + c**2)))
    ### STARTER
    # s = ...
    ### END SOLUTION
    return s


def growth(A, W, c):
    ### BEGIN SOLUTION
    Z = A @ W
    ratio = np.mean(np.where(Z > 0, Z, c * Z) ** 2) / np.mean(A**2)
    ### STARTER
    # ratio = ...
    ### END SOLUTION
    return ratio


# %% [markdown]
# Does your formula hold? The next cell draws weights with your $s$ and measures with your `growth`.
# What should come out?

# %%
rng = np.random.default_rng(0)
A_trial = rng.uniform(size=(100, 300))
for c in (0, 0.3, 1):
    s = leaky_scale(300, c)
    if isinstance(s, float) and s > 0:
        W_trial = rng.normal(0, s, size=(300, 400))
        ratio = growth(A_trial, W_trial, c)
        if isinstance(ratio, float):
            print(f"c = {c}: the mean square grows by a factor of {ratio:.2f}")

# %%
check.exercise_3(leaky_scale, growth)

# %% [markdown]
# ## Exercise 4 · What one more layer costs
#
# How does $\delta$ in layer 1 depend on the depth? The next cell gives you the parts: digits, the
# weights of a network with 64 units in each hidden layer (Xavier's start, no biases), and its
# forward pass, which returns `[X, A1, ..., AL]`.

# %%
data = load_data()
X, y = data.X_train[:200], one_hot(data.y_train[:200], 10)
ACTIVATIONS = {"sigmoid": sigmoid, "relu": relu}


def start(depth, seed=0):
    rng = np.random.default_rng(seed)
    sizes = [784] + [64] * (depth - 1) + [10]
    return [initialize_weights(shape, "xavier", rng=rng) for shape in pairwise(sizes)]


def forward_deep(X, weights, activation):
    outputs = [X]
    for W in weights[:-1]:
        outputs.append(ACTIVATIONS[activation](outputs[-1] @ W))
    return [*outputs, softmax(outputs[-1] @ weights[-1])]


# %% [markdown]
# First write the way back, `delta_sizes`: the root mean square of $\delta$ in each layer, as a list
# from layer 1 to the last layer, for any number of layers. `activation` is `"sigmoid"` or `"relu"`;
# $\delta$ of the last layer is $A_L - y$ (no division by $n$). Take each slope from `outputs`.

# %%
def delta_sizes(outputs, y, weights, activation):
    ### BEGIN SOLUTION
    delta = outputs[-1] - y
    sizes = [np.sqrt(np.mean(delta**2))]
    for i in range(len(weights) - 1, 0, -1):
        A = outputs[i]
        slope = A * (1 - A) if activation == "sigmoid" else A > 0
        delta = (delta @ weights[i].T) * slope
        sizes.insert(0, np.sqrt(np.mean(delta**2)))
    ### STARTER
    # sizes = ...
    ### END SOLUTION
    return sizes


# %% [markdown]
# Then explore. For the depths 2 to 8, with `start(depth)` as weights, collect the size in layer 1
# divided by the size in the last layer: a list of seven numbers for each activation. The cell after
# it draws them.

# %%
depths = [2, 3, 4, 5, 6, 7, 8]
### BEGIN SOLUTION
ratios = {"sigmoid": [], "relu": []}
for activation in ratios:
    for depth in depths:
        weights = start(depth)
        sizes = delta_sizes(forward_deep(X, weights, activation), y, weights, activation)
        ratios[activation].append(sizes[0] / sizes[-1])
### STARTER
# ratios = {"sigmoid": ..., "relu": ...}
### END SOLUTION

# %%
if isinstance(ratios, dict) and [np.shape(curve) for curve in ratios.values()] == [(7,), (7,)]:
    figure, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for (name, curve), (color, line, marker) in zip(ratios.items(), plots.LINES, strict=False):
        axis.semilogy(depths, curve, line, color=color, marker=marker, label=name)
        print(name, "each divided by the next:", np.round(np.divide(curve[:-1], curve[1:]), 1))
    axis.set(xlabel="layers", ylabel="delta 1 / delta L")
    axis.grid(alpha=0.3)
    axis.legend()
    caption = "The size of delta in layer 1, as a share of that in the last layer."
    plots.show(figure, caption, f"Two curves over the number of layers. {caption}")
else:
    print("no picture yet: it needs two lists of seven numbers")

# %% [markdown]
# Read off two numbers: by which factor does one more **sigmoid** layer divide $\delta$ of layer 1
# (a typical value: they go up and down, a whole number will do)? And how many layers is the first
# of these sigmoid networks deep in which it is less than a thousandth?

# %%
### BEGIN SOLUTION
factor_per_layer = np.exp(np.mean(np.log(np.divide(ratios["sigmoid"][:-1], ratios["sigmoid"][1:]))))
first_below = min(d for d, r in zip(depths, ratios["sigmoid"], strict=True) if r < 0.001)
### STARTER
# factor_per_layer = ...
# first_below = ...
### END SOLUTION
check.exercise_4(delta_sizes, ratios, factor_per_layer, first_below)

# %% [markdown]
# All four correct? Go back to the slider of the lesson, choose tanh, and find out with which start
# it keeps $\delta$ over ten layers. (The slope of tanh is 1 at $z = 0$ and below 1 elsewhere: which
# start makes up for that?) Next comes part 4.2, Convolutional layers.
