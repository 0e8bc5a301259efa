# Give the half-done commit a branch, put main back, finish, merge.
cd you
git branch segments
git fetch -q
git reset -q --hard origin/main

git switch -q segments
cat > segments.py <<'PYTHON'
"""Segments of customers by their transactions of a year."""


def segment(count):
    """Return the segment: rare below 30, usual below 80, frequent from 80 on."""
    if count < 30:
        return "rare"
    return "usual" if count < 80 else "frequent"
PYTHON
git commit -q -m "Tell usual and frequent customers from rare ones" segments.py

git switch -q main
git merge -q --no-ff -m "Merge the segments of customers" segments
git push -q
