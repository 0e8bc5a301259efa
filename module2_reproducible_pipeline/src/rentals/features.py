"""Turn listings into numbers: every learned step is a fitted transformer of one pipeline.

In: the schema's columns. Out: an unfitted ``ColumnTransformer`` with named outputs.
What is learned from data is learned in ``fit`` and frozen, so that a row's features depend on
neither the test prices nor on the other rows of its batch.
"""

from typing import Any, Literal

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import TruncatedSVD
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from rentals.cross_fitted import CrossFittedScore
from rentals.geography import CityCoordinates
from rentals.model_settings import TextSettings
from rentals.recency import DaysSince
from rentals.schema import BOROUGHS, ROOM_TYPES
from rentals.titles import TitleShape, TitleWords

COUNTS = ("minimum_nights", "number_of_reviews", "calculated_host_listings_count")
RATES = ("reviews_per_month", "availability_365")
PLACE = ("latitude", "longitude")
#: Columns that some candidate reads; ids and the host's name are never among them.
READ_COLUMNS = ("name", "neighbourhood_group", "neighbourhood", *PLACE, "room_type", *COUNTS,
                "last_review", *RATES)

#: The course lets this day stand for a review that never was.
_NEVER_REVIEWED = "2010-01-01"


def log_price(regressor: Any) -> TransformedTargetRegressor:
    """Return ``regressor`` learning the logarithm of one plus the price, answering in dollars.

    Parameters
    ----------
    regressor : regressor

    Returns
    -------
    TransformedTargetRegressor
    """
    # The check of the inverse would only confirm that the two functions are what they are.
    return TransformedTargetRegressor(regressor, func=np.log1p, inverse_func=np.expm1,
                                      check_inverse=False)


def build_features(kind: Literal["course", "full"], settings: TextSettings, seed: int
                   ) -> ColumnTransformer:
    """Return the unfitted feature step of a model.

    Parameters
    ----------
    kind : {"course", "full"}
        What the course makes of the listings, but with its reference day frozen; or that and
        more: missing values left missing, distances, the neighbourhood, the whole name.
    settings : TextSettings
        Sizes of what is learned from names, and the folds of everything cross-fitted.
    seed : int
        Of folds and of the singular value decomposition.

    Returns
    -------
    ColumnTransformer
        Finds its columns by name, drops all others, and names its outputs.

    References
    ----------
    Micci-Barreca, D. (2001). A preprocessing scheme for high-cardinality categorical
    attributes. SIGKDD Explorations 3(1), 27-32.
    Deerwester, S. et al. (1990). Indexing by latent semantic analysis. Journal of the American
    Society for Information Science 41(6), 391-407.
    """
    steps = _course_steps(settings) if kind == "course" else _full_steps(settings, seed)
    return ColumnTransformer(steps, remainder="drop", sparse_threshold=0,
                             verbose_feature_names_out=False)


def _one_hot(**options: Any) -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False, **options)


def _course_steps(settings: TextSettings) -> list[tuple[Any, ...]]:
    words = TitleWords(max_features=settings.max_tfidf_features, stop_words="english")
    return [
        ("room", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
         ["room_type"]),
        ("borough", _one_hot(), ["neighbourhood_group"]),
        ("number", SimpleImputer(strategy="constant", fill_value=0),
         [*COUNTS, *RATES, *PLACE]),
        ("recency", DaysSince(missing=_NEVER_REVIEWED), ["last_review"]),
        ("name", words, "name")]


def _full_steps(settings: TextSettings, seed: int) -> list[tuple[Any, ...]]:
    folds = KFold(settings.folds, shuffle=True, random_state=seed)
    return [
        ("number", "passthrough", [*PLACE, *COUNTS, *RATES]),
        ("recency", DaysSince(), ["last_review"]),
        ("place", CityCoordinates(), list(PLACE)),
        ("category", _one_hot(categories=[list(ROOM_TYPES), list(BOROUGHS)]),
         ["room_type", "neighbourhood_group"]),
        ("neighbourhood", TargetEncoder(target_type="continuous", cv=folds), ["neighbourhood"]),
        ("title", TitleShape(), ["name"]),
        ("name", _name_features(settings, seed), "name")]


def _name_features(settings: TextSettings, seed: int) -> Pipeline:
    """Return words and pairs of words, then their topics and the price that they suggest."""
    words = TitleWords(min_df=settings.least_listings, ngram_range=(1, 2), sublinear_tf=True)
    # scikit-learn fixes the signs of the topics: the largest loading of each is positive.
    topics = TruncatedSVD(settings.topics, random_state=seed)
    score = CrossFittedScore(log_price(Ridge(settings.name_alpha)), folds=settings.folds,
                             random_state=seed)
    return make_pipeline(words, FeatureUnion([("topics", topics), ("score", score)],
                                             verbose_feature_names_out=False))
