"""Seconds of a piece of work, once or at its best."""

from __future__ import annotations

from time import perf_counter, process_time


def seconds(work) -> float:
    """Seconds of one run."""
    start = perf_counter()
    work()
    return perf_counter() - start


def best(work, repeat: int) -> float:
    """Fewest seconds of a few runs."""
    return min(seconds(work) for _ in range(repeat))


def processor_seconds(work):
    """Seconds that the processor was at work in one run, waiting for others left out; and what came of it."""
    start = process_time()
    found = work()
    return process_time() - start, found
