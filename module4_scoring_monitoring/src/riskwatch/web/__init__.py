"""The web service: it reads the ledger and the release that serves, and changes neither."""
