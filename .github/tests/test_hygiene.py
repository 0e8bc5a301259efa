"""No registry host, machine's own path, pickled model, secret, big or unfinished file.

The strings that must not occur are put together from parts, so that this file passes itself.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from street import ROOT, tracked_files

REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "conda" + ".anaconda.org",
              "registry.npm" + "js.org", "crates" + ".io", "proxy.golang" + ".org"]
MACHINE_PATHS = re.compile(r"(?<![\w.~}])/(?:ro" + r"ot|ho" + r"me|Us" + r"ers|wo" + r"rk)/\w")
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|X" + r"XX)\b")
SECRETS = re.compile("-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----|\bAKIA[0-9A-Z]{16}\b|"
                     r"\bgh[pousr]_[A-Za-z0-9]{36}\b")
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve"}
BINARY = {".png", ".jpg", ".ico", ".skops", ".npz", ".parquet", ".db"}
MOST_BYTES = 1_000_000
TEXTS = [name for name in tracked_files() if name.suffix not in BINARY]
SOURCES = [name for name in TEXTS if name.suffix == ".py"]


def read(name: Path) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def lines_with(pattern: "re.Pattern[str]", names: list[Path]) -> list[str]:
    """Return every line of these files in which the pattern occurs."""
    return [f"{name}: {line.strip()[:100]}" for name in names
            for line in read(name).splitlines() if pattern.search(line)]


def configured_hosts() -> set[str]:
    """Return the hosts that this machine fetches packages from: mirrors, too, stay at home."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=False,
                            capture_output=True, text=True).stdout
    values = [listed, *(value for key, value in os.environ.items()
                        if key.startswith(("PIP_", "UV_", "npm_config_")))]
    addresses = re.findall(r"https?://[^\s'\"]+", " ".join(values))
    hosts = {urlsplit(address).hostname or "" for address in addresses}
    return hosts - {"", "localhost", "127.0.0.1"}


def pickling(text: str, *, is_test: bool) -> list[str]:
    """Return what a Python text does with pickle or joblib files; tests may make hostile ones."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import) and not is_test:
            found += [alias.name for alias in node.names if alias.name in PICKLES]
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if node.module in PICKLES and (not is_test or names - {"dumps"}):
                found.append(str(node.module))
            elif node.module == "joblib" and names & {"dump", "load"}:
                found.append("joblib")
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner == "joblib" and node.attr in {"dump", "load"} and not (
                    is_test and node.attr == "dump"):
                found.append(f"joblib.{node.attr}")
            elif (owner in PICKLES and node.attr in {"load", "loads", "Unpickler"}) \
                    or node.attr in {"read_pickle", "to_pickle"}:
                found.append(f"{owner}.{node.attr}")
    return found


def test_no_file_names_a_registry():
    hosts = sorted({*REGISTRIES, *configured_hosts()})
    assert not lines_with(re.compile("|".join(map(re.escape, hosts)), re.I), TEXTS)


def test_no_file_names_a_path_of_one_machine():
    assert not lines_with(MACHINE_PATHS, TEXTS)


@pytest.mark.parametrize("text, is_path", [
    ("x = '/ro" + "ot/data'", True), ("cd /ho" + "me/ann/repo", True),
    ("lessons/one/wo" + "rk/", False), ("~/ho" + "me/x", False), ("/usr/bin/python3", False)])
def test_a_path_of_one_machine_is_recognised(text, is_path):
    assert bool(MACHINE_PATHS.search(text)) is is_path


def test_no_file_is_unfinished_or_holds_a_secret():
    assert not lines_with(UNFINISHED, [name for name in TEXTS if name.suffix != ".lock"])
    assert not lines_with(SECRETS, TEXTS)


@pytest.mark.parametrize("name", SOURCES, ids=str)
def test_no_model_is_pickled(name):
    assert not pickling(read(name), is_test="tests" in name.parts)


@pytest.mark.parametrize("text, in_code, in_test", [
    ("import pickle", True, False), ("import joblib\njoblib.dump(1, 'm')", True, False),
    ("import joblib\njoblib.load('m')", True, True), ("from joblib import load", True, True),
    ("import pickle\npickle.loads(b'')", True, True), ("t.to_pickle('x')", True, True),
    ("from joblib import parallel_config", False, False),
    ("import pickle\npickle.dumps(1)", True, False)])
def test_pickling_is_recognised(text, in_code, in_test):
    assert bool(pickling(text, is_test=False)) is in_code
    assert bool(pickling(text, is_test=True)) is in_test


def test_nothing_that_is_made_is_committed():
    made = {"build", ".venv", ".tools", "__pycache__", "mlruns", "wandb", "uv.lock",
            "pylock.toml", ".ipynb_checkpoints", "work"}
    assert not [str(name) for name in tracked_files() if made & set(name.parts)]
    assert not [str(name) for name in tracked_files()
                if name.suffix in {".pkl", ".pickle", ".joblib", ".pyc", ".whl"}]


def test_no_file_is_bigger_than_a_megabyte():
    assert not [str(name) for name in tracked_files()
                if (ROOT / name).stat().st_size > MOST_BYTES]


def test_texts_are_utf_8_with_plain_line_ends():
    for name in TEXTS:
        content = (ROOT / name).read_bytes()
        content.decode("utf-8")
        assert b"\r\n" not in content, name
        assert not content or content.endswith(b"\n"), name
