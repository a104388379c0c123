"""What sources said otherwise of settled buckets, and when each day was last fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("series_days", sa.Column("newest_fetch", sa.BigInteger()))
    op.create_table(
        "series_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("buckets", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["series"], ["series.key"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("series_changes_by_day", "series_changes", ["series", "day"])


def downgrade() -> None:
    op.drop_index("series_changes_by_day", table_name="series_changes")
    op.drop_table("series_changes")
    op.drop_column("series_days", "newest_fetch")
