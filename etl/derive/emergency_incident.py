"""`incident`, from its first call, its runs and the departments that joined it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.metrics.emergency_intervals import INCIDENT_INTERVALS, RUN_STAGES
from cockpit.text import Text
from etl.derive.emergency_timing import CROSSINGS, PLACE, first_call, no_dispatch
from etl.derive.timing import Value, instants, interval_columns, timed
from etl.derived import Derived

NON_EMERGENCY = ("非急救", "转运", "保障")
"""Kinds of call that are booked or stand by: they have no response time (section 6.4, emergency runs)."""

OF_RUN = ("run_id", "station_id", "crossing", "state", "t_dispatch", "t_enroute", "t_onscene")
"""What an incident takes from its runs."""

STATES = ("waiting", "under_way", "on_scene", "closed", "cancelled", "no_dispatch")

INCIDENT_TABLE = Table(
    name="incident",
    title=Text("急救事件", "Incident"),
    grain="one row per incident whose call is known",
    key=("incident_id",),
    by=("incident_id",),
    town="town",
    pii=Pii.PERSONAL,
    columns=(
        Column("incident_id", Kind.TEXT, Text("事件", "Incident"), required=True),
        Column("station_id", Kind.TEXT, Text("站点", "Station of the first dispatched unit"), pii=Pii.NONE),
        *PLACE,
        Column("week_hour", Kind.TEXT, Text("星期与时", "ISO weekday and local hour, as 1-08"), pii=Pii.NONE),
        Column("hour", Kind.TEXT, Text("时", "Local hour, as 08"), pii=Pii.NONE),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("priority", Kind.TEXT, Text("优先级", "Priority")),
        Column("cause", Kind.TEXT, Text("病种或灾种", "Cause or type of incident"), pii=Pii.SENSITIVE),
        Column("needs_dispatch", Kind.BOOLEAN, Text("需派车", "Needs a vehicle")),
        Column("crossing", Kind.TEXT, Text("跨镇", "same or cross, of the first arriving unit"), allowed=CROSSINGS),
        Column("department_count", Kind.INTEGER, Text("联动部门数", "Other departments notified")),
        Column("state", Kind.TEXT, Text("状态", "How far it has come"), allowed=STATES),
        Column("stage", Kind.TEXT, Text("进展", "Furthest state of a run that has not ended"), allowed=RUN_STAGES),
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
    same = ("event_at", "event_local", "kind", "priority", "cause")
    needs_dispatch = sa.case((k.needs_dispatch, 1), (~k.needs_dispatch, 0))  # PostgreSQL has no greatest of booleans
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
            (of_dispatch(needs_dispatch) == 1).label("needs_dispatch"),
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


INCIDENT = Derived(
    table=INCIDENT_TABLE,
    sources=("emergency_call", "unit_run", "linkage"),
    by="incident_id",
    query=incidents,
)
