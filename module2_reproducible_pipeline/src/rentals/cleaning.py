"""Say of each listing whether the model is for it, and if not, why.

In: listings and bounds. Out: one reason a listing, empty for those that are kept.
The step that drops rows and the exploration before it use this one function.
"""

import pandas as pd

from rentals.schema import BOX, PRICE
from rentals.settings import CleanSettings

TOO_CHEAP, TOO_DEAR, OUTSIDE = "price below minimum", "price above maximum", "outside the box"


def find_reasons(listings: pd.DataFrame, settings: CleanSettings) -> "pd.Series[str]":
    """Return for each listing why it is dropped, or empty text.

    Parameters
    ----------
    listings : DataFrame, shape (n, 16)
    settings : CleanSettings

    Returns
    -------
    Series of str, shape (n,)
        The first reason that holds, in the order of this file.
    """
    rules = [(TOO_CHEAP, listings[PRICE] < settings.min_price),
             (TOO_DEAR, listings[PRICE] > settings.max_price)]
    if settings.drop_outside_box:
        is_inside = (listings["longitude"].between(BOX.longitude_minimum, BOX.longitude_maximum)
                     & listings["latitude"].between(BOX.latitude_minimum, BOX.latitude_maximum))
        rules.append((OUTSIDE, ~is_inside))
    reasons = pd.Series("", index=listings.index, dtype="str", name="reason")
    for reason, holds in reversed(rules):
        reasons[holds] = reason
    return reasons
