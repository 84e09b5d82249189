"""What calls and status events mean: `unit_run`, one vehicle to one incident, and `incident`.

The rules for bad times are those of the domain specification, section 6.5.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from cockpit.interval import Interval, State
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.metrics.emergency_intervals import INCIDENT_INTERVALS, RUN_INTERVALS, RUN_STAGES
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.contracts.emergency import BACKFILLED, GPS
from etl.derived import Derived, Lookup

CLOCK_SKEW_S = 120
"""A geofence arrival further than this from the button press replaces it (section 6.5, rule 9)."""

NOT_DISPATCHED = ("指导", "重复", "误拨", "骚扰", "转他台")
"""Outcomes of a call that ask for no vehicle."""

NON_EMERGENCY = ("非急救", "转运", "保障")
"""Kinds of call that are booked or stand by: they have no response time (section 6.4, emergency runs)."""

STAMPS = {
    "t_dispatch": ("DISPATCHED", Text("派车指令", "Dispatched")),
    "t_ack": ("ACK", Text("车组确认", "Acknowledged")),
    "t_enroute": ("EN_ROUTE", Text("出车", "En route")),
    "t_patient": ("AT_PATIENT", Text("到患者身边", "At patient")),
    "t_leave": ("LEFT_SCENE", Text("离开现场", "Left scene")),
    "t_hosp": ("AT_HOSPITAL", Text("到达医院", "At hospital")),
    "t_handover": ("HANDOVER", Text("交接完成", "Handed over")),
    "t_back": ("AVAILABLE", Text("恢复待命", "Available")),
    "t_home": ("HOME", Text("回站", "Back at station")),
    "t_cancel": ("CANCELLED", Text("取消", "Cancelled")),
}
"""Stamp of a run ← the status whose earliest event it is. Arrival has a rule of its own."""

Value = ColumnElement[Any]


def interval_columns(intervals: tuple[Interval, ...]) -> tuple[Column, ...]:
    """Return the two columns, seconds and state, of each interval."""
    columns: list[Column] = []
    for interval in intervals:
        columns.append(Column(interval.value, Kind.INTEGER, interval.title))
        columns.append(Column(interval.state, Kind.TEXT, interval.title, allowed=tuple(State)))
    return tuple(columns)


def instants(**meanings: Text) -> tuple[Column, ...]:
    """Return one instant column for each name."""
    return tuple(Column(name, Kind.INSTANT, meaning) for name, meaning in meanings.items())


PLACE = (
    Column("town", Kind.TOWN, Text("乡镇", "Town, from the call's own record"), required=True),
    Column("event_at", Kind.INSTANT, Text("呼叫时刻", "Instant that places it in a window"), required=True),
    Column("event_local", Kind.LOCAL, Text("呼叫当地时刻", "The same on the site's wall clock"), required=True),
)

UNIT_RUN_TABLE = Table(
    name="unit_run",
    title=Text("出车", "Unit run"),
    grain="one row per vehicle and incident",
    key=("incident_id", "run_id"),
    by=("incident_id",),
    town="town",
    columns=(
        Column("incident_id", Kind.TEXT, Text("事件", "Incident"), required=True),
        Column("run_id", Kind.TEXT, Text("出车", "Run"), required=True),
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle")),
        Column("station_id", Kind.TEXT, Text("站点", "Station of the vehicle")),
        *PLACE,
        Column("is_ended", Kind.BOOLEAN, Text("已结束", "Available, home or cancelled")),
        Column("is_cancelled", Kind.BOOLEAN, Text("已取消", "Cancelled before arrival")),
        Column("is_dispatch_backfilled", Kind.BOOLEAN, Text("派车补录", "No button or fence stamped the dispatch")),
        Column("is_enroute_backfilled", Kind.BOOLEAN, Text("出车补录", "No button or fence stamped the turn-out")),
        Column("is_transport", Kind.BOOLEAN, Text("转运", "Takes a patient to a hospital")),
        Column("is_empty", Kind.BOOLEAN, Text("空跑", "Arrived and ended without a patient")),
        Column("crossing", Kind.TEXT, Text("跨镇", "same or cross: town of the scene and town of the station")),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital")),
        Column("state", Kind.TEXT, Text("状态", "Newest status reached")),
        *instants(
            **{name: meaning for name, (_, meaning) in STAMPS.items()},
            t_onscene=Text("到达现场", "On scene, as counted"),
            t_onscene_button=Text("到达现场（按键）", "On scene, by button or record"),
            t_onscene_gps=Text("到达现场（围栏）", "On scene, by geofence"),
            t_prearrival=Text("医院收到数据", "First data of the patient at the hospital"),
        ),
        *interval_columns(RUN_INTERVALS),
    ),
)

INCIDENT_TABLE = Table(
    name="incident",
    title=Text("急救事件", "Incident"),
    grain="one row per incident whose call is known",
    key=("incident_id",),
    by=("incident_id",),
    town="town",
    columns=(
        Column("incident_id", Kind.TEXT, Text("事件", "Incident"), required=True),
        Column("station_id", Kind.TEXT, Text("站点", "Station of the first dispatched unit")),
        *PLACE,
        Column("week_hour", Kind.TEXT, Text("星期与时", "ISO weekday and local hour, as 1-08")),
        Column("hour", Kind.TEXT, Text("时", "Local hour, as 08")),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("priority", Kind.TEXT, Text("优先级", "Priority")),
        Column("cause", Kind.TEXT, Text("病种或灾种", "Cause or type of incident")),
        Column("needs_dispatch", Kind.BOOLEAN, Text("需派车", "Needs a vehicle")),
        Column("crossing", Kind.TEXT, Text("跨镇", "same or cross, of the first arriving unit")),
        Column("department_count", Kind.INTEGER, Text("联动部门数", "Other departments notified")),
        Column("state", Kind.TEXT, Text("状态", "waiting, under_way, on_scene, closed, cancelled or no_dispatch")),
        Column("stage", Kind.TEXT, Text("进展", "Furthest state of a run that has not ended")),
        Column("run_count", Kind.INTEGER, Text("出车数", "Runs")),
        Column("negative_arrival_count", Kind.INTEGER, Text("早于呼叫的到达", "Arrivals stamped before the call")),
        *instants(
            t_ring=Text("来电振铃", "Ringing"),
            t_answer=Text("摘机", "Answered"),
            t_accept_end=Text("受理完成", "Call information complete"),
            t_dispatch=Text("首次派车", "First dispatch"),
            t_onscene=Text("首个有效到达", "First valid arrival"),
            t_unit_dispatch=Text("首到车组派车", "Dispatch of the first arriving unit"),
            t_unit_enroute=Text("首到车组出车", "Turn-out of the first arriving unit"),
            t_notified=Text("首个联动通知", "First notice to another department"),
        ),
        *interval_columns(INCIDENT_INTERVALS),
    ),
)


def unit_runs(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per vehicle and incident from status events and the incident's call."""
    run = stamped(current["vehicle_status"])
    call = first_call(current["emergency_call"])
    ahead = data_ahead(current["prearrival"])
    station = current["station"]
    joined = (
        sa.select(
            *run.c,
            *(c.label(f"call_{c.name}") for c in call.c),
            ahead.c.t_prearrival,
            station.c.town_code.label("station_town"),
        )
        .join_from(run, ahead, sa.and_(run.c.incident_id == ahead.c.incident_id, run.c.run_id == ahead.c.run_id), isouter=True)
        .join(station, run.c.station_id == station.c.station_id, isouter=True)
        .join(call, run.c.incident_id == call.c.incident_id, isouter=True)  # last: SQLite gives only the last one an index
    )
    row = joined.subquery("run_with_call")
    has_call = row.c.call_event_at.is_not(None)
    all_cancelled = sa.func.min(sa.case((row.c.is_cancelled, 1), else_=0)).over(partition_by=row.c.incident_id) == 1
    ruled_out = sa.or_(
        no_dispatch(row.c.call_needs_dispatch, row.c.call_outcome), row.c.call_outcome.is_not_distinct_from("取消")
    )
    intervals = [
        column
        for interval in RUN_INTERVALS
        for column in timed(
            interval,
            [row.c[name] for name in interval.stamps],
            first=[
                (~has_call, State.WAITING),
                (sa.or_(ruled_out, all_cancelled), State.OUTSIDE),
                *([] if interval.in_cancelled_runs else [(row.c.is_cancelled, State.OUTSIDE)]),
                *([(no_patient(row, interval), State.OUTSIDE)] if interval.of == "transports" else []),
            ],
            is_open=~row.c.is_ended,
            is_coarse=row.c.call_time_precision.is_not_distinct_from("min"),
            is_backfilled=row.c.is_enroute_backfilled,
        )
    ]
    placed = {
        "town": sa.func.coalesce(row.c.call_town_code, UNKNOWN_TOWN),
        "event_at": sa.func.coalesce(row.c.call_event_at, row.c.event_at),
        "event_local": sa.func.coalesce(row.c.call_event_local, row.c.event_local),
        "crossing": crossing(row.c.call_town_code, row.c.station_town),
    }
    timed_names = {column.name for column in interval_columns(RUN_INTERVALS)}
    plain = [(placed[n] if n in placed else row.c[n]).label(n) for n in UNIT_RUN_TABLE.names if n not in timed_names]
    return sa.select(*plain, *intervals)


def no_patient(row: sa.Subquery, interval: Interval) -> Value:
    """Return the condition that a run ended without taking anybody to a hospital, so that an interval is not asked of it."""
    return sa.and_(row.c.is_ended, ~row.c.is_transport, row.c[interval.end].is_(None))


def crossing(scene: Value, station: Value) -> Value:
    """Say whether a vehicle came from the town of the scene; nothing when either town is unknown."""
    known = sa.and_(scene != UNKNOWN_TOWN, station != UNKNOWN_TOWN)
    return sa.case((sa.and_(known, scene == station), "same"), (sa.and_(known, scene != station), "cross"))


def data_ahead(messages: sa.Subquery) -> sa.Subquery:
    """Return when the first data of each run's patient reached the hospital."""
    first = sa.func.min(messages.c.event_at).label("t_prearrival")
    by_run = (messages.c.incident_id, messages.c.run_id)
    return sa.select(*by_run, first).group_by(*by_run).subquery("ahead")


def stamped(status: sa.Subquery) -> sa.Subquery:
    """Turn status events into one row per run: its earliest stamp of each kind, and its newest state."""

    def earliest(*conditions: Value) -> Value:
        return sa.func.min(sa.case((sa.and_(*conditions), status.c.event_at)))

    by_fence = status.c.source.is_not_distinct_from(GPS)
    arrived = status.c.status == "ON_SCENE"
    recorded_late = sa.or_(status.c.source.is_(None), status.c.source == BACKFILLED)

    def backfilled(code: str) -> Value:
        made = earliest(status.c.status == code, ~recorded_late)
        return sa.func.coalesce(made > earliest(status.c.status == code), sa.true())

    grouped = (
        sa.select(
            status.c.incident_id,
            status.c.run_id,
            sa.func.min(status.c.vehicle_id).label("vehicle_id"),
            sa.func.min(status.c.station_id).label("station_id"),
            sa.func.min(status.c.hospital_id).label("hospital_id"),
            sa.func.min(status.c.event_at).label("event_at"),
            sa.func.min(status.c.event_local).label("event_local"),
            *(earliest(status.c.status == code).label(name) for name, (code, _) in STAMPS.items()),
            earliest(arrived, ~by_fence).label("t_onscene_button"),
            earliest(arrived, by_fence).label("t_onscene_gps"),
            backfilled("DISPATCHED").label("is_dispatch_backfilled"),
            backfilled("EN_ROUTE").label("is_enroute_backfilled"),
        )
        .group_by(status.c.incident_id, status.c.run_id)
        .subquery("stamps")
    )
    g = grouped.c
    skewed = sa.func.abs(g.t_onscene_gps - g.t_onscene_button) > CLOCK_SKEW_S
    onscene = sa.case((skewed, g.t_onscene_gps), else_=sa.func.coalesce(g.t_onscene_button, g.t_onscene_gps))
    ended = sa.or_(g.t_back.is_not(None), g.t_home.is_not(None), g.t_cancel.is_not(None))
    cancelled = sa.and_(g.t_cancel.is_not(None), onscene.is_(None))
    transport = sa.or_(g.t_hosp.is_not(None), g.t_handover.is_not(None), g.hospital_id.is_not(None))
    empty = sa.and_(ended, ~cancelled, ~transport, onscene.is_not(None))
    state = sa.case(
        (cancelled, "cancelled"),
        (ended, "ended"),
        (g.t_hosp.is_not(None), "at_hospital"),
        (g.t_leave.is_not(None), "left_scene"),
        (onscene.is_not(None), "on_scene"),
        (g.t_enroute.is_not(None), "en_route"),
        else_="dispatched",
    )
    said = {
        "t_onscene": onscene,
        "is_ended": ended,
        "is_cancelled": cancelled,
        "is_transport": transport,
        "is_empty": empty,
        "state": state,
    }
    return sa.select(*g, *(value.label(name) for name, value in said.items())).subquery("run")


def first_call(call: sa.Subquery) -> sa.Subquery:
    """Keep the earliest call of each incident."""
    order = sa.func.row_number().over(partition_by=call.c.incident_id, order_by=(call.c.event_at, call.c.call_id))
    ranked = sa.select(*call.c, order.label("place")).subquery("ranked_call")
    return sa.select(*(ranked.c[c.name] for c in call.c)).where(ranked.c.place == 1).subquery("first_call")


def no_dispatch(needs_dispatch: Value, outcome: Value) -> Value:
    """Return the condition that a call asks for no vehicle."""
    return sa.or_(needs_dispatch.is_not_distinct_from(sa.false()), sa.func.coalesce(outcome.in_(NOT_DISPATCHED), sa.false()))


def incidents(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per incident from its first call, its runs and the departments that joined it."""
    row = summed(current["emergency_call"], current["unit_run"], joined_by(current["linkage"]))
    r = row.c
    outside: dict[str, list[tuple[Value, State]]] = {
        "all": [],
        "transports": [],
        "emergencies": [(sa.func.coalesce(r.kind.in_(NON_EMERGENCY), sa.false()), State.OUTSIDE)],
        "joint": [(r.t_notified.is_(None), State.OUTSIDE)],
    }
    is_outside = sa.or_(r.is_no_dispatch == 1, r.is_cancelled == 1)
    is_open = sa.or_(r.run_count == 0, r.ended_count < r.run_count)
    state = sa.case(
        (r.is_no_dispatch == 1, "no_dispatch"),
        (r.is_cancelled == 1, "cancelled"),
        (~is_open, "closed"),
        (r.t_onscene.is_not(None), "on_scene"),
        (r.run_count > 0, "under_way"),
        else_="waiting",
    )
    intervals = {
        column.name: column
        for interval in INCIDENT_INTERVALS
        for column in timed(
            interval,
            [r[name] for name in interval.stamps],
            first=[(is_outside, State.OUTSIDE), *outside[interval.of]],
            is_open=is_open,
            is_coarse=r.is_coarse == 1,
            is_backfilled=r.is_dispatch_backfilled == 1,
        )
    }
    when = {"week_hour": week_hour(r.event_local), "hour": hour(r.event_local)}
    columns = {**dict(r.items()), "state": state, **when, **intervals}
    return sa.select(*(columns[name].label(name) for name in INCIDENT_TABLE.names))


OF_RUN = ("run_id", "station_id", "crossing", "state", "t_dispatch", "t_enroute", "t_onscene")
"""What an incident takes from its runs."""


def joined_by(notices: sa.Subquery) -> sa.Subquery:
    """Return when other departments were first notified of each incident, and how many were."""
    first = sa.func.min(notices.c.event_at).label("t_notified")
    count = sa.func.count(notices.c.department.distinct()).label("department_count")
    return sa.select(notices.c.incident_id, first, count).group_by(notices.c.incident_id).subquery("joined")


def summed(calls: sa.Subquery, runs: sa.Subquery, joined: sa.Subquery) -> sa.Subquery:
    """Sum up each incident: its first call, the first dispatch, the first valid arrival, what is still open."""
    first = first_call(calls)
    call = first.c
    too_early = sa.and_(runs.c.t_onscene.is_not(None), runs.c.t_onscene < call.t_answer)
    arrival_rank = sa.case((runs.c.t_onscene.is_(None), 2), (too_early, 1), else_=0)
    dispatch_rank = sa.case((runs.c.t_dispatch.is_(None), 1), else_=0)

    def place(*order: Value) -> Value:
        return sa.func.row_number().over(partition_by=call.incident_id, order_by=(*order, runs.c.run_id))

    ranked = (
        sa.select(
            *call,
            *(runs.c[name].label(f"run_{name}") for name in OF_RUN),
            *(joined.c[name] for name in ("t_notified", "department_count")),
            flag(no_dispatch(call.needs_dispatch, call.outcome)).label("is_no_dispatch"),
            flag(call.outcome == "取消").label("is_called_off"),
            flag(call.time_precision == "min").label("is_coarse"),
            flag(runs.c.is_ended).label("is_ended"),
            flag(runs.c.is_cancelled).label("is_cancelled"),
            flag(runs.c.is_dispatch_backfilled).label("is_dispatch_backfilled"),
            flag(too_early).label("is_too_early"),
            place(dispatch_rank, runs.c.t_dispatch).label("dispatch_place"),
            place(arrival_rank, runs.c.t_onscene).label("arrival_place"),
        )
        .join_from(first, runs, first.c.incident_id == runs.c.incident_id, isouter=True)
        .join(joined, first.c.incident_id == joined.c.incident_id, isouter=True)
        .subquery("ranked_run")
    )
    k = ranked.c

    def of_dispatch(value: Value) -> Value:
        return sa.func.max(sa.case((k.dispatch_place == 1, value)))

    def of_arrival(value: Value) -> Value:
        return sa.func.max(sa.case((sa.and_(k.arrival_place == 1, k.run_t_onscene.is_not(None)), value)))

    run_count = sa.func.count(k.run_run_id)
    all_cancelled = sa.and_(run_count > 0, sa.func.sum(k.is_cancelled) == run_count)
    same = ("event_at", "event_local", "kind", "priority", "cause", "needs_dispatch")
    asked = ("t_ring", "t_answer", "t_accept_end", "t_notified", "department_count")
    return (
        sa.select(
            k.incident_id,
            of_dispatch(k.town_code).label("town"),
            of_dispatch(k.run_station_id).label("station_id"),
            *(of_dispatch(k[name]).label(name) for name in (*same, *asked)),
            of_dispatch(k.run_t_dispatch).label("t_dispatch"),
            of_arrival(k.run_t_onscene).label("t_onscene"),
            of_arrival(k.run_t_dispatch).label("t_unit_dispatch"),
            of_arrival(k.run_t_enroute).label("t_unit_enroute"),
            of_arrival(k.run_crossing).label("crossing"),
            furthest(k.run_state).label("stage"),
            of_dispatch(k.is_coarse).label("is_coarse"),
            of_dispatch(k.is_no_dispatch).label("is_no_dispatch"),
            of_dispatch(k.is_dispatch_backfilled).label("is_dispatch_backfilled"),
            flag(sa.or_(sa.func.max(k.is_called_off) == 1, all_cancelled)).label("is_cancelled"),
            run_count.label("run_count"),
            sa.func.sum(k.is_ended).label("ended_count"),
            sa.func.sum(k.is_too_early).label("negative_arrival_count"),
        )
        .group_by(k.incident_id)
        .subquery("summed")
    )


def furthest(state: Value) -> Value:
    """Return the furthest of several runs' states, those of ended runs left out."""
    rank = sa.func.max(sa.case(*((state == name, i) for i, name in enumerate(RUN_STAGES))))
    return sa.case(*((rank == i, name) for i, name in enumerate(RUN_STAGES)))


def week_hour(local: Value) -> Value:
    """Return the ISO weekday and the hour of a wall-clock second, as text: `1-08` is Monday, eight o'clock."""
    weekday = (local // 86_400 + 3) % 7 + 1  # 1970-01-01 was a Thursday
    return weekday.cast(sa.Text) + "-" + hour(local)


def hour(local: Value) -> Value:
    """Return the hour of a wall-clock second as two digits."""
    number = local % 86_400 // 3600
    return sa.case((number < 10, "0"), else_="") + number.cast(sa.Text)


def flag(condition: Value) -> Value:
    """Return 1 where a condition holds and 0 where it does not or is unknown; sums and maxima need numbers."""
    return sa.case((condition, 1), else_=0)


def timed(
    interval: Interval,
    stamps: list[Value],
    *,
    first: list[tuple[Value, State]],
    is_open: Value,
    is_coarse: Value,
    is_backfilled: Value,
) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return an interval's seconds and state; the first rule that applies decides."""
    unstamped = sa.or_(*(stamp.is_(None) for stamp in stamps))
    total = stamps[-1] - stamps[0]
    rules = [*first]
    if interval.needs_seconds:
        rules.append((is_coarse, State.COARSE))
    rules += [(sa.and_(unstamped, is_open), State.OPEN), (unstamped, State.MISSING)]
    rules.append((sa.or_(*(later < earlier for earlier, later in pairwise(stamps))), State.NEG))
    if interval.rejects_zero:
        rules.append((sa.and_(total == 0, is_backfilled), State.ZERO))
    if interval.cap_s is not None:
        rules.append((total > interval.cap_s, State.OUT))
    state = sa.case(*((condition, state.value) for condition, state in rules), else_=State.VALID.value)
    names = list(interval.stamps)
    length = stamps[names.index(interval.end)] - stamps[names.index(interval.start)]
    seconds = sa.case((sa.or_(*(condition for condition, _ in rules)), sa.null()), else_=length)
    return seconds.label(interval.value), state.label(interval.state)


UNIT_RUN = Derived(
    table=UNIT_RUN_TABLE,
    sources=("vehicle_status", "emergency_call", "prearrival"),
    by="incident_id",
    query=unit_runs,
    lookups=(Lookup("station", "vehicle_status", "station_id"),),
)
INCIDENT = Derived(
    table=INCIDENT_TABLE,
    sources=("emergency_call", "unit_run", "linkage"),
    by="incident_id",
    query=incidents,
)
