"""The server inside: each job begins afresh, and none reaches the server or the next job."""

import json
import textwrap

import pytest
from small_rubric import needs_bubblewrap, session_of

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]


@pytest.fixture(name="run", scope="module")
def _run(tmp_path_factory):
    """Return a function that runs lines of Python as a job and returns value and answer."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    with session_of(folder) as session:
        def run(body, **more):
            source = "def tried(contract):\n" + textwrap.indent(textwrap.dedent(body), "    ")
            answer = session.run({"kind": "run", "name": "tried", "source": source, "path": ["."],
                                  "functions": {}, "seconds": 20, "kwargs": {}, **more})
            said = json.loads(answer["answer"]) if answer.get("answer") else {}
            return said.get("value"), answer
        yield run


@pytest.mark.parametrize("name", ["left", "/tmp/folder/left", "/tmp/left", "/dev/shm/left",
                                  "/tmp/mpl/left", "/room/left"])
def test_what_a_job_leaves_is_gone_for_the_next(run, name):
    run(f"""
        import os
        os.makedirs(os.path.dirname({name!r}) or ".", exist_ok=True)
        open({name!r}, "w").write("x")
        """)
    assert run(f"import os\nreturn os.path.exists({name!r})")[0] is False


def test_state_of_the_process_does_not_stay(run):
    run("import os, sys\nos.environ['LEFT'] = '1'\nsys.left = 1\nos.chdir('/')\nos.umask(0o777)")
    seen = run("import os, sys\nreturn ['LEFT' in os.environ, hasattr(sys, 'left'), "
               "os.getcwd().startswith('/room'), os.umask(0o22)]")[0]
    assert seen == [False, False, True, 0o22]


def test_a_job_cannot_look_into_the_server(run):
    seen, _ = run("""
        import ctypes, os
        found = {}
        for name in ("mem", "environ", "maps", "fd/3", "fd/4", "cwd/x", "root/x"):
            try:
                found[name] = str(open(f"/proc/{os.getppid()}/{name}", "rb").read(1))
            except OSError as fault:
                found[name] = type(fault).__name__
        found["ptrace"] = ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)
        return sorted(found.items())
        """)
    assert seen == [["cwd/x", "PermissionError"], ["environ", "PermissionError"],
                    ["fd/3", "PermissionError"], ["fd/4", "PermissionError"],
                    ["maps", "PermissionError"], ["mem", "PermissionError"], ["ptrace", -1],
                    ["root/x", "PermissionError"]]


def test_a_job_has_no_end_of_the_graders_pipes(run):
    written = run("""
        import os
        for end in range(3, 1000):
            if end != 200:
                try:
                    os.write(end, b'{"answer": "forged"}\\n')
                except OSError:
                    pass
        return 7
        """)
    assert written[0] == 7 and written[1]["ended"] == "done"
    assert run("return 8")[0] == 8


def test_output_comes_apart_and_processes_are_waited_for(run):
    value, answer = run("""
        import subprocess, sys
        print("to stdout")
        print("to stderr", file=sys.stderr)
        subprocess.run(["/bin/sh", "-c", "echo of a child"])
        return sys.stdin.read()
        """)
    assert value == "" and answer["stdout"] == "to stdout\nof a child\n"
    assert answer["stderr"] == "to stderr\n" and answer["code"] == 0


def test_a_process_that_comes_back_from_a_fork_answers_nothing(run):
    assert run("import os\nchild = os.fork()\nreturn 'parent' if child else 'child'")[
        0] == "parent"


def test_a_copy_is_a_copy_and_the_original_is_kept(run):
    value, answer = run("import os\nopen('kept.txt', 'a').write('!')\n"
                        "return [open('kept.txt').read(), os.path.basename(os.getcwd())]",
                        copy=True)
    assert value == ["kept!", "submission"] and set(answer["files"]) == {"kept.txt"}
    assert run("return open('/submission/kept.txt').read()")[0] == "kept"


def test_a_broken_job_is_the_servers_fault_and_the_next_one_works(run):
    _, answer = run("return 1", files={"a/b": "eA==", "a": "eA=="})
    assert "server_fault" in answer
    assert run("return 9")[0] == 9


def test_folders_in_folders_without_end_are_no_fault_of_the_server(run):
    value, answer = run("import os\nfor _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')\n"
                        "return 1")
    assert value == 1 and answer["files"] == {}
    assert run("import os\nreturn os.listdir('.')")[0] == []
