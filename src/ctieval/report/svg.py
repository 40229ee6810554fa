"""Makes a drawn SVG fit to stand in a page beside others: named, without style sheets or clashing ids."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree as ET

_NAMESPACE = re.compile(r"\{(?P<uri>[^}]*)\}(?P<name>.*)")
_XLINK = "http://www.w3.org/1999/xlink"
_SVG = "http://www.w3.org/2000/svg"
_LOCAL = re.compile(r"url\(#([^)]+)\)")
_DROPPED = frozenset({"style", "metadata", "title", "desc"})


def to_inline(drawn: str, name: str, *, title: str, desc: str) -> str:
    """Return an SVG element that can stand in HTML, read aloud by its title and description.

    Args:
        drawn: The document as it was drawn.
        name: Short name that comes before every id in it, so that no two pictures share one.
        title: Name of the picture.
        desc: What the picture shows.
    """
    root = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    _tidy(root)
    _prefix_ids(root, name)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.attrib |= {"xmlns": _SVG, "role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for tag, text in (("desc", desc), ("title", title)):
        child = ET.Element(tag, {"id": f"{name}-{tag}"})
        child.text = text
        root.insert(0, child)
    return ET.tostring(root, encoding="unicode")


def to_data_uri(inline: str) -> str:
    """Return an SVG as a data address for an ``img`` element."""
    return "data:image/svg+xml;base64," + base64.b64encode(inline.encode()).decode("ascii")


def _tidy(element: ET.Element) -> None:
    """Drop style sheets, metadata and namespaces, which matter to the page and not to the picture."""
    element.tag = _bare(element.tag)
    element.attrib = {
        "href" if key == f"{{{_XLINK}}}href" else _bare(key): value for key, value in element.attrib.items()
    }
    element.tail = None
    if element.tag not in ("text", "tspan"):
        element.text = None
    for child in list(element):
        if _bare(child.tag) in _DROPPED:
            element.remove(child)
        else:
            _tidy(child)


def _prefix_ids(root: ET.Element, name: str) -> None:
    """Put a name before the ids that something points to, and drop all others."""
    pointed = {found for element in root.iter() for value in element.attrib.values() for found in _targets(value)}
    for element in root.iter():
        if element.attrib.get("id") not in pointed:
            element.attrib.pop("id", None)
        for key, value in element.attrib.items():
            if key == "id":
                element.attrib[key] = f"{name}-{value}"
            elif key == "href":
                element.attrib[key] = value.replace("#", f"#{name}-", 1)
            else:
                element.attrib[key] = _LOCAL.sub(rf"url(#{name}-\1)", value)


def _targets(value: str) -> list[str]:
    return (
        [value[1:]] if value.startswith("#") and not re.fullmatch("#[0-9a-fA-F]{6}", value) else _LOCAL.findall(value)
    )


def _bare(tag: str) -> str:
    found = _NAMESPACE.fullmatch(tag)
    return found["name"] if found else tag
