"""What a job leaves behind is taken up to a limit, and only what is a regular file."""

import base64
import os
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.inside import outcome


def collected(folder, before=None):
    """Return the files that are taken, as bytes."""
    return {name: base64.b64decode(text)
            for name, text in outcome.collect(str(folder), before or {}).items()}


def test_new_and_changed_files_are_taken_and_others_are_not(tmp_path):
    for name in ("kept", "changed", "deep/kept"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"before")
    before = outcome.snapshot(str(tmp_path))
    (tmp_path / "changed").write_bytes(b"after.")
    os.utime(tmp_path / "changed", ns=(1, 1))
    (tmp_path / "deep" / "new").write_bytes(b"\x00\xff")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert collected(tmp_path, before) == {"changed": b"after.", "deep/new": b"\x00\xff"}


def test_links_pipes_sockets_and_devices_are_passed_over(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret", encoding="utf-8")
    room = tmp_path / "room"
    room.mkdir()
    (room / "link").symlink_to(tmp_path / "outside" / "secret")
    (room / "folder").symlink_to(tmp_path / "outside")
    (room / "loop").symlink_to(room)
    (room / "lost").symlink_to("/nowhere")
    os.mkfifo(room / "pipe")
    if os.geteuid() == 0:
        os.mknod(room / "device", 0o20666, os.makedev(1, 5))
    (room / "real").write_text("real", encoding="utf-8")
    assert collected(room) == {"real": b"real"}


@pytest.mark.parametrize("turn", [lambda path: path.symlink_to("/etc/hostname"),
                                  os.mkfifo, lambda path: path.mkdir(),
                                  lambda path: None], ids=["link", "pipe", "folder", "gone"])
def test_a_file_that_turns_into_another_thing_meanwhile_is_not_taken(tmp_path, monkeypatch, turn):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    really = outcome.snapshot

    def slow(folder):
        seen = really(folder)
        (tmp_path / "file").unlink()
        turn(tmp_path / "file")
        return seen

    monkeypatch.setattr(outcome, "snapshot", slow)
    found = []
    thread = threading.Thread(target=lambda: found.append(collected(tmp_path)), daemon=True)
    thread.start()
    thread.join(5)
    assert found == [{}]


def test_a_file_of_ten_gigabytes_is_not_read(tmp_path):
    with (tmp_path / "b_large").open("wb") as file:
        file.truncate(10 ** 10)
    (tmp_path / "a_small").write_bytes(b"x")
    begun = time.process_time()
    assert collected(tmp_path) == {"a_small": b"x"}
    assert time.process_time() - begun < 1


def test_of_many_files_the_first_are_taken(tmp_path):
    for number in range(outcome.MOST_FILES + 50):
        (tmp_path / f"{number:04d}").touch()
    assert sorted(collected(tmp_path)) == [f"{number:04d}" for number in
                                           range(outcome.MOST_FILES)]


def test_all_files_together_have_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(outcome, "MOST_FILE_BYTES", 10)
    for name in "abc":
        (tmp_path / name).write_bytes(b"12345")
    assert set(collected(tmp_path)) == {"a", "b"}


def test_a_name_of_any_bytes_can_be_told_as_text(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff\n", "wb") as file:
        file.write(b"x")
    assert list(collected(tmp_path).values()) == [b"x"]


def drained(reads, seconds, is_too_large=lambda: False):
    """Return what comes out of three pipes within some seconds, and how it ended."""
    return outcome.drain(reads, time.monotonic() + seconds, is_too_large)


@pytest.fixture(name="pipes")
def _pipes():
    """Return the reading ends, which `drain` closes, and the writing ends."""
    pairs = [os.pipe() for _ in range(3)]
    yield [read for read, _ in pairs], [write for _, write in pairs]
    for _, write in pairs:
        try:
            os.close(write)
        except OSError:
            pass


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=20).map(
    lambda data: data.replace(b"\n", b"."))), max_size=8))
def test_what_was_written_arrives(chunks):
    pairs = [os.pipe() for _ in range(3)]
    expected = [b"", b"", b""]
    for at, data in chunks:
        os.write(pairs[at][1], data)
        expected[at] += data
    os.write(pairs[0][1], outcome.END)
    for _, write in pairs:
        os.close(write)
    texts, ended = drained([read for read, _ in pairs], 5)
    assert ended == "done" and texts == [expected[0] + outcome.END, *expected[1:]]


def test_the_end_of_the_answer_is_enough(pipes):
    reads, writes = pipes
    os.write(writes[1], b"said")
    os.write(writes[0], b"{}" + outcome.END)
    begun = time.monotonic()
    # A process left behind keeps all three open.
    assert drained(reads, 30) == ([b"{}\n", b"said", b""], "done")
    assert time.monotonic() - begun < 3


def test_silence_ends_in_time(pipes):
    os.write(pipes[1][0], b"half an answer")
    begun = time.monotonic()
    assert drained(pipes[0], 0.3) == ([b"half an answer", b"", b""], "timeout")
    assert 0.2 < time.monotonic() - begun < 3


def test_too_much_memory_ends_it_before_its_time(pipes):
    looks = iter([False, True])
    begun = time.monotonic()
    assert drained(pipes[0], 30, lambda: next(looks))[1] == "memory"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("at", [0, 1, 2])
def test_too_much_is_cut_and_ended(pipes, monkeypatch, at):
    monkeypatch.setattr(outcome, "MOST_OUTPUT", 1000)
    monkeypatch.setattr(outcome, "MOST_ANSWER", 20_000)
    reads, writes = pipes

    def write():
        try:
            while True:
                os.write(writes[at], b"x" * 500)
        except OSError:
            pass

    thread = threading.Thread(target=write)
    thread.start()
    texts, ended = drained(reads, 20)
    thread.join(5)
    assert ended == "output" and len(texts[at]) == (20_000 if at == 0 else 1000)


def test_a_process_that_ended_is_told_from_one_that_lives():
    assert not outcome.is_dead(str(os.getpid())) and outcome.is_dead("999999999")
    child = os.fork()
    if child == 0:
        os._exit(0)  # pylint: disable=protected-access
    deadline = time.monotonic() + 5
    while not outcome.is_dead(str(child)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert outcome.is_dead(str(child))
    os.waitpid(child, 0)
