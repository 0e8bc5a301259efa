"""A report shows what a submission printed as text: no HTML, no terminal, no workflow command."""

import copy
import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import jsonschema
import pytest

from coursekit import report, report_data
from coursekit.report_page import page
from coursekit.report_side import write_side

EVIL = ("<script>alert(1)</script>\x1b[31mred\x1b]0;title\x07\n::set-output name=x::1\n"
        "  ##[group]x\n```\n</pre><img src=x>\x00\x08\u202e|`*")
#: The smallest picture, of one point.
DOT = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJ"
       "RU5ErkJggg==")


def small_report():
    """Return a report with evil text wherever a submission can put some."""
    entry = {"id": "M1-01", "title": "A & B", "rule": "It <i>works</i>.", "outcomes": ["M1.L1.1"],
             "how": "probe", "required": True, "points": 2, "depends": [], "lesson": "l",
             "hint": "h", "state": "fail", "reason": EVIL, "seconds": 1.0, "cpu_seconds": 0.5,
             "evidence": [EVIL], "pictures": [], "reproduce": "coursekit grade 1 x",
             "failures": [{"test": EVIL, "ran": EVIL, "expected": EVIL, "got": EVIL}]}
    manual = {**entry, "id": "M1-02", "how": "manual", "state": "manual", "failures": [],
              "pictures": [{"name": EVIL, "png": DOT}]}
    fine = {**entry, "id": "M1-03", "state": "pass", "failures": [], "reason": ""}
    return {"schema_version": 1, "module": 1, "title": "T", "submission": EVIL, "sha256": "",
            "files": 1, "seed": 3, "started_utc": "2026-11-24T10:00:00+00:00", "seconds": 2.0,
            "cpu_seconds": 1.0, "limits": {"criterion_seconds": 180, "total_seconds": 600},
            "isolation": "bubblewrap", "canary": [{"tried": "a", "blocked": True, "ended": "b"}],
            "environment": {"name": EVIL, "built": False, "log": EVIL}, "verdict": "fail",
            "partial": False, "faults": [EVIL],
            "counts": {"pass": 1, "fail": 1, "not_checked": 0, "error": 0, "manual": 1},
            "points": {"reached": 0, "possible": 2}, "criteria": [entry, manual, fine],
            "notes": [EVIL], "changes": None,
            "similarity": [{"file": EVIL, "reference": "a.py", "share": 0.5}]}


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


@pytest.fixture(name="written")
def _written(tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    report.write_reports(small_report(), tmp_path / "out")
    texts = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    return {**texts, "summary": summary.read_text(encoding="utf-8")}


def test_the_page_is_self_contained_and_holds_no_foreign_tag(written):
    parser = Tags()
    parser.feed(written["grade.html"])
    assert not {"script", "i", "link", "iframe"} & set(parser.tags)
    links = [value for name, value in parser.attributes if name in ("href", "src")]
    assert [value for value in links if value[:1] != "#"] == [f"data:image/png;base64,{DOT}"]
    assert parser.tags.count("img") == 1 and len(links) > 1
    assert "&lt;script&gt;" in written["grade.html"]


def test_no_form_holds_a_terminal_or_a_workflow_command(written):
    for name, text in written.items():
        assert "\x1b" not in text and "\x00" not in text and "\u202e" not in text, name
        assert not any(line.lstrip().startswith(("::", "##[")) for line in text.splitlines()), name
    told = report.one_line(small_report())
    assert "\x1b" not in told and "\n::" not in told


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_verdict_over_a_few_criteria_says_so(verdict):
    for form in (report.one_line, report.markdown, page):
        whole = form({**small_report(), "verdict": verdict})
        part = form({**small_report(), "verdict": verdict, "partial": True})
        assert "of the few that were checked" in part and "of the few" not in whole


def test_a_fence_in_the_text_does_not_end_the_block(written):
    lines = written["grade.md"].splitlines()
    at = lines.index("```")
    fences = [line for line in lines[:at] if line.startswith("````")]
    assert fences and fences[-1] == "````text"


def test_the_files_follow_the_schema(written):
    schema = json.loads(report.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(written["grade.json"]), schema)
    bad = json.loads(written["grade.json"])
    bad["criteria"][0]["state"] = "passed"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, schema)
    suite = ET.fromstring(written["junit.xml"]).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert written["summary"] == written["grade.md"]


def test_a_manual_line_has_an_empty_box(written):
    assert "- [ ] met" in written["grade.md"]
    assert written["grade.html"].count('class="tick"') == 2


@pytest.mark.parametrize(("change", "verdict"), [
    ({}, "fail"), ({"state": "pass"}, "pass"), ({"required": False}, "pass"),
    ({"state": "not_checked"}, "fail"), ({"state": "error"}, "error")])
def test_the_verdict_asks_the_required_ones_only(change, verdict):
    criteria = copy.deepcopy(small_report()["criteria"])
    criteria[0].update(change)
    assert report_data.verdict(criteria, []) == verdict
    assert report_data.verdict(criteria, ["the grader fell"]) == "error"


def test_two_reports_stand_side_by_side(tmp_path):
    first, second = small_report(), small_report()
    second["criteria"] = second["criteria"][:1]
    write_side([(tmp_path / "a", first), (tmp_path / "b", second)], tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="a/grade.html"' in text and "<script>" not in text


def test_an_earlier_report_of_another_module_is_refused():
    with pytest.raises(ValueError, match="module 1"):
        report_data.compare(small_report(), {"module": 2, "criteria": []})
