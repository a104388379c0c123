"""The texts of postmortems, to be searched. SQLite keeps an index of their trigrams in step by triggers."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# What the index has is what the table has, whoever writes to the table.
_SQLITE = (
    "CREATE VIRTUAL TABLE postmortem_trigrams USING fts5("
    "text, content='postmortem_texts', content_rowid='sequence', tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER postmortem_texts_added AFTER INSERT ON postmortem_texts BEGIN"
    " INSERT INTO postmortem_trigrams(rowid, text) VALUES (new.sequence, new.text); END",
    "CREATE TRIGGER postmortem_texts_removed AFTER DELETE ON postmortem_texts BEGIN"
    " INSERT INTO postmortem_trigrams(postmortem_trigrams, rowid, text)"
    " VALUES ('delete', old.sequence, old.text); END",
    "CREATE TRIGGER postmortem_texts_changed AFTER UPDATE ON postmortem_texts BEGIN"
    " INSERT INTO postmortem_trigrams(postmortem_trigrams, rowid, text)"
    " VALUES ('delete', old.sequence, old.text);"
    " INSERT INTO postmortem_trigrams(rowid, text) VALUES (new.sequence, new.text); END",
)


def upgrade() -> None:
    op.create_table(
        "postmortem_texts",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(24), sa.ForeignKey("records.id"), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
    _fill()


def _fill() -> None:
    """The texts of the postmortems that there are."""
    records = sa.table(
        "records", sa.column("id"), sa.column("kind"), sa.column("removed_at"), sa.column("body", sa.JSON)
    )
    texts = sa.table("postmortem_texts", sa.column("record"), sa.column("text"))
    present = sa.select(records.c.id, records.c.body).where(
        records.c.kind == "postmortem", records.c.removed_at.is_(None)
    )
    for id_, body in op.get_bind().execute(present).all():
        parts = [body.get("title", ""), *body.get("factors", ()), body.get("body", "")]
        plain = unicodedata.normalize("NFKC", "\n".join(parts)).casefold().replace("\0", " ")
        op.get_bind().execute(texts.insert().values(record=id_, text=" ".join(plain.split())))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE postmortem_trigrams")
    op.drop_table("postmortem_texts")
