"""The command `drill`: what it prints, its exit codes, one plain line for what it cannot do."""

from pathlib import Path

import pytest
from drill_bench import begun, page

from riskwatch.cli import main
from riskwatch.drill_faults import DRILLS


def test_one_begins_is_checked_and_cleared_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                                ) -> None:
    """The only drill here whose history is not a copy: it takes seconds."""
    out = ["--out", str(tmp_path / "out")]
    assert main(["drill", "start", "7", *out]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"drill 7: {DRILLS[6].symptom}") and "drill check 7" in said
    assert "trace.log" not in said and "full" not in said  # the symptom, not the fault
    assert main(["drill", "check", "7", *out]) == 1
    assert capsys.readouterr().out.startswith("not found yet")
    assert main(["drill", "list", *out]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == 8 and "begun" in listed[6] and "begun" not in listed[5]
    assert main(["drill", "reset", "7", *out]) == 0
    assert "cleared away" in capsys.readouterr().out
    assert main(["drill", "reset", *out]) == 0
    assert capsys.readouterr().out == "no drill has begun\n"


def test_a_solved_one_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drill = begun(7, tmp_path / "out")
    for line in [*page(7).find, *page(7).mend]:
        drill.run(line)
    assert main(["drill", "check", "7", "--out", str(drill.out)]) == 0
    assert "drill 7 is solved" in capsys.readouterr().out
    assert main(["drill", "list", "--out", str(drill.out)]) == 0
    assert "7  solved" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "rule"), [
    (["start"], "say which one"), (["check"], "say which one"), (["start", "9"], "1 to 8"),
    (["check", "1"], "has not begun here"), (["reset", "0"], "1 to 8")])
def test_what_cannot_be_is_one_plain_line(words: list[str], rule: str, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", *words, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("riskwatch drill: ") and rule in said and said.count("\n") == 1


def test_symptoms_do_not_tell_the_fault() -> None:
    for drill in DRILLS:
        assert not set(drill.fault.split("-")) & set(drill.symptom.lower().split()) - {"file"}
