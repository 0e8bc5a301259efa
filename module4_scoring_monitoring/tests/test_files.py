"""Files appear whole or not at all, and every failure is one plain line."""

import errno
import os
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from riskwatch.errors import InputError, OutputError
from riskwatch.files import (atomic_writer, point_link, sha256_of_file, write_bytes, write_json,
                             write_text)


def _names_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_write_text_makes_parents_and_writes_utf8(tmp_path: Path) -> None:
    """A text lands as UTF-8 in folders that did not exist."""
    write_text(tmp_path / "a" / "b" / "c.txt", "naïve\n")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == "naïve\n".encode()
    assert _names_in(tmp_path / "a" / "b") == ["c.txt"]


def test_write_json_sorts_keys_and_ends_with_a_newline(tmp_path: Path) -> None:
    """The same object gives the same bytes."""
    write_json(tmp_path / "x.json", {"b": 1, "a": [0.5]})
    assert (tmp_path / "x.json").read_text() == '{\n  "a": [\n    0.5\n  ],\n  "b": 1\n}\n'


def test_write_json_refuses_nan_and_keeps_the_old_file(tmp_path: Path) -> None:
    """NaN is not JSON; the file that stood there stays."""
    target = tmp_path / "x.json"
    write_json(target, [1])
    with pytest.raises(ValueError):
        write_json(target, [float("nan")])
    assert target.read_text() == "[\n  1\n]\n"


def test_an_exception_in_the_block_leaves_the_target_and_no_rest(tmp_path: Path) -> None:
    """Half a file is never seen, and the hidden file goes."""
    target = tmp_path / "x"
    write_bytes(target, b"old")
    with pytest.raises(KeyboardInterrupt), atomic_writer(target) as handle:
        handle.write(b"new" * 100_000)
        handle.flush()
        assert target.read_bytes() == b"old"
        raise KeyboardInterrupt
    assert target.read_bytes() == b"old"
    assert _names_in(tmp_path) == ["x"]


def test_the_mode_follows_the_umask(tmp_path: Path) -> None:
    """A result is as readable as any other file of its user."""
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "x", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    """Writing to a link writes the file that the user linked."""
    (tmp_path / "link").symlink_to("real")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_bad_targets_are_one_plain_line_and_leave_nothing(tmp_path: Path) -> None:
    """A folder, a pipe, a device, a loop and impossible names are refused."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"kept")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    before = _names_in(tmp_path)
    for name in ("folder", "pipe", "/dev/null", "loop", "file/below", "x" * 300, "n\0l"):
        with pytest.raises(OutputError) as caught:
            write_bytes(tmp_path / name, b"new")
        assert str(caught.value).startswith("cannot write ")
        assert str(caught.value).isprintable()
    assert _names_in(tmp_path) == before
    assert (tmp_path / "file").read_bytes() == b"kept"


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    """The hidden file's name does not grow with the target's."""
    write_bytes(tmp_path / ("x" * 255), b"new")
    assert (tmp_path / ("x" * 255)).read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_faults_of_the_system_name_the_path_and_what_to_do(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A full disk and a forbidden place say so and keep the old file."""
    target = tmp_path / "x"
    write_bytes(target, b"old")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError) as caught:
        write_bytes(target, b"new")
    advice = "free some space" if number == errno.ENOSPC else "choose a place where you may write"
    assert str(caught.value) == f"cannot write {target}: {os.strerror(number)}; {advice}"
    assert (target.read_bytes(), _names_in(tmp_path)) == (b"old", ["x"])


def test_a_write_that_the_kernel_stops_half_way_is_an_output_error(tmp_path: Path) -> None:
    """A true limit of file size stops the write; the old file stays, nothing else does."""
    target = tmp_path / "x"
    write_bytes(target, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OutputError, match="too large"), atomic_writer(target) as handle:
            for _ in range(100):
                handle.write(b"n" * 5_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (target.read_bytes(), _names_in(tmp_path)) == (b"old", ["x"])


def test_a_foreign_fault_in_the_block_is_not_blamed_on_the_target(tmp_path: Path) -> None:
    """A missing input stays a missing input."""
    with pytest.raises(FileNotFoundError), atomic_writer(tmp_path / "x") as handle:
        handle.write((tmp_path / "absent").read_bytes())


def test_the_next_writer_removes_what_nobody_holds(tmp_path: Path) -> None:
    """Leftovers of a killed writer go; the hidden file of a living one stays."""
    with atomic_writer(tmp_path / "x") as handle:
        [living] = _names_in(tmp_path)
        dead = living.replace(".part", "0.part")
        (tmp_path / dead).write_bytes(b"half")
        write_bytes(tmp_path / "x", b"between")
        assert _names_in(tmp_path) == sorted([living, "x"])
        handle.write(b"last")
    assert ((tmp_path / "x").read_bytes(), _names_in(tmp_path)) == (b"last", ["x"])


def test_many_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    """Eight writers, fifty rounds: the file is always one writer's, and nothing remains."""
    contents = [bytes([65 + i]) * 50_000 for i in range(8)]
    for _ in range(50):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda content: write_bytes(tmp_path / "x", content), contents))
        assert (tmp_path / "x").read_bytes() in contents
        assert _names_in(tmp_path) == ["x"]


def test_sha256_of_file_is_the_published_example(tmp_path: Path) -> None:
    """The example of FIPS 180: "abc"."""
    write_bytes(tmp_path / "x", b"abc")
    assert sha256_of_file(tmp_path / "x") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


def test_sha256_of_file_refuses_what_is_no_file_and_waits_for_nothing(tmp_path: Path) -> None:
    """A pipe, a folder and an absent file are refused in one line."""
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", ".", "absent", "n\0l"):
        with pytest.raises(InputError, match="^cannot read .*; name a readable file$"):
            sha256_of_file(tmp_path / name)


def test_point_link_is_relative_and_is_never_absent_while_it_moves(tmp_path: Path) -> None:
    """A reader that looks all the time always finds one of the two targets."""
    for name in ("one", "two"):
        write_text(tmp_path / name, name)
    link = tmp_path / "current"
    point_link(link, "one")
    is_over, seen = threading.Event(), set()

    def read_on() -> None:
        while not is_over.is_set():
            seen.add(link.read_text())

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_on)
        for turn in range(300):
            point_link(link, ("one", "two")[turn % 2])
        is_over.set()
        reading.result()
    assert seen <= {"one", "two"}
    assert os.readlink(link) == "two"
    assert _names_in(tmp_path) == ["current", "one", "two"]


def test_point_link_does_not_replace_a_file(tmp_path: Path) -> None:
    """What is no link was not made by us."""
    write_text(tmp_path / "current", "mine")
    with pytest.raises(OutputError, match="not a link"):
        point_link(tmp_path / "current", "one")
    assert (tmp_path / "current").read_text() == "mine"
