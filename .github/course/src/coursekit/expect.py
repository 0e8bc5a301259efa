"""How a rubric's test says no: with what was run, what was expected and what came.

In: values. Out: exceptions that the plugin turns into states.
"""

from typing import Any, NoReturn


class CriterionFailure(AssertionError):
    """The submission does not do what the criterion asks for."""

    def __init__(self, ran: str, expected: str, got: str) -> None:
        super().__init__(f"{ran}\nexpected: {expected}\ngot: {got}")
        self.ran, self.expected, self.got = ran, expected, got


class SubmissionFault(AssertionError):
    """Code of the submission raised, ended, hung or said too much inside of a probe."""

    def __init__(self, kind: str, fault_type: str, text: str, ran: str) -> None:
        super().__init__(f"{ran}: {fault_type}: {text}")
        self.kind, self.type, self.text, self.ran = kind, fault_type, text, ran


class NotChecked(Exception):
    """The criterion could not be looked at, and the submission is not to blame for that here."""


class GraderFault(RuntimeError):
    """The rubric or the grader itself is at fault."""


def fail(ran: str, expected: Any, got: Any) -> NoReturn:
    """Say that the criterion is not met.

    Parameters
    ----------
    ran : str
        What was run or looked at.
    expected, got : object
        Shown as text.

    Raises
    ------
    CriterionFailure
        Always.
    """
    raise CriterionFailure(ran, _text(expected), _text(got))


def expect(got: Any, expected: Any, ran: str) -> None:
    """Fail unless ``got == expected``, as plain Python values compare.

    Where True is expected, ``ran`` is the sentence that should hold, and is shown as such.
    """
    if expected is True and not got:
        fail("", ran, "it does not hold")
    if not bool(got == expected):
        fail(ran, expected, got)


def expect_true(condition: bool, ran: str, expected: str, got: Any) -> None:
    """Fail unless the condition holds; ``expected`` says it in words."""
    if not condition:
        fail(ran, expected, got)


def not_checked(reason: str) -> NoReturn:
    """Say that this could not be checked, and why.

    Raises
    ------
    NotChecked
        Always.
    """
    raise NotChecked(reason)


def last_lines(text: str, count: int = 15, most: int = 1500) -> str:
    """Return the last lines of a text as far as they are whole; what was left out is a line "…".

    Parameters
    ----------
    text : str
    count : int
        How many lines at most.
    most : int
        How many characters at most; a single line that is longer is cut.
    """
    lines = text.strip().splitlines()
    kept = lines[-count:]
    while len(kept) > 1 and sum(map(len, kept)) + len(kept) > most:
        kept.pop(0)
    return "\n".join(["…"] * (len(kept) < len(lines)) + [line[-most:] for line in kept])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
