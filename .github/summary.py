"""Read what a module tells about its run: build/report/summary.json, checked key by key.

In: the folder of a module. Out: one frozen ``Summary``, or a ``SummaryError`` that names the
key. The rules are those of summary.schema.json; they stand here again because the root report
is built with the standard library alone, and a test keeps the two agreed.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Optional, Tuple, Union

KEYS = {"module", "title", "started_utc", "seconds", "data", "figures", "images", "links"}
MODULE = re.compile(r"module[0-9]+_[a-z0-9_]+")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", re.ASCII)
RELATIVE_PATH = re.compile(r"(?!/)[^:\\]+")
SHA256 = re.compile(r"[0-9a-f]{64}")


class SummaryError(Exception):
    """A summary cannot be read or breaks the contract; the text says where."""


@dataclass(frozen=True)
class Figure:
    """One measured figure, with its interval when it has one."""

    name: str
    value: Union[float, str]
    unit: str
    low: Optional[float]
    high: Optional[float]


@dataclass(frozen=True)
class Link:
    """A further page of the module."""

    title: str
    path: str


@dataclass(frozen=True)
class Span:
    """When a run began, and how long it took."""

    started_utc: str
    seconds: float


@dataclass(frozen=True)
class Data:
    """What a run was made from."""

    source: str
    sha256: str


@dataclass(frozen=True)
class Summary:
    """What one run of one module gave."""

    module: str
    title: str
    span: Span
    data: Data
    figures: Tuple[Figure, ...]
    images: Tuple[str, ...]
    links: Tuple[Link, ...]


def read_summary(module: Path) -> Summary:
    """Return the summary of the last run of ``module``.

    Raises
    ------
    SummaryError
        The file is missing, is not JSON, or breaks the contract.
    """
    path = module / "build" / "report" / "summary.json"
    try:
        return parse_summary(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as err:
        raise SummaryError(f"{path}: cannot be read: {err}") from err
    except SummaryError as err:
        raise SummaryError(f"{path}: {err}") from err


def parse_summary(content: Any) -> Summary:
    """Check decoded JSON against the contract and return it typed."""
    top = _object(content, "the summary", KEYS)
    data = _object(top["data"], "data", {"source", "sha256"})
    figures = _list(top["figures"], "figures")
    if not figures:
        raise SummaryError("figures: must hold at least one")
    seconds = _number(top["seconds"], "seconds")
    if seconds < 0:
        raise SummaryError("seconds: must not be negative")
    return Summary(
        module=_text(top["module"], "module", MODULE),
        title=_text(top["title"], "title", re.compile(r".{1,200}", re.DOTALL)),
        span=Span(_text(top["started_utc"], "started_utc", UTC), seconds),
        data=Data(_text(data["source"], "data.source"),
                  _text(data["sha256"], "data.sha256", SHA256)),
        figures=tuple(_figure(item, f"figures[{i}]") for i, item in enumerate(figures)),
        images=tuple(_text(item, f"images[{i}]", RELATIVE_PATH)
                     for i, item in enumerate(_list(top["images"], "images"))),
        links=tuple(_link(item, f"links[{i}]")
                    for i, item in enumerate(_list(top["links"], "links"))))


def _figure(content: Any, where: str) -> Figure:
    item = _object(content, where, {"name", "value", "unit", "low", "high"})
    value = item["value"]
    if not isinstance(value, str):
        value = _number(value, f"{where}.value")
    if not isinstance(item["unit"], str):
        raise SummaryError(f"{where}.unit: must be text, empty for a pure number")
    low, high = (None if item[key] is None else _number(item[key], f"{where}.{key}")
                 for key in ("low", "high"))
    return Figure(_text(item["name"], f"{where}.name"), value, item["unit"], low, high)


def _link(content: Any, where: str) -> Link:
    item = _object(content, where, {"title", "path"})
    return Link(_text(item["title"], f"{where}.title"),
                _text(item["path"], f"{where}.path", RELATIVE_PATH))


def _object(content: Any, where: str, keys: "set[str]") -> "dict[str, Any]":
    if not isinstance(content, dict):
        raise SummaryError(f"{where}: must be an object")
    if set(content) != keys:
        raise SummaryError(f"{where}: must have exactly the keys {', '.join(sorted(keys))}")
    return content


def _list(content: Any, where: str) -> List[Any]:
    if not isinstance(content, list):
        raise SummaryError(f"{where}: must be a list")
    return content


def _text(content: Any, where: str, pattern: Optional["re.Pattern[str]"] = None) -> str:
    if not isinstance(content, str) or not content:
        raise SummaryError(f"{where}: must be text and not empty")
    if pattern is not None and not pattern.fullmatch(content):
        raise SummaryError(f"{where}: {content[:80]!r} does not fit the contract")
    return content


def _number(content: Any, where: str) -> float:
    is_number = isinstance(content, (int, float)) and not isinstance(content, bool)
    if not is_number or not math.isfinite(content):
        raise SummaryError(f"{where}: must be a finite number")
    number: float = content
    return number
