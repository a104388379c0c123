"""Snapshots can be pinned and deleted; what was deleted leaves a trace."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("snapshots", sa.Column("pinned_at", sa.BigInteger()))
    op.create_index("snapshots_by_moment", "snapshots", ["as_of"])
    op.create_table(
        "deleted_snapshots",
        sa.Column("hash", sa.String(80), nullable=False),
        sa.Column("app", sa.String(100), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )


def downgrade() -> None:
    op.drop_table("deleted_snapshots")
    op.drop_index("snapshots_by_moment", table_name="snapshots")
    with op.batch_alter_table("snapshots") as table:
        table.drop_column("pinned_at")
