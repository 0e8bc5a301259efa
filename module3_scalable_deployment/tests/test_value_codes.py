"""Values that no tree tells apart have one code; others have different ones."""

from served_models import form

from census.schema import BY_NAME, FEATURES
from census.serving.value_codes import build_codes
from census.serving_form import Tree

LEAVES: Tree = ((0, 30.0, 1, 2), (1.0,), (0, 40.5, 3, 4), (2.0,), (3.0,))


def test_codes_run_on_from_feature_to_feature() -> None:
    codes = build_codes(form().trees)
    ends = [offset + size for offset, size in zip(codes.offsets, codes.sizes)]
    assert codes.offsets == (0, *ends[:-1]) and len(ends) == len(FEATURES)
    for name, lookup, offset in zip(FEATURES, codes.lookups, codes.offsets):
        levels = BY_NAME[name].levels
        if levels:
            assert [lookup[level] - offset for level in levels] == list(range(len(levels)))


def test_a_number_has_the_code_of_its_interval() -> None:
    codes = build_codes([LEAVES])
    assert FEATURES[0] == "age" and codes.thresholds[0] == [30.0, 40.5] and codes.sizes[0] == 3
    ages = codes.lookups[0]
    assert [ages[age] for age in (17, 30, 31, 40, 41, 120)] == [0, 0, 1, 1, 2, 2]


def test_a_number_that_no_tree_asks_for_has_one_code() -> None:
    codes = build_codes([((1.0,),)])
    assert codes.sizes[0] == 1 and codes.lookups[0][17] == codes.lookups[0][120] == 0


def test_what_was_looked_up_is_remembered_within_bounds() -> None:
    gains = build_codes([LEAVES]).lookups[FEATURES.index("capital-gain")]
    first = [gains[gain] for gain in range(100_000)]
    assert len(gains) <= 5000 and first == [gains[gain] for gain in range(100_000)]
