"""A workplace names its rooms, and keeps the ledger's address to itself."""

from datetime import UTC
from pathlib import Path

from riskwatch.workplace import Workplace


def test_everything_lies_below_the_folder() -> None:
    place = Workplace(Path("x"))
    for path in (place.inbox, place.quarantine, place.data, place.ledger, place.heads,
                 place.releases, place.reports, place.logs):
        assert path.parent == Path("x")
    assert place.clock().tzinfo is UTC


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in repr(Workplace(Path("x"), ledger_url="postgresql://me:sesame@host/x"))
