"""Ten years without a fault: neither a holiday nor a small town's quiet is taken for silence, or for a source that failed."""

from datetime import date, timedelta

import pytest

from cockpit.silence import empty_run, week_intake
from tests.intake import city_wide, intake, works

FIRST, LAST = date(2015, 1, 1), date(2025, 12, 28)
SUNDAYS = [date(2016, 1, 3) + timedelta(weeks=week) for week in range(521)]
SILENT_AT_MOST = 0.01


@pytest.fixture(scope="module")
def towns():
    return intake(331081, FIRST, LAST)


def test_at_most_one_town_week_in_a_hundred_is_called_silent(towns):
    silent = {town: sum(empty_run(counts, works(), on).is_silent for on in SUNDAYS) for town, counts in towns.items()}
    count, of = sum(silent.values()), len(SUNDAYS) * len(towns)
    print(f"silent: {count} of {of} town-weeks, {count / of:.2%}")  # noqa: T201 a figure to read
    assert count <= SILENT_AT_MOST * of
    assert max(silent.values()) <= SILENT_AT_MOST * len(SUNDAYS)


def test_no_week_of_them_is_called_an_outage_and_least_of_all_a_holiday(towns):
    city = city_wide([*towns.values()])
    weeks = [on.isoformat() for on in SUNDAYS if week_intake(city, works(), on).is_outage]
    print(f"outages: {len(weeks)} of {len(SUNDAYS)} weeks {weeks}")  # noqa: T201 a figure to read
    assert weeks == []
