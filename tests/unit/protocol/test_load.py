from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ctieval.domain.criterion import ActivityReady, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.outcome import ColumnOutcome, InstrumentOutcome, Measure, MeasuredIn, Role, State, StateOutcome
from ctieval.domain.trial import (
    AllocationFile,
    AnalysisTable,
    ImportedAllocation,
    ImportedDesign,
    PlannedDraw,
    RegisterFolder,
)
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


DRAWN = """[assignment]
imported = true
design = "blocked"
file = "lod.csv"
id = "Borger"
arm = "Gruppe"
intervention = 1
control = "K"
block = "Kommune"
randomised_on = 2018-02-05

"""
ELSEWHERE = REGISTERS.partition("[assignment]")[0] + DRAWN + REGISTERS[REGISTERS.index("[[outcome]]") :]


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
        plan_digest=trial.assignment.plan_digest,
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


def test_the_arms_of_a_register_trial_can_stand_in_a_file_beside_its_tables(plan):
    file = plan(ELSEWHERE)
    trial = load_trial(file)
    assert trial.assignment == AllocationFile(
        table=AnalysisTable(
            path=file.parent / "data" / "lod.csv",
            id="Borger",
            arm="Gruppe",
            intervention="1",
            control="K",
            block="Kommune",
            source=trial.data.source,
        ),
        declared=ImportedAllocation(ImportedDesign.BLOCKED),
        randomised_on=date(2018, 2, 5),
    )
    moved = load_trial(file, data=Path("elsewhere"))
    assert moved.assignment.table.path == Path("elsewhere") / "lod.csv"


def test_a_trial_may_have_register_codes_of_its_own(plan):
    file = plan(REGISTERS.replace('rates = "rates"', 'codes = "koder.toml"'))
    assert load_trial(file).data.codes == file.parent / "koder.toml"


def test_the_data_can_lie_elsewhere_and_the_digest_stays(plan):
    file = plan(TABLE)
    moved = load_trial(file, data=Path("elsewhere.csv"))
    assert moved.data.path == Path("elsewhere.csv")
    assert moved.digest == load_trial(file).digest


def test_the_digest_is_of_the_plan_and_not_of_its_spelling(plan):
    first = load_trial(plan(TABLE)).digest
    assert load_trial(plan("# a comment\n" + TABLE.replace('id = "id"', 'id   =   "id"'))).digest == first
    assert load_trial(plan(TABLE.replace('"share"', '"points"'))).digest != first


def test_the_digest_before_the_draw_holds_what_must_not_change_after_it(plan):
    first = load_trial(plan(REGISTERS)).assignment.plan_digest
    assert load_trial(plan(REGISTERS.replace('"Registre"', '"Udtræk"'))).assignment.plan_digest == first
    for old, new in (("[0, 52]", "[0, 26]"), ("min_age_years = 30", "min_age_years = 29"), ("= 104", "= 52")):
        assert load_trial(plan(REGISTERS.replace(old, new))).assignment.plan_digest != first


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
    "arms elsewhere without their file": (ELSEWHERE, 'file = "lod.csv"\n', "", 19, "assignment.file", "lacks a key"),
    "arms elsewhere without a day": (
        ELSEWHERE,
        "randomised_on = 2018-02-05\n",
        "",
        19,
        "assignment.randomised_on",
        "lacks a key",
    ),
    "arms elsewhere, drawn before the look-up": (
        ELSEWHERE,
        "2018-02-05",
        "2018-01-05",
        28,
        "assignment.randomised_on",
        "lies before",
    ),
    "arms elsewhere of one name": (
        ELSEWHERE,
        "intervention = 1",
        'intervention = "K"',
        26,
        "assignment.control",
        "same",
    ),
    "arms elsewhere, blocked without a block": (
        ELSEWHERE,
        'block = "Kommune"\n',
        "",
        21,
        "assignment.design",
        "contradict",
    ),
    "arms elsewhere with a seed": (
        ELSEWHERE,
        "imported = true",
        "imported = true\nseed = 1",
        21,
        "assignment.seed",
        "no",
    ),
    "a planned draw of a ready table": (
        TABLE,
        'imported = true\ndesign = "complete"',
        'drawn = 0.5\nseed = 1\nrecord = "a.json"\nrandomised_on = 1991-08-05',
        16,
        "assignment",
        "does not fit",
    ),
    "an unknown account": (REGISTERS, '"state"]', '"stat"]', 41, "economics.perspectives", "not known"),
    "covers as a list": (
        REGISTERS,
        'rates = "rates"',
        "covers = [2015-01-01, 2020-12-31]",
        10,
        "data.covers",
        "wrong kind",
    ),
    "covers that end in the week of the look-up": (
        REGISTERS,
        'rates = "rates"',
        "covers = { start = 2015-01-01, end = 2018-01-20 }",
        14,
        "eligibility.as_of",
        "do not cover",
    ),
    "covers that begin after the look-up": (
        REGISTERS,
        'rates = "rates"',
        "covers = { start = 2018-01-16, end = 2019-01-20 }",
        14,
        "eligibility.as_of",
        "do not cover",
    ),
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


def refused(file):
    with pytest.raises((InputError, ProtocolError)) as caught:
        load_trial(file)
    return caught.value


def test_covers_may_end_on_the_sunday_after_the_look_up(plan):
    covers = "covers = { start = 2015-01-01, end = 2018-01-21 }"
    assert load_trial(plan(REGISTERS.replace('rates = "rates"', covers))).data.covers is not None


def test_the_nearest_value_of_a_closed_list_is_offered(plan):
    assert refused(plan(REGISTERS.replace('"ordinary_job"', '"Ordinry_job"'))).do == (
        'write state = "ordinary_job", if that is what is meant'
    )
    assert refused(plan(REGISTERS.replace('"ordinary_job"', '"xyz"'))).do.startswith("write state = one of")


def test_a_misspelt_optional_key_is_told_from_those_that_may_stand_there(plan):
    error = refused(plan(REGISTERS.replace("min_age_years", "min_age_year")))
    assert (error.key, error.expected) == ("eligibility.min_age_year", "perhaps min_age_years")


def test_no_python_is_shown_of_a_list(plan):
    error = refused(plan(REGISTERS.replace('rates = "rates"', "covers = [2015-01-01, 2020-12-31]")))
    assert error.found == "a list"
    assert "{ start = " in error.do


def test_a_missing_key_is_told_with_its_table(plan):
    assert refused(plan(REGISTERS.replace("seed = 20180201\n", ""))).do == (
        "add a line that begins with seed = to assignment"
    )


def test_quotation_marks_from_a_word_processor_are_explained(plan):
    assert "straight quotation marks" in refused(plan(TABLE.replace('title = "JOBS"', "title = \u201cJOBS\u201d"))).do


def test_a_plan_with_an_ending_that_windows_hides_is_found_beside(plan):
    file = plan(TABLE)
    file.rename(file.with_name("trial.toml.txt"))
    assert refused(file.parent).found == "no such file; beside it: trial.toml.txt"
