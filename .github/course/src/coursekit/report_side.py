"""Several submissions side by side: one page with a row for each criterion.

In: folders and reports. Out: ``index.html``.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coursekit.report import harmless
from coursekit.report_page import SIGNS, render
from coursekit.states import WORDS


def write_side(graded: Sequence[tuple[Path, Mapping[str, Any]]], out: Path) -> None:
    """Write the page that compares.

    Parameters
    ----------
    graded : sequence of (Path, mapping)
        The folder of each submission's reports, and the report.
    out : Path
        Where ``index.html`` goes.
    """
    reports = [harmless(report) for _, report in graded]
    links = [f"{folder.relative_to(out).as_posix()}/grade.html" for folder, _ in graded]
    rows = [(entry, [next((other["state"] for other in report["criteria"]
                           if other["id"] == entry["id"]), "not_checked") for report in reports])
            for entry in reports[0]["criteria"]]
    text = render("side.html.j2", {"reports": reports, "links": links, "rows": rows,
                                   "signs": SIGNS, "words": WORDS})
    part = out / ".index.html.part"
    part.write_text(text, encoding="utf-8")
    os.replace(part, out / "index.html")
