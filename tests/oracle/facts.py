"""From records to runs, incidents and vehicles (domain specification, sections 6.1 and 6.5)."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle import days
from tests.oracle.records import UNKNOWN_TOWN, Records, Row, grouped

STAMP_OF = {
    "DISPATCHED": "t_dispatch",
    "ACK": "t_ack",
    "EN_ROUTE": "t_enroute",
    "AT_PATIENT": "t_patient",
    "LEFT_SCENE": "t_leave",
    "AT_HOSPITAL": "t_hosp",
    "HANDOVER": "t_handover",
    "AVAILABLE": "t_back",
    "HOME": "t_home",
    "CANCELLED": "t_cancel",
}
ENDS = ("t_back", "t_home", "t_cancel")
AT_THE_TIME = ("按键", "GPS围栏")
SKEW_S = 120
NO_VEHICLE = ("指导", "重复", "误拨", "骚扰", "转他台")
NOT_EMERGENCIES = ("非急救", "转运", "保障")
STATE_OF_STATUS = {
    "DISPATCHED": "dispatched",
    "ACK": "dispatched",
    "EN_ROUTE": "en_route",
    "ON_SCENE": "on_scene",
    "AT_PATIENT": "on_scene",
    "LEFT_SCENE": "transporting",
    "AT_HOSPITAL": "at_hospital",
    "HANDOVER": "at_hospital",
}
INCIDENT_SAYS_OF_CALL = ("event_at", "t_ring", "t_answer", "t_accept_end", "kind", "cause", "needs_dispatch", "time_precision")


def derive(records: Records, zone: ZoneInfo) -> dict[str, list[Row]]:
    """Return the rows of every table that metrics read."""
    runs = runs_of(records)
    calls = grouped(records["emergency_call"], "incident_id")
    notices = grouped(records.get("linkage", ()), "incident_id")
    runs_by = grouped(runs, "incident_id")
    incidents = [incident(calls[i], runs_by.get(i, []), notices.get(i, []), zone) for i in calls]
    by_id = {row["incident_id"]: row for row in incidents}
    for run in runs:
        place(run, by_id.get(run["incident_id"]))
    return {
        "emergency_call": [{**call, "town": call["town_code"]} for call in records["emergency_call"]],
        "incident": incidents,
        "unit_run": runs,
        "vehicle_state": vehicles(records),
        **days.derive(records, zone),
        "quarantine": list(records.get("quarantine", ())),
        **{
            name: [{**row, "town": row["town_code"]} for row in records.get(name, ())]
            for name in ("aed_point", "aed_use", "video_link")
        },
    }


def towns_of_stations(records: Records) -> dict[str, str]:
    return {row["station_id"]: row["town_code"] for row in records.get("station", ())}


def runs_of(records: Records) -> list[Row]:
    """Return one row a vehicle and incident; what its call says of it is not in it yet."""
    events = grouped(records["vehicle_status"], "incident_id", "run_id")
    messages = grouped(records.get("prearrival", ()), "incident_id", "run_id")
    called = {call["incident_id"] for call in records["emergency_call"]}
    first = {call["incident_id"]: call for call in sorted(records["emergency_call"], key=first_told, reverse=True)}
    towns = towns_of_stations(records)
    return [
        crossed(run(events[key], messages.get(key, [])), first[key[0]]["town_code"] if key[0] in called else None, towns)
        for key in events
    ]


def first_told(call: Row) -> tuple[int, str]:
    return call["event_at"], call["call_id"]


def run(events: Sequence[Row], messages: Sequence[Row]) -> Row:
    """Return what the status events of one vehicle in one incident say."""
    in_order = sorted(events, key=lambda e: (e["event_at"], e["event_id"]))
    made: Row = {name: next((e[name] for e in in_order if e.get(name)), None) for name in ("station_id", "hospital_id")}
    made |= {"incident_id": in_order[0]["incident_id"], "run_id": in_order[0]["run_id"], "event_at": in_order[0]["event_at"]}
    for event in in_order:
        if event["status"] != "ON_SCENE":
            made.setdefault(STAMP_OF[event["status"]], event["event_at"])
    made["t_onscene"] = arrival(in_order)
    at_the_time = {e["status"] for e in in_order if e.get("source") in AT_THE_TIME}
    made["is_dispatch_backfilled"] = "DISPATCHED" not in at_the_time
    made["is_enroute_backfilled"] = "EN_ROUTE" not in at_the_time
    made["t_prearrival"] = min((m["event_at"] for m in messages), default=None)
    return judged_run(made)


def arrival(in_order: Sequence[Row]) -> int | None:
    """Return the arrival that counts: the button's, or the fence's where they lie more than 120 s apart."""
    arrivals = [e for e in in_order if e["status"] == "ON_SCENE"]
    fence = next((e["event_at"] for e in arrivals if e.get("source") == "GPS围栏"), None)
    button = next((e["event_at"] for e in arrivals if e.get("source") != "GPS围栏"), None)
    if button is None or (fence is not None and abs(fence - button) > SKEW_S):
        return fence
    return button


def judged_run(made: Row) -> Row:
    """Say what became of a run."""
    arrived, taken_back = made["t_onscene"], made.get("t_cancel")
    made["is_ended"] = any(made.get(end) is not None for end in ENDS)
    made["is_cancelled"] = taken_back is not None and (arrived is None or taken_back < arrived)
    made["is_transport"] = any(made.get(sign) is not None for sign in ("t_hosp", "t_handover", "hospital_id"))
    made["is_empty"] = (
        made["is_ended"] and not made["is_cancelled"] and not made["is_transport"] and made["t_onscene"] is not None
    )
    return made


def crossed(made: Row, scene: str | None, towns: dict[str, str]) -> Row:
    """Say whether a run came from another town than its scene."""
    home = towns.get(made["station_id"], UNKNOWN_TOWN)
    is_known = UNKNOWN_TOWN not in {home, scene or UNKNOWN_TOWN}
    made["crossing"] = ("same" if home == scene else "cross") if is_known else None
    return made


def place(made: Row, incident: Row | None) -> None:
    """Add to a run what its incident says of it."""
    made["has_call"] = incident is not None
    made["town"] = incident["town"] if incident else UNKNOWN_TOWN
    if incident:
        made["event_at"] = incident["event_at"]
        made["is_outside"] = incident["is_outside"]
        made["time_precision"] = incident["time_precision"]


def incident(calls: Sequence[Row], runs: Sequence[Row], notices: Sequence[Row], zone: ZoneInfo) -> Row:
    """Return one row an incident; of several calls the first speaks for it."""
    call = min(calls, key=first_told)
    made: Row = {name: call.get(name) for name in INCIDENT_SAYS_OF_CALL}
    made |= {"incident_id": call["incident_id"], "town": call["town_code"], "run_count": len(runs)}
    made["t_notified"] = min((n["event_at"] for n in notices), default=None)
    made["state"] = state(call, runs)
    made["is_outside"] = made["state"] in {"cancelled", "no_dispatch"}
    made["is_ended"] = made["state"] == "closed"
    made["has_call"] = True
    wall = datetime.fromtimestamp(call["event_at"], zone)
    made["hour"], made["week_hour"] = f"{wall:%H}", f"{wall.isoweekday()}-{wall:%H}"
    return made | first_dispatched(runs) | first_arriving(runs, call.get("t_answer"))


def state(call: Row, runs: Sequence[Row]) -> str:
    """Return how far an incident is."""
    if call.get("outcome") in NO_VEHICLE or call.get("needs_dispatch") is False:
        return "no_dispatch"
    if call.get("outcome") == "取消":
        return "cancelled"
    if not runs:
        return "waiting"
    if all(run["is_cancelled"] for run in runs):
        return "cancelled"
    if all(run["is_ended"] for run in runs):
        return "closed"
    return "on_scene" if any(run["t_onscene"] is not None for run in runs) else "under_way"


def first_dispatched(runs: Sequence[Row]) -> Row:
    """Return what an incident says of the unit that was dispatched first; one without that stamp comes last."""
    order = [(r.get("t_dispatch") is None, r.get("t_dispatch") or 0, r["run_id"], n) for n, r in enumerate(runs)]
    if not order:
        return {"station_id": None, "t_dispatch": None}
    unit = runs[min(order)[-1]]
    names = ("station_id", "t_dispatch", "is_dispatch_backfilled")
    return {name: unit.get(name) for name in names}


def first_arriving(runs: Sequence[Row], answered: int | None) -> Row:
    """Return what an incident says of its earliest valid arrival, or of the earliest when none is valid."""
    arrived = [r for r in runs if r["t_onscene"] is not None]
    valid = [r for r in arrived if answered is not None and r["t_onscene"] >= answered]
    order = sorted(valid or arrived, key=lambda r: (r["t_onscene"], r["run_id"]))
    if not order:
        return {"t_onscene": None, "crossing": None}
    unit = order[0]
    return {
        "t_onscene": unit["t_onscene"],
        "t_unit_dispatch": unit.get("t_dispatch"),
        "t_unit_enroute": unit.get("t_enroute"),
        "crossing": unit["crossing"],
    }


def vehicles(records: Records) -> list[Row]:
    """Return one row a vehicle of the list, with its newest status."""
    newest: dict[str, Row] = {}
    for event in records["vehicle_status"]:
        held = newest.get(event.get("vehicle_id"))
        if held is None or (held["event_at"], held["event_id"]) < (event["event_at"], event["event_id"]):
            newest[event.get("vehicle_id")] = event
    towns = towns_of_stations(records)
    return [
        {
            "town": towns.get(vehicle["station_id"], UNKNOWN_TOWN),
            "state": vehicle_state(vehicle, newest.get(vehicle["vehicle_id"])),
            "since_at": newest.get(vehicle["vehicle_id"], {}).get("event_at"),
        }
        for vehicle in records.get("vehicle", ())
    ]


def vehicle_state(vehicle: Row, event: Row | None) -> str:
    if vehicle.get("in_service") is False:
        return "off"
    return "unknown" if event is None else STATE_OF_STATUS.get(event["status"], "standby")
