"""Module 4: where each promised package is used, and what fails without it."""

from card import Entry

ENTRIES = [
    Entry("flask", "src/riskwatch/web/__init__.py"),
    Entry("scipy", "src/riskwatch/drift.py"),
    Entry("requests", "src/riskwatch/client.py")]
