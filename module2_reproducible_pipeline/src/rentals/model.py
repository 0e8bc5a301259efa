"""Candidates: the models that are tried, each as one pipeline from listings to dollars.

In: a name, settings, a seed. Out: an unfitted pipeline.
A candidate carries its own features, so that what is stored, served and compared is one object.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (HistGradientBoostingRegressor, RandomForestRegressor,
                              VotingRegressor)
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from rentals.features import build_features, log_price
from rentals.model_settings import BoostingSettings, ModelSettings

#: What fitted candidates hold beyond the types that skops trusts by itself. Trees are not
#: trusted by skops because a forged tree can crash its reader; `rentals.trees` looks at them.
TRUSTED: tuple[str, ...] = (
    "numpy.dtype",
    "rentals.cross_fitted.CrossFittedScore",
    "rentals.geography.CityCoordinates",
    "rentals.recency.DaysSince",
    "rentals.titles.TitleShape",
    "rentals.titles.TitleWords",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.model_selection._split.KFold",
    "sklearn.tree._tree.Tree",
    "sklearn.utils._bunch.Bunch",
)


def build_model(name: str, settings: ModelSettings, seed: int) -> Pipeline:
    """Return the unfitted pipeline of a candidate.

    Parameters
    ----------
    name : str
        One of `CANDIDATES`.
    settings : ModelSettings
        Parameters of features and models.
    seed : int
        Of the model, of the folds inside of its features, and of its topics.

    Returns
    -------
    Pipeline
        Steps ``features`` and ``model``. Takes listings as ``rentals.data.load_listings``
        gives them, other columns and orders allowed, and predicts dollars a night.

    Raises
    ------
    KeyError
        No candidate has this name.
    """
    return CANDIDATES[name](settings, seed)


def fit_model(model: Pipeline, listings: pd.DataFrame, price: ArrayLike) -> Pipeline:
    """Fit a candidate so that the number of cores does not show in its digits.

    Parameters
    ----------
    model : Pipeline
        Of `build_model`; it is fitted in place.
    listings : DataFrame, shape (n, k)
        Training rows.
    price : array-like of float, shape (n,)
        Dollars a night.

    Returns
    -------
    Pipeline
        The same object.
    """
    # Sums over several threads depend on how many there are, in their last digits.
    with threadpool_limits(limits=1):
        return model.fit(listings, price)


def _median(settings: ModelSettings, seed: int) -> Pipeline:
    """Return the baseline that looks at no column."""
    return Pipeline([("features", build_features("course", settings.text, seed)),
                     ("model", DummyRegressor(strategy="median"))])


def _ridge(settings: ModelSettings, seed: int) -> Pipeline:
    linear = make_pipeline(StandardScaler(), Ridge(settings.ridge.alpha))
    return Pipeline([("features", build_features("course", settings.text, seed)),
                     ("model", log_price(linear))])


def _random_forest(settings: ModelSettings, seed: int) -> Pipeline:
    # One thread: threads add the trees' answers in any order, which shows in the last digit.
    forest = RandomForestRegressor(**asdict(settings.random_forest), random_state=seed)
    return Pipeline([("features", build_features("course", settings.text, seed)),
                     ("model", forest)])


def _hist_gradient_boosting(settings: ModelSettings, seed: int) -> Pipeline:
    boosting = _boosting("absolute_error", settings.hist_gradient_boosting, seed)
    return Pipeline([("features", build_features("course", settings.text, seed)),
                     ("model", boosting)])


def _averaged_boosting(settings: ModelSettings, seed: int) -> Pipeline:
    """Return the mean of two boostings.

    One is near the median price, which the absolute error rewards; the other near the mean,
    which R2 rewards. Their errors differ, so that their mean does well at both.
    """
    chosen = settings.averaged_boosting
    absolute = log_price(_boosting("absolute_error", chosen, seed))
    squared = _boosting("squared_error", chosen, seed)
    return Pipeline([("features", build_features("full", settings.text, seed)),
                     ("model", VotingRegressor([("absolute", absolute), ("squared", squared)]))])


def _boosting(loss: str, settings: BoostingSettings, seed: int) -> Any:
    return HistGradientBoostingRegressor(loss=loss, early_stopping=False, random_state=seed,
                                         **asdict(settings))


#: How each candidate is built, the simplest first.
CANDIDATES: Mapping[str, Callable[[ModelSettings, int], Pipeline]] = {
    "median": _median,
    "ridge": _ridge,
    "random_forest": _random_forest,
    "hist_gradient_boosting": _hist_gradient_boosting,
    "averaged_boosting": _averaged_boosting,
}
