"""Fetches the events of apps from their sources, and remembers them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from data_sources.base import Interval, Source
from data_sources.errors import SourceError
from data_sources.events import Happened, ListsEvents, Seen, SeesSeries
from tomoni.catalog.for_reviews import EventFeed
from tomoni.catalog.schema import App
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Event, EventKind
from tomoni.meetings.records import Records, validated
from tomoni.review.model import SourceProblem
from tomoni.slo.model import DAY, HOUR, MINUTE
from tomoni.use_cases.configuration import Setup
from tomoni.use_cases.events import store_event
from tomoni.use_cases.fired_alerts import STEP, FiredStretch, as_continued, fields_of_stretch, read_fired

_LOG = logging.getLogger(__name__)
_STEP = 5 * MINUTE
_BACK, _OVERLAP = 28 * DAY, 6 * HOUR
_FURTHER = 91 * DAY  # for the beginning of an alert that fired already _BACK ago
_ABSENT = 30 * MINUTE  # what comes back sooner was there all the time: pods that start anew, a scrape that failed
_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class _Found:
    """An event with the key by which it is known."""

    key: str
    at: int
    title: str
    kind: str
    until: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed of an app's events that its source does not answer."""

    app: str
    feed: EventFeed
    problem: SourceProblem


class EventFeeds:
    """Asks the sources of apps for events; what is stored already is not stored again. Safe in several threads and
    processes."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._asked: dict[tuple[str, EventFeed], int] = {}
        self._lock = Lock()  # guards the two values below
        self._answered: dict[tuple[str, EventFeed], int] = {}
        self._failing: dict[tuple[str, EventFeed], SourceProblem] = {}

    def failing(self, apps: Iterable[App]) -> tuple[FailingFeed, ...]:
        """The feeds of some apps that failed when they were last asked for."""
        with self._lock:
            known = dict(self._failing)
        return tuple(
            FailingFeed(app.id, feed, known[app.id, feed])
            for app in apps
            for feed in app.events
            if (app.id, feed) in known
        )

    def fetch(self, setup: Setup, source_id: str, now: int) -> None:
        """Remembers what a source tells of the apps of a setup. A source that fails is asked again with the next
        refresh. Raises StoreError."""
        source = setup.sources.get(source_id)
        for app in setup.catalog.apps:
            for feed in app.events:
                if source is not None and feed.source == source_id:
                    self._fetch(app.id, feed, source, now)

    def _fetch(self, app: str, feed: EventFeed, source: Source, now: int) -> None:
        step = STEP if feed.alerts else _STEP
        end = (now - source.lag_seconds) // step * step
        start = self._asked.get((app, feed), end - _BACK + _OVERLAP) - _OVERLAP
        try:
            interval = Interval(start, max(start, end), step)
            found = list(_events_of(feed, source, interval))
            fired = _fired(feed, source, interval, 0 if (app, feed) in self._asked else _FURTHER)
        except SourceError as error:
            _LOG.warning("events of %s from %s: %s", app, feed.source, error.code)
            self._failed((app, feed), error, now)
            return
        for each in found:
            self._store(app, each)
        self._store_fired(app, feed, fired)
        self._asked[app, feed] = end
        with self._lock:
            self._answered[app, feed] = now
            self._failing.pop((app, feed), None)

    def _failed(self, which: tuple[str, EventFeed], error: SourceError, now: int) -> None:
        with self._lock:
            before, answered = self._failing.get(which), self._answered.get(which)
            since = before.since if before else now
            source = which[1].source
            self._failing[which] = SourceProblem(source, error.code, error.detail, error.facts, since, now, answered)

    def _store(self, app: str, found: _Found) -> None:
        fields = {"app": app, "at": found.at, "until": found.until, "what": found.kind, "title": found.title}
        event = _valid({**fields, "url": found.url, "sender": "source"})
        if event is not None:
            self._records.add(event, found.key)

    def _store_fired(self, app: str, feed: EventFeed, fired: Sequence[FiredStretch]) -> None:
        """Stores alerts that fired; one that fired already when the reading began goes on where it is known."""
        known = self._records.listed(Event, app) if any(each.before for each in fired) else ()
        for each in fired:
            title = titled(feed.title, each.labels) or each.labels.get("alertname", "") or "alert"
            event, going_on = _valid(fields_of_stretch(app, title, each)), as_continued(each, known)
            if event is None:
                continue
            if going_on is not None:
                event = event.model_copy(update={"at": going_on.value.at})
            store_event(self._records, event, each.key if going_on is None else going_on.key or each.key)


def _valid(fields: Mapping[str, object]) -> Event | None:
    """An event that may be stored; one that may not is logged."""
    try:
        return validated(Event, dict(fields))
    except MeetingError as error:
        _LOG.warning("an event of %s cannot be stored: %s", fields["app"], error.facts.get("field"))
        return None


def _fired(feed: EventFeed, source: Source, interval: Interval, further: int) -> tuple[FiredStretch, ...]:
    """The alerts that a source tells of. Raises SourceError."""
    if not feed.alerts or not isinstance(source, SeesSeries):
        return ()
    return tuple(read_fired(source, feed.source, feed.alerts, interval, further))


def _events_of(feed: EventFeed, source: Source, interval: Interval) -> Iterator[_Found]:
    """The events that a source tells of. Raises SourceError."""
    if feed.query and isinstance(source, SeesSeries):
        for title, at in appeared(source.seen(feed.query, interval), feed.title, interval):
            yield _Found(_key(feed, title, at), at, title, feed.kind)
    elif feed.file and isinstance(source, ListsEvents):
        yield from (_of_line(feed, line) for line in source.happened(feed.file))


def _of_line(feed: EventFeed, line: Happened) -> _Found:
    kind = line.kind if line.kind in set(EventKind) else feed.kind
    return _Found(
        _key(feed, line.id or line.title, 0 if line.id else line.at), line.at, line.title, kind, line.until, line.url
    )


def _key(feed: EventFeed, title: str, at: int) -> str:
    named = "\0".join((feed.source, feed.query or feed.file, title, str(at)))
    return "source:" + sha256(named.encode()).hexdigest()[:32]


def appeared(series: Iterable[Seen], title: str, interval: Interval) -> list[tuple[str, int]]:
    """What each group of series is called, and when it appeared within an interval, in order of time.

    Series that the labels of the title do not tell apart are one. What was there when the interval began did not
    appear in it, nor what was away for less than half an hour.
    """
    times: dict[str, set[int]] = {}
    for each in series:
        times.setdefault(titled(title, each.labels), set()).update(each.times)
    found = [(name, at) for name, moments in times.items() if name for at in _beginnings(sorted(moments), interval)]
    return sorted(found, key=lambda each: (each[1], each[0]))


def _beginnings(moments: Sequence[int], interval: Interval) -> Iterator[int]:
    before = interval.start  # so long ago nothing is known: it may have been there
    for moment in moments:
        if moment - before > _ABSENT:
            yield moment
        before = moment


def titled(title: str, labels: Mapping[str, str]) -> str:
    """A title with labels filled in; nothing where one of them is missing."""
    names = _LABEL.findall(title)
    if any(not labels.get(name) for name in names):
        return ""
    return _LABEL.sub(lambda found: labels[found[1]], title)[:_LONGEST_TITLE].strip()
