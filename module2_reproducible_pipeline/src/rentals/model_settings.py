"""Settings of the models: of their features, and of each candidate.

In: nothing. Out: the dataclasses of the group ``model``.
"""

from dataclasses import dataclass

from rentals.setting_rules import bounded, one_of, some_of


@dataclass(frozen=True)
class TextSettings:
    """How names and neighbourhoods become numbers.

    ``max_tfidf_features`` is the course's. The averaged boosting knows words of at least
    ``least_listings`` names, their ``topics``, and a ridge regression of ``name_alpha``.
    """

    max_tfidf_features: int = bounded(5, 1, 100_000)
    least_listings: int = bounded(5, 1, 10**6)
    topics: int = bounded(40, 1, 1000)
    name_alpha: float = bounded(3.0, 0.001, 10**6)
    folds: int = bounded(5, 2, 20)


@dataclass(frozen=True)
class RidgeSettings:
    """The linear baseline."""

    alpha: float = bounded(1.0, 0, 10**6)


@dataclass(frozen=True)
class ForestSettings:
    """The course's random forest, under scikit-learn's names."""

    n_estimators: int = bounded(100, 1, 10_000)
    max_depth: int = bounded(15, 1, 1000)
    min_samples_split: int = bounded(4, 2, 10**6)
    min_samples_leaf: int = bounded(3, 1, 10**6)
    max_features: float = bounded(0.5, 0.001, 1)
    criterion: str = one_of("squared_error", "absolute_error", "poisson")


@dataclass(frozen=True)
class BoostingSettings:
    """Plain gradient boosting, under scikit-learn's names and with its defaults."""

    max_iter: int = bounded(100, 1, 100_000)
    learning_rate: float = bounded(0.1, 0.0001, 1)
    max_leaf_nodes: int = bounded(31, 2, 10_000)
    min_samples_leaf: int = bounded(20, 1, 10**6)
    max_features: float = bounded(1.0, 0.001, 1)
    l2_regularization: float = bounded(0.0, 0, 10**6)


@dataclass(frozen=True)
class AveragedBoostingSettings(BoostingSettings):
    """Each half of the average of two boostings."""

    max_iter: int = bounded(300, 1, 100_000)
    learning_rate: float = bounded(0.08, 0.0001, 1)
    min_samples_leaf: int = bounded(40, 1, 10**6)
    max_features: float = bounded(0.3, 0.001, 1)
    l2_regularization: float = bounded(5.0, 0, 10**6)


@dataclass(frozen=True)
class ModelSettings:
    """The candidates, and the settings of each."""

    candidates: tuple[str, ...] = some_of("median", "ridge", "random_forest",
                                          "hist_gradient_boosting", "averaged_boosting")
    text: TextSettings = TextSettings()
    ridge: RidgeSettings = RidgeSettings()
    random_forest: ForestSettings = ForestSettings()
    hist_gradient_boosting: BoostingSettings = BoostingSettings()
    averaged_boosting: AveragedBoostingSettings = AveragedBoostingSettings()
