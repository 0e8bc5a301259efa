"""The view of the lineage: text, picture, and what an artifact depends on."""

from matplotlib.text import Text

from quick import NOON

from rentals.figures import png_bytes
from rentals.lineage import RunRecord, Use
from rentals.lineage_view import draw_lineage, lineage_text, upstream


def _record(run, step, inputs, outputs, state="done"):
    return RunRecord(run * 8, "p", step, "k", NOON, "c", "{}",
                     tuple(Use(name, name, 1, "d" * 64) for name in inputs),
                     tuple(Use(name, name, 1, "d" * 64) for name in outputs), state)


RUNS = (_record("a", "fetch", [], ["sample"]), _record("b", "explore", ["sample"], ["pictures"]),
        _record("c", "clean", ["sample"], ["clean"]), _record("d", "split", ["clean"], ["test"]),
        _record("e", "split", ["clean"], [], "failed"))


def test_an_artifact_depends_on_the_runs_before_it_and_on_no_others():
    assert [record.step for record in upstream(RUNS, "test:v1")] == ["fetch", "clean", "split"]
    assert [record.step for record in upstream(RUNS, "sample:v1")] == ["fetch"]


def test_the_text_names_runs_with_what_they_read_and_made():
    text = lineage_text(RUNS[2:3])
    assert text.splitlines() == [
        "clean  run cccccccc  done  2026-01-31 12:00:00 UTC  0.0 s",
        "    <- sample:v1                    dddddddddddd",
        "    -> clean:v1                     dddddddddddd"]


def _drawn(records):
    texts = draw_lineage(records).findobj(Text)
    drawn = {text.get_text(): text.get_position() for text in texts if text.get_text()}
    return {text: place for text, place in drawn.items() if text != "From data to release"}


def test_the_picture_has_each_thing_below_what_it_depends_on():
    places = _drawn(RUNS)
    assert set(places) == {"fetch", "explore", "clean", "split", "sample:v1", "pictures:v1",
                           "clean:v1", "test:v1"}
    order = ["fetch", "sample:v1", "clean", "clean:v1", "split", "test:v1"]
    rows = [places[name][1] for name in order]
    assert rows == sorted(rows) and len(set(rows)) == 6


def test_boxes_of_a_row_do_not_cover_each_other():
    places = _drawn(RUNS)
    assert len(set(places.values())) == len(places)


def test_no_runs_are_an_empty_picture():
    assert png_bytes(draw_lineage(())).startswith(b"\x89PNG")
