"""What a department's system sends: text cells as its header says, each row at its time, some late, twice or corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from etl.instants import to_wall
from etl.simulation.draws import MISSING, Codes, Instants, Mask, Names, Random, between, happens

PROMPT_S = (2, 10)
"""A row is sent this long after what it tells of, unless it is late."""
HOURS_LATE_S, DAY_LATE_S = (3600, 6 * 3600), (20 * 3600, 30 * 3600)
CORRECTED_AFTER_S = (86_400, 3 * 86_400)
AGAIN_AFTER_S = (1, 900)
LONGEST_DELAY_S = CORRECTED_AFTER_S[1] + DAY_LATE_S[1] + AGAIN_AFTER_S[1]
UNLISTED = "ZZ"
"""A code that is in no list: the row is refused."""

SEPARATORS = {"iso": "--T::", "slash": "// ::", "blank": "-- ::", "compact": ""}
"""How stamps are written, by the characters between their numbers."""
PLACES = (4, 7, 10, 13, 16)


Cells = Mapping[str, Names]
"""Rows by column, all cells text."""


@dataclass(frozen=True)
class Sent:
    """Rows of one stream, in the order they are sent (UTC s)."""

    cells: Cells
    sent_at: Instants


def sent(cells: Cells, sent_at: Instants) -> Sent:
    """Put rows in the order they are sent."""
    order = np.argsort(sent_at, kind="stable")
    return Sent({name: values[order] for name, values in cells.items()}, sent_at[order])


def prompt(random: Random, known_at: Instants) -> Instants:
    """Return when rows are sent that are known at these instants."""
    return known_at + between(random, *PROMPT_S, len(known_at))


def late(random: Random, sent_at: Instants, *, hours_share: float, day_share: float = 0.0) -> Instants:
    """Delay a share of rows by hours, and another one by a day."""
    n = len(sent_at)
    hours_late = happens(random, hours_share, n) * between(random, *HOURS_LATE_S, n)
    day_late = happens(random, day_share, n) * between(random, *DAY_LATE_S, n)
    return sent_at + np.where(day_late > 0, day_late, hours_late)


def corrected(random: Random, cells: Cells, sent_at: Instants, which: Mask, first: Cells) -> tuple[Cells, Instants]:
    """Let some rows be sent wrong first, as `first` says, and right as revision 1 some days later.

    `first` holds, for some columns, the values that revision 0 has in the chosen rows.
    """
    wrong = {name: np.where(which, first[name], values) if name in first else values for name, values in cells.items()}
    again = {name: values[which] for name, values in cells.items()}
    n = int(which.sum())
    revision = np.array(["0"] * len(sent_at) + ["1"] * n, object)
    joined = {name: np.concatenate([wrong[name], again[name]]) for name in cells}
    return {**joined, "rev": revision}, np.concatenate([sent_at, sent_at[which] + between(random, *CORRECTED_AFTER_S, n)])


def refused(random: Random, values: Names, share: float) -> Names:
    """Replace a share of codes by one that is in no list."""
    return np.where(happens(random, share, len(values)), UNLISTED, values).astype(object)


def twice(random: Random, cells: Cells, sent_at: Instants, share: float) -> tuple[Cells, Instants]:
    """Send a share of rows again as they were."""
    which = happens(random, share, len(sent_at))
    later_at = sent_at[which] + between(random, *AGAIN_AFTER_S, int(which.sum()))
    return {n: np.concatenate([v, v[which]]) for n, v in cells.items()}, np.concatenate([sent_at, later_at])


def stamps(instants: Instants, zone: ZoneInfo, style: str = "iso") -> Names:
    """Return instants as text on the zone's wall clock, '' where missing."""
    wall = to_wall(instants.astype(np.float64), zone).astype(np.int64)
    text = np.datetime_as_string(wall.astype("datetime64[s]")).astype("U19")
    letters = text.view("U1").reshape(len(text), 19).copy() if len(text) else np.zeros((0, 19), "U1")
    if separators := SEPARATORS[style]:
        letters[:, PLACES] = list(separators)
    else:
        letters = np.delete(letters, PLACES, axis=1)
    width = letters.shape[1]
    found = np.ascontiguousarray(letters).view(f"U{width}").reshape(-1).astype(object)
    found[instants == MISSING] = ""
    return found


def texts(codes: Names, positions: Codes) -> Names:
    """Return the code at each position, '' for a negative one."""
    return np.where(positions < 0, "", codes[positions]).astype(object)


def answers(truth: Mask) -> Names:
    """Return 是 and 否."""
    return np.where(truth, "是", "否").astype(object)


def numbers(values: np.ndarray, decimals: int, is_known: Mask) -> Names:
    """Return numbers as text with so many decimals, '' where unknown."""
    return np.array([f"{v:.{decimals}f}" if k else "" for v, k in zip(values.tolist(), is_known.tolist(), strict=True)], object)
