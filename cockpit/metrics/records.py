"""How metrics of one shape are declared: a count, a share, a sum, a mean, and what is made of other metrics."""

from collections.abc import Callable, Mapping, Sequence

from cockpit.columns import USUAL_PLACE
from cockpit.formula import MINIMUM_N, Average, Count, Distinct, Formula, Ratio, Share, Total
from cockpit.formula_combined import Combined, Outcome, Part
from cockpit.marks import Sums
from cockpit.metric import Direction, Example, Metric, Target, Unit
from cockpit.text import Text
from cockpit.window import PERIODS, PLACED

MOST = 10_000_000
"""No city counts more of anything in a year."""

NOW = ("now",)

Row = Mapping[str, object]


def counted(
    key: str,
    title: Text,
    definition: Text,
    table: str,
    formula: Formula | None = None,
    *,
    sources: tuple[str, ...],
    example_row: Row | None = None,
    placed_by: str = USUAL_PLACE,
    by: tuple[str, ...] = ("town",),
    windows: tuple[str, ...] = PERIODS,
    noun: Text | None = None,
    direction: Direction = "context",
    most: int = MOST,
    is_platform_default: bool = False,
) -> Metric:
    """Return a count of rows, its example being one row; of what stands as it is now, one without a stamp."""
    stamp = {} if windows == NOW else {placed_by: 0}
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=Unit.COUNT,
        direction=direction,
        table=table,
        formula=formula or Count(),
        sources=sources,
        bounds=(0, most),
        windows=windows,
        placed_by=placed_by,
        by=by,
        noun=noun,
        is_platform_default=is_platform_default,
        example=Example(rows=({**stamp, **(example_row or {})},), value=1),
    )


def shared(
    key: str,
    title: Text,
    definition: Text,
    table: str,
    formula: Share | Ratio,
    *,
    sources: tuple[str, ...],
    hit: Row,
    miss: Row,
    placed_by: str = USUAL_PLACE,
    among: Count | None = None,
    by: tuple[str, ...] = ("town",),
    windows: tuple[str, ...] = PLACED,
    direction: Direction = "up",
    target: Target | None = None,
    is_platform_default: bool = False,
) -> Metric:
    """Return a share, its example being three hits in four."""
    quarter = MINIMUM_N // 4
    rows = [{placed_by: 0, **hit}] * (3 * quarter) + [{placed_by: 0, **miss}] * quarter
    if isinstance(formula, Share) and formula.each:
        rows = [{**row, formula.each: str(place)} for place, row in enumerate(rows)]
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=Unit.PERCENT,
        direction=direction,
        table=table,
        formula=formula,
        sources=sources,
        bounds=(0, 100),
        placed_by=placed_by,
        among=among,
        by=by,
        windows=windows,
        target=target,
        is_platform_default=is_platform_default,
        example=Example(rows=tuple(rows), value=75.0),
    )


def of_column(
    key: str,
    title: Text,
    definition: Text,
    table: str,
    formula: Total | Average | Distinct,
    *,
    unit: Unit,
    sources: tuple[str, ...],
    example: tuple[Sequence[object], float],
    example_row: Row | None = None,
    placed_by: str = USUAL_PLACE,
    among: Count | None = None,
    by: tuple[str, ...] = ("town",),
    windows: tuple[str, ...] = PERIODS,
    noun: Text | None = None,
    direction: Direction = "context",
) -> Metric:
    """Return a sum, a mean or a number of different words; `example` are values of the column and what comes of them."""
    values, expected = example
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=unit,
        direction=direction,
        table=table,
        formula=formula,
        sources=sources,
        bounds=(0, 10**12),
        placed_by=placed_by,
        among=among,
        by=by,
        windows=windows,
        noun=noun,
        example=Example(
            rows=tuple({placed_by: 0, **(example_row or {}), formula.column: value} for value in values), value=expected
        ),
    )


def combined(  # noqa: PLR0917 in the order one says them: this name, for that, made of these, in this way
    key: str,
    title: Text,
    definition: Text,
    table: str,
    parts: tuple[Part, ...],
    combine: Callable[[Sequence[Sums]], Outcome],
    *,
    unit: Unit,
    direction: Direction,
    sources: tuple[str, ...],
    example: tuple[tuple[tuple[Row, ...], ...], float],
    bounds: tuple[float, float] = (0, 10**12),
    by: tuple[str, ...] = ("town",),
    windows: tuple[str, ...] = PERIODS,
    noun: Text | None = None,
    minimum_n: int = 0,
    target: Target | None = None,
    is_platform_default: bool = False,
) -> Metric:
    """Return a metric made of others; `table` is the first part's, `example` the rows of each and what comes of them."""
    rows, expected = example
    return Metric(
        key=key,
        title=title,
        definition=definition,
        unit=unit,
        direction=direction,
        table=table,
        formula=Combined(of=parts, combine=combine, minimum_n=minimum_n),
        sources=sources,
        bounds=bounds,
        by=by,
        windows=windows,
        noun=noun,
        target=target,
        is_platform_default=is_platform_default,
        example=Example(parts=rows, value=expected),
    )
