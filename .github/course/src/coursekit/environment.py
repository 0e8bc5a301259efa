"""The environment of a submission: built once from its own list of packages, cached by digest.

In: the submission's lock, requirements or pyproject. Out: an interpreter, or the log that says why
there is none. Only wheels are installed, so that building runs no code; the network is there for
the build alone, in a sandbox without secrets.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursekit import sandbox
from coursekit.expect import GraderFault
from coursekit.rubric import Rubric

CACHE = Path(__file__).resolve().parents[2] / "build" / "environments"
BUILD_SECONDS = 300
SOURCES = ("requirements.lock", "requirements.txt", "pyproject.toml", "setup.cfg")
#: What the build may know of our machine: where packages are, never how to log in.
PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL",
             "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
#: The same for every build. Compiled at once: inside, nothing may be written beside packages.
SETTINGS = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1", "UV_COMPILE_BYTECODE": "1"}
Builder = Callable[[Path], tuple[bool, str]]
Runner = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Environment:
    """An interpreter with packages, or none and the reason."""

    name: str
    built: bool
    log: str
    python: Path | None


def reference_environment(rubric: Rubric, cache: Path) -> Environment:
    """Return the module's own packages and what submissions usually import, from a hashed lock.

    Raises
    ------
    GraderFault
        When it cannot be built: that is not the submission's fault.
    """
    lock = rubric.folder / "requirements.lock"
    if not lock.is_file():
        raise GraderFault(f"{lock} is missing: `make lock` writes it")
    found = _built(f"reference ({rubric.module_folder.name}/rubric/requirements.lock)",
                   lock.read_text(encoding="utf-8"), cache, _build_reference)
    if not found.built:
        raise GraderFault(f"the reference environment was not built: {found.log[-800:]}")
    return found


def own_environment(submission: Path, cache: Path) -> Environment | None:
    """Return the environment that the submission asks for, or None when it names no packages."""
    for source in SOURCES:
        path = submission / source
        if not path.is_file() or path.is_symlink() or path.stat().st_size > 2_000_000:
            continue
        try:
            text = _requirements(path)
        except (ValueError, UnicodeDecodeError, AttributeError, TypeError) as fault:
            return Environment(f"from {source}", False, f"{source} cannot be read: {fault}", None)
        if text is not None:
            refused = _refused(text)
            if refused:
                return Environment(f"from {source}", False, "only names and versions are "
                                   f"installed, not: {'; '.join(refused[:3])}", None)
            return _built(f"from {source}", text, cache, _build_own)
    return None


def _requirements(path: Path) -> str | None:
    """Return what is to be installed, one requirement a line; local paths are left out."""
    text = path.read_text(encoding="utf-8-sig")
    if path.name == "pyproject.toml":
        content = tomllib.loads(text)
        project = content.get("project", {})
        groups = [*project.get("optional-dependencies", {}).values(),
                  *content.get("dependency-groups", {}).values()]
        named = project.get("dependencies", [])
        if not all(isinstance(group, list) for group in (named, *groups)):
            raise ValueError("dependencies are lists of texts")
        lines = [*named, *(entry for group in groups for entry in group if isinstance(entry, str))]
        return "\n".join(lines) + "\n" if lines else None
    if path.name == "setup.cfg":
        found = re.search(r"^install_requires\s*=\s*((?:\n[ \t]+\S.*)+)", text, re.M)
        return found[1] + "\n" if found else None
    lines = [re.sub(r"\s+(?:--hash=\S+|\\)", "", line).strip() for line in text.splitlines()]
    kept = [line for line in lines
            if line and not line.startswith(("#", "-e", ".", "/", "--hash"))]
    return "\n".join(kept) + "\n" if kept else None


def _refused(text: str) -> list[str]:
    """Return the lines that would fetch or run something else than a wheel of the registry."""
    return [line for line in text.splitlines()
            if line.lstrip().startswith("-") or "://" in line or line.lstrip().startswith("git+")]


def _built(name: str, text: str, cache: Path, build: Builder) -> Environment:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(f"{version}\n{platform.machine()}\n{text}".encode()).hexdigest()
    folder = cache / digest[:20]
    cache.mkdir(parents=True, exist_ok=True)
    # Two gradings at once would build into one folder.
    with open(cache / f"{folder.name}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _kept(name, folder) or _made(name, folder, text, build)


def _kept(name: str, folder: Path) -> Environment | None:
    """Return the environment that was built before, if it was finished."""
    python = folder / "venv" / "bin" / "python"
    if not (folder / "done").is_file() or not python.exists():
        return None
    return Environment(name, True, (folder / "log").read_text(encoding="utf-8"), python)


def _made(name: str, folder: Path, text: str, build: Builder) -> Environment:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "requirements.txt").write_text(text, encoding="utf-8")
    built, log = build(folder)
    (folder / "log").write_text(log, encoding="utf-8")
    if not built:
        return Environment(name, False, log, None)
    (folder / "done").touch()
    return Environment(name, True, log, folder / "venv" / "bin" / "python")


def _build_own(folder: Path) -> tuple[bool, str]:
    """Make an environment of foreign packages, in the sandbox when there is one."""
    store = folder.parent / "uv"
    store.mkdir(exist_ok=True)
    # Two folders bound into a sandbox have no common links.
    variables = {"UV_CACHE_DIR": str(store), "UV_LINK_MODE": "copy", **SETTINGS,
                 **{key: os.environ[key] for key in PASSED_ON if key in os.environ
                    and not _has_login(os.environ[key])}}
    view = sandbox.View(folder, sandbox.python_folders(Path(sys.executable)), (folder, store),
                        True, variables)
    limits = sandbox.Limits(memory_bytes=1 << 40)
    has_sandbox = sandbox.missing_capability() is None

    def run(step: list[str]) -> "subprocess.CompletedProcess[str]":
        if has_sandbox:
            return sandbox.run_inside(view, limits, step, BUILD_SECONDS)
        return _run_step(step, sandbox.clean_variables(variables))

    return _take_steps(folder, ["install", "--only-binary", ":all:", "--no-sources"], ["pytest"],
                       run)


def _build_reference(folder: Path) -> tuple[bool, str]:
    """Make an environment of our own locked packages, as set-up makes all others."""
    variables = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    return _take_steps(folder, ["install", "--require-hashes", "--only-binary", ":all:"], [],
                       lambda step: _run_step(step, {**variables, **SETTINGS}))


def _run_step(step: list[str], variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(step, capture_output=True, text=True, timeout=BUILD_SECONDS,
                          check=False, env=variables)


def _take_steps(folder: Path, verb: list[str], more: list[str], run: Runner) -> tuple[bool, str]:
    """Make an environment with uv, install into it; return whether that went well, and a log."""
    uv, base = Path(sys.executable).with_name("uv"), os.path.realpath(sys.executable)
    venv, log = str(folder / "venv"), ""
    for step in ([str(uv), "venv", "-q", "--python", base, venv],
                 [str(uv), "pip", *verb, "--python", f"{venv}/bin/python",
                  "-r", str(folder / "requirements.txt"), *more]):
        try:
            done = run(step)
        except subprocess.TimeoutExpired:
            return False, f"{log}\nnot ready after {BUILD_SECONDS} s"
        log += done.stdout + done.stderr
        if done.returncode:
            return False, log
    return True, log


def _has_login(value: str) -> bool:
    """Tell whether an address names a user; a proxy may be given without its scheme."""
    return "@" in value
