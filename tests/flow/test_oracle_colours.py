"""Three simulated years: towns are coloured, and enterprises graded, as the oracle works it out from what departments sent."""

import gc
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

import pytest

from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.schedule import Schedule
from etl.simulation.injury import city
from etl.simulation.injury.parameters import InjuryParameters
from tests.conftest import Clock, Store
from tests.oracle import wenling, wenling_injury
from tests.oracle.enterprise_risk import NAMES, Close, Firms
from tests.oracle.exposure import workers
from tests.oracle.injury_case import injury_cases
from tests.oracle.town_colour import PARTS, Judge, Known, counted, counts
from tests.oracle.workdays import announced, calendar, workdays

FRIDAY = datetime(2026, 2, 27, 10, 30)  # the week before had no working day
MONDAY = datetime(2026, 3, 2, 8, 0)  # one week has closed since
NEW_YEAR = datetime(2027, 1, 4, 1, 10)  # forty-four more, the last in a year whose holidays nobody has announced
INSTANTS = tuple(wenling.utc(local) for local in (FRIDAY, MONDAY, NEW_YEAR))
EPOCH = date(1970, 1, 1).toordinal()
NEEDED = {
    "town", "town_alias", "cn_workday", "config", "specialist", "enterprise", "enterprise_month", "work_injury_case",
    "case_event", "benefit_payment", "rectification_order",
}  # fmt: skip
A_FIFTH = InjuryParameters(firm_count=2_800, firms_per_year=28, insured_count=80_000, accepted_per_year=1_028)
"""One firm and one case in five."""


FIRM_COUNT = 500


@dataclass
class Told:
    """What the store says and what the oracle says: of towns by town and Sunday, of enterprises by instant and id."""

    ours: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)
    our_firms: dict = field(default_factory=dict)
    their_firms: dict = field(default_factory=dict)
    firm_counts: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def site():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(city, "InjuryParameters", lambda: A_FIFTH)
        city.city.cache_clear()
        whole = load_site("wenling")
        own = [source for source in whole.sources if {read.table for read in source.reads} <= NEEDED]
        yield whole.model_copy(update={"sources": tuple(own)})
    city.city.cache_clear()


@pytest.fixture(scope="module")
def told(site, tmp_path_factory):
    """The city, filled up to each of the instants, judged by the models and by the oracle."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('colours') / 'cockpit.db'}", tables())
    ledger.create()
    clock, told, judge, departments = Clock(), Told(), Judge(), wenling_injury.InjuryDepartments()
    schedule, upto = None, None
    gc.disable()
    for as_of in INSTANTS:
        clock.now = float(as_of)
        schedule = schedule or heard_by(departments, Schedule(site, ledger, clock, clock))
        schedule.run_due(everything=True)
        records = departments.records()
        cases = derived_cases(records)
        known, last = known_at(records, cases), sunday_before(as_of)
        for close in range(first_close(known) if upto is None else upto + 7, last + 1, 7):
            for town, row in judge.judge(known, close).items():
                since = None if row["since_on"] is None else row["since_on"] - EPOCH
                told.theirs[town, close] = {**row, "since_on": since, "judged_at": as_of}
        upto = last
        for row in Store(ledger).rows("town_colour_history"):
            told.ours.setdefault((row["town_code"], row["week_end_on"] + EPOCH), row)
        tell_firms(told, as_of, {row["enterprise_id"]: row for row in Store(ledger).rows("enterprise_risk")}, records, cases)
    gc.enable()
    yield told
    ledger.engine.dispose()


def heard_by(departments, schedule):
    """Let the departments' rows be heard as they are sent."""

    def heard(stream):
        asked = stream.told

        def listening(*what):
            frame = asked(*what)
            departments.hear(stream.name, list(frame.columns), zip(*(frame[c].tolist() for c in frame.columns), strict=True))
            return frame

        stream.told = listening

    for reader in schedule.readers.values():
        if hasattr(reader, "stream"):
            heard(reader.stream)
    return schedule


@cache
def day_of(instant):
    """Return the local day of an instant, as an ordinal."""
    return datetime.fromtimestamp(instant, wenling.CITY.zone).toordinal()


def sunday_before(as_of):
    """Return the newest Sunday that is over."""
    yesterday = day_of(as_of) - 1
    return yesterday - yesterday % 7


def first_close(known):
    """Return the first Sunday with two years of person-years."""
    last = known.exposed_from + 730 - 1
    return last + -last % 7


def tell_firms(told, as_of, rows, records, cases):
    """Note what is stored of some firms, drawn by lot, those of high grade among them, and what the oracle says of them."""
    close, chance = sunday_before(as_of), random.Random(as_of)
    firms = Firms(
        firms=records["enterprise"],
        months=records["enterprise_month"],
        cases=counted(cases.values(), day_of),
        payments=records["benefit_payment"],
        firm_of_case={number: row["enterprise_id"] for number, row in cases.items() if counts(row)},
    )
    told.firm_counts[as_of] = len(rows), len(firms.list)
    now, before = Close(firms, close), Close(firms, close - 7)
    high = [firm for firm in sorted(rows) if rows[firm]["grade"] != "绿" or rows[firm]["is_gated"]]
    drawn = chance.sample(high, min(len(high), FIRM_COUNT // 2))
    drawn += chance.sample(sorted(rows.keys() - {*drawn}), FIRM_COUNT - len(drawn))
    for firm in drawn:
        told.our_firms[as_of, firm] = rows[firm]
        told.their_firms[as_of, firm] = now.row(firm) | {f"{n}_before": before.row(firm)[n] for n in ("idx", "grade")}


def derived_cases(records):
    return injury_cases(cases=records["work_injury_case"], events=records["case_event"], enterprises=records["enterprise"])


def known_at(records, cases):
    announcing = announced()
    works = calendar(workdays(range(2004, max(announcing) + 1))).works
    return Known(
        towns=tuple(sorted(row["code"] for row in wenling.listed("towns") if row["is_functional"] == "false")),
        cases=counted(cases.values(), day_of),
        workers=workers(records["enterprise"], records["enterprise_month"]),
        orders=records["rectification_order"],
        works=cache(lambda day: works(date.fromordinal(day))),
        is_announced=cache(lambda day: date.fromordinal(day).year in announcing),
        day_of=day_of,
    )


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
