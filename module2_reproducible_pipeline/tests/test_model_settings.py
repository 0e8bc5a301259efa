"""Settings of the models: names that the libraries know, and the course's own figures."""

from dataclasses import asdict

import pytest
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge

from rentals.model_settings import (AveragedBoostingSettings, BoostingSettings, ForestSettings,
                                    ModelSettings, RidgeSettings)


@pytest.mark.parametrize(("settings", "estimator"), [
    (RidgeSettings(), Ridge()), (ForestSettings(), RandomForestRegressor()),
    (BoostingSettings(), HistGradientBoostingRegressor()),
    (AveragedBoostingSettings(), HistGradientBoostingRegressor())])
def test_every_setting_is_a_parameter_of_its_estimator(settings, estimator):
    assert set(asdict(settings)) <= set(estimator.get_params())
    estimator.set_params(**asdict(settings))


def test_plain_boosting_has_the_defaults_of_the_library():
    library = HistGradientBoostingRegressor().get_params()
    assert asdict(BoostingSettings()) == {name: library[name]
                                          for name in asdict(BoostingSettings())}


def test_the_forest_is_the_course_s():
    assert asdict(ForestSettings()) == {
        "n_estimators": 100, "max_depth": 15, "min_samples_split": 4, "min_samples_leaf": 3,
        "max_features": 0.5, "criterion": "squared_error"}
    assert ModelSettings().text.max_tfidf_features == 5
