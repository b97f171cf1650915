# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2.1 · Understanding loss functions
#
# At the end of this lesson, one number says how wrong a model is, and you can point to the
# model's place on the map of all models. Here is that map for straight lines:

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import load_data, select_pair
from course_lib.explorers import part_2_1

finished = part_2_1.draw(W=1.0, b=2.0, points="on one line")
caption = (
    "Left: a line that misses most of its points. Right: every place stands for one "
    "line, and its color for how wrong it is. The square is the line on the left."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** turn a list of misses into one number in two ways, one for numbers and one for
# yes-or-no answers, derive the second from the probability of being right, and see what a
# confident mistake costs.
#
# **You need** arrays and shapes (part 1.1), the matrix product (1.2), the sigmoid and what a
# derivative is (1.3). **Time:** about 75 minutes with the exercises; the notebook itself runs
# in seconds. **New in the library:** `mse_loss` and `binary_cross_entropy`. The library so far,
# part by part:

# %%
library_so_far("2.1")

# %% [markdown]
# ## Predict
#
# Four images, each a 3 or an 8. Three models say how probable each answer is. This is the
# probability that each model gives to the **right** answer:
#
# | | image 1 | image 2 | image 3 | image 4 |
# |---|---|---|---|---|
# | the careful one | 0.8 | 0.8 | 0.8 | 0.4 |
# | the bold one | 0.99 | 0.99 | 0.99 | 0.01 |
# | the one that never commits itself | 0.5 | 0.5 | 0.5 | 0.5 |
#
# The first two are right three times out of four (above 0.5), the third knows nothing. Which
# model is best, and which is worst? Note your order, and your reason. The answer comes when we
# have a way to measure it.
#
# ## The smallest case, by hand
#
# Start with numbers instead of yes or no. Three points on the line $y = 2x + 1$, at
# $x = 1, 2, 3$, so $y = 3, 5, 7$. A model guesses the line $\hat y = xW + b$ with $W = 1$ and
# $b = 1$; $\hat y$ ("y hat") is what the model says. It says 2, 3, 4, so its **errors**
# $\hat y - y$ are $-1, -2, -3$.
#
# How do we make one number of three errors? The mean of the errors is no good: a model that
# says 5 every time has the errors $2, 0, -2$, and their mean is 0, as if it were perfect. So
# square first: a square is never negative, and nothing cancels. The mean of the squares is
# $(1 + 4 + 9)/3 = 14/3$ for the line, and $(4 + 0 + 4)/3 = 8/3$ for always saying 5.

# %%
x = np.array([[1.0], [2.0], [3.0]])
y = 2 * x + 1
y_line, y_five = x * 1 + 1, x * 0 + 5  # x * W + b: two models
for name, y_pred in (("the line", y_line), ("always 5", y_five)):
    error = y_pred - y
    print(f"{name}: mean error {error.mean():.4f}, of squares {np.mean(error**2):.4f}")
assert np.isclose(np.mean((y_line - y) ** 2), 14 / 3)  # as by hand
assert np.isclose(np.mean((y_five - y) ** 2), 8 / 3) and np.mean(y_five - y) == 0

# %% [markdown]
# Such a number is called a **loss**: 0 is perfect, and the lower, the better. Here always
# saying 5 loses less than a line with the wrong slope.
#
# ## Mean squared error
#
# For $n$ rows the loss from above is the **mean squared error**, MSE for short:
#
# $$L = \frac1n \sum_{i=1}^{n} (\hat y_i - y_i)^2$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $\hat y = XW + b$ | $(n, 1)$ | what the model says, row by row |
# | $y$ | $(n, 1)$ | what is true: the **targets** |
# | $\hat y - y$ | $(n, 1)$ | the errors |
# | $L$ | a number | the loss, in the squared unit of $y$ |
#
# The square is strict with large errors: one **twice** as large costs **four** times as much.
# One error of 4 costs $4^2 = 16$, but four errors of 1 together only 4.
#
# In code it is one line. The first cell below checks the formula, the second builds the
# function. The library's `mse_loss` does the same; it also looks at the two shapes first, and
# "Break it on purpose" shows why.

# %%
total = 0.0
for i in range(3):  # the sum in the formula, term by term
    total += (y_line[i, 0] - y[i, 0]) ** 2
assert np.isclose(total / 3, np.mean((y_line - y) ** 2))
twice = y + 2 * (y_line - y)
ratio = np.mean((twice - y) ** 2) / np.mean((y_line - y) ** 2)
assert np.isclose(ratio, 4)
print(f"errors twice as large: {ratio:.0f} times the loss")

# %%
from course_lib.neural_network import mse_loss


def mse(y_pred, y):
    return np.sum((y_pred - y) ** 2) / len(y)


three = (y_line, y_five, y)
same = all(np.isclose(mse(y_pred, y), mse_loss(y_pred, y)) for y_pred in three)
print(f"as in the library: {same}   a perfect prediction: {mse_loss(y, y)}")
assert same and mse_loss(y, y) == 0

# %% [markdown]
# ## Experiment: the map of all lines
#
# A line has two numbers, $W$ and $b$, so every line is a **point** on a map with $W$ to the
# right and $b$ upward. The loss gives each point of the map a height: together they are the
# **loss surface**. From here on there are five points, $x = 1, \dots, 5$, on the same line
# $y = 2x + 1$. Four lines to compare:
#
# - **A**: $W = 2$, $b = 1$, the right one
# - **B**: $W = 2.5$, $b = 1$: one number is off
# - **C**: $W = 2.5$, $b = -0.5$: both numbers are off
# - **D**: $W = 1$, $b = 4$: both are off by more
#
# Guess before you look: B or C, which has the lower loss?

# %%
x = np.arange(1.0, 6.0).reshape(5, 1)
y = 2 * x + 1
lines = {"A": (2.0, 1.0), "B": (2.5, 1.0), "C": (2.5, -0.5), "D": (1.0, 4.0)}
losses = {name: mse_loss(x * W + b, y) for name, (W, b) in lines.items()}
weights, biases = np.linspace(0, 4, 81), np.linspace(-4, 6, 81)
surface = [[mse_loss(x * W + b, y) for W in weights] for b in biases]
for name, (W, b) in lines.items():
    print(f"{name}: W = {W:3}, b = {b:4}  loss {losses[name]:.4f}")
assert losses["A"] == 0 and losses["C"] < losses["D"] < losses["B"]
assert all(b == 7 - 3 * W for name, (W, b) in lines.items() if name != "B")  # a valley

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained")
left.plot(x, y, "o", color="black", label="points")
levels = [0, 0.25, 1, 2.5, 10, 25, 100, 250]
filled = right.contourf(weights, biases, surface, levels, cmap="cividis", norm="symlog")
figure.colorbar(filled, ax=right, ticks=levels, format="{x:g}", label="loss")
for (name, (W, b)), (color, style, _) in zip(lines.items(), plots.LINES, strict=True):
    left.plot(x, x * W + b, style, color=color, label=f"{name}: {losses[name]:.2f}")
    right.text(W, b, name, ha="center", va="center", bbox={"fc": "white", "pad": 2})
left.set(xlabel="x", ylabel="y")
left.legend(title="loss")
right.set(xlabel="weight W", ylabel="bias b", title="the darker, the lower the loss")
caption = "C has both numbers wrong, yet it loses less than B, which has one wrong: \
A, C and D lie along a valley that runs from top left to bottom right."
plots.show(figure, caption, f"Four lines and their places on the surface. {caption}")

# %% [markdown]
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The line below the sliders
# tells the result in words.
#
# 1. Set the **weight** to 2.5 and leave it there. Which **bias** gives the lowest loss? Is the
#    loss 0 there?
# 2. The same with the weight at 1. Why does a flatter line want a higher start?
# 3. Choose the points **scattered**. What is the lowest loss now, and why not 0?
# 4. Choose **one far off**, with weight 2 and bias 1. Four points are hit exactly. Is this the
#    best line? Follow the star.

# %%
part_2_1.explore()

# %% [markdown]
# What you may have seen:
#
# - **A wrong $W$ can be mended in part by $b$**: a steeper line has to start lower to stay near
#   the points. That is the valley. Its lowest place for a given $W$ is where the errors add up
#   to 0, so that the line is neither too high nor too low on average (exercise 3 asks why).
# - **Scattered points** lie on no single line. The lowest loss is above 0: no line does better.
# - **One far point** turns the best line, away from four points that were hit. Its square is
#   so expensive that many small errors are cheaper.
#
# All three in numbers. For each $W$, the cell tries 1001 values of $b$; for the scattered
# points, all the lines of the map above:

# %%
tries = np.linspace(-5, 5, 1001).round(2)
for W in (1.0, 2.5):
    best = tries[np.argmin([mse_loss(x * W + b, y) for b in tries])]
    total = np.sum(x * W + best - y)
    print(f"W = {W}: best b {best:4.1f}, loss {mse_loss(x * W + best, y):.4f}")
    assert abs(total) < 1e-9  # there, the errors add up to 0
y_apart, y_far = part_2_1.POINTS["scattered"], part_2_1.POINTS["one far off"]
lowest = min(mse_loss(x * W + b, y_apart) for W in weights for b in biases)
print(f"scattered: lowest loss {lowest:.4f}")
hits_four, turned = mse_loss(2 * x + 1, y_far), mse_loss(3 * x - 1, y_far)
print(f"one far off: 2x + 1 loses {hits_four:.4f}, 3x - 1 loses {turned:.4f}")
assert turned < hits_four and lowest > 0.5

# %% [markdown]
# ## When the answer is yes or no
#
# Is it a 3 or an 8? Let $y = 0$ mean 3 and $y = 1$ mean 8: two **classes**. The model computes
# $z = xW + b$ and $a = \sigma(z)$, a number between 0 and 1: the **probability** that it gives
# to class 1. To class 0 it gives the rest, $1 - a$.
#
# How good is that? Look at the probability $p$ that the model gave to the **right** answer:
# $a$ where $y = 1$, and $1 - a$ where $y = 0$. By hand, for three images with
# $a = 0.9, 0.2, 0.6$ and $y = 1, 0, 1$: $p = 0.9, 0.8, 0.6$. The images have
# nothing to do with each other, so the probability that the model gives to **all three** right
# answers together is the product, $0.9 \cdot 0.8 \cdot 0.6 = 0.432$. A perfect model has 1.

# %%
A = np.array([[0.9], [0.2], [0.6]])
y_class = np.array([[1.0], [0.0], [1.0]])
p = np.where(y_class == 1, A, 1 - A)  # A in the rows where y is 1, else 1 - A
assert np.allclose(p[:, 0], [0.9, 0.8, 0.6])  # as by hand
assert np.isclose(np.prod(p), 0.432)
print(f"all three right: {np.prod(p):.4f}")
print("1100 coin tosses right, 0.5 times itself 1100 times:", 0.5**1100)

# %% [markdown]
# The product has a flaw: with many rows it becomes so small that the computer rounds it to 0,
# and all models look the same. The **natural logarithm** helps. $\ln p$ answers: $e$ to the
# power of what gives $p$? It undoes the exponential of part 1.3, $\ln e^s = s$. Multiplying
# powers of $e$ adds what stands above, $e^s e^t = e^{s + t}$; so the logarithm turns a product
# into a **sum**, and sums stay in a comfortable range:
#
# $$\ln(p_1 p_2 \cdots p_n) = \sum_{i=1}^{n} \ln p_i$$
#
# So $\ln 10^{12} = 12 \ln 10$. And $e^0 = 1$, so $\ln 1 = 0$; since $10 \cdot 0.1 = 1$,
# $\ln 0.1 = -\ln 10$, and likewise $\ln 0.5 = -\ln 2$. The logarithm of anything between 0 and
# 1 is negative, so put a minus sign in front. Then $-\ln p$ is a **price**: 0 for certainty in
# the right answer, more for less. The larger the product, the smaller the sum of the prices.
#
# ### From probability to loss
#
# One formula can hold both cases of $p$. Of $y$ and $1 - y$ one is always 1 and the other 0, so
#
# $$-\ln p = -\bigl(y \ln a + (1 - y) \ln(1 - a)\bigr)$$
#
# keeps $\ln a$ if $y = 1$, and $\ln(1 - a)$ if $y = 0$. The mean price, which unlike the sum does
# not grow with the number of rows, is the **binary cross-entropy** ("binary" for two classes),
# BCE for short, with $a$ and $y$ of shape $(n, 1)$:
#
# $$L = -\frac1n \sum_{i=1}^{n} \bigl[\, y_i \ln a_i + (1 - y_i) \ln(1 - a_i) \,\bigr]$$

# %%
assert np.isclose(np.log(np.prod(p)), np.sum(np.log(p)))  # np.log is ln
assert np.isclose(np.log(1e12), 12 * np.log(10)) and np.log(1) == 0
assert np.allclose(np.log([0.1, 0.5]), -np.log([10, 2]))
prices = -(y_class * np.log(A) + (1 - y_class) * np.log(1 - A))
assert np.allclose(prices, -np.log(p))
loss = np.sum(prices) / len(y_class)
assert np.isclose(loss, -np.log(0.432) / 3)
print("prices:", prices[:, 0].round(4), f" their mean, the loss: {loss:.4f}")
print(f"-ln p for 1100 coin tosses: {-1100 * np.log(0.5):.4f}, a number to work with")

# %% [markdown]
# ### Build it, safe at both ends
#
# Only one thing is missing. If the model says $a = 0$ and the answer is 1, the price is
# $-\ln 0$, which is infinite. So the logarithm never gets to see less than $10^{-12}$: one
# answer then costs at most $-\ln 10^{-12} = 12 \ln 10$. The upper end needs no limit, because
# $\ln 1 = 0$ is fine (the 1 in `np.clip` changes nothing).

# %%
from course_lib.neural_network import binary_cross_entropy, sigmoid


def bce(A, y):
    log_a = np.log(np.clip(A, 1e-12, 1))  # what is below 1e-12 is raised to it
    log_not_a = np.log(np.clip(1 - A, 1e-12, 1))
    return np.sum(-y * log_a - (1 - y) * log_not_a) / len(y)


for a in (A, 0 * A, 0 * A + 1, 0 * A + 0.5, y_class, 1 - y_class):
    assert np.isclose(bce(a, y_class), binary_cross_entropy(a, y_class))
most = binary_cross_entropy(1 - y_class, y_class)  # certain, and wrong in every row
assert binary_cross_entropy(y_class, y_class) == 0 and np.isclose(most, 12 * np.log(10))
print(f"perfect: {binary_cross_entropy(y_class, y_class)}, at worst: {most:.4f}")

# %% [markdown]
# ### The price of confident mistakes
#
# What does it cost to give the right answer the probability $p$? Always saying 0.5 costs
# $-\ln 0.5 = \ln 2$, whatever the answers are. Remember that number: **a model that loses more
# than $\ln 2$ does worse than one that knows nothing.** As the probability falls from 1, the
# price rises slowly at first, then steeply: each time the probability becomes ten times
# smaller, the same $\ln 10$ is added.
#
# The second cell takes up the three models from the beginning. Their table gives the
# probability of the right answer, so count the right answer as class 1 in every row; then $a$
# is that probability. Look at your note first.

# %%
chances = np.array([0.99, 0.9, 0.5, 0.1, 0.01, 0.001])
price = -np.log(chances)
for chance, cost in zip(chances, price, strict=True):
    print(f"{chance:5} for the right answer costs {cost:.4f}")
assert np.allclose(np.diff(price[3:]), np.log(10)) and np.isclose(price[2], np.log(2))
print(f"ln 2 = {np.log(2):.4f}, ln 10 = {np.log(10):.4f}")

# %%
models = {
    "careful": [0.8, 0.8, 0.8, 0.4],
    "bold": [0.99, 0.99, 0.99, 0.01],
    "never commits itself": [0.5, 0.5, 0.5, 0.5],
}
answers = np.ones((4, 1))
said = {name: np.reshape(p, (4, 1)) for name, p in models.items()}
scores = {name: binary_cross_entropy(a, answers) for name, a in said.items()}
for name, score in scores.items():
    print(f"{name:21} loss {score:.4f}")
assert scores["careful"] < scores["never commits itself"] < scores["bold"]
last = -np.log(0.01) / 4
print(f"of the bold one's loss, image 4 alone is {last:.4f}")
assert last > 0.9 * scores["bold"]

# %% [markdown]
# The careful one is best, and the bold one is **worst**, behind the one that knows nothing,
# although it is right three times out of four. More than nine tenths of its loss come from a
# single image on which it was sure, and wrong.
#
# ## On real data: 3 or 8, with weights made by hand
#
# No training yet: that is part 2.2. But you can make weights without it. Average all training
# images of a 3, average all of an 8, and subtract. Where 8s have more ink the difference is
# positive and speaks for 8. The bias puts $z = 0$ halfway between the two mean images.
# `select_pair` keeps two digits: pixels from 0 to 1, $y = 0$ for a 3 and 1 for an 8.
# (**Training images** are those that a model may be made from; the **test images** are kept
# for judging it.)

# %%
X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
mean_3 = X_train[y_train[:, 0] == 0].mean(axis=0)
mean_8 = X_train[y_train[:, 0] == 1].mean(axis=0)


def halfway(W):
    return -((mean_3 + mean_8) / 2 @ W).reshape(1, 1)  # makes z = 0 there


W_diff = (mean_8 - mean_3).reshape(784, 1)
W_ink = np.full((784, 1), 0.01)  # every pixel speaks for 8: it counts the ink
W_none = np.zeros((784, 1))
print("test images:", X_test.shape, " y:", y_test.shape)
print("W:", W_diff.shape, " b:", halfway(W_diff).shape)
assert X_train.min() == 0 and X_train.max() == 1

# %% [markdown]
# Six weight vectors: none at all, counting ink, the difference of the means, and that
# difference made ten times smaller, ten times larger, and turned around. The share of test
# images on the right side of 0.5 is called the **accuracy** (exactly 0.5 counts as 3). Before
# you run it: what does a factor of ten change, the loss, the accuracy, or both?

# %%
candidates = {
    "zeros": W_none, "ink": W_ink, "difference": W_diff,
    "difference / 10": W_diff / 10, "difference * 10": W_diff * 10,
    "turned around": -W_diff,
}
loss, accuracy = {}, {}
print(f"{'weights':16} test loss  test accuracy")
for name, W in candidates.items():
    A_test = sigmoid(X_test @ W + halfway(W))
    loss[name] = binary_cross_entropy(A_test, y_test)
    accuracy[name] = np.mean((A_test > 0.5) == y_test)
    print(f"{name:16} {loss[name]:9.4f} {accuracy[name]:14.3f}")
print(f"{'saying 0.5':16} {np.log(2):9.4f}")

# %%
times = [accuracy[f"difference{scale}"] for scale in ("", " / 10", " * 10")]
assert times[0] == times[1] == times[2] > 0.9 and accuracy["turned around"] < 0.1
assert loss["difference"] < loss["difference / 10"] < loss["ink"] < np.log(2)
assert np.isclose(loss["zeros"], np.log(2)) and loss["difference * 10"] > np.log(2)
assert loss["turned around"] == max(loss.values()) > 10 * np.log(2)
Z_test = X_test @ W_diff + halfway(W_diff)
A_test, surer = sigmoid(Z_test), sigmoid(10 * Z_test)
assert np.all(np.abs(surer - 0.5) >= np.abs(A_test - 0.5))
p = np.where(y_test == 1, [A_test, surer], [1 - A_test, 1 - surer])  # (2, n, 1)
price, price_surer = -np.log(np.maximum(p, 1e-12))[:, :, 0]
wrong = (A_test > 0.5)[:, 0] != y_test[:, 0]
print("'difference * 10', wrong:", np.sort(price_surer[wrong])[-5:].round(2))
share = price[wrong].sum() / price.sum()
print(f"'difference': {wrong.sum()} of {len(wrong)} wrong, {share:.1%} of its loss")
assert share > 0.5 and np.isclose(price_surer.max(), 12 * np.log(10))

# %% [markdown]
# Multiplying $W$ and $b$ by ten leaves every $z$ on its side of 0, so **the accuracy does not
# move at all**. But each $a$ is pushed toward 0 or 1: the model claims to be surer. With more
# than nine out of ten right, "difference * 10" still loses more than saying 0.5 every time,
# because it is wrong with full confidence where it is wrong: the cell prints its highest prices,
# up to the limit of $12 \ln 10$. "difference / 10" loses more than "difference" as well: as often
# right, but too timid. "Turned around" is wrong nine times out of ten, and sure of it. The loss
# sees what the accuracy cannot.
#
# Where does the loss of "difference" itself come from? Most of it from the few images that it
# gets wrong. Here are the weights, and the three test images that cost it the most:

# %%
dear = np.argsort(-price)  # row numbers, the most expensive first
figure, axes = plt.subplots(1, 4, figsize=(9, 2.4), layout="constrained")
plots.draw_weights(axes[0], W_diff, "for 3", "for 8")
for axis, row in zip(axes[1:], dear[:3], strict=True):
    truth = 8 if y_test[row, 0] else 3
    title = f"a {truth}, price {price[row]:.2f}\n({A_test[row, 0]:.4f} for 8)"
    plots.draw_digit(axis, X_test[row], title)
caption = "Left: the mean 8 minus the mean 3; red inside a solid line speaks for 8, \
blue inside a dashed line for 3. Then the three most expensive test images: each \
looked very much like the other digit to these weights."
alt = f"The hand-made weights as a picture, and three handwritten digits. {caption}"
plots.show(figure, caption, alt)
assert np.all((A_test[dear[:3]] > 0.5) != y_test[dear[:3]])

# %% [markdown]
# ## Break it on purpose
#
# **First: one array of shape `(n,)`, the other `(n, 1)`.** Below, both predictions are good:
# three numbers hit exactly, and two answers with 0.9 for the right class. What shape has
# `(n, 1)` minus `(n,)`? Part 1.1 has the rule. Which loss do you expect?

# %%
flat = np.array([1.0, 2.0, 3.0])  # (3,)
column = flat.reshape(3, 1)  # (3, 1): the same numbers
silent = np.mean((column - flat) ** 2)
assert mse_loss(column, column) == 0 and (column - flat).shape == (3, 3)
print(f"errors {(column - flat).shape}, MSE {silent:.3f} instead of 0")
A_two, y_two = np.array([[0.9], [0.1]]), np.array([1.0, 0.0])
silent = np.mean(-y_two * np.log(A_two) - (1 - y_two) * np.log(1 - A_two))
right = binary_cross_entropy(A_two, y_two.reshape(2, 1))
print(f"BCE {silent:.3f} instead of {right:.3f}")
try:
    mse_loss(column, flat)
except ValueError as problem:
    print("the library says:", problem)


# %% [markdown]
# Nine errors instead of three, one for each **pair** of rows, and no complaint. Both losses
# look believable, and that makes this mistake dangerous. The library compares the shapes first
# and refuses.
#
# **Second: the formula as it stands, at $a = 0$ and $a = 1$.** One answer is sure and wrong,
# one is sure and right. Which of the two losses is a number?

# %%
def unsafe(a, y):
    with np.errstate(divide="ignore", invalid="ignore"):  # keeps NumPy's warnings quiet
        return -(y * np.log(a) + (1 - y) * np.log(1 - a))


zero, one = np.float64(0), np.float64(1)
print("sure and wrong: infinite:", np.isinf(unsafe(zero, 1.0)))
print("sure and right: not a number:", np.isnan(unsafe(one, 1.0)))
added = -(1.0 * np.log(1 + 1e-15) + 0.0 * np.log(0 + 1e-15))
print("sure and right, with 1e-15 added in each logarithm: below 0:", added < 0)
library = [binary_cross_entropy([a], [1.0]) for a in (0.0, 1.0)]
assert np.isinf(unsafe(zero, 1.0)) and np.isnan(unsafe(one, 1.0)) and added < 0
assert library[1] == 0
print(f"the library: {library[0]:.4f} and {library[1]:.4f}")

# %% [markdown]
# Neither. The **right** answer fails too: $0 \cdot \ln 0$ is 0 times minus infinity, which is
# not a number, and one such row spoils the mean of all. A tiny number added inside the
# logarithm, as often seen, makes a perfect prediction better than perfect. The library limits
# the argument from below instead, and both ends come out right.
#
# **Third: mean squared error on probabilities.** It is possible: $(a - y)^2$ with
# $a = \sigma(z)$. For $y = 1$, compare it with the price $-\ln a$ while $z$ moves from "surely
# 0" to "surely 1". A model is improved by following the slope of its loss (the next lesson does
# that), so ask: how steep is each curve where the model is badly wrong?

# %%
z = np.linspace(-8, 8, 161)
squared, cross = (sigmoid(z) - 1) ** 2, -np.log(sigmoid(z))
figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
axis.plot(z, cross, "-", color=plots.BLUE, label="binary cross-entropy")
axis.plot(z, squared, "--", color=plots.RED, label="squared error")
axis.axhline(np.log(2), color=plots.GRAY, linewidth=1)
axis.set(xlabel="z (the right answer is 1)", ylabel="price of one answer")
axis.legend()
axis.grid(alpha=0.3)
caption = "Cross-entropy keeps rising the more wrong the model is; squared error \
flattens out just below 1. Gray: ln 2, the cross-entropy of saying 0.5."
plots.show(figure, caption, f"Two losses of one answer against z. {caption}")


# %%
def slope(loss_of, z, h=1e-5):
    return (loss_of(z + h) - loss_of(z - h)) / (2 * h)  # a small step to each side


for z_wrong in (-2.0, -8.0):
    steep = slope(lambda z: -np.log(sigmoid(z)), z_wrong)
    flat_slope = slope(lambda z: (sigmoid(z) - 1) ** 2, z_wrong)
    print(f"z = {z_wrong}: slope {steep:.4f} and, squared, {flat_slope:.4f}")
assert squared.max() < 1 and abs(steep) > 0.99 and abs(flat_slope) < 0.001
assert np.all(np.diff(cross) < 0)

# %% [markdown]
# Squared error never charges more than 1, so it hardly tells "wrong" from "hopelessly wrong".
# Cross-entropy falls with slope close to $-1$ there: the worse the mistake, the clearer the way
# back. That is why yes-or-no models are trained with cross-entropy.
#
# ## Exercises
#
# Open [exercises/2_1_loss_functions.ipynb](../exercises/2_1_loss_functions.ipynb). Each one
# checks itself and gives hints.
#
# 1. **Recall** · write mean squared error, and raise a line that fits
# 2. **Change** · make it binary cross-entropy, safe at 0 and 1
# 3. **Derive** · mend a line that broadcasts, and find the best bias for a given weight
# 4. **Explore** · how sure a model should be, for a 4 or a 9
#
# ## What you can do now
#
# - turn the errors of a model into one number, with squared error for numbers and
#   cross-entropy for yes or no
# - derive cross-entropy: the probability of all right answers, its logarithm, a minus sign, the
#   mean
# - say what a loss of $\ln 2$ means, and what a confident mistake costs
# - read a map of the loss, and say why it has a valley
# - keep `(n,)` and `(n, 1)` apart, and logarithms away from 0
#
# **Next:** 2.2 Gradient descent for optimization, where a model walks down this surface by
# itself.
