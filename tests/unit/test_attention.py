"""The written rule of what needs attention: what is told at all, how grave it is, and in which order."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.freshness import Age, SourceAge
from cockpit.injury_clocks import BY_ID
from cockpit.judging.attention import (
    EARLY,
    GRAVE,
    OF_AGGREGATES,
    OF_ONE_KIND,
    SERIOUS,
    Kind,
    Matter,
    TownStands,
    foremost,
    of_clocks,
    of_incidents,
    of_orders,
    of_sources,
    of_town,
    ranked,
)
from cockpit.text import Text

AS_OF, DAY_S, HOUR_S = 1_790_000_000, 86_400, 3_600
WHAT = Text("事", "thing")
QUIET = TownStands(code="A", is_red=False, has_died=False, for_s=None, is_silent=False, alarm_for_s=None)

matters = st.builds(
    Matter,
    kind=st.sampled_from(Kind),
    severity=st.sampled_from([EARLY, SERIOUS, GRAVE]),
    what=st.just(WHAT),
    key=st.text("abc", max_size=2),
    overdue_s=st.integers(0, 3) | st.integers(0, 10**8),
    age_s=st.none() | st.integers(0, 10**8),
)


def clock(name: str, town: str, days: int | None, **said: Any) -> dict[str, Any]:
    due_at = None if days is None else AS_OF - days * DAY_S
    return {"clock": name, "kind": "agency", "town": town, "due_at": due_at, **said}


def order(level: str, town: str, days: int) -> dict[str, Any]:
    return {"level": level, "town": town, "due_at": AS_OF - days * DAY_S}


def source(key: str, age: Age, **said: Any) -> SourceAge:
    told = {"title": Text(key, key), "age_s": 7_200.0, "observed_at": None, "message": "", "is_static": False}
    return SourceAge(key=key, age=age, **{**told, **said})


@given(st.lists(matters), st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_same_things_in_any_order_give_the_same_list(some: list[Matter], chance: Any, most: int) -> None:
    shuffled = chance.sample(some, len(some))
    assert [one.rank for one in ranked(shuffled)] == [one.rank for one in ranked(some)]
    assert [one.rank for one in foremost(shuffled, most)] == [one.rank for one in foremost(some, most)]


@given(st.lists(matters), st.integers(1, 6))
def test_graver_goes_first_then_longer_overdue_then_older(some: list[Matter], most: int) -> None:
    for listed in (ranked(some), foremost(some, most)):
        told = [(-one.severity, -one.overdue_s, -(one.age_s or 0)) for one in listed]
        assert told == sorted(told)


@given(st.lists(matters), st.integers(1, 6))
def test_as_many_are_told_as_there_is_room_for_and_the_gravest_is_among_them(some: list[Matter], most: int) -> None:
    found = foremost(some, most)
    assert len(found) == min(most, len(some))
    assert not some or found[0].rank == ranked(some)[0].rank


@given(st.lists(matters), st.integers(1, 6))
def test_a_third_of_a_kind_is_told_only_where_no_other_kind_waits(some: list[Matter], most: int) -> None:
    found = foremost(some, most)
    crowded = {kind for kind in Kind if sum(one.kind is kind for one in found) > OF_ONE_KIND}
    for kind in {one.kind for one in some} - crowded if crowded else set():
        waiting = sum(one.kind is kind for one in some)
        assert sum(one.kind is kind for one in found) == min(waiting, OF_ONE_KIND)


def test_a_backlog_of_one_kind_hides_nothing_else() -> None:
    late = [order(level, "A", days) for level, days in (("红", 3), ("橙", 90), ("黄", 200))]
    clocks = of_clocks([clock(name, "A", 300) for name in ("L3", "L5", "L8", "L10")], AS_OF)
    death = of_town(replace(QUIET, has_died=True, for_s=DAY_S))
    told = foremost([*clocks, *of_orders(late, AS_OF), *death], 4)
    assert [one.kind for one in told] == [Kind.CLOCK, Kind.CLOCK, Kind.ORDER, Kind.DEATH]


def test_clocks_of_one_kind_are_one_thing_as_long_overdue_as_the_longest_in_all_their_towns() -> None:
    rows = [clock("L8", "B", 3), clock("L8", "A", 40), clock("L8", "B", 7), clock("L8", "C", 1)]
    [found] = of_clocks(rows, AS_OF)
    assert (found.severity, found.overdue_s, found.towns) == (GRAVE, 40 * DAY_S, ("A", "B", "C"))
    assert found.what == Text("决定送达", "Decision delivered")


def test_what_is_not_over_or_binds_nobody_s_office_is_not_told() -> None:
    rows = [clock("L8", "A", 0), clock("L5", "A", -1), clock("L5", "A", None), clock("L1", "A", 9, kind="party")]
    assert [one.key for one in of_clocks(rows, AS_OF)] == ["L8"]
    assert of_orders([order("红", "A", -1), {"level": None, "town": "A", "due_at": AS_OF}], AS_OF) == []


@pytest.mark.parametrize("name", [key for key, one in BY_ID.items() if one.kind == "agency"])
def test_a_limit_of_the_law_is_graver_than_one_of_our_own(name: str) -> None:
    [found] = of_clocks([clock(name, "A", 1)], AS_OF)
    assert found.severity == (SERIOUS if BY_ID[name].is_default else GRAVE)


def test_orders_are_as_grave_as_their_level() -> None:
    found = of_orders([order("黄", "A", 1), order("红", "A", 1), order("橙", "A", 1)], AS_OF)
    assert {one.key: one.severity for one in found} == {"红": GRAVE, "橙": SERIOUS, "黄": EARLY}


@pytest.mark.parametrize(("age_s", "is_told"), [(HOUR_S - 1, False), (HOUR_S, False), (HOUR_S + 1, True)])
def test_an_emergency_is_told_after_its_first_hour(age_s: int, is_told: bool) -> None:
    found = of_incidents([{"incident_id": "i", "town": "A", "event_at": AS_OF - age_s}], AS_OF)
    assert [(one.severity, one.overdue_s) for one in found] == ([(SERIOUS, 1)] if is_told else [])


def test_sources_that_fell_silent_are_told_and_late_ones_and_lists_are_not() -> None:
    ages = [source(age.value, age) for age in Age]
    assert [one.key for one in of_sources([*ages, source("list", Age.NEVER, is_static=True)])] == ["stale", "never"]
    assert of_sources([source("x", Age.NEVER, age_s=None)])[0].age_s is None


def test_a_town_is_told_for_what_it_is_and_a_green_one_not_at_all() -> None:
    assert of_town(QUIET) == []
    red = of_town(replace(QUIET, is_red=True, has_died=True, for_s=5 * DAY_S))
    assert [(one.kind, one.severity, one.age_s, one.towns) for one in red] == [(Kind.TOWN, GRAVE, 5 * DAY_S, ("A",))]
    dead = of_town(replace(QUIET, has_died=True, for_s=DAY_S, alarm_for_s=0))
    assert [(one.kind, one.severity) for one in dead] == [(Kind.DEATH, GRAVE), (Kind.ALARM, EARLY)]
    assert [(one.kind, one.severity, one.age_s) for one in of_town(replace(QUIET, is_silent=True))] == [
        (Kind.SILENCE, SERIOUS, None)
    ]


def test_what_visitors_may_see_tells_of_no_single_case_order_or_person() -> None:
    assert {*Kind} - {Kind.DEATH, Kind.CLOCK, Kind.ORDER, Kind.INCIDENT} == OF_AGGREGATES
