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
