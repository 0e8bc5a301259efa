"""The audit counts by Aequitas or by itself, with the same outcome, in parts or whole."""

import gc

import pandas as pd
import pytest
from audit_tables import by, random_predictions, write

from census.errors import InputError
from census.settings import BiasSettings
from census.training import bias
from census.training.bias import audit, reference_groups
from census.training.bias_report import findings_table
from census.training.predictions import read_predictions

SETTINGS = BiasSettings()


def _same(one, other):
    pd.testing.assert_frame_equal(one.tables.groups, other.tables.groups, check_exact=True)
    pd.testing.assert_frame_equal(one.tables.attributes, other.tables.attributes)
    assert one.tables.overall == other.tables.overall
    pd.testing.assert_frame_equal(findings_table(one), findings_table(other))


@pytest.fixture(name="asked")
def asked_fixture(monkeypatch):
    """How many rows Aequitas was asked to count."""
    rows = []

    def counting(coded, label, predicted):
        rows.append(len(label))
        return original(coded, label, predicted)

    original = bias.crosstab_by_aequitas
    monkeypatch.setattr(bias, "crosstab_by_aequitas", counting)
    return rows


@pytest.mark.parametrize("limit, calls", [(400, [400]), (399, [])])
def test_above_the_limit_our_counts_take_aequitas_place_and_nothing_changes(asked, limit, calls):
    predictions = random_predictions(400, seed=1)
    found = audit([predictions], SETTINGS, aequitas_rows=limit)
    assert asked == calls
    _same(found, audit([predictions], SETTINGS, aequitas_rows=0))


def test_above_ten_to_the_fifth_rows_aequitas_is_not_asked(asked):
    predictions = random_predictions(1000, seed=2)
    audit([predictions] * 100, SETTINGS)
    assert asked == [100_000]
    audit([predictions] * 101, SETTINGS)
    assert asked == [100_000]


def test_parts_are_let_go_once_aequitas_is_not_asked():
    alive = []

    def parts():
        for seed in range(8):
            yield random_predictions(50, seed)
            alive.append(sum(isinstance(each, pd.DataFrame) for each in gc.get_objects()))

    audit(parts(), SETTINGS, aequitas_rows=100)
    assert max(alive[2:]) <= alive[0] < alive[1]


@pytest.mark.parametrize("part_rows", [7, 64])
@pytest.mark.parametrize("limit", [0, 10**5])
def test_parts_of_a_file_are_the_whole(tmp_path, part_rows, limit):
    predictions = random_predictions(150, seed=3)
    path = write(tmp_path / "p.csv", predictions)
    _same(audit(read_predictions(path, part_rows), SETTINGS, limit),
          audit([predictions], SETTINGS))


def test_the_order_of_rows_changes_nothing():
    predictions = random_predictions(300, seed=4)
    _same(audit([predictions.sample(frac=1, random_state=1)], SETTINGS),
          audit([predictions], SETTINGS))


def test_every_group_of_attributes_and_pairs_is_compared_by_each_metric():
    found = findings_table(audit([random_predictions(900, seed=5)], SETTINGS))
    sizes = found.groupby("attribute")["group"].nunique()
    assert sizes.to_dict() == {"sex": 1, "race": 4, "sex & race": 9}
    assert (found.groupby(["attribute", "group"])["metric"].nunique() == 6).all()


def test_the_reference_of_a_pair_is_the_pair_of_references():
    assert reference_groups(SETTINGS) == {"sex": "Male", "race": "White",
                                          "sex & race": "Male & White"}


def test_groups_named_na_none_and_nan_stay_apart_in_every_table():
    groups = {"White": (9, 1, 1, 9), "NA": (5, 1, 1, 2), "None": (3, 3, 1, 2), "nan": (1, 4, 3, 3)}
    found = audit([by("race", groups)], BiasSettings(reference={"race": "White"}, pairs=()))
    sizes = found.tables.groups.set_index("attribute_value")["group_size"].to_dict()
    assert sizes == {name: sum(cells) for name, cells in groups.items()}
    assert set(findings_table(found)["group"]) == {"NA", "None", "nan"}


@pytest.mark.parametrize("settings, words", [
    (BiasSettings(reference={}, pairs=()), "bias.reference: name at least one"),
    (BiasSettings(reference={"sex": "Male"}), "bias.pairs: sex and race need a reference"),
    (BiasSettings(reference={"age": "40"}, pairs=()), "age is no categorical column"),
    (BiasSettings(reference={"height": "1"}, pairs=()), "height is no categorical column"),
    (BiasSettings(reference={"sex": "Man"}, pairs=()), "no row has sex Man; there are Female")])
def test_settings_that_compare_nobody_are_refused(settings, words):
    with pytest.raises(InputError, match=words):
        audit([random_predictions(50, seed=1)], settings)


def test_no_prediction_is_nothing_to_audit():
    for parts in ([], [random_predictions(3, seed=1)[:0]]):
        with pytest.raises(InputError, match="no prediction to audit"):
            audit(parts, SETTINGS)
