"""What the criteria of module 1 share: two tables with opposite answers, and probes run once.

In: the grader's fixtures. Out: `tables`, texts of the data files; `ask`, which runs a probe once
and remembers its answer for the other criteria.
"""

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from coursekit.expect import fail

HERE = Path(__file__).parent
PIECES = {f"{name}.py": (HERE / f"{name}.py").read_text("utf-8")
          for name in ("probe_features", "probe_figures", "probe_models", "probe_reports")}
LEAKING = ("Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_"
           "Dependent_count_Education_Level_Months_Inactive_12_mon_")
STAYED, LEFT = "Existing Customer", "Attrited Customer"
IN_PIECES = {"pictures", "encoding", "splitting", "training", "retraining", "naming",
             "importances"}
_KEPT: dict = {}


@pytest.fixture(name="generated")
def _generated(reference):
    """Return the lines of a generated table of so many rows, with its index column."""
    def make(rows, seed):
        folder = reference.run(["churn", "data", "--rows", str(rows), "--seed", str(seed),
                                "--out", "made"])
        path = Path(folder) / "made" / "data" / "customers.csv"
        return path.read_text("utf-8").splitlines()
    return make


@pytest.fixture(name="tables")
def _tables(generated, seed):
    """Return two files of data: one with its index column; one without, answers turned, with the
    two columns that were computed from the answer."""
    with ThreadPoolExecutor() as threads:
        first, second = threads.map(generated, (600, 500), (seed + 1, seed + 2))
    turned = [second[0].lstrip(",") + f",{LEAKING}1,{LEAKING}2"]
    for line in second[1:]:
        plain = line.partition(",")[2]
        is_left = LEFT not in plain
        plain = plain.replace(STAYED if is_left else LEFT, LEFT if is_left else STAYED)
        turned.append(plain + (",0.9998,0.0002" if is_left else ",0.0001,0.9999"))
    return {"first.csv": "\n".join(first) + "\n", "second.csv": "\n".join(turned) + "\n"}


@pytest.fixture(name="ask")
def _ask(probe, submission, tables, seed):
    """Run a probe once a submission and seed; its fault fails every criterion that asks."""
    def run(part, **kwargs):
        key = (str(submission.root), seed, part, tuple(sorted(kwargs.items())))
        if key not in _KEPT:
            files = {name: text for name, text in {**PIECES, **tables}.items()
                     if name == kwargs.get("name") or (name in PIECES and part in IN_PIECES)}
            try:
                _KEPT[key] = probe.run(part, files=files, seconds=150, **kwargs)
            except Exception as fault:  # remembered, and raised again for each who asks
                _KEPT[key] = fault
                raise
        if isinstance(_KEPT[key], Exception):
            raise _KEPT[key]
        found = _KEPT[key].value
        if isinstance(found, dict) and "fault" in found and found["fault"]:
            fail(ran=f"the probe {part} with {kwargs}", expected="no fault", got=found["fault"])
        return found
    return run


@pytest.fixture(name="trees")
def _trees(submission):
    """Return the syntax tree of each file of code; a file that is none fails the criterion."""
    found = {}
    for path in submission.python_files:
        try:
            found[str(path)] = ast.parse(submission.text(path))
        except (SyntaxError, ValueError) as err:
            fail(ran=f"parsing {path}", expected="Python", got=str(err))
    if not found:
        fail(ran="looking for code", expected="at least one file of Python", got="none")
    return found
