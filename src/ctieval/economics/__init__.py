"""TODO economics."""
