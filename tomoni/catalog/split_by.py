"""How an SLO is split by the values of labels, as it is written."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_PARTS = 20


@dataclass(frozen=True, slots=True)
class SplitBy:
    """The labels (columns of a file) whose values tell parts of an SLO apart, and how many parts are shown at most:
    the worst ones; all others together are one."""

    labels: tuple[str, ...] = ()
    at_most: int = USUAL_PARTS
