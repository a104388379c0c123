"""How far back each series is stored, and up to which day its buckets were compacted to hours."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "series_horizons",
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("kept_from", sa.Integer(), nullable=True),
        sa.Column("compacted_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["series"], ["series.key"]),
        sa.PrimaryKeyConstraint("series"),
    )


def downgrade() -> None:
    op.drop_table("series_horizons")
