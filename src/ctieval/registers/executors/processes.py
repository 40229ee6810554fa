"""A kernel run over the blocks in several processes of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import get_context

from ctieval.registers.executors.results import Blocks, Kernel
from ctieval.registers.kernels.block import Result

_job: list[tuple[Kernel, Blocks, object]] = []


def run_processes(kernel: Kernel, blocks: Blocks, params: object, *, workers: int) -> Iterator[Result]:
    """Run a kernel over every block in processes that read their own blocks.

    Each process holds one block. Two processes double the memory, and need not halve the time.

    Args:
        kernel: A block function that a process can import.
        blocks: The blocks, such as a ``Store``.
        params: The second argument of the kernel, sent to each process once.
        workers: Number of processes.

    Yields:
        What each block gives, in order.
    """
    with get_context("spawn").Pool(workers, initializer=_receive, initargs=(kernel, blocks, params)) as pool:
        yield from pool.imap(_run, range(len(blocks)))


def _receive(kernel: Kernel, blocks: Blocks, params: object) -> None:
    _job[:] = [(kernel, blocks, params)]


def _run(number: int) -> Result:
    kernel, blocks, params = _job[0]
    return kernel(blocks.load(number), params)
