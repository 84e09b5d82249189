"""Exchange between departments 多跨协同: how often it succeeds, and how soon an answer comes (WI-02)."""

from cockpit.formula import Count, Quantile, Share
from cockpit.interval import State
from cockpit.metric import Example, Metric, Unit
from cockpit.metrics.exchange_intervals import EXCHANGE_LATENCY, TIME_OUT_S
from cockpit.metrics.records import counted, shared
from cockpit.text import Text
from cockpit.window import PLACED

DOMAIN = Text("多跨协同", "Exchange between departments")

TABLE = "exchange_timing"
SOURCES = ("exchange_call",)
BY = ("to_dept", "from_dept")

EXCHANGE_CALLS = counted(
    "exchange_calls",
    Text("数据共享调用数", "Calls between departments"),
    Text("时段内部门之间的数据共享调用", "Calls of one department for another's data in the window"),
    TABLE,
    sources=SOURCES,
    by=BY,
    windows=PLACED,
    noun=Text("次", "calls"),
)
EXCHANGE_SUCCESS = shared(
    "exchange_success",
    Text("调用成功率", "Calls that succeeded"),
    Text(
        "时段内调用中得到可用应答的占比，5分钟内未应答计为失败",
        "Calls of the window with a usable answer; none within 5 minutes is a failure",
    ),
    TABLE,
    Share(
        among=Count(),
        hit=Count(where={"is_ok": (True,)}),
        still_open=Count(absent=("is_ok", "answered_at")),
        open_expires_s=TIME_OUT_S,
    ),
    sources=SOURCES,
    hit={"is_ok": True},
    miss={"is_ok": False},
    by=BY,
)
LATENCY_EXAMPLE = tuple(
    {"event_at": 0, EXCHANGE_LATENCY.value: n, EXCHANGE_LATENCY.state: State.VALID.value} for n in range(1, 21)
)
EXCHANGE_LATENCY_METRICS = tuple(
    Metric(
        key=f"exchange_latency_{suffix}",
        title=Text(f"应答时长{name}", f"Time to the answer, {name_en}"),
        definition=Text("从调用到应答的时长", "Time from the call to its answer"),
        unit=Unit.SECONDS,
        direction="down",
        table=TABLE,
        formula=Quantile(interval=EXCHANGE_LATENCY, q=q),
        sources=SOURCES,
        bounds=(0, EXCHANGE_LATENCY.cap_s or 86_400),
        by=BY,
        example=Example(rows=LATENCY_EXAMPLE, value=value),
    )
    for suffix, name, name_en, q, value in (("p50", "中位数", "median", 0.5, 10.5), ("p95", "P95", "P95", 0.95, 19.05))
)
