# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 3.4 · Backpropagation for training MLPs
#
# Four exercises, about 60 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [3.4 Backpropagation for training MLPs](../notebooks/3_4_backpropagation.ipynb).

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.checks import part_3_4 as check
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.neural_network import (
    backward_mlp,
    cross_entropy,
    forward_mlp,
    gradient_descent_general,
    numerical_gradient,
    one_hot,
    relative_error,
    sigmoid,
    softmax,
)


def forward(X, params):
    return forward_mlp(X, params["W1"], params["b1"], params["W2"], params["b2"])


def he_start(d, h, k, rng):
    W1 = rng.normal(size=(d, h)) * np.sqrt(2 / d)
    W2 = rng.normal(size=(h, k)) * np.sqrt(2 / h)
    return {"W1": W1, "b1": np.zeros((1, h)), "W2": W2, "b2": np.zeros((1, k))}


# %% [markdown]
# ## Exercise 1 · The backward pass of a network 2 → 3 → 2
#
# Two inputs, three hidden units with ReLU, two classes, and a batch of **four** rows. First on
# paper: which shape has each of these? Write tuples, such as `(4, 2)`.

# %%
shapes = {
    ### BEGIN SOLUTION
    "delta2": (4, 2),
    "grad_W2": (3, 2),
    "grad_b2": (1, 2),
    "delta1": (4, 3),
    "grad_W1": (2, 3),
    "grad_b1": (1, 3),
    ### STARTER
    # "delta2": ...,
    # "grad_W2": ...,
    # "grad_b2": ...,
    # "delta1": ...,
    # "grad_W1": ...,
    # "grad_b1": ...,
    ### END SOLUTION
}


# %% [markdown]
# Now write the backward pass, for any number of rows, inputs, units and classes. `A1` and `A2` are
# what `forward` returned, `y` is one-hot. Return the four gradients of the mean cross-entropy.
# Please write it without `backward_mlp`, which would do it all for you (the check cannot see that),
# and try to do without the lesson: where all sizes differ, the shapes tell you what to transpose.

# %%
def backward(X, A1, A2, y, W2):
    ### BEGIN SOLUTION
    delta2 = A2 - y
    delta1 = (delta2 @ W2.T) * (A1 > 0)
    grad_W1, grad_b1 = X.T @ delta1 / len(X), delta1.mean(axis=0, keepdims=True)
    grad_W2, grad_b2 = A1.T @ delta2 / len(X), delta2.mean(axis=0, keepdims=True)
    ### STARTER
    # grad_W1, grad_b1 = ..., ...
    # grad_W2, grad_b2 = ..., ...
    ### END SOLUTION
    return grad_W1, grad_b1, grad_W2, grad_b2


check.exercise_1(shapes, backward)


# %% [markdown]
# ## Exercise 2 · One step lowers the loss
#
# Write `one_step`: from parameters as in `he_start`, one step of gradient descent on all rows. It
# returns a **new** dictionary and leaves the old one as it was. Here you may use `backward_mlp`.
#
# Then write `losses_of`: the loss **before** the first step and after each of `num_steps` steps, a
# list of `num_steps + 1` numbers.

# %%
def one_step(X, y, params, lr):
    ### BEGIN SOLUTION
    gradients = backward_mlp(X, *forward(X, params), y, params["W1"], params["W2"])
    new = {
        name: params[name] - lr * gradient
        for name, gradient in zip(("W1", "b1", "W2", "b2"), gradients, strict=True)
    }
    ### STARTER
    # new = ...  # a dictionary with W1, b1, W2 and b2
    ### END SOLUTION
    return new


def losses_of(X, y, params, lr, num_steps):
    ### BEGIN SOLUTION
    losses = [cross_entropy(forward(X, params)[1], y)]
    for _ in range(num_steps):
        params = one_step(X, y, params, lr)
        losses.append(cross_entropy(forward(X, params)[1], y))
    ### STARTER
    # losses = ...
    ### END SOLUTION
    return losses


# %% [markdown]
# Does a step always lower the loss? The next cell tries three rates on a network 2 → 3 → 2 with
# twelve random points. Change the rates, and find one that is too large.

# %%
rng = np.random.default_rng(0)
X_points = rng.normal(size=(12, 2))
y_points = one_hot(X_points[:, 0] * X_points[:, 1] > 0, 2)
points_start = he_start(2, 3, 2, np.random.default_rng(1))
if one_step(X_points, y_points, points_start, 0.1) is not ...:
    for lr in (0.1, 1, 20):
        losses = losses_of(X_points, y_points, points_start, lr, 5)
        if losses is not ...:
            print(f"rate {lr}: loss {np.round(losses, 3)}")

# %%
check.exercise_2(one_step, losses_of)


# %% [markdown]
# ## Exercise 3 · Other hidden units
#
# Replace the ReLU by another activation, and one factor of the backward pass changes: $\delta_1 =
# (\delta_2 W_2^\top) \odot f'(Z_1)$. Derive it for two activations, and write $\delta_1$ from
# `delta2`, `W2` and the hidden outputs `A1` alone (no $Z_1$):
#
# - **sigmoid**, $A_1 = \sigma(Z_1)$. Part 1.3 has the slope.
# - **tanh**, $A_1 = \tanh(Z_1)$ with $\tanh z = \dfrac{e^z - e^{-z}}{e^z + e^{-z}}$. The quotient
#   rule says: $s/c$ has the slope $\dfrac{s' c - s c'}{c^2}$, where $s'$ and $c'$ are the slopes of
#   $s$ and $c$. Here the slope of the numerator is the denominator, and the other way round.

# %%
def delta1_sigmoid(delta2, W2, A1):
    ### BEGIN SOLUTION
    delta1 = (delta2 @ W2.T) * A1 * (1 - A1)
    ### STARTER
    # delta1 = ...
    ### END SOLUTION
    return delta1


def delta1_tanh(delta2, W2, A1):
    ### BEGIN SOLUTION
    delta1 = (delta2 @ W2.T) * (1 - A1**2)
    ### STARTER
    # delta1 = ...
    ### END SOLUTION
    return delta1


# %% [markdown]
# Measure before you ask the check. The next cell puts your formulas into a whole network: all
# relative errors should be below $10^{-6}$.

# %%
def forward_with(activation):
    def forward_fn(X, params):
        A1 = activation(X @ params["W1"] + params["b1"])
        return A1, softmax(A1 @ params["W2"] + params["b2"])

    return forward_fn


def gradient_with(delta1_fn):
    def grad_fn(X, y, outputs, params):
        A1, A2 = outputs
        delta2 = (A2 - y) / len(X)
        delta1 = delta1_fn(delta2, params["W2"], A1)
        if delta1 is ...:
            return None
        b1, b2 = (delta.sum(axis=0, keepdims=True) for delta in (delta1, delta2))
        return {"W1": X.T @ delta1, "b1": b1, "W2": A1.T @ delta2, "b2": b2}

    return grad_fn


small = he_start(2, 3, 2, np.random.default_rng(2))
for activation, delta1_fn in ((sigmoid, delta1_sigmoid), (np.tanh, delta1_tanh)):
    forward_fn, grad_fn = forward_with(activation), gradient_with(delta1_fn)
    gradient = grad_fn(X_points, y_points, forward_fn(X_points, small), small)
    if gradient is not None:
        slopes = numerical_gradient(X_points, y_points, small, cross_entropy, forward_fn)
        errors = {name: relative_error(gradient[name], slopes[name]) for name in small}
        print(delta1_fn.__name__, {name: r < 1e-6 for name, r in errors.items()})

# %%
check.exercise_3(delta1_sigmoid, delta1_tanh)

# %% [markdown]
# Now put it to use: 0 against 1, with **two** outputs and a softmax where part 2.3 had one output
# and a sigmoid; 16 hidden units with tanh. Once your `delta1_tanh` is right, the cell trains.

# %%
data = load_data()
in_train, in_test = data.y_train < 2, data.y_test < 2
scaler = fit_scaler(data.X_train[in_train])
X_01, X_01_test = (
    apply_scaler(X, scaler) for X in (data.X_train[in_train], data.X_test[in_test])
)
y_01 = one_hot(data.y_train[in_train], 2)
forward_fn, grad_fn = forward_with(np.tanh), gradient_with(delta1_tanh)
start = he_start(784, 16, 2, np.random.default_rng(0))
if grad_fn(X_01, y_01, forward_fn(X_01, start), start) is not None:
    params, losses = gradient_descent_general(
        X_01, y_01, start, 0.1, 5, forward_fn, grad_fn, cross_entropy,
        batch_size=32, rng=np.random.default_rng(0),
    )
    answers = forward_fn(X_01_test, params)[1].argmax(axis=1)
    print(f"loss {losses[-1]:.3f}, test accuracy {np.mean(answers == data.y_test[in_test]):.1%}")


# %% [markdown]
# ## Exercise 4 · Slow, good, unstable
#
# Which learning rate is best, and how many are bad? Write `race`. For every rate in `rates` it
# trains from the **same** `start`, for 8 epochs in batches of 32, and returns
# `{rate: list of losses}`. To be fair, give each training a generator of its own,
# `rng=np.random.default_rng(0)`: then all shuffle alike. Use `gradient_descent_general` with
# `forward`, `gradient` and `cross_entropy`.

# %%
def gradient(X, y, outputs, params):
    gradients = backward_mlp(X, *outputs, y, params["W1"], params["W2"])
    return dict(zip(params, gradients, strict=True))


def race(X, y, start, rates):
    ### BEGIN SOLUTION
    histories = {}
    for lr in rates:
        _, histories[lr] = gradient_descent_general(
            X, y, start, lr, 8, forward, gradient, cross_entropy,
            batch_size=32, rng=np.random.default_rng(0),
        )
    ### STARTER
    # histories = ...
    ### END SOLUTION
    return histories


# %% [markdown]
# Then write `judge`. From the losses of one training and the number of classes `k` it says
#
# - `"good"` if the last loss is below a tenth of $\ln k$, the price of guessing;
# - `"slow"` if it is not, but every loss is lower than the one before;
# - `"unstable"` otherwise.

# %%
def judge(losses, k):
    ### BEGIN SOLUTION
    if losses[-1] < np.log(k) / 10:
        verdict = "good"
    elif np.all(np.diff(losses) < 0):
        verdict = "slow"
    else:
        verdict = "unstable"
    ### STARTER
    # verdict = ...
    ### END SOLUTION
    return verdict


# %% [markdown]
# Now the race on 600 digits, with 32 hidden units. Read the best rate off, and write it below.

# %%
X_train = apply_scaler(data.X_train[:600], fit_scaler(data.X_train[:600]))
y_train = one_hot(data.y_train[:600], 10)
digits_start = he_start(784, 32, 10, np.random.default_rng(0))
rates = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
histories = race(X_train, y_train, digits_start, rates)
if histories is not ...:
    for lr, losses in histories.items():
        verdict = judge(losses, 10)
        print(f"rate {lr:5}: {'not judged yet' if verdict is ... else verdict}")
    figure, axis = plt.subplots(figsize=(6, 3.2), layout="constrained")
    ends = [losses[-1] for losses in histories.values()]
    axis.loglog(list(histories), ends, "o-", color=plots.BLUE)
    axis.axhline(np.log(10), color=plots.GRAY, linestyle=":")
    axis.set(xlabel="learning rate", ylabel="loss after 8 epochs", ylim=(0.01, 10))
    caption = "Loss after eight epochs for nine rates; dotted is ln 10."
    plots.show(figure, caption, f"A curve of loss against rate. {caption}")

# %%
### BEGIN SOLUTION
best = min(histories, key=lambda lr: histories[lr][-1])
### STARTER
# best = ...
### END SOLUTION
check.exercise_4(race, judge, histories, best)

# %% [markdown]
# All four correct? Go back to the slider of the lesson, with 32 hidden units and the rate that you
# found, and take the batch from 32 to 64 and 128: where does the loss end? Next comes part 4.1,
# Deeper MLPs and vanishing gradients.
