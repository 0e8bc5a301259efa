"""Coordinates in kilometres, along the streets."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.estimator_checks import estimator_checks_generator

from rentals.geography import MIDTOWN, CityCoordinates

#: All of scikit-learn's checks but the one that skips itself unless SciPy is switched to another
#: way of working for the whole process.
CHECKS = [(estimator, check) for estimator, check in estimator_checks_generator(CityCoordinates())
          if "array_api" not in check.func.__name__]


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda part: str(
    getattr(getattr(part, "func", None), "__name__", "coordinates")))
def test_it_is_a_transformer_as_scikit_learn_wants_it(estimator, check):
    check(estimator)


def test_midtown_is_at_zero_and_known_places_are_as_far_as_maps_say():
    # Downtown Flushing and the Staten Island ferry terminal, measured on a map: 13 and 15 km.
    places = [MIDTOWN, (40.7596, -73.8301), (40.6437, -74.0739)]
    found = CityCoordinates().fit_transform(places)
    assert found[0].tolist() == [0.0] * 7
    assert found[1:, 0] == pytest.approx([13.0, 14.5], abs=0.3)


def test_a_step_along_the_avenues_moves_only_along_their_bearing():
    north, east = np.cos(np.radians(29)), np.sin(np.radians(29))
    one_km = [(MIDTOWN[0] + north / 111.2,
               MIDTOWN[1] + east / 111.2 / np.cos(np.radians(MIDTOWN[0])))]
    found = CityCoordinates(bearings=(29, 119, 209)).fit_transform(one_km)
    assert found[0] == pytest.approx([1.0, 1.0, 0.0, -1.0], abs=1e-9)


@given(st.floats(40.5, 41.2), st.floats(-74.25, -73.5), st.integers(0, 359))
def test_two_ways_at_a_right_angle_give_the_straight_distance(latitude, longitude, bearing):
    found = CityCoordinates(bearings=(bearing, bearing + 90)).fit_transform(
        [[latitude, longitude]])[0]
    assert np.hypot(found[1], found[2]) == pytest.approx(found[0], abs=1e-9)


def test_one_column_is_too_few_and_the_outputs_are_named():
    with pytest.raises(ValueError, match="minimum of 2"):
        CityCoordinates().fit([[40.7]])
    frame = pd.DataFrame({"latitude": [40.7], "longitude": [-73.9]})
    assert CityCoordinates((5,)).fit(frame).get_feature_names_out().tolist() == [
        "km_to_midtown", "km_along_5"]
