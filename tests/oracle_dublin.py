"""Every number of the Dublin site, worked out a second time from the raw record by the standard library alone.

Written from the domain specification (sections 6.2, 6.4, 6.5) and the notes on the record, without the cockpit's own code.
One line of the record is one call, one incident and one run of one unit. Instants and lengths are UTC seconds.
"""

import csv
import gzip
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple
from zoneinfo import ZoneInfo

RECORD = Path(__file__).parents[1] / "cockpit" / "sites" / "dublin" / "dublin_fire_2020_2022.csv.gz"
ZONE = ZoneInfo("Europe/Dublin")
HALF_DAY_S = 12 * 3600
DAY_S = 24 * 3600
FREEZE = timedelta(hours=2)
SHORT_BELOW = 20
Z_95 = 1.959963984540054
CITY = "whole city"
LIVE_WINDOWS = ("today", "h24")
FROZEN_WINDOWS_DAYS = {"d7": 7, "d28": 28, "d365": 365}

UNIT_STAMPS = ("ORD", "MOB", "IA", "MAV", "CD")
CHAIN = ("t_answer", "t_dispatch", "t_enroute", "t_onscene")
N_TOTAL_STATES = ("VALID", "NEG", "ZERO", "OUT", "COARSE", "MISSING")


class Line(NamedTuple):
    """One line of the record: its instants by column name, the empty ones left out."""

    incident: str
    station: str
    at: Mapping[str, int]


class Fact(NamedTuple):
    """What is known of a line at some instant, as an incident or as a run."""

    event_at: int
    station: str | None
    stamps: Mapping[str, int]
    has_call: bool
    is_cancelled: bool
    has_ended: bool


class Span(NamedTuple):
    """An interval: between which stamps, in what order its marks must stand, and when it counts."""

    marks: tuple[str, ...]
    cap_min: float = math.inf
    rejects_zero: bool = False
    part: tuple[str, str] | None = None


class Timed(NamedTuple):
    """A metric of lengths. `argument` is the quantile, or the limit in seconds."""

    table: str
    span: str
    formula: Callable[[Sequence[int], int, float], tuple[float, float | None, float | None]]
    argument: float = math.nan


class Counted(NamedTuple):
    """A metric that counts facts; `counts` is asked with the fact and the state of `span`."""

    table: str
    counts: Callable[[Fact, str], bool]
    span: str = ""


class Answer(NamedTuple):
    """What a reading should say."""

    value: float | None
    n: int
    n_total: int
    low: float | None
    high: float | None
    states: Mapping[str, int]
    status: str


def utc(local: datetime) -> int:
    """Return a wall time of Dublin in UTC seconds; of two instants the earlier (PEP 495, fold=0)."""
    return int(local.replace(tzinfo=ZONE).timestamp())


def wall(day: str, clock: str) -> datetime:
    """Read a dd/mm/yyyy date and an HH:MM:SS clock."""
    day_of_month, month, year = day.split("/")
    return datetime.fromisoformat(f"{year}-{month}-{day_of_month}T{clock}")


def stamp(day: str, clock: str, taken: datetime) -> int:
    """Return a stamp's instant: the next day's when it would lie more than 12 h before the call."""
    on_date = wall(day, clock)
    is_next_day = taken - on_date > timedelta(hours=12)
    return utc(on_date + timedelta(days=1) if is_next_day else on_date)


def raw_bytes() -> bytes:
    return gzip.decompress(RECORD.read_bytes())


@cache
def raw_rows() -> tuple[Mapping[str, str], ...]:
    return tuple(csv.DictReader(raw_bytes().decode("utf-8").splitlines(keepends=True)))


@cache
def lines() -> tuple[Line, ...]:
    return tuple(line(row) for row in raw_rows())


def line(row: Mapping[str, str]) -> Line:
    taken = wall(row["Date"], row["TOC"])
    at = {name: stamp(row["Date"], row[name], taken) for name in UNIT_STAMPS if row[name]}
    return Line(row["ID"], row["Station Name"], {"TOC": utc(taken), **at})


def fact(line: Line, as_of: int) -> Fact | None:
    """Return what is known of a line, or None when nothing of it has happened yet."""
    known = {name: at for name, at in line.at.items() if at <= as_of}
    if not known:
        return None
    was_attended = "IA" in line.at
    names = {"TOC": "t_answer", "ORD": "t_dispatch", "MOB": "t_enroute", "IA": "t_onscene"}
    if was_attended:
        names["MAV"] = "t_back"
    return Fact(
        event_at=known.get("TOC", min(known.values())),
        station=line.station if known.keys() & set(UNIT_STAMPS) else None,
        stamps={names[name]: at for name, at in known.items() if name in names},
        has_call="TOC" in known,
        is_cancelled="MAV" in known and not was_attended,
        has_ended="MAV" in known or "CD" in known,
    )


SPANS: Mapping[str, Span] = {
    "e1": Span(("t_ring", "t_answer"), 5),
    "e2": Span(("t_answer", "t_accept_end"), 20),
    "e3": Span(("t_accept_end", "t_dispatch"), 30, rejects_zero=True),
    "e23": Span(("t_answer", "t_dispatch"), 50),
    "e6": Span(("t_answer", "t_onscene"), 120),
    "e6b": Span(("t_dispatch", "t_onscene"), 120),
    "e6c": Span(("t_ring", "t_onscene"), 120),
    "chain_handling": Span(CHAIN, 120, part=("t_answer", "t_dispatch")),
    "chain_turnout": Span(CHAIN, 120, part=("t_dispatch", "t_enroute")),
    "chain_travel": Span(CHAIN, 120, part=("t_enroute", "t_onscene")),
    "e4": Span(("t_dispatch", "t_enroute"), 30, rejects_zero=True),
    "e5": Span(("t_enroute", "t_onscene"), 90),
    "e7": Span(("t_onscene", "t_leave")),
    "e7b": Span(("t_onscene", "t_back")),
    "e8": Span(("t_leave", "t_hosp")),
    "e9": Span(("t_hosp", "t_handover"), 180),
    "e10": Span(("t_dispatch", "t_back")),
}
RUN_SPANS = ("e4", "e5", "e7", "e7b", "e8", "e9", "e10")
SPANS_IN_SECONDS = ("e1", "e2", "e3", "e23", "e4")


def state_of(fact: Fact, span: Span) -> str:
    """Return the state of one interval: the first rule that applies."""
    if not fact.has_call:
        return "WAITING"
    if fact.is_cancelled:
        return "OUTSIDE"
    marks = [fact.stamps[mark] for mark in span.marks if mark in fact.stamps]
    if len(marks) < len(span.marks):
        return "MISSING" if fact.has_ended else "OPEN"
    return state_of_marks(marks, span)


def state_of_marks(marks: Sequence[int], span: Span) -> str:
    if list(marks) != sorted(marks):
        return "NEG"
    length_s = marks[-1] - marks[0]
    if length_s == 0 and span.rejects_zero:
        return "ZERO"
    return "OUT" if length_s > 60 * span.cap_min else "VALID"


def length_s(fact: Fact, span: Span) -> int:
    start, end = span.part or span.marks
    return fact.stamps[end] - fact.stamps[start]


def quantile(seconds: Sequence[int], _n_total: int, q: float) -> tuple[float, float | None, float | None]:
    """Return a quantile by linear interpolation, and its 95 % interval by order statistics."""
    rank = (len(seconds) - 1) * q
    below = math.floor(rank)
    above = min(below + 1, len(seconds) - 1)
    value = seconds[below] + (rank - below) * (seconds[above] - seconds[below])
    r, s = order_ranks(len(seconds), q)
    return value, seconds[r - 1] if r > 0 else None, seconds[s - 1] if s <= len(seconds) else None


@cache
def order_ranks(n: int, q: float) -> tuple[int, int]:
    """Return the ranks (from 1) between which a quantile lies in 95 %; 0 and n + 1 stand for no bound."""
    reach = 10 + 10 * math.sqrt(n * q * (1 - q))  # what lies ten standard deviations off weighs nothing
    counts = range(max(0, math.floor(n * q - reach)), min(n, math.ceil(n * q + reach)) + 1)
    below = list(running_sums(math.exp(log_binomial(n, k, q)) for k in counts))
    r = next(k for k, chance in zip(counts, below, strict=True) if chance >= 0.025)
    s = next(k for k, chance in zip(counts, below, strict=True) if chance >= 0.975) + 1
    return r, s


def log_binomial(n: int, k: int, q: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.fsum((ways, k * math.log(q), (n - k) * math.log1p(-q)))


def running_sums(values: Iterable[float]) -> Iterator[float]:
    """Yield running sums, with what rounding loses carried along (Neumaier)."""
    total, lost = 0.0, 0.0
    for value in values:
        longer = total + value
        lost += (total - longer) + value if total >= value else (value - longer) + total
        total = longer
        yield total + lost


def mean(seconds: Sequence[int], _n_total: int, _argument: float) -> tuple[float, float | None, float | None]:
    """Return the mean and its normal 95 % interval, by the sample's standard deviation."""
    value = fmean(seconds)
    margin = Z_95 * stdev(seconds) / math.sqrt(len(seconds))
    return value, value - margin, value + margin


def within(seconds: Sequence[int], _n_total: int, limit_s: float) -> tuple[float, float | None, float | None]:
    return share(sum(s <= limit_s for s in seconds), len(seconds))


def complete(seconds: Sequence[int], n_total: int, _argument: float) -> tuple[float, float | None, float | None]:
    return share(len(seconds), n_total)


def share(hits: int, n: int) -> tuple[float, float | None, float | None]:
    """Return a share in percent and its Wilson score interval."""
    p, z2 = hits / n, Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    margin = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return 100 * p, 100 * (centre - margin), 100 * (centre + margin)


def table_of(span: str) -> str:
    return "unit_run" if span in RUN_SPANS else "incident"


def every(_fact: Fact, _state: str) -> bool:
    return True


def has(mark: str) -> Callable[[Fact, str], bool]:
    return lambda fact, _state: mark in fact.stamps


def in_state(span: str, wanted: str) -> Counted:
    return Counted(table_of(span), lambda _fact, state: state == wanted, span)


CITY_ONLY = ("calls", "town_unknown", "quarantined")
METRICS: Mapping[str, Timed | Counted] = {
    **{f"{s}_p50": Timed(table_of(s), s, quantile, 0.5) for s, span in SPANS.items() if not span.part},
    **{f"{s}_p90": Timed(table_of(s), s, quantile, 0.9) for s, span in SPANS.items() if not span.part},
    **{f"{s}_mean": Timed("incident", s, mean) for s in ("e6", "chain_handling", "chain_turnout", "chain_travel")},
    **{f"{s}_complete": Timed(table_of(s), s, complete) for s in ("e4", "e5", "e6")},
    "answer10": Timed("incident", "e1", within, 10),
    "dispatch60": Timed("incident", "e3", within, 60),
    "out180": Timed("unit_run", "e4", within, 180),
    "e6_within12": Timed("incident", "e6", within, 720),
    "calls": Counted("emergency_call", every),
    "incidents": Counted("incident", every),
    "dispatched": Counted("incident", has("t_dispatch")),
    "arrived": Counted("incident", has("t_onscene")),
    "cancelled": Counted("incident", lambda fact, _state: fact.is_cancelled),
    "under_way": Counted("incident", lambda fact, _state: not fact.has_ended),
    "runs": Counted("unit_run", every),
    **{f"{s}_missing": in_state(s, "MISSING") for s in ("e4", "e5", "e6")},
    **{f"{s}_negative": in_state(s, "NEG") for s in ("e4", "e5", "e6")},
    **{f"{s}_out": in_state(s, "OUT") for s in ("e4", "e5", "e6")},
    "e4_zero": in_state("e4", "ZERO"),
    "waiting_runs": in_state("e4", "WAITING"),
    "town_unknown": Counted("incident", every),
    "quarantined": Counted("quarantine", every),
}


def windows(as_of: int) -> Mapping[str, tuple[float, float]]:
    """Return every window as [from, to): the live ones end now, the others at the last frozen midnight."""
    now = datetime.fromtimestamp(as_of, ZONE).replace(tzinfo=None)
    frozen_on = (now - FREEZE).date()
    end = midnight(frozen_on)
    frozen = {name: (midnight(frozen_on - timedelta(days=n)), end) for name, n in FROZEN_WINDOWS_DAYS.items()}
    live = {"today": (midnight(now.date()), as_of + 1), "h24": (as_of + 1 - DAY_S, as_of + 1)}
    return {**live, **frozen, "now": (-math.inf, math.inf)}


def windows_of(key: str) -> tuple[str, ...]:
    return ("now",) if key == "quarantined" else (*LIVE_WINDOWS, *FROZEN_WINDOWS_DAYS)


def midnight(on: date) -> int:
    return utc(datetime.combine(on, time()))


class Cell(NamedTuple):
    """A fact with one of its intervals: the state as it stands, the state at evaluation, the length when valid."""

    fact: Fact
    state: str = ""
    settled: str = ""
    seconds: int | None = None


def cell(fact: Fact, span: Span, as_of: int) -> Cell:
    """Judge an interval; what has been open for more than half a day is missing at evaluation."""
    state = state_of(fact, span)
    is_overdue = state == "OPEN" and fact.event_at < as_of - HALF_DAY_S
    return Cell(fact, state, "MISSING" if is_overdue else state, length_s(fact, span) if state == "VALID" else None)


class Oracle:
    """All that is known at one instant within the longest window, and what every metric should read then."""

    def __init__(self, as_of: int) -> None:
        self.windows = windows(as_of)
        known = (fact(line, as_of) for line in lines())
        placed = (f for f in known if f is not None and f.event_at >= self.windows["d365"][0])
        facts = sorted(placed, key=lambda f: f.event_at)
        calls = [f for f in facts if f.has_call]
        self.tables = {
            "emergency_call": calls,
            "incident": calls,
            "unit_run": [f for f in facts if f.station is not None],
            "quarantine": [],
        }
        self.cells = {name: [cell(f, span, as_of) for f in self.tables[table_of(name)]] for name, span in SPANS.items()}

    def answers(self, key: str, window: str) -> dict[str | None, Answer]:
        """Return what a metric should read in a window: for the city, and for each station with any row in it."""
        metric = METRICS[key]
        cells = self.within(window, self.cells[metric.span] if metric.span else [Cell(f) for f in self.tables[metric.table]])
        groups: dict[str | None, list[Cell]] = {CITY: cells}
        for placed in cells if key not in CITY_ONLY else ():
            groups.setdefault(placed.fact.station, []).append(placed)
        return {name: answer(metric, group, window) for name, group in groups.items()}

    def within(self, window: str, cells: list[Cell]) -> list[Cell]:
        start, end = (bisect_left(cells, at, key=lambda c: c.fact.event_at) for at in self.windows[window])
        return cells[start:end]


def answer(metric: Timed | Counted, cells: Sequence[Cell], window: str) -> Answer:
    """Return what a metric should read of some cells."""
    status = "provisional" if window in LIVE_WINDOWS else "ok"
    return counted(metric, cells, status) if isinstance(metric, Counted) else timed(metric, cells, status)


def counted(metric: Counted, cells: Sequence[Cell], status: str) -> Answer:
    count = sum(metric.counts(c.fact, c.settled) for c in cells)
    return Answer(count, count, count, None, None, {}, status)


def timed(metric: Timed, cells: Sequence[Cell], status: str) -> Answer:
    states = Counter([c.settled for c in cells])
    seconds = sorted([c.seconds for c in cells if c.seconds is not None])
    n_total = sum(states[state] for state in N_TOTAL_STATES)
    n = n_total if metric.formula is complete else len(seconds)
    if n < SHORT_BELOW:
        return Answer(None, n, n_total, None, None, states, "short" if n else "missing")
    value, low, high = (scaled(number, metric) for number in metric.formula(seconds, n_total, metric.argument))
    return Answer(value, n, n_total, low, high, states, status)


def scaled(number: float | None, metric: Timed) -> float | None:
    """Return a number in the metric's unit: percent as it is, seconds, or minutes."""
    if number is None or metric.formula in (within, complete) or metric.span in SPANS_IN_SECONDS:
        return number
    return number / 60
