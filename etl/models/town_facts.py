"""What the colours of the towns rest on: the person-years, cases and orders of a whole city, by place and local day."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from cockpit.industries import UNKNOWN_CODE
from cockpit.ledger.read import frame
from cockpit.ledger.store import Ledger
from cockpit.metrics.town_colour import REFUSED
from cockpit.site import Site
from etl.derive.injury_clock_calendar import Calendar, calendar

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Cells = tuple[Days, Days, Days]
"""Places in a matrix: of the town, of the risk category, of the day."""

NEVER = 10**9
"""The day of what has not happened: after all others."""

UNGRADED = 0
"""The grade of a case that has none, below all that there are: what asks for a grade asks for one above it."""

NONE = -1
"""The place in a list of what is in it nowhere."""


@dataclass(frozen=True)
class Cases:
    """Cases that count, one value each: accepted, at work, not refused.

    Days are local, since 1970; `place` is that of the town, `firm` a number for each enterprise, −1 where none is named.
    """

    place: Days
    category: Days
    firm: Days
    accident_minute: Days
    accepted_on: Days
    graded_on: Days
    died_on: Days
    grade: Days


@dataclass(frozen=True)
class Orders:
    """Orders to put right, one value each, with the days on which they were pushed, are due, and were closed."""

    place: Days
    pushed_on: Days
    due_on: Days
    closed_on: Days


@dataclass(frozen=True, kw_only=True)
class TownFacts:
    """A city's record from its first day on, up to the last close that is judged.

    `towns` are those that may be judged, by code; every other place, functional zones and the unknown town, is the one
    after the last of them: counted in the city and never judged. `person_years` and `counted` are running sums by place,
    category and day, with a 0 before the `first` day. Person-years begin on `exposed_from`, cases on `counted_from`.
    """

    towns: tuple[str, ...]
    first: int
    exposed_from: int
    counted_from: int
    person_years: Numbers
    counted: Numbers
    cases: Cases
    orders: Orders
    calendar: Calendar

    @property
    def town_count(self) -> int:
        """How many towns may be judged."""
        return len(self.towns)

    def exposed(self, begin: int, end: int) -> Numbers:
        """Return the person-years of the days from `begin` to `end`, both included, by place and category."""
        return self.between(self.person_years, begin, end)

    def accepted(self, begin: int, end: int) -> Numbers:
        """Return the cases accepted on the days from `begin` to `end`, both included, by place and category."""
        return self.between(self.counted, begin, end)

    def between(self, running: Numbers, begin: int, end: int) -> Numbers:
        """Return what lies between two days of a running sum; outside the record there is nothing."""
        low, high = np.clip([begin - self.first, end + 1 - self.first], 0, running.shape[-1] - 1)
        return running[..., high] - running[..., low]

    @cached_property
    def daily(self) -> Numbers:
        """The cases accepted by place and day, from the `first` day on."""
        return np.diff(self.counted.sum(axis=1), axis=-1)

    @cached_property
    def working(self) -> frozenset[int]:
        """The working days."""
        return frozenset(self.calendar.working.tolist())


def exposed_since(connection: sa.Connection, ledger: Ledger) -> int | None:
    """Return the first local day (since 1970) of which person-years are known, or None."""
    exposure = ledger.tables["exposure"].c
    first = connection.scalars(sa.select(sa.func.min(exposure.day_on)).where(exposure.known_to.is_(None))).one()
    return None if first is None else int(first)


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "town": ("town_code", "is_functional"),
    "cn_workday": ("day_on", "is_workday"),
    "rectification_order": ("town_code", "event_at", "due_on", "closed_at"),
}
"""What is read of each list, and no more."""

OF_CASES = ("town", "risk_cat", "enterprise_id", "grade", "event_at", "accepted_at", "concluded_at", "death_at")


def read_facts(connection: sa.Connection, ledger: Ledger, site: Site, last: int) -> TownFacts:
    """Read all that is known now of the days up to the `last` one (local, since 1970)."""
    read = {name: known(connection, ledger, name, names) for name, names in COLUMNS.items()}
    exposure, case = exposed_months(connection, ledger, last), counted_cases(connection, ledger, site.zone, last)
    judged = sorted(read["town"]["town_code"][~read["town"]["is_functional"].map(bool)])
    places = {code: place for place, code in enumerate(judged)}
    categories = {name: place for place, name in enumerate(sorted({*exposure["risk_cat"], *case["risk_cat"]}))}
    first = min([last, *exposure["day_on"], *case["accepted_on"]])
    shape = (len(places) + 1, len(categories), last + 1 - first)
    return TownFacts(
        towns=tuple(places),
        first=first,
        exposed_from=min(exposure["day_on"], default=NEVER),
        counted_from=min(case["accepted_on"], default=NEVER),
        person_years=running(shape, *every_day(cells(exposure, "day_on", places, categories, first), exposure)),
        counted=running(shape, cells(case, "accepted_on", places, categories, first), np.ones(len(case))),
        cases=cases_of(case, places, categories),
        orders=orders_of(read["rectification_order"], places, site.zone),
        calendar=calendar(read["cn_workday"], first, last),
    )


def known(connection: sa.Connection, ledger: Ledger, name: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return some columns of the rows of a table that are known now."""
    history = ledger.tables[name]
    return frame(connection, sa.select(*(history.c[one] for one in names)).where(history.c.known_to.is_(None)))


def exposed_months(connection: sa.Connection, ledger: Ledger, last: int) -> pd.DataFrame:
    """Return the person-years a day of each town, risk category and month that begins by a day.

    All days of a month have the same (see `exposure`), so that its first is read and stands for the others.
    """
    row = ledger.tables["exposure"].c
    by = (row.town, row.risk_cat, row.day_on)
    is_read = sa.and_(row.known_to.is_(None), row.day_on.in_(month_begins(last)))
    query = sa.select(*by, sa.func.sum(row.person_years).label("person_years")).where(is_read)
    return frame(connection, query.group_by(*by))


def every_day(at: Cells, exposure: pd.DataFrame) -> tuple[Cells, Numbers]:
    """Return the cells of every day of the months whose first days are given, and their person-years."""
    begin = exposure["day_on"].to_numpy(np.int64).astype("datetime64[D]")
    days = ((begin.astype("datetime64[M]") + 1).astype("datetime64[D]") - begin).astype(np.int64)
    place = np.repeat(np.arange(len(days)), days)
    in_month = np.arange(len(place)) - np.repeat(np.cumsum(days) - days, days)
    return (at[0][place], at[1][place], at[2][place] + in_month), exposure["person_years"].to_numpy(np.float64)[place]


def month_begins(last: int) -> list[int]:
    """Return the first day of each month since 1970 up to a day."""
    months = np.arange(np.datetime64(last, "D").astype("datetime64[M]").astype(np.int64) + 1)
    return [int(day) for day in months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)]


def counted_cases(connection: sa.Connection, ledger: Ledger, zone: ZoneInfo, last: int) -> pd.DataFrame:
    """Return the cases that count, accepted up to a day, with the local days of their stamps."""
    row = ledger.tables["injury_case"].c
    is_refused = sa.and_(row.decision.is_not(None), row.decision.in_(REFUSED))
    counts = sa.and_(row.known_to.is_(None), row.is_production, row.accepted_at.is_not(None), ~is_refused)
    found = frame(connection, sa.select(*(row[name] for name in OF_CASES)).where(counts))
    stamps = {"accepted_on": "accepted_at", "graded_on": "concluded_at", "died_on": "death_at"}
    days = {day: local_days(found[stamp], zone) for day, stamp in stamps.items()}
    found = found.assign(risk_cat=found["risk_cat"].fillna(UNKNOWN_CODE), **days)
    return found[found["accepted_on"] <= last]


def local_days(instants: pd.Series, zone: ZoneInfo) -> Days:
    """Return the local days (since 1970) of instants (UTC s), NEVER where there is none."""
    stamps = pd.to_datetime(instants.astype("Int64"), unit="s", utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    return whole(pd.Series(stamps.to_numpy("datetime64[D]").astype(np.int64)).where(stamps.notna().to_numpy()))


def whole(days: pd.Series) -> Days:
    """Return days as whole numbers, NEVER where there is none."""
    return np.asarray(days.astype("Float64").fillna(NEVER), np.int64)


def cells(rows: pd.DataFrame, day: str, places: Mapping[str, int], categories: Mapping[str, int], first: int) -> Cells:
    """Return place, category and day of rows, as the places in a matrix that begins on the first day."""
    return placed(rows["town"], places), placed(rows["risk_cat"], categories), rows[day].to_numpy(np.int64) - first


def placed(words: pd.Series, places: Mapping[str, int]) -> Days:
    """Return the place of each word, and of a word that has none the one after the last."""
    return np.asarray(words.map(places).fillna(len(places)), np.int64)


def running(shape: tuple[int, int, int], at: Cells, amounts: Numbers) -> Numbers:
    """Return the running sums over days, with a 0 before the first, of amounts at some cells; later days are left out."""
    is_in = at[2] < shape[2]
    added = np.zeros((*shape[:2], shape[2] + 1))
    np.add.at(added, (at[0][is_in], at[1][is_in], at[2][is_in] + 1), amounts[is_in])
    return np.asarray(added.cumsum(axis=-1))


def cases_of(case: pd.DataFrame, places: Mapping[str, int], categories: Mapping[str, int]) -> Cases:
    """Return cases as arrays."""
    firm, _ = pd.factorize(case["enterprise_id"])
    return Cases(
        place=placed(case["town"], places),
        category=placed(case["risk_cat"], categories),
        firm=firm.astype(np.int64),
        accident_minute=case["event_at"].to_numpy(np.int64) // 60,
        accepted_on=case["accepted_on"].to_numpy(np.int64),
        graded_on=case["graded_on"].to_numpy(np.int64),
        died_on=case["died_on"].to_numpy(np.int64),
        grade=pd.to_numeric(case["grade"]).fillna(UNGRADED).to_numpy(np.int64),
    )


def orders_of(order: pd.DataFrame, places: Mapping[str, int], zone: ZoneInfo) -> Orders:
    """Return orders as arrays."""
    return Orders(
        place=placed(order["town_code"], places),
        pushed_on=local_days(order["event_at"], zone),
        due_on=whole(order["due_on"]),
        closed_on=local_days(order["closed_at"], zone),
    )
