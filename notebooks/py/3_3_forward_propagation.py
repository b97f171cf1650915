# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3.3 · Multi-layer perceptrons: forward propagation
#
# At the end of this lesson you can follow an image through a whole network, number by number:
# 784 pixels go in, 256 neurons look at all of them, and ten neurons look at those 256.
#
# The weights of this network are random. It has learned nothing; that comes in part 3.4.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.explorers import part_3_3

data = load_data()
finished = part_3_3.draw_path(part_3_3.prepare(data))
caption = (
    "From left to right: an image, what each of the 256 neurons in the middle answers "
    "to it (the darkest answer 0), and ten probabilities. The triangle marks the right "
    "class."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** stack neurons into layers and layers into a network, count its parameters, solve
# XOR, give ten-class answers a price, and find out how large random weights should be.
#
# **You need** the neuron of part 3.1, ReLU and softmax (3.2), and binary cross-entropy (2.1).
# **Time:** about 90 minutes with the exercises; the notebook itself runs in seconds. **New in
# the library:** `one_hot`, `cross_entropy`, `forward_mlp`. The library so far, part by part:

# %%
library_so_far("3.3")

# %% [markdown]
# ## Predict
#
# A network for the ten digits has small random weights, and nobody has trained it.
#
# - Of 100 images, how many does it get right? And what does it lose: if a confident mistake
#   costs much and a perfect answer nothing, where between the two will it start?
# - Now every weight is made 100 times as large. How many of its answers change? Does it lose
#   more, less, or the same?
#
# Note your answers, and your reasons.
#
# ## The smallest case, by hand
#
# A **layer** is several neurons that read the same inputs. Each neuron is one column of $W$ and
# one number in $b$. The outputs of one layer can be the inputs of the next; such a stack is a
# **multi-layer perceptron**, MLP for short. A layer in between is called **hidden**: it is
# neither what we put in nor the answer. Going through it from input to answer is **forward
# propagation**, or the forward pass.
#
# Three inputs, two hidden neurons with ReLU, two classes with softmax, and one sample:
#
# $$x = \begin{pmatrix} 1 & 2 & -1 \end{pmatrix},\quad
# W_1 = \begin{pmatrix} 2 & -1 \\ 1 & 0 \\ 0 & 1 \end{pmatrix},\quad
# b_1 = \begin{pmatrix} -1 & 1 \end{pmatrix},\quad
# W_2 = \begin{pmatrix} 1 & 0 \\ 5 & 7 \end{pmatrix},\quad
# b_2 = \begin{pmatrix} -3 & 1 \end{pmatrix}$$
#
# **Hidden layer.** First neuron: $1 \cdot 2 + 2 \cdot 1 - 1 \cdot 0 - 1 = 3$. Second:
# $1 \cdot (-1) + 2 \cdot 0 - 1 \cdot 1 + 1 = -1$. ReLU keeps the 3 and cuts the $-1$ to 0.
#
# **Output layer.** First score: $3 \cdot 1 + 0 \cdot 5 - 3 = 0$. Second:
# $3 \cdot 0 + 0 \cdot 7 + 1 = 1$. (The large weights 5 and 7 have no say: their neuron is
# silent.) Softmax of $(0, 1)$: $\frac{1}{1 + e}$ and $\frac{e}{1 + e}$, which is
# $\sigma(-1)$ and $\sigma(1)$.

# %%
from course_lib.neural_network import relu, sigmoid, softmax

x = np.array([[1, 2, -1]])
W1, b1 = np.array([[2, -1], [1, 0], [0, 1]]), np.array([[-1, 1]])
W2, b2 = np.array([[1, 0], [5, 7]]), np.array([[-3, 1]])
A1 = relu(x @ W1 + b1)
Z2 = A1 @ W2 + b2
A2 = softmax(Z2)
assert np.array_equal(A1, [[3, 0]]) and np.array_equal(Z2, [[0, 1]])  # as by hand
assert np.allclose(A2, sigmoid(np.array([[-1, 1]])))
print("hidden", A1, " scores", Z2, " probabilities", A2.round(4))

# %% [markdown]
# ## All rows at once
#
# Nothing in these lines depends on the number of rows. With $d$ inputs, $h$ hidden neurons and
# $k$ classes:
#
# $$Z_1 = XW_1 + b_1, \qquad A_1 = \max(0, Z_1), \qquad
# Z_2 = A_1W_2 + b_2, \qquad A_2 = \operatorname{softmax}(Z_2)$$
#
# | symbol | shape | for our digits, $n$ images | meaning |
# |---|---|---|---|
# | $X$ | $(n, d)$ | $(n, 784)$ | one image a row |
# | $W_1$, $b_1$ | $(d, h)$, $(1, h)$ | $(784, 256)$, $(1, 256)$ | one column a hidden neuron |
# | $Z_1$, $A_1$ | $(n, h)$ | $(n, 256)$ | before and after ReLU |
# | $W_2$, $b_2$ | $(h, k)$, $(1, k)$ | $(256, 10)$, $(1, 10)$ | one column a class |
# | $Z_2$, $A_2$ | $(n, k)$ | $(n, 10)$ | scores, probabilities |
#
# The inner sizes meet in pairs, $(n, d)(d, h)$ and $(n, h)(h, k)$, and $n$ passes through. Here
# is the function, beside the library's `forward_mlp`, on sizes that all differ. One row through
# the network by itself must give the same as among the others:

# %%
from course_lib.neural_network import forward_mlp


def forward(X, W1, b1, W2, b2):
    A1 = relu(X @ W1 + b1)
    A2 = softmax(A1 @ W2 + b2)  # softmax works along each row
    return A1, A2


rng = np.random.default_rng(0)
shapes = (5, 7), (7, 4), (1, 4), (4, 3), (1, 3)  # n = 5, d = 7, h = 4, k = 3
odd = [rng.normal(size=shape) for shape in shapes]
for ours, library in zip(forward(*odd), forward_mlp(*odd), strict=True):
    assert np.array_equal(ours, library)
    print(ours.shape)
assert np.allclose(forward(odd[0][2:3], *odd[1:])[1], library[2])
assert np.allclose(library.sum(axis=1), 1)  # each row adds up to 1

# %% [markdown]
# From here on we use the library's.
#
# ## What a hidden layer can do: XOR
#
# XOR is 1 when exactly one of two inputs is 1. Part 3.1 showed that a single neuron cannot do it:
# it draws one straight line, and no line has the two 1s on one side and the two 0s on the other.
# It gets at most three of the four right. Two hidden neurons are enough, and we can choose their
# weights by hand:
#
# - $h_1 = \max(0, x_1 + x_2)$ counts the ones: 0, 1, 1, 2.
# - $h_2 = \max(0, x_1 + x_2 - 1)$ speaks only when both are there: 0, 0, 0, 1.
# - $h_1 - 2h_2$ takes the case of "both" back: $0, 1, 1, 2 - 2 = 0$. That is XOR.
#
# For the softmax, class 1 gets the score $4(h_1 - 2h_2)$, and class 0 always gets 2. So the
# difference is $-2$ or $+2$, and the right class gets $\sigma(2)$ in all four rows. Check it, and
# then guess: how many of the four are still right if we leave out the ReLU?

# %%
X_xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
xor = np.array([0, 1, 1, 0])
W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[0.0, -1.0]])
W2, b2 = np.array([[0.0, 4.0], [0.0, -8.0]]), np.array([[2.0, 0.0]])
A1_xor, A2_xor = forward_mlp(X_xor, W1, b1, W2, b2)
linear = softmax((X_xor @ W1 + b1) @ W2 + b2)  # the same without ReLU
print("input      hidden    P(class 1)  without ReLU")
for x, h, a, line in zip(X_xor, A1_xor, A2_xor[:, 1], linear[:, 1], strict=True):
    print(x, " ", h, f"{a:9.4f} {line:13.4f}")
assert np.allclose(A2_xor[np.arange(4), xor], sigmoid(2))
assert np.array_equal(A2_xor.argmax(axis=1), xor)
assert np.sum(linear.argmax(axis=1) == xor) == 3

# %% [markdown]
# With ReLU all four are right, without it three. The next picture shows why: the hidden layer
# moves the points.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3.2), layout="constrained")
for axis, points in ((left, X_xor), (right, A1_xor)):
    for kind, marker, color in ((0, "o", plots.BLUE), (1, "s", plots.RED)):
        here = points[xor == kind]
        axis.plot(*here.T, marker, color=color, markersize=10, label=f"XOR is {kind}")
    axis.grid(alpha=0.3)
    axis.set(xlim=(-0.5, 2.5), ylim=(-0.5, 1.5))
right.plot([0, 2.5], [-0.25, 1], "k--", label=r"$h_1 - 2h_2 = \frac{1}{2}$")
left.set(title="Inputs", xlabel="$x_1$", ylabel="$x_2$")
right.set(title="Hidden layer", xlabel="$h_1$", ylabel="$h_2$")
right.legend(loc="upper left")
caption = "Left: no straight line parts squares from circles. Right: after the hidden \
layer (both squares lie on the same spot) the dashed line does."
plots.show(figure, caption, f"Four points before and after the hidden layer. {caption}")

# %% [markdown]
# ### Why it needs the activation
#
# Without ReLU the two layers can be multiplied out:
#
# $$(XW_1 + b_1)W_2 + b_2 = X\,(W_1W_2) + (b_1W_2 + b_2)$$
#
# On the right stands **one** layer, with weights $W_1W_2$ of shape $(d, k)$ and a bias of shape
# $(1, k)$. Two layers without an activation are one layer in two steps, however many neurons are
# hidden in between. One layer draws straight lines, so XOR stays out of reach.

# %%
assert np.allclose(linear, softmax(X_xor @ (W1 @ W2) + (b1 @ W2 + b2)))
X, V1, c1, V2, c2 = odd
assert np.allclose((X @ V1 + c1) @ V2 + c2, X @ (V1 @ V2) + (c1 @ V2 + c2))
print("the one layer that does the same: weights", (W1 @ W2).tolist())
print("bias", (b1 @ W2 + b2).tolist())

# %% [markdown]
# ## How many parameters?
#
# The **parameters** are all the numbers that training may change: weights and biases. A layer
# from $d$ inputs to $k$ neurons has $d \cdot k$ weights and $k$ biases, so $(d + 1)\,k$. Our
# network for digits has
#
# $$784 \cdot 256 + 256 + 256 \cdot 10 + 10
# = 200{,}704 + 256 + 2{,}560 + 10 = 203{,}530.$$
#
# Where do most of them sit?

# %%
sizes = {"W1": 784 * 256, "b1": 256, "W2": 256 * 10, "b2": 10}
total = sum(sizes.values())
assert total == (784 + 1) * 256 + (256 + 1) * 10 == 203_530
for name, size in sizes.items():
    print(f"{name}  {size:7,}  {size / total:6.1%}")
print(f"all {total:7,}")

# %% [markdown]
# Nearly all of them connect pixels with hidden neurons.
#
# ## A price for ten classes
#
# Part 2.1 gave the probability $p$ of the right answer the price $-\ln p$: 0 for certainty, more
# for less. With ten classes nothing changes: take the probability of the right class. What we need
# is a way to write "of the right class" as a formula. For two classes, binary cross-entropy did it
# with $y$ and $1 - y$:
#
# $$-\bigl[(1 - y)\ln(1 - a) + y \ln a\bigr]$$
#
# Put the two probabilities side by side, $(1 - a,\ a)$, and the two factors as well,
# $(1 - y,\ y)$. The factors are $(1, 0)$ for class 0 and $(0, 1)$ for class 1: a single 1 at the
# place of the right class. That is a **one-hot** row, and it works for any number of classes $k$.
# The price of row $i$ is the sum over the classes, the loss is the mean over the rows:
#
# $$L = -\frac1n \sum_{i=1}^{n} \sum_{j=1}^{k} y_{ij} \ln a_{ij}
# = -\frac1n \sum_{i=1}^{n} \ln a_{i,c_i}$$
#
# where $a_{ij}$ and $y_{ij}$ are the entries of $A$ and $y$, both $(n, k)$, and $c_i$ is the right
# class of row $i$. The two are equal because the one-hot row multiplies every logarithm by 0 except
# one. By hand: two rows, $(0.7,\ 0.2,\ 0.1)$ with class 0 and $(0.5,\ 0.25,\ 0.25)$ with class 2.
# The loss is $-\frac12(\ln 0.7 + \ln 0.25)$.

# %%
from course_lib.neural_network import binary_cross_entropy

A = np.array([[0.7, 0.2, 0.1], [0.5, 0.25, 0.25]])
classes = np.array([0, 2])
y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # one-hot
by_hand = -(np.log(0.7) + np.log(0.25)) / 2
assert np.isclose(-np.sum(y * np.log(A)) / 2, by_hand)
assert np.isclose(-np.mean(np.log(A[[0, 1], classes])), by_hand)  # pick, don't multiply

a, yes = np.array([[0.8], [0.3]]), np.array([[1.0], [0.0]])
two_columns = np.hstack([1 - a, a]), np.hstack([1 - yes, yes])
pair = -np.sum(two_columns[1] * np.log(two_columns[0])) / 2
assert np.isclose(pair, binary_cross_entropy(a, yes))
print(f"three classes: {by_hand:.4f}   two classes: {pair:.4f}, as in part 2.1")

# %% [markdown]
# ### Build it
#
# As in part 2.1, the logarithm never sees less than $10^{-12}$. That matters even for the wrong
# classes: $0 \cdot \ln 0$ is not 0 for NumPy, it is `nan`. For one-hot rows, compare each
# label with all the classes: `(n, 1)` beside `(k,)` broadcasts to `(n, k)`.

# %%
from course_lib.neural_network import cross_entropy, one_hot


def encode(labels, num_classes):
    return (labels.reshape(-1, 1) == np.arange(num_classes)).astype(float)


def price(A, y):
    return -np.sum(y * np.log(np.clip(A, 1e-12, 1))) / len(A)


labels = np.array([2, 0, 1, 1, 2])  # for the five rows of the odd network
assert np.array_equal(encode(labels, 3), one_hot(labels, 3))
y_odd = one_hot(labels, 3)
for A in (library, y_odd, 1 - y_odd):  # probabilities, and exact zeros and ones
    assert np.isclose(price(A, y_odd), cross_entropy(A, y_odd))
print(one_hot(labels[:2], 3).tolist())
print(f"right and certain: {cross_entropy(y_odd, y_odd)}")

# %% [markdown]
# ## On real data: a network that knows nothing
#
# The test images of the digits, scaled by what the training images say (part 2.3). The weights
# are normal (bell-shaped) random numbers times 0.01; that factor, their standard deviation, is the
# **initial scale**. The biases start at 0. Now your first prediction: how many are right, and
# what is the loss? One start can be luck, so here are fifty.

# %%
X = apply_scaler(data.X_test, fit_scaler(data.X_train))
y = one_hot(data.y_test, 10)


def start(scale_1, scale_2, seed=0, hidden=256):
    rng = np.random.default_rng(seed)
    W1 = scale_1 * rng.normal(size=(784, hidden))
    W2 = scale_2 * rng.normal(size=(hidden, 10))
    return W1, np.zeros((1, hidden)), W2, np.zeros((1, 10))


def right(A):
    return np.mean(A.argmax(axis=1) == data.y_test)


# %%
outputs = [forward_mlp(X, *start(0.01, 0.01, seed))[1] for seed in range(50)]
losses = np.array([cross_entropy(A, y) for A in outputs])
accuracies = np.array([right(A) for A in outputs])
print(f"{len(X)} test images, 50 random starts")
print(f"ln 10:    {np.log(10):.3f}")
for name, values in (("loss", losses), ("accuracy", accuracies)):
    low, mean, high = values.min(), values.mean(), values.max()
    print(f"{name:8}  {mean:.3f}, from {low:.3f} to {high:.3f}")
zero = softmax(np.zeros((3, 10)))  # of ten scores that are all 0
assert np.allclose(zero, 0.1) and np.isclose(cross_entropy(zero, y[:3]), np.log(10))
assert np.all(np.abs(losses - np.log(10)) < 0.015)
assert 0.08 < accuracies.mean() < 0.13 and np.ptp(accuracies) > 0.05

# %% [markdown]
# **The loss is $\ln 10$, nearly the same in every start.** Small weights make small scores. If all
# ten scores were exactly 0, softmax would give each class $e^0/(10\,e^0) = \frac1{10}$, the right
# one too, whatever it is. The price of each row is then $-\ln\frac1{10} = \ln 10$. With $k$ classes
# it is $\ln k$; you know $\ln 2$ from part 2.1. Remember it as a test: **if the first loss of a
# network with small weights is not near $\ln k$, something is wrong** with the loss, the labels,
# the softmax, or the size of the inputs.
#
# **The accuracy is one in ten on average, and any single start may be far from that.** Each of the
# ten columns of $W_2$ is drawn in the same way, so each class is equally likely to be the
# favorite; how many images happen to fit is luck. An accuracy of 15 % before training means
# nothing.
#
# ## Experiment
#
# Now the second prediction: larger weights, in both layers. Each column of the figure has the same
# random draws, times 0.01, 0.05, 0.1 and 1. The hills will have the same shape, only moved: ReLU of
# a stretched number is the stretched ReLU. But look at the bars. Is it the same class that leads in
# all four? The table after the figure has five starts for each scale; `sure` is the share of rows
# whose largest probability is above 0.99.

# %%
figure, axes = plt.subplots(2, 4, figsize=(10.5, 5), layout="constrained")
scales = (0.01, 0.05, 0.1, 1.0)
row = np.flatnonzero(data.y_test == 3)[0]
for (above, below), scale in zip(axes.T, scales, strict=True):
    A1, A2 = forward_mlp(X, *start(scale, scale))
    part_3_3.draw_hidden(above, A1)
    part_3_3.draw_probabilities(below, A2[row], 3)
    above.set_title(f"Scale {scale:g}")
    below.set_title(f"loss over all rows {cross_entropy(A2, y):.2f}", fontsize=10)
caption = "Above: hidden activations of all rows. Gray: exactly 0. Blue: the others, \
by size; the dotted line marks 1. Below: the probabilities for one image of a 3. As \
the weights grow, the blue hill moves, the gray bar stays, and one class takes all."
alt = f"Four histograms above four bar charts, for four initial scales. {caption}"
plots.show(figure, caption, alt)

# %%
print("scale   loss of five starts             sure     answers as at 0.01")
answers = [A.argmax(axis=1) for A in outputs[:5]]  # at scale 0.01
for scale in scales:
    runs = [forward_mlp(X, *start(scale, scale, seed))[1] for seed in range(5)]
    loss = [cross_entropy(A, y) for A in runs]
    sure = np.mean([A.max(axis=1) > 0.99 for A in runs])
    same = np.mean([A.argmax(axis=1) for A in runs] == np.array(answers))
    listed = "  ".join(f"{value:5.2f}" for value in loss)
    print(f"{scale:5g}   {listed}   {sure:5.1%}    {same:.0%} of the rows")
    assert same == 1 and (min(loss) > 15 if scale == 1 else max(loss) < 10)
clipped = np.mean(runs[0][y == 1] < 1e-12)
print(f"scale 1, first start: right class below 1e-12 in {clipped:.0%} of the rows")
assert sure > 0.9 and clipped > 0.7

# %% [markdown]
# **Not one answer changes.** Stretch both layers by $c$: the hidden activations grow by $c$, the
# scores by $c^2$ (the biases are 0), and the largest score stays the largest. What changes is the
# confidence: softmax looks at the differences between scores, and large ones leave nothing to the
# other classes. So the network with scale 1 knows as little as before, but it is **confident and
# wrong**, and pays for it. By the formula alone it would pay even more: for a right class below
# $10^{-12}$ the clipped loss asks $12 \ln 10$, the most that one row can cost.
#
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. "He's" among the scales is a
# value that the next section derives.
#
# 1. Raise the **initial scale** from 0.001 to 1. Where do the ten bars first look unequal? Where
#    does the loss leave $\ln 10$?
# 2. At scale 0.1, go from 16 to 512 **hidden units**. What happens to the bars, what to the hill?
# 3. Set the scale to **He's** and do the same. What is different?
# 4. At scale 1, try the images and the **random starts**. Can you find one where the network is
#    right, and can you tell it by its confidence?

# %%
part_3_3.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **Up to 0.01** the bars look equal, and the loss is $\ln 10$. The step from 0.03 to 0.1 turns
#   them into opinions.
# - **More hidden units** leave the hill where it is, because each hidden unit reads the same 784
#   pixels. But each score now is a sum of more terms, so the scores spread and the bars grow apart.
# - **At He's scale** the hill stays near 1 as well, and the scores hardly spread further: the
#   output weights shrink as the units become more.
# - **Confidence is no sign of being right.** At scale 1 the network is as sure of its lucky hits as
#   of its mistakes.
#
# ## How large should the weights be?
#
# Too small, and the signals fade from layer to layer; too large, and they explode. Can a layer hand
# on signals of the size that it gets? We measure size by the **mean square** (its root is the rms,
# "root mean square"). Take one row $x$ with $d$ entries and one neuron whose weights are drawn
# independently of each other (none says anything about another), with mean 0 and **variance** $s^2$
# (the square of the standard deviation). $E$ stands for the average over many draws of the
# weights. With bias 0, $z = \sum_i x_i w_i$:
#
# 1. $E[z] = \sum_i x_i E[w_i] = 0$, because each weight has mean 0.
# 2. $E[z^2] = \sum_i \sum_j x_i x_j E[w_i w_j]$: a square of a sum is the sum of all products.
# 3. Weights drawn independently have $E[w_i w_j] = E[w_i]\,E[w_j] = 0$ for $i \ne j$, and
#    $E[w_i w_i] = s^2$. So $E[z^2] = s^2 \sum_i x_i^2 = d\,s^2 \operatorname{mean}(x^2)$.
# 4. $w$ and $-w$ are equally likely, so $z$ and $-z$ are too. ReLU keeps the squares of the
#    positive half, and the others become 0: $E[a^2] = \frac12 E[z^2]
#    = \frac{d\,s^2}{2} \operatorname{mean}(x^2)$.
#
# The size stays if $d\,s^2/2 = 1$, so if $s = \sqrt{2/d}$. This is **He's scale** (K. He and
# others, 2015). Each line, measured on one image with 4,000 random neurons:

# %%
s, pixels = 0.02, X[row]
W = s * np.random.default_rng(1).normal(size=(784, 4000))
z = pixels @ W
formula = 784 * s**2 * np.mean(pixels**2)
assert abs(z.mean()) < 0.1 * np.sqrt(formula)  # line 1
product = np.mean(W[0] * W[1]) / s**2  # line 3: near 0 for different weights
assert abs(product) < 0.1 and np.isclose(np.mean(W[0] ** 2) / s**2, 1, rtol=0.15)
assert np.isclose(np.mean(z**2), formula, rtol=0.15)  # lines 2 and 3
assert np.isclose(np.mean(relu(z) ** 2), formula / 2, rtol=0.2)  # line 4
print(f"mean of z: {z.mean():.2f}   mean of w_i w_j in units of s²: {product:.2f}")
print(f"mean of z²: {np.mean(z**2):.3f}, by the formula {formula:.3f}")
print(f"after ReLU: {np.mean(relu(z) ** 2):.3f}, half of the formula {formula / 2:.3f}")

# %% [markdown]
# Now the whole layer, and the loss with it. The last line takes $\sqrt{2/784}$ for $W_1$ and
# $\sqrt{2/256}$ for $W_2$. Guess its loss: is it $\ln 10$ again?

# %%
he = np.sqrt(2 / 784), np.sqrt(2 / 256)
rms_X = np.sqrt(np.mean(X**2))
print(f"rms of the inputs {rms_X:.2f}; below, the mean of five starts")
print("scales of W1, W2    rms hidden  by the formula   loss")
for pair in ((0.01, 0.01), (0.1, 0.1), (1.0, 1.0), he):
    runs = [forward_mlp(X, *start(*pair, seed)) for seed in range(5)]
    sizes = [np.sqrt(np.mean(A1**2)) for A1, _ in runs]
    loss = np.mean([cross_entropy(A2, y) for _, A2 in runs])
    formula = pair[0] * np.sqrt(784 / 2) * rms_X
    print("{:.4f}, {:.4f}".format(*pair), end="")
    print(f"{np.mean(sizes):15.2f} {formula:14.2f} {loss:9.2f}")
    assert np.allclose(sizes, formula, rtol=0.25)
assert np.log(10) + 0.2 < loss < 5

# %% [markdown]
# He's scale keeps the size. It does **not** start at $\ln 10$: its scores are no longer near 0, so
# it already has preferences, and most of them are wrong. In exchange the signals do not fade. With
# many layers that counts: ten layers that each leave a fifth of the size, as this one does at scale
# 0.01, leave next to nothing. Part 4.1 puts both to the test.
#
# ## What do random neurons see?
#
# Two 0s and a 1, at He's scale. Do random neurons notice which two are alike? One example is not
# evidence, so the second cell takes ten images of each digit, and counts for all pairs of them how
# many of the 256 units are on (above 0) for one and off for the other, in five starts.

# %%
zeros, one = np.flatnonzero(data.y_test == 0)[:2], np.flatnonzero(data.y_test == 1)[:1]
rows = np.concatenate([zeros, one])
A1, _ = forward_mlp(X[rows], *start(*he))
on = A1 > 0
figure, axes = plt.subplots(2, 3, figsize=(6, 4), layout="constrained")
for (above, below), row, hidden in zip(axes.T, rows, A1, strict=True):
    plots.draw_digit(above, X[row], f"a {data.y_test[row]}")
    below.imshow(hidden.reshape(16, 16), cmap="cividis", vmin=0, vmax=A1.max())
    below.set(xticks=[], yticks=[])
twins, others = (np.sum(on[1] != on[i]) for i in (0, 2))
caption = f"Above: three images. Below: their 256 hidden activations, the darkest 0. \
From the first 0 to the second, {twins} units switch on or off; from there to the 1, \
{others}."
plots.show(figure, caption, f"Three digits, three grids of 16 by 16. {caption}")
assert twins < others

# %%
of_each = [np.flatnonzero(data.y_test == digit)[:10] for digit in range(10)]
rows = np.concatenate(of_each)
digits = data.y_test[rows]
alike = digits[:, None] == digits  # (100, 100): the same digit?
different_images = ~np.eye(100, dtype=bool)
print("start   same digit   different digits")
for seed in range(5):
    on = forward_mlp(X[rows], *start(*he, seed))[0] > 0
    switched = np.sum(on[:, None] != on, axis=2)  # (100, 100): units that switch
    same = switched[alike & different_images].mean()
    different = switched[~alike].mean()
    print(f"{seed:5} {same:12.0f} {different:18.0f}")
    assert same < 0.95 * different

# %% [markdown]
# In all five starts, fewer units switch between images of the same digit. Nobody taught them that:
# images that are alike in their pixels get similar sums. So the hidden layer hands on who is like
# whom, even at random. What is missing is an output layer that reads it, and that has to be
# learned.
#
# ## Break it on purpose
#
# **First: class numbers instead of one-hot rows.** The library refuses `(n,)` beside `(n, 10)`. A
# careless formula with labels of shape `(n, 1)` does not. What will it do with a 0, what with a 9?

# %%
A2 = outputs[0]
try:
    cross_entropy(A2, data.y_test)
except ValueError as problem:
    print("the library says:", problem)
column = data.y_test.reshape(-1, 1)
careless = -np.sum(column * np.log(A2), axis=1)  # (n, 1) * (n, 10): no complaint
for digit in (0, 1, 9):
    print(f"careless price of a {digit}: {careless[data.y_test == digit].mean():.1f}")
    expected = digit * 10 * np.log(10)
    assert np.isclose(careless[data.y_test == digit].mean(), expected, rtol=0.01)

# %% [markdown]
# The label became a factor: each row pays for **all ten** classes, ten times $\ln 10$, and that
# times the digit. A 0 is free. The test from above catches it: the first loss is far from $\ln 10$.
#
# **Second: a start without chance.** Why random weights at all? Set all weights to 0.05, in both
# layers. How many different hidden neurons do 256 of them make?

# %%
W1, b1, W2, b2 = start(*he)
A1, A2 = forward_mlp(X, np.full(W1.shape, 0.05), b1, np.full(W2.shape, 0.05), b2)
assert np.allclose(A1, A1[:, :1]) and np.allclose(A2, 0.1)
assert A1.max() > 0.1  # not all silent
A1_random, _ = forward_mlp(X, W1, b1, W2, b2)
for name, hidden in (("equal weights", A1), ("random weights", A1_random)):
    different = np.unique(hidden.round(6), axis=1).shape[1]
    silent = np.sum(hidden.max(axis=0) == 0)
    print(f"{name:14}  different neurons: {different}, always silent: {silent}")
    assert different == (1 if hidden is A1 else 256 - max(0, silent - 1))
loss = cross_entropy(A2, y)
print(f"equal weights: all probabilities {A2[0, 0]:.4f}, loss {loss:.4f}")

# %% [markdown]
# All 256 neurons compute the same number: one neuron, 256 times. (With random weights nearly all
# differ; those that answer 0 to every image count as one.) And nothing could ever tell them
# apart: equal weights give equal outputs, so whatever a learning rule does to one of them, it does
# to all. Random weights break this **symmetry**. Keep it in mind for part 3.4.
#
# ## Exercises
#
# Open [exercises/3_3_forward_propagation.ipynb](../exercises/3_3_forward_propagation.ipynb). Each
# one checks itself and gives hints.
#
# 1. **Recall** · a 3 → 4 → 2 network, by hand and by code
# 2. **Change** · cross-entropy from labels, without one-hot rows
# 3. **Derive** · count the parameters of any network, and name every shape
# 4. **Explore** · the scale that keeps the signals, and the one that ruins the loss
#
# ## What you can do now
#
# - write the forward pass of a network, and name the shape at each step
# - say what a hidden layer adds, and why it needs its activation
# - turn labels into one-hot rows, and price any number of classes
# - say which loss an untrained network should have, and use that to find mistakes
# - choose a scale for random weights, and say why they are random at all
#
# **Next:** 3.4 Backpropagation for training MLPs, where these 203,530 numbers begin to learn.
