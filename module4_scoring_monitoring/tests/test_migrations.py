"""A ledger of any age becomes one of today, with its rows as they were."""

from contextlib import closing

import pytest
from sqlalchemy import inspect

from riskwatch import migrations
from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_audit import audit_ledger
from riskwatch.ledger_engine import make_engine, reading, sqlite_url, writing
from riskwatch.migrations import NEWEST, STEPS, ledger_version, migrate
from riskwatch.records import Alert, Step
from riskwatch.tables import METADATA, VERSION_TABLE
from riskwatch.workplace import Workplace


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_an_old_ledger_is_brought_up_to_date(place: Workplace, version: int) -> None:
    place.out.mkdir()
    engine = make_engine(sqlite_url(place.ledger))
    with writing(engine) as connection:
        migrate(connection, "2020", upto=version)
    old = Ledger(engine, place.clock)
    entry = old.append(Step(step="old", outcome="done", seconds=1.0))[0]
    old.close()
    with closing(open_ledger(place)) as ledger:
        with reading(ledger.engine) as connection:
            assert ledger_version(connection) == NEWEST
        assert ledger.get(Step, 1) == entry
        assert ledger.append(Alert(incident="x", event="opened"))[0].id == 1
        assert audit_ledger(place, ledger).is_sound


def test_version_1_had_no_alerts(place: Workplace) -> None:
    place.out.mkdir()
    engine = make_engine(sqlite_url(place.ledger))
    with writing(engine) as connection:
        assert migrate(connection, "2020", upto=1) == 0
        assert "alerts" not in inspect(connection).get_table_names()


def test_all_steps_together_make_every_table(ledger: Ledger) -> None:
    with reading(ledger.engine) as connection:
        assert set(inspect(connection).get_table_names()) == set(METADATA.tables)
        assert list(connection.execute(VERSION_TABLE.select().with_only_columns(
            VERSION_TABLE.c.version))) == [(version,) for version in STEPS]


def test_a_newer_ledger_is_left_alone(place: Workplace, ledger: Ledger) -> None:
    with writing(ledger.engine) as connection:
        connection.execute(VERSION_TABLE.insert().values(version=NEWEST + 1, made_utc="2030"))
    with pytest.raises(LedgerError, match=f"has version {NEWEST + 1}, this program knows"):
        open_ledger(place)


def test_a_failing_step_leaves_the_old_version(place: Workplace, ledger: Ledger,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE half (x)")  # type: ignore[attr-defined]
        raise LedgerError("the step failed")

    monkeypatch.setitem(STEPS, NEWEST + 1, fail)
    monkeypatch.setattr(migrations, "NEWEST", NEWEST + 1)
    with pytest.raises(LedgerError, match="the step failed"), writing(
            ledger.engine) as connection:
        migrate(connection, "2030", upto=NEWEST + 1)
    with reading(ledger.engine) as connection:
        assert ledger_version(connection) == NEWEST
        assert "half" not in inspect(connection).get_table_names()
    assert place.ledger.exists()
