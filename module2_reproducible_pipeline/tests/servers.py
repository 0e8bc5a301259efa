"""Real servers on loopback for tests: ours, MLflow's, and PostgreSQL behind it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

_PATIENCE_SECONDS = 180


def free_port():
    """Return a port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mlflow_server(store, folder):
    """Run `mlflow server` on a database; yield its address; stop it and its workers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "w", encoding="utf-8") as log:
        with subprocess.Popen(
                [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port",
                 str(port), "--workers", "1", "--backend-store-uri", store,
                 "--artifacts-destination", str(folder / "artifacts")],
                stdout=log, stderr=log, cwd=folder, start_new_session=True,
                env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}) as process:
            try:
                _wait_for(address, process, folder / "server.log")
                yield address
            finally:
                os.killpg(process.pid, signal.SIGKILL)


def _wait_for(address, process, log):
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{address}/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(.2)
    pytest.fail(f"mlflow server did not start: {log.read_text('utf-8')[-2000:]}")


def innermost(number):
    """Return the id of the process that a chain of wrappers runs, such as a container's."""
    while children := "".join(path.read_text("utf-8") for path in Path(
            f"/proc/{number}/task").glob("*/children")).split():
        number = int(children[-1])
    return number


@contextmanager
def serving(*words, command=(), **how):
    """Run a module or a command that serves; yield its address; stop it by its own id."""
    with subprocess.Popen(command or [sys.executable, "-m", *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **how) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on http://127.0.0.1:"), process.stderr.read()
            yield line.split()[-1]
        finally:
            os.kill(innermost(process.pid), signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert "Traceback" not in said, said


@contextmanager
def postgresql():
    """Make and run a database cluster of our own; yield the address of its database."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: `make doctor` at the root says how")
    # PostgreSQL refuses to run as root, so root lends it a user.
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": ()
               } if os.geteuid() == 0 else {}
    folder, port = Path(tempfile.mkdtemp(prefix="rentals-postgres-")), free_port()

    def run(program, *words):
        subprocess.run([programs / program, "-D", folder / "data", *words], check=True,
                       cwd=folder, stdout=subprocess.DEVNULL, **as_user)

    try:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C")
        run("pg_ctl", "-w", "-s", "-l", folder / "log", "start", "-o",
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs():
    """Return the folder of PostgreSQL's programs; Debian and Homebrew keep them off PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    for keeper, pattern in (("/usr/lib/postgresql", "*/bin"),
                            ("/opt/homebrew/opt", "postgresql@*/bin"),
                            ("/usr/local/opt", "postgresql@*/bin")):
        folders += sorted(Path(keeper).glob(pattern), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)
