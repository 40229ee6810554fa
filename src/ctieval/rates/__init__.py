"""The book of dated rates, each value with its source inside. What is done with a rate lives elsewhere."""
