"""Starts and stops of a clock in the log of many cases: which belong together, and what their payloads add.

A start that comes while the same clock still runs tells the same matter twice, and starts nothing.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.injury_clock import InjuryClock
from cockpit.injury_clocks import BY_ID
from etl.derive.injury_clock_calendar import FIRST_DAY, LAST_DAY
from etl.derive.injury_log import NOWHERE, NUMBERS, Mask, Places, is_any, last_places, stamped

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

LONGEST_EXTENSION_DAYS = 3660
"""More was never meant."""

SPEAKING = ("B1", "F2", "F6", "F8", "G1", "G3", "H4", "H5")
"""Events whose payload says something that a clock needs."""

PLACE = {key: place for place, key in enumerate(BY_ID)}
"""The number that stands for a clock while it is looked for: words would cost more than all the rest."""

NO_CODE = -1
"""Stands for the code of an event that is not there."""

Values = npt.NDArray[Any]


def payloads(log: pd.DataFrame) -> pd.DataFrame:
    """Return what payloads say, by place in the log: extension (days), day served, day known, item; missing where nothing."""
    found: dict[str, Values] = {name: np.full(len(log), np.nan) for name in ("extension_days", "served_on", "known_on")}
    found["item"] = np.full(len(log), None, object)
    texts = log["payload"].to_numpy()
    for place in np.flatnonzero(is_any(log, *SPEAKING) & log["payload"].notna().to_numpy()).tolist():
        said = json.loads(texts[place])
        if isinstance(said, dict):
            found["extension_days"][place] = extension(said.get("extension_days"))
            found["served_on"][place] = day_of(said.get("served_on"))
            found["known_on"][place] = day_of(said.get("known_on"))
            found["item"][place] = said["item"] if isinstance(said.get("item"), str) else None
    return pd.DataFrame(found)


def extension(said: Any) -> float:
    """Return by how many days a limit was extended, NaN when nothing believable is said."""
    is_number = isinstance(said, int) and not isinstance(said, bool)
    return said if is_number and 0 < said <= LONGEST_EXTENSION_DAYS else np.nan


def day_of(said: Any) -> float:
    """Return an ISO date as days since 1970, NaN when nothing believable is said."""
    try:
        day = date.fromisoformat(said).toordinal() - EPOCH_ORDINAL
    except (TypeError, ValueError):
        return np.nan
    return day if FIRST_DAY <= day <= LAST_DAY else np.nan


def matched(group: Places, is_start: Mask, is_end: Mask) -> tuple[Places, Places]:
    """Return the places of the starts, and for each that of the first end after it in its group, or NOWHERE."""
    places = np.flatnonzero(is_start | is_end)
    places = places[np.argsort(group[places], kind="stable")]
    own, starts = group[places], is_start[places]
    is_told_again = np.append(False, starts[:-1] & (own[1:] == own[:-1]))[: len(places)]
    begins = np.flatnonzero(starts & ~is_told_again)
    others = np.append(np.flatnonzero(~starts), len(places))
    follows = others[np.searchsorted(others, begins)]
    is_same = np.append(own, NOWHERE)[follows] == own[begins]
    return places[begins], np.where(is_same, np.append(places, NOWHERE)[follows], NOWHERE)


def paired(log: pd.DataFrame, said: pd.DataFrame, clock: InjuryClock) -> pd.DataFrame:
    """Return the spans of a clock that runs from a start to the first stop, or end, of the same case."""
    is_end = is_any(log, *clock.stops, *clock.ends)
    begins, ends = matched(log["case"].to_numpy(), is_any(log, *clock.starts), is_end)
    added = extended(log, said, clock.extended_by, begins, ends) if clock.extended_by else 0.0
    return spans_at(log, clock, begins, ends, added)


def extended(log: pd.DataFrame, said: pd.DataFrame, codes: tuple[str, ...], begins: Places, ends: Places) -> Values:
    """Return the days by which the last event of these codes inside each span extends it, 0 when none does."""
    case = log["case"].to_numpy()
    days = said["extension_days"].to_numpy()
    speaking = np.flatnonzero(is_any(log, *codes) & ~np.isnan(days))
    upto = np.where(ends == NOWHERE, last_places(case, np.ones(len(log), np.bool_), len(log))[case[begins]], ends)
    last = np.append(speaking, NOWHERE)[np.searchsorted(speaking, upto, side="right") - 1]
    return np.where(last >= begins, np.append(days, 0.0)[last], 0.0)


def spans_at(
    log: pd.DataFrame, clock: InjuryClock, begins: Places, ends: Places, extension_days: Values | float = 0.0
) -> pd.DataFrame:
    """Return spans from events to events of the log, NOWHERE where one has not ended."""
    codes = np.append(log["event_code"].cat.codes.to_numpy(), NO_CODE)[ends]
    told = {"row": log["row"].to_numpy()[begins], **stamped("from", log, begins), **stamped("to", log, ends)}
    is_stopped = np.isin(codes, [NUMBERS[code] for code in clock.stops])
    return completed(told, clock=PLACE[clock.id], to_code=codes, is_stopped=is_stopped, extension_days=extension_days)


def completed(found: Mapping[str, Any], **told: Any) -> pd.DataFrame:
    """Return spans with what they say of themselves, and with nothing added, paused or suspended where they say nothing."""
    return pd.DataFrame({**found, "extension_days": 0.0, "paused_days": 0, "is_suspended": False, **told})
