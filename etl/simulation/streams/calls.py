"""`calls`: the call-taking system 120受理系统, one row a call, sent when its information is complete."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.demand import UNANSWERED, answering_s, ring_instants, scenes
from etl.simulation.draws import (
    MISSING,
    Codes,
    Floats,
    Instants,
    Mask,
    Names,
    Random,
    between,
    happens,
    lognormal,
    pick,
    pick_codes,
    standard,
    whole_s,
    without,
)
from etl.simulation.geography import KM_PER_DEGREE
from etl.simulation.parameters import Locating
from etl.simulation.sending import Cells, Sent, answers, corrected, late, numbers, prompt, refused, sent, stamps, texts, twice
from etl.simulation.world import Told

HEADER = (
    "呼叫流水号", "修订", "事件编号", "渠道", "振铃时刻", "摘机时刻", "定位时刻", "受理结束", "定位方式", "定位误差米",
    "经度", "纬度", "乡镇代码", "呼叫类别", "病情等级", "病种代码", "疑似工伤", "需派车", "处置代码",
)  # fmt: skip
CHANNELS = {"120电话": "01", "浙里办一键": "02", "110/119/122联动": "03", "短信": "04", "其他": "09"}
LOCATED_BY = {"GPS": "G", "基站": "B", "口述": "K", "三重复合": "F"}
CAUSES = {"创伤": "C1", "心脑血管": "C2", "呼吸": "C3", "中毒": "C4", "产科": "C5", "儿科": "C6", "其他": "C9"}
OUTCOMES = {"派车": "10", "指导": "20", "重复": "30", "误拨": "31", "骚扰": "32", "转他台": "40", "取消": "50"}
NUISANCE = "骚扰·误拨·重复"
FIRST_OTHER = 5000
"""Incidents that need no vehicle are numbered from here, so that those that do keep their numbers."""
OK_M, FARTHEST_OK_M, MEAN_BEYOND_M = 50, 50, 400
"""A position is right to 50 m (domain 6.4); one that is not is off by 400 m more on average. [DEF]"""
NUISANCE_MEAN_S, ADVICE_MEAN_S = 20, 150
SECOND_CALL_AFTER_S = (60, 480)
UNLISTED_TOWN = "331081999"


@dataclass(frozen=True, kw_only=True)
class Calls:
    """A day's calls as they were, before anything is lost. Instants in UTC seconds."""

    incident: Names
    ring_at: Instants
    answer_at: Instants
    accept_at: Instants
    is_unanswered: Mask
    town: Codes
    lon: Floats
    lat: Floats
    kind: Names
    priority: Names
    cause: Names
    needs_dispatch: Mask
    outcome: Names

    def __len__(self) -> int:
        """Return how many calls there are."""
        return len(self.ring_at)


def sent_about(told: Told) -> Sent:
    """Return the rows about one day's calls."""
    calls = joined([needing(told), repeated(told), other(told)])
    random, parameters = told.day.random("calls"), told.parameters
    cells, known_at = told_cells(told, random, calls)
    sent_at = late(random, prompt(random, known_at), hours_share=parameters.call_late_share)
    cells, sent_at = corrected(random, cells, sent_at, *mistakes(told, random, cells))
    cells = {**cells, "处置代码": refused(random, cells["处置代码"], parameters.refused_share)}
    cells, sent_at = twice(random, cells, sent_at, parameters.duplicate_share)
    return sent({**cells, "修订": cells["rev"]}, sent_at)


def joined(parts: list[Calls]) -> Calls:
    """Return all calls in the order they ring."""
    order = np.argsort(np.concatenate([part.ring_at for part in parts]), kind="stable")
    names = vars(parts[0])
    return Calls(**{name: np.concatenate([getattr(part, name) for part in parts])[order] for name in names})


def needing(told: Told) -> Calls:
    """Return the first call of each incident that needs a vehicle."""
    one = told.demand.incidents
    n = len(one.ids)
    return Calls(
        incident=one.ids,
        ring_at=one.ring_at,
        answer_at=one.answer_at,
        accept_at=one.accept_at,
        is_unanswered=one.fault == UNANSWERED,
        town=one.town,
        lon=one.lon,
        lat=one.lat,
        kind=one.kind,
        priority=one.priority,
        cause=one.cause,
        needs_dispatch=np.ones(n, np.bool_),
        outcome=np.select([one.is_unmet, one.is_called_off], ["转他台", "取消"], "派车").astype(object),
    )


def repeated(told: Told) -> Calls:
    """Return second calls about incidents that somebody else had rung for."""
    random, parameters, one = told.day.random("repeated"), told.parameters, told.demand.incidents
    which = np.flatnonzero(happens(random, parameters.second_call_share, len(one.ids)))
    n = len(which)
    ring_at = one.answer_at[which] + between(random, *SECOND_CALL_AFTER_S, n)
    answer_at = ring_at + answering_s(random, parameters, n)
    return Calls(
        incident=one.ids[which],
        ring_at=ring_at,
        answer_at=answer_at,
        accept_at=answer_at + whole_s(lognormal(standard(random, n), NUISANCE_MEAN_S, parameters.e2_sigma)),
        is_unanswered=np.zeros(n, np.bool_),
        town=one.town[which],
        lon=one.lon[which],
        lat=one.lat[which],
        kind=np.full(n, NUISANCE, object),
        priority=one.priority[which],
        cause=one.cause[which],
        needs_dispatch=np.zeros(n, np.bool_),
        outcome=np.full(n, "重复", object),
    )


def other(told: Told) -> Calls:
    """Return calls that need no vehicle: advice, wrong numbers, nuisance, matters of other services."""
    random, parameters = told.day.random("other"), told.parameters
    per_day = parameters.calls_per_day - parameters.needs_per_day * (1 + parameters.second_call_share)
    ring_at = ring_instants(told.day, random, parameters, per_day)
    n = len(ring_at)
    outcome = pick(random, parameters.no_dispatch_outcomes, n)
    is_nuisance = (outcome == "误拨") | (outcome == "骚扰")
    mean_s = np.where(is_nuisance, NUISANCE_MEAN_S, ADVICE_MEAN_S)
    answer_at = ring_at + answering_s(random, parameters, n)
    town = pick_codes(random, told.places.demand, n)
    lon, lat = scenes(random, told.places, town)
    return Calls(
        incident=told.day.numbered(range(FIRST_OTHER, FIRST_OTHER + n), 4),
        ring_at=ring_at,
        answer_at=answer_at,
        accept_at=answer_at + whole_s(mean_s * lognormal(standard(random, n), 1, parameters.e2_sigma)),
        is_unanswered=np.zeros(n, np.bool_),
        town=town,
        lon=lon,
        lat=lat,
        kind=np.where(is_nuisance, NUISANCE, "非急救").astype(object),
        priority=np.full(n, "P4", object),
        cause=np.full(n, "其他", object),
        needs_dispatch=np.zeros(n, np.bool_),
        outcome=outcome,
    )


def told_cells(told: Told, random: Random, calls: Calls) -> tuple[Cells, Instants]:
    """Return what is written down of each call, and when all of it is known."""
    n, zone, parameters = len(calls), told.day.zone, told.parameters
    position, located_at = located(told, random, calls)
    accept_at = without(random, calls.accept_at, parameters.stamp_missing_share)
    ring_at = np.where(calls.is_unanswered, calls.ring_at, without(random, calls.ring_at, parameters.stamp_missing_share))
    answer_at = np.where(calls.is_unanswered, MISSING, calls.answer_at)
    is_injury = (calls.cause == "创伤") & happens(random, parameters.work_injury_share, n)
    cells = {
        "呼叫流水号": told.day.numbered(range(n), 5),
        "rev": np.full(n, "0", object),
        "事件编号": calls.incident,
        "渠道": channels(told, random, n),
        "振铃时刻": stamps(ring_at, zone),
        "摘机时刻": stamps(answer_at, zone),
        "受理结束": stamps(accept_at, zone),
        **position,
        "乡镇代码": towns(told, random, calls.town),
        "呼叫类别": calls.kind,
        "病情等级": calls.priority,
        "病种代码": coded(CAUSES, calls.cause),
        "疑似工伤": answers(is_injury),
        "需派车": answers(calls.needs_dispatch),
        "处置代码": coded(OUTCOMES, calls.outcome),
    }
    return cells, np.maximum(calls.accept_at, located_at)


def located(told: Told, random: Random, calls: Calls) -> tuple[Cells, Instants]:
    """Return how and where callers were located, and when."""
    n, parameters = len(calls), told.parameters
    locating: Locating = parameters.locating_after if told.day.is_live else parameters.locating_before
    is_located = (calls.kind != NUISANCE) & happens(random, parameters.located_share, n)
    source = pick(random, locating.mix, n)
    is_ok = random.random(n) < np.array([locating.ok[name] for name in source.tolist()])
    beyond_m = FARTHEST_OK_M + 1 + random.exponential(MEAN_BEYOND_M, n)
    error_m = np.where(is_ok, random.integers(1, FARTHEST_OK_M + 1, n), beyond_m.astype(np.int64))
    angle = random.uniform(0, 2 * np.pi, n)
    lat = calls.lat + error_m * np.sin(angle) / 1000 / KM_PER_DEGREE
    lon = calls.lon + error_m * np.cos(angle) / 1000 / KM_PER_DEGREE / np.cos(np.radians(calls.lat))
    located_at = np.where(is_located, calls.answer_at + between(random, 5, 40, n), MISSING)
    cells = {
        "定位时刻": stamps(located_at, told.day.zone),
        "定位方式": np.where(is_located, coded(LOCATED_BY, source), "").astype(object),
        "定位误差米": numbers(error_m, 0, is_located),
        "经度": numbers(lon, 6, is_located),
        "纬度": numbers(lat, 6, is_located),
    }
    return cells, located_at


def channels(told: Told, random: Random, n: int) -> Names:
    """Return the code of each call's channel."""
    parameters = told.parameters
    return coded(CHANNELS, pick(random, parameters.channels_after if told.day.is_live else parameters.channels_before, n))


def towns(told: Told, random: Random, town: Codes) -> Names:
    """Return each call's town code, for some none or one that is in no list."""
    draw, share = random.random(len(town)), told.parameters.unknown_town_share
    known = texts(told.places.towns.codes, town)
    return np.select([draw < share / 2, draw < share], ["", UNLISTED_TOWN], known).astype(object)


def mistakes(told: Told, random: Random, cells: Cells) -> tuple[Mask, Cells]:
    """Return which calls are corrected later, and the wrong town or priority that they have first."""
    n = len(cells["rev"])
    which = happens(random, told.parameters.call_corrected_share, n)
    is_town = happens(random, 0.5, n)
    town = texts(told.places.towns.codes, random.integers(0, len(told.places.towns.codes), n))
    priority = pick(random, told.parameters.priorities, n)
    return which, {
        "乡镇代码": np.where(is_town, town, cells["乡镇代码"]),
        "病情等级": np.where(is_town, cells["病情等级"], priority),
    }


def coded(codes: dict[str, str], names: Names) -> Names:
    """Return the system's code of each name."""
    return np.array([codes[name] for name in names.tolist()], object)
