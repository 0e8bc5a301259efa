"""Build the report of all modules, build/report/index.html, from their summaries.

In: build/run.json (which modules ran, and how that went) and each module's summary.json.
Out: one page without outside parts. The modules write their own reports; this page is the hall
that leads to them, so it needs the standard library alone.
"""

from __future__ import annotations

import argparse
import base64
import json
import platform
import shlex
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import List, Optional, Sequence, Union
from urllib.parse import quote

from summary import Figure, Summary, SummaryError, read_summary

MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}
MOST_IMAGES = 6
MOST_IMAGE_BYTES = 1_500_000
TO_ROOT = "../../"


@dataclass(frozen=True)
class Visit:
    """One module as the page shows it: a summary, or the reason why there is none."""

    folder: Path
    seconds: float
    summary: Optional[Summary] = None
    fault: str = ""


def visit(folder: Path, is_ok: bool, seconds: float) -> Visit:
    """Read what the last run of the module in ``folder`` left."""
    if not is_ok:
        return Visit(folder, seconds, fault="make run failed; its last lines say why")
    try:
        summary = read_summary(folder)
    except SummaryError as err:
        return Visit(folder, seconds, fault=str(err))
    if summary.module != folder.name:
        return Visit(folder, seconds, fault=f"summary.json is that of {summary.module}")
    return Visit(folder, seconds, summary)


def show_value(value: Union[float, str, None]) -> str:
    """Return a number with four significant digits, a whole or big one in groups of three."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    is_whole = float(value).is_integer() or abs(value) >= 1_000
    return f"{value:,.0f}" if is_whole else f"{value:.4g}"


def figure_row(figure: Figure) -> str:
    """Return one row of the table of figures."""
    value = f"{show_value(figure.value)} {figure.unit}".strip()
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f" <small>{show_value(figure.low)} – {show_value(figure.high)}</small>"
    return (f"<tr><th scope=row>{escape(figure.name)}</th>"
            f"<td>{escape(value)}{interval}</td></tr>")


def inside(folder: Path, relative: str) -> Optional[Path]:
    """Return the file that a summary names, or None unless it lies in the module's build."""
    build = (folder / "build").resolve()
    path = (build / "report" / relative).resolve()
    return path if build in path.parents and path.is_file() else None


def picture(folder: Path, relative: str) -> str:
    """Return an image as part of the page, or nothing when it is missing, foreign or big."""
    path = inside(folder, relative)
    media_type = MEDIA_TYPES.get(Path(relative).suffix.lower())
    if path is None or media_type is None or path.stat().st_size > MOST_IMAGE_BYTES:
        return ""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    name = escape(path.stem.replace("_", " "), quote=True)
    return (f'<figure><img alt="{name}" src="data:{media_type};base64,{content}">'
            f"<figcaption>{name}</figcaption></figure>")


def link(folder: Path, relative: str, title: str) -> str:
    """Return a link from the page to a file of the module, or plain text when it is not there."""
    path = inside(folder, relative)
    if path is None:
        return f"<li class=soft>{escape(title)} (missing)</li>"
    inner = path.relative_to((folder / "build").resolve()).as_posix()
    address = TO_ROOT + quote(f"{folder.as_posix()}/build/{inner}")
    return f'<li><a href="{escape(address, quote=True)}">{escape(title)}</a></li>'


def card(visited: Visit) -> str:
    """Return the part of the page that shows one module."""
    summary, folder = visited.summary, visited.folder
    if summary is None:
        return (f'<section class="card failed"><h2>{escape(folder.name)}</h2>'
                f"<p class=state>failed after {visited.seconds:.0f} s</p>"
                f"<p>{escape(visited.fault)}</p></section>")
    pictures = [picture(folder, image) for image in summary.images[:MOST_IMAGES]]
    more = len(summary.images) - MOST_IMAGES
    rows = "".join(figure_row(figure) for figure in summary.figures)
    links = link(folder, "index.html", "The module's own report")
    links += "".join(link(folder, item.path, item.title) for item in summary.links
                     if item.path != "index.html")
    return (f"<section class=card><h2>{escape(summary.title)}</h2>"
            f"<p class=soft>{escape(folder.name)} · {escape(summary.span.started_utc)} · "
            f"{summary.span.seconds:.1f} s</p>"
            f"<p>Data: {escape(summary.data.source)} "
            f"<code>{summary.data.sha256[:12]}</code></p>"
            f"<div class=wide><table>{rows}</table></div><ul>{links}</ul>"
            f"<div class=pictures>{''.join(pictures)}</div>"
            + (f"<p class=soft>{more} more in its report</p>" if more > 0 else "")
            + "</section>")


def page(visits: Sequence[Visit]) -> str:
    """Return the whole page."""
    failed = sum(item.summary is None for item in visits)
    figures = sum(len(item.summary.figures) for item in visits if item.summary)
    totals = (f"{len(visits) - failed} ok · {failed} failed · {figures} figures · "
              f"{sum(item.seconds for item in visits):.0f} s")
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return ("<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
            '<meta name=viewport content="width=device-width, initial-scale=1">'
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
            f"<title>MLOps capstones: the last run</title><style>{style}</style></head>"
            f"<body><header><h1>MLOps capstones</h1><p>The last run: {totals}</p></header>"
            f"<main>{''.join(card(item) for item in visits)}</main></body></html>\n")


def opening_hint(path: Path) -> str:
    """Return the command that shows ``path`` on this system."""
    if platform.system() == "Darwin":
        return f"open {shlex.quote(str(path))}"
    if "microsoft" in platform.release().lower():
        return f"explorer.exe $(wslpath -w {shlex.quote(str(path))})"
    return f"xdg-open {shlex.quote(str(path))}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Write the page; return 1 when a module has no good summary."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", type=Path, default=Path("build/run.json"),
                        help="what `make run` recorded")
    args = parser.parse_args(argv)
    try:
        recorded = json.loads(args.run.read_text(encoding="utf-8"))["outcomes"]
        visits: List[Visit] = [visit(Path(item["part"]), item["ok"], item["seconds"])
                               for item in recorded]
    except (OSError, ValueError, KeyError, TypeError) as err:
        print(f"{args.run}: cannot be read ({err}): run `make run` first", file=sys.stderr)
        return 2
    path = Path("build", "report", "index.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(visits), encoding="utf-8")
    faults = [item for item in visits if item.summary is None]
    for item in faults:
        print(f"{item.folder}: {item.fault}", file=sys.stderr)
    print(f"Report: {path}\n  {opening_hint(path)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
