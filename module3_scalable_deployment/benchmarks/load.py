"""Put a server under load with wrk and see what it cost.

In: a command that starts a server, a request. Out: requests a second, CPU and delay of each.
Servers that are compared run at the same time and are loaded in turn, so that what else the
machine does hits all alike; CPU time is the server's own, read from the kernel.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What is asked: the path, the body as JSON, and by how many connections for how long."""

    path: str
    body: str
    connections: int = 16
    seconds: int = 3


@dataclass(frozen=True)
class Cost:
    """What one round of load found; the delay is that of 99 in 100 requests."""

    requests_per_second: float
    cpu_microseconds: float
    p99_milliseconds: float
    refused: int


def has_wrk() -> bool:
    """Return whether the load generator is here."""
    return shutil.which("wrk") is not None


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def server(words: Sequence[str], port: int, ready: str = "/openapi.json"
           ) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``python WORDS`` until the context ends; it is up when ``ready`` answers 200."""
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_ready(port, ready)
            yield process
        finally:
            process.terminate()


def wait_until_ready(port: int, path: str) -> float:
    """Return how long it took until ``path`` answered 200."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < 120:
        try:
            if requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == 200:
                return time.perf_counter() - begun
        except requests.ConnectionError:
            time.sleep(.01)
    raise TimeoutError(f"nothing answered on port {port}")


def cpu_seconds(process_id: int) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_megabytes(process_id: int) -> float:
    """Return the resident memory of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process_id}/status").read_text("utf-8"))
    return int(found[1]) / 1024 if found else float("nan")


def one_round(process_id: int, port: int, load: Load, folder: Path) -> Cost:
    """Load a running server once."""
    body, script = folder / "body.json", folder / "post.lua"
    body.write_text(load.body, encoding="utf-8")
    script.write_text("\n".join([
        'wrk.method = "POST"', 'wrk.headers["Content-Type"] = "application/json"',
        f'local file = io.open("{body}")', 'wrk.body = file:read("*a")', "file:close()", ""]),
        encoding="utf-8")
    before = cpu_seconds(process_id)
    said = subprocess.run(
        ["wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds}s", "--latency", "-s",
         str(script), f"http://127.0.0.1:{port}{load.path}"],
        capture_output=True, text=True, timeout=120, check=True).stdout
    used = cpu_seconds(process_id) - before
    count = _number(r"(\d+) requests in", said)
    return Cost(_number(r"Requests/sec:\s+([\d.]+)", said), 1e6 * used / max(count, 1),
                _delay(said), int(_number(r"Non-2xx or 3xx responses: (\d+)", said)))


def side_by_side(commands: Mapping[str, Sequence[str]], loads: Mapping[str, Load], folder: Path,
                 rounds: int) -> dict[str, Cost]:
    """Run all servers, load them in turn, and return the medians.

    Parameters
    ----------
    commands : mapping of str to sequence of str
        Words after ``python``; ``{port}`` stands for the port.
    loads : mapping of str to Load
        What each is asked.
    folder : Path
        For files of the load generator.
    rounds : int

    Returns
    -------
    dict of str to Cost
    """
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    with ExitStack() as stack:
        running = {}
        for name, words in commands.items():
            port = free_port()
            process = stack.enter_context(
                server([word.format(port=port) for word in words], port))
            running[name] = process.pid, port
        for number in range(rounds + 1):  # the first warms up
            for name, (process_id, port) in running.items():
                cost = one_round(process_id, port, loads[name], folder)
                if number:
                    found[name].append(cost)
    return {name: _median(costs) for name, costs in found.items()}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.requests_per_second for cost in costs),
                statistics.median(cost.cpu_microseconds for cost in costs),
                statistics.median(cost.p99_milliseconds for cost in costs),
                sum(cost.refused for cost in costs))


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def _delay(said: str) -> float:
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    return float(found[1]) * {"us": .001, "ms": 1, "s": 1000}[found[2]] if found else float("nan")
