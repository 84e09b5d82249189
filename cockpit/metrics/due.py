"""What must be done today 今日要办: time limits and orders to put right that end today, and those that are over."""

from collections.abc import Sequence

from cockpit.formula import Count
from cockpit.formula_combined import Outcome, Part, amount
from cockpit.marks import Sums
from cockpit.metric import Metric, Unit
from cockpit.metrics import rectification, work_injury_clocks
from cockpit.metrics.records import MOST, combined, counted
from cockpit.statistics import Estimate
from cockpit.text import Text

DOMAIN = Text("今日要办", "To be done today")

DOMAIN = Text("今日要办", "Due today")

NOW = ("now",)
AT_ONCE_S = -1
"""An instant that is reached counts in its own second."""

THINGS = Text("项", "things")
IS_AHEAD = {"due_at": AT_ONCE_S}
"""In the window `now` stands what has its last day today or before; what is not over either has it today."""

CLOCKS_DUE_TODAY = counted(
    "clocks_due_today",
    Text("今日到期时限", "Clocks due today"),
    Text("办理时限中届满日为今日、未中止、尚未停止的", "Time limits of agencies whose last day is today, that run"),
    work_injury_clocks.TABLE,
    Count(where=work_injury_clocks.RUNNING, within_s=IS_AHEAD),
    sources=work_injury_clocks.SOURCES,
    example_row={**{name: words[0] for name, words in work_injury_clocks.RUNNING.items()}, "due_at": 1},
    placed_by="due_on",
    by=work_injury_clocks.BY,
    windows=NOW,
    noun=work_injury_clocks.CLOCKS,
    direction="down",
)
ORDERS_DUE_TODAY = counted(
    "orders_due_today",
    Text("今日到期整改指令", "Orders due today"),
    Text("整改期限为今日、至今未销号的整改指令", "Orders whose day due is today and that are not closed"),
    rectification.TABLE,
    Count(where={"is_open": (True,)}, within_s=IS_AHEAD),
    sources=rectification.SOURCES,
    example_row={"is_open": True, "due_at": 1},
    placed_by="due_on",
    by=rectification.BY,
    windows=NOW,
    noun=rectification.ORDERS,
    direction="down",
)


def together(parts: Sequence[Sums]) -> Outcome:
    """Return how many things of all kinds there are; none where no kind is known."""
    is_known = any(part.estimate is not None for part in parts)
    return Outcome(Estimate(sum(amount(part) for part in parts), None, None) if is_known else None)


def of_both(key: str, title: Text, definition: Text, orders: Metric, clocks: Metric) -> Metric:
    """Return how many orders and clocks there are of one kind."""
    return combined(
        key,
        title,
        definition,
        orders.table,
        (Part(orders.key), Part(clocks.key)),
        together,
        unit=Unit.COUNT,
        direction="down",
        sources=tuple(dict.fromkeys((*orders.sources, *clocks.sources))),
        bounds=(0, 2 * MOST),
        windows=NOW,
        noun=THINGS,
        example=((orders.example.rows, clocks.example.rows), 2.0),
    )


DUE_TODAY = of_both(
    "due_today",
    Text("今日到期", "Due today"),
    Text("今日到期的办理时限与整改指令之和", "Time limits of agencies and orders to put right that end today, together"),
    ORDERS_DUE_TODAY,
    CLOCKS_DUE_TODAY,
)
OVERDUE = of_both(
    "overdue",
    Text("已超期", "Overdue"),
    Text("已超期、尚未办结的办理时限与整改指令之和", "Time limits of agencies and orders to put right that are over, together"),
    rectification.ORDERS_OVERDUE,
    work_injury_clocks.OVERDUE_CLOCKS,
)
