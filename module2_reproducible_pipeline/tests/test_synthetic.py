"""Generated drops: the exact schema, the same bytes everywhere, and a manifest that is true."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rentals.data import load_listings
from rentals.errors import SettingsError
from rentals.schema import BOX, NAMES, schema_digest
from rentals.synthetic import Manifest, generate_listings, write_listings_drop

DIGEST_PROGRAM = """import hashlib, pathlib, sys
from rentals.synthetic import write_listings_drop
print(write_listings_drop(pathlib.Path(sys.argv[1]), 3000, 7, 2).sha256)"""


@pytest.fixture(scope="module", name="second")
def second_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A second drop of the usual size and its manifest."""
    path = tmp_path_factory.mktemp("drops") / "second.csv"
    return path, write_listings_drop(path, 48_895, 42, 2)


@pytest.mark.parametrize("rows, drop", [(20_000, 1), (48_895, 2), (100, 1), (100, 2),
                                        (2_445, 2)])
def test_a_drop_has_its_rows_the_schema_and_unique_ids(rows: int, drop: int) -> None:
    listings = generate_listings(rows, 42, drop)
    assert listings.shape == (rows, 16) and list(listings.columns) == list(NAMES)
    assert listings.index.equals(pd.RangeIndex(rows))
    assert listings["id"].is_unique


@pytest.mark.parametrize("drop", [1, 2])
def test_a_written_drop_is_read_strictly_as_the_frame_that_was_generated(
        tmp_path: Path, drop: int) -> None:
    write_listings_drop(tmp_path / "x.csv", 3000, 5, drop)
    pd.testing.assert_frame_equal(load_listings(tmp_path / "x.csv"),
                                  generate_listings(3000, 5, drop))


def test_seed_and_drop_decide_the_bytes(tmp_path: Path) -> None:
    digests = [write_listings_drop(tmp_path / "x.csv", 400, seed, drop).sha256
               for seed, drop in ((1, 1), (1, 1), (2, 1), (1, 2))]
    assert digests[0] == digests[1] and len(set(digests)) == 3


@pytest.mark.parametrize("environment", [
    {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F"}])
def test_another_processor_zone_or_hash_seed_gives_the_same_bytes(
        tmp_path: Path, environment: dict[str, str]) -> None:
    expected = write_listings_drop(tmp_path / "here.csv", 3000, 7, 2).sha256
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DIGEST_PROGRAM, tmp_path / "there.csv"],
        env={**os.environ, **environment}, cwd=tmp_path, check=True, capture_output=True,
        text=True).stdout.strip()
    assert found == expected


def test_the_manifest_beside_the_file_tells_where_it_comes_from(tmp_path: Path) -> None:
    manifest = write_listings_drop(tmp_path / "first.csv", 500, 3, 1)
    stored = json.loads((tmp_path / "first.manifest.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(asdict(manifest)))
    assert (manifest.file, manifest.drop, manifest.seed, manifest.rows) == ("first.csv", 1, 3, 500)
    assert manifest.schema_sha256 == schema_digest()
    assert manifest.sha256 == hashlib.sha256((tmp_path / "first.csv").read_bytes()).hexdigest()


def test_the_outliers_of_the_manifest_are_exactly_the_listings_outside_the_box(
        second: tuple[Path, Manifest]) -> None:
    listings = load_listings(second[0])
    is_inside = (listings["latitude"].between(BOX.latitude_minimum, BOX.latitude_maximum)
                 & listings["longitude"].between(BOX.longitude_minimum, BOX.longitude_maximum))
    planted = {outlier.id for outlier in second[1].planted.coordinate_outliers}
    assert set(listings.loc[~is_inside, "id"]) == planted and len(planted) == 16


def test_a_first_drop_lies_in_the_box_and_repeats_nothing(tmp_path: Path) -> None:
    planted = write_listings_drop(tmp_path / "x.csv", 20_000, 1, 1).planted
    listings = load_listings(tmp_path / "x.csv")
    assert listings["latitude"].between(BOX.latitude_minimum, BOX.latitude_maximum).all()
    assert listings["longitude"].between(BOX.longitude_minimum, BOX.longitude_maximum).all()
    assert planted.coordinate_outliers == planted.repeated == ()
    assert [len(planted.zero_prices), len(planted.missing_names),
            len(planted.missing_host_names)] == [5, 7, 8]


def test_the_other_lists_of_the_manifest_are_true(second: tuple[Path, Manifest]) -> None:
    listings, planted = load_listings(second[0]).set_index("id"), second[1].planted
    for ids, marked in ((planted.zero_prices, listings["price"] == 0),
                        (planted.extreme_prices, listings["price"] >= 5000),
                        (planted.missing_names, listings["name"] == ""),
                        (planted.missing_host_names, listings["host_name"] == "")):
        assert list(ids) == sorted(listings.index[marked]) and ids
    assert planted.without_reviews == (listings["number_of_reviews"] == 0).sum()


@pytest.mark.parametrize("rows, first_rows, repeated", [(48_895, 20_000, 2_000),
                                                        (2_445, 1_000, 100)])
def test_the_drops_share_the_listed_ids_and_no_other(
        tmp_path: Path, rows: int, first_rows: int, repeated: int) -> None:
    planted = write_listings_drop(tmp_path / "x.csv", rows, 42, 2).planted
    first = generate_listings(first_rows, 42, 1).set_index("id")
    second = load_listings(tmp_path / "x.csv").set_index("id")
    shared = sorted(set(first.index) & set(second.index))
    assert planted.first_drop_rows == first_rows
    assert list(planted.repeated) == shared and len(shared) == pytest.approx(repeated, abs=1)
    pd.testing.assert_frame_equal(first.loc[shared], second.loc[shared])


def test_boroughs_hardly_differ_between_the_drops() -> None:
    first, second = (generate_listings(rows, 42, drop)["neighbourhood_group"].value_counts(
        normalize=True).sort_index() for rows, drop in ((20_000, 1), (48_895, 2)))
    assert (second * np.log2(second / first)).sum() < .005


def test_a_host_has_one_name_and_no_more_listings_than_it_says() -> None:
    hosts = generate_listings(20_000, 1).query("host_name != ''").groupby("host_id")
    assert hosts["host_name"].nunique().max() == 1
    assert (hosts.size() <= hosts["calculated_host_listings_count"].min()).all()


@pytest.mark.parametrize("rows, seed, drop, name", [(99, 0, 1, "rows"), (100, -1, 1, "seed"),
                                                    (100, 0, 3, "drop"), (100, 0, 0, "drop")])
def test_an_argument_out_of_range_is_named(rows: int, seed: int, drop: int, name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        generate_listings(rows, seed, drop)
