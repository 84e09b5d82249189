"""The first schema: ticks, batches, sources, and the tables of emergency response as they stood then.

Every store says which revision it has, but for those of the first version, which had no revisions: they have this one.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBERED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KINDS: dict[str, sa.types.TypeEngine[Any]] = {"": TEXT, "i": sa.BigInteger(), "r": sa.Double(), "b": sa.Boolean()}
"""What stands behind the colon of a column: integer, real, boolean; text when there is none."""


@dataclass(frozen=True, kw_only=True)
class Versioned:
    """A table of versioned rows as it was."""

    key: tuple[str, ...]
    columns: str
    by: tuple[str, ...] = ()


TABLES = {
    "town": Versioned(
        key=("town_code",),
        columns="town_code name name_en kind is_functional:b",
    ),
    "emergency_call": Versioned(
        key=("call_id",),
        by=("incident_id",),
        columns=(
            "call_id rev:i incident_id event_at:i event_local:i channel is_onekey:b t_ring:i t_answer:i t_located:i "
            "t_accept_end:i loc_source loc_error_m:r lon:r lat:r town_code kind priority cause is_work_injury:b "
            "needs_dispatch:b outcome time_precision"
        ),
    ),
    "vehicle_status": Versioned(
        key=("event_id",),
        by=("incident_id", "vehicle_id"),
        columns="event_id rev:i run_id incident_id vehicle_id station_id status event_at:i event_local:i source hospital_id",
    ),
    "vehicle": Versioned(
        key=("vehicle_id",),
        by=("vehicle_id",),
        columns="vehicle_id station_id type in_service:b",
    ),
    "station": Versioned(
        key=("station_id",),
        columns="station_id name name_en town_code",
    ),
    "prearrival": Versioned(
        key=("message_id",),
        by=("incident_id",),
        columns="message_id rev:i incident_id run_id hospital_id event_at:i event_local:i",
    ),
    "linkage": Versioned(
        key=("notice_id",),
        by=("incident_id",),
        columns="notice_id rev:i incident_id department event_at:i event_local:i",
    ),
    "aed_point": Versioned(
        key=("aed_id",),
        columns="aed_id name town_code lon:r lat:r in_service:b",
    ),
    "aed_use": Versioned(
        key=("use_id",),
        columns="use_id rev:i incident_id aed_id town_code event_at:i event_local:i",
    ),
    "video_link": Versioned(
        key=("vehicle_id", "event_at"),
        columns="vehicle_id rev:i event_at:i event_local:i town_code scheduled_min:r up_min:r",
    ),
    "unit_run": Versioned(
        key=("incident_id", "run_id"),
        by=("incident_id",),
        columns=(
            "incident_id run_id vehicle_id station_id town event_at:i event_local:i is_ended:b is_cancelled:b "
            "is_dispatch_backfilled:b is_enroute_backfilled:b is_transport:b is_empty:b crossing hospital_id state "
            "t_dispatch:i t_ack:i t_enroute:i t_patient:i t_leave:i t_hosp:i t_handover:i t_back:i t_home:i t_cancel:i "
            "t_onscene:i t_onscene_button:i t_onscene_gps:i t_prearrival:i e4_s:i e4_state e5_s:i e5_state e7_s:i e7_state "
            "e7b_s:i e7b_state e8_s:i e8_state e9_s:i e9_state e10_s:i e10_state ahead_s:i ahead_state"
        ),
    ),
    "vehicle_state": Versioned(
        key=("vehicle_id",),
        by=("vehicle_id",),
        columns="vehicle_id station_id town type state since_at:i",
    ),
    "incident": Versioned(
        key=("incident_id",),
        by=("incident_id",),
        columns=(
            "incident_id station_id town event_at:i event_local:i week_hour hour kind priority cause needs_dispatch:b "
            "crossing department_count:i state stage run_count:i negative_arrival_count:i t_ring:i t_answer:i "
            "t_accept_end:i t_dispatch:i t_onscene:i t_unit_dispatch:i t_unit_enroute:i t_notified:i e1_s:i e1_state e2_s:i "
            "e2_state e3_s:i e3_state e23_s:i e23_state e6_s:i e6_state e6b_s:i e6b_state e6c_s:i e6c_state "
            "chain_handling_s:i chain_handling_state chain_turnout_s:i chain_turnout_state chain_travel_s:i "
            "chain_travel_state notify_s:i notify_state"
        ),
    ),
    "quarantine": Versioned(
        key=("source", "origin", "line", "into"),
        columns="source origin line:i into reason field detail raw town",
    ),
}


def upgrade() -> None:
    """Create everything."""
    for name, table in TABLES.items():
        create_versioned(name, table)
    op.create_table(
        "tick",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("committed_at", sa.Double, nullable=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
    )
    counts = ("read_count", "duplicate_count", "refused_count", "opened_count", "closed_count")
    op.create_table(
        "batch",
        sa.Column("id", NUMBERED, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "content", "origin", "state")),
        sa.Column("finished_at", sa.Double, nullable=False),
        sa.Column("tick", sa.BigInteger),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in counts),
        sa.Column("message", sa.Text, nullable=False),
    )
    for name, columns in (
        ("ix_batch_source", ["source"]),
        ("batch_content", ["source", "content"]),
        ("batch_origin", ["source", "origin"]),
    ):
        op.create_index(name, "batch", columns)
    op.create_table(
        "source",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("checked_at", sa.Double, nullable=False),
        sa.Column("loaded_at", sa.Double),
        sa.Column("observed_at", sa.BigInteger),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("cursor", "state", "message")),
    )


def create_versioned(name: str, table: Versioned) -> None:
    """Create a table of versioned rows, with its indexes."""
    declared = [column.partition(":") for column in table.columns.split()]
    op.create_table(
        name,
        sa.Column("id", NUMBERED, primary_key=True),
        *(sa.Column(column, KINDS[kind], nullable=column not in table.key) for column, _, kind in declared),
        sa.Column("known_from", sa.BigInteger, nullable=False),
        sa.Column("known_to", sa.BigInteger),
    )
    names = {column for column, _, _ in declared}
    is_open, is_closed = sa.text("known_to IS NULL"), sa.text("known_to IS NOT NULL")
    op.create_index(f"{name}_current", name, [*table.key], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index(f"{name}_opened", name, ["known_from"])
    op.create_index(f"{name}_closed", name, ["known_to"], sqlite_where=is_closed, postgresql_where=is_closed)
    newest = ["event_at"] if "event_at" in names else []
    for column in table.by:
        op.create_index(f"{name}_by_{column}", name, [column, "known_to", *newest])
    if "rev" in names:
        op.create_index(f"{name}_versions", name, [*table.key, "rev"])
