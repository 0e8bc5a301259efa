"""The five states of a criterion, and what is kept of each.

In: states of single tests. Out: the state of the criterion, its worst.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

PASS, FAIL, NOT_CHECKED, ERROR, MANUAL = "pass", "fail", "not_checked", "error", "manual"
#: From good to bad: the worst state of its tests is the state of a criterion.
ORDER = (PASS, MANUAL, NOT_CHECKED, FAIL, ERROR)
WORDS = {PASS: "met", FAIL: "not met", NOT_CHECKED: "not checked", ERROR: "grader's fault",
         MANUAL: "for the reviewer"}
MOST_LINES, MOST_LINE = 20, 300
PNG = b"\x89PNG\r\n\x1a\n"
#: Of a criterion's pictures: bytes of all, and points of each, as a small file may hold many.
MOST_PICTURE_BYTES, MOST_POINTS = 2_000_000, 16_000_000


@dataclass(frozen=True)
class Failure:
    """Why a test said no: what was run, what was expected, what came."""

    test: str
    ran: str = ""
    expected: str = ""
    got: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the texts, each cut to twenty lines."""
        return {"test": self.test, "ran": cut(self.ran), "expected": cut(self.expected),
                "got": cut(self.got)}


@dataclass
class Outcome:  # pylint: disable=too-many-instance-attributes  # a record
    """What is known of a criterion after its tests ran."""

    criterion: str
    state: str | None = None
    reason: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    tests: list[str] = field(default_factory=list)

    def add(self, state: str, reason: str = "") -> None:
        """Take the state of one more test; the worst one stays."""
        worse = self.state is None or ORDER.index(state) > ORDER.index(self.state)
        if worse:
            self.state = state
            self.reason = reason or self.reason

    def show(self, name: str, data: bytes) -> None:
        """Take a PNG for the report, or say why it is not shown there."""
        points = int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])
        if not data.startswith(PNG):
            self.evidence.append(f"{name}: not shown, as it is no PNG")
        elif points > MOST_POINTS:
            self.evidence.append(f"{name}: not shown, as it has {points} points")
        elif sum(map(len, self.pictures.values())) + len(data) > MOST_PICTURE_BYTES:
            self.evidence.append(f"{name}: not shown, as all together are too large")
        else:
            self.pictures[name] = data

    def as_dict(self) -> dict[str, Any]:
        """Return what the report holds."""
        return {"id": self.criterion, "state": self.state, "reason": cut(self.reason),
                "seconds": round(self.seconds, 2), "cpu_seconds": round(self.cpu_seconds, 2),
                "evidence": [cut(line) for line in self.evidence[:40]],
                "pictures": [{"name": cut(name), "png": base64.b64encode(data).decode("ascii")}
                             for name, data in self.pictures.items()],
                "failures": [failure.as_dict() for failure in self.failures[:5]]}


def cut(text: str) -> str:
    """Return at most twenty lines of at most 300 characters."""
    lines = [line if len(line) <= MOST_LINE else line[:MOST_LINE] + " …"
             for line in text.strip("\n").splitlines()]
    if len(lines) > MOST_LINES:
        left = len(lines) - MOST_LINES + 1
        lines = [*lines[:6], f"… {left} lines left out …", *lines[-(MOST_LINES - 7):]]
    return "\n".join(lines)
