# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 2.2 · Gradient descent for optimization
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [2.2 Gradient descent for optimization](../notebooks/2_2_gradient_descent.ipynb).

# %%
import numpy as np

from course_lib.checks import part_2_2 as check
from course_lib.neural_network import gradient_descent, mse_loss

# %% [markdown]
# ## Exercise 1 · The whole loop
#
# Write `fit_line`. It starts at `W` of shape `(d, 1)` and `b` of shape `(1, 1)`, all zeros, and
# takes `num_steps` steps on all rows: the error $XW + b - y$, the gradients
# $\nabla_W = X^\top(\hat y - y)/n$ and $\nabla_b = \text{mean}(\hat y - y)$, and a step against
# both at rate `lr`. It returns `W`, `b` and a list with the mean squared error **after** each
# step. Here $d = 1$, but the check tries other data too. Without `gradient_descent`, please.

# %%
x = np.array([[1.0], [2.0], [3.0], [4.0]])
y = 2 * x


def fit_line(X, y, lr, num_steps):
    ### BEGIN SOLUTION
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    losses = []
    for _ in range(num_steps):
        error = X @ W + b - y
        grad_W = X.T @ error / len(X)
        grad_b = error.mean(axis=0, keepdims=True)
        W, b = W - lr * grad_W, b - lr * grad_b
        losses.append(mse_loss(X @ W + b, y))
    ### STARTER
    # W, b, losses = ..., ..., ...  # zeros first, then the loop
    ### END SOLUTION
    return W, b, losses


# %% [markdown]
# The points lie on $y = 2x$, so `W` should come near 2 and `b` near 0. `b` even starts at the
# right value. Does it stay there?

# %%
W_line, b_line, losses = fit_line(x, y, lr=0.1, num_steps=50)
if np.ndim(losses) == 1 and len(losses) > 0:
    print(f"W: {np.round(W_line, 4)}  b: {np.round(b_line, 4)}  loss: {losses[-1]:.4f}")

# %%
check.exercise_1(fit_line)


# %% [markdown]
# ## Exercise 2 · A ten times smaller rate
#
# How many steps does a rate need? Write `count_steps`: the number of steps from zero weights
# until the loss is **below** `target` for the first time. If that does not happen within
# `most_steps` steps, return `most_steps`. This time `gradient_descent` may do the walking: with
# `batch_size=len(X)`, its loss history has one entry for each step.

# %%
def count_steps(X, y, lr, target, most_steps):
    ### BEGIN SOLUTION
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    _, _, losses = gradient_descent(X, y, W, b, lr, most_steps, len(X), mse_loss)
    for step, loss in enumerate(losses, start=1):
        if loss < target:
            return step
    return most_steps
    ### STARTER
    # return ...
    ### END SOLUTION


# %% [markdown]
# Now take the five points of the lesson, a `target` of 0.005 and at most 2,000 steps. **How many
# times as many** steps does rate 0.01 need as rate 0.1? Guess, then compute it.

# %%
x_five = np.arange(1.0, 6.0).reshape(5, 1)
y_five = 2 * x_five + 1

### BEGIN SOLUTION
small_rate = count_steps(x_five, y_five, 0.01, 0.005, 2000)
times_as_many = small_rate / count_steps(x_five, y_five, 0.1, 0.005, 2000)
### STARTER
# times_as_many = ...
### END SOLUTION

# %%
check.exercise_2(count_steps, times_as_many)


# %% [markdown]
# ## Exercise 3 · The largest stable rate, when rows count differently
#
# Some measurements are better than others. Row $i$ counts $r_i \ge 0$ times as much, so the
# loss is $\frac{1}{R} \sum r_i (\hat y_i - y_i)^2$ with $R = \sum r_i$. (With all $r_i = 1$ it is
# the mean squared error.) Its gradient is that of the lesson with each row's error times $r_i$,
# divided by $R$ in place of $n$; the 2 is again left to the rate.
#
# Derive the largest stable rate on paper, for any number of columns. Move all weights by
# $\delta v$, with one entry of $v$ for each column and a last one for the bias. How much does
# the error of a row change? What stands beside $\delta^2$? Which matrix $H$ is that? Then write
# `largest_rate(X, r)`, with `X` of shape `(n, d)` and `r` of shape `(n, 1)`. It returns a
# number.

# %%
def largest_rate(X, r):
    ### BEGIN SOLUTION
    X_and_one = np.hstack([X, np.ones((len(X), 1))])
    H = X_and_one.T @ (r * X_and_one) / np.sum(r)
    rate = 2 / np.linalg.eigvalsh(H)[-1]
    ### STARTER
    # rate = ...
    ### END SOLUTION
    return rate


# %% [markdown]
# Now a fit in fewer steps: 80 are all you have. On the five points (all count the same), the
# loss has to end below 0.001, which the lesson's 0.1 misses. Set `lr_few`, as a share of your
# `largest_rate`.

# %%
### BEGIN SOLUTION
lr_few = 0.9 * largest_rate(x_five, np.ones((5, 1)))
### STARTER
# lr_few = ...
### END SOLUTION

# %%
check.exercise_3(largest_rate, lr_few)

# %% [markdown]
# ## Exercise 4 · The noise, or the walk?
#
# Four measurements of $y = 2x$ with a little noise. The lowest point of this loss surface can
# be had without any walk: `np.linalg.lstsq(M, y, rcond=None)[0]` returns the weights $v$ for
# which $Mv$ comes closest to $y$, one for each column of $M$. It knows nothing of a bias. Which
# $M$ makes $Mv$ equal $XW + b$? Write `closed_form`, which returns `W` of shape `(d, 1)` and `b`
# of shape `(1, 1)`.

# %%
x_noisy = np.array([[1.0], [2.0], [3.0], [4.0]])
y_noisy = np.array([[2.1], [4.2], [5.8], [8.3]])


def closed_form(X, y):
    ### BEGIN SOLUTION
    M = np.hstack([X, np.ones((len(X), 1))])
    v = np.linalg.lstsq(M, y, rcond=None)[0]
    W, b = v[:-1], v[-1:]
    ### STARTER
    # W, b = ..., ...
    ### END SOLUTION
    return W, b


# %% [markdown]
# Now explore. Walk 100 steps at rate 0.1 from zero weights with `gradient_descent`. Without noise
# `b` would be 0. It is not: how much of it is the **noise** (`b` at the lowest point), and how
# much is the **walk**, which is not there yet (`b` after 100 steps, minus that)? And what is
# the smallest loss that any line can have here?

# %%
### BEGIN SOLUTION
W_low, b_low = closed_form(x_noisy, y_noisy)
zeros = np.zeros((1, 1))
_, b_100, _ = gradient_descent(x_noisy, y_noisy, zeros, zeros, 0.1, 100, 4, mse_loss)
b_noise = b_low
b_walk = b_100 - b_low
smallest_loss = mse_loss(x_noisy @ W_low + b_low, y_noisy)
### STARTER
# b_noise = ...
# b_walk = ...
# smallest_loss = ...
### END SOLUTION

# %%
check.exercise_4(closed_form, b_noise, b_walk, smallest_loss)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson: from the start in the valley, which
# two rates bring the loss below 0.0001 within 200 steps? Next comes part 2.3, Mini-batch
# gradient descent.
