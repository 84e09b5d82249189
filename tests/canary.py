"""Four towns told by hand, and a canary: what belongs to one town and may never be heard in another."""

from datetime import datetime, timedelta

from tests import canary_injury
from tests.oracle import wenling

HERE, THERE, EMPTY = "331081001", "331081002", "331081110"
TOWNS = (HERE, THERE, "331081400", "?")
AS_OF = wenling.utc(datetime(2026, 3, 4, 21, 20))
CANARY = "CANARY"
TOLD_CITY = wenling.CITY._replace(fed=wenling.CITY.fed | {"work_injury_case"})
"""Wenling, whose cases of work injury are told too."""

CITY_ONLY = (
    "exchange_calls",
    "exchange_success",
    "exchange_latency_p50",
    "exchange_latency_p95",
    "appraisal_sessions",
    "slots_used",
    "no_show",
    "posts_open",
    "posting_employers",
    "on_duty",
)
"""Read from tables that name no town: calls between departments, sessions of appraisal, posts, the duty roster."""
CITY_TABLES = ("appraisal_slot", "duty", "exchange_timing", "job_post")
"""Those tables."""

STEPS_S = {"DISPATCHED": 100, "ACK": 110, "EN_ROUTE": 160, "ON_SCENE": 700, "LEFT_SCENE": 1500, "AT_HOSPITAL": 2200}
STEPS_S |= {"HANDOVER": 2900, "AVAILABLE": 3000}
WAYS = (
    ("all the way", len(STEPS_S)),
    ("under way", 3),
    ("on scene", 4),
    ("taken back", 0),
    ("empty", 4),
)
"""How far the runs of incidents go, in turn."""


def rows_of(town, name, count, *, newest_s=900):
    """Return rows of every contract for one town, their codes beginning with a name; the newest is under way."""
    rows = {table: [] for table in ("work_injury_case", *wenling.CITY.fed, "service_request", *OVERSEEN) if table != "town"}
    overseen(rows, town, name)
    rows["station"].append({"station_id": f"{name}-S", "name": f"{name}-站", "name_en": f"{name}-Stn", "town_code": town})
    rows["vehicle"].append({"vehicle_id": f"{name}-V", "station_id": f"{name}-S", "type": f"{name}-T", "in_service": True})
    rows["aed_point"].append({"aed_id": f"{name}-A", "name": f"{name}-P", "town_code": town, "in_service": True})
    for number in range(count):
        called = AS_OF - newest_s - number * 4_000
        incident(rows, town, name, number, called)
        in_days(rows, town, name, number, called)
    return rows


def all_of(town, name, count, *, newest_s=900, elsewhere=None):
    """Return rows of every contract for one town; at least twenty cases of work injury, each on its own way."""
    ahead_s = on_the_wall(AS_OF) - AS_OF
    hurt = canary_injury.injured(town, name, max(count, 20), elsewhere=elsewhere or town, as_of=AS_OF, ahead_s=ahead_s)
    bare = rows_of(town, name, count, newest_s=newest_s)
    return {table: [*bare.get(table, ()), *hurt.get(table, ())] for table in {**bare, **hurt}}


OVERSEEN = (
    *("hospital", "risk_push", "rectification_order", "town_colour_history", "town_colour", "enterprise_risk"),
    "duty",
)


def overseen(rows, town, name):
    """Add a row to each table that supervises a town, and to each that names one and that no metric reads yet."""
    firm, at = {"enterprise_id": f"{name}-F", "town_code": town}, AS_OF - 86_400
    rows["hospital"].append({"hospital_id": f"{name}-H", "name": f"{name}-hospital", "town_code": town})
    rows["risk_push"].append(timed(at, {**firm, "event_id": f"{name}-E", "push_id": f"{name}-U", "state": "PUSHED"}))
    today = on_the_wall(AS_OF) // 86_400
    for days in (0, 3):  # one order is due today, one is over
        order = {**firm, "order_id": f"{name}-O{days}", "due_on": today - days}
        rows["rectification_order"].append(timed(at - 30 * 86_400, order))
    shift = {"begin_at": AS_OF - 600, "end_at": AS_OF + 600, "post": f"{name}-L", "person": f"{name}-P"}
    rows["duty"].append({"duty_id": f"{name}-S", **shift})
    rows["town_colour_history"].append({"town_code": town, "week_end_on": 20_000, "reason_text": name})
    rows["town_colour"].append({"town_code": town, "preview_reason": name})
    rows["enterprise_risk"].append({**firm, "run_week": "2026-W09", "name": f"{name}-firm", "idx": 80.0, "grade": "红"})


def in_days(rows, town, name, number, began):
    """Add one service request and one case of work injury; of three the first is still open."""
    after = began + 86_400 * (number % 3)
    closed = after if number % 3 else None
    asked = {"service_request_id": f"{name}-Q{number}", "town_code": town, "service_name": f"{name}-N"}
    asked["status"] = "closed" if number % 3 == 1 else "open"  # of the third a stamp says otherwise
    who = {"agency_responsible": f"{name}-G", "channel": f"{name}-W"}
    rows["service_request"].append(timed(began, {**asked, **who, "closed_at": closed, "closed_local": on_the_wall(closed)}))
    hurt = {"case_id": f"{name}-J{number}", "employer_town": town, "accident_town": town}
    rows["work_injury_case"].append(timed(began, {**hurt, "reported_at": closed, "reported_local": on_the_wall(closed)}))


def incident(rows, town, name, number, called):
    """Add one incident with a run, and all that goes with it."""
    one = {"incident_id": f"{name}-I{number}"}
    run = {**one, "run_id": f"{name}-R{number}"}
    way, reached = WAYS[(number + 1) % len(WAYS)]
    call = {
        "call_id": f"{name}-C{number}",
        "t_ring": called - 7,
        "t_answer": called,
        "t_accept_end": called + 60,
        "is_onekey": number % 3 == 0,
        "channel": f"{name}-CH",
        "loc_source": "GPS",
        "loc_error_m": 10.0 * number,
        "town_code": town,
        "kind": "急救",
        "priority": "P1",
        "cause": f"{name}-K",
        "needs_dispatch": True,
        "outcome": "取消" if way == "taken back" else "派车",
        "time_precision": "s",
    }
    rows["emergency_call"].append(timed(called, one | call))
    for status, after_s in list(STEPS_S.items())[:reached]:
        rows["vehicle_status"].append(timed(called + after_s + number, event(run, name, status)))
    if way == "empty":
        rows["vehicle_status"].append(timed(called + 1_200, event(run, name, "AVAILABLE")))
    if way == "all the way":
        rows["prearrival"].append(timed(called + 1_600, {**run, "message_id": f"{name}-M{number}", "hospital_id": f"{name}-H"}))
    rows["linkage"].append(timed(called + 90, {**one, "notice_id": f"{name}-N{number}", "department": f"{name}-D"}))
    aed = {**one, "use_id": f"{name}-U{number}", "aed_id": f"{name}-A", "town_code": town}
    rows["aed_use"].append(timed(called + 120, aed))
    minutes = {"vehicle_id": f"{name}-V", "town_code": town, "scheduled_min": 60.0, "up_min": 60.0 - number}
    rows["video_link"].append(timed(AS_OF - AS_OF % 3600 - 3600 * (number + 1), minutes))


def event(run, name, status):
    stamped = {"event_id": f"{run['run_id']}-{status}", "status": status, "source": "按键"}
    is_last_leg = status in {"LEFT_SCENE", "AT_HOSPITAL", "HANDOVER"}
    hospital = {"hospital_id": f"{name}-H"} if is_last_leg else {}
    return {**run, **stamped, **hospital, "vehicle_id": f"{name}-V", "station_id": f"{name}-S"}


def timed(at, row):
    """Place a row in time, on Wenling's wall clock too."""
    return {**row, "event_at": at, "event_local": on_the_wall(at)}


def on_the_wall(at):
    """Return an instant as Wenling's wall clock shows it."""
    return None if at is None else at + int(datetime.fromtimestamp(at, wenling.CITY.zone).utcoffset() / timedelta(seconds=1))


def joined(*some):
    return {table: [row for rows in some for row in rows.get(table, [])] for table in some[0]}


BASE = joined(*(all_of(town, name, 30) for town, name in zip(TOWNS, ("HERE", "THERE", "ZONE", "NOWHERE"), strict=True)))
TOWN_LIST = [{"town_code": row["code"], "name": row["short_zh"], "name_en": row["name_en"]} for row in wenling.listed("towns")]
BASE["cn_workday"] = canary_injury.CALENDAR
SECRET = all_of(THERE, CANARY, 5, newest_s=300, elsewhere=HERE)


def is_silent(given):
    """Return whether nothing of the canary is heard in something."""
    return CANARY not in repr(given)


def some_windows(metric):
    """Return the windows that stand for all: the usual one, the last, which is last year's or weeks, and now."""
    return [name for name in metric.windows if name in {metric.usual_window, metric.windows[-1], "now"}]
