"""How each source stands, for the person who runs the cockpit."""

from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cockpit.freshness import source_ages
from cockpit.ledger.read import source_states
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.site import Site


def source_lines(ledger: Ledger, site: Site, now: float) -> list[dict[str, Any]]:
    """Return what is known of each source. Grain: one record per source; ages in seconds, times on the site's clock."""
    with ledger.reading() as connection:
        states = source_states(connection, ledger)
        held = counts(connection, ledger.batches, ledger.batches.c.state == "held")
        quarantine = ledger.tables[QUARANTINE.name]
        refused = counts(connection, quarantine, quarantine.c.known_to.is_(None))
    return [
        {
            "source": age.key,
            "age": age.age.value,
            "age_s": None if age.age_s is None else round(age.age_s, 1),
            "checked_at": local(site, states[age.key].checked_at) if age.key in states else None,
            "observed_at": local(site, age.observed_at),
            "held": held.get(age.key, 0),
            "refused": refused.get(age.key, 0),
            "message": age.message,
        }
        for age in source_ages(site, states, now)
    ]


def counts(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> dict[str, int]:
    """Count rows by source."""
    query = sa.select(table.c.source, sa.func.count()).where(condition).group_by(table.c.source)
    return {str(source): int(count) for source, count in connection.execute(query)}


def local(site: Site, instant: float | None) -> str | None:
    """Return an instant on the site's clock."""
    return None if pd.isna(instant) else datetime.fromtimestamp(float(instant or 0), site.zone).isoformat(timespec="seconds")
