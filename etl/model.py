"""Models: derived tables that need the whole city at once, judged when a week or a day of the city has closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table
from cockpit.site import Site


@dataclass(frozen=True)
class Judging:
    """What a model is given: the store as it stands, and the closes that it has to judge.

    `closes` are the last days (days since 1970) of the periods, oldest first: Sundays of a weekly model, any day of a daily
    one; `as_of` is the instant (UTC s) of what is known.
    """

    connection: sa.Connection
    ledger: Ledger
    site: Site
    closes: tuple[int, ...]
    as_of: int


@dataclass(frozen=True, kw_only=True)
class Model:
    """One table that is judged as a whole: its rhythm, and the function that gives its rows.

    `reads` are the tables it reads. `sources` are the contracts without which there is nothing to judge: a site that feeds not
    all of them has no such table, and a period is judged once each of them was heard after its close, or is some hours late.
    `first` gives the earliest close that the records allow to judge, or none. Where `keeps` is `every`, `judge` gives rows of
    the closes it was given, and earlier rows stand; where it is `newest`, it gives the whole table as of the last of them.
    A row that differs from the one it would replace in nothing but `stamps` writes nothing.
    """

    table: Table
    reads: tuple[str, ...]
    sources: tuple[str, ...]
    rhythm: Literal["week", "day"]
    keeps: Literal["every", "newest"]
    first: Callable[[sa.Connection, Ledger, Site], int | None]
    judge: Callable[[Judging], pd.DataFrame]
    stamps: tuple[str, ...] = ()
