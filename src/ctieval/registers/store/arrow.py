"""What is used of Arrow's tables and columns, since Arrow itself carries no types; files are read elsewhere."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ctieval.domain.arrays import FloatArray, StrArray


class ArrowColumn(Protocol):
    """A column, in one piece or several."""

    type: object

    def cast(self, kind: object) -> ArrowColumn:
        """Return the column as another kind."""
        ...

    def fill_null(self, value: int) -> ArrowColumn:
        """Return the column with a value in the cells that are empty."""
        ...

    def to_numpy(self) -> npt.NDArray[Any]:
        """Return the column as an array."""
        ...

    def combine_chunks(self) -> Any:  # noqa: ANN401
        """Return the column in one piece."""
        ...


class ArrowTable(Protocol):
    """A table."""

    num_rows: int
    column_names: list[str]

    def column(self, name: str) -> ArrowColumn:
        """Return one column."""
        ...

    def slice(self, offset: int, length: int | None = None) -> ArrowTable:
        """Return some rows."""
        ...


def is_text(column: ArrowColumn) -> bool:
    """Return whether a column holds texts."""
    return pa.types.is_string(column.type) or pa.types.is_large_string(column.type)


def to_texts(column: ArrowColumn) -> StrArray:
    """Return a column as texts, shape (rows,)."""
    return column.cast(pa.string()).to_numpy().astype(np.object_)


def to_numbers(column: ArrowColumn) -> FloatArray:
    """Return a column as numbers, NaN where the cell is empty, shape (rows,)."""
    return column.cast(pa.float64()).to_numpy().astype(np.float64)


def distinct_cells(column: ArrowColumn) -> tuple[ArrowColumn, npt.NDArray[np.int64]]:
    """Return the different cells of a column, and the place of each row's among them, -1 where it is empty."""
    coded = column.combine_chunks().dictionary_encode()
    place = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return pa.chunked_array([coded.dictionary]), place
