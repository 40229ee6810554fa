"""The draw protocol: one page, all its facts, no person, the same bytes."""

import re
from datetime import date

import pytest

from ctieval.domain.draw_protocol import DrawnBlock, DrawProtocol
from ctieval.domain.wording import Label, Phrase
from ctieval.report.draw_protocol import render_draw_protocol

PROTOCOL = DrawProtocol(
    title=Label("Forsøg <b>", "Trial <b>"),
    arms=("Kontrol", "Indsats"),
    design=Phrase("draw.blocked.municipality"),
    blocks=(DrawnBlock("153", (398, 120), ("199/259", "60/259")), DrawnBlock("999", (1, 2), ("1/3", "2/3"))),
    seed=20180201,
    generator="PCG64",
    versions=(("ctieval", "0.1.0"), ("numpy", "2.4.6")),
    randomised_on=date(2018, 2, 5),
    drawn_at="2018-02-01T09:30:00+01:00",
    drawn_by="A. Hansen & B. Jensen",
    record="allocation.json",
    record_digest="ab" * 32,
    cohort_digest="cd" * 32,
    plan_digest="",
    holds=True,
)


@pytest.mark.parametrize(("lang", "said"), [
    ("da", ["Lodtrækningsprotokol", "Brøndby", "398", "5. februar 2018", "1. februar 2018 kl. 09:30", "ikke oplyst"]),
    ("en", ["Draw protocol", "Brøndby", "398", "5 February 2018", "1 February 2018 at 09:30", "not stated"]),
])  # fmt: skip
def test_every_fact_stands_on_the_page(lang, said):
    page = render_draw_protocol(PROTOCOL, lang).decode().replace("\u00a0", " ")
    assert f'<html lang="{lang}">' in page
    for text in [*said, "199/259 / 60/259", "ab" * 32, "cd" * 32, "20180201", "A. Hansen &amp; B. Jensen", "999"]:
        assert text in page
    assert "<b>" not in page


def test_the_page_asks_the_network_for_nothing_and_is_the_same_again():
    page = render_draw_protocol(PROTOCOL, "da")
    assert page == render_draw_protocol(PROTOCOL, "da")
    assert not re.search(rb"https?://", page.replace(b"http://www.w3.org", b""))


def test_a_draw_without_blocks_names_everybody():
    pool = DrawProtocol(**{name: getattr(PROTOCOL, name) for name in PROTOCOL.__slots__} | {
        "blocks": (DrawnBlock("", (3, 2), ("3/5", "2/5")),), "design": Phrase("draw.complete"), "drawn_at": "",
    })  # fmt: skip
    page = render_draw_protocol(pool, "da").decode()
    assert "Alle" in page
    assert page.count("ikke oplyst") == 2
