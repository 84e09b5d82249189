"""Three simulated years: towns are coloured, and enterprises graded, as the oracle works it out from what departments sent."""

from collections import Counter
from datetime import date

import pytest

from tests.injury_city.filled import INSTANTS
from tests.injury_city.judged import FIRM_COUNT
from tests.oracle.enterprise_risk import NAMES
from tests.oracle.town_colour import PARTS


@pytest.fixture(scope="module")
def told(judged):
    return judged


EXACT = (
    "observed_count", "observed_before", "open_order_count", "overdue_order_count", "repeat_case_count", "death_count",
    "raw_colour", "floor", "colour", "is_thin", "is_frozen", "is_silent", "is_alarm", "week_observed", "score", "since_on",
)  # fmt: skip
ROUNDED = {
    "person_years": 1, "person_years_before": 1, "expected_count": 1, "sir": 3, "theta": 3, "z": 3, "zstar": 3,
    "severity_ratio": 3, "week_expected": 3, "cusum": 3, **dict.fromkeys(PARTS, 1),
}  # fmt: skip


FIRM_EXACT = (
    "town_code", "division", "risk_cat", "is_carried", "observed_count", "observed_before", "floor", "idx", "grade",
    "is_gated", "is_watched", "rate_advice", "idx_before", "grade_before",
)  # fmt: skip
FIRM_ROUNDED = {
    "person_years": 1, "expected_count": 2, "theta": 3, "p_gt_15": 3, "trend": 3, "severity_ratio": 3, "cost_ratio": 3,
    **dict.fromkeys(NAMES, 1),
}  # fmt: skip


def differing(ours, theirs, exact_names=EXACT, rounded_names=ROUNDED):
    """Return where a row that is stored differs from what the oracle says, by field."""
    wrong = {name: (ours[name], theirs.get(name)) for name in exact_names if ours[name] != theirs.get(name)}
    for name, digits in rounded_names.items():
        stored, exact = ours[name], theirs.get(name)
        if (stored is None) != (exact is None) or (exact is not None and abs(stored - exact) > 0.5 * 10**-digits + 1e-9):
            wrong[name] = stored, exact
    return wrong


def test_every_town_was_judged_on_every_sunday(told):
    assert told.ours.keys() == told.theirs.keys()
    assert len(told.ours) > 16 * 90
    assert {row["judged_at"] for row in told.theirs.values()} == set(INSTANTS)


@pytest.mark.parametrize("name", [*EXACT, *ROUNDED])
def test_what_is_stored_of_a_town_is_what_the_oracle_says(name, told):
    wrong = [
        (town, date.fromordinal(close).isoformat(), found[name])
        for (town, close), row in told.theirs.items()
        if (town, close) in told.ours and name in (found := differing(told.ours[town, close], row))
    ]
    assert not wrong, f"{len(wrong)} of {len(told.theirs)}: {wrong[:5]}"


@pytest.mark.parametrize("name", [*FIRM_EXACT, *FIRM_ROUNDED])
def test_what_is_stored_of_an_enterprise_is_what_the_oracle_says(name, told):
    wrong = [
        (*at, found[name])
        for at, row in told.their_firms.items()
        if name in (found := differing(told.our_firms[at], row, FIRM_EXACT, FIRM_ROUNDED))
    ]
    assert not wrong, f"{len(wrong)} of {len(told.their_firms)}: {wrong[:5]}"


def test_every_enterprise_of_the_list_has_a_row_and_500_are_compared_at_each_instant(told):
    assert all(ours == theirs > 2_800 for ours, theirs in told.firm_counts.values())
    assert Counter(as_of for as_of, _ in told.their_firms) == dict.fromkeys(INSTANTS, FIRM_COUNT)
    assert {row["grade"] for row in told.our_firms.values()} >= {"绿", "黄", "橙", "红"}


def test_the_city_shows_what_the_rules_are_about(told):
    seen = Counter(row["colour"] for row in told.ours.values())
    assert min(seen[colour] for colour in ("绿", "黄", "橙")) > 0
    assert any(row["is_alarm"] for row in told.ours.values())
    assert any(row["floor"] for row in told.ours.values())
    assert any(row["overdue_order_count"] for row in told.ours.values())
