# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 1.1 · Getting started with NumPy arrays
#
# Four exercises, about 40 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [1.1 Getting started with NumPy arrays](../notebooks/1_1_numpy_arrays.ipynb).

# %%
import numpy as np

from course_lib.checks import part_1_1 as check
from course_lib.datasets import load_data
from course_lib.neural_network import normalize

# %% [markdown]
# ## Exercise 1 · Ones in other shapes
#
# Make a table of ones with 4 rows and 3 columns. From it, make `two_rows`, with 2 rows, and
# `column`, a table with a single column. Both keep all the ones.

# %%
### BEGIN SOLUTION
ones = np.ones((4, 3))
two_rows = ones.reshape(2, 6)
column = ones.reshape(-1, 1)
### STARTER
# ones = ...
# two_rows = ...
# column = ...
### END SOLUTION

# %% [markdown]
# Which shapes are impossible? Write the rule as a function: `fits` answers `True` if an array
# of shape `shape` can be reshaped to `new_shape`, and `False` if not. Both are tuples of whole
# numbers such as `(4, 3)`, of any length, without a `-1`. Below it, four shapes are tried: guess
# first which of them is impossible.

# %%
def fits(shape, new_shape):
    ### BEGIN SOLUTION
    possible = np.prod(shape) == np.prod(new_shape)  # as many entries
    ### STARTER
    # possible = ...
    ### END SOLUTION
    return possible


for new_shape in ((6, 2), (12,), (5, 2), (2, 2, 3)):
    possible = fits((4, 3), new_shape)
    print(new_shape, "fits:", "not written yet" if possible is ... else possible)

# %%
check.exercise_1(ones, two_rows, column, fits)


# %% [markdown]
# ## Exercise 2 · One number for each column, one for each row
#
# This loop adds `v[j]` to every number of column `j`:
#
# ```python
# result = np.zeros(X.shape)
# for i in range(X.shape[0]):
#     for j in range(X.shape[1]):
#         result[i, j] = X[i, j] + v[j]
# ```
#
# Change it into one line without a loop, `shift_columns`. Then the other direction:
# `shift_rows` adds `u[i]` to every number of **row** `i`. Here `u` is a plain array of shape
# `(n,)`, one number for each of the `n` rows. Both should leave `X` as it is, and work for
# every table, also for one with as many rows as columns.

# %%
def shift_columns(X, v):
    ### BEGIN SOLUTION
    shifted = X + v
    ### STARTER
    # shifted = ...
    ### END SOLUTION
    return shifted


def shift_rows(X, u):
    ### BEGIN SOLUTION
    shifted = X + u.reshape(-1, 1)
    ### STARTER
    # shifted = ...
    ### END SOLUTION
    return shifted


# %%
check.exercise_2(shift_columns, shift_rows)


# %% [markdown]
# ## Exercise 3 · Slices, and which of them are views
#
# Two slices first. `second_row` gives the second row of a table of any size, with shape `(d,)`.
# `left_block` gives the 2 × 2 block in its upper left corner.

# %%
def second_row(X):
    ### BEGIN SOLUTION
    piece = X[1]
    ### STARTER
    # piece = ...
    ### END SOLUTION
    return piece


def left_block(X):
    ### BEGIN SOLUTION
    piece = X[:2, :2]
    ### STARTER
    # piece = ...
    ### END SOLUTION
    return piece


# %% [markdown]
# A view shares its numbers with the array it was taken from. So whether `part` is a view of
# `whole` can be found out by an **experiment**: change `part`, and look whether `whole` has
# changed. Write it as `is_view`, which answers `True` or `False`, and in the end leaves both
# arrays as they were. `part += 1` adds 1 to all numbers of an array in place, and
# `part[:] = other` overwrites them all. (NumPy has a function of its own for this question,
# which you may use too. But the experiment shows what the word means.)

# %%
def is_view(part, whole):
    ### BEGIN SOLUTION
    part_before, whole_before = part.copy(), whole.copy()
    part += 1
    answer = not np.array_equal(whole, whole_before)
    part[:] = part_before
    ### STARTER
    # answer = ...
    ### END SOLUTION
    return answer


table = np.arange(20.0).reshape(5, 4)
pieces = {
    "second_row(table)": second_row(table),
    "left_block(table)": left_block(table),
    "table[[0, 1]]": table[[0, 1]],
    "table[table > 3]": table[table > 3],
    "table.reshape(-1)": table.reshape(-1),
}
for name, piece in pieces.items():
    if piece is not ...:
        answer = is_view(piece, table)
        print(f"{name:17} is a view:", "not written yet" if answer is ... else answer)

# %%
check.exercise_3(second_row, left_block, is_view)

# %% [markdown]
# ## Exercise 4 · Normalize, and the pixels that never change
#
# Training rows are scaled by their own means and standard deviations, and test rows by **those
# of the training rows**. One function can do both: `normalize_by` scales the columns of `X` by
# the means and standard deviations of `reference`, which has the same number of columns. A
# column that is constant in `reference` is divided by 1, not by 0.
#
# Write it with NumPy alone. Then use it to normalize the random table `five_by_two` by itself.
# (`normal(50, 10, ...)` makes numbers around 50, with a standard deviation of about 10.)

# %%
five_by_two = np.random.default_rng(0).normal(50, 10, size=(5, 2))


def normalize_by(X, reference):
    ### BEGIN SOLUTION
    mean, std = reference.mean(axis=0), reference.std(axis=0)
    scaled = (X - mean) / np.where(std < 1e-8, 1, std)
    ### STARTER
    # scaled = ...
    ### END SOLUTION
    return scaled


### BEGIN SOLUTION
normalized = normalize_by(five_by_two, five_by_two)
### STARTER
# normalized = ...
### END SOLUTION
if normalized is not ...:
    print("like the library's:", np.allclose(normalized, normalize(five_by_two)))

# %% [markdown]
# Now explore the digits. `X_train[y_train == 7]` are the training pictures of the digit 7. How
# many of the 784 pixels are constant among them? Guess first: which digit will have the most
# pixels that never change? Then let `counts` hold the ten numbers, for the digits 0 to 9 in
# order. (A pixel counts as constant if its standard deviation is below `1e-8`.)

# %%
data = load_data()
X_train, y_train = data.X_train, data.y_train
### BEGIN SOLUTION
stds = [X_train[y_train == digit].std(axis=0) for digit in range(10)]
counts = [np.sum(std < 1e-8) for std in stds]
### STARTER
# counts = ...
### END SOLUTION

# %%
check.exercise_4(normalize_by, normalized, counts)

# %% [markdown]
# All four correct? Then try `normalize_by(data.X_test, X_train)`: what is its largest value, and
# why can it be larger than any in the training table? Next comes part 1.2, Matrix operations
# for neural networks.
