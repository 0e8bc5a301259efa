"""Select: take the candidate with the least mean absolute error on the validation rows.

In: the candidates' predictions of the same rows. Out: the chosen model, by default fitted again
on the validation rows too, and a table that says how sure the choice is. Other candidates are
compared with the best by paired bootstrap: rows that are hard for both do not blur a difference.
"""

import csv
import io
import shutil

from rentals.data import load_listings
from rentals.evaluate import compare, measure
from rentals.files import sha256_of_file, write_text
from rentals.model import build_model, fit_model
from rentals.model_files import MANIFEST_FILE, MODEL_FILE, ModelFacts, load_model, save_model
from rentals.plan import CHOSEN, COMPARISON_FILE, PREDICTIONS_FILE, StepResult, Task
from rentals.predictions import PREDICTED, read_predictions
from rentals.schema import PRICE


def run(task: Task) -> StepResult:
    """Write the chosen model.

    Parameters
    ----------
    task : Task
        Input ``trainval``, and one for each candidate under its name, the simplest first.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError
        The candidates were validated on different rows.
    """
    settings = task.settings.select
    names = [role for role in task.inputs if role != "trainval"]
    tables = dict(zip(names, read_predictions(task.inputs[name] / PREDICTIONS_FILE
                                              for name in names)))
    price = tables[names[0]][PRICE]
    figures = {name: measure(price, tables[name][PREDICTED], seed=task.settings.seed,
                             resamples=settings.bootstrap_resamples) for name in names}
    # min takes the first of equals, which is the simplest.
    best = min(names, key=lambda name: round(figures[name][0].value, 6))
    rows = []
    for name in names:
        error, _, r2 = figures[name]
        gap = compare(price, tables[best][PREDICTED], tables[name][PREDICTED],
                      resamples=settings.bootstrap_resamples, seed=task.settings.seed)[0]
        rows.append([name, *(f"{value:.4f}" for value in (
            error.value, error.low, error.high, r2.value, gap.difference, gap.low, gap.high))])
    folder = task.out / CHOSEN
    folder.mkdir(parents=True)
    write_text(folder / COMPARISON_FILE, _csv_text(rows))
    metrics = {figure.name: round(figure.value, 6) for figure in figures[best]}
    _store(task, best, metrics)
    return StepResult(metrics, (f"{best}: mean absolute error {figures[best][0].value:.2f} "
                                f"dollars on validation rows, {_how_sure(rows)}",))


def _how_sure(rows: list[list[str]]) -> str:
    """Return than how many other candidates the best one is better beyond chance."""
    if len(rows) == 1:
        return "the only candidate"
    sure = sum(float(row[6]) > 0 for row in rows)
    return f"beyond chance better than {sure} of {len(rows) - 1} others"


def _store(task: Task, best: str, metrics: dict[str, float]) -> None:
    """Store the best candidate, fitted on all rows if the settings say so."""
    folder, trainval = task.out / CHOSEN, task.inputs["trainval"]
    if not task.settings.select.refit:
        load_model(task.inputs[best])
        for name in (MODEL_FILE, MANIFEST_FILE):
            shutil.copyfile(task.inputs[best] / name, folder / name)
        return
    listings = load_listings(trainval, task.settings.reading)
    pipeline = fit_model(build_model(best, task.settings.model, task.settings.seed), listings,
                         listings[PRICE].to_numpy())
    save_model(pipeline, folder, ModelFacts(
        best, task.settings.seed, len(listings), float(listings[PRICE].median()),
        sha256_of_file(trainval), metrics))


def _csv_text(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [["candidate", "mae", "mae_low", "mae_high", "r2", "behind_best", "behind_low",
          "behind_high"], *rows])
    return text.getvalue()
