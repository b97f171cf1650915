"""The explorer of part 4.2 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28
from course_lib.explorers import part_4_2


def weights_of(name: str) -> dict[str, float]:
    return part_4_2.as_settings(part_4_2.FILTERS[name])


def test_4_2_a_preset_sets_all_nine_weights_and_says_so():
    explorer = part_4_2.explore(load_digits28())
    for name, kernel in part_4_2.FILTERS.items():
        explorer.controls["preset"].value = name
        settings = explorer.settings
        shown = [settings[part_4_2.name_of(i, j)] for i in range(3) for j in range(3)]
        assert shown == kernel.ravel().tolist()
        assert f"Filter: {name} (row by row" in explorer.result.text
    explorer.controls["weight_1_1"].value = 2.0
    assert "all zero, with 1 weight changed (row by row 2, 0, 0;" in explorer.result.text


def test_4_2_shows_what_the_library_computes():
    image = part_4_2.an_image(load_digits28())
    for name, kernel in part_4_2.FILTERS.items():
        drawing = part_4_2.draw(image, name, 4, 7, **weights_of(name))
        shown = drawing.figure.axes[4].images[0].get_array()
        feature_map = nn.conv2d(image, kernel)
        np.testing.assert_array_equal(shown, feature_map)
        products = drawing.figure.axes[3].images[0].get_array()
        np.testing.assert_array_equal(products, image[4:7, 7:10] * kernel)
        assert products.sum() == pytest.approx(feature_map[4, 7])


@pytest.mark.parametrize(
    ("pixels", "kernel", "start"),
    [
        (np.ones((3, 3)), np.zeros((3, 3)), "All nine weights are 0"),
        (np.zeros((3, 3)), np.ones((3, 3)), "There is no ink"),
        (np.ones((3, 3)), part_4_2.FILTERS["vertical edges"], "The products cancel"),
        (np.eye(3), 1 - np.eye(3), "The ink lies under weights that are 0"),
        (np.eye(3), np.eye(3), "The answer is positive: no weight is negative (100%"),
        (np.eye(3), -np.eye(3), "The answer is negative: no weight is positive (100%"),
        (np.eye(3), 2 * np.eye(3) - 1, "The answer is positive: more ink under the positive"),
        (np.eye(3), 1 - 2 * np.eye(3), "The answer is negative: less ink under the positive"),
    ],
)
def test_4_2_tells_in_words_what_the_window_answers(pixels, kernel, start):
    assert part_4_2.verdict(pixels, kernel).startswith(start)


def test_4_2_no_map_goes_beyond_its_scale():
    image = part_4_2.an_image(load_digits28())
    for kernel in part_4_2.FILTERS.values():
        limit = part_4_2.strongest_answer(kernel)
        assert np.abs(nn.conv2d(image, kernel)).max() <= limit + 1e-12
    assert part_4_2.strongest_answer(part_4_2.FILTERS["Laplacian"]) == 8


def test_4_2_a_number_is_short_and_has_no_minus_before_zero():
    words = [part_4_2.in_words(number) for number in (1 / 9, -0.001, -1.25, 0.666, 8.0)]
    assert words == ["1/9", "0", "−1.25", "0.67", "8"]


def test_4_2_the_opening_picture_learns_the_filter():
    learned = part_4_2.learn(load_digits28())
    target = part_4_2.FILTERS["vertical edges"]
    assert np.abs(learned[part_4_2.EPOCHS[-1]] - target).max() < 0.01
    assert np.abs(learned[1] - target).max() > 0.1
