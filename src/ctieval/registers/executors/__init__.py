"""Ways of running a kernel over every block of a store: here, in processes, or on a Spark cluster.

What is computed is said by the kernel alone, so that every way gives the same whole numbers.
"""
