# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 2.3 · Mini-batch gradient descent
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [2.3 Mini-batch gradient descent](../notebooks/2_3_mini_batches.ipynb).

# %%
import numpy as np

from course_lib.checks import part_2_3 as check
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.neural_network import (
    binary_cross_entropy,
    gradient_descent,
    mini_batches,
    mse_loss,
    sigmoid,
)

# %% [markdown]
# ## Exercise 1 · One step for each batch
#
# The data lie on the line $y = 2x$. Finish `train_line`. `mini_batches` shuffles the rows and
# hands them out, `batch_size` at a time. For each batch, compute the error $E = XW + b - y$ and
# take one step against the gradients $\nabla_W = X_B^\top E / m$ and
# $\nabla_b = \text{mean}(E)$, where $m$ is the number of rows **in this batch**. `W` keeps its
# shape `(d, 1)`, and `b` its shape `(1, 1)`; here $d = 1$, but the check tries other data too.

# %%
x = np.arange(1.0, 9.0).reshape(8, 1)
y = 2 * x


def train_line(X, y, lr, batch_size, num_epochs, rng):
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for _ in range(num_epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            ### BEGIN SOLUTION
            error = X_batch @ W + b - y_batch
            W = W - lr * X_batch.T @ error / len(X_batch)
            b = b - lr * error.mean(axis=0, keepdims=True)
            ### STARTER
            # W, b = ..., ...  # replace this line: the error, then W, then b
            ### END SOLUTION
    return W, b


# %% [markdown]
# When your function is right, `W` should come out near 2. Run the next cell as it is: what
# happens? Then change `lr` until the loss ends below 0.1. (`b` starts at 0, is pushed up by the
# first steps, and comes back only slowly.) If this cell stops with an error, run the check below
# it: that says more.

# %%
### BEGIN SOLUTION
lr = 0.02
### STARTER
# lr = 0.1  # change me
### END SOLUTION
W_line, b_line = train_line(x, y, lr, 2, 20, np.random.default_rng(0))
if W_line is not ... and b_line is not ...:
    loss = mse_loss(x @ W_line + b_line, y)
    print(f"W: {np.round(W_line, 4)}  b: {np.round(b_line, 4)}  loss: {loss:.4f}")

# %%
check.exercise_1(train_line, lr)


# %% [markdown]
# ## Exercise 2 · Batch 4 against batch 2
#
# An epoch with batches of 4 makes half as many updates as one with batches of 2, so equal
# epochs are not a fair race. Make it fair: give every batch size the same number of
# **updates**.
#
# `compare` takes a list of batch sizes and returns a dictionary: for each batch size, the
# loss history that `gradient_descent` returns on `x` and `y`. Every run starts at zero
# weights, with a generator of its own, `rng=np.random.default_rng(seed)`. How many epochs make
# `num_updates` updates? A last, smaller batch counts as an update too; `int(np.ceil(a / b))`
# divides and rounds up. You may assume that the division by the updates of an epoch comes out
# even.

# %%
def compare(batch_sizes, num_updates, lr, seed):
    histories = {}
    for batch_size in batch_sizes:
        ### BEGIN SOLUTION
        updates_per_epoch = int(np.ceil(len(x) / batch_size))
        num_epochs = num_updates // updates_per_epoch
        W, b = np.zeros((1, 1)), np.zeros((1, 1))
        rng = np.random.default_rng(seed)
        _, _, histories[batch_size] = gradient_descent(
            x, y, W, b, lr, num_epochs, batch_size, mse_loss, rng=rng
        )
        ### STARTER
        # histories[batch_size] = ...  # epochs first, then gradient_descent
        ### END SOLUTION
    return histories


compare([2, 4], num_updates=8, lr=0.02, seed=0)

# %%
check.exercise_2(compare)

# %% [markdown]
# ## Exercise 3 · Logistic regression on six points
#
# Six numbers, the small ones labeled 0 and the large ones 1. With $a = \sigma(z)$ and
# $z = xW + b$, the loss is $-\frac1n \sum [y \ln a + (1-y) \ln(1-a)]$. How does it answer when
# $W$ or $b$ moves a little? Try to derive it on paper without looking at the lesson. Then write
# it down for any number of rows and columns: `grad_W` of shape `(d, 1)`, `grad_b` of shape
# `(1, 1)`. The check compares your formula with slopes that it measures by small steps.

# %%
x_six = np.array([[0.5], [1.5], [1.0], [2.0], [3.0], [2.5]])
y_six = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])


def logistic_gradient(X, y, W, b):
    ### BEGIN SOLUTION
    error = sigmoid(X @ W + b) - y
    grad_W = X.T @ error / len(X)
    grad_b = error.mean(axis=0, keepdims=True)
    ### STARTER
    # grad_W, grad_b = ..., ...
    ### END SOLUTION
    return grad_W, grad_b


# %% [markdown]
# The library trains on the six points. At which `x` does the model change its answer, that
# is, where is its probability exactly one half? Which $z$ gives one half? Compute `boundary`
# from `W_six` and `b_six`.

# %%
zeros = np.zeros((1, 1))
W_six, b_six, losses = gradient_descent(
    x_six, y_six, zeros, zeros, 0.5, 100, 2,
    binary_cross_entropy, sigmoid, rng=np.random.default_rng(0),
)
### BEGIN SOLUTION
boundary = -b_six / W_six
### STARTER
# boundary = ...
### END SOLUTION

# %%
check.exercise_3(logistic_gradient, boundary)

# %% [markdown]
# ## Exercise 4 · What the order of the rows does
#
# Back to the images of 3 and 8. Write `one_epoch`: start at zero weights and walk once
# through the rows **in the order given**, one batch after the other, with one logistic
# regression step for each. `order` is an array of row numbers; the last batch may be smaller.

# %%
X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
scaler = fit_scaler(X_train)
X_train, X_test = apply_scaler(X_train, scaler), apply_scaler(X_test, scaler)


def one_epoch(X, y, order, lr, batch_size):
    ### BEGIN SOLUTION
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        error = sigmoid(X[rows] @ W + b) - y[rows]
        W = W - lr * X[rows].T @ error / len(rows)
        b = b - lr * error.mean(axis=0, keepdims=True)
    ### STARTER
    # W, b = ..., ...
    ### END SOLUTION
    return W, b


# %% [markdown]
# Now explore. Train one epoch at `lr=0.1` in batches of 32, once in each order below. What
# is the accuracy on the test images? And in sorted order, what share of the test images
# does the model call 8? First guess, then compute the three shares, numbers from 0 to 1.

# %%
sorted_order = np.argsort(y_train[:, 0], kind="stable")  # all the 3s, then all the 8s
shuffled_order = np.random.default_rng(0).permutation(len(X_train))

### BEGIN SOLUTION
W, b = one_epoch(X_train, y_train, sorted_order, 0.1, 32)
says_8 = sigmoid(X_test @ W + b) > 0.5
called_8 = np.mean(says_8)
accuracy_sorted = np.mean(says_8 == y_test)

W, b = one_epoch(X_train, y_train, shuffled_order, 0.1, 32)
accuracy_shuffled = np.mean((sigmoid(X_test @ W + b) > 0.5) == y_test)
### STARTER
# accuracy_sorted = ...
# accuracy_shuffled = ...
# called_8 = ...
### END SOLUTION

# %%
check.exercise_4(one_epoch, accuracy_sorted, accuracy_shuffled, called_8)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson: with which setting does the loss end
# below 0.01 after the fewest updates? Next comes part 2.4, Debugging with numerical gradients.
