"""A registry of packages on this machine: hand-made wheels and an sdist behind a simple index."""

import base64
import hashlib
import io
import tarfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: A builder that needs nothing beside the package itself.
BUILD_SYSTEM = "[build-system]\nrequires = []\nbuild-backend = 'setup'\nbackend-path = ['.']\n"


def wheel(name: str, version: str, requires: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """Return the file name and the bytes of a wheel with one module of the same name."""
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {entry}\n" for entry in requires)
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n"}
    rows = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"{name}-{version}-py3-none-any.whl", packed.getvalue()


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def sdist(name: str, version: str, setup: str) -> tuple[str, bytes]:
    """Return the file name and bytes of a source package; to build it runs this ``setup.py``."""
    top = f"{name}-{version}"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, text in {"setup.py": setup, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\n"
                           f"Version: {version}\n", "pyproject.toml": BUILD_SYSTEM}.items():
            entry = tarfile.TarInfo(f"{top}/{path}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return f"{top}.tar.gz", packed.getvalue()


class Index:
    """A simple index (PEP 503) of such files, which notes what it was asked for."""

    def __init__(self, *files: tuple[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[str] = []
        self.is_silent = False
        self.ended = threading.Event()
        self.address = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body for a path."""
        self.asked.append(path)
        while self.is_silent and not self.ended.is_set():
            time.sleep(0.05)
        parts = path.strip("/").split("/")
        if parts[0] == "files" and parts[-1] in self.files:
            return 200, self.files[parts[-1]]
        links = [f'<a href="/files/{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>'
                 for name, data in self.files.items()
                 if name.split("-")[0].replace("_", "-") == parts[-1]]
        return (200, "\n".join(links).encode()) if links else (404, b"no such package")

    @contextmanager
    def serve(self) -> Iterator["Index"]:
        """Serve on a free port of this machine."""
        index = self

        class Handler(BaseHTTPRequestHandler):
            """Answers and says nothing."""

            def do_GET(self) -> None:  # pylint: disable=invalid-name  # the library's own
                """Answer one request."""
                status, body = index.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "application/octet-stream" if "/files/"
                                 in self.path else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # pylint: disable=redefined-builtin
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.address = f"http://127.0.0.1:{server.server_address[1]}/simple"
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield self
            finally:
                self.ended.set()
                server.shutdown()
                thread.join()
