"""Score a model: on each new drop, and on the hold-out; the history stands in the ledger.

In: a stored model and rows. Out: a `Score`, with intervals where there are labels, and without
where nobody knows yet.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskwatch.dataset import drop_rows, labelled_rows
from riskwatch.evaluate import measure
from riskwatch.features import matrix
from riskwatch.ledger import Entry, Ledger
from riskwatch.records import File, Score
from riskwatch.schema import TARGET
from riskwatch.store import StoredModel
from riskwatch.workplace import Workplace


def predict(stored: StoredModel, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probability of leaving, per row.

    Parameters
    ----------
    stored : StoredModel
    rows : DataFrame, shape (n, >= 3)
        With the schema's features in any order.

    Returns
    -------
    array of float, shape (n,)
    """
    if rows.empty:
        return np.zeros(0)
    return np.asarray(stored.model.predict_proba(matrix(rows))[:, 1])


def score_drop(place: Workplace, ledger: Ledger, stored: StoredModel, file: Entry[File], *,
               run_id: int | None = None) -> Entry[Score]:
    """Score a model on the rows of one file, and write it down.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    stored : StoredModel
    file : Entry of File
        Accepted.
    run_id : int, optional

    Returns
    -------
    Entry of Score
        Of the rows that say something new; a row that came before is not scored twice.
    """
    rows = drop_rows(place, ledger, file.record)
    score = score_rows(place, stored, rows[~rows["is_repeated"]], file.id)
    return ledger.append(score, run_id=run_id)[0]


def score_hold_out(place: Workplace, ledger: Ledger, stored: StoredModel, *,
                   run_id: int | None = None) -> Entry[Score]:
    """Score a model on the latest rows of the hold-out, and write it down.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    stored : StoredModel
    run_id : int, optional

    Returns
    -------
    Entry of Score
    """
    rows = labelled_rows(place, ledger, "hold_out", place.settings.scoring.hold_out_rows)
    return ledger.append(score_rows(place, stored, rows, None), run_id=run_id)[0]


def score_rows(place: Workplace, stored: StoredModel, rows: pd.DataFrame, file_id: int | None
               ) -> Score:
    """Return the score of a model on rows, not yet in the ledger.

    Parameters
    ----------
    place : Workplace
    stored : StoredModel
    rows : DataFrame
        As `riskwatch.dataset` returns them; rows without a label count for the mean
        probability only.
    file_id : int or None
        None stands for the hold-out.

    Returns
    -------
    Score
    """
    probability = predict(stored, rows)
    is_labelled = rows[TARGET].notna().to_numpy()
    figures = measure(rows[TARGET].to_numpy()[is_labelled], probability[is_labelled],
                      stored.facts.threshold, seed=place.settings.seed,
                      resamples=place.settings.scoring.bootstrap_resamples)
    return Score(
        model_version=stored.release.version,
        subject="hold_out" if file_id is None else "drop", file_id=file_id, rows=len(rows),
        labelled_rows=figures.rows, positive_share=figures.positive_share,
        mean_probability=round(float(probability.mean()), 6) if len(rows) else None,
        f1=figures.f1.value, f1_low=figures.f1.low, f1_high=figures.f1.high,
        accuracy=figures.accuracy.value, accuracy_low=figures.accuracy.low,
        accuracy_high=figures.accuracy.high, roc_auc=figures.roc_auc.value,
        roc_auc_low=figures.roc_auc.low, roc_auc_high=figures.roc_auc.high)
