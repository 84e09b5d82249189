"""What panels are told in tests: readings and rows of every kind and in every situation, and what they draw of them."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from plotly.utils import PlotlyJSONEncoder

from cockpit.app import screens
from cockpit.evaluate import metric_named
from cockpit.formula import Nowcast, SurvivalQuantile
from cockpit.freshness import Age, SourceAge
from cockpit.metric import Reading, Status
from cockpit.panel import Values
from cockpit.site import load_site
from cockpit.text import Text
from cockpit.view import UNKNOWN
from cockpit.window import window

SITE = load_site("wenling")
AS_OF = 1_790_000_000
PARTS = {
    "town": [*SITE.outline.places, "331081400", "?"],
    "station_id": ["S01", "S02", None],
    "cause": ["创伤", "其他", None],
    "hour": ["00", "08", "23"],
    "week_hour": ["1-08", "7-23"],
    "loc_source": ["GPS", "基站", "口述", "三重复合", None],
    "state": ["dispatched", "en_route", "on_scene", "transporting", "at_hospital"],
    "stage": ["accepted", "suspended", "closed"],
    "clock": ["L3", "L5", "L15"],
    "package": ["P1", "P7", None],
    "role": ["政策宣传员", "代办陪跑员"],
    "specialist_role": ["代办陪跑员", None],
    "mediator_role": ["矛盾纠纷调处员", None],
    "trainer_role": ["再就业培训指导员", None],
    "to_dept": ["公安", None],
    "rule": ["WI_TRANSITION", "EM_RUN_ORDER"],
    "week": [f"{2025 + week // 52}-W{week % 52 + 1:02d}" for week in range(85)],
    "grade": ["1", "4", "7", "10", None],
    "hospital_id": ["H1", "H5", None],
    "division": ["34", "19", "?"],
    "risk_cat": ["2", "4", "?"],
}
ROWS = {
    "incident_id": "i1",
    "event_at": AS_OF - 1000,
    "town": "331081001",
    "station_id": "S01",
    "cause": "创伤",
    "priority": "P1",
    "e6_s": 600,
    "e6_state": "OPEN",
    "t_onscene": AS_OF - 400,
    "enterprise_id": "E1",
    "name": "某某机械厂",
    "town_code": "331081001",
    "division": "34",
    "run_week": "2026-W37",
    "person_years": 120.4,
    "observed_count": 6,
    "observed_before": 2,
    "idx": 72.4,
    "idx_before": 44.5,
    "grade": "橙",
    "grade_before": "黄",
    "floor": None,
    "is_gated": True,
    "is_watched": False,
    "theta": 2.247,
    "p_gt_15": 0.912,
    "trend": 0.675,
    "severity_ratio": 2.38,
    "cost_ratio": 1.36,
    "rate_advice": "150",
    "config_version": "2026-1",
    **dict.fromkeys(("count_score", "rate_score", "trend_score", "severity_score", "cost_score"), 76.0),
}
ROWS |= {
    "week_end_on": AS_OF // 86_400 // 7 * 7 - 4,
    "since_on": AS_OF // 86_400 - 60,
    "next_on": AS_OF // 86_400 + 3,
    "preview_on": AS_OF // 86_400 - 1,
    "alarm_on": AS_OF // 86_400 - 9,
    "colour": "橙",
    "raw_colour": "黄",
    "preview_colour": "红",
    "expected_count": 3.9,
    "person_years_before": 118.0,
    "score": 45.7,
    "preview_score": 51.2,
    "sir": 1.538,
    "z": 0.9,
    "zstar": 2.2,
    "cusum": 1.4,
    "open_order_count": 8,
    "overdue_order_count": 2,
    "repeat_case_count": 3,
    "death_count": 1,
    "silent_workday_count": 1,
    "week_intake": 16.2,
    "usual_intake": 17.5,
    "reason_text": "得分45.7(黄)",
    **dict.fromkeys(("is_thin", "is_frozen", "is_silent", "is_alarm", "is_outage"), 0),
    **dict.fromkeys(("level_score", "change_score", "overdue_score", "repeat_score"), 9.1),
}
ROWS |= {
    "clock": "L5",
    "kind": "agency",
    "level": "红",
    "due_at": AS_OF - 5 * 86_400,
    "duty_id": "1",
    "begin_at": AS_OF - 3_600,
    "end_at": AS_OF + 3_600,
    "post": "值班长",
    "person": "Mx Y",
    "unit": "Unit",
}
DETAILS = {
    SurvivalQuantile: ((1.0, 0.8, 0.7, 0.9, 100.0), (30.0, 0.4, 0.3, 0.5, 40.0), (80.0, 0.0, 0.0, 0.1, 4.0)),
    Nowcast: ((0.9, 1.0, 1.0, 2.0),),
}
"""What formulas give a picture besides their value: the steps of a curve, and how much of a week is told."""

SITUATIONS = ("value", "zero", "short", "missing", "late", "stale", "no parts")

panels = pytest.mark.parametrize(
    "panel",
    {panel.key: panel for screen in screens().values() for one in screen.arrangements for panel in one.panels}.values(),
    ids=lambda panel: panel.key,
)


def reading(need, code, situation):
    metric = metric_named(need.metric)
    low, high = metric.bounds
    value = {"zero": 0.0, "short": None, "missing": None}.get(situation, min(high, 12.5))
    status = {"short": Status.SHORT, "missing": Status.MISSING, "late": Status.LATE, "stale": Status.STALE}.get(
        situation, Status.OK
    )
    return Reading(
        metric=metric,
        window=window(need.window, AS_OF, SITE.zone),
        dims={} if need.by is None else {need.by: code},
        value=value,
        n=0 if value is None else 1234,
        n_total=1300,
        hit_count=600,
        low=None if value is None else max(low, value - 1),
        high=None,
        status=status,
        states={},
        reason=Text("样本不足", "too few") if value is None else None,
        detail=() if value is None else DETAILS.get(type(metric.formula), ()),
    )


def doubted(said):
    """Return the same values, with refused rows that may concern each of them."""
    in_doubt = {
        need: tuple(replace(r, quarantined=12, is_bounded=True, least=0.0) for r in some)
        for need, some in said.readings.items()
    }
    return replace(said, readings=in_doubt)


def rows(latest, situation):
    if situation in ("missing", "no parts"):
        return []
    states = latest.words or ("waiting", "under_way", "on_scene", "closed", "cancelled", "no_dispatch")
    stages = (None, "dispatched", "en_route", "on_scene", "left_scene", "at_hospital")
    full = [{**ROWS, "state": state, "stage": stages[i % 6]} for i, state in enumerate(states)]
    blank = {**dict.fromkeys(ROWS), "incident_id": "i2", "event_at": AS_OF, "town": "?", "state": states[0], "stage": None}
    return [{name: row[name] for name in latest.columns} for row in (*full, blank)]


def values(panel, situation):
    age = {"late": Age.LATE, "stale": Age.STALE, "missing": Age.NEVER}.get(situation, Age.FRESH)
    return Values(
        readings={
            need: tuple(
                reading(need, code, situation)
                for code in ([None] if need.by is None else [] if situation == "no parts" else PARTS[need.by])
            )
            for need in panel.needs
        },
        latest={latest: rows(latest, situation) for latest in panel.latest},
        ages=tuple(SourceAge(s.key, s.title, age, 3.0, AS_OF, "", s.static) for s in SITE.sources),
        label=lambda _dimension, code: UNKNOWN if code in (None, "?") else Text("名", "name"),
        local_time=lambda at: None if at is None else datetime.fromtimestamp(at, SITE.zone),
        site_title=SITE.title,
        notice=SITE.notice,
        attribution=SITE.attribution,
        cannot_know=SITE.cannot_know,
        functional=frozenset({"331081400"}),
        boundaries=SITE.outline,
        boundaries_note=SITE.boundaries_note,
        began_at=lambda _table: AS_OF - 400 * 86_400,
        heard_at=AS_OF - 3,
        as_of=AS_OF,
        tick=7,
    )


def drawn(panel, said, language):
    return json.dumps(panel.draw(said, language), cls=PlotlyJSONEncoder, ensure_ascii=False)


def traces(text):
    """Yield every trace of every figure of a drawn panel."""
    waiting = [json.loads(text)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("figure"), dict):
            yield from part["figure"]["data"]
        waiting += part if isinstance(part, list) else list(part.values()) if isinstance(part, dict) else []


def strings(part):
    """Yield every text that a component shows; codes by which traces find their places are none."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from strings(one)
    elif isinstance(part, dict):
        for name, one in part.items():
            if name not in ("font", "family", "key", "className", "id"):
                yield from strings(one)
