"""The closing words of a pipeline."""

import json

from quick import NOON

from rentals.artifacts import Artifact
from rentals.closing import closing_table, data_source, table_text
from rentals.lineage import RunRecord, Use
from rentals.pipeline import PipelineResult
from rentals.plan import Unit
from rentals.workplace import Outcome


def _outcome(step, artifacts=(), uses=(), is_cached=False):
    record = RunRecord("r", "p", step, "k", NOON, "c", "{}", tuple(uses))
    return Outcome(Unit(step, (), (), ()), record, tuple(artifacts), 1.25, is_cached)


def _result(tmp_path, manifest):
    (tmp_path / "m").write_text(json.dumps(manifest), "utf-8")
    made = (Artifact("sample.csv", 2, "a" * 64, tmp_path / "s", "r"),
            Artifact("sample.manifest.json", 1, "b" * 64, tmp_path / "m", "r"))
    return PipelineResult((_outcome("fetch", made, is_cached=True), _outcome("clean")))


def test_the_table_has_step_seconds_cached_and_artifacts(tmp_path):
    table = closing_table(_result(tmp_path, {}))
    assert table.rows == (("fetch", "1.2", "yes", "sample.csv:v2, sample.manifest.json:v1"),
                          ("clean", "1.2", "no", ""))
    assert table_text(table).splitlines() == [
        "step   seconds  cached?  artifact",
        "fetch      1.2  yes      sample.csv:v2, sample.manifest.json:v1",
        "clean      1.2  no"]


def test_the_source_is_the_user_s_file_or_how_rows_were_generated(tmp_path):
    generated = {"file": "sample.csv", "drop": 2, "rows": 4500, "seed": 7}
    assert data_source(_result(tmp_path, generated)) == (
        "4,500 generated listings, drop 2, seed 7", "a" * 64)
    assert data_source(_result(tmp_path, {"file": "mine.csv", "rows": 3})) == (
        "mine.csv", "a" * 64)


def test_without_fetch_the_source_is_what_was_read():
    uses = [Use("chosen", "chosen_model", 1, "c" * 64), Use("x", "clean_sample.csv", 1, "d" * 64)]
    assert data_source(PipelineResult((_outcome("split", uses=uses),))) == (
        "artifact clean_sample.csv", "d" * 64)
    assert data_source(PipelineResult(())) == ("no data", "0" * 64)
