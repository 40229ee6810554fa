"""Which counts of an evaluation must be hidden so that no other gives them away; nothing is worded or drawn here."""
