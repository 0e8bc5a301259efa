"""What a census row is: every column once, with its kind, role, range and levels.

In: nothing. Out: the facts that the reader, the generator, the trainer, the API and the tests
share. They stand here once, so that a column cannot mean two things in two rooms.

References
----------
Columns and levels are those of the UCI "Adult" data set (Becker and Kohavi, 1996), spelt as in
its file, hyphens and mistakes (``fnlgt``, ``Trinadad&Tobago``) included; ranges are ours.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``minimum`` and ``maximum`` for numbers, ``levels`` for categories.

    A ``dropped`` column stands in files and is checked there, but no model ever sees it.
    """

    name: str
    kind: Literal["integer", "category"]
    role: Literal["feature", "dropped", "target"]
    meaning: str
    minimum: int = 0
    maximum: int = 0
    levels: tuple[str, ...] = ()


#: How a missing value is written; it is a level like the others.
MISSING = "?"

#: Education by education-num, 1 to 16: the two columns say the same thing.
EDUCATION_LEVELS = (
    "Preschool", "1st-4th", "5th-6th", "7th-8th", "9th", "10th", "11th", "12th", "HS-grad",
    "Some-college", "Assoc-voc", "Assoc-acdm", "Bachelors", "Masters", "Prof-school", "Doctorate")

NEGATIVE, POSITIVE = "<=50K", ">50K"

COLUMNS: tuple[Column, ...] = (
    Column("age", "integer", "feature", "age in years", 17, 120),
    Column("workclass", "category", "feature", "kind of employer", levels=(
        "Federal-gov", "Local-gov", "Never-worked", "Private", "Self-emp-inc",
        "Self-emp-not-inc", "State-gov", "Without-pay", MISSING)),
    Column("fnlgt", "integer", "dropped", "how many people the row stands for", 1, 10**7),
    Column("education", "category", "dropped", "highest education", levels=EDUCATION_LEVELS),
    Column("education-num", "integer", "feature", "highest education, 1 lowest", 1, 16),
    Column("marital-status", "category", "feature", "marital status", levels=(
        "Divorced", "Married-AF-spouse", "Married-civ-spouse", "Married-spouse-absent",
        "Never-married", "Separated", "Widowed")),
    Column("occupation", "category", "feature", "kind of work", levels=(
        "Adm-clerical", "Armed-Forces", "Craft-repair", "Exec-managerial", "Farming-fishing",
        "Handlers-cleaners", "Machine-op-inspct", "Other-service", "Priv-house-serv",
        "Prof-specialty", "Protective-serv", "Sales", "Tech-support", "Transport-moving",
        MISSING)),
    Column("relationship", "category", "feature", "place in the household", levels=(
        "Husband", "Not-in-family", "Other-relative", "Own-child", "Unmarried", "Wife")),
    Column("race", "category", "feature", "race, in the words of the census of 1994", levels=(
        "Amer-Indian-Eskimo", "Asian-Pac-Islander", "Black", "Other", "White")),
    Column("sex", "category", "feature", "sex", levels=("Female", "Male")),
    Column("capital-gain", "integer", "feature", "capital gain of the year, US dollars",
           0, 99_999),
    Column("capital-loss", "integer", "feature", "capital loss of the year, US dollars",
           0, 99_999),
    Column("hours-per-week", "integer", "feature", "hours of work a week", 1, 99),
    Column("native-country", "category", "feature", "country of birth", levels=(
        "Cambodia", "Canada", "China", "Columbia", "Cuba", "Dominican-Republic", "Ecuador",
        "El-Salvador", "England", "France", "Germany", "Greece", "Guatemala", "Haiti",
        "Holand-Netherlands", "Honduras", "Hong", "Hungary", "India", "Iran", "Ireland", "Italy",
        "Jamaica", "Japan", "Laos", "Mexico", "Nicaragua", "Outlying-US(Guam-USVI-etc)", "Peru",
        "Philippines", "Poland", "Portugal", "Puerto-Rico", "Scotland", "South", "Taiwan",
        "Thailand", "Trinadad&Tobago", "United-States", "Vietnam", "Yugoslavia", MISSING)),
    Column("salary", "category", "target", "yearly income", levels=(NEGATIVE, POSITIVE)),
)

BY_NAME = {column.name: column for column in COLUMNS}
TARGET = "salary"
#: The columns that a model sees, in their order.
FEATURES = tuple(column.name for column in COLUMNS if column.role == "feature")
NUMERIC = tuple(name for name in FEATURES if BY_NAME[name].kind == "integer")
#: Categorical features with their levels, ``?`` included, in the order of their codes.
CATEGORICAL = {name: BY_NAME[name].levels for name in FEATURES
               if BY_NAME[name].kind == "category"}
DROPPED = tuple(column.name for column in COLUMNS if column.role == "dropped")
#: Every column but the target, as in the file.
INPUTS = tuple(column.name for column in COLUMNS if column.role != "target")


def schema_digest() -> str:
    """Return the sha256 of the schema: a stored model names the one it was trained for."""
    content = [SCHEMA_VERSION, [asdict(column) for column in COLUMNS]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
