"""`injury_cases`: the list of cases 工伤台账, one row a case: at the application, at the decision, and with its grade."""

import hashlib

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, Instants, Mask, Names, between, happens
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City
from etl.simulation.injury.firms import credit_code
from etl.simulation.sending import AGAIN_AFTER_S, PROMPT_S, Cells, answers, numbers, stamps, texts

HEADER = (
    "案件编号", "修订", "人员标识", "用人单位代码", "单位乡镇", "事故乡镇", "事故时间", "经度", "纬度", "报告时间", "申请时间",
    "申请人", "受理时间", "简易", "事实清楚", "依据", "事故类别", "受伤部位", "受伤性质", "职业", "参保", "第三人", "决定",
    "决定时间", "送达时间", "套餐", "医院", "伤残等级", "护理等级", "死亡时间", "损失日", "年龄段", "性别", "专员", "陪跑",
    "免垫付元",
)  # fmt: skip
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0
FILED, DECIDED, GRADED = 0, 1, 2
"""The three revisions: what is known at the application, when the decision is delivered, and when the grade is."""
UNLISTED_TOWN = "331081999"
LOST_DAYS = (6000, 6000, 6000, 6000, 3000, 1500, 600, 300, 150, 80, 25)
"""Working days lost: by grade, 0 for death; the last for no grade. GB 6441 counts from 105 days as 重伤. [DEF]"""


def block_of(city: City, month: int) -> Block:
    """Return the rows about one month's cases."""
    told = accidents(city, month)
    case, rev, sent_at = rows(told)
    began_on = city.year.day_of(told.at["B1"])[case]
    return block(sent_at, began_on, lambda places: cells(told, case[places], rev[places]))


def rows(told: Accidents) -> tuple[Codes, Codes, Instants]:
    """Return which case in which revision is sent when, some twice."""
    random = told.city.random("cases", told.month)
    known = np.stack([told.at["B1"], ended(told), told.at["F5"]])
    known[GRADED] = np.where(known[GRADED] != MISSING, np.maximum(known[GRADED], known[DECIDED] + 60), MISSING)
    rev, case = np.nonzero(known != MISSING)
    sent_at = known[rev, case] + between(random, *PROMPT_S, len(case))
    again = happens(random, told.city.parameters.case_duplicate_share, len(case))
    later_at = sent_at[again] + between(random, *AGAIN_AFTER_S, int(again.sum()))
    return np.concatenate([case, case[again]]), np.concatenate([rev, rev[again]]), np.concatenate([sent_at, later_at])


def ended(told: Accidents) -> Instants:
    """Return when the list says how cases ended: with the decision's delivery, or the application's refusal or withdrawal."""
    found: Instants = np.max([told.at[step] for step in ("D4", "D4.2", "C2", "D9")], axis=0)
    return found


def decisions(told: Accidents) -> tuple[Names, Instants, Instants]:
    """Return the decision of each case, when it was taken and when it was delivered, as the list has them."""
    course, at = told.course, told.at
    words = {"D1": "10", "D2": "11", "D3": "20"}
    word = np.array([words.get(code, "") for code in course.decision], object)
    word = np.select([~course.is_accepted, course.is_withdrawn & ~course.is_again], ["30", "40"], word).astype(object)
    decided_at = np.max([at[code + again] for code in ("D1", "D2", "D3") for again in ("", ".2")], axis=0)
    return word, np.where(course.is_accepted, decided_at, at["C2"]), np.maximum(at["D4"], at["D4.2"])


def cells(told: Accidents, case: Codes, rev: Codes) -> Cells:
    """Return rows of cases as the list has them."""
    known = {**place(told, case, rev), **accident(told, case), **course(told, case, rev), **care(told, case, rev)}
    return {"案件编号": told.facts.ids[case], "修订": rev.astype(str).astype(object), **known}


def place(told: Accidents, case: Codes, rev: Codes) -> Cells:
    """Return who and where: at first some name a firm, or a town, that is in no list."""
    city, facts, parameters = told.city, told.facts, told.city.parameters
    draw = city.random("strange", told.month).random(len(told))[case]
    is_strange = (rev == FILED) & (draw < parameters.unknown_firm_share)
    is_lost = (rev == FILED) & (draw > 1 - parameters.unknown_town_share)
    firm = facts.firm[case]
    zone, towns = city.zone, city.places.towns.codes
    return {
        "人员标识": persons(told, case),
        "用人单位代码": np.where(is_strange, UNLISTED_FIRM, city.firms.ids[firm]).astype(object),
        "单位乡镇": np.where(is_lost, UNLISTED_TOWN, texts(towns, city.firms.town[firm])).astype(object),
        "事故乡镇": texts(towns, facts.town[case]),
        "事故时间": stamps(facts.at[case], zone, "blank"),
        "经度": numbers(facts.lon[case], 5, facts.has_place[case]),
        "纬度": numbers(facts.lat[case], 5, facts.has_place[case]),
        "报告时间": stamps(told.at["A1"][case], zone, "blank"),
        "申请时间": stamps(told.at["B1"][case], zone, "blank"),
    }


UNLISTED_FIRM = credit_code(0)
"""A right credit code that no firm of the list has."""


def persons(told: Accidents, case: Codes) -> Names:
    """Return pseudonyms: of nobody."""
    ids = told.facts.ids[case].tolist()
    return np.array([hashlib.sha256(f"{told.city.seed} {one}".encode()).hexdigest() for one in ids], object)


def accident(told: Accidents, case: Codes) -> Cells:
    """Return how it happened, and to whom."""
    facts = told.facts
    return {
        "申请人": told.filing.applicant[case],
        "依据": facts.basis[case],
        "事故类别": facts.accident_type[case],
        "受伤部位": facts.body_part[case],
        "受伤性质": facts.nature[case],
        "职业": facts.occupation[case],
        "参保": answers(facts.is_insured[case]),
        "第三人": answers(facts.has_third_party[case]),
        "年龄段": facts.age[case],
        "性别": np.where(facts.is_male[case], "1", "2").astype(object),
    }


def course(told: Accidents, case: Codes, rev: Codes) -> Cells:
    """Return what became of the application, as far as it is known in each revision."""
    is_known, zone = rev >= DECIDED, told.city.zone
    word, decided_at, delivered_at = (values[case] for values in decisions(told))
    later = {"受理时间": told.at["C1"][case], "决定时间": decided_at, "送达时间": delivered_at}
    return {
        "简易": answers(told.course.is_fast[case]),
        "事实清楚": answers(told.course.is_clear[case]),
        "决定": np.where(is_known, word, "").astype(object),
        **{name: stamps(np.where(is_known, at, MISSING), zone, "blank") for name, at in later.items()},
    }


def care(told: Accidents, case: Codes, rev: Codes) -> Cells:
    """Return hospital, grade, days and money, as far as they are known in each revision."""
    facts, avoided = told.facts, told.service.avoided_yuan[case]
    grade, is_graded = told.appraisal.first[case], rev >= GRADED
    names = np.array([one["specialist"] for one in told.city.specialists], object)
    return {
        "套餐": np.where(rev >= DECIDED, told.service.package[case], "").astype(object),
        "医院": texts(told.city.places.hospitals.codes, facts.hospital[case]),
        "伤残等级": numbers(grade, 0, is_graded & (grade > 0)),
        "护理等级": numbers(np.clip(4 - grade, 0, 3), 0, is_graded & (grade > 0)),
        "死亡时间": stamps(
            np.where(known_death(told, case, rev), told.filing.death_at[case], MISSING), told.city.zone, "blank"
        ),
        "损失日": numbers(np.array(LOST_DAYS)[np.where(grade > 0, grade, -1)], 0, rev >= DECIDED),
        "专员": texts(names, told.service.specialist[case]),
        "陪跑": answers(told.service.is_accompanied[case]),
        "免垫付元": numbers(avoided, 2, (rev >= DECIDED) & (avoided > 0)),
    }


def known_death(told: Accidents, case: Codes, rev: Codes) -> Mask:
    """Return of which rows the list says that the worker died: those that are sent after it."""
    died_at = told.filing.death_at[case]
    said_at = np.where(rev >= DECIDED, ended(told)[case], told.at["B1"][case])
    found: Mask = told.facts.is_death[case] & (died_at < said_at)
    return found
