"""Keep the rows that a snapshot holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crawler.store.column_types import Json, RowId, UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the rows that a snapshot holds."""
    op.create_table(
        "snapshots",
        sa.Column("row_id", RowId, nullable=False),
        sa.Column("id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("filter", Json, nullable=False),
        sa.Column("tables", Json, nullable=False),
        sa.Column("is_redacted", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("id", name=op.f("uq_snapshots_id")),
        sa.UniqueConstraint("name", name=op.f("uq_snapshots_name")),
    )
    op.create_table(
        "snapshot_parts",
        sa.Column("snapshot_id", RowId, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.row_id"], name=op.f("fk_snapshot_parts_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "table_name", "part", name=op.f("pk_snapshot_parts")),
    )
