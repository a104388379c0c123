"""The step "Since last time": what every SLO did, and what changed since the last closed meeting."""

from __future__ import annotations

from tomoni.ui.blocks import headline
from tomoni.ui.meeting.view import MeetingView
from tomoni.words import headlines


def draw(view: MeetingView) -> None:
    """Draw the step."""
    headline(headlines.app(view.review, view.text))
