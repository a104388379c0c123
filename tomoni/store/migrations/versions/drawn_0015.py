"""What live pages showed last, and which merge last changed each series."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "drawn",
        sa.Column("app", sa.String(100), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("app"),
    )
    op.create_table(
        "series_revisions",
        sa.Column("series", sa.String(64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["series"], ["series.key"]),
        sa.PrimaryKeyConstraint("series"),
    )
    op.add_column("ledger_version", sa.Column("noted", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("ledger_version", "noted")
    op.drop_table("series_revisions")
    op.drop_table("drawn")
