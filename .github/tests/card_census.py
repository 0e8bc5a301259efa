"""Module 3: where each promised package is used, and what fails without it."""

from card import Entry

ENTRIES = [
    Entry("dvc", "dvc.yaml"),
    Entry("fastapi", "src/census/serving/app.py"),
    Entry("uvicorn", "src/census/cli.py"),
    Entry("aequitas", "src/census/training/bias.py"),
    Entry("requests", "src/census/live.py")]
