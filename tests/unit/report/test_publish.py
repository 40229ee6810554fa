import hashlib
import json

import pytest

from ctieval.report import publish as room
from ctieval.report.charts import draw
from ctieval.report.publish import USUAL, Audience, ReportFormat, publish

FIRST = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK"}


@pytest.fixture(scope="module")
def published(full, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    told = []
    return publish(full, folder, progress=told.append), told


def test_every_format_is_written_in_both_languages_and_the_manifest_last(published):
    paths, told = published
    papers = ("pdf", "docx")
    names = [
        *(f"rapport.{form.value}" for form in ReportFormat),
        *(f"sagsfremstilling.{form}" for form in papers),
        *(f"report.{form.value}" for form in ReportFormat),
        *(f"council-paper.{form}" for form in papers),
    ]
    assert [path.name for path in paths] == [*names, "manifest.json"]
    assert told == names
    for path in paths[:-1]:
        assert path.read_bytes().startswith(FIRST[path.suffix[1:]]), path.name


def test_the_manifest_has_the_digest_of_every_file(published):
    paths, _ = published
    outputs = json.loads(paths[-1].read_bytes())["outputs"]
    assert outputs == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths[:-1]}


def test_only_the_formats_that_were_asked_for_are_written_in_their_order(full, tmp_path):
    paths = publish(full, tmp_path, formats=(ReportFormat.XLSX, ReportFormat.HTML))
    assert [path.name for path in paths] == [
        "rapport.xlsx",
        "rapport.html",
        "report.xlsx",
        "report.html",
        "manifest.json",
    ]


def test_each_audience_has_its_file_in_the_order_asked_for(full, tmp_path):
    audiences = (Audience.METHODS, Audience.COUNCIL, Audience.FULL)
    paths = publish(full, tmp_path, audiences=audiences, formats=(ReportFormat.DOCX,))
    stems = ("metodebilag", "sagsfremstilling", "rapport", "methods", "council-paper", "report")
    assert [path.name for path in paths] == [*(f"{stem}.docx" for stem in stems), "manifest.json"]
    assert len({path.read_bytes() for path in paths}) == len(paths)


def test_the_appendix_alone_is_asked_for():
    assert USUAL == (Audience.FULL, Audience.COUNCIL)


def test_the_files_of_the_full_report_are_the_same_whoever_else_is_written_for(published, full, tmp_path):
    paths, _ = published
    for path in publish(full, tmp_path, audiences=(Audience.FULL,))[:-1]:
        assert path.read_bytes() == (paths[0].parent / path.name).read_bytes(), path.name


def test_nothing_is_put_in_place_before_everything_is_rendered(full, tmp_path, monkeypatch):
    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(room, "render_xlsx", fail)
    with pytest.raises(RuntimeError):
        publish(full, tmp_path / "out", formats=(ReportFormat.HTML, ReportFormat.XLSX))
    assert not (tmp_path / "out").exists()


def test_each_figure_is_drawn_once_whatever_the_number_of_formats(full, tmp_path, monkeypatch):
    drawn = []
    sheet = draw._sheet
    monkeypatch.setattr(draw, "_sheet", lambda chart, words: drawn.append((chart, words.lang)) or sheet(chart, words))
    for cached in (draw.draw_chart, draw.draw_png, draw._drawn):
        cached.cache_clear()
    publish(full, tmp_path, audiences=tuple(Audience))
    assert drawn
    assert len(drawn) == len(set(drawn))


def test_a_workbook_of_an_earlier_run_does_not_outlive_the_leave_to_tell_it(full, tmp_path):
    assert full.economics.quantities is None
    earlier, own = tmp_path / "oekonomi.xlsx", tmp_path / "egne-noter.xlsx"
    for path in (earlier, own):
        path.write_bytes(b"PK")
    publish(full, tmp_path, audiences=(Audience.METHODS,), formats=(ReportFormat.HTML,))
    assert (earlier.exists(), own.exists()) == (False, True)


def outputs_of(folder):
    return set(json.loads((folder / "manifest.json").read_bytes())["outputs"])


def test_formats_written_one_after_the_other_stand_in_one_manifest(bare, tmp_path):
    publish(bare, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.HTML,))
    publish(bare, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.XLSX,))
    files = {"rapport.html", "report.html", "rapport.xlsx", "report.xlsx"}
    assert outputs_of(tmp_path) == files
    assert files <= {path.name for path in tmp_path.iterdir()}


def test_a_report_of_another_evaluation_does_not_stay_beside_the_new_one(bare, full, tmp_path):
    publish(bare, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.HTML, ReportFormat.DOCX))
    (tmp_path / "rapport.docx").write_bytes(b"PK, edited by the evaluator")
    (tmp_path / "noter.txt").write_text("of the evaluator")
    publish(full, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.XLSX,))
    left = {path.name for path in tmp_path.iterdir()}
    assert not {"rapport.html", "report.html", "report.docx"} & left
    assert {"rapport.docx", "noter.txt", "rapport.xlsx"} <= left
    assert not {"rapport.docx", "noter.txt"} & outputs_of(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"outputs": {"../plan.toml": "0"}}', '{"outputs": 3}'])
def test_a_manifest_that_is_none_takes_nothing_away(bare, tmp_path, content):
    folder = tmp_path / "rapport"
    folder.mkdir()
    (tmp_path / "plan.toml").write_text("plan")
    (folder / "manifest.json").write_text(content)
    publish(bare, folder, audiences=(Audience.FULL,), formats=(ReportFormat.HTML,))
    assert (tmp_path / "plan.toml").read_text() == "plan"
    assert outputs_of(folder) == {"rapport.html", "report.html"}
