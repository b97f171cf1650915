"""The check of the introduction's two-minute exercise."""

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
)

_STROKE = np.array([0.0, 1.0, 0.25, 0.0, 0.5, 1.0, 0.9375])
_FAINT = np.array([0.125, 0.5, 0.25])  # neither paper nor full ink in it

_RETURN_TOO_EARLY = "There should be one number for each pixel: does a loop return too early?"
_ADVICE = {  # to be told after a message that holds these words
    "truth value of an array": "Neither helps here: only one number can be asked yes or "
    "no, and pixels holds many. Compute with all of them at once, as in 2 * pixels.",
    "IndexError": "An image may have any number of pixels, all in one row.",
    "tuple of 7": "Return an array, as computing with all pixels at once does.",
    "shape is ()": _RETURN_TOO_EARLY,
    "shape is (1,)": _RETURN_TOO_EARLY,
    "holds inf": "It came from dividing by 0, which is paper.",
}


def a_right_answer(pixels: FloatValues) -> FloatValues:
    """A right answer, for showing what the check says to one. Write your own before you look."""
    return 1 - pixels


@exercise(1)
def exercise_1(negative: object) -> str:
    """``negative(pixels)``: the image with ink and paper exchanged."""
    function = require_function("negative", negative)
    for about, pixels in (("", _STROKE), (" of a faint image", _FAINT)):
        name = f"The negative{about}"
        try:
            values = require_array(name, call("negative", function, pixels), pixels.shape)
        except NotYet as problem:
            advice = [text for words, text in _ADVICE.items() if words in str(problem)]
            raise NotYet(" ".join([str(problem), *advice])) from problem
        mistakes = {
            "It is the image as it came: nothing has changed.": pixels,
            "Ink, which is 1, became -1. Paper is 0, so ink has to become 0.": -pixels,
            "Ink became 0, as it should. But paper, which is 0, became -1, not 1.": pixels - 1,
            "Paper became 1, as it should. But ink, which is 1, became 2, not 0.": pixels + 1,
            "Full ink is 255 in many image files. Here it is 1.": 255 - pixels,
            "The order of the pixels is reversed. They stay in place; their ink changes.": (
                pixels[::-1]
            ),
            "Gray has become black: only pixels of exactly 0 turned into 1.": np.where(
                pixels == 0, 1.0, 0.0
            ),
            "The gray pixels are gone: only black and white are left.": np.where(
                pixels < 0.5, 1.0, 0.0
            ),
            "It measures from the darkest pixel of the image. Full ink is 1 in every image.": (
                pixels.max() - pixels
            ),
        }
        require_close(name, values, 1 - pixels, mistakes)
    return "Paper and ink have changed places, and a light gray of 0.25 became a dark 0.75."


hint = hint_ladder(
    {
        1: (
            "Write the three examples below each other: 0 and 1, 1 and 0, 0.25 and 0.75. What do "
            "the two numbers of each pair have in common?",
            "They add up to 1. NumPy computes with all pixels at once, so one line is enough: "
            "pixels + 2, for example, adds 2 to each of them.",
            'Lesson 0, "What an image is", says what the numbers mean, and "A two-minute '
            'exercise" what they should become.',
        ),
    }
)
