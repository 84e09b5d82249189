"""The scenes around emergency response: one-key calls, positioning, data ahead, AEDs, joint response, video, vehicles.

Published by 浙里急救 (domain specification, EM-01); definitions: section 6.4.
"""

from cockpit.formula import Count, Ratio, Share
from cockpit.interval import COUNTED_IN_TOTAL, State
from cockpit.metric import Example, Metric, Unit
from cockpit.metrics.emergency import SOURCES, counted
from cockpit.metrics.emergency_intervals import AHEAD, OPEN_EXPIRES_S, RUN_STAGES
from cockpit.metrics.records import shared
from cockpit.text import Text

CALL = ("emergency_call",)
FLEET = ("vehicle", "vehicle_status")
LOCATED_WITHIN_M = 50
"""A caller is located when the position lies at most this far from the scene (section 6.4)."""

SILENT_AFTER_S = 4 * 3600
"""A vehicle at work that has said nothing for this long is counted apart: its state is not known. [DEF] 本平台默认口径"""

AT_WORK = ("dispatched", "en_route", "on_scene", "transporting", "at_hospital")
"""The states of a vehicle that has a task, in the order of its way."""

NOT_AT_HOSPITAL = RUN_STAGES[: RUN_STAGES.index("at_hospital")]
"""States of a run that may still send data ahead; once the patient is there, none can come first any more."""

ROWS_OF_EXAMPLE = 20
"""The fewest rows that a share is given for."""


CALLING = (
    shared(
        "onekey_share",
        Text("一键呼救占比", "One-key calls"),
        Text("一键呼救占已知呼叫方式的呼叫的比例", "Calls by one key among calls whose way of calling is known"),
        "emergency_call",
        Share(among=Count(), valid=Count(present=("is_onekey",)), hit=Count(where={"is_onekey": (True,)})),
        sources=CALL,
        hit={"is_onekey": True},
        miss={"is_onekey": False},
        direction="context",
    ),
    shared(
        "loc_ok",
        Text("定位准确率", "Located within 50 m"),
        Text(
            f"定位与现场相距不超过{LOCATED_WITHIN_M}米的占有定位的呼叫的比例",
            f"Calls whose position lies at most {LOCATED_WITHIN_M} m from the scene, among calls that were located",
        ),
        "emergency_call",
        Share(
            among=Count(present=("loc_source",)),
            valid=Count(present=("loc_error_m",)),
            hit=Count(at_most={"loc_error_m": LOCATED_WITHIN_M}),
        ),
        sources=CALL,
        hit={"loc_source": "GPS", "loc_error_m": 50},
        miss={"loc_source": "GPS", "loc_error_m": 51},
        by=("town", "loc_source"),
    ),
)
DISPATCHING = (
    shared(
        "satisfaction_gap",
        Text("急救呼叫满足率", "Demand satisfied"),
        Text(
            "已派车的占需要派车的事件的比例；呼叫方取消的不计，刚呼叫、尚待派车的未满12小时不计",
            "Incidents dispatched among those that need a vehicle; without cancelled ones, and without those still waiting",
        ),
        "incident",
        Share(
            among=Count(
                where={"needs_dispatch": (True,), "state": ("waiting", "under_way", "on_scene", "closed", "no_dispatch")}
            ),
            hit=Count(at_least={"run_count": 1}),
            still_open=Count(where={"state": ("waiting",)}),
            open_expires_s=OPEN_EXPIRES_S,
        ),
        sources=SOURCES,
        hit={"needs_dispatch": True, "state": "closed", "run_count": 1},
        miss={"needs_dispatch": True, "state": "no_dispatch", "run_count": 0},
        is_platform_default=True,
    ),
    shared(
        "cross_share",
        Text("跨镇出车占比", "Cross-town runs"),
        Text(
            "站点所在乡镇与现场乡镇不同的占出车的比例；任一乡镇不明的无有效值，功能区按其代码计",
            "Runs whose station stands in another town than the scene; a run with either town unknown has no valid value",
        ),
        "unit_run",
        Share(among=Count(), valid=Count(present=("crossing",)), hit=Count(where={"crossing": ("cross",)})),
        sources=(*SOURCES, "station"),
        hit={"crossing": "cross"},
        miss={"crossing": "same"},
        direction="context",
    ),
)
AHEAD_OF_PATIENT = (
    shared(
        "prearrival_share",
        Text("数据先到率", "Data ahead of the patient"),
        Text(
            "患者数据先于患者到达医院的占到院时间已知的转运的比例",
            "Transports whose data reached the hospital before the patient, among those whose arrival is stamped",
        ),
        "unit_run",
        Share(
            among=Count(where={AHEAD.state: (*COUNTED_IN_TOTAL, State.OPEN)}),
            valid=Count(present=("t_hosp",)),
            hit=Count(where={AHEAD.state: (State.VALID,)}),
            still_open=Count(where={"state": NOT_AT_HOSPITAL}),
            open_expires_s=OPEN_EXPIRES_S,
        ),
        sources=(*SOURCES, "prearrival"),
        hit={AHEAD.state: State.VALID.value, "t_hosp": 0},
        miss={AHEAD.state: State.MISSING.value, "t_hosp": 0},
    ),
)
NOW = ("now",)
SCENES = (
    counted(
        "aed_points",
        Text("可用AED点位", "AEDs in service"),
        Text("地图上在用的AED", "Defibrillators on the map that are in service"),
        "aed_point",
        Count(where={"in_service": (True,)}),
        example_row={"in_service": True},
        by=("town",),
        sources=("aed_point",),
        windows=NOW,
        noun=Text("台", "AEDs"),
    ),
    counted(
        "aed_uses",
        Text("AED指引使用", "Guided AED uses"),
        Text("调度员指引现场人员取用AED的次数", "Times a dispatcher guided somebody on scene to an AED"),
        "aed_use",
        Count(),
        by=("town",),
        sources=("aed_use",),
        noun=Text("次", "uses"),
    ),
    counted(
        "joint_incidents",
        Text("联动事件", "Joint incidents"),
        Text("已通知其他部门协同处置的事件", "Incidents that other departments were notified of"),
        "incident",
        Count(present=("t_notified",)),
        example_row={"t_notified": 0},
        by=("town",),
        sources=(*SOURCES, "linkage"),
        noun=Text("起", "cases"),
    ),
    Metric(
        key="video_online",
        title=Text("车载视频在线率", "Video link up"),
        definition=Text("车载视频在线分钟占应在线分钟的比例", "Minutes that vehicles' video links were up, of those scheduled"),
        unit=Unit.PERCENT,
        direction="up",
        table="video_link",
        formula=Ratio(numerator="up_min", denominator="scheduled_min"),
        sources=("video_link",),
        bounds=(0, 100),
        by=("town",),
        example=Example(rows=({"event_at": 0, "scheduled_min": 60, "up_min": 57},) * ROWS_OF_EXAMPLE, value=95.0),
    ),
)
VEHICLES = Text("辆", "vehicles")
FLEET_COUNTS = (
    counted(
        "vehicles",
        Text("在册车辆", "Vehicles"),
        Text("车辆名录中的车辆，含停用", "Vehicles of the list, those out of service included"),
        "vehicle_state",
        Count(),
        by=("town", "state"),
        sources=FLEET,
        windows=NOW,
        noun=VEHICLES,
    ),
    counted(
        "vehicles_standby",
        Text("待命车辆", "Vehicles standing by"),
        Text("在用而无任务的车辆", "Vehicles in service and without a task"),
        "vehicle_state",
        Count(where={"state": ("standby",)}),
        example_row={"state": "standby"},
        by=("town",),
        sources=FLEET,
        windows=NOW,
        noun=VEHICLES,
    ),
    counted(
        "vehicles_out",
        Text("任务中车辆", "Vehicles at work"),
        Text("四小时内有状态回报、正在任务中的车辆", "Vehicles on a task that reported in the last four hours"),
        "vehicle_state",
        Count(where={"state": AT_WORK}, within_s={"since_at": SILENT_AFTER_S}),
        example_row={"state": "on_scene", "since_at": 0},
        by=("town", "state"),
        sources=FLEET,
        windows=NOW,
        noun=VEHICLES,
        is_platform_default=True,
    ),
    counted(
        "vehicles_silent",
        Text("状态不明车辆", "Vehicles silent"),
        Text(
            "任务中而四小时无状态回报，或从未回报的车辆",
            "Vehicles on a task that reported nothing for four hours, and those that never reported",
        ),
        "vehicle_state",
        Count(where={"state": (*AT_WORK, "unknown")}, beyond_s={"since_at": SILENT_AFTER_S}),
        example_row={"state": "on_scene", "since_at": -SILENT_AFTER_S - 1},
        by=("town",),
        sources=FLEET,
        windows=NOW,
        noun=VEHICLES,
        is_platform_default=True,
    ),
    counted(
        "vehicles_off",
        Text("停用车辆", "Vehicles off duty"),
        Text("名录标为停用的车辆", "Vehicles that the list says are out of service"),
        "vehicle_state",
        Count(where={"state": ("off",)}),
        example_row={"state": "off"},
        by=("town",),
        sources=FLEET,
        windows=NOW,
        noun=VEHICLES,
    ),
)
