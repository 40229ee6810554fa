import base64
from xml.etree import ElementTree as ET

from ctieval.report.svg import to_data_uri, to_inline

DRAWN = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="5pt"
  viewBox="0 0 10 5" version="1.1">
 <metadata><x/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style><clipPath id="c"><rect width="1"/></clipPath></defs>
 <g id="unused" clip-path="url(#c)"><use xlink:href="#m" style="fill: #005b8c; clip: url(#c)"/>
  <path id="m" d="M 0 0"/></g>
 <text>kept as it is</text>
</svg>"""


def root():
    return ET.fromstring(to_inline(DRAWN, "fig-a", title="A < B", desc='"D" & E'))


def name(tag):
    return "{http://www.w3.org/2000/svg}" + tag


def test_it_is_named_by_title_and_description():
    svg = root()
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "fig-a-title fig-a-desc"
    assert [(child.tag, child.text) for child in svg[:2]] == [(name("title"), "A < B"), (name("desc"), '"D" & E')]


def test_style_sheets_and_metadata_are_gone_and_texts_stay():
    svg = root()
    assert not list(svg.iter(name("style")))
    assert not list(svg.iter(name("metadata")))
    assert [text.text for text in svg.iter(name("text"))] == ["kept as it is"]
    assert "width" not in svg.attrib


def test_ids_that_are_pointed_to_carry_the_name_and_others_are_dropped():
    text = to_inline(DRAWN, "fig-a", title="T", desc="D")
    assert 'clip-path="url(#fig-a-c)"' in text
    assert "clip: url(#fig-a-c)" in text
    assert 'href="#fig-a-m"' in text
    assert 'id="fig-a-m"' in text
    assert "fill: #005b8c" in text
    assert "unused" not in text


def test_a_data_address_holds_the_same_picture():
    address = to_data_uri("<svg/>")
    assert base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")) == b"<svg/>"
