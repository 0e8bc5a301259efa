"""Module 2: where each promised package is used, and what fails without it."""

from card import Entry

RUN = """
from datetime import UTC, datetime
from pathlib import Path
from rentals.settings import TrackingSettings
from rentals.tracking import TrackedRun
run = TrackedRun("train ridge", datetime.now(UTC), 1.5, True, {{"alpha": "10"}}, {{"mae": 36.3}})
{tracker}
tracker.start("pipeline", {{"seed": "42"}}, {{"drop": "first"}})
tracker.record(run)
tracker.finish({{"best_mae": 30.9}}, {{}}, is_success=True)
"""
ENTRIES = [
    Entry("mlflow", "src/rentals/tracking_mlflow.py", RUN.format(tracker="""
from rentals.tracking_mlflow import MlflowTracker
tracker = MlflowTracker(f"sqlite:///{Path.cwd()}/mlflow.db", "rentals", Path("."))
""") + """
import sqlite3
read = sqlite3.connect("mlflow.db").execute
assert dict(read("SELECT name, status FROM runs")) == {
    "pipeline": "FINISHED", "train ridge": "FINISHED"}
assert dict(read("SELECT key, value FROM metrics")) == {"mae": 36.3, "best_mae": 30.9}
assert dict(read("SELECT key, value FROM params")) == {"alpha": "10", "seed": "42"}
assert read("SELECT COUNT(*) FROM tags WHERE key = 'mlflow.parentRunId'").fetchone() == (1,)
"""),
    Entry("wandb", "src/rentals/tracking_wandb.py", RUN.format(tracker="""
from rentals.tracking_wandb import WandbTracker, newest_log
tracker = WandbTracker(TrackingSettings(), Path("records"))
""") + """
from rentals.wandb_log import read_log
log = read_log(newest_log(Path("records")))
assert log.config["seed"] == "42" and log.config["drop"] == "first", log.config
assert log.figures["train/ridge/mae"] == 36.3 and log.figures["best_mae"] == 30.9, log.figures
assert log.exit_code == 0
"""),
    Entry("hydra-core", "src/rentals/configuration.py", """
from rentals.configuration import expand_sweep, load_settings
from rentals.errors import SettingsError
assert load_settings(("clean.max_price=300",)).clean.max_price == 300
assert load_settings().clean.max_price != 300
assert expand_sweep(("a=1,2", "b=3")) == (("a=1", "b=3"), ("a=2", "b=3"))
try:
    load_settings(("clean.max_prize=300",))
except SettingsError as refusal:
    assert "max_prize" in str(refusal), refusal
else:
    raise AssertionError("a key that does not exist was taken")
""")]
