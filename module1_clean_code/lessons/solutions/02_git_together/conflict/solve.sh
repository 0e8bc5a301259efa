# Fetch, rebase, settle the conflict by keeping both intentions, push.
cd you
git fetch -q
git rebase -q origin/main >/dev/null 2>&1 || true
cat > offer.py <<'PYTHON'
"""Who gets an offer."""

THRESHOLD = 0.6


def gets_offer(probability, months_inactive, has_consented=True):
    """Tell if a customer gets an offer."""
    return has_consented and probability >= (0.3 if months_inactive >= 3 else THRESHOLD)
PYTHON
git add offer.py
GIT_EDITOR=true git rebase --continue >/dev/null 2>&1
git push -q
