"""Predict which credit-card customers will leave, and notice when the answer wears out.

Importing this package does nothing: the rooms are imported by name where they are used,
for example ``from churn.data import load_customers``.
"""

__version__ = "1.0.0"
