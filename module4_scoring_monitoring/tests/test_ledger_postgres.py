"""The ledger on a real PostgreSQL server: the same promises, kept by other means."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from postgres_server import server_running
from sqlalchemy import create_engine, text

from riskwatch.errors import LedgerError
from riskwatch.ingest import ingest
from riskwatch.ledger import Query, open_ledger
from riskwatch.ledger_audit import audit_ledger, save_heads
from riskwatch.ledger_engine import writing
from riskwatch.records import File, Run, Step
from riskwatch.web.ledger_reader import LedgerReader
from riskwatch.workplace import Workplace

STEP = Step(step="score", outcome="done", seconds=0.1)


@pytest.fixture(name="server", scope="module")
def server_fixture() -> Iterator[str]:
    """The address of a server; each test takes a database of its own."""
    with server_running() as address:
        yield address


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


RUN = Run(command="cycle", trigger="cron", program_version="1", process_id=1)


@pytest.fixture(name="there")
def there_fixture(server: str, place: Workplace) -> Workplace:
    """A workplace whose ledger is in an empty database of the server."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS web"))
        connection.execute(text("CREATE DATABASE web"))
    engine.dispose()
    return Workplace(place.out, place.settings, place.clock,
                     ledger_url=server.removesuffix("/postgres") + "/web")


def test_the_service_reads_a_server_and_the_server_refuses_its_writes(there: Workplace) -> None:
    with closing(open_ledger(there)) as ledger, closing(LedgerReader(there)) as reader:
        ledger.append(RUN)
        states = [reader.state(), reader.state()]
        assert reader.ledger().latest(Run) == ledger.latest(Run)
        for write in (lambda: reader.ledger().append(RUN), lambda: reader.ledger().claim("x")):
            with pytest.raises(LedgerError, match="read-only transaction"):
                write()
        with pytest.raises(LedgerError, match="read-only transaction"), writing(
                reader.ledger().engine) as connection:
            connection.execute(text("CREATE TABLE mine (x int)"))
        ledger.append(RUN)
        states.append(reader.state())
        assert states[0] == states[1] != states[2]
        assert [entry.id for entry in reader.ledger().page(Run).entries] == [2, 1]


def test_the_service_makes_no_ledger_on_a_server(there: Workplace) -> None:
    with closing(LedgerReader(there)) as reader, pytest.raises(LedgerError):
        reader.ledger().latest(Run)
    with closing(LedgerReader(there)) as reader, pytest.raises(LedgerError):
        reader.state()
    engine = create_engine(there.ledger_url or "")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM pg_tables WHERE schemaname = 'public'"))
        assert not found.all()
    engine.dispose()


def test_the_service_survives_a_server_that_went_away_and_came_back(there: Workplace) -> None:
    with closing(open_ledger(there)) as ledger:
        ledger.append(RUN)
    with closing(LedgerReader(there)) as reader:
        assert reader.ledger().latest(Run) is not None
        engine = create_engine((there.ledger_url or "").removesuffix("/web") + "/postgres")
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                    "WHERE datname = 'web'"))
        engine.dispose()
        with pytest.raises(LedgerError, match="the ledger's server"):
            reader.ledger().latest(Run)
        assert reader.ledger().latest(Run) is not None
