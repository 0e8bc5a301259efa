"""Module 3: where each promised package is used, and what fails without it."""

from card import Entry

ENTRIES = [
    Entry("dvc", "dvc.yaml", """
import shlex
import sys
from pathlib import Path
from dvc.cli import main
Path("dvc.yaml").write_text(f'''stages:
  generate:
    cmd: exec {shlex.quote(sys.executable)} -m census.cli generate --seed 7
    outs: [build/data/census.csv]
''')
assert main(["init", "-q", "--no-scm"]) == 0
assert main(["repro", "-q"]) == 0
table = Path("build/data/census.csv")
table.unlink()
assert main(["checkout", "-q"]) == 0
assert table.read_text().startswith("age, workclass")
"""),
    Entry("fastapi", "src/census/serving/app.py", """
from pathlib import Path
from census.serving.app import create_app
from census.serving.options import build_options
import asyncio
said = []
async def ask():
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        said.append(message)
    scope = {"type": "http", "method": "GET", "path": "/health/live", "raw_path": b"/health/live",
             "headers": [], "query_string": b"", "http_version": "1.1", "scheme": "http",
             "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": ""}
    await create_app(build_options({"folder": Path(".")}))(scope, receive, send)
asyncio.run(ask())
assert said[0]["status"] == 200, said
"""),
    Entry("uvicorn", "src/census/serving/server.py", """
import os, signal, threading
from pathlib import Path
from census.serving.options import build_options
from census.serving.server import run
threading.Timer(2, os.kill, (os.getpid(), signal.SIGTERM)).start()
assert run(build_options({"folder": Path(".")})) == 0
"""),
    Entry("aequitas", "src/census/training/aequitas_tables.py", """
import pandas as pd
from census.settings import BiasSettings
from census.synthetic import generate_rows
from census.training.bias import audit
rows = generate_rows(400, 7)
label = (rows["salary"] == ">50K").astype(int)
rows = rows.astype({name: "category" for name in ("sex", "race")})
table = rows.assign(label=label, score=label * 1.0, predicted=(rows["sex"] == "Male").astype(int))
found = audit([table], BiasSettings())
women = found.tables.groups.query("attribute_value == 'Female'").iloc[0]
assert women["pprev"] == 0, women
"""),
    Entry("requests", "src/census/live.py", """
from census.errors import InputError
from census.live import ask
try:
    ask("http://127.0.0.1:9", None, 2.0)
except InputError as err:
    assert "ConnectionError" in str(err), err
else:
    raise AssertionError("nothing listens there")
"""),
]
