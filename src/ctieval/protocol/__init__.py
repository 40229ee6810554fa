"""From a plan on disk to a ``Trial``. No data are opened here, only the plan."""
