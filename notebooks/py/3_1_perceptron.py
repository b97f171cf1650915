# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3.1 · Single-layer perceptrons
#
# Logistic regression, which told a 3 from an 8, is one neuron. At the end of this lesson you can
# draw what a neuron says of every point of a plane, set its weights by hand, and say what it can
# learn. Here is one with three of four answers right; its task is OR, 1 if any input is 1.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.explorers import part_3_1

finished = part_3_1.draw(4, -2, -1.5, "OR")
caption = (
    "Left: blue where the neuron says 0, orange where it says 1; the farther from the "
    "solid line, the surer. Right: what it says of the four points, and what it should."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** see logistic regression as a neuron, find its decision boundary and what each
# weight does to it, train it on three small tasks, and explain how each ends.
#
# **You need** the sigmoid (part 1.3), binary cross-entropy (2.1), logistic regression and
# `gradient_descent` (2.3), and for one cell the numerical gradient (2.4). **Time:** about 90
# minutes with the exercises; the notebook itself runs in seconds. **New in the library:**
# `forward_perceptron`. The library so far, part by part:

# %%
library_so_far("3.1")

# %% [markdown]
# ## Predict
#
# Two inputs, each 0 or 1, make four points. Three tasks give them a target:
#
# | $x_1$ | $x_2$ | AND: both | OR: at least one | XOR: one, but not both |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 0 |
# | 0 | 1 | 0 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 |
#
# (XOR is short for "exclusive or".) We train logistic regression on each: weights that start at
# 0, 500 epochs at rate 0.1, all four rows in each step. Note your answers, and your reasons:
#
# - On which tasks will all four answers be right at the end?
# - If one is not solved, would a rate ten times higher help? Or another start?
#
# ## The smallest case, by hand
#
# Take the weights $W = (3, 4)$ and the bias $b = -5$. For each point, the **weighted sum**
# $z = 3x_1 + 4x_2 - 5$ is
#
# $$z(0,0) = -5, \qquad z(0,1) = -1, \qquad z(1,0) = -2, \qquad z(1,1) = 2$$
#
# and the sigmoid turns it into a probability: 0.01, 0.27, 0.12 and 0.88. Above one half the
# answer is 1, else it is 0. Only $(1, 1)$ gets a 1. So these three numbers compute AND.

# %%
from course_lib.neural_network import sigmoid

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
W, b = np.array([[3.0], [4.0]]), np.array([[-5.0]])
Z = X @ W + b
A = sigmoid(Z)
assert np.array_equal(Z, [[-5], [-1], [-2], [2]])  # as by hand
assert np.array_equal(A.round(2), [[0.01], [0.27], [0.12], [0.88]])
assert np.array_equal(A > 0.5, [[0], [0], [0], [1]])
for (x1, x2), a in zip(X, A[:, 0], strict=True):
    print(f"({x1:.0f}, {x2:.0f}): probability {a:.4f}, answer {a > 0.5:d}")

# %% [markdown]
# ## One neuron
#
# You have just computed a **neuron**: a weighted sum of its inputs, then an **activation
# function**, here the sigmoid. A nerve cell does something like it: it adds up signals and fires
# when they are strong enough. A **layer** is a row of neurons that see the same inputs; each has
# its own column of weights and its own bias:
#
# $$A = \sigma(XW + b)$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | $n$ rows of $d$ inputs, here $(4, 2)$ |
# | $W$ | $(d, k)$ | a column of weights for each of $k$ neurons, here $(2, 1)$ |
# | $b$ | $(1, k)$ | a bias for each neuron, here $(1, 1)$ |
# | $Z = XW + b$ | $(n, k)$ | the weighted sums |
# | $A$ | $(n, k)$ | what the neurons say |
#
# The name **perceptron** comes from Frank Rosenblatt (1958). His neuron had a hard step in place
# of the sigmoid (1 if $z > 0$, else 0) and a learning rule of its own. What we build is logistic
# regression, which has a slope to follow; "Break it on purpose" shows what goes wrong without
# one. The library's function does the same for any number of neurons:

# %%
from course_lib.neural_network import forward_perceptron


def neuron(X, W, b):
    return sigmoid(X @ W + b)


rng = np.random.default_rng(0)
X_odd, W_odd = rng.normal(size=(5, 3)) * 100, rng.normal(size=(3, 2))
b_odd = rng.normal(size=(1, 2))
library = forward_perceptron(X_odd, W_odd, b_odd)
assert np.array_equal(neuron(X_odd, W_odd, b_odd), library)
assert np.array_equal(forward_perceptron(X, W, b), A)
print("two neurons on five rows:", library.shape)

# %% [markdown]
# From here on we use the library's.
#
# ## The decision boundary
#
# Where does the answer change? At probability one half, and $\sigma(z)$ is one half exactly at
# $z = 0$. So the **decision boundary** of a neuron with two inputs is
#
# $$w_1 x_1 + w_2 x_2 + b = 0$$
#
# **It is a straight line.** If $w_2$ is not 0, solve for $x_2$: $x_2 = -(w_1 x_1 + b)/w_2$. If
# $w_2$ is 0 and $w_1$ is not, it is the vertical line $x_1 = -b/w_1$.
#
# **$W$ is perpendicular to it.** Take two points $P$ and $Q$ of the line, as rows of shape $(1,
# 2)$: $PW + b = 0$ and $QW + b = 0$. Subtract: $(P - Q)W = 0$. The dot product of $W$ and the
# direction of the line is 0, so they stand at a right angle. (Told by slopes: $W$ has $w_2/w_1$,
# the line $-w_1/w_2$, and slopes whose product is $-1$ belong to perpendicular lines.)
#
# **Its distance from the origin is $|b|/|W|$**, where $|W| = \sqrt{w_1^2 + w_2^2}$ is the length
# of $W$. The shortest way from the origin to the line meets it at a right angle, so it runs along
# $W$: the nearest point is $t\,(w_1, w_2)$ for some number $t$. On the line, $t w_1^2 + t w_2^2 +
# b = 0$, so $t = -b/|W|^2$, and that point is $|t|\,|W| = |b|/|W|$ away.
#
# **A point $x$ lies $z/|W|$ from the line**, where the sign tells the side. Walk from the line a
# distance $s$ along $W$, which changes $x$ by $s\,(w_1, w_2)/|W|$. Then $z$, which was 0, grows
# by $s\,(w_1^2 + w_2^2)/|W| = s|W|$. So $z = s|W|$.
#
# **Scaling does not move it.** With $c > 0$ and $cW$, $cb$ in place of $W$, $b$, each $z$ becomes
# $cz$. Zero stays zero, the line stays; but $\sigma(cz)$ rises $c$ times as steeply there. By
# hand, for $W = (3, 4)$ and $b = -5$: $|W| = \sqrt{9 + 16} = 5$, and the line is $5/5 = 1$ from
# the origin.

# %%
length = np.linalg.norm(W)
P, Q = (np.array([[x1, -(3 * x1 - 5) / 4]]) for x1 in (0.0, 1.0))
assert np.allclose([P @ W + b, Q @ W + b], 0)  # both on the line
assert np.isclose(((P - Q) @ W).item(), 0)  # perpendicular
nearest = -b.item() / length**2 * W.T
assert np.isclose((nearest @ W + b).item(), 0)  # on the line, and as far as by hand:
assert np.allclose([length, np.linalg.norm(nearest), 5 / length], [5, 1, 1])
walked = nearest + 0.3 * W.T / length
assert np.isclose((walked @ W + b).item() / length, 0.3)
h = 1e-6 * W.T / length  # a small step across the line
for c in (1, 4):
    rise = forward_perceptron(nearest + h, c * W, c * b) - sigmoid(0)
    rise = rise.item() / 1e-6
    assert np.isclose(rise, c * length / 4)  # the slope of the sigmoid is 1/4 at 0
    print(f"scaled by {c}: slope of the probability at the line, along W: {rise:.2f}")

# %%
figure, axes = plt.subplots(1, 4, figsize=(10.5, 3.4), layout="constrained",
                            width_ratios=[1, 1, 1, 0.55])
y_and = part_3_1.TARGETS["AND"]
for axis, c in zip(axes[:3], (0.25, 1, 4), strict=True):
    part_3_1.draw_plane(axis, X, y_and, c * W, c * b)
    w1, w2 = (c * W)[:, 0]
    axis.set_title(f"W = ({w1:g}, {w2:g}), b = {(c * b).item():g}")
    assert np.array_equal(forward_perceptron(X, c * W, c * b) > 0.5, y_and)
axes[3].axis("off")
axes[3].legend(handles=part_3_1.legend_handles(), loc="center", fontsize=9)
caption = "Larger weights do not move the line. They draw the dashed lines, where the \
probability is 0.1 and 0.9, together (at left they lie outside): the neuron gets sure \
at a shorter distance from the boundary. The arrow points along W."
plots.show(figure, caption, f"Three planes with the same solid line. {caption}")

# %% [markdown]
# ## Train it: AND and OR
#
# Nothing new is needed: `gradient_descent` with the sigmoid and binary cross-entropy. All four
# rows are one batch, so there is nothing to shuffle. `right` counts the right answers out of
# four.

# %%
from course_lib.neural_network import binary_cross_entropy, gradient_descent

zero_W, zero_b = np.zeros((2, 1)), np.zeros((1, 1))
y_or, y_xor = part_3_1.TARGETS["OR"], part_3_1.TARGETS["XOR"]


def fit(X, y, lr, num_epochs, W=zero_W, b=zero_b):
    return gradient_descent(
        X, y, W, b, lr, num_epochs, 4, binary_cross_entropy, sigmoid,
    )


def right(X, y, W, b):
    return int(np.sum((forward_perceptron(X, W, b) > 0.5) == y))


# %%
runs = {}
print("task epochs  right    loss    |W|   line from the origin")
for task, y, epochs in (("AND", y_and, 20), ("AND", y_and, 100), ("AND", y_and, 500),
                        ("AND", y_and, 5000), ("OR", y_or, 500)):
    W, b, losses = runs[task, epochs] = fit(X, y, 0.1, epochs)
    size = np.linalg.norm(W)
    print(f"{task:4} {epochs:6} {right(X, y, W, b):6} {losses[-1]:7.4f} {size:6.2f}"
          f"{abs(b.item()) / size:12.2f}")
    assert epochs < 500 or right(X, y, W, b) == 4
sizes = [np.linalg.norm(runs["AND", epochs][0]) for epochs in (20, 100, 500, 5000)]
assert sizes == sorted(sizes) and np.all(np.diff(runs["AND", 5000][2]) < 0)

# %% [markdown]
# Both are solved after 500 epochs. Look at the rows for AND: from 500 to 5000 epochs all four
# answers stay as they are, and the line hardly moves; what grows is $|W|$. Where all answers are
# right, larger weights on the same line are always surer. So there is no lowest point: the loss
# falls without end, ever more slowly. How the boundary got there:

# %%
figure, axes = plt.subplots(1, 4, figsize=(10.5, 3), layout="constrained")
shown = ("AND", 20), ("AND", 100), ("AND", 500), ("OR", 500)
for axis, (task, epochs) in zip(axes, shown, strict=True):
    W, b, _ = runs[task, epochs]
    part_3_1.draw_plane(axis, X, part_3_1.TARGETS[task], W, b)
    axis.set_title(f"{task}, {epochs} epochs")
caption = "While the neuron learns AND, the boundary comes in from the upper right, \
until only (1, 1) lies behind it. Last, OR. Marks as above."
plots.show(figure, caption, f"Four planes with boundaries. {caption}")

# %% [markdown]
# ## XOR
#
# The same again for XOR, at three rates. You have predicted it. Look at the losses:

# %%
ln2 = np.log(2)


def curve(lr, epochs, W, b):  # the losses, that of the start first
    start = binary_cross_entropy(forward_perceptron(X, W, b), y_xor)
    return [start, *fit(X, y_xor, lr, epochs, W, b)[2]]


for lr in (0.1, 1, 10):
    W, b, losses = fit(X, y_xor, lr, 500)
    still = not W.any() and not b.any()
    print(f"rate {lr:4}: loss {losses[0]:.4f} ... {losses[-1]:.4f}   ", end="")
    print(f"right: {right(X, y_xor, W, b)}   W and b still 0: {still}")
    assert still and len(set(losses)) == 1 and np.isclose(losses[-1], ln2)

# %% [markdown]
# Nothing moves, at any rate, not even in the last digit. The loss is $\ln 2 \approx 0.6931$, the
# price of saying 0.5 each time.
#
# ### First reason: the four gradients cancel
#
# At $W = 0$ and $b = 0$ each $a$ is 0.5. Part 2.3 found the gradient of one row: $x(a - y)$ for
# the weights, $a - y$ for the bias.
#
# | point | $y$ | $a - y$ | for $w_1$ | for $w_2$ | for $b$ |
# |---|---|---|---|---|---|
# | (0, 0) | 0 | 0.5 | 0 | 0 | 0.5 |
# | (0, 1) | 1 | −0.5 | 0 | −0.5 | −0.5 |
# | (1, 0) | 1 | −0.5 | −0.5 | 0 | −0.5 |
# | (1, 1) | 0 | 0.5 | 0.5 | 0.5 | 0.5 |
# | sum | | | **0** | **0** | **0** |
#
# Each row pulls, and together they pull nowhere. A rate multiplies the gradient, and any number
# times 0 is 0.

# %%
by_hand = np.array([[0, 0, 0.5], [0, -0.5, -0.5], [-0.5, 0, -0.5], [0.5, 0.5, 0.5]])
A = forward_perceptron(X, zero_W, zero_b)
for (x1, x2), error, row in zip(X, (A - y_xor)[:, 0], by_hand, strict=True):
    assert np.array_equal([x1 * error, x2 * error, error], row)
for task, y in (("AND", y_and), ("OR", y_or), ("XOR", y_xor)):
    sums = np.append(X.T @ (A - y), np.sum(A - y)) + 0.0  # + 0.0 turns -0 into 0
    print(f"{task:3}, the four gradients add up to {sums}")
    assert sums.any() == (task != "XOR")
two = by_hand[:2].sum(axis=0) + 0.0
print("XOR, the first two rows alone:      ", two)
assert two.any()

# %% [markdown]
# Only on XOR is the start a place where nothing pulls. (It takes all four rows in one batch: two
# alone need not cancel.) So was it an unlucky start?
#
# ## Experiment
#
# Start from **random weights**. There the gradient is not 0, and the neuron moves. Predict: where
# do four random starts end, after 500 epochs at rate 0.1, or 1000 at rate 1? And, from one of
# them, do rates of 0.1, 1 and 10 end in different places?

# %%
draws = [np.random.default_rng(seed).normal(size=(3, 1)) for seed in (0, 1, 4, 3)]
starts = [(draw[:2], draw[2:]) for draw in draws]
print("start  right: first, most, last   rate 0.1: |a - 0.5|   rate 1: size of W, b")
for i, (W, b) in enumerate(starts):
    counts, ends = [right(X, y_xor, W, b)], fit(X, y_xor, 1, 1000, W, b)
    for _ in range(500):
        W, b, losses = fit(X, y_xor, 0.1, 1, W, b)
        counts.append(right(X, y_xor, W, b))
    far = np.abs(forward_perceptron(X, W, b) - 0.5).max()
    size = np.abs(np.vstack(ends[:2])).max()  # of w1, w2 and b
    print(f"{i:5}{counts[0]:14}{max(counts):6}{counts[-1]:6}{far:22.4f} {size:22.4f}")
    assert max(counts) < 4 and far < 0.04 and size < 1e-6 and min(ends[2]) > ln2 - 1e-12
there, back = (fit(X, y_xor, 10, epochs, *starts[3])[0] for epochs in (59, 60))
print("start 3, rate 10, epochs 59 and 60: W", *np.round([there[:, 0], back[:, 0]], 1))
assert np.allclose(there, -back, atol=0.05)

# %%
by_start = {f"start {i}": curve(0.1, 500, *starts[i]) for i in range(4)}
by_rate = {f"rate {lr}": curve(lr, 60, *starts[3]) for lr in (0.1, 1, 10)}
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.3), layout="constrained")
for axis, curves in zip(axes, (by_start, by_rate), strict=True):
    for name, style in zip(curves, plots.LINES, strict=False):
        axis.plot(curves[name], style[1], color=style[0], label=name)
    axis.axhline(ln2, color=plots.GRAY, linewidth=1)
    axis.set(xlabel="epochs", ylabel="training loss", ylim=(0.5, 2.1))
    axis.set_title("Rate 0.1" if curves is by_start else "Start 3")
    axis.legend(loc="upper right" if curves is by_start else "center right")
caption = "Left: each start descends to the gray line, ln 2. Right: rate 1 is there \
before rate 0.1; rate 10 comes close, leaps out and stays far above. (Two time scales.)"
plots.show(figure, caption, f"Loss of XOR over the epochs, two plots. {caption}")
slow, good, large = by_rate.values()
assert min(large[:5]) < 0.75 < slow[-1] and good[-1] < 0.694 and min(large[-30:]) > 1.5

# %% [markdown]
# Every start ends where the zero start began: at $W = 0$, $b = 0$. Rates 0.1 and 1 lead to this
# same place, rate 10 to none: after a few epochs each step leaps across it to the other side, and
# the next one back. Some runs have 3 right answers, some of them even at the end. But by then
# every probability is within 0.04 of 0.5, and the count says little: what training lowers is the
# loss. Can you do better by hand?
#
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go.
#
# 1. Solve **AND** with the sliders, with weights of at most 2. Then double all three numbers.
#    What stays, what changes?
# 2. Set both weights to 0. What is left of the line, and what does the bias still do?
# 3. Choose **XOR**. How many can you get right? And which weights give the lowest loss?
# 4. How do you turn AND into **NAND** (not AND), with three moves?

# %%
part_3_1.explore()

# %% [markdown]
# What you may have seen:
#
# - **Doubling** keeps the line and all answers. Right answers get surer and cheaper, wrong ones
#   dearer.
# - **With both weights 0** there is no line: every point gets the same probability, $\sigma(b)$.
# - **XOR** allows 3 of 4, never 4, and yet the lowest loss is at 0, 0, 0 where only 2 answers are
#   right.
# - **NAND** is AND with all three signs turned around.
#
# ### Second reason: no line does it
#
# Solving XOR takes $z > 0$ at $(0,1)$ and $(1,0)$, and $z \le 0$ at the other two:
#
# $$b \le 0, \qquad w_2 + b > 0, \qquad w_1 + b > 0, \qquad w_1 + w_2 + b \le 0$$
#
# Add the two in the middle: $w_1 + w_2 + 2b > 0$. Add the first and the last: $w_1 + w_2 + 2b \le
# 0$. Both cannot be true. **So no weights whatsoever solve XOR**; 3 of 4 is the best. AND and OR
# yes, XOR no, and no rate and no start helps. The next cell finds the same: it tries 100,000
# random neurons at once, one column each.

# %%
rng = np.random.default_rng(0)
many_W, many_b = rng.normal(size=(2, 100_000)), rng.normal(size=(1, 100_000))
said = forward_perceptron(X, many_W, many_b) > 0.5  # (4, 100000)
print("      neurons with this many right:     0      1      2      3      4")
for task, y in part_3_1.TARGETS.items():
    counts = np.bincount(np.sum(said == y, axis=0), minlength=5)
    print(f"{task:35}", " ".join(f"{count:6}" for count in counts))
    assert (counts[4] == 0) == (task == "XOR") and counts[3] > 0
middle = many_W.sum(axis=0) + 2 * many_b  # both sums are this one number
assert np.allclose((X[1] + X[2]) @ many_W + 2 * many_b, middle)
assert np.allclose((X[0] + X[3]) @ many_W + 2 * many_b, middle)
A = forward_perceptron(X, *runs["OR", 500][:2])
print(f"\nXOR, by the weights of OR: {np.sum((A > 0.5) == y_xor)} right, loss", end=" ")
print(f"{binary_cross_entropy(A, y_xor):.4f}, probability of (1, 1) {A[3, 0]:.2f}")


# %% [markdown]
# ### Third reason: the loss has one lowest point
#
# No line gets 4, but many get 3. Why does training not end at one of those? Because it does not
# count answers, it lowers the loss. The weights that learned OR have 3 right, but a higher loss
# than saying 0.5 each time: they are confident at $(1, 1)$, and wrong.
#
# Walk away from $W = 0$, $b = 0$ in any direction, with $u_1$, $u_2$ and $v$ as the steps in
# $w_1$, $w_2$ and $b$: after a way $t$, row $i$ has $z_i = t s_i$, where $s_i = x_{i1} u_1 +
# x_{i2} u_2 + v$. The loss is the mean of four; its slope along $t$ comes from $dL_i/dz_i = a_i -
# y_i$ (part 2.3) and $dz_i/dt = s_i$, and the slope of that slope from $\sigma' = \sigma(1 -
# \sigma)$ (part 1.3), since $y_i$ and $s_i$ do not change:
#
# $$L'(t) = \frac14 \sum_i (a_i - y_i)\, s_i, \qquad
# L''(t) = \frac14 \sum_i a_i(1 - a_i)\, s_i^2$$
#
# At $t = 0$ each $a_i$ is $\frac12$, so with the four $s_i$, which are $v$, $u_2 + v$, $u_1 + v$
# and $u_1 + u_2 + v$, in that order,
#
# $$L'(0) = \frac18 \big( v - (u_2 + v) - (u_1 + v) + (u_1 + u_2 + v) \big) = 0$$
#
# And $L''$ has only positive terms, or zeros where $s_i = 0$. All four $s_i$ are 0 only if $v$,
# $u_1$ and $u_2$ are. So in every direction the slope starts at 0 and grows: **the loss rises
# wherever you go.** Along any other line $z_i$ is a number plus $t s_i$, and the same sum gives
# $L''$. A function that bends upward along every line is called **convex**. It need not have a
# lowest point (on AND it has none), but a place where it is flat is its only lowest point. On XOR
# there is one: the loss is a bowl, and a rate that is small enough ends there from any start.

# %%
def loss_at(t, u, v):
    return binary_cross_entropy(forward_perceptron(X, t * u, t * v), y_xor)


rng, h = np.random.default_rng(0), 1e-3
for _ in range(500):
    u, v = rng.normal(size=(2, 1)), rng.normal(size=(1, 1))
    A = sigmoid(0.7 * (s := X @ u + v))
    slope, bend = np.mean((A - y_xor) * s), np.mean(A * (1 - A) * s**2)
    ahead, here, behind = (loss_at(t, u, v) for t in (0.7 + h, 0.7, 0.7 - h))
    assert np.isclose(slope, (ahead - behind) / (2 * h), atol=1e-5)
    bent = ((ahead - here) / h - (here - behind) / h) / h  # the slope of the slope
    assert np.isclose(bend, bent, atol=1e-5)
    assert abs(np.mean((0.5 - y_xor) * s)) < 1e-12  # the slope at t = 0
    assert ln2 < loss_at(0.1, u, v) < loss_at(1, u, v) < loss_at(10, u, v)
print("500 directions: slope 0 at the start, and a higher loss the farther from it")

# %% [markdown]
# So the least loss and the most right answers are two different goals, and on XOR they are far
# apart. On AND and OR they agree: there, some line has all four right, and the loss can fall
# towards 0.
#
# ## A way out
#
# A single line cannot. Two ways past it, both with what you have:
#
# - **One input more.** Add $x_3 = x_1 x_2$, which is 1 at $(1, 1)$ only. Then
#   $z = 2x_1 + 2x_2 - 4x_3 - 1$ is $-1, 1, 1, -1$: solved. And this neuron can be trained, too.
# - **Three neurons.** XOR is "OR, and not both": OR **and** NAND. Two neurons compute OR and NAND
#   of the inputs; a third takes **their outputs** as its inputs and computes AND.

# %%
X_more = np.hstack([X, X[:, :1] * X[:, 1:]])
by_hand = np.array([[2.0], [2.0], [-4.0]]), np.array([[-1.0]])
trained = fit(X_more, y_xor, 1, 500, np.zeros((3, 1)))
W1, b1 = np.array([[10.0, -10], [10, -10]]), np.array([[-5.0, 15]])  # OR, NAND
W2, b2 = np.array([[10.0], [10.0]]), np.array([[-15.0]])  # AND
H = forward_perceptron(X, W1, b1)
A = forward_perceptron(H, W2, b2)
assert right(X_more, y_xor, *by_hand) == right(X_more, y_xor, *trained[:2]) == 4
assert np.array_equal(A > 0.5, y_xor)
print(f"one input more, trained: {right(X_more, y_xor, *trained[:2])} right")
print("   x1  x2     OR   NAND    XOR")
for x, h, a in zip(X, H, A, strict=True):
    print(f"{x[0]:5.0f} {x[1]:3.0f} {h[0]:6.2f} {h[1]:6.2f} {a[0]:6.2f}")

# %%
y_nand = part_3_1.TARGETS["NAND"]
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.3), layout="constrained")
part_3_1.draw_plane(axes[0], X, y_or, W1[:, :1], b1[:, :1])
part_3_1.draw_plane(axes[1], X, y_nand, W1[:, 1:], b1[:, 1:])
part_3_1.draw_plane(axes[2], H, y_xor, W2, b2)
axes[0].set_title("first neuron: OR")
axes[1].set_title("second neuron: NAND")
axes[2].set_title("third neuron: AND of both")
axes[2].set(xlabel="what OR says", ylabel="what NAND says")
caption = "Right: the four points of XOR, placed by what the first two neurons say. \
Two of them have met in the upper right corner, and now one line is enough."
plots.show(figure, caption, f"Three planes, each with a boundary. {caption}")
assert np.allclose(H[1], H[2]) and H[1].min() > 0.9

# %% [markdown]
# The first two neurons **move** the points until a line can part them. We have set their weights
# by hand. Stacked layers are the subject of part 3.3, and in 3.4 such a network finds its weights
# itself.
#
# ## On real data
#
# Part 2.3 told 3s from 8s with logistic regression. As a neuron, it has 784 inputs; what was a
# line in the plane is now a flat boundary in a space of 784 dimensions (a **hyperplane**), and
# each formula holds as before: $z/|W|$ is how far an image lies from it. The same training as
# there, with rate 0.01 and batches of 32, and a look at $z$ for each test image. (The typical $|z|$
# is the one in the middle: half of the images have a larger one.)

# %%
X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
scaler = fit_scaler(X_train)
X_train, X_test = (apply_scaler(rows, scaler) for rows in (X_train, X_test))
digits, zero = {}, np.zeros((784, 1))
print("epochs   loss    |W|   right   typical |z|   |z|/|W|")
for epochs in (1, 10, 50):
    W, b, losses = digits[epochs] = gradient_descent(
        X_train, y_train, zero, zero_b, 0.01, epochs, 32, binary_cross_entropy, sigmoid,
        rng=np.random.default_rng(0))
    share = np.mean((forward_perceptron(X_test, W, b) > 0.5) == y_test)
    size, far = np.linalg.norm(W), np.median(np.abs(X_test @ W + b))
    print(f"{epochs:6} {losses[-1]:.4f} {size:6.2f} {share:7.1%} {far:13.1f}"
          f" {far / size:9.1f}")
    assert share > 0.85 and 4 < far / size < 7

# %%
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3), layout="constrained", sharey=True)
for axis, epochs in zip(axes, (1, 50), strict=True):
    W, b, _ = digits[epochs]
    Z = np.clip(X_test @ W + b, -14.5, 14.5)
    for digit, color, hatch in ((3, plots.BLUE, ""), (8, plots.RED, "//")):
        look = {"color": color, "hatch": hatch, "alpha": 0.8, "label": digit}
        axis.hist(Z[y_test == (digit == 8)], range(-15, 16), **look)
    axis.axvline(0, color="black", linewidth=2.2)
    axis.set(title=f"after epoch {epochs}", xlabel="weighted sum z")
axes[0].set(ylabel="test images")
axes[0].legend()
caption = "The weighted sum of each test image; 8 is class 1, the boundary is at 0. \
More training spreads them out. (What lies farther out is in the last bars.)"
plots.show(figure, caption, f"Two histograms of 3s and 8s. {caption}")
assert np.linalg.norm(digits[50][0]) > 3 * np.linalg.norm(digits[1][0])

# %% [markdown]
# The neuron is the model of part 2.3 under a new name, so it gets no more right and no fewer. As
# on AND, training goes on to make it surer. The last column, the typical distance of an image from
# the boundary, changes little beside $|W|$, which more than triples; and $|z|$ is the product of
# the two.
#
# ## Break it on purpose
#
# **First: forget the bias.** Without $b$, the boundary goes through the origin. AND again, 500
# epochs. How many of the four can be right?

# %%
W = zero_W
for _ in range(500):
    W = W - 0.1 * X.T @ (forward_perceptron(X, W, zero_b) - y_and) / 4
A = forward_perceptron(X, W, zero_b)
said = forward_perceptron(X, many_W, np.zeros((1, 100_000))) > 0.5
most = np.sum(said == y_and, axis=0).max()
print(f"AND without a bias: {right(X, y_and, W, zero_b)} right, probabilities", A[:, 0])
print(f"the best of 100,000 such neurons: {most} right")
assert A[0] == 0.5 and most == 3 and right(X, y_and, W, zero_b) < 4

# %% [markdown]
# It has not even moved: in the sums of row gradients above, AND pulls only on $b$. And no other
# weights would do. At $(0, 0)$ the neuron has no choice but 0.5, and AND takes $w_1 \le 0$, $w_2
# \le 0$ and $w_1 + w_2 > 0$: impossible. **The bias is what lets a line leave the origin.**
#
# **Second: a hard step instead of the sigmoid.** The answers are the same, so why not? Let us
# measure the slope of the loss with the tool of part 2.4. The loss is the mean squared error:
# cross-entropy would take the logarithm of 0 where a hard answer is wrong.

# %%
from course_lib.neural_network import mse_loss, numerical_gradient


def step_neuron(X, params):
    return (X @ params["W"] + params["b"] > 0).astype(float)


params = {"W": np.array([[3.0], [0.7]]), "b": np.array([[-0.5]])}
slopes = numerical_gradient(X, y_and, params, mse_loss, step_neuron)
loss = mse_loss(step_neuron(X, params), y_and)
print(f"loss {loss:.2f}, slopes: W {slopes['W'][:, 0]}, b {slopes['b'][0]}")
assert loss > 0 and not slopes["W"].any() and not slopes["b"].any()

# %% [markdown]
# The loss is too high, and yet every slope is 0: a small move of the weights changes no answer,
# so gradient descent has nothing to follow. The sigmoid turns the step into a ramp, and with it
# each small improvement counts. (Rosenblatt's rule did without slopes: it moved the weights only
# where an answer was wrong.)
#
# ## Exercises
#
# Open [exercises/3_1_perceptron.ipynb](../exercises/3_1_perceptron.ipynb). Each one checks itself
# and gives hints.
#
# 1. **Recall** · AND: the neuron, and its boundary
# 2. **Change** · OR: distances from the line, and a neuron set by hand
# 3. **Derive** · XOR at other rates: why it is stuck
# 4. **Explore** · 25 points, and which line the neuron finds
#
# ## What you can do now
#
# - compute a neuron, and say which line it draws: $W$ gives its direction, $|b|/|W|$ its distance
#   from the origin
# - set the weights for AND, OR and NAND by hand, and make the neuron as sure as you like
# - prove that no line solves XOR, and say why training at a rate that is small
#   enough ends at 0.5 from any start
# - tell the least loss from the most right answers
#
# **Next:** 3.2 Activation functions, with two others that a neuron can have after its weighted
# sum.
