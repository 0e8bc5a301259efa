"""The submission's own tests: plain, repeated, shuffled, with controls, bugs and sentinels.

In: a probe, the text of ``bugs.py``. Out: `Tests` for each run, made when it is first asked for.
A bug is tried only on the tests that call its function; that is learned in the traced run.
"""

import ast
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coursekit.expect import SubmissionFault
from coursekit.probe import Probe

SUITE_SECONDS = 120.0
KINDS = ("passed", "failed", "skipped", "error")


@dataclass(frozen=True)
class Tests:  # pylint: disable=too-many-instance-attributes  # a record
    """What a run of the tests said."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    errors: int = 0
    exit_code: int = -1
    seconds: float = 0.0
    output: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, list[str]] = field(default_factory=dict)
    durations: Mapping[str, float] = field(default_factory=dict)
    ended: bool = True
    is_late: bool = False

    @property
    def green(self) -> bool:
        """Whether at least one test passed and nothing went wrong."""
        return self.ended and self.exit_code == 0 and self.passed > 0 \
            and not self.failed and not self.errors


class LazyRuns(Mapping[str, Tests]):
    """Runs by name, waited for one by one."""

    def __init__(self, names: list[str], wait: Callable[[str], Tests]) -> None:
        self._names, self._wait = names, wait

    def __getitem__(self, name: str) -> Tests:
        return self._wait(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Mark:
    """A wrapper of ``bugs.py`` as its text shows it; nothing is run to learn of it."""

    kind: str
    name: str
    function: str
    title: str


def read_marks(text: str) -> list[Mark]:
    """Return the bugs and controls of a ``bugs.py``."""
    found = []
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) \
                    and mark.func.id in ("bug", "control"):
                function, title = (ast.literal_eval(item) for item in mark.args[:2])
                found.append(Mark(mark.func.id, node.name, function, title))
    return found


class Suite:  # pylint: disable=too-many-instance-attributes  # one for each kind of run
    """All runs of one submission's tests."""

    def __init__(self, probe: Probe, bugs: str, files: list[str], mapped: set[str], seed: int
                 ) -> None:
        self.probe, self.files, self.seed, self._text = probe, files, seed, bugs
        marks = [mark for mark in read_marks(bugs) if mark.function in mapped]
        self.titles = {mark.name: mark.title for mark in marks}
        self.functions = {mark.name: mark.function for mark in marks}
        self._seeds = [(mark.kind, mark.name) for mark in marks] \
            + [(kind, name) for kind in ("alone", "sentinel") for name in sorted(mapped)]
        #: By function: the tests that call it, without the others, on the untouched code.
        self.alone = self._of_kind("alone")
        self.bugs, self.controls, self.sentinels = map(self._of_kind,
                                                       ("bug", "control", "sentinel"))

    def _of_kind(self, kind: str) -> LazyRuns:
        return LazyRuns([name for of_kind, name in self._seeds if of_kind == kind],
                        lambda name: self._begun[kind, name].result())

    @cached_property
    def _begun(self) -> "dict[tuple[str, str], Future[Tests]]":
        # A suite that counts its runs, by process numbers or the clock, must not learn from the
        # count which of them are controls; so all begin together, in an order that is drawn.
        order = random.Random(self.seed).sample(self._seeds, len(self._seeds))
        return {(kind, name): self._seeded(kind, name) for kind, name in order}

    def _begin(self, ran: str, **options: Any) -> "Future[Tests]":
        return self.probe.begin(self._run, ran, **options)

    @cached_property
    def plain(self) -> Tests:
        """The tests as they are, on the untouched code."""
        return self._run("the tests")

    @property
    def traced(self) -> Tests:
        """The tests with every function wrapped to see who calls it: a control of all at once."""
        return self._again["traced"].result()

    @property
    def repeated(self) -> Tests:
        """The tests once more, in a fresh copy."""
        return self._again["repeated"].result()

    @property
    def shuffled(self) -> Tests:
        """The tests in another order, drawn with the seed."""
        return self._again["shuffled"].result()

    @cached_property
    def _again(self) -> "dict[str, Future[Tests]]":
        return {"repeated": self._begin("the tests a second time"),
                "shuffled": self._begin("the tests in another order", order_seed=self.seed),
                "traced": self._begin("the tests, each function wrapped to see who calls it",
                                      trace=True)}

    def callers(self, function: str) -> list[str]:
        """Return the tests that called a contract function in the traced run, quick ones first."""
        return sorted((name for name, seen in self.traced.calls.items()
                       if function in seen and "::" in name),
                      key=lambda name: (self.traced.durations.get(name, 0.0), name))

    def _seeded(self, kind: str, name: str) -> "Future[Tests]":
        function = self.functions[name] if kind in ("bug", "control") else name
        chosen = self.callers(function)
        if not chosen:
            # Nobody calls it: nothing can be noticed, so nothing needs to run.
            done: Future[Tests] = Future()
            done.set_result(Tests(
                passed=self.plain.passed, exit_code=self.plain.exit_code,
                output=f"no test calls {function}", names=self.plain.names))
            return done
        ran = f"the tests that call {function}"
        if kind == "alone":
            return self._begin(f"{ran}, alone", tests=chosen, stop=True)
        return self._begin(f"{ran}, with {kind} {name}", tests=chosen, seeded=[kind, name],
                           stop=True)

    def _run(self, ran: str, tests: list[str] | None = None, **options: Any) -> Tests:
        job = {"kind": "tests", "tests": tests or self.files, "bugs": self._text,
               "seeded": None, **options}
        if not job["tests"]:
            return Tests(output="no file of tests was found", ended=False)
        try:
            found = self.probe.do(job, f"pytest: {ran}", seconds=SUITE_SECONDS, copy=True,
                                  collect=False)
        except SubmissionFault as fault:
            return Tests(output=f"the tests did not come to an end: {fault.text}", ended=False,
                         is_late=fault.kind == "timeout")
        return _read_tests(found.value, found.stdout)


def _read_tests(value: Any, stdout: str) -> Tests:
    """Return the run; the record was written beside foreign code, so each part is checked."""
    try:
        names = {str(name): str(state) for name, state in value["outcomes"].items()}
        calls = {str(name): [str(item) for item in seen] for name, seen in value["calls"].items()}
        durations = {str(name): float(spent) for name, spent in value["durations"].items()}
        counts = [sum(state == kind for state in names.values()) for kind in KINDS]
        texts = "\n\n".join(str(text) for text in value["texts"])
        return Tests(counts[0], counts[1], counts[2], counts[3] + int(value["errors"]),
                     int(value["exit_code"]), float(value["seconds"]),
                     (texts or stdout[-3000:])[:20000], names, calls, durations)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        return Tests(output=f"the record of the tests is malformed: {fault}", ended=False)
