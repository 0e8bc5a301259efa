"""Train: split once, search every candidate on the training rows, take the best.

In: labelled customers and settings. Out: fitted candidates, a threshold, and the two row sets.
The split is a function of the data and the seed, so that a later evaluation finds the same
hold-out again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pandas as pd
from sklearn.model_selection import train_test_split

from churn.data import split_target
from churn.errors import InputError
from churn.evaluate import Threshold, choose_threshold
from churn.models import Candidate, best_first, fit_candidate
from churn.schema import LEFT, TARGET
from churn.settings import Settings

#: Opens a named step of a long run; the caller draws it.
Step = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Split:
    """Training rows and hold-out rows, disjoint, both with the columns of the schema."""

    train: pd.DataFrame
    hold_out: pd.DataFrame


@dataclass(frozen=True)
class Training:
    """What training found: candidates best first, and the threshold of the best."""

    split: Split
    candidates: tuple[Candidate, ...]
    threshold: Threshold

    @property
    def best(self) -> Candidate:
        """The candidate that is released."""
        return self.candidates[0]


def split_customers(customers: pd.DataFrame, settings: Settings) -> Split:
    """Part customers into training rows and hold-out, with equal shares of leavers.

    Parameters
    ----------
    customers : DataFrame, shape (n, 21)
        Labelled.
    settings : Settings
        ``training.hold_out_fraction`` and ``seed``.

    Returns
    -------
    Split

    Raises
    ------
    InputError
        There are too few customers of one class to train, cross-validate and test.
    """
    counts = (customers[TARGET] == LEFT).value_counts().reindex([True, False], fill_value=0)
    needed = 10 * settings.training.folds
    if counts.min() < needed:
        raise InputError(f"{counts[True]} customers left and {counts[False]} stayed; training "
                         f"needs at least {needed} of each")
    parts = train_test_split(
        customers, test_size=settings.training.hold_out_fraction, stratify=customers[TARGET],
        random_state=settings.seed)
    return Split(*parts)


def train(customers: pd.DataFrame, settings: Settings, step: Step) -> Training:
    """Fit every candidate on the training rows and choose by cross-validated AUC.

    Parameters
    ----------
    customers : DataFrame, shape (n, 21)
        Labelled.
    settings : Settings
    step : callable
        Called with a title around each candidate.

    Returns
    -------
    Training

    Raises
    ------
    InputError
        There are too few customers of one class.
    """
    split = split_customers(customers, settings)
    features, has_left = split_target(split.train)
    candidates = []
    for name in settings.training.candidates:
        with step(f"train {name.replace('_', ' ')}"):
            candidates.append(fit_candidate(name, features, has_left, settings.training,
                                            settings.seed))
    ordered = tuple(best_first(candidates))
    threshold = choose_threshold(has_left, ordered[0].out_of_fold, settings.evaluation)
    return Training(split, ordered, threshold)
