"""A group of three with an odd result must be in no part of a Word file or a workbook."""

import io
import re
import zipfile
from dataclasses import replace

import pytest

from ctieval.domain.description import OutcomeLevel
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.report.build import build_council_paper, build_methods_appendix, build_report
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.word.docx import render_docx
from ctieval.report.workbook.xlsx import render_xlsx

ODD = 0.73917
PLANTED = re.compile(r"73[.,]9|0[.,]739|70[.,]1|77[.,]2|7\.?391|8\.?842")
RENDERERS = (render_docx, render_xlsx)
BUILDERS = (build_report, build_council_paper, build_methods_appendix)


def planted(evaluation, events):
    """The trial with an odd effect that rests on some events in one arm, and a step that as many reached."""
    level, effect = evaluation.levels[0], evaluation.effects.rows[0]
    odd = replace(effect, estimate=ODD, conf_low=0.70113, conf_high=0.77221)
    arm = replace(level.intervention, events=events, mean=events / level.intervention.n)
    steps = (FunnelStep("alle", 560, 1.0, 1.0), FunnelStep("sære", events, 7391.0, 8842.0))
    return replace(
        evaluation,
        levels=(OutcomeLevel("work", level.control, arm),),
        effects=replace(evaluation.effects, rows=(odd,)),
        implementation=ImplementationTable(level.intervention.n, steps),
    )


def everything_in(content):
    """Every part of a file that is a text, its markup taken away."""
    parts = zipfile.ZipFile(io.BytesIO(content))
    texts = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
    values = [found for text in texts for found in re.findall(r'>([^<]+)<|(?:descr|title|name)="([^"]*)"', text)]
    return "\n".join(part for pair in values for part in pair if part)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("build", BUILDERS)
def test_a_group_of_three_leaves_no_trace(bare, build, render, lang):
    told = everything_in(render(build(protect(planted(bare, 3)), lang)))
    assert PLANTED.findall(told) == []


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("build", BUILDERS)
def test_nor_in_print(bare, build, lang, read_pdf):
    assert PLANTED.findall(read_pdf(render_pdf(build(protect(planted(bare, 3)), lang)))) == []


def test_a_large_group_is_in_the_council_paper(bare):
    told = everything_in(render_docx(build_council_paper(protect(planted(bare, 300)), "da")))
    assert len(set(PLANTED.findall(told))) >= 3


@pytest.mark.parametrize("render", RENDERERS)
def test_a_large_group_does(bare, render):
    told = everything_in(render(build_report(protect(planted(bare, 300)), "da")))
    assert len(set(PLANTED.findall(told))) >= 4
