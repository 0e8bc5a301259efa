"""Take a submission in: a private, harmless copy of a folder, a zip or a git address.

In: what the reviewer named. Out: a folder of regular files within limits, and sentences about what
was left out. Links that lead out of the submission are never followed.
"""

import os
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.contract import SKIPPED, is_below

MOST_BYTES, MOST_FILES = 300_000_000, 20_000
GIT_ADDRESS = re.compile(r"(?:https?|ssh|git|file)://|git@[\w.-]+:")
CLONE_SECONDS = 120
#: Git as a reader only: no hooks, no filters, no prompts, no configuration of ours.
GIT = ["git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never",
       "-c", "core.symlinks=false", "-c", "core.fsmonitor=false"]


class IntakeError(ValueError):
    """The submission cannot be taken in; the text says why, in one line."""


@dataclass
class Intake:
    """What was taken in."""

    source: str
    folder: Path
    notes: list[str] = field(default_factory=list)
    files: int = 0
    size: int = 0
    history: list[str] = field(default_factory=list)


def take_in(source: str, into: Path) -> Intake:
    """Copy a submission.

    Parameters
    ----------
    source : str
        A folder, a ``.zip``, or a git address, perhaps with ``@ref``.
    into : Path
        A folder that does not exist yet.

    Returns
    -------
    Intake
        The copy, and what was left out.

    Raises
    ------
    IntakeError
        When there is nothing to be taken.
    """
    intake = Intake(source, into)
    path = Path(source)
    if path.is_dir():
        _copy_folder(path.resolve(), intake)
        intake.history = _history(path)
    elif path.is_file() and zipfile.is_zipfile(path):
        _unpack(path, intake)
    elif GIT_ADDRESS.match(source):
        _clone(source, intake)
    elif path.is_file():
        into.mkdir(parents=True)
        intake.notes.append(f"{path.name} is neither a folder nor a zip file: nothing in it")
    else:
        raise IntakeError(f"{source}: there is no such folder, zip file or git address")
    _lift_single_folder(intake)
    return intake


def _count(intake: Intake, size: int) -> None:
    intake.files += 1
    intake.size += size
    if intake.files > MOST_FILES or intake.size > MOST_BYTES:
        raise IntakeError(f"more than {MOST_FILES} files or {MOST_BYTES // 1_000_000} MB: leave "
                          "out data, models and environments")


def _copy_folder(source: Path, intake: Intake) -> None:
    intake.folder.mkdir(parents=True)
    for here, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        relative = Path(here).relative_to(source)
        for name in [name for name in folders if (Path(here) / name).is_symlink()]:
            folders.remove(name)
            intake.notes.append(f"{relative / name} is a link to a folder: left out")
        (intake.folder / relative).mkdir(exist_ok=True)
        for name in sorted(names):
            _copy_file(Path(here) / name, relative / name, source, intake)


def _copy_file(path: Path, relative: Path, source: Path, intake: Intake) -> None:
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.is_symlink() and not target.is_relative_to(source):
        intake.notes.append(f"{relative} is a link that leads out of the submission: left out")
        return
    if not target.is_file() or not stat.S_ISREG(target.stat().st_mode):
        intake.notes.append(f"{relative} is not a regular file: left out")
        return
    _count(intake, target.stat().st_size)
    shutil.copyfile(target, intake.folder / relative)
    (intake.folder / relative).chmod(0o755 if target.stat().st_mode & 0o100 else 0o644)


def _unpack(path: Path, intake: Intake) -> None:
    intake.folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                _unpack_entry(archive, entry, intake)
    except (zipfile.BadZipFile, OSError,
            NotImplementedError,  # zipfile's word for a compression that it does not know
            RuntimeError) as fault:  # and for an archive that is locked by a password
        intake.notes.append(f"the zip file broke off: {fault}")


def _unpack_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, intake: Intake) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.is_dir() or SKIPPED & set(Path(entry.filename).parts):
        return
    if not is_below(entry.filename) or "\\" in entry.filename:
        intake.notes.append(f"{entry.filename[:100]!r} leads out of the submission: left out")
    elif kind not in (0, stat.S_IFREG):
        intake.notes.append(f"{entry.filename[:100]!r} is not a regular file: left out")
    else:
        _count(intake, entry.file_size)
        target = intake.folder / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, target.open("wb") as file:
            # The size that an archive states may be a lie.
            file.write(packed.read(entry.file_size))


def _clone(source: str, intake: Intake) -> None:
    address, at, ref = source.rpartition("@")
    if not at or "/" in ref and not GIT_ADDRESS.match(address) or not GIT_ADDRESS.match(address):
        address, ref = source, ""
    if address.startswith("-") or ref.startswith("-"):
        raise IntakeError(f"{source}: not a git address")
    clone = intake.folder.with_name(intake.folder.name + ".git-clone")
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "GIT_TERMINAL_PROMPT": "0",
                   "HOME": str(clone.parent), "GIT_CONFIG_NOSYSTEM": "1",
                   "GIT_LFS_SKIP_SMUDGE": "1",
                   **{name: value for name, value in os.environ.items()
                      if name in ("SSL_CERT_FILE", "GIT_SSL_CAINFO", "HTTPS_PROXY")}}
    steps = [[*GIT, "clone", "-q", "--no-recurse-submodules", "--", address, str(clone)]]
    if ref:
        steps.append([*GIT, "-C", str(clone), "checkout", "-q", "--detach", ref, "--"])
    for step in steps:
        try:
            done = subprocess.run(step, env=environment, capture_output=True, text=True,
                                  errors="replace", timeout=CLONE_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise IntakeError(f"{source}: git: {type(fault).__name__}") from fault
        if done.returncode:
            told = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise IntakeError(f"{source}: git says: {told[:200]}")
    intake.history = _history(clone)
    _copy_folder(clone, intake)
    shutil.rmtree(clone, ignore_errors=True)


def _history(folder: Path) -> list[str]:
    """Return date, author and subject of the latest commits, for the reviewer's eye only."""
    if not (folder / ".git").is_dir():
        return []
    words = [*GIT, "-c", "safe.directory=*", "-C", str(folder), "log", "-n", "200",
             "--format=%ad %an: %s", "--date=short"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace",
                              timeout=20, check=False, env={"PATH": os.environ.get("PATH", "")})
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []


def _lift_single_folder(intake: Intake) -> None:
    """Take the one folder in which zips often hold everything."""
    entries = list(intake.folder.iterdir())
    names = {"src", "tests", "data", "logs", "notebooks"}
    if len(entries) == 1 and entries[0].is_dir() and entries[0].name not in names:
        intake.folder = entries[0]
        intake.notes.append(f"everything lies in the folder {entries[0].name}: graded from there")
