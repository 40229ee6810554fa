"""Effects of the intervention on declared outcomes. No effect comes from an outcome measured in one arm only."""
