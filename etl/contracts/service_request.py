"""Contract of service requests 市民诉求 (12345 in China, 311 in North America), named as Open311 GeoReport v2 names them.

Source: Open311 GeoReport v2, `GET service_requests`. Its `requested_datetime` is `event_at`, as in every contract. Who asked,
from which address and in which words is not taken over: nothing here speaks of a person.
"""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text

STATUSES = ("open", "assigned", "closed")
"""GeoReport knows open and closed; `assigned` (已派单) is an open one that an agency has taken."""

PRECISIONS = ("s", "day")

SERVICE_REQUEST = Table(
    name="service_request",
    title=Text("市民诉求", "Service request"),
    grain="one row per request",
    key=("service_request_id",),
    by=("service_request_id",),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("service_request_id", Kind.TEXT, Text("工单编号", "Service request"), required=True),
        REV,
        Column("event_at", Kind.INSTANT, Text("诉求时刻", "When it was requested"), required=True),
        EVENT_LOCAL,
        Column("service_code", Kind.TEXT, Text("事项代码", "Code of the service asked for")),
        Column("service_name", Kind.TEXT, Text("事项名称", "Name of the service asked for")),
        Column("agency_responsible", Kind.TEXT, Text("承办单位", "Agency responsible")),
        Column("channel", Kind.TEXT, Text("受理渠道", "Channel it came by")),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town it is about, `?` when the record names none"), required=True),
        Column("status", Kind.TEXT, Text("状态", "Status that the record says"), allowed=STATUSES),
        Column(
            "closed_at", Kind.INSTANT, Text("办结时刻", "When it was closed; midnight when only the day is known"), is_past=True
        ),
        Column("closed_local", Kind.LOCAL, Text("办结当地时刻", "The same on the site's wall clock")),
        Column(
            "closed_precision",
            Kind.TEXT,
            Text("办结时间精度", "Precision of the closure; unsaid, midnight sharp means the day only"),
            allowed=PRECISIONS,
        ),
    ),
)
