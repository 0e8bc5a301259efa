"""Addresses of ledgers: which are taken, and that no fault tells a password."""

import pytest

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger
from riskwatch.ledger_engine import make_engine, reading


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
