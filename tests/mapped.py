"""Rows mapped into a contract as a site would say it, the shortest way: each field is a column of the same name."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from cockpit.site import Read, Site, SourceConfig, checked
from etl.known import Known
from etl.mapping import Mapper, raw_frame


def mapped(
    table: str,
    *rows: Mapping[str, str],
    fields: Mapping[str, Any] | None = None,
    feeds: Iterable[str] = (),
    known: Known | None = None,
    late_against: int | None = None,
    latest_at: int | None = None,
    floor: str = "2004-01-01",
) -> SimpleNamespace:
    """Map rows that name the same columns; return the rows of the table and (line, reason, field, detail) of each refusal.

    `feeds` are other tables that the site's sources fill.
    """
    header = tuple(rows[0])
    told = {**{name: name for name in header}, **(fields or {})}
    source = plain_source("asked", Read(table=table, fields=told), header)
    others = [plain_source(name, Read(table=name, fields={}), ("x",)) for name in feeds]
    site = checked(Site(folder=".", key="k", title="t", time_zone="Asia/Shanghai", date_floor=floor, sources=(source, *others)))
    mapper = Mapper(site, source, known or Known(), latest_at, late_against)
    cells = [[row[name] for name in header] for row in rows]
    content = mapper.content(raw_frame(header, list(range(2, 2 + len(rows))), cells), "s.csv")
    refused = content.refused[["line", "reason", "field", "detail"]].itertuples(index=False, name=None)
    return SimpleNamespace(rows=content.rows[table].to_dict("records"), refused=list(refused))


def plain_source(key: str, read: Read, header: tuple[str, ...]) -> SourceConfig:
    """Return a source of one read."""
    return SourceConfig(
        key=key, kind="csv", title=key, path=f"{key}.csv", encoding="utf-8", header=header, interval_s=60, reads=(read,)
    )
