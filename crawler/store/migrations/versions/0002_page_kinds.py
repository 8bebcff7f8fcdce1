"""Tell listings from stories in the frontier, and where the best link stood; share budgets of pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crawler.store.column_types import RowId, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell listings from stories in the frontier, and where the best link stood."""
    with op.batch_alter_table("frontier") as table:
        table.add_column(sa.Column("kind", sa.Text(), server_default="story", nullable=False))
        table.add_column(sa.Column("zone", sa.Text(), nullable=True))
    op.create_table(
        "page_budgets",
        sa.Column("id", RowId, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("pages_left", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_budgets")),
    )
