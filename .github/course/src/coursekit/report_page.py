"""The report as one HTML page: no script, no address, every text escaped.

In: the report as data, freed of control characters. Out: the page's text.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.report_data import in_words
from coursekit.states import ERROR, FAIL, MANUAL, NOT_CHECKED, PASS, WORDS

TEMPLATES = Path(__file__).with_name("templates")
SIGNS = {PASS: "✓", FAIL: "✗", NOT_CHECKED: "–", ERROR: "!", MANUAL: "✎"}
HOW = {"environment": "Environment", "contract": "Contract", "static": "Text and style",
       "probe": "Behaviour", "tests": "Its own tests", "manual": "For the reviewer"}


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in; everything is escaped, nothing may be undefined."""
    # pylint: disable-next=import-outside-toplevel  # a template engine, only when needed
    import jinja2
    space = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True,
                               undefined=jinja2.StrictUndefined, trim_blocks=True,
                               lstrip_blocks=True)
    return space.get_template(template).render(**values)


def page(report: Mapping[str, Any]) -> str:
    """Return the page of one submission."""
    counts, total = report["counts"], max(1, len(report["criteria"]))
    bars = [(state, counts[state], 100 * counts[state] / total)
            for state in (PASS, FAIL, NOT_CHECKED, ERROR, MANUAL) if counts[state]]
    open_ones = [entry for state in (ERROR, FAIL)
                 for entry in report["criteria"] if entry["state"] == state]
    waiting: dict[str, list[Any]] = {}
    for entry in report["criteria"]:
        if entry["state"] == NOT_CHECKED:
            waiting.setdefault(entry["reason"], []).append(entry)
    return render("grade.html.j2", {
        "report": report, "in_words": in_words(report),
        "words": WORDS, "signs": SIGNS, "how": HOW, "bars": bars,
        "open_ones": open_ones, "waiting": waiting,
        "manual": [entry for entry in report["criteria"] if entry["state"] == MANUAL],
        "groups": [(title, [entry for entry in report["criteria"] if entry["how"] == how])
                   for how, title in HOW.items()
                   if any(entry["how"] == how for entry in report["criteria"])]})
