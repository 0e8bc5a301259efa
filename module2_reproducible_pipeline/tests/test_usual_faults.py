"""Faults of the usual version of this project, made again in a few lines, beside ours.

In: generated listings. Out: what each fault costs; `lessons/usual_faults/WALKTHROUGH.md` tells
them. The re-creations are as short as the faults allow, and are imported nowhere.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from listing_rows import SMALL
from scipy.stats import entropy
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder

from rentals.importances import impurity_importances
from rentals.model import build_model, fit_model
from rentals.synthetic import generate_listings

NUMBERS = ["minimum_nights", "number_of_reviews", "reviews_per_month",
           "calculated_host_listings_count", "availability_365", "longitude", "latitude"]
NAMES = ["room_type", "neighbourhood_group", *NUMBERS, "last_review", "name"]


def _days_before_the_newest(dates: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return days from the newest date of whatever rows are asked about."""
    days = dates.apply(pd.to_datetime, errors="coerce")
    return np.asarray(days.max().iloc[0] - days.iloc[:, 0]).astype("timedelta64[D]").astype(
        float).reshape(-1, 1)


def _usual_model(rows: pd.DataFrame) -> Pipeline:
    """Fit a forest behind the usual transformers."""
    seen: ColumnTransformer = make_column_transformer(
        (OrdinalEncoder(), ["room_type"]),
        (OneHotEncoder(handle_unknown="ignore"), ["neighbourhood_group"]),
        (SimpleImputer(strategy="constant", fill_value=0), NUMBERS),
        (make_pipeline(FunctionTransformer(_days_before_the_newest,
                                           feature_names_out="one-to-one"),
                       SimpleImputer(strategy="constant", fill_value=0)), ["last_review"]),
        (TfidfVectorizer(max_features=30, stop_words="english"), "name"))
    model = Pipeline([("preprocessor", seen), ("forest", RandomForestRegressor(
        40, max_depth=15, min_samples_leaf=3, max_features=0.5, random_state=1))])
    return model.fit(rows, rows["price"])


@pytest.fixture(scope="module", name="rows")
def rows_fixture() -> pd.DataFrame:
    """Listings within the bounds, the first 4,000 to learn from."""
    rows = generate_listings(5000, 3, 1)
    return rows[rows["price"].between(10, 350)].reset_index(drop=True)


@pytest.fixture(scope="module", name="usual")
def usual_fixture(rows: pd.DataFrame) -> Pipeline:
    """The usual model."""
    return _usual_model(rows.iloc[:4000])


def test_shifted_labels_make_the_name_look_important(rows: pd.DataFrame, usual: Pipeline,
                                                     say: Any) -> None:
    """One-hot columns are five, the usual list of labels has one: all after it are shifted."""
    values = usual["forest"].feature_importances_
    shown = dict(zip(NAMES[:-1], values)) | {"name": values[len(NAMES) - 1:].sum()}
    named = zip(usual["preprocessor"].get_feature_names_out(), values)
    truth: dict[str, float] = {}
    for column, value in named:
        name = next((name for name in NAMES if column.endswith(f"__{name}")
                     or f"__{name}_" in column), "name")
        truth[name] = truth.get(name, 0) + value
    ours = {one.column: one.mean for one in impurity_importances(
        fit_model(build_model("random_forest", SMALL, 1), rows.iloc[:4000],
                  rows["price"].iloc[:4000]))}
    say(f"usual faults: the plot gives name {shown['name']:.2f} and longitude "
        f"{shown['longitude']:.2f}, the truth is {truth['name']:.2f} and {truth['longitude']:.2f}")
    assert shown["name"] > 0.3 > 0.2 > truth["name"]
    assert truth["longitude"] > 2 * shown["longitude"]
    assert ours["name"] < 0.2 and ours["longitude"] > 2 * shown["longitude"]


def test_a_date_counted_from_the_batch_changes_prices_with_the_company(
        rows: pd.DataFrame, usual: Pipeline, say: Any) -> None:
    test = rows.iloc[4000:4060]
    found = {}
    for name, model in (("usual", usual), ("ours", fit_model(
            build_model("random_forest", SMALL, 1), rows.iloc[:4000], rows["price"].iloc[:4000]))):
        together = model.predict(test)
        alone = np.concatenate([model.predict(test.iloc[[row]]) for row in range(len(test))])
        found[name] = alone, together
    changed = {name: int((np.abs(alone - together) > 1e-6).sum())
               for name, (alone, together) in found.items()}
    alone, together = (float(np.abs(one - test["price"]).mean()) for one in found["usual"])
    say(f"usual faults: asked alone, {changed['usual']} of {len(test)} prices change (mean error "
        f"{together:.2f} together, {alone:.2f} alone); ours {changed['ours']}")
    assert changed["usual"] > len(test) / 2
    assert changed["ours"] == 0


def test_a_missing_borough_is_a_crash_of_the_usual_comparison(rows: pd.DataFrame) -> None:
    """Ours says which one is missing, see test_steps_check.py."""
    without = rows[rows["neighbourhood_group"] != "Queens"]
    counts = [table["neighbourhood_group"].value_counts().sort_index()
              for table in (without, rows)]
    with pytest.raises(ValueError, match="shape"):
        entropy(*counts, base=2)


def test_outliers_dropped_from_the_test_rows_too_flatter_the_error(say: Any) -> None:
    """What a model of 10 to 350 dollars is worth on all listings is another figure."""
    rows = generate_listings(5000, 3, 1)
    kept = rows["price"].between(10, 350)
    model = fit_model(build_model("ridge", SMALL, 1), rows[kept].iloc[:3500],
                      rows.loc[kept, "price"].iloc[:3500])
    rest = rows.loc[rows.index > rows[kept].index[3499]]
    inside = rest["price"].between(10, 350)
    error = np.abs(model.predict(rest) - rest["price"])
    say(f"usual faults: mean absolute error {error[inside].mean():.2f} within the bounds, "
        f"{error.mean():.2f} on all listings")
    assert error.mean() > 1.3 * error[inside].mean()
