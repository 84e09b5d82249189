"""Every start day of November and December, over five years: the vectorised due days against a walk through the calendar."""

from datetime import date, timedelta

import pytest

from tests.injury import case, clocks, event
from tests.oracle.injury_due import after_days, after_working_days

STARTS = [date(year, 11, 1) + timedelta(days=n) for year in range(2022, 2027) for n in range(61)]
ASKED = {
    "L5": ("C1", after_days, 60),
    "L3": ("B1", after_working_days, 5),
    "L16": ("G1", after_working_days, 20),
    "L17": ("H1", after_days, 15),
}


@pytest.fixture(scope="module")
def found():
    """Return the clocks of one case for each start day, by clock and day."""
    cases = [case(f"{start}", "2022-01-04") for start in STARTS]
    codes = {code for code, _, _ in ASKED.values()}
    rows = clocks(cases, [event(f"{start}", code, f"{start}") for start in STARTS for code in sorted(codes)])
    return {(row["clock"], row["case_id"]): row for row in rows}


@pytest.mark.parametrize("clock", ASKED)
def test_due_days_at_the_turn_of_the_year_are_those_of_a_walk_through_the_calendar(found, clock):
    _, walk, limit = ASKED[clock]
    expected = {f"{start}": walk(start, limit) for start in STARTS}
    rows = {start: found[clock, start] for start in expected}
    told = {
        s: (date.fromisoformat(r["strict_due_on"]), date.fromisoformat(r["due_on"]), r["is_provisional"])
        for s, r in rows.items()
    }
    assert told == expected


def test_due_days_of_the_last_year_are_provisional_where_they_fall_into_the_next(found):
    provisional = {start for (clock, start), row in found.items() if clock == "L5" and row["is_provisional"]}
    assert provisional == {f"{start}" for start in STARTS if start >= date(2026, 11, 2)}
