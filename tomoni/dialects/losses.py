"""What writers say about an SLO, or an app, that its new file cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tomoni.catalog.schema import App, Journey, Slo
from tomoni.dialects.report import Fact, Fate, Line


@dataclass(frozen=True, slots=True)
class Placed:
    """An SLO with where it stands."""

    app: App
    journey: Journey
    slo: Slo

    @property
    def path(self) -> str:
        """Its path in the catalog."""
        return f"{self.app.id}/{self.journey.id}/{self.slo.id}"

    @property
    def labels(self) -> dict[str, str]:
        """What names it among the series of a server."""
        return {"app": self.app.id, "journey": self.journey.id, "slo": self.slo.id}

    @property
    def name(self) -> str:
        """One name for it where a tool has but one, of at most its parts' length."""
        return f"{self.app.id}-{self.journey.id}-{self.slo.id}"

    def exact(self) -> Line:
        """It is all there."""
        return Line(self.app.file, 0, self.path, Fate.EXACT)

    def approximated(self, reason: str, **facts: Fact) -> Line:
        """It is there, and the reason says what differs."""
        return Line(self.app.file, 0, self.path, Fate.APPROXIMATED, reason, facts)

    def lost(self, reason: str, **facts: Fact) -> Line:
        """Something of it has no counterpart; the rest is there."""
        return Line(self.app.file, 0, self.path, Fate.NOT_EXPRESSIBLE, reason, facts)

    def left_out(self, reason: str, **facts: Fact) -> Line:
        """It has no counterpart, and is not written."""
        return Line(self.app.file, 0, self.path, Fate.NOT_EXPRESSIBLE, reason, facts, left_out=True)

    def unasked(self, kinds: Mapping[str, str], tool: str) -> Line:
        """It is not written, since the tool cannot ask its source; ``kinds`` are those of the sources by their ids."""
        reason, facts = why_unasked(self.slo.source, kinds, tool)
        return self.left_out(reason, **facts)

    def told_of_split(self, tool: str) -> Iterator[Line]:
        """That a tool counts all values of its labels together."""
        if self.slo.split.labels:
            yield self.lost("writes_split", tool=tool, labels=", ".join(self.slo.split.labels))

    @property
    def excluded(self) -> bool:
        """Whether an exclusion takes time out of it."""
        return any(each.concerns(self.journey.id, self.slo.id) for each in self.app.exclusions)


def why_unasked(source: str, kinds: Mapping[str, str], tool: str) -> tuple[str, dict[str, Fact]]:
    """Why a tool cannot ask a source, with the facts of the reason."""
    if source not in kinds:
        return "writes_no_source", {"source": source}
    return "writes_source", {"source": source, "kind": kinds[source], "tool": tool}


def placed_in(app: App) -> Iterator[Placed]:
    """The SLOs of an app with where they stand, in their order."""
    for journey in app.journeys:
        for slo in journey.slos:
            yield Placed(app, journey, slo)
