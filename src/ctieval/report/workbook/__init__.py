"""Turns a report into a workbook of the numbers behind it; how a number is rounded stands in ``fmt``."""
