"""`events` of an app: the expressions and files that its deploys and other events come from."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, PlainValidator

from data_sources.kinds import KINDS
from tomoni.catalog.codes import Code, listed
from tomoni.catalog.document import Document, Place
from tomoni.catalog.for_reviews import EventFeed
from tomoni.catalog.forms import known_source
from tomoni.catalog.mapping import Entry, elements, read_entry
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.values import Name, choice, choice_schema

DEFAULT_TITLE, ALERT_TITLE = "{{version}}", "{{alertname}}"
_FORMS = ("query", "alerts", "file")


class FeedKind(StrEnum):
    """What the events of a feed are; the values are those of the API."""

    DEPLOY = "deploy"
    RELEASE = "release"
    PLANNED = "planned"
    FLAG = "flag"
    OTHER = "other"


FeedKindName = Annotated[FeedKind, PlainValidator(choice(FeedKind)), choice_schema(FeedKind)]


class EventFeedEntry(Entry):
    """A place that events come from: an expression, alerts that fire, or a file."""

    source: Name = Field(description="The source to ask: an id of sources.yaml.")
    query: Name | None = Field(
        default=None, description="PromQL: each series that appears, by the labels of its title, is an event."
    )
    alerts: Name | None = Field(
        default=None, description="Label matchers: the alerts that fire on the server and match are events."
    )
    title: Name | None = Field(
        default=None,
        description="With query or alerts: the event's title, labels in double braces; {{version}} or {{alertname}}.",
    )
    file: Name | None = Field(
        default=None, description="A CSV file of the source with the columns time and title; also kind, until, url, id."
    )
    kind: FeedKindName = Field(default=FeedKind.DEPLOY, description="What they are, where a file does not say.")


def _answered(document: Document, place: Place, source: str, sources: SourceTable) -> bool:
    """Whether a source's kind can be asked for events by the key at a place; of an unknown kind nothing is said."""
    kind = sources.kinds.get(source, "")
    if kind not in KINDS or place[-1] in KINDS[kind].event_forms:
        return True
    others = (name for name, each in sources.kinds.items() if each in KINDS and KINDS[each].event_forms)
    known = listed(KINDS[kind].event_forms or others)
    document.note_key(place, Code.FORM_NOT_ANSWERED, form=str(place[-1]), source=source, kind=kind, known=known or "—")
    return False


def event_feeds(document: Document, sources: SourceTable) -> Iterator[EventFeed]:
    """The feeds that can be used; faults are noted."""
    for place in elements(document, ("events",)):
        entry = read_entry(document, place, EventFeedEntry)
        if entry is None or known_source(document, (*place, "source"), sources) is None:
            continue
        forms = [form for form in _FORMS if getattr(entry, form) is not None]
        if len(forms) != 1:
            document.note(place, Code.EVENTS_FORM)
            continue
        if _answered(document, (*place, forms[0]), entry.source, sources):
            yield _feed(entry)


def _feed(entry: EventFeedEntry) -> EventFeed:
    own = (entry.query or "", entry.title or (ALERT_TITLE if entry.alerts else DEFAULT_TITLE), entry.file or "")
    kind = "alert" if entry.alerts else entry.kind.value
    return EventFeed(entry.source, kind, *own, alerts=entry.alerts or "")
