"""Find the customers who are likely to leave.

Author: you. Date: today.
"""

import logging

LOGGER = logging.getLogger(__name__)


def import_data(pth):
    """Return all customers of a CSV file, with Churn.

    Parameters
    ----------
    pth : str or Path
        The file.

    Returns
    -------
    DataFrame
        ``Churn`` is 1 where the customer left, else 0.
    """


def perform_eda(df):
    """Save five pictures of the customers below images/eda.

    Parameters
    ----------
    df : DataFrame
        Customers.
    """


def encoder_helper(df, category_lst, response):
    """Add the mean response of each category as ``<category>_<response>``.

    Parameters
    ----------
    df : DataFrame
        Customers; stays as it is.
    category_lst : list of str
        Columns to encode.
    response : str
        Name of the answer.

    Returns
    -------
    DataFrame
    """


def perform_feature_engineering(df, response):
    """Split the customers and turn them into numbers.

    Parameters
    ----------
    df : DataFrame
        Customers; stays as it is.
    response : str
        Name of the answer.

    Returns
    -------
    X_train, X_test, y_train, y_test
    """


def classification_report_image(y_train, y_test, y_train_preds_lr, y_train_preds_rf,
                                y_test_preds_lr, y_test_preds_rf):
    """Save a report of each model below images/results.

    Parameters
    ----------
    y_train, y_test : Series
        Answers.
    y_train_preds_lr, y_train_preds_rf, y_test_preds_lr, y_test_preds_rf : array
        What the logistic regression and the forest predict.
    """


def feature_importance_plot(model, X_data, output_pth):
    """Save the importances of a forest.

    Parameters
    ----------
    model : RandomForestClassifier
        Fitted.
    X_data : DataFrame
        Its features.
    output_pth : str or Path
        The picture.
    """


def train_models(X_train, X_test, y_train, y_test):
    """Fit two models; save them, and pictures of their results.

    Parameters
    ----------
    X_train, X_test : DataFrame
        Features.
    y_train, y_test : Series
        Answers.
    """


if __name__ == "__main__":
    pass
