import re
from importlib import resources
from itertools import combinations

import numpy as np
import pytest

from ctieval.report.tokens import COLOURS, GRAPHIC_PAIRS, SERIES, TEXT_PAIRS, chart_parameters, css_variables

# Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113: simulation at full severity, linear RGB.
VISION = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def linear(token):
    code = COLOURS[token]
    parts = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((linear(token) @ (0.2126, 0.7152, 0.0722) for token in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(token, vision):
    seen = np.clip(np.asarray(VISION[vision]) @ linear(token), 0, 1)
    x, y, z = np.cbrt(np.asarray(TO_XYZ) @ seen / (0.95047, 1.0, 1.08883))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_yardstick_agrees_with_the_style_guide():
    assert contrast("paper", "paper") == pytest.approx(1)
    assert contrast("paper", "main") == pytest.approx(7.3, abs=0.05)  # the style guide prints one decimal


@pytest.mark.parametrize("pair", TEXT_PAIRS)
def test_text_stands_out(pair):
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("pair", GRAPHIC_PAIRS)
def test_lines_and_marks_stand_out(pair):
    assert contrast(*pair) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_series_can_be_told_apart(vision):
    distances = [np.linalg.norm(lab(a, vision) - lab(b, vision)) for a, b in combinations(SERIES, 2)]
    assert min(distances) >= 20


def test_the_style_sheet_uses_tokens_and_nothing_else():
    rules = (resources.files("ctieval.report") / "templates" / "report.css").read_text("utf-8")
    known = set(re.findall(r"--([a-z0-9-]+):", css_variables()))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", rules)) <= known
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", rules)


def test_matplotlib_knows_every_parameter():
    import matplotlib as mpl

    assert set(chart_parameters(live_text=True)) <= set(mpl.rcParams)
