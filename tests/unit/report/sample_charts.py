"""Figures of money, time and head counts: ``usual`` as a report has them, ``hostile`` as it should never have them."""

import math

from ctieval.report.amount_drawing import (
    Amount,
    AmountGroup,
    AmountRole,
    BarChart,
    Scale,
    ScenarioChart,
    Swing,
    TornadoChart,
    WaterfallChart,
)
from ctieval.report.cells import HIDDEN
from ctieval.report.count_drawing import CountChart, CountPanel, CountRow
from ctieval.report.time_drawing import (
    AcceptabilityChart,
    AtRisk,
    BenefitChart,
    BenefitLine,
    Payback,
    PaybackChart,
    SurvivalChart,
    SurvivalLine,
)

KR = Scale("kr. pr. udtrukket person, 2018-priser", "Kr.")
SPENT = Scale("kr. pr. udtrukket person, 2018-priser", "Kr.", signed=False)
RANGE = Scale("mio. kr.", "Mio. kr.", conf_level=None, decimals=1)
FROM_DRAW = "måneder fra lodtrækningen"
LONG = "Virksomhedsrettet beskæftigelsesindsats med mentorstøtteordning og kompetenceafklaringsforløb"
TRANSFER, TOTAL = AmountRole.TRANSFER, AmountRole.TOTAL
PROJECTED, COMPARED = AmountRole.PROJECTED, AmountRole.COMPARED


def amounts(*rows):
    return tuple(Amount(*row) for row in rows)


def curve(name, monthly, payback, last=60):
    months = range(last + 1)
    values = [-24_000 * (1 - math.exp(-month / 3)) + monthly * month for month in months]
    half = [880 * math.sqrt(month) for month in months]
    ends = [tuple(value + by * width for value, width in zip(values, half, strict=True)) for by in (-1, 1, -1.5, 1.5)]
    return BenefitLine(name, tuple(values), *ends, payback)


def survival_line(name, rate):
    times = range(0, 105, 4)
    shares = [1 - math.exp(-rate * time / 104) for time in times]
    half = [0.04 * math.sqrt(time / 104) for time in times]
    low = tuple(share - width for share, width in zip(shares, half, strict=True))
    return SurvivalLine(name, tuple(shares), low, tuple(s + w for s, w in zip(shares, half, strict=True)))


def usual():
    accounts = amounts(
        ("Egen kommune (M2)", 4040, -21000, 29100),
        ("Andre kommuner", 1200, -400, 2800),
        ("Regionen", 350, -200, 900),
        ("Staten", 21900, -3000, 46800),
        ("Borgeren", -5200, -15300, 4900),
        ("Samfundet i alt", 22290, -18000, 62600, TOTAL),
    )
    waterfall = amounts(
        ("Indsatsens omkostninger", -24310, -25100, -23520),
        ("Sparede ydelser til forsørgelse", 41200, 11800, 70600, TRANSFER),
        ("Mistet statsrefusion", -14100, -24000, -4200, TRANSFER),
        ("Kommunal skat af lønindkomst", 6150, -950, 13250, TRANSFER),
        ("Virkning på udligningen (skøn)", -4900, -9100, -700, TRANSFER),
        ("Kommunens nettoresultat (M2)", 4040, -21000, 29100, TOTAL),
        ("Staten", 21900, -3000, 46800),
        ("Samfundet", 25940, -18000, 62600, TOTAL),
    )
    claim = amounts(
        ("Påstået besparelse", 3.8, 3.8, 3.8, TOTAL),
        ("Ville være kommet i job alligevel", -2.1, -3.0, -1.2),
        ("Kendt nettoresultat", 1.7, 0.8, 2.6, TOTAL),
    )
    swings = (
        Swing("Uger på forsørgelse, der spares", -21000, 29100, "\u22122,1 uger", "14,2 uger", "4,9 uger"),
        Swing("Effekten efter de første to år", -8100, 21500, "0 pct.", "80 pct.", "26 pct.", assumed=True),
        Swing("Indsatsens pris pr. deltager", 9800, -3100, "18.500 kr.", "31.000 kr.", "28.300 kr."),
        Swing("Fortrængning af andre ledige", 4040, 1200, "0 pct.", "30 pct.", assumed=True),
    )
    scenarios = tuple(
        AmountGroup(
            amounts(
                ("Observeret periode", base, base - 20000, base + 21000, TOTAL),
                ("Med aftagende effekt", base + 8000, base - 17000, base + 36000, PROJECTED),
                ("Forsigtigt", base - 9000, base - 33000, base + 14000, PROJECTED),
            ),
            title,
        )
        for title, base in (("Kommunen (M2)", 4040), ("Samfundet", 21490))
    )
    costs = tuple(
        AmountGroup(
            amounts(
                ("Indsatsgruppe", spent, 0.94 * spent, 1.06 * spent),
                ("Kontrolgruppe", other, 0.9 * other, 1.1 * other, COMPARED),
            ),
            title,
        )
        for title, spent, other in (
            ("Samtaler og sagsbehandling", 9200, 6100),
            ("Ledelse, lokaler og administration", 2600, 1900),
        )
    )
    return {
        "waterfall": WaterfallChart(waterfall, KR),
        "claim": WaterfallChart(claim, RANGE),
        "gains": BarChart((AmountGroup(accounts),), KR, ("betaler", "vinder")),
        "tornado": TornadoChart(4040, swings, KR),
        "scenarios": ScenarioChart(scenarios, KR),
        "costs": BarChart(costs, SPENT),
        **_usual_counts(),
        **_usual_times(),
    }


def _usual_counts():
    steps = (("Udtrukket til indsatsen", 480), ("Startsamtale med personlig jobformidler", 431), ("Praktik", 96))
    funnel = (*(CountRow(label, n, n / 480) for label, n in steps), CountRow("Mentor", HIDDEN, None))
    given = (("Ingen kontakter", 49), ("1\u20134 kontakter", 239), ("5 eller flere", 192))
    dose = tuple(CountRow(label, n, n / 480) for label, n in given)
    return {
        "funnel": CountChart((CountPanel(funnel),), "andel af de udtrukne, pct."),
        "dose": CountChart((CountPanel(dose, "Kontakter pr. person"),), "andel af de udtrukne, pct."),
    }


def _usual_times():
    lines = (curve("M0: kommunens kasse", 900, Payback(27, 19, 41)), curve("M2: efter skat", 420, None))
    months = tuple(map(float, range(61)))
    followed = tuple(AtRisk(month, (480 - 5 * month,)) for month in range(0, 61, 6))
    at_risk = tuple(AtRisk(time, (480 - 2 * time, 898 - 3 * time)) for time in range(0, 105, 13))
    arms = survival_line("Indsatsgruppe", 0.42), survival_line("Kontrolgruppe", 0.27)
    shares = tuple(max(0.0, 0.7 * (1 - math.exp(-(month - 9) / 9))) for month in range(37))
    prices = tuple(map(float, range(0, 5001, 250)))
    return {
        "survival": SurvivalChart(
            "Andel, der er begyndt i ordinært job",
            tuple(map(float, range(0, 105, 4))),
            *arms,
            at_risk,
            "uger fra lodtrækningen",
        ),
        "benefit": BenefitChart(months, lines, 24, followed, "kr. pr. udtrukket person", FROM_DRAW),
        "payback": PaybackChart(
            tuple(map(float, range(37))),
            shares,
            1 - shares[-1],
            "ikke inden for 36 måneder",
            "Andel af gentagne stikprøver, hvor kommunen har tjent sig hjem",
            FROM_DRAW,
        ),
        "acceptability": AcceptabilityChart(
            prices,
            tuple(1 / (1 + math.exp((1900 - price) / 700)) for price in prices),
            tuple(9000 * math.exp(-price / 1500) for price in prices),
            tuple(300 + 1.9 * price for price in prices),
            ("Indsatsen", "Uden indsatsen"),
            ("Andel af gentagne stikprøver, hvor indsatsen er pengene værd, pct.", "Forventet tab, kr. pr. person"),
            "kr. pr. ekstra uge i job",
        ),
    }


def hostile():
    inf, nan = math.inf, math.nan
    huge = amounts((LONG, -2.4e9, -inf, nan), ("Skat", 5e9, nan, inf, TRANSFER), ("I alt", 2.6e9, -inf, inf, TOTAL))
    losses = amounts((LONG, -1, -2, -0.5), ("B", -1, -2, -0.5), ("C", -1, -2, -0.5))
    swings = (
        Swing(
            LONG, -9e6, -4e6, "1.250.000 kr. pr. kommunal medarbejder", "højeste skøn", "1.000.000 kr.", assumed=True
        ),
        Swing("Uden virkning", -5e6, -5e6, "a", "b"),
        Swing("Begge til samme side", -3e6, -2e6, "1", "2"),
    )
    silent = SurvivalLine(LONG, (1.0, 1.0), (nan, nan), (nan, nan))
    deep = BenefitLine("M0", (-2e9, -3e9), (-inf, -inf), (inf, inf), (nan, nan), (nan, nan), Payback(inf, nan, nan))
    same = (3e8, 3e8)
    return {
        "huge": WaterfallChart(huge, KR),
        "one_step": WaterfallChart(amounts(("Kun ét trin", -0.0, 0, 0, TOTAL)), KR),
        "losses": BarChart((AmountGroup(losses, LONG),), KR, ("betaler med deres egne penge", "vinder")),
        "swings": TornadoChart(-5e6, swings, KR),
        "one_point": ScenarioChart((AmountGroup(amounts(("Ét", 0, 0, 0))),), KR),
        "hidden": CountChart((CountPanel((CountRow(LONG, HIDDEN, None),)),), "andel af de udtrukne, pct."),
        "silent": SurvivalChart(
            "Andel",
            (0.0, 104.0),
            silent,
            SurvivalLine("En meget lang betegnelse for kontrolgruppen", *3 * ((1.0, 1.0),)),
            tuple(AtRisk(time, (HIDDEN, 123_456)) for time in range(105)),
            "uger fra lodtrækningen",
        ),
        "deep": BenefitChart((0.0, 1.0), (deep,), 1, (), "kr.", FROM_DRAW),
        "falling": BenefitChart(
            tuple(map(float, range(61))), (curve("M2", -900, Payback(3, nan, inf)),), 59.5, (), "kr.", FROM_DRAW
        ),
        "never": PaybackChart((0.0, 36.0), (0.0, 0.0), 1.0, LONG, "Andel", FROM_DRAW),
        "always": PaybackChart((0.0, 36.0), (0.0, 1.0), 0.0, "ikke inden for 36 måneder", "Andel", FROM_DRAW),
        "level": AcceptabilityChart((0.0, 1e7), (0.5, 0.5), same, same, (LONG, "Uden"), ("Andel", "Tab"), "kr."),
    }
