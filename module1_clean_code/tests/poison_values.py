"""Hostile values, field by field, with the verdict that each must get.

In: the good table of `customer_tables`. Out: cases; each breaks one field of one line.
"""

from collections.abc import Iterator

import customer_tables as tables
from poison_bytes import Case

NOT_A_NUMBER = (
    "", " ", "NaN", "nan", "NA", "N/A", "None", "null", "NULL", "inf", "-inf", "Infinity",
    "-Infinity", "1e400", "-1e400", "1_000", " 1", "1 ", "+1", "0x10", "0b1", "١", "１２", "²",
    "½", "−1", "=1+1", "@SUM(A1)", "-1+1", "--1", "1-", "TRUE", "#REF!", "$1", "1%", "'1", "1.2.3",
    "1\t", "1\u00a0", "\u200b1", "\ufeff1", "\x1b[31m1\x1b[0m", "1\x07", "1\x7f", "9" * 400,
    "9" * 9_000, "1e", "e1", ".", "-", "a", "🙂")
NOT_A_WHOLE_NUMBER = ("1.0", "1.5", "1e0", "1.", "99999999999999999999")
NOT_A_DECIMAL = (".5", "5.", "1e1000", "0x1p3", "1d3", "1e5.0")
NOT_A_CATEGORY = (
    "", " ", "NA", "N/A", "None", "null", "nan", "?", "0", "married", "MARRIED", " Married",
    "Married ", "Married\t", "Married\u00a0", "Married\u200b", "M\u0430rried", "Marr\u0131ed",
    "Widowed", "unknown", "=1+1", "\x1b[31mMarried\x1b[0m", "\x07", "\x1b]0;title\x07",
    "\u202eMarried", "\u2028", "\x85", "\x0b", "\x0c", "<script>alert(1)</script>",
    "'; DROP TABLE customers; --",
    "../../etc/passwd", "${HOME}", "%s%n", "x" * 9_000, "🙂")

#: Column -> a number just below its range and one just above it.
OUT_OF_RANGE = {
    "CLIENTNUM": ("0", "1000000000001"), "Customer_Age": ("17", "121"),
    "Dependent_count": ("-1", "31"), "Months_on_book": ("-1", "1201"),
    "Total_Relationship_Count": ("-1", "101"), "Months_Inactive_12_mon": ("-1", "13"),
    "Contacts_Count_12_mon": ("-1", "1001"), "Credit_Limit": ("-0.01", "100000000.01"),
    "Total_Revolving_Bal": ("-1", "100000001"), "Avg_Open_To_Buy": ("-0.01", "1e9"),
    "Total_Amt_Chng_Q4_Q1": ("-0.001", "1000.001"), "Total_Trans_Amt": ("-1", "1000000001"),
    "Total_Trans_Ct": ("-1", "1000001"), "Total_Ct_Chng_Q4_Q1": ("-1e-9", "1e300"),
    "Avg_Utilization_Ratio": ("-0.001", "1.001"),
}


def _case(line: int, column: str, text: str, rule: str | None) -> Case:
    name = f"{column} {text[:20]!a} of {len(text)} in line {line}"
    return Case(name, tables.with_field(line, column, text).encode(), rule,
                None if rule is None else line, None if rule is None else column,
                is_scorable=column == "Attrition_Flag")


def number_cases() -> Iterator[Case]:
    """Texts that are no numbers, and numbers out of range."""
    for text in (*NOT_A_NUMBER, *NOT_A_WHOLE_NUMBER):
        yield _case(13, "Customer_Age", text, "is not a whole number")
    for text in (*NOT_A_NUMBER, *NOT_A_DECIMAL):
        yield _case(2, "Total_Amt_Chng_Q4_Q1", text, "is not a finite decimal number")
    for column, texts in OUT_OF_RANGE.items():
        for text in texts:
            yield _case(7, column, text, "is not between")
    for text in ("0", "0.0", "1000", "1e-5", "1E+2", "0." + "3" * 25):
        yield _case(7, "Total_Amt_Chng_Q4_Q1", text, None)


def category_cases() -> Iterator[Case]:
    """Texts that are no category of the column."""
    for text in NOT_A_CATEGORY:
        yield _case(7, "Marital_Status", text, "is not one of")
    for column, text in (("Gender", "f"), ("Education_Level", "Masters"), ("Gender", "Blue"),
                         ("Income_Category", "$40K-$60K"), ("Card_Category", "Unknown"),
                         ("Card_Category", "Black"), ("Attrition_Flag", "Existing customer"),
                         ("Attrition_Flag", "1"), ("Attrition_Flag", "")):
        yield _case(7, column, text, "is not one of")
    yield _case(7, "Marital_Status", "Unknown", None)


def agreement_cases() -> Iterator[Case]:
    """Rows that contradict themselves or each other."""
    # Line 2: limit 10000.0, revolving 1500, open to buy 8500.0, utilisation 0.15.
    for line, column, text, fault in (
            (2, "Credit_Limit", "10002.0", "Avg_Open_To_Buy"),
            (2, "Total_Revolving_Bal", "1503", "Avg_Open_To_Buy"),
            (2, "Avg_Open_To_Buy", "8498.9", "Avg_Open_To_Buy"),
            (2, "Avg_Open_To_Buy", "0", "Avg_Open_To_Buy"),
            (2, "Avg_Open_To_Buy", "1e-300", "Avg_Open_To_Buy"),
            (13, "Avg_Utilization_Ratio", "0.2611", "Avg_Utilization_Ratio"),
            (13, "Avg_Utilization_Ratio", "0.2389", "Avg_Utilization_Ratio"),
            (13, "Avg_Utilization_Ratio", "1", "Avg_Utilization_Ratio"),
            (2, "Avg_Open_To_Buy", "8500.9", None), (13, "Avg_Utilization_Ratio", "0.259", None)):
        yield Case(f"{column} {text} does not follow",
                   tables.with_field(line, column, text).encode(), fault and "is not",
                   line if fault else None, fault)
    empty = "36,4,1,2,{limit},{revolving},0.0,0.75,4200,70,0.7,{share}"
    for limit, revolving, share, rule in (("0.0", 0, "0.0", None), ("0.0", 0, "0.5", "is not"),
                                          ("1e-320", 1, "1", "is not")):
        account = empty.format(limit=limit, revolving=revolving, share=share)
        rows = (f"{tables.PEOPLE[0]},{account}", *tables.ROWS[1:])
        yield Case(f"limit {limit}, utilisation {share}", tables.table_text(rows=rows).encode(),
                   rule, rule and 2, rule and "Avg_Utilization_Ratio")
    for line in (3, 8, 13):
        for text in ("700000001", "0700000001"):
            yield Case(f"customer of line 2 as {text} in line {line}",
                       tables.with_field(line, "CLIENTNUM", text).encode(),
                       "stands in an earlier line", line, "CLIENTNUM", is_scorable=True)


def value_cases() -> list[Case]:
    """Return all cases of this file."""
    return [*number_cases(), *category_cases(), *agreement_cases()]
