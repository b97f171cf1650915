# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 1.2 · Matrix operations for neural networks
#
# Four exercises, about 35 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [1.2 Matrix operations for neural networks](../notebooks/1_2_matrix_operations.ipynb).

# %%
import numpy as np

from course_lib.checks import part_1_2 as check
from course_lib.datasets import load_data

# %% [markdown]
# ## Exercise 1 · One entry of a product
#
# A 4 × 2 matrix times a 2 × 3 matrix. Which shape has the product? Compute its entry in **row 3,
# column 2** on paper, counted from 1 as in mathematics, and write it down as `by_hand`.

# %%
X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, -2.0], [7.0, 8.0]])
W = np.array([[0.5, -1.0, 2.0], [1.5, 3.0, 0.0]])
by_hand = ...


# %% [markdown]
# Now write `entry`: it returns the single number in row `i`, column `j` of the product, counted
# from 0 as in Python. Add up products; do not use `@`, and do not compute the other entries (the
# check looks at the number only). It tries matrices of other shapes, too.

# %%
def entry(X, W, i, j):
    total = ...  # row i of X against column j of W
    return total


print("your function:", entry(X, W, 2, 1))

# %%
check.exercise_1(by_hand, entry)


# %% [markdown]
# ## Exercise 2 · Mend a layer
#
# Another library stores a layer with a row for **each neuron**: `W` has shape `(k, d)`, and `b`
# is a column of shape `(k, 1)`. With the images in the rows of `X`, shape `(n, d)`, the line
# `Z = X @ W + b` stops with an error, or worse, with none.
#
# Mend it: `layer` returns `Z` of shape `(n, k)`, where `Z[i, j]` is the dot product of image `i`
# and neuron `j`, plus the bias of neuron `j`. Beware of a mend that runs and is wrong: the check
# compares the numbers.

# %%
def layer(X, W, b):
    Z = ...  # X @ W + b does not fit
    return Z


layer(np.ones((4, 2)), np.arange(6.0).reshape(3, 2), np.array([[10.0], [20.0], [30.0]]))

# %%
check.exercise_2(layer)


# %% [markdown]
# ## Exercise 3 · A dot product three ways
#
# First compute $u \cdot v$ for two vectors of shape `(n,)` in three ways: with a loop, with `*`
# and `np.sum`, and with `@`. Each is a single number.

# %%
def dot_three_ways(u, v):
    by_loop = ...
    by_sum = ...
    by_at = ...
    return by_loop, by_sum, by_at


inputs = np.array([1.0, 2.0, 3.0, 4.0])
weights = np.array([0.1, 0.2, 0.3, 0.4])
dots = dot_three_ways(inputs, weights)
if isinstance(dots, tuple):
    print("the three ways:", *(np.round(dot, 4) for dot in dots if dot is not ...))


# %% [markdown]
# Now derive something. A neuron with weights $v$ answers $u \cdot v$ to the input $u$. You may
# change its weights along a direction $w$, to $v + c\,w$ with a single number $c$. For which $c$
# does it answer 0? A dot product multiplies out as numbers do:
# $u \cdot (v + c\,w) = u \cdot v + c\,(u \cdot w)$. Set this to 0 and solve for $c$ on paper,
# then write it as a function. You may assume that $u \cdot w$ is not 0.

# %%
def silencing(u, v, w):
    c = ...
    return c


direction = np.array([1.0, 1.0, 1.0, 1.0])
c = silencing(inputs, weights, direction)
if c is not ... and c is not None:
    print("c =", np.round(c, 4))

# %%
check.exercise_3(dot_three_ways, silencing)


# %% [markdown]
# ## Exercise 4 · A matrix times its own transpose
#
# $A A^\top$ has in row $i$, column $j$ the dot product of rows $i$ and $j$ of $A$. Write `gram`
# (such a table is called a Gram matrix), and look at the result for a 2 × 3 matrix. It is
# **symmetric**: equal to its own transpose. Why? Use $(AB)^\top = B^\top A^\top$ on paper.

# %%
def gram(A):
    G = ...
    return G


gram(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))


# %% [markdown]
# A large dot product may mean that two rows are alike, or only that they are long. So divide out
# the lengths: the length of a row $a$ is $\sqrt{a \cdot a}$, and
#
# $$S_{ij} = \frac{a_i \cdot a_j}{\sqrt{a_i \cdot a_i}\,\sqrt{a_j \cdot a_j}}$$
#
# is 1 for rows that point the same way, and 0 for rows at a right angle. Write `similarity` for
# a matrix without zero rows. The numbers $a_i \cdot a_i$ stand on the diagonal of `gram(A)`;
# `np.diag(G)` takes them out as a vector.

# %%
def similarity(A):
    S = ...
    return S


# %% [markdown]
# Now explore. `means` has ten rows, the mean image of each digit. Which two **different** digits
# have the most similar mean images? Guess, then find out with your function, and write down the
# two digits.

# %%
data = load_data()
means = np.array([data.X_train[data.y_train == i].mean(axis=0) for i in range(10)])

digit_1 = ...
digit_2 = ...

# %%
check.exercise_4(gram, similarity, digit_1, digit_2)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson and mirror the digit top to bottom, though
# no slider has a negative height. Next comes part 1.3, Mathematical functions and activation
# basics.
