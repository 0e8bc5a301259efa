"""A real HTTP server on the loopback device that answers ``/good`` well and all else badly.

In: the path that is asked for. Out: a truncated, tampered, endless, stalled or wrong answer.
"""

import time
from http.server import BaseHTTPRequestHandler

import census_tables as tables

GOOD = tables.table_text("public").encode()

#: Path -> body, status, the length that is claimed (None: the true one), content type.
BODIES: dict[str, tuple[bytes, int, int | None, str]] = {
    "good": (GOOD, 200, None, "text/csv"),
    "headless": (GOOD.partition(b"\n")[2], 200, None, "text/csv"),
    "untyped": (GOOD, 200, None, "application/octet-stream"),
    "truncated": (GOOD[:-1], 200, None, "text/csv"),
    "broken-off": (GOOD[:-100], 200, len(GOOD), "text/csv"),
    "empty": (b"", 200, None, "text/csv"),
    "too-large": (GOOD + b"\n", 200, None, "text/csv"),
    "endless": (b"x" * 5_000_000, 200, None, "text/csv"),
    "tampered": (GOOD.replace(b"Male", b"Nale"), 200, None, "text/csv"),
    "login": (b"<!doctype html><title>Log in</title>", 200, None, "text/html; charset=utf-8"),
    "padded-login": (b"<html>".ljust(len(GOOD)), 200, None, "text/HTML"),
}


class Handler(BaseHTTPRequestHandler):
    """Answers by the last part of the path that is asked for."""

    def do_GET(self) -> None:  # pylint: disable=invalid-name  # http.server's name
        """Answer by the path's name."""
        name = self.path.partition("?")[0].strip("/")
        if name == "moved":
            self._send(b"", 302, Location="/good")
        elif name == "loop":
            self._send(b"", 302, Location="/loop")
        elif name == "elsewhere":
            self._send(b"", 302, Location="file:///etc/hostname")
        elif name in ("stalled", "stalled-early"):
            self._stall(is_early=name == "stalled-early")
        elif name.isdigit():
            self._send(GOOD, int(name))
        elif name == "not-http":
            self.wfile.write(b"220 ready\r\n" * 3)
        else:
            self._send(*BODIES[name])

    def _send(self, body: bytes, status: int = 200, length: int | None = None,
              kind: str = "text/csv", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Content-Type", kind)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _stall(self, *, is_early: bool) -> None:
        if not is_early:
            self._send(GOOD[:100], length=len(GOOD))
        self.wfile.flush()
        time.sleep(1.5)

    def log_message(self, *_: object) -> None:  # pylint: disable=arguments-differ
        """Say nothing."""
