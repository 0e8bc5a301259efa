"""Answer over HTTP with a release: MLflow's scoring server behind a strict door.

In: the folder of a release. Out: a service with /invocations, /ping, /health and /version.
The door checks each row by the schema before MLflow sees it, and tells faults in one line.
"""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rentals.errors import InputError, RentalsError
from rentals.model_files import load_model
from rentals.request_rows import CSV, JSON, checked_request

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

LOGGER = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
MOST_BYTES = 10_000_000


class _TooLarge(InputError):
    """The request is larger than the service reads."""


def build_app(folder: Path) -> "FastAPI":
    """Return the service of a release.

    Parameters
    ----------
    folder : Path
        In MLflow's format, with the manifest of `rentals.model_files`.

    Returns
    -------
    FastAPI

    Raises
    ------
    ModelFileError
        The model was changed, or does not fit this program.
    """
    # pylint: disable=import-outside-toplevel  # two seconds
    stored = load_model(folder)
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="1")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    from fastapi import FastAPI, Request, Response
    scoring_server = import_module("mlflow.pyfunc.scoring_server")
    model = scoring_server.load_model(str(folder))
    schema = model.metadata.get_input_schema()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes += [route for route in scoring_server.init(model).routes
                          if getattr(route, "path", "") in ("/ping", "/health", "/version")]

    def answer(content: bytes, kind: str) -> str:
        rows = checked_request(content, kind, schema.input_names())
        said = str(scoring_server.invocations(rows, JSON, model, schema).response)
        if "Infinity" in said or "NaN" in said:  # neither is JSON, nor a price
            raise InputError("a row has no finite price: it is too far from what was learned")
        return said

    @app.post("/invocations")
    async def invocations(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in (JSON, CSV):
            return _refusal(415, f"content type {kind[:40]!a}: send {JSON} or {CSV}")
        try:
            content = await _body(request)
            said = await asyncio.to_thread(answer, content, kind)
        except InputError as err:
            return _refusal(413 if isinstance(err, _TooLarge) else 400, str(err))
        except Exception:  # pylint: disable=broad-exception-caught
            LOGGER.exception("serve: the model could not answer")
            return _refusal(500, "the model could not answer; the log of the service says why")
        return Response(said, media_type=JSON)

    LOGGER.info("serve: %s, sha256 %s", stored.facts.name, stored.sha256)
    return app


def serve(folder: Path, host: str = LOOPBACK, port: int = 0) -> None:
    """Serve a release until the process is told to stop.

    Parameters
    ----------
    folder : Path
    host : str
        Address to listen on.
    port : int
        0 takes a free one.

    Raises
    ------
    ModelFileError
    InputError
        The address is taken or not ours.
    """
    import uvicorn  # pylint: disable=import-outside-toplevel
    app = build_app(folder)
    try:
        listener = socket.create_server((host, port))
    except (OSError, OverflowError) as err:
        raise InputError(f"{host}:{port}: cannot listen there: {err}") from err
    with listener:
        print(f"listening on http://{host}:{listener.getsockname()[1]}", flush=True)
        # uvicorn stops at these signals, then hands them on: to stop is no fault.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)
                       ).run(sockets=[listener])


def main(argv: Sequence[str] | None = None) -> int:
    """Serve a folder without the rest of the program, as the container does.

    Parameters
    ----------
    argv : sequence of str, optional

    Returns
    -------
    int
        0 when it was told to stop, 2 for bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m rentals.serve", description=(
        "Answer over HTTP with a release."))
    parser.add_argument("folder", type=Path, help="of the release")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        serve(arguments.folder, arguments.host, arguments.port)
        return 0
    except RentalsError as err:
        print(f"rentals serve: {err}", file=sys.stderr)
        return 2


async def _body(request: "Request") -> bytes:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise _TooLarge(f"more than {MOST_BYTES} bytes; send the rows in parts")
    return content


def _refusal(status: int, message: str) -> "Response":
    from fastapi.responses import JSONResponse  # pylint: disable=import-outside-toplevel
    return JSONResponse({"error_code": "INTERNAL_ERROR" if status == 500 else "BAD_REQUEST",
                         "message": message}, status)


if __name__ == "__main__":
    sys.exit(main())
