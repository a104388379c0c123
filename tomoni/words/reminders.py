"""A reminder of a review, in words and in the shape that each chat takes.

Titles are what teams typed: nothing of them becomes a mention, a link or a format in a chat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tomoni.words.phrases import plain
from tomoni.words.text import Text

MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder: its title, what changed, and where to look."""

    title: str
    changes: tuple[str, ...]
    link: str
    address: str

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"- {change}" for change in self.changes), f"{self.link}: {self.address}"])


def reminder(app: str, at: int, changes: Sequence[str], address: str, text: Text) -> Reminder:
    """The reminder of a review of an app at a moment (Unix seconds)."""
    facts = {"app": text.quote(plain(app)), "moment": text.moment(at)}
    title = text._("Review of %(app)s: %(moment)s") % facts
    return Reminder(title, tuple(plain(each) for each in changes[:MOST_CHANGES]), text._("Open the review"), address)


def _slack(found: Reminder) -> dict[str, Any]:
    def safe(text: str) -> str:
        escaped = escape(text, quote=False)
        # Behind a sign without width nothing is bold, code or struck out.
        return "".join(f"{sign}\u200b" if sign in "*_~`" else sign for sign in escaped)

    lines = [f"*{safe(found.title)}*", *(f"• {safe(change)}" for change in found.changes)]
    return {
        "text": "\n".join([*lines, f"<{escape(found.address, quote=False)}|{safe(found.link)}>"]),
        "unfurl_links": False,
    }


def _google_chat(found: Reminder) -> dict[str, Any]:
    def safe(text: str) -> str:
        # Chat has no escape: <users/all> would call everybody.
        signs = {"<": "\u2039", ">": "\u203a"}
        return "".join(f"{sign}\u200b" if sign in "*_~`" else signs.get(sign, sign) for sign in text)

    lines = [f"*{safe(found.title)}*", *(f"• {safe(change)}" for change in found.changes)]
    return {"text": "\n".join([*lines, f"<{found.address}|{safe(found.link)}>"])}


def _teams(found: Reminder) -> dict[str, Any]:
    """An adaptive card; runs of rich text are plain, whatever is in them."""

    def line(text: str, **look: str) -> dict[str, Any]:
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}

    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [line(found.title, weight="Bolder"), *(line(f"• {change}") for change in found.changes)],
        "actions": [{"type": "Action.OpenUrl", "title": found.link, "url": found.address}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


BODIES: Mapping[str, Callable[[Reminder], dict[str, Any]]] = {
    "slack": _slack,
    "google_chat": _google_chat,
    "teams": _teams,
}
NAMES: Mapping[str, str] = {"slack": "Slack", "google_chat": "Google Chat", "teams": "Microsoft Teams"}
