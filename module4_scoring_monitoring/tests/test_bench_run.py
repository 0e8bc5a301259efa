"""Every measurement can be started, and a promise that is missed is said and is exit 1."""

import json
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.run import MEASURES, PROMISES, Promise, main, verdicts

TINY = ["--rounds", "1", "--rows", "2000", "--columns", "2", "--requests", "20", "--days", "2"]
PARTS = {"ingest": {"ingest, few files", "ingest, many files", "ingest, large"},
         "drift": {"drift"}, "far": {"far"},
         "commands": {"cycle with nothing new", "rollback", "simulate"}}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_what_is_promised_of_it(part: str, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "bench.json"
    code = main(["--only", part, "--out", str(out), *TINY])
    content = json.loads(out.read_text(encoding="utf-8"))
    assert set(content["figures"]) == PARTS[part]
    missed = [line for line in content["promises"] if not line["is_kept"]]
    assert {line["measured"] for line in content["promises"]} == PARTS[part]
    assert code == bool(missed)
    shown = capsys.readouterr().out
    assert shown.count("MISSED") == len(missed)
    assert shown.count("kept  ") == len(content["promises"]) - len(missed)
    assert [path.name for path in out.parent.iterdir()] == ["bench.json"]


@pytest.mark.parametrize(("relation", "kept", "missed"), [
    ("at least", (3, 4), (2.99,)), ("below", (2.9,), (3, 4)), ("at most", (2, 3), (3.01,))])
def test_a_limit_is_kept_or_missed(relation: str, kept: tuple[float, ...],
                                   missed: tuple[float, ...]) -> None:
    promise = Promise("x", "figure", relation, 3)
    assert all(promise.is_kept({"figure": value}) for value in kept)
    assert not any(promise.is_kept({"figure": value}) for value in missed)


@pytest.mark.parametrize(("seconds", "code"), [(0.9, 0), (1.1, 1)])
def test_a_missed_promise_is_exit_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                    seconds: float, code: int) -> None:
    monkeypatch.setattr(run, "MEASURES", {
        "commands": lambda *_: {"rollback": {"cpu_seconds": seconds}}})
    assert main(["--out", str(tmp_path / "b.json")]) == code


def test_far_is_measured_only_when_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def noted(name: str) -> object:
        return lambda *_: begun.append(name) or {}

    monkeypatch.setattr(run, "MEASURES", {name: noted(name) for name in MEASURES})
    main(["--out", str(tmp_path / "b.json")])
    assert begun == [name for name in MEASURES if name != "far"]


def test_promises_name_measurements() -> None:
    parts = set().union(*PARTS.values()) | {"api"}
    assert parts == set(PROMISES)
    assert [line["is_kept"] for line in verdicts({"rollback": {"cpu_seconds": 5.0}})] == [False]
    assert set(MEASURES) == set(PARTS) | {"api"}
