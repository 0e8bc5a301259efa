"""The workplace of a drill before its fault: a history that really happened, all of it sound."""

from contextlib import closing

from drill_bench import history

from riskwatch.audit import audit
from riskwatch.diagnose_packages import listed_packages
from riskwatch.drill_place import LISTED, drill_place, rows_digest, taken_in
from riskwatch.ledger import Query, open_ledger
from riskwatch.records import Diagnostic, File, Run, RunEnd
from riskwatch.store import load_release


def test_nothing_is_wrong_before_a_fault_is_planted() -> None:
    scene = history(0.3)
    with closing(open_ledger(scene.place)) as ledger:
        assert audit(scene.place, ledger).is_sound
        assert ledger.latest(Diagnostic, status="failed") is None
        assert ledger.latest(Diagnostic, status="ok") is not None
        ends = [entry.record.exit_code for entry in ledger.entries(RunEnd)]
        assert len(list(ledger.entries(Run))) == len(ends) == 8 and not any(ends)


def test_there_is_enough_history_to_judge_a_drop_and_its_timing() -> None:
    scene = history(0.3)
    with closing(open_ledger(scene.place)) as ledger:
        for subject in ("lastyear_activity.median", "prediction by hist_gradient_boosting"):
            latest = next(ledger.entries(Diagnostic, Query(filters={
                "subject": subject, "check": "stability" if "median" in subject else "timing"})))
            assert latest.record.status == "ok"


def test_a_model_serves_and_the_list_fits() -> None:
    place = history(0.3).place
    assert load_release(place).facts.model_name == "hist_gradient_boosting"
    found = listed_packages(place.requirements)
    assert {package.name for package in found} == set(LISTED)
    assert all(package.is_within for package in found)


def test_rows_are_known_by_what_they_say_in_any_order() -> None:
    scene = history(0.3)
    assert rows_digest(scene.due) == rows_digest(reversed(scene.due))
    assert rows_digest(scene.due) != rows_digest(scene.due[1:]) != rows_digest(scene.before)
    with closing(open_ledger(scene.place)) as ledger:
        digests = [digest for _, digest in taken_in(scene.place, ledger, after=0)]
        assert rows_digest(scene.before) in digests and rows_digest(scene.due) not in digests
        newest = ledger.latest(File)
        assert newest is not None and not taken_in(scene.place, ledger, after=newest.id)


def test_its_settings_are_quick_and_its_own() -> None:
    place = drill_place(history(0.3).place.out)
    assert place.settings.diagnosis.most_used_megabytes == 40
    assert place.settings.training.candidates == ("hist_gradient_boosting",)
