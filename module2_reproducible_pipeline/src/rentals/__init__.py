"""Predict the price of short-term rentals by a pipeline that tells how it came to its answer.

Importing this package does nothing: the rooms are imported by name where they are used,
for example ``from rentals.data import load_listings``.
"""

__version__ = "1.0.1"
