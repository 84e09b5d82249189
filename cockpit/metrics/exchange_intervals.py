"""The interval of data exchange 数据共享: how long one department waits for the answer of another."""

from cockpit.interval import Interval
from cockpit.text import Text

TIME_OUT_S = 300
"""A call without an answer after 5 minutes failed; until then it is open. [DEF]"""

EXCHANGE_LATENCY = Interval(
    key="exchange_latency",
    title=Text("数据共享应答时长", "Time to an answer from another department"),
    table="exchange_timing",
    start="event_at",
    end="answered_at",
    open_expires_s=TIME_OUT_S,
)
"""From the call to its answer, in seconds. An answer after the time-out is late, and counts with the length that it has."""
