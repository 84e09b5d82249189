"""The intervals E1–E10 of emergency response 急救, from stamp to stamp.

Definitions and caps: domain specification, sections 6.2 and 6.5.
"""

from collections.abc import Mapping

from cockpit.interval import Interval
from cockpit.text import Text

MINUTE_S = 60

OPEN_EXPIRES_S = 12 * 3600
"""An interval still open this long after the call counts as missing. [DEF] 本平台默认口径"""

E1 = Interval(
    key="e1",
    title=Text("接听时长", "Answering time"),
    table="incident",
    start="t_ring",
    end="t_answer",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=5 * MINUTE_S,
    needs_seconds=True,
)
E2 = Interval(
    key="e2",
    title=Text("受理时长", "Call-taking time"),
    table="incident",
    start="t_answer",
    end="t_accept_end",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=20 * MINUTE_S,
    needs_seconds=True,
)
E3 = Interval(
    key="e3",
    title=Text("派车时长", "Dispatch time"),
    table="incident",
    start="t_accept_end",
    end="t_dispatch",
    open_expires_s=OPEN_EXPIRES_S,
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
    open_expires_s=OPEN_EXPIRES_S,
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
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    of="emergencies",
)
E6B = Interval(
    key="e6b",
    title=Text("派车至到达", "Dispatch to arrival"),
    table="incident",
    start="t_dispatch",
    end="t_onscene",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    of="emergencies",
)
E6C = Interval(
    key="e6c",
    title=Text("振铃至到达", "Ring to arrival"),
    table="incident",
    start="t_ring",
    end="t_onscene",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    of="emergencies",
)
CHAIN_STAMPS = ("t_answer", "t_unit_dispatch", "t_unit_enroute", "t_onscene")
HANDLING = Interval(
    key="chain_handling",
    title=Text("受理派车段", "Call handling"),
    table="incident",
    start="t_answer",
    end="t_unit_dispatch",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
    of="emergencies",
)
TURNOUT = Interval(
    key="chain_turnout",
    title=Text("出车段", "Turn-out"),
    table="incident",
    start="t_unit_dispatch",
    end="t_unit_enroute",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
    of="emergencies",
)
TRAVEL = Interval(
    key="chain_travel",
    title=Text("行驶段", "Travel"),
    table="incident",
    start="t_unit_enroute",
    end="t_onscene",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    cohort=CHAIN_STAMPS,
    of="emergencies",
)
E4 = Interval(
    key="e4",
    title=Text("出车时长", "Turn-out time"),
    table="unit_run",
    start="t_dispatch",
    end="t_enroute",
    open_expires_s=OPEN_EXPIRES_S,
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
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=90 * MINUTE_S,
)
E7 = Interval(
    key="e7",
    title=Text("现场时长", "On-scene time"),
    table="unit_run",
    start="t_onscene",
    end="t_leave",
    open_expires_s=OPEN_EXPIRES_S,
    of="transports",
)
E7B = Interval(
    key="e7b",
    title=Text("到场至待命", "On scene to available"),
    table="unit_run",
    start="t_onscene",
    end="t_back",
    open_expires_s=OPEN_EXPIRES_S,
)
E8 = Interval(
    key="e8",
    title=Text("转运时长", "Transport time"),
    table="unit_run",
    start="t_leave",
    end="t_hosp",
    open_expires_s=OPEN_EXPIRES_S,
    of="transports",
)
E9 = Interval(
    key="e9",
    title=Text("交接时长", "Hand-over time"),
    table="unit_run",
    start="t_hosp",
    end="t_handover",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=180 * MINUTE_S,
    of="transports",
)
E10 = Interval(
    key="e10",
    title=Text("任务总时长", "Task time"),
    table="unit_run",
    start="t_dispatch",
    end="t_back",
    open_expires_s=OPEN_EXPIRES_S,
)
AHEAD = Interval(
    key="ahead",
    title=Text("数据先到时长", "Data ahead of the patient"),
    table="unit_run",
    start="t_prearrival",
    end="t_hosp",
    open_expires_s=OPEN_EXPIRES_S,
    of="transports",
)
"""How long before the patient the patient's data reached the hospital 上车即入院."""
NOTIFY = Interval(
    key="notify",
    title=Text("联动通知时长", "Time to notify"),
    table="incident",
    start="t_answer",
    end="t_notified",
    open_expires_s=OPEN_EXPIRES_S,
    cap_s=120 * MINUTE_S,
    of="joint",
)
"""From the call until the first other department is told 协同应急; its cap is that of the response. [DEF]"""

CHAIN = (HANDLING, TURNOUT, TRAVEL)
"""The response of the first arriving unit in three parts, timed only where all three are valid, so that they add up."""
INCIDENT_INTERVALS = (E1, E2, E3, E23, E6, E6B, E6C, *CHAIN, NOTIFY)
RUN_INTERVALS = (E4, E5, E7, E7B, E8, E9, E10, AHEAD)
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
    "t_prearrival": Text("医院收到患者数据", "the patient's data at the hospital"),
    "t_notified": Text("首个部门收到通知", "the first department's notice"),
    "t_back": Text("恢复待命", "being available again"),
    "t_unit_dispatch": Text("首到车组派车", "dispatch of the first arriving unit"),
    "t_unit_enroute": Text("首到车组出车", "turn-out of the first arriving unit"),
}
RUN_STAGES = ("dispatched", "en_route", "on_scene", "left_scene", "at_hospital")
"""The states of a run that has not ended, in the order of its way."""

GRAIN_TEXT = {
    "incident": Text("每起事件一次，取首个有效到达", "once per incident, the earliest valid arrival"),
    "unit_run": Text("每次出车一次", "once per unit run"),
}
