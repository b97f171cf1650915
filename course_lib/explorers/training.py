"""What explorers that train a model have in common: images, a start, and the loss in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.datasets import IntArray
from course_lib.neural_network import FloatArray, Parameters, initialize_weights

SIZES = (784, 128, 64, 10)  # of the network with three layers
Progress = Callable[[float], None]  # takes the share that is done, 0 to 1


@dataclass(frozen=True)
class Images:
    """Training and test images, float32, and their digits."""

    X_train: FloatArray
    y_train: IntArray
    X_test: FloatArray
    y_test: IntArray


def start_three_layers(rng: np.random.Generator) -> Parameters:
    """He's weights and biases of zero for the layers between ``SIZES``, float32."""
    params: Parameters = {}
    for i in (1, 2, 3):
        params[f"W{i}"] = initialize_weights(SIZES[i - 1 : i + 1], rng=rng).astype(np.float32)
        params[f"b{i}"] = np.zeros((1, SIZES[i]), dtype=np.float32)
    return params


def no_progress(_share: float) -> None:
    """For whoever trains without a progress bar."""


def verdict(losses: Sequence[float], guessing: float) -> str:
    """Say in words what a training loss does.

    Args:
        losses: The loss after each epoch.
        guessing: The loss of giving every class the same probability, ``ln k`` for ``k``
            classes; the curve is taken to start there.
    """
    curve = np.array([guessing, *losses])
    if not np.all(np.isfinite(curve)):
        return "Diverged: the loss is no longer a number. Choose a smaller learning rate."
    above = int(np.sum(curve > guessing))
    worst = int(curve.argmax())
    if above > 0:
        ends_above = curve[-1] > guessing
        return (
            f"{'Unstable' if above > 1 or ends_above else 'A leap'}: after {above} of "
            f"{len(losses)} epochs the loss is worse than guessing ({guessing:.2f}), at most "
            f"{curve[worst]:.2f}"
            f"{'. Choose a smaller learning rate.' if ends_above else '; then it recovers.'}"
        )
    rises = int(np.sum(np.diff(curve) > 0))
    if rises > 0:
        return f"Jumpy: the loss rises in {rises} of {len(losses)} epochs."
    if curve[-1] > guessing / 2:
        return "Slow: the loss falls in every epoch, but it is still far from done."
    return "Steady: the loss falls in every epoch."


def loss_in_words(loss: float) -> str:
    """A loss with four decimals, or that it is smaller than these can show."""
    return "below 0.0001" if loss < 0.0001 else f"{loss:.4f}"
