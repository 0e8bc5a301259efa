"""Module 4: where each promised package is used, and what fails without it."""

from card import Entry

ENTRIES = [
    Entry("flask", "src/riskwatch/web/app.py", """
from pathlib import Path
from riskwatch.ledger import open_ledger
from riskwatch.web.app import create_app
from riskwatch.workplace import Workplace
place = Workplace(Path("build"))
open_ledger(place).close()
client = create_app(place).test_client()
runs = client.get("/v1/runs")
assert runs.status_code == 200 and runs.get_json()["items"] == [], runs.get_data(as_text=True)
refused = client.get("/v1/runs?limit=never")
assert refused.mimetype == "application/problem+json", refused.mimetype
"""),
    Entry("scipy", "src/riskwatch/two_samples.py", """
import numpy as np
import pandas as pd
from riskwatch.drift import compare_tables
from riskwatch.settings import Settings
random = np.random.default_rng(0)
tables = [pd.DataFrame({"activity": random.normal(mean, 1, 1000)}) for mean in (0, 0, 2)]
settings = Settings().drift
same, moved = (compare_tables(tables[0], other, settings) for other in tables[1:])
assert same.verdict() == "none", same.in_words()
assert moved.verdict() == "large", moved.in_words()
"""),
    Entry("requests", "src/riskwatch/client.py", """
from riskwatch.client import collect
from riskwatch.errors import InputError
try:
    found = collect("http://127.0.0.1:9")
except InputError as err:
    assert "127.0.0.1:9" in str(err), err
else:
    assert not found.is_whole, "nothing listens there"
"""),
]
