"""Criteria of whole runs: one command, its log, a failed run, drift."""

import csv
import io
import random
import re

import pytest
from coursekit.expect import fail, last_lines

MODELS = (".skops", ".pkl", ".pickle", ".joblib", ".sav")
LEVEL = re.compile(r"\b(DEBUG|INFO|SUCCESS|WARNING|ERROR|CRITICAL)\b")
TIME = re.compile(r"\d\d:\d\d(:\d\d)?")
TROUBLE = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b", re.I)
_KEPT: dict = {}


@pytest.fixture(name="run")
def _run(probe, submission, tables, seed):
    """Run the submission's command once for each table, both side by side."""
    def run(table):
        if not submission.commands.get("run"):
            fail(ran="looking for the command `run`", expected="churn_library.py, or a mapping",
                 got="none")
        for other, content in {"first.csv": tables["first.csv"], BROKEN: f"{BROKEN}\n"}.items():
            key = (str(submission.root), seed, other)
            if key not in _KEPT:
                _KEPT[key] = probe.begin(probe.command, "run", seconds=150, files={
                    "data/bank_data.csv": content, "quick.toml": SETTINGS})
        return _KEPT[str(submission.root), seed, table].result()
    return run


BROKEN = "this is no table"
SETTINGS = """generated_rows = 500
[training]
search = "none"
folds = 2
candidates = ["logistic_regression"]
[evaluation]
bootstrap_resamples = 100
permutation_repeats = 1
"""


def is_log(path, content):
    """Tell whether a file is a log: *.log anywhere, any text below a folder logs."""
    return path.endswith(".log") or ("logs" in path.split("/")[:-1] and b"\0" not in content)


def logs(result):
    """Return the text of all logs that a run wrote."""
    return "\n".join(content.decode("utf-8", "replace") for path, content in result.files.items()
                     if is_log(path, content))


@pytest.mark.criterion("M1-40")
def test_one_command_does_everything(run):
    """The command ran in a copy of the submission, with a generated data/bank_data.csv."""
    result = run("first.csv")
    if result.exit_code:
        fail(ran=result.ran, expected="exit code 0",
             got=f"exit code {result.exit_code}: {last_lines(result.stderr)}")
    count = {what: sum(path.endswith(ends) for path in result.files) for what, ends in (
        ("pictures", (".png", ".jpg", ".jpeg")), ("models", MODELS))}
    count["logs"] = sum(is_log(*file) for file in result.files.items())
    for what, least in (("pictures", 5), ("models", 2), ("logs", 1)):
        if count[what] < least:
            fail(ran=result.ran, expected=f"at least {least} {what}",
                 got=f"{count[what]} among {sorted(result.files)[:30]}")


@pytest.mark.criterion("M1-93")
def test_the_pictures_of_the_run(run, picture):
    """The pictures that the command wrote were taken into the report."""
    for path, content in sorted(run("first.csv").files.items()):
        if path.lower().endswith(".png"):
            picture(path, content)


@pytest.mark.criterion("M1-41")
def test_the_log_tells_what_was_done(run):
    """The log of that run was read."""
    lines = [line for line in logs(run("first.csv")).splitlines() if LEVEL.search(line)]
    if len({re.sub(r"[\d.:,TZ-]+", "", line) for line in lines}) < 3:
        fail(ran="the log was read", expected="at least three different lines with a level",
             got=f"{len(lines)} lines: {lines[:3]}")
    timeless = [line for line in lines if not TIME.search(line)]
    if timeless:
        fail(ran="the log was read", expected="a time in every line with a level",
             got=f"{len(timeless)} lines without one: {timeless[:3]}")


@pytest.mark.criterion("M1-42")
def test_a_failed_run_says_why(run):
    """The command ran with a data/bank_data.csv that is no table."""
    result = run(BROKEN)
    ran = f"{result.ran}, where data/bank_data.csv holds the text {BROKEN!r}"
    if result.exit_code == 0:
        fail(ran=ran, expected="another exit code than 0", got="exit code 0")
    log = logs(result)
    trouble = [line for line in log.splitlines() if TROUBLE.search(line)]
    if not trouble:
        fail(ran=ran, expected="a line of an error in the log",
             got=f"none; {how_it_ended(log, result)}")
    if "bank_data" not in log[log.find(trouble[0]):]:
        fail(ran=ran, expected="an error in the log that names bank_data.csv",
             got=f"{trouble[0]}; {how_it_ended(log, result)}")


def how_it_ended(log, result):
    """Return the ends of a log and of what a command said beside it."""
    return (f"the log ends: {last_lines(log, 5) or 'it is empty'}\nthe command said: "
            f"{last_lines(result.stdout + result.stderr, 5) or 'nothing'}")


def changed(lines, how):
    """Return a table with a change in every row, which keeps the rules of the schema."""
    header = lines[0].split(",")
    rows = [dict(zip(header, row)) for row in csv.reader(lines[1:])]
    for row in rows:
        how(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def fewer_transactions(row):
    """Move amounts and counts of transactions far down."""
    for name in ("Total_Trans_Amt", "Total_Trans_Ct"):
        row[name] = str(int(row[name]) * 2 // 5 + 1)


def other_cards(row):
    """Give nearly everybody a card of another kind."""
    row["Card_Category"] = "Gold" if row["Card_Category"] == "Blue" else row["Card_Category"]


SHIFTS = {"amounts that fell": fewer_transactions, "cards of another kind": other_cards}
#: Rows of the reference and of the current table, for draws of the same kind: of few rows chance
#: moves means and shares past any fixed limit.
SIZES = (900, 600), (120, 60), (120, 60)
#: One alarm in so many draws is chance: a test at five per cent gives two or more of three in
#: seven of a thousand gradings.
DRAWS, MOST_ALARMS = len(SIZES), 1


@pytest.fixture(name="compared")
def _compared(probe, submission, generated, seed):
    """Run the command of drift for all cases, side by side."""
    if not submission.commands.get("drift"):
        fail(ran="looking for the command `drift`", expected="churn_drift.py, or a mapping",
             got="none")
    header, *rows = generated(1500, seed + 3)
    for draw, how in enumerate([None] * DRAWS + list(SHIFTS.values())):
        key = (str(submission.root), seed, draw)
        if key not in _KEPT:
            before, after = SIZES[draw] if draw < DRAWS else SIZES[0]
            drawn = random.Random(100 * seed + draw).sample(rows, before + after)
            _KEPT[key] = probe.begin(probe.command, "drift", files={
                "reference.csv": "\n".join([header, *drawn[:before]]) + "\n",
                "current.csv": changed([header, *drawn[before:]], how or (lambda row: None))})
    return lambda draw: _KEPT[str(submission.root), seed, draw].result()


@pytest.mark.criterion("M1-43")
def test_chance_is_no_drift(compared):
    """The command compared rows of the same kind: many once, and 60 with 120 twice."""
    results = [compared(draw) for draw in range(DRAWS)]
    alarms = [result for result in results if result.exit_code != 0]
    if len(alarms) > MOST_ALARMS:
        fail(ran="the command with new rows of the same kind: 600 with 900, and twice 60 with 120",
             expected="exit code 0, and by chance once another one",
             got="exit codes " + ", ".join(str(result.exit_code) for result in results)
             + f"; it said: {last_lines(alarms[0].stdout + alarms[0].stderr, 8) or 'nothing'}")


@pytest.mark.criterion("M1-43")
@pytest.mark.parametrize("what", SHIFTS)
def test_drift_is_noticed(compared, what):
    """The command compared rows of another kind."""
    result = compared(DRAWS + list(SHIFTS).index(what))
    said = last_lines(result.stdout + result.stderr, 8) or "nothing"
    if result.exit_code != 1:
        fail(ran=f"the command with {what}", expected="exit code 1",
             got=f"exit code {result.exit_code}; it said: {said}")
