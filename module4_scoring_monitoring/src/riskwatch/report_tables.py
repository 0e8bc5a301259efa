"""The tables of a report: incidents, drift, diagnostics, statistics, dependencies.

In: facts. Out: sections of words and tables.
"""

from riskwatch.records import DriftVerdict
from riskwatch.report_facts import ReportFacts
from riskwatch.page import Table
from riskwatch.report_parts import Section

_BLIND = "cannot see: "
_RULES = ("f1", "error_rate")
_STATISTICS = ("mean", "median", "mode", "sd")


def drifting_columns(facts: ReportFacts) -> tuple[str, ...]:
    """Return the columns in drift of the latest drop; the course's rules of scores are none."""
    if facts.seen is None:
        return ()
    return tuple(sorted({entry.record.column for entry in facts.seen.verdicts
                         if entry.record.verdict == "drift" and not _is_rule(entry.record)}))


def incidents_sections(facts: ReportFacts) -> tuple[Section, ...]:
    """Return the open incidents, empty where there are none."""
    if not facts.incidents:
        return ()
    rows = tuple((episode.incident, moment(episode.opened_utc), episode.detail)
                 for episode in facts.incidents)
    return (Section("Open incidents", ("What began and has not ended; people were told where "
                                       "alerts are set up.",),
                    tables=(Table(("incident", "since", "in words"), rows),)),)


def _chance(value: float | None) -> str:
    return "<.001" if value is not None and value < 0.001 else number(value)


def _is_rule(record: DriftVerdict) -> bool:
    return record.column in _RULES


def drift_section(facts: ReportFacts) -> Section:
    """Return the verdicts on the latest drop, and what cannot be seen."""
    title = "Drift"
    if facts.seen is None:
        return Section(title, ("No drop has been compared yet.",))
    rows, blind = [], ""
    for record in (entry.record for entry in facts.seen.verdicts):
        words, _, unseen = record.detail.partition(_BLIND)
        blind = unseen or blind
        rows.append((record.column, record.test.replace("_", " "),
                     record.verdict.replace("_", " "), number(record.effect),
                     _chance(record.p_adjusted), words.rstrip("; ")))
    tests = [row for row in rows if row[0] not in _RULES]
    rules = [(row[0].replace("_", " "), *row[1:3], row[5]) for row in rows if row not in tests]
    return Section(title, (
        f"The drop {facts.seen.label} beside the rows that the model learned from. An effect is "
        "a difference of probabilities, between 0 (alike) and 1; p is adjusted for the number "
        "of tests.",), tables=(
            Table(("column", "test", "verdict", "effect", "p", "in words"), tuple(tests)),
            Table(("score", "rule of the course", "verdict", "in words"), tuple(rules))),
        notes=(f"What cannot be seen this way. {blind}",) if blind else ())


def checks_section(facts: ReportFacts) -> Section:
    """Return the diagnostics; what failed stands first."""
    rows = tuple((check.status, check.check.replace("_", " "), check.subject,
                  "" if check.value is None else f"{check.value:.6g}\u00a0{check.unit}".strip(),
                  check.detail) for check in facts.checks if check.check != "dependency")
    if not rows:
        return Section("Diagnostics", ("No check has been made yet.",))
    return Section("Diagnostics", ("What failed stands first; of checks that were made several "
                                   "times in a run, the worst.",),
                   tables=(Table(("result", "check", "of", "value", "in words"), rows),))


def statistics_section(facts: ReportFacts) -> Section:
    """Return mean, median, mode and standard deviation of each column."""
    title, columns = "Summary statistics", dict[str, dict[str, str]]()
    for check in facts.statistics:
        column, _, statistic = check.subject.rpartition(".")
        columns.setdefault(column, {})[statistic] = (
            "–" if check.value is None else f"{check.value:.6g}")
    if not columns:
        return Section(title, ("No drop has been looked at yet.",))
    return Section(title, ("Of the latest drop; where there are several modes, the smallest.",),
                   tables=(Table(("column", *_STATISTICS), tuple(
                       (column, *(figures.get(name, "–") for name in _STATISTICS))
                       for column, figures in sorted(columns.items()))),))


def dependencies_section(facts: ReportFacts) -> Section:
    """Return what is required, installed, newest and vulnerable."""
    rows = tuple((check.status, check.subject, check.detail) for check in facts.checks
                 if check.check == "dependency")
    if not rows:
        return Section("Dependencies", ("No package has been looked at yet.",))
    return Section("Dependencies", ("Newest versions and vulnerabilities are known only after "
                                    "`riskwatch diagnose --online`.",),
                   tables=(Table(("result", "package", "in words"), rows),))


def number(value: float | None) -> str:
    """Return a figure as text."""
    return "–" if value is None else f"{value:.3f}"


def moment(text: str) -> str:
    """Return a time as people read it."""
    return text[:19].replace("T", " ")
