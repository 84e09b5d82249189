"""Emergency response 急救: intervals E1–E10 and what is counted and timed of them.

Definitions: domain specification, sections 6.2 (intervals), 6.4 (metrics), 6.5 (bad times).
"""

from collections.abc import Mapping

from cockpit.interval import Interval, State
from cockpit.metric import Completeness, Count, Example, Formula, InState, Mean, Metric, Quantile, Target, Unit, Within
from cockpit.text import Text

SOURCES = ("emergency_call", "vehicle_status")
BY = ("town", "station_id")
MINUTE_S = 60

E1 = Interval(
    key="e1",
    title=Text("接听时长", "Answering time"),
    table="incident",
    start="t_ring",
    end="t_answer",
    cap_s=5 * MINUTE_S,
    needs_seconds=True,
)
E2 = Interval(
    key="e2",
    title=Text("受理时长", "Call-taking time"),
    table="incident",
    start="t_answer",
    end="t_accept_end",
    cap_s=20 * MINUTE_S,
    needs_seconds=True,
)
E3 = Interval(
    key="e3",
    title=Text("派车时长", "Dispatch time"),
    table="incident",
    start="t_accept_end",
    end="t_dispatch",
    cap_s=30 * MINUTE_S,
    needs_seconds=True,
    rejects_zero=True,
)
E23 = Interval(
    key="e23",
    title=Text("受理派车时长", "Call handling time"),
    table="incident",
    start="t_answer",
    end="t_dispatch",
    cap_s=50 * MINUTE_S,
    needs_seconds=True,
)
"""E2 and E3 in one, for sources that do not stamp the end of call taking; its cap is the sum of theirs."""
E6 = Interval(
    key="e6",
    title=Text("反应时间", "Response time"),
    table="incident",
    start="t_answer",
    end="t_onscene",
    cap_s=120 * MINUTE_S,
)
E6B = Interval(
    key="e6b",
    title=Text("派车至到达", "Dispatch to arrival"),
    table="incident",
    start="t_dispatch",
    end="t_onscene",
    cap_s=120 * MINUTE_S,
)
E6C = Interval(
    key="e6c",
    title=Text("振铃至到达", "Ring to arrival"),
    table="incident",
    start="t_ring",
    end="t_onscene",
    cap_s=120 * MINUTE_S,
)
CHAIN_STAMPS = ("t_answer", "t_unit_dispatch", "t_unit_enroute", "t_onscene")
HANDLING = Interval(
    key="chain_handling",
    title=Text("受理派车段", "Call handling"),
    table="incident",
    start="t_answer",
    end="t_unit_dispatch",
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
)
TURNOUT = Interval(
    key="chain_turnout",
    title=Text("出车段", "Turn-out"),
    table="incident",
    start="t_unit_dispatch",
    end="t_unit_enroute",
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
)
TRAVEL = Interval(
    key="chain_travel",
    title=Text("行驶段", "Travel"),
    table="incident",
    start="t_unit_enroute",
    end="t_onscene",
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
)
E4 = Interval(
    key="e4",
    title=Text("出车时长", "Turn-out time"),
    table="unit_run",
    start="t_dispatch",
    end="t_enroute",
    cap_s=30 * MINUTE_S,
    needs_seconds=True,
    rejects_zero=True,
    in_cancelled_runs=True,
)
E5 = Interval(
    key="e5",
    title=Text("行驶时长", "Travel time"),
    table="unit_run",
    start="t_enroute",
    end="t_onscene",
    cap_s=90 * MINUTE_S,
)
E7 = Interval(key="e7", title=Text("现场时长", "On-scene time"), table="unit_run", start="t_onscene", end="t_leave")
E7B = Interval(key="e7b", title=Text("到场至待命", "On scene to available"), table="unit_run", start="t_onscene", end="t_back")
E8 = Interval(key="e8", title=Text("转运时长", "Transport time"), table="unit_run", start="t_leave", end="t_hosp")
E9 = Interval(
    key="e9",
    title=Text("交接时长", "Hand-over time"),
    table="unit_run",
    start="t_hosp",
    end="t_handover",
    cap_s=180 * MINUTE_S,
)
E10 = Interval(key="e10", title=Text("任务总时长", "Task time"), table="unit_run", start="t_dispatch", end="t_back")

CHAIN = (HANDLING, TURNOUT, TRAVEL)
"""The response of the first arriving unit in three parts, timed only where all three are valid, so that they add up."""
INCIDENT_INTERVALS = (E1, E2, E3, E23, E6, E6B, E6C, *CHAIN)
RUN_INTERVALS = (E4, E5, E7, E7B, E8, E9, E10)
IN_SECONDS = (E1, E2, E3, E23, E4)
"""Intervals shown in seconds; the others are long enough for minutes."""

STAMP_TEXT: Mapping[str, Text] = {
    "t_ring": Text("来电振铃", "ringing"),
    "t_answer": Text("摘机接听", "answering"),
    "t_accept_end": Text("受理完成", "call information complete"),
    "t_dispatch": Text("派车指令", "dispatch"),
    "t_enroute": Text("出车", "turn-out"),
    "t_onscene": Text("到达现场", "arrival on scene"),
    "t_leave": Text("离开现场", "leaving the scene"),
    "t_hosp": Text("到达医院", "arrival at hospital"),
    "t_handover": Text("交接完成", "hand-over"),
    "t_back": Text("恢复待命", "being available again"),
    "t_unit_dispatch": Text("首到车组派车", "dispatch of the first arriving unit"),
    "t_unit_enroute": Text("首到车组出车", "turn-out of the first arriving unit"),
}
GRAIN_TEXT = {
    "incident": Text("每起事件一次，取首个有效到达", "once per incident, the earliest valid arrival"),
    "unit_run": Text("每次出车一次", "once per unit run"),
}
EXAMPLE_LENGTHS_S = tuple(range(10, 210, 10))
"""Twenty valid lengths, 10 s to 200 s: the fewest that a quantile is given for, and below every cap."""


def example(interval: Interval, value: float) -> Example:
    """Return twenty valid rows of an interval and the value expected of them."""
    return Example(
        rows=tuple({"event_at": 0, interval.value: s, interval.state: State.VALID.value} for s in EXAMPLE_LENGTHS_S),
        value=value,
    )


def timed(interval: Interval, suffix: str, what: Text, formula: Formula, expected_s: float) -> Metric:
    """Return a metric of an interval's length, lower being better."""
    unit = Unit.SECONDS if interval in IN_SECONDS else Unit.MINUTES
    scale = 1 if unit is Unit.SECONDS else MINUTE_S
    start, end, grain = STAMP_TEXT[interval.start], STAMP_TEXT[interval.end], GRAIN_TEXT[interval.table]
    cap_zh = f"，超过{interval.cap_s // MINUTE_S}分钟的不计" if interval.cap_s else ""
    cap_en = f"; above {interval.cap_s // MINUTE_S} min excluded" if interval.cap_s else ""
    return Metric(
        key=f"{interval.key}_{suffix}",
        title=Text(f"{interval.title.zh}{what.zh}", f"{interval.title.en}, {what.en}"),
        definition=Text(
            f"从{start.zh}到{end.zh}的时长，{grain.zh}{cap_zh}；取消和无需出车的不计入总数",
            f"Time from {start.en} to {end.en}, {grain.en}{cap_en}; cancelled and undispatched ones are not in n total",
        ),
        unit=unit,
        direction="down",
        table=interval.table,
        formula=formula,
        sources=SOURCES,
        bounds=(0, (interval.cap_s or 24 * 3600) / scale),
        by=BY,
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
) -> Metric:
    """Return a count of rows with a place in time."""
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=Unit.COUNT,
        direction="context",
        table=table,
        formula=formula,
        sources=SOURCES,
        bounds=(0, 10_000_000),
        by=by,
        example=Example(rows=({"event_at": 0, **(example_row or {})},), value=1),
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
    within("dispatch60", E3, 60, Text("1分钟派车率", "Dispatched within 1 min"), Target(value=95, basis=CITY_RULES)),
    within("out180", E4, 180, Text("3分钟出车率", "Turned out within 3 min"), Target(value=95, basis=EMS2020)),
    within("e6_within12", E6, 720, Text("12分钟到达率", "On scene within 12 min"), Target(value=56.8, basis=KUNSHAN)),
)

COUNTS = (
    counted(
        "calls",
        Text("呼叫数", "Calls"),
        Text("时段内的急救呼叫，含取消和无需出车", "Calls in the window, cancelled and undispatched ones included"),
        "emergency_call",
        Count(),
        by=(),
    ),
    counted(
        "incidents",
        Text("事件数", "Incidents"),
        Text("时段内有呼叫的事件", "Incidents called in the window"),
        "incident",
        Count(),
        by=(*BY, "cause", "week_hour"),
    ),
    counted(
        "dispatched",
        Text("出车事件数", "Incidents dispatched"),
        Text("已派车的事件", "Incidents to which a unit was dispatched"),
        "incident",
        Count(present=("t_dispatch",)),
        example_row={"t_dispatch": 0},
    ),
    counted(
        "arrived",
        Text("到达事件数", "Incidents reached"),
        Text("已有车组到达的事件", "Incidents that a unit has reached"),
        "incident",
        Count(present=("t_onscene",)),
        example_row={"t_onscene": 0},
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
    ),
    counted(
        "under_way",
        Text("在办数", "Under way"),
        Text("尚未结束的事件", "Incidents that have not ended"),
        "incident",
        Count(where={"state": ("waiting", "under_way", "on_scene")}),
        example_row={"state": "on_scene"},
    ),
    counted(
        "runs",
        Text("出车数", "Unit runs"),
        Text("一车一事件计一次", "One vehicle to one incident is one run"),
        "unit_run",
        Count(),
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
    ),
    counted(
        "town_unknown",
        Text("乡镇不明", "Town unknown"),
        Text("呼叫记录未给出乡镇的事件", "Incidents whose call names no town of the city"),
        "incident",
        Count(where={"town": ("?",)}),
        example_row={"town": "?"},
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
        example=Example(rows=({"reason": "unparsable"},), value=1),
    ),
)
