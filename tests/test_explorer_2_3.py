"""The explorer of part 2.3 says what happens, and shows what the library computes."""

import numpy as np

from course_lib import neural_network as nn
from course_lib.datasets import apply_scaler, fit_scaler, load_digits28, select_pair
from course_lib.explorers import part_2_3


def test_2_3_shows_what_the_library_computes():
    data = load_digits28()
    run = part_2_3.train(data, 0.03, 16, 5, (3, 8))
    X_train, y_train, X_test, y_test = select_pair(data, 3, 8)
    scaler = fit_scaler(X_train)
    W, b, losses = nn.gradient_descent(
        apply_scaler(X_train, scaler), y_train, np.zeros((784, 1)), np.zeros((1, 1)), 0.03, 5, 16,
        nn.binary_cross_entropy, nn.sigmoid, rng=np.random.default_rng(0),
    )  # fmt: skip
    np.testing.assert_array_equal(run.W, W)
    assert run.losses == losses
    A = nn.sigmoid(apply_scaler(X_test, scaler) @ W + b)
    assert run.accuracies[-1] == np.mean((A > 0.5) == y_test)
    assert run.num_train == len(X_train)
    assert run.fastest_epoch > 0


def test_2_3_text_restates_the_setting_and_the_result():
    text = part_2_3.draw(load_digits28(), 0.01, 32, 10, (3, 8)).text
    for part in (
        "3 or 8",
        "learning rate 0.01",
        "batch size 32",
        "10 x 9 = 90 updates",
        "Steady",
        "ms per epoch",
    ):
        assert part in text
    assert "all rows" in part_2_3.draw(load_digits28(), 0.01, part_2_3.ALL_ROWS, 1, (3, 8)).text
