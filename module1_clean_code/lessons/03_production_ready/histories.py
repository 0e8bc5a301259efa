"""Twelve histories of a model in service, made of real tables.

In: nothing. Out: for each its story, the drift report, and the score then and now.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churn.drift import DriftReport, compare_tables
from churn.policy import AucEstimate
from churn.settings import DriftSettings

SETTINGS = DriftSettings()


@dataclass(frozen=True)
class History:
    """A story, what was measured, and the score on the hold-out and now."""

    number: int
    story: str
    report: DriftReport
    reference_auc: float | None
    current_auc: AucEstimate | None


def customers(rows: int, seed: int) -> pd.DataFrame:
    """Return three columns of customers."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "Credit_Limit": np.round(rng.gamma(2.0, 4000.0, rows) + 1400, 0),
        "Total_Trans_Ct": rng.integers(10, 130, rows),
        "Card_Category": rng.choice(["Blue", "Gold", "Silver"], rows, p=[0.6, 0.2, 0.2])})


def twelve() -> list[History]:
    """Return the histories; only what a story tells differs from the reference."""
    reference, now = customers(600, 1), customers(600, 2)
    busy = now.assign(Total_Trans_Ct=now["Total_Trans_Ct"] + 60)
    livelier = now.assign(Total_Trans_Ct=now["Total_Trans_Ct"] + 18)
    black = now.assign(Card_Category=np.where(np.arange(600) < 90, "Black", now["Card_Category"]))
    cents = now.assign(Credit_Limit=now["Credit_Limit"] * 100)
    tables = [
        ("nothing moved, labels are not known yet", now, None, None),
        ("a card product that the model never saw", black, 0.92, (0.92, 0.90, 0.94, 900)),
        ("the limits arrive in cents", cents, None, None),
        ("a column no longer arrives", now.drop(columns="Total_Trans_Ct"), 0.92,
         (0.85, 0.83, 0.87, 900)),
        ("the first 30 customers of a new month", now.head(30), None, None),
        ("the score broke down", now, 0.92, (0.75, 0.72, 0.78, 900)),
        ("the score sank slowly", livelier, 0.92, (0.86, 0.84, 0.88, 900)),
        ("everybody spends more often, the score holds", busy, 0.92, (0.93, 0.915, 0.945, 900)),
        ("the score seems lower, but only 70 labels are in", now, 0.92, (0.88, 0.80, 0.95, 70)),
        ("everybody spends more often, labels are not known yet", busy, None, None),
        ("everybody spends more often, and 70 labels are in", busy, 0.92, (0.92, 0.85, 0.98, 70)),
        ("a bit more spending, the score rose", livelier, 0.92, (0.95, 0.94, 0.96, 900)),
    ]
    return [History(number, story, compare_tables(reference, table, SETTINGS), auc,
                    AucEstimate(*estimate) if estimate else None)
            for number, (story, table, auc, estimate) in enumerate(tables, 1)]


def nearby(seed: int, count: int = 80) -> list[History]:
    """Return histories with other scores near the limits, so that no list of answers serves."""
    rng = np.random.default_rng(seed)
    base = twelve()
    # Exactly at the limit, where .92 - .90 is not "more than .02", and a computer thinks it is.
    found = [History(1, f"{base[0].story}; the limit is just reached", base[0].report, 0.92,
                     AucEstimate(0.89, 0.88, 0.90, 400))]
    for _ in range(count):
        like = base[int(rng.integers(len(base)))]
        value = round(float(rng.uniform(0.76, 0.96)), 3)
        half = round(float(rng.choice([0.005, 0.015, 0.04])), 3)
        rows = int(rng.choice([20, 49, 50, 400]))
        estimate = AucEstimate(value, round(value - half, 3), round(min(value + half, 1), 3), rows)
        found.append(History(like.number, f"{like.story}; other labels", like.report, 0.92,
                             estimate if rng.random() < 0.85 else None))
    return found
