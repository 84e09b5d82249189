"""`replay`: a recorded file told again by its own stamps, each row when the site's clock passes it.

Rows without an event come at the start. At the end of the record the source says so; it invents no dates.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from cockpit.errors import BatchHeld
from cockpit.ledger.store import QUARANTINE
from cockpit.site import Site, SourceConfig
from etl.batch import Batch, Extract
from etl.content import Content
from etl.known import Known
from etl.mapping import Mapper, content_of, newest
from etl.sources.csv import read_text
from etl.sources.files import files


class Source:
    """One recorded file, mapped once and kept in memory, told piece by piece."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read; the file is read at the first need."""
        self.config, self.site = config, site
        self.record: Extract | None = None
        self.content = Content({}, pd.DataFrame(columns=list(QUARANTINE.names)), 0)

    def open(self, known: Known) -> Extract:
        """Read and map the file once."""
        if self.record is None:
            text = read_text(files(self.config, self.site)[0], self.config)
            self.content = content_of(text, Mapper(self.site, self.config, known))
            self.record = text
        return self.record

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield what happened between the cursor and the site's clock: one batch, perhaps an empty one."""
        position = cursor.get("position")
        if cursor.get("ended") or (position is not None and as_of <= position):
            return
        try:
            record = self.open(known)
        except BatchHeld as held:
            yield held
            return
        is_first = position is None
        rows = {name: told(frame, position, as_of) for name, frame in self.content.rows.items()}
        end = newest(self.content.rows)
        has_ended = end is not None and as_of >= end
        upto = end if has_ended and end is not None else as_of
        yield Batch(
            source=self.config.key,
            content=hashlib.sha256(f"{record.content} {position} {upto}".encode()).hexdigest(),
            origin=record.origin,
            read_count=record.read_count if is_first else sum(len(frame) for frame in rows.values()),
            duplicate_count=self.content.duplicate_count if is_first else 0,
            rows=rows,
            refused=self.content.refused if is_first else self.content.refused.iloc[:0],
            cursor={"position": upto, "ended": has_ended},
            observed_at=newest(rows),
            as_of=upto,
            state="ended" if has_ended else "ok",
            message=f"the record ends at {datetime.fromtimestamp(upto, self.site.zone):%Y-%m-%d %H:%M:%S}" if has_ended else "",
        )


def told(frame: pd.DataFrame, after: int | None, upto: int) -> pd.DataFrame:
    """Return the rows of a table that happened in (after, upto]; those without a time come first of all."""
    if "event_at" not in frame:
        return frame if after is None else frame.iloc[:0]
    event_at = frame["event_at"].astype("int64")
    happened = event_at <= upto if after is None else (event_at > after) & (event_at <= upto)
    return frame[happened]
