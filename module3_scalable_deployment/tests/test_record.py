"""The record of a model: the digest is compared before the model is parsed."""

import json

import pytest

from census.errors import ModelFileError
from census.settings import build_settings
from census.synthetic import generate_rows
from census.training.record import load_record, load_training, save_training
from census.training.train import train

SETTINGS = build_settings({"train": {"folds": 2, "hist_gradient_boosting": {"max_iter": 5}}})


@pytest.fixture(scope="module", name="trained")
def trained_fixture():
    """A quick training and its rows."""
    rows = generate_rows(1500, 2)
    return rows, train(rows, SETTINGS)


@pytest.fixture(name="folder")
def folder_fixture(trained, tmp_path):
    """A folder with a model and its record."""
    rows, training = trained
    save_training(tmp_path, training, "0" * 64, len(rows), SETTINGS)
    return tmp_path


def test_what_is_saved_is_read_back(trained, folder):
    rows, training = trained
    pipeline, record = load_training(folder)
    assert (pipeline.predict_proba(rows) == training.pipeline.predict_proba(rows)).all()
    assert record.model_name == training.best.name
    assert record.threshold == training.best.threshold.value
    assert record.unseen_levels == training.unseen_levels
    assert record.parameters == getattr(SETTINGS.train, record.model_name).model_dump()
    assert [one.name for one in record.candidates] == [one.name for one in training.candidates]
    assert record.versions["python"].count(".") == 1


def test_the_same_training_gives_the_same_bytes(trained, folder, tmp_path_factory):
    rows, training = trained
    other = tmp_path_factory.mktemp("other")
    save_training(other, training, "0" * 64, len(rows), SETTINGS)
    for name in ("model.skops", "manifest.json"):
        assert (folder / name).read_bytes() == (other / name).read_bytes()


@pytest.mark.parametrize("part", range(40))
def test_a_flipped_byte_of_the_model_is_found_before_it_is_parsed(folder, part, monkeypatch):
    monkeypatch.setattr("census.training.record.model_from_bytes",
                        lambda _: pytest.fail("it was parsed"))
    path = folder / "model.skops"
    content = bytearray(path.read_bytes())
    content[len(content) * part // 40] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelFileError, match="its digest is not the one in its record"):
        load_training(folder)


@pytest.mark.parametrize("change", [
    {"format": 2}, {"schema_sha256": "0" * 64}, {"threshold": "0.5"}, {"threshold": None},
    {"foreign": 1}, {"model_name": 3}])
def test_a_record_of_another_kind_is_refused(folder, change):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(ModelFileError, match="run `census train` again"):
        load_record(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"threshold": NaN}'])
def test_what_is_no_record_is_refused_in_one_line(folder, content):
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        load_training(folder)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["model.skops", "manifest.json"])
def test_a_missing_file_says_what_to_run(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match=f"{name}: No such file .*run `census train` first"):
        load_training(folder)
