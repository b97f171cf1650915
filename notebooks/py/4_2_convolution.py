# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4.2 · Convolutional layers
#
# A small window looks at every place of an image, and uses the same nine weights at each. At
# the end of this lesson such a layer finds its nine weights by itself. It sees digits, and what
# an unknown filter made of them; the filter it never sees:

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import load_data
from course_lib.explorers import part_4_2

data = load_data()
finished = part_4_2.draw_learning(data)
caption = (
    "One of 64 digits, and the nine weights at four moments of one training. Red is "
    "positive, blue is negative. What stands on the right is the unknown filter."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** slide a filter over an image in four ways that must agree, turn it into a layer
# that works on many images at once, derive its gradients, look at digits through five filters,
# and have a filter learned.
#
# **You need** backpropagation (part 3.4), the measured gradient (2.4), and matrix products (1.2).
# **Time:** about 90 minutes with the exercises; the notebook itself runs in seconds. **New in
# the library:** `conv2d` for one image; `conv_forward`, `conv_backward` and
# `conv_backward_input` for a layer. The library so far, part by part:

# %%
library_so_far("4.2")

# %% [markdown]
# ## Predict
#
# A digit has $28 \cdot 28 = 784$ pixels. A window of $3 \cdot 3$ pixels can stop at 26 places in
# each direction, so at $26 \cdot 26 = 676$ places. Note your answers, and your reasons:
#
# - A dense layer, as in part 4.1, turns the 784 pixels into 676 numbers. How many weights does it
#   need? And how many does a layer need that uses **the same nine** at every place?
# - The digit moves two pixels to the right. What becomes of the 676 numbers of the window?
# - Each of the window's three rows has the weights $-1, 0, 1$. What does it answer on white paper
#   (pixels 0), inside a black stroke (pixels 1), at a stroke's left edge, and at its right edge?
#
# ## The smallest case, by hand
#
# An image of $3 \times 3$ pixels and a **filter** (also: kernel) of $2 \times 2$ weights, which can
# stop at $2 \times 2$ places. At each, multiply every weight by the pixel under it, and add up:
#
# $$\begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 0 & 1 \end{pmatrix}
# \quad \text{and} \quad \begin{pmatrix} 1 & -1 \\ 0 & 2 \end{pmatrix}$$
#
# Top left: $1 \cdot 1 + 2 \cdot (-1) + 0 \cdot 0 + 1 \cdot 2 = 1$. One to the right:
# $2 \cdot 1 + 0 \cdot (-1) + 1 \cdot 0 + 3 \cdot 2 = 8$. Bottom left:
# $0 \cdot 1 + 1 \cdot (-1) + 2 \cdot 0 + 0 \cdot 2 = -1$. Bottom right:
# $1 \cdot 1 + 3 \cdot (-1) + 0 \cdot 0 + 1 \cdot 2 = 0$. The four answers, each at its place, are
# the **feature map**. The same with a loop:

# %%
image = np.array([[1.0, 2, 0], [0, 1, 3], [2, 0, 1]])
weights = np.array([[1.0, -1], [0, 2]])

by_loop = np.zeros((2, 2))
for i, j in np.ndindex(2, 2):
    by_loop[i, j] = np.sum(image[i : i + 2, j : j + 2] * weights)
assert np.array_equal(by_loop, [[1, 8], [-1, 0]])  # as by hand
print(by_loop)

# %% [markdown]
# ## One formula, four ways
#
# $$\text{out}[i, j] = \sum_{m=0}^{f-1} \sum_{n=0}^{g-1}
# \text{image}[i + m,\ j + n] \cdot \text{filter}[m, n]$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | image | $(H, W)$ | the pixels |
# | filter | $(f, g)$ | the weights, counted by $m$ and $n$ |
# | out | $(H - f + 1,\ W - g + 1)$ | the feature map: one answer for each place $i, j$ |
#
# By hand and by the loop we have it. The third way is SciPy, which calls it `correlate2d`;
# `mode="valid"` means: only where the window lies inside the image. The fourth is **one matrix
# product**. Cut out every window, and write its pixels as a column. Then the filter, written as
# one row, meets every window in a single product. (This rearrangement is known as **im2col**,
# "image to columns".) The four columns below are the four windows:

# %%
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d

windows = sliding_window_view(image, (2, 2))
columns = windows.reshape(4, 4).T  # windows is (2, 2, 2, 2): where, then what is there
by_product = (weights.reshape(1, 4) @ columns).reshape(2, 2)
by_scipy = correlate2d(image, weights, mode="valid")
assert np.array_equal(by_product, by_loop) and np.array_equal(by_scipy, by_loop)
print(columns)
print("hand, loop, SciPy and product agree: True")


# %% [markdown]
# ## How large is the map?
#
# The window need not stop at every pixel. With a **stride** $s$ it moves $s$ pixels at a time, and
# in the formula $i + m$ becomes $is + m$, and $j + n$ becomes $js + n$. How often does it stop, in
# a row of $H$ pixels?
#
# Its first pixel is at $0, s, 2s, \dots$ Stop number $k$ begins at $ks$ and covers the pixels up to
# $ks + f - 1$. The last pixel of the row has the number $H - 1$. So it still fits if
# $ks + f - 1 \le H - 1$, that is $k \le (H - f)/s$. The largest whole $k$ is that fraction rounded
# down, and since counting starts at $k = 0$, there is one stop more:
#
# $$\text{stops} = \left\lfloor \frac{H - f}{s} \right\rfloor + 1$$
#
# ($\lfloor\ \rfloor$ rounds down; in Python, `//` does.) What the rounding cuts off are pixels at
# the border that **no window looks at**. The last stop covers pixels up to $ks + f - 1$, so there
# are $H - f - ks$ of them, the remainder of $(H - f)/s$. Count for yourself: 7 pixels, a filter of
# 3, stride 2; then 8 pixels.

# %%
def stops(length, f, s):
    return (length - f) // s + 1


print("pixels  filter  stride  stops  unused")
for length, f, s in ((28, 3, 1), (7, 3, 2), (8, 3, 2), (28, 5, 3), (6, 6, 4)):
    starts = [k for k in range(0, length, s) if k + f <= length]  # tried, one by one
    unused = length - (starts[-1] + f)
    assert stops(length, f, s) == len(starts) and unused == (length - f) % s
    print(f"{length:6} {f:7} {s:7} {len(starts):6} {unused:7}")

# %% [markdown]
# ## Build it: one image
#
# The loop from above, for any size and stride. The library's `conv2d` does it without a loop; both
# must agree on sizes that all differ. Here a window of $3 \times 2$ slides over $8 \times 7$ pixels
# with stride 2. We know what to expect: a map of $3 \times 3$, and a last row of pixels that plays
# no part.

# %%
from course_lib.neural_network import conv2d


def slide(image, weights, stride=1):
    (H, W), (f, g) = image.shape, weights.shape
    out = np.zeros((stops(H, f, stride), stops(W, g, stride)))
    for i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[i, j] = np.sum(image[top : top + f, left : left + g] * weights)
    return out


rng = np.random.default_rng(0)
odd, tall = rng.normal(size=(8, 7)), rng.normal(size=(3, 2))
assert all(np.allclose(slide(odd, tall, s), conv2d(odd, tall, s)) for s in (1, 2, 3))
assert np.allclose(conv2d(odd[:7], tall, 2), conv2d(odd, tall, 2))
print("map:", conv2d(odd, tall, 2).shape, " the same without the last row: True")


# %% [markdown]
# ## Build it: a layer
#
# A layer works on a batch of images, and with several filters, each of which makes a map of its
# own. An image may also have several **channels**, layers of pixels of the same size: red, green
# and blue in a photograph, or the maps of a layer below. Our digits have one, gray. A filter then
# has weights for every channel, and its answer is the sum over all of them, plus its **bias**:
#
# $$Z[n, k, i, j] = b[k] + \sum_c \sum_{m, q} X[n, c,\ is + m,\ js + q] \cdot K[k, c, m, q]$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, C, H, W)$ | $n$ images with $C$ channels |
# | $K$ | $(F, C, f, g)$ | $F$ filters |
# | $b$ | $(1, F)$ | one number for each filter |
# | columns | $(C f g,\ n \cdot \text{places})$ | every window of every image as a column |
# | $Z$ | $(n, F, \text{rows}, \text{columns})$ | the maps |
#
# With the windows as columns, all of this is $K \cdot \text{columns} + b$, where each row of $K$ is
# one filter: one matrix product for the whole batch.

# %%
def layer(X, K, b, stride=1):
    n, F, size = len(X), len(K), K.shape[2:]
    windows = sliding_window_view(X, size, axis=(2, 3))[:, :, ::stride, ::stride]
    down, across = windows.shape[2:4]  # windows: (n, C, down, across, f, g)
    columns = windows.transpose(1, 4, 5, 0, 2, 3).reshape(K[0].size, -1)
    Z = K.reshape(F, -1) @ columns + b.T
    return Z.reshape(F, n, down, across).transpose(1, 0, 2, 3), columns


# %%
from course_lib.neural_network import conv_forward

sizes = (5, 2, 8, 7), (3, 2, 3, 2), (1, 3)
X_odd, K_odd, b_odd = (rng.normal(size=size) for size in sizes)
Z_ours, columns_ours = layer(X_odd, K_odd, b_odd, stride=2)
Z, columns_odd = conv_forward(X_odd, K_odd, b_odd, stride=2)
one = sum(conv2d(X_odd[4, c], K_odd[1, c], 2) for c in (0, 1)) + b_odd[0, 1]
assert np.allclose(Z, Z_ours) and np.allclose(Z[4, 1], one)  # image 4, filter 1
print("maps:", Z.shape, " ours:", columns_ours.shape, " library:", columns_odd.shape)

X, K = data.X_train[:20].reshape(-1, 1, 28, 28), rng.normal(size=(4, 1, 3, 3))
started = time.perf_counter()
by_loop = [[slide(image_n[0], kernel[0]) for kernel in K] for image_n in X]
between = time.perf_counter()
assert np.allclose(conv_forward(X, K, np.zeros((1, 4)))[0], by_loop)
product = time.perf_counter() - between
print("the loop took more than 5 times as long:", between - started > 5 * product)

# %% [markdown]
# The maps agree. The columns hold the same numbers in another order: the library keeps one matrix
# for each of the 3 rows of the maps, $(3,\ 12,\ 15)$ instead of $(12,\ 45)$. Smaller matrices stay
# in the processor's fast memory. And the product is worth its rearranging: 20 digits through 4
# filters take the loop several times as long. From here on we use the library.
#
# ## What sharing weights means
#
# Is this still a layer of the kind that we know, $Z = XW + b$? Yes: what goes in is multiplied by
# fixed numbers and added up. So there must be a dense matrix $D$ with 784 rows and 676 columns that
# does the same. Row $p$ of it is what comes out when pixel $p$ alone is 1, so we can find it by
# sending 784 such images through. The weights are 1 to 9, to tell them apart.

# %%
nine, zero = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.zeros((1, 1))
dots = np.eye(784).reshape(784, 1, 28, 28)  # image p has ink in pixel p alone
D = conv_forward(dots, nine, zero)[0].reshape(784, 676)
digits = data.X_train.reshape(-1, 1, 28, 28)
maps = conv_forward(digits[:100], nine, zero)[0]
assert np.allclose(data.X_train[:100] @ D, maps.reshape(100, 676))
assert D.size == 784 * 676 and np.count_nonzero(D) == 9 * 676
print("dense:", D.size, "entries, of which not zero:", np.count_nonzero(D))
print("values that occur:", np.unique(D).astype(int))

moved = np.roll(digits[:100], 2, axis=3)  # two pixels to the right
maps_moved = conv_forward(moved, nine, zero)[0]
assert np.allclose(maps_moved[..., 2:], maps[..., :-2])
print("the maps of the moved digits are the old maps, moved by two: True")

# %% [markdown]
# A dense layer of this size has 529,984 weights of its own. The window is the same layer under two
# demands: **look only at neighbors** (all other entries are zero) and **do the same everywhere**
# (nine values, repeated). Nine weights and a bias are left to learn. And what is learned at one
# place is known at all of them: when the digit moves, the map moves along. This is called **shift
# equivariance**. (At the border, where something enters or leaves, it ends.)
#
# ## Experiment: what do nine weights see?
#
# Back to the third question: $-1, 0, 1$ in each row. On paper all products are 0. Inside a stroke
# they are $-1, 0, 1$ and cancel. At a left edge there is paper under the $-1$ and ink under the
# $+1$: the answer is up to $+3$. At a right edge it is the other way around, down to $-3$. This
# filter finds **vertical edges, with a sign**. Before you run the cell: which of these five makes
# no negative answer? Which answers at edges of every direction?

# %%
digit = part_4_2.an_image(data)
names = list(part_4_2.FILTERS)[:5]
figure, axes = plt.subplots(2, 6, figsize=(10.5, 3.9), layout="constrained")
plots.draw_digit(axes[1, 0], digit, "the digit")
axes[0, 0].axis("off")
for name, (top, bottom) in zip(names, axes.T[1:], strict=True):
    kernel = part_4_2.FILTERS[name]
    plots.draw_filter(top, kernel, np.abs(kernel).max(), name)
    limit = part_4_2.strongest_answer(kernel)
    bottom.imshow(conv2d(digit, kernel), cmap="RdBu_r", vmin=-limit, vmax=limit)
    bottom.set(xticks=[], yticks=[], title=f"full color: ±{limit:.0f}")
assert conv2d(digit, part_4_2.FILTERS["mean (blur)"]).min() >= 0
caption = "Above: the weights (the mean's: 1/9). Below: the maps, each with its own \
scale; white is 0, red positive, blue negative."
plots.show(figure, caption, f"Five filters and their maps of a digit. {caption}")

# %% [markdown]
# The **mean** has no negative weight; it blurs. Vertical and horizontal **edges** answer with a
# sign: red where ink begins on the way right (or down), blue where it ends. **Sobel** counts the
# middle row twice. The **Laplacian**, eight times the middle minus its eight neighbors, answers at
# edges of every direction: blue just outside the stroke, red just inside.
#
# ### Your turn: the sliders
#
# Choose a filter in the menu, or set its nine weights one by one. The last two sliders move the
# window. Guess the sum before you let go.
#
# 1. With **vertical edges**, find a window that answers positive, one that answers negative, and
#    one with ink in it that answers 0, or nearly so.
# 2. Choose **shift by one**. What will the map look like? Which way does the digit move?
# 3. Take the **Laplacian** and set its middle weight from 8 to 1. What changes inside the strokes?
# 4. Build a filter that answers to **diagonal** edges.

# %%
part_4_2.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **Weights that add up to 0** answer 0 wherever all nine pixels are the same, on paper or
#   inside a stroke. With the middle of the Laplacian at 1, they add up to $-7$, and every stroke
#   turns blue.
# - **Shift by one** copies at every place the pixel at the right of the window's middle: the digit
#   moves one pixel to the left.
# - **A diagonal** can be had with $-1$ in three corner weights and $+1$ in the three opposite ones.
#
# ### It is not called what it is
#
# SciPy also has `convolve2d`, and a convolutional layer ought to use it. But mathematicians turn
# the filter by 180 degrees before they slide it: a **convolution** is
# $\sum \text{image}[i + m, j + n] \cdot \text{filter}[f - 1 - m,\ g - 1 - n]$. Ours, without the
# turn, is strictly a **cross-correlation**. For the top left of the small case the turned filter
# has the rows $2, 0$ and $-1, 1$: $1 \cdot 2 + 2 \cdot 0 - 0 \cdot 1 + 1 \cdot 1 = 3$, not 1. What
# does the turn do to the filters above?

# %%
from scipy.signal import convolve2d

assert convolve2d(image, weights, mode="valid")[0, 0] == 3  # as by hand
verdicts = {}
for name in [*names, "shift by one"]:
    kernel = part_4_2.FILTERS[name]
    ours, theirs = conv2d(digit, kernel), convolve2d(digit, kernel, mode="valid")
    assert np.allclose(theirs, conv2d(digit, kernel[::-1, ::-1]))  # turned by 180°
    same, inverted = np.allclose(theirs, ours), np.allclose(theirs, -ours)
    not_same = "sign inverted" if inverted else "another map"
    verdicts[name] = "same map" if same else not_same
    print(f"{name:17} {verdicts[name]}")
expected = "sign", "sign", "sign", "same", "same", "another"
assert [verdict.split()[0] for verdict in verdicts.values()] == list(expected)

# %% [markdown]
# Mean and Laplacian look the same when turned, so they hide the difference. The three edge filters
# become their own negative: left edges blue, right edges red. Nothing complains. A network that
# **learns** its filters does not care; it would learn the turned ones. But formula and code must
# mean the same, so we say convolution, as everybody does, and compute a correlation.
#
# ## The gradient of the filter
#
# Let $L$ be the loss, and $G$, in the shape of the map, its slope along each entry:
# $G[i, j] = dL/d\,\text{out}[i, j]$. How does $L$ change with **one weight**, filter$[m, n]$? That
# weight is used at every place. In the formula for out$[i, j]$ it stands once, times
# image$[i + m, j + n]$. So out$[i, j]$ has this pixel as its slope along the weight, and the chain
# rule adds up over all places:
#
# $$\frac{dL}{d\,\text{filter}[m, n]} = \sum_{i, j} G[i, j] \cdot \text{image}[i + m,\ j + n],
# \qquad \frac{dL}{db} = \sum_{i, j} G[i, j]$$
#
# (The bias is added at every place, with slope 1.) The left sum has the form of the formula that
# we began with: **a correlation of the image with $G$**. By hand, for the small case, with $G$ of
# rows $1, 0$ and $2, -1$: filter$[0, 0]$ meets the pixels $1, 2, 0, 1$ at the four places, so its
# slope is $1 \cdot 1 + 0 \cdot 2 + 2 \cdot 0 - 1 \cdot 1 = 0$. For filter$[1, 0]$, the pixels are
# $0, 1, 2, 0$, and the slope is $1 \cdot 0 + 0 \cdot 1 + 2 \cdot 2 - 1 \cdot 0 = 4$. For the bias:
# $1 + 0 + 2 - 1 = 2$.

# %%
from course_lib.neural_network import numerical_gradient, relative_error

G = np.array([[1.0, 0], [2, -1]])
grad_filter, grad_bias = conv2d(image, G), G.sum()
assert grad_filter[0, 0] == 0 and grad_filter[1, 0] == 4 and grad_bias == 2  # by hand
measured = numerical_gradient(
    image, G, {"filter": weights, "b": np.zeros(())},
    lambda out, G: np.sum(G * out),  # a loss that has the slopes G
    lambda image, params: conv2d(image, params["filter"]) + params["b"],
)
assert relative_error(grad_filter, measured["filter"]) < 1e-6
assert relative_error(grad_bias, measured["b"]) < 1e-6
print(grad_filter, " bias:", grad_bias)

# %% [markdown]
# ## The gradient of the input
#
# If the layer has another one below it, that one needs the slope along each **pixel**.
# Image$[p, q]$ is used by every window that covers it. In the window at $i, j$ it meets the weight
# with $m = p - i$ and $n = q - j$, so
#
# $$\frac{dL}{d\,\text{image}[p, q]} = \sum_{m, n} G[p - m,\ q - n] \cdot \text{filter}[m, n]$$
#
# where $G$ counts as 0 outside the map. The minus signs are the turn by 180 degrees: here the true
# convolution comes back. It is a **full** one: the turned filter slides over $G$ with a rim of
# zeros, so that every overlap counts. In code one can say it the other way around: **each window
# hands its slope, times the weights, to the pixels under it.**
#
# By hand: the corner pixel $[0, 0]$ lies in one window, under filter$[0, 0] = 1$: slope
# $1 \cdot 1 = 1$. The middle one, $[1, 1]$, lies in all four, under filter$[1, 1]$, $[1, 0]$,
# $[0, 1]$ and $[0, 0]$: $1 \cdot 2 + 0 \cdot 0 + 2 \cdot (-1) - 1 \cdot 1 = -1$.

# %%
from course_lib.neural_network import conv_backward_input

grad_image = np.zeros((3, 3))
for i, j in np.ndindex(2, 2):
    grad_image[i : i + 2, j : j + 2] += G[i, j] * weights
assert grad_image[0, 0] == 1 and grad_image[1, 1] == -1  # by hand
assert np.array_equal(grad_image, convolve2d(G, weights, mode="full"))
assert np.array_equal(grad_image, conv2d(np.pad(G, 1), weights[::-1, ::-1]))
batch = G[None, None], image[None, None], weights[None, None]  # one image, one channel
assert np.array_equal(conv_backward_input(*batch)[0, 0], grad_image)
print(grad_image)

# %% [markdown]
# ## The gradient of the layer, as one product
#
# The forward pass was $Z = K \cdot \text{columns} + b$: a dense layer whose inputs are the windows.
# So its gradient is that of a dense layer too, the slopes times the inputs, transposed. Adding up
# over all places and all images is what the product does by itself:
#
# $$\nabla_K = G \cdot \text{columns}^\top, \qquad \nabla_b = \sum_{n,\ \text{places}} G$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $G$ | $(F,\ n \cdot \text{places})$ | the slopes along $Z$, a row for each filter |
# | $\nabla_K$ | $(F,\ C f g)$ | then reshaped to $(F, C, f, g)$, as $K$ |
# | $\nabla_b$ | $(1, F)$ | a sum for each filter |
#
# There is no $1/n$: as in part 3.4, it is in $G$ already. The first cell compares with the
# library, and writes down what a training will need. Its loss is the mean of $(Z - y)^2$ over
# **all** entries of the maps, so $G = 2(Z - y)/\text{number of entries}$. The second cell measures,
# on sizes that all differ, with stride 2: filters, bias, and the input too.

# %%
from course_lib.neural_network import conv_backward

grad_Z = rng.normal(size=Z.shape)  # five images, three filters, stride 2: from above
slopes = grad_Z.transpose(1, 0, 2, 3).reshape(3, -1)
grad_K, grad_b = conv_backward(grad_Z, columns_odd, K_odd)
assert np.allclose(grad_K, (slopes @ columns_ours.T).reshape(K_odd.shape))
assert np.allclose(grad_b, slopes.sum(axis=1).reshape(1, 3))


def forward(X, params, stride=1):
    return conv_forward(X, params["K"], params["b"], stride)[::-1]  # the maps come last


def gradient(X, y, outputs, params):
    grad_Z = 2 * (outputs[1] - y) / y.size
    return dict(zip("Kb", conv_backward(grad_Z, outputs[0], params["K"]), strict=True))


def map_loss(Z, y):
    return np.mean((Z - y) ** 2)


# %%
def at_stride_2(X, params):
    return forward(params.get("X", X), {"K": K_odd, "b": b_odd} | params, 2)


y_odd, params_odd = rng.normal(size=Z.shape), {"K": K_odd, "b": b_odd}
outputs = at_stride_2(X_odd, params_odd)
formulas = gradient(X_odd, y_odd, outputs, params_odd)
grad_Z = 2 * (outputs[1] - y_odd) / y_odd.size
formulas["X"] = conv_backward_input(grad_Z, X_odd, K_odd, 2)
everything = params_odd | {"X": X_odd}
measured = numerical_gradient(X_odd, y_odd, everything, map_loss, at_stride_2)
for name, slopes in formulas.items():
    print(f"{name}: below 1e-6: {relative_error(slopes, measured[name]) < 1e-6}")
    assert relative_error(slopes, measured[name]) < 1e-6

# %% [markdown]
# ## On real data: learn a filter
#
# Somebody sent 64 digits through a filter that we do not know, and gives us digits and maps. Our
# layer starts with nine zeros. (With a single filter that is no problem. Two filters that start
# equal would stay equal.) Gradient descent, 60 epochs in batches of 4, must find out the rest:

# %%
from course_lib.neural_network import gradient_descent_general

unknown = part_4_2.FILTERS["vertical edges"].reshape(1, 1, 3, 3)
X_learn, X_new = digits[:64], data.X_test[:100].reshape(-1, 1, 28, 28)
y_learn, y_new = (conv_forward(X, unknown, zero)[0] for X in (X_learn, X_new))


def learn(start, targets):
    return gradient_descent_general(
        X_learn, targets, {"K": start, "b": zero}, 0.3, 60, forward, gradient, map_loss,
        batch_size=4, rng=np.random.default_rng(0),
    )  # fmt: skip


params, losses = learn(np.zeros((1, 1, 3, 3)), y_learn)
print(np.round(params["K"][0, 0], 2) + 0.0, "bias:", round(params["b"].item(), 2) + 0.0)
print(f"loss after epoch 1: {losses[0]:.3f}, after 60: below 1e-5: {losses[-1] < 1e-5}")
assert np.abs(params["K"] - unknown).max() < 0.01 and losses[-1] < 1e-5


# %% [markdown]
# All nine, to two decimals: the picture at the top.
#
# **Could the dense layer of part 4.1 learn that?** It has all the freedom that it needs: the
# right matrix is one of its settings, as $D$ was for the weights 1 to 9. The next cells give it
# the same 64 digits and 60 epochs (with a rate and batches that suit it), and then 100 digits that
# neither has seen. A layer that always answers 0 has the loss in the first line. Guess which
# of the two is better on the new ones, and why.

# %%
def dense_forward(X, params):
    return X @ params["W"] + params["b"]


def dense_gradient(X, y, A, params):
    grad_A = 2 * (A - y) / A.size
    return {"W": X.T @ grad_A, "b": grad_A.sum(axis=0, keepdims=True)}


def report(name, count, A, A_new):
    seen = map_loss(A, y_learn.reshape(A.shape))
    new = map_loss(A_new, y_new.reshape(A_new.shape))
    print(f"{name:11} {count:10} {seen:11.3f} {new:11.3f}")
    return seen, new


# %%
rows, rows_new = X_learn.reshape(64, 784), X_new.reshape(100, 784)
start = {"W": np.zeros((784, 676)), "b": np.zeros((1, 676))}
dense, _ = gradient_descent_general(
    rows, y_learn.reshape(64, 676), start, 4, 60, dense_forward, dense_gradient,
    map_loss, batch_size=16, rng=np.random.default_rng(0),
)  # fmt: skip
print("layer       parameters   64 digits     100 new")
report("always 0", 0, dense_forward(rows, start), dense_forward(rows_new, start))
A, A_new = dense_forward(rows, dense), dense_forward(rows_new, dense)
dense_seen, dense_new = report("dense", 785 * 676, A, A_new)
Z, Z_new = forward(X_learn, params)[1], forward(X_new, params)[1]
_, window_new = report("same nine", 9 + 1, Z, Z_new)
assert dense_new > 1.5 * dense_seen and dense_new > 100 * window_new

# %% [markdown]
# The dense layer learns each output by itself, from 64 digits, and does worse on digits that it has
# not seen. The window learns from 676 places of each digit at once, and what it found holds
# everywhere. But fair is fair: **here the truth is a window.** Where different places need
# different treatment, sharing would be the wrong demand. For images it is often a good one; part
# 4.3 puts it to the test.
#
# ## Break it on purpose
#
# **First: sizes.** A filter larger than the image: how many places are there? And a gray photograph
# often arrives as $(H, W, 1)$, with its one channel last.
#
# **Second: a bias that is averaged.** Somebody is used to means and takes the mean of $G$ over
# images and places, instead of the sum. All shapes fit. Which ratio will the check of part 2.4
# find, with 5 images and maps of $3 \times 3$?

# %%
small, large = np.ones((2, 2)), np.ones((3, 3))
for wrong in (small, digit.reshape(28, 28, 1)):
    try:
        conv2d(wrong, large)
    except ValueError as problem:
        print("conv2d:", problem)
swapped = correlate2d(small, large, mode="valid").shape
print("SciPy, filter larger than the image, says nothing. Its map:", swapped)

averaged = formulas["b"] / (5 * 3 * 3)  # what the mean over 45 entries would give
ratios = measured["b"] / averaged
print(f"averaged bias: r = {relative_error(averaged, measured['b']):.2f}")
print("measured / averaged:", np.round(ratios, 2))
assert swapped == (2, 2) and np.allclose(ratios, 45, rtol=1e-3)

# %% [markdown]
# SciPy silently slides the image over the filter. Our library refuses. The bias is off by 45, the
# number of entries that share it: whoever shares a weight must **add up** its slopes.
#
# **Third: trusting a low loss.** The same unknown filter, but its maps made with `convolve2d`. What
# will the layer learn? And then, with the right maps, three random starts instead of zeros: will
# they find the nine weights?

# %%
turned = np.array([convolve2d(x[0], unknown[0, 0], mode="valid") for x in X_learn])
params_turned, _ = learn(np.zeros((1, 1, 3, 3)), turned[:, None])
print(np.round(params_turned["K"][0, 0], 2) + 0.0)
assert np.abs(params_turned["K"] - unknown[..., ::-1, ::-1]).max() < 0.01

from_zero = np.abs(params["K"] - unknown).max()
print(f"from zeros: farthest weight off by {from_zero:.3f}")
for seed in range(3):
    start = np.random.default_rng(seed).normal(size=(1, 1, 3, 3))
    found, losses = learn(start, y_learn)
    off = np.abs(found["K"] - unknown).max()
    print(f"random start {seed}: loss {losses[-1]:.4f}, off by {off:.2f}")
    assert losses[-1] < 0.002 and off > 10 * from_zero

# %% [markdown]
# The turned filter is learned just as well: the loss cannot tell you that a definition differs. And
# from random starts the loss is tiny, yet the worst weight is off by more than ten times as much as
# from zeros. Neighboring pixels of a digit are nearly alike, so a weight that is too large and a
# neighbor that is too small hardly change the map: along such directions the loss is almost flat,
# and gradient descent crawls. **A low loss says that the maps are right, not that the weights
# are.**
#
# ## Exercises
#
# Open [exercises/4_2_convolution.ipynb](../exercises/4_2_convolution.ipynb). Each one checks itself
# and gives hints.
#
# 1. **Recall** · slide a filter over an image, and a blur on paper
# 2. **Change** · any stride, any size, and the pixels that are left over
# 3. **Derive** · the gradient of one filter and its bias
# 4. **Explore** · edges in two directions, and the filter that answers most to a pattern
#
# ## What you can do now
#
# - compute a feature map by hand, by a loop, and as one matrix product, and say how large it is
# - explain why nine weights do for 676 places, and what happens to the map when the image moves
# - tell a correlation from a convolution, and say where the turned filter comes back
# - derive the gradient of a shared weight: the sum over all places that share it
#
# **Next:** 4.3 Pooling and CNN architecture, where this layer gets a second one that forgets where
# exactly something was, and learns to read digits.
