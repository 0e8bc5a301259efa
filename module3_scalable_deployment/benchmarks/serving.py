"""Measure the service beside its limit and beside the usual ways.

In: a folder, how many rounds, how long each. Out: a mapping of figures, by name.
"""

import csv
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests
from pydantic import TypeAdapter

from benchmarks.load import (Load, cpu_seconds, free_port, has_wrk, memory_megabytes, server,
                             side_by_side, wait_until_ready)
from census.canonical import model_to_bytes
from census.manifest import ReleaseFacts
from census.release import make_release
from census.schema import FEATURES, INPUTS, TARGET
from census.serving.payloads import EXAMPLE, Person, Signature, many_answers, parse_people
from census.serving.scorer import Scorer
from census.serving_form import form_from_bytes, form_to_bytes

OURS = ["-m", "census.cli", "serve", "--port", "{port}"]


def prepare(folder: Path, rows: int = 20_000) -> None:
    """Train on generated rows and release, once for all measurements."""
    # pylint: disable=import-outside-toplevel  # training's libraries, for this step only
    from datetime import UTC, datetime

    from census.model import build_pipeline
    from census.settings import TrainSettings
    from census.synthetic import generate_rows
    from census.training.serving_export import reference_row, to_serving_form

    table = generate_rows(rows, 42)
    pipeline = build_pipeline("hist_gradient_boosting", TrainSettings(), 42)
    pipeline.fit(table[list(FEATURES)], table[TARGET] == ">50K")
    form = to_serving_form(pipeline, 0.4, reference_row(table))
    model = model_to_bytes(pipeline)
    (folder / "frame_model.skops").write_bytes(model)
    table.to_csv(folder / "rows.csv", index=False)
    make_release(folder, {"model.skops": model, "serving.json": form_to_bytes(form)},
                 ReleaseFacts("hist_gradient_boosting", {}, 0.4, {}, "ab" * 32, 42),
                 datetime.now(UTC))


def people_of(folder: Path, number: int) -> list[dict[str, Any]]:
    """Return the first rows of the table as people."""
    with open(folder / "rows.csv", encoding="utf-8", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(number))]
    return [{name: int(row[name]) if row[name].strip().isdigit() else row[name].strip()
             for name in INPUTS} for row in rows]


def single_row(folder: Path, rounds: int, seconds: int) -> dict[str, float]:
    """Compare one-row requests with the limit, a constant, one-row frames, and MLflow."""
    apps = ["-m", "benchmarks.limit_apps"]
    commands = {"ours": [*OURS, "--out", str(folder), "--access-log", str(folder / "a.jsonl")]} | {
        kind: [*apps, kind, "{port}", str(folder)] for kind in ("limit", "ours_constant", "frame")}
    load = Load("/v1/predictions", json.dumps(EXAMPLE), 16, seconds)
    loads = dict.fromkeys(commands, load) | {
        "mlflow": replace(load, path="/invocations",
                          body=json.dumps({"dataframe_records": [EXAMPLE]}))}
    commands["mlflow"] = ["-m", "benchmarks.mlflow_app", "{port}", str(folder)]
    found = side_by_side(commands, loads, folder, rounds)
    crowd = Load("/v1/predictions", json.dumps(EXAMPLE), 64, seconds)
    pair = {name: commands[name] for name in ("ours", "limit")}
    crowded = side_by_side(pair, dict.fromkeys(pair, crowd), folder, rounds)
    figures = {f"{name}_{key}": value for name, cost in found.items()
               for key, value in vars(cost).items()}
    return figures | {
        "ours_over_limit": _rate(found, "ours") / _rate(found, "limit"),
        "ours_over_limit_by_cpu": (found["limit"].cpu_microseconds
                                   / found["ours"].cpu_microseconds),
        "ours_over_ours_constant_by_cpu": (found["ours_constant"].cpu_microseconds
                                           / found["ours"].cpu_microseconds),
        "ours_over_frame": _rate(found, "ours") / _rate(found, "frame"),
        "ours_over_mlflow": _rate(found, "ours") / _rate(found, "mlflow"),
        "p99_at_64_ours_milliseconds": crowded["ours"].p99_milliseconds,
        "p99_at_64_limit_milliseconds": crowded["limit"].p99_milliseconds,
        "p99_at_64_ours_over_limit": (crowded["ours"].p99_milliseconds
                                      / crowded["limit"].p99_milliseconds)}


def _rate(found: dict[str, Any], name: str) -> float:
    rate: float = found[name].requests_per_second
    return rate


def json_batch(folder: Path, rounds: int, seconds: int) -> dict[str, float]:
    """Compare 1,000 people a request with parsing and validating them alone."""
    body = json.dumps(people_of(folder, 1000))
    commands = {"ours": [*OURS, "--out", str(folder), "--access-log", str(folder / "b.jsonl")],
                "limit": ["-m", "benchmarks.limit_apps", "limit", "{port}", str(folder)]}
    loads = {"ours": Load("/v1/predictions", body, 4, seconds),
             "limit": Load("/list", body, 4, seconds)}
    found = side_by_side(commands, loads, folder, rounds)
    scorer = Scorer(form_from_bytes(next(folder.glob("releases/2*/serving.json")).read_bytes()))
    adapter: Any = TypeAdapter(list[Person])
    content = body.encode()

    def whole() -> None:
        _, columns = parse_people(content)
        scored = scorer.probabilities(scorer.encode_columns(columns[:len(FEATURES)])).tolist()
        many_answers(scored, Signature("v", .4), "r")

    alone = _cpu(lambda: adapter.validate_python(json.loads(content)), rounds)
    return {"ours_cpu_milliseconds": found["ours"].cpu_microseconds / 1000,
            "limit_cpu_milliseconds": found["limit"].cpu_microseconds / 1000,
            "request_over_limit": (found["ours"].cpu_microseconds
                                   / found["limit"].cpu_microseconds),
            "whole_over_parsing_and_validating": _cpu(whole, rounds) / alone,
            "whole_over_the_fastest_validation": _cpu(whole, rounds) / _cpu(
                lambda: adapter.validate_json(content), rounds)}


def _cpu(action: Callable[[], object], rounds: int) -> float:
    """Return the median CPU seconds of ``action``."""
    times = []
    for _ in range(10 * rounds):
        begun = time.process_time()
        action()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def csv_batch(folder: Path, rounds: int, mebibytes: int = 50) -> dict[str, float]:
    """Upload a file of rows and see how many are checked and scored in a second."""
    content = _large_file(folder / "rows.csv", mebibytes * 2**20)
    count, port = content.count(b"\n") - 1, free_port()
    words = [word.format(port=port) for word in [
        *OURS, "--out", str(folder), "--access-log", str(folder / "c.jsonl")]]
    wall, cpu = [], []
    with server(words, port) as process:
        for _ in range(rounds):
            before, begun = cpu_seconds(process.pid), time.perf_counter()
            answer = requests.post(f"http://127.0.0.1:{port}/v1/predictions/csv", content,
                                   headers={"Content-Type": "text/csv"}, timeout=120)
            wall.append(time.perf_counter() - begun)
            cpu.append(cpu_seconds(process.pid) - before)
            assert answer.content.count(b"\n") == count + 1
        peak = memory_megabytes(process.pid)
    return {"rows": count, "rows_per_second": count / statistics.median(wall),
            "rows_per_cpu_second": count / statistics.median(cpu), "memory_megabytes": peak}


def _large_file(path: Path, size: int) -> bytes:
    """Return the rows of a file over and over, up to about ``size`` bytes."""
    header, _, rows = path.read_bytes().partition(b"\n")
    return header + b"\n" + rows * max(1, size // len(rows))


def start_and_memory(folder: Path, rounds: int) -> dict[str, float]:
    """Time from the command to readiness, and the memory then."""
    times, memory = [], []
    for _ in range(rounds):
        port = free_port()
        words = [sys.executable, *(word.format(port=port) for word in OURS), "--out", str(folder)]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            times.append(wait_until_ready(port, "/health/ready"))
            memory.append(memory_megabytes(process.pid))
            process.terminate()
    return {"ready_seconds": statistics.median(times), "ready_seconds_least": min(times),
            "memory_megabytes": max(memory)}


def measure(folder: Path, rounds: int = 5, seconds: int = 3) -> dict[str, dict[str, float]]:
    """Return all figures of serving.

    Parameters
    ----------
    folder : Path
        Empty; model, rows and logs go there.
    rounds : int
        Of each measurement; medians are returned.
    seconds : float
        Of load in each round.

    Returns
    -------
    dict of str to dict of str to float
        By part; requests a second only where wrk is.
    """
    prepare(folder)
    figures = {"csv_batch": csv_batch(folder, rounds), "start": start_and_memory(folder, rounds)}
    if has_wrk():
        figures["single_row"] = single_row(folder, rounds, seconds)
        figures["json_batch"] = json_batch(folder, rounds, seconds)
    return figures
