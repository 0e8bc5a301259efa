"""Servers that take alerts: they keep the bytes that came, and refuse what they do not know."""

import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH, SECRET = "/hooks/T0KEN", "the common key"
KEYS = {"id", "source", "event", "incident", "detail", "opened_utc", "resolved_utc"}


@dataclass
class Hook:
    """A webhook; ``answers`` are given before it takes anything: a status, or what it does."""

    address: str
    secret: str | None = None
    answers: list[int | str] = field(default_factory=list)
    tries: int = 0
    taken: list[bytes] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def messages(self) -> list[dict[str, Any]]:
        """What it took."""
        return [json.loads(body) for body in self.taken]

    def complaint(self, request: BaseHTTPRequestHandler, body: bytes) -> str:
        """What is wrong with a request; empty if nothing is."""
        headers = request.headers
        try:
            content = json.loads(body.decode("utf-8"))
        except ValueError:
            content = None
        is_message = isinstance(content, dict) and set(content) == KEYS and (
            content["event"] in ("opened", "resolved"))
        return next((words for is_wrong, words in (
            (request.path != PATH, f"404 no such path {request.path}"),
            (headers.get_all("Content-Type") != ["application/json"], "415 that is no JSON"),
            (content is None, "400 broken JSON"), (not is_message, "422 another shape"),
            (is_message and headers["Idempotency-Key"] != content["id"], "422 another key"),
            ("Authorization" in headers or "Cookie" in headers, "400 nobody asked for that"),
            (self.secret is None and "X-Riskwatch-Signature" in headers, "400 signed by nobody"),
            (self.secret is not None and not self._is_signed(headers, body),
             "401 another signature")) if is_wrong), "")

    def _is_signed(self, headers: Message, body: bytes) -> bool:
        signed = (headers["X-Riskwatch-Timestamp"] or "").encode() + b"." + body
        right = hmac.new((self.secret or "").encode(), signed, "sha256").hexdigest()
        return headers["X-Riskwatch-Signature"] == f"sha256={right}"


@contextmanager
def hook(secret: str | None = None, answers: tuple[int | str, ...] = ()) -> Iterator[Hook]:
    """Start a webhook on a free port."""
    found = Hook("", secret, list(answers))
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """Takes what is right."""

        def do_POST(self) -> None:  # pylint: disable=invalid-name
            """Take a message, or refuse it."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.tries += 1
            answer = found.answers.pop(0) if found.answers else 200
            if answer == "slow":
                over.wait(20)
            elif answer == "drip":  # a byte at a time, each in good time
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200:
                    if over.wait(0.1):
                        return
                    self.wfile.write(bytes([letter]))
            elif answer == "cut":
                self.connection.shutdown(socket.SHUT_RDWR)
            elif answer != 200:
                self.send_response(int(answer))
                self.send_header("Location", "/elsewhere")
                self.send_header("Retry-After", "3600")
                self.end_headers()
            else:
                self._judge(body)

        def _judge(self, body: bytes) -> None:
            wrong = found.complaint(self, body)
            if wrong:
                found.complaints.append(wrong)
            else:
                found.taken.append(body)
            self.send_response(int(wrong[:3]) if wrong else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:  # pylint: disable=arguments-differ
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.address = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def silent_port() -> Iterator[int]:
    """A port where somebody listens, and never says a word."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen(5)
        yield one.getsockname()[1]


def eventually(check: Any, seconds: float = 5.0) -> bool:
    """Whether something becomes true."""
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
