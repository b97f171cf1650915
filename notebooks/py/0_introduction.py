# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 0 · How the course works
#
# Below are ten handwritten digits. You read them at a glance; a computer gets 784 numbers for
# each. In sixteen lessons you build, from nothing but arithmetic on arrays of numbers, a
# program that learns from examples to read them. Click on the cell below and press
# **Shift+Enter**: that runs it.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots
from course_lib.datasets import load_data, load_mnist

data = load_data()
figure, axes = plt.subplots(1, 10, figsize=(10, 1.4), layout="constrained")
for digit, axis in enumerate(axes):
    plots.draw_digit(axis, data.X_test[data.y_test == digit][0], str(digit))
caption = (
    "Ten handwritten images; above each, the digit it stands for, its label. The "
    "program will be tested on images like these, which it has not learned from."
)
plots.show(figure, caption, "Ten handwritten digits in a row, from 0 to 9.")

# %% [markdown]
# **You will** run cells, answer a question before the computer does, move a slider, do an
# exercise of two minutes, and know where everything is. **You need** a little Python. You
# need not understand all code on this page: the lessons explain it. (The `assert` lines are the
# course checking itself.) **Time:** twenty minutes. **New in the library:** nothing yet.
#
# ## Run a cell
#
# A lesson is a **notebook**: cells of text and cells of code. Shift+Enter runs a cell and goes
# on to the next; **Ctrl+Enter** runs it and stays. The mark on its left says how far it is:
#
# - `[ ]`: it has not run, like every cell of an exercise notebook that you open for the first time
# - `[*]`: it is running, or waiting for a cell that runs
# - `[3]`: it is done, and was the third to run
#
# The outputs and numbers of a lesson are stored, so you see them before you run anything. To
# guess first, hide them: **Edit > Clear Outputs of All Cells**. What is stored is left over from
# an earlier run: a cell that uses `data` works only once you have run the cell that makes `data`.
# Start at the top and go down. (If a double click has turned text into its source, Shift+Enter
# turns it back.)
#
# Run the next two cells. Then click on the **second** one and run it three times more, with
# Ctrl+Enter. What will it print?

# %%
count = 0

# %%
count = count + 1
print("This cell has run", count, "time" if count == 1 else "times")

# %% [markdown]
# It went on counting. All cells share one memory, the **kernel**, and it knows in which order
# you ran them, not where they stand. If you lose track, choose **Kernel > Restart Kernel and
# Run All Cells**: empty memory, then every cell once, from top to bottom.
#
# ## What an image is
#
# To the computer, an image is 28 rows of 28 numbers. Each is a **pixel**, a dot of the image:
# 0 is empty paper, 1 is full ink, and what lies between is gray. NumPy keeps these numbers in
# an **array** and computes with all of them at once: `2 * pixels` doubles every pixel.
#
# Some of the images are for learning, the **training images**. The others, the **test
# images**, are kept back to see whether it worked. Here is every third row and column of a
# zero; can you see it? (The bundled images were recorded in 8 rows of 8 and enlarged: each
# square that you see in them is 3 by 3 equal pixels.)

# %%
print("data set:", data.name)
print("training images:", len(data.X_train), " test images:", len(data.X_test))
pixels = data.X_test[data.y_test == 0][0]
assert pixels.size == 784 == 28 * 28 and pixels.min() == 0 and pixels.max() <= 1
assert np.array_equal(2 * pixels, pixels + pixels)
image = pixels.reshape(28, 28)
if data.name == "digits28":
    squares = np.kron(image[3:26:3, 3:26:3], np.ones((3, 3)))
    assert np.array_equal(image, np.pad(squares, 2))
for row in image[3:26:3, 3:26:3]:
    print("  ".join(f"{pixel:.1f}" for pixel in row))

# %% [markdown]
# ## Predict
#
# Every lesson asks you something early on. Answer it in your head or on paper:
# a guess that turns out wrong is what one remembers.
#
# Here is a reader of digits without any learning to speak of. For each digit, it takes the
# average of all training images. Shown a test image, it answers with the digit whose average
# is **nearest**. The distance is the sum of the squared differences (each difference times
# itself), pixel by pixel.
#
# By hand, with images of three pixels: the images `0 1 1` and `0 0 1` have the average
# `0 0.5 1`. From there to the image `0 1 1` the distance is $0^2 + 0.5^2 + 0^2 = 0.25$.
#
# **How many of the test images will it read correctly?** About one in ten, as by guessing?
# About half? More than three quarters? Then run the cell.

# %%
average = np.mean([[0, 1, 1], [0, 0, 1]], axis=0)
assert np.allclose(average, [0, 0.5, 1])  # as by hand
assert np.sum((np.array([0, 1, 1]) - average) ** 2) == 0.25


def averages(n):  # of the first n training images of each digit
    return [data.X_train[data.y_train == d][:n].mean(axis=0) for d in range(10)]


def share_read(means):  # of the test images
    distances = [((data.X_test - mean) ** 2).sum(axis=1) for mean in means]
    return np.mean(np.argmin(distances, axis=0) == data.y_test)


share = share_read(averages(len(data.X_train)))
print(f"{share:.1%} of the test images are read correctly")
assert share > 0.75

# %% [markdown]
# More than three quarters. The images have more in common than one might think, and part of
# reading them is easy. The course is about the rest.
#
# ## Experiment
#
# How many images does such an average need? Lessons first show a few settings side by side:

# %%
counts = (1, 10, 100)
figure, axes = plt.subplots(3, 1, figsize=(8, 3), layout="constrained")
for axis, n in zip(axes, counts, strict=True):
    strip = np.hstack([mean.reshape(28, 28) for mean in averages(n)])
    axis.imshow(strip, cmap="gray_r", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.set_ylabel(f"{n} image{'s' * (n > 1)}", rotation=0, ha="right", va="center")
shares = [share_read(averages(n)) for n in counts]
read = ", ".join(f"{share:.1%}" for share in shares)
caption = f"Averages of 1, 10 and 100 images of each digit: the more, the softer. Used \
for reading, the three rows get {read} of the test images right."
plots.show(figure, caption, f"Three rows of ten digits, ever softer. {caption}")
grays = [np.mean([mean * (1 - mean) for mean in averages(n)]) for n in counts]
assert grays == sorted(grays)  # 0 for black and for white
assert shares[1] - shares[0] > shares[2] - shares[1] > 0

# %% [markdown]
# The first nine images that are added to each average help more than the next ninety.
#
# ### Your turn: the slider
#
# Run the next cell. Move the slider and let go, with the mouse or with Tab and the arrow keys;
# **Reset** sets everything back. The line above the picture says in words what it shows.
# **Compare with** keeps another run behind the new one, in gray. **Large print** is for a class.
# The line of code at the bottom shows the same setting again, in any notebook.
#
# 1. Set **Images** to 1, then higher step by step. From where on does it hardly help?
# 2. Set it to 100 and go through the digits in the menu. Which one is read worst? Which pixels
#    of its average are gray, and why?

# %%
from course_lib.explorers import part_0

explorer = part_0.explore(data)
explorer

# %%
for n in part_0.COUNTS:
    print(f"{n} for each digit: {share_read(averages(n)):.1%} read correctly")
means = part_0.averages(data, 100)
is_right = part_0.read(data.X_test, means) == data.y_test
each = np.array([is_right[data.y_test == d].mean() for d in range(10)])
gray = (means * (1 - means)).mean(axis=1)
print("with 100, read worst:", each.argmin(), " grayest average:", gray.argmax())
if data.name == "digits28":
    assert share_read(averages(5)) > (share_read(averages(1)) + is_right.mean()) / 2
    assert each.argmin() == 8 and gray.argmax() == 9
    assert each[9] > is_right.mean()
    holes = means[8].reshape(28, 28)[[9, 21]][:, [12, 15]]
    assert np.all(abs(holes - 0.5) < 0.1)

# %% [markdown]
# On the bundled digits, a handful of images brings most of the gain. With 100, the 8 is read
# worst: its two holes are gray, since not everyone leaves them at the same place. But gray is not
# all: the average of the 9 is grayer, and the 9 is read better than the digits are as a whole.
#
# Where people write differently, the average is gray. And the distance counts every pixel the
# same, whether it tells two digits apart or not; more images do not change that. A **model**
# has a number for every pixel, a **weight**, that says how much the pixel matters. To **learn**
# is to find good weights, step by step, from examples. That is what the lessons build.
#
# ## A two-minute exercise
#
# In a photographic negative, ink and paper have changed places. You are going to write the
# function `negative(pixels)`: it takes an image, an array of numbers from 0 to 1, of any length,
# all in one row, and returns its negative: 0 becomes 1, 1 becomes 0, and 0.25, a light gray,
# becomes 0.75, a dark one.
#
# Each exercise has a **check**. It looks at your code with inputs of its own, and says one of
# three things. Here are all three, from three attempts (the right one is hidden):

# %%
from course_lib.checks import part_0 as check


def untouched(pixels):
    return ...


def first_idea(pixels):
    return -pixels


for attempt in (untouched, first_idea, check.a_right_answer):
    check.exercise_1(attempt)


# %% [markdown]
# A check never stops a notebook and never changes your work, so run it as often as you like.
# "Not yet" says what was expected, what came, and what is likely to be the cause.
#
# **Now you.** Replace the `...` in the next cell and run it, until it says *correct*.

# %%
def negative(pixels):
    return ...


check.exercise_1(negative)

# %% [markdown]
# Stuck? The next cell gives a hint. Run it again for more: the second is stronger, the third
# says where to read.

# %%
check.hint(1)

# %% [markdown]
# ## Where things are
#
# The file browser at the left opens in `notebooks`; the folder sign above its list leads to the
# other folders. A part has the same name in each. Part 1.1 is
#
# - `notebooks/1_1_numpy_arrays.ipynb`, the **lesson**; at its end is a link to
# - `exercises/1_1_numpy_arrays.ipynb`, four **exercises** with their checks and hints, and
# - `solutions/1_1_numpy_arrays.ipynb`, the **solutions**. Look when your check says *correct*:
#   it is worth seeing another way. If you are stuck, ask for hints first. (If you have no such
#   folder, whoever gave you the course has it.)
#
# These are the sixteen parts, in the order in which they build on each other. At the end,
# [5 · What you have built](5_conclusion.ipynb) puts them side by side.
#
# | part | lesson |
# |---|---|
# | 1.1 | [Getting started with NumPy arrays](1_1_numpy_arrays.ipynb) |
# | 1.2 | [Matrix operations for neural networks](1_2_matrix_operations.ipynb) |
# | 1.3 | [Mathematical functions and activation basics](1_3_mathematical_functions.ipynb) |
# | 2.1 | [Understanding loss functions](2_1_loss_functions.ipynb) |
# | 2.2 | [Gradient descent for optimization](2_2_gradient_descent.ipynb) |
# | 2.3 | [Mini-batch gradient descent](2_3_mini_batches.ipynb) |
# | 2.4 | [Debugging with numerical gradients](2_4_numerical_gradients.ipynb) |
# | 3.1 | [Single-layer perceptrons](3_1_perceptron.ipynb) |
# | 3.2 | [Activation functions](3_2_activations.ipynb) |
# | 3.3 | [Multi-layer perceptrons, forward](3_3_forward_propagation.ipynb) |
# | 3.4 | [Backpropagation for training MLPs](3_4_backpropagation.ipynb) |
# | 4.1 | [Deeper MLPs and vanishing gradients](4_1_deeper_networks.ipynb) |
# | 4.2 | [Convolutional layers](4_2_convolution.ipynb) |
# | 4.3 | [Pooling and CNN architecture](4_3_pooling_and_cnn.ipynb) |
# | 4.4 | [Regularization](4_4_regularization.ipynb) |
# | 4.5 | [Momentum and the capstone](4_5_momentum_capstone.ipynb) |
#
# Each lesson adds a few functions to the **library**, the file `course_lib/neural_network.py`.
# You build a function in a cell, the cell shows that the library's gives the same, and from
# there on you use the library. Read it whenever you like: it has a section for each part.
# Every lesson opens with this list, up to its own part:

# %%
from course_lib.contents import library_so_far

library_so_far("4.5")

# %% [markdown]
# ## Real MNIST
#
# The bundled digits come with scikit-learn and work without a network. They were recorded in
# 8 rows of 8 and enlarged. **MNIST**, the best-known collection of handwritten digits, has 28
# rows of 28 to begin with. To switch all lessons to it, stop JupyterLab (Ctrl+C twice in its
# terminal) and start it with the first or the second of these lines:
#
# ```
# COURSE_DATA=mnist python3 start.py                                 # downloads it once, 15 MB
# COURSE_DATA=mnist MNIST_DIR=/full/path/of/folder python3 start.py  # takes it from a folder
# python3 start.py                                                   # the bundled digits again
# ```
#
# To switch a single notebook, on any system and also with conda, restart its kernel and run
# this before anything else, in a new cell. (Click on the first cell, press **Esc**, then **A**
# for a new one above; **B** makes one below.)
#
# ```
# import os
# os.environ["COURSE_DATA"] = "mnist"
# os.environ["MNIST_DIR"] = "/full/path/of/folder"  # without this line, it is downloaded
# ```
#
# The download is kept in `scikit_learn_data` in your home folder, and needs no network from
# then on. A folder of your own (give its full path) holds the files `train-images-idx3-ubyte.gz`,
# `train-labels-idx1-ubyte.gz`, `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte.gz`,
# unpacked or not; the two `t10k` files alone will do. Lessons take 4,000 training and 1,000
# test images of it. Your outputs then differ from the stored ones, which show the bundled
# digits.
#
# ## Break it on purpose
#
# Every lesson breaks something, so that you know the message when you meet it. Here, a name
# with two letters exchanged, and then a folder that does not exist. Will the course quietly
# take the bundled digits instead?

# %%
import os

asked_for = os.environ.get("COURSE_DATA", "digits28")
try:
    os.environ["COURSE_DATA"] = "minst"
    load_data()
except ValueError as problem:
    print("ValueError:", problem)
finally:
    os.environ["COURSE_DATA"] = asked_for
try:
    load_mnist("no_such_folder")
except FileNotFoundError as problem:
    print("FileNotFoundError:", problem)
assert load_data().name == data.name  # all is as before

# %% [markdown]
# It does not: you get what you asked for, or an error whose last line says what is wrong.
#
# ## When something does not work
#
# - **`NameError: name 'data' is not defined`:** a cell further up has not run. Choose
#   **Run > Run All Cells**.
# - **`[*]` stays:** **Kernel > Interrupt Kernel** stops the cell. If that does not help,
#   **Kernel > Restart Kernel and Run All Cells**. Keep the terminal open in which you started
#   JupyterLab: the kernels live there.
# - **No slider, or one that does nothing:** run its cell again, and before it the cells above.
#   Pages without a kernel, such as GitHub, show the figures only.
# - **No network:** all of it works without, apart from the first download of MNIST, which
#   stops with a `ConnectionError` that names the ways out.
# - **You want to start over:** take the notebook from the archive again. If you got the course
#   with Git, `git restore` in a second terminal, in the folder of the course, puts a notebook and
#   its text in the folder `py` beside it back as they came, for instance
#   `git restore exercises/1_1_numpy_arrays.ipynb exercises/py/1_1_numpy_arrays.py`.
#   **File > Reload Notebook from Disk** then shows it in an open tab.
#
# To stop for today: Ctrl+S saves, Ctrl+C twice in the terminal ends JupyterLab, and
# `python3 start.py` (with conda, `jupyter lab`) starts it again.
#
# ## What you can do now
#
# - run cells in order, read the mark on their left, and restart the kernel
# - predict first, then look; move a slider and say what it does
# - do an exercise, read what its check says, and ask for a hint
# - find the lesson, exercises and solutions of any part, and switch to real MNIST
#
# **Next:** [1.1 Getting started with NumPy arrays](1_1_numpy_arrays.ipynb), where you take an
# image apart, number by number.
