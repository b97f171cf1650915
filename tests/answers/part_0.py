"""Right and wrong answers to the exercise of the introduction."""

import numpy as np


def listed(pixels):
    return [1 - pixel for pixel in pixels]


def in_place(pixels):
    pixels *= -1
    pixels += 1
    return pixels


def shown_only(pixels):
    print(1 - pixels)


def half_written(pixels):
    return 1 - ...


def one_number(pixels):
    return 1 - pixels.mean()


def asked(pixels):
    return 0 if pixels == 1 else 1


def by_position(pixels):
    return [1 - pixels[i] for i in range(784)]


def row_by_row(pixels):
    return [[1 - pixels[row, column] for column in range(28)] for row in range(28)]


def returned_in_the_loop(pixels):
    for pixel in pixels:
        return 1 - pixel


def listed_but_returned_in_the_loop(pixels):
    answer = []
    for pixel in pixels:
        answer.append(1 - pixel)
        return answer


RIGHT = {1: (listed,)}

WRONG = {
    1: [
        ((lambda pixels: -pixels,), "Ink, which is 1, became -1. Paper is 0, so ink has to be"),
        ((lambda pixels: pixels - 1,), "But paper, which is 0, became -1, not 1"),
        ((lambda pixels: pixels,), "It is the image as it came"),
        ((lambda pixels: pixels + 1,), "But ink, which is 1, became 2, not 0"),
        ((lambda pixels: 255 - pixels,), "255 in many image files"),
        ((lambda pixels: pixels[::-1],), "The order of the pixels is reversed"),
        ((lambda pixels: pixels == 0,), "Gray has become black"),
        ((lambda pixels: np.logical_not(pixels),), "Gray has become black"),
        ((lambda pixels: np.round(1 - pixels),), "only black and white are left"),
        ((lambda pixels: pixels.max() - pixels,), "of a faint image is wrong. It measures from"),
        ((lambda pixels: 0.9 - pixels,), "should be 1 at index (0,), but it is 0.9"),
        ((lambda pixels: 1 / pixels,), "It came from dividing by 0, which is paper"),
        ((one_number,), "should be an array of shape (7,), but its shape is ()"),
        ((asked,), "only one number can be asked yes or no"),
        ((by_position,), "out of bounds for axis 0 with size 7, called with pixels (7,). An image"),
        ((row_by_row,), "any number of pixels, all in one row"),
        ((returned_in_the_loop,), "does a loop return too early?"),
        ((listed_but_returned_in_the_loop,), "its shape is (1,). There should be one number"),
        ((lambda pixels: tuple(1 - pixels),), "returned a tuple of 7. Return an array"),
        ((in_place,), "negative changed its argument pixels"),
        ((shown_only,), "is its return line missing?"),
        ((half_written,), "computes with a ... that is still to be replaced"),
        ((0.75,), "negative should be a function, but it is of type float"),
    ]
}
