"""Record runs in MLflow: SQLite in the folder of results, or a server.

In: runs of the pipeline. Out: a parent run with a child for each unit of work.
The client is used, not the fluent interface, because that keeps a current run in global state.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rentals.errors import TrackingError
from rentals.locks import locked_folder
from rentals.tracking import TrackedRun, small_files
from rentals.tracking_address import public_address


@dataclass
class MlflowTracker:  # pylint: disable=too-many-instance-attributes  # half are its own
    """Records into one experiment; ``parent`` is a run that exists already, if any."""

    uri: str
    experiment: str
    folder: Path
    above: str = ""
    parent: str = ""
    _client: Any = None
    _experiment_id: str = ""
    _owns_parent: bool = field(default=False)

    def start(self, title: str, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Begin the parent run, below ``above`` if that is set; return its id."""
        with _faults_named(self.uri):
            self._connect()
            if not self.parent:
                nested = {"mlflow.parentRunId": self.above} if self.above else {}
                self.parent = self._client.create_run(
                    self._experiment_id, run_name=title, tags=nested).info.run_id
                self._owns_parent = True
            self._write(self.parent, params, {}, tags)
        return self.parent

    def record(self, run: TrackedRun) -> str:
        """Record a run that has ended below the parent; return its id."""
        started = int(run.started.timestamp() * 1000)
        with _faults_named(self.uri):
            created: str = self._client.create_run(
                self._experiment_id, start_time=started, run_name=run.title,
                tags={"mlflow.parentRunId": self.parent}).info.run_id
            self._write(created, run.params, run.metrics, run.tags)
            for place, file in small_files(run.outputs):
                self._client.log_artifact(created, str(file), place)
            self._client.set_terminated(created, "FINISHED" if run.is_success else "FAILED",
                                        started + int(run.seconds * 1000))
        return created

    def finish(self, metrics: Mapping[str, float], tags: Mapping[str, str], *,
               is_success: bool) -> None:
        """End the parent run; one that `mlflow run` began is left to it."""
        with _faults_named(self.uri):
            self._write(self.parent, {}, metrics, tags)
            if self._owns_parent:
                self._client.set_terminated(self.parent, "FINISHED" if is_success else "FAILED")

    def register(self, name: str, run: str, source: Path, alias: str) -> str:
        """Register a model folder as a new version, and point an alias to it.

        Parameters
        ----------
        name : str
            In the registry.
        run : str
            The id of the run that made it.
        source : Path
            A folder in MLflow's format.
        alias : str

        Returns
        -------
        str
            The version.

        Raises
        ------
        TrackingError
        """
        from mlflow.exceptions import MlflowException  # pylint: disable=import-outside-toplevel
        with _faults_named(self.uri):
            self._connect()
            try:
                self._client.create_registered_model(name)
            except MlflowException as err:
                if err.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
            self._client.log_artifacts(run, str(source), "model")
            address = f"{self._client.get_run(run).info.artifact_uri}/model"
            version = self._client.create_model_version(name, address, run).version
            self._client.set_registered_model_alias(name, alias, version)
            return str(version)

    def _connect(self) -> None:
        if self._client is not None:
            return
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("DO_NOT_TRACK", "1")
        # Both announce at length that they make a database; the second prints a traceback for
        # what is said here in one line.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
        from mlflow import MlflowClient  # pylint: disable=import-outside-toplevel  # 2 seconds
        self.folder.mkdir(parents=True, exist_ok=True)
        # Two processes that make one database at once spoil it for each other.
        with locked_folder(self.folder):
            self._client = MlflowClient(self.uri)
            self._experiment_id = self._find_experiment()

    def _find_experiment(self) -> str:
        """Return the id of the parent's experiment, or of one of the wanted name, perhaps new."""
        from mlflow.exceptions import MlflowException  # pylint: disable=import-outside-toplevel
        if self.parent:
            return str(self._client.get_run(self.parent).info.experiment_id)
        found = self._client.get_experiment_by_name(self.experiment)
        place = str(self.folder.resolve() / "mlruns") if self.uri.startswith("sqlite") else None
        try:
            return str(found.experiment_id if found else self._client.create_experiment(
                self.experiment, artifact_location=place))
        except MlflowException as err:
            if err.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            # Another pipeline of the same server was quicker.
            return str(self._client.get_experiment_by_name(self.experiment).experiment_id)

    def _write(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float],
               tags: Mapping[str, str]) -> None:
        from mlflow.entities import (  # pylint: disable=import-outside-toplevel
            Metric, Param, RunTag)
        self._client.log_batch(
            run, [Metric(name, value, 0, 0) for name, value in metrics.items()],
            [Param(name, value) for name, value in params.items()],
            [RunTag(name, value) for name, value in tags.items()])


@contextmanager
def _faults_named(uri: str) -> Iterator[None]:
    """Turn what MLflow and its database raise into one plain line."""
    # pylint: disable=import-outside-toplevel
    from alembic.util.exc import CommandError
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError
    try:
        yield
    except (CommandError, MlflowException, SQLAlchemyError, OSError) as err:
        said = next((line.strip() for line in str(err).splitlines() if line.strip()), "")
        raise TrackingError(f"MLflow at {public_address(uri)}: {said[:200]}; "
                            "is the database locked or the server gone?") from err
