"""Measure the API: cached reading and predictions as ratios, and pages of a long ledger.

In: a folder to work in. Out: figures. CPU seconds of the serving process are compared, because
other work on the machine moves wall time; each request is a new one on one kept connection.
"""

import http.client
import io
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.api_apps import APPS, BODY_NAME
from riskwatch.deploy import deploy
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.manifest import ModelFacts
from riskwatch.models import build_pipeline
from riskwatch.records import DriftVerdict, Score
from riskwatch.schema import FEATURES
from riskwatch.store import save_release
from riskwatch.workplace import Workplace

_BATCH = 10_000
_JSON = {"Content-Type": "application/json"}
_ROW = json.dumps({"rows": [dict(zip(FEATURES, (78, 1024, 12)))]}).encode()
_PAGES = ("/v1/drift?limit=100", "/v1/drift?limit=100&verdict=drift",
          "/v1/drift?limit=100&column=lastmonth_activity&order=oldest",
          "/v1/drift?limit=100&since=2026-01-01T00:00:00Z&test=ks")


@dataclass
class Served:
    """A service under measurement: one connection, and the process that answers."""

    connection: http.client.HTTPConnection
    worker: int

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Send one request; anything but 200 ends the measurement."""
        self.connection.request(method, path, body, _JSON if body else {})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: status {answer.status}")
        return content

    def cpu_seconds(self) -> float:
        """Return what the threads of the process that answers have used so far (Linux)."""
        return sum(int(path.read_text("ascii").split()[0])
                   for path in Path(f"/proc/{self.worker}/task").glob("*/schedstat")) / 1e9

    def cost(self, count: int, method: str, path: str, body: bytes | None = None) -> float:
        """Return CPU microseconds per request; a connection that waited may be closed by now."""
        self.connection.close()
        before = self.cpu_seconds()
        for _ in range(count):
            self.ask(method, path, body)
        return (self.cpu_seconds() - before) / count * 1e6


@contextmanager
def served(name: str, folder: Path) -> Iterator[Served]:
    """Run an application of `benchmarks.api_apps` while the context lasts."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.api_apps", name, str(folder)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            with closing(connection):
                connection.request("GET", "/nowhere")  # the process that answers is there then
                connection.getresponse().read()
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
                yield Served(connection, int(children.read_text("ascii").split()[0]))
        finally:
            process.terminate()


def measure_api(folder: Path, rounds: int = 5, requests: int = 1000,
                ledger_rows: int = 1_000_000) -> Mapping[str, float]:
    """Measure everything.

    Parameters
    ----------
    folder : Path
        Empty, to work in.
    rounds, requests : int
        Interleaved rounds, and requests in each.
    ledger_rows : int
        Of the table whose pages are measured.

    Returns
    -------
    mapping
        CPU microseconds per request, their ratios, and milliseconds of a page.
    """
    place = Workplace(folder)
    with closing(open_ledger(place)) as ledger:
        _release(place, ledger)
        found = _compare(folder, rounds, requests) | _handlers(place, rounds, requests)
        _lengthen(ledger, ledger_rows)
    return {**found, **_page_times(folder, requests), "ledger_rows": ledger_rows}


def store_model(place: Workplace, seed: int = 1) -> str:
    """Fit a model on made-up rows and store it; return its version."""
    rng = np.random.default_rng(seed)
    features = np.round(rng.lognormal(4, 2, (500, 3)))
    model = build_pipeline("logistic_regression", 1).fit(features, features[:, 1] < 60)
    facts = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 500, 0, seed)
    return save_release(place, model, facts).version


def _release(place: Workplace, ledger: Ledger) -> None:
    version = store_model(place)
    deploy(place, ledger, version, "to be measured")
    figures = dict.fromkeys([name + end for name in ("f1", "accuracy", "roc_auc")
                             for end in ("", "_low", "_high")], 0.75)
    ledger.append(*(Score(model_version=version, subject="drop", file_id=number, rows=100,
                          labelled_rows=90, positive_share=0.3, mean_probability=0.4, **figures)
                    for number in range(100)))


def _compare(folder: Path, rounds: int, requests: int) -> dict[str, float]:
    costs: dict[str, list[float]] = {name: [] for name in (
        "bare", "cached", "prediction", "usual")}
    with served("ours", folder) as ours:
        (folder / BODY_NAME).write_bytes(ours.ask("GET", "/v1/scores"))
        with served("bare", folder) as bare, served("usual", folder) as usual:
            for _ in range(rounds + 1):
                costs["bare"].append(bare.cost(requests, "GET", "/v1/scores"))
                costs["cached"].append(ours.cost(requests, "GET", "/v1/scores"))
                costs["prediction"].append(ours.cost(requests, "POST", "/v1/predictions", _ROW))
                costs["usual"].append(usual.cost(requests, "POST", "/v1/predictions", _ROW))
    # The first round warms up.
    middle = {name: statistics.median(values[1:]) for name, values in costs.items()}
    return {**{f"{name}_cpu_microseconds": round(value, 1) for name, value in middle.items()},
            "cached_of_bare": round(middle["bare"] / middle["cached"], 3),
            "prediction_of_bare": round(middle["bare"] / middle["prediction"], 3),
            "prediction_times_usual": round(middle["usual"] / middle["prediction"], 2)}


def _handlers(place: Workplace, rounds: int, requests: int) -> dict[str, float]:
    """Compare the handlers alone, without the server around them, in this process."""
    costs: dict[str, list[float]] = {"ours": [], "usual": []}
    apps = {name: APPS[name](place) for name in costs}
    for _ in range(rounds + 1):
        for name, app in apps.items():
            begun = process_time()
            for _ in range(requests // 5):
                answer = app.wsgi_app(_environ(), lambda status, headers, _=None: None)
                assert b"predictions" in b"".join(answer)
            costs[name].append((process_time() - begun) / (requests // 5) * 1e6)
    middle = {name: statistics.median(values[1:]) for name, values in costs.items()}
    return {"handler_cpu_microseconds": round(middle["ours"], 1),
            "usual_handler_cpu_microseconds": round(middle["usual"], 1),
            "handler_times_usual": round(middle["usual"] / middle["ours"], 1)}


def _environ() -> dict[str, Any]:
    return {"REQUEST_METHOD": "POST", "PATH_INFO": "/v1/predictions", "QUERY_STRING": "",
            "SERVER_NAME": "x", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(_ROW), "wsgi.errors": sys.stderr,
            "CONTENT_LENGTH": str(len(_ROW)), "CONTENT_TYPE": "application/json"}


def _lengthen(ledger: Ledger, rows: int) -> None:
    tests = ("ks", "psi", "chi_square", "missing")
    for start in range(0, rows, _BATCH):
        ledger.append(*(DriftVerdict(
            file_id=number // 20, column=FEATURES[number % 3], test=tests[number % 4],
            verdict="drift" if number % 1000 == 0 else "no_drift", statistic=0.1, p_value=0.5,
            p_adjusted=0.9, effect=0.0, reference_rows=1000, current_rows=100)
            for number in range(start, min(start + _BATCH, rows))))


def _page_times(folder: Path, requests: int) -> dict[str, float]:
    """Follow pages from their cursors, so that none of them was kept."""
    times = []
    with served("ours", folder) as ours:
        for path in _PAGES:
            cursor = ""
            for _ in range(requests // len(_PAGES)):
                begun = perf_counter()
                page = json.loads(ours.ask("GET", path + cursor))
                times.append((perf_counter() - begun) * 1e3)
                cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    return {"page_p50_milliseconds": round(float(np.quantile(times, 0.5)), 2),
            "page_p99_milliseconds": round(float(np.quantile(times, 0.99)), 2)}
