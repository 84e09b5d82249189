"""`town_colour`: how each town stands now, written every night: its colour, its silence, and what the next one may be."""

import pandas as pd
import sqlalchemy as sa

from cockpit.judging.rounding import half_up
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.silence import EmptyRun
from cockpit.site import Site
from cockpit.text import Text
from cockpit.weeks import sunday_from
from etl.contracts.judged import COLOURS, SCORE
from etl.model import Judging, Model
from etl.models.town_colour_history import READS, SOURCES, Course, Row, coloured_rows, courses_before
from etl.models.town_facts import TownFacts, exposed_since, read_facts
from etl.models.town_rules import RuleVersions
from etl.models.town_week import YEAR_DAYS, Intake, TownWeek

ALARM_DAYS = 28
"""How long an early alarm is shown. [DEF]"""

TOWN_COLOUR = Table(
    name="town_colour",
    title=Text("区域四色现状", "Colours of the towns now"),
    grain="one row per town that may have a colour",
    key=("town_code",),
    by=("town_code",),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("town_code", Kind.TOWN, Text("乡镇", "Town"), required=True),
        Column("colour", Kind.TEXT, Text("颜色", "Colour; none: silent, or never judged"), allowed=COLOURS),
        Column("since_on", Kind.DAY, Text("起始日", "First day in this colour")),
        Column("week_end_on", Kind.DAY, Text("最近评估周末", "Sunday of the last evaluation")),
        Column("next_on", Kind.DAY, Text("下次评估日", "Monday of the next evaluation")),
        Column("is_frozen", Kind.BOOLEAN, Text("冻结", "Frozen at the last evaluation")),
        Column("is_silent", Kind.BOOLEAN, Text("数据中断", "Nothing was heard of it for too long, up to yesterday")),
        Column(
            "silent_workday_count", Kind.INTEGER, Text("连续无案件工作日", "Working days in a row without a case"), unit="d"
        ),
        Column("silent_probability", Kind.REAL, Text("无案件概率", "How probable so long a run is"), bounds=(0, 1), unit="1"),
        Column("is_outage", Kind.BOOLEAN, Text("疑似断报", "The city's intake is below 40 % of what is usual")),
        Column("week_intake", Kind.REAL, Text("近7日每工作日受理", "Accepted a working day, city, last 7 days"), unit="1"),
        Column("usual_intake", Kind.REAL, Text("通常每工作日受理", "The same of usual weeks, median"), unit="1"),
        Column("preview_on", Kind.DAY, Text("预览截止日", "Last day of the preview")),
        Column("preview_score", Kind.REAL, Text("预览得分", "Score of the preview"), bounds=SCORE, unit="1"),
        Column("preview_raw", Kind.TEXT, Text("预览原始颜色", "Colour by that score alone"), allowed=COLOURS),
        Column("preview_colour", Kind.TEXT, Text("预览颜色", "Colour that would follow"), allowed=COLOURS),
        Column("preview_reason", Kind.TEXT, Text("预览理由", "Why")),
        Column("alarm_on", Kind.DAY, Text("早期预警", "Sunday of the newest early alarm within 4 weeks")),
        Column("config_version", Kind.TEXT, Text("口径版本", "Rules of the preview")),
        Column("data_as_of_at", Kind.INSTANT, Text("数据时点", "State of knowledge it was judged on")),
    ),
)


def first_day(connection: sa.Connection, ledger: Ledger, _site: Site) -> int | None:
    """Return the first day with a year of person-years: from then on silence is told, and colours once there are two."""
    begin = exposed_since(connection, ledger)
    return None if begin is None else begin + YEAR_DAYS - 1


def standing_now(judging: Judging) -> pd.DataFrame:
    """Return one row for each town, as of the last of the days that are given."""
    close = judging.closes[-1]
    facts = read_facts(judging.connection, judging.ledger, judging.site, close)
    rules, intake = RuleVersions(judging.connection, judging.ledger), Intake(facts)
    week = TownWeek(facts, close, rules.on(close), intake.weeks(close)[-1], intake.runs(close))
    previewed = coloured_rows(week, courses_before(judging, close)) if is_told(facts, close) else ()
    previews = {row["town_code"]: row for row in previewed}
    courses = courses_before(judging, close + 1)
    of_all = of_city(week) | {"data_as_of_at": judging.as_of}
    rows = [
        {"town_code": town, **stands(courses[town], week, run), **preview(previews.get(town), close), **of_all}
        for town, run in zip(facts.towns, week.runs, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(TOWN_COLOUR.names), dtype=object)


def is_told(facts: TownFacts, close: int) -> bool:
    """Whether both years before a day have person-years."""
    return facts.exposed_from <= close - 2 * YEAR_DAYS + 1


def of_city(week: TownWeek) -> Row:
    """Return what is the same of every town."""
    per_workday, usual = (
        None if one is None else float(one) for one in (week.intake.per_workday, week.intake.usual_per_workday)
    )
    return {
        "next_on": sunday_from(week.close + 1) + 1,
        "is_outage": week.intake.is_outage,
        "week_intake": per_workday,
        "usual_intake": usual,
        "config_version": week.rules.version or None,
    }


def stands(course: Course, week: TownWeek, run: EmptyRun) -> Row:
    """Return how a town stands: its last colour, unless nothing was heard of it for too long since, and its alarm."""
    colour, since_on = (None, None) if run.is_silent else course.standing
    is_recent = course.alarm_on is not None and course.alarm_on > week.close - ALARM_DAYS
    return {
        "colour": colour,
        "since_on": since_on,
        "week_end_on": course.weeks[-1].week_end_on if course.weeks else None,
        "is_frozen": course.is_frozen,
        "is_silent": run.is_silent,
        "silent_workday_count": run.day_count,
        "silent_probability": float(half_up(run.probability, 3)),
        "alarm_on": course.alarm_on if is_recent else None,
    }


def preview(row: Row | None, close: int) -> Row:
    """Return what an evaluation that ended yesterday would have given; of a town that cannot be judged, nothing but why."""
    if row is None:
        return {}
    of = {"preview_score": "score", "preview_raw": "raw_colour", "preview_colour": "colour", "preview_reason": "reason_text"}
    return {"preview_on": close, **{name: row.get(source) for name, source in of.items()}}


TOWN_COLOUR_MODEL = Model(
    table=TOWN_COLOUR,
    reads=(*READS, "town_colour_history"),
    sources=SOURCES,
    rhythm="day",
    keeps="newest",
    first=first_day,
    judge=standing_now,
    stamps=("data_as_of_at",),
)
