"""The candidates: each one scikit-learn Pipeline that takes raw columns by their names.

In: a name, settings, a seed. Out: an unfitted pipeline. Whatever is learned from data is learned
inside it. Columns are found by name, so their order cannot matter; a level that the schema does
not know raises an error, with a blank before it or without, and never becomes a row of zeros.
"""

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from census.schema import CATEGORICAL, NUMERIC
from census.settings import CandidateName, TrainSettings


def build_pipeline(name: CandidateName, settings: TrainSettings, seed: int) -> Pipeline:
    """Return an unfitted candidate.

    Parameters
    ----------
    name : str
        ``logistic_regression`` or ``hist_gradient_boosting``.
    settings : TrainSettings
        The parameters of each model.
    seed : int
        Of the model.

    Returns
    -------
    Pipeline
        Its steps are ``columns`` and ``model``; it takes a frame that holds the schema's
        features, in any order, and whatever else, which it drops.
    """
    builders = {"logistic_regression": _logistic_regression,
                "hist_gradient_boosting": _hist_gradient_boosting}
    return builders[name](settings, seed)


def _logistic_regression(settings: TrainSettings, seed: int) -> Pipeline:
    columns = ColumnTransformer([
        ("categories", OneHotEncoder(categories=list(CATEGORICAL.values()),
                                     handle_unknown="error"), list(CATEGORICAL)),
        ("numbers", StandardScaler(), list(NUMERIC)),
    ], verbose_feature_names_out=False)
    # This solver ends at the same digits whatever the processor's kernels.
    model = LogisticRegression(C=settings.logistic_regression.regularization, tol=1e-10,
                               solver="newton-cholesky", max_iter=200, random_state=seed)
    return Pipeline([("columns", columns), ("model", model)])


def _hist_gradient_boosting(settings: TrainSettings, seed: int) -> Pipeline:
    columns = ColumnTransformer([
        ("categories", OrdinalEncoder(categories=list(CATEGORICAL.values()),
                                      handle_unknown="error"), list(CATEGORICAL)),
        ("numbers", "passthrough", list(NUMERIC)),
    ], verbose_feature_names_out=False)
    model = HistGradientBoostingClassifier(
        categorical_features=list(range(len(CATEGORICAL))), early_stopping=False,
        random_state=seed, **settings.hist_gradient_boosting.model_dump())
    return Pipeline([("columns", columns), ("model", model)])
