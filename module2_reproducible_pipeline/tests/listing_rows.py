"""Clean listings made by hand, whose price follows room, place and words of the name."""

import numpy as np
import pandas as pd

from rentals.model_settings import (AveragedBoostingSettings, BoostingSettings, ForestSettings,
                                    ModelSettings, TextSettings)

# Degrees west, because autopep8 tears a minus sign from its number.
_PLACES = (("Manhattan", "Harlem", 40.81, 73.94, 1.0),
           ("Manhattan", "Midtown", 40.75, 73.98, 1.6),
           ("Brooklyn", "Bushwick", 40.69, 73.92, 0.7),
           ("Queens", "Astoria", 40.76, 73.92, 0.8))
_ROOMS = (("Entire home/apt", 160.0), ("Private room", 80.0), ("Shared room", 45.0))
_WORDS = (("cozy", 0.9), ("sunny", 1.0), ("Luxury", 1.4), ("loft", 1.2), ("quiet", 1.0))

#: The candidates, small enough for a test.
SMALL = ModelSettings(
    text=TextSettings(max_tfidf_features=4, least_listings=2, topics=4, folds=3),
    random_forest=ForestSettings(n_estimators=8, max_depth=6),
    hist_gradient_boosting=BoostingSettings(max_iter=12, min_samples_leaf=5),
    averaged_boosting=AveragedBoostingSettings(max_iter=12, learning_rate=0.2,
                                               min_samples_leaf=5, max_features=0.8))


def listings(rows: int, seed: int = 0) -> pd.DataFrame:
    """Return listings in the form of ``rentals.data.load_listings``; a fifth has no review."""
    rng = np.random.default_rng(seed)
    places = [_PLACES[i] for i in rng.integers(0, len(_PLACES), rows)]
    rooms = [_ROOMS[i] for i in rng.integers(0, len(_ROOMS), rows)]
    words = [(_WORDS[a], _WORDS[b]) for a, b in rng.integers(0, len(_WORDS), (rows, 2))]
    reviews = rng.integers(0, 50, rows) * (rng.random(rows) > 0.2)
    days = np.datetime64("2019-07-08") - rng.integers(0, 900, rows)
    price = [room * place[4] * first * second * noise for (_, room), place, ((_, first), (
        _, second)), noise in zip(rooms, places, words, rng.lognormal(0, 0.1, rows))]
    return pd.DataFrame({
        "id": np.arange(rows) + 1000,
        "name": [f"{a} {b} room" for (a, _), (b, _) in words],
        "host_id": rng.integers(1, 10**6, rows), "host_name": "Ada",
        "neighbourhood_group": [place[0] for place in places],
        "neighbourhood": [place[1] for place in places],
        "latitude": np.round([place[2] for place in places] + rng.normal(0, 0.004, rows), 5),
        "longitude": np.round([-place[3] for place in places] + rng.normal(0, 0.004, rows), 5),
        "room_type": [room for room, _ in rooms],
        "price": np.clip(np.round(price), 10, 350).astype(int),
        "minimum_nights": rng.integers(1, 30, rows), "number_of_reviews": reviews,
        "last_review": np.where(reviews > 0, days.astype(str), ""),
        "reviews_per_month": np.where(reviews > 0, np.round(reviews / 12, 2), np.nan),
        "calculated_host_listings_count": rng.integers(1, 9, rows),
        "availability_365": rng.integers(0, 366, rows)})
