"""The way to the reviews as a calendar, which other programs subscribe to."""

from __future__ import annotations

from urllib.parse import quote

from tomoni.ui.escape import html
from tomoni.words.text import Text


def calendar_link(app_id: str | None, text: Text) -> str:
    """The link to the calendar of an app, or of all, as HTML; relative, for the product may lie below a path."""
    place = "api/calendar.ics" if app_id is None else f"api/calendar/{quote(app_id)}.ics"
    words = text._("Subscribe to the calendar of these reviews")
    return f"<p class='tm-small tm-address'><a href='{html(place)}?lang={text.language}'>{html(words)}</a></p>"
