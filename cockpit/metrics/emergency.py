"""Emergency response 急救: what is counted and timed.

Definitions: domain specification, sections 6.4 (metrics) and 6.5 (bad times).
"""

from collections.abc import Mapping

from cockpit.formula import Completeness, Count, Formula, InState, Mean, Quantile, Within
from cockpit.interval import Interval, State
from cockpit.metric import Example, Metric, Target, Unit
from cockpit.metrics.emergency_intervals import (
    AHEAD,
    CHAIN,
    E1,
    E3,
    E4,
    E5,
    E6,
    E9,
    GRAIN_TEXT,
    IN_SECONDS,
    INCIDENT_INTERVALS,
    MINUTE_S,
    RUN_INTERVALS,
    STAMP_TEXT,
)
from cockpit.text import Text
from cockpit.window import PLACED

DOMAIN = Text("急救应急", "Emergency response")

SOURCES = ("emergency_call", "vehicle_status")
ALSO_FROM = {"ahead": ("prearrival",), "notify": ("linkage",)}
"""Contracts that an interval needs besides."""
BY = ("town", "station_id")
KEYS = {("e9", "p90"): "handover_p90"}
"""Names that the domain specification gives."""

EXAMPLE_LENGTHS_S = tuple(range(10, 210, 10))
"""Twenty valid lengths, 10 s to 200 s: the fewest that a quantile is given for, and below every cap."""


def example(interval: Interval, value: float) -> Example:
    """Return twenty valid rows of an interval and the value expected of them."""
    return Example(
        rows=tuple({"event_at": 0, interval.value: s, interval.state: State.VALID.value} for s in EXAMPLE_LENGTHS_S),
        value=value,
    )


def timed(interval: Interval, suffix: str, what: Text, formula: Formula, expected_s: float) -> Metric:
    """Return a metric of an interval's length; lower is better, but of being ahead."""
    unit = Unit.SECONDS if interval in IN_SECONDS else Unit.MINUTES
    scale = 1 if unit is Unit.SECONDS else MINUTE_S
    start, end, grain = STAMP_TEXT[interval.start], STAMP_TEXT[interval.end], GRAIN_TEXT[interval.table]
    cap_zh = f"，超过{interval.cap_s // MINUTE_S}分钟的不计" if interval.cap_s else ""
    cap_en = f"; above {interval.cap_s // MINUTE_S} min excluded" if interval.cap_s else ""
    return Metric(
        key=KEYS.get((interval.key, suffix), f"{interval.key}_{suffix}"),
        title=Text(f"{interval.title.zh}{what.zh}", f"{interval.title.en}, {what.en}"),
        definition=Text(
            f"从{start.zh}到{end.zh}的时长，{grain.zh}{cap_zh}；取消和无需出车的不计入总数",
            f"Time from {start.en} to {end.en}, {grain.en}{cap_en}; cancelled and undispatched ones are not in n total",
        ),
        unit=unit,
        direction="up" if interval is AHEAD else "down",
        table=interval.table,
        formula=formula,
        sources=(*SOURCES, *ALSO_FROM.get(interval.key, ())),
        bounds=(0, (interval.cap_s or 24 * 3600) / scale),
        by=(*BY, "crossing") if interval is E6 else BY,
        example=example(interval, expected_s / scale),
    )


def within(
    key: str, interval: Interval, limit_s: int, title: Text, target: Target | None, *, is_platform_default: bool = False
) -> Metric:
    """Return the share of an interval's valid lengths within a limit, higher being better."""
    hits = sum(s <= limit_s for s in EXAMPLE_LENGTHS_S)
    return Metric(
        key=key,
        title=title,
        definition=Text(
            f"{interval.title.zh}不超过{limit_s}秒的占有效值的比例",
            f"Share of valid values of {interval.title.en.lower()} that are at most {limit_s} s",
        ),
        unit=Unit.PERCENT,
        direction="up",
        table=interval.table,
        formula=Within(interval=interval, limit_s=limit_s),
        sources=SOURCES,
        bounds=(0, 100),
        by=BY,
        target=target,
        is_platform_default=is_platform_default,
        example=example(interval, 100 * hits / len(EXAMPLE_LENGTHS_S)),
    )


def completeness(interval: Interval) -> Metric:
    """Return the share of rows that have a valid value of an interval among those that should."""
    return Metric(
        key=f"{interval.key}_complete",
        title=Text(f"{interval.title.zh}有效率", f"{interval.title.en}, valid share"),
        definition=Text(
            f"{interval.title.zh}有效记录占应有记录的比例；缺失、颠倒、补录零时长、超上限均为无效",
            f"Valid values of {interval.title.en.lower()} among rows that should have one",
        ),
        unit=Unit.PERCENT,
        direction="up",
        table=interval.table,
        formula=Completeness(interval=interval),
        sources=SOURCES,
        bounds=(0, 100),
        by=BY,
        example=example(interval, 100.0),
    )


def counted(
    key: str,
    title: Text,
    definition: Text,
    table: str,
    formula: Formula,
    *,
    example_row: Mapping[str, object] | None = None,
    by: tuple[str, ...] = BY,
    sources: tuple[str, ...] = SOURCES,
    windows: tuple[str, ...] = PLACED,
    noun: Text | None = None,
    is_platform_default: bool = False,
) -> Metric:
    """Return a count of rows with a place in time, or, in the window `now`, of what there is."""
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=Unit.COUNT,
        direction="context",
        table=table,
        formula=formula,
        sources=sources,
        bounds=(0, 10_000_000),
        by=by,
        windows=windows,
        noun=noun,
        is_platform_default=is_platform_default,
        example=Example(rows=({**({"event_at": 0} if windows is PLACED else {}), **(example_row or {})},), value=1),
    )


def bad_times(interval: Interval, state: State, suffix: str, what: Text) -> Metric:
    """Return how many values of an interval are bad in one way."""
    return counted(
        f"{interval.key}_{suffix}",
        Text(f"{interval.title.zh}·{what.zh}", f"{interval.title.en}: {what.en}"),
        Text(f"{interval.title.zh}状态为“{what.zh}”的记录数", f"Rows whose {interval.title.en.lower()} is {what.en}"),
        interval.table,
        InState(interval=interval, state=state),
        example_row={interval.state: state.value},
        noun=INCIDENTS if interval.table == "incident" else RUNS,
    )


MEDIAN, P90, MEAN = Text("中位数", "median"), Text("P90", "P90"), Text("均值", "mean")
TIMED = tuple(i for i in (*INCIDENT_INTERVALS, *RUN_INTERVALS) if i not in CHAIN)
MEDIANS = tuple(timed(i, "p50", MEDIAN, Quantile(interval=i, q=0.5), 105.0) for i in TIMED)
NINETIETHS = tuple(timed(i, "p90", P90, Quantile(interval=i, q=0.9), 181.0) for i in TIMED)
MEANS = tuple(timed(i, "mean", MEAN, Mean(interval=i), 105.0) for i in (E6, *CHAIN))
COMPLETE = tuple(completeness(i) for i in (E4, E5, E6))

# Full sources: domain specification, section 6.2 (EMS2020, HZ/GZ/ZB, KS).
EMS2020 = Text("国家指导意见", "China EMS guide")
CITY_RULES = Text("杭州等市急救条例", "Hangzhou EMS rules")
KUNSHAN = Text("昆山实测", "Kunshan")
COMPLIANCE = (
    within("answer10", E1, 10, Text("10秒接听率", "Answered within 10 s"), Target(value=95, basis=EMS2020)),
    within("dispatch60", E3, 60, Text("1分钟派车率", "Dispatched within 1 min"), Target(value=100, basis=CITY_RULES)),
    within("out180", E4, 180, Text("3分钟出车率", "Turned out within 3 min"), Target(value=95, basis=EMS2020)),
    within("e6_within12", E6, 720, Text("12分钟到达率", "On scene within 12 min"), Target(value=56.8, basis=KUNSHAN)),
    within("handover15", E9, 900, Text("15分钟交接率", "Handed over within 15 min"), None, is_platform_default=True),
)
"""City rules ask for every dispatch within a minute, so their share is 100 %."""

CALLS, INCIDENTS, RUNS, ROWS = Text("次", "calls"), Text("起", "cases"), Text("次", "runs"), Text("行", "rows")

COUNTS = (
    counted(
        "calls",
        Text("呼叫数", "Calls"),
        Text("时段内的急救呼叫，含取消和无需出车", "Calls in the window, cancelled and undispatched ones included"),
        "emergency_call",
        Count(),
        by=("town",),
        sources=("emergency_call",),
        noun=CALLS,
    ),
    counted(
        "incidents",
        Text("事件数", "Incidents"),
        Text("时段内有呼叫的事件", "Incidents called in the window"),
        "incident",
        Count(),
        by=(*BY, "cause", "hour", "week_hour"),
        noun=INCIDENTS,
    ),
    counted(
        "dispatched",
        Text("出车事件数", "Incidents dispatched"),
        Text(
            "有车组受派的事件，不论派车时刻是否记录",
            "Incidents to which a unit was sent, whether or not its dispatch was stamped",
        ),
        "incident",
        Count(at_least={"run_count": 1}),
        example_row={"run_count": 1},
        noun=INCIDENTS,
    ),
    counted(
        "arrived",
        Text("到达事件数", "Incidents reached"),
        Text("已有车组到达的事件", "Incidents that a unit has reached"),
        "incident",
        Count(present=("t_onscene",)),
        example_row={"t_onscene": 0},
        noun=INCIDENTS,
    ),
    counted(
        "cancelled",
        Text("取消数", "Cancelled"),
        Text(
            "到达前取消或途中召回的事件，不计入时长统计总数",
            "Incidents cancelled or turned back before arrival; not in n total",
        ),
        "incident",
        Count(where={"state": ("cancelled",)}),
        example_row={"state": "cancelled"},
        noun=INCIDENTS,
    ),
    counted(
        "under_way",
        Text("在办数", "Under way"),
        Text("尚未结束的事件", "Incidents that have not ended"),
        "incident",
        Count(where={"state": ("waiting", "under_way", "on_scene")}),
        example_row={"state": "on_scene"},
        noun=INCIDENTS,
    ),
    counted(
        "runs",
        Text("出车数", "Unit runs"),
        Text("一车一事件计一次", "One vehicle to one incident is one run"),
        "unit_run",
        Count(),
        noun=RUNS,
    ),
    counted(
        "transports",
        Text("转运数", "Transports"),
        Text("把患者送往医院的出车", "Runs that take a patient to a hospital"),
        "unit_run",
        Count(where={"is_transport": (True,)}, needs=("t_hosp",)),
        example_row={"is_transport": True},
        noun=RUNS,
    ),
    counted(
        "empty_runs",
        Text("空跑数", "Empty runs"),
        Text("到达现场而无患者送医的已结束出车", "Ended runs that arrived and took no patient"),
        "unit_run",
        Count(where={"is_empty": (True,)}, needs=("t_hosp",)),
        example_row={"is_empty": True},
        noun=RUNS,
    ),
)

QUALITY = (
    *(
        bad_times(interval, state, suffix, what)
        for interval in (E4, E5, E6)
        for state, suffix, what in (
            (State.MISSING, "missing", Text("缺时间点", "no stamp")),
            (State.NEG, "negative", Text("时序颠倒", "negative")),
            (State.OUT, "out", Text("超出上限", "above cap")),
        )
    ),
    bad_times(E4, State.ZERO, "zero", Text("补录零时长", "zero, back-filled")),
    counted(
        "waiting_runs",
        Text("待呼叫记录的出车", "Runs without a call"),
        Text("呼叫记录未到的出车，暂不计入时长", "Runs whose call has not come yet; timed once it has"),
        "unit_run",
        InState(interval=E4, state=State.WAITING),
        example_row={E4.state: State.WAITING.value},
        noun=RUNS,
    ),
    counted(
        "town_unknown",
        Text("乡镇不明", "Town unknown"),
        Text("呼叫记录未给出乡镇的事件", "Incidents whose call names no town of the city"),
        "incident",
        Count(where={"town": ("?",)}),
        example_row={"town": "?"},
        noun=INCIDENTS,
        by=(),
    ),
    Metric(
        key="quarantined",
        title=Text("隔离行数", "Rows in quarantine"),
        definition=Text("被数据契约拒绝、原样保留的行", "Rows that a contract refused, kept as they came"),
        unit=Unit.COUNT,
        direction="context",
        table="quarantine",
        formula=Count(),
        sources=(),
        bounds=(0, 10_000_000),
        windows=("now",),
        noun=ROWS,
        example=Example(rows=({"reason": "unparsable"},), value=1),
    ),
)
