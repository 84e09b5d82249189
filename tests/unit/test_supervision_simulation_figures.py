"""Premiums, orders, deaths and the towns' ratios of the simulated city: as stated, and as realised within their 99 % bands."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare, poisson

from etl.simulation.draws import MISSING
from etl.simulation.injury import mixes
from etl.simulation.injury.city import first_day, month_of
from etl.simulation.injury.premiums import rates_e4, wages_yuan
from etl.simulation.injury.rectification import INSPECT_WITHIN, STEPS, TERM_DAYS, Orders, orders
from etl.simulation.streams import enterprises, headcounts
from etl.simulation.streams import orders as order_rows
from tests.simulated import Z99, within_share
from tests.simulated_injury import P, Whole, day, whole

LIVE = day(2025, 9, 1)
MONTHS = range(month_of(day(2024, 9, 1)), month_of(day(2036, 9, 1)))
"""Twelve years of orders: of the smallest town there are some thirty."""
YEARS = len(MONTHS) / 12
NAMED = {"331081107": 1.337, "331081004": 1.209, "331081109": 1.260, "331081110": 0.718}
"""温峤, 城北, 石桥头 and 坞根 (domain specification, section 3.5)."""
NOT_PRODUCTION = ("14.6", "15.1")


@pytest.fixture(scope="module")
def told() -> Whole:
    return whole()


@pytest.fixture(scope="module")
def many(told) -> Orders:
    """Return the orders of all months as one."""
    months = [orders(told.city, month) for month in MONTHS]
    parts = (np.concatenate([getattr(one, name) for one in months]) for name in ("firm", "level", "kind", "due_on"))
    return Orders(*parts, at=np.concatenate([one.at for one in months], axis=1))


def test_figures_of_premiums_and_orders_are_the_stated_constants():
    assert (P.wage_mean_yuan, P.orders_per_year) == (72_000, 600)
    assert {code: mixes.OVERDUE_BY_TOWN[code] for code in ("331081107", "331081004", "331081109")} == {
        "331081107": 0.25,
        "331081004": 0.15,
        "331081109": 0.0,
    }
    others = [s for code, s in mixes.OVERDUE_BY_TOWN.items() if code not in {"331081107", "331081109"}]
    assert all(0.05 <= share <= 0.15 for share in others)
    assert INSPECT_WITHIN == {"红": 5, "橙": 10, "黄": 15}
    assert {level: longest for level, (_, longest) in TERM_DAYS.items()} == {"红": 15, "橙": 30, "黄": 30}


# Premiums


@pytest.fixture(scope="module")
def month(told) -> pd.DataFrame:
    """Return the rows of one month of the insured, as they were first sent."""
    block = headcounts.block_of(told.city, month_of(day(2026, 3, 1)))
    rows = pd.DataFrame(block.text(np.arange(len(block.sent_at))))
    return rows[rows["修订"] == "0"].set_index("统一社会信用代码")


def fen(values: pd.Series) -> pd.Series:
    """Return amounts as whole 分, read as text."""
    assert values.str.fullmatch(r"\d+\.\d{2}").all()
    return values.str.replace(".", "").astype(np.int64)


def test_a_rate_is_the_base_of_the_category_times_the_step_that_the_list_of_firms_tells(told, month):
    city = told.city
    blocks = [enterprises.block_of(city, one) for one in range(month_of(day(2004, 1, 1)), month_of(day(2026, 9, 1)))]
    listed = pd.concat([pd.DataFrame(b.text(np.arange(len(b.sent_at)))) for b in blocks]).set_index("统一社会信用代码")
    known = month[month["执行费率"] != ""]
    step, base = (listed.loc[known.index, name].astype(float) for name in ("浮动档次", "基准费率"))
    assert np.allclose(known["执行费率"].astype(float), base * step / 100, atol=1e-9)
    assert set(step.unique()) == {50, 80, 100, 120, 150}


def test_a_premium_is_wages_times_rate_and_wages_grow_with_the_headcount(told, month):
    known = month[month["应缴保费元"] != ""]
    wage, due = fen(known["缴费基数元"]), fen(known["应缴保费元"])
    assert (abs(due - wage * known["执行费率"].astype(float)) <= 0.5 + 1e-6).all()
    each = wage / 100 / known["月均人数"].astype(int)
    assert (each == pd.Series(wages_yuan(told.city), told.city.firms.ids)[known.index]).all()


def test_the_mean_wage_is_as_stated_and_that_of_firms_is_lognormal(told):
    firms, wage = told.city.firms, wages_yuan(told.city)
    n = firms.joined(LIVE)
    mean = np.average(wage[:n], weights=firms.size[:n])
    assert mean * 12 == pytest.approx(P.wage_mean_yuan, rel=0.001)
    assert np.log(wage).std() == pytest.approx(P.wage_sigma, abs=Z99 * P.wage_sigma / (2 * len(wage)) ** 0.5)


def test_premiums_are_unknown_or_short_as_often_as_stated_and_an_unknown_one_is_empty(month):
    counted = month[month["月均人数"] != ""]
    is_unknown = counted["应缴保费元"] == ""
    assert within_share(is_unknown.sum(), len(counted), P.premium_unknown_share)
    for name in ("缴费基数元", "实缴保费元", "执行费率"):
        assert (is_unknown == (counted[name] == "")).all()
    known = counted[~is_unknown]
    due, paid = fen(known["应缴保费元"]), fen(known["实缴保费元"])
    assert (paid <= due).all()
    assert within_share((paid < due).sum(), len(known), P.premium_short_share)


def test_of_a_month_whose_count_is_unknown_nothing_else_is_known(month):
    unknown = month[month["月均人数"] == ""]
    assert len(unknown)
    assert (unknown[["月末人数", "缴费基数元", "应缴保费元", "实缴保费元", "执行费率"]] == "").all(axis=None)


def test_steps_are_given_as_often_as_stated(told):
    firms = told.city.firms
    base = np.rint(1e4 * np.array(mixes.BASE_RATES))[np.array([i.risk_cat for i in mixes.INDUSTRIES])[firms.industry] - 1]
    step = np.rint(100 * rates_e4(told.city) / base).astype(int)
    counts = [np.sum(step == int(name)) for name in mixes.FLOAT_STEPS.parts]
    assert chisquare(counts, np.array(list(mixes.FLOAT_STEPS.parts.values())) * len(step)).pvalue > 0.01


# Orders


def open_days(told: Whole, many: Orders) -> tuple[np.ndarray, np.ndarray]:
    """Return for how many days each order was open and not overdue, and overdue."""
    on = told.city.year.day_of(many.at)
    pushed_on, closed_on = on[0], on[STEPS.index("closed")]
    return np.minimum(closed_on, many.due_on) - pushed_on, np.maximum(closed_on - many.due_on, 0)


def test_orders_are_as_many_a_year_as_stated_since_a_year_before_going_live(told, many):
    assert abs(len(many) - YEARS * P.orders_per_year) <= Z99 * (YEARS * P.orders_per_year) ** 0.5
    assert told.city.year.day_of(many.at[0]).min() >= LIVE - 365
    assert len(orders(told.city, MONTHS[0] - 1)) == 0


@pytest.mark.parametrize(("name", "mix"), [("level", mixes.LEVELS), ("kind", mixes.ORDER_KINDS)])
def test_orders_are_mixed_as_stated(many, name, mix):
    values = getattr(many, name)
    counts = [np.sum(values == word) for word in mix.parts]
    assert chisquare(counts, np.array(list(mix.parts.values())) * len(values)).pvalue > 0.01


def test_the_share_of_open_orders_that_is_overdue_is_as_stated_town_by_town(told, many):
    fine, overdue = open_days(told, many)
    town = told.city.firms.town[many.firm]
    for place, code in enumerate(told.city.places.towns.codes):
        share, own = mixes.OVERDUE_BY_TOWN[code], town == place
        whole_days = (fine + overdue)[own]
        spread = np.sqrt(np.sum((overdue[own] - share * whole_days) ** 2)) / whole_days.sum()
        assert abs(overdue[own].sum() / whole_days.sum() - share) <= Z99 * spread + 0.005, code


def test_seventy_to_eighty_five_per_cent_are_closed_on_time_and_nothing_is_late_where_nothing_is_overdue(told, many):
    _, overdue = open_days(told, many)
    assert 0.70 <= np.mean(overdue == 0) <= 0.85
    town = told.city.firms.town[many.firm]
    assert (overdue[town == list(told.city.places.towns.codes).index("331081109")] == 0).all()


def test_nobody_is_given_more_days_than_the_rule_allows(told, many):
    inspected_on = told.city.year.day_of(many.at[STEPS.index("inspected")])
    for level, (_, longest) in TERM_DAYS.items():
        given = (many.due_on - inspected_on)[many.level == level]
        assert 1 <= given.min() <= given.max() <= longest


def test_inspections_are_on_time_as_often_as_stated(told, many):
    year = told.city.year
    pushed, inspected = (np.searchsorted(year.open_days, year.day_of(many.at[STEPS.index(s)])) for s in ("pushed", "inspected"))
    limit = np.array([INSPECT_WITHIN[level] for level in many.level])
    assert within_share(np.sum(inspected - pushed <= limit), len(many), P.order_inspected_share)


def test_steps_of_an_order_are_in_their_order_and_few_are_forgotten(many):
    for earlier in range(len(STEPS) - 1):
        both = (many.at[earlier] != MISSING) & (many.at[earlier + 1] != MISSING)
        assert (many.at[earlier][both] <= many.at[earlier + 1][both]).all()
    for step in ("signed", "rechecked"):
        assert within_share(np.sum(many.at[STEPS.index(step)] == MISSING), len(many), P.stamp_missing_share)


def test_firms_with_more_accidents_have_more_orders(told, many):
    firms = told.city.firms
    n = firms.joined(LIVE - 365)
    weight = (firms.size * firms.risk)[:n]
    top = np.argsort(-weight)[: n // 100]
    own = many.firm[many.firm < n]
    assert within_share(np.isin(own, top).sum(), len(own), weight[top].sum() / weight.sum())


def test_words_for_towns_and_corrections_of_orders_are_as_frequent_as_stated(told):
    city, rows = told.city, []
    for month in MONTHS[:36]:
        block = order_rows.block_of(city, month)
        rows.append(pd.DataFrame(block.text(np.arange(len(block.sent_at)))))
    sent = pd.concat(rows)
    unique = sent.drop_duplicates()
    once = unique[unique["修订"].astype(int) % 2 == 0]
    pushed = once[once["修订"] == "0"]
    aliases = {word for words in city.aliases.values() for word in words}
    assert within_share(pushed["乡镇"].isin(aliases).sum(), len(pushed), P.order_alias_share)
    assert within_share((pushed["乡镇"] == order_rows.UNLISTED_TOWN).sum(), len(pushed), P.order_unknown_town_share)
    later = once[once["修订"] != "0"]
    assert within_share(len(unique) - len(once), len(later), P.order_corrected_share)
    assert within_share(len(sent) - len(unique), len(unique), P.event_duplicate_share)


# Towns and deaths


def production(told: Whole) -> np.ndarray:
    """Return the accepted cases at work that were not refused or withdrawn."""
    return told.had("C1") & ~told.had("D3") & ~told.had("D9") & ~np.isin(told.of("facts", "basis"), NOT_PRODUCTION)


def test_ratios_of_the_worked_example_are_realised_within_their_bands(told):
    firms, codes = told.city.firms, told.city.places.towns.codes
    category = np.array([one.risk_cat for one in mixes.INDUSTRIES])[firms.industry]
    accepted_on, firm = told.on("C1"), told.of("facts", "firm")
    begin, end = day(2023, 9, 1), day(2026, 9, 1)
    counted = firm[production(told) & (accepted_on >= begin) & (accepted_on < end)]
    years = np.zeros(len(firms))
    for month in range(month_of(begin), month_of(end)):
        n = firms.joined(first_day(month))
        years[:n] += firms.headcount(told.city.growth(month))[:n] / 12
    rate = np.bincount(category[counted], minlength=9) / np.maximum(np.bincount(category, years, 9), 1e-9)
    expected = np.bincount(firms.town, years * rate[category], len(codes))
    stated = np.array([mixes.ACCIDENTS_BY_TOWN.get(code, 1.0) for code in codes])
    mean = stated * expected * len(counted) / (stated * expected).sum()
    observed = np.bincount(firms.town[counted], minlength=len(codes))
    for code, ratio in NAMED.items():
        place = list(codes).index(code)
        assert stated[place] == ratio
        low, high = poisson.ppf([0.005, 0.995], mean[place])
        assert low <= observed[place] <= high, (code, observed[place] / expected[place])


def test_a_year_has_a_few_deaths_and_severe_injuries_at_work_and_few_towns_two_deaths_in_ninety_days(told):
    counted = production(told)
    died_on = told.city.year.day_of(told.of("filing", "death_at"))
    is_death = counted & told.of("facts", "is_death") & (told.on("C1") < day(2026, 9, 1))
    town = told.city.firms.town[told.of("facts", "firm")]
    at_work = 1 - sum(mixes.ACCIDENT_TYPES.parts[code] for code in ("90", "91"))
    low, high = poisson.ppf([0.005, 0.995], P.accepted_per_year * P.recognised_share * at_work * P.plain_death_share)
    for year in (2023, 2024, 2025):
        begin, end = day(year, 9, 1), day(year + 1, 9, 1)
        count = np.sum(is_death & (died_on >= begin) & (died_on < end))
        assert low <= count <= high
        pairs = [is_death & (died_on > close - 90) & (died_on <= close) for close in range(begin + 90, end, 7)]
        red = np.array([np.bincount(town[which], minlength=17)[:16] >= 2 for which in pairs])
        assert red.sum(axis=1).max() <= 3
    grade = told.of("appraisal", "first")
    is_severe = counted & (grade >= 1) & (grade <= 4) & told.had("F4")
    share = P.graded_share * sum(mixes.GRADES.parts[str(one)] for one in range(1, 5))
    assert within_share(is_severe.sum(), counted.sum(), share)
