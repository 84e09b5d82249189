"""What refused rows could do to a number, found by doing it: the rows that move it furthest turn, and it is read again."""

from collections.abc import Iterable, Mapping, Sequence

from tests.oracle.estimates import mean, quantile, share
from tests.oracle.metrics import METRICS, Timed
from tests.oracle.oracle import WHOLE, Oracle, in_unit
from tests.oracle.records import Row
from tests.oracle.spans import HALF_DAY_S, SPANS

NAMES_ITS_ROW: Mapping[str, tuple[str, ...]] = {
    "incident": ("emergency_call", "vehicle_status", "linkage", "prearrival"),
    "unit_run": ("vehicle_status", "prearrival"),
}
"""Table → the contracts whose rows name the one row of it that they concern."""


def in_doubt(refused: Iterable[Row], oracle: Oracle, key: str, window: str) -> list[Row]:
    """Return the refused rows that may concern a metric in a window; each says `into` and `claimed_at`."""
    metric, (start, end) = METRICS[key], oracle.windows[window]
    own = [r for r in refused if r["into"] in metric.sources]
    return [
        row
        for row in own
        if row["claimed_at"] is None
        or (start <= row["claimed_at"] < end if row["into"] == metric.table else row["claimed_at"] >= start - HALF_DAY_S)
    ]


def is_bounded(rows: Iterable[Row], key: str) -> bool:
    """Return whether each of some refused rows concerns at most one row of a metric's table."""
    metric = METRICS[key]
    others = isinstance(metric, Timed) and SPANS[metric.span].in_cancelled_runs
    return not others and all(r["into"] == metric.table or r["into"] in NAMES_ITS_ROW.get(metric.table, ()) for r in rows)


def furthest(oracle: Oracle, key: str, window: str, changed: int) -> list[float]:
    """Return the least and the most that a metric of lengths could be read as if so many lengths were others."""
    metric = METRICS[key]
    lengths = sorted(oracle.judged_groups(metric.span, window, None)[WHOLE].seconds)
    turned = min(changed, len(lengths))
    quicker = [0] * turned + lengths[: len(lengths) - turned]
    slower = lengths[turned:] + [60 * SPANS[metric.span].cap_min] * turned
    return sorted(in_unit(worked_out(metric, some), metric) for some in (quicker, slower))


def worked_out(metric: Timed, lengths: Sequence[float]) -> float:
    """Return what a metric makes of lengths in order."""
    if metric.formula == "within":
        return share(sum(length <= metric.argument for length in lengths), len(lengths))[0]
    return mean(lengths)[0] if metric.formula == "mean" else quantile(lengths, metric.argument)[0]
