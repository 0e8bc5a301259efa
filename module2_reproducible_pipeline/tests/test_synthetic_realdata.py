"""The judge of the generator: the true file, not the generator's own tables."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, TargetEncoder

from rentals.data import load_listings, write_listings
from rentals.synthetic import generate_listings

pytestmark = pytest.mark.realdata
SEEDS = [42, pytest.param(1, marks=pytest.mark.soak), pytest.param(2, marks=pytest.mark.soak)]
NUMBERS = ["latitude", "longitude", "minimum_nights", "number_of_reviews", "reviews_per_month",
           "calculated_host_listings_count", "availability_365", "days"]


@pytest.fixture(scope="module", name="true_file")
def true_file_fixture(real_data: Path) -> Path:
    """The path of the true sample of 20,000 listings."""
    return real_data / "rentals" / "sample1.csv"


@pytest.fixture(scope="module", name="true_listings")
def true_listings_fixture(true_file: Path) -> pd.DataFrame:
    """The true file, read without the package's own reader."""
    listings = pd.read_csv(true_file, keep_default_na=False, dtype={"reviews_per_month": str})
    return listings.assign(reviews_per_month=pd.to_numeric(listings["reviews_per_month"]))


@pytest.fixture(scope="module", params=SEEDS, name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many listings as the true file has."""
    return generate_listings(20_000, request.param)


def kept(listings: pd.DataFrame) -> pd.DataFrame:
    """Return listings of 10 to 350 dollars, with the days since the last review."""
    days = pd.Timestamp("2019-07-08") - pd.to_datetime(listings["last_review"].replace("", None))
    return listings.assign(days=days.dt.days)[listings["price"].between(10, 350)]


def score(train: pd.DataFrame, test: pd.DataFrame) -> tuple[float, float]:
    """Return mean absolute error and R2 of an ordinary model."""
    columns = ColumnTransformer([
        ("numbers", "passthrough", NUMBERS),
        ("categories", OneHotEncoder(sparse_output=False), ["neighbourhood_group", "room_type"]),
        ("neighbourhood", TargetEncoder(target_type="continuous",
                                        cv=KFold(5, shuffle=True, random_state=0)),
         ["neighbourhood"]),
        ("words", TfidfVectorizer(max_features=150), "name")], sparse_threshold=0)
    model = Pipeline([("columns", columns), ("boosting", HistGradientBoostingRegressor(
        learning_rate=.08, max_iter=250, random_state=0))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(train, train["price"])
    found = model.predict(test)
    return mean_absolute_error(test["price"], found), r2_score(test["price"], found)


def test_a_model_of_generated_listings_knows_the_true_prices(
        generated: pd.DataFrame, true_listings: pd.DataFrame) -> None:
    error, explained = score(kept(generated), kept(true_listings))
    print(f"trained on generated, tested on true: MAE {error:.2f}, R2 {explained:.3f}")
    assert error <= 34.5 and explained >= .55


def test_generated_prices_are_as_hard_to_tell_as_true_ones(generated: pd.DataFrame) -> None:
    listings = kept(generated)
    error, explained = score(listings.iloc[:14_000], listings.iloc[14_000:])
    print(f"trained and tested on generated: MAE {error:.2f}, R2 {explained:.3f}")
    assert 32 <= error <= 36 and .52 <= explained <= .59


@pytest.mark.parametrize("name", ["id", "host_id", "latitude", "longitude", "price",
                                  "minimum_nights", "number_of_reviews", "reviews_per_month",
                                  "calculated_host_listings_count", "availability_365"])
def test_every_number_is_distributed_as_the_true_one(
        generated: pd.DataFrame, true_listings: pd.DataFrame, name: str) -> None:
    assert ks_2samp(generated[name].dropna(), true_listings[name].dropna()).statistic < .05


@pytest.mark.parametrize("name", ["neighbourhood_group", "neighbourhood", "room_type"])
def test_every_category_is_distributed_as_the_true_one(
        generated: pd.DataFrame, true_listings: pd.DataFrame, name: str) -> None:
    difference = generated[name].value_counts(normalize=True).sub(
        true_listings[name].value_counts(normalize=True), fill_value=0)
    assert difference.abs().sum() / 2 < .06


def test_titles_have_the_words_of_the_true_ones(
        generated: pd.DataFrame, true_listings: pd.DataFrame) -> None:
    vectorizer = TfidfVectorizer(max_features=100, binary=True, use_idf=False, norm=None)
    true_shares = np.asarray(vectorizer.fit_transform(true_listings["name"]).mean(axis=0))[0]
    found = np.asarray(vectorizer.transform(generated["name"]).mean(axis=0))[0]
    assert np.corrcoef(true_shares, found)[0, 1] > .9
    assert true_listings["name"].str.split().str.len().mean() == pytest.approx(
        generated["name"].str.split().str.len().mean(), abs=.6)


def test_the_table_has_the_shape_and_types_of_the_true_one(
        generated: pd.DataFrame, true_file: Path) -> None:
    true_listings = load_listings(true_file)
    assert generated.shape == true_listings.shape == (20_000, 16)
    pd.testing.assert_series_equal(generated.dtypes, true_listings.dtypes)


def test_the_true_file_is_read_strictly_and_unchanged(
        true_file: Path, true_listings: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(load_listings(true_file), true_listings)


def test_the_true_file_is_written_back_byte_for_byte(true_file: Path, tmp_path: Path) -> None:
    write_listings(load_listings(true_file), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == true_file.read_bytes()
