"""Twice what the service can take: who finds no place is told so, and nobody is cut off."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from running_service import Running, service
from served_models import POOR, release_into

PLACES = 32
SECONDS = pytest.mark.parametrize("seconds", [2, pytest.param(30, marks=pytest.mark.soak)])
pytestmark = pytest.mark.skipif(shutil.which("wrk") is None,
                                reason="no wrk: apt-get install wrk")

#: Counts answers by status, and refusals that do not say when to come back, or are no problem.
_SCRIPT = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = io.open("{body}")
wrk.body = file:read("*a")
file:close()
answered, refused, impolite, other = 0, 0, 0, 0
local threads = {{}}
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
  if status == 200 then answered = answered + 1
  elseif status == 503 or status == 429 then
    refused = refused + 1
    local after, kind
    for name, value in pairs(headers) do
      if name:lower() == "retry-after" then after = tonumber(value) end
      if name:lower() == "content-type" then kind = value end
    end
    if not after or after < 1 or kind ~= "application/problem+json" then
      impolite = impolite + 1
    end
  else other = other + 1 end
end
function done(summary, latency, requests)
  local errors = summary.errors
  for _, thread in ipairs(threads) do
    io.write(string.format('{{"answered": %d, "refused": %d, "impolite": %d, "other": %d, ' ..
      '"cut_off": %d, "unconnected": %d, "timed_out": %d, "p99_milliseconds": %.1f}}\\n',
      thread:get("answered"), thread:get("refused"), thread:get("impolite"),
      thread:get("other"), errors.read + errors.write, errors.connect, errors.timeout,
      latency:percentile(99) / 1000))
  end
end
"""


@dataclass(frozen=True)
class Seen:  # pylint: disable=too-many-instance-attributes  # a record
    """What callers saw: answers by kind, and connections that broke."""

    answered: int
    refused: int
    impolite: int
    other: int
    cut_off: int
    unconnected: int
    timed_out: int
    p99_milliseconds: float


def load(running: Running, folder: Path, body: str, callers: int, seconds: int) -> Seen:
    """Let so many callers ask again and again, each when it was answered."""
    (folder / "body.json").write_text(body, encoding="utf-8")
    (folder / "count.lua").write_text(_SCRIPT.format(body=folder / "body.json"), encoding="utf-8")
    said = subprocess.run(
        ["wrk", "-t1", f"-c{callers}", f"-d{seconds}s", "--timeout", "10s", "-s",
         str(folder / "count.lua"), f"{running.address}/v1/predictions"],
        capture_output=True, text=True, timeout=seconds + 60, check=True).stdout
    found = re.search(r"^\{.*\}$", said, re.MULTILINE)
    assert found, said
    return Seen(**json.loads(found[0]))


def check(seen: Seen, alone: Seen) -> None:
    """Nobody was cut off, who was refused knows when to return, and work went on."""
    assert seen.other == seen.impolite == seen.cut_off == seen.unconnected == seen.timed_out == 0
    assert seen.refused > 0 and alone.refused == 0
    assert seen.answered > alone.answered / 4


@SECONDS
def test_at_twice_the_connections_the_rest_is_told_to_come_back(
        tmp_path: Path, seconds: int, say: Callable[[str], None]) -> None:
    release_into(tmp_path)
    body = json.dumps(POOR)
    with service(tmp_path, "--most-connections", str(PLACES)) as running:
        alone = load(running, tmp_path, body, PLACES - 2, seconds)
        seen = load(running, tmp_path, body, 2 * PLACES, seconds)
        assert running.post(POOR).status_code == 200
    say(f"twice the connections for {seconds} s: {seen}; within the limit: {alone}")
    check(seen, alone)


@SECONDS
def test_at_twice_the_places_the_rest_is_told_to_come_back(
        tmp_path: Path, seconds: int, say: Callable[[str], None]) -> None:
    """Large bodies come in parts, and each holds a place until it has come."""
    release_into(tmp_path)
    body = json.dumps([POOR] * 1000)
    with service(tmp_path, "--most-active", "4") as running:
        alone = load(running, tmp_path, body, 4, seconds)
        seen = load(running, tmp_path, body, 8, seconds)
        assert running.post(POOR).status_code == 200
    say(f"twice the places for {seconds} s: {seen}; within the limit: {alone}")
    check(seen, alone)
