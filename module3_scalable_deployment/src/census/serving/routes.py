"""The addresses of the service: what each one reads and answers.

In: a request. Out: a response. Handlers take the model once, so that a promotion in the middle
of a request cannot mix two models, and they build their answers without any thread.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from census.schema import FEATURES
from census.serving.csv_upload import CsvUpload
from census.serving.holder import DOCUMENTS, Served
from census.serving.limits import body_chunks, check_declared, read_body
from census.serving.metrics import MEDIA_TYPE as METRICS_TYPE
from census.serving.openapi import CSV_BODY, JSON_BODY, answers
from census.serving.payloads import label_of, many_answers, one_answer, parse_people
from census.serving.problems import Problem
from census.serving.service import Service

_ROWS_AT_ONCE = 1024
JSON, CSV = "application/json", "text/csv"


class DirectRoute(APIRoute):
    """A route whose handler reads the request itself; FastAPI only describes it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler as it is."""
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


def build_routes(service: Service) -> APIRouter:
    """Return all routes that speak JSON, CSV or plain text.

    Parameters
    ----------
    service : Service
        What the handlers share.

    Returns
    -------
    fastapi.APIRouter
    """
    router = APIRouter(route_class=DirectRoute)
    router.post("/v1/predictions", **answers("predictions"), openapi_extra=JSON_BODY,
                operation_id="predict")(_predict(service))
    router.post("/v1/predictions/csv", **answers("csv"), openapi_extra=CSV_BODY,
                operation_id="predict_csv")(_predict_csv(service))
    router.get("/v1/model", **answers("model"), operation_id="model")(_model(service))
    for word in DOCUMENTS:
        router.get(f"/v1/model/{word}", **answers("document"), operation_id=word)(
            _document(service, word))
    _add_open_routes(router, service)
    return router


def _add_open_routes(router: APIRouter, service: Service) -> None:
    """Add what needs no key: greeting, health, counters."""

    @router.get("/", **answers("greeting"), operation_id="greet")
    async def greet(_: Request) -> Response:
        return JSONResponse({
            "greeting": "Welcome! This service predicts whether a person of the 1994 census "
                        "earns more than 50,000 dollars a year.",
            "try": "POST /v1/predictions", "page": "/ui", "documentation": "/docs"})

    @router.get("/health/live", **answers("live"), operation_id="live")
    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    @router.get("/health/ready", **answers("ready"), operation_id="ready")
    async def ready(_: Request) -> Response:
        if service.switch.is_draining:
            raise Problem(503, "The service is about to stop.", headers={"Retry-After": "1"})
        return JSONResponse({"status": "ready",
                             "model_version": service.holder.model().signature.version})

    @router.get("/metrics", **answers("metrics"), operation_id="metrics")
    async def metrics(_: Request) -> Response:
        return Response(service.metrics.text(), media_type=METRICS_TYPE)


_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def _predict(service: Service) -> _Handler:
    options = service.options

    async def predict(request: Request) -> Response:
        """Predict for one person, or for a list of up to 1,000."""
        service.check_key(request)
        check_declared(request, options.most_json_bytes, JSON)
        body = await read_body(request, options.most_json_bytes, options.body_seconds)
        is_list, values = parse_people(body)
        model, request_id = service.holder.model(), request.scope["state"]["request_id"]
        if is_list:
            scorer = model.scorer
            found = scorer.probabilities(
                scorer.encode_columns(values[:len(FEATURES)])).tolist()
            content = many_answers(found, model.signature, request_id)
        else:
            found = [model.scorer.probability(values)]
            content = one_answer(found[0], model.signature, request_id)
        service.metrics.scored(found, model.signature.threshold)
        return Response(content, media_type=JSON)
    return predict


def _predict_csv(service: Service) -> _Handler:
    options = service.options

    async def predict_csv(request: Request) -> Response:
        """Predict for each row of a CSV file: checked whole, then scored and streamed."""
        service.check_key(request)
        check_declared(request, options.most_csv_bytes, CSV)
        model = service.holder.model()
        with service.uploads:
            upload = CsvUpload(model.scorer)
            try:
                async for portion in body_chunks(request, options.most_csv_bytes,
                                                 options.body_seconds):
                    upload.feed(portion)
                upload.finish()
            except BaseException:
                upload.close()
                raise
        return StreamingResponse(_scored(service, model, upload), media_type=CSV, headers={
            "X-Model-Version": model.signature.version,
            "X-Threshold": repr(model.signature.threshold),
            "X-Row-Count": str(upload.row_count)})
    return predict_csv


async def _scored(service: Service, model: Served, upload: CsvUpload) -> AsyncIterator[bytes]:
    """Yield the answers of an upload, letting other requests in between."""
    try:
        yield b"row,label,probability\r\n"
        for text in _lines(service, model, upload):
            yield text.encode("ascii")
            await asyncio.sleep(0)
    finally:
        with suppress(OSError):
            upload.close()


def _lines(service: Service, model: Served, upload: CsvUpload) -> Iterator[str]:
    row, threshold = 1, model.signature.threshold
    for codes in upload.blocks(_ROWS_AT_ONCE):
        found = model.scorer.probabilities(codes).tolist()
        service.metrics.scored(found, threshold)
        yield "".join([f"{number},{label_of(value, threshold)},{value!r}\r\n"
                       for number, value in enumerate(found, row)])
        row += len(found)


def _model(service: Service) -> _Handler:
    async def model(request: Request) -> Response:
        """What the model in service is: version, settings, metrics, origin."""
        service.check_key(request)
        return Response(service.holder.model().facts, media_type=JSON)
    return model


def _document(service: Service, word: str) -> _Handler:
    async def document(request: Request) -> Response:
        service.check_key(request)
        found = service.holder.model().documents.get(word)
        if found is None:
            raise Problem(404, f"The release in service holds no {word}.")
        return Response(found, media_type=JSON)
    document.__doc__ = f"The {word} of the model in service, as released."
    return document
