"""A stand-in for Heroku's Platform API and its store, on loopback.

It knows the calls that a deployment needs, compares what they bring, and refuses any other call,
field, header or key. What it cannot show is that Heroku itself takes them.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

APP, KEY = "census-of-tests", "a-key-of-the-tests"


@dataclass
class Account:
    """The state of the one app, and what was called."""

    address: str = ""
    web_url: str = "https://census-of-tests.example/"
    tarball: bytes = b""
    build_ends: str = "succeeded"
    #: How often a build or a release says that it is pending.
    pending: int = 2
    releases: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def add(self, slug: str | None, status: str = "succeeded") -> dict[str, Any]:
        """Add a release; it is the current one if it succeeded."""
        version = len(self.releases) + 1
        new = {"id": f"release-{version}", "version": version, "status": status, "current": False,
               "slug": {"id": slug} if slug else None}
        self.releases.append(new)
        if status == "succeeded":
            for release in self.releases:
                release["current"] = release is new
        return new

    def names(self) -> set[str]:
        """Return the names in the tarball that was sent."""
        with tarfile.open(fileobj=io.BytesIO(self.tarball), mode="r:gz") as tar:
            return set(tar.getnames())


class Refused(Exception):
    """The call is none that the stand-in knows."""


class _Handler(BaseHTTPRequestHandler):
    account: Account

    def answer(self) -> None:
        """Answer one call, or refuse it with 400."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.account.calls.append(f"{self.command} {self.path}")
        try:
            status, content = self._put(body) if self.path == "/store/put" else self._api(body)
        except (Refused, KeyError, ValueError) as err:
            status, content = 400, {"id": "refused", "message": f"stand-in: {err!r}"}
        sent = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer

    def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        """Say nothing."""

    def _put(self, body: bytes) -> tuple[int, Any]:
        if self.command != "PUT" or "Authorization" in self.headers:
            raise Refused("the store takes a PUT, and must not see the key")
        if self.headers.get("Content-Type"):
            raise Refused("the address was signed for no type of content")
        self.account.tarball = body
        return 200, {}

    def _api(self, body: bytes) -> tuple[int, Any]:
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"id": "unauthorized", "message": "Invalid credentials provided."}
        if self.headers.get("Accept") != "application/vnd.heroku+json; version=3":
            raise Refused("no version of the API was named")
        given = json.loads(body) if body else None
        known = {"POST /sources": self._sources, f"GET /apps/{APP}": self._app,
                 f"POST /apps/{APP}/builds": self._build,
                 f"GET /apps/{APP}/builds/build-1": self._built,
                 f"GET /apps/{APP}/releases": self._list,
                 f"POST /apps/{APP}/releases": self._again,
                 **{f"GET /apps/{APP}/releases/{each['id']}": lambda _, each=each: each
                    for each in self.account.releases}}
        call = f"{self.command} {self.path}"
        if call not in known or (self.command == "GET" and given is not None):
            raise Refused(call)
        return 201 if self.command == "POST" else 200, known[call](given)

    def _sources(self, given: Any) -> Any:
        if given is not None:
            raise Refused("a source has no fields")
        return {"source_blob": {name: f"{self.account.address}/store/{name[:3]}"
                                for name in ("get_url", "put_url")}}

    def _app(self, _: Any) -> Any:
        return {"name": APP, "web_url": self.account.web_url}

    def _list(self, _: Any) -> Any:
        if self.headers.get("Range") != "version ..; order=desc, max=200":
            raise Refused("the newest releases may not be among the first")
        return self.account.releases[::-1]

    def _again(self, given: Any) -> Any:
        if set(given) != {"release"}:
            raise Refused(f"fields {given}")
        old, = (each for each in self.account.releases if each["id"] == given["release"])
        return self.account.add(old["slug"]["id"])

    def _build(self, given: Any) -> Any:
        source = given["source_blob"]
        digest = hashlib.sha256(self.account.tarball).hexdigest()
        if set(given) != {"source_blob"} or set(source) != {"url", "version", "checksum"}:
            raise Refused(f"fields {given}")
        if source["url"] != f"{self.account.address}/store/get" or (
                source["checksum"] != f"SHA256:{digest}"):
            raise Refused("the tarball is not the one that was sent")
        return {"id": "build-1", "status": "pending", "release": None}

    def _built(self, _: Any) -> Any:
        self.account.pending -= 1
        if self.account.pending > 0:
            return {"id": "build-1", "status": "pending", "release": None}
        if self.account.build_ends != "succeeded":
            return {"id": "build-1", "status": self.account.build_ends, "release": None}
        release = self.account.add(hashlib.sha256(self.account.tarball).hexdigest()[:12])
        return {"id": "build-1", "status": "succeeded", "release": {"id": release["id"]}}


@contextmanager
def heroku() -> Iterator[Account]:
    """Run the stand-in while the context lasts."""
    account = Account()
    handler = type("Handler", (_Handler,), {"account": account})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        account.address = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield account
        finally:
            server.shutdown()
