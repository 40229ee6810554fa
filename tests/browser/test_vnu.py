"""Holds the report against the rules of HTML with the W3C's own checker."""

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
BROKEN = "<!DOCTYPE html><html lang=da><title>x</title><h1 id=a>x</h1><p id=a>y<table><tr><td>z</table></html>"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def faults(tmp_path_factory, absent):
    """What the checker finds, by name: the sample in both languages, and a page that is broken on purpose."""
    modules = Path(os.environ.get("CTIEVAL_NODE_MODULES", ROOT / "node_modules")).resolve()
    checker = modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
    java = shutil.which("java")
    if java is None or not checker.exists():
        absent(
            "java or vnu-jar is not installed; name the folder of the node modules in CTIEVAL_NODE_MODULES",
            "BROWSER",
        )
    folder = tmp_path_factory.mktemp("pages")
    pages = {lang: render_html(SAMPLE["sample"](lang)) for lang in ("da", "en")} | {"broken": BROKEN.encode()}
    files = {name: folder / f"{name}.html" for name in pages}
    for name, file in files.items():
        file.write_bytes(pages[name])
    run = subprocess.run(
        [java, "-jar", str(checker), "--errors-only", "--format", "json", *map(str, files.values())],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    messages = json.loads(run.stderr)["messages"]
    return {name: [each["message"] for each in messages if each["url"].endswith(f"/{name}.html")] for name in pages}


def test_the_checker_finds_faults_in_a_broken_page(faults):
    assert any("Duplicate ID" in fault for fault in faults["broken"])


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_checker_finds_nothing_in_the_report(faults, lang):
    assert faults[lang] == []
