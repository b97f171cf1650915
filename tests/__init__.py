"""Tests of the course; `make test` runs them."""

from collections.abc import Sequence

import pytest


def refuse(problems: Sequence[str]) -> None:
    """Fail with every problem on a line of its own, and nothing else."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
