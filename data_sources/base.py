"""What a source is: the protocol that every adapter keeps, and the values that pass through it.

Times are whole Unix seconds (UTC). A source is asked with requests and yields one answer each,
in any order, as they come; an answer holds a series or the error that kept it away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from data_sources.errors import SourceError
from data_sources.queries import Query
from tomoni.slo.model import Objective, Window


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Whole buckets ``[start, end)``: both are multiples of ``step_seconds``."""

    start: int
    end: int
    step_seconds: int

    def __post_init__(self) -> None:
        step = self.step_seconds
        if step <= 0 or self.start % step or self.end % step or self.end < self.start:
            raise ValueError(f"[{self.start}, {self.end}) is not made of whole buckets of {self.step_seconds} s")

    def __len__(self) -> int:
        return (self.end - self.start) // self.step_seconds


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for the buckets of one query. ``key`` names the series to whoever asks."""

    key: str
    query: Query
    interval: Interval


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The buckets of one interval by column; each column is a float array of ``len(interval)``.

    An SLI has ``good``, ``total`` and ``absent`` (1 where the numerator did not exist and was
    counted as 0), and may have ``good_low`` and ``good_high`` where good is an estimate. An infra
    signal has ``value``, the mean of the bucket. NaN means not observed, in every column; no
    column ever holds an infinity.
    """

    interval: Interval
    columns: Mapping[str, npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Notice:
    """A fact about an answer that the reader should know, as a code with facts (no words)."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The answer to one request: a series, or the error that kept it away.

    An answer with ``complete=False`` (the source warned that it is partial) is shown but is asked
    for again, never remembered as the truth. A refused or failed request says so in ``error``.
    """

    request: Request
    series: Series | None = None
    error: SourceError | None = None
    notices: tuple[Notice, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that asking about a query brought to light. Severity ``error`` or ``warning``."""

    severity: str
    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: whether it answered, how fast, what it is, how far back it remembers."""

    answered: bool
    seconds: float
    version: str = ""
    retention_seconds: int | None = None
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class QueryText:
    """One query as it is sent: a role (``good``, ``bad``, ``total``, ``value``), its text, and the
    address of the source's own screen for it, where the source has one."""

    role: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NativeDefinition:
    """One SLO as the source itself keeps it.

    ``window`` is None for a period that Tomoni does not have, and ``period`` names it. ``method`` is
    request_based, windows_based or basic; ``slice_seconds`` is the length of a windows-based SLO's
    windows, which its counts count (None otherwise).
    """

    name: str
    title: str
    objective: Objective
    window: Window | None
    period: str
    method: str
    slice_seconds: int | None = None

    @property
    def service(self) -> str:
        """The name of its service."""
        return self.name.split("/serviceLevelObjectives/", maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class NativeFigures:
    """A source's own figures of an SLO: the newest at or before a moment, each None where there is none.

    ``compliance`` is good over total of the period so far, ``budget_fraction`` what is left of the
    budget (1: untouched, below 0: overspent). ``at`` is the moment of the newest figure, Unix seconds.
    """

    compliance: float | None
    budget_fraction: float | None
    at: int | None


class Source(Protocol):
    """One configured source. Safe to use from several threads. Building one does no I/O and imports
    no client library."""

    id: str
    kind: str
    lag_seconds: int

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Yields one answer for each request, in any order, as they come.

        Bounds its own parallelism, splits long intervals, retries what may pass. Never raises for
        what one query did: the error is in its answer.
        """
        ...

    def check(self, request: Request) -> tuple[Finding, ...]:
        """What is wrong or suspicious about a query, by asking the source over the interval."""
        ...

    def health(self) -> Health:
        """Asks the source whether it answers. Never raises."""
        ...

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The texts that are sent for a query, without any I/O."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...


@runtime_checkable
class KeepsSlos(Protocol):
    """A source that keeps SLOs of its own, by name. Both methods ask it, and raise SourceError."""

    def native_definition(self, slo_name: str) -> NativeDefinition:
        """What the source keeps of one SLO."""
        ...

    def native_figures(self, slo_name: str, at: int) -> NativeFigures:
        """The source's own figures of one SLO at a moment (Unix seconds)."""
        ...
