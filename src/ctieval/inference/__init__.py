"""Estimators and their uncertainty: arrays in, arrays out. No files, no plans, no sentences."""
