"""Declared outcomes, measured on each person in her own window or marked as not observed; never compared by arm."""
