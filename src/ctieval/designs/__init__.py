"""TODO designs."""
