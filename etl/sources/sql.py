"""`sql`: rows of a department's database, by anything that SQLAlchemy can open.

With a cursor column a read asks for what is newer than the last row that was loaded, and for what lies within the overlap
behind it: rows that were committed late stand there. What lies behind is known by one hash, so that it costs nothing while
it stays as it was. Without a cursor all rows are read, or those of the last days, and compared: what is gone is gone.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import WHOLE_TABLE, Batch, Span
from etl.database import opened, text_of
from etl.delimited import Rows, extract_of
from etl.garbled import storable
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of
from etl.position import Overlap, Position, understood
from etl.unchanged import nothing_new

SEPARATOR = "\x1f"
"""Between the cells of a row that is hashed: no text holds it by accident."""

FEWEST_ROWS = 20
"""Of fewer rows no drop is worth an alarm, as for the guards. [DEF]"""

Conditions = list[sa.ColumnElement[bool]]
Row = tuple[Any, ...]


class Source:
    """The rows of one table or SELECT."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to ask."""
        assert config.sql is not None
        self.config, self.site, self.place = config, site, config.sql
        self.overlap = Overlap(self.place.overlap_s, self.place.overlap)
        self.origin = f"sql: {self.place.table or 'query'}"

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield what is new, what changed behind it, and what is compared, or an empty batch. Raises: SourceError."""
        mapper, state, has_news = self.mapper(known, as_of), dict(cursor), False
        try:
            with opened(self.config.key, self.place, self.site.time_zone) as connection:
                for batch in self.newer(connection, state, mapper) if self.place.cursor_column else ():
                    has_news, state = True, dict(batch.cursor)
                    yield batch
                if self.is_compared(state, as_of):
                    state["compared_at"] = as_of
                    if (compared := self.compared(connection, state, as_of, mapper)) is not None:
                        has_news = True
                        yield compared
        except BatchHeld as held:
            yield BatchHeld(str(held), origin=self.origin)
            return
        if not has_news:
            yield nothing_new(mapper, self.origin, state)

    def history(self, span: tuple[int, int], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield the rows of some days once more. Raises: SourceError when no column says when a row happened."""
        if not self.place.window_column:
            raise SourceError(f"source {self.config.key}: no window_column in site.toml says when a row happened")
        with opened(self.config.key, self.place, self.site.time_zone) as connection:
            column: sa.ColumnElement[Any] = sa.column(self.place.window_column)
            begin, end = (self.midnight(connection, instant) for instant in span)
            rows = self.rows(connection, [column >= begin, column < end])
        yield self.batch(rows, self.mapper(known, as_of), {}, span=span)

    def mapper(self, known: Known, as_of: int) -> Mapper:
        """Return what maps the rows."""
        return Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of)

    def newer(self, connection: sa.Connection, state: dict[str, Any], mapper: Mapper) -> Iterator[Batch]:
        """Yield rows behind the cursor, if any of them changed, and then those after it, page by page."""
        column: sa.ColumnElement[Any] = sa.column(self.place.cursor_column)
        position, after = Position(self.overlap), understood(state.get("after"))
        conditions: Conditions = []
        if after is not None:
            position.after = after
            is_behind = sa.and_(column >= self.overlap.before(after), column <= after)
            rows = self.rows(connection, [sa.or_(column.is_(None), is_behind)])
            self.take(position, rows)
            if position.kept()["behind"] != state.get("behind"):
                yield self.batch(rows, mapper, {**state, **position.kept()})
            conditions = [column > after]
        ahead = self.select(conditions).order_by(column)
        result = connection.execution_options(yield_per=self.place.page_rows).execute(ahead)
        for page in result.partitions(self.place.page_rows):
            rows = [tuple(row) for row in page]
            self.take(position, rows)
            yield self.batch(rows, mapper, {**state, **position.kept()})

    def take(self, position: Position, rows: Iterable[Row]) -> None:
        """Let a position go on to rows."""
        place = self.config.header.index(self.place.cursor_column)
        with_cursor = sorted((row for row in rows if row[place] is not None), key=lambda row: row[place])
        for row in [*with_cursor, *(row for row in rows if row[place] is None)]:
            position.take(row[place], line_of(row))

    def is_compared(self, state: Mapping[str, Any], as_of: int) -> bool:
        """Whether all rows, or those of the last days, are read this time."""
        if self.place.cursor_column and not self.place.window_column:
            return False
        return not 0 <= as_of - state.get("compared_at", -self.place.compare_every_s) < self.place.compare_every_s

    def compared(self, connection: sa.Connection, state: Mapping[str, Any], as_of: int, mapper: Mapper) -> Batch | None:
        """Return all rows, or those of the last days, unless they are what they were. Raises: BatchHeld when most are gone."""
        span = self.window(as_of)
        conditions = [] if span[0] is None else [sa.column(self.place.window_column) >= self.midnight(connection, span[0])]
        rows = self.rows(connection, conditions)
        content = digest_of(rows)
        if content == state.get("content"):
            return None
        before, limit = state.get("count", 0), 1 - self.config.guards.drop_share
        if span != WHOLE_TABLE and before >= FEWEST_ROWS and len(rows) < limit * before:
            raise BatchHeld(
                f"{self.origin}: {len(rows)} rows of the last {self.place.window_days} days came where {before} were; "
                "nothing was loaded: is the table being filled? If they are gone indeed, raise guards.drop_share in site.toml"
            )
        cursor = {**state, "content": content, "count": len(rows)}
        return self.batch(rows, mapper, cursor, span=span, is_whole=span == WHOLE_TABLE)

    def window(self, as_of: int) -> Span:
        """Return the span (UTC s) that is compared: from the midnight with which the last local days begin, or all."""
        if self.place.window_days is None:
            return WHOLE_TABLE
        today = dt.datetime.fromtimestamp(as_of, self.site.zone).date()
        first = today - dt.timedelta(days=self.place.window_days - 1)
        return int(dt.datetime.combine(first, dt.time(), self.site.zone).timestamp()), None

    def midnight(self, connection: sa.Connection, instant: int) -> dt.datetime | str:
        """Return a local midnight as the database compares it; text that SQLite keeps begins with its date."""
        local = dt.datetime.fromtimestamp(instant, self.site.zone).replace(tzinfo=None)
        return local.date().isoformat() if connection.dialect.name == "sqlite" else local

    def select(self, conditions: Conditions) -> sa.Select[Any]:
        """Return the SELECT of the declared columns."""
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in self.config.header]
        schema, _, name = self.place.table.rpartition(".")
        if self.place.table:
            return sa.select(*columns).select_from(sa.table(name, schema=schema or None)).where(*conditions)
        asked = sa.text(f"({self.place.query.strip().rstrip(';')}) AS asked")
        return sa.select(*columns).select_from(asked).where(*conditions)

    def rows(self, connection: sa.Connection, conditions: Conditions) -> list[Row]:
        """Return the rows that meet some conditions. Raises: SourceError when they are too many to be held."""
        limit = self.place.max_rows
        found = [tuple(row) for row in connection.execute(self.select(conditions).limit(limit + 1))]
        if len(found) > limit:
            raise SourceError(
                f"source {self.config.key}: more than {limit:,} rows in one read; name a cursor_column or a window_column in "
                "site.toml, or raise max_rows"
            )
        return found

    def batch(
        self, rows: list[Row], mapper: Mapper, cursor: Mapping[str, Any], *, span: Span | None = None, is_whole: bool = False
    ) -> Batch:
        """Return rows as a batch; without a span they list nothing whole. Raises: BatchHeld."""
        cells = [[storable(text_of(value)) for value in row] for row in rows]
        told = digest_of(rows) if span is None else f"{digest_of(rows)} of {span}"  # the same rows say more where they are all
        content = hashlib.sha256(told.encode()).hexdigest()
        extract = extract_of(self.config, self.origin, content, Rows([0] * len(cells), cells))
        batch = batch_of(extract, mapper, cursor=cursor, is_whole=is_whole, span=span or WHOLE_TABLE)
        return batch if span is not None else replace(batch, complete={})


def line_of(row: Row) -> str:
    """Return a row as one text, to be hashed."""
    return SEPARATOR.join(text_of(value) for value in row)


def digest_of(rows: Iterable[Row]) -> str:
    """Return a hash of rows, in whatever order they come."""
    told_rows = "\n".join(sorted(line_of(row) for row in rows))
    return hashlib.sha256(told_rows.encode("utf-8", "surrogatepass")).hexdigest()
