"""Foreign code cannot get out of the sandbox: ten ways are tried, each of which works outside."""

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from small_rubric import needs_bubblewrap, session_of

from coursekit import sandbox
from coursekit.session import SessionEnded

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]


@pytest.fixture(name="run_inside", scope="module")
def _run_inside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submission")
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    with session_of(folder, limits=sandbox.Limits(processes=40)) as session:
        def run(body, seconds=20, **values):
            source = "def tried(contract, **v):\n" + textwrap.indent(textwrap.dedent(body), "    ")
            answer = session.run({"kind": "run", "name": "tried", "source": source, "path": ["."],
                                  "functions": {}, "seconds": seconds, "kwargs": values})
            answer["said"] = json.loads(answer["answer"]) if answer.get("answer") else None
            return answer
        run.session = session
        yield run


def refused(answer, *types):
    """Tell whether the code inside was stopped by an exception of one of the types."""
    return answer["said"] is not None and not answer["said"]["ok"] \
        and answer["said"]["type"] in types


def test_what_is_harmless_works(run_inside):
    answer = run_inside("return [1.5, {'a': None}]")
    assert answer["said"] == {"ok": True, "value": [1.5, {"$items": [["a", None]]}]}


def test_no_network(run_inside):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        answer = run_inside("import socket\nsocket.create_connection(('127.0.0.1', v['port']), 2)",
                            port=port)
    assert refused(answer, "ConnectionRefusedError", "OSError")
    names = run_inside("import socket\nreturn [name for _, name in socket.if_nameindex()]")
    assert names["said"]["value"] == ["lo"]


def test_the_rubric_cannot_be_read(run_inside, tmp_path):
    secret = tmp_path / "rubric.toml"
    secret.write_text("answers", encoding="utf-8")
    for path in (str(secret), "/etc/passwd", str(Path(__file__).resolve()),
                 f"/proc/{os.getpid()}/environ", f"/proc/1/root{secret}"):
        answer = run_inside("return open(v['path']).read()", path=path)
        assert refused(answer, "FileNotFoundError", "PermissionError"), path


def test_nothing_outside_is_written(run_inside, tmp_path):
    for path in (str(tmp_path / "x"), "/submission/x", "/submission/kept.txt", "/usr/x", "/x",
                 "/grader/coursekit/inside/serve.py"):
        answer = run_inside("open(v['path'], 'w').write('x')", path=path)
        assert refused(answer, "FileNotFoundError", "PermissionError", "OSError"), path
    assert not list(tmp_path.iterdir())
    kept = run_inside.session.submission / "kept.txt"
    assert kept.read_text(encoding="utf-8") == "kept"


def test_a_fork_bomb_is_stopped(run_inside):
    bomb = run_inside("""
        import os, time
        count = 0
        try:
            while count < 500:
                if os.fork() == 0:
                    time.sleep(60)
                    os._exit(0)
                count += 1
        except OSError:
            pass
        return count
        """)
    assert bomb["said"]["ok"] and 1 <= bomb["said"]["value"] < 40
    after = run_inside("import os\nfrom coursekit.inside.outcome import is_dead\nreturn "
                       "[n for n in os.listdir('/proc') if n.isdigit() and not is_dead(n)]")
    assert len(after["said"]["value"]) <= 4


def test_eight_gib_are_refused(run_inside):
    assert refused(run_inside("return len(bytearray(8 << 30))"), "MemoryError")


def test_a_file_of_ten_gb_is_refused(run_inside):
    answer = run_inside("""
        with open('large', 'wb') as file:
            for _ in range(10_000):
                file.write(bytes(1_000_000))
        """, seconds=60)
    assert refused(answer, "OSError") or answer["code"] < 0
    sparse = run_inside("open('large', 'wb').truncate(10**10)")
    assert refused(sparse, "OSError") or sparse["code"] < 0


def test_many_files_cannot_fill_the_disk(run_inside):
    answer = run_inside("""
        for number in range(100):
            with open(f'part{number}', 'wb') as file:
                file.write(bytes(100_000_000))
        """, seconds=60)
    assert refused(answer, "OSError")
    # The next job finds only its own folder.
    assert len(run_inside("import os\nreturn os.listdir('/room')")["said"]["value"]) == 1


def test_an_endless_loop_ends(run_inside):
    begun = time.monotonic()
    answer = run_inside("while True: pass", seconds=1)
    assert answer["ended"] == "timeout" and time.monotonic() - begun < 15


def test_an_endless_loop_that_ignores_signals_ends(run_inside):
    answer = run_inside("""
        import os, signal, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.setsid()
        time.sleep(600)
        """, seconds=1)
    assert answer["ended"] == "timeout"
    assert run_inside("return 7")["said"]["value"] == 7


def test_signals_do_not_reach_outside(run_inside):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as sleeper:
        answer = run_inside("import os, signal\nos.kill(v['pid'], signal.SIGKILL)",
                            pid=sleeper.pid)
        assert refused(answer, "ProcessLookupError", "PermissionError")
        assert sleeper.poll() is None
        sleeper.kill()


def test_killing_the_server_is_told_and_mended(run_inside):
    with pytest.raises(SessionEnded):
        run_inside("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    assert run_inside("return 8")["said"]["value"] == 8


def test_processes_left_behind_do_not_keep_the_grader(run_inside):
    answer = run_inside("import os, time\nif os.fork() == 0:\n    os.setsid()\n"
                        "    time.sleep(60)\n    os._exit(0)\nreturn 9")
    assert answer["said"]["value"] == 9 and answer["seconds"] < 10


def test_a_link_out_brings_nothing_back(run_inside, tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    answer = run_inside("import os\nos.symlink(v['target'], 'link.txt')\n"
                        "os.symlink('/etc', 'folder')\nopen('real.txt', 'w').write('real')",
                        target=str(tmp_path / "secret"))
    assert set(answer["files"]) == {"real.txt"}


def test_a_malicious_pickle_does_its_harm_inside(run_inside, tmp_path):
    witness = tmp_path / "witness"
    answer = run_inside("""
        import pickle
        class Harm:
            def __reduce__(self):
                return (exec, (f"open({v['path']!r}, 'w').write('x')",))
        data = pickle.dumps(Harm())
        open('model.pkl', 'wb').write(data)
        pickle.loads(data)
        """, path=str(witness))
    assert refused(answer, "FileNotFoundError") and not witness.exists()
    # What comes back is bytes; they are not opened.
    assert set(answer["files"]) == {"model.pkl"}


def test_the_environment_is_cleared(run_inside, monkeypatch):
    monkeypatch.setenv("COURSEKIT_SECRET", "token")
    answer = run_inside("import os\nreturn [dict(os.environ), os.getuid()]")
    assert "COURSEKIT_SECRET" not in json.dumps(answer["said"])
    assert answer["said"]["value"][1] != 0


def test_too_much_output_is_cut(run_inside):
    answer = run_inside("while True: print('x' * 100_000)", seconds=30)
    assert answer["ended"] == "output" and len(answer["stdout"]) <= 2_000_000
