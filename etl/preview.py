"""A file looked at before it is submitted: read, mapped and judged by the code of the schedule, and nothing stored."""

import importlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from cockpit.ledger.books import batches_of_content
from cockpit.ledger.read import source_states
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.site import Site
from cockpit.source_config import Field_, SourceConfig
from cockpit.supply import batch_line
from cockpit.upload import Preview, RefusedCell, Sample
from etl.batch import Batch, Extract
from etl.catalogue import contracts
from etl.guards import objection
from etl.known import known_to
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of
from etl.schedule import site_clock
from etl.sources.files import Folder
from etl.template import allowed, written

MOST_REFUSED, MOST_SAMPLED = 200, 20
EPOCH = date(1970, 1, 1)


def preview(site: Site, ledger: Ledger, source: SourceConfig, path: Path, *, name: str, now: float) -> Preview:
    """Return what a file, called `name` by people, would do now (UTC s). Raises: BatchHeld when it cannot be read."""
    extract = extract_of(site, source, path, name)
    with ledger.reading() as connection:
        states = source_states(connection, ledger)
    as_of = site_clock(site, states, now)
    known = known_to(ledger, states.get(source.key))
    mapper = Mapper(site, source, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of)
    batch = batch_of(extract, mapper, cursor={}, is_whole=True)
    with ledger.reading() as connection:
        came = [row for row in batches_of_content(connection, ledger, source.key, batch.content) if row["state"] != "discarded"]
        doubt = None if came else objection(connection, ledger, source, batch)
    return Preview(
        content=batch.content,
        read_count=batch.read_count,
        duplicate_count=batch.duplicate_count,
        refused_count=len(batch.refused),
        refused=refused_cells(batch, source),
        samples={name: sample(site, contracts()[name], rows, source) for name, rows in batch.rows.items()},
        objection=doubt,
        before=batch_line(came[0]) if came else None,
    )


def extract_of(site: Site, source: SourceConfig, path: Path, name: str) -> Extract:
    """Return what a file holds, as its source reads it."""
    folder: Folder = importlib.import_module(f"etl.sources.{source.kind}").Source(source, site)
    return folder.extract(path, source, name)


def refused_cells(batch: Batch, source: SourceConfig) -> tuple[RefusedCell, ...]:
    """Return why lines would be refused, in the order of the file."""
    first = batch.refused.sort_values("line", kind="stable").head(MOST_REFUSED)
    return tuple(refused_cell(row, source) for row in first.to_dict("records"))


def refused_cell(row: dict[Any, Any], source: SourceConfig) -> RefusedCell:
    """Return why one line would be refused, with its value: it is told to the person who brought it, and kept nowhere."""
    found = use_of(source, row["into"], row["field"])
    columns = ((row["field"],) if row["field"] and not row["into"] else ()) if found is None else found[1].columns
    return RefusedCell(
        line=int(row["line"]),
        columns=columns,
        value=str(row["detail"]),
        reason=row["reason"],
        allowed=() if found is None else allowed(*found),
        written=None if found is None else written(*found, columns[0] if columns else ""),
    )


def use_of(source: SourceConfig, table: str, name: str) -> tuple[Column, Field_] | None:
    """Return a field that a source fills, with how it is made."""
    for read in source.reads:
        if read.table == table and name in read.fields:
            return contracts()[table].column(name), read.fields[name]
    return None


def sample(site: Site, table: Table, rows: pd.DataFrame, source: SourceConfig) -> Sample:
    """Return the first rows of a table as they would be understood, with the columns that the source fills."""
    filled = {name for read in source.reads if read.table == table.name for name in read.fields}
    columns = [column for column in table.columns if column.name in filled]
    first = rows.head(MOST_SAMPLED)
    cells = [[shown(site, column, value) for value in first[column.name].tolist()] for column in columns]
    return Sample(
        title=table.title,
        columns=tuple(column.meaning for column in columns),
        rows=tuple(zip(*cells, strict=True)),
        count=len(rows),
    )


def shown(site: Site, column: Column, value: Any) -> str | None:
    """Return a value as a person reads it, None when there is none."""
    if value is None or pd.isna(value):
        return None
    write = WRITE.get(column.kind)
    return str(value) if write is None else write(site, value)


def local_text(site: Site, instant: int) -> str:
    """Return an instant (UTC s) on the site's clock."""
    return f"{datetime.fromtimestamp(instant, UTC).astimezone(site.zone):%Y-%m-%d %H:%M:%S}"


def money_text(_site: Site, fen: int) -> str:
    """Return an amount of 分 in 元."""
    return f"{Decimal(fen).scaleb(-2):,.2f} 元"


WRITE: Mapping[Kind, Callable[[Site, Any], str]] = {
    Kind.INSTANT: local_text,
    Kind.MONEY: money_text,
    Kind.DAY: lambda _, day: str(EPOCH + timedelta(days=day)),
    Kind.SCALED: lambda _, value: str(Decimal(value).scaleb(-4).normalize()),
    Kind.BOOLEAN: lambda _, value: "true" if value else "false",
}
"""How values are written whose stored form is not what people read."""
