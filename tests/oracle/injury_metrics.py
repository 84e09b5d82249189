"""Every metric of work injury and of exchange between departments, as its printed definition says it (sections 1.2 and 2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.oracle import injury_reckoning as reckon
from tests.oracle.injury_reckoning import Reckon, has, says
from tests.oracle.records import Row
from tests.oracle.windows import COMPARED, DAY_S, IN_WEEKS, NOW, PERIODS, PLACED

CASE = ("work_injury_case", "case_event")
PAPERS = (*CASE, "case_material")
CLOCK = (*CASE, "cn_workday")
EXPOSED = ("enterprise", "enterprise_month")
TOWN, BY_TRACK = ("town",), ("town", "track")
INDUSTRY = ("division", "risk_cat")
BY_INDUSTRY = (*TOWN, *INDUSTRY)
SERIES = (*PERIODS, IN_WEEKS)
COHORT_S = 180 * DAY_S


class Plain(NamedTuple):
    """A metric over the rows of one table that a stamp of theirs places in a window."""

    table: str
    placed: str | None
    reckon: Reckon
    by: tuple[str, ...] = TOWN
    windows: tuple[str, ...] = PERIODS
    sources: tuple[str, ...] = CASE


class Made(NamedTuple):
    """A metric made of others, each in the same window, the same as it is compared, that of last year, or now."""

    parts: tuple[tuple[str, str], ...]
    make: Callable[[Sequence[reckon.Answer]], reckon.Estimate | None]
    by: tuple[str, ...] = TOWN
    windows: tuple[str, ...] = PERIODS
    sources: tuple[str, ...] = CASE


def cases(placed: str, keep: reckon.Asks = reckon.always, *by: str, windows: tuple[str, ...] = PERIODS) -> Plain:
    return Plain("injury_case", placed, reckon.count(keep), ("town", *by), windows)


def standing(keep: reckon.Asks, *by: str) -> Plain:
    return Plain("injury_case", None, reckon.count(keep), ("town", *by), NOW)


def share(placed: str, hit: reckon.Asks, *, among: reckon.Asks = reckon.always, valid: reckon.Asks = reckon.always) -> Plain:
    return Plain("injury_case", placed, reckon.share(among, valid, hit))


def timed(interval: str, placed: str, *, unit_s: int = DAY_S, windows: tuple[str, ...] = PERIODS) -> dict[str, Plain]:
    """Return median, P90, mean and valid share of an interval, by the window in which it ended."""
    made = {
        "p50": reckon.quantile(interval, 0.5, unit_s),
        "p90": reckon.quantile(interval, 0.9, unit_s),
        "mean": reckon.mean(interval, unit_s),
        "complete": reckon.complete(interval),
    }
    return {f"{interval}_{suffix}": Plain("injury_case", placed, how, BY_TRACK, windows) for suffix, how in made.items()}


def within(interval: str, days: int, placed: str) -> Plain:
    return Plain("injury_case", placed, reckon.within(interval, days * DAY_S))


def is_of_age(first: int, last: int | None) -> reckon.Asks:
    """Ask whether an open case that runs is so many days old, pauses left out: an age changes at local midnight."""

    def asks(row: Row, as_of: int) -> bool:
        if not row["is_open"] or row["is_suspended"]:
            return False
        age = (as_of - row["age_from_at"]) // DAY_S
        return (age >= first or first == 0) and (last is None or age <= last)

    return asks


def died_lately(row: Row, as_of: int) -> bool:
    """Ask whether a case at work that was accepted and not refused is of a worker who died in the last 90 days."""
    is_case = row["is_production"] and row["accepted_at"] is not None and row["decision"] not in {"D3", "C2", "D9"}
    return bool(is_case and row["death_at"] is not None and row["death_at"] >= as_of - 90 * DAY_S)


def running(row: Row, _as_of: int) -> bool:
    return bool(row["is_open"]) and not row["is_suspended"]


def clock(keep: reckon.Asks) -> Plain:
    """Return a count of clocks of agencies as they stand now."""
    return Plain(
        "injury_clock",
        None,
        reckon.count(lambda row, as_of: row["kind"] == "agency" and keep(row, as_of)),
        ("town", "clock", "track"),
        NOW,
        CLOCK,
    )


def reached(row: Row, name: str, as_of: int) -> bool:
    return row["state"] == "RUNNING" and row[name] is not None and row[name] <= as_of


def is_last_day(row: Row, as_of: int) -> bool:
    """Ask whether a clock that runs is over at the next midnight, in a city whose days have 24 hours."""
    return row["state"] == "RUNNING" and row["due_at"] is not None and as_of < row["due_at"] <= as_of + DAY_S


def warned(since: str, until: str | None) -> Plain:
    return clock(lambda row, as_of: reached(row, since, as_of) and not (until and reached(row, until, as_of)))


def is_recognition(row: Row) -> bool:
    return row["kind"] == "agency" and row["clock"] in {"L5", "L6", "L7"}


def used_of_recognition(rows: Sequence[Row], as_of: int) -> reckon.Answer:
    """Return the mean share of the limit that decisions took."""
    decided = [row for row in rows if is_recognition(row) and row["state"] in {"MET", "LATE"}]
    return reckon.average("limit_used_pct")(decided, as_of)


def stopped(keep: Callable[[Row], bool], how: str, windows: tuple[str, ...] = PERIODS) -> Plain:
    """Return a count of late clocks, or a share of those kept, of clocks that stopped in the window."""

    def is_over(row: Row, _as_of: int) -> bool:
        return keep(row) and row["state"] in {"MET", "LATE"}

    made = {
        "late": reckon.count(lambda row, as_of: is_over(row, as_of) and row["state"] == "LATE"),
        "kept": reckon.share(is_over, reckon.always, says("state", "MET")),
    }
    return Plain("injury_clock", "stopped_at", made[how], ("town", "clock", "track"), windows, CLOCK)


def hearings(how: Reckon, *by: str) -> Plain:
    return Plain("hearing", "event_at", how, ("town", *by), PERIODS, ("arb_hearing",))


def of_hearings(name: str, *values: object) -> Plain:
    return hearings(reckon.share(reckon.always, has(name), says(name, *values)))


def sessions(how: Reckon) -> Plain:
    return Plain("appraisal_slot", "begin_at", how, ("hospital_id",), PERIODS, ("appraisal_slot",))


def posts(how: Reckon) -> Plain:
    return Plain("job_post", "posted_on", how, (), NOW, ("job_post",))


def calls(how: Reckon) -> Plain:
    return Plain("exchange_timing", "event_at", how, ("to_dept", "from_dept"), PLACED, ("exchange_call",))


def has_been_told(row: Row, as_of: int) -> bool:
    """Return whether a call was answered, one way or the other, or has waited for more than five minutes."""
    return row["is_ok"] is not None or row["answered_at"] is not None or row["event_at"] < as_of - reckon.TIME_OUT_S


def days_of_work(how: Reckon, windows: tuple[str, ...]) -> Plain:
    return Plain("cn_workday", "day", how, (), windows, ("cn_workday",))


def same(*keys: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, "same") for key in keys)


RECOGNISED = says("is_recognised", True)
IS_FAST = says("is_fast", True)
AGE_BANDS = {
    "stock_0_3": (0, 3),
    "stock_4_15": (4, 15),
    "stock_16_30": (16, 30),
    "stock_31_45": (31, 45),
    "stock_46_60": (46, 60),
    "stock_over_60": (61, None),
}
REACHED = {
    "cases_reported": "reported_at",
    "cases_delivered": "delivered_at",
    "appraisal_applications": "appraisal_applied_at",
    "appraisals_examined": "exam_at",
    "reappraisals": "reappraisal_applied_at",
    "reviews": "review_applied_at",
    "benefits_applied": "benefit_applied_at",
    "cases_paid": "paid_at",
    "cases_closed": "closed_at",
    "cases_withdrawn": "withdrawn_at",
    "cases_revoked": "revoked_at",
    "cases_refused": "refused_at",
    "injury_deaths": "death_at",
    "cases_happened": "event_at",
    "appraisals_delivered": "appraisal_delivered_at",
    "reappraisals_concluded": "reappraisal_concluded_at",
    "reviews_concluded": "review_concluded_at",
    "offered": "offered_at",
    "arbitrations": "arb_applied_at",
    "awards": "awarded_at",
    "intents": "intent_at",
    "placed": "placed_at",
}
STAGES = {
    "apply_days": "applied_at",
    "accept_days": "accepted_at",
    "deliver_days": "delivered_at",
    "to_appraisal_days": "appraisal_applied_at",
    "appraise_days": "concluded_at",
    "exam_days": "concluded_at",
    "appraisal_delivery_days": "appraisal_delivered_at",
    "benefit_days": "paid_at",
    "endtoend_days": "lump_paid_at",
    "mediation_days": "mediated_at",
    "arb_accept_days": "arb_accepted_at",
    "award_days": "awarded_at",
    "intent_to_job_days": "placed_at",
}
INJURY_METRICS: Mapping[str, Plain | Made] = {
    **{key: cases(placed) for key, placed in REACHED.items()},
    "cases_applied": cases("applied_at", reckon.always, "package"),
    "cases_accepted": cases("accepted_at", reckon.always, *INDUSTRY, "track", "accident_type", windows=SERIES),
    "appraisals_concluded": cases("concluded_at", reckon.always, "grade"),
    "cases_decided": cases("decided_at", reckon.always, "track", "decision", windows=SERIES),
    "inhosp_bookings": cases("inhosp_booked_at", windows=SERIES),
    "cases_recognised": cases("decided_at", RECOGNISED),
    "cases_production": cases("accepted_at", says("is_production", True), *INDUSTRY),
    "two_certificates": cases("concluded_at", says("is_two_certificates", True)),
    "accompany_cnt": cases("applied_at", says("is_accompanied", True), "specialist_role"),
    "mediations": cases("mediation_opened_at", reckon.always, "mediator_role"),
    "mediated": cases("mediated_at", reckon.always, "mediator_role"),
    "trained": cases("trained_at", reckon.always, "trainer_role"),
    "stock_open": standing(says("is_open", True), "track"),
    "stock_running": standing(running),
    "deaths_90d": standing(died_lately),
    "stock_suspended": standing(lambda row, _: bool(row["is_open"]) and bool(row["is_suspended"])),
    **{key: standing(is_of_age(*band)) for key, band in AGE_BANDS.items()},
    "cases_by_stage": Plain("injury_case", None, reckon.count(reckon.always), ("stage",), NOW),
    "clocks_running": clock(says("state", "RUNNING", "SUSPENDED")),
    "clocks_provisional": clock(lambda row, _: row["state"] == "RUNNING" and row["is_provisional"]),
    "overdue_open": clock(lambda row, as_of: is_recognition(row) and reached(row, "due_at", as_of)),
    "overdue_clocks": clock(lambda row, as_of: reached(row, "due_at", as_of)),
    "clocks_due_today": clock(is_last_day),
    "due_blue": warned("blue_at", "yellow_at"),
    "due_yellow": warned("yellow_at", "orange_at"),
    "due_orange": warned("orange_at", "strict_due_at"),
    "due_red": warned("strict_due_at", None),
    "overdue_closed": stopped(is_recognition, "late"),
    "clock_kept": stopped(lambda row: row["kind"] == "agency", "kept"),
    "legal_within": stopped(is_recognition, "kept", SERIES),
    "overdue_rate": Made(
        (("overdue_open", "now"), ("overdue_closed", "same"), ("cases_decided", "same"), ("stock_open", "now")),
        reckon.overdue,
        sources=CLOCK,
    ),
    "person_years": Plain("exposure", "day", reckon.total("person_years"), BY_INDUSTRY, sources=EXPOSED),
    "incidence": Made(same("cases_accepted", "person_years"), reckon.rate, BY_INDUSTRY, sources=(*CASE, *EXPOSED)),
    "incidence_prod": Made(same("cases_production", "person_years"), reckon.rate, BY_INDUSTRY, sources=(*CASE, *EXPOSED)),
    "incidence_yoy": Made(
        (
            ("cases_accepted", "compared"),
            ("person_years", "compared"),
            ("cases_accepted", "last_year"),
            ("person_years", "last_year"),
        ),
        reckon.rate_change,
        windows=COMPARED,
        sources=(*CASE, *EXPOSED),
    ),
    "incidence_prod_yoy": Made(
        (
            ("cases_production", "compared"),
            ("person_years", "compared"),
            ("cases_production", "last_year"),
            ("person_years", "last_year"),
        ),
        reckon.rate_change,
        windows=COMPARED,
        sources=(*CASE, *EXPOSED),
    ),
    "cases_yoy": Made((("cases_accepted", "compared"), ("cases_accepted", "last_year")), reckon.count_change, windows=COMPARED),
    "handling_improved": Made(
        (("handling_days_mean", "same"), ("handling_days_mean", "last_year")), reckon.improvement, windows=COMPARED
    ),
    "littles_law": Made(
        (("stock_running", "now"), ("cases_accepted", "same"), ("legal_days_mean", "same")), reckon.little, windows=("r12",)
    ),
    "workdays": days_of_work(reckon.count(says("is_workday", True)), SERIES),
    "long_holidays": days_of_work(
        reckon.count(lambda row, _: row["name"] in {"春节", "国庆节"} and not row["is_workday"]), (IN_WEEKS,)
    ),
    "cases_per_workday": Made(
        same("cases_accepted", "workdays"), reckon.for_each, (), ("r12", "r12_ly", IN_WEEKS), (*CASE, "cn_workday")
    ),
    "package_coverage": share("applied_at", says("is_in_package", True), valid=has("is_in_package"))._replace(sources=PAPERS),
    "materials_per_case": Plain(
        "injury_case", "applied_at", reckon.average("material_count"), ("town", "package"), PERIODS, PAPERS
    ),
    "card_only_share": share("applied_at", says("is_card_only", True), valid=has("is_card_only"))._replace(sources=PAPERS),
    "advance_avoided": Plain("injury_case", "accepted_at", reckon.total("advance_avoided_fen", 100)),
    "disabled_share": share("decided_at", says("is_graded", True), among=RECOGNISED),
    "severe_share": share("decided_at", says("is_severe", True), among=RECOGNISED),
    "dispute_share": share("decided_at", says("has_dispute", True), among=RECOGNISED),
    "accompany_rate": share("decided_at", says("is_accompanied", True), among=RECOGNISED, valid=has("is_accompanied")),
    "mediated_ok": share("mediation_opened_at", has("mediated_at"))._replace(by=("town", "mediator_role")),
    "specialists": Plain("specialist", None, reckon.count(says("is_active", True)), ("town", "role"), NOW, ("specialist",)),
    "load_per_specialist": Made(
        (("cases_accepted", "same"), ("specialists", "now")), reckon.for_each, sources=(*CASE, "specialist")
    ),
    "inhosp_booking_share": share("appraisal_applied_at", says("is_inhosp", True)),
    "placed_rate": Plain(
        "injury_case",
        "intent_at",
        reckon.share(
            lambda row, as_of: row["intent_at"] < as_of - COHORT_S,
            reckon.always,
            lambda row, _: row["intent_to_job_days_s"] is not None and row["intent_to_job_days_s"] <= COHORT_S,
            each="person_key",
        ),
        windows=("r12", "r12_ly"),
    ),
    "slots_used": sessions(reckon.ratio("booked_count", "capacity_count")),
    "no_show": sessions(reckon.ratio("no_show_count", "booked_count")),
    "appraisal_sessions": sessions(reckon.count(reckon.always)),
    "posts_open": posts(reckon.count(reckon.is_absent("closed_on"))),
    "posting_employers": posts(reckon.distinct("employer_id", reckon.is_absent("closed_on"))),
    "same_day_accept": within("arb_accept_days", 0, "arb_accepted_at"),
    "mediated_7d": within("mediation_days", 7, "mediated_at"),
    "award_30d": within("award_days", 30, "awarded_at"),
    "legal_45d": within("award_days", 45, "awarded_at"),
    "hearings": hearings(reckon.count(reckon.always), "mode"),
    "hybrid_hearing_share": of_hearings("mode", "一方到场一方在线"),
    "cross_region_share": of_hearings("is_cross_region", True),
    "tolerance_accept_share": of_hearings("is_tolerance_accepted", True),
    **timed("report_lag", "reported_at", unit_s=3600),
    **{key: metric for interval, placed in STAGES.items() for key, metric in timed(interval, placed).items()},
    **timed("legal_days", "decided_at", windows=SERIES),
    **timed("handling_days", "decided_at", windows=SERIES),
    "fast_days_p50": Plain("injury_case", "decided_at", reckon.quantile("handling_days", 0.5, DAY_S, IS_FAST)),
    "fast_days_p90": Plain("injury_case", "decided_at", reckon.quantile("handling_days", 0.9, DAY_S, IS_FAST)),
    "fast_days_mean": Plain("injury_case", "decided_at", reckon.mean("handling_days", DAY_S, IS_FAST)),
    "fast_ok": Plain("injury_case", "decided_at", reckon.within("legal_days", 3 * DAY_S, IS_FAST)),
    "fast_share": share("decided_at", IS_FAST, valid=has("is_fast"))._replace(windows=SERIES),
    "fast_used_share": share("accepted_at", IS_FAST, among=says("is_fast_eligible", True), valid=has("is_fast")),
    "limit_used": Plain("injury_clock", "stopped_at", used_of_recognition, ("town", "clock", "track"), PERIODS, CLOCK),
    "open_cohort_p50": Plain("injury_case", "accepted_at", reckon.open_cohort(0.5), BY_TRACK),
    "accidents_nowcast": Plain("injury_case", "event_at", reckon.count(has("accepted_at")), (), (IN_WEEKS,)),
    "exchange_calls": calls(reckon.count(reckon.always)),
    "exchange_success": calls(reckon.share(has_been_told, reckon.always, says("is_ok", True))),
    "exchange_latency_p50": calls(reckon.quantile("exchange_latency", 0.5, 1)),
    "exchange_latency_p95": calls(reckon.quantile("exchange_latency", 0.95, 1)),
}
