# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1.2 · Matrix operations for neural networks
#
# A neural network does one piece of arithmetic more often than all others. At the end of this
# lesson you use it to read handwritten digits, with weights that are mere averages.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import load_data
from course_lib.explorers import part_1_2

data = load_data()
means = np.array([data.X_train[data.y_train == i].mean(axis=0) for i in range(10)])
Z = data.X_test @ means.T - 0.5 * np.sum(means**2, axis=1)
share = np.mean(Z.argmax(axis=1) == data.y_test)

# %%
figure, axes = plt.subplots(2, 5, figsize=(7, 3.1), layout="constrained")
for digit, axis in enumerate(axes.flat):
    plots.draw_digit(axis, means[digit], f"mean {digit}")
caption = (
    "Ten mean images of 784 numbers each. One matrix product compares them "
    f"with {len(Z)} images that are not in the averages, and names {share:.1%} right."
)
plots.show(figure, caption, f"Ten blurred handwritten digits, 0 to 9. {caption}")
assert share > 0.7

# %% [markdown]
# **You will** multiply matrices by hand and in code, tell from two shapes whether they fit, see
# what a matrix does to a picture, and compute a whole layer of a network in one line.
#
# **You need** arrays, shapes and broadcasting (part 1.1), and sine and cosine from school for
# one figure. **Time:** about 75 minutes with the exercises; the notebook itself runs in
# seconds. **New in the library:** `matrix_multiply`. The library so far:

# %%
library_so_far("1.2")

# %% [markdown]
# ## Predict
#
# A square has the corners $(0, 0)$, $(1, 0)$, $(1, 1)$, $(0, 1)$, so its area is 1. Four
# machines move its corners, each machine in its own way:
#
# - the first **turns** the square by 30 degrees,
# - the second **doubles** all coordinates,
# - the third holds the lower side and **pushes** the upper side to the right by one unit, so
#   that the two upright sides become slanted and longer,
# - the fourth **mirrors** the square at the vertical axis.
#
# What is the area after each of them? Note four numbers. Each machine will turn out to be a
# table of four numbers, too.

# %% [markdown]
# ## The smallest case, by hand
#
# Two shopping baskets, three goods, two shops. A table of numbers in rows and columns is a
# **matrix**: $X$ has a row for each basket and says how many of each good are in it; $W$ has
# a column for each shop and says what each good costs there.
#
# | $X$ | apples | breads | milks | | $W$ | shop 1 | shop 2 |
# |---|---|---|---|---|---|---|---|
# | basket 1 | 2 | 1 | 0 | | apple | 1 | 2 |
# | basket 2 | 1 | 0 | 3 | | bread | 4 | 3 |
# | | | | | | milk | 2 | 1 |
#
# Basket 1 costs $2 \cdot 1 + 1 \cdot 4 + 0 \cdot 2 = 6$ in shop 1, and
# $2 \cdot 2 + 1 \cdot 3 + 0 \cdot 1 = 7$ in shop 2. Basket 2 costs
# $1 \cdot 1 + 0 \cdot 4 + 3 \cdot 2 = 7$ and $1 \cdot 2 + 0 \cdot 3 + 3 \cdot 1 = 5$. That is
# the **matrix product** of $X$ and $W$: every row of $X$ against every column of $W$. Python
# writes it as `@`.

# %%
X = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 3.0]])
W = np.array([[1.0, 2.0], [4.0, 3.0], [2.0, 1.0]])
Z = X @ W
assert np.array_equal(Z, [[6, 7], [7, 5]])  # as by hand
print("X", X.shape, "@ W", W.shape, "= Z", Z.shape)
print(Z)

# %% [markdown]
# ## Rows against columns
#
# A list of numbers, one row or one column, is a **vector**. To multiply two vectors of the same
# length number by number and add it all up is to take their **dot product**:
#
# $$u \cdot v = u_1 v_1 + u_2 v_2 + \dots + u_d v_d = \sum_{p=1}^{d} u_p v_p$$
#
# NumPy writes it `u @ v`, too: two vectors give one number. The sign $\sum$ reads "sum over all
# $p$ from 1 to $d$". One number in a matrix is an **entry**, and $Z_{ij}$ is the one in row $i$,
# column $j$. In a matrix product it is the dot product of row $i$ of $X$ and column $j$ of $W$:
#
# $$Z = XW, \qquad Z_{ij} = \sum_{p=1}^{d} X_{ip} W_{pj}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | one row a sample (a basket, an image), one column a feature (a good, a pixel) |
# | $W$ | $(d, k)$ | one row a feature, one column an output (a shop) |
# | $Z$ | $(n, k)$ | one row a sample, one column an output |
#
# Here these are $n$ baskets, $d$ goods and $k$ shops. The $d$ in the middle must agree, and it
# disappears: $(n, d)$ times $(d, k)$ is $(n, k)$. Mathematics counts from 1 and Python from 0, so
# $Z_{21}$ is `Z[1, 0]`.

# %%
u, v = X[1], W[:, 0]  # row 2 of X, column 1 of W
dot = sum(u[p] * v[p] for p in range(3))
assert dot == np.sum(u * v) == u @ v == Z[1, 0] == 7
for i in range(2):
    for j in range(2):
        assert Z[i, j] == sum(X[i, p] * W[p, j] for p in range(3))
print("row", u, "and column", v, "give", dot)

# %% [markdown]
# ### Turning a product around
#
# The **transpose** $A^\top$ is $A$ with rows and columns exchanged: $(A^\top)_{ij} = A_{ji}$;
# NumPy writes `A.T`. A table of baskets in rows becomes one with baskets in columns. What is
# the transpose of a product? Take one entry, and use the definitions one at a time:
#
# $$\big((AB)^\top\big)_{ij} = (AB)_{ji} = \sum_p A_{jp} B_{pi}
# = \sum_p (B^\top)_{ip} (A^\top)_{pj} = (B^\top A^\top)_{ij}$$
#
# In the third step each factor is read from its transpose, and the two change places: that is
# allowed for numbers. As this holds for every entry,
#
# $$(AB)^\top = B^\top A^\top$$
#
# With $A$ of shape $(n, d)$ and $B$ of shape $(d, k)$, both sides are $(k, n)$. The order
# **has** to turn around: $A^\top B^\top$ would be $(d, n)$ times $(k, d)$, and unless
# $n = k$ that does not even fit. You will meet the transpose again in part 2.2, in the formula
# by which a model learns.

# %%
rng = np.random.default_rng(0)
A, B = rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
assert (A @ B).T.shape == (3, 4)
assert np.allclose((A @ B).T, B.T @ A.T)
j, i = 3, 1  # one entry, step by step as above
assert np.isclose((A @ B).T[i, j], sum(A[j, p] * B[p, i] for p in range(2)))
assert np.isclose((A @ B).T[i, j], sum(B.T[i, p] * A.T[p, j] for p in range(2)))
print("(A B).T", (A @ B).T.shape, "equals B.T A.T", (B.T @ A.T).shape)

# %% [markdown]
# ### A layer
#
# Each shop now charges for delivery: 3 in shop 1, and 5 in shop 2. These two numbers are the
# **bias** $b$, of shape $(1, k)$, with $b_j$ in `b[0, j - 1]`. Broadcasting (part 1.1) adds it
# to every row:
#
# $$Z = XW + b, \qquad Z_{ij} = \sum_{p=1}^{d} X_{ip} W_{pj} + b_j$$
#
# By hand: basket 1 costs $6 + 3 = 9$ and $7 + 5 = 12$, basket 2 costs $7 + 3 = 10$ and
# $5 + 5 = 10$. In a neural network, this is a **layer**: $W$ holds the **weights**, and each
# column of $W$, with its entry of $b$, is a **neuron** and computes one output. Goods become
# pixels, shops become neurons. Nobody sets the prices: from part 2.2 on, they are learned.

# %%
b = np.array([[3.0, 5.0]])
layer = X @ W + b
assert np.array_equal(layer, [[9, 12], [10, 10]])  # as by hand
print("X W", (X @ W).shape, "+ b", b.shape, "= Z", layer.shape)
print(layer)


# %% [markdown]
# ## Build it
#
# The formula for $Z_{ij}$ uses three index letters, $i$, $j$ and $p$, so a program made of plain
# Python has three loops: over the rows of $X$, over the columns of $W$, and over the $d$ products
# to add.
#
# They will be right. Will they be fast? The second cell below takes 20 images of 784 pixels and a
# layer of 10 neurons. How many times as long as `@` do you think the loops need: twice, ten
# times, more than fifty times?

# %%
def triple_loop(X, W):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            for p in range(X.shape[1]):
                Z[i, j] += X[i, p] * W[p, j]
    return Z


assert np.array_equal(triple_loop(X, W), [[6, 7], [7, 5]])
assert np.allclose(triple_loop(A, B), A @ B)
print("triple loop and @ agree: True")

# %%
X_20 = data.X_train[:20]
W_10 = np.random.default_rng(0).normal(size=(784, 10))
started = time.perf_counter()
slow = triple_loop(X_20, W_10)
loop_seconds = time.perf_counter() - started
at_seconds = []
for _ in range(20):
    started = time.perf_counter()
    fast = X_20 @ W_10
    at_seconds.append(time.perf_counter() - started)
assert np.allclose(slow, fast)  # but for rounding: the sums are added in another order
print("multiplications:", X_20.size * 10)
print("the loops took more than 50 times as long:", loop_seconds > 50 * min(at_seconds))

# %% [markdown]
# Both do the same multiplications. But in the loops, Python looks up each number and asks
# what kind of thing it is; `@` hands the whole matrices to compiled code that adds several
# products at once. So in this course, a loop over numbers is a way to understand, and `@` is
# what we use.
#
# Before it multiplies, the library's `matrix_multiply` checks whether the shapes fit. As a
# learner would write it:

# %%
from course_lib.neural_network import matrix_multiply


def multiply(X, W):
    if X.ndim != 2 or W.ndim != 2:
        raise ValueError(f"X {X.shape} and W {W.shape} need rows and columns")
    if X.shape[1] != W.shape[0]:
        raise ValueError(f"X {X.shape}, W {W.shape}: {X.shape[1]} is not {W.shape[0]}")
    return X @ W


assert np.array_equal(multiply(X_20, W_10), matrix_multiply(X_20, W_10))
print("ours and the library's agree on", X_20.shape, "times", W_10.shape)

# %% [markdown]
# ## Experiment
#
# What does a matrix **do**? It takes rows to other rows. Let each row be a point $(x, y)$ of the
# plane: then a $W$ of shape $(2, 2)$ moves points. By the rule for entries, $(x, y)$ goes to
# $(x W_{11} + y W_{21},\; x W_{12} + y W_{22})$, which is $x \cdot$ (row 1 of $W$) $+\ y \cdot$
# (row 2). So **row 1 says where $(1, 0)$ lands**, and row 2 where $(0, 1)$ lands; all other points
# follow those two.
#
# That is how to write down a matrix. Turned by an angle $\alpha$, the point $(1, 0)$ lands at
# $(\cos \alpha, \sin \alpha)$. The point $(0, 1)$ is a quarter turn ahead, and
# $\cos(\alpha + 90°) = -\sin \alpha$, $\sin(\alpha + 90°) = \cos \alpha$: it lands at
# $(-\sin \alpha, \cos \alpha)$. These are the two rows. Here are the four machines; compare the
# areas with your four numbers.

# %%
square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
c, s = np.cos(np.deg2rad(30)), np.sin(np.deg2rad(30))
machines = {
    "turn by 30°": np.array([[c, s], [-s, c]]),
    "double": np.array([[2.0, 0.0], [0.0, 2.0]]),
    "push (shear)": np.array([[1.0, 0.0], [1.0, 1.0]]),
    "mirror": np.array([[-1.0, 0.0], [0.0, 1.0]]),
}
for W in machines.values():
    moved = matrix_multiply(square, W)
    assert np.array_equal(moved[1], W[0]) and np.array_equal(moved[3], W[1])
    assert np.allclose(moved[2], 1 * W[0] + 1 * W[1])  # (1, 1) follows the two rows
pushed = matrix_multiply(square, machines["push (shear)"])
assert pushed[3] @ pushed[3] > 1  # squared length (Pythagoras) of the slanted side
print(f"corners after the push:\n{pushed}")


# %%
def determinant(W):
    return W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0]


figure, axes = plt.subplots(1, 4, figsize=(10.5, 3.1), layout="constrained")
for axis, (name, W) in zip(axes, machines.items(), strict=True):
    part_1_2.draw_square(axis, W, farthest=2.3)
    rows = "\n".join(f"{x + 0.0:.2f}   {y + 0.0:.2f}" for x, y in np.round(W, 2))
    axis.set_title(f"{name}\n{rows}", fontsize=10)
d_turn, d_double, d_push, d_mirror = map(determinant, machines.values())
caption = f"Gray: before; shaded, outlined in black: after. Blue with a dot is where \
the lower side went, dashed with a square the left side. Areas: {d_turn:.0f}, \
{d_double:.0f}, {d_push:.0f}, {abs(d_mirror):.0f}."
alt = f"The square turned, doubled, slanted, mirrored, each with its matrix. {caption}"
plots.show(figure, caption, alt)

# %% [markdown]
# Doubling both sides makes four squares out of one. The push is the surprise: two sides get
# longer, and still the area stays, since neither the base nor the height changes.
#
# The areas in the caption come from a formula. Let all entries be positive, and row 2 the steeper
# one. The moved square fits into a rectangle with sides $W_{11} + W_{21}$ and
# $W_{12} + W_{22}$ (next figure). Inside the rectangle, around the moved square, lie two triangles
# A of area $\frac12 W_{11} W_{12}$ each, two triangles B of area $\frac12 W_{21} W_{22}$, and two
# rectangles C of area $W_{21} W_{12}$. What remains is
#
# $$(W_{11} + W_{21})(W_{12} + W_{22}) - W_{11} W_{12} - W_{21} W_{22} - 2 W_{21} W_{12}
# = W_{11} W_{22} - W_{12} W_{21}$$
#
# For entries of any sign, the right side is called the **determinant**, $\det W$: without its
# sign, it is the area of the moved square. A minus says that the square is mirrored. For signs
# other than those of the figure we do not prove it, we count: put a fine grid of points over
# each picture, and see how many lie inside.

# %%
W = np.array([[1.6, 0.4], [0.5, 1.0]])
(w11, w12), (w21, w22) = W
figure, axis = plt.subplots(figsize=(4.4, 3.2), layout="constrained")
part_1_2.draw_pieces(axis, W)
around = w11 * w12 + w21 * w22 + 2 * w21 * w12  # twice A, twice B, twice C
left_over = (w11 + w21) * (w12 + w22) - around
assert np.isclose(left_over, w11 * w22 - w12 * w21)
assert np.isclose(left_over, determinant(W))
caption = f"The rectangle without its six pieces: an area of {left_over:.1f} is left."
alt = f"A slanted shape in a rectangle, with pieces A, B and C on two sides. {caption}"
plots.show(figure, caption, alt)
machines["any other"] = W

# %%
from matplotlib.path import Path

h = 0.01  # each grid point stands for a little square with this side
ticks = np.arange(-2.5, 2.5, h) + 0.0037  # shifted, so that no point lies on an edge
# All pairs (x, y), one per row:
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
for name, W in machines.items():
    # True for each point that lies inside:
    inside = Path(matrix_multiply(square, W)).contains_points(grid)
    counted = np.sum(inside) * h**2
    print(f"{name:13} counted area {counted:.1f}, determinant {determinant(W):4.1f}")
    assert abs(counted - abs(determinant(W))) < 0.03

# %% [markdown]
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. On the right, the same
# matrix moves the dark pixels of a digit: each pixel is a row $(x, y)$. The sliders stretch first,
# then shear, then rotate.
#
# 1. Set **rotation** to −180°, then step through to 180°. What happens to the determinant?
# 2. Set **rotation** to 0° and **shear** to 1, then to −1. What happens to the blue line, what to
#    the area?
# 3. Set **shear** back to 0 and **width** to 0. What happens to the digit? Could any matrix undo
#    it?
# 4. Set **width** to −1. What does the sign of the determinant say about the digit?
# 5. Find two settings that look different and both have determinant 2.

# %%
part_1_2.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **Rotation** changes the entries of $W$, and never the determinant.
# - **Shear** leaves the blue line (row 1) where it is and moves the dashed one. The area stays.
# - **Width 0** lays all points on one line. Points that were different are now the same, so no
#   matrix can tell where each came from: determinant 0 means that something is lost for good.
# - **Width −1** makes the digit its mirror image, however you turn it. Then the determinant is
#   negative.
# - The determinant is width times height, as shear and rotation leave areas alone: 2 with 1, or
#   1 with 2, or 2 with 1 and a shear.
#
# And if two matrices act one after the other? First $A$, then $B$ is $(PA)B$ for points $P$.
# Does it matter which goes first? Turn by 90 degrees and double the width, in both orders:

# %%
turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
widen = np.array([[2.0, 0.0], [0.0, 1.0]])
one, other = turn @ widen, widen @ turn
assert np.array_equal((square @ turn) @ widen, square @ one)  # two steps are one matrix
assert not np.array_equal(one, other) and determinant(one) == determinant(other) == 2
settings = (2, 1, 0, 30), (1, 2, 0, 30), (2, 1, 1, 30)  # width, height, shear, rotation
assert np.allclose([determinant(part_1_2.matrix(*setting)) for setting in settings], 2)
figure, axes = plt.subplots(1, 2, figsize=(6.4, 3), layout="constrained")
orders = {"turn, then widen": one, "widen, then turn": other}
for axis, (name, W) in zip(axes, orders.items(), strict=True):
    part_1_2.draw_square(axis, W, farthest=2.3)
    axis.set_title(name)
caption = "The same two matrices in two orders: a wide result and a high one, area 2."
alt = f"Left a rectangle two wide and one high, right one wide and two high. {caption}"
plots.show(figure, caption, alt)

# %% [markdown]
# So $AB$ and $BA$ differ, even where both fit. But $(PA)B = P(AB)$: where the brackets stand
# does not matter, and the last section on real data shows why. (In many books points are columns
# and stand on the right of the matrix. Those matrices are ours, transposed, because
# $(PW)^\top = W^\top P^\top$.)
#
# ## On real data: a layer for every digit
#
# An image of the course has 28 × 28 pixels, stored as a row of 784 numbers (part 1.1). A layer
# of ten neurons, one for each digit, needs a $W$ of shape $(784, 10)$. Let its weights be random,
# and let the largest of the ten outputs be the layer's answer (`argmax` says where in each row it
# stands). How often will it be right?

# %%
X, y = data.X_train, data.y_train
rng = np.random.default_rng(0)
W, b = rng.normal(size=(784, 10)), rng.normal(size=(1, 10))
Z = matrix_multiply(X, W) + b
n = len(X)
print(f"X {X.shape} @ W {W.shape} + b {b.shape} = Z {Z.shape}")
print(f"{n} x 784 x 10 = {n * 784 * 10:,} multiplications")
print(f"numbers to learn in this layer: {W.size + b.size:,}")
random_share = np.mean(Z.argmax(axis=1) == y)
print(f"right: {random_share:.1%} (guessing: about 10.0%)")
assert Z.shape == (n, 10) and 0.01 < random_share < 0.35
assert np.isclose(Z[5, 3], X[5] @ W[:, 3] + b[0, 3])  # image 5, neuron 3

# %% [markdown]
# All images pass through all neurons in one product; and random weights know nothing.
#
# ### Weights that mean something
#
# Which weights would be better? Part 1.1 split the images: the **training images** are there to
# choose weights, and the **test images** are kept aside to check them. Take the **mean image**
# $\mu_j$ of each digit (those on top of this lesson), and let an image $x$ be the digit whose mean
# is nearest. The squared distance is a dot product of the difference with itself, and it
# multiplies out as for numbers:
#
# $$(x - \mu_j) \cdot (x - \mu_j) = x \cdot x - 2\, x \cdot \mu_j + \mu_j \cdot \mu_j$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $x$ | $(784,)$ | one image, a row of $X$ |
# | $\mu_j$ | $(784,)$ | the mean of all training images of digit $j$ |
#
# The first term is the same for all ten digits, so it does not decide. What is left,
# $-2\, x \cdot \mu_j + \mu_j \cdot \mu_j$, should be as small as possible. Divided by $-2$,
# which turns smallest into largest, this says: the nearest mean is where
# $x \cdot \mu_j - \frac12 \mu_j \cdot \mu_j$ is largest. That is a dot product plus a number:
# **a neuron**, with column $\mu_j$ in $W$ and $b_j = -\frac12 \mu_j \cdot \mu_j$.

# %%
# Ten means, side by side as columns:
W = np.stack([X[y == j].mean(axis=0) for j in range(10)], axis=1)
b = -0.5 * np.sum(W**2, axis=0, keepdims=True)
x = data.X_test[0]
for j in range(10):
    gap = x - W[:, j]
    assert np.isclose(gap @ gap, x @ x - 2 * x @ W[:, j] + W[:, j] @ W[:, j])
    assert np.isclose(gap @ gap, x @ x - 2 * (x @ W[:, j] + b[0, j]))
Z = matrix_multiply(data.X_test, W) + b
mean_share = np.mean(Z.argmax(axis=1) == data.y_test)
print(f"W {W.shape}, b {b.shape}, Z {Z.shape}")
print(f"right: {mean_share:.1%} of {len(Z)} test images")
assert np.isclose(mean_share, share) and mean_share > 2 * random_share

# %% [markdown]
# The test images were not used for the means, so this is no trick of memory. The same operation
# as before, with better numbers in $W$: to find the best ones is what "learning" will
# mean in module 2.
#
# ### Two layers that are one
#
# Would two layers in a row do better: one of 256 neurons, and after it one of 10 neurons that
# takes those 256 outputs? Predict: is there a single layer of 10 neurons that gives the same
# answers, to every image?
#
# Products first: $W_1$ has shape $(784, 256)$, $W_2$ has shape $(256, 10)$.
#
# $$\big((XW_1)W_2\big)_{ij} = \sum_q \Big(\sum_p X_{ip} (W_1)_{pq}\Big) (W_2)_{qj}
# = \sum_p X_{ip} \Big(\sum_q (W_1)_{pq} (W_2)_{qj}\Big) = \big(X(W_1 W_2)\big)_{ij}$$
#
# These are the same products, added in another order. With the biases $b_1$, of shape
# $(1, 256)$, and $b_2$, of shape $(1, 10)$, multiply out:
#
# $$(XW_1 + b_1)W_2 + b_2 = X(W_1 W_2) + (b_1 W_2 + b_2)$$

# %%
rng = np.random.default_rng(1)
W1, W2 = rng.normal(size=(784, 256)), rng.normal(size=(256, 10))
b1, b2 = rng.normal(size=(1, 256)), rng.normal(size=(1, 10))
assert np.allclose((X @ W1) @ W2, X @ (W1 @ W2))
two = matrix_multiply(matrix_multiply(X, W1) + b1, W2) + b2
single_W, single_b = matrix_multiply(W1, W2), matrix_multiply(b1, W2) + b2
single = matrix_multiply(X, single_W) + single_b
assert np.allclose(two, single)
print("weights, two layers:", W1.size + W2.size, " single layer:", single_W.size)
print("the same answers for all", n, "images:", np.allclose(two, single))

# %% [markdown]
# There is: weights $W_1 W_2$, and another bias. A stack of such layers can do no more than one.
# What stands between the layers of a real network is the subject of part 1.3.
#
# ## Break it on purpose
#
# **First: shapes that do not fit.** $W$ lies the wrong way round. NumPy stops, and so does the
# library. Which message tells you sooner what to do?

# %%
small_X, small_W = np.ones((5, 3)), np.ones((4, 3))
for name, product in {"NumPy": np.matmul, "the library": matrix_multiply}.items():
    try:
        product(small_X, small_W)
    except ValueError as problem:
        print(f"{name} says: {problem}\n")
print("mended:", matrix_multiply(small_X, small_W.T).shape)
assert matrix_multiply(small_X, small_W.T).shape == (5, 4)

# %% [markdown]
# NumPy counts operands and core dimensions from 0: its operand 1 is $W$, and core dimension 0 the
# number of rows. The library says columns of $X$ and rows of $W$, and names both shapes.
# In $(5, 3)$ and $(4, 3)$, the middle two numbers have to agree. (That the transpose fits does
# not prove that it is meant. A `reshape` to $(3, 4)$ would fit as well, and mix up all weights:
# exercise 2.)
#
# **Second: `*` in place of `@`.** It multiplies number by number, and broadcasts. Where the
# shapes happen to fit, NumPy stays silent. **Third: a vector of shape `(n,)` where `(n, 1)` is
# meant.** Let `X` hold the images, `w` be column 3 of `W` as a vector of shape `(784,)`, `flat` be
# `X[:6] @ w`, and `column` the same numbers of shape `(6, 1)`. What shapes have `X[:6] * w`,
# `X[:6] @ w` and `flat - column`?

# %%
rng = np.random.default_rng(2)
A, B = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
assert (A * B).shape == (A @ B).shape and not np.allclose(A * B, A @ B)
print("A * B", (A * B).shape, "and A @ B", (A @ B).shape, "differ, and nothing warns")
w = W[:, 3]  # one neuron, taken out as a vector
print("X[:6] * w is", (X[:6] * w).shape, "but X[:6] @ w is", (X[:6] @ w).shape)
assert np.allclose(np.sum(X[:6] * w, axis=1), X[:6] @ w)  # * forgets to add up
flat, column = X[:6] @ w, X[:6] @ W[:, [3]]
print("flat", flat.shape, "minus column", column.shape, "is", (flat - column).shape)
assert (flat - column).shape == (6, 6) and np.allclose(flat, column[:, 0])
try:
    matrix_multiply(X[:6], w)
except ValueError as problem:
    print("the library says:", problem)

# %% [markdown]
# Six outputs minus the same six outputs should be six zeros. As `(6,)` and `(6, 1)` they
# broadcast to every pair, 6 × 6. So keep a single column as `W[:, [3]]` or `W[:, 3:4]`, and
# print shapes when a number looks strange.
#
# ## Exercises
#
# Open [exercises/1_2_matrix_operations.ipynb](../exercises/1_2_matrix_operations.ipynb). Each
# one checks itself and gives hints.
#
# 1. **Recall** · one entry of a product, by hand and in code
# 2. **Change** · mend a layer whose shapes do not fit, and beware of a mend that only runs
# 3. **Derive** · a dot product three ways, and a weight that silences a neuron
# 4. **Explore** · a matrix times its own transpose: which two digits are most alike?
#
# ## What you can do now
#
# - compute a matrix product by hand, entry by entry, and tell from two shapes whether it exists
# - write a layer $Z = XW + b$ for all images at once, and say what each shape means
# - turn a product around: $(AB)^\top = B^\top A^\top$
# - read off a $2 \times 2$ matrix where it takes a square, and what its determinant says
# - catch a `*` that should be an `@`, and a `(n,)` that should be `(n, 1)`
#
# **Next:** 1.3 Mathematical functions and activation basics, where you meet the curves that keep
# two layers from collapsing into one.
