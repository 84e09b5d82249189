"""`unit_run`, one vehicle to one incident, from status events, the incident's call and what was sent ahead."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.interval import Interval, State
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.metrics.emergency_intervals import RUN_INTERVALS
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.contracts.emergency import BACKFILLED, GPS
from etl.derive.emergency_timing import CROSSINGS, PLACE, first_call, no_dispatch
from etl.derive.timing import Value, instants, interval_columns, timed
from etl.derived import Derived, Lookup

CLOCK_SKEW_S = 120
"""A geofence arrival further than this from the button press replaces it (section 6.5, rule 9)."""

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

UNIT_RUN_TABLE = Table(
    name="unit_run",
    title=Text("出车", "Unit run"),
    grain="one row per vehicle and incident",
    key=("incident_id", "run_id"),
    by=("incident_id",),
    town="town",
    pii=Pii.PERSONAL,
    columns=(
        Column("incident_id", Kind.TEXT, Text("事件", "Incident"), required=True),
        Column("run_id", Kind.TEXT, Text("出车", "Run"), required=True),
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle")),
        Column("station_id", Kind.TEXT, Text("站点", "Station of the vehicle"), pii=Pii.NONE),
        *PLACE,
        Column("is_ended", Kind.BOOLEAN, Text("已结束", "Available, home or cancelled")),
        Column("is_cancelled", Kind.BOOLEAN, Text("已取消", "Cancelled before arrival")),
        Column("is_dispatch_backfilled", Kind.BOOLEAN, Text("派车补录", "No button or fence stamped the dispatch")),
        Column("is_enroute_backfilled", Kind.BOOLEAN, Text("出车补录", "No button or fence stamped the turn-out")),
        Column("is_transport", Kind.BOOLEAN, Text("转运", "Takes a patient to a hospital")),
        Column("is_empty", Kind.BOOLEAN, Text("空跑", "Arrived and ended without a patient")),
        Column("crossing", Kind.TEXT, Text("跨镇", "Town of the scene and town of the station"), allowed=CROSSINGS),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital"), pii=Pii.SENSITIVE),
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


UNIT_RUN = Derived(
    table=UNIT_RUN_TABLE,
    sources=("vehicle_status", "emergency_call", "prearrival"),
    by="incident_id",
    query=unit_runs,
    lookups=(Lookup("station", "vehicle_status", "station_id"),),
)
