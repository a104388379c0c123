"""`exclusions/<app>.yaml`: time of an app that does not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tomoni.catalog.agreements import ExclusionEntry, ExclusionsEntry, HoursEntry, Weekday, near
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.entries import elements, read_entry
from tomoni.catalog.occurrences import ever_happens
from tomoni.catalog.schema import App, Exclusion, OneOff, OutsideHours, PublicHolidays, Recurring, Spot


@dataclass(slots=True)
class ExclusionReader:
    """Reads the exclusions of apps; ``spots`` grows with what it finds."""

    apps: Sequence[App]
    spots: dict[str, Spot]
    _found: dict[str, list[Exclusion]] = field(default_factory=dict)

    def read(self, document: Document) -> None:
        """Takes up the exclusions of a document; faults are noted in it."""
        if document.data is None:  # all of it may be commented out
            return
        entry = read_entry(document, (), ExclusionsEntry)
        app = next((app for app in self.apps if entry and app.id == entry.app), None)
        if entry is not None and app is None:
            document.note(("app",), Code.UNKNOWN_APP, app=entry.app, **near(entry.app, [app.id for app in self.apps]))
        for place in elements(document, ("exclusions",)):
            found = read_entry(document, place, ExclusionEntry)
            if found is None or app is None:
                continue
            exclusion = _exclusion(document, place, found, app)
            if exclusion is not None and self._is_new(document, place, f"{app.id}/exclusions/{found.id}"):
                self._found.setdefault(app.id, []).append(exclusion)

    def applied(self) -> tuple[App, ...]:
        """The apps with their exclusions."""
        return tuple(replace(app, exclusions=tuple(self._found.get(app.id, ()))) for app in self.apps)

    def _is_new(self, document: Document, place: Place, path: str) -> bool:
        spot = document.spot((*place, "id"))
        first = self.spots.setdefault(path, spot)
        if first != spot:
            name = path.rpartition("/")[2]
            facts = {"what": "exclusion", "id": name, "first_file": first.file}
            document.note((*place, "id"), Code.DUPLICATE_ID, **facts, first_line=first.line)
        return first == spot


def _exclusion(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Exclusion | None:
    when = _when(document, place, entry, app.timezone)
    known = [*_unknown_journeys(document, place, entry, app), *_unknown_slos(document, place, entry, app)]
    if when is None or known:
        return None
    return Exclusion(entry.id, entry.reason, app.timezone, when, frozenset(entry.journeys), frozenset(entry.slos))


def _when(
    document: Document, place: Place, entry: ExclusionEntry, zone: str
) -> OneOff | Recurring | OutsideHours | PublicHolidays | None:
    if entry.start is not None and entry.end is not None:
        once = OneOff(_unix(entry.start, zone), _unix(entry.end, zone))
        if once.end > once.start:
            return once
        document.note((*place, "end"), Code.ENDS_BEFORE_START)
        return None
    if entry.repeats is not None and entry.starting is not None and entry.lasts is not None:
        again = Recurring(entry.repeats, _local(entry.starting, zone), entry.lasts)
        if ever_happens(again, zone):
            return again
        document.note((*place, "repeats"), Code.NEVER_HAPPENS, written=entry.repeats)
        return None
    if entry.outside_hours is not None:
        return _outside(entry.outside_hours)
    return PublicHolidays(entry.holidays or "")


def _outside(hours: HoursEntry) -> OutsideHours:
    week = list(Weekday)
    return OutsideHours(frozenset(week.index(day) for day in hours.days), hours.opens, hours.closes, hours.holidays)


def _unix(moment: datetime, zone: str) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp())


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment


def _unknown_journeys(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Iterator[str]:
    known = [journey.id for journey in app.journeys]
    for index, journey in enumerate(entry.journeys):
        if journey not in known:
            document.note((*place, "journeys", index), Code.UNKNOWN_JOURNEY, journey=journey, **near(journey, known))
            yield journey


def _unknown_slos(document: Document, place: Place, entry: ExclusionEntry, app: App) -> Iterator[str]:
    known = [f"{journey.id}/{slo.id}" for journey in app.journeys for slo in journey.slos]
    for index, slo in enumerate(entry.slos):
        if slo not in known:
            document.note((*place, "slos", index), Code.UNKNOWN_SLO, slo=slo, **near(slo, known))
            yield slo
