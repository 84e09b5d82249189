"""Metrics of an interval that is counted in the site's local days: median, P90, mean and the share of valid values.

The domain specification asks for all of them together, never for the mean alone (section 2.3).
"""

from dataclasses import replace

from cockpit.columns import USUAL_PLACE
from cockpit.formula import Completeness, Formula, Mean, Quantile
from cockpit.interval import Interval, State
from cockpit.metric import Example, Metric, Unit
from cockpit.text import Text
from cockpit.window import DAY_S, PLACED

LONGEST_DAYS = 36_525
"""No interval of a person's affairs is longer than a hundred years."""

EXAMPLE_LENGTHS = range(1, 21)
"""Twenty valid lengths, the fewest that a quantile is given for."""


def in_days(
    interval: Interval,
    what: Text,
    *,
    sources: tuple[str, ...],
    by: tuple[str, ...],
    unit: Unit = Unit.DAYS,
    placed_by: str = USUAL_PLACE,
    windows: tuple[str, ...] = PLACED,
) -> tuple[Metric, ...]:
    """Return the metrics of an interval; `what` says from which stamp to which it runs, and what is not in n total."""
    by_days = Text("；按当地日历日相减", "; by local calendar days") if unit is Unit.DAYS else Text("", "")
    lengths: dict[str, tuple[Text, Formula, float]] = {
        "p50": (Text("中位数", "median"), Quantile(interval=interval, q=0.5), 10.5),
        "p90": (Text("P90", "P90"), Quantile(interval=interval, q=0.9), 18.1),
        "mean": (Text("均值", "mean"), Mean(interval=interval), 10.5),
    }
    found = [
        metric(
            interval,
            suffix,
            title=Text(f"{interval.title.zh}{name.zh}", f"{interval.title.en}, {name.en}"),
            definition=Text(f"{what.zh}{by_days.zh}", f"{what.en}{by_days.en}"),
            unit=unit,
            formula=formula,
            value=value,
            sources=sources,
            by=by,
        )
        for suffix, (name, formula, value) in lengths.items()
    ]
    found.append(
        metric(
            interval,
            "complete",
            title=Text(f"{interval.title.zh}有效率", f"{interval.title.en}, valid share"),
            definition=Text(
                f"{interval.title.zh}有效记录占应有记录的比例；缺失、颠倒、补录的为无效",
                f"Valid values of {interval.title.en.lower()} among rows that should have one: present, in order, not copied",
            ),
            unit=Unit.PERCENT,
            formula=Completeness(interval=interval),
            value=100.0,
            sources=sources,
            by=by,
        )
    )
    return tuple(replace(one, placed_by=placed_by, windows=windows) for one in found)


def metric(
    interval: Interval,
    suffix: str,
    *,
    title: Text,
    definition: Text,
    unit: Unit,
    formula: Formula,
    value: float,
    sources: tuple[str, ...],
    by: tuple[str, ...],
) -> Metric:
    """Return one metric of an interval, with the value expected of lengths of one to twenty."""
    size_s = 3600 if unit is Unit.HOURS else DAY_S
    rows = ({"event_at": 0, interval.value: n * size_s, interval.state: State.VALID.value} for n in EXAMPLE_LENGTHS)
    return Metric(
        key=f"{interval.key}_{suffix}",
        title=title,
        definition=definition,
        unit=unit,
        direction="up" if unit is Unit.PERCENT else "down",
        table=interval.table,
        formula=formula,
        sources=sources,
        bounds=(0, 100 if unit is Unit.PERCENT else LONGEST_DAYS * DAY_S / size_s),
        by=by,
        example=Example(rows=tuple(rows), value=value),
    )
