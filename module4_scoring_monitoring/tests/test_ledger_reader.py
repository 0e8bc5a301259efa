"""The service's view of the ledger: it cannot write, sees each commit, follows a restored file."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import Run
from riskwatch.web.ledger_reader import LedgerReader
from riskwatch.workplace import Workplace

RUN = Run(command="x", trigger="api", program_version="1", process_id=1)


def test_without_a_ledger_it_says_so_and_makes_none(place: Workplace) -> None:
    with closing(LedgerReader(place)) as reader:
        for ask in (reader.ledger, reader.state):
            with pytest.raises(LedgerError, match="no ledger yet"):
                ask()
    assert not place.out.exists()


def test_the_database_itself_refuses_to_write(place: Workplace, ledger: Ledger) -> None:
    ledger.append(RUN)
    with closing(LedgerReader(place)) as reader:
        assert reader.ledger().latest(Run) == ledger.latest(Run)
        with pytest.raises(LedgerError, match="readonly"):
            reader.ledger().append(RUN)
        with pytest.raises(LedgerError, match="readonly"):
            reader.ledger().claim("x")
    assert len(list(ledger.columns(Run, "id"))) == 1


def test_the_state_changes_with_each_commit_and_only_then(place: Workplace, ledger: Ledger
                                                          ) -> None:
    with closing(LedgerReader(place)) as reader:
        states = [reader.state(), reader.state()]
        assert states[0] == states[1]
        ledger.append(RUN)
        states.append(reader.state())
        reader.ledger().page(Run)
        assert reader.state() == states[2] != states[1]


def test_it_follows_a_ledger_that_was_put_in_the_place(place: Workplace, tmp_path: Path) -> None:
    for count in (1, 2):
        with closing(open_ledger(place)) as ledger:
            ledger.append(RUN)
        shutil.copy(place.ledger, tmp_path / f"{count}.sqlite")
    with closing(LedgerReader(place)) as reader:
        before = reader.state()
        assert len(reader.ledger().page(Run).entries) == 2
        os.replace(tmp_path / "1.sqlite", place.ledger)
        for end in ("-wal", "-shm"):
            place.ledger.with_name(place.ledger.name + end).unlink(missing_ok=True)
        assert reader.state() != before
        assert len(reader.ledger().page(Run).entries) == 1


def test_a_file_that_is_no_ledger_is_a_named_fault(place: Workplace) -> None:
    place.out.mkdir()
    place.ledger.write_bytes(b"no database, but long enough to be looked at" * 100)
    with closing(LedgerReader(place)) as reader, pytest.raises(LedgerError):
        reader.ledger().page(Run)


def test_odd_folder_names_are_no_questions(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "a b #é&c")
    with closing(open_ledger(place)) as ledger:
        ledger.append(RUN)
    with closing(LedgerReader(place)) as reader:
        assert reader.ledger().latest(Run) is not None
