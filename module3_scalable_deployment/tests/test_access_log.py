"""Each request is one line of JSON; a log that cannot be written costs no request."""

import io
import json

from census.serving.access_log import AccessLog

WORDS = ("id-1", "POST", "/v1/predictions", 200)


def test_a_line_says_what_was_asked_and_answered() -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    log.add(WORDS, 0.00125, 1_700_000_000.25)
    assert not stream.getvalue()
    log.flush()
    log.flush()
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [{
        "time": "2023-11-14T22:13:20.250Z", "request_id": "id-1", "method": "POST",
        "route": "/v1/predictions", "status": 200, "seconds": 0.00125}]


def test_many_lines_do_not_wait_for_ever() -> None:
    stream = io.StringIO()
    log = AccessLog(stream)
    for number in range(5000):
        log.add(WORDS, .001, 1_700_000_000 + number)
    assert stream.getvalue().count("\n") == 5000


class _Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_costs_lines_only() -> None:
    log = AccessLog(_Full())
    log.add(WORDS, .001, 0)
    log.flush()


def test_without_a_stream_nothing_is_kept() -> None:
    log = AccessLog(None)
    log.add(WORDS, .001, 0)
    log.flush()
