# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 2.4 · Debugging with numerical gradients
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [2.4 Debugging with numerical gradients](../notebooks/2_4_numerical_gradients.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.checks import part_2_4 as check
from course_lib.neural_network import (
    binary_cross_entropy,
    mse_loss,
    numerical_gradient,
    relative_error,
    sigmoid,
)

# %% [markdown]
# ## Exercise 1 · The central difference, and a line through two points
#
# Write `measured_slopes`. The function `f` takes an array like `w`, of any shape, and returns one
# number. Return an array of the shape of `w` that holds, for each entry, the central difference
# with step `h`: move this entry alone, by `h` up and by `h` down. Do not use `numerical_gradient`,
# and leave `w` itself unchanged. (The two points are for later.)

# %%
x_two, y_two = np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]])


def measured_slopes(f, w, h):
    ### BEGIN SOLUTION
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        step = np.zeros(w.shape)
        step[place] = h
        slopes[place] = (f(w + step) - f(w - step)) / (2 * h)
    ### STARTER
    # slopes = ...  # zeros in the shape of w; then a loop over np.ndindex(w.shape)
    ### END SOLUTION
    return slopes


# %% [markdown]
# Now put it to use. Two points, $(1, 3)$ and $(2, 5)$; the model $\hat y = xW + b$ stands at
# $W = 1.5$, $b = 0.5$, and the loss is the mean squared error. Work out both slopes of the loss
# **on paper**, by the formula: what are they? The last lines measure them.

# %%
def loss_at(w):
    return mse_loss(x_two * w[0] + w[1], y_two)


### BEGIN SOLUTION
slope_W = 2 * (1 * -1 + 2 * -1.5) / 2
slope_b = 2 * (-1 - 1.5) / 2
### STARTER
# slope_W = ...
# slope_b = ...
### END SOLUTION
measured = measured_slopes(loss_at, np.array([1.5, 0.5]), 1e-4)
if measured is not ... and slope_W is not ... and slope_b is not ...:
    print("formula: ", slope_W, slope_b)
    print("measured:", np.round(measured, 4))

# %%
check.exercise_1(measured_slopes, slope_W, slope_b)


# %% [markdown]
# ## Exercise 2 · Central against forward
#
# In the lesson, $x$ was 1. Do the best steps move when $x = 3$? Write `typical_errors`. The
# functions `f` and `slope` take a whole array of weights and work on each of them alone. For every
# `h` in `steps`, measure the slope at all the weights `w`, in both ways, and take the **mean of the
# sizes** (`np.abs`) of the errors. Return two lists or arrays as long as `steps`: the central
# errors, and the forward errors.

# %%
def typical_errors(f, slope, w, steps):
    ### BEGIN SOLUTION
    central, forward = [], []
    for h in steps:
        error = (f(w + h) - f(w - h)) / (2 * h) - slope(w)
        central.append(np.mean(np.abs(error)))
        error = (f(w + h) - f(w)) / h - slope(w)
        forward.append(np.mean(np.abs(error)))
    ### STARTER
    # central, forward = ..., ...
    ### END SOLUTION
    return central, forward


# %% [markdown]
# The next cell draws both, for the binary cross-entropy of one row with $x = 3$ and $y = 0$.
# Read the best step off for each, and write it below, as in `1e-3`.

# %%
def cross_entropy_of_w(w):
    return -np.log(sigmoid(-3 * w))


def slope_of_w(w):
    return 3 * sigmoid(3 * w)


weights = np.linspace(-2, 2, 20_000)
steps = [float(f"1e-{k}") for k in range(1, 13)]
central, forward = typical_errors(cross_entropy_of_w, slope_of_w, weights, steps)
if np.shape(central) == np.shape(forward) == (12,):
    figure, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    axis.loglog(steps, central, "-", marker="o", color=plots.BLUE, label="central")
    axis.loglog(steps, forward, "--", marker="s", color=plots.RED, label="forward")
    axis.set(xlabel="step h", ylabel="typical error", ylim=(1e-13, 10))
    axis.grid(alpha=0.3)
    axis.legend()
    caption = "The typical error of both differences, for each step."
    plots.show(figure, caption, "Error against step, on logarithmic axes; two curves.")

# %%
### BEGIN SOLUTION
best_central = steps[np.argmin(central)]
best_forward = steps[np.argmin(forward)]
### STARTER
# best_central = ...
# best_forward = ...
### END SOLUTION
check.exercise_2(typical_errors, best_central, best_forward)


# %% [markdown]
# ## Exercise 3 · Logistic regression, with two losses
#
# The model is $a = \sigma(xW + b)$. Write the forward pass `logistic(X, params)`, where `params` is
# `{"W": ..., "b": ...}`, and then the gradient of two losses, each as a dictionary of the same
# names and shapes, for any number of rows and columns:
#
# - `bce_gradient` for the binary cross-entropy: part 2.3 derived it;
# - `mse_gradient` for the mean squared error, $\frac1n \sum (a - y)^2$. Derive it by the chain
#   rule: the slope of the square, times the slope of the sigmoid, times that of $xW + b$. This
#   time, write the whole gradient, with every factor.

# %%
def logistic(X, params):
    ### BEGIN SOLUTION
    A = sigmoid(X @ params["W"] + params["b"])
    ### STARTER
    # A = ...
    ### END SOLUTION
    return A


def bce_gradient(X, y, params):
    ### BEGIN SOLUTION
    dZ = logistic(X, params) - y
    grad_W, grad_b = X.T @ dZ / len(X), dZ.mean(axis=0, keepdims=True)
    ### STARTER
    # grad_W, grad_b = ..., ...
    ### END SOLUTION
    return {"W": grad_W, "b": grad_b}


def mse_gradient(X, y, params):
    ### BEGIN SOLUTION
    A = logistic(X, params)
    dZ = 2 * (A - y) * A * (1 - A)
    grad_W, grad_b = X.T @ dZ / len(X), dZ.mean(axis=0, keepdims=True)
    ### STARTER
    # grad_W, grad_b = ..., ...
    ### END SOLUTION
    return {"W": grad_W, "b": grad_b}


# %% [markdown]
# You need not ask the check whether your formulas are right: you can measure. Run the next cell,
# and mend your formulas until all four relative errors are below $10^{-6}$.

# %%
rng = np.random.default_rng(0)
X_trial, y_trial = rng.normal(size=(6, 2)), np.array([[0.0, 1, 1, 0, 1, 0]]).T
trial = {"W": np.array([[0.5], [-1.0]]), "b": np.array([[0.3]])}
for loss_fn, gradient_fn in ((binary_cross_entropy, bce_gradient), (mse_loss, mse_gradient)):
    gradient = gradient_fn(X_trial, y_trial, trial)
    parts = [logistic(X_trial, trial), gradient["W"], gradient["b"]]
    if not any(part is ... for part in parts):
        slopes = numerical_gradient(X_trial, y_trial, trial, loss_fn, logistic)
        for name in trial:
            r = relative_error(gradient[name], slopes[name])
            print(f"{loss_fn.__name__}, {name}: below 1e-6: {r < 1e-6}")

# %%
check.exercise_3(logistic, bce_gradient, mse_gradient)


# %% [markdown]
# ## Exercise 4 · Three wrong gradients
#
# `check.planted_a`, `check.planted_b` and `check.planted_c` each claim to be the gradient of
# logistic regression with binary cross-entropy. Call them like yours:
# `check.planted_a(X, y, params)` gives `{"W": ..., "b": ...}`. In each, exactly one parameter is
# wrong. (Their source would tell you. Find out by measuring.)
#
# First the tool. Write `errors_of`: it compares any `gradient_fn(X, y, params)` with the measured
# gradient, and returns the relative error of each parameter by itself, `{"W": ..., "b": ...}`.
# The model is `forward_of`, and the loss is `binary_cross_entropy`.

# %%
def forward_of(X, params):
    return sigmoid(X @ params["W"] + params["b"])


def errors_of(X, y, params, gradient_fn):
    ### BEGIN SOLUTION
    gradient = gradient_fn(X, y, params)
    slopes = numerical_gradient(X, y, params, binary_cross_entropy, forward_of)
    errors = {name: relative_error(gradient[name], slopes[name]) for name in params}
    ### STARTER
    # errors = ...
    ### END SOLUTION
    return errors


# %% [markdown]
# Now use it on the three, and look at what they return beside what you measure: is it a factor,
# and which? Then write down what you found: the name of the wrong parameter, and one of
# `"transposed"`, `"no mean"`, `"sign"`, `"factor 2"`.

# %%
X_square = np.random.default_rng(1).normal(size=(6, 6))
y_square = np.array([[1.0, 0, 0, 1, 1, 1]]).T
params = {"W": np.random.default_rng(2).normal(size=(6, 1)), "b": np.array([[0.2]])}

### BEGIN SOLUTION
slopes = numerical_gradient(X_square, y_square, params, binary_cross_entropy, forward_of)
for planted in (check.planted_a, check.planted_b, check.planted_c):
    errors = errors_of(X_square, y_square, params, planted)
    gradient = planted(X_square, y_square, params)
    name = max(errors, key=errors.get)
    ratios = np.round(gradient[name] / slopes[name], 2).ravel()
    print(f"{planted.__name__}, {name}: r = {errors[name]:.4f}, ratios {ratios}")
found_a = ("W", "sign")
found_b = ("b", "no mean")
found_c = ("W", "transposed")
### STARTER
# found_a = (..., ...)  # which parameter, and how
# found_b = (..., ...)
# found_c = (..., ...)
### END SOLUTION

# %%
check.exercise_4(errors_of, found_a, found_b, found_c)

# %% [markdown]
# All four correct? Go back to the slider of the lesson: find the best step for the cross-entropy
# at $w = 2$ and at $w = -2$. Does the sentence under the picture agree with it each time? (A single
# point can be lucky.) Next comes part 3.1, Single-layer perceptrons.
