"""Before each grading a canary tries to get out of the sandbox, and must not be able to.

In: the isolation. Out: one line for each thing that was tried; a failed one ends the grading.
"""

import json
import os
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from coursekit import sandbox
from coursekit.session import Session, SessionEnded

SECRET = "COURSEKIT_CANARY"
PROBE = '''
def tries(contract, port, outside, pid):
    """Try to get out in each way and tell how it ended."""
    import os, socket
    def attempt(action):
        try:
            action()
            return "done"
        except BaseException as fault:
            return type(fault).__name__
    def connect():
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            pass
    def write(path):
        with open(path, "w") as file:
            file.write("x")
    def large():
        with open("large", "wb") as file:
            file.seek(1 << 34)
            file.write(b"x")
    def fork():
        for _ in range(2000):
            if os.fork() == 0:
                import time
                time.sleep(30)
                os._exit(0)
    return {
        "reach the network": attempt(connect),
        "read a file outside": attempt(lambda: open(outside).read()),
        "write a file outside": attempt(lambda: write(outside + ".new")),
        "write into the submission": attempt(lambda: write("/submission/new")),
        "signal a process outside": attempt(lambda: os.kill(pid, 0)),
        "see the grader's variables": "done" if "''' + SECRET + '''" in os.environ else "hidden",
        "be root": "done" if os.geteuid() == 0 else "a number of its own",
        "take 8 GiB of memory": attempt(lambda: bytearray(8 << 30)),
        "write a file of 16 GiB": attempt(large),
        "start 2000 processes": attempt(fork),
    }
'''


@dataclass(frozen=True)
class Attempt:
    """One thing that was tried."""

    name: str
    blocked: bool
    ended: str


def send_canary(isolation: str) -> list[Attempt]:
    """Return what the canary tried; nothing is tried where there is no sandbox.

    Parameters
    ----------
    isolation : str
        The isolation of the grading to come.

    Raises
    ------
    SandboxError
        When the sandbox does not hold.
    """
    if isolation != sandbox.STRONG:
        return []
    with tempfile.TemporaryDirectory(prefix="canary") as name, socket.socket() as door:
        folder = Path(name)
        (folder / "outside").write_text("not for the canary", encoding="utf-8")
        (folder / "empty").mkdir()
        door.bind(("127.0.0.1", 0))
        door.listen()
        job = {"kind": "run", "name": "tries", "source": PROBE, "functions": {}, "path": [],
               "seconds": 20, "kwargs": {"port": door.getsockname()[1], "pid": os.getpid(),
                                         "outside": str(folder / "outside")}}
        os.environ[SECRET] = "1"
        try:
            with Session(folder / "empty", Path(sys.executable), isolation, preload=()) as session:
                answer = session.run(job)
            tried = dict(json.loads(answer["answer"])["value"]["$items"])
        except (SessionEnded, ValueError, KeyError, TypeError) as fault:
            raise sandbox.SandboxError(f"the canary did not come back: {fault}") from fault
        finally:
            del os.environ[SECRET]
    found = [Attempt(str(what), how != "done", str(how)) for what, how in tried.items()]
    escaped = [attempt.name for attempt in found if not attempt.blocked]
    if escaped:
        raise sandbox.SandboxError(f"the sandbox does not hold here: it can {', '.join(escaped)}")
    return found
