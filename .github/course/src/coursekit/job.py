"""One grading as a file: what the grader tells the pytest process that runs the rubric.

In: a JSON file. Out: `GradingJob`; the outcomes go to a second file, one line a criterion, so that
what was found stays even when the process is ended.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "COURSEKIT_GRADING"


@dataclass(frozen=True)
class GradingJob:  # pylint: disable=too-many-instance-attributes  # a record
    """Where everything is, as text that JSON can hold."""

    rubric: str
    submission: str
    outcomes: str
    python: str | None
    environment_name: str
    environment_log: str
    isolation: str
    seed: int
    only: tuple[str, ...]
    history: tuple[str, ...]
    notes: tuple[str, ...]
    deadline: float

    def write(self, path: Path) -> None:
        """Write the file."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "GradingJob":
        """Return what the file says."""
        content = json.loads(path.read_text(encoding="utf-8"))
        lists = {key: tuple(content[key]) for key in ("only", "history", "notes")}
        return cls(**{**content, **lists})
