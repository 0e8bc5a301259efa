"""Browsers are told to run, frame, guess and send nothing."""

from riskwatch.web.headers import SAFE_HEADERS


def test_nothing_may_be_run_framed_guessed_or_kept() -> None:
    policy = SAFE_HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert SAFE_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert SAFE_HEADERS["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in SAFE_HEADERS
    assert all(value.isascii() and value.isprintable() for value in SAFE_HEADERS.values())
