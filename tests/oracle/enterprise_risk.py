"""How every enterprise should be graded at a close, from raw rows of firms, months, cases and payments (section 4)."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from tests.oracle.exact import poisson_upto
from tests.oracle.exposure import Month
from tests.oracle.records import Row
from tests.oracle.town_colour import DEATH, GRADES, UNGRADED, Case, up

YEAR, CARRIED = 365, 2
ALPHA, SEVERITY_K, PREMIUM_K = 2, 200, 100_000
WEIGHTS = (0.09, 0.30, 0.155, 0.30, 0.155)
LN = math.log(1.5)
KNOTS = (
    ((0, 0), (1, 20), (2, 35), (3, 50), (5, 70), (10, 100)),
    ((0.5, 0), (1, 30), (2, 70), (3, 90), (4, 100)),
    ((0, 0), (LN, 50), (2 * LN, 100)),
    ((0.5, 0), (1, 25), (2, 60), (3, 80), (5, 100)),
    ((0.2, 0), (0.6, 30), (0.8, 40), (1.2, 60), (2, 80), (5, 100)),
)
NAMES = ("count_score", "rate_score", "trend_score", "severity_score", "cost_score")
GRADE_CUTS = {"黄": 40, "橙": 55, "红": 75}
RISING = ("绿", "黄", "橙", "红")
ADVICE = ((0.2, "50"), (0.6, "80"), (0.8, "100"), (1.2, "120"), (math.inf, "150"))
DEATH_ITEMS = {"丧葬", "工亡补助金", "抚恤金"}


class Usual(NamedTuple):
    """What is usual in a risk category: cases and severity a person-year, benefits to premium, the mean premium (yuan)."""

    rate: float
    severity: float
    cost: float
    premium: float


class Firms:
    """All firms of the list, with what is known of them at one instant."""

    def __init__(
        self,
        *,
        firms: Sequence[Row],
        months: Iterable[Row],
        cases: Sequence[Case],
        payments: Iterable[Row],
        firm_of_case: Mapping[str, str],
    ) -> None:
        """Put each row with its firm; payments count that the fund made for cases that count."""
        self.list = {firm["enterprise_id"]: firm for firm in firms}
        self.cases: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            if case.firm in self.list:
                self.cases[case.firm].append(case)
        self.heads: dict[str, dict[Month, int]] = defaultdict(dict)
        self.dues: dict[str, dict[Month, int]] = defaultdict(dict)
        for row in months:
            month = int(row["month"][:4]), int(row["month"][5:])
            for known, name in ((self.heads, "headcount"), (self.dues, "premium_due_fen")):
                if row[name] is not None:
                    known[row["enterprise_id"]][month] = row[name]
        self.paid: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
        for pay in payments:
            if pay["payer"] == "基金" and pay["case_id"] in firm_of_case:
                entry = pay["paid_on"].toordinal(), pay["amount_fen"], pay["item"] in DEATH_ITEMS
                self.paid[firm_of_case[pay["case_id"]]].append(entry)

    @cached_property
    def earliest(self) -> Month:
        """The first month of which any headcount is known."""
        return min(month for of_firm in self.heads.values() for month in of_firm)

    def total(self, known: Mapping[str, Mapping[Month, int]], firm: str, first: Month, last: Month) -> int | None:
        """Return the sum of what is known or carried in some months, or none where nothing is."""
        told, found = known.get(firm, {}), []
        for number in range(place(first), place(last) + 1):
            here = (told.get(month_at(number - back)) for back in range(CARRIED + 1))
            found.append(next((value for value in here if value is not None), None))
        some = [value for value in found if value is not None]
        return sum(some) if some else None

    def person_years(self, firm: str, first: Month, last: Month) -> float | None:
        """Return the person-years of a firm in some months."""
        total = self.total(self.heads, firm, first, last)
        return None if total is None else total / 12

    def premium(self, firm: str, first: Month, last: Month) -> float | None:
        """Return the premium due (yuan) of a firm in some months."""
        total = self.total(self.dues, firm, first, last)
        return None if total is None else total / 100

    def is_carried(self, firm: str, first: Month, last: Month) -> bool:
        """Whether a headcount of some months is carried from an earlier one."""
        told = self.heads.get(firm, {})
        missing = (number for number in range(place(first), place(last) + 1) if month_at(number) not in told)
        return any(month_at(number - back) in told for number in missing for back in range(1, CARRIED + 1))

    def benefits(self, firm: str, begin: int, end: int, cap: float) -> float:
        """Return what the fund paid (yuan) from one day to another, items of deaths up to a cap."""
        paid = [(fen, is_death) for on, fen, is_death in self.paid.get(firm, ()) if begin <= on <= end]
        deaths = sum(fen for fen, is_death in paid if is_death) / 100
        return sum(fen for fen, is_death in paid if not is_death) / 100 + min(deaths, cap)

    def severity(self, firm: str, begin: int, end: int) -> int:
        """Return the weights of a firm's cases that fall in some days, each case once, at its gravest by their end."""
        total = 0
        for case in self.cases.get(firm, ()):
            on, weight = case.accepted, UNGRADED
            if case.died <= end:
                on, weight = case.died, DEATH
            elif case.grade is not None and case.concluded <= end:
                on, weight = case.concluded, GRADES[case.grade]
            total += weight if begin <= on <= end and case.accepted <= end else 0
        return total

    def accepted(self, firm: str, begin: int, end: int) -> int:
        """Return the cases of a firm that were accepted in some days."""
        return sum(begin <= case.accepted <= end for case in self.cases.get(firm, ()))


class Close:
    """All firms at one close."""

    def __init__(self, firms: Firms, close: int) -> None:
        """Work out what is usual in each category, over whole months that are over."""
        self.firms, self.close = firms, close
        self.month = month_of(close)
        closed = place(month_of(close + 1)) - 1
        self.closed = month_at(closed)
        self.rate_from = max(firms.earliest, month_at(closed - 35))
        self.cost_from = max(firms.earliest, month_at(closed - 23))
        self.premium_from = month_at(closed - 23)
        end = first_day(month_at(closed + 1)) - 1
        self.cases = {firm: firms.accepted(firm, first_day(self.rate_from), end) for firm in firms.list}
        self.severities = {firm: firms.severity(firm, first_day(self.cost_from), end) for firm in firms.list}
        self.rate_years = {firm: firms.person_years(firm, self.rate_from, self.closed) for firm in firms.list}
        self.cost_years = {firm: firms.person_years(firm, self.cost_from, self.closed) for firm in firms.list}
        self.dues = {firm: firms.premium(firm, self.premium_from, self.closed) for firm in firms.list}
        of_category: dict[int | None, list[str]] = defaultdict(list)
        for firm, row in firms.list.items():
            of_category[row["risk_cat"]].append(firm)
        self.city = self.usual([*firms.list], end)
        self.usuals = {category: self.usual(some, end) for category, some in of_category.items()}

    def usual(self, some: Sequence[str], end: int) -> Usual:
        """Return what is usual among some firms."""
        dues = {firm: self.dues[firm] for firm in some if self.dues[firm] is not None}
        due = math.fsum(dues.values())
        mean = up(due / len(dues), 0) if dues else math.nan
        paid = math.fsum(self.firms.benefits(firm, first_day(self.premium_from), end, 3 * mean) for firm in dues)
        return Usual(
            up(ratio(some, self.cases, self.rate_years), 6),
            up(ratio(some, self.severities, self.cost_years), 6),
            up(paid / due, 4) if due else math.nan,
            mean,
        )

    def row(self, firm: str) -> dict[str, Any]:
        """Return the row of a firm."""
        firms, close, told = self.firms, self.close, self.firms.list[firm]
        usual = self.city if told["risk_cat"] is None else self.usuals[told["risk_cat"]]
        here = place(self.month)
        year, before = (month_at(here - 11), self.month), (month_at(here - 23), month_at(here - 12))
        now, then = firms.accepted(firm, close - YEAR + 1, close), firms.accepted(firm, close - 2 * YEAR + 1, close - YEAR)
        years, years_before = firms.person_years(firm, *year), firms.person_years(firm, *before)
        premium = firms.premium(firm, before[0], self.month)
        benefits = firms.benefits(firm, first_day(before[0]), close, 3 * usual.premium)
        cost = usual.cost if premium is None else (benefits + PREMIUM_K * usual.cost) / (premium + PREMIUM_K)
        found = {
            "town_code": told["prod_town"],
            "division": None if told["gb4754"] is None else told["gb4754"][:2],
            "risk_cat": told["risk_cat"],
            "person_years": years,
            "is_carried": firms.is_carried(firm, *year),
            "observed_count": now,
            "observed_before": then,
            "cost_ratio": cost,
            "floor": self.floor(firm),
        }
        if years is None:
            return {
                **found,
                **{
                    name: scored(value, KNOTS[NAMES.index(name)])
                    for name, value in (("count_score", now), ("cost_score", cost))
                },
                **dict.fromkeys(("idx", "rate_advice", "is_watched")),
                "grade": found["floor"],
                "is_gated": False,
            }
        expected, expected_before = years * usual.rate, (years_before or 0) * usual.rate
        theta = (ALPHA + now) / (ALPHA + expected)
        trend = math.log((now + 2) / (expected + 2)) - math.log((then + 2) / (expected_before + 2))
        both = years + (years_before or 0)
        severity = firms.severity(firm, close - 2 * YEAR + 1, close)
        q = (severity + SEVERITY_K * usual.severity) / (both + SEVERITY_K) / usual.severity
        scores = [scored(value, knots) for value, knots in zip((now, theta, trend, q, cost), KNOTS, strict=True)]
        idx = up(math.fsum(w * s for w, s in zip(WEIGHTS, scores, strict=True)), 1)
        alone = [grade for grade in RISING if idx >= GRADE_CUTS.get(grade, 0)][-1]
        is_gated = alone != "绿" and now + then < 2 and found["floor"] is None
        return found | {
            "expected_count": expected,
            "theta": theta,
            "p_gt_15": poisson_upto(ALPHA + now - 1, 1.5 * (ALPHA + expected)),
            "trend": trend,
            "severity_ratio": q,
            **dict(zip(NAMES, scores, strict=True)),
            "idx": idx,
            "grade": max("绿" if is_gated else alone, found["floor"] or "绿", key=RISING.index),
            "is_gated": is_gated,
            "is_watched": years < 5,
            "rate_advice": None if premium is None else advice(cost, told["risk_cat"]),
        }

    def floor(self, firm: str) -> str | None:
        """Return the grade that deaths, and grades 1 to 4, of the year demand."""
        begin, deaths, severe = self.close - YEAR + 1, 0, 0
        for case in self.firms.cases.get(firm, ()):
            if case.accepted <= self.close and begin <= case.died <= self.close:
                deaths += 1
            elif case.accepted <= self.close < case.died and case.grade in {"1", "2", "3", "4"}:
                severe += begin <= case.concluded <= self.close
        return "红" if deaths >= 2 else "橙" if deaths + severe else None


def ratio(some: Sequence[str], amounts: Mapping[str, int], years: Mapping[str, float | None]) -> float:
    """Return amounts to person-years of those firms whose person-years are known."""
    known = [firm for firm in some if years[firm] is not None]
    return sum(amounts[firm] for firm in known) / math.fsum(years[firm] or 0.0 for firm in known)


def advice(cost: float, category: int | None) -> str | None:
    """Return the per cent of the base rate that a cost ratio suggests; category 1 is never below 100."""
    if category is None:
        return None
    step = next(step for cut, step in ADVICE if up(cost, 3) < cut)
    return "100" if category == 1 and step in {"50", "80"} else step


def scored(value: float, knots: Sequence[tuple[float, float]]) -> float:
    """Return the score of a figure: straight between two knots, level beyond the outer ones."""
    if value <= knots[0][0]:
        return knots[0][1]
    for (low, below), (high, above) in pairwise(knots):
        if value <= high:
            return below + (above - below) * (value - low) / (high - low)
    return knots[-1][1]


def place(month: Month) -> int:
    return month[0] * 12 + month[1] - 1


def month_at(number: int) -> Month:
    return number // 12, number % 12 + 1


def month_of(day: int) -> Month:
    on = date.fromordinal(day)
    return on.year, on.month


def first_day(month: Month) -> int:
    return date(*month, 1).toordinal()
