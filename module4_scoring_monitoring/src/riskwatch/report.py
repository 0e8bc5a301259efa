"""The report of a run: a page, a PDF and the confusion matrix, in a folder of their own.

In: a workplace and its ledger. Out: ``reports/run_NNNNNN/{report.html, report.pdf,
confusion_matrix.png, made_of.json}``. A cycle that learned nothing keeps the last report: then
``made_of.json``, which tells what a report rests on, is still true.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskwatch.deploy import serving_version
from riskwatch.errors import DatasetError, InputError, ModelFileError
from riskwatch.files import make_folder, write_bytes, write_json, write_text
from riskwatch.ledger import Entry, Ledger
from riskwatch.records import File, Run
from riskwatch.report_history import newest
from riskwatch.report_shelf import (MADE_OF, folder_name, foundation, made_of,
                                    remove_old_reports, report_folders)
from riskwatch.schema import TARGET
from riskwatch.workplace import Workplace

if TYPE_CHECKING:
    from riskwatch.report_facts import Judged

HTML, PDF, PICTURE = "report.html", "report.pdf", "confusion_matrix.png"
#: A report says nothing about the command that only makes it.
_SILENT = "report"


@dataclass(frozen=True)
class Written:
    """The folder of a report, None where there is nothing to tell; ``is_new`` if just made."""

    folder: Path | None
    is_new: bool = False

    def in_words(self) -> str:
        """Return one line."""
        if self.folder is None:
            return "nothing to report yet"
        return f"{self.folder.name}: " + ("report.html and report.pdf" if self.is_new else
                                          "still true, nothing new has come")


def report_if_new(place: Workplace, ledger: Ledger) -> Written:
    """Write the report of the latest run, unless the last report tells the same.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    Written
    """
    if ledger.latest(File) is None or _latest_run(ledger) is None:
        return Written(None)
    last = next(iter(reversed(report_folders(place))), None)
    if last is not None and made_of(last) == foundation(place, ledger):
        return Written(last)
    return Written(write_report(place, ledger), is_new=True)


def write_report(place: Workplace, ledger: Ledger) -> Path:
    """Write the report of the latest run, and remove the oldest ones.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    Path
        Of its folder.

    Raises
    ------
    InputError
        Nothing has come in yet.
    OutputError
        It cannot be written.
    """
    # pylint: disable=import-outside-toplevel  # drawing is loaded when something is drawn
    from riskwatch.report_facts import build_facts
    from riskwatch.report_figures import figure_of, png_bytes
    from riskwatch.report_page import CONFUSION, build_page, render
    from riskwatch.report_pdf import pdf_bytes

    run = _latest_run(ledger)
    if run is None or ledger.latest(File) is None:
        raise InputError("there is nothing to report yet; run `riskwatch cycle` first")
    facts = build_facts(ledger, run, judge(place, ledger),
                        place.settings.diagnosis.most_missing_share)
    page = build_page(facts)
    folder = place.reports / folder_name(run.id)
    make_folder(folder)
    for name in (MADE_OF, PICTURE):  # of an earlier report of the same run
        (folder / name).unlink(missing_ok=True)
    for picture in (picture for section in page.sections for picture in section.pictures):
        if picture.name == CONFUSION:
            write_bytes(folder / PICTURE, png_bytes(figure_of(picture)))
    write_bytes(folder / PDF, pdf_bytes(page, datetime.fromisoformat(run.made_utc)))
    write_text(folder / HTML, render(page))
    write_json(folder / MADE_OF, foundation(place, ledger))  # last: now it is whole
    remove_old_reports(place, folder)
    return folder


def judge(place: Workplace, ledger: Ledger) -> "Judged | str":
    """Return how the serving model does on the latest labelled rows of the hold-out.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    Judged or str
        Words where nobody can tell; that something is damaged is no reason for no report.
    """
    # pylint: disable=import-outside-toplevel
    from riskwatch.dataset import labelled_rows
    from riskwatch.report_confusion import confusion_of
    from riskwatch.report_facts import Judged
    from riskwatch.score import predict, score_rows
    from riskwatch.store import load_release

    version = serving_version(ledger)
    if version is None:
        return "no model serves yet"
    try:
        rows = labelled_rows(place, ledger, "hold_out", place.settings.scoring.hold_out_rows)
        stored = load_release(place, version)
    except (DatasetError, ModelFileError) as err:
        return str(err)
    if rows.empty:
        return "no label has come for the hold-out"
    threshold = stored.facts.threshold
    return Judged(confusion_of(rows[TARGET], predict(stored, rows), threshold),
                  score_rows(place, stored, rows, None), threshold)


def _latest_run(ledger: Ledger) -> Entry[Run] | None:
    return next((run for run in newest(ledger, Run, 1000)
                 if run.record.command != _SILENT), None)
