"""Predict prices of a file of listings with a released model.

In: a release, a table in the schema's layout. Out: a table of id, given price, predicted price.
The release was checked byte for byte by the artifact store before it comes here.
"""

import logging
from pathlib import Path

from rentals.data import load_listings
from rentals.files import write_text
from rentals.model_files import load_model
from rentals.predictions import predictions_text
from rentals.settings import ReadingSettings

LOGGER = logging.getLogger(__name__)


def predict_file(release: Path, data: Path, target: Path, limits: ReadingSettings) -> int:
    """Write the predicted price of each listing of a file; return how many.

    Parameters
    ----------
    release : Path
        Folder of a release or of a chosen model.
    data : Path
        CSV with the sixteen columns; the price may be anything the schema allows.
    target : Path
        CSV of id, price, predicted; replaced whole or not at all.
    limits : ReadingSettings

    Returns
    -------
    int

    Raises
    ------
    InputError, TableError, ModelFileError, OutputError
    """
    stored = load_model(release)
    listings = load_listings(data, limits)
    write_text(target, predictions_text(listings, stored.pipeline.predict(listings)))
    LOGGER.info("predict: %d rows by %s, sha256 %s", len(listings), stored.facts.name,
                stored.sha256)
    return len(listings)
