"""Score a file of customers of any size: block by block, all of it or nothing.

In: a stored model and a table. Out: a table of customer number, probability and decision.
Every row is checked before its block is scored, into a temporary file that takes the target's
place only after the last row, so a faulty line 9,999,999 leaves the old file as it was.
"""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from churn.data import customer_blocks
from churn.errors import OutputError
from churn.files import atomic_writer
from churn.schema import CUSTOMER_ID, FEATURES
from churn.settings import ReadingSettings

LOGGER = logging.getLogger(__name__)

PROBABILITY, DECISION = "churn_probability", "make_offer"


@dataclass(frozen=True)
class Predictions:
    """How many rows were scored, how many get an offer, and how long it took."""

    rows: int
    offers: int
    seconds: float


def leaving_probability(pipeline: Pipeline, features: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probability of leaving.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    features : DataFrame, shape (n, >= 19)
        The schema's features; what else is there is not looked at.

    Returns
    -------
    ndarray of float, shape (n,)
    """
    answer: NDArray[np.float64] = pipeline.predict_proba(features[list(FEATURES)])[:, 1]
    return answer


def score_file(pipeline: Pipeline, threshold: float, source: Path, target: Path,
               limits: ReadingSettings) -> Predictions:
    """Score every customer of a file into another file.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    threshold : float
        Probability from which a customer gets an offer.
    source : Path
        A customer table, with or without the target column.
    target : Path
        Is replaced as a whole, at the end.
    limits : ReadingSettings
        ``block_bytes`` bounds the memory.

    Returns
    -------
    Predictions

    Raises
    ------
    InputError, TableError
        The source cannot be used; the target stays as it was.
    OutputError
        The target cannot be written, or is the source.
    """
    started, rows, offers = perf_counter(), 0, 0
    if _is_same_file(source, target):
        raise OutputError(f"{target}: is the input itself; choose another file with --out")
    with atomic_writer(target) as sink:
        sink.write(f"{CUSTOMER_ID},{PROBABILITY},{DECISION}\n".encode())
        for block in customer_blocks(source, limits, with_target=False):
            probability = leaving_probability(pipeline, block).round(6)
            is_offered = probability >= threshold
            scored = pd.DataFrame({CUSTOMER_ID: block[CUSTOMER_ID], PROBABILITY: probability,
                                   DECISION: is_offered.astype(int)})
            sink.write(scored.to_csv(index=False, header=False, float_format="%.6f",
                                     lineterminator="\n").encode())
            rows, offers = rows + len(block), offers + int(is_offered.sum())
    found = Predictions(rows, offers, perf_counter() - started)
    LOGGER.info("scored %d customers in %.1f s, %d offers, into %s", rows, found.seconds, offers,
                target)
    return found


def _is_same_file(source: Path, target: Path) -> bool:
    try:
        return os.path.samefile(source, target)
    except (OSError, ValueError):
        # One is missing or out of reach: whoever opens it next says so, and names it.
        return False
