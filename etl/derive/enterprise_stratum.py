"""`enterprise_stratum`: the town, industry and risk category that each enterprise is counted in, and nothing else of it.

What counts workers follows from this table and not from the list of enterprises: to count a city's months again takes
seconds, and most changes of that list move no firm.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derived import Derived

DIVISION_DIGITS = 2
"""大类 of GB/T 4754: the grain that industries are counted in (domain specification, section 2.10)."""

ENTERPRISE_STRATUM_TABLE = Table(
    name="enterprise_stratum",
    title=Text("企业统计分层", "Stratum of an enterprise"),
    grain="one row per enterprise of the list",
    key=("enterprise_id",),
    by=("enterprise_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
        Column("town", Kind.TOWN, Text("生产乡镇", "Town of the production site"), required=True),
        Column("division", Kind.TEXT, Text("行业大类", "Industry, two digits of GB/T 4754-2017")),
        Column("risk_cat", Kind.TEXT, Text("风险类别", "Risk category, 1 to 8")),
    ),
)


def enterprise_strata(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per enterprise."""
    firm = current["enterprise"].c
    division = sa.func.substr(firm.gb4754, 1, DIVISION_DIGITS).label("division")
    return sa.select(firm.enterprise_id, firm.prod_town.label("town"), division, firm.risk_cat.cast(sa.Text).label("risk_cat"))


ENTERPRISE_STRATUM = Derived(
    table=ENTERPRISE_STRATUM_TABLE,
    sources=("enterprise",),
    by="enterprise_id",
    query=enterprise_strata,
)
