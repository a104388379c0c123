"""What an SLI was made of, as its source knows it: the counters of a recorded ratio, the filters of a native SLO."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from data_sources.exploring import Matcher
from data_sources.queries import Query, SliForm


@dataclass(frozen=True, slots=True)
class Underlying:
    """The same SLI in a form whose series still have labels; of these only the ones that match ``where``."""

    form: SliForm
    where: tuple[Matcher, ...] = ()


@runtime_checkable
class KnowsUnderlying(Protocol):
    """A source that can tell what a ready figure is made of."""

    def underlying(self, query: Query) -> Underlying | None:
        """What a query counts; None where the source does not know or it counts no events. Raises SourceError."""
        ...
