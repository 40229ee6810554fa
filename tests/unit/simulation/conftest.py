import pytest

from ctieval.registers.codes import load_code_list
from ctieval.simulation.world import simulate_world


@pytest.fixture(scope="session")
def world():
    """One simulated world, which no test changes."""
    return simulate_world(20180201)


@pytest.fixture(scope="session")
def codes():
    """The shipped code list."""
    return load_code_list()


@pytest.fixture(scope="session")
def drawn(world):
    """Every third person of the target group."""
    return frozenset(world.control.persons.loc[world.eligible, "person_id"].iloc[::3])
