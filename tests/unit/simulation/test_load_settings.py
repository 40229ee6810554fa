from importlib import resources

import pytest

from ctieval.errors import ProtocolError
from ctieval.simulation.load_settings import load_settings

SHIPPED = (resources.files("ctieval.simulation") / "demo" / "world.toml").read_text(encoding="utf-8")


@pytest.fixture
def load_changed(tmp_path):
    """Load the shipped settings with one text put in the place of another."""

    def load(old, new):
        assert old in SHIPPED
        path = tmp_path / "own.toml"
        path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
        return load_settings(path)

    return load


def test_published_sizes_are_in_the_shipped_settings():
    sizes = {place.name: (place.eligible, place.drawn) for place in load_settings().municipality}
    assert sizes["Brøndby"] == (518, 120)
    assert sizes["Tønder"][1] == 110


def test_every_part_says_why():
    settings = load_settings()
    parts = [getattr(settings, name) for name in settings.__slots__]
    flat = [part for each in parts for part in (each if isinstance(each, tuple) else (each,))]
    assert len(flat) == 24
    assert all(len(part.why) > 20 for part in flat)


def test_codes_stand_in_the_code_list(codes):
    settings = load_settings()
    used = {code for state in settings.states.state for code in state.codes}
    used |= {settings.exit.death_code, settings.exit.emigration_code}
    assert used <= codes.known


def test_a_file_of_ones_own_is_read(load_changed):
    assert load_changed("history_weeks = 161", "history_weeks = 170").calendar.history_weeks == 170


def test_a_whole_number_serves_as_a_number(load_changed):
    assert load_changed("dip = 8.0", "dip = 8").wellbeing.dip == 8.0


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("history_weeks = 161", "history_week = 161", "calendar.history_week"),
        ("history_weeks = 161\n", "", "calendar.history_weeks"),
        ("history_weeks = 161", "history_weeks = 161.5", "calendar.history_weeks"),
        ("history_weeks = 161", "history_weeks = true", "calendar.history_weeks"),
        ("history_weeks = 161", "history_weeks = 100", "calendar.history_weeks"),
        ("randomised_on = 2018-02-05", "randomised_on = 2018-02-06", "calendar.randomised_on"),
        ("randomised_on = 2018-02-05", "randomised_on = 2018-01-08", "calendar.randomised_on"),
        ("drawn = 120", "drawn = 518", "municipality"),
        ("share = 0.22\n", "share = 0.23\n", "ineligible"),
        ('series = "young"', 'series = "old"', "ineligible"),
        ('{ state = "job", share = 0.45 }', '{ state = "job", share = 0.46 }', "spell.before"),
        ('{ state = "job", share = 0.45 }', '{ state = "jobs", share = 0.45 }', "spell.before"),
        ('enters = "guidance"', 'enters = "nowhere"', "chain.transition"),
        ("codes = [730, 130, 720, 140]", "codes = [730]", "states.state"),
        ('name = "self_support"', 'name = "own_support"', "states.state"),
        ('works_from = "Tværfagligt opstartsmøde"', 'works_from = "CTI"', "participation.works_from"),
        ("minutes = [10, 30]", "minutes = [10]", "participation.step[0].minutes"),
        ("minutes = [10, 30]", "minutes = 10", "participation.step[0].minutes"),
        ("[screening]\n", "[[screening]]\n", "screening"),
        ("[calendar]", "[calendar", "the whole file"),
    ],
)
def test_broken_settings_name_the_key(load_changed, old, new, key):
    with pytest.raises(ProtocolError) as error:
        load_changed(old, new)
    assert error.value.key == key
    assert error.value.file == "own.toml"


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(ProtocolError):
        load_settings(tmp_path / "none.toml")
