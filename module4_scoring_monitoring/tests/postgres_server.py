"""A PostgreSQL server of our own, for the tests that want a true one."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian and Homebrew keep them off PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    for keeper, pattern in (("/usr/lib/postgresql", "*/bin"),
                            ("/opt/homebrew/opt", "postgresql@*/bin")):
        folders += sorted(Path(keeper).glob(pattern), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@contextmanager
def server_running() -> Iterator[str]:
    """Yield the address of a server of our own on a free port; stopped by its own folder."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: `make doctor` at the root says how")
    # It refuses to run as root, so root lends it a user, and a folder that this user can reach.
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": ()
                            } if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="riskwatch-postgres-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(name: str, *words: str) -> None:
        subprocess.run([str(programs / name), "-D", str(folder / "data"), *words], check=True,
                       stdout=subprocess.DEVNULL, cwd=folder, **user)

    try:
        if user:
            shutil.chown(folder, "postgres", "postgres")
        run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-p {port} -c fsync=off "
            "-c listen_addresses=127.0.0.1 -c unix_socket_directories=''", "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
