"""The types that travel from one step of the walk to the next; each module holds what its name says."""
