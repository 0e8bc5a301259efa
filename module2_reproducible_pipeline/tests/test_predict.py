"""Prices of a file: those of the model, row by row as together."""

import pandas as pd
import pytest

from listing_rows import SMALL, listings

from rentals.data import write_listings
from rentals.errors import ModelFileError, TableError
from rentals.model import build_model, fit_model
from rentals.model_files import ModelFacts, save_model
from rentals.predict import predict_file
from rentals.settings import ReadingSettings

LIMITS = ReadingSettings()


@pytest.fixture(scope="module", name="model")
def model_fixture(tmp_path_factory):
    """A folder with a stored model."""
    rows, folder = listings(150), tmp_path_factory.mktemp("model")
    pipeline = fit_model(build_model("ridge", SMALL, 1), rows, rows["price"].to_numpy())
    save_model(pipeline, folder, ModelFacts("ridge", 1, 150, 80.0, "d" * 64, {}))
    return folder


def test_a_row_alone_gets_the_price_that_it_gets_among_others(model, tmp_path):
    rows = listings(12, seed=3)
    write_listings(rows, tmp_path / "all.csv")
    assert predict_file(model, tmp_path / "all.csv", tmp_path / "p.csv", LIMITS) == 12
    together = pd.read_csv(tmp_path / "p.csv")
    assert together["id"].tolist() == rows["id"].tolist()
    for place in range(0, 12, 4):
        write_listings(rows.iloc[[place]], tmp_path / "one.csv")
        predict_file(model, tmp_path / "one.csv", tmp_path / "q.csv", LIMITS)
        alone = pd.read_csv(tmp_path / "q.csv")
        assert alone["predicted"].tolist() == together["predicted"].iloc[[place]].tolist()


def test_a_bad_row_refuses_the_file_and_leaves_the_old_predictions(model, tmp_path):
    write_listings(listings(5), tmp_path / "bad.csv")
    text = (tmp_path / "bad.csv").read_text("utf-8")
    for room in ("Private room", "Entire home/apt", "Shared room"):
        text = text.replace(room, "Igloo")
    (tmp_path / "bad.csv").write_text(text, "utf-8")
    (tmp_path / "p.csv").write_text("old", "utf-8")
    with pytest.raises(TableError, match="column room_type"):
        predict_file(model, tmp_path / "bad.csv", tmp_path / "p.csv", LIMITS)
    assert (tmp_path / "p.csv").read_text("utf-8") == "old"


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelFileError, match="holds no model"):
        predict_file(tmp_path, tmp_path / "a.csv", tmp_path / "p.csv", LIMITS)
