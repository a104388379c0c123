"""Who may use the API: random tokens of which only a hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, select, update

from tomoni.access.audit import Deeds
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.catalog.who_may import Role
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.records import Clock
from tomoni.store.engine import reading, write
from tomoni.store.tables import tokens as table

PREFIX = "tomoni_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. ``app`` is None for one of all apps; ``id`` tells tokens of one name apart."""

    id: str
    name: str
    app: str | None
    created_at: int
    revoked_at: int | None

    def allows(self, app: str) -> bool:
        """Whether it may read and write what belongs to an app."""
        return self.app is None or self.app == app


class Tokens:
    """The tokens of the API. Safe in several processes; all methods raise StoreError, and those that make, list and
    revoke NotAllowedError."""

    def __init__(self, engine: Engine, clock: Clock, grants: Grants = EVERYTHING, deeds: Deeds | None = None) -> None:
        self._engine, self._clock, self._grants = engine, clock, grants
        self._deeds = deeds or Deeds(clock)

    def create(self, name: str, app: str | None) -> tuple[str, Token]:
        """A new token and its secret, which is shown once and never stored.

        Raises MeetingError: `token_exists` where one of this name is in use.
        """
        self._grants.require(Role.ADMIN)
        secret, now = PREFIX + secrets.token_urlsafe(32), int(self._clock())

        def work(connection: Connection) -> None:
            if connection.execute(_in_use(name)).first() is not None:
                raise MeetingError("token_exists", {"name": name})
            row = {"hash": _hash(secret), "name": name, "app": app, "created_at": now}
            connection.execute(insert(table), row)
            self._deeds.remember(connection, "token.created", app or "", name)

        write(self._engine, work)
        return secret, Token(_hash(secret)[:12], name, app, now, None)

    def listed(self) -> tuple[Token, ...]:
        """All tokens, those that were revoked too, in the order in which they were made."""
        self._grants.require(Role.ADMIN)
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.created_at, table.c.hash)).all()
        return tuple(map(_token, rows))

    def revoke(self, name: str) -> Token:
        """Ends a token for good. Raises MeetingError: `token_unknown`."""
        self._grants.require(Role.ADMIN)
        now = int(self._clock())

        def work(connection: Connection) -> Token:
            row = connection.execute(_in_use(name)).first()
            if row is None:
                raise MeetingError("token_unknown", {"name": name})
            connection.execute(update(table).where(table.c.hash == row.hash).values(revoked_at=now))
            self._deeds.remember(connection, "token.revoked", row.app or "", name)
            return Token(row.hash[:12], row.name, row.app, row.created_at, now)

        return write(self._engine, work)

    def find(self, secret: str) -> Token | None:
        """The token of a secret, also one that was revoked; None where there is none."""
        wanted = _hash(secret)
        with reading(self._engine) as connection:
            row = connection.execute(select(table).where(table.c.hash == wanted)).one_or_none()
        return _token(row) if row is not None and hmac.compare_digest(row.hash, wanted) else None


def _in_use(name: str) -> Select[Any]:
    return select(table).where(table.c.name == name, table.c.revoked_at.is_(None))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: Row[Any]) -> Token:
    return Token(row.hash[:12], row.name, row.app, row.created_at, row.revoked_at)
