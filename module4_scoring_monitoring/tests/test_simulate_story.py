"""The story says what the ledger says, by day."""

from contextlib import closing
from datetime import datetime

from played_days import DAYS
from played_days import story_of_days, told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.records import Decision, Diagnostic, DriftVerdict, File, Score
from riskwatch.simulate_story import RULE_COLUMNS, Story, read_story
from riskwatch.simulate_words import Told
from riskwatch.workplace import Workplace


def test_every_row_is_in_the_story_on_its_day(told: Told, story: Story) -> None:
    with closing(open_ledger(told.played.place)) as ledger:
        files = [*ledger.entries(File, Query(newest_first=False))]
        assert [(one.id, one.file) for one in story.files] == [
            (entry.id, entry.record) for entry in files]
        for one, entry in zip(story.files, files):
            assert one.day == datetime.fromisoformat(entry.made_utc).day - 1
        scores = [entry.record for entry in ledger.entries(Score, Query(newest_first=False))]
        assert [(one.file_id, one.f1.value, one.roc_auc.low) for one in story.scores] == [
            (score.file_id, score.f1, score.roc_auc_low) for score in scores]
        assert len(story.decisions) == len([*ledger.columns(Decision, "id")])
    assert story.outcomes.keys() <= {"done", "check_said_no"}
    assert sum(story.outcomes.values()) == DAYS


def test_a_column_drifted_if_any_of_its_tests_says_so(told: Told, story: Story) -> None:
    with closing(open_ledger(told.played.place)) as ledger:
        rows = [*ledger.columns(DriftVerdict, "file_id", "column", "verdict")]
    assert story.verdicts.keys() == {(file, column) for file, column, _ in rows}
    drifted = {(file, column) for file, column, verdict in rows if verdict == "drift"}
    assert drifted == {key for key, verdict in story.verdicts.items() if verdict == "drift"}
    seen = {(file, column) for file, columns in story.drifted().items() for column in columns}
    assert seen == {(file, column) for file, column in drifted if column not in RULE_COLUMNS}
    assert seen != drifted  # the course's rules have raised alarms of their own
    assert story.drift_days() == tuple(sorted({story.day_of(file) for file, _ in seen}))


def test_days_by_action_cover_each_decision_once(story: Story) -> None:
    for kind in ("drift", "gate"):
        days = [day for days in story.by_action(kind).values() for day in days]
        assert sorted(days) == [one.day for one in story.decisions if one.kind == kind]
    assert story.by_action()["retrain"][0] == 0 and story.deployments[0][0] == 0
    assert len(story.by_action("gate")["deploy"]) == len(story.deployments)


def test_failed_checks_are_told_with_their_days(told: Told, story: Story) -> None:
    days = {day for days in story.failed_checks.values() for day in days}
    assert days == {end.day for end in told.played.days if end.check_said_no} != set()
    with closing(open_ledger(told.played.place)) as ledger:
        assert set(story.failed_checks) == {check for check, status in ledger.columns(
            Diagnostic, "check", "status") if status == "failed"}


def test_the_last_score_is_of_a_drop_with_labels(story: Story) -> None:
    last = story.last_score()
    assert last is not None and last.file_id is not None and last.roc_auc.value is not None
    later = [one for one in story.scores if one.file_id and one.file_id > last.file_id]
    assert all(one.roc_auc.value is None for one in later)


def test_an_empty_ledger_is_an_empty_story(place: Workplace, ledger: Ledger) -> None:
    story = read_story(ledger, 3)
    assert (story.days, story.files, story.last_score(), story.drift_days()) == (3, (), None, ())
    assert place.ledger.exists()
