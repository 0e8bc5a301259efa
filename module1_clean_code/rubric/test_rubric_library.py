"""Criteria of the library's first half: environment, contract, import, pictures, encoder."""

import csv
import io
import math

import pytest
from coursekit.expect import expect, fail

FILES = ("first.csv", "second.csv")
USUAL_PICTURES = {"churn_distribution", "customer_age_distribution", "heatmap",
                  "marital_status_distribution", "total_transaction_distribution"}
LEAST_SPREAD = 0.01


def visible(pictures):
    """Return the pictures that show more than one colour."""
    return {path: facts for path, facts in pictures.items() if facts["spread"] > LEAST_SPREAD}


@pytest.mark.criterion("M1-01")
def test_the_environment_was_built(environment):
    """The submission's packages were installed."""
    if not environment.built:
        fail(ran="installing the packages that the submission names",
             expected="an environment", got=environment.log[-1500:])


@pytest.mark.criterion("M1-02")
def test_all_functions_are_found(contract, submission):
    """Each function of the contract was looked up, by the usual names or those of the mapping."""
    expect(list(submission.problems), [], "what is wrong in submission.toml")
    expect(list(contract.missing()), [], "functions that are not there")


@pytest.mark.criterion("M1-14")
def test_importing_does_nothing(ask, probe):
    """The library was imported in an empty folder."""
    found = ask("importing")
    expect(found["files"], [], "files that importing wrote")
    expect(found["handlers"], [], "handlers of logs that importing opened")
    told = probe.run("importing")
    expect(told.stdout.strip(), "", "what importing printed")


@pytest.mark.criterion("M1-20")
@pytest.mark.parametrize("name", FILES)
def test_every_customer_arrives(ask, tables, name):
    """A generated file was read with import_data and compared value by value."""
    table = ask("read", name=name)["table"]
    rows = list(csv.DictReader(io.StringIO(tables[name])))
    if not hasattr(table, "columns"):
        fail(ran=f"import_data({name!r})", expected="a DataFrame", got=str(table)[:300])
    expect(len(table), len(rows), "rows of what import_data returned")
    for column in ("Customer_Age", "Credit_Limit", "Total_Trans_Ct", "Gender",
                   "Education_Level", "Marital_Status", "Income_Category", "Card_Category"):
        expect(column in table, True, f"the column {column} is there")
        pairs = zip(table[column], (row[column] for row in rows))
        different = next((f"row {n}: {is_!r} instead of {was!r}"
                          for n, (is_, was) in enumerate(pairs) if not same(is_, was)), "")
        expect(different, "", f"the first value of {column} that is not the file's")


def same(value, text):
    """Tell whether a value is what the text of a file says."""
    if isinstance(value, str) or value is None:
        return value == text
    return math.isclose(float(value), float(text), rel_tol=1e-9)


@pytest.mark.criterion("M1-21")
def test_a_missing_file_is_an_error(ask):
    """import_data was asked for a file that is not there."""
    found = ask("read_missing")
    if not found["raised"]:
        fail(ran="import_data of a missing file", expected="an exception",
             got=f"it returned a {found['returned']}")


@pytest.mark.criterion("M1-22")
@pytest.mark.parametrize("name", FILES)
def test_churn_is_one_for_those_who_left(ask, tables, name):
    """The column Churn was compared with Attrition_Flag of the file."""
    table = ask("read", name=name)["table"]
    expect("Churn" in table, True, "import_data adds the column Churn")
    expected = [int(row["Attrition_Flag"] != "Existing Customer")
                for row in csv.DictReader(io.StringIO(tables[name]))]
    expect(sum(int(a) != b for a, b in zip(table["Churn"], expected)), 0,
           "rows whose Churn is not what Attrition_Flag says")


@pytest.mark.criterion("M1-23")
def test_pictures_are_drawn_from_the_data(ask):
    """perform_eda was called on two data sets in a folder that has images/eda."""
    first, second = (visible(ask("pictures", name=name)["pictures"]) for name in FILES)
    expect(min(len(first), len(second)) >= 3, True,
           f"at least three pictures that are not blank; there are {sorted(first)}")
    alike = [path for path, facts in first.items()
             if second.get(path, {}).get("sha256") == facts["sha256"]]
    expect(alike, [], "pictures that are the same for different data")
    expect(len({facts["sha256"] for facts in first.values()}), len(first), "different pictures")


@pytest.mark.criterion("M1-24")
def test_the_usual_pictures_are_there(ask):
    """The names of what perform_eda saved were read."""
    stems = {path.rpartition("/")[2].rpartition(".")[0].lower()
             for path in visible(ask("pictures", name="first.csv")["pictures"])}
    expect(sorted(USUAL_PICTURES - stems), [], "usual pictures that are not there")


@pytest.mark.criterion("M1-25")
@pytest.mark.parametrize("name", FILES)
def test_the_encoder_tells_means(ask, name, seed):
    """encoder_helper was called with three lists of columns, on ordered and on shuffled rows."""
    expect(ask("encoding", name=name, seed=seed)["faults"], [], "what encoder_helper did wrong")


@pytest.mark.criterion("M1-26")
def test_the_encoder_is_fast(ask, seed):
    """encoder_helper encoded 30,000 rows; pandas' own grouped mean did the same beside it."""
    ratio = ask("speed", rows=30000, seed=seed)["ratio"]
    if ratio > 40:
        fail(ran="encoder_helper with 30,000 rows, and pandas' own grouped mean",
             expected="at most 40 times pandas' own time", got=f"{ratio:.1f} times")


@pytest.mark.criterion("M1-27")
@pytest.mark.parametrize("name, part", [
    ("perform_eda", "pictures"), ("encoder_helper", "encoding"),
    ("perform_feature_engineering", "splitting"), ("train_models", "training")])
def test_arguments_stay_as_they_are(ask, seed, name, part):
    """The tables that were given were compared with copies made before."""
    more = {} if part == "pictures" else {"seed": seed}
    expect(ask(part, name="first.csv", **more)["touched"], [],
           f"what {name} changed in the tables that it was given")
