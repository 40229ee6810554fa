"""ctieval."""
