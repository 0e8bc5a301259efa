"""A model as a folder: refused before it is parsed when anything about it is not as written."""

import json

import numpy as np
import pytest

from listing_rows import SMALL, listings

from rentals.errors import ModelFileError
from rentals.model import build_model, fit_model
from rentals.model_files import ModelFacts, load_model, save_model

ROWS = listings(150)
FACTS = ModelFacts("ridge", 1, 150, 80.0, "d" * 64, {"r2": 0.5})


@pytest.fixture(scope="module", name="ridge")
def ridge_fixture():
    """A fitted candidate."""
    return fit_model(build_model("ridge", SMALL, 1), ROWS, ROWS["price"].to_numpy())


@pytest.fixture(name="folder")
def folder_fixture(tmp_path, ridge):
    """A folder in which the candidate is stored."""
    save_model(ridge, tmp_path / "model", FACTS)
    return tmp_path / "model"


def test_a_model_comes_back_with_its_facts(folder, ridge):
    stored = load_model(folder)
    assert stored.facts == FACTS
    np.testing.assert_array_equal(stored.pipeline.predict(ROWS), ridge.predict(ROWS))


def test_saving_twice_gives_the_same_bytes(folder, ridge, tmp_path):
    save_model(ridge, tmp_path / "again", FACTS)
    for name in ("model.skops", "manifest.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def _edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda folder: (folder / "model.skops").write_bytes(b"x"), "was changed"),
    (lambda folder: (folder / "model.skops").unlink(), "holds no model"),
    (lambda folder: (folder / "manifest.json").write_text("[", "utf-8"), "holds no model"),
    (lambda folder: (folder / "manifest.json").write_text("{}", "utf-8"), "holds no model"),
    (lambda folder: _edit(folder, schema_sha256="0"), "another schema"),
    (lambda folder: _edit(folder, versions={"scikit-learn": "0.1"}), "scikit-learn 0.1"),
], ids=["changed", "missing", "no json", "no keys", "schema", "version"])
def test_a_folder_that_is_not_as_written_is_refused(folder, spoil, said):
    spoil(folder)
    with pytest.raises(ModelFileError, match=said):
        load_model(folder)
