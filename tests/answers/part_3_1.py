"""Right and wrong answers to the exercises of part 3.1."""

import numpy as np

from course_lib.neural_network import binary_cross_entropy, gradient_descent, sigmoid

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = (np.array([t]).T for t in ([0.0, 0, 0, 1], [0.0, 1, 1, 1], [0.0, 1, 1, 0]))
ZERO_W, ZERO_B = np.zeros((2, 1)), np.zeros((1, 1))


def train(y, lr=0.1, num_epochs=500, W=ZERO_W, b=ZERO_B, batch_size=4):
    rng = np.random.default_rng(0)
    return gradient_descent(
        X, y, W, b, lr, num_epochs, batch_size, binary_cross_entropy, sigmoid, rng=rng
    )


def by_a_loop(y):
    """The same training without the library's."""
    W, b = np.zeros((2, 1)), 0.0
    for _ in range(500):
        error = 1 / (1 + np.exp(-(X @ W + b))) - y
        W, b = W - 0.1 * X.T @ error / 4, b - 0.1 * error.mean()
    return W, np.array([[b]])


def neuron(X, W, b):
    return 1 / (1 + np.exp(-(X @ W + b)))


def boundary(W, b, x1):
    return (-b[0, 0] - W[0, 0] * x1) / W[1, 0]


def one_by_one(W, b, x1):
    return [-((W[0] * x).item() + b.item()) / W[1].item() for x in x1]


def bracketless(W, b, x1):
    return -W[0, 0] * x1 + b[0, 0] / W[1, 0]


W_AND, B_AND, _ = train(AND)
W_OR, B_OR, _ = train(OR)
W_NOR, B_NOR = np.array([[-7.0], [-9.0]]), np.array([[3.5]])


def distances(X, W, b):
    return (X @ W + b) / np.sqrt(np.sum(W**2))


def column(*weights):
    return np.array([weights], dtype=float).T


def bias(b):
    return np.array([[float(b)]])


def final_losses(kind="right"):
    """Exercise 3 of part 3.1, with one of the mistakes that are easily made."""

    def losses_of(rates, W, b):
        ends = []
        for lr in rates:
            y = {"AND": AND, "OR": OR}.get(kind, XOR)
            start = (ZERO_W, ZERO_B) if kind == "zeros" else (W, b)
            W_end, b_end, losses = train(y, lr, 500 if kind == "500" else 1000, *start)
            if kind == "continued":
                W, b = W_end, b_end
            pick = {"first": losses[0], "lowest": min(losses), "all": losses}
            ends.append(pick.get(kind, losses[-1]))
        return ends[-1] if kind == "last rate" else ends

    return losses_of


def rows(change=lambda error, A, y: error, bias_first=False, ones=False, at=None):
    """The gradient of each row, with one of the mistakes that are easily made."""

    def row_gradients(X, y, W, b):
        A = at if at is not None else sigmoid(X @ W + b)
        error = change(A - y, A, y)
        last = np.ones_like(error) if ones else error
        return np.hstack([last, X * error] if bias_first else [X * error, last])

    return row_gradients


def constant(b_of=lambda a: np.log(a / (1 - a)), loss_of=None):
    def best_constant(y):
        a = np.mean(y)
        loss = -a * np.log(a) - (1 - a) * np.log(1 - a)
        return b_of(a), loss if loss_of is None else loss_of(a, loss, len(y))

    return best_constant


def by_descent(y):
    """The best constant, found by going downhill."""
    _, b, losses = gradient_descent(
        np.zeros((len(y), 1)), y, [[0]], [[0]], 2.0, 3000, len(y), binary_cross_entropy, sigmoid
    )
    return b, losses[-1]


def points(kind="right"):
    """Exercise 4 of part 3.1, with one of the mistakes that are easily made."""

    def make_points(tie):
        side = np.arange(0, 5) if kind == "0 to 4" else np.arange(-2, 3)
        x1, x2 = np.meshgrid(side, side)
        X = np.stack([x1.ravel(), x2.ravel()], axis=1).astype(float)
        total = X.sum(axis=1, keepdims=True)
        y = (total > 0).astype(int if kind == "integers" else float)
        if kind == "difference":
            y = (X[:, :1] - X[:, 1:] > 0).astype(float)
        if kind != "no tie":
            y[total == 0] = tie
        if kind == "flat":
            y = y[:, 0]
        return (y, X) if kind == "swapped" else (X, y)

    return make_points


def direction(W):
    w1, w2 = W[:, 0]
    return 90.0 if w2 == 0 else np.degrees(np.arctan(-w1 / w2)) % 180


def train_25(tie):
    X, y = points()(tie)
    return gradient_descent(X, y, ZERO_W, ZERO_B, 0.1, 200, 25, binary_cross_entropy, sigmoid)


def crossing(change=lambda b, W: -b / np.linalg.norm(W)):
    def of_tie(tie):
        W, b, _ = train_25(tie)
        return change(b.item(), W)

    return of_tie


def angle(change):
    return lambda W: change(np.degrees(np.arctan2(W[1, 0], W[0, 0])))


NOR = (W_NOR, B_NOR)
RIGHT_1 = (boundary, W_AND, B_AND)
RIGHT_2 = (W_OR, B_OR, *NOR)
RIGHT_3 = (rows(), constant())


def untouched(*arguments):
    return ...


WRONG = {
    1: [
        ((lambda X, W, b: X @ W + b, *RIGHT_1), "The sigmoid is missing"),
        ((lambda X, W, b: sigmoid(X @ W), *RIGHT_1), "The bias is missing: sigmoid(XW + b)"),
        ((lambda X, W, b: sigmoid(X @ W) + b, *RIGHT_1), "The bias is added after"),
        ((lambda X, W, b: sigmoid(-(X @ W + b)), *RIGHT_1), "without a minus"),
        ((lambda X, W, b: sigmoid(X @ W + b) > 0.5, *RIGHT_1), "Those are the answers, 0 or 1"),
        ((lambda X, W, b: sigmoid(X @ W + b)[:, 0], *RIGHT_1), "of shape (5, 2), but its shape"),
        ((lambda X, W, b: sigmoid(X * W + b), *RIGHT_1), "neuron stopped with ValueError"),
        ((untouched, *RIGHT_1), "neuron is still missing: write it first"),
        ((untouched, untouched, W_AND, B_AND), "neuron is still missing: write it first"),
        ((neuron, untouched, ..., ...), "neuron is right. boundary is still missing."),
        ((neuron, boundary, ..., ...), "boundary is right. W_and is still missing."),
        ((neuron, boundary, W_AND, ...), "boundary and W_and is right. b_and is still missing."),
        (
            (neuron, lambda W, b, x1: -boundary(W, b, x1), W_AND, B_AND),
            "The sign is turned around",
        ),
        (
            (neuron, lambda W, b, x1: boundary(W[::-1], b, x1), W_AND, B_AND),
            "The two weights are swapped",
        ),
        ((neuron, lambda W, b, x1: boundary(W, 0 * b, x1), W_AND, B_AND), "The bias is missing."),
        ((neuron, lambda W, b, x1: boundary(W, -b, x1), W_AND, B_AND), "goes to the other side"),
        (
            (neuron, lambda W, b, x1: -W[0, 0] * x1 / W[1, 0] - b[0, 0], W_AND, B_AND),
            "mind the brackets",
        ),
        (
            (neuron, lambda W, b, x1: -(W[0, 0] * x1 + b[0, 0]), W_AND, B_AND),
            "It is not divided by w2",
        ),
        (
            (neuron, lambda W, b, x1: boundary(W, b - 0.5, x1), W_AND, B_AND),
            "That is where z = 0.5",
        ),
        ((neuron, bracketless, W_AND, B_AND), "Brackets: all of"),
        (
            (neuron, lambda W, b, x1: -(W[0, 0] * x1 + b[0, 0]) / abs(W[1, 0]), W_AND, B_AND),
            "by the size of w2",
        ),
        (
            (neuron, lambda W, b, x1: boundary(W, abs(b), x1), W_AND, B_AND),
            "The bias has the wrong sign",
        ),
        (
            (neuron, lambda W, b, x1: -(W[0] * x1 + b) / W[1], W_AND, B_AND),
            "b[0, 0] is the number in it",
        ),
        ((neuron, boundary, W_OR, B_OR), "It is trained on OR"),
        ((neuron, boundary, *train(AND, 1.0)[:2]), "The rate is 1"),
        ((neuron, boundary, *train(AND, 0.1, 5000)[:2]), "for 5000 epochs"),
        ((neuron, boundary, ZERO_W, ZERO_B), "It has not moved"),
        ((neuron, boundary, *train(AND, batch_size=2)[:2]), "batches of 4 (all rows)"),
        ((neuron, boundary, W_AND[:, 0], B_AND), "of shape (2, 1), but its shape is (2,)"),
    ],
    2: [
        ((lambda X, W, b: X @ W + b, *RIGHT_2), "divide it by the length of W"),
        ((lambda X, W, b: np.abs(distances(X, W, b)), *RIGHT_2), "The side is lost"),
        ((lambda X, W, b: (X @ W + b) / np.sum(W**2), *RIGHT_2), "take the root."),
        ((lambda X, W, b: (X @ W + b) / np.sum(W), *RIGHT_2), "divided by the sum of the weights"),
        ((lambda X, W, b: (X @ W + b) / np.sum(abs(W)), *RIGHT_2), "the sum of the sizes"),
        (
            (lambda X, W, b: (X @ W + b) / np.sqrt(np.sum(W**2) + b.item() ** 2), *RIGHT_2),
            "The bias does not belong to the length",
        ),
        ((lambda X, W, b: distances(X, W, 0 * b), *RIGHT_2), "The bias is missing in z"),
        ((lambda X, W, b: sigmoid(X @ W + b), *RIGHT_2), "That is the probability"),
        ((lambda X, W, b: distances(X, W, b)[:, 0], *RIGHT_2), "keepdims=True"),
        (
            (lambda X, W, b: X @ W + b / np.linalg.norm(W), *RIGHT_2),
            "Brackets: all of z",
        ),
        ((untouched, *RIGHT_2), "distances is still missing: write it first"),
        ((lambda X, W, b: distances(X, W, abs(b)), *RIGHT_2), "The sign of the bias is lost"),
        ((lambda X, W, b: distances(X, W, -b), *RIGHT_2), "The bias has the wrong sign"),
        ((distances, ..., ..., *NOR), "distances is right. W_or is still missing."),
        ((distances, W_AND, B_AND, *NOR), "It is trained on AND"),
        ((distances, *train(OR, 0.01)[:2], *NOR), "The rate is 0.01"),
        ((distances, W_OR, B_OR, ..., ...), "W_or is right. W_nor is still missing."),
        ((distances, W_OR, B_OR, column(8, 8), bias(-4)), "compute OR"),
        ((distances, W_OR, B_OR, column(-8, -8), bias(12)), "compute NAND"),
        ((distances, W_OR, B_OR, column(-8, 8), bias(4)), "says 1.0000 at (0, 1)"),
        ((distances, W_OR, B_OR, column(-2, -2), bias(1)), "gets only 0.7311"),
        ((distances, W_OR, B_OR, column(-80, -80), bias(1)), "at (0, 0) the right one gets only"),
        ((distances, W_OR, B_OR, np.array([[-8.0, -8.0]]), bias(4)), "Is it transposed?"),
        ((distances, W_OR, B_OR, np.array([-8, -8]), bias(4)), "W_nor has the shape (2,). Two"),
        ((distances, W_OR, B_OR, column(-8, -8), 4), "b_nor has the shape (). Two pairs"),
        ((distances, W_OR, B_OR, column(-8, -8), ...), "b_nor is still missing."),
    ],
    3: [
        ((final_losses("first"), *RIGHT_3), "Those are the first losses"),
        ((final_losses("lowest"), *RIGHT_3), "Those are the lowest losses"),
        ((final_losses("zeros"), *RIGHT_3), "start from the arguments W and b"),
        ((final_losses("500"), *RIGHT_3), "train for 1000"),
        ((final_losses("AND"), *RIGHT_3), "They are trained on AND"),
        ((final_losses("continued"), *RIGHT_3), "start each from W and b"),
        ((final_losses("all"), *RIGHT_3), "of shape (3,), but its shape is (3, 1000)"),
        ((final_losses("last rate"), *RIGHT_3), "of shape (3,), but its shape is ()"),
        ((untouched, *RIGHT_3), "final_losses is still missing: write it first"),
        ((final_losses(), untouched, lambda y: (..., ...)), "row_gradients is still missing."),
        ((final_losses(), rows(lambda e, A, y: -e), constant()), "the error is A - y"),
        ((final_losses(), rows(lambda e, A, y: e / len(y)), constant()), "has its own loss"),
        ((final_losses(), rows(bias_first=True), constant()), "put its column last"),
        ((final_losses(), rows(lambda e, A, y: e * A * (1 - A)), constant()), "too many"),
        ((final_losses(), rows(ones=True), constant()), "The column of the bias holds ones"),
        ((final_losses(), rows(at=0.5), constant()), "use the arguments"),
        (
            (final_losses(), lambda X, y, W, b: X * (sigmoid(X @ W + b) - y), constant()),
            "of shape (5, 4), but its shape is (5, 3)",
        ),
        ((final_losses(), rows(), lambda y: (..., ...)), "row_gradients is right. best_constant"),
        ((final_losses(), rows(), lambda y: (0.0, ...)), "value number 2 that best_constant"),
        ((final_losses(), rows(), constant(lambda a: a)), "That is the probability a"),
        (
            (final_losses(), rows(), constant(lambda a: np.log((1 - a) / a))),
            "where most targets are 1, b is above 0",
        ),
        ((final_losses(), rows(), constant(np.log)), "That is ln a"),
        ((final_losses(), rows(), lambda y: (0.0, np.log(2))), "only where half of"),
        (
            (final_losses(), rows(), constant(loss_of=lambda a, loss, n: np.log(2))),
            "That is ln 2, the loss of 0.5",
        ),
        (
            (final_losses(), rows(), constant(loss_of=lambda a, loss, n: n * loss)),
            "It is the sum over the rows",
        ),
        (
            (final_losses(), rows(), constant(loss_of=lambda a, loss, n: -a * np.log(a))),
            "It counts the rows with target 1 only",
        ),
    ],
    4: [
        ((points("0 to 4"), direction, crossing()), "has no point (-2, -2)"),
        ((points("no tie"), direction, crossing()), "where x1 + x2 is 0: it should be 1"),
        ((points("difference"), direction, crossing()), "it should be"),
        ((points("integers"), direction, crossing()), "Is it an array of integers?"),
        ((points("flat"), direction, crossing()), "of shape (25, 1), but its shape is (25,)"),
        ((points("swapped"), direction, crossing()), "should be an array of shape (25, 2)"),
        ((lambda tie: (..., ...), direction, crossing()), "write it first"),
        ((lambda tie: (points()(tie)[0], ...), untouched, untouched), "value number 2 that"),
        ((points(), untouched, crossing()), "make_points is right. direction is still missing."),
        ((points(), angle(lambda d: d), crossing()), "That is the angle of W"),
        ((points(), angle(lambda d: d + 90), crossing()), "% 180 does that"),
        ((points(), angle(lambda d: np.radians((d + 90) % 180)), crossing()), "in radians"),
        ((points(), angle(lambda d: (90 - d) % 180), crossing()), "leans to the other side"),
        ((points(), lambda W: 135.0, crossing()), "for W = (3, 4) should be"),
        ((points(), direction, untouched), "direction is right. crossing is still missing."),
        ((points(), direction, crossing(lambda b, W: b / np.linalg.norm(W))), "where b is below"),
        (
            (points(), direction, crossing(lambda b, W: abs(b) / np.linalg.norm(W))),
            "Its sign is missing",
        ),
        ((points(), direction, crossing(lambda b, W: b)), "That is the bias"),
        ((points(), direction, crossing(lambda b, W: -b)), "not divided by the length"),
        ((points(), direction, crossing(lambda b, W: -b / np.sum(W**2))), "take the root"),
        ((points(), direction, crossing(lambda b, W: -b / W[0, 0])), "meets an axis"),
        ((points(), direction, lambda tie: crossing()(0)), "The tie is always 0"),
    ],
}
RIGHT = {
    1: (neuron, one_by_one, *by_a_loop(AND)),
    2: (distances, *by_a_loop(OR), *NOR),
    3: (final_losses(), rows(), by_descent),
    4: (points(), direction, crossing()),
}
