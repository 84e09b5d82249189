"""How numbers of work injury are made of rows: counts, shares, lengths, sums, cohorts, and what is made of other numbers."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from tests.oracle import estimates
from tests.oracle.estimates import Estimate
from tests.oracle.exact import change, exact_sum, rate_permille
from tests.oracle.oracle import SHORT_BELOW, Answer, counted, estimated
from tests.oracle.records import Row
from tests.oracle.spans import N_TOTAL_STATES
from tests.oracle.survival import reached, steps

DAY_S = 24 * 3600
YEAR_DAYS = 365
TIME_OUT_S = 300
"""A call that has waited for longer has failed."""

Asks = Callable[[Row, int], bool]
Reckon = Callable[[Sequence[Row], int], Answer]


def always(_row: Row, _as_of: int) -> bool:
    return True


def says(name: str, *values: object) -> Asks:
    return lambda row, _as_of: row[name] in values


def has(name: str) -> Asks:
    return lambda row, _as_of: row[name] is not None


def is_absent(name: str) -> Asks:
    return lambda row, _as_of: row[name] is None


def count(keep: Asks) -> Reckon:
    return lambda rows, as_of: counted(sum(1 for row in rows if keep(row, as_of)))


def share(among: Asks, valid: Asks, hit: Asks, each: str | None = None) -> Reckon:
    """Return a share of rows, or of the different persons of them: one hit of a person is a hit."""

    def reckon(rows: Sequence[Row], as_of: int) -> Answer:
        asked = [row for row in rows if among(row, as_of)]
        answering = [row for row in asked if valid(row, as_of)]
        hits = [row for row in answering if hit(row, as_of)]
        n_total, n, hit_count = (len(some) if each is None else persons(some, each) for some in (asked, answering, hits))
        return estimated(n, n_total, hit_count, lambda: estimates.share(hit_count, n))

    return reckon


def persons(rows: Sequence[Row], name: str) -> int:
    """Count different persons; of somebody unnamed every row is another."""
    named = {row[name] for row in rows if row[name] is not None}
    return len(named) + sum(1 for row in rows if row[name] is None)


def states(rows: Sequence[Row], interval: str, as_of: int) -> Counter[str]:
    """Count the states of an interval; a call that is open for five minutes has failed, a case may take years."""
    name = f"{interval}_state"
    if interval != "exchange_latency":
        return Counter([row[name] for row in rows])
    return Counter(["MISSING" if row[name] == "OPEN" and row["event_at"] < as_of - TIME_OUT_S else row[name] for row in rows])


def lengths(rows: Sequence[Row], interval: str) -> list[int]:
    """Return the valid lengths in order, in seconds."""
    state, length = f"{interval}_state", f"{interval}_s"
    return sorted([row[length] for row in rows if row[state] == "VALID"])


def of_lengths(
    interval: str,
    estimate: Callable[[Sequence[int]], Estimate],
    unit_s: int,
    among: Asks = always,
    hit: Callable[[int], bool] = lambda _: True,
) -> Reckon:
    """Return what is estimated of the valid lengths."""

    def reckon(rows: Sequence[Row], as_of: int) -> Answer:
        asked = [row for row in rows if among(row, as_of)]
        told, seconds = states(asked, interval, as_of), lengths(asked, interval)
        n_total = sum(told[state] for state in N_TOTAL_STATES)
        hit_count = sum(1 for length in seconds if hit(length))
        found = estimated(len(seconds), n_total, hit_count, lambda: in_unit(estimate(seconds), unit_s))
        return found._replace(states=told)

    return reckon


def in_unit(estimate: Estimate, size: float) -> Estimate:
    value, low, high = (None if number is None else number / size for number in estimate)
    assert value is not None
    return value, low, high


def quantile(interval: str, q: float, unit_s: int, among: Asks = always) -> Reckon:
    return of_lengths(interval, lambda seconds: estimates.quantile(seconds, q), unit_s, among)


def mean(interval: str, unit_s: int, among: Asks = always) -> Reckon:
    return of_lengths(interval, estimates.mean, unit_s, among)


def within(interval: str, limit_s: int, among: Asks = always) -> Reckon:
    def is_kept(length: int) -> bool:
        return length <= limit_s

    def kept(seconds: Sequence[int]) -> Estimate:
        return estimates.share(sum(map(is_kept, seconds)), len(seconds))

    return of_lengths(interval, kept, 1, among, is_kept)


def complete(interval: str) -> Reckon:
    """Return the share of valid lengths among rows that should have one."""

    def reckon(rows: Sequence[Row], as_of: int) -> Answer:
        told = states(rows, interval, as_of)
        n, hits = sum(told[state] for state in N_TOTAL_STATES), told["VALID"]
        return estimated(n, n, hits, lambda: estimates.share(hits, n))._replace(states=told)

    return reckon


def total(name: str, size: float = 1) -> Reckon:
    """Return the sum of a column; of rows that all say nothing it is unknown, of no rows nothing."""

    def reckon(rows: Sequence[Row], _as_of: int) -> Answer:
        values = [row[name] for row in rows if row[name] is not None]
        if rows and not values:
            return Answer(None, 0, len(rows), 0, None, None, {}, "missing")
        return Answer(float(exact_sum(values) / size), len(values), len(rows), len(values), None, None, {}, "ok")

    return reckon


def average(name: str) -> Reckon:
    def reckon(rows: Sequence[Row], _as_of: int) -> Answer:
        values = [row[name] for row in rows if row[name] is not None]
        return estimated(len(values), len(rows), len(values), lambda: estimates.mean(values))

    return reckon


def distinct(name: str, among: Asks) -> Reckon:
    def reckon(rows: Sequence[Row], as_of: int) -> Answer:
        asked = [row for row in rows if among(row, as_of)]
        named = [row[name] for row in asked if row[name] is not None]
        return Answer(float(len(set(named))), len(named), len(asked), len(named), None, None, {}, "ok")

    return reckon


def ratio(above: str, below: str) -> Reckon:
    """Return the sum of one column over that of another; where nothing stands below, there is none."""

    def reckon(rows: Sequence[Row], _as_of: int) -> Answer:
        pairs = [(row[above], row[below]) for row in rows if row[above] is not None and row[below] is not None]
        found = Answer(None, len(pairs), len(rows), len(pairs), None, None, {}, "missing")
        if not any(under for _, under in pairs):
            return found
        if len(pairs) == 1:
            return found._replace(value=100 * pairs[0][0] / pairs[0][1], status="ok")
        value, low, high = estimates.ratio(pairs)
        return found._replace(value=value, low=low, high=high, status="ok")

    return reckon


def open_cohort(q: float) -> Reckon:
    """Return when so many of those accepted are decided (Kaplan and Meier); it is unknown while too many are not.

    A decision ends a case; one that goes on, or was taken back or refused, is only known to have taken longer. Where stamps
    contradict each other or the decision's own is lost, nobody knows how long it took.
    """

    def reckon(rows: Sequence[Row], as_of: int) -> Answer:
        told = cohort(rows, as_of)
        hits = sum(1 for _, is_end in told if is_end)
        found = Answer(None, len(told), len(rows), hits, None, None, {}, "missing")
        if len(told) < SHORT_BELOW:
            return found._replace(status="short" if told else "missing")
        day, low, high = reached(steps(told), q)
        return found if day is None else found._replace(value=day, low=low, high=high, status="ok")

    return reckon


def cohort(rows: Sequence[Row], as_of: int) -> list[tuple[int, bool]]:
    """Return of each case how many days it took, or has gone on for, and whether it was decided."""
    told: list[tuple[int, bool]] = []
    for row in rows:
        if row["legal_days_state"] == "VALID":
            told.append((row["legal_days_s"] // DAY_S, True))
        elif row["legal_days_state"] in {"OPEN", "OUTSIDE"} and row["age_from_at"] is not None:
            upto = as_of if row["ended_at"] is None else row["ended_at"]
            told.append((math.floor((upto - row["age_from_at"]) / DAY_S), False))
    return [one for one in told if one[0] >= 0]


def amount(part: Answer) -> float:
    return part.value or 0.0


def overdue(parts: Sequence[Answer]) -> Estimate | None:
    is_open, is_late, decided, stock = (round(amount(part)) for part in parts)
    whole = decided + stock
    return estimates.share(min(is_open + is_late, whole), whole) if whole else None


def rate(parts: Sequence[Answer]) -> Estimate | None:
    cases, years = map(amount, parts)
    return rate_permille(round(cases), years) if years else None


def rate_change(parts: Sequence[Answer]) -> Estimate | None:
    cases, years, cases_before, years_before = map(amount, parts)
    if not years or not years_before or not cases_before:
        return None
    return change(round(cases), years, round(cases_before), years_before)


def count_change(parts: Sequence[Answer]) -> Estimate | None:
    cases, before = (round(amount(part)) for part in parts)
    return change(cases, 1.0, before, 1.0) if before else None


def improvement(parts: Sequence[Answer]) -> Estimate | None:
    """Return by how many percent a mean fell (提速率); a mean of too few cases is none."""
    after, before = (part.value for part in parts)
    return (100 * (before - after) / before, None, None) if before and after is not None else None


def little(parts: Sequence[Answer]) -> Estimate | None:
    """Return by how many percent the stock is off arrivals a day times mean days."""
    stock, arrived, days = map(amount, parts)
    expected = arrived / YEAR_DAYS * days
    return (100 * (stock / expected - 1), None, None) if expected else None


def for_each(parts: Sequence[Answer]) -> Estimate | None:
    whole, each = map(amount, parts)
    return (whole / each, None, None) if each else None
