"""The workplace: which artifacts a unit finds, and what the trackers are told."""

import json

import pytest
from quick import NOON, workplace

from rentals.errors import ArtifactError
from rentals.lineage import RunRecord, Use
from rentals.plan import Input, Unit
from rentals.workplace import Outcome, find_inputs, new_id, tracked_run, whole_tags

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


def _outcome(step, inputs, outputs, code):
    record = RunRecord(step, "p1", step, "key", NOON, code, "{}", inputs, outputs)
    return Outcome(Unit(step, (), (), ()), record, (), 0.0, False)


def test_the_whole_is_found_by_the_data_that_it_began_with_and_by_its_code():
    fetch = _outcome("fetch", (), (Use("sample.csv", "sample.csv", 3, "d1"),
                                   Use("other", "other", 1, "d2")), "c1")
    clean = _outcome("clean", (Use("sample", "sample.csv", 3, "d1"),), (), "c2")
    told = whole_tags([fetch, clean])
    assert told["data"] == "sample.csv:v3" and told["data_digest"] == "d1"
    assert whole_tags([clean]) == told | {"code_digest": whole_tags([clean])["code_digest"]}
    codes = {whole_tags(outcomes)["code_digest"] for outcomes in (
        [fetch, clean], [clean, fetch], [fetch], [clean])}
    assert len(codes) == 4 and {len(code) for code in codes} == {64}


def test_what_broke_off_before_its_first_step_has_no_data():
    assert not whole_tags([])
