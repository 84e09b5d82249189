"""What needs a leader's attention 需要领导关注: which things are told at all, how grave each is, and in which order.

[DEF] The written rule of this platform, 本平台默认口径; docs/overview.md has it for readers, `RULE` for the screen. It is pure:
the same things in any order give the same list.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cockpit.freshness import AGE_TEXT, Age, SourceAge
from cockpit.injury_clock import ClockKind
from cockpit.injury_clocks import BY_ID
from cockpit.text import Text

GRAVE, SERIOUS, EARLY = 3, 2, 1
"""Severities: red, dead, or over the limit of a law; over another limit, or not heard of; an early sign."""

LONG_INCIDENT_S = 3600
"""An emergency that has been under way for longer."""

OF_ONE_KIND = 2
"""So many things of one kind are told before another kind has had its turn: a backlog hides nothing else."""

RULE = Text(
    "严重者先：红色镇街、近期工亡、超过法定时限、红级整改超期；其次超过本平台默认时限、橙级整改超期、急救一小时未结束、"
    "数据中断；再次黄级整改超期、早期预警。同等严重时超期久者先，再持续久者先；同类先列两项。",
    "Gravest first: red towns, recent deaths at work, what is over a limit of law, red orders overdue; then what is over a "
    "default limit, orange orders overdue, emergencies of over an hour, what is not heard of; then yellow orders overdue and "
    "early alarms. Of equal ones the longest overdue, then the longest standing; two of a kind at first.",
)


class Kind(StrEnum):
    """What a thing is, the order of ties."""

    TOWN = "town"
    DEATH = "death"
    CLOCK = "clock"
    ORDER = "order"
    INCIDENT = "incident"
    SOURCE = "source"
    SILENCE = "silence"
    ALARM = "alarm"


OF_AGGREGATES = frozenset({Kind.TOWN, Kind.SOURCE, Kind.SILENCE, Kind.ALARM})
"""Kinds that tell of no single case, order or person: visitors may see them."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing that needs attention.

    `towns` are codes, the longest overdue first; `overdue_s` is how long it has been over its limit, 0 where it has none;
    `age_s` is for how long it has been so, None where nobody can say; `key` tells it from others of its kind.
    """

    kind: Kind
    severity: int
    what: Text
    key: str
    towns: tuple[str, ...] = ()
    overdue_s: int = 0
    age_s: int | None = None

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """By what things are ordered: severity, how long overdue, how long so; then kind and key, so that ties are stable."""
        return -self.severity, -self.overdue_s, -(self.age_s or 0), [*Kind].index(self.kind), self.key


def ranked(matters: Iterable[Matter]) -> list[Matter]:
    """Return all things in their order."""
    return sorted(matters, key=lambda matter: matter.rank)


def foremost(matters: Iterable[Matter], most: int) -> list[Matter]:
    """Return so many things in their order: two of each kind first, and more of one only where room is left."""
    told: Counter[Kind] = Counter()
    first: list[Matter] = []
    others: list[Matter] = []
    for matter in ranked(matters):
        (first if told[matter.kind] < OF_ONE_KIND else others).append(matter)
        told[matter.kind] += 1
    return ranked([*first[:most], *others[: max(0, most - len(first))]])


def of_clocks(rows: Iterable[Mapping[str, Any]], as_of: int) -> list[Matter]:
    """Return clocks of agencies that run past their due day, those of one clock as one; the law's are graver than ours."""
    late = [row for row in rows if row["kind"] == ClockKind.AGENCY and row["clock"] in BY_ID and is_over(row, as_of)]
    found = []
    for clock, some in by_word(late, "clock").items():
        severity = SERIOUS if BY_ID[clock].is_default else GRAVE
        found.append(overdue(Kind.CLOCK, severity, BY_ID[clock].title, clock, some, as_of))
    return found


ORDER_SEVERITY: Mapping[str, int] = {"红": GRAVE, "橙": SERIOUS, "黄": EARLY}
ORDER_TEXT: Mapping[str, Text] = {
    "红": Text("红级整改指令", "Red orders"),
    "橙": Text("橙级整改指令", "Orange orders"),
    "黄": Text("黄级整改指令", "Yellow orders"),
}


def of_orders(rows: Iterable[Mapping[str, Any]], as_of: int) -> list[Matter]:
    """Return orders to put right that are past their day due, those of one level as one thing."""
    levels = by_word([row for row in rows if row["level"] in ORDER_TEXT and is_over(row, as_of)], "level")
    return [overdue(Kind.ORDER, ORDER_SEVERITY[key], ORDER_TEXT[key], key, some, as_of) for key, some in levels.items()]


def is_over(row: Mapping[str, Any], as_of: int) -> bool:
    """Whether a thing's last day is over."""
    return row["due_at"] is not None and row["due_at"] <= as_of


def by_word(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return rows by the word in a column."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row[name]), []).append(row)
    return found


def overdue(  # noqa: PLR0917 in the order one says them: this kind, so grave, what, known by, of these, now
    kind: Kind, severity: int, what: Text, key: str, rows: Sequence[Mapping[str, Any]], as_of: int
) -> Matter:
    """Return overdue rows as one thing: as long overdue as the longest of them, in all of their towns."""
    longest_first = sorted(rows, key=lambda row: (row["due_at"], str(row["town"])))
    towns = tuple(dict.fromkeys(str(row["town"]) for row in longest_first))
    since_s = as_of - int(longest_first[0]["due_at"])
    return Matter(kind=kind, severity=severity, what=what, key=key, towns=towns, overdue_s=since_s, age_s=since_s)


LONG_INCIDENT = Text("急救未结束", "Emergency not over")


def of_incidents(rows: Iterable[Mapping[str, Any]], as_of: int) -> list[Matter]:
    """Return emergencies that have been under way for over an hour, each as a thing of its own."""
    aged = [(row, as_of - int(row["event_at"])) for row in rows]
    return [
        Matter(
            kind=Kind.INCIDENT,
            severity=SERIOUS,
            what=LONG_INCIDENT,
            key=str(row["incident_id"]),
            towns=(str(row["town"]),),
            overdue_s=age_s - LONG_INCIDENT_S,
            age_s=age_s,
        )
        for row, age_s in aged
        if age_s > LONG_INCIDENT_S
    ]


def of_sources(ages: Iterable[SourceAge]) -> list[Matter]:
    """Return the sources that are not heard of any more, or never were; a list that rarely changes is none of them."""
    return [
        Matter(
            kind=Kind.SOURCE,
            severity=SERIOUS,
            what=Text(f"{age.title.zh} {AGE_TEXT[age.age].zh}", f"{age.title.en}: {AGE_TEXT[age.age].en}"),
            key=age.key,
            age_s=None if age.age_s is None else int(age.age_s),
        )
        for age in ages
        if age.age in (Age.STALE, Age.NEVER) and not age.is_static
    ]


@dataclass(frozen=True, kw_only=True)
class TownStands:
    """How a town stands: red, or with a recent death at work, and for how long (s); silent; for how long (s) alarmed."""

    code: str
    is_red: bool
    has_died: bool
    for_s: int | None
    is_silent: bool
    alarm_for_s: int | None


RED_TOWN = Text("红色镇街", "Red town")
DEATH = Text("近期有工亡", "Recent death at work")
SILENT_TOWN = Text("久无数据", "Not heard of")
ALARM = Text("早期预警", "Early alarm")


def of_town(town: TownStands) -> list[Matter]:
    """Return what is to be said of one town: that it is red or somebody died, that nothing is heard of it, its early alarm."""
    said = [
        (town.is_red, Kind.TOWN, GRAVE, RED_TOWN, town.for_s),
        (town.has_died and not town.is_red, Kind.DEATH, GRAVE, DEATH, town.for_s),
        (town.is_silent, Kind.SILENCE, SERIOUS, SILENT_TOWN, None),
        (town.alarm_for_s is not None, Kind.ALARM, EARLY, ALARM, town.alarm_for_s),
    ]
    return [
        Matter(kind=kind, severity=severity, what=what, key=town.code, towns=(town.code,), age_s=age_s)
        for is_so, kind, severity, what, age_s in said
        if is_so
    ]
