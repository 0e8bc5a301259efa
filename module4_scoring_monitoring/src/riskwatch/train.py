"""Train a challenger on the latest labelled rows; it waits as a release until it is deployed.

In: a workplace and its ledger. Out: a stored model with the facts about it. The hold-out never
comes in here: its rows were told apart when they arrived, by their own values.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskwatch.dataset import COLUMNS, labelled_rows
from riskwatch.errors import InputError
from riskwatch.features import matrix
from riskwatch.ledger import Ledger
from riskwatch.manifest import ModelFacts
from riskwatch.models import fit_candidates
from riskwatch.schema import TARGET
from riskwatch.store import StoredModel, save_release
from riskwatch.workplace import Workplace


@dataclass(frozen=True)
class Challenger:
    """A trained model, stored, and the cross-validated AUC of every candidate."""

    stored: StoredModel
    candidate_aucs: Mapping[str, float]

    def in_words(self) -> str:
        """Return one line."""
        facts = self.stored.facts
        return (f"trained {self.stored.release.version}: {facts.model_name} on {facts.rows} "
                f"rows, cross-validated AUC {facts.metrics['cross_validated_roc_auc']:.4f}")


def train(place: Workplace, ledger: Ledger, *, after: int = 0) -> Challenger:
    """Fit every candidate on the latest rows, and store the best as a release.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    after : int
        Learn only from rows with a larger number, as after a change of what is true.

    Returns
    -------
    Challenger

    Raises
    ------
    InputError
        There are too few rows, or too few of one answer.
    """
    settings = place.settings
    rows = labelled_rows(place, ledger, "train", settings.training.recent_rows, after=after)
    exited = rows[TARGET].to_numpy(dtype=np.int64)
    counts = np.bincount(exited, minlength=2)
    if len(rows) < settings.training.least_rows or counts.min() < 2:
        raise InputError(
            f"{len(rows)} labelled rows to train on, {counts[1]} of them with exited = 1: at "
            f"least {settings.training.least_rows} are needed, and two of each answer")
    found = fit_candidates(matrix(rows), exited, settings.training, settings.seed)
    aucs: dict[str, float] = {candidate.name: round(candidate.roc_auc, 6) for candidate in found}
    best = found[0]
    content = rows[list(COLUMNS)].to_csv(index=False, lineterminator="\n")
    facts = ModelFacts(
        model_name=best.name, parameters={}, threshold=settings.scoring.threshold,
        metrics={"cross_validated_roc_auc": aucs[best.name]},
        data_sha256=hashlib.sha256(content.encode()).hexdigest(), rows=len(rows),
        last_row=int(rows["row"].iloc[-1]), seed=settings.seed)
    release = save_release(place, best.pipeline, facts)
    return Challenger(StoredModel(best.pipeline, release, facts), aucs)
