"""Generated requests by the thousand: whatever the API's own description allows, or does not.

schemathesis reads ``/openapi.json`` of a running service and checks every answer against it.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running_service import service
from served_models import release_into


def fuzz(address: str, folder: Path, *words: str) -> int:
    """Run schemathesis with all of its checks and phases; return how many cases it made."""
    found = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", address + "/openapi.json",
         "--checks", "all", "--no-color", *words],
        cwd=folder, capture_output=True, text=True, timeout=1500, check=False)
    assert found.returncode == 0, found.stdout[-5000:] + found.stderr[-1000:]
    made = re.search(r"(\d+) generated", found.stdout)
    assert made and "passed" in found.stdout, found.stdout[-3000:]
    return int(made[1])


def test_hundreds_of_generated_requests_find_no_fault(tmp_path: Path,
                                                      say: Callable[[str], None]) -> None:
    release_into(tmp_path)
    with service(tmp_path) as running:
        cases = fuzz(running.address, tmp_path, "--seed", "1", "-n", "280",
                     "--phases", "examples,fuzzing")
        assert 'status="4' in running.get("/metrics").text
        assert 'status="5' not in running.get("/metrics").text
        assert running.get("/health/ready").status_code == 200
    say(f"schemathesis: {cases} generated requests, 0 faults")
    assert cases >= 500


@pytest.mark.soak
def test_ten_thousand_generated_requests_find_no_fault(tmp_path: Path,
                                                       say: Callable[[str], None]) -> None:
    release_into(tmp_path)
    cases = 0
    with service(tmp_path) as running:
        for seed in (1, 2, 3):
            cases += fuzz(running.address, tmp_path, "--seed", str(seed), "-n", "250")
        metrics = running.get("/metrics").text
        assert 'status="4' in metrics and 'status="5' not in metrics
    say(f"schemathesis: {cases} generated requests with 3 seeds, 0 faults")
    assert cases >= 10_000
