"""Watch an attrition-risk model: score what arrives, notice drift, retrain, deploy, report.

Importing this package does nothing: the rooms are imported by name where they are used,
for example ``from riskwatch.ingest import ingest``.
"""

__version__ = "1.0.0"
