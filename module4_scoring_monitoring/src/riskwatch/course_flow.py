"""The usual course's flow, one pass through it, under both readings of its text.

In: the course's folders, and how its text is read. Out: a first deployment, or one of its three
branches: no new file, stop; no drift, keep; drift, retrain, and deploy what the gate lets through.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskwatch.canonical import model_from_bytes
from riskwatch.course import SEED, THRESHOLD, score_model, store_model_into_pickle, train_model
from riskwatch.course_layout import (RECORD, SCORE, CourseFile, Deployed, Layout, merged,
                                     read_folder, read_production, read_record, write_ingested)
from riskwatch.decide_course import CourseFacts, Edition, Reading, course_branch
from riskwatch.features import matrix
from riskwatch.gate import Contender, Terms, compare
from riskwatch.schema import TARGET
from riskwatch.watch_settings import GateSettings


@dataclass(frozen=True)
class Choices:
    """How the course's text is read, and how a challenger must prove itself, if it must."""

    reading: Reading = "deployed_model_fell"
    edition: Edition = "2026"
    gate: GateSettings | None = GateSettings()


@dataclass(frozen=True)
class CourseRun:
    """What a run did: lines for a person, whether reports follow, and the ending of their names.

    Those of the first run have none; ``2`` keeps them when later runs report.
    """

    action: str
    lines: tuple[str, ...]
    writes_reports: bool
    ending: str = "2"


@dataclass(frozen=True)
class _News:
    """New files, their rows, the test rows, and the record with the new files in it."""

    files: tuple[CourseFile, ...]
    data: pd.DataFrame
    tests: pd.DataFrame
    record: dict[str, str]


def full_process(layout: Layout, choices: Choices = Choices()) -> CourseRun:
    """Go through the course's flow once.

    Parameters
    ----------
    layout : Layout
    choices : Choices

    Returns
    -------
    CourseRun

    Raises
    ------
    InputError
        A file is refused, or rows or labels are too few; nothing is deployed then.
    """
    deployed = read_production(layout)
    known = read_record(layout.output_folder_path / RECORD) if deployed else {}
    seen = {*known, *(deployed.known if deployed else ())}
    new = tuple(file for file in read_folder(layout.input_folder_path)
                if file.sha256 not in seen)
    if deployed is not None and not new:
        return CourseRun("stop", ("stop: no new file",), False)
    news = _News(new, merged(new), merged(read_folder(layout.test_data_path)),
                 known | {file.sha256: file.name for file in new})
    run = _first(layout, news) if deployed is None else _later(layout, news, deployed, choices)
    # Last, so that a run that was killed is done again.
    write_ingested(layout.output_folder_path, news.data, news.record)
    return run


def _first(layout: Layout, news: _News) -> CourseRun:
    f1 = _trained(layout, news)
    store_model_into_pickle(layout, news.record)
    return CourseRun("deploy", (f"{len(news.data)} rows of {len(news.files)} files; the first "
                                f"model is deployed, F1 on the test rows {f1:.4f}",), True, "")


def _later(layout: Layout, news: _News, deployed: Deployed, choices: Choices) -> CourseRun:
    """Take one of the branches that new files have."""
    champion = model_from_bytes(deployed.model)
    needs_newest = choices.reading == "newest_model_is_better"
    branch = course_branch(CourseFacts(
        len(news.files), deployed.f1, score_model(champion, news.data),
        _trained(layout, news) if needs_newest else None), choices.reading, choices.edition)
    lines = [f"{len(news.data)} rows of {len(news.files)} new files; {branch.action}: "
             f"{branch.reason}"]
    if branch.action == "retrain":
        newest, f1 = _with_score(layout, news)
        may_serve, reason = _gate(news.tests, champion, newest, choices)
        lines.append(f"retrained, F1 on the test rows {f1:.4f}; {reason}")
        if may_serve:
            store_model_into_pickle(layout, news.record)
    return CourseRun(branch.action, tuple(lines), branch.writes_reports)


def _with_score(layout: Layout, news: _News) -> tuple[Any, float]:
    """Train on the new rows and score on the test rows, into the folder of models."""
    models = layout.output_model_path
    model = train_model(news.data, models)
    return model, score_model(model, news.tests, models / SCORE)


def _trained(layout: Layout, news: _News) -> float:
    return _with_score(layout, news)[1]


def _gate(tests: pd.DataFrame, champion: Any, newest: Any, choices: Choices) -> tuple[bool, str]:
    """Return whether the newest model may serve in the place of the champion, and why."""
    if choices.gate is None:
        return True, "deployed as the course does, whatever its score"
    known = tests[tests[TARGET].notna()]
    sides = [Contender(name, model.predict_proba(matrix(known))[:, 1], THRESHOLD)
             for name, model in (("the deployed model", champion), ("the newest", newest))]
    verdict = compare(known[TARGET].to_numpy(dtype="int64"), sides[0], sides[1],
                      Terms("f1", choices.gate, SEED))
    word = "deployed" if verdict.may_serve else "not deployed"
    return verdict.may_serve, f"{word}: {verdict.reason}"
