"""TODO implementation."""
