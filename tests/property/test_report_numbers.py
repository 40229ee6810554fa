from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ctieval.report.charts.axis import fit_axis
from ctieval.report.fmt import MINUS, Fmt
from ctieval.report.inline import plain, spans
from ctieval.report.whole_kroner import round_to_add_up

finite = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-9)


def read(printed):
    return Decimal(printed.replace(",", "").replace(MINUS, "-").lstrip("+"))


@given(finite, st.integers(0, 4))
def test_a_printed_number_is_the_rounded_number_in_both_languages(value, decimals):
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    english = Fmt("en").number(value, decimals)
    assert read(english) == rounded
    assert english.translate(str.maketrans(".,", ",.")) == Fmt("da").number(value, decimals)
    assert english.startswith(MINUS) == (rounded < 0)


@given(st.lists(finite, min_size=1, max_size=8), st.integers(3, 7))
def test_an_axis_holds_zero_and_all_values_and_prints_exact_ticks_in_equal_steps(values, most):
    axis = fit_axis(values, lambda axis: len(axis.ticks) <= most)
    assert axis.ticks[0] <= min(0.0, *values)
    assert axis.ticks[-1] >= max(0.0, *values)
    assert 0.0 in axis.ticks
    assert 2 <= len(axis.ticks) <= most
    assert [float(read(label)) for label in axis.labels(Fmt("en"))] == list(axis.ticks)
    assert all(0 <= axis.place(value) <= 1 for value in values)
    first = axis.ticks[1] - axis.ticks[0]
    assert {round((after - before) / first, 6) for before, after in pairwise(axis.ticks)} == {1.0}


@given(st.text())
def test_a_text_without_catalogue_marks_stands_as_it_was_written(text):
    kept = plain(text)
    assert "".join(span.text for span in spans(kept)) == kept
    assert not any(span.bold or span.is_reference for span in spans(kept))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12), st.sampled_from([-1, 0, 1]))
def test_whole_kroner_add_up_to_the_sum_that_is_printed(amounts, away):
    """The sum is a difference of two rounded ones, and so may lie a krone off."""
    total = round(sum(amounts)) + away
    whole = round_to_add_up(amounts, total)
    assert sum(whole) == total
    assert all(abs(each - amount) < 1 + abs(away) for each, amount in zip(whole, amounts, strict=True))
