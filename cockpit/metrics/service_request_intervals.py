"""The interval of service requests 市民诉求, in the site's local days."""

from cockpit.interval import Interval
from cockpit.text import Text

CLOSING = Interval(
    key="closing",
    title=Text("办结时长", "Time to close"),
    table="request_state",
    start="event_at",
    end="closed_at",
    open_expires_s=None,
)
"""From the day it was requested to the day it was closed (closed_on − requested_on), whole local days in seconds: systems that
stamp only the day of a closure say no more. It stays open for as long as it does; nobody named a limit."""
