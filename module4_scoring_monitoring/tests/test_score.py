"""Scores: of what is new in a drop, of the hold-out, and honest without labels."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sklearn.metrics import f1_score

from riskwatch.dataset import drop_rows, labelled_rows
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.records import Score
from riskwatch.score import predict, score_drop, score_hold_out
from riskwatch.store import StoredModel
from riskwatch.train import train
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


@pytest.fixture(name="stored")
def stored_model(place: Workplace, ledger: Ledger, put: Put) -> StoredModel:
    """A model of 200 corporations, which leave when they are small."""
    put("a.csv", [f"{chr(97 + n % 26)}{chr(97 + n // 26)}aa,{n % 7},{100 + n % 90 * 9},{n % 31},"
                  f"{int(n % 90 < 45)}" for n in range(200)])
    ingest(place, ledger)
    return train(place, ledger).stored


def test_a_drop_is_scored_on_its_new_rows(place: Workplace, ledger: Ledger, put: Put,
                                          stored: StoredModel) -> None:
    put("b.csv", ["aaaa,0,100,0,1", "newa,1,110,3,1", "newb,1,120,3,0", "newc,2,900,5,0",
                  "newd,,,,"])
    file = ingest(place, ledger).accepted[0]
    entry = score_drop(place, ledger, stored, file, run_id=3)
    score = entry.record
    assert (score.rows, score.labelled_rows, score.subject) == (4, 3, "drop")
    assert (score.file_id, entry.run_id) == (file.id, 3)
    assert score.model_version == stored.release.version
    fresh = drop_rows(place, ledger, file.record).iloc[1:4]
    assert score.f1 == pytest.approx(
        f1_score(fresh["exited"], predict(stored, fresh) >= 0.5), abs=1e-6)
    assert score.f1_low is not None and score.f1_low <= score.f1 <= (score.f1_high or 0)
    assert ledger.latest(Score, file_id=file.id) == entry


def test_without_labels_only_the_probability_is_known(place: Workplace, ledger: Ledger, put: Put,
                                                      stored: StoredModel) -> None:
    put("b.csv", ["newa,1,110,3,", "newb,1,120,3,"])
    score = score_drop(place, ledger, stored, ingest(place, ledger).accepted[0]).record
    assert (score.labelled_rows, score.f1, score.roc_auc, score.positive_share) == (
        0, None, None, None)
    assert score.mean_probability is not None and score.mean_probability > 0.5


def test_a_drop_that_says_nothing_new_has_no_figures(place: Workplace, ledger: Ledger, put: Put,
                                                     stored: StoredModel) -> None:
    put("b.csv", ["aaaa,0,100,0,1"])
    score = score_drop(place, ledger, stored, ingest(place, ledger).accepted[0]).record
    assert (score.rows, score.mean_probability, score.accuracy) == (0, None, None)


def test_the_hold_out_is_scored_as_a_whole(place: Workplace, ledger: Ledger,
                                           stored: StoredModel) -> None:
    score = score_hold_out(place, ledger, stored).record
    rows = labelled_rows(place, ledger, "hold_out", 5000)
    assert (score.subject, score.file_id, score.rows) == ("hold_out", None, len(rows))
    assert score.roc_auc is not None and score.roc_auc > 0.9
