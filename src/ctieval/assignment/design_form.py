"""A declared design as plain content, and back: kind, and fields by name; a share is a text such as ``1/3``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, assert_never

from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Drawn,
    Matched,
    Quota,
    Rerandomised,
    Simple,
    WaitingList,
)

Content = dict[str, Any]


def to_design_content(design: Design) -> Content:
    """Return a design as what JSON can hold."""
    match design:
        case Simple(share=share):
            content = {"kind": "simple", "share": _to_drawn(share)}
        case Complete(drawn=drawn):
            content = {"kind": "complete", "drawn": _to_drawn(drawn)}
        case Blocked(block=block, drawn=drawn):
            content = {"kind": "blocked", "block": block, "drawn": _to_drawn_by_block(drawn)}
        case Clustered(cluster=cluster, drawn=drawn):
            content = {"kind": "clustered", "cluster": cluster, "drawn": _to_drawn(drawn)}
        case BlockedClustered(block=block, cluster=cluster, drawn=drawn):
            content = {
                "kind": "blocked_clustered",
                "block": block,
                "cluster": cluster,
                "drawn": _to_drawn_by_block(drawn),
            }
        case Matched(covariates=covariates, size=size, drawn=drawn):
            content = {"kind": "matched", "covariates": list(covariates), "size": size, "drawn": _to_drawn(drawn)}
        case Capacity(block=block, places=places):
            content = {"kind": "capacity", "block": block, "places": _to_drawn_by_block(places)}
        case WaitingList(draw=draw, weeks=weeks):
            content = {"kind": "waiting_list", "draw": to_design_content(draw), "weeks": weeks}
        case Rerandomised(draw=draw, covariates=covariates, acceptance=acceptance):
            content = {"covariates": list(covariates), "acceptance": str(acceptance)}
            content = {"kind": "rerandomised", "draw": to_design_content(draw), **content}
        case _:
            assert_never(design)
    return content


def from_design_content(content: Content) -> Design:
    """Return the design that content declares.

    Raises:
        LookupError: If a field is missing.
        TypeError: If a field is of another type.
        ValueError: If the kind is not known, or a share is none.
    """
    design: Design
    match content["kind"]:
        case "simple":
            design = Simple(_from_shares(content["share"]))
        case "complete":
            design = Complete(_from_drawn(content["drawn"]))
        case "blocked":
            design = Blocked(str(content["block"]), _from_drawn_by_block(content["drawn"]))
        case "clustered":
            design = Clustered(str(content["cluster"]), _from_drawn(content["drawn"]))
        case "blocked_clustered":
            drawn = _from_drawn_by_block(content["drawn"])
            design = BlockedClustered(str(content["block"]), str(content["cluster"]), drawn)
        case "matched":
            covariates = tuple(str(each) for each in content["covariates"])
            design = Matched(covariates, int(content["size"]), _from_drawn(content["drawn"]))
        case "capacity":
            places = tuple((str(label), int(number)) for label, number in content["places"])
            design = Capacity(str(content["block"]), places)
        case "rerandomised":
            design = _rerandomised(from_design_content(content["draw"]), content)
        case "waiting_list":
            design = _waiting_list(from_design_content(content["draw"]), int(content["weeks"]))
        case _:
            raise ValueError
    return design


def _waiting_list(draw: Design, weeks: int) -> WaitingList:
    if isinstance(draw, Simple | WaitingList | Rerandomised):
        raise TypeError
    return WaitingList(draw, weeks)


def _rerandomised(draw: Design, content: Content) -> Rerandomised:
    if not isinstance(draw, Complete | Blocked | Clustered | BlockedClustered):
        raise TypeError
    above, _, below = str(content["acceptance"]).partition("/")
    covariates = tuple(str(each) for each in content["covariates"])
    return Rerandomised(draw, covariates, Fraction(int(above), int(below or 1)))


def _to_drawn(drawn: Drawn) -> int | str | list[int | str]:
    return [_to_quota(each) for each in drawn] if isinstance(drawn, tuple) else _to_quota(drawn)


def _to_drawn_by_block(drawn: tuple[tuple[str, Drawn], ...]) -> list[list[Any]]:
    return [[label, _to_drawn(each)] for label, each in drawn]


def _to_quota(quota: Quota) -> int | str:
    return str(quota) if isinstance(quota, Fraction) else quota


def _from_drawn(content: int | str | list[int | str]) -> Drawn:
    return tuple(_from_quota(each) for each in content) if isinstance(content, list) else _from_quota(content)


def _from_drawn_by_block(content: list[list[Any]]) -> tuple[tuple[str, Drawn], ...]:
    return tuple((str(label), _from_drawn(each)) for label, each in content)


def _from_quota(content: int | str) -> Quota:
    """Return a share, or a count."""
    return _from_share(content) if isinstance(content, str) else int(content)


def _from_shares(content: str | list[str]) -> Fraction | tuple[Fraction, ...]:
    return tuple(map(_from_share, content)) if isinstance(content, list) else _from_share(content)


def _from_share(content: str) -> Fraction:
    """Return a share written ``1/3``."""
    above, below = content.split("/")
    return Fraction(int(above), int(below))
