import pytest

from ctieval.domain.statement import StatementKind
from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError
from ctieval.protocol.load import load_trial
from ctieval.protocol.templates import write_templates


@pytest.fixture
def plan(tmp_path):
    write_templates(tmp_path)
    return tmp_path / "trial.toml"


def add(plan, text):
    plan.write_text(plan.read_text("utf-8-sig") + text, encoding="utf-8")


def test_the_template_names_every_statement_and_states_none(plan):
    template = plan.read_text("utf-8-sig")
    assert all(f"\n# {kind.value} = " in template.replace("\r", "") for kind in StatementKind)
    assert load_trial(plan).report.statements == ()


def test_statements_are_read_in_the_order_of_the_report(plan):
    add(plan, '\nfunding = "Puljen"\nbackground = { da = "Fordi", en = "Because" }\n')
    background, funding = load_trial(plan).report.statements
    assert (background.kind, background.text) == (StatementKind.BACKGROUND, Label("Fordi", "Because"))
    assert (funding.kind, funding.text.en) == (StatementKind.FUNDING, "Puljen")


@pytest.mark.parametrize("line", ['founding = "Puljen"', 'funding = ""', "funding = 3"])
def test_a_statement_that_nobody_asks_for_or_says_nothing_is_an_error(plan, line):
    add(plan, f"\n{line}\n")
    with pytest.raises(ProtocolError):
        load_trial(plan)
