"""Windows of time, in the site's local days.

Statistics of a day are frozen at 02:00 of the next one; windows of whole days end at the last frozen
midnight. `today`, `h24`, `week`, `month` and `ytd` reach up to the tick itself and are provisional (实时未审核).

A window whose name ends in `_ly` is the same of last year: `today` and `week` 52 weeks before, for it is the weekday that makes
them; `month`, `ytd` and `r12` by the calendar, 29 February left out (domain specification, section 2.8).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cockpit.errors import UnknownName
from cockpit.text import Text
from cockpit.weeks import week_label, week_of_day

FREEZE_HOUR = 2
"""Statistics freeze at D+1 02:00 (domain specification, section 6.5, rule 10)."""

DAY_S = 86_400
EPOCH = date(1970, 1, 1)


class Days(NamedTuple):
    """Whole local days, as a stretch of instants (UTC s) and of day numbers since 1970; the ends are outside."""

    from_at: int
    to_at: int
    from_on: int
    to_on: int


@dataclass(frozen=True)
class Window:
    """Rows with `from_at <= event_at < to_at` (UTC s), or, where a table knows days only, with a day in `days`.

    `left_out` is a 29 February that is not in it.
    """

    name: str
    from_at: int
    to_at: int
    is_provisional: bool
    days: tuple[int, int] = (0, 0)
    left_out: Days | None = None
    label: str = ""


NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "now": Text("当前", "now"),
        "today": Text("今日", "today"),
        "h24": Text("近24小时", "last 24 hours"),
        "d7": Text("近7日", "last 7 days"),
        "d28": Text("近28日", "last 28 days"),
        "d365": Text("近365日", "last 365 days"),
        "week": Text("本周", "this week"),
        "month": Text("本月", "this month"),
        "ytd": Text("本年", "year to date"),
        "r12": Text("近12个月", "last 12 months"),
        "w53": Text("近53周", "last 53 weeks"),
        "w156": Text("近156周", "last 156 weeks"),
    }
)
DAYS = {"d7": 7, "d28": 28, "d365": 365}
WEEKS = {"w53": 53, "w156": 156}
YEAR_IN_WEEKS = "w53"
"""A year of whole weeks, with the same week of last year: readable of everything that has a time, whatever it declares."""

PLACED = ("today", "h24", "d7", "d28", "d365")
"""The usual windows of everything that has a time; `now` is for what simply is so."""

COMPARED = ("today", "week", "month", "ytd", "r12")
LAST_YEAR = "_ly"
PERIODS = (*COMPARED, *(f"{name}{LAST_YEAR}" for name in COMPARED))
"""The windows of an office that reports by the calendar, and the same of last year."""

WINDOW_TEXT: Mapping[str, Text] = MappingProxyType(
    {
        **NAMES,
        **{f"{name}{LAST_YEAR}": Text(f"{NAMES[name].zh}（上年同期）", f"{NAMES[name].en}, a year ago") for name in COMPARED},
    }
)

BEGINS: Mapping[str, Callable[[date], date]] = {
    "today": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "ytd": lambda day: day.replace(month=1, day=1),
}
"""Where windows that reach up to the tick begin."""

BY_WEEKDAY = ("today", "week")
YEAR_OF_WEEKS = timedelta(weeks=52)


def window(name: str, as_of: int, zone: ZoneInfo) -> Window:
    """Return a window as it stands at an instant (UTC s). Raises: UnknownName."""
    if name not in WINDOW_TEXT:
        raise UnknownName(f"there is no window {name!r}; there are {', '.join(WINDOW_TEXT)}")
    local = datetime.fromtimestamp(as_of, zone).replace(tzinfo=None)
    if name == "now":
        return Window(name, 0, as_of + 1, is_provisional=False, days=(0, number(local.date()) + 1))
    if name == "h24":
        days = (number((local - timedelta(days=1)).date()), number(local.date()) + 1)
        return Window(name, as_of + 1 - DAY_S, as_of + 1, is_provisional=True, days=days)
    base, is_last_year = name.removesuffix(LAST_YEAR), name.endswith(LAST_YEAR)
    if base in BEGINS:
        return last_year_to_the_tick(name, local, zone) if is_last_year else to_the_tick(name, local, as_of, zone)
    frozen = (local - timedelta(hours=FREEZE_HOUR)).date()
    if base == "r12":
        end = year_before(frozen) if is_last_year else frozen
        found = whole_days(name, year_before(frozen, 1 + is_last_year), end, zone)
        return without_leap_day(found, zone) if is_last_year else found
    end = BEGINS["week"](frozen) if base in WEEKS else frozen
    return whole_days(name, end - timedelta(days=DAYS.get(base, 7 * WEEKS.get(base, 0))), end, zone)


def is_over(name: str, as_of: int, now: float, zone: ZoneInfo) -> bool:
    """Whether the day, week, month or year that a window is named after, at one instant (UTC s), is another one by now."""
    begin = BEGINS.get(name.removesuffix(LAST_YEAR))
    days = [datetime.fromtimestamp(instant, zone).date() for instant in (as_of, now)]
    return begin is not None and begin(days[0]) < begin(days[1])


def to_the_tick(name: str, local: datetime, as_of: int, zone: ZoneInfo) -> Window:
    """Return a window from where its day, week, month or year began up to the tick."""
    begin = BEGINS[name](local.date())
    days = (number(begin), number(local.date()) + 1)
    return Window(name, midnight(begin, zone), as_of + 1, is_provisional=True, days=days)


def last_year_to_the_tick(name: str, local: datetime, zone: ZoneInfo) -> Window:
    """Return the same stretch of last year, up to the same time of day."""
    base = name.removesuffix(LAST_YEAR)
    begin, today = BEGINS[base](local.date()), local.date()
    if base in BY_WEEKDAY:
        first, last, clock = begin - YEAR_OF_WEEKS, today - YEAR_OF_WEEKS, local.time()
    elif (today.month, today.day) == (2, 29):
        return without_leap_day(whole_days(name, year_before(begin), year_before(today), zone), zone)
    else:
        first, last, clock = year_before(begin), year_before(today), local.time()
    to_at = int(datetime.combine(last, clock, tzinfo=zone).timestamp()) + 1
    days = (number(first), number(last) + 1)
    return compared(Window(name, midnight(first, zone), to_at, is_provisional=False, days=days), zone)


def whole_days(name: str, begin: date, end: date, zone: ZoneInfo, label: str = "") -> Window:
    """Return a window of whole local days, the last one outside."""
    days = (number(begin), number(end))
    return Window(name, midnight(begin, zone), midnight(end, zone), is_provisional=False, days=days, label=label)


def weeks_of(span: Window, zone: ZoneInfo) -> Iterator[Window]:
    """Yield the ISO weeks, Monday to Sunday, of a window of whole weeks, oldest first; each is labelled as `2025-W01`."""
    for first in range(*span.days, 7):
        begin = EPOCH + timedelta(days=first)
        yield whole_days(span.name, begin, begin + timedelta(days=7), zone, label=week_label(week_of_day(first)))


def year_of_weeks_before(span: Window, zone: ZoneInfo) -> Window:
    """Return a window of whole weeks 52 weeks before; a week keeps the label of the one that it is held against."""
    begin, end = (EPOCH + timedelta(days=day) - YEAR_OF_WEEKS for day in span.days)
    return whole_days(span.name, begin, end, zone, label=span.label)


def compared(span: Window, zone: ZoneInfo) -> Window:
    """Return a window as it is held against the same of last year: a week keeps all its days, a year has no 29 February."""
    return span if span.name.removesuffix(LAST_YEAR) in BY_WEEKDAY else without_leap_day(span, zone)


def without_leap_day(span: Window, zone: ZoneInfo) -> Window:
    """Return a window of at most a year without the 29 February in it, so that it compares with one that has none."""
    begin, end = (EPOCH + timedelta(days=day) for day in span.days)
    leap_days = [date(year, 2, 29) for year in {begin.year, end.year} if year % 4 == 0 and (year % 100 or year % 400 == 0)]
    for day in leap_days:
        if begin <= day < end:
            after = day + timedelta(days=1)
            return replace(span, left_out=Days(midnight(day, zone), midnight(after, zone), number(day), number(after)))
    return span


def year_before(day: date, years: int = 1) -> date:
    """Return the same day of the calendar some years before; 29 February is 1 March where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return (day - EPOCH).days


def midnight(local: date, zone: ZoneInfo) -> int:
    """Return the instant (UTC s) at which a local day begins."""
    return int(datetime.combine(local, time(), tzinfo=zone).timestamp())
