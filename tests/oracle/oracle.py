"""What every metric should read at one instant, of the whole city and of each of its parts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.oracle.estimates import Estimate, mean, quantile, ratio, share
from tests.oracle.facts import derive
from tests.oracle.issues import issues
from tests.oracle.metrics import METRICS, Counted, Metric, Shared, Summed, Timed
from tests.oracle.records import City, Records, Row
from tests.oracle.spans import IN_DAYS, IN_SECONDS, N_TOTAL_STATES, SPANS, cell
from tests.oracle.windows import DAY_S, LIVE, windows

WHOLE = "whole city"
SHORT_BELOW = 20
NO_ESTIMATE = (None, None, None)


class Answer(NamedTuple):
    """What a reading should say."""

    value: float | None
    n: int
    n_total: int
    hit_count: int
    low: float | None
    high: float | None
    states: Mapping[str, int]
    status: str


class Judged(NamedTuple):
    """One interval of some rows: how many are in each state, and the valid lengths in order."""

    states: Mapping[str, int]
    seconds: Sequence[int]


Group = list[int]


class Oracle:
    """All that is known at one instant within the longest window, and what every metric should read then.

    With a town named, all that somebody may see who is given that town only.
    """

    def __init__(self, records: Records, city: City, as_of: int, *, town: str | None = None) -> None:
        self.city, self.as_of = city, as_of
        self.windows = windows(as_of, city.zone)
        self.derived = derive(records, city.zone)
        self.derived["data_quality_issue"] = issues(self.derived)
        seen = {name: [row for row in rows if town in {None, row.get("town")}] for name, rows in self.derived.items()}
        self.tables = {name: self.placed(rows) for name, rows in seen.items()}
        self.event_at = {name: [row.get("event_at", 0) for row in rows] for name, rows in self.tables.items()}
        self.cells = {key: [cell(row, span, as_of) for row in self.tables[span.table]] for key, span in SPANS.items()}
        self.split: dict[tuple[str, str, str | None], dict[str | None, Group]] = {}
        self.judged: dict[tuple[str, str, str | None], dict[str | None, Judged]] = {}

    def placed(self, rows: list[Row]) -> list[Row]:
        """Return the rows that some window can hold, in order of time; rows in days are also asked for all that there are."""
        start = self.windows["d365"][0]
        kept = (r for r in rows if "days" in r or r.get("event_at", start) >= start)
        return sorted(kept, key=lambda r: r.get("event_at", start))

    def answers(self, key: str, window: str, by: str | None = None) -> dict[str | None, Answer]:
        """Return what a metric should read in a window: of the whole city, or of each part that has any row in it."""
        metric = METRICS[key]
        groups = self.groups(metric.table, window, by)
        if isinstance(metric, Timed):
            judged = self.judged_groups(metric.span, window, by)
            found = {name: timed(metric, judged[name]) for name in groups}
        else:
            found = {name: self.answer(metric, group) for name, group in groups.items()}
        return {name: self.trusted(metric, answer, window) for name, answer in found.items()}

    def nothing(self, key: str, window: str) -> Answer:
        """Return what a metric should read of a part without any row."""
        metric = METRICS[key]
        none = timed(metric, Judged({}, ())) if isinstance(metric, Timed) else self.answer(metric, [])
        return self.trusted(metric, none, window)

    def groups(self, table: str, window: str, by: str | None) -> dict[str | None, Group]:
        """Return the places of a table's rows in a window, by the part that they belong to."""
        if (table, window, by) not in self.split:
            start, end = (bisect_left(self.event_at[table], at) for at in self.windows[window])
            if window == "now":
                start, end = 0, len(self.tables[table])
            found: dict[str | None, Group] = {} if by else {WHOLE: list(range(start, end))}
            for at in range(start, end) if by else ():
                found.setdefault(self.tables[table][at].get(by), []).append(at)
            self.split[table, window, by] = found
        return self.split[table, window, by]

    def judged_groups(self, span: str, window: str, by: str | None) -> dict[str | None, Judged]:
        """Return an interval's states and lengths in each part."""
        if (span, window, by) not in self.judged:
            cells = self.cells[span]
            self.judged[span, window, by] = {
                name: Judged(
                    Counter([cells[at].state for at in group]),
                    sorted([s for at in group if (s := cells[at].seconds) is not None]),
                )
                for name, group in self.groups(SPANS[span].table, window, by).items()
            }
        return self.judged[span, window, by]

    def answer(self, metric: Counted | Shared | Summed, group: Group) -> Answer:
        """Return what a metric that is no length should read of some rows."""
        rows = self.tables[metric.table]
        if isinstance(metric, Summed):
            return summed(metric, [rows[at] for at in group])
        if isinstance(metric, Counted):
            return counted(self.count(metric, group))
        asked = [rows[at] for at in group if metric.asked(rows[at], self.as_of)]
        valid = [row for row in asked if metric.valid(row, self.as_of)]
        hits = sum(metric.hit(row, self.as_of) for row in valid)
        return estimated(len(valid), len(asked), hits, lambda: share(hits, len(valid)))

    def count(self, metric: Counted, group: Group) -> int:
        if metric.in_state:
            span, state = metric.in_state
            return sum(self.cells[span][at].state == state for at in group)
        rows = self.tables[metric.table]
        return sum(metric.counts(rows[at], self.as_of) for at in group)

    def trusted(self, metric: Metric, answer: Answer, window: str) -> Answer:
        """Return an answer with its status as the window and the city allow."""
        if set(metric.needs) & self.city.cannot_know or not set(metric.sources) <= self.city.fed:
            return answer._replace(value=None, low=None, high=None, status="missing")
        return answer._replace(status="provisional") if answer.status == "ok" and window in LIVE else answer


def counted(count: int) -> Answer:
    return Answer(count, count, count, count, None, None, {}, "ok")


def estimated(n: int, n_total: int, hits: int, estimate: Callable[[], Estimate]) -> Answer:
    """Return an estimate where it stands on enough rows."""
    if n < SHORT_BELOW:
        return Answer(None, n, n_total, hits, None, None, {}, "short" if n else "missing")
    value, low, high = estimate()
    return Answer(value, n, n_total, hits, low, high, {}, "ok")


def summed(metric: Summed, rows: Sequence[Row]) -> Answer:
    pairs = [(r[metric.above], r[metric.below]) for r in rows if r[metric.above] is not None and r[metric.below] is not None]
    return estimated(len(pairs), len(rows), len(pairs), lambda: ratio(pairs))


def timed(metric: Timed, judged: Judged) -> Answer:
    """Return what a metric of lengths should read."""
    n_total = sum(judged.states.get(state, 0) for state in N_TOTAL_STATES)
    lengths = judged.seconds
    if metric.formula == "complete":
        found = estimated(n_total, n_total, len(lengths), lambda: share(len(lengths), n_total))
    elif metric.formula == "within":
        hits = sum(s <= metric.argument for s in lengths)
        found = estimated(len(lengths), n_total, hits, lambda: share(hits, len(lengths)))
    elif metric.formula == "mean":
        found = estimated(len(lengths), n_total, len(lengths), lambda: mean(lengths))
    else:
        found = estimated(len(lengths), n_total, len(lengths), lambda: quantile(lengths, metric.argument))
    scaled = [in_unit(number, metric) for number in (found.value, found.low, found.high)]
    return found._replace(value=scaled[0], low=scaled[1], high=scaled[2], states=judged.states)


def in_unit(number: float | None, metric: Timed) -> float | None:
    """Return a number in the metric's unit: percent as it is, seconds, minutes, or days."""
    if number is None or metric.formula in {"within", "complete"} or metric.span in IN_SECONDS:
        return number
    return number / (DAY_S if metric.span in IN_DAYS else 60)
