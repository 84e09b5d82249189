"""Person-years at risk, worked out firm by firm and day by day from the raw rows of enterprises and their months."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.records import UNKNOWN_TOWN, Row

CARRIED_MONTHS = 2

Month = tuple[int, int]


class Stratum(NamedTuple):
    """What the workers of a firm are counted by."""

    town: str
    division: str
    risk_cat: str


UNKNOWN = "?"
NO_LIST_HAS = Stratum(UNKNOWN_TOWN, UNKNOWN, UNKNOWN)


def person_years(enterprises: Sequence[Row], months: Sequence[Row]) -> dict[tuple[Stratum, date], tuple[Fraction, bool]]:
    """Return the person-years of each stratum and day that has any, and whether some of them are carried."""
    days = {}
    for (stratum, month), (headcount, is_carried) in workers(enterprises, months).items():
        day_count = monthrange(*month)[1]
        a_day = Fraction(headcount, 12 * day_count), is_carried
        for day in range(1, day_count + 1):
            days[stratum, date(*month, day)] = a_day
    return days


def workers(enterprises: Sequence[Row], months: Sequence[Row]) -> dict[tuple[Stratum, Month], tuple[int, bool]]:
    """Return the workers of each stratum and month, the two months after its town's last one among them."""
    found: dict[tuple[Stratum, Month], list[tuple[int, bool]]] = defaultdict(list)
    of_town: dict[str, dict[Month, list[tuple[int, bool]]]] = defaultdict(lambda: defaultdict(list))
    for stratum, month, headcount, is_carried in firm_months(enterprises, months):
        if headcount is not None:
            found[stratum, month].append((headcount, is_carried))
            of_town[stratum.town][month].append((headcount, is_carried))
    known = {place: (sum(h for h, _ in told), sum(h for h, c in told if c) > 0) for place, told in found.items()}
    for stratum, month in [*found]:
        town = of_town[stratum.town]
        if month == max(town):
            for later in carried_to(month, [m for m, told in town.items() if is_told(told)]):
                known[stratum, later] = known[stratum, month][0], True
    return known


def is_told(workers_of_firms: Sequence[tuple[int, bool]]) -> bool:
    """Whether a month has workers that are not carried, or none that are."""
    return any(h > 0 and not c for h, c in workers_of_firms) or not any(h > 0 and c for h, c in workers_of_firms)


def carried_to(last: Month, told: Sequence[Month]) -> Iterator[Month]:
    """Yield the months after the last one that lie no more than two after the last that was told."""
    month = max(told, default=(0, 1))
    for _ in range(CARRIED_MONTHS):
        month = following(month)
        if month > last:
            yield month


def firm_months(enterprises: Sequence[Row], months: Sequence[Row]) -> Iterator[tuple[Stratum, Month, int | None, bool]]:
    """Yield each firm and month from its first row to its last: stratum, month, headcount if any, whether that is carried."""
    strata = {firm["enterprise_id"]: stratum_of(firm) for firm in enterprises}
    told: dict[str, dict[Month, int | None]] = defaultdict(dict)
    for row in months:
        year, number = row["month"].split("-")
        told[row["enterprise_id"]][int(year), int(number)] = row["headcount"]
    for firm, headcounts in told.items():
        recent: list[int | None] = [None] * CARRIED_MONTHS
        month = min(headcounts)
        while month <= max(headcounts):
            headcount = headcounts.get(month)
            stands_in = next((one for one in reversed(recent) if one is not None), None)
            is_carried = headcount is None
            yield strata.get(firm, NO_LIST_HAS), month, stands_in if is_carried else headcount, is_carried
            recent = [*recent[1:], headcount]
            month = following(month)


def stratum_of(firm: Row) -> Stratum:
    """Return what a firm of the list is counted by; what the list leaves empty is not known."""
    industry, category = firm.get("gb4754"), firm.get("risk_cat")
    return Stratum(
        firm["prod_town"],
        UNKNOWN if industry is None else industry[0] + industry[1],
        UNKNOWN if category is None else f"{category:d}",
    )


def following(month: Month) -> Month:
    """Return the month after a month."""
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)
