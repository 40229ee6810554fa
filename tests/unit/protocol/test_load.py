from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ctieval.domain.criterion import ActivityReady, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.outcome import ColumnOutcome, InstrumentOutcome, Measure, MeasuredIn, Role, State, StateOutcome
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, PlannedDraw, RegisterFolder
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.errors import InputError, ProtocolError
from ctieval.protocol.load import load_trial

REGISTERS = """
[trial]
title = { da = "Støtte", en = "Support" }
start = 2018-02-01
end = 2020-03-31
arms = { intervention = "Indsatsgruppe", control = "Kontrolgruppe" }

[data]
folder = "data"
rates = "rates"
source = "Registre"

[eligibility]
as_of = 2018-01-15
min_age_years = 30
min_unemployed = { weeks = 52, gap_rule = "28_days", benefits = "kontanthjaelp" }
activity_ready = true

[assignment]
block = "municipality"
drawn = { "153" = 120, "550" = "1/2" }
seed = 20180201
record = "allocation.json"
randomised_on = 2018-02-05

[[outcome]]
name = "ordinary_job_12m"
state = "ordinary_job"
window_weeks = [0, 52]
measure = "weeks"
role = "primary"

[[outcome]]
name = "who5_12m"
instrument = "who5"
wave = "12m"
baseline_wave = "start"
measured_in = "intervention"

[economics]
perspectives = ["municipality", "state"]
horizon_weeks = 104
price_year = 2020
discount = "fm_2021"

[report]
languages = ["da", "en"]
smallest_cell = 5
"""

TABLE = """
[trial]
title = "JOBS"
start = 1991-01-01
end = 1993-12-31
arms = { intervention = "Workshop", control = "Booklet" }

[data]
table = "jobs2.csv"
id = "id"
arm = "treat"
intervention = 1
control = 0
source = "JOBS II"

[assignment]
imported = true
design = "complete"

[[baseline]]
name = "age"
unit = "years"

[[outcome]]
name = "work"
column = "work"
unit = "share"
role = "primary"
"""


@pytest.fixture
def plan(tmp_path):
    def write(text):
        file = tmp_path / "trial.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_a_register_trial_is_read_whole(plan):
    file = plan(REGISTERS)
    trial = load_trial(file)
    assert trial.title.to_text("da") == "Støtte"
    assert trial.data == RegisterFolder(
        folder=file.parent / "data", rates=file.parent / "rates", covers=None, source=trial.data.source
    )
    assert trial.eligibility is not None
    assert trial.eligibility.criteria == (
        MinimumAge(30),
        MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp"),
        ActivityReady(),
    )
    assert trial.assignment == PlannedDraw(
        design=Blocked("municipality", (("153", 120), ("550", Fraction(1, 2)))),
        seed=20180201,
        record=file.parent / "allocation.json",
        randomised_on=date(2018, 2, 5),
    )
    job, who5 = trial.outcomes
    assert isinstance(job, StateOutcome)
    assert (job.state, job.measure, job.window) == (State.ORDINARY_JOB, Measure.WEEKS, Window(0, 52))
    assert job.role is Role.PRIMARY
    assert isinstance(who5, InstrumentOutcome)
    assert who5.measured_in is MeasuredIn.INTERVENTION


def test_a_ready_table_is_read_whole(plan):
    file = plan(TABLE)
    trial = load_trial(file)
    assert isinstance(trial.data, AnalysisTable)
    assert trial.data.path == file.parent / "jobs2.csv"
    assert (trial.data.intervention, trial.data.control) == ("1", "0")
    assert isinstance(trial.assignment, ImportedAllocation)
    assert isinstance(trial.outcomes[0], ColumnOutcome)
    assert trial.outcomes[0].unit is Unit.SHARE
    assert trial.report.smallest_cell == 5


def test_the_data_can_lie_elsewhere_and_the_digest_stays(plan):
    file = plan(TABLE)
    moved = load_trial(file, data=Path("elsewhere.csv"))
    assert moved.data.path == Path("elsewhere.csv")
    assert moved.digest == load_trial(file).digest


def test_the_digest_is_of_the_plan_and_not_of_its_spelling(plan):
    first = load_trial(plan(TABLE)).digest
    assert load_trial(plan("# a comment\n" + TABLE.replace('id = "id"', 'id   =   "id"'))).digest == first
    assert load_trial(plan(TABLE.replace('"share"', '"points"'))).digest != first


def test_a_folder_stands_for_its_plan(plan):
    assert load_trial(plan(TABLE).parent).title.da == "JOBS"


def test_one_number_is_drawn_from_everybody_without_blocks(plan):
    text = REGISTERS.replace('block = "municipality"\n', "").replace('{ "153" = 120, "550" = "1/2" }', "0.25")
    trial = load_trial(plan(text))
    assert isinstance(trial.assignment, PlannedDraw)
    assert trial.assignment.design == Complete(Fraction(1, 4))


BROKEN = {
    "unknown key": (TABLE, 'id = "id"', 'id = "id"\nidd = "x"', 11, "data.idd", "nobody reads"),
    "unknown table": (TABLE, "[[baseline]]", "[[baselines]]", 20, "baselines", "nobody reads"),
    "missing key": (TABLE, 'arm = "treat"\n', "", 8, "data.arm", "lacks a key"),
    "wrong kind": (REGISTERS, "seed = 20180201", 'seed = "x"', 22, "assignment.seed", "wrong kind"),
    "quoted date": (TABLE, "start = 1991-01-01", 'start = "1991-01-01"', 4, "trial.start", "wrong kind"),
    "not in the list": (TABLE, '"share"', '"shares"', 27, "outcome[1].unit", "wrong kind"),
    "ends before it begins": (TABLE, "1993-12-31", "1990-12-31", 5, "trial.end", "ends before"),
    "equal arms": (TABLE, '"Booklet"', '"Workshop"', 6, "trial.arms", "same name"),
    "equal values": (TABLE, "control = 0", "control = 1", 13, "data.control", "same name"),
    "turned window": (REGISTERS, "[0, 52]", "[52, 0]", 29, "outcome[1].window_weeks", "wrong kind"),
    "primary in one arm": (
        REGISTERS,
        'measured_in = "intervention"',
        'measured_in = "intervention"\nrole = "primary"',
        38,
        "outcome[2].measured_in",
        "one arm only",
    ),
    "column from registers": (
        REGISTERS,
        'instrument = "who5"\nwave = "12m"\nbaseline_wave = "start"',
        'column = "x"\nunit = "points"',
        33,
        "outcome[2]",
        "declared data",
    ),
    "draw before the look-up": (REGISTERS, "2018-02-05", "2018-01-05", 24, "assignment.randomised_on", "lies before"),
    "same outcome twice": (REGISTERS, '"who5_12m"', '"ordinary_job_12m"', 34, "outcome[2].name", "same name"),
    "blocked without a block": (TABLE, '"complete"', '"blocked"', 18, "assignment.design", "contradict"),
    "share above one": (REGISTERS, '"1/2"', "1.5", 21, "assignment.drawn.550", "wrong kind"),
    "numbers per block without a block": (
        REGISTERS,
        'block = "municipality"\n',
        "",
        20,
        "assignment.drawn",
        "without a block",
    ),
    "register trial with imported arms": (TABLE, 'table = "jobs2.csv"', 'folder = "data"', 10, "data.id", "nobody"),
    "cell below the least allowed": (
        REGISTERS,
        "smallest_cell = 5",
        "smallest_cell = 1",
        48,
        "report.smallest_cell",
        "",
    ),
    "unknown language": (REGISTERS, '["da", "en"]', '["de"]', 47, "report.languages", "language"),
    "no outcome": (TABLE.partition("[[outcome]]")[0], "x", "x", None, "outcome", "no outcome"),
    "no criterion": (
        REGISTERS,
        REGISTERS[REGISTERS.index("min_age") : REGISTERS.index("\n[assignment]")],
        "",
        13,
        "eligibility",
        "no criterion",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plan_names_the_line_to_mend(plan, name):
    text, old, new, line, key, what = BROKEN[name]
    with pytest.raises(ProtocolError) as caught:
        load_trial(plan(text.replace(old, new)))
    assert caught.value.key == key
    assert caught.value.line == line
    assert what in caught.value.what
    assert caught.value.exit_code == 13


def test_an_impossible_date_names_the_line(plan):
    with pytest.raises(ProtocolError, match="not valid TOML") as caught:
        load_trial(plan(TABLE.replace("1991-01-01", "1991-02-31")))
    assert caught.value.line == 4


def test_a_plan_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError) as caught:
        load_trial(tmp_path / "nothing.toml")
    assert caught.value.exit_code == 10


def test_a_plan_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "trial.toml"
    file.write_bytes(TABLE.replace("JOBS", "Støtte").encode("cp1252"))
    with pytest.raises(ProtocolError, match="not UTF-8"):
        load_trial(file)
