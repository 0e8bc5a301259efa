"""Hostile files: each gets its right verdict in one plain line, quickly, and nothing is left.

The catalogue is in `poison_drops`; here stand the verdicts' rules, the places that are no files,
and the run of the whole catalogue under a limit of memory.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from poison_drops import CASES, GOOD, HEADER, Case

from riskwatch.errors import InputError
from riskwatch.ingest import ingest
from riskwatch.intake import take_in
from riskwatch.ledger import Ledger
from riskwatch.plain import MISSING, PLAIN_HEADER, read_plain
from riskwatch.settings import ReadingSettings
from riskwatch.staging import Staging
from riskwatch.workplace import Workplace

# A file that makes the reader wait for ever fails its test, instead of stopping them all.
pytestmark = pytest.mark.timeout(60)
BAD = [case for case in CASES if case.rule is not None]
ODD = [case for case in CASES if case.rule is None]
MOST_MEGABYTES = 300  # the promise is 512


@contextmanager
def opened(folder: Path) -> Iterator[Staging]:
    """Yield an empty stage."""
    (folder / "work").mkdir()
    with Staging(folder / "work") as stage:
        yield stage


def texts(stage: Staging) -> str:
    """Return what is staged as canonical lines."""
    rows = stage.part(0, stage.rows)
    return "".join(",".join((
        int(name).to_bytes(4, "big").decode(),
        *("" if value == MISSING else str(value) for value in (*counts, label)))) + "\n"
        for name, counts, label in zip(rows.names, rows.counts.T, rows.labels))


def test_catalogue_is_large_and_every_case_is_another(say: Callable[[str], None]) -> None:
    assert len({(case.content, case.filler) for case in CASES}) == len(CASES)
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(BAD) >= 200 and len(ODD) >= 15
    say(f"poison: {len(BAD)} hostile and {len(ODD)} odd but good files, "
        f"{len(PLACES)} hostile places")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_hostile_file_is_refused_by_line_and_column_and_stages_nothing(
        case: Case, tmp_path: Path) -> None:
    path = tmp_path / "drop.csv"
    path.write_bytes(case.whole())
    with opened(tmp_path) as stage:
        with pytest.raises(InputError) as caught:
            take_in(path, stage, ReadingSettings(), set(), is_probably_known=False)
        assert stage.rows == 0
        path.write_text(GOOD, encoding="utf-8")
        take_in(path, stage, ReadingSettings(), set(), is_probably_known=False)
        assert texts(stage) == GOOD.removeprefix(f"{HEADER}\n")
    path.unlink()
    text = str(caught.value)
    assert text.isprintable() and len(text) < 1000 and str(path) in text
    assert case.rule is not None and case.rule in text
    assert getattr(caught.value, "row", None) == case.line
    assert case.column is None or getattr(caught.value, "column", None) == case.column


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_the_quick_look_never_takes_a_hostile_file_for_plain(case: Case) -> None:
    content = case.whole()
    rows = content.removeprefix(PLAIN_HEADER)
    assert rows == content or not rows or read_plain(rows) is None


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.name)
def test_odd_but_good_file_is_read(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "drop.csv"
    path.write_bytes(case.content)
    with opened(tmp_path) as stage:
        arrival = take_in(path, stage, ReadingSettings(), set(), is_probably_known=False)
        staged = texts(stage)
    assert arrival.rows == 8 and staged.count("\n") == 8
    if "activity" not in case.name and "employees" not in case.name:  # those have another value
        assert staged == GOOD.removeprefix(f"{HEADER}\n")


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "x.csv")


def _socket(folder: Path) -> None:
    # A socket's name may have no more than about 100 bytes, so it is made by its short name.
    back = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("x.csv")
    finally:
        os.fchdir(back)
        os.close(back)


def _link_to(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "x.csv").symlink_to(target)


PLACES: dict[str, Callable[[Path], None]] = {
    "folder": lambda folder: (folder / "x.csv").mkdir(),
    "named pipe": _fifo,
    "socket": _socket,
    "link to itself": _link_to("x.csv"),
    "link to nothing": _link_to("no.csv"),
    "link to a device": _link_to("/dev/zero"),
    "link to a foreign file": _link_to("/etc/passwd"),
    "link to a good file": _link_to("../good.csv"),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_regular_file_is_refused_and_the_others_go_on(
        name: str, place: Workplace, ledger: Ledger, put: Callable[..., Path]) -> None:
    put("a.csv", GOOD)
    (place.out / "good.csv").write_text(GOOD, encoding="utf-8")
    PLACES[name](place.inbox)
    result = ingest(place, ledger)
    assert [entry.record.name for entry in result.accepted] == ["a.csv"]
    assert [entry.record.name for entry in result.refused] == ["x.csv"]
    assert "regular file" in result.refused[0].record.reason
    kept = os.listdir(place.quarantine)
    assert len(kept) == 1 and kept[0].endswith(".reason.json")
    again = ingest(place, ledger)
    assert (again.known, again.refused) == (2, ())


def test_a_refused_file_is_kept_with_its_reason(place: Workplace, ledger: Ledger,
                                                put: Callable[..., Path]) -> None:
    original = put("bad \x1b\n.csv", GOOD.replace("xyzz", "xy1z"))
    entry = ingest(place, ledger).refused[0]
    assert "line 4, column corporation" in entry.record.reason
    copy, reason = sorted(place.quarantine.iterdir())
    assert copy.read_bytes() == original.read_bytes()
    found = json.loads(reason.read_text(encoding="utf-8"))
    assert (found["line"], found["column"]) == (4, "corporation")
    assert found["sha256"] == entry.record.sha256 and "four letters" in found["rule"]
    assert str(copy).isprintable() and entry.record.name.isprintable()


RUN_ALL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from poison_drops import CASES
from riskwatch.ingest import ingest
from riskwatch.ledger import open_ledger
from riskwatch.workplace import Workplace
place = Workplace(Path(sys.argv[2]))
place.inbox.mkdir(parents=True)
for number, case in enumerate(CASES):
    (place.inbox / f"{number:03d}.csv").write_bytes(case.whole())
ledger = open_ledger(place)
result = ingest(place, ledger)
status = Path("/proc/self/status")
if status.exists():
    kilobytes = int(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(len(result.refused), len(result.accepted), kilobytes // 1024,
      round(sum(resource.getrusage(0)[:2]), 1))
"""


def test_whole_catalogue_in_one_inbox_stays_within_its_memory(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", RUN_ALL, str(Path(__file__).parent), str(tmp_path / "out")],
        capture_output=True, text=True, check=True, timeout=120)
    refused, accepted, megabytes, seconds = answer.stdout.split()
    assert "Traceback" not in answer.stderr
    assert (int(refused), int(accepted)) == (len(BAD), len(ODD))
    assert int(megabytes) < MOST_MEGABYTES
    say(f"poison: {refused} files refused with at most {megabytes} MiB, {seconds} s CPU")
