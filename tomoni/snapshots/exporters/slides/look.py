"""What slides look like: the master that they are written on, its colours, and the room that it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR

from tomoni.charts.theme import Theme
from tomoni.snapshots.exporters.slides.colors import rgb


@dataclass(frozen=True, slots=True)
class Room:
    """A place on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A presentation without slides, its layouts for content and for the divider, and the place for content.

    ``named`` are the colours of ``theme`` that the presentation's own theme has: they are written by name, so
    that they change with it.
    """

    deck: Any
    content: Any
    divider: Any
    room: Room
    theme: Theme
    named: Mapping[str, MSO_THEME_COLOR] = field(default_factory=dict)

    def paint(self, place: Any, code: str) -> None:  # noqa: ANN401 - a colour of python-pptx
        """Gives a fill, line or font a colour of the theme, #rrggbb or rgba()."""
        if code in self.named:
            place.theme_color = self.named[code]
        else:
            place.rgb = rgb(code, self.theme.panel)
