"""TODO eligibility."""
