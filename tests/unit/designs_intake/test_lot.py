from fractions import Fraction

from ctieval.designs.intake.lot import enumerate_plays, to_lot


def test_the_leading_bits_of_a_word_fall_into_the_weights():
    eighth = 2**61
    drawn = [to_lot(iter([number * eighth]))([1, 0, 4]) for number in range(5)]
    assert drawn == [0, 2, 2, 2, 2]


def test_every_number_is_equally_likely_because_what_is_too_large_is_cut_anew():
    top = 2**64 - 1
    assert to_lot(iter([top, 0]))([1, 1, 1]) == 0


def test_weights_beyond_one_word_take_several():
    heavy = 2**70
    assert to_lot(iter([0, 0]))([1, heavy]) == 0
    assert to_lot(iter([2**63, 0]))([1, heavy]) == 1


def test_nothing_is_drawn_where_nothing_can_vary():
    assert to_lot(iter(()))([7]) == 0
    assert to_lot(iter(()))([0, 1]) == 1


def test_plays_are_enumerated_to_the_last_and_add_up_to_one():
    def play(lot):
        first = lot([1, 2, 0])
        return (first, lot([1, 1, 1])) if first else (first,)

    plays = list(enumerate_plays(play))
    assert sum(probability for _, probability in plays) == 1
    assert sorted(plays) == [
        ((0,), Fraction(1, 3)),
        ((1, 0), Fraction(2, 9)),
        ((1, 1), Fraction(2, 9)),
        ((1, 2), Fraction(2, 9)),
    ]
