"""`make mnist-results`: every model trains, and the test rows stay unseen until the end."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import mnist_results
from course_lib.datasets import Dataset, load_digits28


@pytest.fixture(scope="module")
def few() -> Dataset:
    """Some bundled digits; the test rows would spoil every result they got into."""
    digits = load_digits28()
    nothing = np.full((40, 784), np.nan)
    return Dataset("few", digits.X_train[:250], digits.y_train[:250], nothing, digits.y_test[:40])


@pytest.mark.parametrize("model", mnist_results.MODELS, ids=lambda model: model.name)
def test_settings_are_chosen_on_training_rows_alone(
    model: mnist_results.Model, few: Dataset, capsys: pytest.CaptureFixture[str]
):
    filters = model.filters and (4, model.filters[1])  # fewer, to be quick
    quick = replace(model, epochs=5, filters=filters, choices=model.choices[-2:])
    assert mnist_results.choose(quick, few) in quick.choices
    scores = [line for line in capsys.readouterr().out.splitlines() if "validation" in line]
    assert len(scores) == 2
    assert all(float(line.split()[-1].rstrip("%")) > 25 for line in scores)  # guessing is 10 %


def test_copies_are_moved_and_keep_their_labels(few: Dataset):
    X, labels = mnist_results.with_copies(few.X_train, few.y_train)
    assert X.shape == (5 * 250, 784)
    np.testing.assert_array_equal(X[:250], few.X_train)
    np.testing.assert_array_equal(labels.reshape(5, 250), np.tile(few.y_train, (5, 1)))
    down = X[250:500].reshape(-1, 28, 28)
    np.testing.assert_array_equal(down[:, 1:], few.X_train.reshape(-1, 28, 28)[:, :-1])


def test_a_result_names_mean_and_spread(few: Dataset, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mnist_results, "SEEDS", range(3))
    scores = iter([0.9, 0.92, 0.94])
    words = mnist_results.measured(
        lambda *_: next(scores), mnist_results.MODELS[0], mnist_results.Settings(0.1), few
    )
    assert words.startswith("92.00% ± 2.00 ")
