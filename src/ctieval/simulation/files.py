"""A simulated world as a municipality would hand it in: CSV files with Danish numbers and days. Reads nothing."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.registers.weeks import to_iso_weeks, to_month_text

PLAN = "trial.toml"


def write_world(registers: Registers, folder: Path) -> tuple[Path, ...]:
    """Write registers as semicolon-separated files in UTF-8 with a byte order mark.

    Numbers have a decimal comma, days are written ``31-12-2019``, yes and no ``ja`` and ``nej``. The weeks are laid
    out as DREAM lays them out, one column ``y_YYWW`` a week, blank where there is no code. Months without hours
    have no row, and a table without rows has no file. The same registers give the same bytes.

    Args:
        registers: Registers of a world, as ``reveal`` shows them.
        folder: Where the files go; it is made where it is missing, and files of the same name are replaced.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"persons": _persons(registers.persons), "dream": _dream(registers.weeks)}
    if registers.employment is not None:
        tables["employment"] = _employment(registers.employment)
    if registers.activity is not None and not registers.activity.empty:
        tables["activity"] = _activity(registers.activity)
    if registers.survey is not None and not registers.survey.empty:
        tables["survey"] = registers.survey
    if registers.usual_services is not None and not registers.usual_services.empty:
        tables["usual_services"] = _activity(registers.usual_services)
    if registers.ingredients is not None:
        tables["ingredients"] = _ingredients(registers.ingredients)
    if registers.accounts is not None:
        tables["accounts"] = registers.accounts
    return tuple(_write_csv(table, folder / f"{name}.csv") for name, table in tables.items())


def write_plan(folder: Path) -> tuple[Path, ...]:
    """Write the plan of the demo, and the rates that are simulated because nobody published them.

    Args:
        folder: Where the files go; it is made where it is missing, and files of the same name are replaced.

    Returns:
        The files written.
    """
    demo = resources.files("ctieval.simulation") / "demo"
    rates = folder / "rates"
    rates.mkdir(parents=True, exist_ok=True)
    shipped = sorted((demo / "rates").iterdir(), key=lambda file: file.name)
    copies = {folder / PLAN: demo / PLAN, **{rates / file.name: file for file in shipped}}
    for target, source in copies.items():
        target.write_bytes(source.read_bytes())
    return tuple(copies)


def _persons(persons: pd.DataFrame) -> pd.DataFrame:
    days = {name: _danish_days(persons[name]) for name in ("birth_date", "died_on", "moved_on")}
    return persons.assign(provider=persons["provider"].map({True: "ja", False: "nej"}), **days)


def _dream(weeks: WeekPanel) -> pd.DataFrame:
    years, numbers = to_iso_weeks(np.arange(weeks.first_week, weeks.end_week))
    headings = [f"y_{year % 100:02d}{week:02d}" for year, week in zip(years, numbers, strict=True)]
    codes, place = np.unique(weeks.code, return_inverse=True)
    texts = np.array([str(code) if code > 0 else "" for code in codes], dtype=object)
    table = pd.DataFrame(texts[place.reshape(weeks.code.shape)], columns=headings)
    table.insert(0, "person_id", weeks.person_id)
    return table


def _employment(employment: EmploymentPanel) -> pd.DataFrame:
    person, month = np.nonzero(np.nan_to_num(employment.hours) > 0)
    texts = np.array(
        [to_month_text(employment.first_month + i) for i in range(employment.hours.shape[1])], dtype=object
    )
    return pd.DataFrame(
        {
            "person_id": employment.person_id[person],
            "month": texts[month],
            "hours": employment.hours[person, month],
            "earnings": employment.earnings[person, month],
        }
    )


def _activity(activity: pd.DataFrame) -> pd.DataFrame:
    whole = {name: activity[name].astype("Int64") for name in ("minutes", "minutes_indirect") if name in activity}
    return activity.assign(date=_danish_days(activity["date"]), **whole)


def _ingredients(ingredients: pd.DataFrame) -> pd.DataFrame:
    answers = ingredients["research_only"].map({True: "ja", False: "nej"})
    return ingredients.assign(research_only=answers, life_years=ingredients["life_years"].astype("Int64"))


def _danish_days(days: pd.Series[Any]) -> pd.Series[Any]:
    return days.dt.strftime("%d-%m-%Y")


def _write_csv(table: pd.DataFrame, path: Path) -> Path:
    table.to_csv(
        path, sep=";", decimal=",", float_format="%.2f", index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
    return path
