from fractions import Fraction

import pandas as pd
import pytest

from ctieval.domain.balance_table import RatioBasis
from ctieval.errors import ProtocolError
from ctieval.evaluate.balance import check_draw
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial

PLAN = """
[trial]
title = "A trial"
arms = { intervention = "New", control = "Usual" }

[data]
table = "trial.csv"
id = "id"
arm = "arm"
intervention = "1"
control = "0"
source = "A file"

[assignment]
imported = true
design = "complete"
SHARE

[[baseline]]
name = "age"
label = "Age"
unit = "years"

[[outcome]]
name = "work"
label = "Work"
column = "work"
unit = "share"
role = "primary"
better_when = "higher"
measured_in = "both"
"""


@pytest.fixture
def make_trial(tmp_path):
    def make(share="", baseline=True):
        frame = pd.DataFrame({"id": range(40), "arm": [0] * 28 + [1] * 12, "age": range(40), "work": [0, 1] * 20})
        frame.to_csv(tmp_path / "trial.csv", index=False)
        plan = PLAN.replace("SHARE", share)
        plan = plan if baseline else plan.replace('[[baseline]]\nname = "age"\nlabel = "Age"\nunit = "years"\n', "")
        (tmp_path / "trial.toml").write_text(plan, encoding="utf-8")
        trial = load_trial(tmp_path)
        data = open_data(trial)
        return trial, load_allocation(trial, data), data

    return make


def test_a_draw_is_checked_before_any_outcome_is_measured(make_trial):
    trial, allocation, data = make_trial()
    table = check_draw(trial, allocation, data)
    assert [row.name for row in table.rows] == ["age"]
    assert table.ratio.basis is RatioBasis.AS_FOUND
    evaluation = evaluate(trial, allocation, data)
    assert repr(evaluation.balance) == repr(table)
    assert dict(evaluation.provenance.seeds)["balance"] == table.seed


def test_a_declared_share_shows_who_is_lost(make_trial):
    trial, allocation, data = make_trial("share = 0.5")
    assert trial.assignment.share == (("", Fraction(1, 2)),)
    (block,) = check_draw(trial, allocation, data).ratio.blocks
    assert block.drawn == (28, 12)
    assert block.expected == (20.0, 20.0)
    assert block.p_value < 0.02


@pytest.mark.parametrize("share", ["share = 12", "share = 1.0", "share = [0.2, 0.3]"])
def test_a_share_that_is_none_is_refused(make_trial, share):
    with pytest.raises(ProtocolError, match="share"):
        make_trial(share)


def test_without_characteristics_there_is_nothing_to_check(make_trial):
    trial, allocation, data = make_trial(baseline=False)
    assert check_draw(trial, allocation, data) is None
    assert evaluate(trial, allocation, data).balance is None
