"""The ten escapes in whole gradings: each is the submission's own failure and harms nobody."""

import json
import socket
import subprocess
import sys
import textwrap
from contextlib import contextmanager

import pytest
from small_rubric import needs_bubblewrap, our_environment, write_rubric, write_submission

from coursekit import cli, grading

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]
#: Each returns when it has got out; what stops it is expected beside it.
ESCAPES = {
    "network": ("socket.create_connection(('127.0.0.1', int(door)), 2).sendall(b'x')",
                ["ConnectionRefusedError", "OSError"]),
    "rubric": ("open(rubric).read()", ["FileNotFoundError"]),
    "outside": ("open(witness, 'w').write('x')", ["FileNotFoundError"]),
    "fork_bomb": ("while True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
                  ["timeout"]),
    "memory": ("bytearray(8 << 30)", ["MemoryError"]),
    "file": ("file = open('large', 'wb')\nfor _ in range(10_000):\n"
             "    file.write(bytes(1_000_000))", ["OSError", "killed"]),
    "loop": ("while True:\n    pass", ["timeout"]),
    "signals": ("os.kill(int(sleeper), signal.SIGKILL)", ["ProcessLookupError",
                                                          "PermissionError"]),
    "link": ("os.symlink(secret, 'link')\nos.symlink('/etc', 'folder')", None),
    "pickle": ("open('model.pkl', 'wb').write(HARM)\npickle.loads(HARM)",
               ["FileNotFoundError"])}
HARM = ("class Harm:\n    def __reduce__(self):\n"
        "        return (exec, (f\"open({WITNESS!r}, 'w').write('x')\",))\n\n"
        "HARM = pickle.dumps(Harm())\n")
TESTS = '''
import os
import pytest
from coursekit.expect import expect

NAMES = {names!r}
GIVEN = {given!r}
SECONDS = {{"fork_bomb": 2, "loop": 1}}

def marked(name):
    return pytest.param(name, marks=pytest.mark.criterion(f"M1-{{NAMES.index(name) + 1:02d}}"))

@pytest.mark.parametrize("name", [marked(name) for name in NAMES])
def test_escape(probe, name):
    """An escape was tried."""
    found = probe.call(name, *GIVEN.get(name, ()), seconds=SECONDS.get(name, 20))
    expect(sorted(found.files), [], "what came back")

@pytest.mark.criterion("M1-99")
def test_after(probe):
    """A harmless function still works."""
    expect(probe.call("double", 4).value, 8, "double")
'''


@contextmanager
def harm_is_seen(folder):
    """Offer what an escape would touch, and check afterwards that nothing was touched."""
    (folder / "secret").write_text("not for you", encoding="utf-8")
    with socket.socket() as door, subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(120)"]) as sleeper:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.settimeout(0)
        try:
            yield {"network": [str(door.getsockname()[1])], "signals": [str(sleeper.pid)],
                   "outside": [str(folder / "witness")], "link": [str(folder / "secret")],
                   "rubric": [str(folder / "module1_small" / "rubric" / "rubric.toml")]}
            with pytest.raises(BlockingIOError):
                door.accept()
            assert sleeper.poll() is None
            assert not list(folder.rglob("witness"))
        finally:
            sleeper.kill()


def write_escapes(folder, given):
    """Write the rubric and the submission, one contract function for each escape."""
    names = [*ESCAPES]
    words = {"network": "door", "rubric": "rubric", "outside": "witness", "signals": "sleeper",
             "link": "secret"}
    code = ["import os, pickle, signal, socket", f"WITNESS = {str(folder / 'witness')!r}", HARM,
            "def double(number):\n    return 2 * number\n"]
    code += [f"def try_{name}({words.get(name, '')}):\n{textwrap.indent(body, '    ')}\n"
             for name, (body, _) in ESCAPES.items()]
    criteria = "".join(
        f'[[criterion]]\nid = "M1-{number:02d}"\ntitle = "{name}"\nrule = "It stays inside."\n'
        'outcomes = ["M1.L1.1"]\nhow = "probe"\n'
        for number, name in [*enumerate(names, 1), (99, "double")])
    rubric = write_rubric(
        folder, test_rubric_small__py=TESTS.format(names=names, given=given),
        rubric__toml='module = 1\ntitle = "Escapes"\nfolder = "module1_small"\n' + criteria,
        contract__toml="".join(f'[functions.{name}]\nnames = ["numbers_library:{function}"]\n'
                               for name, function in [*((name, f"try_{name}") for name in names),
                                                      ("double", "double")]))
    return rubric, write_submission(folder / "s", {"numbers_library.py": "\n".join(code)})


def test_none_of_the_ten_gets_out(tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "find_environment", our_environment)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    with harm_is_seen(tmp_path) as given:
        rubric, source = write_escapes(tmp_path, given)
        before = {path: path.read_bytes() for path in rubric.iterdir() if path.is_file()}
        code = cli.main(["grade", "1", str(source), "--out", str(tmp_path / "out"), "--seed", "1",
                         "--rubric", str(rubric)])
        assert {path: path.read_bytes() for path in before} == before
    found = json.loads((tmp_path / "out" / "grade.json").read_text(encoding="utf-8"))
    assert found["faults"] == [] and code == 1
    told = {entry["title"]: (entry["state"], [item["got"].splitlines()[0]
                                              for item in entry["failures"]])
            for entry in found["criteria"]}
    assert told.pop("double") == ("pass", [])
    assert told.pop("link") == ("pass", [])
    assert {name: state for name, (state, _) in told.items()} == dict.fromkeys(told, "fail")
    assert {name: got for name, (_, (got,)) in told.items() if got not in ESCAPES[name][1]} == {}
    assert len(told) == len(ESCAPES) - 1 == 9
    assert "not for you" not in "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
