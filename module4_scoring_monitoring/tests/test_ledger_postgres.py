"""The ledger on a real PostgreSQL server: the same promises, kept by other means."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from riskwatch.errors import LedgerError
from riskwatch.ingest import ingest
from riskwatch.ledger import Query, open_ledger
from riskwatch.ledger_audit import audit_ledger, save_heads
from riskwatch.ledger_engine import writing
from riskwatch.records import File, Step
from riskwatch.workplace import Workplace

STEP = Step(step="score", outcome="done", seconds=0.1)


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian and Homebrew keep them off PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    for keeper, pattern in (("/usr/lib/postgresql", "*/bin"),
                            ("/opt/homebrew/opt", "postgresql@*/bin")):
        folders += sorted(Path(keeper).glob(pattern), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@pytest.fixture(name="server")
def server_fixture() -> Iterator[str]:
    """A server of our own on a free port, and its address; stopped by its own folder."""
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


def test_a_ledger_on_a_server_keeps_every_promise(server: str, place: Workplace,
                                                  tmp_path: Path) -> None:
    there = Workplace(place.out, place.settings, place.clock, ledger_url=server)
    with closing(open_ledger(there)) as ledger:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "activity_2026-01-01.csv").write_text(
            "corporation,lastmonth_activity,lastyear_activity,number_of_employees,exited\n"
            "abcd,1,2,3,0\nefgh,1,2,,\n", encoding="utf-8")
        assert ingest(there, ledger, [tmp_path / "in"]).new_rows == 2
        assert ingest(there, ledger, [tmp_path / "in"]).known == 1
        file = ledger.latest(File)
        assert file and (file.record.missing_values, file.record.period) == (1, "2026-01-01")

        def write(number: int) -> bool:
            with closing(open_ledger(there)) as own:
                own.append(STEP, run_id=number)
                return own.claim("work")

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(write, range(12))) == 1
        assert [entry.id for entry in ledger.entries(Step, Query(newest_first=False))] == list(
            range(1, 13))
        page = ledger.page(Step, Query(since=place.clock().replace(year=2020)), limit=5)
        rest = ledger.page(Step, Query(since=place.clock().replace(year=2020)), limit=50,
                           cursor=page.next_cursor)
        assert len({entry.id for entry in (*page.entries, *rest.entries)}) == 12
        for statement in ("UPDATE steps SET seconds = 2", "DELETE FROM steps", "TRUNCATE steps"):
            with pytest.raises(LedgerError, match="append-only"), writing(
                    ledger.engine) as connection:
                connection.execute(text(statement))
        save_heads(there, ledger)
        assert audit_ledger(there, ledger).is_sound
    assert not there.ledger.exists()
