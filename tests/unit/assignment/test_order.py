import numpy as np

from ctieval.assignment.order import order_persons

PERSONS = np.array([f"p{i}" for i in range(50)], dtype=object)


def test_the_order_is_one_of_persons_and_not_of_rows():
    shuffled = PERSONS[np.random.default_rng(1).permutation(50)]
    assert PERSONS[order_persons(PERSONS, 7)].tolist() == shuffled[order_persons(shuffled, 7)].tolist()


def test_another_seed_gives_another_order():
    assert order_persons(PERSONS, 7).tolist() != order_persons(PERSONS, 8).tolist()


def test_the_order_of_some_does_not_depend_on_the_others():
    everybody = PERSONS[order_persons(PERSONS, 7)]
    some = PERSONS[::3]
    assert [each for each in everybody if each in set(some)] == some[order_persons(some, 7)].tolist()


def test_a_seed_of_any_length_will_do():
    assert sorted(order_persons(PERSONS, 10**200)) == list(range(50))
