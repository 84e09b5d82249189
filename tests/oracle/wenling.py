"""Wenling's simulated departments, their text cells read by the standard library as the site's file says they mean."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle import windows
from tests.oracle.records import UNKNOWN_TOWN, City, Row, current

FOLDER = Path(__file__).parents[2] / "cockpit" / "sites" / "wenling"
CITY = City(
    zone=ZoneInfo("Asia/Shanghai"),
    cannot_know=frozenset(),
    fed=frozenset(
        {
            "town",
            "station",
            "vehicle",
            "aed_point",
            "emergency_call",
            "vehicle_status",
            "prearrival",
            "linkage",
            "aed_use",
            "video_link",
        }
    ),
)
LONGEST_WINDOW_S = 368 * windows.DAY_S
Cells = Mapping[str, str]
YES_NO = {"是": True, "否": False, "": None}
CHANNELS = ("01", "02", "03", "04", "09")
ONE_KEY = "02"
LOCATED_BY = {"G": "GPS", "B": "基站", "K": "口述", "F": "三重复合", "": None}
CAUSES = {"C1": "创伤", "C2": "心脑血管", "C3": "呼吸", "C4": "中毒", "C5": "产科", "C6": "儿科", "C9": "其他", "": None}
OUTCOMES = {"10": "派车", "20": "指导", "30": "重复", "31": "误拨", "32": "骚扰", "40": "转他台", "50": "取消", "": None}
STATUSES = {
    "10": "DISPATCHED",
    "11": "ACK",
    "20": "EN_ROUTE",
    "30": "ON_SCENE",
    "31": "AT_PATIENT",
    "40": "LEFT_SCENE",
    "50": "AT_HOSPITAL",
    "51": "HANDOVER",
    "60": "AVAILABLE",
    "70": "HOME",
    "90": "CANCELLED",
}
STAMPED_BY = {"A": "按键", "G": "GPS围栏", "B": "调度补录", "": None}


def listed(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def towns() -> frozenset[str]:
    return frozenset(row["code"] for row in listed("towns"))


def town(code: str) -> str:
    return code if code in towns() else UNKNOWN_TOWN


@cache
def midnight(day: str) -> int:
    """Return the instant at which a yyyymmdd day begins; the clocks of China have stood still since 1991."""
    return windows.midnight(date(int(day[:4]), int(day[4:6]), int(day[6:])), CITY.zone)


@cache
def second_of_day(clock: str) -> int:
    return int(clock[:2]) * 3600 + int(clock[2:4]) * 60 + int(clock[4:])


def instant(text: str) -> int | None:
    """Read a wall time, whatever stands between its fourteen digits."""
    digits = text if len(text) in {0, 14} else text[:4] + text[5:7] + text[8:10] + text[11:13] + text[14:16] + text[17:]
    return midnight(digits[:8]) + second_of_day(digits[8:]) if digits else None


def number(text: str) -> float | None:
    return float(text) if text else None


def call(cells: Cells) -> Row:
    """Read a call; it stands where it was answered, or where it rang. Raises: KeyError for a code in no list."""
    answered, rang = instant(cells["摘机时刻"]), instant(cells["振铃时刻"])
    if cells["渠道"] not in CHANNELS:
        raise KeyError(cells["渠道"])
    return {
        "call_id": cells["呼叫流水号"],
        "rev": int(cells["修订"]),
        "incident_id": cells["事件编号"],
        "event_at": rang if answered is None else answered,
        "is_onekey": cells["渠道"] == ONE_KEY,
        "t_ring": rang,
        "t_answer": answered,
        "t_accept_end": instant(cells["受理结束"]),
        "loc_source": LOCATED_BY[cells["定位方式"]],
        "loc_error_m": number(cells["定位误差米"]),
        "town_code": town(cells["乡镇代码"]),
        "kind": cells["呼叫类别"] or None,
        "cause": CAUSES[cells["病种代码"]],
        "needs_dispatch": YES_NO[cells["需派车"]],
        "outcome": OUTCOMES[cells["处置代码"]],
        "time_precision": "s",
    }


def status(cells: Cells) -> Row:
    """Read a status event. Raises: KeyError for a code in no list."""
    return {
        "event_id": cells["EVT_ID"],
        "rev": int(cells["REV"]),
        "run_id": cells["RUN_NO"],
        "incident_id": cells["CASE_NO"],
        "vehicle_id": cells["CAR_NO"] or None,
        "station_id": cells["STA_NO"] or None,
        "status": STATUSES[cells["ST"]],
        "event_at": instant(cells["EVT_TIME"]),
        "source": STAMPED_BY[cells["SRC"]],
        "hospital_id": cells["HOSP"] or None,
    }


def message(cells: Cells) -> Row:
    return {
        "message_id": cells["报文号"],
        "incident_id": cells["事件编号"],
        "run_id": cells["出车编号"],
        "event_at": instant(cells["接收时间"]),
    }


def notice(cells: Cells) -> Row:
    return {"notice_id": cells["通知单号"], "incident_id": cells["案件号"], "event_at": instant(cells["通知时间"])}


def aed_use(cells: Cells) -> Row:
    return {"use_id": cells["指引单号"], "town_code": town(cells["乡镇代码"]), "event_at": instant(cells["指引时间"])}


def video_hour(cells: Cells) -> Row:
    return {
        "vehicle_id": cells["车辆编号"],
        "event_at": instant(cells["整点"]),
        "town_code": town(cells["所在乡镇"]),
        "scheduled_min": number(cells["计划分钟"]),
        "up_min": number(cells["在线分钟"]),
    }


READ: Mapping[str, tuple[str, Callable[[Cells], Row], tuple[str, ...]]] = {
    "calls": ("emergency_call", call, ("call_id",)),
    "vehicles": ("vehicle_status", status, ("event_id",)),
    "prearrival": ("prearrival", message, ("message_id",)),
    "linkage": ("linkage", notice, ("notice_id",)),
    "aed": ("aed_use", aed_use, ("use_id",)),
    "video": ("video_link", video_hour, ("vehicle_id", "event_at")),
}
"""Stream → the contract that it fills, how a row is read, and what it is known by."""


class Departments:
    """All that the departments have sent so far about what lies in the longest window of some instant, or after it."""

    def __init__(self, as_of: int) -> None:
        self.since = as_of - LONGEST_WINDOW_S
        self.rows: dict[str, list[Row]] = {table: [] for table, _, _ in READ.values()}
        self.refused: list[Row] = []
        self.known_refused: set[tuple[str, ...]] = set()
        self.reasons: Counter[tuple[str, str]] = Counter()

    def hear(self, stream: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
        """Read what a stream has sent; a row with a code in no list, or without any time, is refused."""
        table, read, _ = READ[stream]
        for line in lines:
            try:
                row = read(dict(zip(header, line, strict=True)))
            except KeyError as unlisted:
                self.refuse(table, line, str(unlisted))
                continue
            if row["event_at"] is None:
                self.refuse(table, line, "no time")
            elif row["event_at"] >= self.since:
                self.rows[table].append(row)

    def refuse(self, table: str, line: Sequence[str], why: str) -> None:
        """Note a refused row; one that is sent again is the same row."""
        if (table, *line) not in self.known_refused:
            self.known_refused.add((table, *line))
            self.refused.append({"into": table})
            self.reasons[table, why] += 1

    def records(self) -> dict[str, list[Row]]:
        """Return the current rows of every contract."""
        keys = {table: key for table, _, key in READ.values()}
        return {
            **{name: current(rows, *keys[name]) for name, rows in self.rows.items()},
            "station": [{"station_id": row["station"], "town_code": town(row["town"])} for row in listed("stations")],
            "vehicle": [
                {"vehicle_id": row["vehicle"], "station_id": row["station"], "in_service": row["in_service"] == "true"}
                for row in listed("vehicles")
            ],
            "aed_point": [
                {"town_code": town(row["town"]), "in_service": row["in_service"] == "true"} for row in listed("aed_points")
            ],
            "quarantine": list(self.refused),
        }


def utc(local: datetime) -> int:
    """Return a wall time of Wenling in UTC seconds."""
    return windows.utc(local, CITY.zone)
