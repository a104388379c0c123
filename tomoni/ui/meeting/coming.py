"""A step without content of its own yet."""

from __future__ import annotations

from tomoni.ui.blocks import headline
from tomoni.ui.meeting.view import MeetingView


def draw(view: MeetingView) -> None:
    """Draw the step."""
    headline(view.text._("There is nothing at this step yet."))
