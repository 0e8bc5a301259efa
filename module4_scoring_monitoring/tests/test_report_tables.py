"""The tables of a report: what is said of drift, checks, statistics and packages."""

from dataclasses import replace
from typing import Any

import pytest
from test_report_words import NOTHING

from riskwatch.alert_episodes import Episode
from riskwatch.ledger import Entry
from riskwatch.records import Diagnostic, DriftVerdict
from riskwatch.report_facts import SeenInDrop
from riskwatch.report_tables import (checks_section, dependencies_section, drift_section,
                                     drifting_columns, incidents_sections, moment, number,
                                     statistics_section)

VERDICT = DriftVerdict(file_id=1, column="lastmonth_activity", test="distribution",
                       verdict="drift", statistic=0.3, p_value=1e-9, p_adjusted=4e-9,
                       effect=0.3141, reference_rows=500, current_rows=100,
                       detail="Kolmogorov-Smirnov, margin 0.100 PSI 0.300")
VERDICTS = (
    VERDICT,
    replace(VERDICT, column="all columns", test="joint", verdict="no_drift", p_adjusted=0.5,
            detail="MMD, most changed: a and b; cannot see: A change of P(y given x)."),
    replace(VERDICT, column="f1", test="raw_comparison", effect=None, p_adjusted=None,
            detail="273 rows before"))
SEEN = replace(NOTHING, seen=SeenInDrop("2026-03", tuple(
    Entry(place, "", 1, verdict) for place, verdict in enumerate(VERDICTS))))


def test_drift_has_effects_and_says_what_cannot_be_seen() -> None:
    section = drift_section(SEEN)
    tests, rules = section.tables
    assert tests.rows == (
        ("lastmonth_activity", "distribution", "drift", "0.314", "<.001",
         "Kolmogorov-Smirnov, margin 0.100 PSI 0.300"),
        ("all columns", "joint", "no drift", "0.314", "0.500", "MMD, most changed: a and b"))
    assert rules.rows == (("f1", "raw comparison", "drift", "273 rows before"),)
    assert section.notes == ("What cannot be seen this way. A change of P(y given x).",)
    assert "2026-03" in section.paragraphs[0]


def test_a_rule_of_scores_makes_no_column_drift() -> None:
    assert drifting_columns(SEEN) == ("lastmonth_activity",)
    assert not drifting_columns(NOTHING)


def test_checks_show_result_value_and_words_and_packages_stand_apart() -> None:
    facts = replace(NOTHING, checks=(
        Diagnostic(check="disk", subject="free", status="failed", value=12.0, unit="MB",
                   detail="too little"),
        Diagnostic(check="dependency", subject="flask", status="ok", detail="installed 3.1"),
        Diagnostic(check="missing_column", subject="a", status="failed")))
    assert checks_section(facts).tables[0].rows == (
        ("failed", "disk", "free", "12\u00a0MB", "too little"),
        ("failed", "missing column", "a", "", ""))
    assert dependencies_section(facts).tables[0].rows == (("ok", "flask", "installed 3.1"),)


def test_statistics_stand_by_column() -> None:
    values = {"a.x.mean": 1.23456789, "a.x.median": 1.0, "a.x.sd": None, "b.mode": 7.0}
    facts = replace(NOTHING, statistics=tuple(
        Diagnostic(check="summary_statistics", subject=subject, status="ok", value=value)
        for subject, value in values.items()))
    table = statistics_section(facts).tables[0]
    assert table.header == ("column", "mean", "median", "mode", "sd")
    assert table.rows == (("a.x", "1.23457", "1", "–", "–"), ("b", "–", "–", "7", "–"))


def test_open_incidents_are_a_section_only_where_there_are_some() -> None:
    assert not incidents_sections(NOTHING)
    episode = Episode("feed: inbox", "2026-03-01T12:00:00.5Z", "silent")
    facts = replace(NOTHING, incidents=(episode,))
    assert incidents_sections(facts)[0].tables[0].rows == (
        ("feed: inbox", "2026-03-01 12:00:00", "silent"),)


@pytest.mark.parametrize("section", [drift_section, checks_section, statistics_section,
                                     dependencies_section])
def test_what_is_not_known_is_said(section: Any) -> None:
    assert not section(NOTHING).tables and section(NOTHING).paragraphs[0].startswith("No ")


def test_figures_and_times_as_people_read_them() -> None:
    assert (number(0.12345), number(None)) == ("0.123", "–")
    assert moment("2026-03-01T12:00:00.123456Z") == "2026-03-01 12:00:00"
