"""What a customer table is: every column once, with its kind, role, range and meaning.

In: nothing. Out: the facts that the reader, the generator, the features and the tests share.
They stand here once, so that a column cannot mean two things in two rooms.

References
----------
Column names and categories are those of the "Credit Card customers" data set
(sakshigoyal7/credit-card-customers on Kaggle); ranges are ours and wider than its values.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``minimum`` and ``maximum`` for numbers, ``allowed`` for categories."""

    name: str
    kind: Literal["integer", "decimal", "category"]
    role: Literal["id", "target", "feature"]
    meaning: str
    minimum: float = 0
    maximum: float = 10**12
    allowed: tuple[str, ...] = ()


def _count(name: str, maximum: float, meaning: str, minimum: float = 0) -> Column:
    return Column(name, "integer", "feature", meaning, minimum, maximum)


def _decimal(name: str, maximum: float, meaning: str) -> Column:
    return Column(name, "decimal", "feature", meaning, 0, maximum)


def _category(name: str, meaning: str, *allowed: str) -> Column:
    return Column(name, "category", "feature", meaning, allowed=allowed)


UNKNOWN = "Unknown"
STAYED, LEFT = "Existing Customer", "Attrited Customer"

COLUMNS: tuple[Column, ...] = (
    Column("CLIENTNUM", "integer", "id", "customer number", 1, 10**12),
    Column("Attrition_Flag", "category", "target", "did the customer leave?",
           allowed=(STAYED, LEFT)),
    _count("Customer_Age", 120, "age in years", minimum=18),
    _category("Gender", "gender", "F", "M"),
    _count("Dependent_count", 30, "number of dependents"),
    _category("Education_Level", "highest education", "Uneducated", "High School", "College",
              "Graduate", "Post-Graduate", "Doctorate", UNKNOWN),
    _category("Marital_Status", "marital status", "Married", "Single", "Divorced", UNKNOWN),
    _category("Income_Category", "yearly income", "Less than $40K", "$40K - $60K",
              "$60K - $80K", "$80K - $120K", "$120K +", UNKNOWN),
    _category("Card_Category", "card product", "Blue", "Silver", "Gold", "Platinum"),
    _count("Months_on_book", 1200, "months since the account was opened"),
    _count("Total_Relationship_Count", 100, "products held"),
    _count("Months_Inactive_12_mon", 12, "months without activity in the last 12"),
    _count("Contacts_Count_12_mon", 1000, "contacts with the bank in the last 12 months"),
    _decimal("Credit_Limit", 10**8, "credit limit in US dollars"),
    _count("Total_Revolving_Bal", 10**8, "revolving balance in US dollars"),
    _decimal("Avg_Open_To_Buy", 10**8, "credit limit less revolving balance, US dollars"),
    _decimal("Total_Amt_Chng_Q4_Q1", 1000, "amount spent in quarter 4 over quarter 1"),
    _count("Total_Trans_Amt", 10**9, "amount spent in the last 12 months, US dollars"),
    _count("Total_Trans_Ct", 10**6, "transactions in the last 12 months"),
    _decimal("Total_Ct_Chng_Q4_Q1", 1000, "transactions in quarter 4 over quarter 1"),
    _decimal("Avg_Utilization_Ratio", 1, "revolving balance over credit limit"),
)

BY_NAME = {column.name: column for column in COLUMNS}
CUSTOMER_ID = "CLIENTNUM"
TARGET = "Attrition_Flag"
FEATURES = tuple(column.name for column in COLUMNS if column.role == "feature")
CATEGORICAL_FEATURES = tuple(n for n in FEATURES if BY_NAME[n].kind == "category")
NUMERIC_FEATURES = tuple(n for n in FEATURES if BY_NAME[n].kind != "category")

#: Header of the index column that pandas writes; its values carry the order of the rows,
#: and the order of the rows carries the target.
INDEX_HEADER = ""

#: Two columns of the original file that were computed from the target.
LEAKING_COLUMNS = tuple(
    "Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_"
    f"Dependent_count_Education_Level_Months_Inactive_12_mon_{number}" for number in (1, 2))

#: Tolerances of the two identities, wide enough for values rounded to whole dollars
#: and to two decimals.
OPEN_TO_BUY_TOLERANCE = 1.0
UTILIZATION_TOLERANCE = 0.01


def schema_digest() -> str:
    """Return the sha256 of the schema: a stored model names the one it was trained for."""
    content = [SCHEMA_VERSION, [asdict(column) for column in COLUMNS]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
