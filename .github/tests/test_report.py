"""The report of all modules, and the contract of the summaries it is made from."""

import copy
import json
import math

import jsonschema
import pytest

import report
from street import ROOT
from summary import SummaryError, parse_summary

SCHEMA = json.loads((ROOT / ".github" / "summary.schema.json").read_text(encoding="utf-8"))
PNG = b"\x89PNG\r\n\x1a\n"
GOOD = {
    "module": "module1_clean_code", "title": "Customer churn",
    "started_utc": "2026-01-31T12:00:00Z", "seconds": 12.5,
    "data": {"source": "generated, seed 42", "sha256": "a" * 64},
    "figures": [{"name": "AUC", "value": 0.99312, "unit": "", "low": 0.985, "high": 0.997},
                {"name": "rows", "value": 10127, "unit": "rows", "low": None, "high": None}],
    "images": ["images/roc.png"],
    "links": [{"title": "The log", "path": "../churn log.txt"}]}
#: Where a summary is spoilt, and with what.
SPOILT = [
    (("module",), "churn"), (("module",), 3), (("title",), ""), (("title",), "x" * 201),
    (("started_utc",), "2026-01-31 12:00"), (("started_utc",), "2026-01-31T12:00:00+02:00"),
    (("seconds",), -1), (("seconds",), "1"), (("seconds",), True), (("data", "sha256"), "A" * 64),
    (("data", "source"), ""), (("data", "more"), 1), (("figures",), []), (("figures",), {}),
    (("figures", 0, "name"), ""), (("figures", 0, "value"), None),
    (("figures", 0, "unit"), None), (("figures", 0, "low"), "0"), (("figures", 0, "p"), 0.1),
    (("images",), "a.png"), (("images", 0), "/etc/a.png"), (("images", 0), "file:a.png"),
    (("images", 0), "a\\b.png"), (("links", 0, "path"), "javascript:alert(1)"),
    (("links", 0, "title"), ""), (("links", 0), "a"), (("extra",), 1)]


def spoil(place, value):
    """Return the good summary with another value at one place."""
    content = copy.deepcopy(GOOD)
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return content


@pytest.fixture(name="street")
def make_street(tmp_path, monkeypatch):
    """A street with one module that ran well, and one that failed."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "module1_clean_code" / "build" / "report"
    (folder / "images").mkdir(parents=True)
    (folder / "index.html").write_text("own")
    (folder / "images" / "roc.png").write_bytes(PNG)
    (folder.parent / "churn log.txt").write_text("log")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "build").mkdir()
    outcomes = [{"part": "module1_clean_code", "ok": True, "seconds": 12.6},
                {"part": "module2_late", "ok": False, "seconds": 3.2}]
    (tmp_path / "build" / "run.json").write_text(json.dumps({"outcomes": outcomes}))
    return tmp_path


def page_of(street, **changes):
    """Write the summary, build the report and return the page with its exit code."""
    path = street / "module1_clean_code" / "build" / "report" / "summary.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    code = report.main([])
    return (street / "build" / "report" / "index.html").read_text(encoding="utf-8"), code


def test_the_example_satisfies_schema_and_reader():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(GOOD, SCHEMA)
    assert parse_summary(GOOD).figures[0].high == 0.997


@pytest.mark.parametrize("place, value", SPOILT, ids=str)
def test_schema_and_reader_refuse_the_same(place, value):
    content = spoil(place, value)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)
    with pytest.raises(SummaryError):
        parse_summary(content)


@pytest.mark.parametrize("key", sorted(GOOD))
def test_no_key_may_be_absent(key):
    content = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)
    with pytest.raises(SummaryError):
        parse_summary(content)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_figure_is_finite(value):
    with pytest.raises(SummaryError, match=r"figures\[0\].value"):
        parse_summary(spoil(("figures", 0, "value"), value))


def test_the_page_shows_figures_intervals_and_totals(street):
    page, _ = page_of(street)
    assert "<td>0.9931 <small>0.985 – 0.997</small></td>" in page
    assert "<td>10,127 rows</td>" in page
    assert "1 ok · 1 failed · 2 figures · 16 s" in page


@pytest.mark.parametrize("value, shown", [
    (0.5, "0.5"), (10127, "10,127"), (1843221.5, "1,843,222"), (1234.5678, "1,235"),
    (33.0512, "33.05"), (-3.0, "-3"), (0.00001234, "1.234e-05"), ("one hot", "one hot")])
def test_values_are_shown_with_four_digits_or_in_groups(value, shown):
    assert report.show_value(value) == shown


def test_a_module_that_failed_is_shown_and_makes_the_exit_code_one(street):
    page, code = page_of(street)
    assert '<section class="card failed"><h2>module2_late</h2>' in page
    assert code == 1


def test_everything_a_module_says_is_escaped(street):
    bad = "<script>alert(1)</script>"
    figures = [{"name": bad, "value": bad, "unit": bad, "low": None, "high": None}]
    page, _ = page_of(street, title=bad, figures=figures, data={"source": bad, "sha256": "a" * 64},
                      links=[{"title": bad, "path": "<b>"}])
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;") == 6


def test_the_page_needs_nothing_from_outside(street):
    page, _ = page_of(street)
    assert 'src="data:image/png;base64,iVBORw0K' in page
    assert "://" not in page
    assert "<link" not in page
    assert "default-src 'none'" in page


def test_links_lead_from_the_page_to_the_module(street):
    page, _ = page_of(street)
    for address in ("../../module1_clean_code/build/report/index.html",
                    "../../module1_clean_code/build/churn%20log.txt"):
        assert f'href="{address}"' in page


def test_no_file_outside_of_the_modules_build_is_shown(street):
    path = "../../../secret.png"
    page, _ = page_of(street, images=[path], links=[{"title": "x", "path": path}])
    assert "c2VjcmV0" not in page
    assert "secret.png" not in page
    assert "x (missing)" in page


def test_a_summary_of_another_module_is_a_fault(street):
    page, _ = page_of(street, module="module3_other")
    assert "summary.json is that of module3_other" in page


def test_the_path_and_the_command_that_opens_it_are_printed(street, capsys):
    page_of(street)
    out = capsys.readouterr().out
    assert "Report: build/report/index.html" in out
    assert "open" in out or "explorer.exe" in out


def test_without_a_run_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert report.main([]) == 2
    assert "make run" in capsys.readouterr().err
