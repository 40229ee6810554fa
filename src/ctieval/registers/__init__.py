"""Tables of every kind that come in: read, recognised, checked and put on one calendar of weeks and months.

What a person's weeks mean for a trial (eligible, in a job, worth so many kroner) is said in the stages, not here.
"""
