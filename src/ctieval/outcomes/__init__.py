"""TODO outcomes."""
