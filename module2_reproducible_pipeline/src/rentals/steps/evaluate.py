"""Evaluate: judge the chosen model on the test rows, once.

In: the chosen model and the test rows. Out: figures with intervals, predictions, pictures.
The step refuses a model that answers a row differently alone than among others, or that is no
better than the median price: neither may be released.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from rentals.data import load_listings
from rentals.evaluate import Measured, measure
from rentals.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure, png_bytes
from rentals.files import write_bytes, write_json, write_text
from rentals.importances import importance_figure, permutation_importances
from rentals.model_files import load_model
from rentals.plan import StepResult, Task
from rentals.predictions import predictions_text
from rentals.schema import PRICE

_LARGEST_DIFFERENCE = 1e-6  # dollars


def run(task: Task) -> StepResult:
    """Write the evaluation.

    Parameters
    ----------
    task : Task
        Inputs ``chosen`` and ``test``.

    Returns
    -------
    StepResult

    Raises
    ------
    ModelFileError, TableError
    """
    settings, folder = task.settings.evaluate, task.out / "evaluation"
    stored = load_model(task.inputs["chosen"])
    listings = load_listings(task.inputs["test"], task.settings.reading)
    predicted = stored.pipeline.predict(listings)
    figures = measure(listings[PRICE], predicted, resamples=settings.bootstrap_resamples,
                      seed=task.settings.seed)
    median_error = float((listings[PRICE] - stored.facts.median_price).abs().mean())
    difference = largest_difference(stored.pipeline, listings, settings.single_rows)
    write_json(folder / "figures.json", {
        figure.name: {"value": round(figure.value, 6), "low": round(figure.low, 6),
                      "high": round(figure.high, 6)} for figure in figures})
    write_text(folder / "predictions.csv", predictions_text(listings, predicted))
    write_text(folder / "by_borough.csv", _by_borough(listings, predicted))
    importances = permutation_importances(stored.pipeline, listings, listings[PRICE], repeats=2,
                                          seed=task.settings.seed)
    for name, figure in (
            ("predicted_and_true", _draw_predictions(listings[PRICE], predicted)),
            ("importances", importance_figure(
                "What the model needs to know", "dollars of error added by shuffling the column",
                importances))):
        write_bytes(folder / f"{name}.png", png_bytes(figure))
    metrics = {figure.name: round(figure.value, 6) for figure in figures}
    return StepResult({**metrics, "median_price_error": round(median_error, 6),
                       "rows": len(listings)},
                      (_in_words(figures, median_error, len(listings)),),
                      _refusal(figures[0].value, median_error, difference))


def largest_difference(pipeline: Pipeline, listings: pd.DataFrame, rows: int) -> float:
    """Return by how many dollars rows alone and among others are predicted differently.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    listings : DataFrame, shape (n, 16)
    rows : int
        How many are tried alone, evenly spread over the table.

    Returns
    -------
    float
    """
    together = pipeline.predict(listings)
    places = np.unique(np.linspace(0, len(listings) - 1, rows).astype(int))
    alone = [float(pipeline.predict(listings.iloc[[place]])[0]) for place in places]
    return float(np.abs(together[places] - alone).max())


def _refusal(error: float, median_error: float, difference: float) -> str:
    if difference > _LARGEST_DIFFERENCE:
        return (f"a row alone is predicted {difference:.6f} dollars differently than among "
                "others; a feature depends on the batch")
    if not error < median_error:
        return (f"the mean absolute error of {error:.2f} dollars is no better than the "
                f"{median_error:.2f} of always answering the median price")
    return ""


def _in_words(figures: tuple[Measured, ...], median_error: float, rows: int) -> str:
    error, _, r2 = figures
    return (f"mean absolute error {error.value:.2f} dollars ({error.low:.2f} to {error.high:.2f}),"
            f" R2 {r2.value:.3f} ({r2.low:.3f} to {r2.high:.3f}) on {rows:,} test rows; "
            f"the median price alone {median_error:.2f}")


def _by_borough(listings: pd.DataFrame, predicted: NDArray[np.float64]) -> str:
    errors = pd.DataFrame({"borough": listings["neighbourhood_group"].to_numpy(),
                           "error": np.abs(listings[PRICE].to_numpy() - predicted)})
    table = errors.groupby("borough", sort=True)["error"].agg(["size", "mean"]).round(4)
    table.columns = pd.Index(["rows", "mean_absolute_error"])
    return table.to_csv(lineterminator="\n")


def _draw_predictions(price: "pd.Series[int]", predicted: NDArray[np.float64]) -> Figure:
    figure, (axis,) = new_figure("Test rows: predicted and true price", height=5.0)
    top = float(max(price.max(), predicted.max()))
    axis.plot([0, top], [0, top], color=NEUTRAL_COLOUR, linewidth=1)
    axis.scatter(price, predicted, s=5, alpha=0.25, color=SERIES_COLOURS[0], linewidths=0)
    axis.set_xlabel("true price, dollars a night")
    axis.set_ylabel("predicted price, dollars a night")
    return figure
