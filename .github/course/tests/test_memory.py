"""All processes of a job together may not take more memory than a job may."""

import os
import time

import pytest
from small_rubric import needs_bubblewrap, session_of

from coursekit import sandbox
from coursekit.inside.memory import memory_of, memory_of_all

MIB = 1024 ** 2
#: Each process takes less than it may; all together they take too much. One sleeps and is small.
SPREAD = f'''
import os, time
def spread(contract, each, count, is_hidden):
    """Take memory in several processes and keep it."""
    for _ in range(count):
        if os.fork() == 0:
            if is_hidden:
                import ctypes
                ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
            kept = bytearray(os.urandom({MIB})) * each
            time.sleep(20)
            os._exit(0)
    time.sleep(6)
    return "all was taken"
'''


def spread(folder, each, count, is_hidden=False):
    """Run that in a sandbox whose jobs may take 300 MiB in all; return answer and seconds."""
    limits = sandbox.Limits(total_bytes=300 * MIB)
    job = {"kind": "run", "name": "spread", "source": SPREAD, "functions": {}, "path": [],
           "seconds": 15, "kwargs": {"each": each, "count": count, "is_hidden": is_hidden}}
    start = time.monotonic()
    with session_of(folder, limits=limits) as session:
        return session.run(job), time.monotonic() - start


@needs_bubblewrap
@pytest.mark.parametrize("is_hidden", [False, True])
def test_many_processes_that_are_each_small_enough_are_ended(tmp_path, is_hidden):
    answer, seconds = spread(tmp_path, 100, 5, is_hidden)
    assert answer["ended"] == "memory" and answer["answer"] is None
    assert seconds < 6


@needs_bubblewrap
def test_a_few_processes_within_the_limit_are_left_alone(tmp_path):
    answer, _ = spread(tmp_path, 20, 5)
    assert answer["ended"] == "done" and "all was taken" in answer["answer"]


def test_memory_is_that_of_the_process_and_shared_pages_count_once():
    before = memory_of(os.getpid())
    kept = bytearray(os.urandom(MIB)) * 64
    grown = memory_of(os.getpid())
    assert 60 * MIB < grown - before < 80 * MIB
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)  # pylint: disable=protected-access
        children.append(child)
    shared = sum(memory_of(child) for child in children) + memory_of(os.getpid())
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert shared < grown + 40 * MIB and len(kept) == 64 * MIB
    assert memory_of(children[0]) == 0


def test_processes_that_do_not_belong_are_not_counted():
    own = memory_of(os.getpid())
    everything = memory_of_all(set())
    assert everything >= own > 0
    assert memory_of_all({int(name) for name in os.listdir("/proc") if name.isdigit()}) \
        < everything
