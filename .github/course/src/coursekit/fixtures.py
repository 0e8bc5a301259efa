"""The fixtures of a rubric's tests; the README says what each one is.

In: the job of the grading. Out: objects that live as long as the grading does.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit import contract as contracts
from coursekit.facts import Facts
from coursekit.job import GradingJob
from coursekit.imports import foreign_imports
from coursekit.pool import Pool
from coursekit.probe import FoundName, Probe
from coursekit.reference import Reference
from coursekit.rubric import load_rubric
from coursekit.session import PRELOAD, Session
from coursekit.suites import Suite

MOST_TEXT = 2_000_000
#: So many files are looked at for what they import.
MOST_FILES = 200


class Submission:  # pylint: disable=too-many-instance-attributes  # what rubrics may read
    """The private copy, to be read as text; nothing of it runs out here."""

    def __init__(self, job: GradingJob, mapping: contracts.Mapping) -> None:
        self.root, self._mapping = Path(job.submission), mapping
        self.files = contracts.list_files(self.root)
        self.python_files = contracts.code_files(mapping, self.files)
        self.test_files = contracts.test_files(mapping, self.files)
        self.functions, self.commands = mapping.functions, mapping.commands
        self.files_named, self.layout = mapping.files, mapping.layout
        self.problems, self.history, self.notes = mapping.problems, job.history, job.notes

    def text(self, name: str) -> str:
        """Return a file as text; of a very long one the beginning."""
        with (self.root / name).open("rb") as file:
            return file.read(MOST_TEXT).decode("utf-8-sig", "replace")

    @property
    def readme(self) -> str:
        """The README, or nothing."""
        names = [name for name in self.files if name.lower() in ("readme.md", "readme.rst",
                                                                 "readme.txt", "readme")]
        return self.text(names[0]) if names else ""


@dataclass(frozen=True)
class BuiltEnvironment:
    """The environment in which the submission runs."""

    name: str
    built: bool
    log: str
    python: str | None


class ContractFound:
    """Where the functions of the contract are, asked once inside of the sandbox."""

    def __init__(self, probe: Probe, mapping: contracts.Mapping) -> None:
        self._probe, self._mapping = probe, mapping

    @cached_property
    def functions(self) -> dict[str, FoundName]:
        """All functions of the contract by name."""
        return self._probe.resolve()

    def missing(self) -> list[str]:
        """Return a sentence for each required function that is not there."""
        return [f"{found.name}: {found.problem}" for found in self.functions.values()
                if found.problem and f"functions.{found.name}" in self._mapping.required]


class Desk:  # pylint: disable=too-many-instance-attributes  # one for each fixture
    """Everything of one grading, made when it is first asked for."""

    def __init__(self, job: GradingJob) -> None:
        self.job = job
        self.rubric = load_rubric(Path(job.rubric))
        self.contract_text = contracts.load_contract(self.rubric.folder)
        self.mapping = contracts.map_submission(self.contract_text, Path(job.submission))
        self.submission = Submission(job, self.mapping)
        self.environment = BuiltEnvironment(job.environment_name, job.python is not None,
                                            job.environment_log, job.python)
        self.facts = Facts(Path(job.submission), self.submission.python_files,
                           self.submission.test_files, job.isolation)
        if not job.only:
            self.facts.begin()
        self.pool = Pool(Path(job.submission), self.session) if job.python else None
        self.probe = Probe(self.pool, self.mapping, self._own_text("probes.py"))
        self.contract = ContractFound(self.probe, self.mapping)
        self.reference = Reference(self.rubric)

    def session(self) -> Session:
        """Return a sandbox that is not started yet; it will load what the submission imports."""
        return Session(Path(self.job.submission), Path(str(self.job.python)), self.job.isolation,
                       preload=(*PRELOAD, *self._imported))

    @cached_property
    def _imported(self) -> tuple[str, ...]:
        files = self.submission.files
        trees = self.facts.trees([name for name in files if name.endswith(".py")][:MOST_FILES])
        return foreign_imports(trees.values(), files)

    @cached_property
    def suite(self) -> Suite:
        """The submission's tests; which functions are mapped is asked for here."""
        mapped = {name for name, found in self.contract.functions.items() if found.target}
        chosen = contracts.test_paths(self.mapping, self.submission.root, self.submission.files)
        return Suite(self.probe, self._own_text("bugs.py"), chosen, mapped, self.job.seed)

    def _own_text(self, name: str) -> str:
        path = self.rubric.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def close(self) -> None:
        """End the sandboxes."""
        if self.pool is not None:
            self.pool.close()
