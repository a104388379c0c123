"""Definitions: what each SLO was defined as, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("step_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("definitions_by_path", "definitions", ["path"])


def downgrade() -> None:
    op.drop_index("definitions_by_path", table_name="definitions")
    op.drop_table("definitions")
