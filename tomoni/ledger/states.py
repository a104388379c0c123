"""How asking for each series went, in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, Row, delete, insert, select

from data_sources.base import Answer, Notice
from data_sources.errors import SourceError
from tomoni.ledger.model import SeriesState
from tomoni.ledger.rows import chunks
from tomoni.store.tables import series_states


@dataclass(slots=True)
class Outcome:
    """What the answers to one series' requests in one sync came to."""

    answered: bool = False
    error: SourceError | None = None
    notices: dict[tuple[object, ...], Notice] = field(default_factory=dict)

    def add(self, answer: Answer) -> None:
        """Adds one answer; the first error of a sync stays."""
        if answer.error is None:
            self.answered = True
            self.notices.update({notice.subject: notice for notice in answer.notices})
        elif self.error is None:
            self.error = answer.error


def after(before: SeriesState | None, outcome: Outcome, now: int) -> SeriesState:
    """The state that follows from the one before and what a sync brought at ``now``."""
    last = before.answered if before else None
    answered = now if outcome.answered else last
    error = outcome.error
    if error is None:
        kept = {notice.subject: notice for notice in (before.notices if before else ()) if _holds(notice, now)}
        return SeriesState(now, answered, notices=tuple(_since(kept, outcome.notices)))
    since = before.failing_since if before and before.failing_since is not None else now
    notices = tuple(outcome.notices.values()) or (before.notices if before else ())
    return SeriesState(now, answered, since, error.code, error.detail, error.facts, notices)


def _since(kept: Mapping[tuple[object, ...], Notice], new: Mapping[tuple[object, ...], Notice]) -> Iterator[Notice]:
    """The notices that hold; one that was there before has been so since then."""
    for subject, notice in {**kept, **new}.items():
        earlier = [known.facts["since"] for known in (kept.get(subject), notice) if known and "since" in known.facts]
        yield Notice(notice.code, {**notice.facts, "since": min(map(int, earlier))}) if earlier else notice


def _holds(notice: Notice, now: int) -> bool:
    return float(notice.facts.get("keep_until", 0)) > now


def read_states(connection: Connection, keys: Iterable[str]) -> dict[str, SeriesState]:
    """The states of the series that were ever requested, by key."""
    found: dict[str, SeriesState] = {}
    for chunk in chunks(keys):
        for row in connection.execute(select(series_states).where(series_states.c.series.in_(chunk))):
            found[row.series] = _state(row)
    return found


def write_states(connection: Connection, states: Mapping[str, SeriesState]) -> None:
    """Stores states over those before."""
    for chunk in chunks(states):
        connection.execute(delete(series_states).where(series_states.c.series.in_(chunk)))
    if states:
        connection.execute(insert(series_states), [_row(key, state) for key, state in states.items()])


def _row(key: str, state: SeriesState) -> dict[str, object]:
    notices = [{"code": n.code, "facts": dict(n.facts)} for n in state.notices]
    return {**asdict(state), "series": key, "facts": dict(state.facts), "notices": notices}


def _state(row: Row[tuple[object, ...]]) -> SeriesState:
    notices = tuple(Notice(n["code"], n["facts"]) for n in row.notices)
    return SeriesState(row.tried, row.answered, row.failing_since, row.error_code, row.detail, row.facts, notices)
