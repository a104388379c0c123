"""`risks/<app>.yaml`: what may go wrong with an app; the keys first, then the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from data_sources.durations import DURATION_PATTERN
from tomoni.catalog.codes import Code, facts_of_unknown
from tomoni.catalog.document import Document, Place
from tomoni.catalog.flags import Flag
from tomoni.catalog.for_reviews import KnownRisk
from tomoni.catalog.mapping import DISPENSABLE, ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.part_of_all import PartOfAll
from tomoni.catalog.schema import App, Spot
from tomoni.catalog.secrets import short
from tomoni.catalog.values import Id, Title, fail, read_duration, text_of

A_YEAR_MINUTES = 525_960
A_THOUSAND_YEARS_DAYS = 365_250


def length(unit_seconds: int, most: int, with_zero: bool) -> Callable[[object], float]:
    """What reads a length of time in a unit, from 0 where ``with_zero``, and at most so many of the unit."""

    def read(written: object) -> float:
        text = text_of(written)
        found = 0.0 if text.strip() == "0" and with_zero else read_duration(text) / unit_seconds
        if not (found > 0 or (with_zero and found == 0)) or found > most:
            reason = "from_zero" if with_zero else "above_zero"
            days = int(most * unit_seconds / 86_400)
            fail(Code.LENGTH_OUT_OF_RANGE, written=short(text), days=days, reason=reason)
        return found

    return read


_LENGTH = {"type": "string", "pattern": DURATION_PATTERN}
Minutes = Annotated[
    float,
    PlainValidator(length(60, A_YEAR_MINUTES, with_zero=True)),
    WithJsonSchema({"anyOf": [_LENGTH, {"type": "integer", "enum": [0]}]}),
]
Days = Annotated[float, PlainValidator(length(86_400, A_THOUSAND_YEARS_DAYS, with_zero=False)), WithJsonSchema(_LENGTH)]


class RiskFileEntry(Entry):
    """Something that may go wrong: a system that fails, never somebody who does."""

    id: Id = Field(description="Names the risk within its app: lower case, digits, hyphens.")
    title: Title = Field(description="What may go wrong; one text, or one for each language.")
    text: Annotated[Title | None, DISPENSABLE] = Field(
        default=None, description="More about it, such as what would make it cheaper."
    )
    journeys: list[Id] = Field(default=[], description="The journeys that it hits; all of them if none is named.")
    detect: Minutes = Field(description="How long it takes until it is noticed, such as 5m; 0 if at once.")
    repair: Minutes = Field(description="How long it then takes until users are served again, such as 45m.")
    users: PartOfAll = Field(default=1.0, description="The share of users that it hits: 30% or 0.3.")
    every: Days = Field(description="The time from one such failure to the next, such as 90d.")
    accepted: Annotated[Flag | None, DISPENSABLE] = Field(
        default=None, description="true: both teams accept what it costs as it is."
    )


class RisksEntry(Entry):
    """`config/risks/<app>.yaml`."""

    app: Id = Field(description="The app whose risks these are: an id of apps/.")
    risks: Annotated[list[RiskFileEntry], ONE_BY_ONE] = Field(default=[], description="What may go wrong.")


def read_risks(document: Document, apps: Sequence[App], spots: dict[str, Spot]) -> dict[str, tuple[KnownRisk, ...]]:
    """The risks of a file by the app that they are of; faults are noted in it. ``spots`` grows with their places."""
    if document.data is None:  # all of it may be commented out
        return {}
    entry = read_entry(document, (), RisksEntry)
    app = next((app for app in apps if entry and app.id == entry.app), None)
    if entry is not None and app is None:
        facts = facts_of_unknown(entry.app, [app.id for app in apps])
        document.note(("app",), Code.UNKNOWN_APP, app=entry.app, **facts)
    found = [
        _known(document, place, risk)
        for place in elements(document, ("risks",))
        if (risk := read_entry(document, place, RiskFileEntry)) is not None
        and app is not None
        and not [*_unknown_journeys(document, place, risk, app)]
        and _is_new(document, place, f"{app.id}/risks/{risk.id}", spots)
    ]
    return {app.id: tuple(found)} if app else {}


def _note_endless(document: Document, place: Place, entry: RiskFileEntry) -> None:
    """Notes a risk that would happen again before it is over: 1m is a minute, and no month."""
    lasts, every = (entry.detect + entry.repair) * 60, entry.every * 86_400
    if lasts >= every:
        document.note((*place, "every"), Code.RISK_WITHOUT_END, lasts_seconds=lasts, every_seconds=every)


def _unknown_journeys(document: Document, place: Place, entry: RiskFileEntry, app: App) -> Iterator[str]:
    known = [journey.id for journey in app.journeys]
    for index, journey in enumerate(entry.journeys):
        if journey not in known:
            facts = {"journey": journey, **facts_of_unknown(journey, known)}
            document.note((*place, "journeys", index), Code.UNKNOWN_JOURNEY, **facts)
            yield journey


def _is_new(document: Document, place: Place, path: str, spots: dict[str, Spot]) -> bool:
    spot = document.spot((*place, "id"))
    first = spots.setdefault(path, spot)
    if first != spot:
        where: dict[str, str | int] = {"first_file": first.file, "first_line": first.line}
        document.note((*place, "id"), Code.DUPLICATE_ID, what="risk", id=path.rpartition("/")[2], **where)
    return first == spot


def _known(document: Document, place: Place, entry: RiskFileEntry) -> KnownRisk:
    _note_endless(document, place, entry)
    return KnownRisk(
        entry.id,
        entry.title,
        entry.text,
        tuple(entry.journeys),
        entry.detect,
        entry.repair,
        entry.users,
        entry.every,
        entry.accepted is True,
    )


def with_risks(apps: Sequence[App], found: dict[str, tuple[KnownRisk, ...]]) -> tuple[App, ...]:
    """The apps with their risks."""
    return tuple(replace(app, risks=found.get(app.id, ())) for app in apps)
