"""Whole kroner of the account: what is printed adds up, and to the results as they are printed everywhere."""

from dataclasses import replace

import pytest

from ctieval.domain.cost_benefit import View
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import Kind, Measured, RowRole
from ctieval.report.chapters.account_tables import lines_table
from ctieval.report.chapters.context import Context
from ctieval.report.fmt import round_as_printed
from ctieval.report.protect import protect


def move(account, by):
    """Another account with a part of a krone more in every line, and the results that follow."""
    lines = tuple(
        replace(each, effect=replace(each.effect, estimate=each.effect.estimate + by)) for each in account.lines
    )
    sums = {
        (each.view, each.account): sum(
            line.effect.estimate for line in lines if (line.view, line.account) == (each.view, each.account)
        )
        for each in account.results
    }
    results = tuple(
        replace(each, effect=replace(each.effect, estimate=sums[each.view, each.account])) for each in account.results
    )
    return replace(account, lines=lines, results=results)


def printed(table, column):
    """Kroner of one column as they are printed, group by group, each with the role of its row."""
    groups = []
    for row in table.rows:
        if row.role is RowRole.GROUP:
            groups.append([])
        elif isinstance(row.cells[column], Measured):
            groups[-1].append((row.role, int(round_as_printed(row.cells[column].value, Kind.KR))))
    return groups


@pytest.mark.parametrize("by", [0.0, 1 / 3, 0.5, -0.4, 0.499])
def test_lines_add_up_to_every_sum_in_whole_kroner(full, by):
    account = move(full.economics, by)
    table = lines_table(Context(replace(full, economics=account), load_catalogue("da")), account)
    sums = 0
    for column in (1, 3):
        for group in printed(table, column):
            so_far = 0
            for role, kroner in group:
                so_far += kroner if role is RowRole.SUB else 0
                if role is RowRole.TOTAL:
                    assert so_far == kroner
                    sums += 1
    assert sums >= 2 * len(View)


def test_sums_are_those_that_are_printed_everywhere(full):
    account = move(full.economics, 1 / 3)
    table = lines_table(Context(replace(full, economics=account), load_catalogue("da")), account)
    told = {kroner for group in printed(table, 1) for role, kroner in group if role is RowRole.TOTAL}
    results = {
        int(round_as_printed(each.effect.estimate, Kind.KR))
        for each in account.results
        if each.view is View.ORDINARY_OPERATION
    }
    assert told <= results


def test_what_was_changed_for_the_sake_of_persons_is_left_as_it_is(full):
    """A result that its lines miss by more than a krone was rounded to protect persons; no line may mend that."""
    results = tuple(
        replace(each, effect=replace(each.effect, estimate=each.effect.estimate + 50))
        for each in full.economics.results
    )
    account = replace(full.economics, results=results)
    table = lines_table(Context(replace(full, economics=account), load_catalogue("da")), account)
    own = {line.effect.estimate for line in account.lines if line.view is View.ORDINARY_OPERATION}
    told = [row.cells[1].value for row in table.rows if row.role is RowRole.SUB and isinstance(row.cells[1], Measured)]
    assert set(told) <= own


def test_without_a_grant_there_is_no_column_of_what_was_funded(full):
    context = Context(protect(full), load_catalogue("en"))
    account = context.evaluation.economics
    own = {
        "lines": tuple(line for line in account.lines if line.view is View.ORDINARY_OPERATION),
        "results": tuple(result for result in account.results if result.view is View.ORDINARY_OPERATION),
    }
    with_grant, without = (lines_table(context, each) for each in (account, replace(account, **own)))
    assert {"as_funded", "as_funded_interval"} <= {column.key for column in with_grant.columns}
    assert [column.key for column in without.columns] == ["line", "ordinary_operation", "ordinary_operation_interval"]
    assert {row.cells[0] for row in without.rows} <= {row.cells[0] for row in with_grant.rows}
