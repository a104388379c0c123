"""What a source is: the protocol that every adapter implements, and the values that pass through it.

Times are whole Unix seconds (UTC). A source is given requests and yields one answer for each, in
any order, as they come; an answer holds a series or the error that prevented it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from data_sources.errors import SourceError
from data_sources.queries import Query
from tomoni.slo.model import FloatArray, Objective, Window


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
    """A request for the buckets of one query. ``key`` identifies the series to the caller."""

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
    columns: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about an answer that readers should know, as a code with facts (no words).

    With the fact ``keep_until`` (Unix seconds) it holds until then, also when later answers do not repeat it.
    """

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about: notices with one subject are shown once, with the numbers of the last one."""
        return (self.code, *sorted((name, fact) for name, fact in self.facts.items() if isinstance(fact, str)))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The answer to one request: a series, or the ``error`` that prevented it.

    An answer with ``complete=False`` (the source warned that it is partial) is shown, but requested
    again and never stored as final.
    """

    request: Request
    series: Series | None = None
    error: SourceError | None = None
    notices: tuple[Notice, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that checking a query found. Severity ``error`` or ``warning``."""

    severity: str
    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a source: whether it answered, how fast, its version, how far back it keeps data."""

    answered: bool
    seconds: float
    version: str = ""
    retention_seconds: int | None = None
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class QueryText:
    """One query as it is sent: its role (``good``, ``bad``, ``total``, ``value``), its text, and the
    address of the source's own page for it, where it has one."""

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

    ``compliance`` is good over total of the period so far, ``budget_fraction`` the remaining part of the
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

        Bounds its own parallelism, splits long intervals, and retries what may be transient. Never
        raises because of one query: the error is in its answer.
        """
        ...

    def check(self, request: Request) -> tuple[Finding, ...]:
        """What is wrong or suspicious about a query, found by querying the source over the interval."""
        ...

    def health(self) -> Health:
        """Checks whether the source answers. Never raises."""
        ...

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """The texts that are sent for a query, without any I/O."""
        ...

    def close(self) -> None:
        """Closes the connections."""
        ...


@runtime_checkable
class KeepsSlos(Protocol):
    """A source that keeps SLOs of its own, by name. Both methods query it, and raise SourceError."""

    def native_definition(self, slo_name: str) -> NativeDefinition:
        """One SLO as the source keeps it."""
        ...

    def native_figures(self, slo_name: str, at: int) -> NativeFigures:
        """The source's own figures of one SLO at a moment (Unix seconds)."""
        ...


@runtime_checkable
class ListsSlos(Protocol):
    """A source that tells which SLOs it keeps."""

    def native_definitions(self) -> Sequence[NativeDefinition]:
        """The SLOs that the source keeps, by name; at most some hundred. Raises SourceError."""
        ...


@runtime_checkable
class HasClock(Protocol):
    """A source whose server reports its time with its answers."""

    @property
    def clock_seconds(self) -> float | None:
        """How many seconds this machine's clock was ahead of the server's with its last answer (below
        0: behind); None as long as none reported a time."""
        ...


TOLERATED_CLOCK_SECONDS = 10.0  # a server reports its time in whole seconds, and answers travel


def clock_difference(source: Source) -> float | None:
    """How many seconds this machine's clock is ahead of a source's (below 0: behind) where they
    disagree; None where they agree, or the source does not report its time."""
    ahead = source.clock_seconds if isinstance(source, HasClock) else None
    return ahead if ahead is not None and abs(ahead) > TOLERATED_CLOCK_SECONDS else None
