# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2.4 · Debugging with numerical gradients
#
# A wrong gradient rarely stops a program. It runs, the loss may even fall a little, and
# nobody can say why it does not fall further. At the end of this lesson you hold a tool that finds
# such mistakes without any formula. Here it looks at four gradients of logistic regression:

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.explorers import part_2_4

data = load_data()
finished = part_2_4.draw_checks(data)
caption = (
    "One point for each weight, a diamond for the bias. Where formula and measurement "
    "agree, a point lies on the gray line. Three of these formulas are wrong. "
    "Mind the vertical axes: they differ."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** measure a gradient with two evaluations of the loss for each parameter, find out
# how small the step should be and why not smaller, settle a question that part 2.2 left open,
# and catch three planted mistakes.
#
# **You need** the gradients of part 2.2 and 2.3, and the losses of 2.1. **Time:** about 90
# minutes with the exercises; the notebook itself runs in seconds. **New in the library:**
# `numerical_gradient` and `relative_error`. The library so far, part by part:

# %%
library_so_far("2.4")


# %% [markdown]
# ## Predict
#
# A slope says how much the loss rises when a weight moves a little. So one can measure it: move
# the weight up by a small step $h$, move it down by $h$, and divide the change of the loss by
# the way, $2h$. Note your answers, and your reasons:
#
# - Part 2.2 gave a formula for the gradient of the mean squared error. Measured this way, will
#   the gradient come out **the same**?
# - Which step measures best: $h = 0.01$, $h = 0.00001$, or $h = 0.000000000001$? Is smaller
#   always better?
#
# ## The smallest case, by hand
#
# Take $f(w) = w^3$ at $w = 1$. Its slope there is $3w^2 = 3$. We measure it with $h = 0.1$.
#
# **One step forward**, from 1 to 1.1: $(1.331 - 1)/0.1 = 3.31$. This is the **forward
# difference**. It is off by $0.31$.
#
# **A step to either side**, from 0.9 to 1.1: $(1.331 - 0.729)/0.2 = 3.01$. This is the **central
# difference**. It is off by $0.01$, with the same step and also two evaluations. (With many
# weights the forward difference can share $f(w)$: nearly half the work.)

# %%
def cube(w):
    return w**3


w, h = 1.0, 0.1
forward = (cube(w + h) - cube(w)) / h
central = (cube(w + h) - cube(w - h)) / (2 * h)
assert np.isclose(forward, 3.31) and np.isclose(central, 3.01)  # as by hand
print(f"forward {forward:.2f}   central {central:.2f}   slope {3 * w**2:.2f}")

# %% [markdown]
# ## A case for the tool: the gradient of part 2.2
#
# Four points on the line $y = 2x + 1$, at $x = 1, 2, 3, 4$. The model is $\hat y = xW + b$, and it
# stands at $W = 1$, $b = 0.5$. The errors $\hat y - y$ are $-1.5, -2.5, -3.5, -4.5$. Part 2.2 takes
# the mean of $x(\hat y - y)$ and the mean of $\hat y - y$:
#
# $$\nabla_W = \frac{-1.5 - 5 - 10.5 - 18}{4} = -8.75, \qquad
# \nabla_b = \frac{-1.5 - 2.5 - 3.5 - 4.5}{4} = -3$$
#
# Now the same two slopes without any formula, from the loss alone. What will come out?

# %%
from course_lib.neural_network import mse_loss

x = np.array([[1.0], [2.0], [3.0], [4.0]])
y = 2 * x + 1
W, b, h = 1.0, 0.5, 1e-4
error = x * W + b - y
formula_W, formula_b = np.mean(x * error), np.mean(error)
assert np.allclose([formula_W, formula_b], [-8.75, -3])  # as by hand

W_change = mse_loss(x * (W + h) + b, y) - mse_loss(x * (W - h) + b, y)
b_change = mse_loss(x * W + (b + h), y) - mse_loss(x * W + (b - h), y)
measured_W, measured_b = W_change / (2 * h), b_change / (2 * h)
print(f"formula:  W {formula_W:.2f}   b {formula_b:.2f}")
print(f"measured: W {measured_W:.2f}  b {measured_b:.2f}")
assert np.allclose([measured_W / formula_W, measured_b / formula_b], 2)


# %% [markdown]
# Not the same: the measured slopes are **twice** as steep. Good debugging starts here, with two
# numbers that ought to be equal and a ratio between them. An exact 2, for both, is no accident.
#
# ### Where the 2 comes from
#
# The square of the error, $e^2$, has the slope $2e$. The chain rule multiplies it by the slope of
# $e = xW + b - y$ itself, which is $x$ along $W$ and 1 along $b$. Averaged over the $n$ rows:
#
# $$L = \frac1n \sum_i (\hat y_i - y_i)^2, \qquad
# \nabla_W = \frac2n\, X^\top(\hat y - y), \qquad \nabla_b = \frac2n \sum_i (\hat y_i - y_i)$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | the inputs, here $(4, 1)$ |
# | $\hat y$, $y$ | $(n, 1)$ | what the model says, and what is true |
# | $\nabla_W$ | $(d, 1)$ | one slope for each weight |
# | $\nabla_b$ | $(1, 1)$ | the slope of the bias |
#
# Part 2.2 dropped the 2 and said that the learning rate takes it over. That trains as well: the
# direction is the same, and a rate $\eta$ with half the gradient makes the step that $\eta/2$ makes
# with the whole. But it is not the slope of `mse_loss`. There are two ways to mend that: write the
# 2, and halve the rate; or call $\frac12 L$ the loss. The next cell tries both.

# %%
def walk(factor, lr, num_steps=20):
    W, b = 1.0, 0.5
    for _ in range(num_steps):
        error = x * W + b - y
        W, b = W - lr * factor * np.mean(x * error), b - lr * factor * np.mean(error)
    return W, b, mse_loss(x * W + b, y)


assert np.allclose(2 / 4 * x.T @ error, measured_W)  # the formulas above
assert np.allclose(2 / 4 * error.sum(), measured_b)
assert np.isclose(W_change / 2 / (2 * h), formula_W)  # the slope of half the loss
for factor, lr in ((1, 0.2), (2, 0.1), (2, 0.2)):
    loss = walk(factor, lr)[2]
    print(f"factor {factor}, rate {lr}:", f"{loss:.4f}" if loss < 100 else "diverges")
assert np.allclose(walk(1, 0.2), walk(2, 0.1)) and walk(2, 0.2)[2] > 1e10

# %% [markdown]
# Half the rate with the whole gradient: the same path. But write the 2 and **forget** the rate,
# and training diverges: the mend of one line needs the other. The library keeps the formula of
# part 2.2, and says so in the docstring of `gradient_descent`.
#
# ## Why two sides are better than one
#
# A smooth function, one without corners, is nearly a sum of powers of a small step, its **Taylor
# expansion**. $f'$ is the slope, $f''$ the slope of the slope, $f'''$ the slope of that; all of
# them are numbers, taken at $w$:
#
# $$f(w + h) = f + h f' + \frac{h^2}{2} f'' + \frac{h^3}{6} f''' + \dots$$
#
# Why 2 and 6? Take the slope of both sides along $h$ once, twice, three times, and put $h = 0$:
# with these factors, both sides agree each time. For $w^3$ it is the school formula
# $w^3 + 3w^2h + 3wh^2 + h^3$.
#
# With $-h$ for $h$, the odd powers change their sign. Subtract $f$ and divide by $h$; or subtract
# $f(w - h)$ and divide by $2h$, and $f$ and $f''$ cancel:
#
# $$\frac{f(w+h) - f}{h} = f' + \frac{h}{2} f'' + \dots, \qquad
# \frac{f(w+h) - f(w-h)}{2h} = f' + \frac{h^2}{6} f''' + \dots$$
#
# What stands beside $f'$ is the **truncation error**: the part of the series that we cut off. It
# shrinks with $h$ for the forward difference and with $h^2$ for the central one. By hand, $w^3$
# gave $3 + 0.3 + 0.01$ and $3 + 0.01$: exactly these terms. Does it also fit the binary
# cross-entropy of one row with $x = 1$ and $y = 1$? There $f(w) = -\ln\sigma(w)$, and
# $f' = \sigma - 1$, $f'' = \sigma(1 - \sigma)$, $f''' = \sigma(1 - \sigma)(1 - 2\sigma)$.
# ($\sigma' = \sigma(1 - \sigma)$ from part 1.3; the slope of $\sigma - \sigma^2$ is
# $\sigma' - 2\sigma\sigma'$.)

# %%
from course_lib.neural_network import binary_cross_entropy, sigmoid


def price(w):
    return -np.log(sigmoid(w))


a = sigmoid(1.0)
assert np.isclose(price(1.0), binary_cross_entropy([[a]], [[1.0]]))
first, second, third = a - 1, a * (1 - a), a * (1 - a) * (1 - 2 * a)
print("    h   forward is off  h f''/2    central is off  h² f'''/6")
for h in (0.1, 0.01, 0.001):
    forward = (price(1 + h) - price(1)) / h - first
    central = (price(1 + h) - price(1 - h)) / (2 * h) - first
    cut = h * second / 2, h**2 * third / 6
    print(f"{h:5} {forward:15.1e} {cut[0]:9.1e} {central:16.1e} {cut[1]:10.1e}")
    assert np.allclose([forward, central], cut, rtol=0.05, atol=0)

# %% [markdown]
# Forward: ten times smaller a step, ten times smaller an error. Central: a **hundred** times
# smaller. Then why not choose $h = 10^{-12}$?
#
# ### Rounding
#
# A computer keeps about 16 digits of each number. What comes after them is rounded away: a
# relative error of about $\varepsilon = 2 \cdot 10^{-16}$, one unit in the last place.
# For a large $h$ this does not matter. For a tiny one, $f(w + h)$ and $f(w - h)$ agree in nearly
# all their digits; the difference keeps only the last few, the rounded ones, and then we divide
# by the tiny $2h$. Each of the two losses may be off by about $\varepsilon f$, together by
# $2\varepsilon f$; divided by $2h$ that is the **rounding error** of the slope,
# $\varepsilon f / h$: it **grows** as $h$ shrinks.
#
# The two add up to $\frac{h^2}{6} f''' + \frac{\varepsilon f}{h}$, where $f$ and $f'''$ stand
# for their sizes, without a sign. Where is that least? Where its slope along $h$, which is
# $\frac{h}{3} f''' - \frac{\varepsilon f}{h^2}$, is zero: at $h = (3\varepsilon f / f''')^{1/3}$.

# %%
eps = np.finfo(np.float64).eps
print(f"epsilon: {eps:.1e}   1 + 1e-17 is 1: {1 + 1e-17 == 1}")
above, below = price(1 + 1e-10), price(1 - 1e-10)
print(f"two losses, h = 1e-10: {above:.12f} and {below:.12f}")

best = (3 * eps * price(1.0) / abs(third)) ** (1 / 3)
trials = best * np.array([0.5, 1, 2])
total = trials**2 / 6 * abs(third) + eps * price(1.0) / trials
assert total[1] == total.min()  # half and twice that step are worse
print(f"best step, by this estimate: {best:.0e}")

# %% [markdown]
# ## Build it
#
# A model has many parameters, of many shapes. They come in a dictionary, `{"W": ..., "b": ...}`,
# and a function `forward_fn(X, params)` that turns inputs into predictions (one such run is a
# **forward pass**). The measurement goes through all entries of all arrays, moves one up and down,
# and puts it back. `np.ndindex` counts through the places of an array of any shape, and
# `for values[place] in ...` puts one number after the other into that place. The library's
# `numerical_gradient` is the same loop; it also looks at what it is given. The second cell tries
# both on 5 rows, 3 inputs and 2 outputs, sizes that all differ, and looks whether the parameters
# are as they were.

# %%
from course_lib.neural_network import numerical_gradient


def linear(X, params):
    return X @ params["W"] + params["b"]


def measure(X, y, params, loss_fn, forward_fn, h=1e-4):
    params = {name: value.astype(float) for name, value in params.items()}  # copies
    gradients = {name: np.zeros(value.shape) for name, value in params.items()}
    for name, values in params.items():
        for place in np.ndindex(values.shape):
            old, losses = values[place], []
            for values[place] in (old + h, old - h):
                losses.append(loss_fn(forward_fn(X, params), y))
            values[place] = old
            gradients[name][place] = (losses[0] - losses[1]) / (2 * h)
    return gradients


# %%
rng = np.random.default_rng(0)
X_odd, y_odd = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
odd = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=(1, 2))}
before = {name: value.copy() for name, value in odd.items()}
ours = measure(X_odd, y_odd, odd, mse_loss, linear)
library = numerical_gradient(X_odd, y_odd, odd, mse_loss, linear)
for name in odd:
    assert ours[name].shape == odd[name].shape
    assert np.array_equal(ours[name], library[name])
    assert np.array_equal(odd[name], before[name])

case = numerical_gradient(x, y, {"W": [[1.0]], "b": [[0.5]]}, mse_loss, linear)
print("the case above:", {name: round(slope.item(), 4) for name, slope in case.items()})

# %% [markdown]
# From here on we use the library's.
#
# ### What is small enough?
#
# Is a difference of 0.001 much? Beside a slope of 1000 it is nothing, beside 0.0001 it is
# everything. So we compare with the size of the gradient. The **relative error** is the largest
# difference, divided by the largest entry of both gradients:
#
# $$r = \frac{\max_i |g_i - m_i|}{\max(\max_i |g_i|,\ \max_i |m_i|)}$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $g$ | that of the parameter | the gradient from the formula |
# | $m$ | the same | the measured one |
# | $r$ | a number, 0 to 2 | **below $10^{-6}$** they agree, **above $10^{-2}$** mistake or kink |
#
# In between, try another $h$. (A kink is a corner: see below.) The usual mistakes have an $r$ of
# their own. Which one is it for a wrong sign? For a forgotten 2?

# %%
from course_lib.neural_network import relative_error


def compare(gradient, expected):
    largest = max(np.abs(gradient).max(), np.abs(expected).max())
    return np.abs(gradient - expected).max() / largest


right = np.array([-8.0, 3.0, 0.5])
mistakes = {"none": 1, "forgotten 2": 0.5, "sum, n = 64": 64, "sign": -1}
for mistake, factor in mistakes.items():
    r = relative_error(factor * right, right)
    assert compare(factor * right, right) == r
    print(f"{mistake:12} r = {r:.4f}")
hidden = relative_error([1000.0, -0.0001], [1000.0, 0.0001])
print("a wrong sign beside a huge entry passes:", hidden < 1e-6)
assert hidden < 1e-6 and relative_error([-0.0001], [0.0001]) == 2

# %% [markdown]
# The last line is a warning: a huge entry hides a small one. So compare $W$ and $b$ each by itself,
# never in one long array.
#
# ## Experiment
#
# Which $h$ is best? One slope can come out right by luck, so we measure at 20,000 weights and take
# the typical error (the root of the mean square). Steps from $10^{-1}$ to $10^{-12}$, central and
# forward, and two losses: the cross-entropy from above, and the squared error $(w - 3)^2$ of one
# row. **Before you run it:** where does each of the four end up best?

# %%
weights = np.linspace(-2, 2, 20_000)
steps = np.array([float(f"1e-{k}") for k in range(1, 13)])
losses = {
    "cross-entropy": (price, sigmoid(weights) - 1),
    "squared error": (lambda w: (w - 3) ** 2, 2 * (weights - 3)),
}
found = {}
for name, (f, slope) in losses.items():
    for h in steps:
        above, here, below = f(weights + h), f(weights), f(weights - h)
        pair = {"central": (above - below) / (2 * h), "forward": (above - here) / h}
        for kind, measured in pair.items():
            error = np.sqrt(np.mean((measured - slope) ** 2))
            found.setdefault((name, kind), []).append(error)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6), layout="constrained")
styles = {"central": (plots.BLUE, "-", "o"), "forward": (plots.RED, "--", "s")}
for (name, kind), curve in found.items():
    axis = left if name == "cross-entropy" else right
    color, line, marker = styles[kind]
    axis.loglog(steps, curve, line, color=color, marker=marker, label=kind)
    axis.set(title=name.capitalize(), xlabel="step h", ylim=(1e-15, 1))
    axis.grid(alpha=0.3)
left.set_ylabel("typical error of the slope")
left.legend()
best = {key: steps[np.argmin(curve)] for key, curve in found.items()}
best_h = best["cross-entropy", "central"]
caption = f"Left: the best step of the central difference is {best_h:g}. \
Right: on a square, the smaller h, the larger the error of the central difference."
plots.show(figure, caption, f"Error against step, two plots with two curves. {caption}")


# %% [markdown]
# Read the left picture from right to left: first truncation rules, then rounding. Here are the
# same errors as powers of ten. The right picture holds a surprise: why does the central difference
# have no best step in between?

# %%
def order(error):
    return f"1e{round(np.log10(error)):03d}"


print("h       cross-entropy      squared error")
print("        central forward    central forward")
for row, h in enumerate(steps):
    cells = [order(curve[row]) for curve in found.values()]
    print(f"{h:.0e}   {cells[0]}   {cells[1]}      {cells[2]}   {cells[3]}")
entropy, square = found["cross-entropy", "central"], found["squared error", "central"]
assert np.allclose(np.log10(np.divide(entropy[:3], entropy[1:4])), 2, atol=0.1)
assert best["cross-entropy", "central"] == 1e-5 and entropy[11] > 1e5 * entropy[4]
assert best["squared error", "central"] == 0.1 and max(*square[:4], entropy[3]) < 1e-9
assert min(found["cross-entropy", "forward"]) > 100 * min(entropy)
assert {best[name, "forward"] for name in losses} <= {1e-7, 1e-8}

# %% [markdown]
# On the cross-entropy, each step ten times smaller makes the central error a hundred times
# smaller, down to $h = 10^{-4}$. The best step is $10^{-5}$; below it, the error grows. Of the
# three steps in the prediction, the middle one wins. The forward difference is best near $10^{-7}$
# on both losses, and never comes as close.
#
# And the square? Its third derivative is 0, and so is all that follows: **for a quadratic loss the
# central difference is exact**, only rounding is left, and a larger step is better. Test a gradient
# checker on the squared error alone, and you will learn nothing about $h$. The library's
# $h = 10^{-4}$ is not the best step, but on losses like these its error stays far below the
# $10^{-6}$ that we ask for.
#
# ### Your turn: the slider
#
# Run the next cell, move the slider, let go. Guess before you let go. Both losses
# here are means over three rows.
#
# 1. Shrink $h$ from 1. Which secant (the line through two points of the curve) turns into the
#    tangent first? From which step on can your eye not tell them apart, and where on the right is
#    the error least?
# 2. Set the function to the **mean squared error**, $h = 1$. Why does the blue secant have the
#    right slope already?
# 3. Set it to **|w|** at $w = 0.01$, and shrink $h$ from 1. What happens below 0.01?
# 4. And at $w = 0$?

# %%
part_2_4.explore()

# %% [markdown]
# What you may have seen:
#
# - **The eye is content long before the number is.** The error goes on falling while the picture
#   no longer changes, and it rises again unseen: at $h = 10^{-12}$ the secant looks perfect.
# - **The curve is jagged on the left:** rounding is luck at a single point, which is why we
#   averaged over 20,000.
# - **On a parabola** the secant around a point is parallel to the tangent, for any step.
# - **At $w = 0.01$** a step that reaches across the corner of $|w|$ measures another line. Below
#   0.01 it measures the right one.
# - **At the corner itself** there is no slope, and no step helps. More on that below.
#
# ## On real data
#
# Now the check that one does in earnest: logistic regression on the digits 3 and 8, with the
# gradient of part 2.3. A batch of 64 images, scaled by the training pixels; to keep it fast, every
# third pixel in both directions, without the rim, which leaves $8 \times 8 = 64$.

# %%
X_train, y_train, _, _ = select_pair(data, 3, 8)
X_train = apply_scaler(X_train, fit_scaler(X_train))
X_batch = X_train[:64].reshape(64, 28, 28)[:, 3:25:3, 3:25:3].reshape(64, 64)
y_batch = y_train[:64]
W = np.random.default_rng(0).normal(scale=0.1, size=(64, 1))
params = {"W": W, "b": np.full((1, 1), 0.1)}
passes = []  # one entry for each forward pass


def logistic(X, params):
    passes.append(len(X))
    return sigmoid(X @ params["W"] + params["b"])


measured = numerical_gradient(X_batch, y_batch, params, binary_cross_entropy, logistic)
print(len(passes), "forward passes for", W.size, "weights and 1 bias")
assert len(passes) == 2 * (64 + 1)


# %%
def gradient_fn(X, y, params):
    error = logistic(X, params) - y
    return {"W": X.T @ error / len(X), "b": error.mean(axis=0, keepdims=True)}


formula = gradient_fn(X_batch, y_batch, params)
for name in params:
    r = relative_error(formula[name], measured[name])
    print(f"{name}: relative error {order(r)}, they agree: {r < 1e-6}")
    assert r < 1e-6


# %% [markdown]
# The measurement needs two passes for each parameter, the formula one pass for all. That is why
# nobody trains this way: measure once, on a small batch, then trust the formula.
#
# ### Three planted mistakes
#
# Each of these runs without a complaint. With 64 rows of 64 pixels, even a transposed product has
# the right shape. Which parameter will the check find wrong in each, and with which $r$?

# %%
def transposed(X, y, params):
    error = logistic(X, params) - y
    return {"W": X @ error / len(X), "b": error.mean(axis=0, keepdims=True)}


def summed(X, y, params):
    error = logistic(X, params) - y
    return {"W": X.T @ error, "b": error.sum(axis=0, keepdims=True)}


def turned(X, y, params):
    error = logistic(X, params) - y
    return {"W": X.T @ error / len(X), "b": -error.mean(axis=0, keepdims=True)}


# %%
results = {}
print("             r of W   r of b   formula / measured, W       b")
for fn in (gradient_fn, transposed, summed, turned):
    gradient = fn(X_batch, y_batch, params)
    r = {name: relative_error(gradient[name], measured[name]) for name in params}
    ratios = gradient["W"] / measured["W"]
    same = np.allclose(ratios, ratios[0], rtol=1e-3)
    ratio = f"always {ratios[0, 0]:.0f}" if same else "no pattern"
    ratio_b = (gradient["b"] / measured["b"]).item()
    print(f"{fn.__name__:11} {r['W']:7.4f}  {r['b']:7.4f}   {ratio:22} {ratio_b:6.0f}")
    results[fn.__name__] = [r[name] < 1e-6 for name in params]
assert results["transposed"] == [False, True] and results["turned"] == [True, False]
assert results["summed"] == [False, False] and results["gradient_fn"] == [True, True]

# %% [markdown]
# The relative error says **which** parameter. The ratio says **how**:
#
# - **always the same number**: a factor is missing or too many. 64 is the number of rows, so the
#   mean was forgotten; 2 would be the square's; $-1$ is a sign.
# - **no pattern**: the entries themselves are wrong, such as the product of the wrong axes.
#
# That is the picture at the top: B is a cloud, C a line too steep, D a point mirrored. And the
# transposed product runs only because the batch is square. **Check with sizes that all differ**,
# and NumPy itself reports it: the next cell tries it on 60 of the 64 rows.
#
# ## Break it on purpose
#
# **First: whole numbers.** The cell after the next has parameters as one types them, `1` instead of
# `1.0`. A checker moves them in place, without making copies of type float. What does NumPy make of
# the step?

# %%
try:
    transposed(X_batch[:60], y_batch[:60], params)
except ValueError:
    print("the transposed product, on 60 rows: ValueError")

# %%
W_int = np.array([[1]])
old, losses = W_int[0, 0], []
for W_int[0, 0] in (old + 1e-4, old - 1e-4):
    print("the weight moved to", W_int[0, 0])
    losses.append(mse_loss(x @ W_int + 0.5, y))
careless = (losses[0] - losses[1]) / 2e-4
integers = numerical_gradient(x, y, {"W": [[1]], "b": [[0.5]]}, mse_loss, linear)
print(f"careless: {careless:.0f}   library: {integers['W'].item():.1f}")
assert abs(careless) > 1000 * 17.5 and np.isclose(integers["W"].item(), -17.5)

# %% [markdown]
# An array of integers cuts off what comes after the point: $1 + 0.0001$ stays 1, and
# $1 - 0.0001$ becomes 0. The library converts to float first.
#
# **Second: a step too small.** We saw that rounding grows. How far can it go?

# %%
for h in (1e-4, 1e-12, 1e-17):
    tiny = numerical_gradient(x, y, {"W": [[1.0]], "b": [[0.5]]}, mse_loss, linear, h)
    r = relative_error(tiny["W"], [[-17.5]])
    print(f"h = {h:.0e}: they agree (below 1e-6): {r < 1e-6}, r = 1: {r == 1}")
    assert (r < 1e-6) == (h == 1e-4) and (r == 1) == (h == 1e-17)
assert 1 + 1e-17 == 1 and tiny["W"].item() == 0


# %% [markdown]
# At $10^{-17}$ the weight does not move at all, so the measured slope is exactly 0. If a
# measurement says 0, ask first whether the step arrived.
#
# **Third: a corner.** $|w|$ and $\max(0, w)$ have a **kink** at 0: one slope on the left, another
# on the right, none at the point itself. What does the central difference say there, and what
# close by?

# %%
def slopes(f, w, h):
    return (f(w + h) - f(w - h)) / (2 * h), (f(w + h) - f(w)) / h, (f(w) - f(w - h)) / h


def ramp(w):
    return np.maximum(0, w)


places = ("|w|", np.abs, 0), ("max(0, w)", ramp, 0), ("max(0, w)", ramp, 2e-5)
for name, f, w in places:
    for h in (1e-4, 1e-5):
        central, right, left = slopes(f, w, h)
        print(f"{name:10} w = {w:5g}  h = {h:g}: central {central:.2f}, "
              f"right {right:.2f}, left {left:.2f}")
assert slopes(np.abs, 0, 1e-4) == (0, 1, -1)
assert np.allclose(slopes(ramp, 0, 1e-4), (0.5, 1, 0))
assert np.isclose(slopes(ramp, 2e-5, 1e-4)[0], 0.6)
assert np.isclose(slopes(ramp, 2e-5, 1e-5)[0], 1)

# %% [markdown]
# At the kink it answers with the mean of both sides, a slope that the function has nowhere. Close
# to the kink, the step reaches across; a smaller one heals that. Remember it for part 3.2, where
# networks are full of $\max(0, z)$: if a check fails there, look at left and right slope. Where
# they differ, your formula may be innocent: move the parameters a little, and measure again.
#
# ## Exercises
#
# Open [exercises/2_4_numerical_gradients.ipynb](../exercises/2_4_numerical_gradients.ipynb). Each
# one checks itself and gives hints.
#
# 1. **Recall** · the central difference, and a line through two points
# 2. **Change** · central against forward, from 1e-1 to 1e-12
# 3. **Derive** · logistic regression, with the loss that suits it and with one that does not
# 4. **Explore** · three wrong gradients: which parameter, and how
#
# ## What you can do now
#
# - measure any gradient, with two evaluations of the loss for each parameter
# - say why the step must be neither large nor tiny, and what a quadratic hides
# - read a relative error, and from the ratio of two gradients tell a forgotten factor from a wrong
#   sign and from a wrong product
# - tell a wrong formula from a kink, and from parameters that were integers
#
# **Next:** 3.1 Single-layer perceptrons, where logistic regression becomes a neuron, and meets
# four points that it cannot tell apart.
