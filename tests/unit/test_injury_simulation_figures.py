"""The simulated work injuries' figures: what was published as stated, and as realised over the years within its 99 % band."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import chisquare

from etl.simulation.injury import mixes
from etl.simulation.injury.accidents import expected
from etl.simulation.injury.city import first_day, month_of
from etl.simulation.injury.parameters import YEAR_PROFILES, InjuryParameters
from etl.simulation.parameters import Shares
from etl.simulation.streams import exchange, headcounts, posts
from tests.simulated import Z99, within_mean, within_share
from tests.simulated_injury import END, FIRST, SITE, P, Whole, day, new_city, whole

LIVE = day(2025, 9, 1)
DECISIONS = ("D1", "D2", "D3")
PUBLISHED = {
    "register_count": 146_000,
    "firm_count": 14_000,
    "insured_count": 400_000,
    "incidence_fall": 0.0696,
    "graded_share": 0.50,
    "death_share": 0.006,
    "dispute_share": 0.20,
    "fast_share": 0.35,
    "fast_median_days": 2,
    "fast_p90_days": 3,
    "ordinary_median_days": 38,
    "ordinary_p90_days": 58,
    "overdue_share": 0.02,
    "before_mean_days": 60,
    "after_fast_days": 3,
    "speed_gain_share": 0.87,
    "medical_mean_yuan": 7_000,
    "medical_sigma": 1.0,
    "avoided_per_year_yuan": 35_000_000,
    "materials_before": 12,
    "materials_after": 1,
    "hospital_count": 5,
    "inhosp_first_season": 35,
    "specialist_count": 103,
    "accompanied_per_year": 865,
    "mediated_per_year": 113,
    "placed_share": 0.488,
    "placed_per_year": 113,
    "employer_count": 642,
    "posts_per_year": 1_398,
    "special_class_count": 18,
    "department_count": 16,
    "intent_to_job_days": 21,
    "year_profile": 2021,
}


@pytest.fixture(scope="module")
def told() -> Whole:
    return whole()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_figure_is_the_stated_constant(name):
    assert getattr(P, name) == PUBLISHED[name]


def test_figures_that_follow_from_others_agree_with_them():
    assert (P.before_mean_days - P.after_fast_days) / P.before_mean_days == pytest.approx(0.95)
    assert 1 - P.materials_after / P.materials_before == pytest.approx(0.917, abs=0.001)
    assert P.intents_per_year * P.placed_share == pytest.approx(P.placed_per_year, abs=0.1)
    assert P.avoided_per_year_yuan / P.medical_mean_yuan == pytest.approx(5_000)
    assert P.package_coverage >= 0.95
    assert 120 <= P.exchange_per_day <= 150
    assert YEAR_PROFILES[2024].appraisals_per_year == 3_800
    assert (YEAR_PROFILES[2021].trained_per_year, YEAR_PROFILES[2024].trained_per_year) == (76, 229)


def test_sixteen_departments_are_the_lead_six_six_and_three():
    assert [len(x) for x in (exchange.BUSINESS, exchange.DATA, exchange.SUPERVISION)] == [6, 6, 3]
    assert len({*exchange.DEPARTMENTS}) == P.department_count


def within_poisson(count: float, mean: float) -> bool:
    """Whether a realised count lies in the 99 % band of its Poisson distribution."""
    return abs(count - mean) <= Z99 * mean**0.5


def has_quantile(values: np.ndarray, share: float, value: float) -> bool:
    """Whether a stated quantile of whole days lies in the 99 % band of the realised distribution."""
    slack = Z99 * (share * (1 - share) / len(values)) ** 0.5
    return bool(np.mean(values < value) - slack <= share <= np.mean(values <= value) + slack)


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_five_thousand_cases_a_year_are_accepted_and_no_more_than_5400(told, year):
    accepted_on = told.on("C1")[told.had("C1")]
    count = np.sum((accepted_on >= day(year, 9, 1)) & (accepted_on < day(year + 1, 9, 1)))
    band = Z99 * P.accepted_per_year**0.5
    assert 5_000 - band <= count <= 5_400 + band


def test_accidents_are_as_many_as_expected(told):
    days = np.arange(first_day(FIRST), first_day(END))
    mean = (expected(told.city, days) * told.city.year.weights[days - day(2003, 1, 1)]).sum()
    assert within_poisson(len(told.at("A0")), mean)


def test_the_incidence_of_each_year_is_lower_by_what_was_published(told):
    accepted_on = told.on("C1")[told.had("C1")]
    years = [np.sum((accepted_on >= day(y, 9, 1)) & (accepted_on < day(y + 1, 9, 1))) for y in (2023, 2024, 2025)]
    for before, after in pairwise(years):
        rate_ratio = after / before / (1 + P.insured_growth)
        deviation = (1 / before + 1 / after) ** 0.5
        assert abs(np.log(rate_ratio / (1 - P.incidence_fall))) <= Z99 * deviation
    assert P.case_growth == pytest.approx(1.04 * 0.9304)


def test_firms_and_insured_at_go_live_are_as_published(told):
    firms = told.city.firms
    n = firms.joined(LIVE)
    count = firms.headcount(told.city.growth(month_of(LIVE)))[:n]
    assert n == P.firm_count
    assert abs(count.sum() - P.insured_count) <= Z99 * (n / 4) ** 0.5 + 1  # each firm is rounded by lot
    share = np.bincount(firms.town[:n], count, len(mixes.INSURED_BY_TOWN)) / count.sum()
    stated = [mixes.INSURED_BY_TOWN[code] / 400 for code in told.city.places.towns.codes]
    assert share == pytest.approx(stated, abs=0.0005)


@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_the_insured_grow_by_what_is_stated_whoever_joins(told, year):
    month = month_of(day(year, 9, 1))
    count = told.city.firms.headcount(told.city.growth(month))[: told.city.firms.joined(first_day(month))]
    assert count.sum() == pytest.approx(P.insured_count * (1 + P.insured_growth) ** (year - 2025), rel=0.003)


def test_shares_of_insured_by_town_are_those_of_the_worked_example():
    example = {"331081100": 62, "331081101": 60, "331081004": 26, "331081107": 16, "331081109": 5, "331081110": 3}
    assert {code: mixes.INSURED_BY_TOWN[code] for code in example} == example
    assert sum(mixes.INSURED_BY_TOWN.values()) == 400
    assert set(mixes.INSURED_BY_TOWN) == set(new_city().places.towns.codes)


def shares(told: Whole) -> dict[str, tuple[np.ndarray, float]]:
    """Return every stated share with the cases that it is a share of, true where it holds."""
    recognised, live = told.of("course", "is_recognised"), told.of("filing", "is_live")
    decided, delivered, concluded = told.had(*DECISIONS), told.had("D4"), told.had("F4")
    off_track = decided & live & ~told.of("course", "is_fast") & ~told.of("course", "is_clear")
    paused = np.where(told.had("C3"), told.days("C3", "C4"), 0)
    overdue = (told.days("C1", *DECISIONS) - paused) > 60
    disputed, intents, asked = told.had("H1", "H4", "H8", "H9"), told.had("R1"), told.had("H4") & (told.on("H4") >= LIVE)
    opened = told.had("H1")
    return {
        "graded": ((told.of("appraisal", "first") > 0)[recognised], P.graded_share),
        "appraised": (told.had("F1")[recognised], P.appraised_share),
        "deaths": (told.of("facts", "is_death"), P.death_share),
        "disputes": (disputed[recognised], P.dispute_share),
        "fast": (told.of("course", "is_fast")[decided & live], P.fast_share),
        "overdue": (overdue[off_track], P.overdue_share),
        "suspended": (told.had("C3")[told.had("C1")], P.suspended_share * (1 - P.withdrawn_share)),
        "withdrawn": (told.had("D9")[told.had("C1")], P.withdrawn_share),
        "not accepted": (told.had("C2"), P.not_accepted_share),
        "refused": (told.had("D3")[decided], P.refused_share),
        "revoked": (told.had("D8")[delivered], P.revoked_share),
        "appraised again": (told.had("F6")[concluded], P.reappraised_share),
        "reviewed": (told.had("F8")[concluded], P.review_share),
        "placed": (told.had("R4")[intents], P.placed_share),
        "trained": (told.had("R2")[intents], P.profile.trained_per_year / P.intents_per_year),
        "in a package": ((told.of("service", "package") != "")[live], P.package_coverage),
        "card only": (told.of("service", "is_card_only")[live], P.card_only_share),
        "accompanied": (told.of("service", "is_accompanied")[live], P.accompanied_per_year / P.accepted_per_year),
        "mediated": (told.had("H2")[opened], P.mediation_ok_share),
        "accepted the same day": (told.days("H4", "H5")[asked] == 0, P.same_day_share),
        "reported": (told.had("A1"), P.reported_share * np.mean(told.at("B1") > told.at("A0"))),
    }


SHARES = (
    *("graded", "appraised", "deaths", "disputes", "fast", "overdue", "suspended", "withdrawn", "not accepted", "refused"),
    *("revoked", "appraised again", "reviewed", "placed", "trained", "in a package", "card only", "accompanied", "mediated"),
    *("accepted the same day", "reported"),
)


@pytest.mark.parametrize("name", SHARES)
def test_a_share_is_as_stated(told, name):
    hits, share = shares(told)[name]
    assert within_share(hits.sum(), len(hits), share), hits.mean()


def test_the_fast_track_takes_two_days_and_nine_of_ten_three(told):
    days = told.days("B1", *DECISIONS)[told.of("course", "is_fast") & told.had(*DECISIONS)]
    assert has_quantile(days, 0.5, P.fast_median_days)
    assert has_quantile(days, 0.9, P.fast_p90_days)


def test_ordinary_cases_take_38_days_and_nine_of_ten_58(told):
    off_track = told.of("filing", "is_live") & ~told.of("course", "is_fast") & ~told.of("course", "is_clear")
    days = told.days("B1", *DECISIONS)[off_track & told.had(*DECISIONS)]
    assert has_quantile(days, 0.5, P.ordinary_median_days)
    assert has_quantile(days, 0.9, P.ordinary_p90_days)


def test_before_going_live_the_mean_was_sixty_days_and_nothing_was_fast(told):
    before = ~told.of("filing", "is_live")
    assert within_mean(told.days("B1", *DECISIONS)[before & told.had(*DECISIONS)], P.before_mean_days)
    assert not (told.of("course", "is_fast") & before).any()


def test_grades_are_mixed_as_stated(told):
    grades = told.of("appraisal", "first")
    groups = {"10": (10, 10), "9": (9, 9), "8": (8, 8), "7": (7, 7), "5-6": (5, 6), "1-4": (1, 4)}
    stated = {
        name: sum(mixes.HALF_GRADED[str(grade)] for grade in range(low, high + 1)) for name, (low, high) in groups.items()
    }
    assert stated == pytest.approx({"10": 62, "9": 24, "8": 8, "7": 3, "5-6": 1.5, "1-4": 0.5})
    mix = Shares({name: part / sum(stated.values()) for name, part in stated.items()})
    assert is_mixed([np.sum((grades >= low) & (grades <= high)) for low, high in groups.values()], mix)


def is_mixed(counts: list[int], mix: Shares) -> bool:
    """Whether counts lie in the 99 % band of what a mix gives (χ²)."""
    stated = np.array(list(mix.parts.values())) * sum(counts)
    return chisquare(counts, stated).pvalue > 0.01


@pytest.mark.parametrize(("name", "mix"), [("accident_type", mixes.ACCIDENT_TYPES), ("body_part", mixes.BODY_PARTS)])
def test_accidents_are_mixed_as_stated(told, name, mix):
    count = Counter(told.of("facts", name).tolist())
    assert set(count) == set(mix.parts)
    assert is_mixed([count[code] for code in mix.parts], mix)


def test_benefits_are_paid_sooner_by_what_was_published(told):
    days, is_live = told.days("G1.0", "G3.0"), told.on("G1.0") >= LIVE
    before, after = (days[told.had("G3.0") & (is_live == live)] for live in (False, True))
    assert within_mean(before, P.benefit_mean_days)
    assert 1 - after.mean() / before.mean() == pytest.approx(P.speed_gain_share, abs=Z99 * after.std() / len(after) ** 0.5 / 15)


def test_twelve_papers_became_one(told):
    live, count = told.of("filing", "is_live"), told.of("service", "materials")
    assert within_mean(count[~live], P.materials_before)
    assert within_mean(count[live], P.materials_after)


def test_bills_that_nobody_advanced_come_to_what_was_published(told):
    live = told.of("filing", "is_live")
    a_case = told.of("service", "avoided_yuan")[live]
    assert within_mean(a_case, P.avoided_per_year_yuan / P.accepted_per_year)
    assert within_mean(a_case[a_case > 0], P.medical_mean_yuan)
    assert np.log(a_case[a_case > 0]).std() == pytest.approx(P.medical_sigma, abs=0.03)


def test_bookings_in_hospital_in_the_first_season_are_as_many_as_published(told):
    booked_on = told.on("F0")
    assert within_poisson(np.sum((booked_on >= LIVE) & (booked_on < LIVE + P.season_days)), P.inhosp_first_season)
    assert not np.any(told.had("F0") & (booked_on < LIVE))
    assert len(told.city.places.hospitals.codes) == P.hospital_count


def test_mediations_on_the_spot_are_as_many_a_year_as_published(told):
    live = told.of("filing", "is_live")
    hits, n = told.of("disputes", "is_on_spot")[live].sum(), np.sum(live & told.had("C1"))
    assert within_poisson(hits, n * P.mediated_per_year / P.accepted_per_year)
    assert (told.days("H1", "H2")[told.of("disputes", "is_on_spot")] == 0).all()


def test_wishes_to_work_again_are_as_many_a_year_as_published(told):
    accepted_on = told.on("C1")
    cohort = told.had("C1") & (accepted_on >= LIVE)
    assert within_poisson(np.sum(told.had("R1") & cohort), cohort.sum() * P.intents_per_year / P.accepted_per_year)
    assert has_quantile(told.days("R1", "R4")[told.had("R4")], 0.5, P.intent_to_job_days)
    assert told.on("R1")[told.had("R1")].min() >= LIVE


def test_conclusions_come_four_days_after_the_examination(told):
    days, live = told.days("F3", "F4"), told.on("F1") >= LIVE
    for is_live, median in zip((False, True), P.exam_to_conclusion_days, strict=True):
        assert has_quantile(days[told.had("F4") & (live == is_live)], 0.5, median)


def test_quick_arbitration_keeps_its_days(told):
    live = told.on("H1") >= LIVE
    quick = told.days("H1", "H2")[told.had("H2") & live]
    awards = told.days("H5", "H7")[told.had("H7") & (told.on("H4") >= LIVE)]
    assert np.mean(quick <= 7) > 0.95
    assert np.mean(awards <= 30) > 0.85


def test_posts_are_offered_by_as_many_firms_and_are_as_many_a_year_as_published(told):
    for year in (0, 1):
        offering = posts.offering(told.city, year)
        assert (len(offering), len({*offering.tolist()})) == (P.posts_per_year, P.employer_count)


def test_specialists_are_as_many_as_published_in_five_roles(told):
    roles = Counter(one["role"] for one in told.city.specialists)
    assert (roles.total(), len(roles)) == (P.specialist_count, 5)


def test_departments_call_one_another_as_often_as_stated(told):
    months = [exchange.block_of(told.city, month_of(LIVE) + i) for i in range(12)]
    count, mean = sum(len(one.sent_at) for one in months), 365 * P.exchange_per_day
    assert abs(count - mean) <= Z99 * mean**0.5 + 0.01 * mean  # a year has a few working days more or less
    assert len(exchange.block_of(told.city, month_of(LIVE) - 1).sent_at) == 0


def test_months_are_unknown_as_often_as_stated(told):
    n = len(told.city.firms)
    masks = [headcounts.unknown(told.city, month_of(LIVE) + i, n) for i in range(24)]
    share, rows = np.mean(masks), np.sum([len(mask) for mask in masks])
    spread = 1.9  # months go missing several in a row
    assert abs(share - P.unknown_month_share) <= Z99 * (P.unknown_month_share * spread / rows) ** 0.5 + 0.0002


def test_towns_have_as_many_accidents_as_their_ratio_says(told):
    firms = told.city.firms
    count, mean = np.zeros(len(mixes.INSURED_BY_TOWN)), np.zeros(len(mixes.INSURED_BY_TOWN))
    for month in told.months:
        joined = firms.joined(first_day(month.month))
        weight = np.bincount(firms.town[:joined], (firms.size * firms.risk)[:joined], len(count))
        count += np.bincount(firms.town[month.facts.firm], minlength=len(count))
        mean += len(month) * weight / weight.sum()
    assert chisquare(count, mean).pvalue > 0.01


def test_accidents_keep_the_rhythm_of_the_year(told):
    on = told.on("A0")
    weekday = np.bincount((on + 3) % 7, minlength=7)
    assert weekday[6] < 0.85 * weekday[:5].mean()
    festival = np.sum((on >= day(2026, 2, 16)) & (on < day(2026, 2, 24)))
    assert festival < 0.35 * 8 * len(on) / (on.max() - on.min())


def test_the_other_years_profile_has_its_appraisals_and_trainings():
    parameters = InjuryParameters(year_profile=2024)
    other = Whole(new_city(parameters), END - 12, END)
    recognised, intents = other.of("course", "is_recognised"), other.had("R1")
    share = 3_800 / parameters.recognised_per_year
    assert within_share(other.had("F1")[recognised].sum(), recognised.sum(), share)
    assert within_share((other.of("appraisal", "first") > 0)[recognised].sum(), recognised.sum(), P.graded_share)
    assert within_share(other.had("R2")[intents].sum(), intents.sum(), 229 / P.intents_per_year)


def test_the_site_says_when_the_city_went_live():
    assert SITE.simulation.go_live.isoformat() == "2025-09-01"
