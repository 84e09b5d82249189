"""`demo`: one department's system of a simulated city, told up to the site's clock; see `etl.simulation`.

The first read tells everything since midnight some years before; the cursor keeps that day, and how far was told.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from cockpit.errors import BatchHeld, SiteError
from cockpit.site import Site, SourceConfig
from etl.batch import LINE, Batch
from etl.delimited import header_changed
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, newest
from etl.simulation.world import stream_of


class Source:
    """One stream of a simulated city."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Find the stream; nothing is simulated yet. Raises: SiteError when its header is not the declared one."""
        self.config, self.site = config, site
        self.stream = stream_of(config.stream, site)
        if self.stream.header != config.header:
            changed = header_changed(f"模拟/{config.stream}", config.header, self.stream.header)
            raise SiteError(f"{site.folder / 'site.toml'}: {config.key}: {changed}")

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield what was sent between the cursor and the site's clock: one batch, perhaps an empty one."""
        position = cursor.get("position")
        if position is not None and as_of <= position:
            return
        begin = date.fromisoformat(cursor["begin"]) if "begin" in cursor else self.begin(as_of)
        raw = self.stream.told(begin, position, as_of)
        raw[LINE] = np.arange(1, len(raw) + 1)
        origin = f"模拟/{self.config.stream} {datetime.fromtimestamp(as_of, self.site.zone):%Y-%m-%d %H:%M:%S}"
        content = Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of).content(raw, origin)
        known_as = f"{self.stream.world.seed} {self.config.stream} {begin} {position} {as_of}"
        yield Batch(
            source=self.config.key,
            content=hashlib.sha256(known_as.encode()).hexdigest(),
            origin=origin,
            read_count=len(raw),
            duplicate_count=content.duplicate_count,
            rows=content.rows,
            refused=content.refused,
            deleted=content.deleted,
            cursor={"begin": begin.isoformat(), "position": as_of},
            observed_at=newest(content.rows),
        )

    def begin(self, as_of: int) -> date:
        """Return the first day that is told of when nothing was read yet."""
        on = datetime.fromtimestamp(as_of, self.site.zone).date()
        years = self.site.simulation.years if self.site.simulation else 0
        is_leap_day = (on.month, on.day) == (2, 29)
        return on.replace(year=on.year - years, day=28 if is_leap_day else on.day)
