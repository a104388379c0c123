"""Saved views that teams made rows of an app's joint view: signals of the app, asked for and kept like those of its
file. So the same interval shows the same numbers whenever it is looked at, and a snapshot has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from tomoni.catalog.schema import App, Signal
from tomoni.exploring.rows import signal_of
from tomoni.meetings.model import SavedView
from tomoni.meetings.records import Record, Records
from tomoni.use_cases.configuration import Setup

MOST = 8  # rows of views of one app: each is asked for with every refresh


def signal_id(view: Record[SavedView]) -> str:
    """The id of the signal that a view is, within its app."""
    return f"view-{view.id[:12]}"


def rows_of(records: Records, app: str) -> tuple[Signal, ...]:
    """The rows that views are in the joint view of an app, the oldest first."""
    return _rows(records.listed(SavedView, app))


def with_rows(app: App, records: Records) -> App:
    """An app with the rows of its views among its signals."""
    return _with(app, rows_of(records, app.id))


def setup_with_rows(setup: Setup, records: Records) -> Setup:
    """A configuration whose apps have the rows of their views: what is fetched. The views of all are read at once."""
    views: defaultdict[str, list[Record[SavedView]]] = defaultdict(list)
    for view in records.listed(SavedView):
        views[view.value.app].append(view)
    apps = tuple(_with(app, _rows(views[app.id])) if app.id in views else app for app in setup.catalog.apps)
    return setup if apps == setup.catalog.apps else replace(setup, catalog=replace(setup.catalog, apps=apps))


def _rows(views: Iterable[Record[SavedView]]) -> tuple[Signal, ...]:
    chosen = sorted((each for each in views if each.value.row), key=_age)
    made = (_signal(each) for each in chosen)
    return tuple(signal for signal in made if signal is not None)[:MOST]


def _with(app: App, rows: Iterable[Signal]) -> App:
    known = {signal.id for signal in app.infra}
    added = tuple(signal for signal in rows if signal.id not in known)
    return replace(app, infra=(*app.infra, *added)) if added else app


def _age(view: Record[SavedView]) -> tuple[int, str]:
    return view.created_at, view.id


def _signal(view: Record[SavedView]) -> Signal | None:
    saved = view.value
    return signal_of(signal_id(view), saved.title, saved.source, saved.query, saved.unit)
