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
# At the end of this lesson you know how to start a network of ten layers so that it does:

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
caption = "Ten layers, not trained yet. Left: what goes forward; dashed: differences \
between images. Right: the error that comes back. All sizes stay near the gray line, 1."
assert min(sizes.signals + sizes.errors) > 0.01
assert max(sizes.signals + sizes.errors) < 10
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** add a third layer, forward and backward, follow the size of signals and errors from
# layer to layer, derive how large random starting weights should be, and see how depth, the slope
# of the activation and the start together decide what is left of an error.
#
# **You need** forward pass and backpropagation of two layers (parts 3.3 and 3.4) and the slopes of
# sigmoid, ReLU and tanh (3.2). **Time:** about 90 minutes with the exercises; the notebook itself
# runs in about a minute. **New in the library:** `initialize_weights`, `forward_mlp_3layer` and
# `backward_mlp_3layer`. The library so far, part by part:

# %%
library_so_far("4.1")

# %% [markdown]
# ## Predict
#
# Note your answers, and your reasons:
#
# - Two networks 784→256→128→10 differ only in their random starting weights: in one they are
#   about 0.01, in the other several times larger. Same images, same rate. How much later does the
#   small one get going: a few steps, one epoch, several epochs?
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
# $\frac14$. The biases $b_1 = -1$ and $b_2 = -\frac12$ put both hidden units at exactly that point:
# $z_1 = 1 - 1 = 0$, so $a_1 = \frac12$, and $z_2 = \frac12 - \frac12 = 0$.
# So $\delta_2 = \frac14$ and $\delta_1 = \frac1{16}$, and **that is the best case**. With ReLU and
# $z > 0$ the slope is 1: $\delta_1 = 1$.

# %%
from course_lib.neural_network import relu, sigmoid


def chain(activation, w, b1, b2):
    a1 = activation(w * 1.0 + b1)
    a2 = activation(w * a1 + b2)
    return w * a2  # z3; taken as the loss itself, delta3 is 1


def slope_along_b1(activation, b1, b2, h=1e-5):  # that is delta1, measured
    above, below = chain(activation, 1, b1 + h, b2), chain(activation, 1, b1 - h, b2)
    return (above - below) / (2 * h)


died = chain(relu, 0.01, 0, 0)
vanished, kept = slope_along_b1(sigmoid, -1, -0.5), slope_along_b1(relu, 0, 0)
assert np.allclose([died, vanished, kept], [1e-6, 1 / 16, 1], rtol=1e-6)  # as by hand
print(f"forward, weights 0.01: z3 = {died:.6f}")
print(f"backward: delta1 = {vanished:.4f} (sigmoid), {kept:.4f} (ReLU)")

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
    delta2 = (delta3 @ W3.T) * (A2 > 0)
    delta1 = (delta2 @ W2.T) * (A1 > 0)
    layers = (X, delta1), (A1, delta2), (A2, delta3)
    pairs = [(A.T @ d / len(X), d.mean(axis=0, keepdims=True)) for A, d in layers]
    return tuple(gradient for pair in pairs for gradient in pair)


# %%
from course_lib.neural_network import backward_mlp_3layer, forward_mlp_3layer, one_hot

names = ["W1", "b1", "W2", "b2", "W3", "b3"]
shapes = [(4, 6), (1, 6), (6, 5), (1, 5), (5, 3), (1, 3)]
rng = np.random.default_rng(0)
odd = {name: rng.normal(size=shape) for name, shape in zip(names, shapes, strict=True)}
X_odd, y_odd = rng.normal(size=(7, 4)), one_hot([0, 2, 1, 1, 0, 2, 2], 3)
weights = odd["W1"], odd["W2"], odd["W3"]

outputs = forward_mlp_3layer(X_odd, *odd.values())
gradients = backward_mlp_3layer(X_odd, *outputs, y_odd, *weights)
ours = forward_three(X_odd, *odd.values())
assert all(np.allclose(our, their) for our, their in zip(ours, outputs, strict=True))
ours = backward_three(X_odd, *ours, y_odd, *weights)
assert all(np.allclose(our, their) for our, their in zip(ours, gradients, strict=True))
print(len(outputs), "outputs and", len(gradients), "gradients as in the library")

# %% [markdown]
# ### Any number of layers
#
# The steps repeat, so let a loop take them. The parameters are `W1`, `b1`, `W2` and so on; the
# activation of the hidden layers is now a choice, and its slope is computed from its output. Then
# the check that part 2.4 asks for, on odd sizes: three layers against the library, and three and
# four layers against the measured slopes.

# %%
from functools import partial

from course_lib.neural_network import cross_entropy, numerical_gradient, relative_error

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
        deltas.insert(0, (deltas[0] @ params[f"W{i + 1}"].T) * slope)
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
    forward_fn = partial(forward_deep, activation=f)  # f is filled in
    slopes = gradient_deep(X_odd, y_odd, forward_fn(X_odd, params), params, f)
    measured = numerical_gradient(X_odd, y_odd, params, cross_entropy, forward_fn)
    assert all(relative_error(slopes[name], measured[name]) < 1e-6 for name in params)
    if params is odd:
        assert all(map(np.allclose, slopes.values(), gradients))
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
# For a signal to leave a layer as large as it came in, the factor must be 1: $\frac12 d s^2 = 1$.
# That is **He's** start, after Kaiming He, first author of its paper: $s = \sqrt{2/d}$.
#
# **Backward**, $\delta W^\top$ sums over the $k$ units above (the **fan-out**): the same
# calculation with $k$ in place of $d$ gives a factor $k\,s^2$. ReLU's slopes of 0 then take a half
# here as well: with He's start the factor is $\frac12 k s^2 = k/d$, which is 1 where the widths are
# equal. Where all slopes are 1, forward asks for $d s^2 = 1$ and backward for $k s^2 = 1$.
# **Xavier's** start, after Xavier Glorot, takes the mean of $d$ and $k$:
# $\frac{d + k}2 s^2 = 1$, so $s = \sqrt{2/(d + k)}$.

# %%
d, k, s = 300, 500, 0.07
A, W = rng.uniform(size=(200, d)), rng.normal(0, s, size=(d, k))
delta = rng.normal(size=(200, k))


def mean_square(values):
    return np.mean(values**2)


rows = {"forward": (mean_square(A @ W) / mean_square(A), d * s**2),
        "then ReLU": (mean_square(relu(A @ W)) / mean_square(A), d * s**2 / 2),
        "backward": (mean_square(delta @ W.T) / mean_square(delta), k * s**2)}
for name, (measured, formula) in rows.items():
    print(f"{name:10} measured {measured:.2f}, formula {formula:.2f}")
    assert np.isclose(measured, formula, rtol=0.15)

# %% [markdown]
# Part 3.4 already used $\sqrt{2/d}$; now you know where it comes from. Here are the three starts as
# a function, and then the library's. What do they make of the weights of our network?

# %%
from course_lib.neural_network import initialize_weights


def first_weights(d, k, scheme, rng):
    widths = {"small": 0.01, "xavier": np.sqrt(2 / (d + k)), "he": np.sqrt(2 / d)}
    return rng.normal(0, widths[scheme], size=(d, k))


print("start     s of W1   s of W2   factor d s²/2 of layer 2")
for scheme in ("small", "xavier", "he"):
    spread = {}
    for d, k in ((784, 256), (256, 128)):
        W = initialize_weights((d, k), scheme, rng=np.random.default_rng(3))
        assert np.array_equal(W, first_weights(d, k, scheme, np.random.default_rng(3)))
        spread[d] = W.std()
    s1, s2 = spread.values()
    print(f"{scheme:8} {s1:8.3f} {s2:9.3f} {256 * s2**2 / 2:12.3f}")

# %% [markdown]
# From here on we use the library's. With 0.01, layer 2 keeps about a hundredth of the mean square:
# of the size, the root of that, a tenth. And forward is only half of the way: the errors shrink as
# well.
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


def start(sizes, scheme, seed=0, times=1):
    rng, params = np.random.default_rng(seed), {}
    for i, (d, k) in enumerate(pairwise(sizes), start=1):
        params[f"W{i}"] = times * initialize_weights((d, k), scheme, rng=rng)
        params[f"b{i}"] = np.zeros((1, k))
    return params


# %%
params = start(FIVE, "xavier")
outputs = forward_deep(X_some, params, sigmoid)
deltas = deltas_of(outputs, y_some, params, sigmoid)
print("from layer  sqrt(k) s  rms slope    product   measured")
products = []
for i in (4, 3, 2, 1):
    W, slope = params[f"W{i + 1}"], rms(SLOPES[sigmoid](outputs[i]))
    factor, found = np.sqrt(W.shape[1]) * W.std(), rms(deltas[i - 1]) / rms(deltas[i])
    products.append(factor * slope)
    numbers = factor, slope, products[-1], found
    print(f"{i + 1} to {i}     ", *[f"{number:10.3f}" for number in numbers])
    assert slope < 0.25 and np.isclose(found, products[-1], rtol=0.2)
ratio = rms(deltas[0]) / rms(deltas[-1])
print(f"all: {np.prod(products):.5f}, measured {ratio:.5f}: {1 / ratio:.0f} times less")
assert np.isclose(ratio, np.prod(products), rtol=0.3) and 1 / ratio > 256

# %% [markdown]
# Hundreds of times, and more than 256. This is the **vanishing gradient**: no single step looks
# bad, but layer 1 hears of the error only as a whisper. And ReLU? Its slopes are 1 or 0, no
# quarters.
#
# The formula has two factors, so it also offers a way out: weights **four times** Xavier's make
# $\sqrt{k}\,s = 4$ where $d = k$, and $4 \cdot \frac14 = 1$. That holds as long as the scores stay
# near 0, where the slope is a quarter. Do they, with such weights? We will measure it, and train
# with them.
#
# ## Experiment
#
# Two activations, three starts, six untrained networks of five layers. **Before you run it:**
# which line on the right stays most level? And on the left, in which networks do the activations
# die out on their way forward?

# %%
found, schemes = {}, ("small", "xavier", "he")
for scheme in schemes:
    for f in (relu, sigmoid):
        params = start(FIVE, scheme)
        outputs = forward_deep(X_some, params, f)
        deltas = deltas_of(outputs, y_some, params, f)
        found[f, scheme] = [rms(A) for A in outputs[:-1]], [rms(d) for d in deltas]
dies = {key: forward[-1] / forward[1] for key, (forward, _) in found.items()}
fades = {key: back[0] / back[-1] for key, (_, back) in found.items()}
print("                  A4 / A1     delta1 / delta5")
for f, scheme in found:
    print(f"{f.__name__:8} {scheme:7} {dies[f, scheme]:8.1e} {fades[f, scheme]:14.1e}")
assert [key for key, ratio in dies.items() if ratio < 0.1] == [(relu, "small")]
assert max(fades, key=fades.get) == (relu, "he")

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
styles = dict(zip(schemes, plots.LINES, strict=False))
for (f, scheme), both in found.items():
    color, _, marker = styles[scheme]
    style = {"color": color, "marker": marker, "ls": "-" if f is relu else "--"}
    for first, axis, curve in zip((0, 1), axes, both, strict=True):
        layers = range(first, first + 5)
        axis.semilogy(layers, curve, **style, label=f"{f.__name__}, {scheme}")
        axis.set_xticks(layers)
axes[0].set(title="Forward: activations", xlabel="layer (0: input)", ylabel="rms")
axes[1].set(title="Backward: delta", xlabel="layer (5: output)")
axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
caption = "Left: ReLU with small weights dies out; the dashed lines nearly coincide. \
Right, from layer 5 down to 1: ReLU with He loses least."
plots.show(figure, caption, f"Two plots of sizes by layer, six lines each. {caption}")

# %% [markdown]
# ### Your turn: the sliders
#
# Every hidden layer has 64 units here. Run the next cell, move a control, let go. Guess before you
# let go. The line below says how $\delta$ in layer 1 compares with the last layer.
#
# 1. ReLU and He: raise the **layers** from 2 to 10. What happens to the ratio? Then choose the
#    start **Xavier**. How much does a missing factor $\sqrt2$ cost in ten layers?
#    (**tanh**, from part 3.2, is for the exercises.)
# 2. **Sigmoid** and Xavier: by what does each further layer divide $\delta$ of layer 1?
# 3. **Small**, ReLU, 5 layers: raise the **training steps** to 300. Does the network get anywhere?
# 4. **Large** weights, ReLU, 5 layers: which way does it go now? What do a few training steps do
#    to it? And to a **sigmoid** with large weights, 300 steps?
# 5. Back to 0 steps, Xavier, 10 layers. The left plot has a second line, the **differences between
#    images**: what is left of the activations when you take away what all images have in common.
#    With which activation do the two lines part?

# %%
part_4_1.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **He keeps the size** over ten layers, but for one step: from 10 outputs down to 64 units,
#   $k/d = 10/64$, so $\delta$ shrinks to about $\sqrt{10/64} \approx 0.4$, at any depth. Xavier
#   does not know of the half that ReLU takes away. That costs $\sqrt2$ a layer: over the eight
#   steps between layers of 64 units $(\sqrt2)^8 = 16$.
# - **Each sigmoid layer divides by about 4**, as the product says.
# - **Small weights** lose signals and errors at once, and 300 steps leave the loss at guessing.
# - **Large weights, ReLU:** both grow layer by layer, the **exploding gradient**, and the first
#   steps are so long that they wreck the network. With the **sigmoid** nothing explodes: its
#   small slopes and the large weights work against each other, and it learns.
# - **With the sigmoid the two lines part.** The activations stay near 0.5, but they are nearly the
#   same for every image: a constant is large, and says nothing. That is why the dashed lines of
#   the figure above looked so healthy on the left. The first cell below measures it.
# - **Four times Xavier**, in the same cell, keeps more, forward and backward, but not all: the
#   larger weights push the scores away from 0, so the slopes are well below a quarter. It makes up
#   for much of the loss.
#
# ### Why not compare the gradients of the weights?
#
# $\nabla_{W_1}$ and $\nabla_{W_3}$ are what training uses, so it is tempting to compare their
# sizes, say the mean of $|\nabla_W|$. The second cell below does, for three layers with ReLU. What
# would you conclude from its first column alone?

# %%
differs, back = {}, {}
print("sigmoid     layer  rms of A  differences  rms slope")
for times in (1, 4):
    params = start(FIVE, "xavier", times=times)
    outputs = forward_deep(X_some, params, sigmoid)
    for layer, A in enumerate(outputs[1:-1], start=1):
        slope, between = rms(SLOPES[sigmoid](A)), rms(A - A.mean(axis=0))
        print(f"{times} x Xavier {layer:5} {rms(A):9.3f} {between:12.4f} {slope:10.3f}")
        differs[times, layer] = between
        assert rms(A) > 0.4 and slope < (0.2 if times == 4 else 0.25)
    deltas = deltas_of(outputs, y_some, params, sigmoid)
    back[times] = rms(deltas[0]) / rms(deltas[-1])
    print(f"            delta1 / delta5: {back[times]:.4f}")
assert differs[1, 4] < differs[1, 1] / 20 and differs[4, 4] > differs[4, 1] / 10
assert 20 * back[1] < back[4] < 0.3

# %%
assert abs((10 / 64) ** 0.5 - 0.4) < 0.01 and np.isclose((2**0.5) ** 8, 16)
ratios = {}
print("start   mean|grad W1| / mean|grad W3|   rms delta1 / rms delta3")
for scheme in ("small", "he"):
    params = start(THREE, scheme)
    outputs = forward_deep(X_some, params, relu)
    deltas = deltas_of(outputs, y_some, params, relu)
    slopes = gradient_deep(X_some, y_some, outputs, params, relu)
    top, bottom = np.abs(slopes["W1"]).mean(), np.abs(slopes["W3"]).mean()
    ratios[scheme] = top / bottom, rms(deltas[0]) / rms(deltas[-1])
    print(f"{scheme:5} {top:8.5f} / {bottom:.5f} = {ratios[scheme][0]:.2f} "
          f"{ratios[scheme][1]:21.4f}")
assert ratios["small"][0] > 0.2 * ratios["he"][0]  # looks healthy
assert ratios["small"][1] < 0.02 * ratios["he"][1]  # is not

# %% [markdown]
# By the mean, the two starts are less than a factor of 5 apart; by $\delta$, more than 50. Why?
# $\nabla_{W_3} = A_2^\top\delta_3/n$ is small because $A_2$ has died out, and
# $\nabla_{W_1} = X^\top\delta_1/n$ is small because $\delta_1$ has: the ratio of two small
# numbers looks healthy. And the numbers beside it say what follows: with small weights **every**
# weight has a tiny gradient.
#
# ## On real data: the stall
#
# The network 784→256→128→10 with ReLU, all training digits, rate 0.1, batches of 64, 12 epochs;
# four seeds for He's start, three (to save time) for the small one. A seed sets weights and
# shuffling. Write down how the two bundles of curves will look.

# %%
from course_lib.neural_network import gradient_descent_general


def forward(X, params):
    return forward_mlp_3layer(X, *[params[name] for name in names])


def gradient(X, y, outputs, params):
    weights = params["W1"], params["W2"], params["W3"]
    return dict(zip(names, backward_mlp_3layer(X, *outputs, y, *weights), strict=True))


def fit(params, seed, forward_fn=forward, grad_fn=gradient, lr=0.1, num_epochs=12):
    return gradient_descent_general(
        X_train, y_train, params, lr, num_epochs, forward_fn, grad_fn, cross_entropy,
        batch_size=64, rng=np.random.default_rng(seed),
    )



three = {(scheme, seed): fit(start(THREE, scheme, seed), seed)
         for scheme in ("small", "he") for seed in range(3 if scheme == "small" else 4)}

# %%
figure, axis = plt.subplots(figsize=(8, 3.4), layout="constrained")
half = {"small": [], "he": []}  # the first epoch with a loss below half of ln 10
for (scheme, seed), (_, losses) in three.items():
    half[scheme].append(1 + np.argmax(np.array(losses) < np.log(10) / 2))
    line, count = ("--", 3) if scheme == "small" else ("-", 4)
    axis.plot([np.log(10), *losses], line, lw=1, color=styles[scheme][0],
              label=None if seed else f"{scheme}, {count} seeds")
axis.set(xlabel="epoch", ylabel="training loss", xticks=range(13))
axis.legend()
grown = [rms(three["small", seed][0]["W2"]) / 0.01 for seed in range(3)]
print(f"rms of W2, small start: grown {min(grown):.1f} times or more in 12 epochs")
caption = f"From guessing (ln 10 = 2.30) to half of that: at least \
{min(half['small'])} epochs with small weights, at most {max(half['he'])} with He."
plots.show(figure, caption, f"Training loss of seven runs, twelve epochs. {caption}")
assert min(half["small"]) >= 4 and max(half["he"]) <= 2 and min(grown) > 1.5


# %% [markdown]
# With small weights, the loss lies on a **plateau** for epochs, with every seed. With He's start
# the same network learns at once. Nothing else differs, so this stall is **the start's fault**. It
# also ends by itself: each step makes the weights a little larger, larger weights pass on more of
# the signals and of the errors, and so the steps grow as well.
#
# Now five layers, three seeds each, the same rate and epochs; for the sigmoid with Xavier's start,
# and with **four times Xavier**. What do you expect of the last row? And then the sigmoid with
# Xavier's start once more, with ten times the rate, for 30 epochs (two seeds): is it slow, or
# impossible?

# %%
def fit_deep(sizes, scheme, f, seed, times=1, **settings):
    both = [partial(g, activation=f) for g in (forward_deep, gradient_deep)]
    params = start(sizes, scheme, seed, times)
    params, losses = fit(params, seed, *both, **settings)
    return losses, np.mean(both[0](data.X_test, params)[-1].argmax(1) == data.y_test)


deep = {}
print("five layers, 12 epochs      training loss   test accuracy")
for f, scheme, times in ((relu, "small", 1), (relu, "he", 1),
                         (sigmoid, "xavier", 1), (sigmoid, "xavier", 4)):
    runs = [fit_deep(FIVE, scheme, f, seed, times) for seed in range(3)]
    deep[f, scheme, times] = runs
    ends, right = [losses[-1] for losses, _ in runs], [share for _, share in runs]
    print(f"{f.__name__:8} {times} x {scheme:8} {min(ends):12.2f} to {max(ends):.2f} "
          f"{min(right):8.0%} to {max(right):.0%}")
    assert max(ends) < 1 if scheme == "he" or times == 4 else min(ends) > 2.2

# %%
slow = [fit_deep(FIVE, "xavier", sigmoid, i, lr=1.0, num_epochs=30) for i in range(2)]
curves = {"sigmoid, Xavier, rate 1": slow, "ReLU, He, rate 0.1": deep[relu, "he", 1],
          "sigmoid, 4 x Xavier, rate 0.1": deep[sigmoid, "xavier", 4]}
figure, axis = plt.subplots(figsize=(8, 3.4), layout="constrained")
for (label, runs), (color, line, _) in zip(curves.items(), plots.LINES, strict=False):
    for i, (losses, _) in enumerate(runs):
        axis.plot(range(1, len(losses) + 1), losses, line, color=color, lw=1,
                  label=None if i else label)
axis.set(xlabel="epoch", ylabel="training loss", ylim=(0, 3.9))
axis.legend(loc="upper right")
caption = "Five layers. Xavier's sigmoid at ten times the rate: a plateau, then it \
learns. With four times the weights it starts at once, at the same rate as ReLU."
plots.show(figure, caption, f"Training loss by epoch, eight runs. {caption}")
assert all(run[4] > 2 and min(run) < 1.8 for run, _ in slow)
assert all(run[4] < 1.5 for label in list(curves)[1:] for run, _ in curves[label])

# %% [markdown]
# With small weights, five layers do not get going in 12 epochs; He's start cures that. The sigmoid
# with Xavier's start is no better than guessing: that start does not know of the quarter. At ten
# times the rate it does learn, after a plateau: vanishing gradients make it **slow, not
# impossible**. And weights four times as large cure it too, at the same rate.
#
# So none of the three is to blame alone: **depth, slope and start work together**. Each layer
# multiplies $\delta$ by $\sqrt{k}\,s$ and by its slopes, and the more layers, the more such
# factors. What counts is that each stays near 1, and a start that suits the activation sees to
# that. For the sigmoid it is a balance: larger weights help while the scores stay near 0, and
# beyond that they cost slope. ReLU's slope is 1 however large a positive score is.
#
# ### Does the third layer help?
#
# The network of part 3.4, 784→256→10, with the same start, rate, seeds and epochs, beside our three
# layers. Each seed gives a pair of runs. The mean of the four differences has a **standard error**,
# their standard deviation divided by $\sqrt4$. With four pairs, statistics takes a mean seriously
# when it is more than 3.2 standard errors from 0: by luck alone, that happens in about one of 20
# such experiments.

# %%
two_layers, three_layers = [], []
for seed in range(4):
    two_layers.append(100 * fit_deep(TWO, "he", relu, seed)[1])
    answers = forward(data.X_test, three["he", seed][0])[-1].argmax(axis=1)
    three_layers.append(100 * np.mean(answers == data.y_test))
for name, right in (("3.4, 2 layers", two_layers), ("4.1, 3 layers", three_layers)):
    spread = np.std(right, ddof=1)
    print(f"part {name}: test accuracy {np.mean(right):.1f} ± {spread:.1f} %")
gain = np.subtract(three_layers, two_layers)
error = gain.std(ddof=1) / np.sqrt(4)
print(f"difference {gain.mean():+.1f} points, standard error {error:.1f};",
      "to be taken seriously:", abs(gain.mean()) > 3.2 * error)
assert abs(gain.mean()) < 3.2 * error

# %% [markdown]
# **No difference** that four pairs of runs could show. A third layer is no gift by itself: small
# pictures of digits are within reach of two. Do you still have your third prediction?
#
# ## Break it on purpose
#
# **First: all weights zero.** He's formula is about the size of random weights. Why random at all?
# Which of the six gradients are not zero?

# %%
zeros = {name: np.zeros_like(value) for name, value in start(THREE, "he").items()}
slopes = gradient(X_train, y_train, forward(X_train, zeros), zeros)
print("not zero:", [name for name, slope in slopes.items() if np.any(slope != 0)])
params, losses = fit(zeros, 0, num_epochs=2)
moved = [name for name in names if np.any(params[name] != 0)]
print(f"moved in 2 epochs: {moved}; loss {losses[-1]:.2f}, guessing {np.log(10):.2f}")
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
    large = {name: rng.normal(size=W.shape) if name[0] == "W" else W
             for name, W in zeros.items()}
    A3 = forward(X_train, large)[-1]
    sure, loss = np.mean(A3.max(axis=1) > 0.99), cross_entropy(A3, y_train)
    with np.errstate(all="ignore"):
        _, losses = fit(large, seed, num_epochs=2)
    print(f"seed {seed}: {sure:.0%} of images with a class above 99%, loss {loss:.0f};",
          "after 2 epochs better than guessing:", losses[-1] < 0.9 * np.log(10))
    assert sure > 0.9 and loss > 5 * np.log(10) and not losses[-1] < 0.9 * np.log(10)

# %% [markdown]
# Before it has seen a label, it is sure of nearly every answer, and guesses: a loss far above
# $\ln 10$. Signals and errors grow from layer to layer, so the first steps are huge, and two epochs
# later the network has not recovered from them. Same rate, same layers: **the start decides**.
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
# - say what each layer multiplies $\delta$ by, and choose a start that keeps it near 1
#
# **Next:** 4.2 Convolutional layers, which look at small patches of an image, with the same weights
# everywhere.
