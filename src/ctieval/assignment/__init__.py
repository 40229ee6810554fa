"""TODO assignment."""
