"""Who asks, and what the arguments of a question mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from tomoni.catalog.schema import App
from tomoni.review.model import Period, Review, SloTrack
from tomoni.review.named import NotBegunError, period_of
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import Text, text_for

Json = dict[str, Any]
T = TypeVar("T")
DAYS, MOST_DAYS = 28, 366
MOST_LISTED, MOST_CHARACTERS = 50, 2_000


class QuestionError(ValueError):
    """What is wrong with a question, in a sentence for the assistant."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The product as the holder of a token sees it, and in which language."""

    tomoni: Tomoni
    language: str = "en"

    def app(self, id_: str) -> App:
        """An app by its id. Raises QuestionError."""
        found = self.tomoni.catalog.app(id_)
        if found is None:
            known = ", ".join(sorted(app.id for app in self.tomoni.catalog.apps)[:MOST_LISTED])
            raise QuestionError(f"There is no app {id_[:100]!r}. Apps: {known or 'none'}.")
        return found

    def text(self, app: App | None = None) -> Text:
        """Words in the reader's language, with times in the zone of an app."""
        zone = app.timezone if app else self.tomoni.catalog.settings.timezone
        return text_for(self.language, zone)

    def moment(self, at: str | None) -> int:
        """RFC 3339 as Unix seconds, now without it. Raises QuestionError."""
        now = self.tomoni.now() // 60 * 60
        if not at:
            return now
        try:
            written = datetime.fromisoformat(at)
        except ValueError:
            raise QuestionError("Write at as RFC 3339 with a zone: 2026-11-18T10:00:00Z.") from None
        if written.tzinfo is None or not 0 < written.timestamp() <= now + 60:
            raise QuestionError("at needs a zone and a moment up to now.")
        return int(written.timestamp())

    def period(self, app: App, period: str | None, at: str | None, days: int) -> Period:
        """A named period of an app, else some days up to a moment. Raises QuestionError."""
        if period and (at or days != DAYS):
            raise QuestionError("A period has its own end and length: give period alone, or at and days.")
        if not period:
            if not 1 <= days <= MOST_DAYS:
                raise QuestionError(f"days is 1 to {MOST_DAYS}.")
            return Period(self.moment(at), days)
        try:
            return period_of(period, app.timezone, self.tomoni.catalog.settings.first_month, self.tomoni.now())
        except NotBegunError:
            raise QuestionError(f"{period[:40]} has not begun yet.") from None
        except (ValueError, OverflowError):
            raise QuestionError("Write period as 2026-Q4, 2026-10, 2026-W48, 2026-11-27 or 2026.") from None

    def review(self, app_id: str, period: str | None, at: str | None, days: int) -> Review:
        """The joint view of an app over a period. Raises QuestionError."""
        app = self.app(app_id)
        return self.tomoni.review(app, self.period(app, period, at, days))

    def page(self, path: str, **query: str | None) -> str | None:
        """The address of a page; None where the address of the product is not set."""
        base = self.tomoni.settings.url
        if base is None:
            return None
        given = {name: value for name, value in query.items() if value}
        return f"{base.rstrip('/')}/{path}{'?' if given else ''}{urlencode(given)}"


def track_of(review: Review, journey: str, slo: str) -> SloTrack:
    """An SLO of a review. Raises QuestionError."""
    for track in review.tracks:
        if (track.status.journey.id, track.status.slo.id) == (journey, slo):
            return track
    known = ", ".join(f"{each.status.journey.id}/{each.status.slo.id}" for each in review.tracks[:MOST_LISTED])
    raise QuestionError(f"There is no such SLO. This app has {known or 'none'}.")


def listed(name: str, items: Sequence[Json], most: int = MOST_LISTED) -> Json:
    """A list of bounded length, and how much of it was left out."""
    return {name: list(items[:most]), "left_out": max(0, len(items) - most)}


def short(text: str, most: int = MOST_CHARACTERS) -> str:
    """A text of bounded length."""
    return text if len(text) <= most else f"{text[:most]}…"


def as_of(moment: int) -> Json:
    """The moment that figures are given for."""
    return {"as_of": rfc3339(moment)}
