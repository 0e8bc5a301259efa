"""Pictures of the README: taken from real pages, small, and there."""

import re

import pytest
import screenshots
from street import ROOT

PAGE = "<html><body style='margin:0;background:#c00'></body></html>"
chromium = pytest.mark.skipif(screenshots.find_browser() is None, reason="no Chromium here")


def _module(root, page):
    report = root / "module9_x" / "build" / "report" / "index.html"
    report.parent.mkdir(parents=True)
    report.write_text(page, encoding="utf-8")


@chromium
def test_a_report_becomes_a_picture(tmp_path):
    _module(tmp_path, PAGE)
    assert screenshots.main(["--root", str(tmp_path)]) == 0
    content = (tmp_path / ".github" / "assets" / "module9_report.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 1000


def test_without_a_report_it_says_what_to_do(tmp_path, capsys):
    assert screenshots.main(["--root", str(tmp_path)]) == 2
    assert "make run" in capsys.readouterr().err


def test_without_a_browser_it_says_what_to_do(tmp_path, capsys, monkeypatch):
    _module(tmp_path, PAGE)
    monkeypatch.setattr(screenshots, "find_browser", lambda: None)
    assert screenshots.main(["--root", str(tmp_path)]) == 2
    assert "make doctor" in capsys.readouterr().err


def test_the_readme_shows_pictures_that_are_there_and_small():
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert 1 <= len(named) <= 8
    for name in named:
        assert 1_000 < (ROOT / name).stat().st_size <= screenshots.MOST_BYTES, name
