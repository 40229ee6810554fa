"""The account month by month and beyond, from one set of resamples; what a person's weeks cost lives one floor up."""
