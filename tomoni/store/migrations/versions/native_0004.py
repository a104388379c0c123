"""Native SLOs: what sources keep of SLOs of their own, and their own figures of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "native_slos",
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("tried", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger()),
        sa.Column("body", sa.JSON()),
        sa.Column("error_code", sa.String(64)),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "name"),
    )
    op.create_table(
        "native_figures",
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger()),
        sa.Column("compliance", sa.Float(53)),
        sa.Column("budget_fraction", sa.Float(53)),
        sa.PrimaryKeyConstraint("source", "name", "day"),
    )


def downgrade() -> None:
    op.drop_table("native_figures")
    op.drop_table("native_slos")
