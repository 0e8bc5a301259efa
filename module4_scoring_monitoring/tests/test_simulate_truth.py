"""The truth finds what was missed, what was invented and what came late; it cannot be pleased."""

from dataclasses import replace

import pytest
from played_days import DAYS
from played_days import story_of_days, told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.simulate_story import Arrived, Story
from riskwatch.simulate_truth import STABLE, Truth, era_spans, score_truth
from riskwatch.simulate_words import Told
from riskwatch.synthetic import Manifest


@pytest.fixture(name="manifest")
def manifest_of_days(told: Told) -> Manifest:
    """What was planted."""
    assert told.played.manifest is not None
    return told.played.manifest


def noticed(truth: Truth, kind: str) -> tuple[int, int]:
    """How many files carry a fault, and in how many it was noticed."""
    return next((fault.planted, fault.noticed) for fault in truth.faults if fault.kind == kind)


def with_record(story: Story, one: Arrived, **changes: object) -> Story:
    """The story, one file of which was recorded otherwise."""
    record = replace(one.file, **changes)  # type: ignore[arg-type]
    return replace(story, files=tuple(replace(other, file=record) if other is one else other
                                      for other in story.files))


def test_a_whole_play_noticed_every_planted_fault_and_invented_none(
        manifest: Manifest, story: Story) -> None:
    truth = score_truth(manifest, story)
    assert truth.missed_faults == 0 and truth.invented == 0
    arrived = [file for file in manifest.files if file.day < DAYS]
    for kind, name in (("repeated rows", "repeated_rows"), ("missing values", "missing_values"),
                       ("impossible rows", "impossible_rows"),
                       ("labels missing", "unlabelled_rows")):
        planted = sum(getattr(file, name) > 0 and file.must_be == "accepted" for file in arrived)
        assert noticed(truth, kind) == (planted, planted) and planted >= 2
    for kind in ("broken file refused", "renamed copy known", "changed file of the same name",
                 "late file taken in under its own day"):
        assert noticed(truth, kind) == (1, 1)


@pytest.mark.parametrize(("kind", "changes"), [
    ("broken file refused", {"status": "accepted"}),
    ("renamed copy known", {"status": "accepted"}),
    ("changed file of the same name", {"reason": ""}),
    ("late file taken in under its own day", {"period": None}),
    ("repeated rows", {"repeated_rows": 0}), ("impossible rows", {"impossible_rows": 1}),
    ("missing values", {"missing_values": 0}), ("labels missing", {"unlabelled_rows": 1})])
def test_a_fault_that_was_not_noted_exactly_is_missed(
        manifest: Manifest, story: Story, kind: str, changes: dict[str, object]) -> None:
    before = noticed(score_truth(manifest, story), kind)
    broken = []
    for one in story.files:
        if any(getattr(one.file, name) != value for name, value in changes.items()):
            found = noticed(score_truth(manifest, with_record(story, one, **changes)), kind)
            broken.append(found)
    assert (before[0], before[1] - 1) in broken
    assert set(broken) <= {before, (before[0], before[1] - 1)}


def test_a_file_that_never_came_in_is_missed(manifest: Manifest, story: Story) -> None:
    copy = next(one for one in story.files if one.file.status == "copy")
    moved = replace(story, files=tuple(replace(one, day=one.day + 1) if one is copy else one
                                       for one in story.files))
    assert noticed(score_truth(manifest, moved), "renamed copy known") == (1, 0)


def test_a_fault_where_none_was_planted_is_counted(manifest: Manifest, story: Story) -> None:
    clean = next(one for one in story.files if one.file.status == "accepted"
                 and one.file.impossible_rows == 0)
    truth = score_truth(manifest, with_record(story, clean, impossible_rows=2))
    assert truth.invented == 1 and truth.missed_faults == 0


def test_alarms_in_the_stable_era_are_false_and_counted_by_drop(
        manifest: Manifest, story: Story) -> None:
    era = {file.sha256: file.era for file in manifest.files}
    stable = [one for one in story.files if era[one.file.sha256] == STABLE
              and (one.id, "number_of_employees") in story.verdicts]
    calm = replace(story, verdicts=dict.fromkeys(story.verdicts, "no_drift"))
    assert not score_truth(manifest, calm).false_alarms
    loud = replace(calm, verdicts={**calm.verdicts, (stable[0].id, "number_of_employees"): "drift",
                                   (stable[0].id, "all columns"): "drift",
                                   (stable[1].id, "f1"): "drift"})
    truth = score_truth(manifest, loud)
    (alarm,) = truth.false_alarms
    name, _, columns = alarm.partition(": ")
    assert name == stable[0].file.name
    assert set(columns.split(", ")) == {"number_of_employees", "all columns"}
    assert truth.stable_drops == len(stable)


def test_the_eras_are_noticed_on_the_first_day_with_the_right_sign(
        manifest: Manifest, story: Story) -> None:
    spans = era_spans(manifest, DAYS)
    assert [name for name, _, _ in spans] == [
        "stable", "covariate_drift", "concept_drift", "recovery"]
    assert spans[0][1] == 0 and spans[-1][2] == DAYS - 1
    assert all(last + 1 == first for (_, _, last), (_, first, _) in zip(spans, spans[1:]))
    covariate, concept, _ = score_truth(manifest, story).eras
    assert covariate.noticed is not None and covariate.delay == covariate.noticed - spans[1][1]
    assert concept.noticed is not None and concept.delay is not None
    assert score_truth(manifest, replace(story, decisions=tuple(
        replace(one, day=one.day + 1) for one in story.decisions))).eras[1].noticed != (
        concept.noticed)
    blind = replace(story, verdicts={}, decisions=())
    assert [era.noticed for era in score_truth(manifest, blind).eras] == [None, None, None]
    assert [era.delay for era in score_truth(manifest, blind).eras] == [None, None, None]


def test_what_has_not_come_yet_is_not_asked_for(manifest: Manifest, story: Story) -> None:
    short = replace(story, days=3, files=tuple(one for one in story.files if one.day < 3),
                    decisions=(), verdicts={})
    truth = score_truth(manifest, short)
    assert noticed(truth, "broken file refused") == (0, 0)
    assert truth.missed_faults == 0 and not truth.eras and truth.stable_days == (0, 2)


def test_a_retraining_in_the_stable_era_is_needless_but_the_first(
        manifest: Manifest, story: Story) -> None:
    first = story.decisions[0]
    assert first.is_first_model
    more = replace(story, decisions=(first, replace(first, day=2, is_first_model=False)))
    assert score_truth(manifest, more).needless_retrainings == 1
    assert score_truth(manifest, replace(story, decisions=(first,))).needless_retrainings == 0
