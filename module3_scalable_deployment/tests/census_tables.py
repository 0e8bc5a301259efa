"""Small census tables made by hand, for tests that must not lean on the generator.

In: a layout, a number of rows. Out: the text of a table that obeys every rule of the schema.
The header stands here a second time on purpose: a slip in the schema must not hide itself.
"""

import io

import pandas as pd

HEADER = ("age,workclass,fnlgt,education,education-num,marital-status,occupation,relationship,"
          "race,sex,capital-gain,capital-loss,hours-per-week,native-country,salary")
NAMES = HEADER.split(",")
NUMBERS = ["age", "fnlgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
#: ``public`` has a blank before every field but the first and ends in a blank line.
LAYOUTS = ("tidy", "public")

ROWS = tuple("""\
39,State-gov,77516,Bachelors,13,Never-married,Adm-clerical,Not-in-family,White,Male,2174,0,40,\
United-States,<=50K
52,Self-emp-inc,287927,HS-grad,9,Married-civ-spouse,Exec-managerial,Wife,White,Female,15024,0,\
40,United-States,>50K
28,Private,338409,Bachelors,13,Married-civ-spouse,Prof-specialty,Wife,Black,Female,0,0,40,Cuba,\
<=50K
37,Private,284582,Masters,14,Married-civ-spouse,Exec-managerial,Husband,White,Male,0,1902,60,\
United-States,>50K
18,?,103497,Some-college,10,Never-married,?,Own-child,White,Female,0,0,30,United-States,<=50K
25,Self-emp-not-inc,176756,HS-grad,9,Never-married,Farming-fishing,Own-child,White,Male,0,0,35,\
?,<=50K
43,Local-gov,292175,Doctorate,16,Divorced,Prof-specialty,Unmarried,Asian-Pac-Islander,Female,0,\
0,45,India,>50K
19,Private,168294,7th-8th,4,Separated,Other-service,Other-relative,Other,Female,0,0,15,Mexico,\
<=50K
54,Federal-gov,302146,Prof-school,15,Married-civ-spouse,Protective-serv,Husband,White,Male,\
99999,0,55,United-States,>50K
31,Private,84154,Some-college,10,Widowed,Sales,Not-in-family,Amer-Indian-Eskimo,Male,0,0,38,\
Germany,<=50K
61,Without-pay,194901,Preschool,1,Married-spouse-absent,Craft-repair,Husband,Black,Male,0,0,99,\
Haiti,<=50K
47,Private,51835,Assoc-acdm,12,Married-civ-spouse,Tech-support,Wife,White,Female,7688,0,50,\
Honduras,>50K
""".splitlines())


def table_text(layout: str = "tidy", rows: tuple[str, ...] = ROWS) -> str:
    """Return the text of a table in one of `LAYOUTS`."""
    text = "\n".join([HEADER, *rows]) + "\n"
    return text.replace(",", ", ") + "\n" if layout == "public" else text


def with_field(line: int, column: str, text: str, rows: tuple[str, ...] = ROWS) -> str:
    """Return a tidy table with one field replaced by raw text; the header is line 1."""
    fields = rows[line - 2].split(",")
    fields[NAMES.index(column)] = text
    return table_text(rows=(*rows[:line - 2], ",".join(fields), *rows[line - 1:]))


def many_rows(number: int) -> tuple[str, ...]:
    """Return distinct rows that vary by plain arithmetic; every fourth is above 50K."""
    rows = []
    for place in range(number):
        fields = ROWS[place % len(ROWS)].split(",")
        is_above = place % 4 == 0
        fields[0] = str(20 + place * 7 % 50)
        fields[2] = str(20_000 + place)
        fields[12] = str((45 if is_above else 20) + place * 11 % 40)
        fields[14] = ">50K" if is_above else "<=50K"
        rows.append(",".join(fields))
    return tuple(rows)


def without_target(text: str) -> str:
    """Return a tidy table's text without its last column, the answer."""
    return "".join(line.rpartition(",")[0] + "\n" for line in text.splitlines())


def frame(text: str) -> pd.DataFrame:
    """Return the schema's columns as the frame that a reader of tidy ``text`` ought to make."""
    # Here pandas is right: these tables hold nothing that it would take for a hole.
    return pd.read_csv(io.StringIO(text), keep_default_na=False)[NAMES]
