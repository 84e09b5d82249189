"""How every town should be judged on every Sunday, from the raw rows of cases, person-years and orders (section 3)."""

import math
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, NamedTuple

from tests.oracle import intake
from tests.oracle.exposure import Month, Stratum, following
from tests.oracle.funnel import Placed, is_beyond_chance, is_thin, placed
from tests.oracle.records import Row

YEAR, RATE_DAYS, DEATH_DAYS = 365, 1095, 90
DEATH, UNGRADED = 60, 1
GRADES = {str(n): weight for n, weight in enumerate((27, 25, 23, 21, 18, 16, 13, 11, 9, 7), 1)}
REFUSED = {"D3", "C2", "D9"}
"""Not recognised, not accepted, withdrawn: the codes of section 2.1 that end a round so."""
SEVERITY_K = 2000
CUTS = {"黄": 30, "橙": 50, "红": 70}
RISING = ("绿", "黄", "橙", "红")
NEVER = 10**9
PARTS_A_YEAR = 12 * math.lcm(28, 29, 30, 31)
"""So many parts that a day of any month, a twelfth of a year long, is a whole number of them: nothing is lost in adding up."""
WEEKS_OF_RATE, FEWEST_WEEKS = 104, 52
RHO = 1.5


class Case(NamedTuple):
    """A case that counts; days are ordinals."""

    town: str
    category: str
    firm: str | None
    minute: int
    accepted: int
    concluded: int
    died: int
    grade: str | None


def counted(rows: Iterable[Row], day_of: Callable[[int], int]) -> list[Case]:
    """Return the cases that were accepted, at work, and not refused."""
    found = []
    for row in rows:
        if not counts(row):
            continue
        concluded, died = (NEVER if row[name] is None else day_of(row[name]) for name in ("concluded_at", "death_at"))
        firm, accepted = row["enterprise_id"], day_of(row["accepted_at"])
        found.append(Case(row["town"], row["risk_cat"], firm, row["event_at"] // 60, accepted, concluded, died, row["grade"]))
    return found


def counts(row: Row) -> bool:
    """Whether a case was accepted, at work, and not refused."""
    return row["accepted_at"] is not None and row["is_production"] and row["decision"] not in REFUSED


@dataclass(frozen=True)
class Known:
    """All that is known at one instant. `workers` are those of each stratum and month; days are ordinals."""

    towns: tuple[str, ...]
    cases: Sequence[Case]
    workers: Mapping[tuple[Stratum, Month], tuple[int, bool]]
    orders: Sequence[Row]
    works: Callable[[int], bool]
    is_announced: Callable[[int], bool]
    day_of: Callable[[int], int]
    months: dict[tuple[str, str], dict[Month, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def __post_init__(self) -> None:
        """Add up the workers of each town and risk category."""
        for (stratum, month), (headcount, _) in self.workers.items():
            self.months[stratum.town, stratum.risk_cat][month] += headcount

    @cached_property
    def exposed_from(self) -> int:
        """The first day of which person-years are known."""
        return date(*min(month for by_month in self.months.values() for month in by_month), 1).toordinal()

    def person_years(self, begin: int, end: int) -> dict[tuple[str, str], float]:
        """Return the person-years of each town and risk category, from one day to another, both included."""
        shares = dict(parts(begin, end))
        return {
            place: sum(headcount * shares.get(month, 0) for month, headcount in by_month.items()) / PARTS_A_YEAR
            for place, by_month in self.months.items()
        }


def parts(begin: int, end: int) -> Iterator[tuple[Month, int]]:
    """Yield the months between two days, both included, each with how many parts of a year its days make."""
    first, last = date.fromordinal(begin), date.fromordinal(end)
    month = (first.year, first.month)
    while month <= (last.year, last.month):
        whole = monthrange(*month)[1]
        begins = date(*month, 1).toordinal()
        days = min(end, begins + whole - 1) - max(begin, begins) + 1
        yield month, days * PARTS_A_YEAR // (12 * whole)
        month = following(month)


@dataclass
class Standing:
    """How a town has stood so far: the weeks that counted, its colour and its CUSUM."""

    scores: list[float] = field(default_factory=list)
    colour: str | None = None
    since: int | None = None
    cusum: float = 0.0
    is_alarm: bool = False


@dataclass
class Judge:
    """Judges week after week, as it is known when it is judged."""

    standings: dict[str, Standing] = field(default_factory=lambda: defaultdict(Standing))

    def judge(self, known: Known, close: int) -> dict[str, dict[str, Any]]:
        """Return the row of each town at a close."""
        week = Week(known, close)
        rows = week.rows()
        for town, row in rows.items():
            row["is_frozen"], row["is_silent"] = week.is_frozen, town in week.silent
            self.early_alarm(row, week, town)
            self.colour(row, close, self.standings[town])
        return rows

    def colour(self, row: dict[str, Any], close: int, standing: Standing) -> None:
        """Let a town's colour move, or stand."""
        if row["is_silent"]:
            row["colour"] = row["since_on"] = None
            return
        if not row["is_frozen"]:
            standing.scores.append(row["score"])
            colour = moved(standing, row["score"], row["floor"], close)
            if colour != standing.colour:
                standing.colour, standing.since = colour, close
        row["colour"], row["since_on"] = standing.colour, standing.since

    def early_alarm(self, row: dict[str, Any], week: "Week", town: str) -> None:
        """Carry the CUSUM on; after an alarm it begins at 0."""
        standing, expected, observed = self.standings[town], week.week_expected(town), week.observed(town)
        is_skipped = row["is_frozen"] or row["is_silent"] or not expected
        row |= {"week_observed": observed, "week_expected": expected, "cusum": None, "is_alarm": False}
        if expected is None:
            return
        before = 0.0 if standing.is_alarm else standing.cusum
        gain = 0.0 if is_skipped else observed * math.log(RHO) - (RHO - 1) * expected
        standing.cusum = max(0.0, before + gain)
        standing.is_alarm = not is_skipped and standing.cusum >= (3.5 if expected >= 2 else 2.5)
        row |= {"cusum": standing.cusum, "is_alarm": standing.is_alarm}


def moved(standing: Standing, score: float, floor: str | None, close: int) -> str:
    """Return the colour after a week that counts."""
    levels = RISING.index
    lowest = levels(floor) if floor else 0
    if standing.colour is None:
        return RISING[max(levels(raw(score)), lowest)]
    here, scores = levels(standing.colour), standing.scores
    reached = [0, lowest]
    for colour, cut in CUTS.items():
        if sum(one >= cut for one in scores[-3:]) >= 2 or score >= cut + 10:
            reached.append(levels(colour))
    if max(reached) > here:
        return RISING[max(reached)]
    is_low = here and len(scores) >= 4 and all(one <= CUTS[standing.colour] - 5 for one in scores[-4:])
    is_long = standing.since is not None and close - standing.since >= 28
    return RISING[here - 1] if is_low and is_long and floor is None else standing.colour


def raw(score: float) -> str:
    """Return the colour of a score alone."""
    return [colour for colour in RISING if score >= CUTS.get(colour, 0)][-1]


class Week:
    """One close, as it is known."""

    def __init__(self, known: Known, close: int) -> None:
        """Place the cases, and find which towns are judged."""
        self.known, self.close = known, close
        self.cases = [case for case in known.cases if case.accepted <= close]
        self.by_day: dict[str, Counter[int]] = defaultdict(Counter)
        for case in self.cases:
            self.by_day[case.town][case.accepted] += 1
        whole = Counter(case.accepted for case in self.cases)
        self.is_frozen = intake.is_outage(whole, known.works, close)
        self.silent = {town for town in known.towns if intake.is_silent(self.by_day[town], known.works, close)}
        self.first_case = min(whole, default=close)
        self.year = known.person_years(close - YEAR + 1, close)
        self.year_before = known.person_years(close - 2 * YEAR + 1, close - YEAR)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return what is said of each town but its colour."""
        judged = [town for town in self.known.towns if town not in self.silent]
        figures = {town: self.figures(town) for town in self.known.towns}
        observed = [figures[town]["observed_count"] for town in judged]
        shares = self.expected(judged)
        expected = [share * sum(observed) / math.fsum(shares) for share in shares]
        average = self.severity(None) / math.fsum(self.year.values())
        for town, e, place in zip(judged, expected, placed(observed, expected), strict=True):
            figures[town] |= scored(figures[town], self.severity(town), e, place, average)
        return figures

    def figures(self, town: str) -> dict[str, Any]:
        """Return the counts of a town, and its person-years."""
        begin = self.close - YEAR + 1
        year = [case for case in self.cases if case.town == town and case.accepted >= begin]
        before = [case for case in self.cases if case.town == town and begin - YEAR <= case.accepted < begin]
        firms = Counter(case.firm for case in year if case.firm is not None)
        open_, overdue = self.orders(town)
        return {
            "observed_count": len(year),
            "observed_before": len(before),
            "person_years": math.fsum(some for (one, _), some in self.year.items() if one == town),
            "person_years_before": math.fsum(some for (one, _), some in self.year_before.items() if one == town),
            "open_order_count": open_,
            "overdue_order_count": overdue,
            "repeat_case_count": sum(n for n in firms.values() if n >= 3),
            **self.deaths(town),
        }

    def expected(self, judged: Sequence[str]) -> list[float]:
        """Return the cases that each town's industries expect at the city's rates."""
        begin = max(self.close - RATE_DAYS + 1, self.known.exposed_from)
        cases = Counter(case.category for case in self.cases if begin <= case.accepted)
        years: dict[str, float] = defaultdict(float)
        for (_, category), some in self.known.person_years(begin, self.close).items():
            years[category] += some
        rates = {category: cases[category] / some for category, some in years.items() if some}
        return [
            math.fsum(some * rates[category] for (one, category), some in self.year.items() if one == town and some)
            for town in judged
        ]

    def severity(self, town: str | None) -> float:
        """Return the weights of what the year brought: each case once, at its gravest so far."""
        begin, total = self.close - YEAR + 1, 0
        for case in self.cases:
            if town not in (None, case.town):
                continue
            on, weight = case.accepted, UNGRADED
            if case.died <= self.close:
                on, weight = case.died, DEATH
            elif case.grade is not None and case.concluded <= self.close:
                on, weight = case.concluded, GRADES[case.grade]
            total += weight if begin <= on <= self.close else 0
        return total

    def orders(self, town: str) -> tuple[int, int]:
        """Return the orders of a town that are open at the close, and those of them that are overdue."""
        open_ = [
            order
            for order in self.known.orders
            if order["town_code"] == town
            and self.known.day_of(order["event_at"]) <= self.close
            and (order["closed_at"] is None or self.known.day_of(order["closed_at"]) > self.close)
        ]
        overdue = [order for order in open_ if order["due_on"] is not None and order["due_on"].toordinal() < self.close]
        return len(open_), len(overdue)

    def deaths(self, town: str) -> dict[str, Any]:
        """Return the deaths at work of ninety days, and the colour that they demand."""
        dead = [case for case in self.cases if case.town == town and self.close - DEATH_DAYS < case.died <= self.close]
        accidents = Counter((case.firm, case.minute) for case in dead)
        is_red = len(dead) >= 2 or max(accidents.values(), default=0) >= 3
        return {"death_count": len(dead), "floor": "红" if is_red else "橙" if dead else None}

    def observed(self, town: str, monday: int | None = None) -> int:
        """Return the cases of a week: of the one that closes, or of another one by its first day."""
        begin = self.close - 6 if monday is None else monday
        return sum(self.by_day[town].get(day, 0) for day in range(begin, begin + 7))

    def week_expected(self, town: str) -> float | None:
        """Return the cases of a week that the town's own 104 weeks before expect, or none where there are fewer than 52."""
        mondays = [self.close - 6 - 7 * n for n in range(1, WEEKS_OF_RATE + 1)]
        mondays = [monday for monday in mondays if monday >= self.first_case]
        if len(mondays) < FEWEST_WEEKS:
            return None
        worked = [days for days in map(self.workdays, mondays) if days is not None]
        mean, here = sum(self.observed(town, monday) for monday in mondays) / len(mondays), self.workdays(self.close - 6)
        return mean if here is None or not worked else mean * here / (sum(worked) / len(worked))

    def workdays(self, monday: int) -> int | None:
        """Return the working days of a week, or none where no notice names them all."""
        days = range(monday, monday + 7)
        return sum(map(self.known.works, days)) if all(map(self.known.is_announced, days)) else None


def scored(row: Mapping[str, Any], severity: float, expected: float, place: Placed, average: float) -> dict[str, Any]:
    """Return the parts of a town's score, and what they make."""
    o1, o0, y1, y0 = (row[name] for name in ("observed_count", "observed_before", "person_years", "person_years_before"))
    thin = is_thin(expected)
    level = 0.0 if thin and not is_beyond_chance(o1, expected) else 35 * clip(place.zstar / 3)
    half = 0.5 if 0 in (o1, o0) else 0
    a, b = o1 + half, o0 + half
    change = 20 * clip(math.log(a / y1 / (b / y0)) / math.sqrt(1 / a + 1 / b) / 3) if y1 and y0 else 0.0
    q = (severity + SEVERITY_K * average) / (y1 + SEVERITY_K) / average
    open_, overdue = row["open_order_count"], row["overdue_order_count"]
    late = 10 * min(1.0, overdue / open_ / 0.30) if open_ else 0.0
    repeat = 10 * clip((row["repeat_case_count"] / o1 - 0.20) / 0.40) if o1 else 0.0
    parts_ = level, change, 25 * clip(q - 1), late, repeat
    score = up(math.fsum(parts_), 1)
    return {
        "expected_count": expected,
        "sir": place.ratio,
        "theta": place.theta,
        "z": place.z,
        "zstar": place.zstar,
        **dict(zip(PARTS, parts_, strict=True)),
        "severity_ratio": q,
        "score": score,
        "raw_colour": raw(score),
        "is_thin": thin,
    }


PARTS = ("level_score", "change_score", "severity_score", "overdue_score", "repeat_score")


def clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def up(value: float, digits: int) -> float:
    """Round half up; what only binary fractions keep below a half is one."""
    return float(Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0
