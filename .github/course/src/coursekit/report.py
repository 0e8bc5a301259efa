"""Write a report in all its forms: JSON, Markdown, HTML, JUnit, and GitHub's step summary.

In: the report as data. Out: files. What a submission printed is shown as text and nothing else.
"""

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.report_data import in_words
from coursekit.states import ERROR, FAIL, MANUAL, NOT_CHECKED, PASS, WORDS

SCHEMA = Path(__file__).with_name("grade.schema.json")
#: Terminal sequences, and every control character but tab and newline.
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e"
                     r"\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
#: A runner of GitHub reads the first form at the beginning of a line, the second anywhere.
WORKFLOW, OLD_WORKFLOW = re.compile(r"^(\s*)::", re.M), re.compile(r"##\[")


def harmless(value: Any) -> Any:
    """Return the same data with every text freed of terminal and workflow commands."""
    if isinstance(value, str):
        text = CONTROL.sub("�", ANSI.sub("", value.replace("\r\n", "\n")))
        # A word joiner keeps the runner of GitHub from reading `::set-output` as a command.
        return OLD_WORKFLOW.sub("##\u2060[", WORKFLOW.sub("\\1\u2060::", text))
    if isinstance(value, Mapping):
        return {harmless(key): harmless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [harmless(item) for item in value]
    return value


def write_reports(report: Mapping[str, Any], folder: Path) -> None:
    """Write all forms of a report.

    Parameters
    ----------
    report : mapping
        As `report_data.put_together` made it.
    folder : Path
        Made when it is missing.
    """
    # pylint: disable-next=import-outside-toplevel  # a template engine, only when needed
    from coursekit.report_page import page
    clean = harmless(report)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"grade.json": json.dumps(clean, indent=1, ensure_ascii=False) + "\n",
             "grade.md": markdown(clean), "grade.html": page(clean), "junit.xml": junit(clean)}
    for name, text in texts.items():
        part = folder / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        os.replace(part, folder / name)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with open(summary, "a", encoding="utf-8") as file:
            file.write(texts["grade.md"])


def one_line(report: Mapping[str, Any]) -> str:
    """Return the result in a line."""
    counts = report["counts"]
    told = ", ".join(f"{counts[state]} {WORDS[state]}" for state in
                     (PASS, FAIL, NOT_CHECKED, ERROR, MANUAL) if counts[state])
    return str(harmless(f"{report['submission']}: {in_words(report)} "
                        f"({told}; {report['seconds']:.0f} s)"))


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown; foreign text stands in code blocks."""
    lines = [f"# {_plain(report['title'])}", "",
             f"**{in_words(report)}**: {report['points']['reached']:g} of "
             f"{report['points']['possible']:g} points. Seed {report['seed']}, isolation "
             f"{report['isolation']}, environment {_plain(report['environment']['name'])}.", ""]
    for fault in report["faults"]:
        lines += ["> Not the submission's fault:", "", *_block(fault), ""]
    if report["changes"]:
        lines += ["## Since the last time", ""]
        lines += [f"- {entry['id']} {_plain(entry['title'])}: {WORDS.get(entry['before'], 'new')}"
                  f" → {WORDS[entry['now']]}" for entry in report["changes"]["criteria"]] \
            or ["Nothing changed."]
        lines.append("")
    lines += ["| | criterion | result | points |", "|---|---|---|---|"]
    lines += [f"| {entry['id']} | {_plain(entry['title'])}{'' if entry['required'] else ' *'} | "
              f"{WORDS[entry['state']]} | {entry['points']:g} |" for entry in report["criteria"]]
    lines += ["", "\\* advisory: not needed for the verdict", ""]
    for entry in report["criteria"]:
        if entry["state"] != PASS:
            lines += _section(entry)
    return "\n".join(lines) + "\n"


def _section(entry: Mapping[str, Any]) -> list[str]:
    lines = [f"## {entry['id']} {_plain(entry['title'])}: {WORDS[entry['state']]}", "",
             _plain(entry["rule"]), ""]
    if entry["reason"]:
        lines += [*_block(entry["reason"]), ""]
    for failure in entry["failures"]:
        lines += [_plain(failure["test"]), ""]
        for key, word in (("ran", "looked at"), ("expected", "expected"), ("got", "got")):
            if failure[key]:
                lines += [f"{word}:", *_block(failure[key]), ""]
    if entry["evidence"]:
        lines += ["Evidence:", *_block("\n".join(entry["evidence"])), ""]
    if entry["pictures"]:
        lines += ["Pictures, shown in grade.html:",
                  *_block("\n".join(shot["name"] for shot in entry["pictures"])), ""]
    if entry["state"] == MANUAL:
        lines += ["- [ ] met", "- [ ] not met, because …", ""]
        return lines
    if entry["hint"]:
        lines += [f"Hint: {_plain(entry['hint'])}", ""]
    if entry["lesson"]:
        lines += [f"Lesson: `{entry['lesson']}`", ""]
    return [*lines, "Again, at the top of the course's repository:",
            *_block(entry["reproduce"]), ""]


def _plain(text: str) -> str:
    """Return one line in which Markdown and HTML have no meaning."""
    return re.sub(r"([\\`*_\[\]<>|#&])", r"\\\1", " ".join(str(text).split()))


def _block(text: str) -> list[str]:
    """Return a code block whose fence is longer than any in the text."""
    fence = "`" * (max([3, *(len(run) + 1 for run in re.findall(r"`+", text))]))
    return [f"{fence}text", *text.splitlines(), fence]


def junit(report: Mapping[str, Any]) -> str:
    """Return the report as JUnit's XML: one case a criterion."""
    counts = report["counts"]
    suite = ET.Element("testsuite", name=f"module {report['module']}", tests=str(
        len(report["criteria"])), failures=str(counts[FAIL]), errors=str(counts[ERROR]),
        skipped=str(counts[NOT_CHECKED] + counts[MANUAL]), time=f"{report['seconds']:.1f}",
        timestamp=report["started_utc"])
    for entry in report["criteria"]:
        case = ET.SubElement(
            suite, "testcase", classname=f"module{report['module']}",
            name=f"{entry['id']} {entry['title']}", time=f"{entry['seconds']:.2f}")
        tag = {FAIL: "failure", ERROR: "error", NOT_CHECKED: "skipped",
               MANUAL: "skipped"}.get(entry["state"])
        if tag:
            told = [entry["reason"], *(f"{item['test']}\n{item['ran']}\nexpected: "
                                       f"{item['expected']}\ngot: {item['got']}"
                                       for item in entry["failures"])]
            ET.SubElement(case, tag, message=WORDS[entry["state"]]).text = "\n\n".join(
                text for text in told if text)
    for fault in report["faults"]:
        case = ET.SubElement(suite, "testcase", classname="grader", name="the grader itself")
        ET.SubElement(case, "error", message="grader's fault").text = fault
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'
