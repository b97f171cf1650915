# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 3.1 · Single-layer perceptrons
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [3.1 Single-layer perceptrons](../notebooks/3_1_perceptron.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.checks import part_3_1 as check
from course_lib.explorers.part_3_1 import draw_plane
from course_lib.neural_network import (
    binary_cross_entropy,
    forward_perceptron,
    gradient_descent,
    sigmoid,
)

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y_and = np.array([[0.0], [0.0], [0.0], [1.0]])
y_or = np.array([[0.0], [1.0], [1.0], [1.0]])
y_xor = np.array([[0.0], [1.0], [1.0], [0.0]])


# %% [markdown]
# ## Exercise 1 · AND: the neuron, and its boundary
#
# Write two functions:
#
# - `neuron(X, W, b)`: the probabilities, shape `(n, k)`, for `X (n, d)`, `W (d, k)`, `b (1, k)`.
#   (`forward_perceptron` does just this: write it yourself, with `sigmoid`, to see if you can.)
# - `boundary(W, b, x1)`, for a neuron with two inputs (`W (2, 1)`, `b (1, 1)`): for each number
#   in the array `x1`, shape `(m,)`, the $x_2$ at which the boundary passes. Return an array of
#   the same shape. The second weight is not 0.

# %%
def neuron(X, W, b):
    ### BEGIN SOLUTION
    A = sigmoid(X @ W + b)
    ### STARTER
    # A = ...
    ### END SOLUTION
    return A


def boundary(W, b, x1):
    ### BEGIN SOLUTION
    x2 = -(W[0, 0] * x1 + b[0, 0]) / W[1, 0]
    ### STARTER
    # x2 = ...
    ### END SOLUTION
    return x2


# %% [markdown]
# Now train it on AND with `gradient_descent`, from weights and bias 0: rate 0.1, 500 epochs,
# batches of 4, binary cross-entropy and the sigmoid. It returns weights, bias and losses.

# %%
### BEGIN SOLUTION
W_and, b_and, losses_and = gradient_descent(
    X, y_and, np.zeros((2, 1)), np.zeros((1, 1)), 0.1, 500, 4, binary_cross_entropy, sigmoid
)
### STARTER
# W_and, b_and, losses_and = ..., ..., ...
### END SOLUTION
ends = np.array([-0.5, 1.5])
trained = np.shape(W_and) == (2, 1) and np.shape(b_and) == (1, 1)
if trained and np.size(boundary(W_and, b_and, ends)) == 2:
    figure, axis = plt.subplots(figsize=(4, 3.6), layout="constrained")
    draw_plane(axis, X, y_and, W_and, b_and)
    x2 = np.ravel(boundary(W_and, b_and, ends))
    axis.plot(ends, x2, ":", color=plots.GREEN, linewidth=5)
    caption = "Your boundary, dotted, should lie on the solid line."
    plots.show(figure, caption, f"Four points and the boundary of a neuron. {caption}")

# %%
check.exercise_1(neuron, boundary, W_and, b_and)


# %% [markdown]
# ## Exercise 2 · OR: distances from the line, and a neuron set by hand
#
# Write `distances(X, W, b)`: how far each row of `X (n, d)` lies from the boundary of a neuron
# with `W (d, 1)`, `b (1, 1)`, above 0 on the side where it answers 1, below 0 on the other. Shape
# `(n, 1)`.
#
# Then train OR as you trained AND (from 0, rate 0.1, 500 epochs, batches of 4). Before you run
# it: which of the four points will lie closest to the line?

# %%
def distances(X, W, b):
    ### BEGIN SOLUTION
    far = (X @ W + b) / np.linalg.norm(W)
    ### STARTER
    # far = ...
    ### END SOLUTION
    return far


### BEGIN SOLUTION
W_or, b_or, losses_or = gradient_descent(
    X, y_or, np.zeros((2, 1)), np.zeros((1, 1)), 0.1, 500, 4, binary_cross_entropy, sigmoid
)
### STARTER
# W_or, b_or, losses_or = ..., ..., ...
### END SOLUTION
trained = np.shape(W_or) == (2, 1) and np.shape(b_or) == (1, 1)
if trained and np.shape(far := distances(X, W_or, b_or)) == (4, 1):
    print(np.hstack([X, np.round(far, 4)]))  # x1, x2, distance

# %% [markdown]
# **NOR** is the opposite of OR: 1 at (0, 0), 0 at the other three. Choose its weights **by
# hand**, so that each of the four right answers gets a probability of at least 0.95 (0.95 or more
# for a 1, 0.05 or less for a 0).

# %%
### BEGIN SOLUTION
W_nor, b_nor = np.array([[-8.0], [-8.0]]), np.array([[4.0]])
### STARTER
# W_nor, b_nor = ..., ...  # arrays of shape (2, 1) and (1, 1)
### END SOLUTION
if np.shape(W_nor) == (2, 1) and np.shape(b_nor) == (1, 1):
    print(forward_perceptron(X, W_nor, b_nor).round(4))

# %%
check.exercise_2(distances, W_or, b_or, W_nor, b_nor)


# %% [markdown]
# ## Exercise 3 · XOR at other rates: why it is stuck
#
# Does another rate help? Write `final_losses(rates, W, b)`: for each rate, train XOR **from the
# given `W` and `b`**, 1000 epochs, batches of 4, and collect the last loss. Return a list or an
# array as long as `rates`.

# %%
def final_losses(rates, W, b):
    ### BEGIN SOLUTION
    ends = []
    for lr in rates:
        _, _, losses = gradient_descent(
            X, y_xor, W, b, lr, 1000, 4, binary_cross_entropy, sigmoid
        )
        ends.append(losses[-1])
    ### STARTER
    # ends = ...
    ### END SOLUTION
    return ends


W_start, b_start = np.array([[1.0], [-2.0]]), np.array([[0.5]])
for W, b in ((np.zeros((2, 1)), np.zeros((1, 1))), (W_start, b_start)):
    if np.shape(ends := final_losses((0.1, 1, 10), W, b)) == (3,):
        print("from", W[:, 0], b[0], "at rates 0.1, 1, 10:", np.round(ends, 4))


# %% [markdown]
# Now say why. Write
#
# - `row_gradients(X, y, W, b)`: the gradient of each row's own loss, one row each. For `X (n, d)`
#   the shape is `(n, d + 1)`: a column for each weight, then one for the bias. Any `W (d, 1)`, `b
#   (1, 1)`.
# - `best_constant(y)`: all weights stay 0, so the neuron says the same of every row, $a =
#   \sigma(b)$. Derive on paper which $b$ has the lowest loss: set the gradient for $b$, the mean
#   of $a - y$, to 0, and solve $a = \sigma(b)$ for $b$. Return that $b$ and its loss, two
#   numbers. The targets are 0 and 1, and both occur.

# %%
def row_gradients(X, y, W, b):
    ### BEGIN SOLUTION
    error = forward_perceptron(X, W, b) - y
    gradients = np.hstack([X * error, error])
    ### STARTER
    # gradients = ...
    ### END SOLUTION
    return gradients


def best_constant(y):
    ### BEGIN SOLUTION
    a = np.mean(y)
    b = np.log(a / (1 - a))
    loss = -a * np.log(a) - (1 - a) * np.log(1 - a)
    ### STARTER
    # b, loss = ..., ...
    ### END SOLUTION
    return b, loss


gradients = row_gradients(X, y_xor, np.zeros((2, 1)), np.zeros((1, 1)))
if np.shape(gradients) == (4, 3):
    print(np.add(gradients, 0.0), "\nsum:", np.sum(gradients, axis=0) + 0.0)
for task, y in (("AND", y_and), ("XOR", y_xor)):
    answer = best_constant(y)
    if isinstance(answer, tuple) and all(isinstance(part, float) for part in answer):
        print(task, "best constant: b and loss", np.round(answer, 4))

# %%
check.exercise_3(final_losses, row_gradients, best_constant)


# %% [markdown]
# ## Exercise 4 · 25 points, and which line the neuron finds
#
# Take all points whose coordinates are −2, −1, 0, 1 or 2. They belong to class 1 where $x_1 +
# x_2$ is above 0, to class 0 where it is below. And on the line $x_1 + x_2 = 0$ itself? There
# they get the target `tie`: 0, or 1, or even 0.5, which says "nobody knows".
#
# - `make_points(tie)` returns `X (25, 2)` and `y (25, 1)`, in any order.
# - `direction(W)` returns the angle of the **boundary** in degrees, against the $x_1$ axis, from 0
#   up to (but not including) 180. A horizontal line has 0, a vertical one 90, and a line that falls
#   as steeply as $x_1 + x_2 = 0$ has 135. `np.degrees(np.arctan2(y, x))` gives the angle of an
#   arrow $(x, y)$, and `% 180` takes off whole half turns.

# %%
def make_points(tie):
    ### BEGIN SOLUTION
    side = np.arange(-2.0, 3.0)
    X = np.array([[x1, x2] for x1 in side for x2 in side])
    total = X.sum(axis=1, keepdims=True)
    y = np.where(total > 0, 1.0, np.where(total < 0, 0.0, tie))
    ### STARTER
    # X, y = ..., ...
    ### END SOLUTION
    return X, y


def direction(W):
    ### BEGIN SOLUTION
    angle = (np.degrees(np.arctan2(W[1, 0], W[0, 0])) + 90) % 180
    ### STARTER
    # angle = ...
    ### END SOLUTION
    return angle


# %% [markdown]
# Guess first: where will the neuron draw its line if the five points in between count as 0? And
# if they count as 1, or as 0.5?
#
# Write `crossing(tie)`: make the points, train from weights and bias 0 (rate 0.1, 200 epochs, all
# 25 rows in one batch), and return how far the boundary lies from the origin: above 0 if it is
# moved in the direction of $W$, below 0 if against it. Which sign does that give $b$?

# %%
def train(X, y):
    return gradient_descent(
        X, y, np.zeros((2, 1)), np.zeros((1, 1)), 0.1, 200, 25, binary_cross_entropy, sigmoid
    )


def crossing(tie):
    ### BEGIN SOLUTION
    X, y = make_points(tie)
    W, b, _ = train(X, y)
    moved = -b.item() / np.linalg.norm(W)
    ### STARTER
    # moved = ...
    ### END SOLUTION
    return moved


for tie in (0, 0.5, 1):
    X_25, y_25 = make_points(tie)
    if np.shape(X_25) == (25, 2) and np.shape(y_25) == (25, 1):
        answers = direction(train(X_25, y_25)[0]), crossing(tie)
        shown = [a if not isinstance(a, float) else np.round(a, 2) + 0.0 for a in answers]
        print(f"tie {tie}: direction {shown[0]}, moved by {shown[1]}")

# %%
check.exercise_4(make_points, direction, crossing)

# %% [markdown]
# All four correct? Go back to the slider of the lesson and set both weights to −4, the bias to
# 1.5: a neuron for NOR. The menu does not have that task, but on OR all four answers are
# wrong. Why? Next comes part 3.2, Activation functions.
