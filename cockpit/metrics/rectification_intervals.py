"""The intervals of orders to put things right 整改指令: two in working days, the third in calendar days."""

from cockpit.interval import Interval
from cockpit.text import Text


def of_order(key: str, title: Text, start: str, end: str) -> Interval:
    """Return an interval between two stamps of an order; an order stays open until it is closed, so none expires."""
    return Interval(key=key, title=title, table="order_state", start=start, end=end, open_expires_s=None)


SIGN_IN = of_order("sign_in", Text("签收用时（工作日）", "Working days to signature"), "event_at", "signed_at")
INSPECTION = of_order("inspection", Text("检查用时（工作日）", "Working days to inspection"), "event_at", "inspected_at")
"""From the push, in working days of the country's calendar: the day itself is 0, each is stored as 86,400 s."""

RECTIFICATION = of_order("rectification", Text("整改用时", "Days to put right"), "inspected_at", "rectified_at")
"""From the inspection, which orders it, in whole local days."""
