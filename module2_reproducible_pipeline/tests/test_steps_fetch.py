"""The step fetch: generated rows or the user's file, byte for byte."""

import hashlib
import json

import pytest

from listing_rows import listings

from rentals.data import write_listings
from rentals.errors import TableError
from rentals.plan import Task
from rentals.settings import DataSettings, Settings
from rentals.steps.fetch import run


def _run(out, seed=1, **data):
    out.mkdir()
    result = run(Task({}, Settings(seed=seed, data=DataSettings(**data)), out))
    manifest = json.loads((out / "sample.manifest.json").read_text("utf-8"))
    return result, (out / "sample.csv").read_bytes(), manifest


def test_rows_are_generated_and_their_truth_stands_in_the_manifest(tmp_path):
    result, content, manifest = _run(tmp_path / "a", rows=300, drop=2)
    assert result.metrics == {"rows": 300} == {"rows": manifest["rows"]}
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
    assert manifest["planted"]["coordinate_outliers"]


def test_the_same_settings_give_the_same_bytes_and_another_seed_others(tmp_path):
    contents = [_run(tmp_path / name, seed, rows=200)[1] for name, seed in (
        ("a", 1), ("b", 1), ("c", 2))]
    assert contents[0] == contents[1] != contents[2]


def test_the_user_s_file_is_taken_as_it_is_and_only_its_name_is_told(tmp_path):
    path = tmp_path / "my own, 1.csv"
    write_listings(listings(20), path)
    result, content, manifest = _run(tmp_path / "a", path=str(path))
    assert content == path.read_bytes() and result.metrics == {"rows": 20}
    assert manifest == {"file": "my own, 1.csv", "rows": 20,
                        "sha256": hashlib.sha256(content).hexdigest()}
    assert str(tmp_path) not in json.dumps(manifest)


def test_a_file_that_breaks_a_rule_is_refused_with_its_line(tmp_path):
    path = tmp_path / "bad.csv"
    write_listings(listings(20), path)
    path.write_text(path.read_text("utf-8").replace("Queens", "Atlantis", 1), "utf-8")
    with pytest.raises(TableError, match=r"bad\.csv, line \d+, column neighbourhood_group"):
        _run(tmp_path / "a", path=str(path))
    assert not (tmp_path / "a" / "sample.csv").exists()
