"""The colours of the towns, as the model judges them from a small store: what is counted, and how colours go on."""

from calendar import monthrange
from collections import Counter

import pytest

from cockpit.judging.colour_rules import ColourRules
from etl.models.town_colour_history import first_close
from tests import towns
from tests.injury import day
from tests.towns import CASES_A_YEAR, FIRST, WORKERS, a_date, firm, history, judge, order, sundays, together

CLOSE = FIRST + 7 * 30
TOWNS = ("A", "B", "C")


@pytest.fixture(scope="module")
def facts():
    """The city, with what must not count, a death, and orders."""
    began = CLOSE - 40
    one_accident = {"enterprise_id": firm("B", 4)}
    return together(
        towns.city(),
        towns.accepted("commuting", ("A", 2), began, basis="14.6"),
        towns.accepted("refused", ("A", 2), began),
        {"case_event": [towns.event("refused", "D3", f"{towns.iso(began + 5)}T10:00")]},
        towns.accepted("dead", ("B", 4), CLOSE - 20, death_at=towns.at(CLOSE - 30), **one_accident),
        towns.accepted("dead long ago", ("A", 4), CLOSE - 100, death_at=towns.at(CLOSE - 90)),
        {
            "rectification_order": [
                order("open", "B", CLOSE - 50, CLOSE),
                order("overdue", "B", CLOSE - 50, CLOSE - 1),
                order("closed in time", "B", CLOSE - 50, CLOSE - 20, CLOSE),
                order("closed the day after", "B", CLOSE - 50, CLOSE - 20, CLOSE + 1),
                order("pushed the day after", "B", CLOSE + 1, CLOSE + 20),
            ]
        },
    )


@pytest.fixture(scope="module")
def judged(new_store, facts):
    """The city in a store, half a year of it judged at once."""
    with new_store() as store:
        store.tell(**facts)
        judge(store, *sundays(FIRST, 35))
        yield store


def days_of(facts):
    """Return of each case that counts: firm, town, category, day of acceptance, of death or none, conclusion or none, grade."""
    category = {row["enterprise_id"]: row["risk_cat"] for row in facts["enterprise"]}
    events = {(row["case_id"], row["event_code"]): row for row in facts["case_event"]}
    for row in facts["work_injury_case"]:
        name, firm_id = row["case_id"], row["enterprise_id"]
        if row["basis"] == "14.6" or (name, "D3") in events:
            continue
        concluded = events.get((name, "F4"))
        yield {
            "firm": firm_id,
            "town": row["employer_town"],
            "category": category[firm_id],
            "on": events[name, "C1"]["event_local"] // 86_400,
            "died_on": row["death_at"] // 86_400 if row.get("death_at") else None,
            "graded_on": concluded["event_local"] // 86_400 if concluded else None,
            "grade": int(concluded["payload"].split(":")[1].strip(" }")) if concluded else None,
        }


def person_years(key, begin, end):
    """Return the person-years of a firm over some days, both included."""
    told = 0.0
    for on in range(begin, end + 1):
        month = a_date(on)
        place = 12 * (month.year - 2023) + month.month - 1
        told += (WORKERS[key] + 10 * place) / 12 / monthrange(month.year, month.month)[1]
    return told


def is_in(on, begin, end):
    return on is not None and begin <= on <= end


def reckoned(facts, close):
    """Work out in plain Python what is counted of each town on a close."""
    cases, begin = [*days_of(facts)], close - 364
    now = [one for one in cases if is_in(one["on"], begin, close)]
    rate_from = max(close - 1094, towns.BEGIN)
    rates = {}
    for category in (2, 4):
        keys = [key for key in WORKERS if key[1] == category]
        count = sum(one["category"] == category and is_in(one["on"], rate_from, close) for one in cases)
        rates[category] = count / sum(person_years(key, rate_from, close) for key in keys)
    years = {key: person_years(key, begin, close) for key in WORKERS}
    raw = {town: sum(years[key] * rates[key[1]] for key in WORKERS if key[0] == town) for town in TOWNS}
    observed = Counter(one["town"] for one in now)
    scale = sum(observed[town] for town in TOWNS) / sum(raw.values())
    of_firm = Counter(one["firm"] for one in now)
    months = Counter()
    weights = ColourRules(version="").grade_weights
    for one in cases:
        if is_in(one["died_on"], 0, close):
            on, weight = one["died_on"], 60
        elif is_in(one["graded_on"], 0, close):
            on, weight = one["graded_on"], weights[one["grade"] - 1]
        else:
            on, weight = one["on"], 1
        if one["on"] <= close and is_in(on, begin, close):
            months[one["town"]] += weight
    city = sum(months.values()) / sum(years.values())
    found = {}
    for town in TOWNS:
        py = sum(years[key] for key in WORKERS if key[0] == town)
        found[town] = {
            "observed_count": observed[town],
            "person_years": pytest.approx(py, abs=0.051),
            "expected_count": pytest.approx(raw[town] * scale, abs=0.051),
            "sir": pytest.approx(observed[town] / (raw[town] * scale), abs=0.00051),
            "observed_before": sum(one["town"] == town and is_in(one["on"], begin - 365, begin - 1) for one in cases),
            "severity_ratio": pytest.approx((months[town] + 2000 * city) / (py + 2000) / city, abs=0.00051),
            "repeat_case_count": sum(one["town"] == town and of_firm[one["firm"]] >= 3 for one in now),
            "death_count": sum(one["town"] == town and is_in(one["died_on"], close - 89, close) for one in cases),
        }
    return found


@pytest.mark.parametrize("close", [FIRST, CLOSE])
def test_every_figure_is_what_plain_python_counts_from_the_facts(judged, facts, close):
    rows = {row["town_code"]: row for row in history(judged) if row["week_end_on"] == close}
    expected = reckoned(facts, close)
    assert {town: {name: rows[town][name] for name in expected[town]} for town in TOWNS} == expected


def test_the_zone_counts_in_the_city_and_has_no_row(judged, facts):
    assert {row["town_code"] for row in history(judged)} == {*TOWNS}
    without = {**facts, "work_injury_case": [row for row in facts["work_injury_case"] if row["employer_town"] != "Z"]}
    assert reckoned(without, CLOSE)["B"] != reckoned(facts, CLOSE)["B"]


def test_orders_are_open_and_overdue_as_of_the_close(judged):
    [row] = [row for row in history(judged, "B") if row["week_end_on"] == CLOSE]
    assert (row["open_order_count"], row["overdue_order_count"]) == (3, 2)
    assert row["overdue_score"] == 10.0


def test_a_death_in_ninety_days_makes_a_town_at_least_orange_and_the_ninety_first_day_does_not(judged):
    rows = {row["town_code"]: row for row in history(judged) if row["week_end_on"] == CLOSE}
    assert (rows["B"]["floor"], rows["A"]["floor"]) == ("橙", None)
    assert rows["B"]["colour"] in ("橙", "红")
    floors = {row["week_end_on"]: row["floor"] for row in history(judged, "A")}
    assert (floors[CLOSE - 7], floors[CLOSE]) == ("橙", None)


def test_the_expected_cases_of_the_judged_towns_sum_to_what_was_observed_of_them(judged):
    told = history(judged)
    for close in sundays(FIRST, 35):
        rows = [row for row in told if row["week_end_on"] == close and row["score"] is not None]
        assert sum(row["expected_count"] for row in rows) == pytest.approx(sum(row["observed_count"] for row in rows), abs=0.2)


def test_the_first_close_is_the_first_sunday_with_two_years_of_person_years(judged):
    with judged.ledger.reading() as connection:
        assert first_close(connection, judged.ledger, towns.SITE) == FIRST
    assert a_date(FIRST).isoweekday() == 7
    assert day("2023-01-01") + 729 <= FIRST < day("2023-01-01") + 729 + 7


def test_the_reason_is_that_of_the_row_and_names_its_score(judged):
    for row in history(judged):
        assert row["reason_text"].startswith(f"得分{row['score']:.1f}({row['raw_colour']})：")


def test_judging_one_by_one_is_judging_all_at_once(new_store, facts, judged):
    with new_store() as store:
        store.tell(**facts)
        for close in sundays(FIRST, 5):
            judge(store, close)
        judge(store, *sundays(FIRST + 7 * 5, 30))
        assert history(store) == history(judged)


def test_splitting_and_reordering_batches_gives_the_same_rows(new_store, facts, judged):
    with new_store() as store:
        for name in reversed([*facts]):
            rows = facts[name][::-1]
            store.tell(**{name: rows[: len(rows) // 3]})
            store.tell(**{name: rows[len(rows) // 3 :]})
        judge(store, *sundays(FIRST, 35))
        assert history(store) == history(judged)


@pytest.mark.both_stores
def test_judging_again_writes_nothing_and_a_late_fact_rewrites_no_judged_week(new_store, facts):
    with new_store() as store:
        store.tell(**facts)
        judge(store, *sundays(FIRST, 3), as_of=1)
        before = store.rows("town_colour_history")
        judge(store, *sundays(FIRST, 3), as_of=2)
        assert store.rows("town_colour_history") == before
        store.tell(**towns.accepted("late", ("C", 4), FIRST))
        judge(store, FIRST + 21, as_of=3)
        after = store.rows("town_colour_history")
        assert [row for row in after if row["week_end_on"] < FIRST + 21] == before
        [told] = [row for row in after if row["week_end_on"] == FIRST + 21 and row["town_code"] == "C"]
        assert (
            told["observed_count"]
            == reckoned(together(facts, towns.accepted("late", ("C", 4), FIRST)), FIRST + 21)["C"]["observed_count"]
        )


def test_it_was_told_of_as_many_cases_as_it_says(facts):
    assert len(facts["work_injury_case"]) == 3 * sum(CASES_A_YEAR.values()) + 4


def test_where_nobody_tells_any_more_who_works_no_town_is_judged_once_no_month_is_carried(new_store, facts):
    carried, after = day("2025-05-25"), day("2025-06-08")
    months = [row for row in facts["enterprise_month"] if row["month"] <= "2025-03" or row["enterprise_id"] == firm("C", 4)]
    with new_store() as store:
        store.tell(**{**facts, "enterprise_month": months})
        judge(store, carried, after)
        rows = {(row["town_code"], row["week_end_on"]): row for row in history(store)}
    assert all(rows[town, carried]["score"] is not None for town in "ABC")
    assert [rows[town, after]["colour"] for town in "AB"] == [None, None]
    assert rows["C", after]["score"] is not None
