"""``ctieval estimate`` by each of its methods, from file to row, against R."""

import json

import pytest

from ctieval.cli.main import run

X = "depress1,econ_hard,age,female,nonwhite"
CASES = [
    ("jobs2", "lin_work_HC2", ("work", "treat", "--method", "adjusted", "--covariates", X)),
    ("jobs2", "lin_depress2_HC2", ("depress2", "treat", "--method", "adjusted", "--covariates", X)),
    ("jobs2", "iv_work_HC2", ("work", "treat", "--method", "cace", "--take-up", "comply")),
    ("achievement_awards_2001", "dim_clustered_all", ("Bagrut_status", "treated", "--cluster", "school_id")),
    (
        "achievement_awards_2001",
        "lm_lin_cluster_CR2_all",
        (
            "Bagrut_status",
            "treated",
            "--cluster",
            "school_id",
            "--method",
            "adjusted",
            "--covariates",
            "lagscore,mother_ed",
        ),
    ),
]


@pytest.mark.parametrize(("name", "key", "asked"), CASES, ids=[key for _, key, _ in CASES])
def test_from_file_to_row(reference, capsys, name, key, asked):
    values = json.loads((reference / "values" / f"{name}.json").read_text(encoding="utf-8"))["values"]
    expected = next(each["value"] for each in values if each["id"] == key)
    outcome, arm, *options = asked
    table = str(reference / "data" / f"{name}.csv")
    with pytest.raises(SystemExit) as left:
        run(["estimate", table, "--outcome", outcome, "--arm", arm, *options, "--format", "json"])
    assert left.value.code == 0
    row, *regions = json.loads(capsys.readouterr().out)
    assert len(regions) == ("cace" in options)
    assert row["estimate"] == pytest.approx(expected["estimate"], rel=1e-8)
    assert row["std_error"] == pytest.approx(expected["std_error"], rel=1e-8)
    if "cluster" in key:
        assert row["df"] == pytest.approx(expected["df"], rel=1e-8)
