# Bisect, then two small commits; run in the folder that holds you/.
cd you
git bisect start v1.1 v1.0 >/dev/null
git bisect run python3 -B -c 'import customers as c
raise SystemExit(hasattr(c, "age_band") and c.age_band(40) != "40-59")' >/dev/null
culprit=$(git rev-parse --short=10 refs/bisect/bad)
git bisect reset >/dev/null 2>&1

sed -i.old 's/(40, "20-39")/(39, "20-39")/' customers.py && rm customers.py.old
git commit -q -m "Count the age of 40 to the upper band" \
  -m "The table of bands took 40 for the last age of 20-39. Broken since $culprit" customers.py

cat > test_customers.py <<'TEST'
"""Tests of the age bands."""

from customers import age_band


def test_age_band_at_its_edges():
    """The first and last age of each band."""
    ages = (0, 19, 20, 39, 40, 59, 60)
    assert [age_band(age) for age in ages] == [
        "under 20", "under 20", "20-39", "20-39", "40-59", "40-59", "60 and over"]
TEST
git add test_customers.py
git commit -q -m "Test the edges of the age bands"
git push -q
