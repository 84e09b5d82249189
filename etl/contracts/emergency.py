"""Contracts of emergency response 急救: calls, vehicle status events, vehicles, stations, and what goes with them."""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
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
LOCATED_BY = ("GPS", "基站", "口述", "三重复合")
CHANNELS = ("120电话", "浙里办一键", "110/119/122联动", "短信", "其他")
VEHICLE_TYPES = ("监护", "普通", "负压", "特种")
LONGITUDE, LATITUDE = (-180, 180), (-90, 90)
NONE, PERSONAL, SENSITIVE = Pii.NONE, Pii.PERSONAL, Pii.SENSITIVE
LATE_DAYS = 30
"""How late a record of emergency response may come (domain specification, section 10.1)."""

EMERGENCY_CALL = Table(
    name="emergency_call",
    title=Text("急救呼叫", "Emergency call"),
    grain="one row per call",
    key=("call_id",),
    late_days=LATE_DAYS,
    by=("incident_id",),
    town="town_code",
    pii=PERSONAL,
    columns=(
        Column("call_id", Kind.TEXT, Text("呼叫编号", "Call"), required=True),
        REV,
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("event_at", Kind.INSTANT, Text("呼叫时刻", "Instant that places the call in a window"), required=True),
        EVENT_LOCAL,
        Column("channel", Kind.TEXT, Text("呼叫渠道", "Channel"), allowed=CHANNELS, pii=NONE),
        Column("is_onekey", Kind.BOOLEAN, Text("一键呼救", "Called by one key")),
        Column("t_ring", Kind.INSTANT, Text("来电振铃", "Ringing")),
        Column("t_answer", Kind.INSTANT, Text("摘机", "Answered")),
        Column("t_located", Kind.INSTANT, Text("定位确认", "Position confirmed")),
        Column("t_accept_end", Kind.INSTANT, Text("受理完成", "Call information complete")),
        Column("loc_source", Kind.TEXT, Text("定位来源", "What located the caller"), allowed=LOCATED_BY),
        Column(
            "loc_error_m",
            Kind.REAL,
            Text("定位误差", "Distance of the position from the scene"),
            bounds=(0, 1_000_000),
            unit="m",
        ),
        Column("lon", Kind.REAL, Text("经度", "Longitude, WGS 84"), bounds=LONGITUDE, unit="°", pii=SENSITIVE),
        Column("lat", Kind.REAL, Text("纬度", "Latitude, WGS 84"), bounds=LATITUDE, unit="°", pii=SENSITIVE),
        Column(
            "town_code", Kind.TOWN, Text("乡镇", "Town of the scene, `?` when the record names none"), required=True, pii=NONE
        ),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("priority", Kind.TEXT, Text("优先级", "Priority")),
        Column("cause", Kind.TEXT, Text("病种或灾种", "Cause or type of incident"), pii=SENSITIVE),
        Column("is_work_injury", Kind.BOOLEAN, Text("工伤", "Said to be a work injury"), pii=SENSITIVE),
        Column("needs_dispatch", Kind.BOOLEAN, Text("需派车", "Needs a vehicle")),
        Column("outcome", Kind.TEXT, Text("处置结果", "Outcome"), allowed=OUTCOMES),
        Column("time_precision", Kind.TEXT, Text("时间精度", "Precision of the stamps"), allowed=("s", "min"), pii=NONE),
    ),
)

VEHICLE_STATUS = Table(
    name="vehicle_status",
    title=Text("车辆状态", "Vehicle status"),
    grain="one row per status event of one vehicle in one incident",
    key=("event_id",),
    late_days=LATE_DAYS,
    by=("incident_id", "vehicle_id"),
    pii=PERSONAL,
    columns=(
        Column("event_id", Kind.TEXT, Text("事件编号", "Status event"), required=True),
        REV,
        Column("run_id", Kind.TEXT, Text("出车编号", "Run: one vehicle to one incident"), required=True),
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle")),
        Column("station_id", Kind.TEXT, Text("站点", "Station the vehicle belongs to")),
        Column("status", Kind.TEXT, Text("状态", "Status"), required=True, allowed=STATUSES),
        Column("event_at", Kind.INSTANT, Text("发生时刻", "When the status began"), required=True),
        EVENT_LOCAL,
        Column("source", Kind.TEXT, Text("来源", "How the stamp was made"), allowed=(BUTTON, GPS, BACKFILLED)),
        Column("lon", Kind.REAL, Text("经度", "Longitude, WGS 84"), bounds=LONGITUDE, unit="°", pii=SENSITIVE),
        Column("lat", Kind.REAL, Text("纬度", "Latitude, WGS 84"), bounds=LATITUDE, unit="°", pii=SENSITIVE),
        Column("speed_kmh", Kind.REAL, Text("速度", "Speed"), bounds=(0, 300), unit="km/h", pii=NONE),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital the patient is taken to")),
    ),
)

VEHICLE = Table(
    name="vehicle",
    title=Text("车辆", "Vehicle"),
    grain="one row per vehicle",
    key=("vehicle_id",),
    by=("vehicle_id",),
    pii=NONE,
    columns=(
        Column("vehicle_id", Kind.TEXT, Text("车辆编号", "Vehicle"), required=True),
        Column("station_id", Kind.TEXT, Text("所属站点", "Station"), required=True),
        Column("type", Kind.TEXT, Text("车型", "Type"), allowed=VEHICLE_TYPES),
        Column("crew_level", Kind.TEXT, Text("车组级别", "Level of the crew")),
        Column("in_service", Kind.BOOLEAN, Text("在用", "In service")),
    ),
)

STATION = Table(
    name="station",
    title=Text("站点", "Station"),
    grain="one row per station",
    key=("station_id",),
    town="town_code",
    pii=NONE,
    columns=(
        Column("station_id", Kind.TEXT, Text("站点编号", "Station"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name"), required=True),
        Column("name_en", Kind.TEXT, Text("英文名", "Name in English")),
        Column("town_code", Kind.TOWN, Text("所在乡镇", "Town it stands in"), required=True),
        Column("lon", Kind.REAL, Text("经度", "Longitude, WGS 84"), bounds=LONGITUDE, unit="°"),
        Column("lat", Kind.REAL, Text("纬度", "Latitude, WGS 84"), bounds=LATITUDE, unit="°"),
    ),
)

PREARRIVAL = Table(
    name="prearrival",
    title=Text("上车即入院数据", "Data sent ahead"),
    grain="one row per transmission of a patient's data from an ambulance to a hospital; no vital values",
    key=("message_id",),
    late_days=LATE_DAYS,
    by=("incident_id",),
    pii=SENSITIVE,
    columns=(
        Column("message_id", Kind.TEXT, Text("传输编号", "Transmission"), required=True),
        REV,
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("run_id", Kind.TEXT, Text("出车编号", "Run"), required=True),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital that received it")),
        Column("event_at", Kind.INSTANT, Text("医院接收时刻", "When it reached the hospital"), required=True),
        EVENT_LOCAL,
    ),
)

LINKAGE = Table(
    name="linkage",
    title=Text("协同应急通知", "Joint response"),
    grain="one row per department asked to join an incident",
    key=("notice_id",),
    late_days=LATE_DAYS,
    by=("incident_id",),
    pii=NONE,
    columns=(
        Column("notice_id", Kind.TEXT, Text("通知编号", "Notice"), required=True),
        REV,
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("department", Kind.TEXT, Text("部门", "Department"), required=True),
        Column("event_at", Kind.INSTANT, Text("通知时刻", "When it was notified"), required=True),
        EVENT_LOCAL,
    ),
)

AED_POINT = Table(
    name="aed_point",
    title=Text("AED点位", "AED point"),
    grain="one row per defibrillator on the map",
    key=("aed_id",),
    town="town_code",
    pii=NONE,
    columns=(
        Column("aed_id", Kind.TEXT, Text("AED编号", "Defibrillator"), required=True),
        Column("name", Kind.TEXT, Text("位置", "Where it hangs")),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town"), required=True),
        Column("lon", Kind.REAL, Text("经度", "Longitude, WGS 84"), bounds=LONGITUDE, unit="°"),
        Column("lat", Kind.REAL, Text("纬度", "Latitude, WGS 84"), bounds=LATITUDE, unit="°"),
        Column("in_service", Kind.BOOLEAN, Text("可用", "In service"), required=True),
    ),
)

AED_USE = Table(
    name="aed_use",
    title=Text("AED指引使用", "Guided use of an AED"),
    grain="one row per call in which a dispatcher guided somebody to a defibrillator",
    key=("use_id",),
    late_days=LATE_DAYS,
    town="town_code",
    pii=PERSONAL,
    columns=(
        Column("use_id", Kind.TEXT, Text("指引编号", "Guided use"), required=True),
        REV,
        Column("incident_id", Kind.TEXT, Text("事件编号", "Incident"), required=True),
        Column("aed_id", Kind.TEXT, Text("AED编号", "Defibrillator"), required=True),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town of the scene"), required=True),
        Column("event_at", Kind.INSTANT, Text("指引时刻", "When the guiding began"), required=True),
        EVENT_LOCAL,
    ),
)

VIDEO_LINK = Table(
    name="video_link",
    title=Text("车载视频链路", "Video link"),
    grain="one row per vehicle and hour; no pictures",
    key=("vehicle_id", "event_at"),
    late_days=LATE_DAYS,
    town="town_code",
    pii=NONE,
    columns=(
        Column("vehicle_id", Kind.TEXT, Text("车辆", "Vehicle"), required=True),
        REV,
        Column("event_at", Kind.INSTANT, Text("小时起点", "When the hour began"), required=True),
        EVENT_LOCAL,
        Column("town_code", Kind.TOWN, Text("所在乡镇", "Town the vehicle's station stands in"), required=True),
        Column(
            "scheduled_min", Kind.REAL, Text("应在线分钟", "Minutes it should be up"), required=True, bounds=(0, 60), unit="min"
        ),
        Column("up_min", Kind.REAL, Text("在线分钟", "Minutes it was up"), required=True, bounds=(0, 60), unit="min"),
    ),
)
