"""The table ``[assignment.rerandomised]``: draws are repeated until the arms are close enough on covariates."""

from __future__ import annotations

from ctieval.domain.design import Blocked, BlockedClustered, Clustered, Complete, Design, Rerandomised
from ctieval.protocol.table_reader import TableReader


def read_rerandomised(table: TableReader, design: Design) -> Design:
    """Read whether the draws of a design are repeated.

    Args:
        table: The table ``[assignment]``.
        design: The design that it declares.

    Returns:
        The same design, or its draws repeated.

    Raises:
        ProtocolError: If a key is missing or of the wrong kind, or if draws of this design are not repeated.
    """
    if not table.has("rerandomised"):
        return design
    inner = table.table("rerandomised", expected='{ covariates = ["age_years"], acceptance = 0.01 }')
    if not isinstance(design, Complete | Blocked | Clustered | BlockedClustered):
        raise inner.error(
            "",
            what="the draws of this design are not repeated",
            found=type(design).__name__.lower(),
            expected="a complete, blocked, clustered, or blocked and clustered draw",
            do="take the table rerandomised out, or declare another design",
        )
    repeated = Rerandomised(design, inner.texts("covariates", ()), inner.share("acceptance"))
    inner.finish()
    return repeated
