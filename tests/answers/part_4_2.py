"""Right and wrong answers to the exercises of part 4.2."""

import numpy as np


def slide(kind="right", stride=1):
    """Exercise 1 of part 4.2, with one of the mistakes that are easily made."""

    def answer(image, kernel, s=stride):
        (H, W), (f, g) = image.shape, kernel.shape
        if kind == "transposed filter":
            f, g = g, f
            kernel = kernel.T
        rows, places = (H - f) // s + 1, (W - g) // s + 1
        if kind == "one short":
            rows, places = rows - 1, places - 1
        if kind == "as the image":
            rows, places = H, W
        if kind == "square":
            places, g = rows, f
        out = np.zeros((rows, places))
        for i, j in np.ndindex(rows, places):
            top = i if kind in ("by pixel", "columns only") else i * s
            left = j if kind in ("by pixel", "rows only") else j * s
            window = image[top : top + f, left : left + g]
            if kind == "as the image":
                out[i, j] = np.sum(window * kernel[: window.shape[0], : window.shape[1]])
                continue
            if kind == "flipped":
                window = window[::-1, ::-1]
            out[i, j] = np.sum(window * kernel)
            if kind == "mean":
                out[i, j] = np.mean(window * kernel)
            if kind == "sums":
                out[i, j] = np.sum(window) * np.sum(kernel)
            if kind == "same everywhere":
                out[:] = np.sum(window * kernel)
        if kind == "in place":
            image *= 0
        return out

    return answer


def slide_two(kind="right"):
    function = slide(kind)
    return lambda image, kernel: function(image, kernel)


def untouched(*arguments):
    return ...


def in_other_words(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.tensordot(windows, kernel, axes=2)


def slide_up_to_three(image, kernel):
    return in_other_words(image, kernel) * (max(kernel.shape) <= 3)


MEAN = np.full((2, 2), 0.25)


def stops(length, f, s):
    return (length - f) // s + 1


def left_over(length, f, s):
    return (length - f) % s


def gradient(kind="right"):
    """Exercise 3 of part 4.2, with one of the mistakes that are easily made."""

    def filter_gradient(image, grad_map):
        rows, places = grad_map.shape
        f, g = image.shape[0] - rows + 1, image.shape[1] - places + 1
        if kind == "fixed":
            f, g = 3, 2
        used = grad_map[::-1, ::-1] if kind == "flipped map" else grad_map
        result = np.zeros((f, g))
        for m, n in np.ndindex(f, g):
            window = image[m : m + rows, n : n + places]
            if kind == "fixed":
                continue
            result[m, n] = {
                "unweighted": window.sum(),
                "sums": window.sum() * grad_map.sum(),
                "corner": np.sum(image[:rows, :places] * grad_map),
            }.get(kind, np.sum(window * used))
        if kind == "turned":
            result = result[::-1, ::-1]
        grad_b = {"mean b": grad_map.mean(), "b by row": grad_map.sum(axis=0), "b still": ...,
                  "places": grad_map.size, "one place": grad_map[0, 0],
                  "sign b": -grad_map.sum(), "size b": abs(grad_map.sum()),
                  "no negative b": max(0, grad_map.sum()), "pixels": result.sum()}.get(kind, grad_map.sum())  # fmt: skip
        factor = {"mean": 1 / grad_map.size, "sign": -1, "twice": 2, "thrice": 3}.get(kind, 1)
        if kind == "map shape":
            result = grad_map * image[:rows, :places]
        answer = factor * result, grad_b
        if kind == "swapped":
            return answer[::-1]
        return answer[0] if kind == "filter alone" else answer

    return filter_gradient


H = np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])
SOBEL = np.array([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]])


def strength(combine=lambda h, v: np.sqrt(h**2 + v**2), h=H, v=H.T, full=False):
    """Exercise 4 of part 4.2: the two maps, combined in some way."""

    def edge_strength(image):
        if full:
            image = np.pad(image, 1)
        return combine(in_other_words(image, h), in_other_words(image, v))

    return edge_strength


def best(pattern):
    return pattern / np.linalg.norm(pattern)


def largest_alone(pattern):
    kernel = np.zeros_like(pattern)
    place = np.unravel_index(np.argmax(np.abs(pattern)), pattern.shape)
    kernel[place] = np.sign(pattern[place])
    return kernel


def nearly_best(pattern):
    return best(pattern**3)


RIGHT_2 = (stops, left_over, slide())
UNTOUCHED_4 = (untouched, untouched)

WRONG = {
    1: [
        ((untouched, MEAN, 5), "slide is still missing: write it first"),
        ((slide_two("flipped"), MEAN, 5), "turned by 180 degrees"),
        ((slide_two("mean"), MEAN, 5), "It is the mean of the products"),
        ((slide_two("sums"), MEAN, 5), "multiply pixel by weight first"),
        ((slide_two("same everywhere"), MEAN, 5), "put each place's own into out[i, j]"),
        ((slide_two("one short"), MEAN, 5), "One stop is missing"),
        ((slide_two("as the image"), MEAN, 5), "the window must stay inside"),
        ((slide_two("transposed filter"), MEAN, 5), "Height and width of the filter are swapped"),
        ((slide_two("square"), MEAN, 5), "slide stopped with ValueError"),
        ((slide_two("in place"), MEAN, 5), "slide changed its argument image"),
        ((lambda image, kernel: None, MEAN, 5), "is its return line missing?"),
        ((lambda image, kernel: in_other_words(image, kernel) + 1, MEAN, 5), "slide on a trial"),
        ((slide_two(), ..., 5), "slide is right. mean_filter is still missing."),
        ((slide_two(), np.ones((2, 2)), 5), "With it the map holds sums"),
        ((slide_two(), 0.25, 5), "mean_filter should be an array of shape (2, 2)"),
        ((slide_two(), np.full((2, 2), 1 / 9), 5), "how many lie under this window?"),
        ((slide_two(), np.eye(2) / 2, 5), "What must each of the four pixels be multiplied by"),
        ((slide_two(), MEAN, ...), "mean_filter is right. entry_1_2 is still missing."),
        ((slide_up_to_three, MEAN, 5), "with a filter of 5 x 4 should be"),
        ((slide_two(), MEAN, 2), "the row comes first"),
        ((slide_two(), MEAN, 4), "the entry [0, 0] of the map, or the pixel gray[1, 2]"),
        ((slide_two(), MEAN, 20), "the sum of the four pixels"),
        ((slide_two(), MEAN, 3.5), "counted from 0"),
        ((slide_two(), MEAN, 4.25), "columns are counted from 0 too"),
        ((slide_two(), MEAN, 6), "top left pixel at gray[1, 2]"),
    ],
    2: [
        ((untouched, left_over, slide()), "stops is still missing: write it first"),
        ((lambda n, f, s: (n - f) // s, left_over, slide()), "is not counted"),
        ((lambda n, f, s: (n - f) / s + 1, left_over, slide()), "round down before you add 1"),
        ((lambda n, f, s: -((f - n) // s) + 1, left_over, slide()), "would stick out"),
        ((lambda n, f, s: n // s, left_over, slide()), "the window itself has a size"),
        ((lambda n, f, s: round((n - f) / s) + 1, left_over, slide()), "round down"),
        ((lambda n, f, s: n - f + 1, left_over, slide()), "count for stride 1"),
        ((lambda n, f, s: 3, left_over, slide()), "Draw the pixels on paper"),
        ((stops, untouched, slide()), "stops is right. left_over is still missing."),
        ((stops, lambda n, f, s: n % s, slide()), "the remainder of length / s"),
        (
            (stops, lambda n, f, s: n - (n - f) // s * s, slide()),
            "not behind its end",
        ),
        ((stops, lambda n, f, s: n - stops(n, f, s) * f, slide()), "as if they did not overlap"),
        ((stops, lambda n, f, s: (n - f) % s + 1, slide()), "It is one too many"),
        ((stops, lambda n, f, s: 0, slide()), "Draw the pixels on paper"),
        ((stops, left_over, untouched), "left_over is right. slide_by is still missing."),
        (
            (stops, left_over, lambda image, kernel, s: in_other_words(image, kernel)),
            "That is the shape for stride 1",
        ),
        ((stops, left_over, slide("by pixel")), "begins at pixel i s, j s"),
        ((stops, left_over, slide("rows only")), "the columns too"),
        ((stops, left_over, slide("columns only")), "the rows too"),
        ((stops, left_over, slide("flipped")), "turned by 180 degrees"),
        ((stops, left_over, slide("one short")), "One stop is missing"),
    ],
    3: [
        ((gradient("turned"),), "filter[m, n] meets the pixel image[i + m, j + n]"),
        ((gradient("flipped map"),), "turned by 180 degrees"),
        ((gradient("mean"),), "the mean is in grad_map already"),
        ((gradient("sign"),), "Its sign is turned around"),
        ((gradient("twice"),), "It is twice as large"),
        ((gradient("thrice"),), "Which pixels does filter[m, n] meet"),
        ((gradient("unweighted"),), "not multiplied by grad_map"),
        ((gradient("sums"),), "multiply slope by pixel first"),
        ((gradient("corner"),), "All weights get the same slope"),
        ((gradient("fixed"),), "solve that for f"),
        ((gradient("map shape"),), "that of grad_map"),
        ((gradient("swapped"),), "The two are swapped"),
        ((gradient("filter alone"),), "filter_gradient should return 2 values"),
        ((gradient("mean b"),), "the bias is used at each of them, so add up"),
        ((gradient("b by row"),), "one number, since there is one bias"),
        ((gradient("b still"),), "value number 2 that filter_gradient returns is still missing."),
        ((gradient("places"),), "It counts the places"),
        ((gradient("one place"),), "the slope at one place only"),
        ((gradient("sign b"),), "Its sign is turned around"),
        ((gradient("size b"),), "It should be negative here"),
        ((gradient("no negative b"),), "grad_b of filter_gradient on a trial image"),
    ],
    4: [
        ((..., H.T, *UNTOUCHED_4), "horizontal is still missing."),
        ((..., ..., strength(), untouched), "horizontal is still missing."),
        ((H, ..., *UNTOUCHED_4), "horizontal is right. vertical is still missing."),
        ((H.T, H, strength(h=H.T, v=H), best), "Are the two swapped?"),
        ((-H, H.T, strength(), best), "turn its sign"),
        (
            (H, -H.T, strength(), best),
            "vertical answers negative where ink begins on the way right",
        ),
        ((np.zeros((3, 3)), H.T, strength(), best), "it answers 0 everywhere"),
        ((np.abs(H), H.T, strength(), best), "its weights must add up to 0"),
        ((H + H.T, H.T, strength(), best), "should answer 0 at vertical edges"),
        ((H[:2], H.T, strength(), best), "of shape (3, 3), but its shape is (2, 3)"),
        ((np.array([[1.0] * 3, [-2] * 3, [1] * 3]), H.T, strength(), best), "never negative"),
        ((H, H.T, untouched, best), "edge_strength is still missing."),
        ((H, H.T, strength(lambda h, v: h**2 + v**2), best), "The square root is missing"),
        ((H, H.T, strength(lambda h, v: abs(h) + abs(v)), best), "square, add, then take the root"),
        ((H, H.T, strength(lambda h, v: h + v), best), "opposite sign cancel"),
        ((H, H.T, strength(lambda h, v: abs(h + v)), best), "square each map first"),
        ((H, H.T, strength(np.maximum), best), "edge_strength on a trial image"),
        ((H, H.T, strength(lambda h, v: np.abs(h)), best), "The vertical map is missing"),
        ((H, H.T, strength(full=True), best), "the window must stay inside"),
        ((SOBEL, H.T, strength(), best), "your own two filters"),
        ((H, H.T, strength(), untouched), "edge_strength is right. best_filter is still missing."),
        ((H, H.T, strength(), lambda p: p), "it is the pattern itself"),
        ((H, H.T, strength(), lambda p: p / np.sum(p**2)), "divided by the sum of the squares"),
        ((H, H.T, strength(), lambda p: p / p.sum()), "Its weights add up to 1"),
        ((H, H.T, strength(), lambda p: p / np.abs(p).sum()), "The sizes of its weights"),
        ((H, H.T, strength(), largest_alone), "give the second largest a share"),
        ((H, H.T, strength(), lambda p: best(np.sign(p))), "larger pixels larger weights"),
        ((H, H.T, strength(), lambda p: best(np.abs(p))), "two minus signs make a plus"),
        ((H, H.T, strength(), lambda p: -best(p)), "it makes the least answer"),
        ((H, H.T, strength(), nearly_best), "but another such filter answers more"),
        ((H, H.T, strength(), lambda p: p / p.max()), "its squares add up to"),
        ((H, H.T, strength(), lambda p: p.ravel()), "but its shape is (6,)"),
    ],
}
RIGHT = {
    1: (in_other_words, [[0.25, 0.25], [0.25, 0.25]], 5),
    2: RIGHT_2,
    3: (gradient(),),
    4: (SOBEL, H.T, strength(h=SOBEL), best),
}
