"""A city of three towns and a zone told by hand: firms with workers, accepted cases, orders, and how a model judges it."""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from cockpit.ledger.read import newest_tick_number
from cockpit.site import Site, load_site
from etl.judging import written
from etl.load import write_tick
from etl.model import Judging, Model
from etl.models.town_colour_history import TOWN_COLOUR_HISTORY_MODEL
from tests.injury import EPOCH, case, day, event, moment, notices

SITE: Site = load_site("wenling")
"""Nothing of it is asked but its time zone."""

Row = dict[str, Any]
Facts = dict[str, list[Row]]

BEGIN, END = day("2023-01-01"), day("2025-12-31")
FIRST = day("2025-01-05")
"""The first Sunday with 730 days of person-years before it: they begin with 2023."""

WORKERS = {("A", 2): 6000, ("A", 4): 2000, ("B", 2): 1500, ("B", 4): 2500, ("C", 4): 1800, ("Z", 2): 900}
CASES_A_YEAR = {("A", 2): 40, ("A", 4): 30, ("B", 2): 12, ("B", 4): 45, ("C", 4): 28, ("Z", 2): 9}
"""Of each firm, which is known by its town and its risk category; Z is a functional zone."""


def sundays(first: int, count: int) -> tuple[int, ...]:
    """Return so many Sundays, from one on."""
    return tuple(range(first, first + 7 * count, 7))


def iso(on: int) -> str:
    """Return a day (since 1970) as ISO date."""
    return (EPOCH + timedelta(days=on)).isoformat()


def at(on: int) -> int:
    """Return ten in the morning of a local day, as an instant."""
    return moment(f"{iso(on)}T10:00")["event_at"]


def firm(town: str, category: int) -> str:
    """Return the name of a firm."""
    return f"P{town}{category}"


def lists() -> Facts:
    """Return towns, calendar, firms and their workers, month by month."""
    months = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    return {
        "town": [{"town_code": code, "name": code, "is_functional": code == "Z"} for code in "ABCZ"],
        "cn_workday": notices(2022, 2023, 2024, 2025, 2026),
        "enterprise": [
            {"enterprise_id": firm(*key), "prod_town": key[0], "reg_town": key[0], "risk_cat": key[1]} for key in WORKERS
        ],
        "enterprise_month": [
            {"enterprise_id": firm(*key), "month": month, "headcount": count + 10 * place}
            for key, count in WORKERS.items()
            for place, month in enumerate(months)
        ],
    }


def workdays(begin: int, end: int) -> list[int]:
    """Return the working days between two days, both included."""
    return sorted(row["day_on"] for row in notices() if row["is_workday"] and begin <= row["day_on"] <= end)


def accepted(name: str, key: tuple[str, int], on: int, **said: Any) -> Facts:
    """Return a case of a firm that was accepted on a day, two weeks after its accident."""
    listed = {"enterprise_id": firm(*key), "employer_town": key[0], "accident_town": key[0], "basis": "14.1"}
    return {
        "work_injury_case": [case(name, f"{iso(on - 14)}T08:00", **{**listed, **said})],
        "case_event": [event(name, "B1", f"{iso(on - 3)}T09:00"), event(name, "C1", f"{iso(on)}T10:00")],
    }


def graded(name: str, on: int, grade: int) -> Facts:
    """Return the conclusion of a case's appraisal."""
    return {"case_event": [event(name, "F4", f"{iso(on)}T11:00", grade=grade)]}


def order(name: str, town: str, pushed_on: int, due_on: int, closed_on: int | None = None, rev: int = 0) -> Row:
    """Return an order to put right."""
    closed = None if closed_on is None else at(closed_on)
    stamps = moment(f"{iso(pushed_on)}T09:00")
    return {"order_id": name, "rev": rev, "town_code": town, "level": "橙", **stamps, "due_on": due_on, "closed_at": closed}


def rules(version: str, since: int, **colours: Any) -> Row:
    """Return a version of the configuration that sets the colours."""
    return {"config_version": version, "effective_from_on": since, "json": json.dumps({"colours": colours})}


def city(seed: int = 1, until: int = END) -> Facts:
    """Return the whole city: cases spread at random over its working days, a third of them graded 150 days later."""
    draw, facts = random.Random(seed), [lists()]
    days = workdays(BEGIN, until)
    for key, a_year in CASES_A_YEAR.items():
        for number in range(3 * a_year):
            name, on = f"{firm(*key)}-{number}", draw.choice(days)
            facts.append(accepted(name, key, on))
            if number % 3 == 0:
                facts.append(graded(name, on + 150, draw.randint(5, 10)))
    return together(*facts)


def steady(gaps: Mapping[tuple[str, int], Iterable[int]], left_out: Iterable[tuple[str, int]] = ()) -> Facts:
    """Return the city with a case of each firm every so many working days, but for some days of some towns."""
    gone, days = {*left_out}, workdays(BEGIN, END)
    return together(
        lists(),
        *(
            accepted(f"{firm(*key)}-{place}", key, on)
            for key, (step, shift) in gaps.items()
            for place, on in enumerate(days)
            if place % step == shift and (key[0], on) not in gone
        ),
    )


def scored(town: str, close: int, score: int) -> list[Row]:
    """Return orders of which such a share is overdue on a close; they are open on that one only."""
    share = Fraction(score, 100).limit_denominator(40)
    return [
        order(f"{town}{close}-{place}", town, close - 6, close - 1 if place < share.numerator else close + 30, close + 1)
        for place in range(share.denominator)
    ]


def together(*facts: Mapping[str, Iterable[Row]]) -> Facts:
    """Return the rows of several tellings as one."""
    names = dict.fromkeys(name for one in facts for name in one)
    return {name: [row for one in facts for row in one.get(name, ())] for name in names}


def judge(store: Any, *closes: int, model: Model = TOWN_COLOUR_HISTORY_MODEL, as_of: int = 0) -> None:
    """Let a model judge some closes, and keep what it gives."""
    with store.ledger.writing() as connection:
        tick = newest_tick_number(connection, store.ledger) + 1
        written(connection, model, Judging(connection, store.ledger, SITE, closes, as_of), tick)
        write_tick(connection, store.ledger, tick, as_of=as_of, now=float(as_of), cause="judged")


def history(store: Any, town: str | None = None) -> list[Row]:
    """Return the rows of the history, of one town or of all, in the order of the weeks, without when they were made."""
    rows = pd.DataFrame(store.rows("town_colour_history")).sort_values(["week_end_on", "town_code"])
    told = rows.drop(columns="data_as_of_at").astype(object)
    return [row for row in told.where(told.notna(), None).to_dict("records") if town in (None, row["town_code"])]


def a_date(on: int) -> date:
    """Return a day (since 1970) as date."""
    return EPOCH + timedelta(days=on)
