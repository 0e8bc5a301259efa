"""What is installed, what is required, what is newest, and what is known to be vulnerable.

In: this distribution's own requirements, and the list that a server was set up from, where
there is one. Out: a `Diagnostic` per package. The newest versions
and the list of vulnerabilities need an index that can be reached: they are asked for only when
told to, in processes of their own with a time limit, and never while a request waits.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from re import match

from riskwatch.reader import open_regular
from riskwatch.records import Diagnostic

DISTRIBUTION = "mlops-capstone-riskwatch"
_SECONDS, _MOST_LIST_BYTES = 120, 1_000_000


@dataclass(frozen=True, slots=True)
class Package:
    """A required package: the range that is asked for, and what is there."""

    name: str
    required: str
    installed: str | None
    is_within: bool | None


def required_packages(distribution: str = DISTRIBUTION) -> tuple[Package, ...]:
    """Return the packages that this program needs, by name.

    Parameters
    ----------
    distribution : str

    Returns
    -------
    tuple of Package
        Extras are left out; ``is_within`` is None where nothing is installed.
    """
    lines = [line for line in metadata.requires(distribution) or () if "extra ==" not in line]
    return _packages_of(lines)


def listed_packages(path: Path) -> tuple[Package, ...]:
    """Return the packages of a list of requirements, by name; none where there is no list.

    Parameters
    ----------
    path : Path
        As pip reads it; lines that are options, and hashes, are passed over.

    Returns
    -------
    tuple of Package

    Raises
    ------
    InputError
        It is there, and cannot be read.
    """
    if not os.path.lexists(path):
        return ()
    with open_regular(path, _MOST_LIST_BYTES) as stream:
        text = stream.read().decode("utf-8", "replace")
    lines = (line.split(" #")[0].split("--hash")[0].strip(" \\") for line in text.splitlines())
    return _packages_of([line for line in lines if line[:1].isalnum()])


def both(own: tuple[Package, ...], listed: tuple[Package, ...]) -> tuple[Package, ...]:
    """Return the packages of two lists, each once: as the list has it that it does not fit."""
    found = {package.name.lower(): package for package in listed}
    for package in own:
        if package.name.lower() not in found or package.is_within is not True:
            found[package.name.lower()] = package
    return tuple(found[name] for name in sorted(found))


def _packages_of(lines: Sequence[str]) -> tuple[Package, ...]:
    found = []
    for line in lines:
        named = match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)", line)
        if named is None:
            continue
        name, wanted = named[1], named[2].strip()
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            found.append(Package(name, wanted, None, None))
            continue
        found.append(Package(name, wanted, installed, is_within(installed, wanted)))
    return tuple(sorted(found, key=lambda package: package.name.lower()))


def package_checks(packages: tuple[Package, ...], newest: Mapping[str, str] | None,
                   vulnerable: Mapping[str, tuple[str, ...]] | None) -> Iterator[Diagnostic]:
    """Yield what is to be said of each package.

    Parameters
    ----------
    packages : tuple of Package
    newest : mapping of str to str, or None
        Packages for which there is a newer version; None where no index was asked or reached.
    vulnerable : mapping of str to tuple of str, or None
        Known vulnerabilities by package; None where nobody could be asked.

    Yields
    ------
    Diagnostic
        ``failed`` when absent, outside of its range, or vulnerable; that something newer
        exists is told, and is no failure.
    """
    for package in packages:
        last = "unknown" if newest is None else newest.get(package.name.lower(), package.installed)
        holes = () if vulnerable is None else vulnerable.get(package.name.lower(), ())
        known = "unknown" if vulnerable is None else ", ".join(holes) or "none"
        is_bad = package.installed is None or package.is_within is False or bool(holes)
        yield Diagnostic(
            check="dependency", subject=package.name, status="failed" if is_bad else "ok",
            detail=f"required {package.required or 'any'}, installed "
            f"{package.installed or 'nothing'}, newest {last}, vulnerabilities {known}")


def newest_versions() -> dict[str, str] | None:
    """Ask the index for newer versions, through pip; None when it cannot be reached."""
    text = _output([sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "0",
                    "--timeout", "5", "list", "--outdated", "--format", "json"], (0,))
    found = _parsed(text)
    if not isinstance(found, list):
        return None
    return {str(item["name"]).lower(): str(item["latest_version"]) for item in found}


def known_vulnerabilities() -> dict[str, tuple[str, ...]] | None:
    """Ask pip-audit for known vulnerabilities; None when it is absent or cannot reach its list."""
    found = _parsed(_output([sys.executable, "-m", "pip_audit", "--format", "json",
                             "--progress-spinner", "off", "--timeout", "5"], (0, 1)))
    if not isinstance(found, dict) or "dependencies" not in found:
        return None
    return {str(item["name"]).lower(): tuple(str(hole["id"]) for hole in item["vulns"])
            for item in found["dependencies"] if item.get("vulns")}


def _output(words: list[str], good: tuple[int, ...]) -> str:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    # Without an index pip says so, and lists nothing as outdated: that is not "all is new".
    could_not = "connection" in done.stderr.lower() or "could not fetch" in done.stderr.lower()
    return done.stdout if done.returncode in good and not could_not else ""


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def is_within(installed: str, wanted: str) -> bool:
    """Return whether a version lies in a range of ``>= > < <= == !=``, compared by numbers."""
    here = _numbers(installed)
    for part in filter(None, (piece.strip() for piece in wanted.strip("()").split(","))):
        named = match(r"(>=|<=|==|!=|>|<)\s*([0-9.]+)", part)
        if named is None:
            return False
        there = _numbers(named[2])
        is_true = {">=": here >= there, "<=": here <= there, "==": here == there,
                   "!=": here != there, ">": here > there, "<": here < there}[named[1]]
        if not is_true:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    named = match(r"[0-9]+(\.[0-9]+)*", version)
    parts = [int(part) for part in named[0].split(".")] if named else [0]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
