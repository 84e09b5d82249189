"""The risk of enterprises from raw rows: what is counted by hand comes out, and only what changed is a new version."""

from collections.abc import Mapping
from datetime import date

import pytest

from cockpit.site import load_site
from cockpit.window import EPOCH
from etl.judging import written
from etl.model import Judging
from etl.models.enterprise_facts import read_facts
from etl.models.enterprise_figures import firm_figures
from etl.models.enterprise_risk import MODEL, first_close, rules_at
from tests.injury import case, event

CLOSE = (date(2026, 5, 17) - EPOCH).days
"""A Sunday: the month of the close is May, the last closed one April."""

FIRM, OTHER = "913310810000000001", "913310810000000002"


@pytest.fixture(scope="module")
def site():
    return load_site("wenling")


def firm(name, **said):
    return {"enterprise_id": name, "name": "某泵业", "prod_town": "A", "reg_town": "A", "gb4754": "3441", "risk_cat": 4, **said}


def months(name, begin, count, headcount, premium_yuan=None):
    """Return months of a firm from one on (2024, 5)."""
    numbers = range(12 * begin[0] + begin[1] - 1, 12 * begin[0] + begin[1] - 1 + count)
    due = None if premium_yuan is None else premium_yuan * 100
    return [
        {"enterprise_id": name, "month": f"{n // 12}-{n % 12 + 1:02}", "headcount": headcount, "premium_due_fen": due}
        for n in numbers
    ]


def accident(number, name, accepted, **said):
    """Return the rows of a case that was accepted on a day."""
    happened = said.pop("happened", "2024-01-05")
    return (
        [case(number, happened, enterprise_id=name, basis="14.1", **said)],
        [event(number, "B1", accepted), event(number, "C1", f"{accepted}T10:00")],
    )


def told(*accidents):
    return {
        "work_injury_case": [row for cases, _ in accidents for row in cases],
        "case_event": [row for _, events in accidents for row in events],
    }


def judge(store, site, close=CLOSE):
    """Judge a close as the schedule does, and return how many rows were opened and closed."""
    with store.ledger.writing() as connection:
        tick = next(store.told) + 1000
        return written(connection, MODEL, Judging(connection, store.ledger, site, (close,), 0), tick)


def row(store, name=FIRM) -> Mapping[str, object]:
    return next(one for one in store.rows("enterprise_risk") if one["enterprise_id"] == name)


def figures(store, site, close=CLOSE):
    with store.ledger.reading() as connection:
        facts = read_facts(connection, store.ledger, site, (close - 7, close))
        return firm_figures(facts, close, rules_at(connection, store.ledger, close))


@pytest.mark.both_stores
def test_a_small_city_comes_out_as_it_is_counted_by_hand(store, site):
    graded = [event("c3", "F1", "2025-10-01"), event("c3", "F4", "2025-11-03", grade=8)]
    facts = told(
        accident("c1", FIRM, "2026-05-17"),
        accident("c2", FIRM, "2025-05-18"),
        accident("c3", FIRM, "2025-05-17"),
        accident("c4", FIRM, "2024-05-17"),
        accident("c5", OTHER, "2026-01-05"),
    )
    facts["case_event"] += graded
    store.tell(
        enterprise=[firm(FIRM), firm(OTHER)],
        enterprise_month=months(FIRM, (2023, 5), 36, 24, 100) + months(OTHER, (2023, 5), 36, 96, 300),
        benefit_payment=[
            {"pay_id": "p1", "case_id": "c2", "item": "医疗费", "amount_fen": 500_000, "paid_on": CLOSE, "payer": "基金"},
            {"pay_id": "p2", "case_id": "c2", "item": "医疗费", "amount_fen": 900_000, "paid_on": CLOSE, "payer": "单位"},
            {"pay_id": "p3", "case_id": "c2", "item": "医疗费", "amount_fen": 700_000, "paid_on": CLOSE + 1, "payer": "基金"},
        ],
        **facts,
    )
    judge(store, site)
    found = row(store)
    years_36, cases_36 = (24 + 96) * 36 / 12, 4  # c1 fell into May, which is not closed
    rate = round(cases_36 / years_36, 6)
    expected = 24 * rate
    assert (found["person_years"], found["is_carried"]) == (24.0, True)  # May is carried from April
    assert (found["observed_count"], found["observed_before"]) == (2, 1)  # c4 lies 731 days back
    assert found["expected_count"] == pytest.approx(expected, abs=0.005)
    assert found["theta"] == pytest.approx(4 / (2 + expected), abs=5e-4)
    severity_rate = round((1 + 1 + 1 + 11) / ((24 + 96) * 2), 6)  # of 24 closed months: c2, c4, c5 and the grade of c3, not c1
    q = ((1 + 1 + 11) + 200 * severity_rate) / (48 + 200) / severity_rate
    assert found["severity_ratio"] == pytest.approx(q, abs=5e-4)
    premium = 24 * 100
    assert found["cost_ratio"] == pytest.approx((5000 + 100_000 * 0.0) / (premium + 100_000), abs=5e-4)
    assert (found["run_week"], found["division"], found["risk_cat"]) == ("2026-W20", "34", 4)


THIRD = "913310810000000003"
UNINSURED = "913310810000000009"


def city():
    """Return a city of two risk categories, with a case in each, and an enterprise of which no headcount is known."""
    return {
        "enterprise": [firm(FIRM), firm(OTHER), firm(THIRD, risk_cat=2), firm(UNINSURED)],
        "enterprise_month": [
            row for name, count in ((FIRM, 60), (OTHER, 120), (THIRD, 30)) for row in months(name, (2023, 5), 36, count, 9000)
        ],
        **told(accident("c1", FIRM, "2025-08-04"), accident("c2", OTHER, "2025-02-03"), accident("c3", THIRD, "2025-03-03")),
    }


def changed(store, before, *but):
    """Return the firms whose rows differ from what they were, in other columns than some."""
    return [
        row["enterprise_id"] for row, old in zip(store.rows("enterprise_risk"), before, strict=True) if differs(row, old, but)
    ]


def differs(row, old, but):
    return any(row[name] != old[name] for name in row if name not in but)


@pytest.mark.both_stores
def test_only_what_changed_is_a_new_version(store, site):
    store.tell(**city())
    assert judge(store, site).opened_count == 4
    assert not judge(store, site)
    before = store.rows("enterprise_risk")
    assert not judge(store, site, CLOSE + 7)  # a week later nothing is different but its name
    store.tell(**told(accident("new", FIRM, "2026-05-11")))  # in May, which is not closed: no rate of a category moves
    delta = judge(store, site)
    assert (delta.opened_count, delta.closed_count) == (1, 1)
    assert changed(store, before) == [FIRM]


def test_a_case_of_a_closed_month_moves_the_firms_of_its_category_and_no_others(store, site):
    store.tell(**city())
    judge(store, site)
    before = store.rows("enterprise_risk")
    store.tell(**told(accident("new", FIRM, "2026-04-11")))
    judge(store, site)
    assert changed(store, before) == [FIRM, OTHER]


def test_neither_order_nor_batches_change_a_row(store, new_store, site):
    facts = city()
    store.tell(**facts)
    judge(store, site)
    with new_store() as other:
        for name in ("enterprise", "enterprise_month", "work_injury_case", "case_event"):
            for rows in (facts[name][::-2], facts[name][-2::-2]):
                other.tell(**{name: rows})
        judge(other, site)
        assert other.rows("enterprise_risk") == store.rows("enterprise_risk")


def test_an_enterprise_without_headcount_has_a_row_and_no_index(store, site):
    store.tell(**city())
    judge(store, site)
    found = row(store, UNINSURED)
    assert (found["idx"], found["grade"], found["person_years"], found["theta"]) == (None, None, None, None)
    assert (found["observed_count"], found["is_watched"], found["reason"]) == (0, None, "参保人数不明，不计指数")


def test_a_row_says_how_the_firm_stood_a_week_before_by_what_is_known_now(store, site):
    store.tell(**city())
    store.tell(**told(accident("new", FIRM, "2026-05-11")))
    judge(store, site, CLOSE - 7)
    earlier = row(store)
    judge(store, site)
    now = row(store)
    assert (now["idx_before"], now["grade_before"]) == (earlier["idx"], earlier["grade"])
    assert now["idx"] > now["idx_before"]


def test_at_the_first_close_there_is_no_week_before(store, site):
    store.tell(**city())
    with store.ledger.reading() as connection:
        first = first_close(connection, store.ledger, site)
    begin = (date(2023, 5, 1) - EPOCH).days
    assert (first - 3) % 7 == 0
    assert 730 <= first + 1 - begin < 737
    judge(store, site, first)
    assert row(store)["idx"] is not None
    assert row(store)["idx_before"] is None


def test_a_record_without_headcounts_cannot_be_judged(store, site):
    with store.ledger.reading() as connection:
        assert first_close(connection, store.ledger, site) is None


def test_unknown_months_carry_two_months_and_then_add_nothing(store, site):
    """The same rule as `headcount_gap`, and the same for premiums."""
    known = months(FIRM, (2024, 6), 24, 12, 100)
    left_out = ("2025-09", "2025-10", "2025-11", "2026-03", "2026-04", "2026-05")
    store.tell(enterprise=[firm(FIRM)], enterprise_month=[one for one in known if one["month"] not in left_out])
    found = figures(store, site)
    assert found.person_years.tolist() == [10.0]  # November 2025 and May 2026 are unknown, four months are carried
    assert found.person_years_before.tolist() == [12.0]
    assert found.premium_yuan.tolist() == [22 * 100]
    gaps = {one["month"]: one["headcount"] for one in store.rows("headcount_gap")}
    assert gaps == {"2025-09": 12, "2025-10": 12, "2025-11": None}


def test_deaths_and_severe_grades_of_twelve_months_demand_a_grade_and_weigh_on_their_day(store, site):
    def at(day):
        return (date.fromisoformat(day) - EPOCH).days * 86_400

    facts = city()
    dead = [
        accident("d1", FIRM, "2025-06-02", death_at=at("2025-05-30")),
        accident("d2", OTHER, "2024-06-03", death_at=at("2025-05-10")),
    ]
    severe = accident("s1", THIRD, "2025-06-02")
    severe[1].extend([event("s1", "F1", "2025-09-01"), event("s1", "F4", "2025-10-01", grade=4)])
    more = told(*dead, severe)
    store.tell(**{**facts, **{name: facts[name] + more[name] for name in more}})
    found = figures(store, site)
    assert found.deaths.tolist() == [1, 0, 0, 0]  # that of May 10 lies more than a year back
    assert found.severe.tolist() == [0, 0, 1, 0]
    assert found.severity_sum.tolist() == [61, 61, 22, 0]
    judge(store, site)
    assert [one["floor"] for one in store.rows("enterprise_risk")] == ["橙", None, "橙", None]


def test_what_is_paid_for_a_death_counts_up_to_three_mean_premiums_of_the_category(store, site):
    def payment(number, item, yuan):
        return {
            "pay_id": number,
            "case_id": "c1",
            "item": item,
            "amount_fen": yuan * 100,
            "paid_on": CLOSE - 60,
            "payer": "基金",
        }

    store.tell(
        **city(),
        benefit_payment=[payment("1", "工亡补助金", 10**6), payment("2", "丧葬", 4 * 10**4), payment("3", "医疗费", 700)],
    )
    assert figures(store, site).benefits_yuan.tolist() == [700 + 3 * 24 * 9000, 0, 0, 0]


def test_cases_that_were_refused_or_are_not_of_the_site_do_not_count(store, site):
    facts, others = city(), told(*(accident(f"x{n}", FIRM, "2026-01-05") for n in range(3)))
    others["work_injury_case"][1]["basis"] = "14.6"
    others["case_event"] += [event("x0", "D3", "2026-02-02"), event("x2", "D9", "2026-02-02")]
    store.tell(**{**facts, **{name: facts[name] + others[name] for name in others}})
    assert figures(store, site).observed.tolist() == [1, 0, 0, 0]


def test_rules_hold_from_their_day_and_a_wrong_one_is_logged_while_its_default_stands(store, site, caplog):
    rules = '{"risk": {"cuts": [1, 2, 3], "alpha": -1, "colour": 7}}'
    store.tell(**city(), config=[{"config_version": "2026-2", "effective_from_on": CLOSE, "json": rules}])
    with store.ledger.reading() as connection:
        before, now = (rules_at(connection, store.ledger, close) for close in (CLOSE - 7, CLOSE))
    assert (before.cuts, now.cuts, now.alpha, now.version) == ((40, 55, 75), (1, 2, 3), 2, "2026-2")
    assert len(caplog.records) == 2
    judge(store, site)
    assert row(store)["config_version"] == "2026-2"
    assert row(store)["grade"] != row(store)["grade_before"] or row(store)["is_gated"]
