"""The report and the summary of a whole run."""

import json


def test_run_writes_the_report_and_the_summary_of_the_contract(home):
    summary = json.loads((home / "out/report/summary.json").read_text(encoding="utf-8"))
    assert set(summary) == {"module", "title", "started_utc", "seconds", "data", "figures",
                            "images", "links"}
    report = home / "out" / "report"
    for path in [*summary["images"], *(link["path"] for link in summary["links"])]:
        assert (report / path).is_file(), path
    auc = next(f for f in summary["figures"] if f["name"] == "roc_auc")
    assert 0.8 < auc["low"] < auc["value"] < auc["high"] <= 1
    assert f"{auc['value']:.4f}" in (report / "index.html").read_text(encoding="utf-8")


def test_the_report_fetches_nothing(home):
    for page in (home / "out").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "http://" not in text and "https://" not in text
        assert "src=\"data:image/png;base64," in text
