"""Orders to put things right 整改指令 (section 4.1): how many are open or overdue, and whether limits are kept."""

from cockpit.formula import Count, Quantile, Share
from cockpit.interval import Interval, State
from cockpit.metric import Example, Metric, Target, Unit
from cockpit.metrics.in_days import EXAMPLE_LENGTHS, LONGEST_DAYS
from cockpit.metrics.records import counted, shared
from cockpit.metrics.rectification_intervals import INSPECTION, RECTIFICATION, SIGN_IN
from cockpit.text import Text
from cockpit.window import DAY_S, PERIODS

DOMAIN = Text("整改指令", "Orders to put right")

TABLE = "order_state"
SOURCES = ("rectification_order",)
ORDERS = Text("件", "orders")
BY = ("town", "level", "kind")
NOW = ("now",)
AT_ONCE_S = -1
"""An instant that is reached counts in its own second."""
OF_PLATFORM = Text("本平台默认口径", "Default of this platform")

ORDERS_PUSHED = counted(
    "orders_pushed",
    Text("推送整改指令", "Orders pushed"),
    Text("时段内推送的整改指令", "Orders to put things right that were pushed in the window"),
    TABLE,
    sources=SOURCES,
    example_row={"is_open": True},
    by=BY,
    noun=ORDERS,
)
ORDERS_OPEN = counted(
    "orders_open",
    Text("在办整改指令", "Orders open"),
    Text("至今未销号的整改指令，不论何时推送", "Orders that are not closed, whenever they were pushed"),
    TABLE,
    Count(where={"is_open": (True,)}),
    sources=SOURCES,
    example_row={"is_open": True},
    by=BY,
    windows=NOW,
    noun=ORDERS,
)
ORDERS_OVERDUE = counted(
    "orders_overdue",
    Text("超期整改指令", "Orders overdue"),
    Text(
        "整改期限在今日之前、至今未销号的整改指令；尚未检查、未定期限的不计入",
        "Orders whose day due lies before today and that are not closed; without an inspection there is no such day yet",
    ),
    TABLE,
    Count(where={"is_open": (True,)}, present=("due_at",), beyond_s={"due_at": AT_ONCE_S}),
    sources=SOURCES,
    example_row={"is_open": True, "due_at": 0},
    by=BY,
    windows=NOW,
    noun=ORDERS,
    direction="down",
    is_platform_default=True,
)
INSPECT_ON_TIME = shared(
    "inspect_on_time",
    Text("按时检查率", "Inspected on time"),
    Text(
        "检查时限在时段内届满的红、橙级指令中按时检查的占比：自推送起红级5个、橙级10个工作日",
        "Of red and orange orders whose limit for the inspection ended in the window, those inspected within it: "
        "5 working days from the push for red, 10 for orange",
    ),
    TABLE,
    Share(
        among=Count(present=("inspect_due_at",), beyond_s={"inspect_due_at": AT_ONCE_S}),
        hit=Count(where={"is_inspected_on_time": (True,)}),
    ),
    sources=SOURCES,
    hit={"inspect_due_at": 0, "is_inspected_on_time": True},
    miss={"inspect_due_at": 0},
    placed_by="inspect_due_at",
    by=BY,
    windows=PERIODS,
    target=Target(value=90, basis=OF_PLATFORM),
    is_platform_default=True,
)
RECTIFY_RATE = shared(
    "rectify_rate",
    Text("按期整改率", "Put right on time"),
    Text(
        "整改期限在时段内届满的整改指令中按期销号的占比；至今未销号的算未按期",
        "Of orders whose day due ended in the window, those closed by it; one that is still open was not",
    ),
    TABLE,
    Share(among=Count(present=("due_at",), beyond_s={"due_at": AT_ONCE_S}), hit=Count(where={"is_closed_on_time": (True,)})),
    sources=SOURCES,
    hit={"due_at": 0, "is_closed_on_time": True},
    miss={"due_at": 0, "is_open": True},
    placed_by="due_at",
    by=BY,
    windows=PERIODS,
    target=Target(value=85, basis=OF_PLATFORM),
    is_platform_default=True,
)


def median(interval: Interval, key: str, definition: Text) -> Metric:
    """Return the median days of one step of the orders that were pushed in the window."""
    rows = ({"event_at": 0, interval.value: n * DAY_S, interval.state: State.VALID.value} for n in EXAMPLE_LENGTHS)
    return Metric(
        key=key,
        title=Text(f"{interval.title.zh}中位数", f"{interval.title.en}, median"),
        definition=definition,
        unit=Unit.DAYS,
        direction="down",
        table=TABLE,
        formula=Quantile(interval=interval, q=0.5),
        sources=SOURCES,
        bounds=(0, LONGEST_DAYS),
        by=BY,
        windows=PERIODS,
        example=Example(rows=tuple(rows), value=10.5),
    )


SIGN_IN_TIME = median(
    SIGN_IN,
    "sign_in_time",
    Text(
        "时段内推送的指令从推送到签收的工作日数，推送当日为0，应在2个工作日内；未签收的不计入总数",
        "Working days from push to signature, the day itself being 0 and 2 the limit, of orders pushed in the window, signed",
    ),
)
INSPECTION_TIME = median(
    INSPECTION,
    "inspection_time",
    Text(
        "时段内推送的指令从推送到检查的工作日数，推送当日为0；未检查的不计入总数",
        "Working days from push to inspection, the day itself being 0, of orders pushed in the window that were inspected",
    ),
)
RECTIFICATION_TIME = median(
    RECTIFICATION,
    "rectification_time",
    Text(
        "时段内推送的指令从检查到整改完成的天数，按当地日历日相减；未完成的不计入总数",
        "Local calendar days from inspection to being put right, of orders pushed in the window that were put right",
    ),
)
