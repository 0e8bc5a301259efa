"""Commands of care: the audit's answer is its exit code, a backup is a file."""

from argparse import Namespace
from pathlib import Path

import pytest

from riskwatch.care_commands import audit_place, back_up_ledger, restore_ledger
from riskwatch.ledger import Ledger
from riskwatch.records import Step
from riskwatch.workplace import Workplace


def test_audit_backup_and_restore(place: Workplace, ledger: Ledger, tmp_path: Path,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    ledger.append(Step(step="x", outcome="done", seconds=0.0))
    assert audit_place(Namespace(), place) == 0
    assert "1 rows of the ledger, 0 problems" in capsys.readouterr().out
    file = Namespace(file=tmp_path / "copy")
    assert back_up_ledger(file, place) == 0 and file.file.exists()
    place.heads.write_text('{"steps": [2, "x"]}', encoding="utf-8")
    assert audit_place(Namespace(), place) == 1
    assert "ends with row 1, but 2 rows were noted" in capsys.readouterr().out
    assert restore_ledger(file, place) == 0 and audit_place(Namespace(), place) == 0
    assert "what was there is" in capsys.readouterr().out
