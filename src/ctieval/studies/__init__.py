"""Studies of the methods themselves on simulated worlds, where the truth is known. No real person's data enter here."""
