"""One small table of features, written row by row and written in whole columns.

In: customers with the columns of the schema. Out: the same four columns from both forms.
The efficiency lesson times them side by side: equal outputs, so only the form differs.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

#: A balance below the first share of the limit is called low, below the second medium.
LOW_BELOW, MEDIUM_BELOW = 0.3, 0.7
BANDS = ("none", "low", "medium", "high")


def row_wise(customers: pd.DataFrame) -> pd.DataFrame:
    """Return the features with one Python call for each row and column.

    Parameters
    ----------
    customers : DataFrame of n rows
        With ``Attrition_Flag``, ``Total_Trans_Amt``, ``Total_Trans_Ct``,
        ``Avg_Utilization_Ratio`` and ``Income_Category``.

    Returns
    -------
    DataFrame of n rows
        ``churn`` (0 or 1), ``amount_per_transaction`` (US dollars, 0 without transactions),
        ``utilization_band`` (a word), ``income_churn_rate`` (share of leavers among the
        customers of the same income category).
    """
    features = pd.DataFrame(index=customers.index)
    features["churn"] = np.array(
        [0 if flag == "Existing Customer" else 1 for flag in customers["Attrition_Flag"]],
        dtype=np.int64)
    features["amount_per_transaction"] = np.array(
        [_amount_per_transaction(row) for _, row in customers.iterrows()], dtype=np.float64)
    features["utilization_band"] = pd.Series(
        [_band(row["Avg_Utilization_Ratio"]) for _, row in customers.iterrows()],
        index=customers.index, dtype="str")
    means = features["churn"].groupby(customers["Income_Category"]).mean()
    rates = []
    for _, row in customers.iterrows():
        rates.append(means.loc[row["Income_Category"]])
    features["income_churn_rate"] = np.array(rates, dtype=np.float64)
    return features


def vectorised(customers: pd.DataFrame) -> pd.DataFrame:
    """Return the same features as `row_wise`, one operation for each whole column.

    Parameters
    ----------
    customers : DataFrame of n rows
        As for `row_wise`.

    Returns
    -------
    DataFrame of n rows
        As from `row_wise`.
    """
    churn = (customers["Attrition_Flag"] != "Existing Customer").astype(np.int64)
    count = customers["Total_Trans_Ct"].to_numpy(dtype=np.float64)
    amount = customers["Total_Trans_Amt"].to_numpy(dtype=np.float64)
    per_transaction = np.divide(amount, count, out=np.zeros_like(amount), where=count > 0)
    ratio = customers["Avg_Utilization_Ratio"].to_numpy(dtype=np.float64)
    band = np.select([ratio == 0, ratio < LOW_BELOW, ratio < MEDIUM_BELOW], BANDS[:3], BANDS[3])
    rate = churn.groupby(customers["Income_Category"]).transform("mean")
    return pd.DataFrame({
        "churn": churn,
        "amount_per_transaction": per_transaction,
        "utilization_band": pd.Series(band, index=customers.index, dtype="str"),
        "income_churn_rate": rate.astype(np.float64),
    }, index=customers.index)


def _amount_per_transaction(row: pd.Series) -> float:
    if row["Total_Trans_Ct"] == 0:
        return 0.0
    return float(row["Total_Trans_Amt"] / row["Total_Trans_Ct"])


def _band(ratio: float) -> str:
    if ratio == 0:
        return BANDS[0]
    if ratio < LOW_BELOW:
        return BANDS[1]
    if ratio < MEDIUM_BELOW:
        return BANDS[2]
    return BANDS[3]


def median_cpu_seconds(form: Callable[[pd.DataFrame], pd.DataFrame], customers: pd.DataFrame,
                       rounds: int = 5) -> float:
    """Return the median CPU seconds of ``form`` on ``customers``."""
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        form(customers)
        seconds.append(time.process_time() - started)
    return float(np.median(seconds))


def main(argv: Sequence[str] | None = None) -> int:
    """Time both forms on a customer CSV and print the seconds as JSON."""
    parser = argparse.ArgumentParser(description="Time the row-wise and the vectorised form.")
    parser.add_argument("--data", type=Path, required=True)
    customers = pd.read_csv(parser.parse_args(argv).data)
    slow, quick = (median_cpu_seconds(form, customers) for form in (row_wise, vectorised))
    print(json.dumps({"rows": len(customers), "row_wise_cpu_seconds": slow,
                      "vectorised_cpu_seconds": quick, "ratio": slow / quick}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
