"""From a table to a fitted, measured, audited model; it ends at the release folder."""
