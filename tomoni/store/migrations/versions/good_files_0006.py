"""The last good text of every configuration file."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "good_files",
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("file", sa.String(300), nullable=False),
        sa.Column("elements", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("folder", "file"),
    )


def downgrade() -> None:
    op.drop_table("good_files")
