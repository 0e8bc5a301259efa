"""What the server does first: it gives root up for good, shuts itself, and loads libraries."""

import json
import os
import subprocess
import sys

import pytest

from coursekit.inside import beginning

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give root up")
PATH = beginning.__file__.rpartition("/coursekit/")[0]


def told(lines, folder):
    """Return what a process of its own prints as JSON."""
    program = f"import json, os, sys\nsys.path[:0] = [{PATH!r}, {str(folder)!r}]\n" \
              f"from coursekit.inside import beginning\n{lines}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          timeout=60, check=True)
    return json.loads(done.stdout)


@needs_root
def test_root_is_given_up_and_cannot_be_had_back(tmp_path):
    seen = told("os.setgroups([4, 27])\nbeginning.become_nobody(234567)\nback = []\n"
                "for take in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: "
                "os.setgroups([0])):\n    try:\n        take()\n        back.append(1)\n"
                "    except PermissionError:\n        pass\n"
                "print(json.dumps([os.getresuid(), os.getresgid(), os.getgroups(), back]))",
                tmp_path)
    assert seen == [[234567] * 3, [234567] * 3, [], []]


def test_without_a_number_nothing_is_given_up(tmp_path):
    seen = told("beginning.become_nobody(0)\nprint(os.geteuid())", tmp_path)
    assert seen == os.geteuid()


@pytest.mark.skipif(sys.platform != "linux", reason="a thing of Linux")
def test_a_process_that_is_shut_belongs_to_root(tmp_path):
    lines = "beginning.become_nobody(234567)\nseen = []\nfor yes in (0, 1):\n" \
            "    beginning.set_dumpable(yes)\n" \
            "    seen.append(os.stat('/proc/self/environ').st_uid == os.geteuid())\n" \
            "print(json.dumps(seen))"
    assert told(lines, tmp_path) == [False, True]


def test_what_can_be_loaded_is_loaded_and_what_breaks_is_passed_over(tmp_path):
    for name, text in (("first_library", ""), ("breaks", "raise ValueError\n"),
                       ("leaves", "raise SystemExit(3)\n"), ("last_library", "")):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    seen = told("os.environ.pop('MPLBACKEND', None)\n"
                "beginning.preload(['first_library', 'nowhere', 'breaks', 'leaves', "
                "'last_library'])\nprint(json.dumps([[name in sys.modules for name in "
                "('first_library', 'breaks', 'leaves', 'last_library')], "
                "os.environ['MPLBACKEND']]))", tmp_path)
    assert seen == [[True, False, False, True], "Agg"]
