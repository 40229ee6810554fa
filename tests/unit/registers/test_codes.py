"""The shipped code list, its sets, and what an overlay may and may not do."""

from collections import Counter

import numpy as np
import pytest

from ctieval.domain.outcome import State
from ctieval.domain.registers import NOT_OBSERVED
from ctieval.errors import InputError
from ctieval.registers.codes import Basis, load_code_list

FROM_CODES = set(State) - {State.SELF_SUPPORT, State.BENEFIT, State.ORDINARY_HOURS}
HEAD = """
vintage = "2025-07"
[source]
title = "A letter from the register"
section = "p. 1"
href = "https://example.org/letter"
retrieved = 2026-11-02
"""
CODE = """
[codes.870]
name = "Jobafklaring, Passiv"
group = "Jobafklaring"
activity = "Passiv"
counts_to_duration = true
resets_duration = false
state = "passive_benefit"
"""


@pytest.fixture(scope="module")
def codes():
    return load_code_list()


@pytest.fixture
def overlay(tmp_path):
    def write(text):
        path = tmp_path / "codes.toml"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write


def by_group(codes, *groups):
    return {entry.code for entry in codes.codes if entry.group in groups}


def test_the_list_holds_the_131_codes_of_november_2015(codes):
    assert len(codes.codes) == len(codes.known) == 131
    assert codes.vintage == "2015-11"
    assert codes.source.href == "https://github.com/LokeSonne/DREAM-CSV-til-JSON"
    assert codes.source.secondary
    assert not codes.source.simulated


def test_every_code_but_the_blank_week_is_in_exactly_one_state(codes):
    times = Counter(code for state in FROM_CODES for code in codes.members(state))
    assert set(times) == codes.known - {0}
    assert set(times.values()) == {1}


def test_the_states_are_those_that_a_code_can_tell(codes):
    assert {named.name for named in codes.sets} & set(State) == FROM_CODES


def test_every_set_says_what_it_rests_on_and_what_was_decided(codes):
    assert {named.name for named in codes.sets if named.basis is Basis.CONVENTION} == {
        *FROM_CODES,
        "connected_unemployment",
        "company_based",
        "public_payment",
    }
    assert [named.name for named in codes.sets if named.basis is Basis.INFERENCE] == ["activity_ready"]
    assert all(len(named.description) > 15 for named in codes.sets)


def test_the_benefit_sets_are_the_groups_of_the_source(codes):
    assert codes.members("kontanthjaelp") == by_group(codes, "Kontanthjælp")
    assert codes.members("kontanthjaelp") <= {*range(130, 140), *range(730, 740)}
    assert codes.members("uddannelseshjaelp") == by_group(codes, "Uddannelseshjælp")
    assert codes.members("cash_and_education_benefit") == by_group(codes, "Kontanthjælp", "Uddannelseshjælp")
    assert codes.members("integration") == by_group(codes, "Integration")
    assert codes.members("dagpenge") == by_group(codes, "Dagpenge")
    assert codes.members("ledighedsydelse") == by_group(codes, "Ledighedsydelse")
    assert codes.members("revalidering") == by_group(codes, "Forrevalidering", "Revalidering")
    assert codes.members("ressourceforloeb") == by_group(codes, "Ressourceforløb")
    assert codes.members("sygedagpenge") == by_group(codes, "Sygedagpenge")


def test_public_support_is_what_the_source_counts(codes):
    support = codes.members("public_support")
    assert {730, 771, 785, 810, 895, 412, 511} <= support
    assert not {0, 100, 121, 521, 522, 621, 622, 651, 661, 781, 783, 881, 997, 998, 999} & support


def test_public_payment_is_public_support_that_is_paid_and_what_the_source_leaves_out_of_it(codes):
    paid, support = codes.members("public_payment"), codes.members("public_support")
    assert paid - support == {611, 621, 622, 781, 783, 881}
    assert support - paid == {114}
    assert not {0, 100, 121, 521, 522, 651, 652, 661, 997, 998, 999} & paid


def test_activity_ready_is_cash_benefit_without_the_mark_of_the_job_ready(codes):
    ready = codes.members("activity_ready")
    assert ready == codes.members("kontanthjaelp") & set(range(730, 740))
    assert all("Jobparat" not in entry.name for entry in codes.codes if entry.code in ready)


def test_connected_unemployment_holds_the_benefits_of_the_rule_and_no_job_pension_or_study(codes):
    connected = codes.members("connected_unemployment")
    for name in ("cash_and_education_benefit", "integration", "sygedagpenge", "ressourceforloeb", "revalidering"):
        assert codes.members(name) <= connected
    assert codes.members("dagpenge") - connected == {114}
    assert 152 in connected
    assert not connected & {100, 121, 151, 521, 651, 771, 774, 781, 783, 785, 881, 997, 998, 999}


@pytest.mark.parametrize(
    ("word", "state", "apart"),
    [
        ("Løntilskud", State.SUPPORTED_JOB, {815, 816}),
        ("Virksomhedspraktik", State.COMPANY_MEASURE, {817, 818}),
        ("Nytteindsats", State.OTHER_ACTIVATION, set()),
        ("Passiv.", State.PASSIVE_BENEFIT, {810}),
        ("Ordinær uddannelse", State.OTHER_ACTIVATION, {814}),
        ("opkvalificering", State.OTHER_ACTIVATION, {813}),
    ],
)
def test_a_name_that_tells_the_activity_tells_the_state(codes, word, state, apart):
    named = {entry.code for entry in codes.codes if word in entry.name}
    assert named - codes.members(state) == apart


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (100, State.ORDINARY_JOB),
        (121, State.ORDINARY_JOB),
        (771, State.SUPPORTED_JOB),
        (774, State.SUPPORTED_JOB),
        (781, State.SUPPORTED_JOB),
        (511, State.SUPPORTED_JOB),
        (521, State.SUPPORTED_JOB),
        (522, State.SUPPORTED_JOB),
        (651, State.EDUCATION),
        (661, State.EDUCATION),
        (412, State.PASSIVE_BENEFIT),
        (621, State.PASSIVE_BENEFIT),
        (785, State.PASSIVE_BENEFIT),
        (881, State.PASSIVE_BENEFIT),
        (899, State.PASSIVE_BENEFIT),
        (231, State.OTHER_ACTIVATION),
        (783, State.PENSION_OR_RESOURCE),
        (818, State.PENSION_OR_RESOURCE),
        (998, State.EXIT),
    ],
)
def test_the_states_that_had_to_be_decided(codes, code, state):
    assert code in codes.members(state)


def test_the_lookup_knows_the_members_and_no_week_that_is_not_observed(codes):
    table = codes.lookup("exit")
    assert table.shape == (1001,)
    assert np.flatnonzero(table).tolist() == [997, 998, 999]
    assert not table[np.array([NOT_OBSERVED, 0])].any()


def test_an_unknown_set_is_refused_with_names_that_look_like_it(codes):
    with pytest.raises(InputError) as caught:
        codes.members("kontanthjælp")
    assert "kontanthjaelp" in caught.value.expected


def test_an_overlay_adds_a_code_with_its_own_source(codes, overlay):
    widened = load_code_list(overlay(CODE))
    assert widened.known == codes.known | {870}
    assert widened.members("passive_benefit") == codes.members("passive_benefit") | {870}
    assert widened.members("public_support") == codes.members("public_support") | {870}
    assert widened.members("public_payment") == codes.members("public_payment") | {870}
    assert widened.vintage == "2015-11 + 2025-07"
    assert {entry.source.title for entry in widened.codes if entry.code == 870} == {"A letter from the register"}


def test_an_overlay_moves_a_code_from_one_state_to_another(codes, overlay):
    moved = load_code_list(overlay(CODE.replace("870", "815").replace("passive_benefit", "supported_job")))
    assert 815 in moved.members("supported_job")
    assert 815 not in moved.members("pension_or_resource")
    assert moved.known == codes.known


def test_an_overlay_takes_the_place_of_a_set(overlay):
    text = '[sets.kontanthjaelp]\nbasis = "convention"\ndescription = "Without the job-ready."\ncodes = ["730-739"]'
    assert load_code_list(overlay(text)).members("kontanthjaelp") == load_code_list().members("activity_ready")


def test_a_set_may_add_codes_to_a_mark_and_leave_some_out(codes, overlay):
    text = """
    [sets.public_payment]
    basis = "convention"
    description = "With study grants, without flexjobs."
    marked = "counts_to_duration"
    added = ["651-652"]
    left_out = ["771", "774"]
    """
    own = load_code_list(overlay(text)).members("public_payment")
    assert own == (codes.members("public_support") | {651, 652}) - {771, 774}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (CODE.replace('state = "passive_benefit"', ""), "codes.870"),
        (CODE.replace("passive_benefit", "self_support"), "codes.870"),
        (CODE.replace("codes.870", "codes.0"), "codes.0"),
        (CODE.replace("codes.870", "codes.0870"), "codes.0870"),
        (CODE.replace("codes.870", "codes.1000"), "codes.1000"),
        (CODE + "spelling = 1", "codes.870"),
        (CODE.replace("resets_duration = false", ""), "codes.870"),
        (CODE.replace("= true", '= "yes"'), "codes.870.counts_to_duration"),
        (CODE + CODE, "codes.toml"),
        ("codes = 1", "codes.toml, source"),
        ("[codes]\n730 = 1", "730"),
        ("[states.exit]\nbasis = 'source'", "codes.toml"),
        ("[extra]", "codes.toml"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\ncodes = ['1-2']", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\ncodes = [730]", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\ncodes = ['7xx']", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\nmarked = 'name'", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\ncodes = ['730']\nadded = ['1-2']", "sets.x"),
        ("[sets.x]\nbasis = 'source'\ndescription = 'd'\nadded = ['730']", "sets.x"),
        ("[sets.x]\nbasis = 'guess'\ndescription = 'd'\ncodes = ['730']", "sets.x"),
        ("[sets.exit]\nbasis = 'source'\ndescription = 'd'\ncodes = ['730']", "sets.exit"),
    ],
)
def test_a_broken_overlay_is_refused_and_the_place_is_named(overlay, text, where):
    with pytest.raises(InputError) as caught:
        load_code_list(overlay(text))
    assert where in caught.value.where
    assert caught.value.exit_code == 10


def test_an_overlay_may_begin_with_the_mark_that_notepad_writes(tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text(HEAD + CODE, encoding="utf-8-sig")
    assert 870 in load_code_list(path).known


def test_an_overlay_without_a_source_is_refused(tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text('vintage = "2025-07"', encoding="utf-8")
    with pytest.raises(InputError, match="source"):
        load_code_list(path)


def test_a_missing_or_unreadable_overlay_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_code_list(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes('vintage = "æ"'.encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        load_code_list(tmp_path / "latin.toml")
