"""Addresses of ledgers: which are taken, and that no fault tells a password."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_backup import back_up, restore
from riskwatch.ledger_engine import make_engine, reading, sqlite_url
from riskwatch.records import Step
from riskwatch.web.ledger_reader import LedgerReader
from riskwatch.workplace import Workplace

ODD = ["a b", "a?b=c&d", "50%", "%41", "#1", "a#b?c%", "é:@", "100%25", "?mode=memory", "it's"]


def test_sqlite_survives_a_power_cut(ledger: Ledger) -> None:
    with reading(ledger.engine) as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "trusted_schema")]
    assert values == ["wal", 2, 0]


@pytest.mark.parametrize("url", [
    "", "nonsense", "mysql://me:sesame@host/x", "oracle://me:sesame@host/x",
    "postgresql+none://me:sesame@host/x"])
def test_other_addresses_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        make_engine(url)
    assert "sesame" not in str(caught.value) and "PostgreSQL" in str(caught.value) or \
        "postgresql" in str(caught.value)


def test_a_server_that_is_away_is_one_plain_line() -> None:
    engine = make_engine("postgresql+psycopg://me:sesame@127.0.0.1:1/x")
    with pytest.raises(LedgerError) as caught, reading(engine):
        pytest.fail("connected")
    assert str(caught.value).startswith("the ledger's server: ")
    assert "sesame" not in str(caught.value) and str(caught.value).isprintable()


@pytest.mark.parametrize("name", ODD)
def test_a_folder_of_any_name_holds_its_ledger_and_nothing_stands_beside_it(
        tmp_path: Path, name: str) -> None:
    assert make_url(sqlite_url(tmp_path / name)).database == str(tmp_path / name)
    place = Workplace(tmp_path / name)
    with closing(open_ledger(place)) as ledger:
        ledger.append(Step(step="score", outcome="done", seconds=1.0))
        with closing(LedgerReader(place)) as reader:
            assert reader.ledger().latest(Step) == ledger.latest(Step)
        back_up(place, tmp_path / name / "backup ?#%.sqlite")
    assert place.ledger.is_file() and [path.name for path in tmp_path.iterdir()] == [name]
    restore(place, tmp_path / name / "backup ?#%.sqlite")


def test_a_relative_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                              ) -> None:
    monkeypatch.chdir(tmp_path)
    open_ledger(Workplace(Path("what? 50%"))).close()
    assert (tmp_path / "what? 50%" / "ledger.sqlite").is_file()
