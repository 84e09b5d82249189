"""`enterprise_town`: the town of each enterprise, and nothing else of it.

What counts workers by town follows from this table and not from the list of enterprises: to count a city's months again
takes seconds, and most changes of that list move no firm.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derived import Derived

ENTERPRISE_TOWN_TABLE = Table(
    name="enterprise_town",
    title=Text("企业所在乡镇", "Town of an enterprise"),
    grain="one row per enterprise of the list",
    key=("enterprise_id",),
    by=("enterprise_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
        Column("town", Kind.TOWN, Text("生产乡镇", "Town of the production site"), required=True),
    ),
)


def enterprise_towns(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per enterprise."""
    firm = current["enterprise"].c
    return sa.select(firm.enterprise_id, firm.prod_town.label("town"))


ENTERPRISE_TOWN = Derived(
    table=ENTERPRISE_TOWN_TABLE,
    sources=("enterprise",),
    by="enterprise_id",
    query=enterprise_towns,
)
