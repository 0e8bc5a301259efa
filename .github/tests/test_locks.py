"""The locks agree with what each pyproject.toml asks for, on every Python, without a network."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from street import COURSE, MODULES, PYTHONS, ROOT, read_toml

PLATFORMS = {"linux": "Linux", "darwin": "Darwin"}
FOLDERS = [ROOT, COURSE, *MODULES]
LOCKS = sorted(path for folder in FOLDERS for path in folder.glob("requirements*.lock"))


def name_of(path: Path) -> str:
    """Return the name under which pytest shows a lock."""
    return str(path.relative_to(ROOT))


def read_pins(text: str) -> list[tuple[Requirement, list[str]]]:
    """Return each pin of a lock with its hashes."""
    joined = re.sub(r"\\\n\s*", "", text)
    pins = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        pin, *hashes = re.split(r"\s*--hash=", line)
        pins.append((Requirement(pin), [value.strip() for value in hashes]))
    return pins


def asked_for(lock: Path) -> list[Requirement]:
    """Return what the pyproject.toml beside a lock asks for directly."""
    content = read_toml(lock.parent / "pyproject.toml")
    project = content.get("project", {})
    extra = lock.stem.removeprefix("requirements").removeprefix("-")
    if extra:
        asked = project.get("dependencies", []) + project["optional-dependencies"][extra]
    else:
        asked = (project.get("dependencies", []) + content["dependency-groups"]["dev"]
                 + content.get("build-system", {}).get("requires", []))
    return [Requirement(item) for item in asked]


def environment(python: str, platform: str) -> dict[str, str]:
    """Return the markers of a Python on a platform."""
    return {"python_version": python, "python_full_version": f"{python}.0",
            "implementation_name": "cpython", "platform_python_implementation": "CPython",
            "sys_platform": platform, "platform_system": PLATFORMS[platform],
            "os_name": "posix", "platform_machine": "x86_64", "extra": ""}


def disagreements(asked: list[Requirement], text: str, where: dict[str, str]) -> list[str]:
    """Return, in words, what a lock does not give of what is asked for."""
    pins = [pin for pin, _ in read_pins(text) if pin.marker is None or pin.marker.evaluate(where)]
    found = []
    for wanted in asked:
        if wanted.marker is not None and not wanted.marker.evaluate(where):
            continue
        name = canonicalize_name(wanted.name)
        here = [pin for pin in pins if canonicalize_name(pin.name) == name]
        if len(here) != 1:
            found.append(f"{wanted}: {len(here)} pins")
            continue
        version = next(iter(here[0].specifier)).version
        if not wanted.specifier.contains(version, prereleases=True):
            found.append(f"{wanted}: pinned {version}")
    return found


def test_every_folder_has_a_lock():
    assert set(FOLDERS) == {lock.parent for lock in LOCKS if lock.stem == "requirements"}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_each_direct_requirement_has_one_pin_in_its_range(lock, python, platform):
    text = lock.read_text(encoding="utf-8")
    assert not disagreements(asked_for(lock), text, environment(python, platform))


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_pin_is_exact_and_hashed(lock):
    pins = read_pins(lock.read_text(encoding="utf-8"))
    assert len(pins) > 5
    for pin, hashes in pins:
        assert [item.operator for item in pin.specifier] == ["=="], pin
        assert pin.url is None, pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), pin


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_names_no_address_and_no_option(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.findall(r"^--?[a-z].*$", text, re.M)


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.stem == "requirements"],
                         ids=name_of)
def test_the_tools_that_set_up_and_lint_are_in_every_lock(lock):
    names = {canonicalize_name(pin.name) for pin, _ in read_pins(lock.read_text("utf-8"))}
    assert {"uv", "pylint", "autopep8", "mypy", "pytest"} <= names
    if lock.parent != ROOT:
        assert {"import-linter", "flit-core"} <= names


def test_a_disagreement_is_found():
    where = environment("3.12", "linux")
    lock = ("a==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:0\n"
            "a==2.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:0\nb==1.0\n")
    assert not disagreements([Requirement("a>=2"), Requirement("b<2")], lock, where)
    assert disagreements([Requirement("a<2")], lock, where) == ["a<2: pinned 2.0"]
    assert disagreements([Requirement("c")], lock, where) == ["c: 0 pins"]
    assert not disagreements([Requirement("c; python_version < '3.12'")], lock, where)
