"""Contracts of emergency response 急救: calls, vehicle status events, vehicles, stations."""

from cockpit.ledger.tables import Column, Kind, Table
from cockpit.text import Text

STATUSES = (
    "DISPATCHED",
    "ACK",
    "EN_ROUTE",
    "ON_SCENE",
    "AT_PATIENT",
    "LEFT_SCENE",
    "AT_HOSPITAL",
    "HANDOVER",
    "AVAILABLE",
    "HOME",
    "CANCELLED",
)
OUTCOMES = ("派车", "指导", "重复", "误拨", "骚扰", "转他台", "取消")
GPS, BUTTON, BACKFILLED = "GPS围栏", "按键", "调度补录"

EMERGENCY_CALL = Table(
    name="emergency_call",
    title=Text("急救呼叫", "Emergency call"),
    grain="one row per call",
    key=("call_id",),
    by=("incident_id",),
    town="town_code",
    columns=(
        Column("call_id", Kind.TEXT, Text("呼叫编号", "Call"), required=True),
        Column("rev", Kind.INTEGER, Text("修订号", "Revision; the highest is current")),
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("event_at", Kind.INSTANT, Text("呼叫时刻", "Instant that places the call in a window"), required=True),
        Column("event_local", Kind.LOCAL, Text("呼叫当地时刻", "The same on the site's wall clock"), required=True),
        Column("channel", Kind.TEXT, Text("呼叫渠道", "Channel")),
        Column("t_ring", Kind.INSTANT, Text("来电振铃", "Ringing")),
        Column("t_answer", Kind.INSTANT, Text("摘机", "Answered")),
        Column("t_accept_end", Kind.INSTANT, Text("受理完成", "Call information complete")),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town of the scene, `?` when the record names none"), required=True),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("priority", Kind.TEXT, Text("优先级", "Priority")),
        Column("cause", Kind.TEXT, Text("病种或灾种", "Cause or type of incident")),
        Column("needs_dispatch", Kind.BOOLEAN, Text("需派车", "Needs a vehicle")),
        Column("outcome", Kind.TEXT, Text("处置结果", "Outcome"), allowed=OUTCOMES),
        Column("time_precision", Kind.TEXT, Text("时间精度", "Precision of the stamps"), allowed=("s", "min")),
    ),
)

VEHICLE_STATUS = Table(
    name="vehicle_status",
    title=Text("车辆状态", "Vehicle status"),
    grain="one row per status event of one vehicle in one incident",
    key=("event_id",),
    by=("incident_id",),
    columns=(
        Column("event_id", Kind.TEXT, Text("事件编号", "Status event"), required=True),
        Column("rev", Kind.INTEGER, Text("修订号", "Revision; the highest is current")),
        Column("run_id", Kind.TEXT, Text("出车编号", "Run: one vehicle to one incident"), required=True),
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle")),
        Column("station_id", Kind.TEXT, Text("站点", "Station the vehicle belongs to")),
        Column("status", Kind.TEXT, Text("状态", "Status"), required=True, allowed=STATUSES),
        Column("event_at", Kind.INSTANT, Text("发生时刻", "When the status began"), required=True),
        Column("event_local", Kind.LOCAL, Text("发生当地时刻", "The same on the site's wall clock"), required=True),
        Column("source", Kind.TEXT, Text("来源", "How the stamp was made"), allowed=(BUTTON, GPS, BACKFILLED)),
    ),
)

VEHICLE = Table(
    name="vehicle",
    title=Text("车辆", "Vehicle"),
    grain="one row per vehicle",
    key=("vehicle_id",),
    columns=(
        Column("vehicle_id", Kind.TEXT, Text("车辆编号", "Vehicle"), required=True),
        Column("station_id", Kind.TEXT, Text("所属站点", "Station"), required=True),
        Column("type", Kind.TEXT, Text("车型", "Type")),
        Column("in_service", Kind.BOOLEAN, Text("在用", "In service")),
    ),
)

STATION = Table(
    name="station",
    title=Text("站点", "Station"),
    grain="one row per station",
    key=("station_id",),
    town="town_code",
    columns=(
        Column("station_id", Kind.TEXT, Text("站点编号", "Station"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name"), required=True),
        Column("name_en", Kind.TEXT, Text("英文名", "Name in English")),
        Column("town_code", Kind.TOWN, Text("所在乡镇", "Town it stands in"), required=True),
    ),
)
