# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Solutions 4.3 · Pooling and CNN architecture
#
# Four exercises, about 45 minutes. Replace each `...`, run the cell, then run the check
# below it: it says *correct*, *not yet* (and what is wrong), or *not attempted*. Stuck?
# `check.hint(1)` gives a hint for exercise 1, the second time a stronger one, the third time
# where to read.
#
# Untouched, this notebook runs to its end. The lesson is
# [4.3 Pooling and CNN architecture](../notebooks/4_3_pooling_and_cnn.ipynb).

# %%
import numpy as np

from course_lib.checks import part_4_3 as check
from course_lib.datasets import apply_scaler, fit_scaler, load_data
from course_lib.neural_network import (
    conv_backward,
    conv_forward,
    cross_entropy,
    gradient_descent_general,
    initialize_weights,
    max_pool,
    max_pool_backward,
    numerical_gradient,
    one_hot,
    relu,
    softmax,
)

# %% [markdown]
# ## Exercise 1 · Pool a map by hand, and any map by code
#
# The map below holds the numbers 1 to 16, row by row. Pool it on paper with windows of 2 × 2 and
# stride 2, and write the result down as a nested list, `[[..., ...], [..., ...]]`. Then write
# `pool` for any map `X` of shape `(H, W)`, any `size` and any `stride`: a loop over the windows.
# (The check compares it with the library's `max_pool`, so please write your own.)

# %%
numbers = np.arange(1.0, 17).reshape(4, 4)

### BEGIN SOLUTION
by_hand = [[6, 8], [14, 16]]
### STARTER
# by_hand = ...
### END SOLUTION


def pool(X, size, stride):
    ### BEGIN SOLUTION
    rows = (X.shape[0] - size) // stride + 1
    columns = (X.shape[1] - size) // stride + 1
    P = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            P[i, j] = X[top : top + size, left : left + size].max()
    ### STARTER
    # P = ...  # how many rows and columns? then a loop over the windows
    ### END SOLUTION
    return P


print(pool(numbers, 2, 2))

# %%
check.exercise_1(by_hand, pool)


# %% [markdown]
# ## Exercise 2 · Other windows, other networks
#
# Write `output_size`: how many windows fit along a side of `pixels` pixels, as a whole number?
#
# Then `num_parameters`: how many weights and biases does a CNN have that looks at square gray
# images of `pixels` × `pixels`, with `num_filters` filters of `filter_size` × `filter_size`
# (stride 1, one bias each), ReLU, pooling with windows of `size` × `size` at `stride`, and a dense
# layer with `num_classes` outputs (one bias each)? The network of the lesson is
# `num_parameters(28, 3, 8, 2, 2, 10)`.

# %%
def output_size(pixels, size, stride):
    ### BEGIN SOLUTION
    places = (pixels - size) // stride + 1
    ### STARTER
    # places = ...
    ### END SOLUTION
    return places


def num_parameters(pixels, filter_size, num_filters, size, stride, num_classes):
    ### BEGIN SOLUTION
    side = output_size(output_size(pixels, filter_size, 1), size, stride)
    conv = num_filters * filter_size**2 + num_filters
    count = conv + num_filters * side**2 * num_classes + num_classes
    ### STARTER
    # count = ...
    ### END SOLUTION
    return count


# %% [markdown]
# Three networks for images of 28 × 28. The first is that of the lesson. Which do you expect to have
# the most parameters? The next cell prints them.

# %%
networks = {
    "8 filters 3 x 3, pooling 2 x 2, stride 2": (28, 3, 8, 2, 2, 10),
    "8 filters 3 x 3, pooling 2 x 2, stride 1": (28, 3, 8, 2, 1, 10),
    "16 filters 5 x 5, pooling 3 x 3, stride 3": (28, 5, 16, 3, 3, 10),
}
for name, sizes in networks.items():
    print(f"{name:42}", num_parameters(*sizes))

# %%
check.exercise_2(output_size, num_parameters)


# %% [markdown]
# ## Exercise 3 · Shared slopes
#
# At a tie, the lesson gives the slope to the first winner. Another rule is as good: **all winners
# of a window share its slope equally**, so that the shares add up to it. Write `shared_backward`
# for one map `X`, any `size` and any `stride`. Windows may overlap. What does a pixel get that wins
# in two of them?
#
# And a question for paper. Three of the four pixels of a window tie for the largest; the slope 1
# arrives at the window. By this rule each of the three gets $1/3$. What would the **central
# difference** measure for one of them, moved up and down alone? Write the number down as
# `measured`.

# %%
def shared_backward(grad_P, X, size, stride):
    ### BEGIN SOLUTION
    grad_X = np.zeros(X.shape)
    for i, j in np.ndindex(grad_P.shape):
        rows = slice(i * stride, i * stride + size)
        columns = slice(j * stride, j * stride + size)
        wins = X[rows, columns] == X[rows, columns].max()
        grad_X[rows, columns] += grad_P[i, j] * wins / wins.sum()
    ### STARTER
    # grad_X = ...  # zeros in the shape of X; then a loop over the windows
    ### END SOLUTION
    return grad_X


### BEGIN SOLUTION
measured = 0.5
### STARTER
# measured = ...
### END SOLUTION

# %% [markdown]
# Where there are no ties, this rule must agree with the measured slopes. Windows of 3 × 3 at stride
# 2 overlap; see what the cell prints:

# %%
rng = np.random.default_rng(0)
X_trial, G_trial = rng.normal(size=(5, 7)), rng.normal(size=(2, 3))
grad_trial = shared_backward(G_trial, X_trial, 3, 2)
if np.shape(grad_trial) == X_trial.shape:
    slopes = numerical_gradient(
        X_trial, G_trial, {"X": X_trial}, np.vdot,
        lambda _, params: max_pool(params["X"], 3, 2),
    )  # fmt: skip
    print("as measured:", np.allclose(grad_trial, slopes["X"]))

# %%
check.exercise_3(shared_backward, measured)

# %% [markdown]
# ## Exercise 4 · The average instead of the maximum
#
# First the network on paper: two gray images of 28 × 28 go through **four** filters of 3 × 3, then
# ReLU, then pooling with windows of 2 × 2 at stride 2, then a dense layer with ten outputs. Write
# down the shapes, as tuples: `Z1` after the convolution, `P1` after pooling, `F1` flattened, and
# `A2`, the probabilities.
#
# Then **mean pooling**. `mean_pool` takes the average of every 2 × 2, at stride 2, instead of the
# largest number. `X` has the shape `(n, filters, H, W)`; a last odd row or column is left over.
# `mean_pool_backward` takes the slope for each pooled number, and `X`, and returns the slope for
# every number of `X`. Derive it first: how far does the average move when one of its four pixels
# moves by $h$?

# %%
### BEGIN SOLUTION
shapes = {"Z1": (2, 4, 26, 26), "P1": (2, 4, 13, 13), "F1": (2, 676), "A2": (2, 10)}
### STARTER
# shapes = {"Z1": ..., "P1": ..., "F1": ..., "A2": ...}
### END SOLUTION


def mean_pool(X):
    ### BEGIN SOLUTION
    X = X[..., : X.shape[-2] // 2 * 2, : X.shape[-1] // 2 * 2]
    P = sum(X[..., i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4
    ### STARTER
    # P = ...
    ### END SOLUTION
    return P


def mean_pool_backward(grad_P, X):
    ### BEGIN SOLUTION
    grad_X = np.zeros(X.shape)
    rows, columns = 2 * grad_P.shape[-2], 2 * grad_P.shape[-1]
    for i, j in np.ndindex(2, 2):
        grad_X[..., i:rows:2, j:columns:2] = grad_P / 4
    ### STARTER
    # grad_X = ...
    ### END SOLUTION
    return grad_X


# %%
check.exercise_4(shapes, mean_pool, mean_pool_backward)

# %% [markdown]
# Now let the two compete: the network from above, with four filters, trained with either way of
# pooling for five epochs, from three seeds. (ReLU comes before the pooling here. For the maximum
# the order does not matter, for the average it does.) Which one do you expect to be ahead, and
# would you be sure of it after three seeds?

# %%
data = load_data()
scaler = fit_scaler(data.X_train)
X_train = apply_scaler(data.X_train, scaler).reshape(-1, 1, 28, 28)
X_test = apply_scaler(data.X_test, scaler).reshape(-1, 1, 28, 28)


def largest_backward(grad_P, X):
    return max_pool_backward(grad_P, X, max_pool(X))


def train(pooling, pooling_backward, seed):
    def forward(X, params):
        Z1, columns = conv_forward(X, params["K1"], params["b1"])
        A1 = relu(Z1)
        F1 = pooling(A1).reshape(len(X), -1)
        return columns, A1, F1, softmax(F1 @ params["W2"] + params["b2"])

    def gradient(X, y, outputs, params):
        columns, A1, F1, A2 = outputs
        delta2 = (A2 - y) / len(A2)
        grad_P1 = (delta2 @ params["W2"].T).reshape(len(X), 4, 13, 13)
        grad_Z1 = pooling_backward(grad_P1, A1) * (A1 > 0)
        grad_K1, grad_b1 = conv_backward(grad_Z1, columns, params["K1"])
        grad_b2 = delta2.sum(axis=0, keepdims=True)
        return {"K1": grad_K1, "b1": grad_b1, "W2": F1.T @ delta2, "b2": grad_b2}

    rng = np.random.default_rng(seed)
    K1 = initialize_weights((4, 1, 3, 3), rng=rng)
    W2 = initialize_weights((676, 10), rng=rng)
    params, _ = gradient_descent_general(
        X_train, one_hot(data.y_train, 10),
        {"K1": K1, "b1": np.zeros((1, 4)), "W2": W2, "b2": np.zeros((1, 10))},
        0.05, 5, forward, gradient, cross_entropy, batch_size=32, rng=rng,
    )  # fmt: skip
    return 100 * np.mean(forward(X_test, params)[-1].argmax(axis=1) == data.y_test)


# %%
P_try, X_try = np.ones((1, 1, 2, 2)), np.ones((1, 1, 4, 4))
P_shape, X_shape = np.shape(mean_pool(X_try)), np.shape(mean_pool_backward(P_try, X_try))
if (P_shape, X_shape) == (P_try.shape, X_try.shape):
    largest = [train(max_pool, largest_backward, seed) for seed in range(3)]
    print("largest of four:", "  ".join(f"{percent:.0f} %" for percent in largest))
    mean = [train(mean_pool, mean_pool_backward, seed) for seed in range(3)]
    print("mean of four:   ", "  ".join(f"{percent:.0f} %" for percent in mean))

# %% [markdown]
# All four correct? Go back to the figure of the lesson that moves the test images, and put mean
# pooling into it in the place of "all four". Next comes part 4.4, Regularization.
