"""Small customer tables made by hand, for tests that must not lean on the generator.

In: a layout, a number of rows. Out: the text of a table that obeys every rule of the schema.
The header stands here a second time on purpose: a slip in the schema must not hide itself.
"""

import io

import pandas as pd

HEADER = ("CLIENTNUM,Attrition_Flag,Customer_Age,Gender,Dependent_count,Education_Level,"
          "Marital_Status,Income_Category,Card_Category,Months_on_book,Total_Relationship_Count,"
          "Months_Inactive_12_mon,Contacts_Count_12_mon,Credit_Limit,Total_Revolving_Bal,"
          "Avg_Open_To_Buy,Total_Amt_Chng_Q4_Q1,Total_Trans_Amt,Total_Trans_Ct,"
          "Total_Ct_Chng_Q4_Q1,Avg_Utilization_Ratio")
NAMES = HEADER.split(",")
BAYES_STEM = ("Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_"
              "Dependent_count_Education_Level_Months_Inactive_12_mon_")
BAYES = [BAYES_STEM + "1", BAYES_STEM + "2"]
LAYOUTS = ("plain", "index", "bayes", "both")

PEOPLE = """\
700000001,Existing Customer,44,M,2,Graduate,Married,$60K - $80K,Blue
700000002,Attrited Customer,52,F,1,High School,Single,Less than $40K,Blue
700000003,Existing Customer,37,F,0,College,Divorced,$40K - $60K,Silver
700000004,Existing Customer,61,M,4,Doctorate,Married,$120K +,Gold
700000005,Attrited Customer,48,M,3,Unknown,Unknown,Unknown,Blue
700000006,Existing Customer,29,F,0,Uneducated,Single,Less than $40K,Blue
700000007,Existing Customer,55,F,2,Post-Graduate,Married,$80K - $120K,Platinum
700000008,Attrited Customer,41,M,5,Graduate,Divorced,$80K - $120K,Silver
700000009,Existing Customer,33,F,1,Graduate,Single,$40K - $60K,Blue
700000010,Existing Customer,67,M,0,College,Married,Less than $40K,Blue
700000011,Attrited Customer,46,F,3,High School,Unknown,Unknown,Gold
700000012,Existing Customer,50,M,2,Doctorate,Single,$120K +,Blue
""".splitlines()
ACCOUNTS = """\
36,4,1,2,10000.0,1500,8500.0,0.75,4200,70,0.7,0.15
40,2,3,4,2000.0,0,2000.0,0.55,2100,38,0.4,0.0
28,5,2,1,16000.0,800,15200.0,0.9,5100,81,0.85,0.05
52,6,1,0,34500.0,1200,33300.0,1.1,14800,112,0.66,0.035
36,1,4,5,1500.0,1000,500.0,0.31,900,22,0.2,0.667
18,3,2,2,3000.0,2517,483.0,0.68,3900,64,0.72,0.839
47,4,3,3,30000.0,0,30000.0,0.8,7700,90,0.91,0.0
30,2,3,3,20000.0,400,19600.0,1.4,8800,55,0.5,0.02
24,6,1,2,4000.0,1800,2200.0,0.62,4400,75,0.68,0.45
56,5,2,1,2500.0,1000,1500.0,0.7,1700,40,0.6,0.4
36,1,4,6,28000.0,0,28000.0,0.25,2300,41,0.3,0.0
42,3,2,3,8000.0,2000,6000.0,0.77,4600,72,0.74,0.25
""".splitlines()
ROWS = tuple(map(",".join, zip(PEOPLE, ACCOUNTS)))


def table_text(layout: str = "plain", rows: tuple[str, ...] = ROWS) -> str:
    """Return the text of a table in one of `LAYOUTS`.

    The index gives the answer away, as the order of rows does in the true file, and so do the
    two Naive-Bayes columns: what reaches a model from them would show.
    """
    lines = [HEADER, *rows]
    if layout in ("index", "both"):
        lines = ["," + HEADER, *(f"{number},{row}" for number, row in enumerate(rows))]
    if layout in ("bayes", "both"):
        shares = ("0.0001,0.9999" if "Existing" in row else "0.9999,0.0001" for row in rows)
        lines = [f"{lines[0]},{','.join(BAYES)}",
                 *(f"{line},{share}" for line, share in zip(lines[1:], shares))]
    return "\n".join(lines) + "\n"


def with_field(line: int, column: str, text: str, rows: tuple[str, ...] = ROWS) -> str:
    """Return a plain table with one field replaced by raw text; the header is line 1."""
    fields = rows[line - 2].split(",")
    fields[NAMES.index(column)] = text
    return table_text(rows=(*rows[:line - 2], ",".join(fields), *rows[line - 1:]))


def many_rows(number: int) -> tuple[str, ...]:
    """Return rows that vary by plain arithmetic; every fourth customer has left."""
    rows = []
    for place in range(number):
        fields = ROWS[place % len(ROWS)].split(",")
        has_left = place % 4 == 0
        fields[0] = str(800_000_000 + place)
        fields[1] = "Attrited Customer" if has_left else "Existing Customer"
        fields[2] = str(25 + place * 7 % 40)
        fields[17] = str(1000 + place * 37 % 3000)
        fields[18] = str((25 if has_left else 40) + place * 11 % 50)
        rows.append(",".join(fields))
    return tuple(rows)


def without_target(text: str) -> str:
    """Return a plain table's text without its second column, the answer."""
    lines = (line.split(",") for line in text.splitlines())
    return "".join(",".join(fields[:1] + fields[2:]) + "\n" for fields in lines)


def frame(text: str) -> pd.DataFrame:
    """Return the schema's columns as the frame that a reader of ``text`` ought to make."""
    # Here pandas is right: these tables hold nothing that it would take for a hole.
    return pd.read_csv(io.StringIO(text), keep_default_na=False)[NAMES]
