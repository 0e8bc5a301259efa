"""The service in a process of its own: it says where, stops well, and is no open door."""

import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from web_story import KEY, ROW, check_problem, released, service, told

from riskwatch.ledger import open_ledger
from riskwatch.store import point_current


def test_it_listens_on_loopback_only_and_says_where(tmp_path: Path) -> None:
    told(tmp_path / "out")
    with service(tmp_path / "out") as running:
        assert running.address.startswith("http://127.0.0.1:")
        assert running.get("/health/ready").status_code == 200
        assert running.get("/console?__debugger__=yes&cmd=1").status_code == 404


def test_a_port_that_is_taken_is_one_plain_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([sys.executable, "-m", "riskwatch.cli", "serve", "--out",
                               str(tmp_path), "--port", str(port)], capture_output=True,
                              text=True, timeout=120, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"riskwatch serve: cannot listen on 127.0.0.1 port {port}" in done.stderr


def test_a_short_key_is_refused_before_anything_listens(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "riskwatch.cli", "serve", "--out", str(tmp_path)],
                          env={**os.environ, "RISKWATCH_CONTROL_KEY": "short"}, text=True,
                          capture_output=True, timeout=120, check=False)
    assert done.returncode == 2 and "RISKWATCH_CONTROL_KEY" in done.stderr
    assert done.stdout == ""


def test_swaps_under_load_mix_no_answers(tmp_path: Path) -> None:
    place = told(tmp_path / "out")
    versions = [released(place, seed=1), released(place, seed=2)]
    seen: dict[str, set[float]] = {}
    stop = threading.Event()
    with service(place.out) as running:
        def ask(_: int) -> int:
            count = 0
            while not stop.is_set():
                answer = running.post("/v1/predictions", json={"rows": [ROW]})
                assert answer.status_code == 200
                content = answer.json()
                seen.setdefault(content["model_version"], set()).add(
                    content["predictions"][0]["probability"])
                count += 1
            return count

        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(ask, number) for number in range(4)]
            for number in range(20):
                point_current(place, versions[number % 2])
                running.get("/health/ready")
            stop.set()
            assert sum(future.result() for future in asked) >= 20
    assert set(versions) <= set(seen) and all(len(values) == 1 for values in seen.values())


def test_control_works_for_who_has_the_key(tmp_path: Path) -> None:
    place = told(tmp_path / "out")
    with service(place.out, key=KEY) as running:
        check_problem(running.post("/v1/rollbacks"), 401)
        right = {"Authorization": f"Bearer {KEY}"}
        before = running.get("/health/ready").json()["model_version"]
        answer = running.post("/v1/rollbacks", headers=right, json={"reason": "worse"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["previous"] == before
        after = running.get("/health/ready").json()["model_version"]
        assert after == answer.json()["model_version"] != before
        first = running.get("/v1/deployments?limit=1").json()["items"][0]
        assert (first["action"], first["reason"]) == ("rollback", "worse")
        check_problem(running.post("/v1/rollbacks", headers=right), 409)
        for _ in range(6):
            last = running.post("/v1/rollbacks", headers={"Authorization": "Bearer guess"})
        assert "Retry-After" in last.headers and check_problem(last, 429)
        assert KEY not in Path(running.errors).read_text(encoding="utf-8")
    with closing(open_ledger(place)) as ledger:
        assert not [run for run in ledger.unended_runs() if run.record.command == "rollback"]


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_and_exits_0(tmp_path: Path, name: signal.Signals) -> None:
    told(tmp_path / "out")
    with service(tmp_path / "out") as running:
        running.get("/v1/scores")
        running.process.send_signal(name)
        assert running.process.wait(40) == 0
