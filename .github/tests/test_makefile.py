"""The verbs: what `make` lists, what it makes, and how it goes on after a failure.

A stand-in takes the place of uv: it records its arguments and makes an empty environment, so
that set-up is tested without a download.
"""

import shutil
import sys
import time
from pathlib import Path

import pytest

from street import MODULES, ROOT, VERBS, executable, folder_name, only, run

UV = f"""#!/bin/sh
echo "$@" >> "$UV_LOG"
case "$1" in
  venv) rm -rf .venv; mkdir -p .venv/bin; ln -s '{sys.executable}' .venv/bin/python ;;
  pip) [ "$2" != sync ] || [ -z "$UV_FAILS" ] ;;
  --version) echo "uv 0" ;;
  *) exit 9 ;;
esac
"""
TOOLS = ("make", "sh", "sed", "awk", "grep", "rm", "mkdir", "mv", "cp", "ln", "head", "tail",
         "dirname", "find")


class Bench:
    """A module's Makefile in a folder with a space in its name, and the stand-in for uv."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "uv.log"
        self.bin = executable(folder / "bin" / "uv", UV).parent
        only(self.bin, "python3", *TOOLS)
        self.module = folder / "a b" / "module9_trial"
        self.module.mkdir(parents=True)
        shutil.copy(MODULES[0] / "Makefile", self.module / "Makefile")
        (self.module / "requirements.lock").write_text("uv==0 \\\n    --hash=sha256:0\n")
        (self.module / "pyproject.toml").write_text("[project]\n")

    def setup(self, *arguments: str, **changes: str) -> tuple[int, str]:
        """Run `make setup`; return its exit code and what uv was asked, versions aside."""
        self.log.write_text("")
        done = run(["make", "setup", *arguments], self.module, PATH=str(self.bin),
                   UV_LOG=str(self.log), UV_FAILS=changes.get("UV_FAILS", ""),
                   UV_PYTHON_DOWNLOADS="never")
        asked = [line for line in self.log.read_text().splitlines() if line != "--version"]
        return done.returncode, " | ".join(asked)

    def is_made_afresh(self) -> bool:
        """Run `make setup`; was the environment made from nothing?"""
        code, asked = self.setup()
        return code == 0 and asked.startswith("venv -q --clear")


@pytest.fixture(name="bench")
def make_bench(tmp_path: Path) -> Bench:
    """A module that was never set up."""
    return Bench(tmp_path)


@pytest.mark.parametrize("folder", [ROOT, *MODULES], ids=folder_name)
def test_make_alone_lists_every_verb(folder):
    listed = run(["make", "--no-print-directory"], folder).stdout
    verbs = [line.split()[1] for line in listed.splitlines() if line.startswith("  make ")]
    of_root = ["doctor", "screenshots", "learn", "watch", "hint", "list", "skip", "reset",
               "solution", "syllabus", "start", "grade"]
    wanted = [*VERBS, *of_root] if folder == ROOT else VERBS
    assert sorted(verbs) == sorted(wanted)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_long_and_a_short_name_for_each_module(verb):
    for module in MODULES:
        number = module.name.split("_")[0].removeprefix("module")
        for target in (f"{verb}-{module.name}", f"{verb}-{number}"):
            done = run(["make", "-n", target], ROOT)
            assert f"-C {module.name} {verb}" in done.stdout, target


def test_an_absent_module_is_named_in_one_line():
    done = run(["make", "lint-77"], ROOT)
    assert done.returncode == 2
    assert 'no module "77"' in done.stderr


def test_setup_installs_hashed_pins_and_then_the_module_itself(bench):
    code, asked = bench.setup()
    assert code == 0
    steps = asked.split(" | ")
    assert steps[0].startswith("venv -q --clear")
    assert "--require-hashes requirements.lock" in steps[1]
    assert "--no-deps --no-build-isolation -e ." in steps[2]


def test_a_second_setup_asks_nothing_and_takes_less_than_two_seconds(bench):
    bench.setup()
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        assert bench.setup() == (0, "")
        seconds.append(time.monotonic() - started)
    assert min(seconds) < 2


def test_a_setup_that_was_broken_off_is_made_afresh(bench):
    code, _ = bench.setup(UV_FAILS="1")
    assert code != 0
    assert bench.is_made_afresh()


def test_a_moved_folder_is_noticed(bench):
    bench.setup()
    bench.module = bench.module.rename(bench.module.parent / "moved")
    assert bench.is_made_afresh()


def test_an_interpreter_that_went_is_noticed(bench):
    bench.setup()
    (bench.module / ".venv/bin/python").unlink()
    assert bench.is_made_afresh()


def test_a_newer_lock_is_installed_into_the_same_environment(bench):
    bench.setup()
    time.sleep(0.02)
    (bench.module / "requirements.lock").touch()
    assert bench.setup()[1].startswith("pip sync")


def test_an_update_that_was_broken_off_is_made_afresh(bench):
    bench.setup()
    time.sleep(0.02)
    (bench.module / "requirements.lock").touch()
    assert bench.setup(UV_FAILS="1")[0] != 0
    assert bench.is_made_afresh()


def test_another_python_makes_another_environment_and_stays(bench):
    bench.setup()
    assert "venv" in bench.setup(f"PYTHON={sys.executable}")[1]
    assert bench.setup(f"PYTHON={sys.executable}") == (0, "")
    assert bench.setup() == (0, "")


def test_an_unfit_python_is_refused_and_spoils_nothing(bench):
    bench.setup()
    executable(bench.bin / "old", "#!/bin/sh\nexit 0\n")
    assert bench.setup("PYTHON=old") == (2, "")
    assert bench.setup() == (0, "")


def test_without_uv_the_pinned_one_is_fetched_with_its_hash(bench):
    fetched = f"""#!/bin/sh
case "$2 $3" in
  "pip install")
    for last; do :; done
    head -n 1 "$last" | grep -q '^uv==' && tail -n 1 "$last" | grep -q -- --hash || exit 8
    case "$*" in *--require-hashes*) ;; *) exit 7 ;; esac
    cp '{bench.bin}/kept' "$(dirname "$0")/uv" ;;
  venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) exec '{sys.executable}' "$@" ;;
esac
"""
    (bench.bin / "uv").rename(bench.bin / "kept")
    (bench.bin / "python3").unlink()
    executable(bench.bin / "python3", fetched)
    assert bench.is_made_afresh()
    assert (bench.module / ".tools/bin/uv").is_file()
    assert not (bench.module / ".tools/part").exists()


def test_clean_leaves_a_learners_work(bench):
    work = bench.module / "lessons" / "one" / "work"
    work.mkdir(parents=True)
    (work / "mine.py").write_text("")
    (bench.module / "build").mkdir()
    bench.setup()
    assert run(["make", "clean"], bench.module).returncode == 0
    assert (work / "mine.py").exists()
    assert not (bench.module / "build").exists()
    assert not (bench.module / ".venv").exists()
