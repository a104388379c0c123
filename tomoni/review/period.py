"""What a review looks at."""

from __future__ import annotations

from dataclasses import dataclass

from tomoni.slo.model import DAY


@dataclass(frozen=True, slots=True)
class Period:
    """What a review looks at: ``days`` before the moment ``as_of`` (Unix seconds)."""

    as_of: int
    days: int

    @property
    def start(self) -> int:
        """Unix seconds."""
        return self.as_of - self.days * DAY
