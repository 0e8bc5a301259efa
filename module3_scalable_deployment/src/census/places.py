"""Where each stage writes, below the folder of results; the same paths stand in ``dvc.yaml``.

In: the folder of results. Out: paths. They stand here once, so that no stage guesses what
another one calls its files.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Paths below ``out``, by stage."""

    out: Path

    @property
    def data(self) -> Path:
        """The table in the public layout; its manifest is beside it."""
        return self.out / "data" / "census.csv"

    @property
    def data_manifest(self) -> Path:
        """Where the table comes from, its digest, and what was planted."""
        return self.out / "data" / "census.manifest.json"

    @property
    def prepared(self) -> Path:
        """The folder of ``train.csv``, ``test.csv`` and ``summary.json``."""
        return self.out / "prepared"

    @property
    def model(self) -> Path:
        """The folder of ``model.skops`` and its ``manifest.json``."""
        return self.out / "model"

    @property
    def evaluation(self) -> Path:
        """The folder of ``metrics.json``, ``predictions.csv`` and the curves."""
        return self.out / "evaluation"

    @property
    def slices(self) -> Path:
        """The folder of ``slices.csv`` and ``slice_output.txt``."""
        return self.out / "slices"

    @property
    def bias(self) -> Path:
        """The folder of the audit."""
        return self.out / "bias"

    @property
    def card(self) -> Path:
        """The folder of the model card."""
        return self.out / "card"

    @property
    def report(self) -> Path:
        """The folder of the report of a whole run."""
        return self.out / "report"
