"""The judged towns as their pictures share them: how each stands now, its newest judged week, and how its colour looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cockpit.code_names import COLOURS
from cockpit.metric import Status
from cockpit.panel import Latest, Need, Values
from cockpit.text import Language, Text
from cockpit.window import EPOCH, number
from layouts.parts.small_cells import LEAST
from layouts.theme import COLOUR_MARK, SILENT_MARK, UNCOLOURED_MARK, Mark

Row = Mapping[str, Any]

MOST_TOWNS = 32
"""So many towns a screen has room for, on a wall of this size; a city has sixteen."""

REPLAYED_WEEKS, SHOWN_WEEKS = 104, 52
"""What is shown is a year; other cuts are replayed from a year before, so that how it began does not matter any more."""

STANDING = Latest(
    "town_colour",
    (
        "town_code",
        "colour",
        "since_on",
        "week_end_on",
        "next_on",
        "is_frozen",
        "is_silent",
        "silent_workday_count",
        "is_outage",
        "week_intake",
        "usual_intake",
        "preview_on",
        "preview_score",
        "preview_colour",
        "alarm_on",
        "config_version",
    ),
    MOST_TOWNS,
    by="data_as_of_at",
)
COUNTED = ("observed_count", "person_years", "expected_count", "observed_before", "person_years_before", "death_count")
RATIOS = ("sir", "theta", "z", "zstar", "severity_ratio", "cusum")
PARTS = ("level_score", "change_score", "severity_score", "overdue_score", "repeat_score")
ORDERS = ("open_order_count", "overdue_order_count", "repeat_case_count")
JUDGED = ("score", "raw_colour", "floor", "colour", "since_on", "is_thin", "is_frozen", "is_silent", "is_alarm", "reason_text")
NEWEST = Latest(
    "town_colour_history",
    ("town_code", "week_end_on", *COUNTED, *RATIOS, *PARTS, *ORDERS, *JUDGED),
    2 * MOST_TOWNS,
    by="week_end_on",
)
HISTORY = Latest(
    "town_colour_history",
    ("town_code", "week_end_on", "score", "floor", "colour", "is_frozen", "is_silent"),
    REPLAYED_WEEKS * MOST_TOWNS,
    by="week_end_on",
)
TOLD = Need("towns_told", "now")
"""Of how many towns anything is heard; as old as the oldest source that the colours rest on."""

PART_NAMES = {
    "level_score": Text("A 水平", "A level"),
    "change_score": Text("B 同比", "B change"),
    "severity_score": Text("C 严重度", "C severity"),
    "overdue_score": Text("D 超期整改", "D overdue"),
    "repeat_score": Text("E 集中度", "E repeats"),
}
"""The five parts of the score (domain specification, section 3.4); the most that each can give is a rule."""

PREVIEW_DAYS = 2
"""A judgement goes up to the day before; one night may fail, and the next makes it good."""

SILENT_NAME = Text("数据中断", "no data")
NEVER_JUDGED = Text("未评估", "not judged")
NONE_JUDGED = Text("尚无评估：需两年人年数据", "Nothing judged yet: it takes two years of person-years")


@dataclass(frozen=True)
class Town:
    """One judged town: how it stands, and the newest week that it was judged by; empty where it never was.

    A count of cases under `least` is not shown, nor what would tell it.
    """

    code: str
    standing: Row
    week: Row = field(default_factory=dict)
    least: int = LEAST

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of it for too long: then it has no colour."""
        return bool(self.standing["is_silent"])

    @property
    def colour(self) -> str | None:
        """The colour that counts; none of a silent town, or of one never judged."""
        return None if self.is_silent else self.standing["colour"]

    @property
    def is_scored(self) -> bool:
        """Whether it has a score that counts: what is silent now has none, whatever its newest week had."""
        return not self.is_silent and self.week.get("score") is not None

    @property
    def has_parts(self) -> bool:
        """Whether the parts of its score may be told: those of a few cases would tell how few."""
        return self.is_scored and not self.is_small

    @property
    def is_counted(self) -> bool:
        """Whether its cases and person-years are known, and not those of a town that nothing is heard of."""
        return not self.is_silent and self.week.get("observed_count") is not None and bool(self.week.get("person_years"))

    @property
    def is_small(self) -> bool:
        """Whether its cases are so few that they are not shown, nor what would tell them."""
        return 0 < (self.week.get("observed_count") or 0) < self.least


def towns_of(values: Values) -> list[Town]:
    """Return the judged towns, the gravest first: by colour, then by score; the silent ones after them."""
    weeks: dict[str, Row] = {}
    for row in values.latest.get(NEWEST, []):
        weeks.setdefault(str(row["town_code"]), row)
    least = values.least_cell
    found = [Town(str(row["town_code"]), row, weeks.get(str(row["town_code"]), {}), least) for row in values.latest[STANDING]]
    judged = [town for town in found if town.standing["town_code"] and town.code not in values.functional]
    return sorted(judged, key=gravity)


def gravity(town: Town) -> tuple[int, float, str]:
    """Return by what towns are ranked."""
    place = [*COLOURS].index(town.colour) if town.colour is not None else len(COLOURS)
    return place, -(town.week.get("score") or 0.0), town.code


def is_stale(values: Values) -> bool:
    """Whether what the colours rest on was not heard of for too long: then none of them may look like today's."""
    return values.readings[TOLD][0].status is Status.STALE


def interrupted_since(values: Values, towns: list[Town]) -> int | None:
    """Return the day (since 1970) of the newest judgement where it is so old that nights were missed; None: all is well."""
    previews = [int(town.standing["preview_on"]) for town in towns if town.standing["preview_on"] is not None]
    newest = max(previews, default=None)
    return None if newest is None or number(today(values)) - newest <= PREVIEW_DAYS else newest


def mark_of(town: Town, *, stale: bool) -> Mark:
    """Return how a town is drawn."""
    if town.is_silent or stale:
        return SILENT_MARK
    return UNCOLOURED_MARK if town.colour is None else COLOUR_MARK[town.colour]


def colour_name(town: Town, language: Language) -> str:
    """Return a town's colour in words with its letter, or why it has none."""
    if town.is_silent:
        return SILENT_NAME(language)
    if town.colour is None:
        return NEVER_JUDGED(language)
    return f"{COLOURS[town.colour](language)}{COLOUR_MARK[town.colour].letter if language == 'zh' else ''}"


def short_name(values: Values, code: str, language: Language) -> str:
    """Return a town's name without its kind, as it stands on a map."""
    name = values.label("town", code)(language)
    return name.removesuffix("街道").removesuffix("镇") if language == "zh" else name


def today(values: Values) -> date:
    """Return the local day of the newest tick."""
    moment = values.local_time(values.as_of)
    return EPOCH if moment is None else moment.date()


def days_in(values: Values, town: Town) -> int | None:
    """Return for how many days a town has had its colour."""
    since = town.standing["since_on"]
    return None if since is None or town.colour is None else number(today(values)) - int(since)


def day(value: float | None) -> date | None:
    """Return a day that is stored as days since 1970."""
    return None if value is None else EPOCH + timedelta(days=int(value))


def day_text(value: float | None, nothing: str = "—") -> str:
    """Return month and day of a stored day."""
    return nothing if value is None else f"{day(value):%m-%d}"
