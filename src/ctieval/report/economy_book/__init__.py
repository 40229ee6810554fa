"""Writes the account as a workbook with live formulas, and reads its assumptions back; nothing is estimated here."""
