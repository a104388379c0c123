"""What is drawn over a figure: stretches that burned, things that happened, times left out."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.meetings.model import EventKind


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch ``[start, end)`` in Unix seconds, with a short label; ``hover`` is shown over the label."""

    start: int
    end: int
    label: str = ""
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment (Unix seconds), such as a deploy; plain texts.

    ``hover`` is shown over the label. Events that have a ``kind`` are folded where many are close to each other.
    """

    at: int
    label: str = ""
    kind: EventKind | None = None
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotations:
    """Episodes are shaded and lettered, events are dashed lines, exclusions are hatched, peaks are faintly shaded
    under their titles; incidents are shaded between dotted edges."""

    episodes: tuple[Stretch, ...] = ()
    events: tuple[Event, ...] = ()
    exclusions: tuple[Stretch, ...] = ()
    peaks: tuple[Stretch, ...] = ()
    incidents: tuple[Stretch, ...] = ()


NONE = Annotations()
