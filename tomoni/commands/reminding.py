"""`remind`: reminds both teams of the reviews that are due, with what changed, in the chats that they use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from tomoni.catalog.local_text import apart
from tomoni.catalog.webhooks import Webhook, webhooks_of
from tomoni.catalog.who_may import Role
from tomoni.commands.failures import report_lines
from tomoni.commands.session import Session
from tomoni.review.model import Period, Review
from tomoni.snapshots.document.sections import changes
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.coming_reviews import ComingReview, due_within
from tomoni.use_cases.meeting import as_seen, period_of, standing
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.since import actions_since, since
from tomoni.use_cases.webhooks import Outcome, Sending, send_once
from tomoni.words import headlines
from tomoni.words import since as said
from tomoni.words.reminders import BODIES, NAMES, Reminder, reminder
from tomoni.words.text import Text, mark, text_for

_DAYS = 28
_SAID = {
    Outcome.SENT: mark("%(app)s: sent to %(chat)s"),
    Outcome.BEFORE: mark("%(app)s: sent to %(chat)s before"),
    Outcome.REFUSED: mark("%(app)s: %(chat)s did not take it (HTTP %(status)s); check the webhook and run this again"),
    Outcome.UNREACHABLE: mark("%(app)s: %(chat)s cannot be reached; check the webhook and run this again"),
    Outcome.UNKNOWN: mark("%(app)s: %(chat)s did not say whether it arrived; it is not sent again"),
}
_GOOD = (Outcome.SENT, Outcome.BEFORE)


@dataclass(frozen=True, slots=True)
class RemindOptions:
    """Of which app (None: all), how many days ahead, and whether the reminders are only shown."""

    app: str | None = None
    days_before: int = 1
    dry_run: bool = False


def run(session: Session, options: RemindOptions, pause: Callable[[float], None] = time.sleep) -> int:
    """Sends the reminders that are due to the webhooks of the environment; returns the exit code."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    if not any(webhooks_of(app, os.environ) for app in tomoni.apps(options.app)) and not options.dry_run:
        report_lines([text._("No webhook is set; set TOMONI_WEBHOOK_SLACK, _GOOGLE_CHAT or _TEAMS, or use --dry-run.")])
        return 1
    if tomoni.settings.url is None and not options.dry_run:
        report_lines(
            [text._("TOMONI_URL is not set; set it to the address that people open, so that links lead there.")]
        )
        return 1
    records, now = tomoni.meetings.records, tomoni.now()
    found = [due_within(records, app, now, options.days_before) for app in tomoni.apps(options.app)]
    due = [each for each in found if each is not None]
    session.done.facts = {"dry_run": options.dry_run, "reminders": []}
    if not due:
        session.done.say(text._("No review is due."))
    told = [line for each in due for line in _remind(session, each, options.dry_run, pause)]
    return 0 if all(told) else 1


def _remind(session: Session, review: ComingReview, dry_run: bool, pause: Callable[[float], None]) -> Iterator[bool]:
    """Sends one reminder to every chat, and says what became of it; yields whether it is there."""
    tomoni, language = session.tomoni, session.language
    made = reminder_of(tomoni, review, language)
    if dry_run:
        session.done.say(f"{made}\n")
        _note(session, review, text=str(made))
        return
    tomoni.grants.require(Role.MEMBER, review.app.id)
    found = webhooks_of(review.app, os.environ)
    if not found:
        report_lines([text_for(language)._("%(app)s: no webhook is set") % {"app": review.app.id}])
        _note(session, review, outcome="no_webhook")
        yield False
    for each in found:
        key = f"remind:{review.app.id}:{review.at}:{each.chat}"
        # Two teams of an app may each have a room; what is long goes in as its hash.
        key += f":{sha256(each.team.encode()).hexdigest()[:16]}" if each.team else ""
        sending = send_once(tomoni.meetings.sent, key, each.address, BODIES[each.chat](made), pause)
        if sending.outcome is Outcome.SENT:
            tomoni.meetings.did("reminder.sent", review.app.id, each.chat)
        _say(session, review.app.id, each, sending)
        _note(session, review, chat=each.chat, team=each.team or None, outcome=sending.outcome.value)
        yield sending.outcome in _GOOD


def _note(session: Session, review: ComingReview, **more: str | None) -> None:
    """One reminder for programs; names are part of the contract."""
    found = session.done.facts.setdefault("reminders", [])
    if isinstance(found, list):
        found.append({"app": review.app.id, "due": rfc3339(review.at), **more})


def _say(session: Session, app: str, webhook: Webhook, sending: Sending) -> None:
    text = session.text
    status, chat = "" if sending.status is None else str(sending.status), NAMES[webhook.chat]
    chat = f"{chat} ({webhook.team})" if webhook.team else chat
    line = text._(_SAID[sending.outcome]) % {"app": app, "chat": chat, "status": status}
    if sending.outcome in _GOOD:
        session.done.say(line)
    else:
        report_lines([line])


def reminder_of(tomoni: Tomoni, review: ComingReview, language: str) -> Reminder:
    """The reminder of a review, in the language of its app's agenda, else in the given one."""
    app = review.app
    text = text_for(app.agenda.language or language, app.timezone)
    name = apart(tomoni.catalog.apps, text.language).get(app.id) or app.title(text.language)
    return reminder(name, review.at, _changes(tomoni, review, text), _address(tomoni, review), text)


def _address(tomoni: Tomoni, review: ComingReview) -> str:
    return review.address(tomoni.settings.url or "http://127.0.0.1:8501")


def _changes(tomoni: Tomoni, review: ComingReview, text: Text) -> list[str]:
    """What changed since the last closed review, the most important first; without one, or without changes, how the
    app does."""
    now = _present(tomoni, review)
    last = standing(tomoni.meetings.records, review.app, tomoni.now()).last
    try:
        before = tomoni.snapshots.read(last.value.snapshot).review if last else None
    except SnapshotError:
        before = None
    if before is None:
        return [headlines.app(now, text)]
    found = since(before, now, actions_since(tomoni.meetings.records, review.app.id, before.as_of))
    lines = said.sentences(changes.since(found.changes, found.policy, found.actions.counts, text), text)
    return lines or [headlines.app(now, text)]


def _present(tomoni: Tomoni, review: ComingReview) -> Review:
    """The review as it would be now."""
    at = tomoni.now() // 60 * 60
    meeting = review.meeting
    period = period_of(as_seen(meeting.value, at)) if meeting else Period(at, _DAYS)
    return tomoni.review(review.app, period)
