"""TODO effects."""
