"""`town_colour_history`: the colour of each town 区域四色, week by week, with all that it follows from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.judging.cusum import cusum, weeks_expected
from cockpit.judging.hysteresis import JudgedWeek, Standing, standings
from cockpit.judging.rounding import half_up
from cockpit.judging.town_score import reason
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.weeks import WEEK_DAYS, sunday_from
from etl.contracts.judged import TOWN_COLOUR_HISTORY
from etl.model import Judging, Model
from etl.models.town_facts import Numbers, TownFacts, exposed_since, read_facts
from etl.models.town_rules import RuleVersions
from etl.models.town_week import YEAR_DAYS, Intake, TownWeek

SOURCES = ("town", "cn_workday", "enterprise", "enterprise_month", "work_injury_case", "case_event")
"""What no colour can do without; a city that feeds no orders to put right has colours too, with a part D of 0."""

READS = ("town", "cn_workday", "exposure", "injury_case", "rectification_order", "config")

Row = dict[str, Any]


def first_close(connection: sa.Connection, ledger: Ledger, _site: Site) -> int | None:
    """Return the first Sunday on which both years have person-years for each of their days, or None."""
    begin = exposed_since(connection, ledger)
    return None if begin is None else sunday_from(begin + 2 * YEAR_DAYS - 1)


UNJUDGED = Standing(None, None)


@dataclass
class Course:
    """How far a town has come: its standing, the weeks that led there, its sum, and its newest alarm (a Sunday)."""

    standing: Standing = UNJUDGED
    weeks: list[JudgedWeek] = field(default_factory=list)
    cusum: float = 0.0
    alarm_on: int | None = None
    is_frozen: bool = False


def judged(judging: Judging) -> pd.DataFrame:
    """Return the rows of every town on the closes that are given; colours go on from the rows before them, which stand."""
    facts = read_facts(judging.connection, judging.ledger, judging.site, judging.closes[-1])
    rules, courses = RuleVersions(judging.connection, judging.ledger), courses_before(judging, judging.closes[0])
    expected, intake = Expected(facts), Intake(facts)
    intakes = intake.weeks(judging.closes[-1])
    rows: list[Row] = []
    for close in judging.closes:
        place = (close - judging.closes[-1]) // WEEK_DAYS - 1
        week = TownWeek(facts, close, rules.on(close), intakes[place], intake.runs(close))
        rows += ({**row, "data_as_of_at": judging.as_of} for row in week_rows(week, expected, courses))
    return pd.DataFrame(rows, columns=list(TOWN_COLOUR_HISTORY.names), dtype=object)


def courses_before(judging: Judging, close: int) -> defaultdict[str, Course]:
    """Return how far every town had come before a close, as the rows that stand say."""
    history = judging.ledger.tables[TOWN_COLOUR_HISTORY.name]
    row = history.c
    query = sa.select(history).where(row.known_to.is_(None), row.week_end_on < close).order_by(row.week_end_on)
    courses: defaultdict[str, Course] = defaultdict(Course)
    for one in judging.connection.execute(query).mappings():
        course = courses[one["town_code"]]
        if one["colour"] is not None:
            course.standing = Standing(one["colour"], one["since_on"])
        is_skipped = bool(one["is_frozen"] or one["is_silent"])
        course.weeks.append(JudgedWeek(one["week_end_on"], one["score"], one["floor"], is_skipped))
        course.is_frozen = bool(one["is_frozen"])
        course.cusum = 0.0 if one["is_alarm"] else one["cusum"] or 0.0
        course.alarm_on = one["week_end_on"] if one["is_alarm"] else course.alarm_on
    return courses


class Expected:
    """The cases of each town and week, Monday to Sunday, and what its own 104 weeks before expect (section 3.3)."""

    def __init__(self, facts: TownFacts) -> None:
        """Count the whole weeks of the record, from the first case on."""
        self.first = sunday_from(facts.counted_from + WEEK_DAYS - 1)
        last = facts.first + facts.daily.shape[1] - 1
        ends = range(self.first, last + 1, WEEK_DAYS)
        by_week = [facts.accepted(end - WEEK_DAYS + 1, end).sum(axis=1)[: facts.town_count] for end in ends]
        self.observed = np.array(by_week).reshape(len(ends), facts.town_count).T
        self.workdays = np.array([workdays(facts, end) for end in ends])
        self.expected = weeks_expected(self.observed, self.workdays)

    def of(self, place: int, close: int) -> tuple[int, float | None, bool]:
        """Return a town's cases of a week, what was expected or None, and whether nobody worked in it."""
        week = (close - self.first) // WEEK_DAYS
        if week < 0:
            return 0, None, False
        expected = float(self.expected[place, week])
        return int(self.observed[place, week]), None if np.isnan(expected) else expected, bool(self.workdays[week] == 0)


def workdays(facts: TownFacts, end: int) -> float:
    """Return the working days of the week that ends with a day; NaN where no notice says which they are."""
    days = range(end - WEEK_DAYS + 1, end + 1)
    is_known = facts.calendar.is_known(np.array([days[0]]), np.array([end]))
    return float(sum(day in facts.working for day in days)) if is_known.all() else np.nan


def week_rows(week: TownWeek, expected: Expected, courses: Mapping[str, Course]) -> Iterator[Row]:
    """Yield the row of each town on one close, and let its course go on."""
    for place, row in enumerate(coloured_rows(week, courses)):
        yield {**row, **summed(courses[row["town_code"]], week, row, expected.of(place, week.close))}


def coloured_rows(week: TownWeek, courses: Mapping[str, Course]) -> Iterator[Row]:
    """Yield what is counted, scored and decided of each town on one close, in their order, and let its colour go on."""
    scored = scores_by_place(week)
    for place, town in enumerate(week.facts.towns):
        row = {"town_code": town, **counted(week, place), **scored.get(place, {})}
        row |= gone_on(courses[town], week, row)
        yield {**row, "reason_text": reason(row, "zh")}


COUNTS = {
    "observed_count": "observed",
    "observed_before": "observed_before",
    "open_order_count": "open_orders",
    "overdue_order_count": "overdue_orders",
    "repeat_case_count": "repeat_cases",
    "death_count": "deaths",
}
"""Columns that are counts, and what they count."""


def counted(week: TownWeek, place: int) -> Row:
    """Return what was counted of a town, whether or not it is judged."""
    return {
        "week_end_on": week.close,
        **{name: int(getattr(week.amounts, of)[place]) for name, of in COUNTS.items()},
        **{name: rounded(getattr(week.amounts, name), place, 1) for name in ("person_years", "person_years_before")},
        "floor": week.floor(place),
        "is_silent": bool(week.is_silent[place]),
        "is_frozen": week.intake.is_outage,
        "config_version": week.rules.version or None,
    }


SCORED = {"sir": 3, "theta": 3, "z": 3, "zstar": 3, "severity_ratio": 3}
PARTS = ("level", "change", "severity", "overdue", "repeat")
"""What is stored of the scores, the first with so many digits; parts have one, as the score has."""


def scores_by_place(week: TownWeek) -> dict[int, Row]:
    """Return what the towns that are judged scored, by their place."""
    if not week.is_judged.any():
        return {}
    scores = week.scores
    return {
        int(place): {
            "expected_count": rounded(week.expected, int(place), 1),
            **{name: rounded(getattr(scores, name), number, digits) for name, digits in SCORED.items()},
            **{f"{name}_score": rounded(getattr(scores, name), number, 1) for name in PARTS},
            "score": rounded(scores.score, number, 1),
            "raw_colour": scores.raw_colour[number],
            "is_thin": bool(scores.is_thin[number]),
        }
        for number, place in enumerate(np.flatnonzero(week.is_judged))
    }


def rounded(values: Numbers, place: int, digits: int) -> float | None:
    """Return a number as it is stored, rounded half up; None where it is unknown."""
    value = float(half_up(values[place], digits))
    return None if np.isnan(value) else value


def gone_on(course: Course, week: TownWeek, row: Row) -> Row:
    """Let a town's colour go on by a week, and return its colour: none where it is not judged."""
    is_skipped = week.intake.is_outage or row["is_silent"]
    now, before = JudgedWeek(week.close, row.get("score"), row["floor"], is_skipped), course.standing
    [course.standing] = standings([now], week.rules, before, before=course.weeks)
    course.weeks.append(now)
    colour, since_on = course.standing if row.get("score") is not None else UNJUDGED
    is_changed = colour is not None and before.colour is not None and colour != before.colour
    return {"colour": colour, "since_on": since_on, "is_changed": is_changed}


def summed(course: Course, week: TownWeek, row: Row, of_week: tuple[int, float | None, bool]) -> Row:
    """Let a town's sum go on by a week, and return it; it stays where nothing was to be heard, or nobody worked."""
    observed, expected, is_holiday = of_week
    is_skipped = week.intake.is_outage or row["is_silent"] or is_holiday
    [after] = cusum([observed], [expected], [is_skipped], week.rules, begin=course.cusum)
    course.cusum = 0.0 if after.is_alarm else after.value or 0.0
    told = None if expected is None else float(half_up(expected, 3))
    return {"week_observed": observed, "week_expected": told, "cusum": after.value, "is_alarm": after.is_alarm}


TOWN_COLOUR_HISTORY_MODEL = Model(
    table=TOWN_COLOUR_HISTORY,
    reads=READS,
    sources=SOURCES,
    rhythm="week",
    keeps="every",
    first=first_close,
    judge=judged,
    stamps=("data_as_of_at",),
)
