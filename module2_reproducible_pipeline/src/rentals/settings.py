"""Settings: typed and frozen, every one with its default and its range.

In: nothing. Out: the dataclasses that Hydra composes and that are passed down from the entry
point. They are checked by `rentals.configuration` before any work begins.
"""

from dataclasses import dataclass

from rentals.model_settings import (AveragedBoostingSettings, BoostingSettings, ForestSettings,
                                    ModelSettings, RidgeSettings, TextSettings)
from rentals.setting_rules import bounded, one_of

__all__ = ["AveragedBoostingSettings", "BoostingSettings", "CheckSettings", "CleanSettings",
           "DataSettings", "EvaluateSettings", "ExploreSettings", "ForestSettings",
           "ModelSettings", "ReadingSettings", "RidgeSettings", "SearchSettings", "SelectSettings",
           "Settings", "SplitSettings", "TextSettings", "TrackingSettings"]


@dataclass(frozen=True)
class DataSettings:
    """Which listings: the user's file, or so many generated rows of the first or second drop."""

    path: str = ""
    rows: int = bounded(20_000, 100, 10_000_000)
    drop: int = bounded(1, 1, 2)


@dataclass(frozen=True)
class ReadingSettings:
    """Limits of what is read: bytes of a file, bytes of a line, bytes at a time."""

    max_file_bytes: int = bounded(2_000_000_000, 1, 10**12)
    max_line_bytes: int = bounded(10_000, 100, 10**8)
    block_bytes: int = bounded(4_000_000, 100, 10**9)


@dataclass(frozen=True)
class ExploreSettings:
    """What the exploration draws: points of the map, and bars of the neighbourhoods."""

    map_points: int = bounded(4_000, 100, 100_000)
    neighbourhoods: int = bounded(15, 3, 60)


@dataclass(frozen=True)
class CleanSettings:
    """Which rows are kept: prices in dollars a night, both included; inside the city's box?"""

    min_price: float = bounded(10.0, 0, 10**6)
    max_price: float = bounded(350.0, 0, 10**6)
    drop_outside_box: bool = True


@dataclass(frozen=True)
class CheckSettings:  # pylint: disable=too-many-instance-attributes  # a flat group
    """What a clean table must satisfy, and how far it may lie from the reference.

    Rows: more than ``min_rows``, fewer than ``max_rows``. Prices: both bounds included.
    ``kl_threshold`` in bits. ``significance`` is that of all comparisons together, and a column
    fails only if its difference of probabilities is ``least_effect`` or more; sides of fewer
    than ``least_rows`` values are not compared.
    """

    kl_threshold: float = bounded(0.2, 0, 100)
    significance: float = bounded(0.05, 0, 1)
    least_effect: float = bounded(0.03, 0, 1)
    least_rows: int = bounded(100, 50, 10**9)
    min_rows: int = bounded(15_000, 0, 10**9)
    max_rows: int = bounded(1_000_000, 1, 10**9)
    min_price: float = bounded(10.0, 0, 10**6)
    max_price: float = bounded(350.0, 0, 10**6)


@dataclass(frozen=True)
class SplitSettings:
    """Shares set aside, and the version or alias of an earlier drop whose sides are kept."""

    test_fraction: float = bounded(0.2, 0.01, 0.9)
    validation_fraction: float = bounded(0.2, 0.01, 0.9)
    earlier: str = ""


@dataclass(frozen=True)
class SelectSettings:
    """How the best candidate is found, and whether it learns the validation rows too."""

    bootstrap_resamples: int = bounded(1000, 100, 100_000)
    refit: bool = True


@dataclass(frozen=True)
class SearchSettings:
    """What `rentals search` compares, by so many folds, and where the work is done.

    ``space``: settings with several values. ``scheduler``: address of a Dask cluster.
    """

    candidate: str = one_of("random_forest", "ridge", "hist_gradient_boosting",
                            "averaged_boosting")
    space: tuple[str, ...] = ("model.random_forest.max_depth=10,15,25",
                              "model.random_forest.min_samples_leaf=1,3,10",
                              "model.random_forest.max_features=0.3,0.5")
    most_points: int = bounded(30, 1, 10_000)
    folds: int = bounded(5, 2, 20)
    backend: str = one_of("loky", "dask")
    jobs: int = bounded(2, 1, 1000)
    scheduler: str = ""


@dataclass(frozen=True)
class EvaluateSettings:
    """Resamples of the intervals, and rows that are also predicted one by one."""

    bootstrap_resamples: int = bounded(1000, 100, 100_000)
    single_rows: int = bounded(25, 1, 10_000)


@dataclass(frozen=True)
class TrackingSettings:
    """Where runs are recorded. An empty ``uri`` is SQLite in the folder of results."""

    uri: str = ""
    when_unreachable: str = one_of("fail", "local")
    experiment: str = "rentals"
    wandb: str = one_of("offline", "online", "off")
    wandb_project: str = "rentals"


@dataclass(frozen=True)
class Settings:  # pylint: disable=too-many-instance-attributes  # one a group
    """Everything that can be set; ``seed`` is the only source of randomness."""

    seed: int = bounded(42, 0, 2**32 - 1)
    data: DataSettings = DataSettings()
    reading: ReadingSettings = ReadingSettings()
    explore: ExploreSettings = ExploreSettings()
    clean: CleanSettings = CleanSettings()
    checks: CheckSettings = CheckSettings()
    split: SplitSettings = SplitSettings()
    model: ModelSettings = ModelSettings()
    search: SearchSettings = SearchSettings()
    select: SelectSettings = SelectSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    tracking: TrackingSettings = TrackingSettings()
