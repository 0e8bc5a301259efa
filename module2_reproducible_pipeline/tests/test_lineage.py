"""Lineage: what is recorded is found again, and a run and its outputs appear together."""

import pytest

from quick import NOON

from rentals.artifacts import Store
from rentals.contents import Content, keep
from rentals.errors import ArtifactError
from rentals.lineage import (RunRecord, Use, all_runs, count_test_uses, find_done, find_runs,
                             record_run)


@pytest.fixture(name="store")
def store_fixture(tmp_path):
    """An empty store."""
    return Store(tmp_path / "store")


def _record(run, **changes):
    return RunRecord(run, **{"pipeline": "p1", "step": "clean", "key": "k", "started_utc": NOON,
                             "code": "c", "settings": "{}", **changes})


def _content(store, text):
    source = store.folder.parent / "source"
    source.write_text(text, encoding="utf-8")
    return keep(store.folder, source)


def test_a_record_is_read_as_it_was_written(store):
    given = _record("r1", inputs=(Use("sample", "sample.csv", 3, "d"),), seconds=1.5,
                    metrics={"rows": 3.0}, lines=("three rows",), tracking_id="t")
    made = record_run(store, given, {"a.csv": _content(store, "a")})
    assert [use.reference for use in made.outputs] == ["a.csv:v1"]
    assert all_runs(store) == (made,) == find_runs(store, "r1")
    assert store.get("a.csv").run == "r1"


def test_only_a_run_that_ended_well_is_found_by_its_key(store):
    record_run(store, _record("r1", state="failed"), {})
    record_run(store, _record("r2", state="refused"), {})
    assert find_done(store, "k") is None
    record_run(store, _record("r3"), {})
    record_run(store, _record("r4"), {})
    assert find_done(store, "k").run == "r4"
    assert find_done(store, "other") is None


def test_a_run_that_cannot_be_recorded_makes_no_version(store):
    record_run(store, _record("r1"), {})
    with pytest.raises(ArtifactError):
        record_run(store, _record("r1"), {"a.csv": _content(store, "a")})
    assert not store.has("a.csv")


def test_runs_are_found_by_the_beginning_of_any_id(store):
    record_run(store, _record("abc1", pipeline="xyz1", tracking_id="m1"), {})
    record_run(store, _record("abd2", pipeline="xyz1", tracking_id="m2"), {})
    assert [record.run for record in find_runs(store, "abc")] == ["abc1"]
    assert [record.run for record in find_runs(store, "xyz")] == ["abc1", "abd2"]
    assert [record.run for record in find_runs(store, "m2")] == ["abd2"]
    with pytest.raises(ArtifactError, match="begins several runs"):
        find_runs(store, "ab")
    for unknown in ("nothing", ""):
        with pytest.raises(ArtifactError, match="there is no run"):
            find_runs(store, unknown)


def test_models_that_saw_a_test_set_are_counted_once_each(store):
    assert [count_test_uses(store, test, model, "r") for test, model in (
        ("t", "m1"), ("t", "m1"), ("t", "m2"), ("u", "m1"))] == [1, 1, 2, 1]


def test_a_content_is_only_a_digest_a_kind_and_a_size(store):
    assert _content(store, "abc") == Content(_content(store, "abc").digest, "file", 3)
