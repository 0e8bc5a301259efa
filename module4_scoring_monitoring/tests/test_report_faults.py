"""Reports where something is damaged or cut off: told, not raised, and made again."""

from typing import Any

import pytest
from report_scene import NAMES
from report_scene import a_copy, after_two_cycles  # noqa: F401  pylint: disable=unused-import

from riskwatch.errors import OutputError
from riskwatch.report import judge, report_if_new, write_report
from riskwatch.report_facts import Judged


def test_a_damaged_release_or_row_is_told_not_raised(scene: Any) -> None:
    place, ledger, _ = scene
    for file, words in ((next(place.releases.glob("2*/model.skops")), "model.skops"),
                        (next(place.data.rglob("*.parquet")), ".parquet")):
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + b"x")
        said_why = judge(place, ledger)
        assert isinstance(said_why, str) and words in said_why
        html = (write_report(place, ledger) / "report.html").read_text(encoding="utf-8")
        assert "Nobody can tell now: " in html
        file.write_bytes(whole)
    assert isinstance(judge(place, ledger), Judged)


@pytest.mark.parametrize("fails", ["write_bytes", "write_text", "write_json"])
def test_a_report_that_was_cut_off_is_made_again(scene: Any, monkeypatch: pytest.MonkeyPatch,
                                                 fails: str) -> None:
    place, ledger, folder = scene

    def full(*_: Any) -> None:
        raise OutputError("cannot write: no space left")

    monkeypatch.setattr("riskwatch.report_pdf.pdf_bytes", lambda *_: b"%PDF")
    monkeypatch.setattr("riskwatch.report_page.render", lambda _: "a page")
    with monkeypatch.context() as patch:
        patch.setattr(f"riskwatch.report.{fails}", full)
        with pytest.raises(OutputError):
            write_report(place, ledger)
    assert report_if_new(place, ledger).is_new
    assert sorted(file.name for file in folder.iterdir()) == NAMES
