"""Small models, releases and a running service, for the tests of serving.

In: a seed, a folder. Out: a fitted pipeline and the rows it saw, a release, a process that
listens. Rows are drawn from the schema at random and know nothing of the generator.
"""

import functools
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import requests
from sklearn.pipeline import Pipeline

from census.manifest import ReleaseFacts
from census.model import build_pipeline
from census.release import make_release
from census.schema import BY_NAME, FEATURES
from census.serving_form import ServingForm, form_to_bytes
from census.settings import BoostingSettings, TrainSettings
from census.training.serving_export import reference_row, to_serving_form

NOON = datetime(2024, 5, 6, 12, 0, 7, tzinfo=UTC)
POOR = {
    "age": 19, "workclass": "Private", "fnlgt": 168294, "education": "7th-8th",
    "education-num": 4, "marital-status": "Never-married", "occupation": "Other-service",
    "relationship": "Own-child", "race": "Other", "sex": "Female", "capital-gain": 0,
    "capital-loss": 0, "hours-per-week": 15, "native-country": "Mexico"}
RICH = {
    "age": 54, "workclass": "Federal-gov", "fnlgt": 302146, "education": "Prof-school",
    "education-num": 15, "marital-status": "Married-civ-spouse", "occupation": "Exec-managerial",
    "relationship": "Husband", "race": "White", "sex": "Male", "capital-gain": 99999,
    "capital-loss": 0, "hours-per-week": 55, "native-country": "United-States"}


def random_rows(number: int, seed: int) -> pd.DataFrame:
    """Return rows drawn from the schema: every level, ``?`` included, alike often."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame({
        name: draw.choice(np.array(BY_NAME[name].levels, dtype=object), number)
        if BY_NAME[name].levels else _numbers(draw, name, number) for name in FEATURES})


def _numbers(draw: np.random.Generator, name: str, number: int) -> Any:
    column = BY_NAME[name]
    found = draw.integers(column.minimum, column.maximum, number, endpoint=True)
    # Capital is nothing for most people.
    return np.where(draw.random(number) < .7, 0, found) if name.startswith("capital") else found


@functools.cache
def fitted(seed: int = 0, leaves: int = 31, trees: int = 20) -> Pipeline:
    """Return a small fitted pipeline; the seed changes what it learned."""
    rows = random_rows(4000, seed)
    draw = np.random.default_rng(seed)
    score = (rows["education-num"] / 4 + (rows["capital-gain"] > 7000) * 3
             + (rows["relationship"].isin(["Husband", "Wife"])) * 2
             + (rows["native-country"] == "Haiti") - (rows["occupation"] == "?") + rows["age"] / 40
             + draw.normal(size=len(rows)) + seed)
    settings = TrainSettings(hist_gradient_boosting=BoostingSettings(
        max_iter=trees, max_leaf_nodes=leaves))
    model = build_pipeline("hist_gradient_boosting", settings, seed)
    return model.fit(rows, score > score.median())


@functools.cache
def form(seed: int = 0, leaves: int = 31, trees: int = 20) -> ServingForm:
    """Return the serving form of `fitted`."""
    return to_serving_form(fitted(seed, leaves, trees), 0.4, reference_row(random_rows(500, 1)))


def facts(seed: int = 0) -> ReleaseFacts:
    """Return facts made by hand."""
    return ReleaseFacts("hist_gradient_boosting", {"max_iter": 20}, 0.4, {"roc_auc": 0.9},
                        "ab" * 32, seed)


def release_files(seed: int = 0) -> dict[str, bytes]:
    """Return the files of a release; the model file is not read by the service."""
    return {"model.skops": b"model %d" % seed, "serving.json": form_to_bytes(form(seed)),
            "slices.json": b'{"slices": [1, 2]}', "fairness.json": b'{"findings": []}'}


def release_into(folder: Path, seed: int = 0) -> str:
    """Make a release of model number ``seed``, put it in service, and return its version."""
    now = NOON + timedelta(seconds=seed)
    return make_release(folder, release_files(seed), facts(seed), now).version


HEAD = b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@dataclass
class Running:
    """A service in a process of its own."""

    address: str
    process: "subprocess.Popen[str]"

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET an address of the service."""
        return requests.get(self.address + path, timeout=20, **options)

    def post(self, people: Any, **options: Any) -> requests.Response:
        """POST people to the service."""
        return requests.post(self.address + "/v1/predictions", json=people, timeout=20,
                             **options)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def start(folder: Path, *words: str, environment: dict[str, str] | None = None) -> Running:
    """Start ``census serve`` on a free port and wait until it listens."""
    command = [sys.executable, "-m", "census.cli", "serve", "--out", str(folder),
               "--access-log", str(folder / "access.jsonl"), *words]
    with open(folder / "errors.txt", "a", encoding="utf-8") as errors:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdout=subprocess.PIPE, stderr=errors, text=True, close_fds=False,
            env={**os.environ, **(environment or {})})
    line = process.stdout.readline() if process.stdout else ""
    assert line.startswith("listening on "), (folder / "errors.txt").read_text()
    return Running(line.split()[-1], process)


def stop(running: Running) -> int:
    """Tell a service to stop, and return its exit code."""
    running.process.terminate()
    code = running.process.wait(30)
    if running.process.stdout:
        running.process.stdout.close()
    return code


@contextmanager
def service(folder: Path, *words: str, environment: dict[str, str] | None = None
            ) -> Iterator[Running]:
    """Run a service while the context lasts."""
    running = start(folder, "--drain-seconds", "0", *words, environment=environment)
    try:
        wait_for(lambda: running.get("/health/live").status_code == 200)
        yield running
    finally:
        stop(running)


def connect(running: Running) -> socket.socket:
    """Open a connection to a service."""
    return socket.create_connection(("127.0.0.1", running.port), 10)


def wait_for(condition: Any, seconds: float = 20) -> None:
    """Wait until ``condition()`` holds; fail when it does not."""
    end = time.monotonic() + seconds
    for pause in itertools.count():
        if condition():
            return
        assert time.monotonic() < end, "it never came true"
        time.sleep(min(0.02 * (pause + 1), 0.2))


def csv_of(people: Sequence[dict[str, Any]]) -> str:
    """Return people as a CSV file with a header."""
    lines = [",".join(people[0]), *(",".join(map(str, person.values())) for person in people)]
    return "\n".join(lines) + "\n"


def check_problem(answer: requests.Response, status: int) -> dict[str, Any]:
    """Check that a refusal is one of RFC 9457, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status and problem["type"] == "about:blank"
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
