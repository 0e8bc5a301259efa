"""Killed before any step that changes files, a release is absent or whole, and served or not.

Each point is a process of its own that dies, as by ``kill -9``, before its k-th step.
"""

import io
import os
import shutil
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from served_models import form, release_into

from census import files
from census.errors import ModelFileError
from census.release import promote
from census.release_reader import current_version, list_versions, open_release

STEPS = ("chmod", "fsync", "mkdir", "open", "rename", "replace", "rmdir", "sendfile", "symlink",
         "unlink", "utime")


def dies_before(place: int, action: Callable[[], Any]) -> bool:
    """Run ``action`` in a child that dies before its step number ``place``; did it die?"""
    child = os.fork()
    if child == 0:
        try:
            die_before(place)
            action()
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), "the writer failed by itself"
    return status != 0


def die_before(place: int) -> None:
    """Count the steps of this process and end it before number ``place``, from 0."""
    done = 0

    def counting(step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            nonlocal done
            if done == place:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return step(*args, **options)
        return counted

    def write_a_part(file: io.FileIO, content: Any) -> int:
        # The caller comes back with the rest: each half is a point of its own.
        view = memoryview(content).cast("B")
        return io.FileIO.write(file, view[:max(500, len(view) // 2)])

    for name in STEPS:
        setattr(os, name, counting(getattr(os, name)))
    files._NamingFile.write = counting(write_a_part)  # type: ignore  # pylint: disable=W0212


def kill_everywhere(folder: Path, prepare: Callable[[Path], Any], action: Callable[[Path], Any],
                    check: Callable[[Path], Any]) -> int:
    """Kill ``action`` before each of its steps in a folder of its own; return the points."""
    for seed in range(2):
        form(seed)  # fitted once here, not in each child
    place, has_died = 0, True
    while has_died:
        scene = folder / str(place)
        scene.mkdir()
        prepare(scene)
        has_died = dies_before(place, lambda here=scene: action(here))  # type: ignore
        check(scene)
        shutil.rmtree(scene)
        place += 1
    return place - 1


def check_store(folder: Path, is_empty_fine: bool) -> None:
    """What is in service is whole, and the next release completes and tidies up."""
    try:
        open_release(folder).check()
    except ModelFileError as err:
        assert is_empty_fine and "no current release" in str(err)
    for version in list_versions(folder):
        open_release(folder, version).check()
    version = release_into(folder, 1)
    assert current_version(folder) == version
    assert set(os.listdir(folder / "releases")) == {"current", *list_versions(folder)}


@pytest.mark.parametrize("has_old", [False, True], ids=["the first", "another"])
def test_a_killed_release_is_whole_or_absent(tmp_path: Path, say: Callable[[str], None],
                                             has_old: bool) -> None:
    count = kill_everywhere(
        tmp_path, lambda folder: has_old and release_into(folder, 0),
        lambda folder: release_into(folder, 1), lambda folder: check_store(folder, not has_old))
    say(f"releasing: killed at {count} points, 0 violations")
    assert count >= 20


def test_a_killed_promotion_serves_the_old_or_the_new(tmp_path: Path,
                                                      say: Callable[[str], None]) -> None:
    versions: list[str] = []

    def prepare(folder: Path) -> None:
        versions[:] = [release_into(folder, seed) for seed in range(2)]

    def check(folder: Path) -> None:
        assert current_version(folder) in versions
        open_release(folder).check()
        assert promote(folder, versions[0]).version == current_version(folder)

    count = kill_everywhere(tmp_path, prepare, lambda folder: promote(folder, versions[0]), check)
    say(f"promoting: killed at {count} points, 0 violations")
    assert count >= 3


@pytest.mark.soak
def test_a_release_killed_twice_is_whole_or_absent(tmp_path: Path,
                                                   say: Callable[[str], None]) -> None:
    """Each death is followed by a repair that dies at each of its own steps."""
    total = 0
    for first in range(0, 60, 8):
        scenes = tmp_path / str(first)
        scenes.mkdir()

        def prepare(folder: Path, place: int = first) -> None:
            release_into(folder, 0)
            dies_before(place, lambda: release_into(folder, 1))

        total += kill_everywhere(scenes, prepare, lambda folder: release_into(folder, 1),
                                 lambda folder: check_store(folder, False))
    say(f"releasing after a death: killed at {total} points, 0 violations")
    assert total >= 200
