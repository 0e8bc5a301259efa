"""Record runs in W&B: offline into the folder of results, or online with a key.

In: runs of the pipeline. Out: one W&B run with the settings, figures and artifacts of all.
Only what works offline is used: init, config, log, summary, log_artifact, finish.
"""

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rentals.errors import TrackingError
from rentals.settings import TrackingSettings
from rentals.tracking import MOST_BYTES_COPIED, TrackedRun
from rentals.wandb_log import is_complete

LOGGER = logging.getLogger(__name__)
_SECONDS_TO_ANSWER, _SECONDS_TO_WRITE = 5, 10


@dataclass
class WandbTracker:
    """Records into one project; what W&B keeps for itself goes into ``folder`` too."""

    settings: TrackingSettings
    folder: Path
    _run: Any = None
    _mode: Literal["online", "offline"] = "offline"

    def start(self, title: str, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Begin the run of a pipeline; return its id."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, place in (("WANDB_CONFIG_DIR", "config"), ("WANDB_CACHE_DIR", "cache"),
                            ("WANDB_DATA_DIR", "data")):
            os.environ.setdefault(name, str(self.folder.resolve() / place))
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        import wandb  # pylint: disable=import-outside-toplevel  # a second
        if self.settings.wandb == "online":
            self._mode = _usable_mode(wandb.setup().settings.base_url, self.settings)
        try:
            self._run = wandb.init(
                project=self.settings.wandb_project, dir=str(self.folder), name=title,
                mode=self._mode, config={**params, **tags}, settings=wandb.Settings(
                    console="off", silent=True, disable_git=True, disable_code=True,
                    disable_job_creation=True, x_disable_stats=True, x_disable_meta=True,
                    x_disable_machine_info=True))
        except (wandb.errors.Error, OSError) as err:
            said = (str(err).splitlines() or [type(err).__name__])[0]
            raise TrackingError(f"W&B: {said}; set tracking.wandb=offline to record here"
                                ) from err
        return str(self._run.id)

    def record(self, run: TrackedRun) -> str:
        """Record the figures and artifacts of a run that has ended."""
        import wandb  # pylint: disable=import-outside-toplevel
        place = run.title.replace(" ", "/")
        self._run.log({f"{place}/{name}": value for name, value in run.metrics.items()}
                      | {f"{place}/seconds": round(run.seconds, 3)})
        for name, path in run.outputs.items():
            artifact = wandb.Artifact(name, run.title.split()[0],
                                      metadata={"digest": run.tags.get(f"output.{name}", "")})
            files = [file for file in sorted(path.rglob("*")) if file.is_file()
                     ] if path.is_dir() else [path]
            for file in files:
                if file.stat().st_size <= MOST_BYTES_COPIED:
                    inside = file.relative_to(path).as_posix() if path.is_dir() else name
                    # These files go when this run has ended; an upload takes longer.
                    artifact.add_file(str(file), name=inside, policy=(
                        "mutable" if self._mode == "online" else "immutable"))
            self._run.log_artifact(artifact)
        return str(self._run.id)

    def finish(self, metrics: Mapping[str, float], tags: Mapping[str, str], *,
               is_success: bool) -> None:
        """Write the summary and end the run."""
        self._run.config.update(dict(tags))
        self._run.summary.update(dict(metrics))
        self._run.finish(exit_code=0 if is_success else 1)
        # W&B's other process may still be writing what this one has told it.
        log = Path(self._run.dir).parent / f"run-{self._run.id}.wandb"
        deadline = time.monotonic() + _SECONDS_TO_WRITE
        while not is_complete(log) and time.monotonic() < deadline:
            time.sleep(0.05)


def _usable_mode(address: str, settings: TrackingSettings
                 ) -> Literal["online", "offline"]:
    """Return online if anybody answers; W&B's own client would try for two minutes."""
    import requests  # pylint: disable=import-outside-toplevel  # only servers need it
    try:
        requests.head(address, timeout=_SECONDS_TO_ANSWER)
        return "online"
    except requests.RequestException as err:
        said = f"W&B: nobody answers at {address} ({type(err).__name__})"
        if settings.when_unreachable == "fail":
            raise TrackingError(f"{said}; set tracking.wandb=offline to record here") from err
        LOGGER.warning("%s; recording offline instead", said)
        return "offline"


def newest_log(folder: Path) -> Path | None:
    """Return the newest ``.wandb`` file below a folder, or None."""
    found = sorted(folder.glob("wandb/*run-*/run-*.wandb"), key=lambda file: file.stat().st_mtime)
    return found[-1] if found else None
