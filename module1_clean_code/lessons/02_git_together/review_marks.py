"""Mark a review: defects found less false alarms, and the answers to remarks received.

In: the contents of two TOML files of the learner. Out: nothing, or an assertion with a sentence.
"""

from pathlib import Path
from typing import Any

from planted import ANSWERS, score

ASKED_FOR = 8
_LEAST_WORDS = 5


def require_review(content: dict[str, Any], change: Path) -> None:
    """Defects by file and line; every remark is a sentence."""
    remarks = content.get("remark", [])
    assert isinstance(remarks, list) and all(isinstance(each, dict) for each in remarks), (
        "review.toml: each remark begins with [[remark]], in two pairs of brackets")
    places = []
    for number, remark in enumerate(remarks, 1):
        assert isinstance(remark.get("line"), int) and isinstance(remark.get("file"), str), (
            f"review.toml, remark {number}: file (a text) and line (a number) are needed; "
            f"got {remark}")
        assert (change / remark["file"]).is_file(), (
            f"review.toml, remark {number}: the change has no file {remark['file']}")
        places.append((remark["file"], remark["line"]))
    found, alarms = score(places, change)
    points = len(found) - len(alarms)
    first = "; ".join(f"{file}, line {line}" for file, line in alarms[:3])
    assert points >= ASKED_FOR, (
        f"Score {points}: {len(found)} of 10 defects found, {len(alarms)} false alarms"
        f"{f' ({first})' if alarms else ''}; {ASKED_FOR} is asked for.")
    sentences = [str(remark.get("says", "")).strip() for remark in remarks]
    assert len(set(sentences)) == len(sentences), (
        "review.toml: two remarks say the same; say of each what is wrong and what would mend it")
    for remark in remarks:
        assert len(str(remark.get("says", "")).split()) >= _LEAST_WORDS, (
            f"review.toml, {remark['file']} line {remark['line']}: say what is wrong and what "
            f"would mend it; got {remark.get('says', '')!r}")


def require_answers(answers: dict[str, Any]) -> None:
    """A right remark is accepted, a wrong one declined with a reason."""
    for name, expected in ANSWERS.items():
        entry = answers.get(name, {})
        assert isinstance(entry, dict), (
            f"answers.toml, {name}: keep the table of the starter, [{name}] with answer and why")
        got, remark = entry.get("answer"), entry.get("remark", name)
        assert got in ("accept", "decline"), (
            f"answers.toml, {name}: answer {got!r}; write \"accept\" or \"decline\"")
        assert len(str(entry.get("why", "")).split()) >= _LEAST_WORDS, (
            f"answers.toml, {name}: the reviewer wants to know why, in five words or more")
        assert got == expected, (f"answers.toml, {name}: is it true that \"{remark}\" — and would "
                                 f"the code be better for it? {got!r} is not the right answer.")
