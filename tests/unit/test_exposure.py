"""Person-years at risk: what firms tell month by month, what stands in where they do not, and how it falls on days."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.months import first_day, month_number, month_numbered
from tests.oracle import exposure as oracle

pytestmark = pytest.mark.both_stores

EPOCH = date(1970, 1, 1)
TABLES = ("enterprise_stratum", "headcount_gap", "insured_month", "exposed_month", "exposure")


STRATUM = ("town", "division", "risk_cat")


def firm(name, town, industry=None, category=None):
    return {"enterprise_id": name, "prod_town": town, "reg_town": "?", "gb4754": industry, "risk_cat": category}


def months(name, **headcounts):
    """Return months of a firm, named m2023_11."""
    return [
        {"enterprise_id": name, "month": month[1:].replace("_", "-"), "headcount": count} for month, count in headcounts.items()
    ]


def gaps(store):
    """Return what stands in for each unknown month, and from where."""
    names = ("enterprise_id", "month", "headcount", "carried_from")
    return [tuple(row[name] for name in names) for row in store.rows("headcount_gap")]


def insured(store):
    """Return headcount, carried headcount, firms and unknown firms of each town and month."""
    counts = ("headcount", "carried_headcount", "firm_count", "unknown_firm_count")
    return {(row["town"], row["month"]): tuple(row[name] for name in counts) for row in store.rows("insured_month")}


def by_day(store):
    """Return person-years, and whether they are carried, of each town and day of a city of one stratum a town."""
    return {
        (row["town"], EPOCH + timedelta(row["day_on"])): (row["person_years"], row["is_carried"])
        for row in store.rows("exposure")
    }


def by_stratum(store):
    """Return person-years, and whether they are carried, of each stratum and day."""
    return {
        (tuple(row[name] for name in STRATUM), EPOCH + timedelta(row["day_on"])): (row["person_years"], row["is_carried"])
        for row in store.rows("exposure")
    }


def months_of(store, town):
    """Return the months that a town has days of, and whether they are carried."""
    return {f"{day:%Y-%m}": is_carried for (one, day), (_, is_carried) in by_day(store).items() if one == town}


@pytest.mark.parametrize("number", [1969 * 12 + 12, 1970 * 12 + 1])
def test_months_are_numbered_named_and_begin_as_the_calendar_says(store, number):
    numbers = range(number, number + 12 * 140)
    values = sa.union_all(*(sa.select(sa.literal(n, sa.BigInteger).label("n")) for n in numbers[::7])).subquery("told")
    query = sa.select(values.c.n, month_numbered(values.c.n), first_day(values.c.n), month_number(month_numbered(values.c.n)))
    with store.ledger.reading() as connection:
        found = connection.execute(query).all()
    assert len(found) == 240
    for n, month, begins_on, again in found:
        begins = EPOCH + timedelta(begins_on)
        assert (begins.day, f"{begins:%Y-%m}", 12 * begins.year + begins.month, again) == (1, month, n, n)


@pytest.mark.parametrize(("year", "day_count"), [(2023, 365), (2024, 366)])
def test_twelve_workers_for_a_year_are_twelve_person_years_of_equal_months(store, year, day_count):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", **{f"m{year}_{m:02}": 12 for m in range(1, 13)}))
    told = {day: years for (_, day), (years, _) in by_day(store).items() if day.year == year}
    assert len(told) == day_count
    assert sum(told.values()) == pytest.approx(12, abs=1e-9)
    assert sum(years for day, years in told.items() if day.month == 2) == pytest.approx(1, abs=1e-12)
    assert {type(years) for years in told.values()} == {float}


def test_a_month_is_carried_for_two_months_and_the_third_is_unknown_and_not_zero(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_11=24))
    assert months_of(store, "A") == {"2023-11": False, "2023-12": True, "2024-01": True}
    assert by_day(store)["A", date(2024, 1, 31)] == (24 / (12 * 31), True)


def test_a_month_told_empty_carries_the_firms_newest_known_one_of_two_months_before(store):
    told = {"m2023_10": 5, "m2023_11": 7, "m2023_12": None, "m2024_01": None, "m2024_02": None, "m2024_03": 9}
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", **told))
    assert gaps(store) == [
        ("e", "2023-12", 7, "2023-11"),
        ("e", "2024-01", 7, "2023-11"),
        ("e", "2024-02", None, None),
    ]
    found = insured(store)
    assert found["A", "2024-01"] == (7, 7, 1, 0)
    assert found["A", "2024-02"] == (None, 0, 0, 1)
    assert "2024-02" not in months_of(store, "A")
    assert months_of(store, "A")["2024-01"] is True


def test_a_month_left_out_between_two_others_is_as_one_told_empty(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_11=7, m2024_01=9))
    assert gaps(store) == [("e", "2023-12", 7, "2023-11")]
    assert insured(store)["A", "2023-12"] == (7, 7, 1, 0)


def test_a_firm_that_is_told_no_more_adds_nothing_and_its_town_says_how_many_firms_it_counts(store):
    told = [*months("left", m2023_11=7), *months("stays", m2023_11=20, m2023_12=20)]
    store.tell(enterprise=[firm("left", "A"), firm("stays", "A")], enterprise_month=told)
    assert gaps(store) == []
    assert insured(store) == {("A", "2023-11"): (27, 0, 2, 0), ("A", "2023-12"): (20, 0, 1, 0)}


def test_nothing_is_carried_into_the_months_before_a_firm_was_known(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_10=None, m2023_11=7))
    assert gaps(store) == [("e", "2023-10", None, None)]


def test_no_worker_is_a_headcount_and_is_carried_as_one(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_11=0, m2023_12=None))
    assert insured(store) == {("A", "2023-11"): (0, 0, 1, 0), ("A", "2023-12"): (0, 0, 1, 0)}
    assert by_day(store)["A", date(2023, 11, 1)] == (0.0, False)


def test_what_is_carried_is_not_carried_on(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_10=7, m2023_11=None))
    assert months_of(store, "A") == {"2023-10": False, "2023-11": True, "2023-12": True}


def test_a_headcount_that_comes_late_takes_the_place_of_what_stood_in_for_it(store):
    store.tell(enterprise=[firm("e", "A")], enterprise_month=months("e", m2023_11=24))
    store.tell(enterprise_month=months("e", m2023_12=36))
    assert by_day(store)["A", date(2023, 12, 5)] == (36 / (12 * 31), False)
    assert months_of(store, "A")["2024-02"] is True


def test_a_firm_that_moves_takes_its_workers_along_and_other_facts_of_it_change_nothing(store):
    store.tell(
        enterprise=[firm("e", "A"), firm("f", "A")], enterprise_month=[*months("e", m2023_11=3), *months("f", m2023_11=4)]
    )
    before = store.rows("exposure")
    store.tell(enterprise=[{**firm("e", "A"), "float_step": "120"}])
    assert store.rows("exposure") == before
    store.tell(enterprise=[firm("e", "B")])
    assert insured(store) == {("A", "2023-11"): (4, 0, 1, 0), ("B", "2023-11"): (3, 0, 1, 0)}


def test_workers_of_a_firm_that_no_list_has_are_of_an_unknown_town(store):
    store.tell(enterprise_month=months("e", m2023_11=3))
    assert insured(store) == {("?", "2023-11"): (3, 0, 1, 0)}


def test_workers_are_counted_by_the_industry_and_risk_category_of_their_firm(store):
    firms = [firm("e", "A", "3441", 4), firm("f", "A", "34", 4), firm("g", "A", "1954", 4), firm("h", "A")]
    store.tell(enterprise=firms, enterprise_month=[row for n, e in enumerate("efgh") for row in months(e, m2023_11=10**n)])
    found = {stratum: years for (stratum, day), (years, _) in by_stratum(store).items() if day == date(2023, 11, 1)}
    assert found == {("A", "34", "4"): 11 / 360, ("A", "19", "4"): 100 / 360, ("A", "?", "?"): 1000 / 360}


def test_an_industry_that_has_ended_is_not_carried_and_one_of_the_towns_last_month_is(store):
    firms = [firm("ended", "A", "34"), firm("stands", "A", "19")]
    store.tell(enterprise=firms, enterprise_month=[*months("ended", m2023_10=5), *months("stands", m2023_10=7, m2023_11=8)])
    last = {stratum[1]: max(day for one, day in by_stratum(store) if one == stratum) for stratum, _ in by_stratum(store)}
    assert last == {"34": date(2023, 10, 31), "19": date(2024, 1, 31)}


def test_a_firm_that_changes_its_industry_takes_its_workers_along_and_the_town_keeps_its_sum(store):
    store.tell(enterprise=[firm("e", "A", "34", 4), firm("f", "A", "19", 4)])
    store.tell(enterprise_month=[*months("e", m2023_11=3), *months("f", m2023_11=4)])
    before = sum(row["person_years"] for row in store.rows("exposure"))
    store.tell(enterprise=[firm("e", "A", "1954", 5)])
    assert {tuple(row[name] for name in STRATUM) for row in store.rows("exposure")} == {("A", "19", "4"), ("A", "19", "5")}
    assert sum(row["person_years"] for row in store.rows("exposure")) == pytest.approx(before)


names = st.sampled_from(["e1", "e2", "e3"])
told_months = st.builds(
    lambda name, month, headcount: {
        "enterprise_id": name,
        "month": f"{2023 + month // 12}-{month % 12 + 1:02}",
        "headcount": headcount,
    },
    names,
    st.integers(6, 20),
    st.one_of(st.none(), st.integers(0, 3)),
)
industries = st.sampled_from([None, "34", "3441", "19"])
cities = st.tuples(
    st.lists(
        st.builds(firm, names, st.sampled_from(["A", "B", "?"]), industries, st.sampled_from([None, 4])),
        unique_by=lambda row: row["enterprise_id"],
    ),
    st.lists(told_months, max_size=25, unique_by=lambda row: (row["enterprise_id"], row["month"])),
)


def facts(city):
    """Return the rows of a city with the names of their tables."""
    firms, told = city
    return [("enterprise", row) for row in firms] + [("enterprise_month", row) for row in told]


def tell(store, rows):
    store.tell(**{name: [row for table, row in rows if table == name] for name in ("enterprise", "enterprise_month")})


@settings(max_examples=8)
@given(city=cities)
def test_person_years_are_what_the_oracle_works_out_from_the_raw_rows(new_store, city):
    with new_store() as store:
        tell(store, facts(city))
        expected = oracle.person_years(*city)
        assert by_stratum(store) == {place: (pytest.approx(float(y), abs=1e-12), c) for place, (y, c) in expected.items()}


@settings(max_examples=4)
@given(city=cities)
def test_however_firms_are_split_by_industry_a_town_has_the_person_years_of_all_of_them(new_store, city):
    firms, told = city
    with new_store() as split, new_store() as whole:
        tell(split, facts(city))
        tell(whole, facts(([{**row, "gb4754": None, "risk_cat": None} for row in firms], told)))
        of_town = defaultdict(list)
        for (stratum, day), found in by_stratum(split).items():
            of_town[stratum[0], day].append(found)
        sums = {place: (pytest.approx(sum(y for y, _ in f), abs=1e-12), any(c for _, c in f)) for place, f in of_town.items()}
        assert by_day(whole) == sums


@settings(max_examples=4)
@given(city=cities, draw=st.data())
def test_splitting_reordering_and_replaying_batches_changes_nothing(new_store, city, draw):
    rows = facts(city)
    shuffled = draw.draw(st.permutations(rows))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    pieces = [shuffled[low:high] for low, high in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    again = draw.draw(st.lists(st.sampled_from(pieces), max_size=2))
    with new_store() as one, new_store() as other:
        tell(one, rows)
        for piece in (*pieces, *again):
            tell(other, piece)
        assert {name: other.rows(name) for name in TABLES} == {name: one.rows(name) for name in TABLES}


@settings(max_examples=3)
@given(city=cities, corrected=cities)
def test_correcting_rows_is_as_telling_them_right_at_once(new_store, city, corrected):
    with new_store() as one, new_store() as other:
        tell(one, facts(city))
        tell(one, [(name, {**row, "rev": 1} if name == "enterprise_month" else row) for name, row in facts(corrected)])
        right = {
            (name, *(row[k] for k in one.ledger.declared[name].key)): (name, row)
            for name, row in (*facts(city), *facts(corrected))
        }
        tell(other, [*right.values()])
        assert {name: other.rows(name) for name in TABLES} == {name: one.rows(name) for name in TABLES}
