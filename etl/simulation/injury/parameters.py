"""What the simulated work-injury departments 工伤 are calibrated on: published figures, and our own choices marked [DEF].

How cases a year and their rate go together. Insured people grow by `insured_growth` a year and the incidence falls by
`incidence_fall` a year, all the time, so that whatever twelve months are held against the twelve before, the rate has
fallen by what was published. Cases fall by the product of both, about 3 % a year: from 5,400 to 5,000 in three years.

How a dispute, an appraisal, a placement come to be as many a year as published: each is a share of the cases that are
accepted, and that share is the published number over `accepted_per_year`.
"""

from dataclasses import dataclass
from typing import Literal

from etl.simulation.injury import mixes

Knots = tuple[tuple[float, float], ...]
"""A distribution by its quantiles: (share, value), straight between them."""


@dataclass(frozen=True)
class YearProfile:
    """What the pages say of one year: appraisals applied for (a share of the recognised, or a number a year), trainings."""

    appraised_share: float
    appraisals_per_year: int | None
    trained_per_year: int


YEAR_PROFILES = {
    2021: YearProfile(appraised_share=0.56, appraisals_per_year=None, trained_per_year=76),
    2024: YearProfile(appraised_share=0.0, appraisals_per_year=3_800, trained_per_year=229),
}
"""[S0] tells of 2021 and [S1] of 2024: other years, other bases, kept apart (section 1.1). 56 % is ours. [DEF]"""

FAST_DAYS: Knots = ((0.0, -0.5), (0.13, 0.5), (0.38, 1.5), (0.70, 2.5), (0.965, 3.5), (1.0, 7.0))
ORDINARY_DAYS: Knots = ((0.0, 6.0), (0.5, 34.7), (0.9, 53.8), (0.98, 60.0), (1.0, 80.0))
CLEAR_DAYS: Knots = ((0.0, 1.0), (0.5, 9.0), (0.9, 13.5), (0.98, 15.0), (1.0, 22.0))
DAYS_BEFORE: Knots = ((0.0, 28.0), (0.10, 46.0), (0.50, 56.6), (0.85, 58.4), (0.95, 64.0), (1.0, 106.0))
"""Days from application (fast) or acceptance (others) to the decision, pauses left out."""


@dataclass(frozen=True, kw_only=True)
class InjuryParameters:
    """Every figure of the simulator. `_days` are calendar days, `_share` parts of one, `_sigma` of a lognormal."""

    # Volume
    register_count: int = 146_000  # market entities of the city, most uninsured [S0]; for reference only
    firm_count: int = 14_000  # insured firms at go-live, 10.4 [DEF]
    firms_per_year: int = 140  # that join [DEF]
    insured_count: int = 400_000  # at go-live [S0]
    insured_growth: float = 0.04  # a year [DEF]
    accepted_per_year: float = 5_140  # at go-live; three years lie between 5,000 and 5,400, 10.4
    incidence_fall: float = 0.0696  # a year [S0]
    sole_trader_share: float = 0.10  # of firms, and building projects: no credit code of their own [DEF]
    wage_mean_yuan: float = 72_000  # a year and person, the worked example of section 4 [DEF]
    wage_sigma: float = 0.25  # between firms [DEF]
    premium_unknown_share: float = 0.005  # of months of firms whose count is known: nothing told of the premium [DEF]
    premium_short_share: float = 0.01  # of months of firms: less paid than due [DEF]
    unknown_month_share: float = 0.01  # of months of firms, 10.4 asks for unknown months [DEF]

    # Recognition
    graded_share: float = 0.50  # of recognised cases [S0]
    death_share: float = 0.006  # of cases, 10.4
    illness_death_share: float = 0.40  # of sudden illnesses at work [DEF]
    dispute_share: float = 0.20  # of recognised cases [S0]
    fast_share: float = 0.35  # of decisions since go-live, 10.4 [DEF]
    fast_median_days: float = 2  # 10.4
    fast_p90_days: float = 3  # 10.4
    ordinary_median_days: float = 38  # 10.4
    ordinary_p90_days: float = 58  # 10.4
    overdue_share: float = 0.02  # of ordinary decisions, 10.4
    before_mean_days: float = 60  # from application to decision before go-live [S0]
    after_fast_days: float = 3  # … and on the fast track after it: 95 % less [S0]; for reference only
    clear_share: float = 0.12  # of cases off the fast track since go-live: facts clear, 15 days [DEF]
    fast_days: Knots = FAST_DAYS
    ordinary_days: Knots = ORDINARY_DAYS
    clear_days: Knots = CLEAR_DAYS
    days_before: Knots = DAYS_BEFORE
    contested_share: float = 0.05  # of cases: the employer denies it [DEF]
    uninsured_share: float = 0.015  # of cases [DEF]
    third_party_share: float = 0.60  # of accidents on the way to work [DEF]
    supplement_share_before: float = 0.15  # of applications 补正 [DEF]
    supplement_share_after: float = 0.06
    not_accepted_share: float = 0.005  # of applications [DEF]
    suspended_share: float = 0.03  # of accepted cases [DEF]
    withdrawn_share: float = 0.015  # of accepted cases [DEF]
    reapplied_share: float = 0.30  # of withdrawn ones [DEF]
    refused_share: float = 0.02  # of decisions: not recognised [DEF]
    revoked_share: float = 0.003  # of decisions [DEF]

    # Reporting and applying
    reported_share: float = 0.90  # of accidents 快报 [DEF]
    report_median_h: tuple[float, float] = (20.0, 2.5)  # before and after go-live [DEF]
    report_sigma: float = 0.9
    employer_median_days: float = 14.0  # L1 allows 30; the same all the time, or going live would bring a wave of cases [DEF]
    employer_sigma: float = 0.7
    worker_median_days: float = 60.0  # L2 allows a year [DEF]
    worker_sigma: float = 0.85
    longest_apply_days: float = 410.0  # nobody comes later; a few come after their year [DEF]
    extended_share: float = 0.60  # of employers that come after 30 days [DEF]

    # Care
    admitted_share: float = 0.55  # of cases [DEF]
    stay_mean_days: float = 14.0
    stay_sigma: float = 0.7
    medical_mean_yuan: float = 7_000  # a case: 3,500万 over 5,000 cases [S0], 10.4
    medical_sigma: float = 1.0  # 10.4
    avoided_per_year_yuan: float = 35_000_000  # since go-live [S0]
    hospital_count: int = 5  # that appraise [S1]
    inhosp_first_season: int = 35  # bookings in hospital in the first season [S1]
    season_days: int = 91

    # Appraisal and benefits
    year_profile: Literal[2021, 2024] = 2021
    exam_to_conclusion_days: tuple[float, float] = (15.0, 4.0)  # before, and after go-live [S1: one case]
    reappraised_share: float = 0.03  # of conclusions [DEF]
    review_share: float = 0.01  # of conclusions, a year later [DEF]
    two_certificates_share: float = 0.10  # of graded since go-live 一次鉴定两证并领 [DEF]
    leaving_share: float = 0.25  # of grades 5 to 10 that end the employment: 两金 [DEF]
    benefit_mean_days: float = 15.0  # from application to payment before go-live [DEF]
    speed_gain_share: float = 0.87  # 时效提升 [S0]; of what, the page does not say: here of benefits. [DEF]

    # Packages and materials
    package_coverage: float = 0.96  # since go-live; the page says at least 95 % [S0]
    materials_before: float = 12  # [S0]: 91.7 % fewer
    materials_after: float = 1
    card_only_share: float = 0.60  # since go-live 凭卡即办 [DEF]

    # Specialists and departments
    specialist_count: int = 103  # [S0]
    accompanied_per_year: float = 865  # since go-live [S0]
    mediated_per_year: float = 113  # on the spot, since go-live [S0]
    intents_per_year: float = 231.6  # since go-live; 113 of them placed are 48.8 % [S0, S1]
    placed_share: float = 0.488  # of those who wish to work [S0]
    placed_per_year: float = 113  # [S1]
    intent_to_job_days: float = 21  # the published case took three weeks [S1]
    employer_count: int = 642  # that offer posts [S1]
    posts_per_year: int = 1_398  # since go-live [S1]
    special_class_count: int = 18  # disabled people trained in one class [S1]; for reference only
    department_count: int = 16  # 6 for business, 6 for data, 3 that supervise, and the lead [S0]
    exchange_per_day: float = 135.0  # calls since go-live [DEF]
    exchange_ok_share: float = 0.985  # [DEF]

    # Orders to put things right
    orders_per_year: float = 600  # [DEF]
    order_inspected_share: float = 0.90  # within their working days [DEF]
    order_alias_share: float = 0.08  # of orders, that name their town by another word than its code [DEF]
    order_unknown_town_share: float = 0.005  # of orders, until the inspection: a town that is in no list [DEF]
    order_corrected_share: float = 0.005  # of rows [DEF]

    # Arbitration: local limits of [S2]
    same_day_share: float = 0.92  # accepted the same day, since go-live [DEF]
    mediated_in_7_share: float = 0.95  # of mediations that succeed, since go-live [DEF]
    awarded_in_30_share: float = 0.93  # of awards, since go-live [DEF]
    mediation_ok_share: float = 0.75  # of mediations [DEF]
    settled_share: float = 0.55  # of arbitrations [DEF]

    # Dirt
    stamp_missing_share: float = 0.005  # of each step that a department can forget [DEF]
    acceptance_missing_share: float = 0.001  # decisions without acceptance [DEF]
    decided_twice_share: float = 0.0005  # decisions told again under another number [DEF]
    early_review_share: float = 0.05  # of reviews, before the year is over [DEF]
    event_late_share: float = 0.01  # of events, by hours [DEF]
    event_day_late_share: float = 0.003  # by a day [DEF]
    event_corrected_share: float = 0.003  # [DEF]
    event_duplicate_share: float = 0.003  # [DEF]
    event_refused_share: float = 0.0005  # with a code that is in no list [DEF]
    case_duplicate_share: float = 0.003  # [DEF]
    unknown_firm_share: float = 0.002  # of cases, at first: a firm that is in no list [DEF]
    unknown_town_share: float = 0.002  # of cases, at first: a town that is in no list [DEF]
    nowhere_share: float = 0.005  # of cases: nobody knows the town of the accident [DEF]
    month_corrected_share: float = 0.003  # of months of firms [DEF]

    @property
    def case_growth(self) -> float:
        """By what cases of one year are those of the year before."""
        return (1 + self.insured_growth) * (1 - self.incidence_fall)

    @property
    def profile(self) -> YearProfile:
        """What holds of the chosen year."""
        return YEAR_PROFILES[self.year_profile]

    @property
    def decided_share(self) -> float:
        """Share of accepted cases that are decided in the end."""
        return 1 - self.withdrawn_share * (1 - self.reapplied_share)

    @property
    def recognised_share(self) -> float:
        """Share of accepted cases that are recognised."""
        return self.decided_share * (1 - self.refused_share)

    @property
    def recognised_per_year(self) -> float:
        """Cases a year that are recognised."""
        return self.accepted_per_year * self.recognised_share

    @property
    def appraised_share(self) -> float:
        """Share of recognised cases that are appraised."""
        per_year = self.profile.appraisals_per_year
        return self.profile.appraised_share if per_year is None else per_year / self.recognised_per_year

    @property
    def severe_share(self) -> float:
        """Share of recognised cases of the grades 1 to 6."""
        return self.graded_share * sum(mixes.GRADES.parts[str(grade)] for grade in range(1, 7))

    @property
    def plain_basis_share(self) -> float:
        """Share of cases whose clause the fast track takes."""
        usual = 1 - sum(mixes.ACCIDENT_TYPES.parts[code] for code in mixes.BASIS_OF_TYPE)
        return usual * sum(mixes.BASES.parts[basis] for basis in mixes.CLEAR_BASES)

    @property
    def plain_death_share(self) -> float:
        """Share of deaths among accidents that are no sudden illness."""
        illness = mixes.ACCIDENT_TYPES.parts["91"]
        return (self.death_share - illness * self.illness_death_share) / (1 - illness)

    @property
    def fast_chance(self) -> float:
        """Chance of an eligible case (section 2.5) since go-live to take the fast track."""
        eligible = self.plain_basis_share * (1 - self.plain_death_share) * (1 - self.severe_share)
        eligible *= (1 - self.contested_share) * (1 - self.uninsured_share) * (1 - self.suspended_share)
        eligible *= (1 - self.withdrawn_share) * (1 - self.refused_share)
        return self.fast_share * self.decided_share / eligible

    @property
    def inhosp_share(self) -> float:
        """Share of admitted cases that book their appraisal in hospital."""
        per_year = self.inhosp_first_season * 365.25 / self.season_days
        return per_year / (self.accepted_per_year * self.admitted_share)

    @property
    def dispute_chance(self) -> float:
        """Chance of a recognised case to come to a dispute, besides those whose decision is revoked."""
        return (self.dispute_share - self.revoked_share) / (1 - self.revoked_share)

    def since_go_live(self, per_year: float, *, of_share: float = 1.0) -> float:
        """Return what share of a part of the accepted cases comes to so many a year."""
        return per_year / (self.accepted_per_year * of_share)
