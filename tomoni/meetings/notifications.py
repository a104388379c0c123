"""How budgets stood when they were last looked at, and what was told of them: once, whoever looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from tomoni.meetings.records import Clock
from tomoni.slo.model import DAY, MINUTE, State
from tomoni.slo.standing import Happening, Standing
from tomoni.store.engine import reading, write
from tomoni.store.tables import budget_standings, notifications

MOST_TRIES, OLDEST_SECONDS = 20, DAY
_STUCK_SECONDS = 10 * MINUTE  # the process that sends it is gone
_LISTED = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to the budget of an SLO, for one team and channel; ``facts`` are figures of then."""

    number: int
    at: int
    path: str
    what: Happening
    team: str
    channel: str
    facts: Mapping[str, Any]
    outcome: str
    tries: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class ToTell:
    """The same before it is remembered."""

    what: Happening
    team: str
    channel: str
    facts: Mapping[str, Any]


class Notifications:
    """Safe in several threads and processes; all methods raise StoreError."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def standings(self) -> dict[str, tuple[Standing, int]]:
        """How each budget stood, by the path of its SLO, and how often that changed."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(budget_standings)).all()
        return {row.path: (Standing(row.as_of, State(row.state), row.burning_at), row.generation) for row in rows}

    def look(self, path: str, generation: int | None, now: Standing, tell: Sequence[ToTell]) -> bool:
        """Remembers how a budget stands and what there is to tell of it; False where another process did so since
        ``generation`` was read (None: it was never looked at)."""
        values = {"as_of": now.as_of, "state": now.state.value, "burning_at": now.burning_at}
        following = 0 if generation is None else generation + 1
        moment = int(self._clock())

        def work(connection: Connection) -> bool:
            if not _moved(connection, path, generation, {**values, "generation": following}):
                return False
            for each in tell:
                row = {"key": _key(path, following, each), "at": now.as_of, "changed_at": moment, "path": path}
                row |= {"what": each.what.value, "team": each.team, "channel": each.channel, "facts": dict(each.facts)}
                connection.execute(insert(notifications), {**row, "outcome": "pending", "tries": 0})
            return True

        return write(self._engine, work)

    def pending(self) -> tuple[Told, ...]:
        """What is still to be sent, in order of time; what a process that is gone was sending is unknown from then
        on."""
        stuck = (notifications.c.outcome == "sending") & (notifications.c.changed_at < self._clock() - _STUCK_SECONDS)
        write(self._engine, lambda each: each.execute(update(notifications).where(stuck).values(outcome="unknown")))
        return self._read(notifications.c.outcome == "pending")

    def newest(self) -> tuple[Told, ...]:
        """The 200 newest, the newest first."""
        return self._read(None)[::-1]

    def claim(self, told: Iterable[Told]) -> tuple[Told, ...]:
        """Takes some of what is pending for the caller alone: those that nobody else took."""
        return tuple(each for each in told if self._settle(each, "pending", "sending"))

    def settle(self, told: Iterable[Told], outcome: str) -> None:
        """What became of something that the caller took; ``pending``: it is tried again, a bounded number of times."""
        for each in told:
            again = each.tries + 1 < MOST_TRIES and self._clock() - each.at < OLDEST_SECONDS
            self._settle(each, "sending", "failed" if outcome == "pending" and not again else outcome)

    def pass_over(self, told: Iterable[Told]) -> None:
        """What was not sent in quiet hours and is no longer so."""
        for each in told:
            self._settle(each, "pending", "passed")

    def _settle(self, told: Told, before: str, after: str) -> bool:
        which = (notifications.c.number == told.number) & (notifications.c.outcome == before)
        values = {"outcome": after, "changed_at": int(self._clock())}
        if before == "sending":
            values["tries"] = told.tries + 1
        return (
            write(self._engine, lambda each: each.execute(update(notifications).where(which).values(values)).rowcount)
            == 1
        )

    def _read(self, which: Any) -> tuple[Told, ...]:  # noqa: ANN401 - a condition
        query = select(notifications).order_by(notifications.c.number.desc()).limit(_LISTED)
        with reading(self._engine) as connection:
            rows = connection.execute(query if which is None else query.where(which)).all()
        return tuple(_told(row) for row in reversed(rows))


def _told(row: Row[Any]) -> Told:
    own = (row.team, row.channel, row.facts, row.outcome, row.tries, row.changed_at)
    return Told(row.number, row.at, row.path, Happening(row.what), *own)


def _moved(connection: Connection, path: str, generation: int | None, values: Mapping[str, Any]) -> bool:
    """Whether this is who moves a standing on."""
    if generation is not None:
        which = (budget_standings.c.path == path) & (budget_standings.c.generation == generation)
        return connection.execute(update(budget_standings).where(which).values(**values)).rowcount == 1
    try:
        with connection.begin_nested():
            connection.execute(insert(budget_standings), {"path": path, **values})
    except IntegrityError:
        return False
    return True


def _key(path: str, generation: int, each: ToTell) -> str:
    return sha256("\0".join((path, str(generation), each.what, each.team, each.channel)).encode()).hexdigest()
