"""What a decision can rest on, from draws and declared ranges; where the draws come from lives beside, never here."""
