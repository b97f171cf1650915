# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · What you have built
#
# Sixteen lessons ago there was an array of numbers. Here is everything that has grown out of
# it, on one page: each function was built by hand in a lesson, and checked there.

# %%
from IPython.display import Markdown

from course_lib.contents import library_page

Markdown(library_page())

# %% [markdown]
# **You will** see every model of the course side by side, on the same images, look at the images
# that all of them get wrong, write an update rule that the library does not have, and find out
# where to go from here. **You need** the lessons before this one. **Time:** half an hour; the
# notebook itself runs in about half a minute. **New in the library:** nothing.
#
# ## Four pieces
#
# Every model of the course is put together from the same four pieces:
#
# | piece | question | ten neurons | one hidden layer | convolution |
# |---|---|---|---|---|
# | forward pass | what does it say? | `softmax` | `forward_mlp` | `forward_cnn` |
# | loss | how wrong is that? | `cross_entropy` | `cross_entropy` | `cross_entropy` |
# | gradient | which way is better? | inside `gradient_descent` | `backward_mlp` | `backward_cnn` |
# | update | how far to go? | inside `gradient_descent` | `sgd_update` | `momentum_update` |
#
# `gradient_descent_general` is the loop around them. It knows nothing about layers or filters:
# whoever brings the four pieces can train anything with it.
#
# ## Predict
#
# Six models read the same test images:
#
# 1. **the nearest average** of the introduction, which takes one average image for each digit;
# 2. **ten neurons**, one for each digit, side by side (a layer as in parts 3.1 and 3.2);
# 3. **one hidden layer** of 256 units (3.4);
# 4. **two hidden layers**, of 256 and 128 units, started by He's rule (4.1);
# 5. **the same with everything**: momentum, a little L2, and dropout (4.4 and 4.5);
# 6. **eight filters**, pooling, and one dense layer (4.3), with momentum.
#
# Which reads best? Which has the fewest numbers to learn, and which takes longest to train? Is
# each model better than the one before it? Note your order before you read on.
#
# ## Every model once more
#
# All learn from the same training images. Start, shuffling and dropout depend on a seed; we take
# three seeds, and look at the mean and at the spread. The settings are close to those of
# the lessons.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import neural_network as nn
from course_lib import plots
from course_lib.datasets import apply_scaler, fit_scaler, load_data

data = load_data()
scaler = fit_scaler(data.X_train)
X, X_test = apply_scaler(data.X_train, scaler), apply_scaler(data.X_test, scaler)
images, test_images = (Z.reshape(-1, 1, 28, 28) for Z in (data.X_train, data.X_test))
y, labels = nn.one_hot(data.y_train, 10), data.y_test
SEEDS = (0, 1, 2)
print(f"{data.name}: {len(X):,} training images, {len(X_test):,} test images")


# %% [markdown]
# The first two need no chain rule. Each function takes a seed and returns its answers for the
# test images, one digit a row, and how many numbers it has learned.

# %%
def nearest_average(seed):
    means = [data.X_train[data.y_train == digit].mean(axis=0) for digit in range(10)]
    distances = [((data.X_test - mean) ** 2).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=0), np.size(means)


def ten_neurons(seed):
    W, b, rng = np.zeros((784, 10)), np.zeros((1, 10)), np.random.default_rng(seed)
    W, b, _ = nn.gradient_descent(
        X, y, W, b, 0.01, 20, 64, nn.cross_entropy, nn.softmax, rng=rng
    )
    return nn.softmax(X_test @ W + b).argmax(axis=1), W.size + b.size


# %% [markdown]
# The networks share one function for training. What differs is handed to it: parameters, forward
# pass, gradient, and the update rule.

# %%
def start(shapes, rng):
    params = {}
    for i, shape in enumerate(shapes, start=1):
        name, units = ("W", shape[1]) if len(shape) == 2 else ("K", shape[0])
        params[f"{name}{i}"] = nn.initialize_weights(shape, "he", rng=rng)
        params[f"b{i}"] = np.zeros((1, units))
    return params


def trained(inputs, test, shapes, lr, epochs, seed, forward, gradient, **options):
    rng = np.random.default_rng(seed)
    params, _ = nn.gradient_descent_general(
        inputs, y, start(shapes, rng), lr, epochs, forward, gradient, nn.cross_entropy,
        batch_size=64, rng=rng, **options,
    )
    answers = options.get("predict_fn", forward)(test, params)[-1].argmax(axis=1)
    return answers, sum(value.size for value in params.values())


# %% [markdown]
# And here they are, the pairs of forward and backward pass that you derived:

# %%
def forward_2(X, params):
    return nn.forward_mlp(X, **params)


def gradient_2(X, y, outputs, params):
    weights = params["W1"], params["W2"]
    return dict(zip(params, nn.backward_mlp(X, *outputs, y, *weights), strict=True))


def forward_3(X, params):
    return nn.forward_mlp_3layer(X, **params)


def gradient_3(X, y, outputs, params):
    weights = params["W1"], params["W2"], params["W3"]
    found = nn.backward_mlp_3layer(X, *outputs, y, *weights)
    return dict(zip(params, found, strict=True))


# %% [markdown]
# The last two add what module 4 brought: masks that the forward pass draws and the backward
# pass uses again, a penalty on large weights, filters, and (next cell) an update with a memory.

# %%
def forward_dropped(X, params, rng):
    masks = [nn.dropout(np.ones((len(X), units)), 0.8, rng=rng) for units in (256, 128)]
    return masks, *nn.forward_mlp_3layer(X, **params, masks=masks)


def gradient_regularized(X, y, outputs, params):
    masks, *outputs = outputs
    weights = params["W1"], params["W2"], params["W3"]
    found = nn.backward_mlp_3layer(X, *outputs, y, *weights, masks=masks)
    _, penalties = nn.l2_regularization(weights, 1e-4)
    extra = dict(zip(("W1", "W2", "W3"), penalties, strict=True))
    return {name: g + extra.get(name, 0) for name, g in zip(params, found, strict=True)}


# %%
def forward_filters(X, params):
    return nn.forward_cnn(X, **params)


def gradient_filters(X, y, outputs, params):
    found = nn.backward_cnn(*outputs, y, params["K1"], params["W2"])
    return dict(zip(params, found, strict=True))


def with_memory(velocity, gradient, lr):
    return nn.momentum_update(velocity, gradient, 0.9, lr)


# %% [markdown]
# One function for each network. What stands in it is what you would change: the shapes, the
# learning rate, the epochs.

# %%
TWO_LAYERS, THREE_LAYERS = ((784, 256), (256, 10)), ((784, 256), (256, 128), (128, 10))
FILTERS = ((8, 1, 3, 3), (8 * 13 * 13, 10))


def one_hidden_layer(seed):
    return trained(X, X_test, TWO_LAYERS, 0.1, 20, seed, forward_2, gradient_2)


def two_hidden_layers(seed):
    return trained(X, X_test, THREE_LAYERS, 0.1, 20, seed, forward_3, gradient_3)


# %%
def with_everything(seed):
    masks_rng = np.random.default_rng([seed, 1])
    return trained(
        X, X_test, THREE_LAYERS, 0.02, 20, seed,
        lambda X, params: forward_dropped(X, params, masks_rng), gradient_regularized,
        update_fn=with_memory, predict_fn=forward_3,
    )


def eight_filters(seed):
    return trained(
        images, test_images, FILTERS, 0.05, 10, seed, forward_filters, gradient_filters,
        update_fn=with_memory,
    )


# %% [markdown]
# Now all six, three seeds each. (The first has nothing random in it: its spread is 0.) The
# seconds are those of the machine that ran this page last; yours will differ.

# %%
import time

MODELS = (nearest_average, ten_neurons, one_hidden_layer, two_hidden_layers,
          with_everything, eight_filters)  # fmt: skip
answers, table = {}, {}
print("model               numbers learned   test accuracy   one training")
for model in MODELS:
    name, started = model.__name__.replace("_", " "), time.perf_counter()
    runs = [model(seed) for seed in SEEDS]
    seconds = (time.perf_counter() - started) / len(SEEDS)
    answers[name] = np.array([answer for answer, numbers in runs])
    shares = np.mean(answers[name] == labels, axis=1)
    table[name] = runs[0][1], shares.mean(), shares.std(ddof=1)
    numbers, mean, spread = table[name]
    print(f"{name:18} {numbers:16,}   {mean:6.1%} ± {100 * spread:.1f}", end="")
    print(f"{seconds:12.1f} s")

# %% [markdown]
# A picture says more about such a table: to the right the models that have more to learn, above
# the ones that read better. Where would you like a model to be?

# %%
figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
for name, marker in zip(table, "ovs^DP", strict=True):
    numbers, mean, spread = table[name]
    color = plots.RED if name == "eight filters" else plots.BLUE
    axes.errorbar(
        numbers, mean, spread, fmt=marker, color=color, capsize=4, label=name, alpha=0.8
    )
axes.set(xscale="log", xlabel="numbers learned (log scale)", ylabel="test accuracy")
axes.set(xlim=(5_000, 400_000))
axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
axes.grid(alpha=0.3)
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
caption = "Every model of the course; bars show the spread of three seeds. The filters \
come near the large networks from far on the left."
plots.show(figure, caption, f"Test accuracy against numbers learned. {caption}")

# %% [markdown]
# ## What the table says, and what it does not
#
# Learning beats averaging, and a hidden layer beats none: these steps are larger than any spread.
# After that it gets honest. A second hidden layer, or everything at once, moves the result by
# little more than the seed does: these images are clean, and part 4.4 showed that dropout and L2
# earn their keep where there is something to overfit. So a model is **not** better for coming later
# in a course. The eight filters stay close to the large networks with 17 times fewer numbers.

# %%
share = {name: mean for name, (_, mean, _) in table.items()}
numbers = {name: count for name, (count, _, _) in table.items()}
assert share["nearest average"] + 0.01 < share["ten neurons"]
assert share["ten neurons"] + 0.01 < share["one hidden layer"]
large = [share[n] for n in ("one hidden layer", "two hidden layers", "with everything")]
assert max(large) - min(large) < 0.02
assert max(large) - share["eight filters"] < 0.02
print(f"the large networks: {min(large):.1%} to {max(large):.1%}")
print(f"the filters: {share['eight filters']:.1%}, with ", end="")
times = numbers["two hidden layers"] / numbers["eight filters"]
print(f"{times:.0f} times fewer numbers")

# %% [markdown]
# The test rows have now been looked at in most lessons, so these numbers are a comparison, no
# promise for new images. For a clean measurement, with 8,000 real MNIST images to train on and
# others to test, run `make mnist-results` in the full project: it chooses its settings on training
# rows kept aside, uses the test rows once, and adds a model of 16 filters that also learns from
# shifted copies of the images.
#
# ## The hardest images
#
# Six models, three seeds: eighteen answers for each test image. Which images do nearly all of
# them get wrong? Would you read them right?

# %%
together = np.concatenate(list(answers.values()))  # (18, test images)
wrong = (together != labels).sum(axis=0)
hardest = np.argsort(-wrong, kind="stable")[:8]
figure, axes = plt.subplots(1, 8, figsize=(10.5, 2), layout="constrained")
for axis, i in zip(axes, hardest, strict=True):
    most = np.bincount(together[together[:, i] != labels[i], i]).argmax()
    plots.draw_digit(axis, data.X_test[i], f"{labels[i]}, not {most}")
    axis.set_xlabel(f"{wrong[i]} of {len(together)}")
caption = "The eight test images with the most wrong answers. Above: the label, and \
the most frequent wrong answer. Below: how many of the eighteen answers are wrong."
titles = ", ".join(axis.get_title() for axis in axes)
plots.show(figure, caption, f"Eight digits that are hard to read: {titles}.")
print(f"always right: {np.mean(wrong == 0):.1%} of the images,", end=" ")
print(f"never right: {np.mean(wrong == len(together)):.1%}")
assert np.mean(wrong == 0) > 0.7


# %% [markdown]
# ## A piece of your own
#
# The loop takes any update rule. The one that most people use today is **Adam** (D. Kingma and J.
# Ba, 2014): a memory of gradients as in part 4.5 (here an average), divided by the typical size of
# the gradient, entry by entry. Each weight gets a rate that fits it. With $g$ the gradient, both
# averages forget old values; the divisions by $1 - 0.9^t$ and $1 - 0.999^t$ at step $t$ make up
# for their start at 0:
#
# $$m \leftarrow 0.9\, m + 0.1\, g, \qquad s \leftarrow 0.999\, s + 0.001\, g^2, \qquad
# W \leftarrow W - \eta\, \frac{m / (1 - 0.9^t)}{\sqrt{s / (1 - 0.999^t)} + 10^{-8}}$$
#
# By hand, at the first step: $m = 0.1 g$ and $s = 0.001 g^2$; both corrections undo these factors,
# so the step is $-\eta\, g / |g|$: its size is $\eta$, whatever the gradient (unless it is 0).
# That is why the usual rate is small, 0.001.

# %%
def adam_update(memory, gradient, lr):
    m, s, t = memory if isinstance(memory, tuple) else (0, 0, 0)
    m = 0.9 * m + 0.1 * gradient
    s = 0.999 * s + 0.001 * gradient**2
    t = t + 1
    step = (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return (m, s, t), -lr * step


memory, first_step = adam_update(np.zeros(3), np.array([5.0, -0.01, 300.0]), 0.001)
assert np.allclose(first_step, [-0.001, 0.001, -0.001], rtol=1e-5)  # as by hand
print("first step:", first_step.round(4))

# %% [markdown]
# Three rules on the network with two hidden layers, five epochs, three seeds. Plain gets the rate
# of part 4.1, momentum 0.02: an effective rate of 0.2, twice as much. **Before you run it:** will
# Adam be ahead?

# %%
RULES = {"plain": nn.sgd_update, "momentum": with_memory, "Adam": adam_update}
losses = {}
for (name, rule), lr in zip(RULES.items(), (0.1, 0.02, 0.001), strict=True):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        _, history = nn.gradient_descent_general(
            X, y, start(THREE_LAYERS, rng), lr, 5, forward_3, gradient_3,
            nn.cross_entropy, batch_size=64, rng=rng, update_fn=rule,
        )
        losses.setdefault(name, []).append(history)
    curve = " ".join(f"{loss:.3f}" for loss in np.mean(losses[name], axis=0))
    print(f"{name:9} rate {lr:<6g} loss after each epoch: {curve}")
ends = {name: np.mean(histories, axis=0)[-1] for name, histories in losses.items()}
assert max(ends["momentum"], ends["Adam"]) < 0.85 * ends["plain"]

# %% [markdown]
# Both rules with a memory end lower than the plain one, on the mean of three seeds. (Part 4.5 says
# how to compare more fairly: run plain at 0.2, too, and momentum at 0.01.) Between the two there
# is little to choose here. And the loop had never heard of your rule.
#
# ## The same in PyTorch
#
# Frameworks hold the same pieces under other names, and run them on faster hardware. The great
# difference: they find the gradient by themselves. They keep the graph of part 3.4 while the
# forward pass runs, and walk it backward.
#
# | here | in PyTorch |
# |---|---|
# | `X @ W + b` | `torch.nn.Linear(d, k)` |
# | `relu`, `softmax` | `torch.relu`, `torch.softmax` |
# | `cross_entropy(softmax(Z), y)` | `torch.nn.functional.cross_entropy(Z, labels)` |
# | `conv_forward`, `max_pool` | `torch.nn.Conv2d`, `torch.nn.MaxPool2d` |
# | `dropout(A, p)`, where `p` is **kept** | `torch.nn.Dropout(p)`, where `p` is **dropped** |
# | `backward_mlp`, `backward_cnn` | `loss.backward()` |
# | `sgd_update`, `momentum_update` | `torch.optim.SGD(..., momentum=0.9)` |
# | `l2_regularization` with $\lambda$ | `weight_decay` $= 2\lambda$, also for biases |
# | `gradient_descent_general` | a loop that you write yourself |
#
# ## Where to go next
#
# - **Let the machine differentiate.** Andrej Karpathy's *micrograd* does in about a hundred lines
#   what part 3.4 does by hand, for any formula made of numbers.
# - **More kinds of layers.** *Dive into Deep Learning* (d2l.ai) goes on where this course stops:
#   batch normalization, residual networks, attention. Stanford's notes for *CS231n* treat images.
# - **The theory.** *Deep Learning* by I. Goodfellow, Y. Bengio and A. Courville (2016).
# - **The sources.** D. Rumelhart, G. Hinton and R. Williams (1986) on backpropagation and
#   Y. LeCun and others (1998) on convolutional networks are readable with what you know now.
#
# And take data of your own. Start with the nearest average. Then ask of every step what it
# gained: over several seeds, on rows that nothing was fitted to.
