"""Service requests 市民诉求 (12345, 311): how many there are, how many are open, how many days they take.

No share within a limit is given: no limit of days is known that a city has named for all its requests.
"""

from collections.abc import Mapping

from cockpit.formula import Count, Formula, InState, Share
from cockpit.interval import State
from cockpit.metric import Example, Metric, Unit
from cockpit.metrics.in_days import in_days
from cockpit.metrics.service_request_intervals import CLOSING
from cockpit.text import Text
from cockpit.window import PLACED

DOMAIN = Text("市民诉求", "Service requests")

SOURCES = ("service_request",)
BY = ("town", "agency_responsible")
REQUESTS = Text("件", "requests")
NOW = ("now",)


def counted(
    key: str,
    title: Text,
    definition: Text,
    formula: Formula,
    *,
    row: Mapping[str, object],
    by: tuple[str, ...] = BY,
    windows: tuple[str, ...] = PLACED,
) -> Metric:
    """Return a count of requests; `row` is one that it counts."""
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=Unit.COUNT,
        direction="context",
        table="request_state",
        formula=formula,
        sources=SOURCES,
        bounds=(0, 100_000_000),
        by=by,
        windows=windows,
        noun=REQUESTS,
        example=Example(rows=({"event_at": 0, **row},), value=1),
    )


COUNTS = (
    counted(
        "requests",
        Text("诉求数", "Requests"),
        Text("时段内提出的诉求", "Requests made in the window"),
        Count(),
        row={"state": "open"},
        by=(*BY, "status", "service_name", "channel"),
    ),
    counted(
        "requests_open",
        Text("在办诉求", "Requests open"),
        Text("至今未办结的诉求，不论何时提出", "Requests that are not closed yet, whenever they were made"),
        Count(where={"state": ("open",)}),
        row={"state": "open"},
        windows=NOW,
    ),
    counted(
        "requests_closed",
        Text("已办结诉求", "Requests closed"),
        Text("时段内提出、现已办结的诉求", "Requests made in the window that are closed by now"),
        Count(where={"state": ("closed",)}),
        row={"state": "closed"},
    ),
)
DAYS_TO_CLOSE = in_days(
    CLOSING,
    Text("从提出到办结的天数，未办结的不计入总数", "Days from request to closure; those still open are not in n total"),
    sources=SOURCES,
    by=BY,
)
QUALITY = (
    counted(
        "closing_negative",
        Text("早于提出的办结", "Closed before requested"),
        Text("办结时间早于提出时间的诉求", "Requests whose closure is stamped before the request"),
        InState(interval=CLOSING, state=State.NEG),
        row={CLOSING.state: State.NEG.value},
    ),
    counted(
        "closing_missing",
        Text("办结缺时间", "Closed without a stamp"),
        Text("登记为已办结而无办结时间的诉求", "Requests said to be closed that have no closing stamp"),
        InState(interval=CLOSING, state=State.MISSING),
        row={CLOSING.state: State.MISSING.value},
    ),
    counted(
        "closing_copied",
        Text("办结时间系复制", "Closing stamp copied"),
        Text(
            "登记为已办结、办结与提出为同一秒的诉求：时间系复制，天数无从得知，不计入有效值",
            "Closed requests stamped as closed in the second they were made: a copy, so that nobody knows their days",
        ),
        InState(interval=CLOSING, state=State.ZERO),
        row={CLOSING.state: State.ZERO.value},
    ),
    counted(
        "requests_contradictory",
        Text("状态与办结时间矛盾", "Status against stamp"),
        Text(
            "登记未办结却有办结时间的诉求：以时间为准；办结与提出同一秒的是复制，不采信，仍算在办",
            "Said to be open, yet stamped as closed: the stamp wins, unless it is that of the request itself, copied",
        ),
        Count(where={"contradiction": ("status_behind", "stamp_void")}),
        row={"contradiction": "status_behind"},
        by=("town", "contradiction"),
    ),
    counted(
        "requests_town_unknown",
        Text("诉求乡镇不明", "Requests without a town"),
        Text("记录未给出本市乡镇的诉求", "Requests whose record names no town of the city"),
        Count(where={"town": ("?",)}),
        row={"town": "?"},
        by=(),
    ),
    Metric(
        key="closing_by_clock",
        title=Text("办结时间带时分的比例", "Closures with a time of day"),
        definition=Text(
            "办结时间精确到秒的占有办结时间的诉求的比例；其余只知日期，因此办结时长以天计",
            "Closures stamped to the second among all that are stamped; of the rest only the day is known, so days are counted",
        ),
        unit=Unit.PERCENT,
        direction="up",
        table="request_state",
        formula=Share(among=Count(present=("closed_at",)), hit=Count(where={"closed_precision": ("s",)})),
        sources=SOURCES,
        bounds=(0, 100),
        by=("town",),
        example=Example(
            rows=(*({"event_at": 0, "closed_at": 0, "closed_precision": word} for word in ("s", "day") * 10),), value=50.0
        ),
    ),
)
