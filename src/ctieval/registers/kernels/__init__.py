"""Sums over one block of persons in plain NumPy arrays: states, windows, spells, payments, paths and eligibility.

No file is read, no process started and no code or rate known here: they come in as arrays.
"""
