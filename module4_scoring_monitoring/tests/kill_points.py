"""Kill a process before its k-th system call that changes files, whoever makes the call.

In: an action. Out: what became of it. The action runs in a fork of this process, traced by this
one, so calls of SQLite and DuckDB count as those of Python do. A filter in the kernel stops it at
calls that change files only: a PDF alone makes a quarter of a million others. Linux only:
elsewhere, and where tracing is forbidden, `is_possible` says so.
"""

import ctypes
import ctypes.util
import os
import platform
import shutil
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_TRACEME, _CONT = 0, 7
_SETOPTIONS, _SYSCALL_INFO = 0x4200, 0x420E
#: Stop at calls that the filter marks, follow new threads, end the child with this process.
_OPTIONS = 0x80 | 0x8 | 0x100000
_AT_FILTER, _EVENT_OF_FILTER = 3, signal.SIGTRAP | 7 << 8
_NO_NEW_RIGHTS, _SET_FILTER, _FILTER_MODE = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_TRACE, _ALLOW = 0x7FF00000, 0x7FFF0000
_NO_FILTER = 97
#: Numbers of the calls that change files: of opens, only those for writing.
_X86_64 = {"write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "open": 2, "openat": 257,
           "rename": 82, "renameat": 264, "renameat2": 316, "unlink": 87, "unlinkat": 263,
           "mkdir": 83, "mkdirat": 258, "rmdir": 84, "link": 86, "linkat": 265, "symlink": 88,
           "symlinkat": 266, "truncate": 76, "ftruncate": 77, "fallocate": 285, "fsync": 74,
           "fdatasync": 75, "creat": 85, "sendfile": 40, "copy_file_range": 326}
_AARCH64 = {"write": 64, "pwrite64": 68, "writev": 66, "pwritev": 70, "openat": 56,
            "renameat": 38, "renameat2": 276, "unlinkat": 35, "mkdirat": 34, "linkat": 37,
            "symlinkat": 36, "truncate": 45, "ftruncate": 46, "fallocate": 47, "fsync": 82,
            "fdatasync": 83, "sendfile": 71, "copy_file_range": 285}
_CALLS = {"x86_64": _X86_64, "aarch64": _AARCH64}.get(platform.machine(), {})
_NAMES = {number: name for name, number in _CALLS.items()}
_OPENS = {"open": 1, "openat": 2}
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_LIBC = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


class _Info(ctypes.Structure):  # pylint: disable=too-few-public-methods  # C has none
    """``struct ptrace_syscall_info``, as far as it is needed here."""

    _fields_ = [("op", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 3), ("arch", ctypes.c_uint32),
                ("ip", ctypes.c_uint64), ("sp", ctypes.c_uint64), ("nr", ctypes.c_uint64),
                ("args", ctypes.c_uint64 * 6)]


def _ptrace(request: int, pid: int, address: Any = None, data: Any = None) -> int:
    _LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return int(_LIBC.ptrace(request, pid, address, data))


def is_possible() -> bool:
    """Return whether this machine lets a process be traced."""
    return sys.platform == "linux" and bool(_CALLS) and count_points(lambda: None) == 0


def _changes_files(pid: int) -> str | None:
    info = _Info()
    _ptrace(_SYSCALL_INFO, pid, ctypes.sizeof(info), ctypes.addressof(info))
    name = _NAMES.get(info.nr) if info.op == _AT_FILTER else None
    if name in _OPENS and not info.args[_OPENS[name]] & _FOR_WRITING:
        return None
    return name


def _filter_calls() -> bool:
    """Let the kernel stop this process at the calls of the table; False where it cannot."""
    numbers = sorted(_NAMES)
    program = struct.pack("HBBI", _LOAD, 0, 0, 0)
    for place, number in enumerate(numbers):
        program += struct.pack("HBBI", _IF_EQUAL, len(numbers) - place, 0, number)
    program += struct.pack("HBBI", _RETURN, 0, 0, _ALLOW)
    program += struct.pack("HBBI", _RETURN, 0, 0, _TRACE)
    code = ctypes.create_string_buffer(program, len(program))
    whole = struct.pack("HxxxxxxP", len(numbers) + 3, ctypes.addressof(code))
    return (_LIBC.prctl(_NO_NEW_RIGHTS, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0 and
            _LIBC.prctl(_SET_FILTER, ctypes.c_ulong(_FILTER_MODE), whole) == 0)


def _child(action: Callable[[], Any]) -> None:
    """Run the action in this fork, and end it without a word of pytest's."""
    try:
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        if not _filter_calls():
            os._exit(_NO_FILTER)
        action()
        os._exit(0)
    except BaseException:  # pylint: disable=broad-exception-caught
        traceback.print_exc()
    finally:
        os._exit(1)


def dies_before(place: int | None, action: Callable[[], Any]) -> tuple[bool, int]:
    """Run ``action`` in a child that dies before its call number ``place``, from 0.

    Returns whether it died, and how many calls it made or was about to make.
    """
    child = os.fork()
    if child == 0:
        _child(action)
    os.waitpid(child, 0)
    if _ptrace(_SETOPTIONS, child, None, _OPTIONS) != 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return False, -1
    seen = 0
    _ptrace(_CONT, child)
    while True:
        pid, status = os.waitpid(-1, 0x40000000)  # also of threads
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if pid == child:
                died = os.WIFSIGNALED(status)
                if not died and os.WEXITSTATUS(status) == _NO_FILTER:
                    return False, -1
                assert died or os.WEXITSTATUS(status) == 0, "the action failed by itself"
                return died, seen
            continue
        stop = os.WSTOPSIG(status)
        if status >> 8 == _EVENT_OF_FILTER:
            if _changes_files(pid):
                if seen == place:
                    os.kill(child, signal.SIGKILL)
                    continue
                seen += 1
            stop = 0
        elif status >> 16 or stop == signal.SIGSTOP:
            stop = 0
        _ptrace(_CONT, pid, None, stop)


def count_points(action: Callable[[], Any]) -> int:
    """Return how many calls of ``action`` change files; -1 where nothing can be traced."""
    return dies_before(None, action)[1]


def kill_at(places: "range | list[int]", folder: Path, scene: Callable[[Path], Any],
            action: Callable[[Path], Any], check: Callable[[Path], Any]) -> int:
    """Kill ``action`` at each place, in a fresh folder each time; return how often it died.

    ``scene`` sets the folder up, ``check`` looks at what the death left and what follows.
    """
    deaths = 0
    for place in places:
        here = folder / f"kill {place}"
        here.mkdir()
        scene(here)
        deaths += dies_before(place, lambda: action(here))[0]  # pylint: disable=W0640
        check(here)
        shutil.rmtree(here)
    return deaths
