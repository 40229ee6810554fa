"""Opens the report in Debian's Chromium: accessible, without a request, and without sideways scrolling."""

import json
import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from ctieval.report.html import render_html

ROOT = Path(__file__).parents[2]
SAMPLE = runpy.run_path(str(ROOT / "tests" / "unit" / "report" / "sample_report.py"))
BROKEN = "<!DOCTYPE html><html><title>x</title><main><h1>x</h1><p style='color:#ccc'>pale</p><svg role='img'/></main>"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def command(absent):
    modules = Path(os.environ.get("CTIEVAL_NODE_MODULES", ROOT / "node_modules")).resolve()
    node, chromium = shutil.which("node"), shutil.which("chromium")
    if node is None or chromium is None:
        absent("node or chromium is not installed", "BROWSER")
    for name in ("axe-core", "playwright-core"):
        if not (modules / name).is_dir():
            absent(
                f"{name} is not installed; name the folder of the node modules in CTIEVAL_NODE_MODULES",
                "BROWSER",
            )
    return [node, str(Path(__file__).with_name("axe.mjs")), str(modules), chromium]


@pytest.fixture(scope="module")
def opened(command, tmp_path_factory):
    """What the browser found, by name: the sample in both languages, and a page that is broken on purpose."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {lang: render_html(SAMPLE["sample"](lang)) for lang in ("da", "en")} | {"broken": BROKEN.encode()}
    for name, content in pages.items():
        (folder / f"{name}.html").write_bytes(content)
    files = [str(folder / f"{name}.html") for name in pages]
    run = subprocess.run([*command, *files], check=False, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return dict(zip(pages, json.loads(run.stdout), strict=True))


def test_axe_finds_faults_in_a_broken_page(opened):
    faults = {violation.partition(":")[0] for violation in opened["broken"]["violations"]}
    assert {"html-has-lang", "color-contrast", "svg-img-alt"} <= faults


@pytest.mark.parametrize("lang", ["da", "en"])
def test_axe_finds_nothing_in_the_report(opened, lang):
    assert opened[lang]["violations"] == []


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_report_asks_for_nothing_and_brings_its_fonts(opened, lang):
    assert opened[lang]["requests"] == []
    assert opened[lang]["fonts"] == [True, True, True]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_page_never_scrolls_sideways(opened, lang):
    assert opened[lang]["widths"] == {"320": 320, "390": 390, "1280": 1280}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_smallest_text_of_a_chart_can_be_read_on_a_phone(opened, lang):
    assert opened[lang]["smallest"] >= 10
