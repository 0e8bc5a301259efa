"""Commands: which ones must be alone, and that data is generated where it is said."""

from argparse import Namespace

from riskwatch.commands import COMMANDS, make_data, note_locked_out
from riskwatch.ledger import Ledger
from riskwatch.records import Run
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def test_whatever_changes_results_is_alone() -> None:
    together = {name for name, command in COMMANDS.items() if not command.is_alone}
    assert {"releases", "audit", "backup"} <= together
    assert not together & {"ingest", "cycle", "train", "deploy", "rollback", "restore", "data"}


def test_data_says_where_it_is(place: Workplace, capsys) -> None:
    small = Workplace(place.out, build_settings({"synthetic": {"drops": 2}}))
    assert make_data(Namespace(), small) == 0
    assert f"{place.out / 'drops'}: 8 files of 2 days" in capsys.readouterr().out
    assert (place.out / "drops" / "manifest.json").exists()


def test_who_is_locked_out_says_who_asked(place: Workplace, ledger: Ledger) -> None:
    note_locked_out(Namespace(command="cycle", trigger="cron"), place)
    note_locked_out(Namespace(command="train"), place)
    assert list(ledger.columns(Run, "command", "trigger")) == [
        ("cycle", "cron"), ("train", "person")]


def test_without_a_ledger_nobody_is_told(tmp_path) -> None:
    (tmp_path / "ledger.sqlite").mkdir()
    note_locked_out(Namespace(command="train"), Workplace(tmp_path))
