"""The draw of a cohort, the record that proves it, allocations made elsewhere, and the arms before the draw.

What a design does with its blocks lives in ``designs``; outcomes never come here.
"""
