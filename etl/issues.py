"""Doubtful rows as derived rows: one for each rule and row that breaks it, first seen and resolved as every row is."""

from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.quality import RULES, Rule
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text

TABLES = tuple(sorted({rule.of_table for rule in RULES.values()}))
WARN = "W"

COLUMNS = (
    Column("issue_id", Kind.TEXT, Text("问题编号", "Rule and row"), required=True, pii=Pii.PERSONAL),
    Column("rule", Kind.TEXT, Text("规则", "Rule that it breaks"), required=True, allowed=(*RULES,)),
    Column(
        "severity", Kind.TEXT, Text("严重度", "W: a warning; what is refused is in quarantine"), required=True, allowed=(WARN,)
    ),
    Column("of_table", Kind.TEXT, Text("表", "Table of the row"), required=True, allowed=TABLES),
    Column("row_key", Kind.TEXT, Text("主键", "Key of the row"), required=True, pii=Pii.PERSONAL),
    Column("town", Kind.TOWN, Text("乡镇", "Town of the thing it is about"), required=True),
)
"""What every table of issues has: `known_from` is when an issue was first seen, `known_to` when it was resolved."""


def issue_table(name: str, title: Text, by: Column) -> Table:
    """Return a table of issues whose rows follow from what shares the column `by`."""
    return Table(
        name=name,
        title=title,
        grain="one row per rule and row that breaks it",
        key=("issue_id",),
        by=(by.name, "issue_id"),
        town="town",
        pii=Pii.NONE,
        columns=(*COLUMNS, by),
    )


def breaking(rule: Rule, key: Any, town: Any, by: Any) -> sa.Select[Any]:
    """Return the columns of a table of issues for rows that break a rule; the caller adds which these are."""
    return sa.select(
        (sa.literal(f"{rule.key}:", sa.Text) + key).label("issue_id"),
        sa.literal(rule.key, sa.Text).label("rule"),
        sa.literal(WARN, sa.Text).label("severity"),
        sa.literal(rule.of_table, sa.Text).label("of_table"),
        key.label("row_key"),
        sa.func.coalesce(town, UNKNOWN_TOWN).label("town"),
        by.label(by.name),
    )


def all_of(*parts: sa.Select[Any]) -> sa.Select[Any]:
    """Return the issues of several rules as one."""
    together = sa.union_all(*parts).subquery("issue")
    return sa.select(*together.c)
