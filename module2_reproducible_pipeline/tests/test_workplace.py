"""The workplace: which artifacts a unit finds, and what the trackers are told."""

import json

import pytest
from quick import NOON, workplace

from rentals.errors import ArtifactError
from rentals.lineage import RunRecord, Use
from rentals.plan import Input, Unit
from rentals.workplace import find_inputs, new_id, tracked_run

UNIT = Unit("check", (Input("listings", "a.csv:latest"),
                      Input("reference", "a.csv:reference", instead="listings")), (), ())


@pytest.fixture(name="store")
def store_fixture(tmp_path):
    """A store with two versions of a table."""
    store = workplace(tmp_path).store
    for text in ("one", "two"):
        (tmp_path / "source").write_text(text, encoding="utf-8")
        store.put("a.csv", tmp_path / "source")
    return store


def _numbers(store, references):
    return {role: artifact.number for role, artifact in find_inputs(store, UNIT,
                                                                    references).items()}


def test_without_the_usual_artifact_another_role_s_is_taken(store):
    assert _numbers(store, {}) == {"listings": 2, "reference": 2}
    assert _numbers(store, {"listings": "a.csv:v1"}) == {"listings": 1, "reference": 1}


def test_the_usual_artifact_is_taken_where_it_exists(store):
    store.set_alias("a.csv", "reference", 1)
    assert _numbers(store, {}) == {"listings": 2, "reference": 1}


def test_what_the_user_names_must_exist(store):
    assert _numbers(store, {"reference": "a.csv:v1"}) == {"listings": 2, "reference": 1}
    with pytest.raises(ArtifactError, match="no version or alias 'v9'"):
        find_inputs(store, UNIT, {"reference": "a.csv:v9"})


def test_the_trackers_are_told_settings_figures_and_digests_of_both_sides(tmp_path):
    record = RunRecord("r1", "p1", "clean", "key", NOON, "code", json.dumps({"seed": 42}),
                       (Use("sample", "sample.csv", 3, "d1"),), seconds=2.5,
                       metrics={"rows": 7.0})
    told = tracked_run(record, {"clean.csv": "d2"}, tmp_path)
    assert (told.title, told.started, told.seconds, told.is_success) == ("clean", NOON, 2.5, True)
    assert told.params == {"seed": "42"} and told.metrics == {"rows": 7.0}
    assert told.tags == {
        "step": "clean", "run": "r1", "pipeline": "p1", "code_digest": "code", "state": "done",
        "input.sample": "sample.csv:v3 d1", "output.clean.csv": "d2"}
    assert told.outputs == {"clean.csv": tmp_path / "clean.csv"}


def test_ids_do_not_repeat():
    assert len({new_id() for _ in range(1000)}) == 1000
