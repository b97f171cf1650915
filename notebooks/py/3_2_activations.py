# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3.2 · Activation functions
#
# Between the layers of a network stands a small function, and another one at its end. At the end of
# this lesson you know what each does to the numbers that go forward, and to the slopes that come
# back. Here is the one for the end: it turns ten scores into ten probabilities. (The layer is
# untrained, so its opinion is chance.)

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.explorers import part_3_2

data = load_data()
finished = part_3_2.draw_first_image(data)
caption = (
    "A test image, the ten scores that random weights give it, and the probabilities "
    "that the scores become. The hatched bar is the largest."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** see what a network gains from a bend, send a signal and a slope through ten layers,
# derive the softmax and its three most useful properties, and mend a right formula that fails on a
# computer.
#
# **You need** the sigmoid, its derivative and $\max(0, z)$ (part 1.3), two layers that are one
# (1.2), the chain rule (1.3, 2.3) and `numerical_gradient` (2.4). **Time:** about 90 minutes with
# the exercises; the notebook itself runs in seconds. **New in the library:** `relu` and `softmax`.
# The library so far, part by part:

# %%
library_so_far("3.2")

# %% [markdown]
# ## Predict
#
# Note your answers, and your reasons:
#
# - Ten neurons stand in a row. Each puts its score through a sigmoid and passes the result on, with
#   weight 1. You move the input by a small step. How much of the step arrives at the end: about a
#   tenth, about a thousandth, less than a millionth?
# - Three classes have the scores 2, 1 and 0. Now 1000 is added to all three. What does that do to
#   the probabilities on paper, and what on a computer?
#
# ## The smallest case, by hand
#
# A network with one input, two neurons, and one neuron that adds up what the two say. Their weights
# are $1$ and $-1$. For $x = 2$ the two say $2$ and $-2$, the sum is $0$. For $x = -3$ they say $-3$
# and $3$, the sum is $0$. It is 0 for every $x$.
#
# Now bend what the two say, with $\max(0, z)$ of part 1.3, before it is added up. For $x = 2$ they
# say $2$ and $0$, the sum is $2$. For $x = -3$ they say $0$ and $3$, the sum is $3$. The network
# computes $|x|$, the size of $x$. The same weights; only the bend is new.

# %%
x = np.array([[2.0], [-3.0]])
split, add = np.array([[1.0, -1.0]]), np.array([[1.0], [1.0]])  # the weights
plain = x @ split @ add
bent = np.maximum(0, x @ split) @ add
assert np.array_equal(plain, [[0], [0]])  # as by hand
assert np.array_equal(bent, [[2], [3]])
print("without the bend:", plain.ravel(), "  with it:", bent.ravel())

# %% [markdown]
# ## Two linear layers are one
#
# Part 1.2 showed why: multiply out the second layer, and the products can be taken in another
# order:
#
# $$(XW_1 + b_1)W_2 + b_2 = XW_1W_2 + b_1W_2 + b_2 = X\,(W_1W_2) + (b_1W_2 + b_2)$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | the inputs |
# | $W_1$, $b_1$ | $(d, h)$, $(1, h)$ | the first layer, $h$ neurons |
# | $W_2$, $b_2$ | $(h, k)$, $(1, k)$ | the second layer, $k$ neurons |
# | $W_1W_2$ | $(d, k)$ | the weights of the one layer that does the same |
# | $b_1W_2 + b_2$ | $(1, k)$ | its bias |
#
# A third layer multiplies the one by $W_3$, and so on: however many there are, they are one. And
# one layer can draw only straight boundaries, which was not enough for XOR (part 3.1). There is a
# test for it: on a straight line, the answer halfway between two inputs is the mean of their
# answers. Does $|x|$ pass it between $-2$ and $2$?

# %%
rng = np.random.default_rng(0)
X, W1, b1 = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=(1, 4))
W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=(1, 2))
W3, b3 = rng.normal(size=(2, 6)), rng.normal(size=(1, 6))
two = (X @ W1 + b1) @ W2 + b2
W, b = W1 @ W2, b1 @ W2 + b2
assert np.allclose(two, X @ W + b)
assert np.allclose(two @ W3 + b3, X @ (W @ W3) + (b @ W3 + b3))  # a third one
assert np.allclose((two[0] + two[1]) / 2, (X[0] + X[1]) / 2 @ W + b)  # halfway

ends = np.maximum(0, np.array([[-2.0], [2.0]]) @ split) @ add
middle = np.maximum(0, np.array([[0.0]]) @ split) @ add
print(f"mean of the ends: {ends.mean():.0f}   halfway: {middle.item():.0f}")
assert ends.mean() != middle

# %% [markdown]
# It fails: no single layer can do what the bent network does. That is the whole reason for an
# **activation**, a function between the layers that is not a straight line.
#
# ## Three activations
#
# | name | $f(z)$ | answers | slope $f'(z)$, with $a = f(z)$ | steepest |
# |---|---|---|---|---|
# | sigmoid | $\sigma(z)$ | 0 to 1 | $a(1 - a)$ | $\frac14$ |
# | tanh | $2\sigma(2z) - 1$ | $-1$ to $1$ | $1 - a^2$ | $1$ |
# | ReLU | $\max(0, z)$ | 0 and up | 1 where $z > 0$, 0 elsewhere | $1$ |
#
# **tanh** (say "tanch") is a sigmoid, stretched to reach from $-1$ to $1$. Its slope, by the chain
# rule: with $s = \sigma(2z)$ it is $2 \cdot s(1 - s) \cdot 2 = 4s(1 - s)$; and since $a = 2s - 1$,
# $1 - a^2 = (1 - a)(1 + a) = (2 - 2s) \cdot 2s$ is the same. **ReLU** is short for **re**ctified
# **l**inear **u**nit: "rectified" means that one direction is blocked, as in a rectifier for
# electric current; a **unit** is another word for a neuron. It has a corner at 0, where there is no
# slope. By convention one takes 0.
#
# Write ReLU and its slope, then let `numerical_gradient` look at all three slopes. It measures
# along parameters, so the array $Z$ itself plays the parameter, and the "loss" is the sum of the
# answers. Entry $z_{ij}$ changes only its own answer, so the slope of the sum along it is
# $f'(z_{ij})$. What will it say at the corner?

# %%
from course_lib.neural_network import numerical_gradient, relative_error, relu, sigmoid


def bend(Z):
    return np.maximum(0, Z)


def bend_slope(Z):
    return np.where(Z > 0, 1.0, 0.0)


def measured_slope(f, Z):
    def forward(_, params):
        return f(params["Z"])

    return numerical_gradient(Z, Z, {"Z": Z}, lambda A, _: A.sum(), forward)["Z"]


# %%
activations = {
    "sigmoid": (sigmoid, lambda Z: sigmoid(Z) * (1 - sigmoid(Z))),
    "tanh": (np.tanh, lambda Z: 1 - np.tanh(Z) ** 2),
    "ReLU": (relu, bend_slope),
}
Z = rng.normal(size=(5, 3)) + np.array([[3.0, 0.0, -3.0]])
assert np.array_equal(bend(Z), relu(Z)) and np.abs(Z).min() > 0.01  # not at the corner
assert np.allclose(np.tanh(Z), 2 * sigmoid(2 * Z) - 1)
for name, (f, slope) in activations.items():
    r = relative_error(slope(Z), measured_slope(f, Z))
    print(f"{name:7}  formula and measurement agree: {r < 1e-6}")
    assert r < 1e-6
corner = np.array([-0.5, 0.0, 0.5])
print("ReLU at", corner, "  formula", bend_slope(corner), "  measured", end=" ")
print(measured_slope(relu, corner).round(4))

# %% [markdown]
# At the corner the measurement takes the mean of left and right, one half, as in part 2.4. The
# formula says 0. Neither is wrong: there is no slope to find, so one agrees on a number. From here
# on we use the library's `relu`.
#
# Here are the three, each with its slope. Which of them passes a change on in full, and where?

# %%
z = np.linspace(-4, 4, 401)
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4), layout="constrained")
curves = zip(activations.items(), plots.LINES, strict=False)
for (name, (f, slope)), (color, line, _) in curves:
    steepness = np.ma.masked_where((name == "ReLU") & np.isclose(z, 0), slope(z))
    left.plot(z, f(z), line, color=color, label=name)
    right.plot(z, steepness, line, color=color)  # with a gap where it jumps
left.set(title="The activation", xlabel="score z", ylim=(-1.2, 4.2))
right.set(title="Its slope", xlabel="score z", ylim=(-0.05, 1.1))
left.legend()
caption = "The slope of the sigmoid is nowhere above one quarter, that of tanh reaches \
1 at one point, that of ReLU is 1 on the whole right side. The vertical axes differ."
plots.show(figure, caption, f"Three activations, and their slopes. {caption}")
assert np.allclose([slope(z).max() for _, slope in activations.values()], [0.25, 1, 1])
assert np.allclose(measured_slope(relu, corner), [0, 0.5, 1])  # mean of left and right


# %% [markdown]
# ## What they do to a signal and to a gradient
#
# Back to the ten neurons in a row: $L$ layers of one neuron each, all with the same weight $w$.
# Start with $a_0 = x$; each layer computes $z_l = w\,a_{l-1}$ and $a_l = f(z_l)$. The input is the
# **signal** that goes forward. How steep is the end, $a_L$, along the input? The chain rule
# multiplies what each layer does to a change: $z_l$ changes $w$ times as much as $a_{l-1}$, and
# $a_l$ changes $f'(z_l)$ times as much as $z_l$. Together:
#
# $$\frac{da_L}{dx} = w f'(z_1) \cdot w f'(z_2) \cdots w f'(z_L) = \prod_{l=1}^{L} w f'(z_l)$$
#
# ($\prod$ is a product, as $\sum$ is a sum; all symbols here are single numbers.) Read from the
# right, it takes the slope of the end back to the input: each layer multiplies what arrives by
# $f'(z_l)$, and by its weight. One says that the share $f'(z_l)$ of the gradient **passes** the
# activation. With $w = 1$, each factor of the sigmoid is at most $\frac14$. What is left of a step
# after ten?

# %%
def chain(name, x, w=1.0, num_layers=10):
    f, slope_of = activations[name]
    a, gradient = x, 1.0
    for _ in range(num_layers):
        z = w * a
        a, gradient = f(z), gradient * w * slope_of(z)
    return float(a), float(gradient)


h = 1e-5
for name in activations:
    for x_0 in (-1.0, 1.0):
        ahead, behind = chain(name, x_0 + h, 1.0, 2)[0], chain(name, x_0 - h, 1.0, 2)[0]
        assert np.isclose(chain(name, x_0, 1.0, 2)[1], (ahead - behind) / (2 * h))
print("formula and small step agree, for two layers")

# %%
print("             signal after layer        slope along the input, after layer")
print("           x      1      2     10           1        2        5       10")
for name, x_0 in [(name, x_0) for name in activations for x_0 in (-1.0, 1.0)]:
    signal = [f"{chain(name, x_0, 1.0, L)[0]:6.3f}" for L in (1, 2, 10)]
    slopes = [chain(name, x_0, 1.0, L)[1] for L in range(1, 11)]
    shown = " ".join(f"{slopes[L - 1]:8.2g}" for L in (1, 2, 5, 10))
    print(f"{name:7} {x_0:4.0f}  {' '.join(signal)}    {shown}")
    if name == "sigmoid":
        assert np.all(np.divide(slopes[1:], slopes[:-1]) <= 0.25) and slopes[9] < 1e-6
    assert name != "ReLU" or set(slopes) == {float(x_0 > 0)}
assert abs(chain("sigmoid", -1.0)[0] - chain("sigmoid", 1.0)[0]) < 1e-6
assert 0.01 < chain("tanh", 1.0)[1] < 0.1
steep = chain("sigmoid", 1.0, 4.0)[1]
print(f"sigmoid, x = 1, but weights of 4: slope after 10 layers {steep:.1e}")
assert steep < chain("sigmoid", 1.0)[1]


# %% [markdown]
# The first prediction: less than a millionth. Each **sigmoid** takes away at least three quarters,
# wherever it stands on its curve; so hardly a difference is left in the signal either: after ten
# layers, $-1$ and $1$ have become the same number, to the three digits printed. Weights of 4 do not
# help: the bound is now $4 \cdot \frac14 = 1$, but large scores lie where the curve is flat, and
# less is left than before. **tanh** keeps more. **ReLU** keeps everything, or nothing: one unit
# whose score is below 0 blocks the way.
#
# ### A hundred units in each layer
#
# In a wide layer some units are on and others off, and each weighs a hundred inputs. So measure:
# move the input of a network of ten layers by a small step in a random direction, and look how far
# each layer's answers move, in units of that step. The size of a move is its root mean square, over
# 50 inputs and all units. Of 20 networks we take the mean of the logarithms, since the sizes span
# many powers of ten. The weights are random, with a standard deviation of $\sqrt{1/100} = 0.1$, or
# $\sqrt{2/100} \approx 0.14$. Which activation keeps most?

# %%
def what_is_left(f, spread, seed, num_layers=10, units=100, rows=50, h=1e-5):
    rng = np.random.default_rng(seed)
    A, step = rng.normal(size=(rows, units)), rng.normal(size=(rows, units))
    up, down, left = A + h * step, A - h * step, [1.0]
    for _ in range(num_layers):
        W = spread * rng.normal(size=(units, units))
        up, down = f(up @ W), f(down @ W)
        change = (up - down) / (2 * h)
        left.append(np.sqrt(np.mean(change**2) / np.mean(step**2)))
    return left


left_over = {}
for spread in (np.sqrt(1 / 100), np.sqrt(2 / 100)):
    for name, (f, _) in activations.items():
        runs = [what_is_left(f, spread, seed) for seed in range(20)]
        left_over[round(spread, 2), name] = np.exp(np.mean(np.log(runs), axis=0))

# %%
end = {key: curve[-1] for key, curve in left_over.items()}
figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained", sharey=True)
for axis, spread in zip(axes, (0.1, 0.14), strict=True):
    for name, (color, line, marker) in zip(activations, plots.LINES, strict=False):
        style = {"color": color, "marker": marker, "label": name}
        axis.semilogy(left_over[spread, name], line, markersize=4, **style)
    axis.set(title=f"weights of deviation {spread}", xlabel="layer", ylim=(1e-7, 5))
axes[0].set_ylabel("what is left of a small step")
axes[1].legend(loc="lower left")
caption = f"Typical of 20 networks. After ten layers of deviation 0.1, sigmoid keeps \
{end[0.1, 'sigmoid']:.0e} of a step, ReLU {end[0.1, 'ReLU']:.2f}, tanh \
{end[0.1, 'tanh']:.2f}; with 0.14 it is {end[0.14, 'sigmoid']:.0e}, \
{end[0.14, 'ReLU']:.1f} and {end[0.14, 'tanh']:.1f}."
plots.show(figure, caption, f"What is left of a step, layer by layer. {caption}")

# %% [markdown]
# With either deviation, the sigmoid loses the step. But ReLU is no cure by itself. A sum of 100
# random terms is about $\sqrt{100} = 10$ times as large as one of them (part 1.3), so weights of
# typical size 0.1 keep the size of the step. But each ReLU is off about half of the time (why, we
# will see on real data) and sets its part of the move to 0: half of the squares are lost, and a
# layer keeps about $\sqrt{1/2}$ of the step. Weights larger by $\sqrt2$ make up for that on
# average. tanh keeps more with the smaller weights; with the larger ones even a little more than
# the step, since its slopes take away less than they add. How to choose weights, and what a
# network learns when hardly any slope is left, is the story of part 4.1.
#
# ## From scores to probabilities
#
# The last layer of a network for ten digits gives ten scores, also called **logits**, of any size
# and sign. We want ten probabilities: none below 0, and the sum 1. So make the scores positive, by
# $e^z$, and divide by the sum. That is the **softmax**, taken for each row by itself:
#
# $$a_{ij} = \frac{e^{z_{ij}}}{\sum_m e^{z_{im}}}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $Z$, with entries $z_{ij}$ | $(n, k)$ | the scores: one row an image, one column a class |
# | $A$, with entries $a_{ij}$ | $(n, k)$ | the probabilities |
# | $\sum_m$ | | over the $k$ classes of row $i$ |
#
# By hand, with the scores $0$, $\ln 2$ and $\ln 5$: the powers are $1$, $2$ and $5$, their sum is
# 8, the probabilities are $\frac18$, $\frac28$ and $\frac58$.

# %%
for spread in (0.1, 0.14):  # first, what was said above
    kept = [end[spread, name] for name in activations]
    assert kept[0] < 1e-4 < min(kept[1:]) / 100
assert end[0.1, "tanh"] > 5 * end[0.1, "ReLU"] and 0.8 < end[0.14, "ReLU"] < 1.25
assert 1.02 < end[0.14, "tanh"] < 1.25
rates = left_over[0.1, "ReLU"][1:] / left_over[0.1, "ReLU"][:-1]
assert np.allclose(rates, np.sqrt(1 / 2), atol=0.05)

scores = np.array([[0.0, np.log(2), np.log(5)]])
powers = np.exp(scores)
by_formula = powers / powers.sum(axis=1, keepdims=True)
assert np.allclose(powers, [[1, 2, 5]])
assert np.allclose(by_formula, [[1 / 8, 2 / 8, 5 / 8]])
print("powers", powers.round(4), "  probabilities", by_formula.round(4))


# %% [markdown]
# ### Three properties
#
# For one row, without the index $i$. **The sum is 1**, because all have the same denominator:
#
# $$\sum_j a_j = \frac{\sum_j e^{z_j}}{\sum_m e^{z_m}} = 1$$
#
# **A number $c$ added to all scores changes nothing.** Since $e^{z + c} = e^c e^z$, there is an
# $e^c$ in each term above and below, and it cancels:
#
# $$\frac{e^{z_j + c}}{\sum_m e^{z_m + c}} = \frac{e^c\, e^{z_j}}{e^c \sum_m e^{z_m}} = a_j$$
#
# So only the **differences** of scores count. **Two classes give the sigmoid** of their difference.
# Divide above and below by $e^{z_1}$:
#
# $$a_1 = \frac{e^{z_1}}{e^{z_1} + e^{z_2}} = \frac{1}{1 + e^{-(z_1 - z_2)}} = \sigma(z_1 - z_2)$$
#
# Logistic regression was a softmax all along, with the second score held at 0.

# %%
def plain_softmax(Z):
    powers = np.exp(Z)
    return powers / powers.sum(axis=-1, keepdims=True)


Z_odd = rng.normal(scale=3, size=(5, 3))
A_odd = plain_softmax(Z_odd)
assert np.allclose(A_odd.sum(axis=1), 1) and np.all(A_odd > 0)
shifts = rng.normal(size=(5, 1))  # a number for each row
assert np.allclose(plain_softmax(Z_odd + shifts), A_odd)
difference = Z_odd[:, 0] - Z_odd[:, 1]
assert np.allclose(plain_softmax(Z_odd[:, :2])[:, 0], sigmoid(difference))
for row in ([2.0, 1.0, 0.0], [9.0, 8.0, 7.0], [2.0, 1.0]):
    print("scores", row, "  probabilities", plain_softmax(np.array(row)).round(4))
print(f"sigmoid of 2 - 1: {sigmoid(2 - 1):.4f}")


# %% [markdown]
# ### A right formula that fails
#
# So on paper, adding 1000 changes nothing. And on a computer? The next cell adds four numbers to
# the scores 2, 1 and 0. Warnings are caught and printed. One of the four lines is wrong **without**
# a warning. Which?

# %%
def listen(f, Z):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        values = f(Z)
    return values, caught[0].message if caught else "no warning"


three = np.array([2.0, 1.0, 0.0])
for c in (0, 1000, -1000, -745):
    A, message = listen(plain_softmax, three + c)
    known = np.all(np.isfinite(A))
    print(f"{c:5} added: {A.round(4) if known else 'not a number'}  ({message})")
    assert known == (c in (0, -745))
units = np.exp(three - 745) / np.nextafter(0, 1)
print("the last three powers, divided by the smallest number above 0:", units)
assert np.allclose(units, [4, 2, 1]) and np.allclose(A, units / 7)

# %% [markdown]
# The second prediction: on paper nothing changes, on a computer the answer is lost.
#
# - **1000 added:** $e^{1000}$ is too large for a float64, it becomes infinity, and infinity divided
#   by infinity is not a number.
# - **1000 subtracted:** each power becomes 0, and 0/0 is not a number either.
# - **745 subtracted** is the nasty one. The powers are so small that hardly a digit of them is
#   left: 4, 2 and 1 times the smallest number there is. So the answer is 4, 2 and 1 sevenths:
#   positive, with the sum 1, without a warning, and wrong.
#
# ## Build it
#
# The mend is the second property. We may add any $c$ to the scores of a row, so we choose the best
# one: **minus the largest score**. Then the largest score is 0 and its power is 1; all others lie
# between 0 and 1. Nothing overflows, and the sum is at least 1, so nothing is divided by 0. A power
# that still becomes 0 belongs to a probability below $10^{-300}$.

# %%
from course_lib.neural_network import softmax


def stable_softmax(Z):
    powers = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


far = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]])
assert np.exp(np.log(1e-300)) > 0  # only smaller ones become 0
for trial in (Z_odd, far, far[1]):  # two tables, and a single row
    assert np.array_equal(stable_softmax(trial), softmax(trial))
for c in (0, 1000, -1000, -745):
    values, message = listen(softmax, three + c)
    print(f"{c:5} added: {values.round(4)}  ({message})")
    assert np.allclose(values, plain_softmax(three)) and message == "no warning"

# %% [markdown]
# Four times the same answer. From here on we use the library's `softmax`.
#
# ## Experiment
#
# Divide all scores by a number $T > 0$ before the softmax, the **temperature**. For two classes $i$
# and $j$, the common denominator cancels, and $a_i / a_j = e^{(z_i - z_j)/T}$. Take the ten scores
# from the top of the lesson. Before you look: what does a low temperature do to the probabilities,
# what a high one? Does the winner ever change?

# %%
scores = part_3_2.random_scores(data)[0]
winner, tops = int(scores.argmax()), []
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8), layout="constrained", sharey=True)
for axis, T in zip(axes, (0.05, 0.25, 1, 4), strict=True):
    A = softmax(scores / T)
    tops.append(A.max())
    axis.bar(range(10), A, color=plots.BLUE)
    axis.set(title=f"temperature {T}", xlabel="class", xticks=range(10), ylim=(0, 1))
    assert np.isclose(A[0] / A[1], np.exp((scores[0] - scores[1]) / T))
    assert A.argmax() == winner
axes[0].set_ylabel("probability")
caption = f"The ten scores of the image at the top. The largest probability is always \
that of {winner}: {', '.join(f'{top:.2f}' for top in tops)}."
plots.show(figure, caption, f"Ten probabilities at four temperatures. {caption}")
assert tops == sorted(tops, reverse=True) and tops[0] > 0.5 and tops[-1] < 0.2

# %% [markdown]
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The score $z$ goes to two
# places: to the activation in the left two pictures, and as the score of class A to the softmax on
# the right, where B has 1 and C has 0.
#
# 1. Move the **score** from −4 to 4, with each of the three activations. Where does hardly any of a
#    gradient pass? Which activation does not care how large the score is?
# 2. With $z = 2$, lower the **temperature** to 0.1, then raise it to 10. And with $z = 1$?
# 3. Set **added to all** to 1000. What changes in the right picture, what in the text? At which
#    temperature does the formula without the maximum work again, and why?

# %%
part_3_2.explore()

# %% [markdown]
# What you may have seen:
#
# - **The sigmoid and tanh are flat at both ends**, so at −4 and at 4 hardly any of a gradient
#   passes. ReLU on its right side passes all of it, however large the score; on its left side,
#   nothing.
# - **Low temperatures make the softmax sure**, high ones undecided: near $T = 0$ the winner takes
#   all (hence **soft**max: at $T = 1$ the maximum is softened), for a large $T$ all get about one
#   third. The order stays: $a_i / a_j$ is above 1 exactly where $z_i > z_j$, whatever $T$. Two
#   equal scores stay level.
# - **Adding 1000 changes the scores, and no bar.** Without the maximum, $e^{1002}$ overflows. At
#   $T = 2$ every exponent is halved, and $e^{501}$ is still a float64.

# %%
print("slope        at -4      at 0      at 4")
for name, (_, slope) in activations.items():
    at = slope(np.array([-4.0, 0.0, 4.0]))
    print(f"{name:7}  {at[0]:8.4f}  {at[1]:8.4f}  {at[2]:8.4f}")
    assert max(at[0], at[2]) < 0.02 if name != "ReLU" else list(at) == [0, 0, 1]
for T in (0.1, 1, 10, 1000):
    A, level = softmax(three / T), softmax(np.array([1.0, 1.0, 0.0]) / T)
    assert A[0] > A[1] > A[2] and level[0] == level[1]
    print(f"temperature {T:6}: {A.round(4)}   of 1, 1, 0: {level.round(4)}")
assert np.allclose(A, 1 / 3, atol=1e-3) and softmax(three / 0.1)[0] > 0.9999
assert np.allclose(softmax(three + 1000), softmax(three))
assert "overflows" in part_3_2.plain_verdict(three + 1000)
assert "agrees" in part_3_2.plain_verdict((three + 1000) / 2)

# %% [markdown]
# ## On real data: a layer of a thousand units
#
# A layer of 1000 units with random weights looks at all training images. How many of its answers
# will ReLU set to **exactly 0**? There is a prediction without any computing. A random weight is as
# likely to be $w$ as $-w$. Turn the signs of all weights of a unit, and each of its scores
# changes its sign (there is no bias). So each score is as likely below 0 as above: **one half**.
# That is a statement about all units that could have been drawn; how close will these come?
#
# Such a zero is nothing bad: another image may switch the same unit on. But a unit that is 0 for
# **every** image of the training set is **dead**. Its slope is 0 in every row, so no gradient
# reaches its weights, and it stays as it is. What kills it is often a step of training that leaves
# a very negative bias. The second cell gives all units the same bias $b$. How many die?

# %%
X_train = apply_scaler(data.X_train, fit_scaler(data.X_train))
W = np.random.default_rng(0).normal(size=(784, 1000)) / 28  # 28 is the root of 784
Z = X_train @ W
layer = {"score z": Z, "sigmoid": sigmoid(Z), "ReLU": relu(Z)}
zeros = np.mean(layer["ReLU"] == 0)
figure, axes = plt.subplots(1, 3, figsize=(10, 2.8), layout="constrained", sharey=True)
for axis, (name, values) in zip(axes, layer.items(), strict=True):
    low, high = {"score z": (-4, 4), "sigmoid": (0, 1), "ReLU": (0, 4)}[name]
    heights, edges = np.histogram(values[values != 0], 20, (low, high))
    axis.stairs(heights / values.size, edges, fill=True, color=plots.BLUE)
    axis.bar(-0.1, np.mean(values == 0), 0.2, color=plots.ORANGE, ec="k", hatch="//")
    axis.set(title=name, xlim=(low - (name == "ReLU") / 4, high), ylabel="share")
caption = f"{Z.size:,} scores, and what sigmoid and ReLU make of them. The hatched \
bar, left of 0, is for the exact zeros: {zeros:.1%}. The horizontal axes differ."
plots.show(figure, caption, f"Three histograms. {caption}")

# %%
assert abs(zeros - 0.5) < 0.05
G = np.random.default_rng(1).normal(size=Z.shape)  # some gradient that arrives at A
print("  bias   zeros of all     dead units   mean slope: sigmoid     ReLU")
dead_units = []
for b in (0, -1, -2, -4):
    A, S = relu(Z + b), sigmoid(Z + b)
    dead = np.all(A == 0, axis=0)
    grad_W = X_train.T @ (G * (A > 0)) / len(Z)  # part 2.2, error: G times slope
    assert np.all(grad_W[:, dead] == 0) and np.all(S * (1 - S) > 0)
    slopes = np.mean(S * (1 - S)), np.mean(A > 0)
    dead_units.append(dead.sum())
    zeros = f"{np.mean(A == 0):14.3%} {dead.sum():6} of {dead.size}"
    print(f"{b:6} {zeros} {slopes[0]:21.2g} {slopes[1]:8.2g}")
print("gradient of all dead units exactly 0:", np.all(grad_W[:, dead] == 0))
assert dead_units == sorted(dead_units) and dead_units[0] < 20 < 800 < dead_units[3]

# %% [markdown]
# About one half, as predicted, and few units are dead without a bias. With $b = -4$ most are.
# The sigmoid's slope gets small with such a bias too, but not exactly 0: a unit that is nearly off
# can come back, if slowly. A dead ReLU cannot. That is the price for the slope of 1.
#
# ## Break it on purpose
#
# **First: softmax along the wrong axis.** Four images, ten scores each, and `axis=0` in place of
# `axis=-1`. It runs. What adds up to 1 now?
#
# **Second: forget the maximum.** Pixels from 0 to 255 as the files hold them, and weights that are
# not divided by 28. For how many of the test images is the answer not a number? And is the stable
# answer sensible? (The middle line has raw pixels, but the weights divided by 28.)
#
# **Third: test the slope of ReLU on its answer.** A network often keeps $A$ and forgets $Z$. Is the
# slope 1 where `A > 0`, or where `A >= 0`?

# %%
scores = part_3_2.random_scores(data)
wrong = np.exp(scores[:4]) / np.exp(scores[:4]).sum(axis=0, keepdims=True)
rows, columns = wrong.sum(axis=1), wrong.sum(axis=0)
print(f"rows:    {rows.round(4)}\ncolumns: {columns.round(4)}")
assert np.allclose(columns, 1) and np.ptp(rows) > 0.1

raw = 255 * data.X_test @ (28 * W[:, :10])
lost = np.isnan(listen(plain_softmax, raw)[0]).any(axis=1)
print(f"not a number, without the maximum: {lost.mean():.1%} of the images")
print("with it, every row adds up to 1         mean size of z    winner above 0.99")
names = "raw pixels", "raw pixels, small weights", "scaled pixels, small weights"
for name, Z in zip(names, (raw, raw / 28, scores), strict=True):
    certain = np.mean(softmax(Z).max(axis=1) > 0.99)
    print(f"{name:30} {np.abs(Z).mean():23.1f} {certain:20.1%}")
    assert np.allclose(softmax(Z).sum(axis=1), 1) and lost.mean() > 0.9
    assert certain < 0.01 if "scaled" in name else certain > 0.8

# %%
Z_small = rng.normal(size=(6, 4))
assert np.abs(Z_small).min() > 1e-3  # no score at the corner
A_small = relu(Z_small)
tests = {"Z > 0": Z_small > 0, "A > 0": A_small > 0, "A >= 0": A_small >= 0}
for name, test in tests.items():
    r = relative_error(test.astype(float), measured_slope(relu, Z_small))
    print(f"{name:6}  slope 1 at {test.sum():2} of {test.size}, r = {r:.4f}")
    assert (r < 1e-6) == (name != "A >= 0")
assert np.all(tests["A >= 0"]) and np.any(A_small == 0)

# %% [markdown]
# - **The wrong axis** compares the images with each other, class by class: what adds up to 1 is
#   each **column**. Look at `A.sum(axis=1)` once, whenever you write a softmax.
# - **The maximum** cures the arithmetic, not the scale: large scores make an untrained layer
#   certain of its guesses. Small weights alone do not prevent that; with scaled pixels they do.
# - **`A >= 0`** is true **everywhere**, since ReLU never answers below 0: each unit that is off
#   gets a slope of 1. The program runs; only the measured gradient of part 2.4 tells.
#
# ## Exercises
#
# Open [exercises/3_2_activations.ipynb](../exercises/3_2_activations.ipynb). Each one checks itself
# and gives hints.
#
# 1. **Recall** · ReLU of a 4×3, and its slope when only the answers are left
# 2. **Change** · softmax of a 3×5 with a temperature, and the temperature for a given answer
# 3. **Derive** · the share of zeros and the mean of a ReLU for uniform inputs; dead units
# 4. **Explore** · softmax and its logarithm for rows of ±1000
#
# ## What you can do now
#
# - say why a network needs something between its layers, and what a bend adds
# - give value and slope of sigmoid, tanh and ReLU, and say what ten of them leave of a small step
# - turn scores into probabilities, and show what a common shift and a temperature do to them
# - mend a softmax that overflows, and say why the mend changes nothing
# - tell a unit that is off from one that is dead
#
# **Next:** 3.3 Multi-layer perceptrons, where ReLU and softmax take their places in a network with
# two layers.
