"""The step split: two files without a common listing, also against an earlier drop."""

import pytest

from listing_rows import listings

from rentals.data import load_listings, write_listings
from rentals.plan import Task
from rentals.settings import Settings, SplitSettings
from rentals.steps.split import run


def _ids(path):
    return set(load_listings(path)["id"])


@pytest.fixture(name="split_up")
def split_up_fixture(tmp_path):
    """Run the step on rows, with the files of an earlier run or without."""
    def split_up(rows, name, earlier=None, seed=42):
        out = tmp_path / name
        out.mkdir()
        write_listings(rows, out / "clean.csv")
        inputs = {"listings": out / "clean.csv"}
        if earlier:
            inputs |= {"earlier_trainval": earlier / "trainval_data.csv",
                       "earlier_test": earlier / "test_data.csv"}
        return run(Task(inputs, Settings(seed=seed, split=SplitSettings(0.25)), out)), out
    return split_up


def test_the_sides_have_no_common_listing_and_lose_none(split_up):
    result, out = split_up(listings(200), "one")
    trainval, test = _ids(out / "trainval_data.csv"), _ids(out / "test_data.csv")
    assert not trainval & test and len(trainval | test) == 200
    assert result.metrics == {"rows_trainval": len(trainval), "rows_test": len(test),
                              "rows_pinned": 0}


def test_no_listing_changes_sides_between_drops(split_up):
    rows = listings(300)
    _, first = split_up(rows.iloc[:200], "first", seed=1)
    result, second = split_up(rows.iloc[100:], "second", first, seed=2)
    assert not _ids(first / "trainval_data.csv") & _ids(second / "test_data.csv")
    assert not _ids(first / "test_data.csv") & _ids(second / "trainval_data.csv")
    assert result.metrics["rows_pinned"] == 100


def test_equal_seeds_give_equal_bytes(split_up):
    outs = [split_up(listings(200), name)[1] for name in ("one", "two")]
    assert len({(out / "test_data.csv").read_bytes() for out in outs}) == 1
    other = split_up(listings(200), "three", seed=7)[1]
    assert (other / "test_data.csv").read_bytes() != (outs[0] / "test_data.csv").read_bytes()
