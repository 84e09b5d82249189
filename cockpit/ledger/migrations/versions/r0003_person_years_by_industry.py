"""Person-years by industry, and one row of risk for each enterprise.

Workers and person-years were held by town, and are by town, industry and risk category now. Nobody can tell the old rows apart,
so these derived tables are taken away; they are made again with the schema and derived anew from all that is known.

The risk of an enterprise was a row a week, and is one row whose versions say how it changed. Of the weeks that somebody
delivered, the newest stays current, and the others become versions that were never current: nothing is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REGRAINED = ("enterprise_town", "insured_month", "exposure")
RISK = "enterprise_risk"


def upgrade() -> None:
    """Take the old grain away, and let an enterprise have one current row."""
    there = sa.inspect(op.get_bind()).get_table_names()
    for name in REGRAINED:
        if name in there:
            op.drop_table(name)
    if RISK in there:
        keep_newest_week()


def keep_newest_week() -> None:
    """Close the rows of all weeks but each enterprise's newest, and make the key anew."""
    risk = sa.table(RISK, *(sa.column(name) for name in ("id", "enterprise_id", "run_week", "known_from", "known_to")))
    newer = risk.alias("newer")
    is_older = sa.exists().where(
        newer.c.enterprise_id == risk.c.enterprise_id, newer.c.run_week > risk.c.run_week, newer.c.known_to.is_(None)
    )
    op.get_bind().execute(risk.update().where(risk.c.known_to.is_(None), is_older).values(known_to=risk.c.known_from))
    op.drop_index(f"{RISK}_current", RISK)
    with op.batch_alter_table(RISK) as changing:  # what is no key may be missing
        changing.alter_column("run_week", existing_type=sa.Text, nullable=True)
    is_open = sa.text("known_to IS NULL")
    op.create_index(f"{RISK}_current", RISK, ["enterprise_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
