# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4.4 · Regularization
#
# Can a network learn mistakes by heart, and what helps against it? In this lesson three in ten of
# the training labels are wrong, on purpose, and at its end you have two remedies, and an honest
# measurement of what each of them is worth. Here are eight training images:

# %%
import itertools

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.explorers import part_4_4

data = load_data()
figure, right = part_4_4.draw_labels(data, lambda_=0.01, p=0.5)
caption = f"Above each image its label in training (and the true digit, where that is \
another one, which the network never sees), and the answer of a network \
trained with both remedies: {right} of these 8 answers are the true digit."
plots.show(figure, caption, f"Eight digits, some labeled wrongly. {caption}")

# %% [markdown]
# **You will** see what a network does with wrong labels, make large weights cost something, switch
# units off at random, put both into training so that the gradient stays right, and measure over
# several seeds what is gained.
#
# **You need** training with `gradient_descent_general` (part 3.4), the network with two hidden
# layers and its starting weights (4.1), and measured gradients (2.4). **Time:** about 90 minutes
# with the exercises; the notebook itself runs in less than a minute. **New in the library:**
# `l2_regularization` and `dropout`. The library so far, part by part:

# %%
library_so_far("4.4")

# %% [markdown]
# ## Predict
#
# 500 training images, 30 % of their labels replaced by another digit. A network with more than
# a hundred thousand weights trains on them; the test labels are all right. Note your answers, and
# your reasons:
#
# - Can it learn the wrong labels at all? There is nothing in the images that says so.
# - Now we switch off **half of the hidden units**, other ones in each step. Will the training
#   loss rise or fall? The accuracy on the test images?
# - The same again, with all labels **right**. Is the gain larger or smaller?
#
# ## The smallest case, by hand
#
# **A price for weights.** **Regularization** is whatever holds a model back from fitting its
# training data too closely. To give one single image another answer than its neighbors, a network
# must react strongly to small differences of pixels, and that takes large weights. So the first
# kind adds a price to the loss: the sum of all squared weights, times a number $\lambda$ (lambda).
# It is called **L2**, after the square. Take $\lambda = 0.1$ and one layer:
#
# $$W = \begin{pmatrix} 1 & -2 \\ 0 & 3 \end{pmatrix}, \qquad
# \lambda \sum W^2 = 0.1\,(1 + 4 + 0 + 9) = 1.4$$
#
# The slope of $\lambda w^2$ is $2\lambda w$, here $0.2\,w$: for the four weights $0.2$, $-0.4$, $0$
# and $0.6$. A step downhill with $\eta = 0.5$ takes away half of that: $0.9$, $-1.8$, $0$, $2.7$.
# Each weight became **nine tenths** of itself, large or small.
#
# **Units switched off.** Four activations $2, 1, 4, 3$; each is kept with probability $p = 0.5$.
# Say the dice keep the first and the third. What is kept is divided by $p$, so doubled:
# $4, 0, 8, 0$. That is **dropout**. The sum was 10 and is 12 now. With other dice it is less.
# There are $2^4 = 16$ ways to keep or drop four units, here all equally likely. What do you expect
# of their average?

# %%
W, lambda_, lr = np.array([[1.0, -2.0], [0.0, 3.0]]), 0.1, 0.5
penalty, slope = lambda_ * np.sum(W**2), 2 * lambda_ * W
assert np.isclose(penalty, 1.4) and np.allclose(slope, [[0.2, -0.4], [0, 0.6]])
assert np.allclose(W - lr * slope, [[0.9, -1.8], [0, 2.7]])  # as by hand
print(f"penalty {penalty:.1f}   after one step: {(W - lr * slope).tolist()}")

a, p = np.array([2.0, 1.0, 4.0, 3.0]), 0.5
assert np.allclose(a * [1, 0, 1, 0] / p, [4, 0, 8, 0])  # as by hand
all_ways = np.array([a * kept / p for kept in itertools.product((0, 1), repeat=4)])
print("ways:", len(all_ways), "  average of all:", all_ways.mean(axis=0))
assert np.allclose(all_ways.mean(axis=0), a)

# %% [markdown]
# The average is $2, 1, 4, 3$ again: what we had before. Below we find out why.
#
# ## The price: from the sum to the step
#
# The loss $L$ gets a second term. Take one weight $w$ among all of them. In the sum
# $\sum W^2$ it stands once, as $w^2$; the other terms do not change when $w$ does, so their slope
# is 0. What remains is $\lambda \cdot 2w$, for every weight of every layer:
#
# $$L_\lambda = L + \lambda \sum_l \sum_{i,j} (W^{(l)}_{ij})^2, \qquad
# \nabla_{W^{(l)}} L_\lambda = \nabla_{W^{(l)}} L + 2\lambda W^{(l)}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $W^{(l)}$ | $(d, k)$ | weights of layer $l$, each layer with its own $d$ and $k$ |
# | $\lambda$ | a number | the price of one unit of squared weight |
# | $\nabla_{W^{(l)}} L$ | $(d, k)$ | the gradient of the loss, from backpropagation |
#
# Put that into a step of gradient descent, and collect what belongs to $W$:
#
# $$W - \eta\,(\nabla_W L + 2\lambda W) = (1 - 2\eta\lambda)\,W - \eta \nabla_W L$$
#
# So in each step every weight shrinks by the same factor $1 - 2\eta\lambda$ before it learns:
# **weight decay**. A weight that the data do not ask for fades away: after $T$ steps, its
# factor is $(1 - 2\eta\lambda)^T$. By hand we had $1 - 2 \cdot 0.5 \cdot 0.1 = 0.9$. **Biases are
# left out**: they shift an answer, but they do not make it more sensitive to a pixel. (The 320
# steps in the cell are those of the trainings below: 40 epochs of 8 batches.)

# %%
from course_lib.neural_network import cross_entropy, numerical_gradient, relative_error

W_0, lambda_, lr = np.random.default_rng(0).normal(size=(3, 4)), 0.01, 0.05
slopes = numerical_gradient(
    [[0]], [[0]], {"W": W_0},  # the price needs no data
    lambda W, _: lambda_ * np.sum(W**2), lambda _, params: params["W"],
)  # fmt: skip
r = relative_error(2 * lambda_ * W_0, slopes["W"])
print(f"2 lambda W against the measured slope, r below 1e-6: {r < 1e-6}")
W, factor = W_0, 1 - 2 * lr * lambda_
for _ in range(320):
    W = W - lr * 2 * lambda_ * W  # no data that ask for anything
assert r < 1e-6 and np.allclose(W, factor**320 * W_0)
print(f"factor of one step {factor:.4f}, of 320 steps {factor**320:.4f}")

# %% [markdown]
# ## The dice: why nothing changes on average
#
# One activation $a$ (a number) becomes $a/p$ with probability $p$, and 0 with probability $1 - p$.
# The **expected value** E, the average over very many throws, weighs each outcome with its
# probability. The **variance** Var, the square of the standard deviation (part 1.1), is the
# expected square minus the square of the expected value:
#
# $$E = p \cdot \frac{a}{p} + (1 - p) \cdot 0 = a, \qquad
# \mathrm{Var} = p \cdot \frac{a^2}{p^2} + (1 - p) \cdot 0 - a^2
# = \frac{a^2}{p} - a^2 = \frac{1 - p}{p}\,a^2$$
#
# The division by $p$ makes the expected value come out at $a$. The next layer adds up many such
# values with its weights, and the expected value of a sum is the sum of the expected values: on
# average it receives what it would receive without dropout. So for **test images we leave dropout
# away and change nothing else**. (Written with the division in training, it is called *inverted*
# dropout. The ReLU bends, so after the next ReLU "on average" holds only roughly.) Dropout costs
# scatter: at $p = 0.5$ the variance is $a^2$, so the standard deviation is as large as $a$ itself.

# %%
for p in (0.8, 0.5):
    kept = np.array(list(itertools.product((0, 1), repeat=4)))
    chance = np.prod(np.where(kept, p, 1 - p), axis=1)  # of each of the 16 ways
    values = a * kept / p
    expected = chance @ values
    variance = chance @ values**2 - expected**2
    assert np.isclose(chance.sum(), 1) and np.allclose(expected, a)
    assert np.allclose(variance, (1 - p) / p * a**2)
    print(f"keep {p}: expected {expected.round(4)}, variance {variance.round(4)}")

# %% [markdown]
# ## Build it
#
# Two short functions. The first takes a list of weights, of any shapes, and returns the price and a
# list of gradients. The second draws a number from 0 to 1 for every entry and keeps it where that
# is below `p`. Mind what `p` means: the probability to **keep**. (Elsewhere you will meet it as
# the probability to drop.)

# %%
from course_lib.neural_network import dropout, l2_regularization, one_hot


def penalize(weights, lambda_):
    penalty = lambda_ * sum(np.sum(W**2) for W in weights)
    return penalty, [2 * lambda_ * W for W in weights]


def drop(A, p, training, rng):
    return A * (rng.random(A.shape) < p) / p if training else A


rng = np.random.default_rng(1)
odd = [rng.normal(size=(3, 5)), rng.normal(size=(5, 1)), np.zeros((1, 2))]
(ours, our_slopes), (theirs, slopes) = penalize(odd, 0.3), l2_regularization(odd, 0.3)
assert np.isclose(ours, theirs) and all(map(np.allclose, our_slopes, slopes))
for training in (True, False):
    mine = drop(odd[0], 0.7, training, np.random.default_rng(2))
    library = dropout(odd[0], 0.7, training, rng=np.random.default_rng(2))
    assert np.array_equal(mine, library)
    print("training:", training, "  dropped", np.sum(mine == 0), "of", mine.size)

# %% [markdown]
# ## Dropout inside a network
#
# Dropout belongs **inside** the forward pass: the next layer must see what was dropped. Let $M$
# be the **mask** of a layer, shape $(n, h)$ like its activations: $1/p$ where a unit is kept, 0
# where it is not. (A row is a sample: each has dice of its own.) Then
#
# $$A_1 = M_1 \odot \mathrm{relu}(Z_1), \qquad
# \delta_1 = M_1 \odot (\delta_2 W_2^\top) \odot \mathrm{relu}'(Z_1)$$
#
# where $\odot$ multiplies entry by entry, and $\mathrm{relu}'(Z_1)$ is what part 4.1 wrote as
# $[A_1 > 0]$; layer 2 has its $M_2$ in the same way. The second formula is the chain rule: for a
# given mask, $A_1$ is $M_1$ times something, and the slope of "$M_1$ times" is $M_1$. A dropped
# unit had no part in the answer, so it gets no part of the blame. **The same mask forward and
# backward.**
#
# `forward_mlp_3layer` and `backward_mlp_3layer` both take `masks=`, one for each hidden layer,
# and `dropout` of an array of ones is such a mask. Is the gradient right? With the masks held
# fixed, we can measure:

# %%
from course_lib.neural_network import backward_mlp_3layer, forward_mlp_3layer

rng, small = np.random.default_rng(0), {}
for i, (d, k) in enumerate([(4, 6), (6, 5), (5, 3)], start=1):
    small |= {f"W{i}": rng.normal(size=(d, k)), f"b{i}": rng.normal(size=(1, k))}
X, y = rng.normal(size=(7, 4)), one_hot(rng.integers(3, size=7), 3)
masks = [dropout(np.ones((7, h)), 0.5, rng=rng) for h in (6, 5)]


def slopes_of(params, masks=None, late=(1, 1)):  # late is for later
    A1, A2, A3 = forward_mlp_3layer(X, *params.values(), masks=masks)
    outputs = A1 * late[0], A2 * late[1], A3
    Ws = params["W1"], params["W2"], params["W3"]
    slopes = backward_mlp_3layer(X, *outputs, y, *Ws, masks=masks)
    return dict(zip(params, slopes, strict=True))


# %%
def measured_slopes(masks):
    def forward(X, params):
        return forward_mlp_3layer(X, *params.values(), masks=masks)

    return numerical_gradient(X, y, small, cross_entropy, forward)


measured, gradient = measured_slopes(masks), slopes_of(small, masks)
for name in small:
    r = relative_error(gradient[name], measured[name])
    print(f"{name}: r below 1e-6: {r < 1e-6}")
    assert r < 1e-6

# %% [markdown]
# All six agree. Now training. In each step `gradient_descent_general` calls our forward pass, and
# hands all it returned to our gradient. Only the **last** entry has to be the prediction, so the
# masks can travel in front:

# %%
HIDDEN = 128, 64


def with_remedies(lambda_, p, dice):
    def forward(X, params):
        ones = [np.ones((len(X), h)) for h in HIDDEN]
        masks = [dropout(one, p, rng=dice) for one in ones] if p < 1 else None
        return masks, *forward_mlp_3layer(X, *params.values(), masks=masks)

    def gradients(X, y, outputs, params):
        masks, A1, A2, A3 = outputs
        Ws = [params["W1"], params["W2"], params["W3"]]
        slopes = backward_mlp_3layer(X, A1, A2, A3, y, *Ws, masks=masks)
        grads = dict(zip(params, slopes, strict=True))
        for i, extra in enumerate(l2_regularization(Ws, lambda_)[1], start=1):
            grads[f"W{i}"] = grads[f"W{i}"] + extra  # weights only; biases go free
        return grads

    return forward, gradients


# %% [markdown]
# The loss after each epoch is measured by a third function, without dice: `predict`. And it is the
# cross-entropy alone, without the price, so that runs with different $\lambda$ can be compared.
#
# ## Overfitting made real
#
# Few images, and wrong labels among them. `spoil` replaces 30 % of the labels by another digit,
# drawn at random. Real data sets have such labels too, only nobody tells you which. **The test
# labels stay as they are.** Pixels are scaled by the training images, as in part 2.3.

# %%
N, SHARE = 500, 0.3
scaler = fit_scaler(data.X_train[:N])
X_train, truth = apply_scaler(data.X_train[:N], scaler), data.y_train[:N]
X_test, y_test = apply_scaler(data.X_test, scaler), one_hot(data.y_test, 10)


def spoil(labels, share, rng):
    order, shift = rng.permutation(len(labels)), rng.integers(1, 10, size=len(labels))
    spoiled, rows = labels.copy(), order[: round(share * len(labels))]
    spoiled[rows] = (labels[rows] + shift[rows]) % 10
    return spoiled


labels = spoil(truth, SHARE, np.random.default_rng(0))
print(f"{np.sum(labels != truth)} of {N} training labels are wrong, e.g.", end=" ")
print("true", truth[:8], "label", labels[:8])
assert np.sum(labels != truth) == 150

# %% [markdown]
# `fit` draws labels and starting weights, and shuffles, with a generator from `seed`; the dice of
# dropout have a generator of their own. So two runs with the same seed differ **only** in
# $\lambda$ and $p$: the same start, the same wrong labels, the same order of the rows. Such runs
# are called **paired**.
#
# What is worth measuring? The loss and the accuracy on both kinds of images. And one thing more,
# since we know which labels are wrong: how many of **those** does the network repeat? Nothing in
# an image says that this 3 is called a 7. Whoever says 7 has learned it by heart (by chance,
# whoever guesses would name just this digit once in ten times).

# %%
from course_lib.neural_network import gradient_descent_general, initialize_weights


def predict(X, params):
    return forward_mlp_3layer(X, *params.values())[-1]


def fit(lambda_=0.0, p=1.0, seed=0, share=SHARE, callback=None):
    rng, dice = np.random.default_rng(seed), np.random.default_rng(1000 + seed)
    labels, params = spoil(truth, share, rng), {}
    for i, shape in enumerate([(784, 128), (128, 64), (64, 10)], start=1):
        params[f"W{i}"] = initialize_weights(shape, rng=rng)
        params[f"b{i}"] = np.zeros((1, shape[1]))
    forward, gradients = with_remedies(lambda_, p, dice)
    return labels, *gradient_descent_general(
        X_train, one_hot(labels, 10), params, 0.05, 40, forward, gradients,
        cross_entropy, batch_size=64, rng=rng, predict_fn=predict, callback=callback,
    )  # fmt: skip


# %%
def measure(labels, params, losses):
    A, A_test = predict(X_train, params), predict(X_test, params)
    says, bad = A.argmax(axis=1), labels != truth
    return {
        "train loss": losses[-1],
        "test loss": cross_entropy(A_test, y_test),
        "train %": 100 * np.mean(says == labels),
        "by heart %": 100 * np.mean(says[bad] == labels[bad]) if any(bad) else np.nan,
        "test %": 100 * np.mean(A_test.argmax(axis=1) == data.y_test),
    }


run = fit()
plain = measure(*run)
print(f"{sum(A.size for A in run[1].values()):,} weights and biases")
print("   ".join(f"{name} {value:.3g}" for name, value in plain.items()))
assert plain["by heart %"] > 30  # 10 would be chance

# %% [markdown]
# It can. In 40 epochs it has learned many of the wrong labels by heart: this is **overfitting**,
# fitting what belongs to these training images only. What it pays for that, you will see when the
# same network gets the right labels.
#
# ## Experiment
#
# Now your second prediction. Four runs of the same seed: without anything, with L2
# ($\lambda = 0.01$), with dropout ($p = 0.5$), with both. Which training loss will be lowest, and
# which test loss?

# %%
settings = {"none": {}, "L2": {"lambda_": 0.01}, "dropout": {"p": 0.5}}
settings["both"] = settings["L2"] | settings["dropout"]
runs, curves = {}, {}
for name, setting in settings.items():
    seen = []

    def record(epoch, params, loss, seen=seen):
        A = predict(X_test, params)
        right = 100 * np.mean(A.argmax(axis=1) == data.y_test)
        seen.append((loss, cross_entropy(A, y_test), right))

    runs[name] = fit(**setting, callback=record)
    curves[name] = np.array(seen).T  # training loss, test loss, test accuracy
gaps = {name: curve[1, -1] - curve[0, -1] for name, curve in curves.items()}
assert gaps["none"] > gaps["L2"] + 0.05 and gaps["L2"] > gaps["dropout"] + 0.05

# %%
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.3), layout="tight")
for (name, measures), look in zip(curves.items(), plots.LINES, strict=True):
    look = {"color": look[0], "linestyle": look[1], "marker": look[2], "markevery": 4}
    titles = "Training loss", "Test loss", "Test accuracy, %"
    for axis, values, title in zip(axes, measures, titles, strict=True):
        axis.plot(range(1, 41), values, **look, markersize=4, label=name)
        axis.set(title=title, xlabel="epoch", ylim=(0, 100 if "%" in title else 2.6))
        axis.grid(alpha=0.3)
    axes[2].legend(loc="lower right")
gap = ", ".join(f"{name} {gaps[name]:+.2f}" for name in settings)
caption = f"One seed. Without regularization the training loss ends lowest, and the \
test accuracy too. Test loss minus training loss at the end: {gap}."
plots.show(figure, caption, f"Three plots over 40 epochs, four curves each. {caption}")
assert all(np.argmin([c[i, -1] for c in curves.values()]) == 0 for i in (0, 2))
assert np.isclose(-0.7 * np.log(0.7) - 0.3 * np.log(0.3 / 9), 1.27, atol=0.005)

# %% [markdown]
# The remedies make the training loss **worse**: that is what they are for. What they hold back is
# the learning by heart. A training loss near 0 was never the goal here, since it could only be
# reached by believing the wrong labels. (Stopping before they are believed would be a third
# remedy; then the epoch is one more thing to choose, and not by the test images.)
#
# And the test loss? Its order need not be that of the accuracies; at the table below you will see
# why. A **negative gap** is no mistake: three in ten of the training labels are wrong, the test
# labels are right. A careful network that knows each true digit gives it 0.7 and shares 0.3 among
# the other nine. That costs $-0.7\ln 0.7 - 0.3\ln\frac{0.3}{9} = 1.27$ in training, but only
# $-\ln 0.7 = 0.36$ in the test.
#
# ### Your turn: the sliders
#
# Each redraw trains this network (784-128-64-10, 40 epochs, at most 500 images, seed 0) at your
# setting, and once without regularization. It calculates in float32, so its numbers differ a
# little from those above. Guess before you let go.
#
# 1. Leave Keep at 1, raise **Lambda** step by step. Where does it help most, and where does it
#    suddenly learn nothing?
# 2. Set Lambda to 0, and lower **Keep** from 1 to 0.1. Where is the best place, where is it too
#    much?
# 3. Set **Wrong labels** to 0 %. Can you find any setting that helps clearly?
# 4. Fewer **training images**, with and without wrong labels: what does the gap do?

# %%
part_4_4.explore(data)


# %% [markdown]
# What you may have seen:
#
# - **There is a middle.** A Lambda up to 0.003 does next to nothing, 0.03 helps, at 0.3 the price
#   wins over the data. Keep is best near 0.5; at 0.2 too few units are left to say anything.
# - **With right labels hardly anything helps.** There is little to be learned by heart that is
#   wrong.
# - **Fewer images, larger gap**, with right labels too: there is less to learn, and there are as
#   many weights to learn it by heart.
# - **A single run is one throw of the dice**: labels, start, order, and the epoch at which we
#   stop. With wrong labels the accuracy can jump by five points and more from one epoch to the
#   next. (So the text below the sliders takes the mean of the last five.)
#
# ## Is it luck? Five seeds
#
# The same four settings with five seeds each, paired. Behind each mean stands the **spread**, the
# standard deviation over the seeds. The last column counts on how many seeds the test accuracy
# was better than that of the run **without** regularization (equal is not better).

# %%
def compare(settings, share, seeds):
    found = {}
    for name, setting in settings.items():
        runs = [measure(*fit(**setting, seed=seed, share=share)) for seed in seeds]
        found[name] = {key: np.array([run[key] for run in runs]) for key in runs[0]}
    print(f"{'':7}", *(f"{key:>12}" for key in found["none"]), "  better on")
    for name, values in found.items():
        print(f"{name:7}", end=" ")
        for key, value in values.items():
            digits = 2 if "loss" in key else int(key == "test %")
            told = f"{value.mean():.{digits}f} ± {value.std(ddof=1):.{digits}f}"
            print(f"{told.replace('nan ± nan', '–'):>12}", end=" ")
        better = np.sum(values["test %"] > found["none"]["test %"])
        print("" if name == "none" else f"{better:5} of {len(seeds)}")
    return found


# %%
noisy = compare(settings, SHARE, range(5))
plain = noisy["none"]
for name in ("L2", "dropout", "both"):
    gain = noisy[name]["test %"] - plain["test %"]
    print(f"{name:8} gains between {gain.min():.0f} and {gain.max():.0f} points")
    assert np.all(gain > 1)  # on each of the five seeds
    assert np.all(noisy[name]["train loss"] > plain["train loss"])
    assert np.all(noisy[name]["by heart %"] < plain["by heart %"])
    gaps = [run["test loss"] - run["train loss"] for run in (noisy[name], plain)]
    assert np.all(gaps[0] < gaps[1])
assert round(-np.log(0.7), 2) == 0.36

# %% [markdown]
# That is not luck: all three settings are better than nothing on **each** of the five seeds. Read
# the rows from left to right, and you see why: the training loss rises and the training accuracy
# falls, because fewer wrong labels are learned by heart. A network that gave every training image
# its true digit would have a training accuracy of 70 % here: the rest of the labels is wrong.
#
# Now read the column **test loss**, which does not tell such a clear story. Where three labels in
# ten are wrong, a network that learns nothing by heart is careful: the obvious answer was right
# seven times in ten, so it should give it a probability of 0.7, even where it could be sure. That
# costs the 0.36 from above for every test image. To be right more often and to be sure of it are
# two different things; which of the two counts depends on what you need.
#
# ### What happens to the weights
#
# L2 is supposed to keep weights small. Does it? And dropout, which does not look at them? At the
# start, the $dk$ weights of a layer have variance $2/d$ (part 4.1), so their squares sum to about
# $2k$; in all three layers that is $2\,(128 + 64 + 10) = 404$.

# %%
squares, colors = {}, (plots.BLUE, plots.RED, plots.GREEN)
figure, axes = plt.subplots(1, 3, figsize=(10.5, 2.9), sharey=True, layout="tight")
for axis, name, color in zip(axes, ("none", "L2", "dropout"), colors, strict=True):
    Ws = [runs[name][1][f"W{i}"] for i in (1, 2, 3)]
    squares[name], _ = l2_regularization(Ws, lambda_=1)
    axis.hist(Ws[0].ravel(), bins=np.linspace(-0.25, 0.25, 51), color=color)
    axis.set_title(f"{name}: sum of squares {squares[name]:.0f}")
    axis.set(xlabel="weight of the first layer", ylabel="how many")
caption = "The weights of the first layer after training, one seed; above, the sum of \
all squared weights of the three layers. With L2 the heap is narrower."
plots.show(figure, caption, f"Three histograms of weights around 0. {caption}")
faded = (1 - 2 * 0.05 * 0.01) ** (2 * 320) * 404  # squared, so twice the 320 steps
print(f"404 after 320 steps of L2 alone, without data: {faded:.0f}")
assert squares["L2"] < 0.8 * squares["none"] and abs(squares["L2"] / faded - 1) < 0.2
assert abs(squares["dropout"] / squares["none"] - 1) < 0.2

# %% [markdown]
# The price shows: with L2, the squared weights sum to far less. Mostly it is the random start that
# faded: what remains is near to what decay alone would leave. Dropout hardly touches the size of
# the weights; it works another way. No unit can rely on a single other one being there, so each
# has to be useful with many different partners. A detail by which a single image can be
# recognized is not.
#
# ## The same images with the right labels
#
# Now the third prediction: nothing changes but the labels, since `spoil` draws the same numbers
# for any share. The network has two hidden layers, as in part 4.1, but is smaller and has fewer
# images; "none" trains it as you did there. Three seeds this time, to save a few seconds.

# %%
few = {name: settings[name] for name in ("none", "L2", "dropout")}
clean = compare(few, 0, range(3))
print(f"one test image counts {100 / len(y_test):.2f} points")
for name in ("L2", "dropout"):
    gain = clean[name]["test %"] - clean["none"]["test %"]
    print(f"{name}: mean difference below 2 points: {abs(gain.mean()) < 2}")
    assert abs(gain.mean()) < 2
assert np.all(clean["none"]["test %"] > noisy["both"]["test %"][:3])
assert np.all(clean["none"]["train %"] > 99)

# %% [markdown]
# **Hardly anything**: a few test images, in one direction or the other. (With paired runs even
# such a trifle can point the same way on each seed. Real or not, it is small beside the gains
# above.) The network learns its training images by heart here too, as the training accuracy says,
# but that does little harm when what it learns is right. And compare the first row with the last
# one of the table before: right labels without any remedy beat wrong ones with both, on each of
# these three seeds. Mending the labels comes first.
#
# So: regularization is a remedy against learning the wrong things by heart. Measure, over several
# seeds, whether you have the illness. (Choosing $\lambda$ and $p$ by the test images, as we did
# with the slider, would be another way of fitting too closely; for a real task, part of the
# **training** images is kept aside for choosing.)
#
# ## Break it on purpose
#
# **First: dropping too late.** A common slip: compute all layers, *then* drop units of $A_1$ and
# $A_2$, and go backward with these. It runs without complaint. But of which loss is this the
# gradient? We measure the two it could mean: with the masks in the forward pass, and without any.
#
# And could it be the gradient of some **other** loss? There is a test for that. If numbers are
# the slopes of one landscape, then the order does not matter: how the slope along $u$ changes
# when you move along $v$ is how the slope along $v$ changes when you move along $u$. Take $u^2 v$:
# its slopes are $2uv$ and $u^2$. The first changes with $v$ by $2u$, the second with $u$ by $2u$:
# the same. But $(v, 0)$ are the slopes of nothing: the first changes with $v$ by 1, the second
# with $u$ by 0. The second cell takes one weight of the last layer for $u$ and each weight of the
# layer before for $v$, and measures both.

# %%
late = slopes_of(small, late=masks)
unmasked = measured_slopes(None)
print("     against the loss with masks   without masks")
for name in ("W1", "W2", "W3"):
    r = [relative_error(late[name], slopes[name]) for slopes in (measured, unmasked)]
    print(f"{name}:  r = {r[0]:.2f} {r[1]:28.2f}")
    assert min(r) > 0.05


# %%
def change(moved, place, seen, how, h=1e-5):
    up, down = ({name: A.copy() for name, A in small.items()} for _ in range(2))
    up[moved][place] += h
    down[moved][place] -= h
    return (slopes_of(up, **how)[seen] - slopes_of(down, **how)[seen]) / (2 * h)


u, agree = np.unravel_index(np.argmax(np.abs(measured["W3"])), (5, 3)), {}
ways = {"masks inside": {"masks": masks}, "too late": {"late": masks}}
for name, how in ways.items():
    one_way = change("W3", u, "W2", how).ravel()  # of all slopes of W2, when u moves
    other_way = [change("W2", v, "W3", how)[u] for v in np.ndindex(6, 5)]
    agree[name] = relative_error(one_way, np.array(other_way)) < 1e-4
    print(f"{name:12}: both orders agree (r below 1e-4): {agree[name]}")
assert agree["masks inside"] and not agree["too late"]

# %% [markdown]
# It is neither of the two gradients. With the masks inside, both orders agree; dropped too late
# they do not: these numbers are the gradient of **no loss at all**. Training may still go
# somewhere, but nobody can say where.
#
# **Second: forgetting $1/p$.** And, its sister, leaving dropout on for the test images. **Third:
# a price so high that the decay overshoots.** The factor is $1 - 2\eta\lambda$. What happens to a
# weight if $\eta\lambda$ is above 1?

# %%
a = np.full(100_000, 1.0)
kept = np.random.default_rng(0).random(a.shape) < 0.5
means = np.mean(a * kept / 0.5), np.mean(a * kept)
print(f"mean of ones: with 1/p {means[0]:.2f}, without {means[1]:.2f}")
assert np.allclose(means, (1, 0.5), atol=0.02)
forward, _ = with_remedies(0, 0.5, np.random.default_rng(0))
on = [forward(X_test, runs["dropout"][1])[-1] for _ in range(2)]
differ = np.mean(on[0].argmax(axis=1) != on[1].argmax(axis=1))
print(f"two predictions with dropout left on differ for some images: {differ > 0}")
for lr_lambda in (0.001, 0.5, 0.9, 1.1):
    factor = 1 - 2 * lr_lambda
    size = abs(factor) ** 50
    told = "diverges" if size > 1 else f"{size:.2g} of its size"
    print(f"lr x lambda = {lr_lambda}: factor {factor:6.3f}, after 50 steps {told}")
assert differ > 0.01 and abs(1 - 2 * 1.1) > 1 > abs(1 - 2 * 0.9) and 1 - 2 * 0.5 == 0

# %% [markdown]
# Without $1/p$, the next layer receives half of what it will receive at test time, when nothing
# is dropped. With dropout left on, the same image gets different answers. And the decay: at 0.5 a
# single step deletes the weight, above that it changes sign in each step, above 1 it grows
# without end, with or without data.
#
# ## Exercises
#
# Open [exercises/4_4_regularization.ipynb](../exercises/4_4_regularization.ipynb). Each one checks
# itself and gives hints.
#
# 1. **Recall** · the penalty of two layers and its gradients; biases go free
# 2. **Change** · dropout in training and at test time, once and twice
# 3. **Derive** · the gradient with a mask and a penalty; how fast a weight fades
# 4. **Explore** · 784-256-128-10 with and without dropout, five seeds: what is your verdict?
#
# ## What you can do now
#
# - say what overfitting is, and measure it: gap, accuracy, what was learned by heart
# - derive $2\lambda W$, and say by which factor a weight decays in each step
# - put dropout inside a network so that forward and backward pass use the same mask, and say why
#   nothing changes at test time
# - compare two ways of training with paired seeds, and say "no difference" when there is none
#
# **Next:** 4.5 Momentum and the capstone, where the steps get a memory, and everything you have
# built works together.
