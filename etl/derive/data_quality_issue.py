"""`data_quality_issue` 数据质量问题: what is doubtful in every domain, as one table that is counted."""

from collections.abc import Mapping
from pkgutil import iter_modules
from typing import Any

import sqlalchemy as sa

import etl.derive
from cockpit.ledger.tables import Pii, Table
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import COLUMNS, all_of

DOMAINS = tuple(
    name for _, name, _ in iter_modules(etl.derive.__path__) if name.endswith("_issue") and name != "data_quality_issue"
)
"""The tables of issues, one a domain; the file, named as its table, is the registration."""

DATA_QUALITY_ISSUE_TABLE = Table(
    name="data_quality_issue",
    title=Text("数据质量问题", "Data quality issue"),
    grain="one row per rule and row that breaks it",
    key=("issue_id",),
    by=("issue_id",),
    town="town",
    pii=Pii.NONE,
    columns=COLUMNS,
)


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of every domain, without what only that domain knows."""
    return all_of(*(sa.select(*(current[name].c[column.name] for column in COLUMNS)) for name in DOMAINS))


DATA_QUALITY_ISSUE = Derived(table=DATA_QUALITY_ISSUE_TABLE, sources=DOMAINS, by="issue_id", query=issues)
