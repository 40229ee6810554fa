from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.design import Complete
from ctieval.domain.posting import Entry
from ctieval.errors import EstimationError, InputError
from ctieval.evaluate import municipality
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.municipality import check_municipalities, evaluate_municipalities, find_municipality
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.build import build_council_paper, build_report
from ctieval.report.catalogue import load_catalogue
from ctieval.report.fmt import Fmt
from ctieval.report.protect_municipalities import protect_municipalities


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, seed=5)
    trial = load_trial(folder)
    data = open_data(trial)
    return trial, load_allocation(trial, data), data


@pytest.fixture(scope="module")
def evaluated(loaded):
    trial, allocation, data = loaded
    joint = evaluate(trial, allocation, data)
    return joint, evaluate_municipalities(joint, allocation, data)


@pytest.mark.parametrize("asked", ["550", "Tønder", "tønder kommune", " Tønder "])
def test_a_municipality_is_found_by_number_and_by_name(loaded, asked):
    assert find_municipality(loaded[1], asked) == "550"


def test_one_that_is_not_there_is_told_with_those_that_are(loaded):
    with pytest.raises(InputError, match="153 Brøndby, 260 Halsnæs") as raised:
        find_municipality(loaded[1], "Aarhus")
    assert raised.value.exit_code == 10


def test_a_trial_that_was_not_drawn_within_municipalities_has_none(loaded):
    allocation = loaded[1]
    for other in (
        replace(allocation, design=Complete(480)),
        replace(allocation, design=replace(allocation.design, block="region")),
        replace(allocation, block_labels=("153",), block=np.zeros_like(allocation.block)),
    ):
        with pytest.raises(InputError, match="no municipalities"):
            check_municipalities(other)


def test_the_municipalities_add_up_to_the_trial(evaluated):
    joint, parts = evaluated
    assert tuple(map(sum, zip(*(part.flow.allocated for part in parts.values()), strict=True))) == joint.flow.allocated
    for number, row in enumerate(joint.levels):
        for arm in ("control", "intervention"):
            own = [getattr(part.levels[number], arm) for part in parts.values()]
            if getattr(row, arm) is not None:
                assert sum(level.n for level in own) == getattr(row, arm).n
    drawn = np.array([part.levels[0].control.n + part.levels[0].intervention.n for part in parts.values()])
    effects = np.array([part.effects.rows[0].estimate for part in parts.values()])
    assert drawn @ effects / drawn.sum() == pytest.approx(joint.effects.rows[0].estimate, rel=1e-9)


def test_so_do_their_accounts(evaluated):
    joint, parts = evaluated
    for number, row in enumerate(joint.economics.results):
        own = [part.economics.results[number].effect for part in parts.values()]
        n = np.array([each.n for each in own])
        assert n @ [each.estimate for each in own] / n.sum() == pytest.approx(row.effect.estimate, rel=1e-9)


def test_an_own_evaluation_is_about_its_municipality(evaluated):
    _, parts = evaluated
    part = parts["153"]
    assert (part.part.municipality, part.part.municipalities) == ("153", 5)
    assert part.design == Complete(120)
    assert not any(row.name == "municipality" for row in part.baseline)
    assert part.paths is part.instruments is part.balance is part.costing is part.compliance is part.sensitivity is None
    assert part.flow.screening is None
    assert part.warnings == ()


def test_an_account_that_too_few_reach_is_left_out(loaded, evaluated, monkeypatch):
    _, allocation, data = loaded

    def refuse(*_, **__):
        raise EstimationError(what="", where="", found="", expected="", do="")

    monkeypatch.setattr(municipality, "estimate_accounts", refuse)
    parts = evaluate_municipalities(evaluated[0], allocation, data)
    assert all(part.economics is None for part in parts.values())
    assert all(part.economics is None for part in protect_municipalities(evaluated[0], parts).values())


def test_without_an_account_of_the_trial_no_municipality_has_one(loaded, evaluated):
    _, allocation, data = loaded
    joint, _ = evaluated
    parts = evaluate_municipalities(replace(joint, economics=None), allocation, data)
    assert all(part.economics is None for part in parts.values())


@pytest.fixture(scope="module")
def told(evaluated):
    return protect_municipalities(*evaluated)


def test_only_what_is_rounded_is_told(told):
    for part in told.values():
        assert part.suppression.smallest_cell == 5
        assert part.flow.follow_up == ()
        assert (part.missing, part.warnings, part.effects.warnings, part.economics.warnings) == ((), (), (), ())
        assert part.economics.per_participant is part.economics.quantities is None
        assert all(np.isnan(each.break_even_displacement) for each in part.economics.results)
        assert part.effects.design == "complete"


def test_persons_drawn_are_those_of_the_joint_report(told, evaluated):
    joint, _ = evaluated
    blocks = {block.block: (block.control, block.intervention) for block in joint.flow.blocks}
    assert {label: part.flow.allocated for label, part in told.items()} == blocks
    assert all(part.part.allocated == joint.flow.allocated for part in told.values())


def is_whole(steps, within=1e-6):
    return abs(steps - round(steps)) <= within


def test_shares_and_kroner_are_whole_steps(told):
    for part in told.values():
        shares = [row.control.mean for row in part.baseline if row.unit == "share"]
        assert all(is_whole(share / 0.05) for share in shares if not np.isnan(share))
        drawn = part.flow.allocated[1]
        reached = [step.reached for step in part.implementation.steps if step.reached is not None]
        assert all(is_whole(n / drawn / 0.05, within=0.501 / drawn / 0.05) for n in reached)
        assert all(is_whole(result.effect.estimate / 1000) for result in part.economics.results)


def test_an_account_holds_what_was_reckoned(told, evaluated):
    _, parts = evaluated
    for label, part in told.items():
        for own, exact in zip(part.economics.results, parts[label].economics.results, strict=True):
            if exact.effect.std_error > 0:
                assert own.effect.conf_low <= exact.effect.conf_low
                assert own.effect.conf_high >= exact.effect.conf_high
                assert own.effect.n is None


def test_what_is_the_same_for_everybody_drawn_stays(told, evaluated):
    joint, _ = evaluated
    grant = next(each.effect for each in joint.economics.lines if each.line is Entry.PROJECT_GRANT)
    own = next(each.effect for each in told["153"].economics.lines if each.line is Entry.PROJECT_GRANT)
    assert own.estimate == pytest.approx(grant.estimate)
    assert own.n is None


def test_a_change_in_one_arm_is_told_without_its_number(told):
    (row,) = told["153"].experienced
    assert row.n is None
    assert row.change == row.after - row.before


def test_nothing_is_told_where_the_joint_report_hides_how_many_were_drawn(evaluated):
    joint, parts = evaluated
    small = replace(joint.flow.blocks[0], intervention=3)
    flow = replace(joint.flow, blocks=(small, *joint.flow.blocks[1:]))
    told = protect_municipalities(replace(joint, flow=flow), parts)
    part = told["153"]
    assert part.flow.allocated == (None, None)
    assert part.economics is part.implementation is None
    assert all(np.isnan(row.estimate) for row in part.effects.rows)
    assert all(np.isnan(row.control.mean) for row in part.baseline)
    assert any(np.isnan(part.levels[1].control.mean) for label, part in told.items() if label != "153")


def test_a_municipality_of_which_nothing_was_measured_is_silent(evaluated):
    joint, parts = evaluated
    empty = replace(
        parts["260"],
        levels=(),
        effects=replace(parts["260"].effects, rows=()),
        implementation=None,
        economics=None,
        experienced=(),
        baseline=tuple(row for row in parts["260"].baseline if row.level != "female"),
    )
    part = protect_municipalities(joint, {**parts, "260": empty})["260"]
    assert all(np.isnan(row.estimate) for row in part.effects.rows)
    assert part.economics is part.implementation is None
    assert part.experienced == ()


def test_without_a_smallest_cell_shares_are_told_to_the_last_person(evaluated):
    joint, parts = evaluated
    open_plan = replace(joint.trial, report=replace(joint.trial.report, smallest_cell=1))
    told = protect_municipalities(
        replace(joint, trial=open_plan), {label: replace(part, trial=open_plan) for label, part in parts.items()}
    )
    assert not any(np.isnan(row.control.mean) for part in told.values() for row in part.levels if row.control)


@pytest.mark.parametrize(("lang", "words"), [("da", "Brøndby Kommune"), ("en", "Brøndby Kommune")])
def test_the_report_names_its_municipality_first_and_says_how_it_is_read(told, lang, words):
    report = build_report(told["153"], lang)
    catalogue = load_catalogue(lang)
    assert words in report.meta.subtitle
    first = report.sections[0].blocks[0]
    assert first.title == catalogue.text("municipality.box.title")
    assert "municipality.box" not in repr(report)
    assert catalogue.text("municipality.elsewhere") in repr(report)
    assert words in build_council_paper(told["153"], lang).meta.subtitle


def test_the_price_of_the_programme_is_that_of_the_whole_trial(told, evaluated):
    """The grant of the whole trial, over everybody drawn and not over those of one municipality."""
    joint, _ = evaluated
    amount = next(use.amount for use in joint.economics.rates if use.rate == "project_grant")
    own = Fmt("en").count(round(amount / joint.flow.allocated[1]))
    assert own in repr(build_report(told["153"], "en").sections[-2])
