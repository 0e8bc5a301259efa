"""The split, the choice, and that the hold-out stays untouched."""

from contextlib import nullcontext

import numpy as np
import pytest

from churn.errors import InputError
from churn.schema import CUSTOMER_ID, LEFT, TARGET
from churn.settings import build_settings
from churn.synthetic import generate_customers
from churn.training import split_customers, train

SETTINGS = build_settings({"training": {"search": "none", "folds": 2, "candidates": [
    "logistic_regression", "hist_gradient_boosting"]}})


@pytest.fixture(scope="module", name="customers")
def _customers():
    return generate_customers(900, seed=4)


def _step(_title):
    return nullcontext()


def test_the_parts_are_disjoint_whole_and_equally_full_of_leavers(customers):
    split = split_customers(customers, SETTINGS)
    ids = [set(part[CUSTOMER_ID]) for part in (split.train, split.hold_out)]
    assert not ids[0] & ids[1] and ids[0] | ids[1] == set(customers[CUSTOMER_ID])
    assert len(split.hold_out) == 270
    shares = [(part[TARGET] == LEFT).mean() for part in (split.train, split.hold_out)]
    assert shares[0] == pytest.approx(shares[1], abs=0.005)


def test_the_same_seed_splits_the_same_way_and_another_does_not(customers):
    def ids(seed):
        settings = SETTINGS.model_copy(update={"seed": seed})
        return set(split_customers(customers, settings).hold_out[CUSTOMER_ID])
    assert ids(1) == ids(1) != ids(2)


def test_too_few_leavers_are_refused_with_their_number(customers):
    few = customers.iloc[:30]
    with pytest.raises(InputError, match=r"\d+ customers left and \d+ stayed"):
        split_customers(few, SETTINGS)


def test_nothing_in_training_depends_on_the_labels_of_the_hold_out(customers):
    """Turn every answer of the hold-out round: candidates and threshold stay the same."""
    split = split_customers(customers, SETTINGS)
    before = train(customers, SETTINGS, _step)
    other = split.hold_out.assign(**{TARGET: np.where(
        split.hold_out[TARGET] == LEFT, "Existing Customer", LEFT)})
    from churn import training  # pylint: disable=import-outside-toplevel

    class _Patched:  # pylint: disable=too-few-public-methods
        train, hold_out = split.train, other

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "split_customers", lambda *_: _Patched)
        after = train(customers, SETTINGS, _step)
    assert after.threshold == before.threshold
    assert [c.fold_aucs for c in after.candidates] == [c.fold_aucs for c in before.candidates]
    features = split.hold_out
    assert np.array_equal(*(t.best.pipeline.predict_proba(features) for t in (before, after)))


def test_each_candidate_is_a_named_step(customers):
    titles = []

    def step(title):
        titles.append(title)
        return nullcontext()

    found = train(customers, SETTINGS, step)
    assert titles == ["train logistic regression", "train hist gradient boosting"]
    assert found.best is found.candidates[0]
    assert found.best.auc == max(c.auc for c in found.candidates)
