"""Where a crontab is kept: the user's own, by the program ``crontab``, or a file.

In: a file's name or none. Out: its bytes, and a way to put others in their place.
"""

import os
import shutil
import subprocess
from pathlib import Path

from riskwatch.errors import InputError, OutputError
from riskwatch.files import shown, write_bytes

_PATIENCE = 30.0


def read_tab(file: Path | None) -> bytes:
    """Return a crontab; empty where there is none yet.

    Parameters
    ----------
    file : Path or None
        None for the crontab of the user.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        It cannot be read, or there is no program for it.
    """
    if file is not None:
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return b""
        except (OSError, ValueError) as err:
            reason = getattr(err, "strerror", None) or str(err)
            raise InputError(f"{shown(file)}: cannot be read: {reason}") from err
    found = _crontab("-l")
    if found.returncode == 0:
        return found.stdout
    if b"no crontab for" in found.stderr:
        return b""
    raise InputError(f"your crontab cannot be read: {_words(found.stderr)}")


def write_tab(file: Path | None, content: bytes) -> None:
    """Put a crontab in the place of the one that is there.

    Parameters
    ----------
    file : Path or None
        None for the crontab of the user.
    content : bytes
        Empty removes the crontab of the user.

    Raises
    ------
    OutputError
        It cannot be written, or cron does not take it.
    """
    if file is not None:
        write_bytes(file, content)
        return
    found = _crontab("-", content) if content else _crontab("-r")
    if found.returncode != 0 and (content or b"no crontab for" not in found.stderr):
        raise OutputError(f"your crontab is as it was, cron did not take the new one: "
                          f"{_words(found.stderr)}")


def _crontab(word: str, content: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which("crontab")
    if program is None:
        raise InputError("there is no program `crontab` here: install cron, use the systemd timer "
                         "of deploy/, or write a file with --tabfile")
    try:
        return subprocess.run([program, word], input=content, capture_output=True, check=False,
                              timeout=_PATIENCE, env={**os.environ, "LC_ALL": "C"})
    except (OSError, subprocess.TimeoutExpired) as err:
        raise InputError(f"`{program} {word}` does not work: {err}") from err


def _words(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split()) or "it does not say why"
