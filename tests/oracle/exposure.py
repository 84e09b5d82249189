"""Person-years at risk, worked out firm by firm and day by day from the raw rows of enterprises and their months."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from tests.oracle.records import UNKNOWN_TOWN, Row

CARRIED_MONTHS = 2

Month = tuple[int, int]


def person_years(enterprises: Sequence[Row], months: Sequence[Row]) -> dict[tuple[str, date], tuple[Fraction, bool]]:
    """Return the person-years of each town and day that has any, and whether some of them are carried."""
    days = {}
    for (town, month), (headcount, is_carried) in workers(enterprises, months).items():
        day_count = monthrange(*month)[1]
        for day in range(1, day_count + 1):
            days[town, date(*month, day)] = Fraction(headcount, 12 * day_count), is_carried
    return days


def workers(enterprises: Sequence[Row], months: Sequence[Row]) -> dict[tuple[str, Month], tuple[int, bool]]:
    """Return the workers of each town and month, the two months after a town's last one among them."""
    found: dict[tuple[str, Month], list[tuple[int, bool]]] = defaultdict(list)
    for town, month, headcount, is_carried in firm_months(enterprises, months):
        if headcount is not None:
            found[town, month].append((headcount, is_carried))
    known = {place: (sum(h for h, _ in told), sum(h for h, c in told if c) > 0) for place, told in found.items()}
    for town in {town for town, _ in known}:
        last = max(month for one, month in known if one == town)
        for month in carried_to(last, [m for (one, m), told in found.items() if one == town and is_told(told)]):
            known[town, month] = known[town, last][0], True
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


def firm_months(enterprises: Sequence[Row], months: Sequence[Row]) -> Iterator[tuple[str, Month, int | None, bool]]:
    """Yield each firm and month from its first row to its last: town, month, headcount if any, and whether that is carried."""
    towns = {firm["enterprise_id"]: firm["prod_town"] for firm in enterprises}
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
            yield towns.get(firm, UNKNOWN_TOWN), month, stands_in if is_carried else headcount, is_carried
            recent = [*recent[1:], headcount]
            month = following(month)


def following(month: Month) -> Month:
    """Return the month after a month."""
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)
