# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 2.1 · Understanding loss functions
#
# Four exercises, about 40 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [2.1 Understanding loss functions](../notebooks/2_1_loss_functions.ipynb).

# %%
import numpy as np

from course_lib.checks import part_2_1 as check
from course_lib.datasets import load_data, select_pair
from course_lib.neural_network import binary_cross_entropy, sigmoid

# %% [markdown]
# ## Exercise 1 · Mean squared error
#
# Write `mse`: the mean of the squared errors, as one number. `y_pred` and `y` have the same
# shape, `(n, 1)` or `(n,)`, for any $n$. Use NumPy, not the library's `mse_loss`.

# %%
x = np.array([[1.0], [2.0], [3.0]])
y = np.array([[2.0], [3.5], [5.0]])


def mse(y_pred, y):
    loss = ...
    return loss


# %% [markdown]
# Now use it on the three points above. What is the loss of the line with $W = 1.5$ and
# $b = 0.5$? And if that line is raised by 2, to $b = 2.5$? Guess both, then let `mse` compute
# them.

# %%
loss_line = ...
loss_raised = ...

# %%
check.exercise_1(mse, loss_line, loss_raised)


# %% [markdown]
# ## Exercise 2 · Binary cross-entropy
#
# Change what the loss is made of: write `bce` for probabilities `A` of class 1 and targets `y`
# that are 0 or 1, both `(n, 1)` or both `(n,)`:
#
# $$L = -\frac1n \sum_{i=1}^{n} \bigl[\, y_i \ln a_i + (1 - y_i) \ln(1 - a_i) \,\bigr]$$
#
# It must survive $a = 0$ and $a = 1$: no logarithm may be given less than $10^{-12}$. A perfect
# prediction must not cost less than 0. `np.log` is $\ln$; use NumPy, not the library's
# `binary_cross_entropy`.

# %%
def bce(A, y):
    loss = ...
    return loss


# %% [markdown]
# A model computed $z = 1, -1, 2$ for three rows whose targets are $1, 0, 1$. Is it right each
# time? What does it lose? (The probabilities come from the sigmoid.)

# %%
Z_right = np.array([[1.0], [-1.0], [2.0]])
y_class = np.array([[1.0], [0.0], [1.0]])

loss_right = ...

# %%
check.exercise_2(bce, loss_right)


# %% [markdown]
# ## Exercise 3 · Mend a line, then find the best bias
#
# `line_loss` computes the mean squared error of the line $\hat y = xW + b$, for numbers $W$ and
# $b$. It works when `x` and `y` are both `(n, 1)`. But targets often come as `(n,)`, and then it
# is wrong without a word. Mend it: it shall give the right loss for `y` of shape `(n,)` **and**
# of shape `(n, 1)`. You may add a line or change one. The end of the cell tries
# $W = 1$, $b = 0.5$ with the same targets in both shapes: the two losses must agree.

# %%
def line_loss(x, y, W, b):
    error = x * W + b - y  # mend me
    return np.mean(error**2)


for targets in (y, y[:, 0]):
    print(targets.shape, f"{line_loss(x, targets, 1, 0.5):.4f}")


# %% [markdown]
# Keep $W$ as it is and move only $b$. The slope of the loss with respect to $b$ is
#
# $$\frac{dL}{db} = \frac1n \sum_{i=1}^{n} 2\,(x_i W + b - y_i)$$
#
# because each square $(b + c)^2$ has the derivative $2(b + c)$. At the lowest loss this slope is
# 0. Solve for $b$ on paper, then write `best_bias` without trying out values; here `x` and `y`
# are both `(n, 1)`. Last, `loss_best`: the loss for $W = 1$ with its best bias on the three
# points.

# %%
def best_bias(x, y, W):
    b = ...
    return b


loss_best = ...

# %%
check.exercise_3(line_loss, best_bias, loss_best)


# %% [markdown]
# ## Exercise 4 · How sure should a model be?
#
# Multiply all $z$ of a model by a factor: above 1 it claims to be surer, below 1 less sure, and
# its answers stay the same. Write `scaled_losses`, which returns an array with the binary
# cross-entropy of $a = \sigma(\text{factor} \cdot z)$ for each factor in the list, in that
# order. Here you may use the library's functions.

# %%
def scaled_losses(Z, y, factors):
    losses = np.zeros(len(factors))
    losses = ...  # replace this line: a loop over the factors fills the array
    return losses


# %% [markdown]
# Explore. For $z = -2, 2, -1$ with the targets $1, 0, 1$ the model is wrong every time: what
# does it lose as it is (`loss_wrong`), and which factor from the list suits it best? Then a 4
# or a 9, with the difference of the mean training images as weights, as in the lesson:
# which factor gives the lowest loss on the **training** images? Try it before you read on.

# %%
factors = [0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
Z_wrong = np.array([[-2.0], [2.0], [-1.0]])

X_train, y_train, X_test, y_test = select_pair(load_data(), 4, 9)
mean_4 = X_train[y_train[:, 0] == 0].mean(axis=0, keepdims=True)
mean_9 = X_train[y_train[:, 0] == 1].mean(axis=0, keepdims=True)
W = (mean_9 - mean_4).T
Z_train = (X_train - (mean_4 + mean_9) / 2) @ W  # 0 halfway between the means

loss_wrong = ...
best_wrong = ...
best_digits = ...

# %%
check.exercise_4(scaled_losses, loss_wrong, best_wrong, best_digits)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson and choose **scattered**. From the best
# line go along the valley, to $W = 1.5$ and $b = 2.5$, then across it, to $W = 2$ and $b = 0$:
# where is the loss more than twice the lowest? Next comes part 2.2, Gradient descent for
# optimization.
