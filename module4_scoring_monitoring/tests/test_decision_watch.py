"""What follows from what a cycle saw: kept, retrained, asked; and trials before a deployment."""

from dataclasses import replace

import numpy as np
from watched_drops import Cycle, action, lines, verdicts
from watched_drops import cycle_runner  # noqa: F401  pylint: disable=unused-import

from riskwatch.decision_watch import hold_trial
from riskwatch.deploy import serving_version
from riskwatch.drift_watch import Watch, learned_rows
from riskwatch.ledger import Ledger
from riskwatch.store import load_release, stored_versions
from riskwatch.workplace import Workplace


def test_drift_without_labels_asks_and_with_labels_that_hold_keeps(cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    assert action(cycle("covariate_drift", labelled=False)) == "ask_person"
    context = cycle("covariate_drift", rows=lines("covariate_drift", 91, 2000))
    assert verdicts(context, column="number_of_employees", verdict="drift")
    assert action(context) == "keep"


def test_a_new_truth_is_learned_from_its_own_rows_and_deployed_when_proven(
        place: Workplace, ledger: Ledger, cycle: Cycle) -> None:
    first = cycle("stable", rows=lines("stable", 90, 900))
    assert first.deployment is not None
    context = cycle(rows=lines("concept_drift", 5, 900))
    assert action(context) == "retrain" and context.learn_after == 900
    assert context.challenger is not None and context.challenger.stored.facts.rows < 900
    assert context.gate is not None and context.gate.record.action == "deploy"
    assert (context.gate.record.difference_low or 0) > 0
    assert serving_version(ledger) == context.challenger.stored.release.version
    # What the new model learned from is now the reference, and the old rows are not.
    rows = learned_rows(Watch(place, ledger, load_release(place)))
    assert rows["row"].min() > 900 and len(rows) == context.challenger.stored.facts.rows
    again = cycle("concept_drift")
    assert action(again) == "keep"
    # Back to the old truth: within the cool-down nothing is trained.
    back = cycle(rows=lines("stable", 92, 900))
    assert action(back) == "keep" and back.challenger is None
    assert back.decision is not None and "cool-down" in back.decision.record.reason


def test_a_worse_challenger_is_refused_and_the_old_one_serves_on(
        place: Workplace, ledger: Ledger, cycle: Cycle) -> None:
    cycle("stable", rows=lines("stable", 90, 900))
    serving, good = serving_version(ledger), load_release(place)
    turned = replace(good, model=_Turned(good.model))
    entry = hold_trial(Watch(place, ledger, good), turned)
    assert entry.record.action == "refuse" and entry.record.reason.startswith("worse")
    assert serving_version(ledger) == serving and len(stored_versions(place)) == 1
    same = hold_trial(Watch(place, ledger, good), good)
    assert same.record.action == "refuse" and "not proven better" in same.record.reason


class _Turned:  # pylint: disable=too-few-public-methods  # a model needs no more
    """Says the opposite."""

    def __init__(self, model: object) -> None:
        self.model = model

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return the probabilities of the two answers, exchanged."""
        return self.model.predict_proba(features)[:, ::-1]  # type: ignore[attr-defined]
