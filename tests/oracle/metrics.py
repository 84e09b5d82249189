"""Every metric as the domain specification and its own printed definition say it (sections 6.2, 6.4 and 6.5)."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.oracle.records import Row
from tests.oracle.spans import HALF_DAY_S, SPANS
from tests.oracle.windows import NOW, PLACED

Asks = Callable[[Row, int], bool]
CALLS_AND_RUNS = ("emergency_call", "vehicle_status")
PLACES = ("town", "station_id")
LOCATED_WITHIN_M = 50
SILENT_AFTER_S = 4 * 3600
AT_WORK = ("dispatched", "en_route", "on_scene", "transporting", "at_hospital")


class Timed(NamedTuple):
    """A metric of lengths. `argument` is the quantile, or the limit in seconds."""

    table: str
    span: str
    formula: str
    argument: float = 0.0
    by: tuple[str, ...] = PLACES
    sources: tuple[str, ...] = CALLS_AND_RUNS
    windows: tuple[str, ...] = PLACED

    @property
    def needs(self) -> tuple[str, ...]:
        return SPANS[self.span].marks


class Counted(NamedTuple):
    """A metric that counts rows; `counts` is asked with the row and the instant, `in_state` is a span and a state."""

    table: str
    counts: Asks = lambda _row, _as_of: True
    in_state: tuple[str, str] | None = None
    by: tuple[str, ...] = PLACES
    sources: tuple[str, ...] = CALLS_AND_RUNS
    windows: tuple[str, ...] = PLACED
    needs: tuple[str, ...] = ()


class Shared(NamedTuple):
    """A share: of the rows `asked`, those that have an answer are `valid`, and those that answer yes are hits."""

    table: str
    asked: Asks
    valid: Asks
    hit: Asks
    by: tuple[str, ...] = ("town",)
    sources: tuple[str, ...] = CALLS_AND_RUNS
    windows: tuple[str, ...] = PLACED
    needs: tuple[str, ...] = ()


class Summed(NamedTuple):
    """The sum of one field over the sum of another."""

    table: str
    above: str
    below: str
    by: tuple[str, ...] = ("town",)
    sources: tuple[str, ...] = ()
    windows: tuple[str, ...] = PLACED
    needs: tuple[str, ...] = ()


Metric = Timed | Counted | Shared | Summed


def has(name: str) -> Asks:
    return lambda row, _as_of: row.get(name) is not None


def says(name: str, *values: object) -> Asks:
    return lambda row, _as_of: row.get(name) in values


def always(_row: Row, _as_of: int) -> bool:
    return True


def in_days(span: str, table: str, source: str, by: tuple[str, ...]) -> dict[str, Metric]:
    """Return the metrics of a span in days."""
    asked = {"p50": ("quantile", 0.5), "p90": ("quantile", 0.9), "mean": ("mean", 0.0), "complete": ("complete", 0.0)}
    return {f"{span}_{suffix}": Timed(table, span, *how, by, (source,)) for suffix, how in asked.items()}


def of_requests(
    counts: Asks = always, *, by: tuple[str, ...] = ("town", "agency_responsible"), windows: tuple[str, ...] = PLACED
) -> Counted:
    return Counted("request_state", counts, by=by, sources=("service_request",), windows=windows)


def is_in(state: str) -> Asks:
    return lambda row, _as_of: row["days"][0] == state


def timed(span: str, formula: str, argument: float = 0.0) -> Timed:
    """Return a metric of a span; the response time is also given by whether the unit crossed a town's border."""
    besides = {"ahead": ("prearrival",), "notify": ("linkage",)}.get(span, ())
    is_response = span == "e6" and formula in {"quantile", "mean"}
    by = (*PLACES, "crossing") if is_response else PLACES
    return Timed(SPANS[span].table, span, formula, argument, by, (*CALLS_AND_RUNS, *besides))


def in_state(span: str, state: str) -> Counted:
    return Counted(SPANS[span].table, in_state=(span, state))


def needs_a_vehicle(row: Row, as_of: int) -> bool:
    """Return whether an incident needs a vehicle; one that has just been called may still get it."""
    is_fresh = row["state"] == "waiting" and row["event_at"] >= as_of - HALF_DAY_S
    return row["needs_dispatch"] is True and row["state"] != "cancelled" and not is_fresh


def has_a_run(row: Row, _as_of: int) -> bool:
    """Return whether a vehicle was sent, whatever of it was stamped."""
    return row["run_count"] > 0


def ended_transport(row: Row, as_of: int) -> bool:
    """Return whether a run took a patient to a hospital and is over, or has been under way for half a day."""
    if not row["has_call"] or row["is_outside"] or row["is_cancelled"]:
        return False
    is_over = row["is_ended"] or row["event_at"] < as_of - HALF_DAY_S
    return row.get("t_hosp") is not None or (is_over and (row["is_transport"] or not row["is_ended"]))


def data_came_first(row: Row, _as_of: int) -> bool:
    return row["t_prearrival"] is not None and row["t_prearrival"] <= row["t_hosp"]


def at_work(*, is_silent: bool) -> Asks:
    """Return what asks whether a vehicle is at work, and has said nothing for more than four hours or has."""
    return lambda row, as_of: (
        (row["state"] == "unknown" and is_silent)
        or (row["state"] in AT_WORK and (row["since_at"] < as_of - SILENT_AFTER_S) == is_silent)
    )


def fleet(counts: Asks = always, *, by: tuple[str, ...] = ("town",)) -> Counted:
    return Counted("vehicle_state", counts, by=by, sources=("vehicle", "vehicle_status"), windows=NOW)


OUTPUTS = [s for s in SPANS if not s.startswith("chain")]
NAMES = {"e9_p90": "handover_p90"}
METRICS: Mapping[str, Metric] = {
    **{f"{s}_p50": timed(s, "quantile", 0.5) for s in OUTPUTS},
    **{NAMES.get(f"{s}_p90", f"{s}_p90"): timed(s, "quantile", 0.9) for s in OUTPUTS},
    **{f"{s}_mean": timed(s, "mean") for s in ("e6", "chain_handling", "chain_turnout", "chain_travel")},
    **{f"{s}_complete": timed(s, "complete") for s in ("e4", "e5", "e6")},
    "answer10": timed("e1", "within", 10),
    "dispatch60": timed("e3", "within", 60),
    "out180": timed("e4", "within", 180),
    "e6_within12": timed("e6", "within", 12 * 60),
    "handover15": timed("e9", "within", 15 * 60),
    "calls": Counted("emergency_call", by=("town",), sources=("emergency_call",)),
    "incidents": Counted("incident", by=(*PLACES, "cause", "hour", "week_hour")),
    "dispatched": Counted("incident", has_a_run),
    "arrived": Counted("incident", has("t_onscene")),
    "cancelled": Counted("incident", says("state", "cancelled")),
    "under_way": Counted("incident", says("state", "waiting", "under_way", "on_scene")),
    "runs": Counted("unit_run"),
    "transports": Counted("unit_run", says("is_transport", True), needs=("t_hosp",)),
    "empty_runs": Counted("unit_run", says("is_empty", True), needs=("t_hosp",)),
    **{f"{s}_missing": in_state(s, "MISSING") for s in ("e4", "e5", "e6")},
    **{f"{s}_negative": in_state(s, "NEG") for s in ("e4", "e5", "e6")},
    **{f"{s}_out": in_state(s, "OUT") for s in ("e4", "e5", "e6")},
    "e4_zero": in_state("e4", "ZERO"),
    "waiting_runs": in_state("e4", "WAITING"),
    "town_unknown": Counted("incident", says("town", "?"), by=()),
    "quarantined": Counted("quarantine", by=(), sources=(), windows=NOW),
    "onekey_share": Shared("emergency_call", always, has("is_onekey"), says("is_onekey", True), sources=("emergency_call",)),
    "loc_ok": Shared(
        "emergency_call",
        has("loc_source"),
        has("loc_error_m"),
        lambda row, _as_of: row["loc_error_m"] <= LOCATED_WITHIN_M,
        by=("town", "loc_source"),
        sources=("emergency_call",),
    ),
    "satisfaction_gap": Shared("incident", needs_a_vehicle, always, has_a_run),
    "cross_share": Shared("unit_run", always, has("crossing"), says("crossing", "cross"), sources=(*CALLS_AND_RUNS, "station")),
    "prearrival_share": Shared(
        "unit_run",
        ended_transport,
        has("t_hosp"),
        data_came_first,
        sources=(*CALLS_AND_RUNS, "prearrival"),
        needs=("t_prearrival", "t_hosp"),
    ),
    "aed_points": Counted("aed_point", says("in_service", True), by=("town",), sources=("aed_point",), windows=NOW),
    "aed_uses": Counted("aed_use", by=("town",), sources=("aed_use",)),
    "joint_incidents": Counted("incident", has("t_notified"), by=("town",), sources=(*CALLS_AND_RUNS, "linkage")),
    "video_online": Summed("video_link", "up_min", "scheduled_min", sources=("video_link",)),
    "vehicles": fleet(by=("town", "state")),
    "vehicles_standby": fleet(says("state", "standby")),
    "vehicles_out": fleet(at_work(is_silent=False), by=("town", "state")),
    "vehicles_silent": fleet(at_work(is_silent=True)),
    "vehicles_off": fleet(says("state", "off")),
    "issues": Counted("data_quality_issue", by=("town", "rule", "of_table"), sources=(), windows=NOW),
    "requests": of_requests(by=("town", "agency_responsible", "status", "service_name", "channel")),
    "requests_open": of_requests(says("state", "open"), windows=NOW),
    "requests_closed": of_requests(says("state", "closed")),
    **in_days("closing", "request_state", "service_request", ("town", "agency_responsible")),
    "closing_negative": of_requests(is_in("NEG")),
    "closing_missing": of_requests(is_in("MISSING")),
    "closing_copied": of_requests(is_in("ZERO")),
    "requests_contradictory": of_requests(has("contradiction"), by=("town", "contradiction")),
    "requests_town_unknown": of_requests(says("town", "?"), by=()),
    "closing_by_clock": Shared(
        "request_state",
        has("closed_at"),
        always,
        says("closed_precision", "s"),
        sources=("service_request",),
        needs=("closed_at",),
    ),
    "injury_cases": Counted("work_injury_days", by=("town",), sources=("work_injury_case",)),
    "report_delay_negative": Counted("work_injury_days", is_in("NEG"), by=("town",), sources=("work_injury_case",)),
    **in_days("report_delay", "work_injury_days", "work_injury_case", ("town",)),
}
