"""Tells teams what happened to their budgets: once for each change, outside their quiet hours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from tomoni.catalog.local_text import apart
from tomoni.catalog.notifying import Audience
from tomoni.catalog.notifying import Notifications as AllAudiences
from tomoni.catalog.webhooks import PLAIN, webhook_of_team
from tomoni.meetings.notifications import Notifications, Told, ToTell
from tomoni.review.inputs import SloPlace
from tomoni.review.model import Overview, SloStatus
from tomoni.settings import ProcessSettings
from tomoni.slo.model import DAY
from tomoni.slo.standing import Happening, Standing, happened, stands
from tomoni.use_cases.configuration import Configuration, Setup
from tomoni.use_cases.mailing import MailServer, send_mail
from tomoni.use_cases.webhooks import Outcome, Sending, deliver
from tomoni.words import notifications as words
from tomoni.words.reminders import Reminder
from tomoni.words.text import text_for

_HERE = "http://127.0.0.1:8501"
_LONGEST_WAIT = 4 * DAY  # a long weekend of quiet hours


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the budget of an SLO, from how it stood (``generation`` counts these; None: it was never looked
    at) to how it stands."""

    status: SloStatus
    generation: int | None
    now: Standing
    what: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """What sending needs of the outside: the environment with the addresses, where mail goes out, the address of the
    product, and what waits so many seconds."""

    environ: Mapping[str, str]
    mail: MailServer | None
    url: str
    pause: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Message:
    """What a team is told by a channel: the rows that it is made of, its lines and itself."""

    audience: Audience
    channel: str
    told: tuple[Told, ...]
    lines: tuple[words.Line, ...]
    said: Reminder


def changes(overview: Overview, known: Mapping[str, tuple[Standing, int]], at_risk_below: float) -> Iterator[Change]:
    """What happened to budgets since they were last looked at."""
    for status in overview.statuses:
        before, generation = known.get(status.path, (None, None))
        now = stands(before, status.figures, status.figures.end, at_risk_below)
        if now is not None:
            yield Change(status, generation, now, happened(before, now))


def look(setup: Setup, store: Notifications, overview: Overview) -> int:
    """Remembers how budgets stand, and what there is to tell of them; returns how much. Raises StoreError."""
    found = 0
    for each in changes(overview, store.standings(), setup.catalog.settings.at_risk_below):
        tell = list(to_tell(setup, each))
        found += len(tell) if store.look(each.status.path, each.generation, each.now, tell) else 0
    return found


def to_tell(setup: Setup, change: Change) -> Iterator[ToTell]:
    """Who is told of a change, by which channels."""
    facts = {"left": change.status.budget_left}
    for audience in setup.notifications.audiences:
        if audience.concerns(change.status.app):
            for what in change.what:
                if what in audience.changes:
                    yield from (ToTell(what, audience.team, channel, facts) for channel in audience.channels)


def messages(setup: Setup, pending: Sequence[Told], outside: Outside, now: float) -> Iterator[Message]:
    """What is to be sent now, a message for each team and channel."""

    def whose(each: Told) -> tuple[str, str]:
        return each.team, each.channel

    for (team, channel), held in groupby(sorted(pending, key=lambda each: (whose(each), each.number)), key=whose):
        audience = next((each for each in setup.notifications.audiences if each.team == team), None)
        if audience is not None and channel in audience.channels and not (audience.quiet and audience.quiet.holds(now)):
            made = _message(setup, audience, channel, list(held), outside.url)
            if made is not None:
                yield made


def _message(setup: Setup, audience: Audience, channel: str, told: list[Told], url: str) -> Message | None:
    found = [(each, place) for each in told if (place := _place(setup, each.path)) is not None]
    if not found:
        return None
    text = text_for(audience.language or setup.catalog.settings.languages[0], found[0][1].app.timezone)
    apps = apart((app for app in setup.catalog.apps if audience.concerns(app)), text.language)
    lines = tuple(
        words.Line(each.what, words.names(*place, apps, text.language), each.path, each.at, each.facts.get("left"))
        for each, place in found
    )
    said = words.message(audience.team, lines, _address(url, {each.path for each, _ in found}), text)
    return Message(audience, channel, tuple(each for each, _ in found), lines, said)


def _place(setup: Setup, path: str) -> SloPlace | None:
    for app in setup.catalog.apps:
        for journey in app.journeys:
            for slo in journey.slos:
                if f"{app.id}/{journey.id}/{slo.id}" == path:
                    return SloPlace(app, journey, slo)
    return None


def _address(url: str, paths: set[str]) -> str:
    """The page of the SLO, of the app, or of all."""
    base = url.rstrip("/")
    apps = {path.split("/")[0] for path in paths}
    if len(paths) == 1:
        query = dict(zip(("app", "journey", "slo"), next(iter(paths)).split("/"), strict=True))
        return f"{base}/app?{urlencode(query)}"
    return f"{base}/app?{urlencode({'app': next(iter(apps))})}" if len(apps) == 1 else f"{base}/"


def outdated(pending: Sequence[Told], standings: Mapping[str, tuple[Standing, int]], now: float) -> list[Told]:
    """What waited and is not worth telling any more: what was followed by another change of the same budget, a recovery
    of what nobody was told, a burn that is over, and what waited for days."""
    found = []
    for _, held in groupby(sorted(pending, key=_budget), key=_budget):
        kept = list(held)
        last = kept[-1]
        follows = len(kept) > 1 or last.what is Happening.FAST_BURN
        gone = last.what is Happening.RECOVERED and len(kept) > 1
        calm = last.what is Happening.FAST_BURN and _is_calm(standings.get(last.path))
        found += kept if follows and (gone or calm) else kept[:-1]
    old = (each for each in pending if now - each.at > _LONGEST_WAIT and each not in found)
    return [*found, *old]


def _budget(each: Told) -> tuple[str, str, str, bool]:
    return each.team, each.channel, each.path, each.what is Happening.FAST_BURN


def _is_calm(known: tuple[Standing, int] | None) -> bool:
    return known is None or known[0].burning_at is None


def send(setup: Setup, store: Notifications, outside: Outside, now: float) -> list[tuple[Message, Sending | None]]:
    """Sends what is pending; what became of each message, None where no address is known. Raises StoreError, OSError
    for a file with an address that cannot be read."""
    pending = store.pending()
    old = outdated(_loud(setup, pending, now), store.standings(), now)
    store.pass_over(old)
    left = [each for each in pending if each not in old]
    return [(made, _send(setup, store, outside, made)) for made in messages(setup, left, outside, now)]


def _loud(setup: Setup, pending: Sequence[Told], now: float) -> list[Told]:
    """What is of teams that may be told now."""
    quiet = {each.team for each in setup.notifications.audiences if each.quiet and each.quiet.holds(now)}
    return [each for each in pending if each.team not in quiet]


def _send(setup: Setup, store: Notifications, outside: Outside, made: Message) -> Sending | None:
    hidden = any(each.path.split("/")[0] in setup.access.hidden for each in made.told)
    deliverable = _delivery(made, outside, hidden)
    if deliverable is None:
        return None
    claimed = store.claim(made.told)
    if len(claimed) < len(made.told):  # another process sends some of it: what is left goes with the next round
        store.settle(claimed, "pending")
        return Sending(Outcome.BEFORE)
    try:
        sending = deliverable()
    except BaseException:
        store.settle(claimed, "unknown")
        raise
    outcomes = {Outcome.SENT: "sent", Outcome.UNKNOWN: "unknown"}
    store.settle(claimed, outcomes.get(sending.outcome, "pending"))
    return sending


def _delivery(made: Message, outside: Outside, hidden: bool) -> Callable[[], Sending] | None:
    """What sends a message; None where no address is known. Of apps that are hidden only the team's own will do."""
    if made.channel == "email":
        server = outside.mail
        if server is None:
            return None
        text = "\n".join([*made.said.changes, "", f"{made.said.link}: {made.said.address}"])
        return lambda: send_mail(server, made.audience.mails, made.said.title, text)
    chat = PLAIN if made.channel == "webhook" else made.channel
    address = webhook_of_team(chat, made.audience.team, outside.environ, own=hidden)
    if address is None:
        return None
    return lambda: deliver(address, words.body(made.channel, made.said, made.lines), outside.pause, lambda: None)


def would_tell(setup: Setup, store: Notifications, overview: Overview, now: float) -> Iterable[Told]:
    """What a look at budgets would find to tell, and what waits; nothing is written but what is stuck."""
    yield from store.pending()
    for each in changes(overview, store.standings(), setup.catalog.settings.at_risk_below):
        for tell in to_tell(setup, each):
            own = (each.now.as_of, each.status.path, tell.what, tell.team, tell.channel, tell.facts)
            yield Told(0, *own, "pending", 0, int(now))


class Notifying:
    """Tells teams of their budgets under the configuration in force. Safe in several threads and processes."""

    def __init__(
        self, configuration: Configuration, store: Notifications, settings: ProcessSettings, now: Callable[[], int]
    ) -> None:
        self._configuration, self._store, self._settings, self._now = configuration, store, settings, now

    def run(
        self, overview: Overview, pause: Callable[[float], None] = time.sleep
    ) -> list[tuple[Message, Sending | None]]:
        """Looks at budgets and sends what there is to tell; what became of each message, None where no address is
        known. Without the address of the product nothing is sent yet. Raises StoreError, OSError for a file with an
        address that cannot be read."""
        setup = self._configuration.current
        look(setup, self._store, overview)
        outside = self._outside(pause)
        return send(setup, self._store, outside, self._now()) if outside.url else []

    def would(self, overview: Overview) -> list[Message]:
        """What would be sent now, quiet hours left aside; nothing is written or sent. Raises StoreError."""
        setup = self._configuration.current
        loud = tuple(replace(each, quiet=None) for each in setup.notifications.audiences)
        setup = replace(setup, notifications=AllAudiences(loud))
        told = list(would_tell(setup, self._store, overview, self._now()))
        outside = self._outside(time.sleep)
        return list(messages(setup, told, replace(outside, url=outside.url or _HERE), self._now()))

    def _outside(self, pause: Callable[[float], None]) -> Outside:
        url, sender = self._settings.smtp_url, self._settings.mail_from
        mail = MailServer(url, sender) if url and sender else None
        return Outside(os.environ, mail, self._settings.url or "", pause)
