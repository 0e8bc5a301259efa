"""A ledger with something of everything, releases that serve, and a service that can be asked.

In: a workplace. Out: what the tests of the web service look at.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import requests

from riskwatch.deploy import deploy
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.manifest import ModelFacts
from riskwatch.models import build_pipeline
from riskwatch.records import (Decision, Diagnostic, DriftVerdict, File, Run, RunEnd, Score, Step)
from riskwatch.schema import FEATURES
from riskwatch.store import save_release
from riskwatch.workplace import Workplace

ROW = {"lastmonth_activity": 78, "lastyear_activity": 1024, "number_of_employees": 12}
KEY = "a-key-of-sixteen-or-more"
HOSTILE = "=1+1|<script>alert(1)</script>"


@cache
def fitted(name: str, seed: int = 1) -> Any:
    """A small fitted candidate; another seed, another model."""
    rng = np.random.default_rng(seed)
    features = np.round(rng.lognormal(4, 2, (300, 3)))
    features[::7, 0] = np.nan
    exited = (features[:, 1] < 60 * rng.lognormal(0, 1, 300)).astype(int)
    return build_pipeline(name, seed).fit(features, exited)  # type: ignore[arg-type]


def released(place: Workplace, name: str = "logistic_regression", seed: int = 1) -> str:
    """Store a candidate, and return its version."""
    facts = ModelFacts(name, {}, 0.5, {"roc_auc": 0.8}, "ab" * 32, 300, 0, seed)
    return save_release(place, fitted(name, seed), facts).version


def score(version: str, file_id: int | None, f1: float | None) -> Score:
    """A score with an interval."""
    low, high = (None, None) if f1 is None else (max(f1 - 0.1, 0), min(f1 + 0.1, 1))
    return Score(model_version=version, subject="hold_out" if file_id is None else "drop",
                 file_id=file_id, rows=100, labelled_rows=0 if f1 is None else 90,
                 positive_share=0.3, mean_probability=0.4, f1=f1, f1_low=low, f1_high=high,
                 accuracy=f1, accuracy_low=low, accuracy_high=high, roc_auc=f1, roc_auc_low=low,
                 roc_auc_high=high)


class Clock:  # pylint: disable=too-few-public-methods  # it is called
    """A clock that goes one second further each time that somebody looks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def told(folder: Path) -> Workplace:
    """Return a workplace whose ledger tells the story."""
    place = Workplace(folder, clock=Clock())
    with closing(open_ledger(place)) as ledger:
        tell(place, ledger)
    return place


def tell(place: Workplace, ledger: Ledger, drops: int = 12) -> tuple[str, str]:
    """Write a story of some drops into the ledger; return both releases, the latter serves."""
    versions = released(place, seed=1), released(place, seed=2)
    for number in range(1, drops + 1):
        run = ledger.append(Run(command="cycle", trigger="cron", program_version="1",
                                process_id=number))[0].id
        if number in (1, drops // 2):
            deploy(place, ledger, versions[number != 1], "it is better", run_id=run)
        name = HOSTILE if number == 3 else f"activity_2026-03-{number:02}.csv"
        file = ledger.append(File(sha256=f"{number:064x}", name=name, byte_count=10, rows=100,
                                  period=None if number == 3 else f"2026-03-{number:02}",
                                  status="accepted", first_row=number * 100), run_id=run)[0].id
        version = versions[number >= drops // 2]
        ledger.append(score(version, file, None if number == 5 else 0.8 - 0.05 * (number % 7)),
                      score(version, None, 0.75), run_id=run)
        ledger.append(*(verdict(file, column, number) for column in FEATURES), run_id=run)
        ledger.append(Decision(kind="drift", action="retrain" if number == drops // 2 else "keep",
                               reason=f"reason {number}"),
                      Step(step="ingest", outcome="done", seconds=0.1), *checks(number),
                      run_id=run)
        ledger.append(RunEnd(outcome="check_said_no" if number % 4 == 0 else "done",
                             exit_code=int(number % 4 == 0), seconds=1.0 + number % 3), run_id=run)
    return versions


def verdict(file: int, column: str, number: int) -> DriftVerdict:
    """What a test said; the middle of the story drifts."""
    is_drift = 5 <= number <= 7 and column == FEATURES[0]
    return DriftVerdict(file_id=file, column=column, test="ks",
                        verdict="drift" if is_drift else "not_enough_data" if number == 2
                        else "no_drift", statistic=0.3, p_value=0.01, p_adjusted=0.03, effect=0.2,
                        reference_rows=500, current_rows=100, detail="moved up" * is_drift)


def checks(number: int) -> list[Diagnostic]:
    """What the diagnostics of a run wrote."""
    return [Diagnostic(check="summary_statistics", subject=f"{FEATURES[0]}.mean", status="ok",
                       value=50.0 + number),
            Diagnostic(check="missing_share", subject=FEATURES[1], status="failed" if number == 12
                       else "ok", value=0.02 * number, detail="beyond its limit" if number == 12
                       else ""),
            Diagnostic(check="package", subject="flask", status="unknown", detail="no index")]


@dataclass
class Running:
    """A service in a process of its own."""

    address: str
    process: "subprocess.Popen[str]"
    errors: Path

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET an address of the service."""
        return requests.get(self.address + path, timeout=30, allow_redirects=False, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        """POST to an address of the service."""
        return requests.post(self.address + path, timeout=60, allow_redirects=False, **options)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def start(out: Path, *words: str, key: str | None = None) -> Running:
    """Start ``riskwatch serve`` on a free port, and wait until it listens."""
    environment = {**os.environ, **({"RISKWATCH_CONTROL_KEY": key} if key else {})}
    errors = out.parent / "errors.txt"
    with open(errors, "a", encoding="utf-8") as sink:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            [sys.executable, "-m", "riskwatch.cli", "serve", "--out", str(out),
             "--drain-seconds", "0", *words],
            stdout=subprocess.PIPE, stderr=sink, text=True, env=environment)
    line = process.stdout.readline() if process.stdout else ""
    assert line.startswith("listening on "), errors.read_text("utf-8")
    return Running(line.split()[-1], process, errors)


def stop(running: Running, *, is_told: bool = False) -> None:
    """Tell a service to stop, unless it was told before, and wait for its good end."""
    if not is_told:
        running.process.terminate()
    assert running.process.wait(40) == 0, running.errors.read_text("utf-8")
    if running.process.stdout:
        running.process.stdout.close()


@contextmanager
def service(out: Path, *words: str, key: str | None = None) -> Iterator[Running]:
    """Run ``riskwatch serve`` while the context lasts."""
    running = start(out, *words, key=key)
    try:
        yield running
    finally:
        stop(running)


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    """Check that a refusal is one of RFC 9457, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json() if callable(answer.json) else answer.json
    assert problem["status"] == status and problem["type"] == "about:blank"
    assert problem["title"] and problem["detail"]
    return problem
