"""Module 1: where each promised package is used, and what fails without it."""

from card import Entry

TABLE = """
from pathlib import Path
from churn.data import load_customers
from churn.synthetic import write_customers
write_customers(Path("customers.csv"), {rows}, 7)
customers = load_customers(Path("customers.csv"))
"""
TOOL = """
import runpy, sys
from pathlib import Path
Path("{file}").write_text({text!r})
sys.argv = {words!r}
try:
    runpy.run_module({name!r}, run_name="__main__", alter_sys=True)
except SystemExit as done:
    assert done.code == {code}, done.code
"""
ENTRIES = [
    Entry("pandas", "src/churn/data.py", TABLE.format(rows=120) + """
assert customers.groupby("Gender")["Customer_Age"].mean().between(18, 120).all()
assert customers.shape[0] == 120
"""),
    Entry("scikit-learn", "src/churn/models.py", TABLE.format(rows=600) + """
from churn.data import split_target
from churn.models import build_pipeline
from churn.settings import TrainingSettings
features, has_left = split_target(customers)
model = build_pipeline("logistic_regression", TrainingSettings(), 1).fit(features, has_left)
assert model.score(features, has_left) > max(has_left.mean(), 1 - has_left.mean())
"""),
    Entry("scipy", "src/churn/two_samples.py", TABLE.format(rows=600) + """
from churn.drift import compare_tables
from churn.settings import DriftSettings
older = customers.assign(Customer_Age=customers["Customer_Age"] + 15)
assert "Customer_Age" in compare_tables(customers, older, DriftSettings()).names("large")
assert not compare_tables(customers, customers, DriftSettings()).names("large")
"""),
    Entry("requests", "src/churn/fetch.py", """
import threading
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from churn.errors import InputError
from churn.fetch import DataSource, fetch
Path("bank.csv").write_text("too short")
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
source = DataSource("t", "p", "m", "a", rows=1, bytes=99, sha256="0" * 64)
try:
    fetch(f"http://127.0.0.1:{server.server_port}/bank.csv", Path("got.csv"), source)
except InputError as refusal:
    assert "9 bytes" in str(refusal), refusal
else:
    raise AssertionError("a short file was taken")
assert not Path("got.csv").exists()
"""),
    Entry("pylint", "Makefile", TOOL.format(
        file="bad.py", text='"""Doc."""\nimport os\n', name="pylint", code=4,
        words=["pylint", "bad.py"])),
    Entry("autopep8", "Makefile", TOOL.format(
        file="bad.py", text="x=1\n", name="autopep8", code=2,
        words=["autopep8", "--diff", "--exit-code", "bad.py"])),
    Entry("pytest", "Makefile", TOOL.format(
        file="test_bad.py", text="def test_x():\n    assert 1 == 2\n", name="pytest", code=1,
        words=["pytest", "-p", "no:cacheprovider", "test_bad.py"]))]
