"""The checks as pytest tests of a data file; ``options.py`` says how to start them."""
