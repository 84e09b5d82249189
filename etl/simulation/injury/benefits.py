"""What is paid: medical fees, lump sums and allowances by grade (section 2.7). Steps G1, G2, G3 of each item, and Z1."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import MISSING, Floats, Instants, Mask, Random, happens
from etl.simulation.injury.appraisal import Appraisal, graded_at
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.facts import Draft, days_long
from etl.simulation.injury.recognition import Course, whole_days

OWN_MONTHS = (0, 27, 25, 23, 21, 18, 16, 13, 11, 9, 7)
"""一次性伤残补助金 by grade, in months of one's own wage [src: LAW-WI 35–37]."""
TWO_MONTHS = (0, 0, 0, 0, 0, 30, 25, 10, 7, 4, 2)
"""医疗补助金 by grade when leaving, in months of the provincial mean wage [src: LAW-ZJ 27]."""
ALLOWANCE = (0.0, 0.90, 0.85, 0.80, 0.75)
"""伤残津贴 of the grades 1 to 4, of one's own wage [src: LAW-WI 35]."""
CARE = (0.0, 0.50, 0.40, 0.30, 0.30)
"""护理费 of the grades 1 to 4, of the local mean wage [src: LAW-WI 34]."""
FUNERAL_MONTHS, DEATH_YEARS, SURVIVORS = 6, 20, 0.40
"""丧葬 in months of the local mean wage, 工亡补助金 in years of the national disposable income, 抚恤金 [src: LAW-WI 39]."""
LOCAL_WAGE_YUAN, PROVINCIAL_WAGE_YUAN, DISPOSABLE_INCOME_YUAN = 6_800.0, 7_400.0, 54_188.0
"""A month's mean wages [DEF], and the national disposable income of a townsman in 2024 [KU]."""
OWN_WAGE_BOUNDS = (0.6, 3.0)
"""Of the local mean wage (article 64)."""
MEDICAL_SHARE, MEALS_YUAN_A_DAY, MEALS_SHARE = 0.96, 35.0, 0.9
APPLIED_AFTER_DAYS, APPLIED_SIGMA = 9.0, 0.6
BENEFIT_SIGMA = 0.30
SHORTEST_DAYS = 1
MONTH_DAYS, MONTHLY_COUNT = 30, 24
"""An allowance is paid every thirty days, and so many months of it are told. [DEF]"""
CLOSED_AFTER_DAYS, CLOSED_SHARE = (0, 6), 0.96


@dataclass(frozen=True)
class Item:
    """One kind of benefit: its name, the number its steps end in, and whether it comes every month."""

    name: str
    number: int
    is_monthly: bool = False


ITEMS = (
    Item("医疗费", 0),
    Item("伙食补助", 1),
    Item("伤残补助金", 2),
    Item("医疗补助金", 3),
    Item("丧葬", 4),
    Item("工亡补助金", 5),
    Item("抚恤金", 6, is_monthly=True),
    Item("伤残津贴", 7, is_monthly=True),
    Item("护理费", 8, is_monthly=True),
)
WITH_STEPS = ("医疗费", "伤残补助金", "医疗补助金", "丧葬", "伤残津贴")
"""Items that are applied for; the others are assessed and paid together with one of these."""
TOGETHER: Mapping[str, str] = {"伙食补助": "医疗费", "工亡补助金": "丧葬", "抚恤金": "丧葬", "护理费": "伤残津贴"}
Amounts = Mapping[str, Floats]


def paid(draft: Draft, course: Course, appraisal: Appraisal) -> Amounts:
    """Draw what was applied for, assessed and paid; return each item's amount in yuan, 0 for none."""
    random, facts = draft.seeded("benefits"), draft.facts
    amounts = due(draft, random, course, appraisal)
    delivered_at = draft.newest("D4", "D4.2")
    begins = {
        "医疗费": np.maximum(delivered_at, draft.at["E1"]),
        "伤残补助金": graded_at(draft),
        "医疗补助金": graded_at(draft) + 20 * DAY_S,
        "丧葬": np.where(facts.is_death, delivered_at, MISSING),
        "伤残津贴": graded_at(draft),
    }
    for item in ITEMS:
        if item.name in begins:
            pay(draft, random, f".{item.number}", amounts[item.name] > 0, begins[item.name])
    close(draft, random)
    return amounts


def due(draft: Draft, random: Random, course: Course, appraisal: Appraisal) -> Amounts:
    """Return what the law gives in each case, in yuan; where two grades were found, by the province's."""
    n, facts, is_recognised = len(draft), draft.facts, course.is_recognised
    grade = np.where(draft.had("F7"), appraisal.second, appraisal.first)
    own = np.clip(facts.wage_yuan, LOCAL_WAGE_YUAN * OWN_WAGE_BOUNDS[0], LOCAL_WAGE_YUAN * OWN_WAGE_BOUNDS[1])
    stay_days = np.maximum(draft.year.day_of(draft.at["E1"]) - draft.year.day_of(draft.at["E0"]), 1)
    is_severe, is_dead = (grade > 0) & (grade <= 4), is_recognised & facts.is_death
    is_leaving = (grade >= 5) & happens(random, draft.parameters.leaving_share, n)
    worst = np.minimum(grade, 4)
    return {
        "医疗费": np.where(is_recognised & happens(random, MEDICAL_SHARE, n), facts.medical_yuan, 0),
        "伙食补助": np.where(is_recognised & draft.had("E0"), MEALS_YUAN_A_DAY * stay_days, 0),
        "伤残补助金": np.array(OWN_MONTHS)[grade] * own,
        "医疗补助金": np.where(is_leaving, np.array(TWO_MONTHS)[grade] * PROVINCIAL_WAGE_YUAN, 0),
        "丧葬": np.where(is_dead, FUNERAL_MONTHS * LOCAL_WAGE_YUAN, 0),
        "工亡补助金": np.where(is_dead, DEATH_YEARS * DISPOSABLE_INCOME_YUAN, 0),
        "抚恤金": np.where(is_dead, SURVIVORS * own, 0),
        "伤残津贴": np.where(is_severe, np.array(ALLOWANCE)[worst] * own, 0),
        "护理费": np.where(is_severe, np.array(CARE)[worst] * LOCAL_WAGE_YUAN, 0),
    }


def pay(draft: Draft, random: Random, item: str, which: Mask, from_at: Instants) -> None:
    """Draw application, assessment and payment of one item, applied for after an instant."""
    n, year, parameters = len(draft), draft.year, draft.parameters
    after = whole_days(days_long(random, APPLIED_AFTER_DAYS, APPLIED_SIGMA, n))
    applied_at = np.maximum(year.desk(random, year.opens(year.day_of(from_at) + after)), from_at + 3_600)
    is_live = draft.live(applied_at)
    mean = parameters.benefit_mean_days * np.where(is_live, 1 - parameters.speed_gain_share, 1)
    days = drawn_days(random, mean)
    paid_on = year.day_of(applied_at) + days
    paid_at = np.maximum(year.at(paid_on, random.integers(30_600, 61_200, n)), applied_at + 1_800)
    assessed_at = applied_at + ((paid_at - applied_at) * random.uniform(0.3, 0.8, n)).astype(np.int64)
    for step, at in (("G1", applied_at), ("G2", assessed_at), ("G3", paid_at)):
        draft.note(step + item, which & (from_at != MISSING), at)


def drawn_days(random: Random, mean: Floats) -> Instants:
    """Return whole days with this mean: a part of a day is rounded by lot."""
    days = mean * np.exp(BENEFIT_SIGMA * np.clip(random.standard_normal(len(mean)), -3, 3) - BENEFIT_SIGMA**2 / 2)
    return np.floor(days + random.random(len(mean))).astype(np.int64)


def close(draft: Draft, random: Random) -> None:
    """Draw when cases were closed (Z1): after the last payment, or when they had ended otherwise."""
    n = len(draft)
    ends = [step for step in draft.at if step[:2] in ("C2", "D4", "D9", "F5", "F7", "G3")]
    last_at = draft.newest(*ends)
    closed_on = draft.year.opens(draft.year.day_of(last_at) + random.integers(*CLOSED_AFTER_DAYS, n))
    closed_at = np.maximum(draft.year.desk(random, closed_on), last_at + 1_200)
    draft.note("Z1", happens(random, CLOSED_SHARE, n), closed_at)
