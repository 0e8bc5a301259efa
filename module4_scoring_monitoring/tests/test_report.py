"""The report of a real cycle: whole, repeatable, kept when nothing is new, pruned when old."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pdf_text import texts
from report_scene import NAMES, cycle, said
from report_scene import a_copy, after_two_cycles  # noqa: F401  pylint: disable=unused-import

from riskwatch.dataset import labelled_rows
from riskwatch.errors import InputError
from riskwatch.ledger import Ledger
from riskwatch.records import Alert, File, Run, Step
from riskwatch.report import judge, report_if_new, write_report
from riskwatch.report_facts import Judged
from riskwatch.runs import Errand, run_recorded
from riskwatch.score import predict
from riskwatch.settings import build_settings
from riskwatch.store import load_release
from riskwatch.workplace import Workplace


def test_a_cycle_ends_with_a_whole_report(scene: Any) -> None:
    _, ledger, folder = scene
    assert sorted(file.name for file in folder.iterdir()) == NAMES
    step = ledger.latest(Step, step="report").record
    assert step.detail == "run_000002: report.html and report.pdf"


def test_what_it_shows_is_what_the_model_does_on_the_hold_out(scene: Any) -> None:
    place, ledger, folder = scene
    judged = judge(place, ledger)
    assert isinstance(judged, Judged)
    rows = labelled_rows(place, ledger, "hold_out", 5000)
    said_leave = predict(load_release(place), rows) >= judged.threshold
    left = rows["exited"] == 1
    assert judged.confusion.lines() == (
        (int(np.sum(~left & ~said_leave)), int(np.sum(~left & said_leave))),
        (int(np.sum(left & ~said_leave)), int(np.sum(left & said_leave))))
    assert judged.confusion.rows == judged.score.labelled_rows == len(rows) > 100
    shown = texts((folder / "report.pdf").read_bytes())
    for counts in judged.confusion.lines():
        assert all(f"{count:,}" in shown for count in counts)
    html = (folder / "report.html").read_text(encoding="utf-8")
    area = f'<td class="number">{judged.score.roc_auc:.3f}</td>'
    for words in (area, "maximum mean discrepancy", "A change of P(y given x)", "required &gt;=",
                  "lastyear_activity", "1 file with 200 rows came in."):
        assert words in html, words


def test_made_again_it_has_the_same_bytes(scene: Any) -> None:
    place, ledger, folder = scene
    before = {name: (folder / name).read_bytes() for name in NAMES}
    assert run_recorded(place, ledger, Errand("report"), lambda _: int(
        write_report(place, ledger) != folder)) == 0
    assert {name: (folder / name).read_bytes() for name in NAMES} == before


def test_a_cycle_with_nothing_new_keeps_the_last_report_and_says_so(scene: Any) -> None:
    place, ledger, folder = scene
    before = (folder / "report.html").stat()
    quiet = cycle(place, ledger)
    assert quiet.report == folder
    assert said(quiet) == "run_000002: still true, nothing new has come"
    assert (folder / "report.html").stat() == before
    assert not any(place.reports.glob("run_00000[3-9]"))


def test_a_check_that_changed_is_news(scene: Any) -> None:
    place, ledger, _ = scene
    full = build_settings({**place.settings.model_dump(exclude={"alerts"}), "diagnosis": {
        "least_free_megabytes": 1_000_000_000}})
    context = cycle(replace(place, settings=full), ledger)
    assert said(context).endswith("report.html and report.pdf")
    assert context.report is not None
    html = (context.report / "report.html").read_text(encoding="utf-8")
    assert "Check that failed: disk of free" in html and "Open incidents" in html
    assert "No new file came in with this run." in html


def test_a_report_that_is_not_whole_is_made_again(scene: Any) -> None:
    place, ledger, _ = scene
    last = report_if_new(place, ledger).folder
    assert last is not None and not report_if_new(place, ledger).is_new
    (last / "made_of.json").unlink()
    assert report_if_new(place, ledger).is_new and (last / "made_of.json").exists()


def test_only_so_many_reports_are_kept(scene: Any) -> None:
    place, ledger, _ = scene
    few = replace(place, settings=build_settings({"report": {"kept_reports": 1}}))
    assert len(list(place.reports.iterdir())) == 2
    latest = write_report(few, ledger)
    assert [folder.name for folder in place.reports.iterdir()] == [latest.name]


def test_without_anything_there_is_nothing_to_report(place: Workplace, ledger: Ledger) -> None:
    assert report_if_new(place, ledger).in_words() == "nothing to report yet"
    with pytest.raises(InputError, match="run `riskwatch cycle` first"):
        write_report(place, ledger)


def test_without_a_model_a_report_says_so(place: Workplace, ledger: Ledger) -> None:
    ledger.append(Run(command="cycle", trigger="cron", program_version="1", process_id=1),
                  File(sha256="a", name="a.csv", byte_count=1, status="refused", reason="no head"),
                  Alert(incident="files: refused", event="opened", detail="a.csv: no head"))
    folder = write_report(place, ledger)
    assert sorted(file.name for file in folder.iterdir()) == NAMES[1:]
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert "Nobody can tell now: no model serves yet." in html


def test_nothing_is_drawn_where_nothing_is_new(scene: Any) -> None:
    place, ledger, _ = scene
    report_if_new(place, ledger)
    code = ("import sys; from pathlib import Path\n"
            "from riskwatch.workplace import Workplace; from riskwatch.ledger import open_ledger\n"
            "from riskwatch.settings import build_settings\n"
            "from riskwatch.report import report_if_new; from riskwatch.alerts import tell\n"
            "settings = build_settings({'scoring': {'bootstrap_resamples': 100}})\n"
            "place = Workplace(Path(sys.argv[1]), settings); ledger = open_ledger(place)\n"
            "print(tell(place, ledger).sent, report_if_new(place, ledger).is_new,\n"
            "      {'matplotlib', 'sklearn', 'requests', 'pandas', 'smtplib'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code, place.out], capture_output=True, text=True,
                          check=True, timeout=60)
    assert done.stdout == "0 False set()\n"
