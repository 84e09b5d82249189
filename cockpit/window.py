"""Windows of time, in the site's local days.

Statistics of a day are frozen at 02:00 of the next one; windows of whole days end at the last frozen
midnight. `today` and `h24` reach up to the tick itself and are provisional (实时未审核).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from cockpit.errors import UnknownName
from cockpit.text import Text

FREEZE_HOUR = 2
"""Statistics freeze at D+1 02:00 (domain specification, section 6.5, rule 10)."""

DAY_S = 86_400


@dataclass(frozen=True)
class Window:
    """Rows with `from_at <= event_at < to_at` (UTC s)."""

    name: str
    from_at: int
    to_at: int
    is_provisional: bool


WINDOW_TEXT: Mapping[str, Text] = MappingProxyType(
    {
        "now": Text("当前", "now"),
        "today": Text("今日", "today"),
        "h24": Text("近24小时", "last 24 hours"),
        "d7": Text("近7日", "last 7 days"),
        "d28": Text("近28日", "last 28 days"),
        "d365": Text("近365日", "last 365 days"),
    }
)
DAYS = {"d7": 7, "d28": 28, "d365": 365}
PLACED = ("today", "h24", "d7", "d28", "d365")
"""The windows of everything that has a time; `now` is for what simply is so."""


def window(name: str, as_of: int, zone: ZoneInfo) -> Window:
    """Return a window as it stands at an instant (UTC s). Raises: UnknownName."""
    if name == "now":
        return Window(name, 0, as_of + 1, is_provisional=False)
    if name == "h24":
        return Window(name, as_of + 1 - DAY_S, as_of + 1, is_provisional=True)
    local = datetime.fromtimestamp(as_of, zone).replace(tzinfo=None)
    if name == "today":
        return Window(name, midnight(local, zone), as_of + 1, is_provisional=True)
    if name not in DAYS:
        raise UnknownName(f"there is no window {name!r}; there are {', '.join(WINDOW_TEXT)}")
    frozen = local - timedelta(hours=FREEZE_HOUR)
    start = frozen - timedelta(days=DAYS[name])
    return Window(name, midnight(start, zone), midnight(frozen, zone), is_provisional=False)


def midnight(local: datetime, zone: ZoneInfo) -> int:
    """Return the instant (UTC s) at which a local day begins."""
    return int(datetime.combine(local.date(), time(), tzinfo=zone).timestamp())
