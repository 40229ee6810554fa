"""Draws the charts of a report as SVG from data already fit to publish; it computes and words nothing."""
