"""Full-text search of postmortems, in every language alike: what contains all words of a query is found.

Words are compared without differences of case and width (Unicode NFKC, case folding). SQLite looks up trigrams;
PostgreSQL, and SQLite for words of one or two characters, look through the texts, which is fast enough for some
thousands of them (docs/incidents.md has the figures).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, column, delete, func, insert, select, table, update

from tomoni.access.policy import EVERYTHING, Grants
from tomoni.meetings.model import Postmortem
from tomoni.store.engine import reading
from tomoni.store.tables import postmortem_texts, records

_MOST_CHARACTERS = 200
_GRAM = 3
_TRIGRAMS = table("postmortem_trigrams", column("rowid"))


def folded(text: str) -> str:
    """A text as it is compared; spaces of all kinds are one space, and no character is one that databases refuse."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\0", " ")
    return " ".join(plain.split())


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, as they are compared; everything in them is plain text."""
    return tuple(dict.fromkeys(folded(query[:_MOST_CHARACTERS]).split()))


def keep(connection: Connection, kind: str, id_: str, body: Mapping[str, Any] | None) -> None:
    """Keeps the text of a record in step with it, in its transaction; ``body`` is None for one that was removed."""
    if kind != Postmortem.kind:
        return
    place = postmortem_texts.c.record == id_
    if body is None:
        connection.execute(delete(postmortem_texts).where(place))
        return
    text = _searched(body)
    if not connection.execute(update(postmortem_texts).where(place).values(text=text)).rowcount:
        connection.execute(insert(postmortem_texts), {"record": id_, "text": text})


class PostmortemSearch:
    """Finds postmortems. All methods raise StoreError."""

    def __init__(self, engine: Engine, grants: Grants = EVERYTHING) -> None:
        self._engine, self._grants = engine, grants

    def matching(self, query: str) -> tuple[str, ...] | None:
        """The ids of the postmortems that contain all words of a query, the last changed first; None for a query
        without a word."""
        words = words_of(query)
        if not words:
            return None
        with reading(self._engine) as connection:
            rows = connection.execute(_found(words, connection.dialect.name))
            return tuple(row.record for row in rows if self._grants.sees(row.app))


def _found(words: Sequence[str], dialect: str) -> Select[Any]:
    c = postmortem_texts.c
    query = (
        select(c.record, records.c.app).join(records, records.c.id == c.record).where(records.c.removed_at.is_(None))
    )
    long = [word for word in words if len(word) >= _GRAM] if dialect == "sqlite" else []
    if long:
        # Each word in quotation marks is a text for FTS5, whatever it holds.
        match = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        grams = select(_TRIGRAMS.c.rowid).where(func.match(match, column("postmortem_trigrams")))
        query = query.where(c.sequence.in_(grams))
    for word in words:
        if word not in long:
            query = query.where(_contains(word, dialect))
    return query.order_by(records.c.changed_at.desc(), records.c.sequence.desc())


def _contains(word: str, dialect: str) -> Any:  # noqa: ANN401 - a condition of either kind
    if dialect == "sqlite":  # LIKE of SQLite does not tell cases apart, which both sides are folded for
        return func.instr(postmortem_texts.c.text, word) > 0
    return func.strpos(postmortem_texts.c.text, word) > 0


def _searched(body: Mapping[str, Any]) -> str:
    """The text of a postmortem that is searched: its title, its factors and what is written."""
    parts = (body.get("title", ""), *body.get("factors", ()), body.get("body", ""))
    return folded("\n".join(map(str, parts)))
