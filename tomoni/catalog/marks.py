"""Labels, annotations and names of alerts for other tools: the keys, then the reading."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tomoni.catalog.kept import Alerting, Kept, Marks
from tomoni.catalog.mapping import DISPENSABLE, Entry
from tomoni.catalog.values import Name

_LABELS = "Labels for other tools, such as the rules that are exported; a text each."
_ANNOTATIONS = "Annotations for other tools; a text each."


class MarksEntry(Entry):
    """Labels and annotations of the alerts of one severity."""

    labels: dict[str, Name] = Field(default={}, description="Labels of these alerts.")
    annotations: dict[str, Name] = Field(default={}, description="Annotations of these alerts.")

    @property
    def marks(self) -> Marks:
        """The values."""
        return Marks(self.labels, self.annotations)


class AlertingEntry(Entry):
    """How the alerts of an SLO are called and labelled in other tools."""

    name: Name | None = Field(default=None, description="What its alerts are called there.")
    labels: dict[str, Name] = Field(default={}, description="Labels of all of its alerts.")
    annotations: dict[str, Name] = Field(default={}, description="Annotations of all of its alerts.")
    page: MarksEntry | None = Field(default=None, description="Labels and annotations of its pages alone.")
    ticket: MarksEntry | None = Field(default=None, description="Labels and annotations of its tickets alone.")

    @property
    def alerting(self) -> Alerting:
        """The values."""
        page, ticket = (each.marks if each else Marks() for each in (self.page, self.ticket))
        return Alerting(self.name, Marks(self.labels, self.annotations), page, ticket)


class MarkedEntry(Entry):
    """An app or an SLO with what it carries for other tools."""

    labels: Annotated[dict[str, Name], DISPENSABLE] = Field(default={}, description=_LABELS)
    annotations: Annotated[dict[str, Name], DISPENSABLE] = Field(default={}, description=_ANNOTATIONS)


def kept_of(entry: MarkedEntry, alerting: AlertingEntry | None = None) -> Kept:
    """What an app or an SLO carries."""
    return Kept(Marks(entry.labels, entry.annotations), alerting.alerting if alerting else Alerting())
