"""TODO chapters."""
