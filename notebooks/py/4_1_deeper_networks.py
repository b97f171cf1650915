# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4.1 · Deeper MLPs and vanishing gradients
#
# More layers, more trouble: what goes into a deep network may never come out at the other end.
# At the end of this lesson you start a network of ten layers in such a way that it does:

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import load_data
from course_lib.explorers import part_4_1

data = load_data()
images = part_4_1.prepare(data)
finished = part_4_1.draw(images, 10, "relu", "he", 0)
sizes = part_4_1.measure(images, 10, "relu", "he", 0)
both = sizes.signals + sizes.errors
assert min(both) > 0.01 and max(both) < 10
caption = "A network of ten layers, not trained yet. Left: the size of what goes forward. \
Right: the size of the error that comes back. In every layer, both lie between 0.01 and 10, \
on axes that reach over 24 powers of ten."
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** add a third layer, forward and backward, follow the size of signals and errors from
# layer to layer, derive how large random starting weights should be, and tell apart two faults that
# look the same: a start that is too small, and slopes that multiply towards zero.
#
# **You need** forward pass and backpropagation of two layers (parts 3.3 and 3.4) and the slope of
# the sigmoid (1.3). **Time:** about 90 minutes with the exercises; the notebook itself runs in less
# than a minute. **New in the library:** `initialize_weights`, `forward_mlp_3layer` and
# `backward_mlp_3layer`. The library so far, part by part:

# %%
library_so_far("4.1")

# %% [markdown]
# ## Predict
#
# Note your answers, and your reasons:
#
# - Two networks 784→256→128→10 differ only in their random starting weights: in one they are
#   about 0.01, in the other several times larger. Same images, same rate. The small ones have to
#   grow first. Does that cost a few steps, or **epochs**?
# - A network of **five** layers uses the sigmoid. The output layer makes an error, and
#   backpropagation carries it down to layer 1. How many times smaller is it there? 5 times? 20
#   times? Hundreds of times?
# - Does a **third layer** recognize more digits than the two layers of part 3.4?
#
# ## The smallest case, by hand
#
# A chain of three layers, each a single unit: $z_l = w_l\, a_{l-1} + b_l$, with input $a_0 = 1$.
#
# **Forward**, with ReLU, all weights 0.01 and no biases: $a_1 = 0.01$, $a_2 = 0.0001$ and
# $z_3 = 0.000001$. Each layer keeps a hundredth. With weights 1, everything stays 1.
#
# **Backward.** $\delta_l$ ("delta") is the slope of the loss along $z_l$. Part 3.4 found how to
# get from one layer to the layer below: times the weight, times the slope of the activation. Take
# weights 1, and $\delta_3 = 1$. The sigmoid is steepest at $z = 0$, where its slope is
# $\frac14$. The biases $b_1 = -1$ and $b_2 = -\frac12$ put both hidden units at exactly that point.
# So $\delta_2 = \frac14$ and $\delta_1 = \frac1{16}$, and **that is the best case**. With ReLU and
# $z > 0$ the slope is 1: $\delta_1 = 1$.

# %%
from course_lib.neural_network import relu, sigmoid


def chain(activation, w, b1, b2):
    a1 = activation(w * 1.0 + b1)
    a2 = activation(w * a1 + b2)
    return w * a2  # z3; as the loss itself, it has delta3 = 1


h = 1e-5  # delta1 is the slope along b1: measured by a small step to either side
delta1 = {f: (chain(f, 1, -1 + h, -0.5) - chain(f, 1, -1 - h, -0.5)) / (2 * h) for f in [sigmoid]}
delta1[relu] = (chain(relu, 1, h, 0) - chain(relu, 1, -h, 0)) / (2 * h)
assert np.isclose(chain(relu, 0.01, 0, 0), 1e-6)  # as by hand
assert np.isclose(delta1[sigmoid], 1 / 16) and np.isclose(delta1[relu], 1)
print(f"forward, weights 0.01: z3 = {chain(relu, 0.01, 0, 0):.6f}")
print(f"backward: delta1 = {delta1[sigmoid]:.4f} (sigmoid), {delta1[relu]:.4f} (ReLU)")

# %% [markdown]
# Two ways to lose a number: small weights shrink it in both directions, and the slope of the
# sigmoid shrinks it on the way back.
#
# ## A third layer
#
# The formulas of parts 3.3 and 3.4 go on as they began. Forward, with ReLU twice:
#
# $$A_1 = \mathrm{relu}(XW_1 + b_1), \qquad A_2 = \mathrm{relu}(A_1W_2 + b_2), \qquad
# A_3 = \mathrm{softmax}(A_2W_3 + b_3)$$
#
# Backward, from the end. $\odot$ multiplies entry by entry, and $[A > 0]$ is 1 where $A$ is
# above 0, else 0: the slope of ReLU. The step from $\delta_3$ to $\delta_2$ is the one of part
# 3.4, and it never asked which layer it was in. So take it twice:
#
# $$\delta_3 = A_3 - y, \qquad \delta_2 = \delta_3 W_3^\top \odot [A_2 > 0], \qquad
# \delta_1 = \delta_2 W_2^\top \odot [A_1 > 0]$$
#
# $$\nabla_{W_l} = \frac1n\, A_{l-1}^\top\, \delta_l \quad (A_0 = X), \qquad
# \nabla_{b_l} = \text{mean of the rows of } \delta_l$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$, $y$ | $(n, d)$, $(n, k)$ | $n$ images, and their classes as one-hot rows |
# | $W_1$, $W_2$, $W_3$ | $(d, h_1)$, $(h_1, h_2)$, $(h_2, k)$ | weights |
# | $A_1$, $A_2$, $A_3$ | $(n, h_1)$, $(n, h_2)$, $(n, k)$ | what each layer gives |
# | $\delta_l$ | that of $A_l$ | slope of each image's loss along $Z_l$ |

# %%
from course_lib.neural_network import softmax


def forward_three(X, W1, b1, W2, b2, W3, b3):
    A1 = relu(X @ W1 + b1)
    A2 = relu(A1 @ W2 + b2)
    return A1, A2, softmax(A2 @ W3 + b3)


def backward_three(X, A1, A2, A3, y, W1, W2, W3):
    delta3 = A3 - y
    delta2 = delta3 @ W3.T * (A2 > 0)
    delta1 = delta2 @ W2.T * (A1 > 0)
    layers = (X, delta1), (A1, delta2), (A2, delta3)
    pairs = [(A.T @ d / len(X), d.mean(axis=0, keepdims=True)) for A, d in layers]
    return tuple(gradient for pair in pairs for gradient in pair)


# %% [markdown]
# Check it as part 2.4 taught: on sizes that all differ, against the library and against the
# measured slopes.

# %%
from course_lib.neural_network import (
    backward_mlp_3layer,
    cross_entropy,
    forward_mlp_3layer,
    numerical_gradient,
    one_hot,
    relative_error,
)

names = ["W1", "b1", "W2", "b2", "W3", "b3"]
shapes = [(4, 6), (1, 6), (6, 5), (1, 5), (5, 3), (1, 3)]
rng = np.random.default_rng(0)
odd = {name: rng.normal(size=shape) for name, shape in zip(names, shapes, strict=True)}
X_odd, y_odd = rng.normal(size=(7, 4)), one_hot([0, 2, 1, 1, 0, 2, 2], 3)


# %%
def forward(X, params):
    return forward_mlp_3layer(X, *[params[name] for name in names])


def gradient(X, y, outputs, params):
    slopes = backward_mlp_3layer(X, *outputs, y, *[params[name] for name in names[::2]])
    return dict(zip(names, slopes, strict=True))


outputs = forward(X_odd, odd)
for our, their in zip(forward_three(X_odd, *odd.values()), outputs, strict=True):
    assert np.allclose(our, their)
weights = odd["W1"], odd["W2"], odd["W3"]
ours = dict(zip(names, backward_three(X_odd, *outputs, y_odd, *weights), strict=True))
measured = numerical_gradient(X_odd, y_odd, odd, cross_entropy, forward)
theirs = gradient(X_odd, y_odd, outputs, odd)
for name in names:
    assert np.allclose(ours[name], theirs[name])
    assert relative_error(ours[name], measured[name]) < 1e-6
print("all", len(names), "gradients agree with the library and with the measured slopes")

# %% [markdown]
# ### Any number of layers
#
# The steps repeat, so let a loop take them. The parameters are `W1`, `b1`, `W2` and so on; the
# activation of the hidden layers is now a choice, and its slope is computed from its output.

# %%
SLOPES = {relu: lambda A: A > 0, sigmoid: lambda A: A * (1 - A)}


def forward_deep(X, params, activation):
    outputs, last = [X], len(params) // 2
    for i in range(1, last + 1):
        Z = outputs[-1] @ params[f"W{i}"] + params[f"b{i}"]
        outputs.append(softmax(Z) if i == last else activation(Z))
    return tuple(outputs)  # (X, A1, A2, ...)


def deltas_of(outputs, y, params, activation):
    deltas = [outputs[-1] - y]
    for i in range(len(outputs) - 2, 0, -1):
        slope = SLOPES[activation](outputs[i])
        deltas.insert(0, deltas[0] @ params[f"W{i + 1}"].T * slope)
    return deltas  # of layer 1, 2, ...


# %%
def gradient_deep(X, y, outputs, params, activation):
    gradients = {}
    for i, delta in enumerate(deltas_of(outputs, y, params, activation), start=1):
        gradients[f"W{i}"] = outputs[i - 1].T @ delta / len(X)
        gradients[f"b{i}"] = delta.mean(axis=0, keepdims=True)
    return gradients


four = odd | {"W4": rng.normal(size=(3, 3)), "b4": rng.normal(size=(1, 3))}
for params, f in (odd, relu), (four, relu), (four, sigmoid):
    slopes = gradient_deep(X_odd, y_odd, forward_deep(X_odd, params, f), params, f)
    measured = numerical_gradient(
        X_odd, y_odd, params, cross_entropy, lambda X, params, f=f: forward_deep(X, params, f)
    )
    assert all(relative_error(slopes[name], measured[name]) < 1e-6 for name in params)
    assert params is not odd or all(np.allclose(slopes[name], theirs[name]) for name in odd)
    print(len(params) // 2, "layers,", f.__name__ + ": all gradients agree")

# %% [markdown]
# ## How large should the first weights be?
#
# Let $z = a_1w_1 + \dots + a_dw_d$ be what one unit computes from its $d$ inputs. ($d$ is its
# **fan-in**; here $a_i$ and $w_i$ are single numbers.) The weights are drawn independently of each
# other, with mean 0 and standard deviation $s$. Square the sum:
#
# $$z^2 = \sum_i a_i^2 w_i^2 + \sum_{i \ne j} a_i a_j\, w_i w_j$$
#
# Average over many drawings of the weights. $w_i^2$ averages to $s^2$, the definition of the
# standard deviation. $w_i w_j$ averages to $0 \cdot 0 = 0$, because the two are independent. Write
# $\overline{a^2}$ for the **mean square** of the inputs, $\frac1d \sum_i a_i^2$. What is left is
#
# $$\overline{z^2} = s^2 \sum_i a_i^2 = d\, s^2\, \overline{a^2}$$
#
# **ReLU** sets the negative ones to 0. If the drawing is even (as many $-w$ as $w$), $z$ and $-z$
# are equally frequent, so half of the mean square is lost:
#
# $$\overline{\mathrm{relu}(z)^2} = \tfrac12\, d\, s^2\, \overline{a^2}$$
#
# To leave a layer as large as it came in, the factor must be 1: $\frac12 d s^2 = 1$. That is
# **He's** start, named after its first author: $s = \sqrt{2/d}$.
#
# **Backward**, $\delta W^\top$ sums over the $k$ units above (the **fan-out**): the same
# calculation with $k$ in place of $d$ gives a factor $k\,s^2$. Without a ReLU, forward asks for
# $d s^2 = 1$ and backward for $k s^2 = 1$. **Xavier's** start (the first name of its author) takes
# the mean of $d$ and $k$: $\frac{d + k}2 s^2 = 1$, so $s = \sqrt{2/(d + k)}$.

# %%
d, k, s = 300, 500, 0.07
A, W = rng.uniform(size=(200, d)), rng.normal(0, s, size=(d, k))
delta = rng.normal(size=(200, k))


def mean_square(values):
    return np.mean(values**2)


measured = np.array([mean_square(A @ W), mean_square(relu(A @ W))]) / mean_square(A)
back = mean_square(delta @ W.T) / mean_square(delta)
print(
    f"forward:  {measured[0]:.2f} (formula {d * s**2:.2f}), with ReLU {measured[1]:.2f} "
    f"(formula {d * s**2 / 2:.2f})"
)
print(f"backward: {back:.2f} (formula {k * s**2:.2f})")
assert np.allclose(measured, [d * s**2, d * s**2 / 2], rtol=0.1)
assert np.isclose(back, k * s**2, rtol=0.1)

# %% [markdown]
# Part 3.4 already used $\sqrt{2/d}$; now you know where it comes from. Here are the three starts as
# a function, and then the library's. What do they make of the weights of our network?

# %%
from course_lib.neural_network import initialize_weights


def first_weights(d, k, scheme, rng):
    widths = {"small": 0.01, "xavier": np.sqrt(2 / (d + k)), "he": np.sqrt(2 / d)}
    return rng.normal(0, widths[scheme], size=(d, k))


print("scheme     s of W1   s of W2   factor of the mean square, layer 2 with ReLU")
for scheme in ("small", "xavier", "he"):
    for d, k in ((784, 256), (256, 128)):
        W = initialize_weights((d, k), scheme, rng=np.random.default_rng(3))
        assert np.array_equal(W, first_weights(d, k, scheme, np.random.default_rng(3)))
    s1, s2 = (
        initialize_weights(shape, scheme, rng=np.random.default_rng(3)).std()
        for shape in ((784, 256), (256, 128))
    )
    print(f"{scheme:8} {s1:9.3f} {s2:9.3f} {256 * s2**2 / 2:9.3f}")

# %% [markdown]
# From here on we use the library's. With 0.01, layer 2 keeps about a hundredth of the mean square,
# a tenth of the size. And forward is only half of the way: the errors shrink as well.
#
# ## The product of slopes
#
# Follow $\delta$ from the last layer $L$ to the first. Each step multiplies by the weights and by
# the slopes of the sigmoid, $\sigma' = \sigma(1 - \sigma)$:
#
# $$\delta_l = \delta_{l+1} W_{l+1}^\top \odot \sigma'(Z_l), \qquad l = L - 1, \dots, 1$$
#
# We measure its size by the **root mean square** (rms), the root of the mean of the squared
# entries. The weights give a factor $\sqrt{k}\,s$, where $k$ and $s$ are fan-out and standard
# deviation of $W_{l+1}$; the slopes give another. If the two have nothing to do with each other,
# they multiply, and no slope is above $\frac14$:
#
# $$\frac{\mathrm{rms}(\delta_l)}{\mathrm{rms}(\delta_{l+1})} \approx
# \sqrt{k}\, s \cdot \mathrm{rms}(\sigma'(Z_l)) \;\le\; \tfrac14 \sqrt{k}\, s, \qquad
# \frac{\mathrm{rms}(\delta_1)}{\mathrm{rms}(\delta_L)} \approx
# \text{the product of these, from layer } L - 1 \text{ to } 1$$
#
# With Xavier's start $\sqrt{k}\,s$ is 1 where $d = k$, so a sigmoid layer leaves about a quarter.
# Four hidden layers leave $\left(\frac14\right)^4 = \frac1{256}$, or less where $k < d$. Now
# measure it, on 200 digits and a network 784→128→64→64→64→10. (The pixels stay as they are, from
# 0 to 1.)

# %%
from itertools import pairwise

X_train, y_train = data.X_train, one_hot(data.y_train, 10)
X_some, y_some = X_train[:200], y_train[:200]
TWO, THREE, FIVE = (784, 256, 10), (784, 256, 128, 10), (784, 128, 64, 64, 64, 10)


def rms(values):
    return np.sqrt(mean_square(values))


def start(sizes, scheme, seed=0):
    rng, params = np.random.default_rng(seed), {}
    for i, (d, k) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = initialize_weights((d, k), scheme, rng=rng)
        params[f"b{i}"] = np.zeros((1, k))
    return params


# %%
params = start(FIVE, "xavier")
outputs = forward_deep(X_some, params, sigmoid)
deltas = deltas_of(outputs, y_some, params, sigmoid)
print("from layer  sqrt(k) s   rms slope   product   measured")
products = []
for i in (4, 3, 2, 1):
    W = params[f"W{i + 1}"]
    factor, slope = np.sqrt(W.shape[1]) * W.std(), rms(SLOPES[sigmoid](outputs[i]))
    products.append(factor * slope)
    found = rms(deltas[i - 1]) / rms(deltas[i])
    print(f"{i + 1} to {i} {factor:13.3f} {slope:11.3f} {factor * slope:9.3f} {found:10.3f}")
    assert slope < 0.25 and np.isclose(found, factor * slope, rtol=0.2)
ratio = rms(deltas[0]) / rms(deltas[-1])
print(f"all four: {np.prod(products):.5f}, measured {ratio:.5f}: {1 / ratio:.0f} times smaller")
assert np.isclose(ratio, np.prod(products), rtol=0.3) and 1 / ratio > 256

# %% [markdown]
# Hundreds of times, and more than 256. This is the **vanishing gradient**: no single step looks
# bad, but layer 1 hears of the error only as a whisper. And ReLU? Its slopes are 1 or 0, no
# quarters.
#
# ## Experiment
#
# Two activations, three starts, six untrained networks of five layers. **Before you run it:**
# which line on the right stays most level? And on the left, in which networks do the activations
# die out on their way forward?

# %%
found, schemes = {}, ("small", "xavier", "he")
for f in (relu, sigmoid):
    for scheme in schemes:
        params = start(FIVE, scheme)
        outputs = forward_deep(X_some, params, f)
        deltas = deltas_of(outputs, y_some, params, f)
        found[f, scheme] = [rms(A) for A in outputs[:-1]], [rms(delta) for delta in deltas]
last_over_first = {key: forward[-1] / forward[1] for key, (forward, _) in found.items()}
first_over_last = {key: back[0] / back[-1] for key, (_, back) in found.items()}
print("           forward: A4 / A1        backward: delta1 / delta5")
for scheme in schemes:
    cells = [
        f"{table[f, scheme]:9.1e}"
        for table in (last_over_first, first_over_last)
        for f in (relu, sigmoid)
    ]
    print(f"{scheme:8} ReLU{cells[0]}  sigmoid{cells[1]}  ReLU{cells[2]}  sigmoid{cells[3]}")

# %%
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.6), sharey=True, layout="constrained")
styles = {scheme: style for scheme, style in zip(schemes, plots.LINES, strict=False)}
for (f, scheme), both in found.items():
    color, _, marker = styles[scheme]
    for first, (axis, curve) in enumerate(zip(axes, both, strict=True)):
        axis.semilogy(
            range(first, first + 5),
            curve,
            "-" if f is relu else "--",
            color=color,
            marker=marker,
            label=f"{f.__name__}, {scheme}",
        )
axes[0].set(title="Forward: activations", xlabel="layer (0: input)", ylabel="rms", xticks=range(5))
axes[1].set(title="Backward: delta", xlabel="layer (5: output)", xticks=range(1, 6))
axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
_ = [axis.grid(alpha=0.3) for axis in axes]
caption = "Solid: ReLU; dashed: sigmoid. Left: only ReLU with small weights dies out; the three \
dashed lines lie on top of each other. Right, from layer 5 leftwards: ReLU with He loses least."
plots.show(figure, caption, f"Sizes by layer, two plots with six lines each. {caption}")
ends = {key: ratio < 0.01 for key, ratio in last_over_first.items()}
assert [key for key, dies_out in ends.items() if dies_out] == [(relu, "small")]
assert max(first_over_last, key=first_over_last.get) == (relu, "he")

# %% [markdown]
# ### Your turn: the sliders
#
# Every hidden layer has 64 units here. Run the next cell, move a control, let go. Guess before you
# let go. The line below says how $\delta$ in layer 1 compares with the last layer.
#
# 1. ReLU and He: raise the **layers** from 2 to 10. What happens to the ratio? Then choose the
#    start **Xavier**. How much does a missing factor $\sqrt2$ cost in ten layers?
# 2. **Sigmoid** and Xavier: by what does each further layer divide $\delta$ of layer 1?
# 3. **Small**, ReLU, 5 layers: raise the **training steps** to 300. Does the network get anywhere?
# 4. **Large** weights, and ReLU: which way does it go now? What do a few training steps do to it?
# 5. The left plot has a second line, the **differences between images**: what is left of the
#    activations when you take away what all images have in common. Where do the two lines part?

# %%
part_4_1.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **He keeps the size** over ten layers. Xavier does not know of the half that ReLU takes away; a
#   factor $\sqrt{1/2}$ a layer is little, but it multiplies.
# - **Each sigmoid layer divides by about 4**, as the product says.
# - **Small weights** lose signals and errors at once, and 300 steps change nothing that one can
#   see.
# - **Large weights** let both grow layer by layer: the **exploding gradient**. The first steps are
#   so long that the network is wrecked.
# - **With the sigmoid the two lines part.** The activations stay near 0.5, but they are nearly the
#   same for every image: a constant is large, and says nothing. The next cell measures it.

# %%
print("sigmoid, Xavier: layer   rms of A   differences between images")
outputs = forward_deep(X_some, start(FIVE, "xavier"), sigmoid)
differences = [rms(A - A.mean(axis=0)) for A in outputs[:-1]]
for layer, A in enumerate(outputs[:-1]):
    print(f"{layer:22} {rms(A):10.3f} {differences[layer]:13.4f}")
assert differences[4] < differences[1] / 20 and rms(outputs[4]) > 0.4

# %% [markdown]
# ### Why not compare the gradients of the weights?
#
# $\nabla_{W_1}$ and $\nabla_{W_3}$ are what training uses, so it is tempting to compare their
# sizes, say the mean of $|\nabla_W|$. What would you conclude from these numbers?

# %%
print("3 layers, ReLU   mean|grad W1| / mean|grad W3|    rms delta1 / rms delta3")
by_mean, by_delta = {}, {}
for scheme in ("small", "he"):
    params = start(THREE, scheme)
    outputs = forward_deep(X_some, params, relu)
    deltas = deltas_of(outputs, y_some, params, relu)
    slopes = gradient_deep(X_some, y_some, outputs, params, relu)
    by_mean[scheme] = np.abs(slopes["W1"]).mean() / np.abs(slopes["W3"]).mean()
    by_delta[scheme] = rms(deltas[0]) / rms(deltas[-1])
    sizes = [f"{np.abs(slopes[name]).mean():.1e}" for name in ("W1", "W3")]
    print(f"{scheme:14} {by_mean[scheme]:.2f} ({' / '.join(sizes)}) {by_delta[scheme]:18.4f}")
assert by_mean["small"] > 0.2 * by_mean["he"] and by_delta["small"] < 0.02 * by_delta["he"]

# %% [markdown]
# By the first column the two starts hardly differ. But $\nabla_{W_3} = A_2^\top\delta_3/n$ is small
# because $A_2$ has died out, and $\nabla_{W_1} = X^\top\delta_1/n$ is small because $\delta_1$ has:
# the ratio of two small numbers looks healthy. The rms of $\delta$ tells them apart. And the
# numbers in brackets say what follows: with small weights **every** weight has a tiny gradient.
#
# ## On real data: the stall
#
# The network 784→256→128→10 with ReLU, all training digits, rate 0.1, batches of 64, 12 epochs;
# four seeds for each start. A seed sets weights and shuffling. Write down how the two bundles of
# curves will look.

# %%
from course_lib.neural_network import gradient_descent_general


def fit(params, seed, forward_fn=forward, grad_fn=gradient, lr=0.1, num_epochs=12):
    return gradient_descent_general(
        X_train,
        y_train,
        params,
        lr,
        num_epochs,
        forward_fn,
        grad_fn,
        cross_entropy,
        batch_size=64,
        rng=np.random.default_rng(seed),
    )


def accuracy_of(params, forward_fn=forward):
    return np.mean(forward_fn(data.X_test, params)[-1].argmax(axis=1) == data.y_test)


three = {
    (scheme, seed): fit(start(THREE, scheme, seed), seed)
    for scheme in ("small", "he")
    for seed in range(4)
}

# %%
figure, axis = plt.subplots(figsize=(8, 3.4), layout="constrained")
for (scheme, seed), (_, losses) in three.items():
    color, line, marker = styles[scheme]
    label = f"start {scheme}, four seeds" if seed == 0 else None
    axis.plot(
        range(1, 13),
        losses,
        "--" if scheme == "small" else "-",
        color=color,
        marker=marker,
        markersize=3,
        linewidth=1,
        label=label,
    )
axis.axhline(np.log(10), color="gray", linewidth=1)
axis.set(xlabel="epoch", ylabel="training loss", ylim=(0, 2.5), xticks=range(1, 13))
axis.legend()
half = {key: 1 + np.argmax(np.array(losses) < np.log(10) / 2) for key, (_, losses) in three.items()}
small, he = ([half[scheme, seed] for seed in range(4)] for scheme in ("small", "he"))
caption = f"Gray: ln 10, the loss of guessing. The loss is first below half of it after epoch \
{min(small)} to {max(small)} with small weights, and after epoch {max(he)} with He's."
plots.show(figure, caption, f"Training loss of eight runs over twelve epochs. {caption}")
assert min(small) >= 4 and max(he) <= 2

# %% [markdown]
# With small weights, the loss lies on a **plateau** for epochs, with every seed. With He's start
# the same network learns at once. Nothing else differs, so this stall is **the start's fault**. It
# also ends by itself: each step makes the weights a little larger, larger weights pass on more of
# the signals and of the errors, and so the steps grow as well.
#
# Is that the vanishing gradient? The symptom is the same, and here it has a cure that costs
# nothing. The other cause is deeper. Five layers, three seeds each, the same rate and epochs:

# %%
from functools import partial


def fit_deep(sizes, scheme, activation, seed, **settings):
    forward_fn = partial(forward_deep, activation=activation)
    grad_fn = partial(gradient_deep, activation=activation)
    params = start(sizes, scheme, seed)
    params, losses = fit(params, seed, forward_fn, grad_fn, **settings)
    return losses, accuracy_of(params, forward_fn)


for f, scheme in (relu, "small"), (relu, "he"), (sigmoid, "xavier"):
    results = [fit_deep(FIVE, scheme, f, seed) for seed in range(3)]
    losses, hits = [losses[-1] for losses, _ in results], [100 * hit for _, hit in results]
    print(
        f"5 layers, {f.__name__:7} {scheme:6}: loss {min(losses):.2f} to {max(losses):.2f}, "
        f"test accuracy {min(hits):.0f} to {max(hits):.0f} %"
    )
    assert max(losses) < 1 if scheme == "he" else min(losses) > 2.2

# %% [markdown]
# Small weights: two layers more, and the stall has no end in sight. He's start cures it. The
# sigmoid has a start that suits it, and is still no better than guessing after 12 epochs: layer 1
# learns hundreds of times too slowly.
#
# Slow, or impossible? Give it ten times the rate and more than three times the epochs:

# %%
results = [fit_deep(FIVE, "xavier", sigmoid, seed, lr=1.0, num_epochs=40) for seed in range(2)]
for seed, (losses, hits) in enumerate(results):
    print(
        f"seed {seed}: after 10 epochs no better than guessing: {losses[9] > 2}, "
        f"after 40 below half of it: {losses[-1] < np.log(10) / 2}"
    )
    assert losses[4] > 2 and losses[-1] < np.log(10) / 2 and hits > 0.5

# %% [markdown]
# **Slow, not impossible.** After a long plateau it learns. But ReLU with He's start was there in a
# few epochs.
#
# ### Does the third layer help?
#
# The part 3.4 network, 784→256→10, with the same start, rate, seeds and epochs, beside our three
# layers. Each seed gives a pair of runs; the mean of the four differences has a **standard error**,
# their standard deviation divided by $\sqrt4$. With four pairs, statistics takes a mean seriously
# when it is more than 3.2 standard errors from 0.

# %%
two_layers = np.array([fit_deep(TWO, "he", relu, seed)[1] for seed in range(4)]) * 100
three_layers = np.array([accuracy_of(three["he", seed][0]) for seed in range(4)]) * 100
for name, hits in (("part 3.4, 2 layers", two_layers), ("part 4.1, 3 layers", three_layers)):
    print(f"{name}: test accuracy {hits.mean():.1f} ± {hits.std(ddof=1):.1f} %")
gain = three_layers - two_layers
error = gain.std(ddof=1) / 2
print(
    f"gain {gain.mean():+.1f}, standard error {error:.1f}: to be taken seriously:",
    abs(gain.mean()) > 3.2 * error,
)
assert abs(gain.mean()) < 3.2 * error

# %% [markdown]
# **No difference** that four pairs of runs could show. A third layer is not more accurate because
# it is a third layer; small pictures of digits are within reach of two. What depth is good for, you
# see in part 4.2, where layers look at small patches. Do you still have your third prediction?
#
# ## Break it on purpose
#
# **First: all weights zero.** He's formula is about the size of random weights. Why random at all?
# Which of the six gradients are not zero?

# %%
zeros = {name: np.zeros_like(value) for name, value in start(THREE, "he").items()}
slopes = gradient(X_train, y_train, forward(X_train, zeros), zeros)
print({name: "zero" if np.all(slope == 0) else "not zero" for name, slope in slopes.items()})
params, losses = fit(zeros, 0, num_epochs=2)
moved = [name for name in names if np.any(params[name] != 0)]
print(f"after 2 epochs, moved: {moved}, loss {losses[-1]:.2f}, guessing {np.log(10):.2f}")
assert moved == ["b3"] and losses[-1] > 2.2

# %% [markdown]
# Only the bias of the output layer. Each $\nabla_W$ is a product with an activation or a $\delta$
# that is zero, and it stays zero forever. All weights equal, but not zero, would not help: the
# units of a layer would compute the same, get the same gradient and remain copies of each other.
#
# **Second: too large.** Standard deviation 1, in all three layers. What will the loss be at first?

# %%
for seed in range(3):
    rng = np.random.default_rng(seed)
    large = {
        name: rng.normal(size=value.shape) if name[0] == "W" else value
        for name, value in zeros.items()
    }
    outputs = forward(X_train, large)
    sure = np.mean(outputs[-1].max(axis=1) > 0.99)
    loss = cross_entropy(outputs[-1], y_train)
    with np.errstate(all="ignore"):
        _, losses = fit(large, seed, num_epochs=2)
    print(
        f"seed {seed}: {100 * sure:.0f} % of the answers are sure, loss {loss:.0f};",
        "learns" if losses[-1] < 1 else "after 2 epochs it has not learned",
    )
    assert sure > 0.9 and loss > 5 * np.log(10) and not losses[-1] < 1

# %% [markdown]
# Before it has seen a label, it is sure of nearly every answer, and mostly wrong. The errors grow
# on the way down, so the first steps are huge; after them the hidden units are dead or the numbers
# overflow. Same rate, same layers: **the start decides**.
#
# ## Exercises
#
# Open [exercises/4_1_deeper_networks.ipynb](../exercises/4_1_deeper_networks.ipynb). Each one
# checks itself and gives hints.
#
# 1. **Recall** · shapes of 2→4→3→2, and the forward pass of three layers
# 2. **Change** · the backward pass of three layers, and one step that lowers the loss
# 3. **Derive** · He's start for a leaky ReLU, derived and measured
# 4. **Explore** · $\delta$ by depth: what one more layer costs, sigmoid against ReLU
#
# ## What you can do now
#
# - go forward and backward through any number of layers
# - derive how large random weights should be, for an activation you have not met
# - find out where signals or errors get lost: the rms of $A$ and of $\delta$, layer by layer
# - tell a bad start from slopes that vanish, and say which cure fits
#
# **Next:** 4.2 Convolutional layers, which look at small patches of an image, with the same weights
# everywhere.
