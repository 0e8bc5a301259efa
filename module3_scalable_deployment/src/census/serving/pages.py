"""The pages for people: the form at ``/ui`` and the documentation at ``/docs``.

In: nothing. Out: routes that send files of this package, and Swagger UI from the package
``fastapi-offline``, so that no page needs anything from the internet.
"""

from importlib import import_module
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response

_OURS = Path(__file__).with_name("static")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css",
          ".png": "image/png"}
#: Address to file; those in _SWAGGER come from the package.
_PAGES = {"/ui": "ui.html", "/ui/page.js": "ui.js", "/ui/page.css": "ui.css",
          "/docs": "docs.html", "/docs/start.js": "docs.js"}
_SWAGGER = {"/docs/swagger-ui-bundle.js": "swagger-ui-bundle.js",
            "/docs/swagger-ui.css": "swagger-ui.css", "/favicon.ico": "favicon.png"}


def add_pages(app: FastAPI) -> set[str]:
    """Add the pages to the application.

    Parameters
    ----------
    app : FastAPI

    Returns
    -------
    set of str
        Their addresses.
    """
    theirs = Path(str(import_module("fastapi_offline").__file__)).with_name("static")
    files = {address: _OURS / name for address, name in _PAGES.items()} | {
        address: theirs / name for address, name in _SWAGGER.items()}
    for address, path in files.items():
        _add(app, address, path)
    return set(files)


def _add(app: FastAPI, address: str, path: Path) -> None:
    async def page() -> Response:
        return FileResponse(path, media_type=_TYPES[path.suffix])

    app.add_api_route(address, page, include_in_schema=False)
