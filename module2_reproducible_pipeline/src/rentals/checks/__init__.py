"""Checks of a table of listings before anything is learned from it; see ``checks.runner``."""
