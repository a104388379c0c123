"""`calendar`: the reviews of one app, or of all, as a calendar file; the API serves the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App
from tomoni.commands.session import Session
from tomoni.review.agreements import next_review
from tomoni.snapshots.files import write_bytes
from tomoni.use_cases.coming_reviews import ComingReview, coming_reviews
from tomoni.use_cases.product import Tomoni
from tomoni.words.calendars import Entry, calendar
from tomoni.words.text import text_for


def run(session: Session, app: str | None, out: Path) -> int:
    """Writes the file; returns the exit code."""
    tomoni, text = session.tomoni, session.text
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, app)
    write_bytes(out, calendar_of(tomoni, tomoni.apps(app), session.language, tomoni.settings.url or ""))
    session.done.say(text._("Wrote %(file)s.") % {"file": text.quote(out)})
    session.done.facts = {"file": str(out), "apps": [each.id for each in tomoni.apps(app)]}
    return 0


def calendar_of(tomoni: Tomoni, apps: Sequence[App], language: str, base: str) -> bytes:
    """The reviews of some apps as a calendar; links begin with ``base``. Raises StoreError."""
    records, now = tomoni.meetings.records, tomoni.now()
    text = text_for(language)
    found = [each for app in apps for each in coming_reviews(records, app, now)]
    names = apart(apps, language)
    entries = [_entry(each, names[each.app.id], base) for each in sorted(found, key=lambda each: each.at)]
    name = apps[0].title(language) if len(apps) == 1 else text._("all apps")
    return calendar(entries, text._("Reviews: %(name)s") % {"name": name}, text)


def _entry(review: ComingReview, title: str, base: str) -> Entry:
    app, minutes = review.app, review.app.agenda.minutes
    uid = f"{app.id}-{review.key}@tomoni"
    revision = review.meeting.revision if review.meeting else 0
    changed, address = _changed(review), review.address(base)
    return Entry(uid, title, review.at, minutes, app.timezone, address, changed, review.is_off, revision)


def _changed(review: ComingReview) -> int:
    """When something of a review changed; one that nobody prepared yet is as old as its app's rhythm."""
    if review.meeting is not None:
        return review.meeting.changed_at
    first = next_review(review.app, 0)
    return int(first.timestamp()) if first else review.at
