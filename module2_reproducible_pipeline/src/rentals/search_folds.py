"""One piece of a search: fit a candidate on all folds but one, and measure it on that one.

In: listings, a candidate with its settings, the number of a fold. Out: its errors there.
It runs in another process or on another machine, and must give the same digits there.
"""

from dataclasses import dataclass

import pandas as pd
from joblib import parallel_config
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import KFold

from rentals.model import build_model, fit_model
from rentals.model_settings import ModelSettings
from rentals.schema import PRICE


@dataclass(frozen=True)
class Piece:
    """A candidate with its settings, and which of how many folds is left out."""

    candidate: str
    settings: ModelSettings
    seed: int
    fold: int
    folds: int


@dataclass(frozen=True)
class FoldErrors:
    """Mean absolute error in dollars, and R2, on the rows of one fold."""

    mean_absolute_error: float
    r2: float


def measure_fold(listings: pd.DataFrame, piece: Piece) -> FoldErrors:
    """Return the errors of a candidate on one fold.

    Parameters
    ----------
    listings : DataFrame, shape (n, k)
        Rows to learn from, n at least the number of folds.
    piece : Piece

    Returns
    -------
    FoldErrors
    """
    # The rows of a fold follow from the seed, so that only its number has to travel.
    folds = KFold(piece.folds, shuffle=True, random_state=piece.seed).split(listings)
    train, held_out = [listings.iloc[rows] for rows in list(folds)[piece.fold]]
    # A forest would otherwise hand its trees to the same cluster, and add them in any order.
    with parallel_config("sequential"):
        model = fit_model(build_model(piece.candidate, piece.settings, piece.seed), train,
                          train[PRICE].to_numpy())
        predicted = model.predict(held_out)
    return FoldErrors(round(float(mean_absolute_error(held_out[PRICE], predicted)), 6),
                      round(float(r2_score(held_out[PRICE], predicted)), 6))
