# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 3.2 · Activation functions
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [3.2 Activation functions](../notebooks/3_2_activations.ipynb).

# %%
import numpy as np

from course_lib.checks import part_3_2 as check

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## Exercise 1 · ReLU of a 4×3, and its slope from the answers
#
# Write `rectify`, the ReLU of an array of any shape, with NumPy alone. Then `passes`: it is given
# the **answers** `A` of a ReLU, not the scores, and returns the slope at each of them: the share
# of a gradient that passes, in an array of the same shape. At a score of exactly 0, take the slope
# 0.
#
# Before you run it, do `Z` **on paper**: at how many of its twelve entries does a gradient pass?

# %%
Z = np.array([[0.5, -1.0, 2.0], [0.0, 3.0, -0.1], [-2.0, 0.0, 1e-9], [4.0, -7.0, -0.5]])


def rectify(Z):
    return ...


def passes(A):
    return ...


num_open = ...  # a number, counted on paper

# %%
check.exercise_1(rectify, passes, num_open)

# %% [markdown]
# ## Exercise 2 · Softmax of a 3×5 with a temperature
#
# Change the softmax of the lesson so that it takes a temperature `T`: each score is divided by it
# first. One row is one sample. Write it with NumPy alone, for a table of any size and any $T > 0$,
# small ones too.

# %%
scores = np.array(
    [[2.0, 1.0, 0.0, -1.0, 0.5], [0.0, 0.0, 0.0, 0.0, 0.0], [5.0, -5.0, 1.0, 1.0, 4.0]]
)


def softmax_at(Z, T):
    return ...


for T in (0.5, 1, 5):
    A = softmax_at(scores, T)
    if A is not ...:
        print(f"temperature {T}:")
        print(A)

# %% [markdown]
# Now the other way round. Two classes have the scores 3 and 0. At which temperature `T_75` does
# the first one get a probability of 0.75? Solve it on paper (the softmax of two classes is a
# sigmoid of what?) and let Python compute the number.

# %%
T_75 = ...

# %%
check.exercise_2(softmax_at, T_75)


# %% [markdown]
# ## Exercise 3 · Zeros, predicted and measured
#
# The scores of a layer are **uniform** on $[-a, b]$: each value between $-a$ and $b$ is equally
# likely. Here $a \ge 0$ and $b > 0$. They go through a ReLU. Derive on paper, then write
# `predicted(a, b)`, which returns two numbers:
#
# - the share of zeros: which part of the way from $-a$ to $b$ lies below 0?
# - the mean of the answers: the others lie evenly between 0 and $b$. What is their mean, and how
#   large is their share?
#
# Then write `measured(A)`, which counts. `A` has shape `(n, k)`: the answers of `k` ReLU units to
# `n` inputs. Return three numbers: the share of zeros among all entries, the mean of all entries,
# and the number of **dead units**, those that are 0 for every input.

# %%
def predicted(a, b):
    share_of_zeros, mean = ..., ...
    return share_of_zeros, mean


def measured(A):
    share_of_zeros, mean, num_dead = ..., ..., ...
    return share_of_zeros, mean, num_dead


# %% [markdown]
# Compare the two: 40,000 inputs for 5 units. Is the difference what you expect from chance?

# %%
rng = np.random.default_rng(0)
for a, b in ((1, 1), (3, 1), (0.5, 2)):
    A = np.maximum(0, rng.uniform(-a, b, size=(40_000, 5)))
    formula, count = predicted(a, b), measured(A)
    if not any(value is ... for value in (*formula, *count)):
        print(f"[{-a}, {b}]  zeros and mean, predicted:", np.array(formula))
        print(f"{'':9}  zeros, mean and dead units, measured:", np.array(count))

# %%
check.exercise_3(predicted, measured)

# %% [markdown]
# ## Exercise 4 · Rows of ±1000
#
# Write the softmax of the rows of `far` with NumPy alone, without an overflow, without a division
# by 0, and without changing `Z` (silencing the warning does not count). Look at the rows: what one
# of them needs does not suit the others.
#
# Then `log_softmax`: the natural logarithm of each probability. A probability may be so small that
# it is stored as 0, and $\ln 0$ does not exist; yet its logarithm is a harmless number such as
# −2000. Take the logarithm of the formula **on paper** (a fraction becomes a difference), and
# compute what you get. Again without an overflow, and without $-\infty$.

# %%
far = np.array([[1000.0, -1000.0, 999.0, 0.0], [-1000.0, -1001.0, -1000.0, -1003.0]])


def safe_softmax(Z):
    return ...


def log_softmax(Z):
    return ...


for function in (safe_softmax, log_softmax):
    if function(far) is not ...:
        print(f"{function.__name__}:")
        print(function(far))

# %%
check.exercise_4(safe_softmax, log_softmax)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson and set the score of A to 4: which
# temperature gives A about 0.75 now, with two others in the race? Next comes part 3.3, Multi-layer
# perceptrons, which takes the logarithm of what the softmax answers.
