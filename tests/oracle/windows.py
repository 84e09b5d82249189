"""Windows of time in a city's local days (domain specification, section 6.5, rule 10)."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_S = 24 * 3600
FREEZE = timedelta(hours=2)
LIVE = ("today", "h24")
FROZEN_DAYS = {"d7": 7, "d28": 28, "d365": 365}
PLACED = (*LIVE, *FROZEN_DAYS)
NOW = ("now",)


def windows(as_of: int, zone: ZoneInfo) -> Mapping[str, tuple[float, float]]:
    """Return every window as [from, to): the live ones end now, the others at the last frozen midnight."""
    now = datetime.fromtimestamp(as_of, zone).replace(tzinfo=None)
    frozen_on = (now - FREEZE).date()
    end = midnight(frozen_on, zone)
    frozen = {name: (midnight(frozen_on - timedelta(days=n), zone), end) for name, n in FROZEN_DAYS.items()}
    live = {"today": (midnight(now.date(), zone), as_of + 1), "h24": (as_of + 1 - DAY_S, as_of + 1)}
    return {**live, **frozen, "now": (-math.inf, math.inf)}


def midnight(on: date, zone: ZoneInfo) -> int:
    return utc(datetime.combine(on, time()), zone)


def utc(local: datetime, zone: ZoneInfo) -> int:
    """Return a wall time in UTC seconds; of two instants the earlier (PEP 495, fold=0)."""
    return int(local.replace(tzinfo=zone).timestamp())
