"""Several sandboxes of one submission: together, in turn, and gone at the end."""

import time

import pytest
from small_rubric import needs_bubblewrap, pool_of, write_submission

from coursekit import pool as pools
from coursekit.pool import Pool
from coursekit.session import SessionEnded

SLEEP = "import time\n\n\ndef double(number):\n    time.sleep(number)\n    return number\n"


class Quick:
    """A sandbox that only says which one it is."""

    def __init__(self, name):
        self.name, self.ended, self.closed = name, 0, 0

    def run(self, job):
        """Answer, or break off."""
        if job == "break":
            raise SessionEnded("broken")
        return {"by": self.name}

    def end(self):
        """Count."""
        self.ended += 1

    def close(self):
        """Count."""
        self.closed += 1


def test_the_sandbox_that_was_used_last_is_used_again_and_all_are_closed(tmp_path):
    made = []
    pool = Pool(tmp_path, lambda: made.append(Quick(len(made))) or made[-1], 3)
    assert {pool.run({})["by"] for _ in range(5)} == {2}
    with pytest.raises(SessionEnded):
        pool.run("break")
    assert pool.run({})["by"] == 2
    assert pool.begin(lambda value, more: value + more, 1, more=2).result() == 3
    pool.close()
    assert [(quick.ended, quick.closed) for quick in made] == [(1, 1)] * 3


def test_there_is_a_sandbox_for_each_core_and_never_many(monkeypatch):
    for cores, expected in ((1, 1), (2, 2), (64, pools.MOST)):
        monkeypatch.setattr(pools.os, "sched_getaffinity", lambda _, many=cores: range(many))
        assert pools.count_cores() == expected


def job_of(seconds):
    """Return a job that sleeps inside."""
    return {"kind": "call", "name": "double", "functions": {"double": ["numbers_library:double"]},
            "args": [seconds], "kwargs": {}, "path": ["."], "seconds": 20}


@needs_bubblewrap
def test_jobs_run_side_by_side(tmp_path):
    pool = pool_of(write_submission(tmp_path / "s", {"numbers_library.py": SLEEP}))
    begun = [pool.begin(pool.run, job_of(0)) for _ in range(2)]
    assert all('"ok": true' in future.result()["answer"] for future in begun)
    start = time.monotonic()
    begun = [pool.begin(pool.run, job_of(5)) for _ in range(2)]
    assert all('"ok": true' in future.result()["answer"] for future in begun)
    assert time.monotonic() - start < 9.5
    pool.close()


@needs_bubblewrap
def test_closing_does_not_wait_for_a_job(tmp_path):
    pool = pool_of(write_submission(tmp_path / "s", {"numbers_library.py": SLEEP}))
    pool.run(job_of(0))
    begun = [pool.begin(pool.run, job_of(15)) for _ in range(4)]
    time.sleep(0.5)
    start = time.monotonic()
    pool.close()
    assert time.monotonic() - start < 8
    assert all(future.cancelled() or isinstance(future.exception(), SessionEnded)
               for future in begun)
