"""The scene of a whole cycle for the killer: news of another truth, so that every stage works."""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from conftest import NOON, Clock
from crash_scenes import drop
from watched_drops import lines

from riskwatch.audit import audit
from riskwatch.cycle import Context, Stage, run_cycle
from riskwatch.deploy import serving_version
from riskwatch.ledger import open_ledger
from riskwatch.lock import hold
from riskwatch.records import Decision, Deployment, DriftVerdict, File, RunEnd, Score, Step
from riskwatch.runs import Errand, run_recorded
from riskwatch.settings import build_settings
from riskwatch.stages import STAGES
from riskwatch.store import current_version, load_release
from riskwatch.workplace import Workplace

#: The report takes a second to draw, so what cannot touch it does without.
WITHOUT_REPORT = tuple(stage for stage in STAGES if stage.name != "report")
SETTINGS = build_settings({
    "scoring": {"bootstrap_resamples": 100}, "ingest": {"most_small_segments": 2},
    "drift": {"permutations": 19, "joint_rows": 50}, "gate": {"resamples": 200},
    "training": {"folds": 2, "least_rows": 10, "candidates": ["logistic_regression"]}})


def place_of(folder: Path, hour: int) -> Workplace:
    """The workplace of a scene, so many hours after noon."""
    clock = Clock()
    clock.now = NOON + timedelta(hours=hour)
    return Workplace(folder / "out", SETTINGS, clock)


def cycle(folder: Path, hour: int = 1, stages: Sequence[Stage] = STAGES) -> Context:
    """Run a cycle, as the command does."""
    place, contexts = place_of(folder, hour), []

    def work(run_id: int) -> int:
        contexts.append(Context(place, ledger, run_id))
        return run_cycle(contexts[0], stages)

    with hold(place.out), closing(open_ledger(place)) as ledger:
        run_recorded(place, ledger, Errand("cycle"), work)
    return contexts[0]


def prepare(folder: Path) -> None:
    """A model serves that learned the old truth; a drop of the new one waits beside a bad file."""
    inbox = place_of(folder, 0).inbox
    inbox.mkdir(parents=True)
    (inbox / "a.csv").write_text(drop(lines("stable", 90, 600)), encoding="utf-8")
    cycle(folder, 0)
    (inbox / "b.csv").write_text(drop(lines("concept_drift", 5, 600)), encoding="utf-8")
    (inbox / "c.csv").write_text("no drop", encoding="utf-8")


def copied_from(base: Path) -> Callable[[Path], None]:
    """Return what sets a scene up by copying it."""
    def scene(folder: Path) -> None:
        shutil.copytree(base / "out", folder / "out", symlinks=True)
    return scene


def check_next(folder: Path, wanted_sha256: str, stages: Sequence[Stage] = STAGES) -> list[str]:
    """Run the next cycle after a death; what it must find is asserted, its outcomes returned."""
    cycle(folder, 2, stages)
    place = place_of(folder, 3)
    with closing(open_ledger(place)) as ledger:
        assert not audit(place, ledger).problems
        assert not ledger.unended_runs()
        assert sorted(ledger.columns(File, "name", "status")) == [
            ("a.csv", "accepted"), ("b.csv", "accepted"), ("c.csv", "refused")]
        scored = Counter(row for row in ledger.columns(Score, "model_version", "file_id"))
        assert set(scored.values()) == {1}, "something was scored twice"
        (drop_id,) = [number for number, name in ledger.columns(File, "id", "name")
                      if name == "b.csv"]
        assert [file for (file,) in ledger.columns(Score, "file_id") if file] == [drop_id]
        verdicts = Counter(ledger.columns(DriftVerdict, "file_id", "column", "test"))
        assert set(verdicts.values()) == {1} and {file for file, _, _ in verdicts} == {drop_id}
        versions = [version for (version,) in ledger.columns(Deployment, "version")]
        assert len(versions) == len(set(versions)) == 2, "deployed twice, or not at all"
        assert versions[-1] == serving_version(ledger) == current_version(place)
        assert load_release(place).release.model_sha256 == wanted_sha256
        actions = [*ledger.columns(Decision, "kind", "action")]
        assert set(actions) == {("drift", "retrain"), ("gate", "deploy")}
        assert len([*ledger.columns(Step, "id")]) >= len(STAGES) + len(stages)
        outcomes = [outcome for (outcome,) in ledger.columns(RunEnd, "outcome")]
    third = cycle(folder, 4, stages)
    assert third.decision is None and third.deployment is None and not third.scores
    if stages is STAGES:
        assert third.report is not None and {"report.html", "report.pdf"} <= {
            path.name for path in third.report.iterdir()}
    return outcomes
