"""Right and wrong answers to the exercises of part 4.3."""

import math

import numpy as np

from course_lib.neural_network import max_pool, max_pool_backward

NUMBERS = [[6, 8], [14, 16]]


def pool(kind="right"):
    """Exercise 1 of part 4.3, with one of the mistakes that are easily made."""

    def function(X, size, stride):
        window, begin = size, stride
        if kind == "2 x 2":
            window = 2
        if kind == "window by stride":
            window = stride
        if kind == "step by size":
            begin = size
        if kind == "step 1":
            begin = 1
        rows, places = ((pixels - size) // stride + 1 for pixels in X.shape)
        if kind == "too many":
            rows, places = (pixels // stride for pixels in X.shape)
        if kind == "too few":
            rows, places = ((pixels - size) // stride for pixels in X.shape)
        if kind == "sorted counts":
            rows, places = sorted((rows, places))
        take = {"mean": np.mean, "min": np.min, "abs": lambda a: np.abs(a).max()}.get(kind)
        take = take or (lambda a: a.max(initial=0 if kind == "from 0" else -np.inf))
        P = np.zeros((rows, places), dtype=int if kind == "whole" else float)
        for i, j in np.ndindex(rows, places):
            P[i, j] = take(X[i * begin : i * begin + window, j * begin : j * begin + window])
        if kind == "in place":
            X[:] = 0
        return P.T if kind == "transposed" else P.tolist() if kind == "list" else P

    return function


def in_other_words(X, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size))
    return windows[::stride, ::stride].max(axis=(2, 3))


def side(pixels, size, stride):
    return (pixels - size) // stride + 1


def count(kind="right"):
    """Exercise 2 of part 4.3, with one of the mistakes that are easily made."""

    def function(pixels, filter_size, num_filters, size, stride, num_classes):
        if kind == "always 3 x 3":
            filter_size = 3
        if kind == "pooling always 2 x 2":
            size = 2
        seen = pixels - filter_size + (kind != "no + 1")
        if kind == "no convolution":
            seen = pixels
        if kind == "pixels - 2":
            seen = pixels - 2
        if kind == "convolution with stride":
            seen = side(pixels, filter_size, stride)
        places = {"unpooled": seen, "by stride": seen // stride}.get(kind, side(seen, size, stride))
        flat = {
            "one map": places**2, "row": num_filters * places, "cube": places**3
        }.get(kind, num_filters * places**2)  # fmt: skip
        conv = num_filters * filter_size**2 + num_filters * (kind not in ("no b1", "no b"))
        dense = flat * num_classes + num_classes * (kind not in ("no b2", "no b"))
        if kind == "channel":
            conv += 1
        return {"conv": conv, "dense": dense}.get(kind, conv + dense)

    return function


def shared(kind="right"):
    """Exercise 3 of part 4.3, with one of the mistakes that are easily made."""

    def function(grad_P, X, size, stride):
        grad_X = np.zeros(X.shape)
        for i, j in np.ndindex(grad_P.shape):
            rows = slice(i * stride, i * stride + size)
            columns = slice(j * stride, j * stride + size)
            wins = X[rows, columns] == X[rows, columns].max()
            if kind == "everybody":
                wins = np.ones(wins.shape)
            if kind in ("last", "first"):
                only = np.zeros(wins.shape)
                only[tuple(np.argwhere(wins)[-1 if kind == "last" else 0])] = 1
                wins = only
            divide = {"all get it": 1, "by size": wins.size, "half": min(2, wins.sum())}
            share = grad_P[i, j] * wins / divide.get(kind, wins.sum())
            if kind == "times value":
                share = share * X[rows, columns]
            if kind == "set":
                grad_X[rows, columns] = share
            elif kind == "set winners":
                grad_X[rows, columns][wins] = share[wins]
            else:
                grad_X[rows, columns] += share
        return grad_P if kind == "shape of P" else grad_X

    return function


def by_pixel(grad_P, X, size, stride):
    """The same by another road: the loop goes over the places in a window."""
    P, grad_X = max_pool(X, size, stride), np.zeros(X.shape)
    rows, places = P.shape
    views = [
        np.s_[i : i + (rows - 1) * stride + 1 : stride, j : j + (places - 1) * stride + 1 : stride]
        for i, j in np.ndindex(size, size)
    ]
    winners = sum(X[view] == P for view in views)
    for view in views:
        grad_X[view] += grad_P * (X[view] == P) / winners
    return grad_X


SHAPES = {"Z1": (2, 4, 26, 26), "P1": (2, 4, 13, 13), "F1": (2, 676), "A2": (2, 10)}
GAPS = dict.fromkeys(SHAPES, ...)


def mean_pool(kind="right"):
    """Exercise 4 of part 4.3, with one of the mistakes that are easily made."""

    def function(X):
        n, filters, rows, places = X.shape
        if kind == "only rows":
            return X[:, :, : rows // 2 * 2].reshape(n, filters, rows // 2, 2, -1, 2).mean((3, 5))
        if kind == "keeps the odd row":
            X = np.pad(X, ((0, 0), (0, 0), (0, rows % 2), (0, places % 2)))
        if kind == "stride 1":
            four = np.lib.stride_tricks.sliding_window_view(X, (2, 2), axis=(2, 3))
            return four.mean(axis=(4, 5))
        X = X[..., : X.shape[-2] // 2 * 2, : X.shape[-1] // 2 * 2]
        four = X.reshape(n, filters, X.shape[-2] // 2, 2, -1, 2)
        if kind == "max":
            return four.max(axis=(3, 5))
        if kind == "upper left":
            return four[:, :, :, 0, :, 0]
        return four.sum(axis=(3, 5)) / {"sum": 1, "by 2": 2}.get(kind, 4)

    return function


def mean_back(kind="right"):
    def function(grad_P, X):
        if kind == "max":
            return max_pool_backward(grad_P, X, max_pool(X))
        if kind == "max by 4":
            return max_pool_backward(grad_P / 4, X, max_pool(X))
        if kind == "shape of P":
            return grad_P / 4
        if kind == "only rows":
            grad_X = np.zeros(X.shape)
            grad_X[:, :, : 2 * grad_P.shape[2]] = grad_P.repeat(2, 2).repeat(2, 3) / 4
            return grad_X
        rows, places = 2 * grad_P.shape[-2], 2 * grad_P.shape[-1]
        grad_X = np.zeros(X.shape)
        spread = grad_P.repeat(2, axis=-2).repeat(2, axis=-1)
        if kind == "tiled":
            spread = np.tile(grad_P, (1, 1, 2, 2))
        if kind.startswith("upper left"):
            grad_X[..., :rows:2, :places:2] = grad_P / (1 if kind == "upper left" else 4)
            return grad_X
        divide = {"whole": 1, "by 2": 2, "by 16": 16}.get(kind, 4)
        if kind == "no odd row":
            return spread / divide
        grad_X[..., :rows, :places] = spread / divide
        return grad_X

    return function


def nothing(*_):
    return ...


WRONG = {
    1: [
        (([[3.5, 5.5], [11.5, 13.5]], pool()), "Those are the means of the windows"),
        (([[1, 3], [9, 11]], pool()), "Those are the smallest numbers"),
        (([[6, 14], [8, 16]], pool()), "row by row, please"),
        (([[6, 7], [10, 11]], pool()), "Those windows overlap"),
        (([[6, 8], [14, 15]], pool()), "by_hand is 15 at index (1, 1), which is too small"),
        (([6, 8, 14, 16], pool()), "of shape (2, 2), but its shape is (4,)"),
        (([[6, 8], [14, ...]], pool()), "by_hand still holds a ..."),
        ((..., pool()), "by_hand is still missing: pool"),
        ((NUMBERS, nothing), "pool is still missing: write it first"),
        ((NUMBERS, pool("mean")), "It is the mean of each window"),
        ((NUMBERS, pool("min")), "It is the smallest number of each window"),
        ((NUMBERS, pool("step 1")), "The windows begin one pixel apart"),
        ((NUMBERS, pool("step by size")), "The windows begin size pixels apart"),
        ((NUMBERS, pool("2 x 2")), "The windows have always 2 rows and columns"),
        ((NUMBERS, pool("window by stride")), "The windows have stride rows and columns"),
        ((NUMBERS, pool("from 0")), "do not start the search for the largest at 0"),
        ((NUMBERS, pool("abs")), "not its size without the sign"),
        ((NUMBERS, pool("too many")), "too many windows"),
        ((NUMBERS, pool("too few")), "too few windows"),
        ((NUMBERS, pool("whole")), "holds whole numbers only"),
        ((NUMBERS, pool("sorted counts")), "pool on a 9 x 6 map"),
        ((NUMBERS, pool("transposed")), "Is it transposed?"),
        ((NUMBERS, pool("in place")), "pool changed its argument X"),
        ((NUMBERS, lambda X, size, stride: X.max()), "but its shape is ()"),
        ((NUMBERS, lambda X, size, stride: None), "is its return line missing?"),
    ],
    2: [
        ((lambda p, k, s: p // s, count()), "pixels // stride counts too many"),
        ((lambda p, k, s: (p - k) // s, count()), "The first window"),
        ((lambda p, k, s: (p - k) / s + 1, count()), "It is not a whole number"),
        ((lambda p, k, s: math.ceil((p - k) / s) + 1, count()), "It is rounded up"),
        ((lambda p, k, s: (p - k + 1) // s, count()), "Mind the brackets"),
        ((lambda p, k, s: p - k + 1, count()), "The stride is not used"),
        ((lambda p, k, s: (p - k) // s + 3, count()), "which is too large"),
        ((nothing, count()), "output_size is still missing: write it first"),
        ((side, nothing), "output_size is right. num_parameters is still missing."),
        ((side, count("no b1")), "The biases of the filters are missing"),
        ((side, count("no b2")), "The biases of the dense layer are missing"),
        ((side, count("no b")), "All biases are missing"),
        ((side, count("conv")), "The dense layer is missing"),
        ((side, count("dense")), "The filters are missing"),
        ((side, count("unpooled")), "before they are pooled"),
        ((side, count("by stride")), "use output_size"),
        ((side, count("one map")), "not those of one"),
        ((side, count("row")), "count side times side"),
        ((side, count("cube")), "The filters number num_filters"),
        ((side, count("no + 1")), "pixels - filter_size + 1"),
        ((side, count("no convolution")), "The convolution makes the map smaller"),
        ((side, count("always 3 x 3")), "not always 3 x 3: use filter_size"),
        ((side, count("pixels - 2")), "the size of the map depends on filter_size"),
        ((side, count("pooling always 2 x 2")), "not always 2 x 2: use size"),
        ((side, count("convolution with stride")), "the convolution has stride 1"),
        ((side, count("channel")), "which is too large. Count layer by layer"),
    ],
    3: [
        ((shared("all get it"), 0.5), "the shares should add up to it"),
        ((shared("set"), 0.5), "the later one overwrites the earlier"),
        ((shared("set winners"), 0.5), "add up with +="),
        ((shared("everybody"), 0.5), "the losers should get 0"),
        ((shared("by size"), 0.5), "Divide by the number of winners, not"),
        ((shared("half"), 0.5), "Not every tie is one of two"),
        ((shared("times value"), 0.5), "The slope is multiplied by the pixel"),
        ((shared("first"), 0.5), "as in the lesson: here they share it"),
        ((shared("last"), 0.5), "The last winner gets it all"),
        ((shared("shape of P"), 0.5), "has the shape of the pooled map"),
        ((nothing, 0.5), "shared_backward is still missing: write it first"),
        ((shared(), ...), "shared_backward is right. measured is still missing."),
        ((shared(), 1 / 3), "the measurement knows nothing of it"),
        ((shared(), 1), "That is the slope upward alone"),
        ((shared(), 0), "That is the slope downward alone"),
        ((shared(), 0.75), "measured is 0.75, which is too large"),
        ((shared(), "a half"), "measured should be a number"),
    ],
    4: [
        ((GAPS, mean_pool(), mean_back()), "shapes is still missing: write"),
        ((SHAPES, nothing, nothing), "shapes is right. mean_pool is still missing."),
        ((SHAPES, mean_pool(), nothing), "mean_pool is right. mean_pool_backward is still missing"),
        ((SHAPES | {"P1": ...}, nothing, nothing), "the shape of P1 is still to come"),
        (([1], mean_pool(), mean_back()), "shapes should be a dictionary"),
        ((SHAPES | {"F1": 676}, mean_pool(), mean_back()), "should be a tuple"),
        ((SHAPES | {"Z1": (2, 4, 28, 28)}, mean_pool(), mean_back()), "does not fit at every"),
        ((SHAPES | {"F1": (2, 1352)}, mean_pool(), mean_back()), "That is for eight filters"),
        ((SHAPES | {"A2": (10,)}, mean_pool(), mean_back()), "One row for each image"),
        ((SHAPES | {"P1": (2, 3)}, mean_pool(), mean_back()), "Go back one step"),
        ((SHAPES, mean_pool("max"), mean_back()), "That is the largest of every four"),
        ((SHAPES, mean_pool("sum"), mean_back()), "That is the sum of the four"),
        ((SHAPES, mean_pool("by 2"), mean_back()), "their sum by 4"),
        ((SHAPES, mean_pool("upper left"), mean_back()), "That is the upper left one"),
        ((SHAPES, mean_pool("keeps the odd row"), mean_back()), "the last row is odd"),
        ((SHAPES, mean_pool("only rows"), mean_back("only rows")), "mean_pool stopped with"),
        ((SHAPES, mean_pool(), mean_back("only rows")), "mean_pool_backward stopped with"),
        ((SHAPES, mean_pool("stride 1"), mean_back()), "that is stride 1"),
        ((SHAPES, mean_pool(), mean_back("whole")), "Each pixel gets the whole slope"),
        ((SHAPES, mean_pool(), mean_back("by 2")), "Each pixel gets half of the slope"),
        ((SHAPES, mean_pool(), mean_back("by 16")), "a quarter is enough"),
        ((SHAPES, mean_pool(), mean_back("max")), "that is max pooling"),
        ((SHAPES, mean_pool(), mean_back("max by 4")), "all four are in the average"),
        ((SHAPES, mean_pool(), mean_back("upper left")), "Only the upper left one"),
        ((SHAPES, mean_pool(), mean_back("tiled")), "each has to fill its own 2 x 2"),
        ((SHAPES, mean_pool(), mean_back("no odd row")), "its slopes are 0"),
        ((SHAPES, mean_pool(), mean_back("shape of P")), "has the shape of the pooled maps"),
    ],
}
RIGHT = {
    1: (NUMBERS, in_other_words),
    2: (lambda p, k, s: len(range(0, p - k + 1, s)), count()),
    3: (by_pixel, 0.5),
    4: (SHAPES, mean_pool(), mean_back()),
}
