"""The server inside of the sandbox: read a job, fork, run it there, answer with one line.

In: a line of JSON on standard input for each job. Out: a line of JSON for each on standard output.
Heavy libraries are loaded once, before the forks. A job's process owns neither of the two ends.
"""

import base64
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from typing import Any, BinaryIO

from coursekit.inside import jobs, traces
from coursekit.inside.beginning import become_nobody, preload, set_dumpable
from coursekit.inside.memory import memory_of_all
from coursekit.inside.outcome import END, collect, drain, is_dead, snapshot

#: So long the server waits for the processes of a job to be gone before the next one starts.
DYING_SECONDS = 5


class Server:
    """Runs jobs one after the other, each in a fresh folder and a fresh process."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.submission: str = config["submission"]
        self.room: str = config["room"]
        self.limits: dict[str, int] = config["limits"]
        self.isolated: bool = os.stat("/proc/self/ns/pid").st_ino != config["host_pid_namespace"] \
            if config["host_pid_namespace"] else False
        self.grader = os.getppid()
        self.count = 0
        self.kept = traces.remember("/tmp/mpl") if self.isolated else {}

    def answer(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run one job and return what is to be said about it."""
        self.count += 1
        folder = os.path.join(self.room, f"job{self.count}")
        os.mkdir(folder)
        if job.get("copy"):
            folder = os.path.join(folder, "submission")
            shutil.copytree(self.submission, folder, symlinks=True)
            os.chmod(folder, 0o755)
        for name, text in job.get("files", {}).items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(text))
        before = snapshot(folder)
        found = self.fork(job, folder)
        if job.get("collect", True):
            found["files"] = collect(folder, before)
        # Nothing of a job is left for the next; the list of fonts is made once.
        traces.clear([self.room, *(("/tmp", "/dev/shm") if self.isolated else ())], self.kept)
        return found

    def fork(self, job: dict[str, Any], folder: str) -> dict[str, Any]:
        """Run the job in a child and return its answer, output and end."""
        pipes = [os.pipe() for _ in range(3)]
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            self.be_child(job, folder, pipes)
        for _, write in pipes:
            os.close(write)
        ends, deadline = [read for read, _ in pipes], start + job["seconds"]
        texts, ended = drain(ends, deadline, self.is_too_large)
        self.kill_others(child)
        _, status, usage = os.wait4(child, 0)
        return {"answer": texts[0].decode("utf-8", "replace") or None,
                "stdout": texts[1].decode("utf-8", "replace"),
                "stderr": texts[2].decode("utf-8", "replace"), "ended": ended,
                "code": os.waitstatus_to_exitcode(status),
                "seconds": round(time.monotonic() - start, 3),
                "cpu": round(usage.ru_utime + usage.ru_stime, 3)}

    def be_child(self, job: dict[str, Any], folder: str, pipes: list[tuple[int, int]]) -> None:
        """Run the job in this process and never return."""
        try:
            os.setsid()
            (_, result), (_, out), (_, err) = pipes
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out, 1)
            os.dup2(err, 2)
            result = os.dup2(result, 200, inheritable=False)
            os.closerange(3, 200)
            os.chdir(folder)
            os.environ["PWD"] = folder
            set_dumpable(1)
            self.set_limits(job)
            sys.stdin, sys.stdout, sys.stderr = (  # pylint: disable-next=consider-using-with
                open(at, mode, encoding="utf-8", errors="backslashreplace", buffering=1)
                for at, mode in ((0, "r"), (1, "w"), (2, "w")))
            sys.argv = [job.get("name") or job["kind"]]
            for name in ("stdin", "stdout", "stderr"):
                setattr(sys, f"__{name}__", getattr(sys, name))
            mine = os.getpid()
            given = json.dumps(jobs.run_job(job, folder if job.get("copy") else self.submission))
            sys.stdout.flush()
            if os.getpid() != mine:
                # A process that the submission forked came back here; it answers nothing.
                os._exit(0)  # pylint: disable=protected-access
            view = memoryview(given.encode("utf-8", "replace") + END)
            while view:
                view = view[os.write(result, view):]
        except BaseException:  # pylint: disable=broad-exception-caught  # nothing may leave a child
            os.write(2, traceback.format_exc()[-2000:].encode("utf-8", "replace"))
        finally:
            os._exit(0)  # pylint: disable=protected-access

    def set_limits(self, job: dict[str, Any]) -> None:
        """Limit this process and all that it starts."""
        cpu = int(job["seconds"]) + 2
        for kind, most in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0),
                           (resource.RLIMIT_AS, self.limits["memory_bytes"]),
                           (resource.RLIMIT_FSIZE, self.limits["file_bytes"]),
                           (resource.RLIMIT_NOFILE, self.limits["open_files"]),
                           (resource.RLIMIT_NPROC, self.limits["processes"])):
            if kind == resource.RLIMIT_NPROC and not self.isolated:
                continue
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))

    def is_too_large(self) -> bool:
        """Tell whether the job takes more memory than it may, or nobody waits for it any more."""
        return self.is_orphan() or (
            self.isolated and memory_of_all({1, os.getpid()}) > self.limits["total_bytes"])

    def is_orphan(self) -> bool:
        """Tell whether the grader was killed; bubblewrap then kills us, else we end by this."""
        return os.getppid() != self.grader

    def kill_others(self, child: int) -> None:
        """End the job's processes: all but ours in our own namespace, else its group."""
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + DYING_SECONDS
        while self.isolated and time.monotonic() < deadline:
            others = [int(name) for name in os.listdir("/proc") if name.isdigit()
                      and int(name) not in (1, os.getpid()) and not is_dead(name)]
            if not others:
                return
            for other in others:
                try:
                    os.kill(other, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass
            # On a busy machine a killed process takes its time to go.
            time.sleep(0.005)


def take_ends() -> tuple[BinaryIO, BinaryIO]:
    """Move the grader's two pipes away from 0 and 1, so that no print can reach them."""
    read, write = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    # pylint: disable-next=consider-using-with  # open as long as the server lives
    return open(read, "rb"), open(write, "wb")


def main() -> None:
    """Serve until standard input ends."""
    requests, answers = take_ends()
    config = json.loads(requests.readline())
    become_nobody(config["user"])
    set_dumpable(0)
    preload(config["preload"])
    server = Server(config)
    answers.write(b'"ready"\n')
    answers.flush()
    for job in map(json.loads, requests):
        try:
            found = server.answer(job)
        except Exception:  # pylint: disable=broad-exception-caught  # told, never silent
            found = {"server_fault": traceback.format_exc()[-2000:]}
        if server.is_orphan():
            break
        answers.write(json.dumps(found).encode("utf-8") + b"\n")
        answers.flush()
    if server.is_orphan() and not server.isolated:
        shutil.rmtree(server.room, ignore_errors=True)


if __name__ == "__main__":
    main()
