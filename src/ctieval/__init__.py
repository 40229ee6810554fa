"""Evaluates randomized trials of employment interventions. The names that a notebook uses; nothing is defined here."""

from ctieval.domain.effect_table import EffectTable
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.trial import Trial
from ctieval.errors import CtievalError
from ctieval.evaluate.balance import check_draw
from ctieval.evaluate.data import draw_allocation, load_allocation, open_data
from ctieval.evaluate.demo import publish_demo, write_demo
from ctieval.evaluate.frame import estimate_frame
from ctieval.evaluate.story import evaluate, evaluate_trial
from ctieval.inference.by_design import by_design
from ctieval.protocol.load import load_trial
from ctieval.registers.read_table import read_table
from ctieval.report.build import build_council_paper, build_methods_appendix, build_report
from ctieval.report.html import render_html
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.publish import publish
from ctieval.simulation.world import simulate_world

__all__ = [
    "CtievalError",
    "EffectTable",
    "Evaluation",
    "Trial",
    "build_council_paper",
    "build_methods_appendix",
    "build_report",
    "by_design",
    "check_draw",
    "draw_allocation",
    "estimate_frame",
    "evaluate",
    "evaluate_trial",
    "load_allocation",
    "load_trial",
    "open_data",
    "protect",
    "publish",
    "publish_demo",
    "read_table",
    "render_html",
    "render_pdf",
    "simulate_world",
    "write_demo",
]
