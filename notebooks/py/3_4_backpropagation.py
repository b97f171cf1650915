# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3.4 · Backpropagation for training MLPs
#
# At the end of this lesson a network of your own reads all ten digits. It starts from random
# weights, and every one of its 203,530 numbers is told, batch after batch, in which direction to
# move. Here is what becomes of it:

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.explorers import part_3_4

data = load_data()
images = part_3_4.prepare(data, np.float64, len(data.X_train))
run = part_3_4.train(images, 0.1, batch_size=64, hidden_units=256, epochs=20)
figure, axes = plt.subplots(2, 6, figsize=(8, 3.2), layout="constrained")
for axis, pixels, A2 in zip(axes.flat, images.X_test[:12], run.A2[:12], strict=True):
    plots.draw_digit(axis, pixels, f"it says {A2.argmax()}")
caption = "The first twelve of the images that it never saw, and its answer to each."
plots.show(figure, caption, f"Twelve digits, each with an answer. {caption}")

# %% [markdown]
# **You will** compute the gradient of a network in three ways that agree (by hand, box by box
# through a graph, as matrices), measure that it is right, train on ten digits, and see which
# mistakes a falling loss hides.
#
# **You need** the forward pass of part 3.3, ReLU and softmax (3.2), the measured gradient (2.4) and
# mini-batches (2.3). **Time:** about two hours with the exercises; the notebook itself runs in
# seconds. **New in the library:** `backward_mlp`, and `gradient_descent_general` with its update
# rule `sgd_update`. The library so far, part by part:

# %%
library_so_far("3.4")

# %% [markdown]
# ## Predict
#
# Part 2.4 measured a gradient with two forward passes for each parameter. For one step of the
# network above, 203,530 parameters, that makes 407,060 passes. Note your answers, and your reasons:
#
# - A formula can do better. What do you guess it costs, for **all** the slopes together: as much as
#   10,000 forward passes, as 256 (one for each hidden unit), or as about one?
# - All weights start at **zero**, as they did in part 2.3. Which of $W_1$, $b_1$, $W_2$, $b_2$ will
#   training move?
#
# ## The smallest case, by hand
#
# Two inputs, two hidden units (a unit is a neuron, as in part 3.3), two classes. One sample,
# $x = (1, 2)$; class 0 is right, so $y = (1, 0)$. The weights are whole numbers:
#
# $$W_1 = \begin{pmatrix} 1 & 1 \\ 1 & -1 \end{pmatrix},\quad b_1 = (0,\ 0),\qquad
# W_2 = \begin{pmatrix} 1 & 2 \\ 3 & -1 \end{pmatrix},\quad b_2 = (3,\ 0)$$
#
# **Forward**, as in part 3.3. The hidden scores are $z_1 = (1 + 2,\ 1 - 2) = (3, -1)$. ReLU lets
# the 3 through and **blocks** the $-1$: $a_1 = (3, 0)$. The output scores are
# $z_2 = (3 \cdot 1 + 3,\ 3 \cdot 2 + 0) = (6, 6)$. Two equal scores: $a_2 = (\frac12, \frac12)$.
# The right class has probability $\frac12$, so the loss is $L = -\ln \frac12 = \ln 2$.

# %%
from course_lib.neural_network import cross_entropy, forward_mlp

x, y = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]])
hand = {
    "W1": np.array([[1.0, 1.0], [1.0, -1.0]]), "b1": np.zeros((1, 2)),
    "W2": np.array([[1.0, 2.0], [3.0, -1.0]]), "b2": np.array([[3.0, 0.0]]),
}


def forward(X, params):
    return forward_mlp(X, params["W1"], params["b1"], params["W2"], params["b2"])


A1, A2 = forward(x, hand)
assert np.allclose(A1, [[3, 0]]) and np.allclose(A2, 0.5)  # as by hand
assert np.isclose(cross_entropy(A2, y), np.log(2))
print(f"a1 = {A1[0]}, a2 = {A2[0]}, loss = {cross_entropy(A2, y):.4f} = ln 2")

# %% [markdown]
# ## The last step first: softmax and cross-entropy
#
# We go backward, so the end comes first: how does $L$ change with the output scores? Take one
# sample with the scores $z_1, \dots, z_k$ (in this section the index counts classes), and write
# $S$ for the sum of their powers:
#
# $$S = e^{z_1} + \dots + e^{z_k}, \qquad a_j = \frac{e^{z_j}}{S}, \qquad
# L = -\sum_j y_j \ln a_j$$
#
# The logarithm of a quotient is a difference, and $\ln e^{z_j} = z_j$. So
# $\ln a_j = z_j - \ln S$, and
#
# $$L = -\sum_j y_j z_j + \Big(\sum_j y_j\Big) \ln S = -\sum_j y_j z_j + \ln S,$$
#
# because a one-hot row adds up to 1. Now the slope along one score $z_i$, while the others stay
# as they are; that is what $\partial$ in place of $d$ means. In the first sum only $-y_i z_i$
# depends on $z_i$: slope $-y_i$. For $\ln S$ take the chain rule: the slope of $\ln S$ along $S$ is
# $1/S$, and the slope of $S$ along $z_i$ is that of its one term $e^{z_i}$, which is $e^{z_i}$
# again. Together:
#
# $$\frac{\partial L}{\partial z_i} = -y_i + \frac1S \cdot e^{z_i} = a_i - y_i$$
#
# The slope is the error, as for a line (2.2, up to a factor 2) and for the sigmoid (2.3). We call
# it $\delta$ ("delta"; not the small movement of part 2.2). In our example
# $\delta_2 = (\frac12 - 1,\ \frac12 - 0) = (-\frac12, \frac12)$: the first score should rise, the
# second should fall. Check the slopes of $S$ and of
# $\ln S$ along each score, and the result, on scores that are not equal:

# %%
from course_lib.neural_network import numerical_gradient, relative_error, softmax

z, y_row, h = np.array([0.5, -1.0, 2.0]), np.array([0.0, 1.0, 0.0]), 1e-6
a, S = softmax(z), np.exp(z).sum()
for i in range(3):
    up, down = z + h * np.eye(3)[i], z - h * np.eye(3)[i]
    slope_S = (np.exp(up).sum() - np.exp(down).sum()) / (2 * h)
    slope_ln = (np.log(np.exp(up).sum()) - np.log(np.exp(down).sum())) / (2 * h)
    losses = [-np.sum(y_row * np.log(softmax(scores))) for scores in (up, down)]
    slope = (losses[0] - losses[1]) / (2 * h)
    assert np.isclose(slope_S, np.exp(z[i])) and np.isclose(slope_ln, slope_S / S)
    assert np.isclose(slope, a[i] - y_row[i])
    print(f"class {i}: a = {a[i]:.4f}  y = {y_row[i]:.0f}  measured {slope:7.4f}")

# %% [markdown]
# ## First way: by hand
#
# From $\delta_2 = (-\frac12, \frac12)$ we walk back, one question at a time.
#
# **Output weights.** $W_2[i, j]$ is multiplied by $a_1[i]$ and added to score $j$. If it grows by
# 1, the score grows by $a_1[i]$. So its slope is $a_1[i] \cdot \delta_2[j]$: for the first hidden
# unit $3 \cdot (-\frac12) = -1.5$ and $3 \cdot \frac12 = 1.5$; for the second, with $a_1 = 0$,
# both are 0. The bias is added as it is: slopes $-\frac12$ and $\frac12$.
#
# **Hidden outputs.** The first unit reaches score 0 with weight 1 and score 1 with weight 2: two
# paths to the loss. The chain rule of part 1.3 knows one path, along which slopes multiply. What
# do two paths do? Let the unit grow by a small $h$, and let the scores follow one after the other:
#
# | change | from the scores | to the scores | $L$ changes by about |
# |---|---|---|---|
# | score 0 follows | $(6,\ 6)$ | $(6 + h,\ 6)$ | $(1 \cdot h) \cdot (-\frac12)$ |
# | then score 1 | $(6 + h,\ 6)$ | $(6 + h,\ 6 + 2h)$ | $(2 \cdot h) \cdot \frac12$ |
#
# The second change begins where the first one ends, so the whole change of $L$ is their **sum**.
# "About", because slopes hold for small steps, and the second slope is $\frac12$ at $(6, 6)$, but
# only nearly so at $(6 + h, 6)$: it is $a - y$ there, too, and $a$ has hardly moved. Divide by $h$
# and let it go to 0. Both errors go to 0 with it, and the slope is
# $1 \cdot (-\frac12) + 2 \cdot \frac12 = \frac12$. **Along a path slopes multiply, and paths add**
# (with a third path, a third row). For the second unit:
# $3 \cdot (-\frac12) + (-1) \cdot \frac12 = -2$. If it grew, the loss would fall.
#
# **ReLU.** The first unit is open (slope 1) and passes its $\frac12$ on. The second is blocked
# (slope 0): a small change of its score changes nothing. So $\delta_1 = (\frac12, 0)$. The $-2$,
# the steeper of the two slopes, ends here.
#
# **First weights.** As before, input times $\delta_1$: the first column is
# $1 \cdot \frac12 = \frac12$ and $2 \cdot \frac12 = 1$, the second column is 0, and the bias has
# $\frac12$ and 0. Twelve slopes, one walk. Part 2.4 can tell whether they are right, and whether
# the two paths from each $a_1$ do add:

# %%
by_hand = {
    "W1": np.array([[0.5, 0], [1, 0]]), "b1": np.array([[0.5, 0]]),
    "W2": np.array([[-1.5, 1.5], [0, 0]]), "b2": np.array([[-0.5, 0.5]]),
    "a1": np.array([[0.5, -2]]),
}
measured = numerical_gradient(x, y, hand, cross_entropy, forward)
measured |= numerical_gradient(x, y, {"a1": A1}, cross_entropy,  # moves a1 itself
    lambda x, p: softmax(p["a1"] @ hand["W2"] + hand["b2"]))
for name, slopes in measured.items():
    assert relative_error(by_hand[name], slopes) < 1e-6
    print(f"{name}: by hand {by_hand[name].tolist()}, measured the same")
step = {name: hand[name] - 0.1 * by_hand[name] for name in hand}
loss = cross_entropy(forward(x, step)[1], y)
print(f"after one step of rate 0.1, the loss is {loss:.4f}")
assert loss < np.log(2) / 2


# %% [markdown]
# ## Second way: a graph
#
# The same walk, written so that it works for any network. Draw a box for every intermediate
# result, and an arrow from each box to those that are computed from it. On the arrow stands its
# **local derivative**: how fast the right box grows as the left one grows, for small steps. Each
# box needs to know only its own operation:
#
# | arrow | local derivative |
# |---|---|
# | $x_i \to z_1[j]$ | $W_1[i, j]$ |
# | $z_1[i] \to a_1[i]$ | 1 if $z_1[i] > 0$, else 0 |
# | $a_1[i] \to z_2[j]$ | $W_2[i, j]$ |
# | $z_2[i] \to a_2[j]$ | $a_2[j]\,(1 - a_2[j])$ if $i = j$, else $-a_2[j]\,a_2[i]$ |
# | $a_2[i] \to L$ | $-y_i / a_2[i]$ |
#
# The fourth line follows from $\ln a_j = z_j - \ln S$. As above, $\ln S$ has the slope $a_i$ along
# $z_i$, so $\ln a_j$ has the slope $1 - a_i$ if $i = j$, else $-a_i$. By the chain rule it is also
# the slope of $a_j$ times $1/a_j$. Multiply by $a_j$. The fifth is the slope of $-y_i \ln a_i$.
#
# Then, from right to left, the rule found by hand: along a path slopes multiply, and paths add.
# **The slope of a box is the sum over its arrows: local derivative times the slope of the box that
# the arrow leads to.** It starts with $\partial L/\partial L = 1$. Before you run it: which
# of the sixteen arrows will carry a 0?

# %%
def walk_back(values, local):
    slopes = {"L": np.ones(1)}
    columns = ["x", "z1", "a1", "z2", "a2", "L"]
    # from right to left: (a2, L), (z2, a2), ... (x, z1)
    for here, after in zip(columns[-2::-1], columns[:0:-1], strict=True):
        arrows = local[after]  # [i, j]: from box i here to box j after; 0 if none
        slopes[here] = np.zeros(len(values[here]))
        for i, j in np.ndindex(arrows.shape):
            slopes[here][i] += arrows[i, j] * slopes[after][j]
    return slopes


# %%
def graph_of(x, y, params):  # one sample
    z1 = x @ params["W1"] + params["b1"][0]
    a1 = np.maximum(0, z1)
    z2 = a1 @ params["W2"] + params["b2"][0]
    a2 = softmax(z2)
    values = {"x": x, "z1": z1, "a1": a1, "z2": z2, "a2": a2, "L": -np.log(a2 @ y)}
    local = {"z1": params["W1"], "a1": np.diag(z1 > 0) * 1.0, "z2": params["W2"]}
    local |= {"a2": np.diag(a2) - np.outer(a2, a2), "L": (-y / a2).reshape(-1, 1)}
    return values, local


values, local = graph_of(x[0], y[0], hand)
slopes = walk_back(values, local)
drawing = part_3_4.draw_graph(values, slopes, local)
caption = "The network of the example, every number from the two functions above. \
Dotted arrows have the local derivative 0: nothing passes back along them."
plots.show(drawing.figure, caption, drawing.alt)

# %% [markdown]
# Follow `a1[0]` with a finger. Two arrows leave it, with local derivatives 1 and 2, to boxes with
# the slopes $-\frac12$ and $\frac12$: the **sum over the paths** is $-\frac12 + 1 = \frac12$. Two
# arrows of sixteen carry a 0: the blocked unit, and the class that is not asked for. And `z2` has
# the slopes $-\frac12$ and $\frac12$, though this time we went through `a2`: $-2 \cdot \frac14$
# and $-2 \cdot (-\frac14)$. The detour and the shortcut $a - y$ agree, and not only here:
#
# $$\sum_j \Big(-\frac{y_j}{a_j}\Big) \frac{\partial a_j}{\partial z_i}
# = -y_i (1 - a_i) + \sum_{j \ne i} y_j a_i
# = -y_i + y_i a_i + \sum_{j \ne i} y_j a_i = -y_i + a_i \sum_j y_j = a_i - y_i,$$
#
# because a one-hot row adds up to 1.
#
# Where are the weights? Each belongs to one arrow $i \to j$ of the first or third kind. Growing
# by 1 it adds the **value at the arrow's tail** to the box at its head. So its slope is *value at
# the tail times slope at the head*: $a_1[i] \cdot \delta_2[j]$, as by hand. A bias is added to its
# box as it is, so its slope is the slope of that box.
#
# ## Third way: matrices, a batch at once
#
# A batch has $n$ rows, one graph each, all with the same weights. The loss is their mean, so every
# slope of a weight is the **mean over the rows**. Three products do all of it:
#
# $$\delta_2 = A_2 - y, \qquad \nabla_{W_2} = \frac1n A_1^\top \delta_2, \qquad
# \delta_1 = (\delta_2 W_2^\top) \odot \mathrm{ReLU}'(Z_1), \qquad
# \nabla_{W_1} = \frac1n X^\top \delta_1$$
#
# and $\nabla_{b_2}$, $\nabla_{b_1}$ are the column means of $\delta_2$, $\delta_1$. ($\odot$ is
# entry by entry, in NumPy `*`; $\mathrm{ReLU}'$ is 1 where $Z_1 > 0$, else 0.)
#
# | symbol | shape | in the network at the top |
# |---|---|---|
# | $X$ | $(n, d)$ | $(64, 784)$ |
# | $A_1$, $Z_1$, $\delta_1$ | $(n, h)$ | $(64, 256)$ |
# | $A_2$, $y$, $\delta_2$ | $(n, k)$ | $(64, 10)$ |
# | $W_1$, $\nabla_{W_1}$ | $(d, h)$ | $(784, 256)$ |
# | $W_2$, $\nabla_{W_2}$ | $(h, k)$ | $(256, 10)$ |
# | $b_1$, $b_2$ and their gradients | $(1, h)$, $(1, k)$ | $(1, 256)$, $(1, 10)$ |
#
# **Why the transposes?** There are two answers, and both are worth having.
#
# *By shape.* A gradient has the shape of its parameter. To get $(h, k)$ from $A_1$ $(n, h)$ and
# $\delta_2$ $(n, k)$, the $n$ must meet in the middle: $(h, n)(n, k)$. To get $(n, h)$ from
# $\delta_2$ $(n, k)$ and $W_2$ $(h, k)$, the $k$ must: $(n, k)(k, h)$.
#
# *By sum.* A product sums over the size in the middle. In $A_1^\top \delta_2$ that is the rows:
# entry $(i, j)$ is the sum of $A_1[r, i]\,\delta_2[r, j]$ over all rows $r$, tail times head. In
# $\delta_2 W_2^\top$ it is the classes: entry $(r, i)$ is the sum of $\delta_2[r, j]\,W_2[i, j]$
# over all paths $j$ out of unit $i$. Forward, a score collects from all units, down a **column**
# of $W_2$. Backward, a unit collects from all scores, along a **row**. Reading rows as columns is
# what a transpose does.
#
# Do the three ways agree? Three rows this time; the first is the one done by hand, and the second
# opens the other hidden unit. The graph goes row by row and box by box; the matrices take all
# rows at once; `numerical_gradient` knows neither:

# %%
X3, y3 = np.array([[1.0, 2], [1, 0], [0, 1]]), np.array([[1.0, 0], [0, 1], [1, 0]])
A1, A2 = forward(X3, hand)
delta2 = A2 - y3
delta1 = (delta2 @ hand["W2"].T) * (X3 @ hand["W1"] + hand["b1"] > 0)
matrices = {"W1": X3.T @ delta1 / 3, "b1": delta1.mean(axis=0, keepdims=True)}
matrices |= {"W2": A1.T @ delta2 / 3, "b2": delta2.mean(axis=0, keepdims=True)}
graph = {name: np.zeros_like(value) for name, value in hand.items()}
for values, local in [graph_of(X3[r], y3[r], hand) for r in range(3)]:
    slopes = walk_back(values, local)
    for W, b, tail, head in (("W1", "b1", "x", "z1"), ("W2", "b2", "a1", "z2")):
        graph[W] += np.outer(values[tail], slopes[head]) / 3
        graph[b] += slopes[head] / 3
measured = numerical_gradient(X3, y3, hand, cross_entropy, forward)

# %%
assert np.allclose(X3[:1].T @ delta1[:1], by_hand["W1"])
assert np.allclose(A1[:1].T @ delta2[:1], by_hand["W2"])
print("the first row of the batch, as by hand: True")
for name in hand:
    assert np.allclose(matrices[name], graph[name], atol=1e-15)
    assert relative_error(matrices[name], measured[name]) < 1e-6
    print(f"{name}: graph = matrices = measured  {matrices[name].round(4).tolist()}")

# %% [markdown]
# By hand, as a graph, as matrices: the same numbers. This walk is called **backpropagation**: the
# error is propagated back through the layers. There is no more to it, however deep a network is.
#
# ## Build it
#
# Five lines. ReLU' needs $Z_1 > 0$, which is the same as $A_1 > 0$: ReLU gives something above 0
# exactly for scores above 0. So the function gets along without $Z_1$. (The library's takes
# it too, if you have it; and it takes $W_1$, which it uses only to see whether the shapes fit.)
# The $\frac1n$ stands in $\delta_2$ from the start, so the biases take the column **sum** now.
# The sizes below all differ, so that a wrong transpose cannot hide:

# %%
from course_lib.neural_network import backward_mlp


def backward(X, A1, A2, y, W2):
    delta2 = (A2 - y) / len(X)  # 1/n here once, so that all four have it
    delta1 = (delta2 @ W2.T) * (A1 > 0)
    grad_b1 = delta1.sum(axis=0, keepdims=True)
    grad_b2 = delta2.sum(axis=0, keepdims=True)
    return X.T @ delta1, grad_b1, A1.T @ delta2, grad_b2


def he_start(d, h, k, rng):
    W1 = rng.normal(size=(d, h)) * np.sqrt(2 / d)
    W2 = rng.normal(size=(h, k)) * np.sqrt(2 / h)
    return {"W1": W1, "b1": np.zeros((1, h)), "W2": W2, "b2": np.zeros((1, k))}


# %%
rng = np.random.default_rng(1)
odd, X_odd = he_start(4, 6, 3, rng), rng.normal(size=(5, 4))
y_odd = np.eye(3)[[0, 2, 1, 1, 0]]
A1, A2 = forward(X_odd, odd)
ours = backward(X_odd, A1, A2, y_odd, odd["W2"])
Z1 = X_odd @ odd["W1"] + odd["b1"]
for extra in ((), (Z1,)):
    theirs = backward_mlp(X_odd, A1, A2, y_odd, odd["W1"], odd["W2"], *extra)
    assert all(np.allclose(one, other) for one, other in zip(ours, theirs, strict=True))
assert np.array_equal(A1 > 0, Z1 > 0)
print("shapes:", [gradient.shape for gradient in theirs])
d, h, k = 784, 256, 10
print("multiplications for one row, forward: ", d * h + h * k)
# grad_W2, delta1, grad_W1; the slopes of x are not needed
print("multiplications for one row, backward:", h * k + h * k + d * h)


# %% [markdown]
# `he_start` draws the weights with the standard deviation $\sqrt{2/d}$ for $d$ inputs, named
# after Kaiming He, who proposed it with colleagues in 2015. It keeps the scores of a ReLU layer
# neither tiny nor huge; part 4.1 shows why.
#
# The last two lines answer the first prediction: **about one** more forward pass gives all
# 203,530 slopes, because every box passes on a sum, and nobody walks a path twice. From here on we
# use the library's, in the form that every trainer below expects: a function that returns a
# dictionary with the names of the parameters.
#
# ## Check it, and mind the kink
#
# Never trust a gradient that was not measured. And remember from part 2.4: where $z = 0$, ReLU
# has a corner. If a score lies closer to 0 than the step $h$, the measurement reaches across it.
# Below, the lines called "kink" move one bias so that one score becomes $0.00005$. Who is right
# then, and how could you tell?

# %%
def gradient(X, y, outputs, params):
    gradients = backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def errors(params, h, gradient_fn=gradient):
    formula = gradient_fn(X_odd, y_odd, forward(X_odd, params), params)
    slopes = numerical_gradient(X_odd, y_odd, params, cross_entropy, forward, h)
    return {name: relative_error(formula[name], slopes[name]) for name in params}


row, unit = np.argwhere(Z1 > 0)[0]
at_kink = odd | {"b1": odd["b1"] - (Z1[row, unit] - 5e-5) * np.eye(6)[[unit]]}
trials = ("odd", odd, 1e-4), ("kink", at_kink, 1e-4), ("kink", at_kink, 1e-5)
for name, params, h in trials:
    agree = {parameter: r < 1e-6 for parameter, r in errors(params, h).items()}
    print(f"{name:5} h = {h:g}:", agree)
    assert all(agree.values()) == ((name, h) != ("kink", 1e-4))

# %% [markdown]
# At the kink the formula was right, and the measurement wrong: a smaller $h$ brings them together.
# A wrong formula stays wrong at any $h$. (Two parameters never disagreed: $W_2$ and $b_2$ come
# after the ReLU, so measuring them does not move a hidden score.)
#
# ## A trainer for any model
#
# `gradient_descent` of part 2.3 knew one layer. The library's `gradient_descent_general` is told
# three things instead: `forward_fn(X, params)`; `grad_fn(X, y, outputs, params)`, where `outputs`
# is what the forward pass returned; and `loss_fn`. Its core is short. In the last line of the loop
# stands the step, `-lr * gradients[name]`; the library has it as a function of its own,
# `sgd_update`, so that part 4.5 can put a better rule in its place. First our own version of it,
# then a test that earns trust: on logistic regression, 3 against 8, it must end exactly where part
# 2.3 ended. (The random order of the rows comes from the same seed.)

# %%
from course_lib.neural_network import gradient_descent_general, mini_batches, one_hot


def train(X, y, params, lr, num_epochs, forward_fn, grad_fn, batch_size, rng):
    for _ in range(num_epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            outputs = forward_fn(X_batch, params)
            gradients = grad_fn(X_batch, y_batch, outputs, params)
            params = {name: params[name] - lr * gradients[name] for name in params}
    return params


ours = train(X_odd, y_odd, odd, 0.5, 20, forward, gradient, 2, np.random.default_rng(0))
theirs, losses = gradient_descent_general(
    X_odd, y_odd, odd, 0.5, 20, forward, gradient, cross_entropy,
    batch_size=2, rng=np.random.default_rng(0),
)
assert all(np.allclose(ours[name], theirs[name]) for name in odd)
print(f"ours and the library's end at the same weights; loss {losses[-1]:.4f}")

# %%
from course_lib.neural_network import binary_cross_entropy, gradient_descent, sigmoid


def logistic(X, params):
    return sigmoid(X @ params["W"] + params["b"])


def slope_fn(X, y, A, params):
    return {"W": X.T @ (A - y) / len(X), "b": np.mean(A - y, axis=0, keepdims=True)}


X_38, y_38, X_38_test, y_38_test = select_pair(data, 3, 8)
X_38, X_38_test = (apply_scaler(X, fit_scaler(X_38)) for X in (X_38, X_38_test))
start = {"W": np.zeros((784, 1)), "b": np.zeros((1, 1))}
W, b, old = gradient_descent(X_38, y_38, *start.values(), 0.01, 10, 32,
    binary_cross_entropy, sigmoid, rng=np.random.default_rng(0))
new, losses = gradient_descent_general(X_38, y_38, start, 0.01, 10, logistic, slope_fn,
    binary_cross_entropy, batch_size=32, rng=np.random.default_rng(0))
assert np.allclose(new["W"], W) and np.allclose(losses, old)
share = np.mean((logistic(X_38_test, new) > 0.5) == y_38_test)
print(f"loss {old[-1]:.4f} and {losses[-1]:.4f}; test accuracy, 3 or 8: {share:.1%}")

# %% [markdown]
# The old trainer and the new one agree, number by number. What remains are the ten digits.
#
# ## On real data: ten digits
#
# The network at the top: 784 pixels, 256 hidden units, 10 scores; batches of 64, rate 0.1, twenty
# epochs. Beside it the same without a hidden layer, ten scores straight from the pixels. Five
# seeds of each: they shuffle, and they draw the start of the hidden layer. ± is the standard
# deviation of the five. (The split into training and test images stays the same.)
# Guess first: how many test images will each get right, and how many of those it trained on?

# %%
scaler = fit_scaler(data.X_train)
X_train, X_test = apply_scaler(data.X_train, scaler), apply_scaler(data.X_test, scaler)
y_train, y_test = one_hot(data.y_train, 10), one_hot(data.y_test, 10)


def fit(lr, hidden, seed=0, epochs=20, grad_fn=gradient, start=None, callback=None):
    rng = np.random.default_rng(seed)
    start = he_start(784, hidden, 10, rng) if start is None else start
    return gradient_descent_general(
        X_train, y_train, start, lr, epochs, forward, grad_fn, cross_entropy,
        batch_size=64, callback=callback, rng=rng,
    )


def share_right(scores, y):
    return np.mean(scores.argmax(axis=1) == y.argmax(axis=1))


def start_loss(hidden):  # of seed 0, before training
    params = he_start(784, hidden, 10, np.random.default_rng(0))
    return cross_entropy(forward(X_train, params)[1], y_train)


# %%
shares = np.zeros((5, 2, 2))  # [seed, without or with hidden layer, training or test]
for seed in range(5):
    W, b, _ = gradient_descent(X_train, y_train, np.zeros((784, 10)), np.zeros((1, 10)),
        0.1, 20, 64, cross_entropy, softmax, rng=np.random.default_rng(seed))
    params, _ = fit(0.1, 256, seed)
    for place, (X, y) in enumerate(((X_train, y_train), (X_test, y_test))):
        scores = X @ W + b, forward(X, params)[1]
        shares[seed, :, place] = [share_right(each, y) for each in scores]
means, spread = shares.mean(axis=0), shares.std(axis=0, ddof=1)[:, 1]
for i, name in enumerate(("no hidden layer ", "256 hidden units")):
    known, new = means[i]
    print(f"{name}: training {known:.1%}, test {new:.1%} ± {spread[i]:.1%}")
assert new >= {"digits28": 0.96, "mnist": 0.92}[data.name] and known > 0.99
assert known > new > means[0, 1]

# %% [markdown]
# Part 2.3 told two digits apart (its accuracy stands above), this network tells ten. It knows
# nearly every training image by heart; on images it never saw it is worse, and that gap is why
# test images are kept apart. The hidden layer pays, though weighted sums of pixels alone already
# tell most digits apart. Now look at the first of the five: its loss on both sets, and what it
# takes for what. Which two digits do you expect it to mix up?

# %%
after = []  # parameters by epoch
params, losses = fit(0.1, 256, callback=lambda epoch, now, loss: after.append(now))
on_test = [cross_entropy(forward(X_test, params)[1], y_test) for params in after]
answers = (A2 := forward(X_test, params)[1]).argmax(axis=1)
counts = np.zeros((10, 10), dtype=int)
np.add.at(counts, (data.y_test, answers), 1)  # one more at (truth, answer), each time
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.9), layout="constrained")
plots.plot_losses(left, {"training": losses, "test": on_test}, start_loss(256))
left.legend(loc="upper right")
left.set(title="Loss after each epoch", ylabel="loss")
plots.draw_confusion(right, counts)
wrong = np.flatnonzero(answers != data.y_test)
caption = f"Left: training ends far lower. Gray: its loss before the first step, from \
which both are drawn. Right: {len(wrong)} of {len(answers)} test images read wrongly."
plots.show(figure, caption, f"Two loss curves, and a confusion matrix. {caption}")

# %%
certain = wrong[np.argsort(-A2[wrong, answers[wrong]])][:6]
figure, axes = plt.subplots(1, 6, figsize=(10, 2.3), layout="constrained")
for axis, row in zip(axes, certain, strict=True):
    plots.draw_digit(axis, X_test[row])
    truth, share = A2[row, data.y_test[row]], A2[row].max()
    title = f"a {data.y_test[row]} ({truth:.2f})\ncalled {answers[row]} ({share:.2f})"
    axis.set_title(title, fontsize=9)
caption = "The mistakes that the network is most certain of: the true digit and the \
answer, each with its probability."
plots.show(figure, caption, f"Six test images that are read wrongly. {caption}")
off = counts - np.diag(np.diag(counts))
truth, answer = np.unravel_index(off.argmax(), off.shape)
print(f"most often: {truth} read as {answer}, {off.max()} of {len(wrong)} mistakes")
assert len(wrong) == off.sum()
assert on_test[-1] > 2 * losses[-1]

# %% [markdown]
# The largest number off the diagonal, in words above, is its most frequent mistake. Some of the
# images you might read wrongly yourself. With others it is hard to see what led the network astray,
# and it can be sure all the same. And did you see the training loss rise for a while? There, steps
# went too far, and later ones mended it.
#
# ## Experiment
#
# The rate was given. How was it found? A network with 64 hidden units, ten epochs, four rates:
# 0.001, 0.01, 0.1 and 10. For logistic regression (part 2.3), too high a rate leaped and came back.
# Will a network come back, too? Sketch the four curves before you run the cell.

# %%
rates = (0.001, 0.01, 0.1, 10)
runs = {lr: [fit(lr, 64, seed, epochs=10) for seed in range(3)] for lr in rates}
figure, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
curves = {f"rate {lr:g}": runs[lr][0][1] for lr in rates}
plots.plot_losses(axis, curves, start_loss(64))
axis.axhline(np.log(10), color=plots.GRAY, linestyle=":")
axis.text(10, np.log(10) * 0.72, "guessing", ha="right", color=plots.GRAY, fontsize=8)
caption = "From 0.001 to 0.1, each rate ends lower than the one before it. Rate 10 \
never gets below ln 10, dotted: the price of giving all digits the same probability. \
Gray: the loss before the first step."
plots.show(figure, caption, f"Training loss over ten epochs at four rates. {caption}")
for seed in range(3):
    ends = [runs[lr][seed][1][-1] for lr in rates]
    assert ends[0] > 2 * ends[1] > 3 * ends[2] and min(runs[10][seed][1]) > np.log(10)

# %% [markdown]
# ### Your turn: the sliders
#
# Each move trains a whole network, ten epochs on at most 1,500 images. Guess before you let go.
#
# 1. Move the **learning rate** from 0.001 up, one stop at a time. Which rates are slow, which good,
#    and at which does the network stop working? What does the sentence say about its hidden units?
# 2. Back to 0.1. Put **all rows** into a batch. Why is the loss so much higher? Does a higher
#    rate make up for it, as it did in part 2.3?
# 3. Back to a batch of 64. Take 256 **hidden units**, then halve them, stop by stop. How few
#    still read most digits? When it fails, what does a rate of 0.03 change?
#
# (*Jumpy* is no reproach: a good rate may jump a little. What counts is where the loss ends.) The
# cell after the sliders counts, for the four rates above, for rate 1, and for three starts each,
# the hidden units that are 0 for every training image.

# %%
part_3_4.explore(data)

# %%
runs[1] = [fit(1, 64, seed, epochs=10) for seed in range(3)]
print("  rate   training loss          test accuracy   units that are always 0")
for lr in sorted(runs):
    ends = np.mean([losses[-1] for _, losses in runs[lr]])
    hidden = [forward(X_train, params)[0] for params, _ in runs[lr]]
    dead = np.mean([A1.max(axis=0) == 0 for A1 in hidden])
    answers = [forward(X_test, params)[1].argmax(axis=1) for params, _ in runs[lr]]
    share = np.mean([answer == data.y_test for answer in answers])
    shown = f"{ends:.2f}" if ends < np.log(10) else "worse than guessing"
    print(f"{lr:6g}   {shown:20} {share:14.0%} {dead:22.0%}")
    assert (dead > 0.7) == (lr >= 1) and (share < 0.5) == (lr >= 1)


# %% [markdown]
# **A network does not come back.** One step too long can push a bias or the weights of a unit so
# far that its score is below 0 for every image. From then on ReLU' is 0 in every row, its column
# of $\delta_1$ is 0, and none of its weights ever moves again. Such a unit is called **dead**. At
# rate 10, (nearly) all of them are. Where all are dead, $a_1 = 0$ for every image, the scores are
# $b_2$ alone, and every image gets the same answer. (A few dead units need not hurt. At a low rate
# they may be units that the random start had shut already.) In logistic regression there was no
# gate that could shut.
#
# The best of the five rates stands one row above the first that kills most units. So it is often:
# the best rate is not far below the edge, on the slider a stop or two.
#
# What else you may have seen: with **all rows** in a batch, an epoch is one step, and ten steps
# are few. A higher rate cannot make up for that: units die before it is high enough. With **few
# hidden units** each death costs much, so a lower rate may rescue them; one unit alone is too few
# for ten digits. **More units** cost time, and from some point on they no longer help.
#
# ## Break it on purpose
#
# **First: the ReLU' is forgotten.** One factor, `* (A1 > 0)`, left out. All shapes fit. 64 hidden
# units, rate 0.01, five epochs, three seeds. Guess: does the loss still fall? Which of the four
# relative errors are large?

# %%
def forgotten(X, y, outputs, params):
    A1, A2 = outputs
    delta2 = (A2 - y) / len(X)
    delta1 = delta2 @ params["W2"].T  # and no (A1 > 0)
    b1, b2 = (delta.sum(axis=0, keepdims=True) for delta in (delta1, delta2))
    return {"W1": X.T @ delta1, "b1": b1, "W2": A1.T @ delta2, "b2": b2}


for seed in range(3):
    right, wrong = (fit(0.01, 64, seed, 5, fn)[1] for fn in (gradient, forgotten))
    print(f"loss after epoch 1 and 5: right {right[0]:.2f} {right[-1]:.2f}, "
          f"forgotten {wrong[0]:.2f} {wrong[-1]:.2f}")
    assert np.all(np.diff(wrong) < 0) and wrong[-1] > 1.05 * right[-1]
found = errors(odd, 1e-4, forgotten)
print({name: f"{r:.2f}" if r > 1e-6 else "below 1e-6" for name, r in found.items()})
assert min(found["W1"], found["b1"]) > 0.1 and max(found["W2"], found["b2"]) < 1e-6

# %% [markdown]
# It learns. The loss falls in every epoch, a little more slowly than it could, and without the
# right one beside it nobody would suspect a thing. **A falling loss is no proof; the numerical
# check found it at once**, and it says where: in $W_1$ and $b_1$, the two that the walk back
# reaches only through the forgotten factor.
#
# **Second: all weights start equal.** Sixteen hidden units, every weight 0.01. What will the
# sixteen look like after training? **Third: all weights start at zero**, your second prediction.
# Which of the four parameters move? The rate is 0.01 again, and the last line has the same network
# from a random start.

# %%
for value in (0.01, 0.0):
    equal = {name: np.full_like(p, 0 if "b" in name else value)
             for name, p in he_start(784, 16, 10, np.random.default_rng(0)).items()}
    params, losses = fit(0.01, 16, epochs=10, start=equal)
    first_in, first_out = params["W1"][:, :1], params["W2"][:1]
    same = np.allclose(params["W1"], first_in) and np.allclose(params["W2"], first_out)
    moved = [name for name in params if not np.array_equal(params[name], equal[name])]
    print(f"start {value:4}: loss {losses[-1]:.2f}, identical: {same}, moved: {moved}")
    assert same and moved == (["W1", "b1", "W2", "b2"] if value else ["b2"])
    assert losses[-1] > 1.2
params, losses = fit(0.01, 16, epochs=10)
print(f"random start: loss {losses[-1]:.2f}")
assert losses[-1] < 0.8

# %% [markdown]
# Equal units get equal slopes, take equal steps, and stay equal: sixteen copies of one. This is
# **symmetry**, and only randomness breaks it. At zero it is worse. $a_1 = 0$, so $\nabla_{W_2} =
# 0$. $W_2 = 0$, so $\delta_1 = 0$, and with it $\nabla_{W_1}$ and $\nabla_{b_1}$. **Only $b_2$
# moves**: it learns how frequent each digit is, and nothing about any image. Logistic regression
# could start at zero because its slopes, $X^\top(A - y)$, do not contain the weights of another
# layer.
#
# ## Exercises
#
# Open [exercises/3_4_backpropagation.ipynb](../exercises/3_4_backpropagation.ipynb). Each one
# checks itself and gives hints.
#
# 1. **Recall** · the shapes, and the backward pass of a network 2 → 3 → 2
# 2. **Change** · one step lowers the loss
# 3. **Derive** · hidden units with tanh and sigmoid; then 0 against 1 with two outputs
# 4. **Explore** · learning rates from 0.001 to 10: slow, good, unstable
#
# ## What you can do now
#
# - derive why softmax and cross-entropy together have the slope $a - y$
# - compute a gradient by hand, through a graph, and as matrices, and say why a transpose stands
#   where it stands
# - check any backward pass by measuring, and tell a mistake from a kink
# - train a network on ten digits, and read its confusion matrix
# - say what kills a ReLU unit, and why weights must not start equal
#
# **Next:** 4.1 Deeper MLPs and vanishing gradients, where one more layer is one more line, and
# where the start decides whether anything is learned.
