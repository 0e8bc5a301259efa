"""Train: fit one candidate, and predict the validation rows that it has not seen.

In: the rows to learn from. Out: the candidate as a model folder, with its predictions beside it.
Each candidate is a unit of its own, so a changed setting of one leaves the others as they are.
"""

from rentals.data import load_listings
from rentals.evaluate import measure
from rentals.files import sha256_of_file, write_text
from rentals.model import build_model, fit_model
from rentals.model_files import ModelFacts, save_model
from rentals.plan import PREDICTIONS_FILE, StepResult, Task, candidate_name
from rentals.predictions import predictions_text
from rentals.schema import PRICE
from rentals.split import set_aside

_RESAMPLES = 200


def run(task: Task) -> StepResult:
    """Write the candidate ``task.variant``.

    Parameters
    ----------
    task : Task
        Input ``trainval``.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError
        There are too few rows.
    """
    settings, name = task.settings, task.variant
    listings = load_listings(task.inputs["trainval"], settings.reading)
    train, validation = set_aside(listings, settings.split.validation_fraction, settings.seed + 1)
    pipeline = fit_model(build_model(name, settings.model, settings.seed), train,
                         train[PRICE].to_numpy())
    predicted = pipeline.predict(validation)
    figures = measure(validation[PRICE], predicted, resamples=_RESAMPLES, seed=settings.seed)
    metrics = {figure.name: round(figure.value, 6) for figure in figures}
    folder = task.out / candidate_name(name)
    save_model(pipeline, folder, ModelFacts(
        name, settings.seed, len(train), float(train[PRICE].median()),
        sha256_of_file(task.inputs["trainval"]), metrics))
    write_text(folder / PREDICTIONS_FILE, predictions_text(validation, predicted))
    mae = figures[0]
    return StepResult(metrics, (f"mean absolute error {mae.value:.2f} dollars "
                                f"({mae.low:.2f} to {mae.high:.2f}) on {len(validation):,} "
                                "validation rows",))
