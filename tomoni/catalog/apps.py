"""`apps/<app>.yaml`: an app with its journeys, SLOs and infra signals; the keys first, then the reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema

from tomoni.catalog.codes import Code, facts_of_unknown
from tomoni.catalog.document import Document, Place
from tomoni.catalog.event_feeds import EventFeedEntry, event_feeds
from tomoni.catalog.forms import known_source, read_signal_query, read_sli
from tomoni.catalog.kept import LedgerKeeping
from tomoni.catalog.ledger_keeping import AppLedgerEntry, note_too_short
from tomoni.catalog.limits import note_limit
from tomoni.catalog.links import Url
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.mapping import DISPENSABLE, ONE_BY_ONE, Entry, elements, read_entry, read_what_is_left
from tomoni.catalog.marks import MarkedEntry, kept_of
from tomoni.catalog.profiles import JourneyProfileEntry, ProfileEntry, peaks_of, profile_of
from tomoni.catalog.schema import (
    DEFAULT_GROUP,
    App,
    Direction,
    Journey,
    Link,
    Policies,
    Policy,
    ReviewRhythm,
    Settings,
    Signal,
    Slo,
    Spot,
    Unit,
)
from tomoni.catalog.shown_languages import note_languages
from tomoni.catalog.slos import AlertEntry, SloEntry, native_defaults, read_definition
from tomoni.catalog.sources import SourceTable
from tomoni.catalog.splits import split_of
from tomoni.catalog.tickets import TicketsEntry, tickets_of
from tomoni.catalog.values import (
    Bucket,
    Id,
    Moment,
    Name,
    Number,
    Rhythm,
    Title,
    choice,
    choice_schema,
)
from tomoni.catalog.zones import Zone, note_misread
from tomoni.slo.journeys import CompositeMethod


class LinkEntry(Entry):
    """One place that belongs to an app."""

    title: Title = Field(description="The text of the link.")
    url: Url = Field(description="An address that begins with https:// or http://.")


class TeamsEntry(Entry):
    """The teams that read the metrics together."""

    app: Name | None = Field(default=None, description="The team that builds and runs the app.")
    infra: Name | None = Field(default=None, description="The team that runs the infrastructure under it.")


class ReviewEntry(Entry):
    """The rhythm of the joint reviews."""

    every: Rhythm = Field(description="From one review to the next: 2 weeks, 10 days, 1 week.")
    starting: Moment | None = Field(
        default=None, description="The first review, local time of the app: 2026-11-24T10:00."
    )


CompositeName = Annotated[CompositeMethod, PlainValidator(choice(CompositeMethod)), choice_schema(CompositeMethod)]


class JourneyEntry(JourneyProfileEntry):
    """What a user wants to get done."""

    LEVEL = "journey"

    id: Id = Field(description="Names the journey within its app: lower case, digits, hyphens.")
    title: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What the user gets done; one text, or one for each language."
    )
    description: Annotated[Title | None, DISPENSABLE] = Field(default=None, description="A sentence or two about it.")
    composite: Annotated[CompositeName | None, DISPENSABLE] = Field(
        default=None,
        description="One budget for the journey: events_summed (all events alike) or worst_of (that of the worst SLO).",
    )
    slos: Annotated[list[SloEntry], ONE_BY_ONE] = Field(default=[], description="The objectives of the journey.")


# Read by `catalog.forms`; `catalog.jsonschema` puts the schema of the forms in.
SignalQueryText = Annotated[Any, WithJsonSchema({"$comment": "SignalQuery"})]


UnitName = Annotated[Unit, PlainValidator(choice(Unit)), choice_schema(Unit)]
DirectionName = Annotated[Direction, PlainValidator(choice(Direction)), choice_schema(Direction)]


class GroupEntry(Entry):
    """What a group of signals is called."""

    id: Name = Field(description="The group, as the signals name it.")
    title: Title = Field(description="What people call it; one text, or one for each language.")


class SignalEntry(Entry):
    """A metric of the infrastructure that journeys run on."""

    LEVEL = "signal"

    id: Id = Field(description="Names the signal within its app: lower case, digits, hyphens.")
    title: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What people call it; one text, or one for each language."
    )
    group: Name = Field(default=DEFAULT_GROUP, description="A free word: signals of one group are drawn together.")
    journeys: list[Id] = Field(default=[], description="The journeys that depend on it; all of them if none is named.")
    source: Name = Field(description="The source to query: an id of sources.yaml.")
    query: SignalQueryText = Field(description="The query for the source; its form depends on the source's kind.")
    unit: UnitName = Field(default=Unit.COUNT, description="What the values are measured in.")
    limit: Number | None = Field(default=None, description="Where trouble begins; drawn as a line.")
    direction: DirectionName = Field(
        default=Direction.HIGH_IS_BAD, description="On which side of the limit trouble is."
    )
    bucket: Bucket = Field(default=300, description="The slice of time whose mean is remembered.")


class AppEntry(ProfileEntry, MarkedEntry):
    """`config/apps/<app>.yaml`."""

    LEVEL = "app"

    app: Id = Field(description="Names the app everywhere: lower case, digits, hyphens.")
    title: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="What people call it; one text, or one for each language."
    )
    description: Annotated[Title | None, DISPENSABLE] = Field(default=None, description="A sentence or two about it.")
    teams: Annotated[TeamsEntry | None, DISPENSABLE] = Field(
        default=None, description="The two teams that review it together."
    )
    timezone: Annotated[Zone | None, DISPENSABLE] = Field(
        default=None, description="The IANA time zone of its calendar windows and reviews."
    )
    links: Annotated[list[LinkEntry], ONE_BY_ONE] = Field(
        default=[], description="Places that belong to it, such as its runbook."
    )
    review: Annotated[ReviewEntry | None, DISPENSABLE] = Field(
        default=None, description="How often both teams review it."
    )
    tickets: Annotated[TicketsEntry | None, DISPENSABLE] = Field(
        default=None, description="The tracker in which a new ticket of an action is written."
    )
    events: Annotated[list[EventFeedEntry], ONE_BY_ONE] = Field(
        default=[], description="Where its deploys and other events come from."
    )
    ledger: Annotated[AppLedgerEntry | None, DISPENSABLE] = Field(
        default=None, description="How long its buckets are kept."
    )
    policy: Annotated[Id | None, DISPENSABLE] = Field(
        default=None, description="What the teams do about its budgets: an id of policies.yaml; else its default."
    )
    alerts: Annotated[list[AlertEntry] | None, DISPENSABLE] = Field(
        default=None, description="The burn alerts of its SLOs that have none of their own."
    )
    journeys: Annotated[list[JourneyEntry], ONE_BY_ONE] = Field(
        default=[], description="What its users want to get done."
    )
    groups: Annotated[list[GroupEntry], ONE_BY_ONE] = Field(
        default=[], description="What the groups of its infra signals are called."
    )
    infra: Annotated[list[SignalEntry], ONE_BY_ONE] = Field(
        default=[], description="The metrics of the infrastructure that it runs on."
    )


@dataclass(slots=True)
class AppReader:
    """Reads apps one after the other; ``spots`` grows with what it finds."""

    settings: Settings
    sources: SourceTable
    policies: Policies = field(default_factory=Policies)
    spots: dict[str, Spot] = field(default_factory=dict)

    def read(self, document: Document) -> App | None:
        """The app of a document, or None; faults are noted in it."""
        if document.data is None:
            if not document.faults:
                document.note((), Code.FILE_EMPTY)
            return None
        entry, usable = read_what_is_left(document, (), AppEntry)
        note_languages(document)
        first = self.spots.get(entry.app) if entry and usable else None
        if entry is None or not usable or first is not None:
            if entry and first:
                _note_duplicate(document, ("app",), "app", entry.app, first)
            # It is left out, but the faults of its parts are reported too.
            _Reading(AppReader(self.settings, self.sources, self.policies), document, AppEntry(app="left-out")).app()
            return None
        self.spots[entry.app] = document.spot(("app",))
        if not document.at(("journeys",)):
            document.note(("app",), Code.NOTHING_MEASURED, what="app", id=entry.app)
        app = _Reading(self, document, entry).app()
        note_too_short(document, app, self.settings)
        note_misread(document, ("timezone",), entry.timezone or "")
        return app


class _Reading:
    """The reading of one app."""

    def __init__(self, reader: AppReader, document: Document, entry: AppEntry) -> None:
        self._settings, self._sources, self._spots = reader.settings, reader.sources, reader.spots
        if entry.alerts is not None:
            self._settings = replace(self._settings, rules=tuple(alert.rule for alert in entry.alerts))
        self._policies = reader.policies
        self._document = document
        self._entry = entry
        self._zone = entry.timezone or reader.settings.timezone

    def app(self) -> App:
        entry = self._entry
        teams = {"app": entry.teams.app, "infra": entry.teams.infra} if entry.teams else {}
        return App(
            id=entry.app,
            title=_title(entry.title, entry.app),
            description=entry.description,
            teams={role: name for role, name in teams.items() if name is not None},
            timezone=self._zone,
            links=tuple(self._links()),
            review=_rhythm(entry.review, self._zone),
            journeys=tuple(self._journeys()),
            infra=tuple(self._signals()),
            file=self._document.file,
            policy=self._policy(),
            events=tuple(event_feeds(self._document, self._sources)),
            tickets=tickets_of(self._document, ("tickets",), entry.tickets),
            profile=profile_of(self._document, (), entry, self._zone),
            kept=replace(kept_of(entry), ledger=entry.ledger.keeping if entry.ledger else LedgerKeeping()),
        )

    def _policy(self) -> Policy | None:
        name, policies = self._entry.policy, self._policies
        if name is None:
            return policies.default
        if name not in policies.written:
            known = sorted(policies.written)
            self._document.note(("policy",), Code.UNKNOWN_POLICY, policy=name, **facts_of_unknown(name, known))
        return policies.by_id.get(name)

    def _links(self) -> Iterator[Link]:
        for place in elements(self._document, ("links",)):
            if link := read_entry(self._document, place, LinkEntry):
                yield Link(link.title, link.url)

    def _journeys(self) -> Iterator[Journey]:
        for place in elements(self._document, ("journeys",)):
            entry = read_entry(self._document, place, JourneyEntry)
            if entry is not None and self._is_new("journey", f"{self._entry.app}/{entry.id}", place):
                if not self._document.at((*place, "slos")):
                    self._document.note((*place, "id"), Code.NOTHING_MEASURED, what="journey", id=entry.id)
                slos = tuple(self._slos(entry, (*place, "slos")))
                if entry.composite is CompositeMethod.EVENTS_SUMMED and len({s.definition.method for s in slos}) > 1:
                    self._document.note((*place, "composite"), Code.COMPOSITE_MIXED, journey=entry.id)
                profile = profile_of(self._document, place, entry, self._zone)
                yield Journey(
                    entry.id, _title(entry.title, entry.id), entry.description, slos, entry.composite, profile
                )
            else:  # it is left out, but the faults of its SLOs and its peaks are reported too
                peaks_of(self._document, place, self._zone)
                for slo in elements(self._document, (*place, "slos")):
                    self._slo(slo)

    def _slos(self, journey: JourneyEntry, place: Place) -> Iterator[Slo]:
        for slo_place in elements(self._document, place):
            slo = self._slo(slo_place)
            path = f"{self._entry.app}/{journey.id}/{slo.id}" if slo else ""
            if slo is not None and self._is_new("slo", path, slo_place):
                self._spots[path + "/query"] = self._document.spot((*slo_place, "sli"))
                yield slo

    def _slo(self, place: Place) -> Slo | None:
        """One SLO. Its keys, its lengths and its query are all read, so that all faults are reported."""
        document = self._document
        entry, usable = read_what_is_left(document, place, SloEntry)
        written = document.at((*place, "sli"))
        sli = read_sli(document, (*place, "sli"), self._sources) if written is not None else None
        defaults = native_defaults(document, place, written) if isinstance(document.at(place), dict) else None
        if entry is None:
            return None
        definition = read_definition(document, place, entry, self._zone, self._settings)
        if not usable or sli is None or defaults is None or definition is None:
            return None
        source, query = sli
        title = _title(entry.title, entry.id)
        kept = kept_of(entry, entry.alerting)
        split = split_of(entry.split_by)
        return Slo(entry.id, title, entry.description, source, query, entry.bucket, definition, defaults, kept, split)

    def _groups(self) -> dict[str, LocalText]:
        """The title of each group that has one. A group without any signal is a fault: its title shows nowhere."""
        signals = [self._document.at((*place, "group")) for place in elements(self._document, ("infra",))]
        known = {DEFAULT_GROUP, *(group for group in signals if isinstance(group, str))}
        titles: dict[str, LocalText] = {}
        for place in elements(self._document, ("groups",)):
            entry = read_entry(self._document, place, GroupEntry)
            if entry is None or not self._is_new("group", f"{self._entry.app}/groups/{entry.id}", place):
                continue
            if entry.id not in known:
                facts = {"group": entry.id, **facts_of_unknown(entry.id, sorted(known))}
                self._document.note((*place, "id"), Code.UNKNOWN_GROUP, **facts)
            titles[entry.id] = entry.title
        return titles

    def _signals(self) -> Iterator[Signal]:
        groups = self._groups()
        written = [self._document.at((*place, "id")) for place in elements(self._document, ("journeys",))]
        journeys = [str(journey) for journey in written if isinstance(journey, str)]
        for place in elements(self._document, ("infra",)):
            signal = self._signal(place, journeys)
            path = f"{self._entry.app}/infra/{signal.id}" if signal else ""
            if signal is not None and self._is_new("signal", path, place):
                self._spots[path + "/query"] = self._document.spot((*place, "query"))
                yield replace(signal, group_title=groups.get(signal.group))

    def _signal(self, place: Place, journeys: list[str]) -> Signal | None:
        document = self._document
        entry, usable = read_what_is_left(document, place, SignalEntry)
        written = document.at((*place, "source"))
        source = known_source(document, (*place, "source"), self._sources) if written else None
        kind = self._sources.kinds.get(source, "") if source else ""
        query = None
        if document.at((*place, "query")) is not None:
            query = read_signal_query(document, (*place, "query"), source or "", kind)
        carries = entry is not None and self._carries(entry, place, journeys)
        if entry is None or source is None or query is None or not (usable and carries):
            return None
        note_limit(document, (*place, "limit"), entry.unit, entry.limit)
        return Signal(
            id=entry.id,
            title=_title(entry.title, entry.id),
            group=entry.group,
            journeys=tuple(entry.journeys),
            source=source,
            query=query,
            unit=entry.unit,
            limit=entry.limit,
            direction=entry.direction,
            bucket_seconds=entry.bucket,
        )

    def _carries(self, entry: SignalEntry, place: Place, known: list[str]) -> bool:
        unknown = [(index, journey) for index, journey in enumerate(entry.journeys) if journey not in known]
        for index, journey in unknown:
            facts = {"journey": journey, **facts_of_unknown(journey, known)}
            self._document.note((*place, "journeys", index), Code.UNKNOWN_JOURNEY, **facts)
        return not unknown

    def _is_new(self, what: str, path: str, place: Place) -> bool:
        first = self._spots.setdefault(path, self._document.spot((*place, "id")))
        spot = self._document.spot((*place, "id"))
        if first == spot:
            return True
        _note_duplicate(self._document, (*place, "id"), what, path.rpartition("/")[2], first)
        return False


def _note_duplicate(document: Document, place: Place, what: str, element_id: str, first: Spot) -> None:
    document.note(place, Code.DUPLICATE_ID, what=what, id=element_id, first_file=first.file, first_line=first.line)


def _title(title: LocalText | None, element_id: str) -> LocalText:
    return title if title is not None else LocalText({"": element_id})


def _rhythm(review: ReviewEntry | None, zone: str) -> ReviewRhythm | None:
    if review is None:
        return None
    starting = review.starting
    if starting is not None:
        local = ZoneInfo(zone)
        starting = starting.astimezone(local) if starting.tzinfo else starting.replace(tzinfo=local)
    return ReviewRhythm(review.every, starting)
