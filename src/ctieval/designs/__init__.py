"""What a declared design does: numbers per block, draws, probabilities, counts and enumeration.

No person, file or estimate lives here: blocks come in as labels, arms go out as 0 and 1.
"""
