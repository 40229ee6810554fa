"""The arms before the draw: described, and held against every draw that the design could have given.

What a design can give lives in ``designs``; outcomes never come here.
"""
