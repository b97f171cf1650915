# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1.3 · Mathematical functions and activation basics
#
# A neuron adds up numbers. The sum, its **score**, can be anything: −1000, 0, 3.7. But to the
# question "is this a 3?" we want an answer between 0 (no) and 1 (yes). At the end of this
# lesson you know the curve that turns one into the other, you can bend it to your wish, and
# you have found out by yourself how steep it is at every point. Here it is:

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import load_data
from course_lib.explorers import part_1_3

data = load_data()
finished = part_1_3.draw(part_1_3.random_scores(data), steepness=1.0, shift=0.0)
caption = "Left: any score z becomes an answer between 0 and 1. Middle: how steep the \
curve is at each z. Right: what an untrained neuron answers to real images of digits."
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** meet $e^z$, the sigmoid and $\max(0, z)$, learn what a derivative is, derive
# that of the sigmoid and check it by a small step, then squash the scores of real images.
#
# **You need** arrays (part 1.1), the matrix product (1.2), and from school: powers, and what
# the slope of a curve is. **Time:** about 75 minutes with the exercises; the notebook itself
# runs in seconds. **New in the library:** `sigmoid`. The library so far, part by part:

# %%
library_so_far("1.3")

# %% [markdown]
# ## Predict
#
# A score of 0 means "no idea", and the answer is 0.5. When the score goes up from 0 to 1, the
# answer goes up too, by about 0.23. Now the score goes up from 10 to 11. Does the answer gain
# more than 0.23, the same, half of it, or hardly anything? Note a number. You will measure it
# below, in "Build it".

# %% [markdown]
# ## The smallest case, by hand
#
# The curve is called **sigmoid**, "shaped like an S", and is written with the Greek letter
# sigma:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# $e$ is a number near 2.718; why this one, we will see. The **natural logarithm** $\ln$ asks
# for the power of $e$: $\ln 3$ is the number with $e^{\ln 3} = 3$. A minus in the power turns
# the fraction over: $e^{-\ln 3} = \frac13$. Three scores that need no computer:
#
# - $z = 0$: $e^0 = 1$, so $\sigma = 1/(1 + 1) = 0.5$.
# - $z = \ln 3$: $e^{-z} = \frac13$, so $\sigma = 1/(1 + \frac13) = 0.75$: three parts
#   yes, one part no.
# - $z = -\ln 3$: $e^{-z} = 3$, so $\sigma = 1/(1 + 3) = 0.25$: one part yes,
#   three parts no.

# %%
by_hand = [0.5, 0.75, 0.25]
for z, answer in zip([0, np.log(3), -np.log(3)], by_hand, strict=True):
    by_code = 1 / (1 + np.exp(-z))
    assert np.isclose(by_code, answer)
    print(f"score {z:7.4f}: answer {by_code:.4f}")
print(f"e = {np.e:.4f}, ln 3 = {np.log(3):.4f}")  # NumPy's log is the natural one


# %% [markdown]
# ## What a derivative is
#
# A straight line has one slope: how far it rises, divided by how far you go to the right. A
# curve has a different slope at each point. But zoom in on a point far enough, and the curve looks
# straight. The slope of that little piece is the **derivative** of the curve at this point.
#
# So you can measure it: go a small step $h$ to the left and to the right, and divide the rise
# by the run. For a curve $f$, written $f'$ ("f prime"):
#
# $$f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$$
#
# Let us do that to $e^z$ at $z = 0$, with smaller and smaller steps.

# %%
def slope_of(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / (2 * h)


z = np.linspace(-2.2, 2.2, 200)
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3), layout="constrained", sharey=True)
slopes = [slope_of(np.exp, 0.0, h) for h in (2, 1, 0.1)]
for axis, h, slope in zip(axes, (2, 1, 0.1), slopes, strict=True):
    ends = np.array([-h, h])
    axis.plot(z, np.exp(z), color=plots.BLUE)
    axis.plot(z, np.exp(-h) + slope * (z + h), "--", color=plots.RED)
    axis.plot(ends, np.exp(ends), "o", color=plots.RED)
    axis.set(title=f"step {h}: slope {slope:.4f}", xlabel="z", ylim=(-3, 9))
caption = f"The line through two points of the curve e^z. The closer they are to 0, \
the closer the slope to 1: {', '.join(f'{slope:.4f}' for slope in slopes)}."
plots.show(figure, caption, f"Three plots of a rising curve with a line. {caption}")
assert slopes[0] > slopes[1] > slopes[2] > 1

# %% [markdown]
# ### What is special about e
#
# Powers of every number make such a curve: $2^z$, $3^z$. Why $e$, then? Take a
# step $h$ and use $e^{z+h} = e^z e^h$:
#
# $$\frac{e^{z+h} - e^z}{h} = e^z \cdot \frac{e^h - 1}{h}$$
#
# The last factor does not depend on $z$: it is the slope at 0, measured here with a step to the
# right only. With smaller steps both ways come to the same number. For another base, the factor
# is its natural logarithm: below one for $2^z$, above one for $3^z$. **$e$ is the base for which
# it is one**. So the derivative of $e^z$ is $e^z$ itself: the curve is everywhere as steep as it
# is high.

# %%
h = 1e-5
for base, name in ((2, "2"), (np.e, "e"), (3, "3")):
    factor = (base**h - base**-h) / (2 * h)
    print(f"slope of {name}^z at z = 0: {factor:.4f}")
    assert np.isclose(factor, np.log(base))
    assert np.isclose((base**h - 1) / h, factor, atol=1e-4)  # to the right only

Z = np.array([[-3.0, -1.0, 0.0], [0.5, 1.0, 4.0]])
assert np.allclose((np.exp(Z + h) - np.exp(Z)) / h, np.exp(Z) * (np.exp(h) - 1) / h)
assert np.allclose(slope_of(np.exp, Z), np.exp(Z))  # as steep as it is high
assert np.allclose(slope_of(lambda z: np.exp(-z), Z), -np.exp(-Z))  # mirrored: it falls
assert np.allclose(np.exp(-Z), 1 / np.exp(Z)) and np.all(np.exp(Z) > 0)
print("NumPy takes whole arrays: Z", Z.shape, "gives exp(Z)", np.exp(Z).shape)

# %% [markdown]
# ## The derivative of the sigmoid
#
# Why do we want it? Because learning, from part 2.2 on, asks again and again: *if I turn this
# knob a little, how much does the answer change?* That is a slope. For one score $z$, go from
# $z$ to the answer $a$ in two steps, $u = 1 + e^{-z}$ and $a = 1/u$.
#
# **From $z$ to $u$.** The 1 does not move, and $e^{-z}$ is the mirror image of $e^z$: as steep
# as it is high, but falling. So $\frac{du}{dz} = -e^{-z}$. ($\frac{du}{dz}$ reads "change of
# $u$ per change of $z$", and is another way to write a derivative.)
#
# **From $u$ to $a$.** Move $u$ by a little $h$ and put both fractions over one denominator:
#
# $$\frac{1}{u + h} - \frac1u = \frac{u - (u + h)}{u(u + h)} = \frac{-h}{u(u+h)}$$
#
# Divide by $h$ and let $h$ get smaller and smaller: $\frac{da}{du} = -\frac{1}{u^2}$.
#
# **Both together.** If $u$ moves twice as far as $z$, and $a$ three times as far as $u$, then $a$
# moves six times as far as $z$: the slopes multiply, like two gears. This is the **chain rule**,
# and the most useful rule of this course. Here, two minuses make a plus:
#
# $$\frac{da}{dz} = \frac{da}{du} \cdot \frac{du}{dz}
# = \left(-\frac{1}{u^2}\right) \cdot \left(-e^{-z}\right) = \frac{e^{-z}}{(1 + e^{-z})^2}$$
#
# $$\frac{e^{-z}}{(1 + e^{-z})^2}
# = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = a\,(1 - a)$$
#
# The last factor is $1 - a$, because $1 - \frac{1}{u} = \frac{u - 1}{u}$ and $u - 1 = e^{-z}$.
# So $\sigma' = \sigma(1 - \sigma)$: **who knows the answer knows the slope**, without another
# exponential.

# %%
z = 0.7
u = 1 + np.exp(-z)
a = 1 / u
du_dz = slope_of(lambda z: 1 + np.exp(-z), z)
da_du = slope_of(lambda u: 1 / u, u)
da_dz = slope_of(lambda z: 1 / (1 + np.exp(-z)), z)
h = 0.001
assert np.isclose(1 / (u + h) - 1 / u, -h / (u * (u + h)))
assert np.isclose(du_dz, -np.exp(-z)) and np.isclose(da_du, -1 / u**2)
assert np.isclose(da_dz, da_du * du_dz) and np.isclose(da_dz, np.exp(-z) / u**2)
assert np.isclose(1 - a, np.exp(-z) / u) and np.isclose(da_dz, a * (1 - a))
print(f"measured: du/dz = {du_dz:.4f}, da/du = {da_du:.4f}, da/dz = {da_dz:.4f}")
print(f"derived:  a (1 - a) = {a:.4f} * {1 - a:.4f} = {a * (1 - a):.4f}")

# %% [markdown]
# ### How steep can it get?
#
# Write $a$ as one half plus something. Multiply out, and the rest is a square that can only
# take away:
#
# $$a(1 - a) = \tfrac14 - \left(a - \tfrac12\right)^2 \le \tfrac14$$
#
# The slope is **never more than one quarter**, and it is one quarter only where $a$ is one
# half, at $z = 0$. Everywhere else the sigmoid passes on less of a change. All of this goes
# entry by entry, so shapes stay as they are:
#
# | symbol | shape | meaning |
# |---|---|---|
# | $Z$ | $(n, k)$ | scores: a row for each sample, a column for each neuron |
# | $A = \sigma(Z)$ | $(n, k)$ | answers, between 0 and 1 |
# | $\sigma'(Z) = A(1 - A)$ | $(n, k)$ | the slope at each score |

# %%
Z = np.linspace(-8, 8, 1601).reshape(-1, 1)
A = 1 / (1 + np.exp(-Z))
slopes = A * (1 - A)
assert A.shape == slopes.shape == Z.shape
assert np.allclose(slopes, 1 / 4 - (A - 1 / 2) ** 2)
assert np.all(slopes <= 1 / 4)
top = np.argmax(slopes)
assert np.isclose(Z[top], 0)
print(f"steepest at z = {abs(Z[top, 0]):.1f}: slope {slopes[top, 0]:.4f}")

# %% [markdown]
# ## Build it
#
# NumPy does the loop over the entries, so the function is its formula. The library's `sigmoid`
# must agree with it, on any shape. And now we can look at the prediction.

# %%
from course_lib.neural_network import matrix_multiply, sigmoid


def squash(Z):
    return 1 / (1 + np.exp(-Z))


scores = np.random.default_rng(0).uniform(-30, 30, size=(5, 3))
assert np.allclose(squash(scores), sigmoid(scores))  # the library's, and ours
assert np.allclose(sigmoid(-scores), 1 - sigmoid(scores))

early, late = sigmoid(1.0) - sigmoid(0.0), sigmoid(11.0) - sigmoid(10.0)
print(f"from  0 to  1 the answer gains {early:.6f}")
print(f"from 10 to 11 the answer gains {late:.6f}")
assert late < early / 1000

# %% [markdown]
# Hardly anything: less than a thousandth of the first gain. At a score of 10 the answer is
# nearly 1 already, and the curve has nowhere to go. From here on we use the library's `sigmoid`.
#
# The cell also checks a mirror rule, $\sigma(-z) = 1 - \sigma(z)$: a score of −2 is as sure of
# "no" as a score of 2 is of "yes". By hand: the 0.75 and the 0.25 above add up to 1.
#
# ## Experiment
#
# A neuron can bend its curve. Multiply the score by a **steepness** $w$, and move the middle
# from 0 to a **shift** $c$: $a = \sigma(w(z - c))$. By the chain rule, the slope becomes
# $w\,a(1 - a)$, because $w(z - c)$ itself rises by $w$ per step of $z$. Before you look: what
# does a **negative** $w$ do? And what does $w = 4$ do to the height of the slope's hill?

# %%
z, h = np.linspace(-6, 6, 400), 1e-5
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4), layout="constrained")
settings = ((1, 0), (4, 0), (1, 3), (-1, 0))
for (w, c), (color, line, _) in zip(settings, plots.LINES, strict=True):
    A = sigmoid(w * (z - c))
    rise = sigmoid(w * (z + h - c)) - sigmoid(w * (z - h - c))  # a small step, as above
    assert np.allclose(rise / (2 * h), w * A * (1 - A))
    left.plot(z, A, line, color=color, label=f"steepness {w}, shift {c}")
    right.plot(z, w * A * (1 - A), line, color=color)
left.set(title="The curve", xlabel="z", ylabel="answer")
right.set(title="Its slope", xlabel="z")
figure.legend(loc="outside right center")
caption = "Steepness 4 makes the rise narrow and its slope four times as high; shift 3 \
moves both to the right; steepness −1 turns the curve around: its slope is negative."
plots.show(figure, caption, f"Four sigmoid curves and their slopes. {caption}")

# %% [markdown]
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The picture on the right
# shows what the curve makes of real images; where their scores come from, you will see below.
#
# 1. Raise the **steepness** from 0.25 to 4. What happens to the height of the middle picture,
#    and to the width of its hill?
# 2. Now look only at the right picture while you raise it. Where do the answers go?
# 3. At steepness 4, find the **shift** that sends nearly all images to 1.
# 4. Set the steepness to 0. What does the shift do now, and why?

# %%
part_1_3.explore(data)

# %% [markdown]
# What you may have seen:
#
# - **The hill gets as much narrower as it gets higher.** Its top is $w/4$. The answer rises
#   from 0.1 to 0.9 between $-\ln 9/w$ and $+\ln 9/w$ around the middle, since
#   $e^{-\ln 9} = \frac19$ and $1/(1 + \frac19) = 0.9$; by the mirror rule, the other end is 0.1.
# - **Steep curves push answers to the ends.** An answer within 0.01 of 0 or 1 is called
#   **saturated**; the cell below counts them. Shift the steep curve far to the left, and all
#   scores lie on its right shoulder: yes to everything.
# - **The shift is a bias in disguise.** Since part 1.2 you know $Z = XW + b$. Here,
#   $w(z - c) = wz + b$ with $b = -wc$: the bias moves the curve.
# - **Steepness 0** multiplies every score by 0: all answers are 0.5, and no shift can help.

# %%
real, shares = part_1_3.random_scores(data), []
for w in (0.25, 1, 2, 4):
    half = np.log(9) / w
    assert np.allclose(sigmoid([-w * half, w * half]), [0.1, 0.9])
    assert np.isclose((sigmoid(w * h) - sigmoid(-w * h)) / (2 * h), w / 4)
    A = sigmoid(w * real)
    shares.append(np.mean(np.minimum(A, 1 - A) < 0.01))
    top = f"top of the hill {w / 4:.4f}, rise within {2 * half:7.4f}"
    print(f"steepness {w:4}: {top}, saturated {shares[-1]:.1%}")
assert shares == sorted(shares) and shares[-1] > shares[-2]
assert np.mean(sigmoid(4 * (real + 4)) > 0.9) > 0.99  # shift -4: yes to everything
w, c = 4.0, -1.0
assert np.allclose(sigmoid(w * (real - c)), sigmoid(w * real + -w * c))  # b = -wc


# %% [markdown]
# ## A bend instead of a curve: $\max(0, z)$
#
# A function that a neuron puts its score through is called its **activation**. The sigmoid is
# one. Another is even simpler: keep what is positive, make the rest 0. Its slope is 0 on the
# left and 1 on the right, so on the right a change arrives in full, however large the score.
#
# Compare what is left of a small change after five activations in a row, if each time it meets
# the steepest place. For the sigmoid (with steepness 1) that is at most a quarter of a quarter of
# a quarter of a quarter of a quarter. And what does a measured slope say **in** the bend, where
# there is no tangent?

# %%
def bend(Z):
    return np.maximum(0, Z)  # of 0 and the entry, the larger one; not np.max


corners = np.array([-100.0, -0.5, 0.0, 0.5, 100.0])
print("max(0, z):", bend(corners))
print("its slope:", slope_of(bend, corners).round(4))
assert np.allclose(slope_of(bend, corners), [0, 0, 0.5, 1, 1])
print(f"left of a small change after five sigmoids: {0.25**5:.4f} of it, at most")
print(f"left of a small change after five bends: {1**5}, all of it, if z > 0 each time")

# %% [markdown]
# In the bend, the measured slope is 0.5, the average of left and right: the measurement answers,
# but there is no slope to measure. By convention, one takes 0 there. (A steeper sigmoid passes on
# more in its middle, but is flat sooner.) These bends and the shrinking by quarters come back in
# parts 3.2 and 4.1.
#
# ## On real data: squash the scores of images
#
# Now the scores in the right picture of the sliders. Take a neuron with random weights, one for
# each of the $28 \cdot 28 = 784$ pixels; nobody has trained it. The weights are divided by 28,
# because in a sum of 784 random terms plus and minus partly cancel: it is only about
# $\sqrt{784} = 28$ times as large as one of them (take that as given for now). The neuron looks
# at the same images in three forms; the sliders use the third:
#
# - pixels from 0 to **255**, as image files store them
# - pixels from 0 to **1**, that is, divided by 255
# - pixels **normalized** with one mean and one standard deviation for all of them; column by
#   column, as `normalize` of part 1.1 does it, a speck at the rim, where ink is rare, would
#   count for more than a stroke in the middle
#
# Where will the answers land, and how many of them are saturated?

# %%
X = data.X_train
W = np.random.default_rng(1).normal(size=(784, 1)) / 28
forms = {"0 to 255": 255 * X, "0 to 1": X, "normalized": (X - X.mean()) / X.std()}
answers, saturated, slopes = {}, {}, {}
print(f"{len(X)} images   scores             answers            saturated  mean slope")
for name, pixels in forms.items():
    Z = matrix_multiply(pixels, W)
    A = answers[name] = sigmoid(Z)
    saturated[name] = np.mean(np.minimum(A, 1 - A) < 0.01)
    span = f"{Z.min():7.2f} to {Z.max():6.2f}   {A.min():.4f} to {A.max():.4f}"
    slopes[name] = np.mean(A * (1 - A))
    print(f"{name:10}  {span} {saturated[name]:11.1%} {slopes[name]:11.4f}")
assert saturated["0 to 255"] > 0.9 and saturated["normalized"] < 0.01
assert 0.5 < Z.std() < 2 and slopes["0 to 255"] < slopes["normalized"] / 20
assert answers["0 to 1"].std() < answers["normalized"].std() / 2

# %%
figure, axes = plt.subplots(1, 3, figsize=(10, 2.8), layout="constrained", sharey=True)
for axis, (name, A) in zip(axes, answers.items(), strict=True):
    share = np.full(A.size, 1 / A.size)
    axis.hist(A[:, 0], bins=np.linspace(0, 1, 21), weights=share, color=plots.BLUE)
    axis.set(title=f"pixels {name}", xlabel="answer", xlim=(0, 1), ylim=(0, 1))
    axis.grid(alpha=0.3)
axes[0].set_ylabel("share of images")
caption = f"One neuron, the same images, three scales. From 0 to 255, \
{saturated['0 to 255']:.0%} of the answers sit at an end; normalized, they spread out."
plots.show(figure, caption, f"Three histograms of answers between 0 and 1. {caption}")

# %% [markdown]
# With raw pixels the scores run into the hundreds, and the sigmoid **saturates**: nearly every
# image gets a firm yes or no from a neuron that knows nothing. Worse, the curve is flat there:
# the mean slope is less than a twentieth of what it is after normalizing. Learning follows
# slopes, and nearly all of these images offer hardly any. Divided by 255, the scores are small and
# the slopes large, but the answers crowd together. Normalized, they spread out.
#
# One neuron can be luck. Here are 100 of them, a column of weights for each, in one product.
# And what did our neuron like?

# %%
W_100 = np.random.default_rng(0).normal(size=(784, 100)) / 28
for name, pixels in forms.items():
    A = sigmoid(matrix_multiply(pixels, W_100))
    share = np.mean(np.minimum(A, 1 - A) < 0.01)
    print(f"{name:10}  {A.shape}  saturated: {share:.1%}")
    assert share > 0.9 if name == "0 to 255" else share < 0.01

A = answers["normalized"][:, 0]
order = np.argsort(A)
some = order[np.linspace(0, len(A) - 1, 7).astype(int)]
figure, axes = plt.subplots(1, 7, figsize=(9, 1.6), layout="constrained")
for axis, row in zip(axes, some, strict=True):
    plots.draw_digit(axis, X[row], f"{A[row]:.4f}")
caption = "Seven training images, from the lowest answer to the highest."
plots.show(figure, caption, f"Handwritten digits with answers that rise. {caption}")

# %% [markdown]
# The answers look like opinions, but they are chance. To make them mean something is the work
# of module 2.
#
# ## Break it on purpose
#
# The formula is right, but a computer has only so many digits. Its usual number, **float64**,
# ends near $1.8 \cdot 10^{308}$; **float32** takes half the memory and ends earlier. **First: a
# very negative score.** For $z = -1000$, `squash` asks for $e^{1000}$. What will NumPy say, and
# will the answer be wrong? (Warnings are caught here and printed, so that you see both.)

# %%
largest = np.finfo(np.float64).max
print(f"float64 ends at {largest:.1e}: e^z is too large from {np.log(largest):.2f} on")


def listen(f, z):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = f(z)
    return value, caught[0].message if caught else "no warning"


for kind, trials in ((np.float64, (-100, -709, -710, -1000)), (np.float32, (-100,))):
    for z in map(kind, trials):
        value, message = listen(squash, z)
        print(f"{kind.__name__} {z:5.0f}: {value:.4f}  {message}")
        assert abs(value) < 1e-30  # as it should be


# %% [markdown]
# An **overflow**: $e^{1000}$ becomes "infinity", and $1/(1 + \infty)$ is 0, which happens to be
# right in all digits that are shown. But whoever gets used to warnings overlooks the one that
# matters. Multiply top and bottom of the fraction by $e^z$, and the same function has another
# form:
#
# $$\frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}$$
#
# At $z = -1000$ it asks for $e^{-1000}$, which quietly becomes 0. Is it the better formula?

# %%
def other(Z):
    return np.exp(Z) / (np.exp(Z) + 1)


def careful(z):  # for a single number: choose the form whose power is not positive
    return squash(z) if z >= 0 else other(z)


assert np.allclose(squash(scores), other(scores))
value, message = listen(other, np.float64(1000))
print(f"other form at 1000: not a number: {np.isnan(value)}, {message}")
for z in map(np.float64, (-1000, 0, 1000)):
    print(f"careful({z:5.0f}) = {careful(z):.4f}, {listen(careful, z)[1]}")
    assert sigmoid(z) == careful(z) and listen(sigmoid, z)[1] == "no warning"

# %% [markdown]
# The other form fails on the other side, and worse: infinity by infinity is **not a number**
# (`nan`), and everything computed from it is lost. Each form is safe on one side. The library
# takes for each entry the one that fits; exercise 4 is to write that for arrays.
#
# **Second: where is the answer exactly 1?** By the formula, answers lie strictly between 0 and
# 1, because $e^{-z} > 0$. But float64 keeps 53 binary digits. Just above 1, half a unit of the
# last digit is $2^{-53}$; when $e^{-z}$ is smaller than that, $1 + e^{-z}$ is rounded to 1. So it
# happens from $z = \ln 2^{53} = 53 \ln 2$ on. Guess: is that near 37, 370 or 3700?

# %%
edge = 53 * np.log(2)
print(f"53 ln 2 = {edge:.2f}")
assert sigmoid(edge - 0.01) < 1 and sigmoid(edge + 0.01) == 1
print("sigmoid(40) is exactly 1:", sigmoid(40.0) == 1)
print(f"sigmoid(-40) is not 0: {sigmoid(-40.0):.1e}")
assert np.isclose(sigmoid(-40.0), np.exp(-40))
raw = answers["0 to 255"]
print(f"of the raw images above, {np.mean(raw == 1):.1%} get exactly 1")
assert np.any(raw == 1)

# %% [markdown]
# Close to 0 a computer can tell tiny numbers apart; close to 1 it cannot. So $1 - \sigma(40)$
# is 0, but $\sigma(-40)$, the same by the mirror rule, is not. Why care?
#
# **Third: the logarithm of such an answer.** Part 2.1 measures how wrong an answer $a$ is by
# $\ln a$ and $\ln(1 - a)$. No power of $e$ is 0, so $\ln 0$ does not exist. Here is what NumPy
# makes of it at $z = 40$, and a way around: by the mirror rule, take $\ln \sigma(-z)$ for
# $\ln(1 - \sigma(z))$. At $z = 1000$ that fails too, as the last line shows; part 2.1 keeps what
# goes into $\ln$ from getting too small.

# %%
value, message = listen(np.log, 1 - sigmoid(40.0))
print(f"ln(1 - sigmoid(40)) is minus infinity: {np.isneginf(value)}, {message}")
print(f"ln(sigmoid(-40)) = {np.log(sigmoid(-40.0)):.4f}")
assert np.isclose(np.log(sigmoid(-40.0)), -40)
print("sigmoid(-1000) is exactly 0:", sigmoid(-1000.0) == 0)
assert sigmoid(-1000.0) == 0 and np.isclose(53 * np.log(2), np.log(2.0**53))

# %% [markdown]
# ## Exercises
#
# Open [exercises/1_3_mathematical_functions.ipynb](../exercises/1_3_mathematical_functions.ipynb).
# Each one checks itself and gives hints.
#
# 1. **Recall** · powers of $e$ for a whole table, and for a shifted one
# 2. **Change** · a sigmoid between any two limits, and the score for a given answer
# 3. **Derive** · $\max(0, z)$, its slope, and the slope of its smooth relative
# 4. **Explore** · a sigmoid that never overflows, and where float32 gives up
#
# ## What you can do now
#
# - measure the slope of any curve with a small step
# - derive $\sigma' = \sigma(1 - \sigma)$, and say why it is never more than one quarter
# - move and bend a sigmoid with a steepness and a shift, and say what the bias has to do with it
# - recognize saturation, and cure it by scaling the input
# - name the scores at which a right formula goes wrong on a computer
#
# **Next:** 2.1 Understanding loss functions, where a single number says how wrong a model is.
