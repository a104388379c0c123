"""What to know before the figures of an SLO are trusted, in a few words each."""

from __future__ import annotations

from tomoni.review.model import SloStatus
from tomoni.words import budgets, notices
from tomoni.words.text import Text


def doubted(status: SloStatus, text: Text) -> list[str]:
    """That a definition is an older one, that data cannot be right, or that none arrives."""
    found = [
        text._("last good definition; see %(file)s:%(line)s") % notice.facts
        for notice in status.notices
        if notice.code == "definition_held"
    ]
    if notices.doubts(status.notices):
        found.append(text._("implausible data; see the notes"))
    if status.problem is None and (silent := budgets.silence(status, text)):
        found.append(silent)
    if status.problem is not None:
        until = text.near_moment(status.newest_data) if status.newest_data else text._("never")
        found.append(text._("last data: %(moment)s") % {"moment": until})
    return found
