# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 1.3 · Mathematical functions and activation basics
#
# Four exercises, about 40 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [1.3 Mathematical functions and activation basics](../notebooks/1_3_mathematical_functions.ipynb).

# %%
import warnings

import numpy as np

from course_lib.checks import part_1_3 as check
from course_lib.neural_network import sigmoid

# %% [markdown]
# ## Exercise 1 · Powers of $e$ for a whole table
#
# First, compute `E`: the power $e^z$ of every entry of `Z`, in an array of the same shape.
#
# Then finish `exp_shifted`. It is given such an `E` of any size, but **not** the `Z` it came
# from, and a row `c` of shape (1, k), one number for each of the k columns. It returns what $e^z$
# would be if `c` had been added to every row of `Z`. Which rule tells you what adding to the
# power does to $e^z$?

# %%
Z = np.array([[0.0, 1.0, -1.0], [2.0, -0.5, 3.0]])
E = ...


def exp_shifted(E, c):
    return ...


# %%
check.exercise_1(E, exp_shifted)


# %% [markdown]
# ## Exercise 2 · A sigmoid between any two limits
#
# Change the sigmoid so that it rises from `low` (far to the left) to `high` (far to the right)
# and is halfway between them at $z = 0$. Use the library's `sigmoid`; `Z` may have any shape.

# %%
def between(Z, low, high):
    return ...


# %% [markdown]
# Now the other way round: at which score `z_80` does `between(z, -1, 1)` give 0.8? Solve it on
# paper (first for $\sigma(z)$, then for $z$) and let Python compute the number.

# %%
z_80 = ...

# %%
check.exercise_2(between, z_80)


# %% [markdown]
# ## Exercise 3 · $\max(0, z)$, its slope, and its smooth relative
#
# Write `bend`. It returns two arrays of the shape of `Z`: the values $\max(0, z)$, and the
# slope at each entry. At exactly 0, where there is a corner, return the slope 0.

# %%
def bend(Z):
    values, slopes = ..., ...
    return values, slopes


# %% [markdown]
# The curve $s(z) = \ln(1 + e^z)$ looks like $\max(0, z)$ with its corner rounded off. Derive its
# derivative $s'(z)$ on paper: $u = 1 + e^z$, then $s = \ln u$, and the derivative of $\ln u$ is
# $1/u$. You know the result by another name. Use that name, so that `soft_slope` also works for
# scores of 1000. The check compares it with slopes that it measures by small steps.

# %%
def soft_slope(Z):
    return ...


# %%
check.exercise_3(bend, soft_slope)


# %% [markdown]
# ## Exercise 4 · A sigmoid that never overflows
#
# Write the sigmoid for an array of any shape, with NumPy alone (not with the library's). It
# must not overflow for scores as large as ±1000 (silencing the warning does not count), and it
# must keep small answers: at −40 the answer is about $e^{-40}$, not 0. The lesson has two forms,
# each of which is safe on one side.
#
# A trap: `np.where(test, one, other)` computes **both** for every entry, and only then chooses.

# %%
def safe_sigmoid(Z):
    return ...


# %% [markdown]
# Now explore. The lesson found where float64 gives up. Where does **float32**? `np.float32(z)`
# makes such a number. Write loops that find two whole numbers:
#
# - `one_32`: the smallest `z` for which `sigmoid(np.float32(z))` is exactly 1
# - `warn_32`: walking down from 0 to −1, −2, …, the first `z` for which the plain formula
#   overflows, that is, for which `overflows(np.float32(z))` is true

# %%
def overflows(z):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        1 / (1 + np.exp(-z))
    return len(caught) > 0


one_32 = ...
warn_32 = ...

# %%
check.exercise_4(safe_sigmoid, one_32, warn_32)

# %% [markdown]
# All four correct? Next comes part 2.1, Understanding loss functions, which takes logarithms of
# what the sigmoid answers.
