"""The rules and thresholds in force: the version of the city's `config` that has taken effect."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.read import known
from cockpit.ledger.store import Ledger


@dataclass(frozen=True)
class Configuration:
    """One version: its name, empty where a city has none, and its sections as they were told; what it leaves out is default."""

    version: str = ""
    sections: Mapping[str, Any] = field(default_factory=dict)


DEFAULT = Configuration()
"""Where a city has no version that has taken effect, everything is as the cockpit has it."""


def read_configuration(connection: sa.Connection, ledger: Ledger, day_on: int, at: int | None) -> Configuration:
    """Return the newest version known at a tick (none: now) that has taken effect by a local day (since 1970)."""
    table = ledger.tables["config"]
    row = table.c
    has_begun = sa.and_(row.effective_from_on <= day_on, known(table, at))
    newest = sa.select(row.config_version, row.json).where(has_begun)
    found = connection.execute(newest.order_by(row.effective_from_on.desc(), row.config_version.desc()).limit(1)).first()
    told = None if found is None else json.loads(found.json)
    return Configuration("" if found is None else found.config_version, told if isinstance(told, dict) else {})
