"""A stand-in of the W&B service on loopback, behind the real protocol.

It refuses every operation, path and key that it does not know, remembers what it refused, and
keeps every byte that it was sent. It proves what the client sends, not what the service accepts.
"""

import base64
import json
import re
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wandb_service import ENTITY, Refusal, StandIn

KEY = "0123456789" * 4
_AUTHORIZATION = "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode()


class _Server(ThreadingHTTPServer):
    """Lets a client go without a word: W&B's resets its connections when it is done."""

    service: StandIn

    def handle_error(self, request, client_address):
        """Remember every other fault, which is one of ours."""
        fault = sys.exception()
        if not isinstance(fault, ConnectionError):
            self.service.refused.append(repr(fault))


@contextmanager
def wandb_stand_in():
    """Serve on a free port of loopback; yield the `StandIn`."""
    service, lock = StandIn(), threading.Lock()

    class _Handler(BaseHTTPRequestHandler):
        """Hands each request to the service, one at a time."""

        protocol_version = "HTTP/1.1"

        def _handle(self):
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                with lock:
                    answer, status = self._answer(content), 200
            except (Refusal, KeyError, ValueError) as err:
                service.refused.append(f"{self.command} {self.path}: {err}")
                answer, status = {"errors": [{"message": str(err)}]}, 400
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def _answer(self, content):
            if self.command == "PUT":
                return service.upload(self.path, content)
            if self.headers.get("Authorization") != _AUTHORIZATION:
                raise Refusal("no key, or a wrong one")
            if self.command == "POST" and self.path == "/graphql":
                asked = json.loads(content)
                return {"data": service.answer(asked["query"], asked.get("variables"))}
            stream = re.fullmatch(f"/files/{ENTITY}/[^/]+/([^/]+)/file_stream", self.path)
            if self.command == "POST" and stream:
                return service.stream(stream.group(1), json.loads(content)) or {}
            raise Refusal("unknown path")

        do_GET = do_POST = do_PUT = _handle

        def do_HEAD(self):  # pylint: disable=invalid-name  # the base class names it
            """Say that somebody is here."""
            self.send_response(200)
            self.end_headers()

        def log_message(self, format, *args):  # pylint: disable=redefined-builtin
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), _Handler)
    server.service = service
    service.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
