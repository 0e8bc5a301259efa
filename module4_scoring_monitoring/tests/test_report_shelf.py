"""Reports on the shelf: ordered by run, pruned by the setting, and known by what they rest on."""

from dataclasses import replace
from typing import Any

import pytest
from web_story import score

from riskwatch.ledger import Ledger
from riskwatch.records import Alert, Decision, Diagnostic, File, Record
from riskwatch.report_shelf import (MADE_OF, folder_name, foundation, made_of,
                                    remove_old_reports, report_folders)
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def test_folders_are_ordered_by_run_not_by_letters(place: Workplace) -> None:
    assert not report_folders(place)
    for name in ("run_1000000", "run_999999", "run_000002", "run_x", "other", "run_00003"):
        (place.reports / name).mkdir(parents=True)
    (place.reports / "run_000001").write_text("no folder")
    assert [folder.name for folder in report_folders(place)] == [
        "run_000002", "run_999999", "run_1000000"]
    assert folder_name(2) == "run_000002" and folder_name(1_000_000) == "run_1000000"


@pytest.mark.parametrize(("kept", "left"), [(1, [5]), (3, [3, 4, 5]), (9, [1, 2, 3, 4, 5])])
def test_the_oldest_go_and_nothing_else(place: Workplace, kept: int, left: list[int]) -> None:
    few = replace(place, settings=build_settings({"report": {"kept_reports": kept}}))
    for number in range(1, 6):
        folder = few.reports / folder_name(number)
        folder.mkdir(parents=True)
        (folder / "report.pdf").write_text("x")
    (few.reports / "mine").mkdir()
    assert remove_old_reports(few, few.reports / folder_name(5)) == 5 - len(left)
    assert [folder.name for folder in report_folders(few)] == [folder_name(n) for n in left]
    assert (few.reports / "mine").is_dir()


def test_the_latest_stays_though_its_number_is_small(place: Workplace) -> None:
    few = replace(place, settings=build_settings({"report": {"kept_reports": 1}}))
    for number in (1, 7):  # a restored ledger counts from an earlier number
        (few.reports / folder_name(number)).mkdir(parents=True)
    remove_old_reports(few, few.reports / folder_name(1))
    assert [folder.name for folder in report_folders(few)] == [folder_name(1)]


@pytest.mark.parametrize("record", [
    File(sha256="a", name="a", byte_count=1, status="refused"), score("v", 1, 0.5),
    Decision(kind="drift", action="keep", reason="r"), Alert(incident="i", event="opened"),
    Alert(incident="i", event="closed"),
    Diagnostic(check="disk", subject="free", status="failed"),
    Diagnostic(check="dependency", subject="flask", status="ok"),
    Diagnostic(check="summary_statistics", subject="a.mean", status="ok")])
def test_what_a_report_tells_is_what_it_rests_on(place: Workplace, ledger: Ledger, record: Record
                                                 ) -> None:
    before = foundation(place, ledger)
    ledger.append(record)
    assert foundation(place, ledger) != before


def test_a_quiet_cycle_changes_nothing(place: Workplace, ledger: Ledger) -> None:
    quiet: list[Any] = [Diagnostic(check=check, subject="x", status="ok", value=1.0)
                        for check in ("disk", "clock", "feed")]
    ledger.append(*quiet)
    before = foundation(place, ledger)
    ledger.append(*quiet, Alert(incident="i", event="send_failed"))
    assert foundation(place, ledger) == before


def test_another_setting_changes_it(place: Workplace, ledger: Ledger) -> None:
    other = replace(place, settings=build_settings({"scoring": {"bootstrap_resamples": 101}}))
    assert foundation(other, ledger) != foundation(place, ledger)


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff"])
def test_a_report_that_is_not_whole_rests_on_nothing(place: Workplace, content: bytes | None
                                                     ) -> None:
    folder = place.reports / folder_name(1)
    folder.mkdir(parents=True)
    if content is not None:
        (folder / MADE_OF).write_bytes(content)
    assert made_of(folder) is None
