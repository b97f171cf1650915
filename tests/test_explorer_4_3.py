"""The explorer of part 4.3 says what happens, and shows what the library computes."""

import numpy as np
import pytest

from course_lib import neural_network as nn
from course_lib.datasets import load_digits28, shift_images
from course_lib.explorers import part_4_3

DATA = load_digits28()


def image_of(digit: int) -> np.ndarray:
    return DATA.X_test[np.flatnonzero(DATA.y_test == digit)[0]].reshape(28, 28)


def test_4_3_shows_what_the_library_computes():
    image = image_of(7)
    maps = part_4_3.maps_of(image, 3, 2)
    Z, _ = nn.conv_forward(image[None, None], part_4_3.EDGE_FILTER[None, None], [[0]])
    np.testing.assert_allclose(maps.feature_map, nn.relu(Z)[0, 0], atol=1e-12)
    np.testing.assert_allclose(maps.pooled, nn.max_pool(nn.relu(Z), 3, 2)[0, 0], atol=1e-12)
    after = part_4_3.maps_of(shift_images(image.reshape(1, 784), 0, 1), 3, 2)
    text = part_4_3.draw(DATA, 7, (0, 1), 3, 2).text
    for one, other in ((maps.feature_map, after.feature_map), (maps.pooled, after.pooled)):
        share = np.abs(other - one).sum() / np.abs(one).sum()
        assert part_4_3.change(one, other) == pytest.approx(share)
        assert f"{share:.0%}" in text


@pytest.mark.parametrize(
    ("setting", "parts"),
    [
        ((3, (0, 1), 2, 2), ["moved 1 pixel to the right", "13 x 13 = 169", "changed less"]),
        ((3, (0, 0), 2, 2), ["not moved", "nothing changed"]),
        ((3, (2, 0), 1, 1), ["moved 2 pixels down", "pooling did nothing"]),
        ((3, (0, 2), 2, 2), ["the same pooled map, 1 place further"]),
        ((3, (0, 3), 2, 1), ["the same pooled map, 3 places further"]),
        ((3, (0, 1), 3, 3), ["the pooled map did not change"]),  # a digit of 3 x 3 blocks
        ((3, (0, 1), 1, 2), ["it only skips pixels", "never looked at"]),
        ((3, (0, 1), 4, 4), ["The last 2 rows and columns are left over"]),
        ((3, (0, 1), 3, 2), ["The last row and column are left over"]),
    ],
)
def test_4_3_text_restates_the_setting_and_the_result(setting, parts):
    drawing = part_4_3.draw(DATA, *setting)
    for part in parts:
        assert part in drawing.text
    assert drawing.text in drawing.alt


def test_4_3_the_finished_network_reads_the_digit_of_its_picture():
    params = part_4_3.train(DATA)
    assert {name: value.shape for name, value in params.items()} == {
        "K1": (8, 1, 3, 3), "b1": (1, 8), "W2": (1352, 10), "b2": (1, 10),
    }  # fmt: skip
    assert "handwritten 5" in part_4_3.draw_network(DATA).alt
