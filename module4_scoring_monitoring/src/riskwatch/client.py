"""The client: ask a running service for everything, and write it down as one report.

In: the address of a service. Out: what each route answered, as JSON, as Markdown, and as the
course's ``apireturns.txt``. What fails is tried again a few times, and then stands in the report.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from riskwatch.errors import InputError
from riskwatch.files import make_folder, write_text
from riskwatch.schema import FEATURES

LISTS = ("scores", "drift", "decisions", "runs", "deployments", "diagnostics",
         "summary-statistics", "data/files")
COURSE = ("/prediction", "/scoring", "/summarystats", "/diagnostics")
_SINGLE = ("/health/live", "/health/ready", "/scoring", "/summarystats", "/diagnostics")
_MOST_PER_PAGE, _MOST_BYTES = 1000, 64 * 2**20
_TIMES = (5.0, 30.0)
_SAMPLE = [dict(zip(FEATURES, values)) for values in ((78, 1024, 12), (1, 900, 3), (40, 60, 99))]


@dataclass(frozen=True)
class Answered:
    """What one route answered: its status, its content, and the fault if there was one."""

    status: int | None
    content: Any
    fault: str = ""


@dataclass(frozen=True)
class Collected:
    """What a whole service answered, by route."""

    url: str
    answers: Mapping[str, Answered]

    @property
    def is_whole(self) -> bool:
        """Whether every route answered."""
        return not any(answer.fault for answer in self.answers.values())

    def in_words(self) -> str:
        """Return one line."""
        failed = [path for path, answer in self.answers.items() if answer.fault]
        rows = sum(len(answer.content) for answer in self.answers.values()
                   if isinstance(answer.content, list))
        text = f"{len(self.answers)} routes, {rows} rows"
        return f"{text}, failed: {', '.join(failed)}" if failed else text


@dataclass(frozen=True)
class ReportFiles:
    """Where the report is."""

    json: Path
    markdown: Path
    course: Path


def collect(url: str, *, most_rows: int = 10_000, retries: int = 3) -> Collected:
    """Ask every route of a service.

    Parameters
    ----------
    url : str
        As ``http://127.0.0.1:8000``.
    most_rows : int
        Of each list; the newest come first.
    retries : int
        After a connection that failed, or an answer 429, 502, 503 or 504.

    Returns
    -------
    Collected

    Raises
    ------
    InputError
        The address is none, or nobody answers there.
    """
    base = url.rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise InputError("give the address of the service as http://HOST:PORT")
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file speaks for the user here
        retry = Retry(total=retries, backoff_factor=0.2, status_forcelist=(429, 502, 503, 504),
                      allowed_methods=None, raise_on_status=False, redirect=0)
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        if not _ask(session, "GET", f"{base}/health/live").status:
            raise InputError(f"{base}: nobody answers; start `riskwatch serve`, use its address")
        answers = {path: _ask(session, "GET", base + path) for path in _SINGLE}
        for path in ("/v1/predictions", "/prediction"):
            answers[path] = _ask(session, "POST", base + path, {"rows": _SAMPLE})
        for name in LISTS:
            answers[f"/v1/{name}"] = _pages(session, f"{base}/v1/{name}", most_rows)
    return Collected(base, answers)


def write_report(found: Collected, folder: Path) -> ReportFiles:
    """Write what a service answered.

    Parameters
    ----------
    found : Collected
    folder : Path

    Returns
    -------
    ReportFiles
    """
    make_folder(folder)
    files = ReportFiles(folder / "report.json", folder / "report.md", folder / "apireturns.txt")
    content = {"url": found.url, "answers": {
        path: {"status": answer.status, "content": answer.content, "fault": answer.fault}
        for path, answer in found.answers.items()}}
    write_text(files.json, json.dumps(content, indent=1, sort_keys=True) + "\n")
    write_text(files.markdown, _markdown(found))
    write_text(files.course, "".join(
        f"{path}\n{json.dumps(found.answers[path].content)}\n" for path in COURSE))
    return files


def _ask(session: requests.Session, method: str, url: str, body: Any = None,
         parameters: Mapping[str, str] | None = None) -> Answered:
    try:
        with session.request(method, url, json=body, params=parameters, timeout=_TIMES,
                             allow_redirects=False, stream=True) as answer:
            text = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
            status = answer.status_code
            if len(text) > _MOST_BYTES:
                return Answered(status, None, "the answer is too large")
            fault = "" if status == 200 else f"status {status}"
            return Answered(status, json.loads(text), fault)
    except (requests.RequestException, HTTPError) as err:
        return Answered(None, None, f"no answer ({type(err).__name__})")
    except (ValueError, RecursionError):
        return Answered(status, None, fault or "the answer is not JSON")


def _pages(session: requests.Session, url: str, most_rows: int) -> Answered:
    """Follow the cursors until the end, or until there is enough."""
    rows: list[Any] = []
    parameters = {}
    while len(rows) < most_rows:
        parameters["limit"] = str(min(_MOST_PER_PAGE, most_rows - len(rows)))
        page = _ask(session, "GET", url, parameters=parameters)
        if page.fault:
            return Answered(page.status, rows, page.fault)
        try:
            rows += page.content["items"]
            cursor = page.content["next_cursor"]
        except (KeyError, TypeError):
            return Answered(page.status, rows, "the answer is no page")
        if cursor is None or cursor == parameters.get("cursor"):
            break
        parameters["cursor"] = str(cursor)
    return Answered(200, rows)


def _markdown(found: Collected) -> str:
    lines = ["# What the service answered", "", f"Asked: `{found.url}`", "",
             "| route | status | rows | fault |", "|---|---|---|---|"]
    for path, answer in found.answers.items():
        count = len(answer.content) if isinstance(answer.content, list) else ""
        lines.append(f"| `{path}` | {answer.status or '–'} | {count} | {answer.fault} |")
    for path, answer in found.answers.items():
        lines += ["", f"## `{path}`", ""]
        if isinstance(answer.content, list) and answer.content and isinstance(
                answer.content[0], dict):
            lines += _table(answer.content)
        else:
            lines += ["```json", json.dumps(answer.content, indent=1), "```"]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Mapping[str, Any]], most: int = 20) -> list[str]:
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows[:most]]
    if len(rows) > most:
        lines += ["", f"… and {len(rows) - most} more in `report.json`."]
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = " ".join(str(value).split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
