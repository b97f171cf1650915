# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2.3 · Mini-batch gradient descent
#
# At the end of this lesson, a model that you understand completely tells a handwritten 3
# from an 8. Here it is, trained; the rest of the lesson builds it.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.explorers import part_2_3

data = load_data()
finished = part_2_3.draw(data, 0.01, batch_size=32, epochs=10, pair=(3, 8))
caption = (
    "Left and middle: ten looks at the training images, in batches of 32. Right: what "
    "it learned. Ink in the solid outline speaks for 8, in the dashed ones for 3."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** compute a gradient on a few rows instead of all, see why that is enough, write
# the training loop, and find out with sliders what learning rate and batch size do.
#
# **You need** gradient descent on all rows (part 2.2), the sigmoid (1.3) and binary
# cross-entropy (2.1). **Time:** about 90 minutes with the exercises; the notebook itself runs
# in seconds. **New in the library:** `mini_batches`, and `gradient_descent` now takes a batch
# size. The library so far, part by part:

# %%
library_so_far("2.3")

# %% [markdown]
# ## Predict
#
# Two models start from the same weights and use the same learning rate. Both look at every
# training image ten times.
#
# - The first reads **all** images, then takes one step; ten steps in all.
# - The second takes a step after every **32** images.
#
# Which one ends with the lower loss? The first, because its steps follow the exact gradient?
# The second? Or is it a draw, because both see the same images the same number of times? Note
# your answer, and your reason.

# %% [markdown]
# ## The smallest case, by hand
#
# Four points on the line $y = 2x$, at $x = 1, 2, 3, 4$. The model is $\hat y = xW$ with one
# weight that starts at $W = 0$; the right one is 2. The rate is $\eta = 0.04$, and the
# gradient is $\frac1m \sum x(\hat y - y)$ over the $m$ rows that are read. (The square in the
# squared error would add a factor 2. As in part 2.2, we leave that to the rate.)
#
# **All four rows.** The errors $\hat y - y$ are $-2, -4, -6, -8$. The gradient is
# $(-2 - 8 - 18 - 32)/4 = -15$, the step goes to $W = 0 + 0.04 \cdot 15 = 0.6$. Done: one step.
#
# **Two rows at a time.** Rows 1 and 2: gradient $(-2 - 8)/2 = -5$, so $W = 0.2$. Now rows 3
# and 4, with the **new** weight: errors $-5.4$ and $-7.2$, gradient $(-16.2 - 28.8)/2 = -22.5$,
# so $W = 0.2 + 0.9 = 1.1$. The same four rows, each read once, at the same rate: nearly twice
# as far.

# %%
x = np.array([[1.0], [2.0], [3.0], [4.0]])
y = 2 * x
lr = 0.04


def step(W, rows):
    return W - lr * x[rows].T @ (x[rows] @ W - y[rows]) / len(rows)


W_all = step(np.zeros((1, 1)), [0, 1, 2, 3])
W_two = step(step(np.zeros((1, 1)), [0, 1]), [2, 3])
assert np.allclose([W_all, W_two], [[[0.6]], [[1.1]]])  # as by hand
print(f"one step: W = {W_all.item():.1f}   two steps: W = {W_two.item():.1f}")

# %% [markdown]
# ## The same formula on fewer rows
#
# The gradient $\nabla$ ("nabla") holds one slope of the loss for each weight. For a linear
# layer it is an average over all $n$ rows; a batch $B$ averages over its own $m$ rows:
#
# $$\nabla_W = \frac1m\, X_B^\top (A_B - y_B), \qquad
# \nabla_b = \frac1m \sum_{i \in B} (a_i - y_i)$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X_B$ | $(m, d)$ | the rows of the batch |
# | $A_B$ | $(m, 1)$ | what the model says of them |
# | $y_B$ | $(m, 1)$ | what is true |
# | $\nabla_W$ | $(d, 1)$ | one slope for each weight |
# | $\nabla_b$ | $(1, 1)$ | the slope of the bias |
#
# Deal $n$ rows into equal batches. Each row is in exactly one of them, so as long as the
# weights stay the same, the average of the batch gradients is the full gradient (by hand, at
# $W = 0$: $(-5 - 25)/2 = -15$). **A batch errs, but not to one side.** Let us see that on real
# images, handwritten 3s and 8s. An image is a row of $28 \cdot 28 = 784$ pixels. They are
# scaled by the mean and the standard deviation of the training pixels, and the test images by
# the same two numbers: what the test images look like must stay unknown until the test.

# %%
X_train, y_train, X_test, y_test = select_pair(data, 3, 8)
scaler = fit_scaler(X_train)
X_train, X_test = apply_scaler(X_train, scaler), apply_scaler(X_test, scaler)
print("training images:", X_train.shape, " test images:", X_test.shape)

rows = np.random.default_rng(0).permutation(len(X_train))[:240]
error = 0.5 - y_train  # with all weights 0, the model says 0.5 every time
full = X_train[rows].T @ error[rows] / 240
batches = [X_train[B].T @ error[B] / 40 for B in np.split(rows, 6)]
assert np.allclose(np.mean(batches, axis=0), full)
print("6 gradients of 40 rows average to the gradient of all 240: True")

# %% [markdown]
# ### How much does one batch err?
#
# Statistics has a rule for that: the average of $m$ independent values scatters by only
# $1/\sqrt m$ of what one value scatters. So a batch with **four times** the rows should err
# **half** as much. Instead of proving the rule, the next cell measures: it draws 500 batches of
# each size (a row may come twice, so that the draws are independent) and looks how far their
# gradients lie from the full one, in units of its length.

# %%
full = X_train.T @ error / len(X_train)
rng = np.random.default_rng(0)
misses = []
for m in (1, 4, 16, 64):
    draws = [rng.integers(len(X_train), size=m) for _ in range(500)]
    distances = [np.linalg.norm(X_train[B].T @ error[B] / m - full) for B in draws]
    misses.append(np.sqrt(np.mean(np.square(distances))) / np.linalg.norm(full))
    print(f"batch of {m:2}: off by {misses[-1]:.2f} times the gradient's length")
ratios = np.divide(misses[:-1], misses[1:])
assert np.allclose(ratios, 2, atol=0.15)  # each half of the one before

# %% [markdown]
# That is the bargain of this lesson: from 16 to 64 rows, $64 - 16 = 48$ more rows only halve the
# error. They could have paid for three more steps. And if a single row is off by several times the
# gradient's length, how can its steps lead anywhere? Their errors point in all directions and
# cancel over many steps; the part that is right adds up.
#
# ### Why logistic regression has the same gradient
#
# The formula above starts from $A - y$. For a line with squared error that is the slope of the
# loss (up to the 2). Why is it the same for a sigmoid with binary cross-entropy? Take one row,
# with $z = xW + b$, $a = \sigma(z)$ and $L = -y \ln a - (1 - y) \ln(1 - a)$. The derivative of
# $\ln a$ is $1/a$, that of $\ln(1 - a)$ is $-1/(1 - a)$, and part 1.3 found
# $\sigma' = \sigma(1 - \sigma)$. So
#
# $$\frac{dL}{da} = -\frac{y}{a} + \frac{1 - y}{1 - a}
# = \frac{-y(1 - a) + (1 - y)a}{a(1 - a)} = \frac{a - y}{a(1 - a)}, \qquad
# \frac{da}{dz} = a(1 - a)$$
#
# The chain rule multiplies the two, and $a(1 - a)$ cancels:
#
# $$\frac{dL}{dz} = \frac{dL}{da} \cdot \frac{da}{dz} = a - y$$
#
# Then $z = xW + b$ passes that slope on: $x(a - y)$ for $W$, and $a - y$ for $b$. By the way,
# $\sigma(z)$ is one half exactly at $z = 0$: there the model changes its answer. Check each of
# the three slopes against a small step:

# %%
from course_lib.neural_network import binary_cross_entropy, sigmoid


def loss_of(a, y):
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


z, y_row, h = 0.4, 1.0, 1e-6
a = sigmoid(z)
slope_a = (loss_of(a + h, y_row) - loss_of(a - h, y_row)) / (2 * h)
slope_z = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
slope = (loss_of(sigmoid(z + h), y_row) - loss_of(sigmoid(z - h), y_row)) / (2 * h)
assert np.isclose(slope_a, (a - y_row) / (a * (1 - a)))
assert np.isclose(slope_z, a * (1 - a))
assert np.isclose(slope, a - y_row)
print(f"dL/da = {slope_a:.4f}, da/dz = {slope_z:.4f}")
print(f"product {slope_a * slope_z:.4f}, dL/dz = {slope:.4f}, a - y = {a - y_row:.4f}")

# %% [markdown]
# ## Build it
#
# One look at all rows is an **epoch**. Before each epoch the row numbers are shuffled; then
# they are dealt out, a batch at a time. The last batch may be smaller. The library's
# `mini_batches` does just that (and with all rows in one batch, it does not shuffle):

# %%
from course_lib.neural_network import mini_batches


def deal(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]  # hands out one batch, then goes on from here


ours = list(deal(X_train, y_train, 32, np.random.default_rng(0)))
theirs = list(mini_batches(X_train, y_train, 32, np.random.default_rng(0)))
pairs = zip(ours, theirs, strict=True)
assert all(np.array_equal(our[i], their[i]) for our, their in pairs for i in (0, 1))
print(len(ours), "batches as in the library, the last one of", len(ours[-1][0]), "rows")

# %% [markdown]
# Training goes around the batches: error, step for $W$, step for $b$, each divided by the rows
# that the batch **has**. The library's `gradient_descent` does the same, for lines and for
# logistic regression; it also checks what it is given, and returns the loss after each epoch.
# Given the same generator, both must end at the same weights:

# %%
from course_lib.neural_network import gradient_descent


def train(X, y, lr, num_epochs, batch_size, rng):
    W, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for _ in range(num_epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            error = sigmoid(X_batch @ W + b) - y_batch
            W = W - lr * X_batch.T @ error / len(X_batch)
            b = b - lr * error.mean(axis=0, keepdims=True)
    return W, b


W_ours, b_ours = train(X_train, y_train, 0.01, 10, 32, np.random.default_rng(0))

# %% [markdown]
# From here on we use the library, through a function `fit` with our images filled in:

# %%
W_0, b_0 = np.zeros((784, 1)), np.zeros((1, 1))


def fit(lr, batch_size, seed=0, num_epochs=10):
    return gradient_descent(
        X_train, y_train, W_0, b_0, lr, num_epochs, batch_size,
        binary_cross_entropy, sigmoid, rng=np.random.default_rng(seed),
    )


W, b, losses = fit(lr=0.01, batch_size=32)
assert np.allclose(W, W_ours) and np.allclose(b, b_ours)  # the library, and we
print(f"loss after epoch 1: {losses[0]:.4f}, after epoch 10: {losses[-1]:.4f}")

# %% [markdown]
# ## Experiment
#
# First a warm-up: 0 against 1, at rate 0.1 in batches of 32. Guess after how many epochs more
# than 99 % of the test images are told apart.

# %%
X_easy, y_easy, X_easy_test, y_easy_test = select_pair(data, 0, 1)
easy = fit_scaler(X_easy)
X_easy, X_easy_test = apply_scaler(X_easy, easy), apply_scaler(X_easy_test, easy)
W, b, losses = gradient_descent(
    X_easy, y_easy, W_0, b_0, 0.1, 1, 32,
    binary_cross_entropy, sigmoid, rng=np.random.default_rng(0),
)
accuracy = np.mean((sigmoid(X_easy_test @ W + b) > 0.5) == y_easy_test)
print(f"loss after epoch 1: {losses[0]:.4f}, test accuracy: {accuracy:.3f}")
assert losses[0] < 0.05 and accuracy > 0.99

# %% [markdown]
# One epoch, and it is solved: a 0 is empty in the middle, where a 1 has its stroke. On a
# problem this easy every setting looks good. A 3 and an 8 share most of their strokes. There,
# rate and batch size begin to matter:

# %%
figure, axes = plt.subplots(1, 8, figsize=(9, 1.4), layout="constrained")
for digit, four in ((0, axes[:4]), (1, axes[4:])):
    for axis, row in zip(four, np.flatnonzero(y_train == digit)[:4], strict=True):
        plots.draw_digit(axis, X_train[row], "8" if digit else "3")
caption = "Four training images of each. An 8 is closed on the left, a 3 is open there."
alt = "Four handwritten 3s, open on their left side, and four 8s, closed there."
plots.show(figure, caption, alt)

# %% [markdown]
# Now your prediction, and the rate beside it. On the left only the batch size changes, on the
# right only the rate. Ten epochs each. The axes are logarithmic, each with a range of its own,
# and the gray line is $\ln 2$, the loss of always saying 0.5.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4), layout="constrained")
sizes = {"all rows": len(X_train), "batch 128": 128, "batch 32": 32, "batch 8": 8}
by_size = {name: fit(0.01, size)[2] for name, size in sizes.items()}
by_rate = {f"rate {lr:g}": fit(lr, 128)[2] for lr in (0.001, 0.01, 0.1, 3)}
for axis, curves, same in ((left, by_size, "Rate 0.01"), (right, by_rate, "Batch 128")):
    plots.plot_losses(axis, curves, start=np.log(2))
    axis.set_title(same)
n_01, n_3 = (np.sum(by_rate[name] > np.log(2)) for name in ("rate 0.1", "rate 3"))
caption = f"Left: the smaller the batch, the lower the loss. Right: up to 0.1, higher \
rates end lower. The loss is above the gray line after {n_01} of the ten epochs at \
rate 0.1, and after {n_3} of them at rate 3."
plots.show(figure, caption, f"Training loss over ten epochs, two plots. {caption}")
ends = [losses[-1] for curves in (by_size, by_rate) for losses in curves.values()]
assert ends[:4] == sorted(ends[:4], reverse=True)
assert ends[4] > ends[5] > ends[6] < ends[7] and n_3 > n_01

# %% [markdown]
# The second model wins: the same images, the same rate, but many small steps (one for each
# batch, in each epoch) instead of ten.
#
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The line below the sliders
# tells the result in words. With **Compare with: the run before**, the last one stays behind it.
#
# 1. Leave the rate at 0.01. Move the **batch size** from all rows down to 1. What happens to
#    the loss, what to the time per epoch?
# 2. Set the batch size to 128 and raise the **learning rate** step by step. Where does the
#    loss first leap, and does it recover?
# 3. Put all rows into every batch and look for the rate that ends lowest. Why does a still
#    higher one not help?
# 4. Is it the batch, or the number of steps? Batch size 16 for 1 epoch takes about as many steps
#    as all rows for 20. Choose **Compare with: this run, kept** at the first, then go to the
#    second. Which ends lower, and how often did each read the images?
# 5. Choose **0 or 1**. Can you make it fail?

# %%
part_2_3.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **Small batches learn more from one epoch** at the same rate, because they take more steps.
#   But a batch of one row keeps the computer busy with bookkeeping instead of arithmetic, so
#   the epoch takes longer. A common choice lies in between, from 16 to 128.
# - **Too small a rate** is slow and smooth. **Too large a rate** leaps: a step lands beyond the
#   valley, and the next epochs are spent on coming back. Logistic regression does come back,
#   sooner or later; "Break it on purpose" shows a model that does not.
# - **Rate and batch size go together.** Ten times the rows make a tenth of the steps; if each
#   is ten times as long, the loss ends at nearly the same place. So why not all rows and a huge
#   rate? The longest step that a valley allows does not grow with the batch. Past it the loss
#   leaps, however exact the gradient.
# - **0 or 1** hardly fails at all.
#
# One run can be luck. Here are five shuffles of each setting, as mean ± standard deviation:

# %%
print("  rate   batch   final loss        ever worse than guessing")
ends = {}
settings = (0.0001, 1), (0.001, 10), (0.01, 100), (0.01, 10), (0.01, 1), (3, 128)
for lr, size in settings:
    runs = np.array([fit(lr, size, seed)[2] for seed in range(5)])
    ends[lr, size] = runs[:, -1].mean()
    worse = np.sum(runs.max(axis=1) > np.log(2))
    final = f"{ends[lr, size]:.4f} ± {runs[:, -1].std(ddof=1):.4f}"
    print(f"{lr:6g} {size:7}   {'unstable' if worse else final:17} {worse} of 5")
    assert worse == (5 if lr == 3 else 0)
together = [ends[setting] for setting in settings[:3]]
assert max(together) / min(together) < 1.1  # rate and batch times ten: nearly the same
assert ends[0.01, 100] > ends[0.01, 10] > ends[0.01, 1]

# %% [markdown]
# The first three rows end within 10 % of each other. From the third to the fifth only the batch
# shrinks, and the loss with it. At rate 3, each of the five shuffles was worse than guessing
# at least once. Where such a run ends depends on the last digit of every sum, so no number
# stands there.
#
# ## On real data: all rows or batches?
#
# Part 2.2 read all rows before each step. Here it is beside this part, on the same images for
# ten epochs, the mean of five shuffles (all rows have nothing to shuffle):

# %%
n, seconds, finals = len(X_train), [], []
print("part   rate   batch  training loss  test accuracy")
for lr, size in ((0.01, n), (0.1, n), (0.01, 32), (0.1, 32), (0.01, 1)):
    started = time.perf_counter()
    runs = [fit(lr, size, seed) for seed in range(5)]
    seconds.append(time.perf_counter() - started)
    finals.append(np.mean([losses[-1] for _, _, losses in runs]))
    right = [(sigmoid(X_test @ W + b) > 0.5) == y_test for W, b, _ in runs]
    part = 2.2 if size == n else 2.3
    print(f"{part} {lr:7} {size:7} {finals[-1]:14.4f} {np.mean(right):14.3f}")
print(f"one test image counts {1 / len(y_test):.3f}")
print("each took less than ten seconds for fifty epochs:", max(seconds) < 10)
print("batch 1 took more than twice as long as batch 32:", seconds[4] > 2 * seconds[2])
assert finals[0] > finals[2] > finals[4] and finals[1] > finals[3]

# %% [markdown]
# At either rate, batches of 32 end lower than all rows. Single rows end lowest, and take the
# longest. Do not read much into the accuracies: in so small a test set a single image shows,
# and most of the differences are hardly more than that.
#
# What did the model learn, and where is it unsure? The sign of a weight says which digit its
# pixel speaks for.

# %%
W, b, _ = fit(0.01, 32)
A = sigmoid(X_test @ W + b)
unsure = np.argsort(np.abs(A[:, 0] - 0.5))[:3]
figure, axes = plt.subplots(1, 4, figsize=(9, 2.4), layout="constrained")
plots.draw_weights(axes[0], W, "for 3", "for 8")
for axis, row in zip(axes[1:], unsure, strict=True):
    truth, says = (8 if y_test[row, 0] else 3), (8 if A[row, 0] > 0.5 else 3)
    title = f"a {truth}, called {says}\n({A[row, 0]:.2f} for 8)"
    plots.draw_digit(axis, X_test[row], title)
wrong = np.sum((A > 0.5) != y_test)
caption = f"The learned weights, and the three test images (of {len(y_test)}) that the \
model is least sure of. In all, it gets {wrong} wrong."
alt = f"The weights as a picture, positive on the left side that an 8 closes. {caption}"
plots.show(figure, caption, alt)

# %% [markdown]
# ## Break it on purpose
#
# Three accidents that everybody has once. NumPy complains about none of them, which is what
# makes them dangerous. **First: shuffling the images but not their labels.** All shapes fit.
# What will the test accuracy be?

# %%
shuffled = X_train[np.random.default_rng(1).permutation(len(X_train))]
W, b, losses = gradient_descent(
    shuffled, y_train, W_0, b_0, 0.01, 10, 32,
    binary_cross_entropy, sigmoid, rng=np.random.default_rng(0),
)
accuracy = np.mean((sigmoid(X_test @ W + b) > 0.5) == y_test)
print(f"loss {losses[-1]:.3f} (guessing {np.log(2):.3f}), test accuracy {accuracy:.3f}")
assert losses[-1] > 0.4 and accuracy < 0.75

# %% [markdown]
# Close to a coin toss: the model had learned each image with the label of another. Shuffle row
# **numbers**, and take the same rows of both arrays.
#
# **Second: labels of shape `(n,)`.** What shape does NumPy give to `(n, 1)` minus `(n,)`?

# %%
flat = y_train[:, 0]
silent = 0.5 * np.ones_like(y_train) - flat
assert silent.shape == (len(y_train), len(y_train))
print("the error has one entry for each PAIR of rows:", silent.shape)
try:
    gradient_descent(X_train, flat, W_0, b_0, 0.1, 1, 9, binary_cross_entropy, sigmoid)
except ValueError as problem:
    print("the library says:", problem)

# %% [markdown]
# The library looks at shapes first, so it can say so.
#
# **Third: a rate that is too large for a line.** In logistic regression $a - y$ never exceeds
# 1, so the steps stay bounded, and the loss leaps but comes back. A line has no such limit:
# the farther off it is, the longer the step. Eight points on $y = 2x$, batches of 2, and a rate
# of 0.1, the best of the four in the right-hand plot above. For comparison, a rate of 0.001:

# %%
from course_lib.neural_network import mse_loss

x = np.arange(1.0, 9.0).reshape(8, 1)
zero = np.zeros((1, 1))
before = mse_loss(0 * x, 2 * x)
for lr in (0.1, 0.001):
    rng = np.random.default_rng(0)
    _, _, losses = gradient_descent(x, 2 * x, zero, zero, lr, 20, 2, mse_loss, rng=rng)
    first = ", ".join(f"{loss:.0f}" for loss in [before, *losses[:3]])
    print(f"rate {lr}: loss {first} ...", "diverges" if losses[-1] > 1000 else "falls")
    assert (losses[-1] > 1000) == (lr == 0.1)

# %% [markdown]
# One rate explodes, the other crawls. A good one for these points lies in between: you look for
# it in the first exercise.
#
# ## Exercises
#
# Open [exercises/2_3_mini_batches.ipynb](../exercises/2_3_mini_batches.ipynb). Each one
# checks itself and gives hints.
#
# 1. **Recall** · one step for each batch, and a rate that converges
# 2. **Change** · batch 4 against batch 2, in a fair race
# 3. **Derive** · the gradient of logistic regression, and where it changes its answer
# 4. **Explore** · what happens when the rows come sorted by class
#
# ## What you can do now
#
# - compute a gradient on any batch of rows, and say how far it errs: half as far for four
#   times the rows
# - write the loop: shuffle, deal, step, and divide by the rows that are there
# - read a loss curve (slow, steady, leaping, diverging) and know which knob to turn
# - say why test images are scaled with the numbers of the training images
#
# **Next:** 2.4 Debugging with numerical gradients, where you measure a gradient without any
# formula, and catch the ones that are wrong.
