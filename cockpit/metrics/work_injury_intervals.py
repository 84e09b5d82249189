"""Intervals of work injury 工伤 between the stamps of a case, in the site's local days (domain specification, section 2.3)."""

from cockpit.interval import Interval
from cockpit.text import Text

REPORT_DELAY = Interval(
    key="report_delay",
    title=Text("报案时长", "Report delay"),
    table="work_injury_days",
    start="event_at",
    end="reported_at",
    open_expires_s=None,
)
"""From the day of the accident (A0) to that of its report 快报 (A1), whole local days in seconds."""


def of_case(key: str, title: Text, start: str, end: str) -> Interval:
    """Return an interval between two stamps of a case; a case may be under way for years, so none that is open expires."""
    return Interval(key=key, title=title, table="injury_case", start=start, end=end, open_expires_s=None)


REPORT_LAG = of_case("report_lag", Text("快报时滞", "Report lag"), "event_at", "reported_at")
APPLY = of_case("apply_days", Text("申请用时", "Time to application"), "event_at", "applied_at")
ACCEPT = of_case("accept_days", Text("受理用时", "Time to acceptance"), "applied_at", "accepted_at")
LEGAL = of_case("legal_days", Text("受理至决定用时", "Acceptance to decision"), "clock_from_at", "decided_at")
HANDLING = of_case("handling_days", Text("申请至决定用时", "Application to decision"), "applied_at", "decided_at")
DELIVER = of_case("deliver_days", Text("送达用时", "Time to delivery"), "decided_at", "delivered_at")
TO_APPRAISAL = of_case(
    "to_appraisal_days", Text("送达至鉴定申请用时", "Time to appraisal"), "delivered_at", "appraisal_applied_at"
)
APPRAISE = of_case("appraise_days", Text("鉴定时长", "Appraisal time"), "appraisal_applied_at", "concluded_at")
EXAM = of_case("exam_days", Text("现场鉴定至结论用时", "Examination to conclusion"), "exam_at", "concluded_at")
APPRAISAL_DELIVERY = of_case(
    "appraisal_delivery_days", Text("鉴定结论送达用时", "Delivery of the conclusion"), "concluded_at", "appraisal_delivered_at"
)
BENEFIT = of_case("benefit_days", Text("待遇支付时长", "Benefit payment time"), "benefit_applied_at", "paid_at")
END_TO_END = of_case("endtoend_days", Text("全程用时", "End-to-end time"), "event_at", "lump_paid_at")
MEDIATION = of_case("mediation_days", Text("调解时长", "Mediation time"), "mediation_opened_at", "mediated_at")
ARB_ACCEPT = of_case("arb_accept_days", Text("仲裁受理用时", "Time to arbitration"), "arb_applied_at", "arb_accepted_at")
AWARD = of_case("award_days", Text("裁决时长", "Time to award"), "arb_accepted_at", "awarded_at")
INTENT_TO_JOB = of_case("intent_to_job_days", Text("意向至上岗时长", "Intent to job"), "intent_at", "placed_at")

INJURY_CASE_INTERVALS = (
    REPORT_LAG,
    APPLY,
    ACCEPT,
    LEGAL,
    HANDLING,
    DELIVER,
    TO_APPRAISAL,
    APPRAISE,
    EXAM,
    APPRAISAL_DELIVERY,
    BENEFIT,
    END_TO_END,
    MEDIATION,
    ARB_ACCEPT,
    AWARD,
    INTENT_TO_JOB,
)
"""All are whole local days in seconds, but for the report lag, which is seconds; the legal time is without its pauses."""
