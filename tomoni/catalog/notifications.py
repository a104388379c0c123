"""`notifications.yaml`: who is told of what happens to budgets; the keys first, then the reading."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from tomoni.catalog.clock import Clock
from tomoni.catalog.codes import Code, facts_of_unknown
from tomoni.catalog.document import Document, Place
from tomoni.catalog.mail_addresses import sendable
from tomoni.catalog.mapping import ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.notifying import CHANNELS, NOTHING, Audience, Notifications, QuietHours
from tomoni.catalog.schema import App
from tomoni.catalog.secrets import short
from tomoni.catalog.values import Id, Name
from tomoni.catalog.zones import Zone
from tomoni.slo.standing import Happening

Channel = Literal["slack", "google_chat", "teams", "webhook", "email"]
ChangeName = Literal["exhausted", "at_risk", "fast_burn", "recovered"]


class QuietEntry(Entry):
    """When nothing is sent."""

    after: Clock = Field(description="From this time of the day on nothing is sent.")
    before: Clock = Field(description="Until this time; over midnight where it is earlier.")
    timezone: Zone | None = Field(default=None, description="By the clocks of this zone.")
    weekends: bool = Field(default=False, description="Whether Saturdays and Sundays are quiet all day.")


class AudienceEntry(Entry):
    """A team that is told."""

    team: Name = Field(description="The team, as apps name it; it is told of their budgets.")
    to: Annotated[list[Channel], Field(min_length=1)] = Field(
        description="Where to; addresses of webhooks are in the environment."
    )
    email: list[Name] = Field(default=[], description="With email: the addresses that it goes to.")
    send: Annotated[list[ChangeName], Field(min_length=1)] = Field(
        default=["exhausted", "at_risk", "fast_burn", "recovered"], description="What it is told of."
    )
    apps: list[Id] = Field(default=[], description="Only of these apps, by their ids.")
    language: Literal["en", "ja"] | None = Field(default=None, description="The language of what is sent.")
    quiet: QuietEntry | None = Field(default=None, description="When nothing is sent to it.")


class NotificationsEntry(Entry):
    """`config/notifications.yaml`."""

    quiet: QuietEntry | None = Field(
        default=None, description="When nothing is sent to teams without hours of their own."
    )
    teams: Annotated[list[AudienceEntry], ONE_BY_ONE] = Field(default=[], description="Who is told, team by team.")


def read_notifications(document: Document, apps: Collection[App], zone: str) -> Notifications:
    """Who is told, about some apps; ``zone`` is that of the settings. A team whose entry has faults, which are noted,
    is not told."""
    entry = read_entry(document, (), NotificationsEntry) if document.data is not None else None
    if entry is None:
        return NOTHING
    found = []
    _note_never_quiet(document, ("quiet",), entry.quiet)
    for place in elements(document, ("teams",)):
        one = read_entry(document, place, AudienceEntry)
        if one is not None and _makes_sense(document, place, one, apps):
            found.append(_audience(one, entry.quiet, zone))
    return Notifications(tuple(found))


def _makes_sense(document: Document, place: Place, entry: AudienceEntry, apps: Collection[App]) -> bool:
    teams = sorted({team for app in apps for team in app.teams.values()})
    if entry.team not in teams:
        document.note((*place, "team"), Code.UNKNOWN_TEAM, team=entry.team, **facts_of_unknown(entry.team, teams))
        return False
    ids = sorted(app.id for app in apps)
    for number, app in enumerate(entry.apps):
        if app not in ids:
            document.note((*place, "apps", number), Code.UNKNOWN_APP, app=app, **facts_of_unknown(app, ids))
    for number, each in enumerate(entry.email):
        if sendable(each) is None:
            document.note((*place, "email", number), Code.NO_ADDRESS, written=short(each))
    if "email" in entry.to and not _mails(entry):
        document.note((*place, "to"), Code.MAIL_MISSING)
        return False
    if entry.email and "email" not in entry.to:
        document.note((*place, "email"), Code.MAIL_UNUSED)
    _note_never_quiet(document, (*place, "quiet"), entry.quiet)
    return True


def _note_never_quiet(document: Document, place: Place, quiet: QuietEntry | None) -> None:
    if quiet is not None and quiet.after == quiet.before:
        document.note((*place, "before"), Code.QUIET_NEVER)


def _mails(entry: AudienceEntry) -> tuple[str, ...]:
    """The addresses that mail can go to, each once."""
    return tuple(dict.fromkeys(each for each in entry.email if sendable(each) is not None))


def _audience(entry: AudienceEntry, quiet: QuietEntry | None, zone: str) -> Audience:
    hours = entry.quiet or quiet
    return Audience(
        team=entry.team,
        channels=tuple(each for each in CHANNELS if each in entry.to),
        changes=frozenset(Happening(each) for each in entry.send),
        mails=_mails(entry),
        apps=frozenset(entry.apps),
        language=entry.language or "",
        quiet=QuietHours(hours.after, hours.before, hours.timezone or zone, hours.weekends) if hours else None,
    )
