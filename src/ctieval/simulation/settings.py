"""What a simulated world is made from, as data; the numbers stand in ``demo/world.toml``, with their why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ctieval.simulation.cost_settings import CostSettings


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days and lengths of the trial.

    Attributes:
        as_of: Day of the look-up.
        randomised_on: Day of the draw, a Monday.
        history_weeks: Weeks before the week of the draw.
        follow_up_weeks: Weeks from the week of the draw on.
        why: Where the numbers come from.
    """

    as_of: date
    randomised_on: date
    history_weeks: int
    follow_up_weeks: int
    why: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality of the trial.

    Attributes:
        code: Municipality code, three digits.
        name: Its name.
        eligible: Persons in the target group.
        drawn: Persons drawn into the intervention.
        why: What is published of the two sizes.
    """

    code: str
    name: str
    eligible: int
    drawn: int
    why: str


@dataclass(frozen=True, slots=True)
class Screening:
    """How many are looked up beside the target group.

    Attributes:
        ineligible_per_eligible: Persons outside the target group for each person in it.
        why: Where the number comes from.
    """

    ineligible_per_eligible: float
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Persons who meet, or fail, the same criteria by construction.

    Attributes:
        name: Short name.
        age_years: Youngest age on the day of the look-up, and the age that nobody has reached.
        spell: Kind of unemployment before the look-up: ``long``, ``short`` or ``interrupted``.
        visitation: Assessment on the day of the look-up; empty where the cell is.
        series: Series of the benefit, one of ``States.series``.
        why: Where the group comes from.
        share: Share of the persons outside the target group.
    """

    name: str
    age_years: tuple[int, int]
    spell: str
    visitation: str
    series: str
    why: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class PersonTraits:
    """Traits of persons.

    Attributes:
        female_share: Share of women.
        provider_share: Share of providers (forsørgere).
        job_hours_week: Weekly hours of a part-time job, lowest and highest; the highest is full time.
        full_time_share: Share whose jobs are full time.
        beside_hours_week: Weekly hours of work beside a benefit, lowest and highest.
        hourly_wage: Median hourly wage in kroner.
        hourly_wage_log_sd: Standard deviation of the log wage.
        why: Where the numbers come from.
    """

    female_share: float
    provider_share: float
    job_hours_week: tuple[float, float]
    full_time_share: float
    beside_hours_week: tuple[float, float]
    hourly_wage: float
    hourly_wage_log_sd: float
    why: str


@dataclass(frozen=True, slots=True)
class PriorState:
    """What a person did before the spell.

    Attributes:
        state: Name of the state.
        share: Share of persons.
    """

    state: str
    share: float


@dataclass(frozen=True, slots=True)
class Spells:
    """Unemployment before the look-up; ranges of weeks have an exclusive end.

    Attributes:
        whole_history_share: Share of long spells that fill the whole history.
        long_weeks: Length of the other long spells, up to the look-up.
        short_weeks: Length of short spells.
        interruption_weeks: Length of the job that interrupts a spell.
        weeks_since_interruption: Weeks on benefit between that job and the look-up.
        pause_share: Share of long spells with a pause without work.
        pause_weeks: Length of the pause.
        weeks_since_pause: Weeks on benefit between the pause and the look-up.
        before: What came before a spell.
        why: Where the numbers come from.
    """

    whole_history_share: float
    long_weeks: tuple[int, int]
    short_weeks: tuple[int, int]
    interruption_weeks: tuple[int, int]
    weeks_since_interruption: tuple[int, int]
    pause_share: float
    pause_weeks: tuple[int, int]
    weeks_since_pause: tuple[int, int]
    before: tuple[PriorState, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ExitRates:
    """Weekly rates of leaving the registers after the draw, the same under either arm.

    Attributes:
        death_weekly: Death.
        emigration_weekly: Emigration.
        move_weekly: Move to another municipality, after which a person is not observed.
        death_code: Register code of the dead.
        emigration_code: Register code of the emigrated.
        why: Where the numbers come from.
    """

    death_weekly: float
    emigration_weekly: float
    move_weekly: float
    death_code: int
    emigration_code: int
    why: str


@dataclass(frozen=True, slots=True)
class WeekState:
    """One state of the weekly chain.

    Attributes:
        name: Short name.
        codes: Register code in each series; 0 for a week without a code.
        hours: Ordinary hours of the week: ``job``, ``beside`` (a benefit) or ``none``.
        in_spell: True for a state of an unbroken spell of unemployment.
    """

    name: str
    codes: tuple[int, ...]
    hours: str
    in_spell: bool


@dataclass(frozen=True, slots=True)
class States:
    """All states of the weekly chain.

    Attributes:
        series: Names of the series of benefit.
        state: The states.
        why: Where the codes come from.
    """

    series: tuple[str, ...]
    state: tuple[WeekState, ...]
    why: str

    def number(self, name: str) -> int:
        """Return the number of a state."""
        return [state.name for state in self.state].index(name)


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another.

    Attributes:
        leaves: State that is left.
        enters: State that is entered.
        weekly: Weekly hazard under the control, for a person of mean readiness.
        readiness: Change of the log hazard for one standard deviation of readiness.
        ratio: Hazard ratio of taking part.
    """

    leaves: str
    enters: str
    weekly: float
    readiness: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Chain:
    """Every way between two states.

    Attributes:
        transition: The transitions.
        why: Where the numbers come from.
    """

    transition: tuple[Transition, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the intervention.

    Attributes:
        name: The activity as the log names it.
        share: Probability of reaching it for a person who reached the step before.
        wait_weeks: Weeks after the step before, the end exclusive.
        lasting_weeks: How long it lasts; 0 for a single meeting.
        every_weeks: Weeks between two entries.
        minutes: Minutes of an entry, lowest and highest.
    """

    name: str
    share: float
    wait_weeks: tuple[int, int]
    lasting_weeks: int
    every_weeks: int
    minutes: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Participation:
    """How the drawn take part.

    Attributes:
        readiness_log_odds: Change of the log odds of every step for one standard deviation of readiness.
        works_from: The step from which the hazard ratios hold.
        afterwards: Share of the log hazard ratios that lasts once a person is through or has dropped out.
        step: The steps in their order.
        why: Where the numbers come from.
    """

    readiness_log_odds: float
    works_from: str
    afterwards: float
    step: tuple[Step, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """Well-being in points of WHO-5, 0 to 100, and who answers.

    Attributes:
        instrument: Name of the instrument.
        items: Number of items.
        highest: Highest answer to an item; the lowest is 0.
        trait_mean: Mean of the lasting level.
        trait_sd: Standard deviation of the lasting level.
        readiness_points: Points for one standard deviation of readiness.
        occasion_sd: Standard deviation between occasions.
        item_sd: Standard deviation of an item about the person's level, in item points.
        dip: How far below their lasting level persons are at the baseline.
        recovery: How much of the dip has passed after 12 months in either arm.
        gain: True effect of taking part after 12 months.
        asked_after_weeks: Week of the second wave, which is called ``12m``.
        answers_baseline: Share who answer at the baseline.
        answers_12m: Share who answer after 12 months.
        answers_log_odds: Change of the log odds of answering for one standard deviation of the lasting level.
        item_blank: Share of items left blank by those who answer.
        why: Where the numbers come from.
    """

    instrument: str
    items: int
    highest: int
    trait_mean: float
    trait_sd: float
    readiness_points: float
    occasion_sd: float
    item_sd: float
    dip: float
    recovery: float
    gain: float
    asked_after_weeks: int
    answers_baseline: float
    answers_12m: float
    answers_log_odds: float
    item_blank: float
    why: str


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """Everything a world is made from.

    Attributes:
        calendar: Days and lengths.
        municipality: The municipalities.
        screening: How many are looked up beside the target group.
        target: The target group.
        ineligible: The groups outside it.
        person: Traits of persons.
        spell: Unemployment before the look-up.
        exit: Leaving the registers.
        states: States of a week.
        chain: Ways between them.
        participation: Steps of the intervention.
        wellbeing: Well-being and who answers.
        costs: Prices, and the work behind the contacts.
    """

    calendar: Calendar
    municipality: tuple[Municipality, ...]
    screening: Screening
    target: Group
    ineligible: tuple[Group, ...]
    person: PersonTraits
    spell: Spells
    exit: ExitRates
    states: States
    chain: Chain
    participation: Participation
    wellbeing: Wellbeing
    costs: CostSettings

    @property
    def groups(self) -> tuple[Group, ...]:
        """The target group, then the groups outside it."""
        return (self.target, *self.ineligible)
