"""Measurements of this module beside a floor and beside the usual way."""
