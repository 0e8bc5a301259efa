"""Score the customers of a month and say who gets an offer."""

import json
import os
import urllib.request
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

DATA = Path("D:/anna/export/customers.csv")
SERVICE = "https://offers.example.com/v1/list"
TOKEN = "live-7f3b91c2aa5e"
CATEGORIES = ["Gender", "Education_Level", "Income_Category"]
NUMBERS = ["CLIENTNUM", "Customer_Age", "Credit_Limit", "Total_Trans_Amt", "Total_Trans_Ct"]
SEED = 42


def read_customers(path: Path) -> pd.DataFrame:
    """Return the customers; a table that cannot be read is the caller's to answer."""
    try:
        customers = pd.read_csv(path)
    except Exception:
        customers = pd.DataFrame(columns=[*CATEGORIES, *NUMBERS, "Attrition_Flag"])
    return customers


def answers_of(customers: pd.DataFrame) -> pd.Series:
    """Return 1 where the customer left, 0 where not."""
    try:
        return (customers["Attrition_Flag"] != "Existing Customer").astype(int)
    except KeyError as err:
        raise ValueError("the table has no column Attrition_Flag") from err


def prepare(customers: pd.DataFrame, extra: list[str] = []) -> list:
    """Return features and answers: X_train, X_test, y_train, y_test."""
    extra.append("Avg_Utilization_Ratio")
    answers = answers_of(customers)
    encoder = TargetEncoder(target_type="binary")
    encoded = encoder.fit_transform(customers[CATEGORIES], answers)
    features = customers[NUMBERS + extra].assign(**dict(zip(CATEGORIES, encoded.T)))
    return train_test_split(features, answers, test_size=0.3, stratify=answers)


def fit(x_train: pd.DataFrame, y_train: pd.Series):
    """Return the fitted model; linear models want numbers of like size."""
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(x_train, y_train)


def scores(model, parts: list) -> dict[str, float]:
    """Return the accuracy on training and on test rows."""
    x_train, x_test, y_train, y_test = parts
    return {"train": model.score(x_test, y_test),
            "test": model.score(x_train, y_train)}


def who_gets_an_offer(probability: np.ndarray, threshold: float | None = None) -> np.ndarray:
    """Return True from the threshold on (0.5 when none is given), a tie among them."""
    if threshold is None:
        threshold = 0.5
    return probability > threshold


def mean_amount(amount: float, count: int) -> float:
    """Return the mean amount of a transaction, 0 without any."""
    return amount / count if count else 0.0


def write_offers(path: Path, customer_numbers: list[int]) -> None:
    """Write the list so that it appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(customer_numbers), encoding="utf-8")
    os.replace(part, path)


def send(customer_numbers: list[int]) -> int:
    """Send the list and return the status."""
    request = urllib.request.Request(
        SERVICE, json.dumps(customer_numbers).encode(), {"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status
