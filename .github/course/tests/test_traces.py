"""Folders are as they were before the first job, whatever a job did to them."""

import os
import subprocess
import sys

from small_rubric import needs_bubblewrap

from coursekit.inside import traces

PLACE = traces.__file__.rpartition("/coursekit/")[0]
LOAD = ("import os, sys\nsys.path.insert(0, sys.argv[2])\n"
        "from coursekit.inside import traces\nroom = sys.argv[1]\n")
LOCKED = (LOAD + "os.chdir(room)\n"
          "os.geteuid() or os.setresuid(65534, 65534, 65534)\nos.makedirs('a/b/c')\n"
          "open('a/b/c/x', 'w').close()\nos.chmod('a/b', 0)\nos.chmod('a', 0)\n"
          "traces.clear([room], {})\nprint(os.listdir(room))\n")


def test_everything_goes_and_what_was_there_before_comes_back(tmp_path):
    room, outside = tmp_path / "room", tmp_path / "outside"
    (room / "fonts").mkdir(parents=True)
    (room / "fonts" / "list").write_bytes(b"\x00list")
    kept = traces.remember(str(room))
    assert kept == {str(room / "fonts" / "list"): b"\x00list"}
    outside.mkdir()
    (outside / "file").touch()
    (room / "fonts" / "list").write_bytes(b"changed")
    (room / "fonts" / "more").touch()
    (room / "left").touch()
    (room / "deep" / "er").mkdir(parents=True)
    (room / "link").symlink_to(outside)
    (room / "deep" / "link").symlink_to(outside)
    os.mkfifo(room / "pipe")
    traces.clear([str(room)], kept)
    assert traces.remember(str(room)) == kept and os.listdir(room) == ["fonts"]
    assert (outside / "file").exists() and outside.stat().st_mode & 0o777 != 0o700


def test_a_folder_that_was_locked_goes_too(tmp_path):
    """Root may enter any folder, so this one is locked by somebody else."""
    room = tmp_path / "room"
    room.mkdir()
    for folder in (room, tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o777 == 0o700 and folder.owner() != "nobody":
            folder.chmod(0o711)
    room.chmod(0o777)
    done = subprocess.run([sys.executable, "-c", LOCKED, room, PLACE], capture_output=True,
                          text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@needs_bubblewrap
def test_what_is_mounted_below_stays_as_it_is(tmp_path):
    """An environment may lie there: to walk through it after each job costs more than the job."""
    room, environment = tmp_path / "room", tmp_path / "environment"
    (environment / "locked").mkdir(parents=True)
    (environment / "locked").chmod(0o500)
    room.mkdir()
    program = LOAD + "open(f'{room}/left', 'w').close()\ntraces.clear([room], {})\n" \
        "print(os.listdir(room))\n"
    mounts = ["--dev-bind", "/", "/", "--tmpfs", room, "--bind", environment, room / "up" / "on"]
    done = subprocess.run(["bwrap", *mounts, sys.executable, "-c", program, room, PLACE],
                          capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("['up']\n", "")
    assert (environment / "locked").stat().st_mode & 0o777 == 0o500


def test_folders_in_folders_without_end_go_too(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    before = os.getcwd()
    try:
        os.chdir(room)
        for _ in range(1100):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(before)
    assert not traces.remember(str(room))
    traces.clear([str(room)], {})
    assert not os.listdir(room)
