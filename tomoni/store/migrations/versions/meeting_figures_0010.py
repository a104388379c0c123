"""The figures of meetings that are held, as they were read when each began; finding what an app wrote last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "meeting_figures",
        sa.Column("meeting", sa.String(24), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", "start", "as_of"),
    )
    op.create_index("records_by_app", "records", ["app", "revision"])


def downgrade() -> None:
    op.drop_index("records_by_app", table_name="records")
    op.drop_table("meeting_figures")
