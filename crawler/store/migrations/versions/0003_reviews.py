"""Keep what a person says of borderline stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crawler.store.column_types import RowId, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what a person says of borderline stories."""
    op.create_table(
        "reviews",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("label", sa.Boolean(), nullable=True),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_reviews_article_id_articles")),
        sa.PrimaryKeyConstraint("topic", "article_id", name=op.f("pk_reviews")),
        sqlite_with_rowid=False,
    )
