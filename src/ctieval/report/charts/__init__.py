"""Draws the charts of a report from data already fit to publish; it computes and words nothing."""
