"""What an app or an SLO carries for other tools: labels, annotations, and how its alerts are called and labelled.

Nothing is calculated from it. Imports keep it, and exports write it again. And how long the ledger keeps what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marks:
    """Labels and annotations by their names."""

    labels: Texts = field(default_factory=dict)
    annotations: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alerting:
    """What the alerts of an SLO are called in other tools, with what all of them carry, and those of one severity."""

    name: str | None = None
    every: Marks = Marks()
    page: Marks = Marks()
    ticket: Marks = Marks()


@dataclass(frozen=True, slots=True)
class LedgerKeeping:
    """How long the ledger keeps buckets (None: for good), and after which time it keeps the sums of hours in place of
    them (None: never), both in seconds."""

    keep_seconds: int | None = None
    compact_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What an app or an SLO carries; ``alerting`` is that of SLOs, ``ledger`` that of apps."""

    marks: Marks = Marks()
    alerting: Alerting = Alerting()
    ledger: LedgerKeeping = LedgerKeeping()
