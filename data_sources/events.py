"""What sources tell of things that happened: series that appear, and lines of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from data_sources.base import Interval


@dataclass(frozen=True, slots=True)
class Seen:
    """A series of an expression by its labels, and the moments (Unix seconds, in order) at which it was there."""

    labels: Mapping[str, str]
    times: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of a file: when (Unix seconds), its title, and what else it says; ``id`` is its name in the file."""

    at: int
    title: str
    kind: str = ""
    until: int | None = None
    url: str = ""
    id: str = ""


@runtime_checkable
class SeesSeries(Protocol):
    """A source that says which series an expression has over time."""

    def seen(self, query: str, interval: Interval) -> Sequence[Seen]:
        """The series, at the end of each bucket. Raises SourceError."""


def firing_alerts(matchers: str) -> str:
    """The expression of the alerts that fire, of those that label matchers choose, as every server that evaluates
    Prometheus' alerting rules keeps them."""
    chosen = matchers.strip().strip(",")
    return f'ALERTS{{alertstate="firing"{"," if chosen else ""}{chosen}}}'


@runtime_checkable
class ListsEvents(Protocol):
    """A source that reads events from a file."""

    def happened(self, file: str) -> Sequence[Happened]:
        """The lines that can be read. Raises SourceError."""
