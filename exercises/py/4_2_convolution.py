# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 4.2 · Convolutional layers
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [4.2 Convolutional layers](../notebooks/4_2_convolution.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.checks import part_4_2 as check
from course_lib.datasets import load_data
from course_lib.neural_network import conv2d, numerical_gradient, relative_error

data = load_data()
digit = data.X_train[data.y_train == 5][0].reshape(28, 28)


# %% [markdown]
# ## Exercise 1 · Slide a filter over an image
#
# Write `slide`, with loops and without `conv2d`: at every place where the filter fits inside the
# image, the sum of the products. Image and filter are arrays of any two sizes, and need not be
# square.

# %%
def slide(image, kernel):
    out = ...  # zeros in the shape of the map; then a loop over its places
    return out


# %% [markdown]
# Now a blur, on paper first. The image `gray` is $4 \times 4$. The $2 \times 2$ **mean filter**
# answers with the mean of the four pixels under it. Write down its four weights as an array
# `mean_filter`. Then work out the map's entry `[1, 2]` (second row, third column) on paper, and
# write the number.

# %%
gray = np.array([[1.0, 3, 0, 2], [5, 7, 4, 2], [2, 0, 6, 8], [4, 2, 0, 2]])
mean_filter = ...
entry_1_2 = ...
if mean_filter is not ... and slide(gray, np.ones((2, 2))) is not ...:
    print(slide(gray, np.asarray(mean_filter)))

# %%
check.exercise_1(slide, mean_filter, entry_1_2)


# %% [markdown]
# ## Exercise 2 · Any stride
#
# Three functions that belong together:
#
# - `stops(length, f, s)`: how often a window of `f` pixels fits into `length` pixels, when it moves
#   `s` pixels at a time; a whole number.
# - `left_over(length, f, s)`: how many pixels lie behind the end of the last window.
# - `slide_by(image, kernel, s)`: the feature map with stride `s`, in both directions. You may
#   copy the loop of exercise 1 (no `conv2d`, please).
#
# Count by hand first, say for 7 pixels, windows of 3, stride 2.

# %%
def stops(length, f, s):
    count = ...
    return count


def left_over(length, f, s):
    unused = ...
    return unused


def slide_by(image, kernel, s):
    out = ...
    return out


# %%
if stops(7, 3, 2) is not ... and left_over(7, 3, 2) is not ...:
    for length in (7, 8, 9):
        count, unused = stops(length, 3, 2), left_over(length, 3, 2)
        print(f"{length} pixels, windows of 3, stride 2: {count} stops, {unused} left over")

# %%
check.exercise_2(stops, left_over, slide_by)


# %% [markdown]
# ## Exercise 3 · The gradient of a filter
#
# A filter and a bias slide over one image, with stride 1. You are given the image, and
# `grad_map`: the slope of the loss along each entry of the map. Derive the slope along each weight
# of the filter, and along the bias: where is a weight used, and which pixel does it meet there?
# Write `filter_gradient`, which returns both, for images and filters of any size. (The filter
# itself is not given. Its size follows from the other two.)

# %%
def filter_gradient(image, grad_map):
    grad_filter, grad_b = ..., ...
    return grad_filter, grad_b


# %% [markdown]
# You need not ask the check: you can measure. The next cell takes a $3 \times 2$ filter for
# horizontal edges on a small image. Mend your function until both errors are below $10^{-6}$.

# %%
rng = np.random.default_rng(0)
small, target = rng.normal(size=(6, 5)), rng.normal(size=(4, 4))
trial = {"filter": np.array([[-1.0, -1], [0, 0], [1, 1]]), "b": np.array(0.5)}


def map_of(image, params):
    return conv2d(image, params["filter"]) + params["b"]


def squared_miss(out, y):
    return np.sum((out - y) ** 2)


grad_map = 2 * (map_of(small, trial) - target)
formula = filter_gradient(small, grad_map)
if not any(part is ... for part in formula):
    measured = numerical_gradient(small, target, trial, squared_miss, map_of)
    for name, part in zip(("filter", "b"), formula, strict=True):
        print(f"{name}: below 1e-6: {relative_error(part, measured[name]) < 1e-6}")

# %%
check.exercise_3(filter_gradient)

# %% [markdown]
# ## Exercise 4 · Edges, and the filter that answers most
#
# Write two $3 \times 3$ filters. On even areas both must answer 0.
#
# - `horizontal` answers positive where ink begins on the way **down**, and 0 at vertical edges;
# - `vertical` answers positive where ink begins on the way **right**, and 0 at horizontal edges.
#
# Then `edge_strength(image)`: with $h$ and $v$ the two maps, $\sqrt{h^2 + v^2}$ at every place. It
# is the same at a left and at a right edge. Look at the picture: what does each map miss, what
# does the third?

# %%
horizontal = ...
vertical = ...


def edge_strength(image):
    strength = ...
    return strength


# %%
if not any(part is ... for part in (horizontal, vertical, edge_strength(digit))):
    figure, axes = plt.subplots(1, 4, figsize=(10, 2.8), layout="constrained")
    plots.draw_digit(axes[0], digit, "the digit")
    h, v = conv2d(digit, horizontal), conv2d(digit, vertical)
    limit = max(np.abs(h).max(), np.abs(v).max())
    maps = {"horizontal": h, "vertical": v, "strength": edge_strength(digit)}
    for axis, (name, values) in zip(axes[1:], maps.items(), strict=True):
        picture = axis.imshow(values, cmap="RdBu_r", vmin=-limit, vmax=limit)
        axis.set(xticks=[], yticks=[], title=name)
    figure.colorbar(picture, ax=axes[3])
    caption = "The digit and three maps of it, on one scale of colors."
    plots.show(figure, caption, "A digit, its horizontal and vertical edges, both together.")


# %% [markdown]
# Now explore. A `pattern` has the size of the filter. At the place where the window lies exactly
# on it, the answer is `np.sum(pattern * kernel)`. Larger weights answer more, so we allow only
# filters whose **squares add up to 1**. Which of them answers most? Try filters on the pattern
# below, find a rule, and write `best_filter(pattern)` for any pattern that is not all zero, with
# negative values too.

# %%
def best_filter(pattern):
    kernel = ...
    return kernel


pattern = np.array([[0.0, 0, 1], [0, 2, 0], [2, 0, 0]])
tries = {"nine equal weights": np.full((3, 3), 1 / 3), "the middle alone": np.zeros((3, 3))}
tries["the middle alone"][1, 1] = 1
tries["best_filter"] = best_filter(pattern)
for name, kernel in tries.items():
    if kernel is not ...:
        answer, squares = np.sum(pattern * kernel), np.sum(kernel**2)
        print(f"{name:18} answers {answer:.2f}; its squares add up to {squares:.2f}")

# %%
check.exercise_4(horizontal, vertical, edge_strength, best_filter)

# %% [markdown]
# All four correct? Go back to the sliders of the lesson, and build the filter that answers most to
# a stroke from the lower left to the upper right. Where on the digit does it answer? Next comes
# part 4.3, Pooling and CNN architecture.
