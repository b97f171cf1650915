# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1.1 · Getting started with NumPy arrays
#
# To a computer, a picture is a table of numbers. At the end of this lesson you can hold
# hundreds of pictures in one table, work on all of them in one line, and bring every pixel to
# the same scale. Here is one of them before and after; the rest of the lesson builds it.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.explorers import part_1_1

data = load_data()
finished = part_1_1.draw_pixels(data)
caption = (
    "A handwritten digit; what the pixels of all pictures are on average; how much "
    "they vary (darker: more); and the digit again: more ink than usual (red, solid "
    "outline), or less (blue, dashed)."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** make arrays, cut pieces out of them, change their shape, let a small array act on
# every row of a large one, and write `normalize`, the first function of the course's library.
#
# **You need** a little Python: lists, loops, functions. No NumPy. **Time:** about 90 minutes
# with the exercises; the notebook itself runs in seconds. In each cell, press Shift+Enter.
# Lines that only draw, or print neatly, need not be understood.
#
# NumPy is Python's package for tables of numbers; everybody calls it `np`. Every lesson of this
# course adds a few functions to one library. So far it holds what you build today:

# %%
library_so_far("1.1")

# %% [markdown]
# ## Predict
#
# A table has two columns: the heights of some seedlings in centimeters, and beside them the
# same heights in millimeters, so all numbers of the second column are ten times as large.
#
# Now each column is treated alike: subtract the column's own mean from it, then divide it by
# its own **standard deviation**, the typical distance from the mean. Which column ends up with
# the larger numbers, and how many times as large? Note your answer, and your reason.

# %% [markdown]
# ## The smallest case, by hand
#
# Four seedlings are 1, 7, 7 and 9 cm high.
#
# - **Mean:** $(1 + 7 + 7 + 9)/4 = 6$.
# - **Deviations** from it: $-5, 1, 1, 3$. They always sum to 0, so their own average says
#   nothing. Square them first: $25, 1, 1, 9$.
# - **Standard deviation:** the root of the average square, $\sqrt{36/4} = 3$.
# - **Normalized:** the deviations divided by it, $-\frac53, \frac13, \frac13, 1$. The last
#   seedling is one standard deviation above the mean.
#
# With NumPy, the list becomes an **array**, and one line works on all of its numbers:

# %%
heights = np.array([1.0, 7.0, 7.0, 9.0])  # in cm
mean = heights.mean()
std = np.sqrt(((heights - mean) ** 2).mean())
normalized = (heights - mean) / std
assert mean == 6 and std == 3  # as by hand
assert np.allclose(normalized, [-5 / 3, 1 / 3, 1 / 3, 1])

in_mm = 10 * heights
normalized_mm = (in_mm - in_mm.mean()) / in_mm.std()  # std() does the line above
assert np.allclose(normalized, normalized_mm)
print("from centimeters:", normalized.round(4))
print("from millimeters:", normalized_mm.round(4))

# %% [markdown]
# Was that your prediction? Neither column is larger: the unit has vanished. Why it has to, we
# derive below. (`assert` stops with an error if what follows is not true, and `np.allclose`
# asks whether numbers agree up to tiny rounding. The numbers we claim are checked so.)
#
# ## Arrays and their shapes
#
# An array is a grid of numbers of one kind. Its **shape** says how many there are in each
# direction: `(4,)` is a plain row of four, `(2, 3)` a table of 2 rows and 3 columns. Its
# **dtype** says the kind: `float64` for decimal numbers, `int64` for whole ones (64 bits each).

# %%
rng = np.random.default_rng(0)  # makes random numbers, the same ones every time
made = {
    "np.array([[1, 2], [7, 6]])": np.array([[1, 2], [7, 6]]),
    "np.zeros((2, 3))": np.zeros((2, 3)),
    "np.ones(4)": np.ones(4),
    "np.arange(5)": np.arange(5),  # 0, 1, 2, 3, 4
    "rng.normal(size=(2, 3))": rng.normal(size=(2, 3)),
}
for code, array in made.items():
    print(f"{code:27} shape {array.shape!s:7} dtype {array.dtype}")
a, b = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])
assert np.array_equal(a + b, [11, 22, 33]) and np.array_equal(a * b, [10, 40, 90])
assert np.array_equal(a > 1.5, [False, True, True])
print("a + b =", a + b, "  a * b =", a * b, "  a > 1.5 =", a > 1.5)

# %% [markdown]
# Sums, products and comparisons go **element by element**: first with first, second with
# second. (With lists, `+` would have glued the two together.)
#
# ## Rows, columns and blocks
#
# In a table, `X[i, j]` is the number in row `i` and column `j`, both counted from 0. A
# **slice** `start:stop` takes several; `stop` is not included, and a colon alone takes all.
# Before you run the cell: which numbers does each line print?

# %%
X = np.arange(12.0).reshape(3, 4)  # 3 rows, 4 columns
print(X)
print("X[1, 2]   ", X[1, 2])
print("X[1]      ", X[1])  # the second row
print("X[:, 1]   ", X[:, 1])  # the second column
print("X[-1]     ", X[-1])  # the last row
print("X[:2, :2] ", X[:2, :2].tolist())  # the upper left block, as a list
print("X[X > 8.5]", X[X > 8.5])  # wherever the condition is true
assert X[:, 1].shape == (3,) and X[:, [1]].shape == (3, 1) and X[:2, :2].shape == (2, 2)

# %% [markdown]
# Look at the last line of the code: a single number takes a direction away, so `X[:, 1]` has
# shape `(3,)`; a list or a slice keeps it.
#
# ## Same numbers, another shape
#
# A picture of the course is a grid of 28 × 28 pixels, from 0 (paper) to 1 (ink). (The bundled
# digits have only 8 × 8 gray values: each fills 3 × 3 pixels, with a white margin of 2.) The
# **neural networks** that this course builds, functions with many adjustable numbers, read it as
# one row of $28 \cdot 28 = 784$ numbers. `reshape` goes from one to the other and back, without
# moving a number. It reads row by row, so pixel $(i, j)$ comes at
#
# $$\text{row}_{28 i + j} = \text{image}_{ij}$$
#
# The number of entries has to stay. One size may be given as `-1`: NumPy works it out.
# `data.X_train` holds many pictures of the course, each as a row. (`try` and `except` catch an
# error, so that we can print what it says.)

# %%
image = data.X_train[0].reshape(28, 28)
row = image.reshape(-1)
print("image", image.shape, " row", row.shape, " all pictures", data.X_train.shape)
for i in range(28):
    for j in range(28):
        assert row[28 * i + j] == image[i, j]
images = data.X_train.reshape(-1, 28, 28)  # one grid for each picture
assert np.array_equal(images[0], image)
print("all pictures as grids:", images.shape)
try:
    row.reshape(28, 30)
except ValueError as problem:
    print("NumPy says:", problem)

# %% [markdown]
# ## Broadcasting: a small array on every row
#
# Write $(n, d)$ for $n$ rows and $d$ columns. What is $X + v$, if $X$ has shape $(n, d)$ and
# $v$ only $(d,)$? NumPy acts as if $v$ were repeated for every row; with a column $u$ of shape
# $(n, 1)$, as if $u$ were repeated for every column. That is **broadcasting**:
#
# $$(X + v)_{ij} = X_{ij} + v_j, \qquad (X + u)_{ij} = X_{ij} + u_i$$
#
# (In code, $u_i$ is `u[i, 0]`.)
#
# The rule: write both shapes below each other, **aligned at the right**. Two sizes fit if they
# are equal, or if one of them is 1 or missing.
#
# | $X$ | other | fits? | result |
# |---|---|---|---|
# | `(3, 4)` | `(4,)` | 4 with 4, 3 with nothing | one number for each column |
# | `(3, 4)` | `(3, 1)` | 4 with 1, 3 with 3 | one number for each row |
# | `(3, 4)` | `(3,)` | 4 with 3: no | an error |

# %%
v = np.array([100.0, 200.0, 300.0, 400.0])
u = np.array([[1000.0], [2000.0], [3000.0]])
for i in range(3):
    for j in range(4):
        assert (X + v)[i, j] == X[i, j] + v[j]
        assert (X + u)[i, j] == X[i, j] + u[i, 0]
print(X + v)
print(X + u)
flat = u.reshape(-1)  # the same three numbers with shape (3,)
try:
    X + flat
except ValueError as problem:
    print("NumPy says:", str(problem).strip())

# %% [markdown]
# The error is a friend. A table with as many rows as columns gives none, and the numbers go to
# the columns when you meant the rows; the second exercise lays this trap.
#
# ### Why not a loop?
#
# A loop can do the same: take each pixel of each picture, and subtract the number that belongs
# to its column. Python then asks 784 times per picture what kind of number it has and how to
# subtract it. An array holds one kind only, so NumPy asks once, and then runs through them all.
# How much faster do you expect it to be: twice, or more than twenty times?

# %%
few, v = data.X_train[:200], np.linspace(0, 1, 784)  # 784 numbers from 0 to 1
started = time.perf_counter()
by_loop = np.zeros((200, 784))
for i in range(200):
    for j in range(784):
        by_loop[i, j] = few[i, j] - v[j]
seconds_loop = time.perf_counter() - started
seconds = []
for _ in range(5):
    started = time.perf_counter()
    at_once = few - v
    seconds.append(time.perf_counter() - started)
assert np.array_equal(by_loop, at_once)
print("the loop took more than 20 times as long:", seconds_loop > 20 * min(seconds))

# %% [markdown]
# ## Mean and standard deviation of each column
#
# A table of data has a row for each example, here a picture, and a column for each thing that
# is measured, here a pixel. Every column $j$ has its own mean $\mu_j$ ("mu") and standard
# deviation $\sigma_j$ ("sigma"):
#
# $$\mu_j = \frac1n \sum_i X_{ij}, \qquad
# \sigma_j = \sqrt{\frac1n \sum_i (X_{ij} - \mu_j)^2}, \qquad
# Z_{ij} = \frac{X_{ij} - \mu_j}{\sigma_j}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | the data |
# | $\mu$, $\sigma$ | $(d,)$ | one mean, one standard deviation for each column |
# | $Z$ | $(n, d)$ | the data, normalized |
#
# ($\sum_i$ adds up over all rows $i$.) `X.mean(axis=0)` runs **down the rows** and leaves one
# number for each column; `axis=1` would leave one for each row. Then $Z$ has mean 0 in every
# column whose $\sigma_j$ is not 0: subtracting $\mu_j$ from each number subtracts it from their
# mean,
#
# $$\frac1n \sum_i Z_{ij} = \frac{1}{\sigma_j} \Big(\frac1n \sum_i X_{ij} - \mu_j\Big) = 0$$
#
# and, since that mean is 0, the square of its standard deviation is
#
# $$\frac1n \sum_i Z_{ij}^2 = \frac{1}{\sigma_j^2} \cdot \frac1n \sum_i (X_{ij} - \mu_j)^2
# = \frac{\sigma_j^2}{\sigma_j^2} = 1$$

# %%
X = np.array([[1.0, 20.0], [7.0, 24.0], [7.0, 18.0], [9.0, 30.0]])  # (n, d) = (4, 2)
mean, std = X.mean(axis=0), X.std(axis=0)
for j in range(2):
    mean_j = sum(X[i, j] for i in range(4)) / 4
    std_j = (sum((X[i, j] - mean_j) ** 2 for i in range(4)) / 4) ** 0.5
    assert np.isclose(mean[j], mean_j) and np.isclose(std[j], std_j)
Z = (X - mean) / std  # shapes (4, 2), (2,) and (2,): broadcasting
assert np.allclose(Z.mean(axis=0), 0) and np.allclose(Z.std(axis=0), 1)
assert np.allclose((Z**2).mean(axis=0), 1)
print("mean", mean, " std", std.round(4), " shapes", mean.shape, std.shape)
print("axis=1 would give", X.mean(axis=1))
print(Z.round(4))

# %% [markdown]
# ### Why the unit vanishes
#
# Another unit means other numbers $X' = aX + c$ with $a > 0$: $a = 10$, $c = 0$ for
# millimeters; $a = 1.8$, $c = 32$ from Celsius to Fahrenheit. The mean moves along, and the
# deviations from it lose $c$ but keep $a$:
#
# $$\mu' = \frac1n \sum_i (aX_i + c) = a\mu + c, \qquad
# (aX_i + c) - (a\mu + c) = a(X_i - \mu)$$
#
# So the average of their squares is $a^2$ times as large, its root $a$ times, and $a$ cancels:
#
# $$\sigma' = a\sigma, \qquad
# Z_i' = \frac{a(X_i - \mu)}{a\sigma} = \frac{X_i - \mu}{\sigma} = Z_i$$
#
# What would change with a **negative** $a$? Distances are never negative, so
# $\sigma' = -a\sigma$, and $Z' = -Z$: the data are mirrored.

# %%
celsius = np.array([-4.0, 0.0, 21.0, 37.0, 15.5])
Z = (celsius - celsius.mean()) / celsius.std()
for name, a, c in (("Fahrenheit", 1.8, 32), ("mirrored", -2.0, 5)):
    other = a * celsius + c
    assert np.isclose(other.mean(), a * celsius.mean() + c)
    assert np.isclose(other.std(), abs(a) * celsius.std())
    Z_other = (other - other.mean()) / other.std()
    assert np.allclose(Z_other, Z if a > 0 else -Z)
    print(f"{name:10}", Z_other.round(4))

# %% [markdown]
# ## Build it
#
# Three lines, and one thing to think of: a **constant** column, such as a pixel in the corner
# that never has ink. Its standard deviation is 0, and we must not divide by 0. All its
# deviations are 0 as well, so we divide them by 1 instead. `np.where(condition, yes, no)` picks
# one of two values, element by element. (Why `1e-8`, which is 0.00000001, and not 0? You will
# see when we break it.) The library's `normalize` should agree:

# %%
from course_lib.neural_network import normalize


def ours(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std < 1e-8, 1, std)  # a constant column: divide by 1
    return (X - mean) / std


table = np.array([[1, 20, 0.1], [7, 24, 0.1], [7, 18, 0.1], [9, 30, 0.1]])
assert np.allclose(ours(table), normalize(table))
assert np.allclose(normalize([1, 7, 7, 9]), [-5 / 3, 1 / 3, 1 / 3, 1])  # whole numbers
print(normalize(table).round(4))

# %% [markdown]
# From here on we use the library's. It also takes a plain list, and says so when it is given
# nothing, or something that is not a number.
#
# ## Experiment
#
# A table with two columns can be drawn: each row is a point, the first column says how far
# right, the second how far up. Below, one cloud of points in four versions: as it is, shifted,
# three times as wide, and mirrored. What will `normalize` make of each?

# %%
cloud = part_1_1.make_cloud("tilted")
versions = {"as it is": (0, 0, 1, 1), "shifted": (6, -6, 1, 1)}
versions |= {"three times as wide": (0, 0, 3, 1), "mirrored": (0, 0, -1, 1)}
figure, axes = plt.subplots(2, 4, figsize=(10.5, 5.2), layout="constrained")
results = []
for (name, setting), (above, below) in zip(versions.items(), axes.T, strict=True):
    moved = part_1_1.move(cloud, *setting)
    results.append(normalize(moved))
    part_1_1.draw_points(above, moved, 11, name)
    part_1_1.draw_points(below, results[-1], 4, "normalized")
assert np.allclose(results[:3], results[0])
assert np.allclose(results[3], results[0] * [-1, 1])
caption = "Above: four versions of one cloud, with row 0 as a star; the cross spans \
one standard deviation. Below: the first three are the same, the last is mirrored."
plots.show(figure, caption, f"Two rows of four clouds with one star each. {caption}")

# %% [markdown]
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The line below the sliders
# tells the result in words. The star marks the same row of the table on both sides.
#
# 1. **Shift** the cloud to the right, then up. What moves on the left, what on the right?
# 2. Set **width** to 2, then to 0.5. Is there any trace of it on the right?
# 3. Set **height** to 0. The right picture could be infinitely tall, or flat. Which?
# 4. Set **width** to −1 and watch the star.
# 5. Choose the cloud **round**, then **one far point**: only one point is another. How do the
#    other 59 change on the right?

# %%
part_1_1.explore()

# %% [markdown]
# What you may have seen:
#
# - **Shift and scale leave no trace.** The right picture stands still, while the left one moves.
# - **Height 0** makes the second column constant, and it becomes 0: a flat line.
# - **A negative scale** mirrors, as derived above.
# - **A tilted cloud stays tilted**: columns are treated one by one, and what they have to do
#   with each other remains.
# - **One far point** pulls the mean towards itself and raises the standard deviation, so all
#   the others are pressed together, as the next cell measures.

# %%
round_cloud, far_cloud = (part_1_1.make_cloud(c) for c in ("round", "one far point"))
assert np.array_equal(round_cloud[:59], far_cloud[:59])  # only the last point differs
for name, cloud in (("round", round_cloud), ("one far point", far_cloud)):
    rest = normalize(cloud)[:59].std(axis=0)
    print(f"{name:13}  standard deviation of the other 59 points: {rest.round(4)}")
assert np.all(rest < normalize(round_cloud)[:59].std(axis=0))

# %% [markdown]
# ## On real data: every pixel on the same scale
#
# The course's digits come in two tables: **training** pictures to learn from, and **test**
# pictures that are kept aside to see what was learned. Each row is a picture, each of the 784
# columns a pixel; `y_train[i]` says which digit picture `i` shows. `True` counts as 1 and `False`
# as 0, so the sum of a condition counts, and its mean is a share.
#
# What do you expect of a pixel in which hardly any picture has ink?

# %%
X_train, X_test, y_train, y_test = data.X_train, data.X_test, data.y_train, data.y_test
Z = normalize(X_train)
constant = X_train.std(axis=0) < 1e-8
assert np.allclose(Z.mean(axis=0), 0) and np.all(Z[:, constant] == 0)
assert np.allclose(Z[:, ~constant].std(axis=0), 1)  # ~ means "not"
print("training table", X_train.shape, " test table", X_test.shape)
print(f"{constant.sum()} of 784 pixels are constant: all their values become 0")
pixel = np.abs(Z).max(axis=0).argmax()  # argmax: where the largest value stands
inked, largest = np.sum(X_train[:, pixel] > 0), np.abs(Z).max()
print(f"largest value: {largest:.4f}; with ink there: {inked} of {len(Z)} pictures")
lone = normalize(0.01 * (np.arange(len(Z)) == 0))  # a single 0.01, all others 0
assert np.isclose(lone[0], np.sqrt(len(Z) - 1)) and largest <= lone[0] + 1e-9
assert np.isclose(normalize([0, 0, 0, 1])[3], np.sqrt(3))  # by hand below
one_for_all = apply_scaler(X_train, fit_scaler(X_train))
print(f"with one mean and one std for all pixels: {np.abs(one_for_all).max():.4f}")


# %% [markdown]
# Where hardly any picture has ink, a stroke becomes an enormous number. That has to be so. By
# hand with 0, 0, 0, 1: the mean is $\frac14$, the standard deviation $\frac{\sqrt3}{4}$, so the 1
# lands at $\frac34 / \frac{\sqrt3}{4} = \sqrt3$. One among $n$ values lands at $\sqrt{n - 1}$,
# however faint the ink; in a table normalized by itself, nothing can land farther out.
#
# Columns with different units, such as heights and temperatures, each need a mean and a
# standard deviation of their own. Pixels share one unit. So from part 2.3 on, the digits are
# scaled by **one** mean and **one** standard deviation for all pixels; `datasets.fit_scaler`
# learns the two. The last line above shows how tame the values stay.
#
# ### What arrays alone can do
#
# Nothing has been learned yet, but means go a long way. Average all training 0s, all 1s, and
# so on: ten average pictures. Then call each test picture by the average it lies nearest to
# (smallest sum of squared differences; `argmin` says where the smallest stands). A blind guess
# is right once in ten times. How often is this?

# %%
def nearest_average(X_train, X_test):
    averages = np.array([X_train[y_train == digit].mean(axis=0) for digit in range(10)])
    distances = np.array([((X_test - row) ** 2).sum(axis=1) for row in averages])
    return averages, np.mean(distances.argmin(axis=0) == y_test)  # share that is right


averages, accuracy = nearest_average(X_train, X_test)
print(f"right: {accuracy:.4f} of {len(X_test)} test pictures")
assert averages.shape == (10, 784) and accuracy > 0.7
figure, axes = plt.subplots(1, 10, figsize=(10.5, 1.5), layout="constrained")
for digit, axis in enumerate(axes):
    plots.draw_digit(axis, averages[digit], str(digit))
caption = f"The average training picture of each digit. Calling every test picture by \
the nearest of them is right for {accuracy:.0%}."
plots.show(figure, caption, f"Ten blurred digits, each still readable. {caption}")

# %% [markdown]
# ## Break it on purpose
#
# Three accidents that everybody has once. NumPy stops at none of them. **First: a slice is a
# window, not a copy.** To save time, NumPy does not copy the numbers of a slice; it lets you
# look at the same ones. Such a window is called a **view**; `reshape` nearly always gives one.
# What happens to the table when we blacken a square of `image`?

# %%
pictures = X_train[:3].copy()
image = pictures[0].reshape(28, 28)  # a view of a view
image[:5, :5] = 1
print("the table has changed:", not np.array_equal(pictures, X_train[:3]))
assert np.shares_memory(image, pictures)

pictures = X_train[:3].copy()
image = pictures[0].reshape(28, 28).copy()  # numbers of its own
image[:5, :5] = 1
print("with .copy() it has changed:", not np.array_equal(pictures, X_train[:3]))
assert not np.shares_memory(image, pictures)
picked, masked = pictures[[0, 1]], pictures[pictures > 0.5]
assert not np.shares_memory(picked, pictures) and not np.shares_memory(masked, pictures)

# %% [markdown]
# Slices with numbers and colons are views. A list of rows, `pictures[[0, 1]]`, and a condition,
# `pictures[pictures > 0.5]`, give copies. If you want to write into a piece, and the whole
# should stay as it is, take a `.copy()`.
#
# **Second: dividing by a standard deviation of 0.** In NumPy, 0 divided by 0 is `nan`, "not a
# number". It warns once (we silence that here) and computes on. And a second case is worse,
# because it gives no warning: what is the standard deviation of a column that holds 0.1 in
# every row?

# %%
with np.errstate(invalid="ignore"):
    naive = (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
spoiled = np.isnan(naive).any(axis=0)  # is any number of the column nan?
assert np.array_equal(spoiled, constant) and np.isnan(naive.mean())
print(f"{spoiled.sum()} columns are spoiled, and so is the mean of everything")

tenths = np.full((10, 2), 0.1)  # ten rows, all 0.1
std = tenths.std(axis=0)
naive = (tenths - tenths.mean(axis=0)) / std
print(f"mean off by {0.1 - tenths.mean(axis=0)[0]:.0e};", "std exactly 0:", std[0] == 0)
print("first row should be 0, but is", naive[0].round(4))
assert np.all((std > 0) & (std < 1e-8))
assert np.all(naive == naive[0]) and np.all(normalize(tenths) == 0)


# %% [markdown]
# A computer cannot write 0.1 exactly, so the mean of ten tenths is off by a speck (`1e-17` is
# written with a 1 in the seventeenth place after the point). So is each deviation, and dividing
# one speck by the other gives a number that looks sound. That is why `normalize` asks for less
# than `1e-8`, not for 0.
#
# **Third: normalizing before the split.** Test pictures stand for those that will come later.
# Whoever normalizes all pictures together lets them into the means that the training pictures
# are scaled by. That is a **leak**. Suppose one test picture were all ink: would the numbers
# of the training pictures change? (`np.concatenate` puts one table below the other.)

# %%
def leaky(X_train, X_test):
    return normalize(np.concatenate([X_train, X_test]))[: len(X_train)]


other_test = X_test.copy()
other_test[0] = 1  # one test picture all ink
change = np.abs(leaky(X_train, X_test) - leaky(X_train, other_test)).max()
print(f"the training numbers change by up to {change:.4f}")
assert change > 1

# %% [markdown]
# The training numbers depend on a picture that nobody should have seen. Whether that changes
# what is learned you know only after doing it right. So: **means and standard deviations come
# from the training rows, and the test rows are scaled by the same numbers.** The fourth exercise
# writes the function for it.
#
# ## Exercises
#
# Open [exercises/1_1_numpy_arrays.ipynb](../exercises/1_1_numpy_arrays.ipynb). Each one checks
# itself and gives hints.
#
# 1. **Recall** · reshape a table of ones, and tell which shapes are impossible
# 2. **Change** · one number for each column, then one for each row
# 3. **Derive** · slices, and an experiment that finds out whether one is a view
# 4. **Explore** · normalize by the rows of another table, and find the pixels that never change
#
# ## What you can do now
#
# - make an array, read its shape, cut out rows, columns and blocks, reshape pictures to rows
# - say what broadcasting does with two shapes, or why they do not fit
# - replace a loop over numbers by one line on arrays
# - normalize a table, and say why its unit vanishes and what a constant column becomes
# - tell a view from a copy, and keep test rows out of the means
#
# **Next:** 1.2 Matrix operations for neural networks, where one product of two tables does the
# work of nested loops.
