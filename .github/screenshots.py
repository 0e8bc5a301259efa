"""Take the pictures of the README from the reports of the last `make run`.

In: build/report/summary.json of each module. Out: .github/assets/<module>_report.png.
Pictures made by a command cannot go stale unnoticed: whoever changes a report takes them again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Optional, Sequence

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--force-device-scale-factor=1")
MOST_BYTES = 150_000


def find_browser() -> Optional[str]:
    """Return the path of a Chromium, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def take_picture(browser: str, page: Path, target: Path, height: int = 1180) -> None:
    """Write a picture of the upper part of a page, 1,000 pixels wide.

    Raises
    ------
    RuntimeError
        The browser failed, or the picture is larger than a README should carry.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        draft = Path(profile) / "page.png"
        found = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}/profile",
             f"--window-size=1000,{height}", f"--screenshot={draft}", page.resolve().as_uri()],
            capture_output=True, text=True, check=False, timeout=120)
        if found.returncode or not draft.is_file():
            raise RuntimeError(f"{browser} took no picture of {page}: {found.stderr[-300:]}")
        if draft.stat().st_size > MOST_BYTES:
            raise RuntimeError(f"the picture of {page} has {draft.stat().st_size} bytes, more "
                               f"than {MOST_BYTES}")
        target.write_bytes(draft.read_bytes())


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Take a picture of each module's report; 2 without reports or a browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    root = parser.parse_args(argv).root
    pages = {path.parts[-4]: path
             for path in sorted(root.glob("module[0-9]_*/build/report/index.html"))}
    browser = find_browser()
    if not pages or browser is None:
        print("screenshots: " + ("Chromium is missing; `make doctor` says how to get it"
                                 if pages else "no report to show; `make run` first"),
              file=sys.stderr)
        return 2
    for module, page in pages.items():
        target = root / ".github" / "assets" / f"{module.split('_')[0]}_report.png"
        take_picture(browser, page, target)
        print(f"{target.relative_to(root)}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
