"""Turns a report into a Word file; the words of the file stand in ``text``, the shared look in ``tokens``."""
