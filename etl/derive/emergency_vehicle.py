"""Where each vehicle is in its work now: `vehicle_state`, from the list of vehicles and their newest status."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.derived import Derived, Lookup

STATE_OF = {
    "DISPATCHED": "dispatched",
    "ACK": "dispatched",
    "EN_ROUTE": "en_route",
    "ON_SCENE": "on_scene",
    "AT_PATIENT": "on_scene",
    "LEFT_SCENE": "transporting",
    "AT_HOSPITAL": "at_hospital",
    "HANDOVER": "at_hospital",
}
"""What a newest status means; after any other one a vehicle stands by, and of one that never sent any nothing is known."""

STATES = ("off", "unknown", "standby", "dispatched", "en_route", "on_scene", "transporting", "at_hospital")

VEHICLE_STATE_TABLE = Table(
    name="vehicle_state",
    title=Text("车辆当前状态", "State of a vehicle"),
    grain="one row per vehicle of the list",
    key=("vehicle_id",),
    by=("vehicle_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle"), required=True),
        Column("station_id", Kind.TEXT, Text("站点", "Station"), required=True),
        Column("town", Kind.TOWN, Text("乡镇", "Town its station stands in"), required=True),
        Column("type", Kind.TEXT, Text("车型", "Type")),
        Column("state", Kind.TEXT, Text("状态", "State"), allowed=STATES),
        Column("since_at", Kind.INSTANT, Text("起始时刻", "When its newest status began")),
    ),
)


def vehicle_states(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per vehicle; of its status events only the newest is looked at."""
    vehicle, status, station = current["vehicle"].c, current["vehicle_status"].c, current["station"].c
    newest = (
        sa.select(status.event_id)
        .where(status.vehicle_id == vehicle.vehicle_id)
        .order_by(status.event_at.desc(), status.event_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = current["vehicle_status"].alias("newest")
    state = sa.case(
        (vehicle.in_service.is_not_distinct_from(sa.false()), "off"),
        (found.c.status.is_(None), "unknown"),
        *((found.c.status == status, state) for status, state in STATE_OF.items()),
        else_="standby",
    )
    return (
        sa.select(
            vehicle.vehicle_id,
            vehicle.station_id,
            sa.func.coalesce(station.town_code, UNKNOWN_TOWN).label("town"),
            vehicle.type,
            state.label("state"),
            found.c.event_at.label("since_at"),
        )
        .join_from(current["vehicle"], found, found.c.event_id == newest, isouter=True)
        .join(current["station"], station.station_id == vehicle.station_id, isouter=True)
    )


VEHICLE_STATE = Derived(
    table=VEHICLE_STATE_TABLE,
    sources=("vehicle", "vehicle_status"),
    by="vehicle_id",
    query=vehicle_states,
    lookups=(Lookup("station", "vehicle", "station_id"),),
)
