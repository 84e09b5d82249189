"""The table behind a picture: every reading and every row that a panel is given, as one may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.metric import Reading
from cockpit.panel import Need, Values
from cockpit.shown import ShownColumn
from cockpit.text import Text


@dataclass(frozen=True)
class ListedRows:
    """Rows of one table that a panel lists, with the columns that it asks for; `few` are those hidden in each row."""

    title: Text
    columns: tuple[ShownColumn, ...]
    rows: tuple[Mapping[str, Any], ...]
    few: tuple[frozenset[str], ...]


@dataclass(frozen=True, kw_only=True)
class Tabled:
    """What a panel is given.

    `wholes` are readings of the whole scope; `parts` those of each dimension, by need; `of_all` the needs that are of the whole
    scope though the panel follows a town. `summaries` are the sentences that the panel's pictures say of themselves.
    """

    values: Values
    screen_key: str
    screen_title: Text
    panel_title: Text
    wholes: tuple[tuple[Need, Reading], ...]
    parts: Mapping[str, tuple[tuple[Need, tuple[Reading, ...]], ...]]
    of_all: frozenset[Need]
    dimension_titles: Mapping[str, Text]
    lists: tuple[ListedRows, ...]
    summaries: tuple[str, ...]
    is_withheld: bool
    follows: bool
