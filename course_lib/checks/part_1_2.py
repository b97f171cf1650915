"""The checks of part 1.2, matrix operations for neural networks."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import numpy as np

from course_lib.checks import (
    FloatValues,
    NotYet,
    call,
    exercise,
    hint_ladder,
    require_array,
    require_close,
    require_function,
    require_number,
)
from course_lib.datasets import load_data

# Odd shapes, with zeros, ties, negative and large entries.
LEFT = np.array([[1, -2, 0], [0, 3, 3], [4, 0.5, -1], [100, 0, 7], [2, 2, -5]], dtype=np.float64)
RIGHT = np.array([[2, -1, 0, 5], [1, 3, 1, 0], [-4, 0.5, 60, 2]], dtype=np.float64)


@exercise(1)
def exercise_1(by_hand: object, entry: object) -> str:
    """One number worked out on paper, and ``entry(X, W, i, j)``."""
    function = require_function("entry", entry)
    for i, j in ((2, 1), (4, 1), (3, 0), (0, 3)):
        about = f"entry(X, W, {i}, {j}) for X (5, 3) and W (3, 4)"
        try:
            result = call("entry", function, LEFT, RIGHT, i, j, also_answered=[by_hand])
        except NotYet as problem:
            too_far = "IndexError: index 3 is out of bounds" in str(problem)
            advice = " p runs over the columns of X: range(X.shape[1])." if too_far else ""
            raise NotYet(f"{problem}{advice}") from problem
        if np.size(result) > 1:
            shape = np.shape(result)
            raise NotYet(f"{about} is an array of shape {shape}. {_why_array(shape)}")
        products = LEFT[i] * RIGHT[:, j]
        mistakes = {
            "Row and column are exchanged: i counts rows of X, j columns of W.": _at(j, i),
            "It takes row j of W: take column j, W[p, j].": float(LEFT[i] @ RIGHT[j % 3, :3]),
            "Its rows and columns are counted from 1: Python counts from 0.": _at(i - 1, j - 1),
            "It keeps the last product only: add each one, with +=.": products[-1],
            "It keeps the first product only: is the return line indented too far?": products[0],
            "It adds the first two products only: X has 3 columns here, X.shape[1].": sum(
                products[:-1]
            ),
            "It leaves out the first product: p starts at 0.": sum(products[1:]),
            "It multiplies the sums: multiply first, then add.": float(
                LEFT[i].sum() * RIGHT[:, j].sum()
            ),
            "It adds where it should multiply: X[i, p] times W[p, j].": float(
                (LEFT[i] + RIGHT[:, j]).sum()
            ),
        }
        require_close(about, require_number(about, result), _at(i, j), mistakes)
    mistakes = {
        "That is column 3 of row 3: take column 2 of W, with -1 and 3.": 10.0,
        "That is row 2, column 3: rows come first.": 6.0,
        "That entry stands at [3, 2], counted from 0. Row 3 is [5, -2].": 14.0,
        "That is row 2, column 2: row 3 of X is [5, -2].": 9.0,
        "That is column 1 of row 3: column 2 of W holds -1 and 3.": -0.5,
        "Mind the sign of -2 times 3.": 1.0,
        "Mind the sign of 5 times -1.": -1.0,
        "Mind the signs: both products are negative, and so is their sum.": 11.0,
    }
    answer = require_number("by_hand", by_hand, right_so_far="entry")
    advice = "Row 3 of X against column 2 of W: two products to add."
    require_close("by_hand", answer, -11.0, mistakes, advice=advice, give_away=False)
    return (
        "Row 3 and column 2 give 5·(−1) + (−2)·3 = −11, and your function finds it at [2, 1]. "
        "The product is 4 × 3: it has twelve such entries."
    )


def _at(i: int, j: int) -> float:
    """The right entry; not a number where the indices lead outside."""
    if not (0 <= i < len(LEFT) and 0 <= j < RIGHT.shape[1]):
        return float("nan")
    return float(LEFT[i] @ RIGHT[:, j])


def _why_array(shape: tuple[int, ...]) -> str:
    if shape == (3,):
        return "Add the three products up."
    return "It should be the single number in row i, column j."


@exercise(2)
def exercise_2(layer: object) -> str:
    """``layer(X, W, b) -> Z`` for weights that lie in rows."""
    function = require_function("layer", layer)
    rng = np.random.default_rng(12)
    for n, d, k in ((5, 2, 3), (3, 4, 3), (3, 3, 3)):  # in the last two, n = k hides a wrong b
        X, W = rng.normal(size=(n, d)), rng.normal(size=(k, d))
        b = 10.0 * np.arange(1, k + 1).reshape(k, 1)
        X[1], W[-1, 0] = 0, 50
        about = f"Z for X {X.shape}, W {W.shape} and b {b.shape}"
        try:
            result = call("layer", function, X, W, b)
        except NotYet as problem:
            raise NotYet(f"{problem}{_why_no_fit(str(problem), n, d, k)}") from problem
        Z = require_array(about, result, (n, k))
        mixed = W.reshape(d, k)
        mistakes: dict[str, FloatValues] = {}
        if n == k == d:
            mistakes["W is used as it lies: its rows are neurons."] = X @ W + b.T
        mistakes |= {
            "W was given another shape, which mixes up the weights of all neurons: "
            "exchange its rows and columns.": X @ mixed + b.T,
            "W was given another shape, which mixes up the weights, and the bias is missing.": X
            @ mixed,
            "The bias is missing.": X @ W.T,
            "Every neuron gets the first bias.": X @ W.T + b[0],
            "The bias is subtracted: add it.": X @ W.T - b.T,
        }
        if n == k:
            column = "b is still a column, so it is added image by image: each neuron has a bias."
            turned = "Rows and columns of Z are exchanged: images belong in rows."
            mistakes |= {column: X @ W.T + b, turned: W @ X.T + b}
        else:
            reshaped = (
                "Z was reshaped, which mixes up images and neurons: exchange its rows and columns."
            )
            mistakes[reshaped] = (W @ X.T + b).reshape(n, k)
        advice = "Is entry [i, j] the dot product of row i of X and row j of W, plus b[j]?"
        require_close(about, Z, X @ W.T + b.T, mistakes, advice=advice)
    return (
        "A transpose keeps each neuron's weights together. A reshape to the same shape runs too, "
        "and deals them out to the wrong neurons."
    )


def _why_no_fit(problem: str, n: int, d: int, k: int) -> str:
    """What NumPy's message means for the two slips that come first."""
    if f"size {k} is different from {d}" in problem:
        return f" X {n, d} times W {k, d}: the middle two numbers, {d} and {k}, have to agree."
    if f"({n},{k}) ({k},1)" in problem:
        return f" b {k, 1} is a column: for X {n, d} it has to be a row."
    return ""


@exercise(3)
def exercise_3(dot_three_ways: object, silencing: object) -> str:
    """``dot_three_ways(u, v) -> (by_loop, by_sum, by_at)`` and ``silencing(u, v, w) -> c``."""
    function = require_function("dot_three_ways", dot_three_ways)
    second = require_function("silencing", silencing)
    u, v = np.array([2.0, 3.0, -1.0, 1000.0, 0.5]), np.array([0.25, 0.0, 3.0, -0.002, 4.0])
    written = [] if _is_stub(second, u, v, u) else [silencing]
    results = call("dot_three_ways", _unpacked(function), u, v, parts=3, also_answered=written)
    for name, result in zip(("by_loop", "by_sum", "by_at"), results, strict=True):
        about = f"{name} for two vectors of 5 numbers"
        if np.shape(result) == (5,):
            raise NotYet(f"{about} is 5 numbers: the products have to be added up.")
        if np.shape(result) == (5, 5):
            raise NotYet(f"{about} is a table of all pairs: multiply number by number.")
        products = u * v
        mistakes = {
            "It keeps the last product only: add each one, with +=.": products[-1],
            "It adds the first 4 products only: use len(u).": sum(products[:4]),
            "It leaves out the first product.": sum(products[1:]),
            "It multiplies the sums: multiply first, then add.": float(u.sum() * v.sum()),
            "It is the mean of the products: take their sum.": float(products.mean()),
            "It adds the numbers: multiply them first.": float((u + v).sum()),
        }
        require_close(about, require_number(about, result), float(u @ v), mistakes)
    w = np.array([1.0, -3.0, 2.0, 0.01, 4.0])
    result = call("silencing", second, u, v, w, also_answered=[dot_three_ways])
    if np.size(result) == 5:
        raise NotYet("silencing should return the single number c, but it returned 5 numbers.")
    c = require_number("c", result)
    expected = -float(u @ v) / float(u @ w)
    brackets = "Python works out / and @ from left to right: put brackets around u @ w."
    mistakes = {
        brackets: float(-(u @ v) / u @ w),
        f"{brackets} And mind the sign.": float((u @ v) / u @ w),
        "−0.3 is right for the vectors above; the check uses others: compute c from u, v and w.": (
            -0.3
        ),
        "Mind the sign: c (u·w) has to cancel u·v.": -expected,
        "The division is the other way round.": 1 / expected,
        "The division is the other way round, and the sign is wrong.": -1 / expected,
        "It divides by w·w: it is u·w that c multiplies.": -float(u @ v) / float(w @ w),
        "It divides by v·w: it is u·w that c multiplies.": -float(u @ v) / float(v @ w),
        "It divides by u·u: it is u·w that c multiplies.": -float(u @ v) / float(u @ u),
        "Only u·v is left: divide by what c multiplies.": -float(u @ v),
        "That is u·v − u·w: a product is undone by dividing.": float(u @ v - u @ w),
        "That is u·w − u·v: a product is undone by dividing.": float(u @ w - u @ v),
    }
    advice = f"With it the neuron answers {float(u @ (v + c * w)):.4g} instead of 0."
    require_close("c", c, expected, mistakes, advice=advice, give_away=False)
    return (
        "All three agree, and with your c the neuron answers 0. For the inputs above that is "
        "c = −3 / 10 = −0.3: a dot product is a sum, so it multiplies out."
    )


def _unpacked(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, giving a list where it gave one array of three numbers."""

    @wraps(function)
    def run(*arguments: FloatValues) -> Any:
        result = function(*arguments)
        one_array = hasattr(result, "shape") and np.shape(result) == (3,)
        return list(result) if one_array else result

    return run


def _is_stub(function: Any, *arguments: FloatValues) -> bool:
    """Whether a function still returns ``...``; one that stops has been worked on."""
    try:
        return function(*(argument.copy() for argument in arguments)) is ...
    except Exception:
        return False


@exercise(4)
def exercise_4(gram: object, similarity: object, digit_1: object, digit_2: object) -> str:
    """``gram(A)``, ``similarity(A)``, and the two digits that are most alike."""
    function = require_function("gram", gram)
    second = require_function("similarity", similarity)
    written = [answer for answer in (digit_1, digit_2) if answer is not ...]
    A = np.array([[1.0, 2.0, 0.0], [-3.0, 1.0, 1.0], [10.0, 0.0, 5.0], [0.0, 0.0, 2.0]])
    written += [] if _is_stub(second, A) else [similarity]
    for rows in (A[:2], A):
        n = len(rows)
        about = f"gram(A) for A {rows.shape}"
        result = call("gram", function, rows, also_answered=written)
        if np.shape(result) == (3, 3):
            raise NotYet(f"{about} is (3, 3), so it pairs columns: A comes first, then A.T.")
        if np.shape(result) == rows.shape:
            raise NotYet(f"{about} has the shape of A: the product of a matrix is @, not *.")
        G = require_array(about, result, (n, n))
        require_close(about, G, rows @ rows.T, {"It is divided by a number.": rows @ rows.T / 3})
    G = A @ A.T
    squares = np.diag(G).reshape(-1, 1)
    lengths = np.sqrt(squares)
    about = "similarity(A) for A (4, 3)"
    result = call("similarity", second, A, also_answered=[gram])
    S = require_array(about, result, (4, 4))
    mistakes = {
        "It is gram(A) itself: divide by both lengths.": G,
        "The root is missing: a length is the root of a·a.": G / (squares * squares.T),
        "Each row is divided by its own length only: divide by the column's, too.": G / lengths,
        "Each column is divided by its own length only: divide by the row's, too.": G / lengths.T,
        "It divides by one a·a only: the two lengths belong to two rows.": G / squares,
        "It divides by one squared length only. Are your lengths (n,)? Then their transpose is "
        "(n,) too, not a column: reshape them to (n, 1).": G / squares.T,
        "It divides by the largest entry: each entry has two lengths of its own.": G / G.max(),
        "It divides by one single number. Your lengths are (n,), so their transpose is (n,) too: "
        "reshape them to (n, 1).": G / np.trace(G),
        "It divides by one single number. Your squared lengths are (n,), so their transpose is "
        "(n,) too: reshape them to (n, 1).": G / np.sqrt(np.sum(squares**2)),
        "It divides by the sum of the lengths: divide by their product.": G / (lengths + lengths.T),
    }
    advice = "Are all entries on the diagonal 1?"
    require_close(about, S, G / (lengths * lengths.T), mistakes, advice=advice)
    first, second_digit = (
        _digit(name, answer) for name, answer in (("digit_1", digit_1), ("digit_2", digit_2))
    )
    return _judge_pair(first, second_digit)


def _digit(name: str, answer: object) -> int:
    number = require_number(name, answer, right_so_far="similarity")
    if number not in range(10):
        raise NotYet(f"{name} should be a digit from 0 to 9, but it is {number:g}.")
    return int(number)


def _judge_pair(first: int, second: int) -> str:
    S = _digit_similarity()
    if first == second:
        raise NotYet(
            f"digit_1 and digit_2 are both {first}: each digit is most like itself, on the "
            "diagonal. Look beside it."
        )
    others = S[~np.eye(10, dtype=bool)]
    got, most, least = float(S[first, second]), float(others.max()), float(others.min())
    if got == least:
        raise NotYet(f"{first} and {second} are the least alike, {got:.2f}: look for the largest.")
    if got < most:
        raise NotYet(
            f"The mean images of {first} and {second} have a similarity of {got:.3f}; "
            "another pair has a larger one."
        )
    return (
        f"The mean images of {first} and {second} are the most alike, {got:.2f}. Every such table "
        "is symmetric: (A Aᵀ)ᵀ = (Aᵀ)ᵀ Aᵀ = A Aᵀ, as a·b = b·a."
    )


@cache
def _digit_similarity() -> FloatValues:
    """How alike the mean images of the ten digits are, exactly symmetric."""
    data = load_data()
    means = np.stack([data.X_train[data.y_train == i].mean(axis=0) for i in range(10)])
    means = means / np.sqrt(np.sum(means**2, axis=1, keepdims=True))
    S = means @ means.T
    return (S + S.T) / 2


hint = hint_ladder(
    {
        1: (
            "The entry in row 3, column 2 needs row 3 of X and column 2 of W, nothing else.",
            "By hand: 5 · (−1) first, then the second product. In code: start a total at 0, let p "
            "run over range(X.shape[1]), and add X[i, p] times an entry of W each time.",
            'Lesson 1.2, "Rows against columns", has the formula; "Build it" has the loop.',
        ),
        2: (
            "Write the shapes down: (n, d) times what gives (n, k)? And what do you have?",
            "W.T exchanges rows and columns. The bias has to become a row (1, k), so that "
            "broadcasting adds it to every image. Is b a row?",
            'Lesson 1.2, "Turning a product around", explains the transpose; "A layer" has the '
            "shapes of W and b.",
        ),
        3: (
            "u * v has as many numbers as u. A dot product is one number. For c: which terms of "
            "u·v + c (u·w) are known numbers?",
            "by_loop adds u[p] * v[p] for p in range(len(u)); np.sum adds up an array; u @ v does "
            "both. For c: bring u·v to the other side, then divide by what stands beside c.",
            'Lesson 1.2, "Rows against columns", computes one dot product in three ways.',
        ),
        4: (
            "A has shape (n, d). Which of A @ A.T and A.T @ A is (n, n)?",
            "np.diag(G) holds the squared lengths of the rows. Its root, reshaped to (n, 1), times "
            "its own transpose is an (n, n) table of length times length. For the pair, print "
            "np.round(S, 2), and pass over the diagonal.",
            'Lesson 1.2, "Turning a product around", has the rule for the transpose; "Weights '
            'that mean something" compares images by dot products.',
        ),
    }
)
