"""What was said of a city besides its columns, as it was known at a tick: the names of codes, its zones, the rules in force."""

from datetime import datetime

import sqlalchemy as sa

from cockpit.configuration import Configuration, read_configuration
from cockpit.ledger.read import Tick, rows_known
from cockpit.ledger.store import Ledger
from cockpit.scope import CITY
from cockpit.site import Site
from cockpit.text import Text
from cockpit.window import number

NAMED_BY = {"station_id": ("station", "station_id"), "town": ("town", "town_code")}
"""Dimension → the table, and its key column, that names its codes."""


def read_labels(connection: sa.Connection, ledger: Ledger, site: Site, at: int) -> dict[str, dict[str, Text]]:
    """Return the names of codes: those of the site's file, and those of its lists of towns and stations."""
    labels: dict[str, dict[str, Text]] = {dimension: dict(names) for dimension, names in site.labels.items()}
    for dimension, (table, key) in NAMED_BY.items():
        rows = rows_known(connection, ledger, table, CITY, at=at, columns=(key, "name", "name_en"))
        named = {r[key]: Text(r["name"], r["name_en"] or r["name"]) for r in rows.to_dict("records")}
        labels[dimension] = {**named, **labels.get(dimension, {})}
    return labels


def read_functional(connection: sa.Connection, ledger: Ledger, at: int) -> frozenset[str]:
    """Return the codes of the functional zones: counted in the city, never ranked."""
    rows = rows_known(connection, ledger, "town", CITY, at=at, columns=("town_code", "is_functional"))
    return frozenset(rows["town_code"][rows["is_functional"].eq(True)])  # noqa: FBT003 it is compared with


def in_force(connection: sa.Connection, ledger: Ledger, site: Site, tick: Tick) -> Configuration:
    """Return the rules in force on the local day of a tick."""
    on = number(datetime.fromtimestamp(tick.as_of, site.zone).date())
    return read_configuration(connection, ledger, on, tick.number)
