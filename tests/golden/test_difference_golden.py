import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ctieval.inference.by_design import by_design
from ctieval.inference.difference import blocked_difference, units_minus_cells_df
from ctieval.inference.interval import student_interval

MANIFEST = tomllib.loads((Path(__file__).parent / "MANIFEST.toml").read_text(encoding="utf-8"))


def golden_value(reference, entry):
    values = json.loads((reference / "values" / f"{entry['values']}.json").read_text(encoding="utf-8"))
    return next(each["value"] for each in values["values"] if each["id"] == entry["id"]), values["data_file"]


def allocation_and_outcome(reference, entry, data_file, make_allocation):
    data = pd.read_csv(reference / "data" / Path(data_file).name)
    return make_allocation(data[entry["arm"]], blocks(data, entry)), data.eval(entry["outcome"]).to_numpy(dtype=float)


def blocks(data, entry):
    if "quartiles_of" in entry:
        return pd.qcut(data[entry["quartiles_of"]], 4, labels=False)
    return data[entry["block"]].astype(str).agg("-".join, axis=1) if "block" in entry else None


@pytest.mark.parametrize("entry", MANIFEST["golden"], ids=lambda entry: f"{entry['values']}-{entry['id']}")
def test_estimate_and_standard_error_agree_with_estimatr(reference, entry, make_allocation):
    expected, data_file = golden_value(reference, entry)
    allocation, outcome = allocation_and_outcome(reference, entry, data_file, make_allocation)

    found = by_design(outcome[:, None], allocation)

    tolerance = MANIFEST["tolerance"]
    assert found.estimate[0] == pytest.approx(expected["estimate"], rel=tolerance)
    assert found.std_error[0] == pytest.approx(expected["std_error"], rel=tolerance)
    assert found.statistic[0] == pytest.approx(expected["statistic"], rel=tolerance)
    if entry["df"] == "satterthwaite":
        assert found.df[0] == pytest.approx(expected["df"], rel=tolerance)
        assert found.p_value[0] == pytest.approx(expected["p_value"], rel=tolerance)
        assert found.conf_low[0] == pytest.approx(expected["conf_low"], rel=tolerance)
        assert found.conf_high[0] == pytest.approx(expected["conf_high"], rel=tolerance)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in MANIFEST["golden"] if entry["df"] == "units_minus_cells"],
    ids=lambda entry: f"{entry['values']}-{entry['id']}",
)
def test_the_named_degrees_of_freedom_agree_with_estimatr(reference, entry, make_allocation):
    expected, data_file = golden_value(reference, entry)
    allocation, outcome = allocation_and_outcome(reference, entry, data_file, make_allocation)

    difference = blocked_difference(outcome, allocation.arm, allocation.block, len(allocation.block_labels))
    df = np.array([units_minus_cells_df(difference)])
    student = student_interval(
        np.array([difference.estimate]), np.sqrt(np.array([difference.variance])), df, conf_level=0.95
    )

    tolerance = MANIFEST["tolerance"]
    assert df[0] == expected["df"]
    assert student.p_value[0] == pytest.approx(expected["p_value"], rel=tolerance)
    assert student.conf_low[0] == pytest.approx(expected["conf_low"], rel=tolerance)
    assert student.conf_high[0] == pytest.approx(expected["conf_high"], rel=tolerance)


def test_every_plain_and_blocked_golden_difference_is_in_the_manifest(reference):
    listed = {(entry["values"], entry["id"]) for entry in MANIFEST["golden"]}
    for file in sorted((reference / "values").glob("*.json")):
        for each in json.loads(file.read_text(encoding="utf-8"))["values"]:
            call = each["call"]
            plain = "difference_in_means(" in call and "tid(" in call and "clusters" not in call
            if plain:
                assert (file.stem, each["id"]) in listed
