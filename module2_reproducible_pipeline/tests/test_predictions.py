"""Predictions as a table."""

import pandas as pd
import pytest

from rentals.errors import InputError
from rentals.predictions import predictions_text, read_predictions

LISTINGS = pd.DataFrame({"id": [3, 1], "price": [50, 60], "name": ["a", "b"]})


def test_the_table_has_id_price_and_four_decimals():
    text = predictions_text(LISTINGS, [1 / 3, 20])
    assert text == "id,price,predicted\n3,50,0.3333\n1,60,20.0000\n"


def test_what_is_written_is_read_and_other_rows_are_refused(tmp_path):
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    one.write_text(predictions_text(LISTINGS, [1, 2]), encoding="utf-8")
    two.write_text(predictions_text(LISTINGS, [3, 4]), encoding="utf-8")
    other.write_text(predictions_text(LISTINGS.iloc[::-1], [3, 4]), encoding="utf-8")
    assert [table["predicted"].tolist() for table in read_predictions([one, two])] == [
        [1, 2], [3, 4]]
    with pytest.raises(InputError, match="different rows"):
        read_predictions([one, other])
