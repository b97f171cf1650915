# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2.2 · Gradient descent for optimization
#
# In part 2.1 you looked for the lowest place of a loss surface by eye, with sliders. Now the
# computer walks there by itself, and you compute beforehand how long its steps may be. Here is
# such a walk; the rest of the lesson builds it.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.contents import library_so_far
from course_lib.datasets import apply_scaler, fit_scaler, load_data, select_pair
from course_lib.explorers import part_2_2
from course_lib.neural_network import mse_loss

finished = part_2_2.draw(0.05, 100, "x from 1 to 8", "W = 0, b = 0")
caption = (
    "Left: a hundred steps from the square, across a valley and then along its floor. "
    "Right: the loss after each step, and the largest rate that still works."
)
plots.show(finished.figure, caption, finished.alt)

# %% [markdown]
# **You will** find out which way is down, write the loop that goes there, find out what a
# slightly longer step does, and compute beforehand how long it may be.
#
# **You need** the mean squared error and its surface (part 2.1), matrix products (1.2) and
# `normalize` (1.1). **Time:** about 90 minutes with the exercises; the notebook itself runs in
# seconds. **New in the library:** `gradient_descent`, and with it `identity`, which changes
# nothing (it keeps a place where later parts put a function). The library so far:

# %%
library_so_far("2.2")

# %% [markdown]
# ## Predict
#
# Five points lie on the line $y = 2x + 1$. Three walks start at $W = 0$, $b = 0$ on their loss
# surface and take 60 steps each. They differ in one number, the **learning rate**: how far to
# go for a given slope. The rates are 0.01, 0.16 and 0.17.
#
# Which walk ends lowest? And 0.17 against 0.16: a little better, a little worse, or something
# else? Note your answer, and your reason.

# %% [markdown]
# ## The smallest case, by hand
#
# Two points, $(1, 3)$ and $(2, 5)$. The model is $\hat y = xW + b$, and it starts at $W = 0$,
# $b = 0$, so it says 0 twice. Its errors $\hat y - y$ are $-3$ and $-5$: too low both times.
# The loss is $(9 + 25)/2 = 17$.
#
# Both $W$ and $b$ should grow. By how much? Soon we shall derive that this is a good measure:
#
# - for $b$, the mean error: $(-3 - 5)/2 = -4$
# - for $W$, the mean of error times $x$: $(1 \cdot (-3) + 2 \cdot (-5))/2 = -6.5$. A point far
#   to the right has more to say, since there $W$ moves the line more.
#
# Go **against** these two, with learning rate $\eta = 0.1$ (the Greek letter eta):
# $W = 0 + 0.1 \cdot 6.5 = 0.65$ and $b = 0 + 0.1 \cdot 4 = 0.4$. Now the model says
# $0.65 + 0.4 = 1.05$ and $1.3 + 0.4 = 1.7$, its errors are $-1.95$ and $-3.3$, and the loss is
# $(3.8025 + 10.89)/2 = 7.34625$. One step, and less than half of the loss is left.

# %%
x_two, y_two = np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]])
error = x_two * 0 + 0 - y_two
W_new = 0 - 0.1 * np.mean(x_two * error)
b_new = 0 - 0.1 * np.mean(error)
after = mse_loss(x_two * W_new + b_new, y_two)
assert np.allclose([W_new, b_new, after], [0.65, 0.4, 7.34625])  # as by hand
print(f"W = {W_new:.2f}, b = {b_new:.2f}, loss {np.mean(error**2):.2f} -> {after:.5f}")

# %% [markdown]
# ## Which way is down?
#
# What does the loss do when $W$ moves a little, by $\delta$ (delta)? Take one row. Its error is
# $e = \hat y - y$, with $\hat y = xW + b$. So the error becomes $e + x\delta$, and squared
#
# $$(e + x\delta)^2 = e^2 + 2\,x e\,\delta + x^2 \delta^2$$
#
# The loss $L$ is the mean over the $n$ rows, and so is everything else:
#
# $$L(W + \delta) = L(W) + 2\,\delta\,\frac1n\sum x_i e_i + \delta^2\,\frac1n\sum x_i^2$$
#
# For a small $\delta$ the last term is tiny, and the middle one decides: what stands beside
# $\delta$ is the **slope** of the loss along $W$. If $b$ moves instead, the error becomes
# $e + \delta$: the same with 1 in place of $x_i$. One slope for each weight, together they are
# the **gradient** $\nabla$ ("nabla"). For any number of columns (a row of $X^\top$ is a column
# of $X$, so each weight gets the sum of its own $x_i e_i$):
#
# $$\nabla_W = \frac1n\, X^\top (\hat y - y), \qquad
# \nabla_b = \frac1n \sum_i (\hat y_i - y_i)$$
#
# | symbol | shape | meaning |
# |---|---|---|
# | $X$ | $(n, d)$ | the inputs, a row for each sample (here $d = 1$) |
# | $\hat y = XW + b$ and $y$ | $(n, 1)$ | what the model says, and what is true |
# | $\hat y - y$, with rows $e_i$ | $(n, 1)$ | the errors |
# | $\nabla_W$ | $(d, 1)$ | one slope for each weight |
# | $\nabla_b$ | $(1, 1)$ | the slope for the bias $b$ |
#
# **Where is the 2?** We leave it to the learning rate: a step of $\eta \cdot 2\nabla$ is a step of
# $\nabla$ at rate $2\eta$. So our $\nabla$ is half the slope of the mean squared error. Part
# 2.4 measures slopes without a formula and shows the 2 again.
#
# Check it all on the five points, with a $\delta$ that is not even small:

# %%
x = np.arange(1.0, 6.0).reshape(5, 1)
y = 2 * x + 1
zero, delta = np.zeros((1, 1)), 0.25
error = x @ zero + zero - y
loss = mse_loss(x @ zero + zero, y)
grad_W = x.T @ error / len(x)
grad_b = error.mean(axis=0, keepdims=True)
moved_W = mse_loss(x @ (zero + delta) + zero, y)
moved_b = mse_loss(x @ zero + zero + delta, y)
assert np.isclose(moved_W, loss + 2 * delta * grad_W.item() + delta**2 * np.mean(x**2))
assert np.isclose(moved_b, loss + 2 * delta * grad_b.item() + delta**2)
print(f"loss {loss:.1f}, gradient {grad_W.item():.1f} for W, {grad_b.item():.1f} for b")

# %% [markdown]
# Both slopes are negative here: more $W$ and more $b$ mean less loss. So a step goes against
# the gradient, hence the minus, and **both** are computed at the old place before either moves:
#
# $$W \leftarrow W - \eta\,\nabla_W, \qquad b \leftarrow b - \eta\,\nabla_b$$
#
# Read as an arrow on the surface, $W$ to the right and $b$ up, the gradient points where the
# loss climbs fastest. Try all directions, a degree apart, with a tiny step in each:

# %%
angles = np.deg2rad(np.arange(360))
climbed = [
    mse_loss(x @ (zero + 0.001 * np.cos(angle)) + 0.001 * np.sin(angle), y)
    for angle in angles
]
arrow = np.rad2deg(np.arctan2(grad_b, grad_W)).item() % 360
assert abs(np.argmax(climbed) - arrow) < 1 and abs(np.argmin(climbed) + 180 - arrow) < 1
print(f"the gradient points to {arrow:.1f} degrees")
print(f"steepest up: {np.argmax(climbed)} degrees, down: {np.argmin(climbed)} degrees")


# %% [markdown]
# Down is the other way, as closely as these directions tell.
#
# ## Build it
#
# The loop: error, gradient, step, and again. We note the loss **after** each step.

# %%
def descend(X, y, W, b, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        error = X @ W + b - y
        grad_W = X.T @ error / len(X)
        grad_b = error.mean(axis=0, keepdims=True)
        W, b = W - lr * grad_W, b - lr * grad_b  # both from the same place
        losses.append(mse_loss(X @ W + b, y))
    return W, b, losses


W_ours, b_ours, losses_ours = descend(x, y, zero, zero, lr=0.1, num_steps=100)

# %% [markdown]
# The library's `gradient_descent` does the same, and checks what it is given. It asks for two
# more things. `batch_size` says how many rows a step reads: all of them in this lesson,
# `len(x)`. Then a pass over the data, called an **epoch**, is one step. And `loss_fn` says
# which loss to report, here `mse_loss`. Both must end at the same place:

# %%
from course_lib.neural_network import gradient_descent


def fit(lr, num_steps):
    return gradient_descent(
        x, y, zero, zero, lr, num_epochs=num_steps, batch_size=len(x), loss_fn=mse_loss
    )


W, b, losses = fit(lr=0.1, num_steps=100)
assert np.allclose(W, W_ours) and np.allclose(b, b_ours)  # the library, and we
assert np.allclose(losses, losses_ours)
print(f"loss {loss:.1f} at first, then", ", ".join(f"{at:.4f}" for at in losses[:4]))
print(f"after 100 steps: {losses[-1]:.4f}, W = {W.item():.4f}, b = {b.item():.4f}")
assert losses[3] < 0.001 * loss and abs(W.item() - 2) < 0.05 < abs(b.item() - 1)

# %% [markdown]
# Four steps took nearly all of the loss. The others brought little, and after them $b$ is
# still not 1. Has the walk lost its way? Look at the surface:

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6), layout="constrained")
left.plot(x, y, "o", color="black")
for steps, (color, line, _) in zip((1, 2, 100), plots.LINES, strict=False):
    W, b, _ = fit(0.1, steps)
    left.plot([0, 6], [b.item(), 6 * W.item() + b.item()], line, c=color, label=steps)
left.set(xlabel="x", ylabel="y")
left.legend(title="after step")
part_2_2.draw_surface(right, x, (-0.3, 3.3), (-0.4, 2))
path = part_2_2.walk(x, 0.1, 100, (0, 0)).path
part_2_2.draw_path(right, path)
lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
assert lengths[:2].min() > 10 * lengths[3:].max()
caption = "Left: after two steps the line is nearly right. Right: two leaps lead from \
the square to the valley's floor; small steps go on to the star, the lowest point."
plots.show(figure, caption, f"The line after 1, 2 and 100 steps; the path. {caption}")

# %% [markdown]
# The surface is a long, narrow valley. Across it the slope is steep. Along its floor there is
# hardly any: a $b$ that is too small is made up for by a $W$ that is too large. Small slope,
# small step. Would a higher rate help?
#
# ## Experiment
#
# Your prediction, and one rate beside it. The loss axis is logarithmic; the gray line is the
# loss at the start.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6), layout="constrained")
curves = {f"rate {lr}": fit(lr, 60)[2] for lr in (0.01, 0.1, 0.16, 0.17)}
plots.plot_losses(left, curves, start=loss)
left.set(xlabel="step", ylabel="loss")
part_2_2.draw_surface(right, x)
for lr, color, line in ((0.18, "black", ":"), (0.1, plots.RED, "--")):
    path = part_2_2.walk(x, lr, 6, (0, 0)).path
    part_2_2.draw_path(right, path, color, line)
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert np.all(np.diff(lengths) > 0) == (lr == 0.18)
ends = [losses[-1] for losses in curves.values()]
assert ends[2] < ends[1] < ends[0] < loss < ends[3]
caption = "Left: 0.16 ends lowest, 0.17 climbs above the start. Right: 6 steps at \
0.1 (dashed) settle in the valley, at 0.18 (black) they leap across, wider each time."
plots.show(figure, caption, f"Loss of 60 steps at four rates, two paths. {caption}")

# %% [markdown]
# Between 0.16 and 0.17 something breaks: 0.17 is not a little worse, it goes the wrong way.
#
# ### Your turn: the sliders
#
# Run the next cell, move a slider, let go. Guess before you let go. The line below the sliders
# tells the result in words.
#
# 1. Leave the steps at 20. Raise the **learning rate** from 0.001. When does the walk first
#    overshoot the floor? When does it leave the picture? Compare with the thick line.
# 2. Set the rate to 0.165, then to 0.17, and raise the number of **steps** each time. What do
#    the two curves do?
# 3. Choose the **start** in the valley. Which rate needs the fewest steps, and why so many?
# 4. Choose other **points**: from 1 to 8, then normalized. Where does the thick line go?

# %%
part_2_2.explore()

# %% [markdown]
# What you may have seen:
#
# - **Low rates** follow the slope down without haste. From **half** the thick line on, every
#   step crosses the floor, by very little at first; the zigzag shows from about 0.14.
# - **At the thick line** all changes. Below it the leaps shrink, above it they grow, at 0.17
#   so slowly that 20 steps stay in the picture. At 0.18 they do not.
# - **In the valley** no allowed rate is quick: the steep sides limit the step, the flat floor
#   would need a longer one. Of the rates on the slider, 0.165 is the quickest.
# - **Larger inputs** push the thick line down, normalized ones let it up.
#
# ### How high may the rate be?
#
# The formula with $\delta$ holds exactly, for long steps too. Take a model with $W$ alone, call
# $c = \frac1n\sum x_i^2$, and put in the step $\delta = -\eta\nabla_W$:
#
# $$L(W - \eta\nabla_W) = L(W) - 2\eta\nabla_W^2 + c\,\eta^2\nabla_W^2
# = L(W) - \eta\,\nabla_W^2\,(2 - c\,\eta)$$
#
# The loss falls as long as the bracket is positive: $\eta < 2/c$. The number $c$ is the
# **curvature**: how fast the slope changes on the way (the second derivative of half the
# squared error). The more sharply a valley bends, the shorter the steps it allows. Test it on
# $y = 2x$, one step from $W = 0$, a bit below the limit, on it, and a bit above:

# %%
c = np.mean(x**2)
before, slope = mse_loss(0 * x, 2 * x), np.mean(x * (0 - 2 * x))
print(f"c = {c:.1f}, limit 2 / c = {2 / c:.4f}, loss before the step {before:.4f}")
for share in (0.99, 1, 1.01):
    lr = share * 2 / c
    after = mse_loss(x * (0 - lr * slope), 2 * x)
    assert np.isclose(after, before - lr * slope**2 * (2 - c * lr))  # the formula
    print(f"{share:5.0%} of the limit: loss after the step {after:.4f}")
    assert np.isclose(after, before) if share == 1 else (after < before) == (share < 1)

# %% [markdown]
# ### Two weights, one limit
#
# With $W$ and $b$ there are many directions to go. Go $\delta$ along the angle $\alpha$ (alpha):
# $W$ moves by $\delta\cos\alpha$, $b$ by $\delta\sin\alpha$, an error by
# $\delta\,(x\cos\alpha + \sin\alpha)$. That stands where $x\delta$ stood, so the curvature is
#
# $$c(\alpha) = \frac1n\sum (x_i\cos\alpha + \sin\alpha)^2
# = v^\top H v, \quad v = \begin{pmatrix}\cos\alpha \\ \sin\alpha\end{pmatrix}, \quad
# H = \begin{pmatrix} \text{mean } x^2 & \text{mean } x \\ \text{mean } x & 1\end{pmatrix}$$
#
# $H$, of shape $(2, 2)$, holds the second derivatives of half the loss. The **most curved**
# direction sets the limit, $\eta < 2 / \max c(\alpha)$: wherever the gradient points,
# $c(\alpha)$ is at most $\max c$, so below the limit every step lowers the loss. (Why a walk
# above it fails, the factors below will show.) For two weights, the smallest and the largest
# curvature are the **eigenvalues** $\lambda$ (lambda) of $H$; `eigvalsh` computes them, smallest
# first. To trust it, compare with a search over 1,000 directions:

# %%
H = np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])
flat, curved = np.linalg.eigvalsh(H)
v = np.array([[np.cos(alpha), np.sin(alpha)] for alpha in np.linspace(0, np.pi, 1000)])
curvatures = np.mean((v @ np.hstack([x, np.ones_like(x)]).T) ** 2, axis=1)
assert np.allclose(curvatures, np.sum(v @ H * v, axis=1))
assert np.isclose(curvatures.max(), curved, rtol=1e-4)
assert np.isclose(curvatures.min(), flat, rtol=1e-2)
bound = 2 / curved
print(f"largest curvature {curved:.4f}, {curved / flat:.0f} times the smallest")
print(f"largest stable rate: {bound:.4f}")
assert 0.16 < bound < 0.17

# %% [markdown]
# There it is, between 0.16 and 0.17, without a single step taken.
#
# The same curvatures tell how fast a walk is. `eigh` also returns the two directions that have
# them, the **eigenvectors**, at right angles to each other: one across the valley, one along
# its floor. For each, $Hv = \lambda v$. The gradient is 0 at the lowest point, and $H$ says how
# it changes from there: at distance $s$ along $v$ it is $sHv = \lambda s v$, along the same $v$,
# with nothing sideways. So **each step multiplies the distance to the lowest point along $v$ by
# $1 - \eta\lambda$**. Across the valley $\lambda$ is largest: from half the limit on the factor
# is negative (the other side), at the limit it is $-1$, and beyond it the distance grows. Along
# the floor $\lambda$ is small, and the factor is nearly 1: hardly any progress.

# %%
_, directions = np.linalg.eigh(H)  # one column along the floor, one across
assert np.allclose(H @ directions, directions * [flat, curved])
to_go = directions.T @ [[2.0], [1.0]]  # from (0, 0) to the lowest point, in these two
print(" rate   of the limit   along   across   loss after 100 steps")
ends = []
for lr in (0.01, 0.1, 0.16, 0.17):
    along, across = 1 - lr * flat, 1 - lr * curved
    W, b, _ = fit(lr, 1)
    left_over = directions.T @ (np.array([[2.0], [1.0]]) - np.vstack([W, b]))
    assert np.allclose(left_over, [[along], [across]] * to_go)
    ends.append(fit(lr, 100)[2][-1])
    end = f"{ends[-1]:.4f}" if ends[-1] < loss else "diverges"
    print(f"{lr:5} {lr / bound:12.0%} {along:9.3f} {across:8.3f}   {end}")
assert ends[2] < ends[1] < ends[0] < loss < ends[3] and 0.1 * flat < 0.02

# %% [markdown]
# Now the slow $b$ has a reason: at rate 0.1 the distance along the floor shrinks by less than
# 2 % a step. A higher rate does not cure that, because the factor across forbids it. And the
# figure above has its reason too: 0.01 and 0.16 fell side by side at first, because across the
# valley their factors differ in little but the sign.
#
# **Make the valley round instead.** If the inputs have mean 0 and mean square 1, then $H$ is
# the identity matrix (ones on the diagonal, zeros elsewhere): curvature 1 in every direction,
# one factor $1 - \eta$ for all. And at $\eta = 1$? Part 1.1's `normalize` gives such inputs:

# %%
from course_lib.neural_network import normalize

x_round = normalize(x)
H_round = np.array([[np.mean(x_round**2), np.mean(x_round)], [np.mean(x_round), 1]])
assert np.allclose(H_round, np.eye(2))
W, b, losses = gradient_descent(x_round, y, zero, zero, 1, 1, len(x), mse_loss)
unscaled = fit(0.16, 200)[2][-1]
assert losses[0] < 1e-12 < unscaled
print(f"largest stable rate: {2 / np.linalg.eigvalsh(H_round)[-1]:.1f}")
print(f"after ONE step at rate 1: W = {W.item():.4f}, b = {b.item():.4f}")
print(f"its loss {losses[0]:.6f}; 200 steps at 0.16 on the unscaled x: {unscaled:.6f}")

# %% [markdown]
# One step gets lower than 200 steps at 0.16 on the unscaled $x$. ($W$ and $b$ differ from 2 and
# 1 because they now belong to the normalized $x$; the line through the points is the same.)
# This is why networks are fed with scaled inputs.
#
# ## On real data
#
# Handwritten 3s (target 0) and 8s (target 1). Each image is 784 pixels, so $W$ has 784
# weights, and with the bias $H$ is $(785, 785)$ and has 785 eigenvalues. The rest is the same:
# no search for a good rate, but one computed limit (by the largest), and shares of it. The
# linear model answers with a number, and we call it an 8 above 0.5. Always saying 0.5 would cost
# $0.5^2 = 0.25$.

# %%
X_train, y_train, X_test, y_test = select_pair(load_data(), 3, 8)
scaler = fit_scaler(X_train)
X_train, X_test = apply_scaler(X_train, scaler), apply_scaler(X_test, scaler)
X_and_one, runs = np.hstack([X_train, np.ones((len(X_train), 1))]), {}
limit = 2 / np.linalg.eigvalsh(X_and_one.T @ X_and_one / len(X_train))[-1]
print(f"largest stable rate: {limit:.4f}")
for share in (0.01, 0.1, 0.5, 0.95, 1.05):
    W, b, losses = runs[share] = gradient_descent(
        X_train, y_train, np.zeros((784, 1)), zero,
        share * limit, 50, len(X_train), mse_loss,
    )
    right = np.mean((X_test @ W + b > 0.5) == (y_test == 1))
    end = f"loss {losses[-1]:.4f}, test accuracy {right:.3f}"
    falls = losses[-1] < losses[0]
    print(f"{share:5.0%} of it, 50 steps: {end if falls else 'diverges'}")

# %% [markdown]
# The same story with 785 numbers instead of two. At 1 % of the limit, 50 steps hardly get
# below the 0.25 of always saying 0.5, and nearly every answer is still below 0.5, a 3. Close
# to the limit, the typical miss (the square root of the loss) is less than a quarter. Just
# beyond it, all is lost. (In part 2.1 you moved two numbers by hand. Nobody could move these.)

# %%
ends = [runs[share][2][-1] for share in (0.01, 0.1, 0.5, 0.95, 1.05)]
assert 0.25 > ends[0] > 0.2 and ends[0] > ends[1] > ends[2] > ends[3] and ends[4] > 1
assert np.sqrt(ends[3]) < 0.25
W, b, _ = runs[0.01]
assert np.mean(X_test @ W + b > 0.5) < 0.1
W, b, _ = runs[0.95]
assert np.mean((X_test @ W + b > 0.5) == (y_test == 1)) > 0.9
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4), layout="constrained")
curves = {f"{share:.0%} of the limit": runs[share][2] for share in (0.01, 0.1, 0.95)}
plots.plot_losses(left, curves, start=mse_loss(0 * y_train, y_train))
left.set(xlabel="step", ylabel="training loss")
plots.draw_weights(right, W, "for 3", "for 8")
caption = "Left: of these three, the higher rate ends lower. Right: the weights at \
95 % of the limit. Ink in the solid outlines speaks for 8, in the dashed ones for 3."
plots.show(figure, caption, f"Three falling loss curves, and 784 weights. {caption}")

# %% [markdown]
# ## Break it on purpose
#
# Three accidents that everybody has once. **First: a rate beyond the limit.** Nobody picks one
# on purpose; it happens when the inputs change. Suppose $x$ was in meters, and a colleague
# sends the same five points in centimeters. The rate of 0.1 worked well so far. Will it still?

# %%
x_cm = 100 * x
H_cm = np.array([[np.mean(x_cm**2), np.mean(x_cm)], [np.mean(x_cm), 1]])
limit_cm = 2 / np.linalg.eigvalsh(H_cm)[-1]
for name, inputs, lr in ((" m", x, 0.1), ("cm", x_cm, 0.1), ("cm", x_cm, limit_cm / 2)):
    _, _, losses = gradient_descent(inputs, y, zero, zero, lr, 20, len(x), mse_loss)
    verdict = "falls" if losses[-1] < loss else "explodes"
    print(f"x in {name}, rate {lr:.6f}: the loss {verdict}")
    assert (verdict == "explodes") == (name == "cm" and lr == 0.1)
print(f"in cm, the largest stable rate is {bound / limit_cm:.0f} times smaller")

# %% [markdown]
# A hundred times the inputs, and nearly $100^2$ times the curvature, because $c$ holds their
# squares (nearly: the ones of the bias do not grow). When a loss explodes, look at the scale
# of the inputs first.
#
# **Second: the wrong sign.** One character, and the walk climbs. NumPy sees nothing wrong:

# %%
W, b = zero, zero
for step in range(1, 4):
    error = x @ W + b - y
    W, b = W + 0.01 * x.T @ error / 5, b + 0.01 * error.mean(axis=0, keepdims=True)
    print(f"step {step}: loss {mse_loss(x @ W + b, y):.1f}")
assert mse_loss(x @ W + b, y) > loss
try:
    fit(lr=-0.01, num_steps=3)
except ValueError as problem:
    print("the library says:", problem)


# %% [markdown]
# The rate is small, so it is not the rate. A loss that climbs from the first step, however
# small the rate, means a wrong sign.
#
# **Third: the new $W$ for the old $b$.** Written as two lines, with the error computed again in
# between, $b$ follows a slope that belongs to another place. What will that do?

# %%
def mixed(lr, num_steps):
    W, b = zero, zero
    for _ in range(num_steps):
        W = W - lr * x.T @ (x @ W + b - y) / len(x)
        b = b - lr * (x @ W + b - y).mean(axis=0, keepdims=True)  # sees the new W
    return W, b, mse_loss(x @ W + b, y)


(W, b, losses), (_, b_mixed, _) = fit(0.1, 1), mixed(0.1, 1)
print(f"b after one step: {b.item():.2f}, mixed: {b_mixed.item():.2f}")
mixed_end, end = mixed(0.1, 100)[2], fit(0.1, 100)[2][-1]
print(f"loss after 100 steps: {end:.4f}, mixed: {mixed_end:.4f}")
print("mixed, at 0.17, still falls:", mixed(0.17, 100)[2] < loss)
assert b.item() > 0 > b_mixed.item() and mixed_end > 2 * end
assert mixed(0.17, 100)[2] < loss and mixed(0.1, 500)[2] < 1e-6

# %% [markdown]
# This one is sly. The first step takes $b$ the wrong way, the walk is slower, and yet it
# arrives: it is another method, with another limit, and it even survives 0.17. But nothing
# you computed here holds for it, and no loss curve tells you. So compare with the library, or
# with one step by hand: there it shows at once.
#
# ## Exercises
#
# Open [exercises/2_2_gradient_descent.ipynb](../exercises/2_2_gradient_descent.ipynb). Each
# one checks itself and gives hints.
#
# 1. **Recall** · the whole loop, on $y = 2x$
# 2. **Change** · a ten times smaller rate: how many more steps?
# 3. **Derive** · the largest stable rate for any number of columns, and a fit in fewer steps
# 4. **Explore** · noisy data: is it the noise, or is the walk not finished?
#
# ## What you can do now
#
# - derive the gradient of a squared error and write the loop that follows it
# - compute the largest stable rate from the inputs, before the first step
# - read a walk: leaps across a valley, a crawl along its floor, and why scaling helps
# - tell a rate that is too large from a wrong sign, and check a step against one by hand
#
# **Next:** 2.3 Mini-batch gradient descent, where a step no longer waits for all rows.
