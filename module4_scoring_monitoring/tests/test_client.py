"""The client asks for everything, tries again, follows all pages, and writes one report."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from web_story import HOSTILE, service, told

from riskwatch.cli import main
from riskwatch.client import COURSE, LISTS, collect, write_report
from riskwatch.errors import InputError
from riskwatch.ledger import open_ledger
from riskwatch.records import Decision


@contextmanager
def strange(answer: Callable[[str, int], tuple[int, bytes]]) -> Iterator[tuple[str, list[str]]]:
    """A service that answers what it is told to; it keeps the paths that it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        """Answers by path and by how often it was asked."""

        def do_GET(self) -> None:  # pylint: disable=invalid-name
            """Answer."""
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.path)
            status, body = answer(self.path, asked.count(self.path))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status in (301, 302):
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()


def test_everything_of_a_real_service_comes_into_one_report(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = told(tmp_path / "out")
    with closing(open_ledger(place)) as ledger:
        ledger.append(*(Decision(kind="drift", action="keep", reason=f"number {number}")
                        for number in range(2500)))
    with service(place.out) as running:
        assert main(["client", running.address, "--out", str(tmp_path / "here")]) == 0
    assert "failed" not in capsys.readouterr().out
    folder = tmp_path / "here" / "client"
    answers = json.loads((folder / "report.json").read_text())["answers"]
    assert {f"/v1/{name}" for name in LISTS} < set(answers) and set(COURSE) < set(answers)
    numbers = [row["id"] for row in answers["/v1/decisions"]["content"]]
    assert numbers == list(range(2512, 0, -1))
    text = (folder / "report.md").read_text()
    assert "| `/v1/decisions` | 200 | 2512 |  |" in text and "<script>" not in text
    assert HOSTILE.partition("|")[0] in text
    course = (folder / "apireturns.txt").read_text().splitlines()
    assert course[::2] == list(COURSE)
    assert json.loads(course[1]) == [0, 0, 1] or len(json.loads(course[1])) == 3


def test_it_tries_again_and_then_says_what_failed(tmp_path: Path) -> None:
    def answer(path: str, times: int) -> tuple[int, bytes]:
        if path == "/scoring":
            return (503, b"{}") if times < 3 else (200, b'{"f1": 0.5}')
        if path == "/diagnostics":
            return 503, b"{}"
        if path.startswith("/v1/drift"):
            return 302, b"{}"
        if path.startswith("/v1/runs"):
            return 200, b'{"items": [1]}'
        if path.startswith("/v1/scores"):
            return 200, b"<html>"
        return 200, b'{"items": [], "next_cursor": null}'

    with strange(answer) as (url, asked):
        found = collect(url)
    assert found.answers["/scoring"].content == {"f1": 0.5} and asked.count("/scoring") == 3
    assert asked.count("/diagnostics") == 4 and not found.is_whole
    assert found.answers["/diagnostics"].fault == "status 503"
    assert found.answers["/v1/drift"].fault == "status 302"  # nobody is followed elsewhere
    assert found.answers["/v1/runs"].fault == "the answer is no page"
    assert found.answers["/v1/scores"].fault == "the answer is not JSON"
    assert "failed: /diagnostics" in found.in_words()
    assert "status 503" in write_report(found, tmp_path / "r").markdown.read_text("utf-8")


def test_a_cursor_that_leads_nowhere_ends() -> None:
    page = b'{"items": [{"id": 1}], "next_cursor": "same"}'
    with strange(lambda path, _: (200, page)) as (url, _):
        found = collect(url, most_rows=50)
    assert len(found.answers["/v1/runs"].content) == 2


@pytest.mark.parametrize("url", ["127.0.0.1:1", "file:///etc/passwd", "http://127.0.0.1:1"])
def test_nobody_there_is_one_plain_line(url: str, tmp_path: Path,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError):
        collect(url, retries=0)
    assert main(["client", url, "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("riskwatch client: ")
