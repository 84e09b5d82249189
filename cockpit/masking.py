"""What of a refused row a person may see: cells from columns that say nothing of anybody, and no others."""

import json
from collections.abc import Mapping
from typing import Any

from cockpit.ledger.tables import Pii, Table
from cockpit.source_config import SourceConfig
from cockpit.supply import RefusedRow
from cockpit.text import Text

Tables = Mapping[str, Table]


def shown_columns(source: SourceConfig, tables: Tables) -> frozenset[str]:
    """Return the columns of a source that fill something, and nothing that is personal."""
    shown: set[str] = set()
    hidden: set[str] = set()
    for read in source.reads:
        for name, field in read.fields.items():
            is_plain = tables[read.table].column(name).pii is Pii.NONE
            (shown if is_plain else hidden).update(field.columns)
    return frozenset(shown - hidden)


def shown_row(row: Mapping[str, Any], source: SourceConfig | None, tables: Tables) -> RefusedRow:
    """Return a row of the quarantine as a person may see it; of a source that the site knows no more, no cell."""
    told = json.loads(row["raw"])
    shown = frozenset() if source is None else shown_columns(source, tables)
    cells = {name: value for name, value in told.items() if name in shown}
    field, is_plain = field_of(row["into"], row["field"], tables, shown)
    return RefusedRow(
        origin=row["origin"],
        line=row["line"],
        field=field,
        value=row["detail"] if is_plain else None,
        cells=cells,
        hidden_count=hidden_count(told, cells),
        claimed_at=row["claimed_at"],
    )


def field_of(into: str, name: str, tables: Tables, shown: frozenset[str]) -> tuple[Text | None, bool]:
    """Return what a refused field is called, and whether its value says nothing of anybody.

    Where a row was refused before it was meant for any table, the field is a column of the source.
    """
    if not name:
        return None, True
    if not into:
        return Text(name, name), name in shown
    table = tables.get(into)
    if table is None or name not in table.names:
        return None, False
    column = table.column(name)
    return column.meaning, column.pii is Pii.NONE


def hidden_count(told: Mapping[str, Any], cells: Mapping[str, str]) -> int:
    """Return how many cells are not shown; those of a row of the wrong length stand in one list."""
    listed = told.get("cells") if set(told) == {"cells"} else None
    return len(listed) if isinstance(listed, list) else len(told) - len(cells)
