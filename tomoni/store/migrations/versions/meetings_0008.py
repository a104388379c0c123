"""What teams write when they meet: records with their revisions, notes, steps, tokens, sent messages."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(24), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("app", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger()),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("records_by_key", "records", ["kind", "app", "key"], unique=True)
    op.create_table(
        "record_revisions",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(24), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("record_revisions_in_order", "record_revisions", ["record", "revision"], unique=True)
    op.create_table(
        "notes",
        sa.Column("meeting", sa.String(24), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", "step", "revision"),
    )
    op.create_table(
        "meeting_steps",
        sa.Column("meeting", sa.String(24), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meeting"),
    )
    op.create_table(
        "tokens",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("app", sa.String(100)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "sent_messages",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    for table in ("sent_messages", "tokens", "meeting_steps", "notes", "record_revisions", "records"):
        op.drop_table(table)
