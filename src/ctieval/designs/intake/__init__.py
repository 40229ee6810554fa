"""Designs that deal persons one at a time: the law of the next arm, its exact trees and its simulation.

Nothing is known here of records, keys or persons; that is for ``assignment.intake``.
"""
