"""What explorers that train a model have in common: to say in words what the loss does."""

from collections.abc import Callable, Sequence

import numpy as np

Progress = Callable[[float], None]  # takes the share that is done, 0 to 1


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
