"""A kernel run over one block after the other, here."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.registers.executors.results import Blocks, Kernel
from ctieval.registers.kernels.block import Result


def run_serial(kernel: Kernel, blocks: Blocks, params: object) -> Iterator[Result]:
    """Run a kernel over every block; one block at a time is in memory.

    Args:
        kernel: A block function.
        blocks: The blocks, such as a ``Store``.
        params: The second argument of the kernel.

    Yields:
        What each block gives, in order; hand them to ``combine`` or ``write_tables``.
    """
    for number in range(len(blocks)):
        yield kernel(blocks.load(number), params)
