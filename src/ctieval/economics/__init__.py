"""What the trial cost and saved, for whom, and how sure that is. Effects on people's lives live elsewhere."""
