"""The list of snapshots and the traces of those that were deleted: what their rows hold, and how they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select, true

from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Catalog
from tomoni.review.model import NamedPeriod
from tomoni.slo.model import State
from tomoni.slo.named_periods import named_period
from tomoni.snapshots.errors import Code, SnapshotError
from tomoni.store.tables import deleted_snapshots as traces
from tomoni.store.tables import snapshots as table

FEWEST_SIGNS = 6  # of a hash that is named by its beginning
PREFIX = "sha256:"
NOTES_IN_LIST = 300  # characters of its notes that the list has of a snapshot
Reason = Literal["deleted", "expired"]


@dataclass(frozen=True, slots=True)
class ListedSnapshot:
    """An entry of the list of snapshots: app, period ``[start, as_of)``, when it was made
    (Unix seconds), and how many SLOs were in which state. ``numbers`` is the hash of its numbers alone,
    ``size`` what its record takes in the database, in bytes. A ``pinned`` one is not deleted. ``period`` is the
    calendar period that it is of, if it has a name. ``notes`` are how its notes begin. ``meeting`` is the id of the
    review meeting that it closed (empty: none), ``workshop`` what it was tried on in the workshop, as
    ``journey/slo`` (empty: it was not taken there), ``year`` the year that it is of (empty: none). ``trouble`` says
    what is wrong with an entry of a page: its record cannot be read or was altered, and then nothing is said of it but
    its moments; or the row said otherwise (`entry_altered`), and this is what the record holds."""

    hash: str
    app: str
    title: LocalText
    start: int
    as_of: int
    made_at: int
    numbers: str
    states: Mapping[State, int]
    size: int = 0
    pinned: bool = False
    period: NamedPeriod | None = None
    notes: str = ""
    meeting: str = ""
    workshop: str = ""
    year: str = ""
    trouble: SnapshotError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeletedSnapshot:
    """The trace of a snapshot that was deleted: its hash, app, period ``[start, as_of)`` and title, when it
    was made and when deleted (Unix seconds), and whether somebody deleted it or a rule."""

    hash: str
    app: str
    title: LocalText
    start: int
    as_of: int
    made_at: int
    deleted_at: int
    reason: Reason
    period: NamedPeriod | None = None

    def error(self) -> SnapshotError:
        """What reading it reports."""
        code: Code = "snapshot_expired" if self.reason == "expired" else "snapshot_deleted"
        moments = {"start": self.start, "as_of": self.as_of, "at": self.deleted_at}
        return SnapshotError(code, {"hash": self.hash, "app": self.app, **moments})


@dataclass(frozen=True, slots=True)
class Selection:
    """Which snapshots are listed: those of an app, and of a moment in ``(after, until]`` (Unix seconds).
    ``elsewhere`` has the moments that take their place for apps with clocks of their own, by the app's id. ``only``
    are the apps that a reader sees (None: all), without those that are ``unseen``."""

    app: str | None = None
    after: int | None = None
    until: int | None = None
    elsewhere: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    only: frozenset[str] | None = None
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its entries, its number from 1, how many pages and how many entries there are."""

    entries: tuple[ListedSnapshot, ...]
    number: int
    pages: int
    total: int


def in_period(name: str, catalog: Catalog, app: str | None = None) -> Selection:
    """The snapshots of an app (None: of all) as of a moment in a named period, by the clocks of each app.
    Raises ValueError for what names no period."""
    zone = catalog.settings.timezone
    spans = {each: named_period(name, each, catalog.settings.first_month) for each in {zone, *_zones(catalog).values()}}
    elsewhere = {id_: (spans[other].start, spans[other].end) for id_, other in _zones(catalog).items() if other != zone}
    return Selection(app, spans[zone].start, spans[zone].end, elsewhere)


def _zones(catalog: Catalog) -> Mapping[str, str]:
    return {app.id: app.timezone for app in catalog.apps}


def list_query(selection: Selection) -> Select[Any]:
    """The query of what a list shows, the newest first."""
    c = table.c
    query = select(
        c.hash,
        c.app,
        c.summary,
        c.start,
        c.as_of,
        c.made_at,
        c.numbers,
        func.length(c.payload).label("size"),
        c.pinned_at,
    )
    return chosen(query.order_by(c.as_of.desc(), c.made_at.desc(), c.hash), selection)


def chosen(query: Select[Any], selection: Selection) -> Select[Any]:
    """A query of the list's rows, narrowed to a selection."""
    c = table.c
    if selection.app is not None:
        query = query.where(c.app == selection.app)
    if selection.only is not None:
        query = query.where(c.app.in_(selection.only))
    if selection.unseen:
        query = query.where(c.app.not_in(selection.unseen))
    apps = defaultdict[tuple[int, int], list[str]](list)
    for app, span in selection.elsewhere.items():
        apps[span].append(app)
    here = and_(_within(selection.after, selection.until), c.app.not_in(selection.elsewhere))
    return query.where(or_(here, *(and_(_within(*span), c.app.in_(some)) for span, some in apps.items())))


def _within(after: int | None, until: int | None) -> ColumnElement[bool]:
    later = true() if after is None else table.c.as_of > after
    return and_(later, true() if until is None else table.c.as_of <= until)


def find_one(connection: Connection, named: str, column: ColumnElement[Any]) -> Any:  # noqa: ANN401 - the column's type
    """A column of the one snapshot of a hash, or of the beginning of one. Raises SnapshotError."""
    start = named.removeprefix(PREFIX).lower()
    rows = _starting(connection, table, start, column)
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise SnapshotError("snapshot_ambiguous", {"hash": named[:80], "count": len(rows)})
    gone = [trace_of(row) for row in _starting(connection, traces, start, None)]
    if len(gone) == 1:
        raise gone[0].error()
    raise SnapshotError("snapshot_unknown", {"hash": named[:80], "count": 0})


def _starting(connection: Connection, where: Table, start: str, column: ColumnElement[Any] | None) -> Sequence[Any]:
    """A column (None: all of them) of at most two rows whose hash begins so."""
    if len(start) < FEWEST_SIGNS or not start.isalnum():
        return []
    query: Select[Any] = select(where) if column is None else select(column)
    rows = connection.execute(query.where(where.c.hash.startswith(PREFIX + start)).limit(2))
    return rows.all() if column is None else rows.scalars().all()


def listed_of(row: Any) -> ListedSnapshot:  # noqa: ANN401 - a row of `list_query`
    """An entry of the list. What its summary does not say readably is left out: a row never hides the others."""
    states: dict[State, int] = {}
    for state, n in _mapping(row.summary, "states").items():
        if state in set(State) and isinstance(n, int):
            states[State(state)] = n
    said = _said_of(row, "notes"), _said_of(row, "meeting"), _said_of(row, "workshop"), _said_of(row, "year")
    kept = row.size, row.pinned_at is not None, _period_of(row), *said
    return ListedSnapshot(
        row.hash, row.app, _title_of(row), row.start, row.as_of, row.made_at, row.numbers, states, *kept
    )


def trace_of(row: Any) -> DeletedSnapshot:  # noqa: ANN401 - a row of the table of traces
    """The trace of a deleted snapshot."""
    reason: Reason = "expired" if row.reason == "expired" else "deleted"
    moments = row.start, row.as_of, row.made_at, row.deleted_at
    return DeletedSnapshot(row.hash, row.app, _title_of(row), *moments, reason, _period_of(row))


def _mapping(summary: object, name: str) -> Mapping[str, Any]:
    found = summary.get(name) if isinstance(summary, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _title_of(row: Any) -> LocalText:  # noqa: ANN401 - a row with a summary
    texts = _mapping(row.summary, "title").items()
    return LocalText({language: title for language, title in texts if isinstance(title, str)})


def _period_of(row: Any) -> NamedPeriod | None:  # noqa: ANN401 - a row with a summary
    named = _mapping(row.summary, "period")
    try:
        return NamedPeriod(str(named["name"]), int(named["start"]), int(named["end"])) if named else None
    except (LookupError, TypeError, ValueError):
        return None


def _said_of(row: Any, name: str) -> str:  # noqa: ANN401 - a row with a summary
    said = row.summary.get(name) if isinstance(row.summary, Mapping) else None
    return said if isinstance(said, str) else ""
