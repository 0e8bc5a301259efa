"""What the page shows, gathered from the ledger by the same pages that the lists are made of.

In: a ledger. Out: charts, and the rows of the tables beneath them. Nothing is computed but what
a glance needs: the worst verdict of a column, and which drop is the first of a release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from riskwatch.ledger import Ledger, Query
from riskwatch.records import Diagnostic
from riskwatch.web.charts import Bar, Cell, Point, bars, heatmap, score_chart
from riskwatch.web.paging import Question, list_page
from riskwatch.web.resources import BY_PATH, SUMMARY_CHECK

MOST_DROPS, MOST_SQUARES, MOST_RUNS, MOST_LINES = 90, 30, 60, 12
_MOST = 1000
_WORST = ("drift", "no_drift", "not_enough_data")
#: How runs and checks look: good, bad, or neither.
_LOOKS = {"done": "good", "ok": "good", "locked_out": "plain", "check_said_no": "warn",
          "failed": "bad", "bad_input": "bad", "killed": "bad"}
Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Fact:
    """One figure at the head of the page; ``look`` is good, warn, bad or plain."""

    name: str
    value: str
    note: str = ""
    look: str = "plain"


@dataclass(frozen=True)
class Board:  # pylint: disable=too-many-instance-attributes  # one for each part of the page
    """Everything on the page."""

    facts: Sequence[Fact]
    score: Markup
    drift: Markup
    runs: Markup
    scores: Items
    drifting: Items
    decisions: Items
    deployments: Items
    latest_runs: Items
    checks: Items


def build_board(ledger: Ledger) -> Board:
    """Gather the page from the ledger.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    Board
    """
    names = _file_names(ledger)
    drops = _newest(ledger, "/v1/scores", MOST_DROPS, subject="drop")
    verdicts = _newest(ledger, "/v1/drift", _MOST)
    runs = _newest(ledger, "/v1/runs", MOST_RUNS)
    checks = _checks(ledger)
    deployments = _newest(ledger, "/v1/deployments", MOST_LINES)
    return Board(
        facts=_facts(ledger, deployments, runs, checks),
        score=score_chart(_points(drops[::-1], names)), drift=_heatmap(verdicts, names),
        runs=bars([_bar(run) for run in runs[::-1]]),
        scores=[{**row, "drop": _name(names, row["file_id"])} for row in drops[:MOST_LINES]],
        drifting=[{**row, "drop": _name(names, row["file_id"])} for row in verdicts
                  if row["verdict"] == "drift"][:MOST_LINES],
        decisions=_newest(ledger, "/v1/decisions", MOST_LINES), deployments=deployments,
        latest_runs=runs[:MOST_LINES], checks=checks)


def look_of(state: object) -> str:
    """Return how a state looks: good, warn, bad or plain."""
    return _LOOKS.get(str(state), "plain")


def _newest(ledger: Ledger, path: str, limit: int, **filters: str | int) -> Items:
    query = Query(filters=filters)
    return list_page(ledger, BY_PATH[path], Question(query, None, limit)).items


def _file_names(ledger: Ledger) -> dict[int, str]:
    files = _newest(ledger, "/v1/data/files", _MOST, status="accepted")
    return {row["id"]: row["period"] or row["name"] for row in files}


def _name(names: Mapping[int, str], number: int | None) -> str:
    return "hold-out" if number is None else names.get(number, f"file {number}")


def _points(rows: Items, names: Mapping[int, str]) -> list[Point]:
    versions = [None, *(row["model_version"] for row in rows)]
    return [Point(_name(names, row["file_id"]), row["f1"], row["f1_low"], row["f1_high"],
                  before is not None and before != row["model_version"])
            for before, row in zip(versions, rows)]


def _heatmap(verdicts: Items, names: Mapping[int, str]) -> Markup:
    found: dict[tuple[str, int | None], list[Mapping[str, Any]]] = {}
    for row in verdicts:
        found.setdefault((row["column"], row["file_id"]), []).append(row)
    drops = list(dict.fromkeys(row["file_id"] for row in verdicts))
    if len(verdicts) == _MOST and len(drops) > 1:
        drops.pop()  # not all of its verdicts are on the page
    drops = drops[:MOST_SQUARES][::-1]
    columns = sorted({row["column"] for row in verdicts})
    cells = [[_cell(column, _name(names, drop), found.get((column, drop), ())) for drop in drops]
             for column in columns]
    return heatmap(columns, [_name(names, drop) for drop in drops], cells)


def _cell(column: str, drop: str, rows: Items) -> Cell:
    worst = min((row["verdict"] for row in rows), key=_WORST.index, default="unknown")
    tests = ", ".join(sorted(str(row["test"]) for row in rows if row["verdict"] == worst))
    return Cell(worst, f"{drop}, {column}: {worst.replace('_', ' ')} ({tests})")


def _bar(run: Mapping[str, Any]) -> Bar:
    outcome = run["outcome"] or "at work"
    return Bar(run["seconds"] or 0.0, look_of(outcome),
               f"run {run['id']}, {run['command']}, {run['made_utc'][:19]}Z: {outcome}")


def _checks(ledger: Ledger) -> Items:
    """Return the checks of the latest run that made some; what failed stands first."""
    newest = ledger.latest(Diagnostic)
    if newest is None:
        return []
    only = {} if newest.run_id is None else {"run_id": newest.run_id}
    found = [row for row in _newest(ledger, "/v1/diagnostics", _MOST, **only)[::-1]
             if row["check"] != SUMMARY_CHECK]
    order = ("failed", "unknown", "ok")
    return sorted(found, key=lambda row: order.index(row["status"]))


def _facts(ledger: Ledger, deployments: Items, runs: Items, checks: Items) -> list[Fact]:
    serving = deployments[0] if deployments else None
    scores = _newest(ledger, "/v1/scores", 1, subject="hold_out")
    failed = sum(row["status"] == "failed" for row in checks)
    ended = next((run for run in runs if run["outcome"]), None)
    facts = [Fact("Serving", serving["version"], f"since {serving['made_utc'][:19]}Z", "good")
             if serving else Fact("Serving", "nothing yet", "run a cycle", "warn")]
    if scores and scores[0]["f1"] is not None:
        low, high = scores[0]["f1_low"], scores[0]["f1_high"]
        facts.append(Fact("F1 on the hold-out", f"{scores[0]['f1']:.3f}",
                          f"{low:.3f} to {high:.3f}, {scores[0]['labelled_rows']} rows"))
    if ended:
        facts.append(Fact("Last run", ended["outcome"].replace("_", " "),
                          f"{ended['command']}, {ended['made_utc'][:19]}Z",
                          look_of(ended["outcome"])))
    if checks:
        facts.append(Fact("Checks", f"{failed} failed" if failed else "all well",
                          f"of {len(checks)}", "bad" if failed else "good"))
    return facts
