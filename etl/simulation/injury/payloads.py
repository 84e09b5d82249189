"""What belongs to an event besides its code and its instant: channel, item, amount, grade, mode and days, as JSON."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from etl.simulation.draws import Names
from etl.simulation.injury.accidents import Accidents
from etl.simulation.injury.benefits import ITEMS
from etl.simulation.injury.days import EPOCH
from etl.simulation.injury.filing import EXTENSION_DAYS
from etl.simulation.injury.log import Log

Said = dict[str, Any]
Maker = Callable[[Accidents, int], Said]

PAUSES = ("等待司法机关结论", "劳动关系仲裁")
"""Article 20 of the regulation and, where the employer denies it, article 17 of Zhejiang's."""
SERVED_AFTER_DAYS = (1, 2, 3, 4, 4, 6)
"""Days until the respondent has the copy, in turn; five are allowed (section 2.2, L19). [DEF]"""
MORE_DAYS = 15


def applied(told: Accidents, case: int) -> Said:
    """Say how somebody applied, and whether the employer had been given more time."""
    more = {"extension_days": EXTENSION_DAYS} if told.filing.is_extended[case] else {}
    return {"channel": told.filing.channel[case], **more}


def paused(told: Accidents, case: int) -> Said:
    """Say why the clock stands."""
    return {"pause_reason": PAUSES[int(told.facts.is_contested[case])]}


def concluded(told: Accidents, case: int) -> Said:
    """Say which grade was found, the care that it needs, and whether two certificates came of it."""
    grade = int(told.appraisal.first[case])
    said: Said = {"grade": grade, "care_level": max(0, 4 - grade)} if grade else {}
    return {**said, "two_certificates": True} if told.appraisal.is_two_certificates[case] else said


def second(told: Accidents, case: int) -> Said:
    """Say which grade the province found."""
    return graded(int(told.appraisal.second[case]))


def review(told: Accidents, case: int) -> Said:
    """Say which grade the review found."""
    return graded(int(told.appraisal.review[case]))


def graded(grade: int) -> Said:
    """Say a grade, or that there is none."""
    return {"grade": grade} if grade else {}


def spot(told: Accidents, case: int) -> Said:
    """Say whether a mediation ended on the spot."""
    return {"reason": "当场化解"} if told.disputes.is_on_spot[case] else {}


def served_by(role: str) -> Maker:
    """Return what says which specialist of a role saw to it; they take turns."""

    def said(told: Accidents, case: int) -> Said:
        able = told.city.of_role(role)
        return {"specialist_id": told.city.specialists[able[case % len(able)]]["specialist"]}

    return said


def asked(told: Accidents, case: int) -> Said:
    """Say since when somebody knew the right that he claims."""
    return {"known_on": f"{EPOCH + timedelta(days=int(told.disputes.known_on[case]))}"}


def accepted(told: Accidents, case: int) -> Said:
    """Say how the arbitration is held, when the respondent had the copy, and whether it was given more time."""
    day = int(told.city.year.day_of(told.at["H5"][case])) + SERVED_AFTER_DAYS[case % len(SERVED_AFTER_DAYS)]
    more = {"extension_days": MORE_DAYS} if told.disputes.is_extended[case] else {}
    return {"mode": MODES[told.disputes.mode[case]], "served_on": f"{EPOCH + timedelta(days=day)}", **more}


MODES = {"现场": "现场", "线上": "线上", "一方到场一方在线": "混合"}


def always(**said: str) -> Maker:
    """Return what says the same of every case."""
    return lambda *_: said


def amount_said(name: str) -> Maker:
    """Return what says the item of a benefit and how much it is."""
    return lambda told, case: {"item": name, "amount_fen": round(100 * float(told.amounts[name][case]))}


PAYLOADS: Mapping[str, Maker] = {
    "B1": applied,
    "B1.2": applied,
    "C3": paused,
    "D9": always(reason="申请人撤回"),
    "F0": always(channel="在院"),
    "F4": concluded,
    "F7": second,
    "F9": review,
    "H1": served_by("矛盾纠纷调处员"),
    "H2": spot,
    "H4": asked,
    "H5": accepted,
    "R2": served_by("再就业培训指导员"),
    **{f"G1.{item.number}": always(item=item.name) for item in ITEMS},
    **{f"{code}.{item.number}": amount_said(item.name) for item in ITEMS for code in ("G2", "G3")},
}


def payloads(told: Accidents, log: Log) -> Names:
    """Return what belongs to each row of a month's events, '' where nothing does."""
    makers = [PAYLOADS.get(step) for step in log.steps]
    found = np.full(len(log.case), "", object)
    for row, (case, step) in enumerate(zip(log.case.tolist(), log.step.tolist(), strict=True)):
        maker = makers[step]
        said = {} if maker is None else maker(told, case)
        if said:
            found[row] = json.dumps(said, ensure_ascii=False)
    return found
