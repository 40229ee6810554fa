"""Draws of persons one at a time, as they are referred: the append-only record, its secret key, and its proof.

Nothing is said here about how an arm is dealt; that is for ``designs.intake``.
"""
