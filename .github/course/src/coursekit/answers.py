"""Read what came out of the sandbox: every part is checked, since foreign code ran beside it.

In: the server's answer to one job. Out: `Result`, with the submission's own fault in it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coursekit.contract import is_below
from coursekit.expect import GraderFault, SubmissionFault
from coursekit.inside.values import decode

MOST_NUMBER = 1e9
WORDS = {"timeout": "did not end in time", "output": "wrote too much output",
         "memory": "took too much memory",
         "killed": "was killed or ended its process"}


@dataclass(frozen=True)
class Result:  # pylint: disable=too-many-instance-attributes  # a record
    """What a probe gave."""

    value: Any
    stdout: str
    stderr: str
    files: Mapping[str, bytes]
    exit_code: int
    seconds: float
    cpu_seconds: float
    ran: str
    fault: SubmissionFault | None = None


def read_answer(answer: dict[str, Any], job: dict[str, Any], ran: str, seconds: float) -> Result:
    """Return the result; every part is of a checked type, whatever the sandbox wrote."""
    if "server_fault" in answer:
        raise GraderFault(f"{ran}: {str(answer['server_fault'])[-800:]}")
    texts = [answer.get(key) if isinstance(answer.get(key), str) else ""
             for key in ("stdout", "stderr")]
    numbers = [_number(answer.get(key)) for key in ("code", "seconds", "cpu")]
    value, fault = _read_value(answer, job, ran, seconds)
    code = value if job["kind"] == "command" and isinstance(value, int) else int(numbers[0])
    return Result(value, str(texts[0]), str(texts[1]), _unpacked(answer.get("files")), code,
                  max(0.0, numbers[1]), max(0.0, numbers[2]), ran, fault)


def _number(value: Any) -> float:
    """Return a number that can be counted with; 0 for what is none, or is too large to be true."""
    is_number = isinstance(value, (int, float)) and -MOST_NUMBER < value < MOST_NUMBER
    return float(value) if is_number else 0.0


def _read_value(answer: dict[str, Any], job: dict[str, Any], ran: str, seconds: float
                ) -> tuple[Any, SubmissionFault | None]:
    if answer.get("ended") != "done" or not isinstance(answer.get("answer"), str):
        kind = str(answer.get("ended", "killed"))
        kind = kind if kind in WORDS and kind != "done" else "killed"
        told = WORDS[kind] + (f" ({seconds:.0f} s)" if kind == "timeout" else "")
        tail = str(answer.get("stderr", ""))[-1500:]
        return None, SubmissionFault(kind, kind, f"{told}\n{tail}".strip(), ran)
    try:
        found = json.loads(answer["answer"])
        if found["ok"] is True:
            value = found["value"]
            return (value if job["kind"] in ("resolve", "tests", "command")
                    else decode(value)), None
        kind, told, text = (str(found[key]) for key in ("kind", "type", "text"))
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        text = f"the answer is not readable ({type(broken).__name__})"
        return None, SubmissionFault("killed", "answer", text, ran)
    if job["kind"] == "run" and found.get("inside_probe") is True:
        raise GraderFault(f"{ran}: the probe itself is at fault: {text[-800:]}")
    return None, SubmissionFault(kind, told, text, ran)


def _unpacked(files: Any) -> dict[str, bytes]:
    """Return the files as bytes; a name that leads elsewhere is dropped."""
    found: dict[str, bytes] = {}
    for name, text in files.items() if isinstance(files, dict) else ():
        if is_below(name) and isinstance(text, str):
            try:
                found[name] = base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                continue
    return found
