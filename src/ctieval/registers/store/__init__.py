"""Register extracts as run-length spells in Parquet blocks of persons, with a manifest that says what they hold.

Rules (what a code means, what makes a month one with work, what a week costs) are never in a store.
"""
