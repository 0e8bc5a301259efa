# Take the big commit back into the folder, then commit piece by piece.
cd you
git reset -q main
git add report.py
git commit -q -m "Bring report.py into the form of PEP 8" -m "Nothing but spaces changes."
git add drift.py test_drift.py
git commit -q -m "Compare the share of a category" -m "A mean says nothing about categories."
git add notes.md
git commit -q -m "Say why shares are compared"
git push -q -u origin drift-report
