"""Snapshots: frozen reviews, each one immutable under the hash of its content."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("hash", sa.String(80), nullable=False),
        sa.Column("app", sa.String(100), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.String(80), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("snapshots_by_app", "snapshots", ["app", "as_of"])


def downgrade() -> None:
    op.drop_index("snapshots_by_app", table_name="snapshots")
    op.drop_table("snapshots")
