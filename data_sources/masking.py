"""Keeps the secrets of a source out of everything that leaves it: the one place for all kinds.

Servers repeat what they were sent, in errors, warnings and labels. From here on these texts are kept in
the ledger and shown on pages, in files and in logs. What users themselves wrote in a query stays as it is.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from data_sources.base import (
    Answer,
    Finding,
    HasClock,
    Health,
    Interval,
    KeepsSlos,
    ListsSlos,
    NativeDefinition,
    NativeFigures,
    Notice,
    QueryText,
    Request,
    Source,
)
from data_sources.calls import CallCount, CountsCalls
from data_sources.errors import Facts, SourceError
from data_sources.events import Happened, ListsEvents, Seen, SeesSeries
from data_sources.exploring import (
    Ask,
    Cancelled,
    Cost,
    Describes,
    Exemplar,
    Explores,
    HasExemplars,
    LabelValue,
    Limits,
    Lines,
    Matcher,
    Metric,
    MetricQuestion,
    ReadsOneLine,
)
from data_sources.queries import Query
from data_sources.secrets import Secrets, secrets_in
from data_sources.underlying import KnowsUnderlying, Underlying
from tomoni.slo.model import FloatArray

_LONGEST_DETAIL = 2000
# Loggers of libraries that write addresses, and with them the parameters of requests.
_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry", "oauthlib.oauth2", "google.auth.transport.requests")

T = TypeVar("T")


@runtime_checkable
class KnowsSecrets(Protocol):
    """A source that learns of further secrets as it runs, such as tokens that were issued."""

    @property
    def secrets(self) -> Secrets:
        """All that must not show."""
        ...


def masked(source: Source, config: BaseModel) -> Source:
    """The source, with secrets masked in all that it returns and raises."""
    secrets = source.secrets if isinstance(source, KnowsSecrets) else Secrets(secrets=secrets_in(config))
    parts = tuple(part for protocol, part in _PARTS if isinstance(source, protocol))
    made: Source = _class_of(parts)(source, secrets)
    return made


class MaskedSource:
    """A source whose texts are masked; keeps `data_sources.base.Source`."""

    def __init__(self, source: Source, secrets: Secrets) -> None:
        self._inner: Any = source
        self._mask = Masking(secrets)

    @property
    def id(self) -> str:
        """The id of the source."""
        return str(self._inner.id)

    @property
    def kind(self) -> str:
        """The kind of the source."""
        return str(self._inner.kind)

    @property
    def lag_seconds(self) -> int:
        """How far its newest moment is held back, in seconds."""
        return int(self._inner.lag_seconds)

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As the source's own."""
        for answer in self._inner.fetch(requests):
            yield self._mask.answer(answer)

    def check(self, request: Request) -> tuple[Finding, ...]:
        """As the source's own."""
        found = self._mask.raised(lambda: self._inner.check(request))
        return tuple(self._mask.finding(each, request.query) for each in found)

    def health(self) -> Health:
        """As the source's own."""
        health: Health = self._inner.health()
        error = self._mask.error(health.error) if health.error else None
        return replace(health, version=self._mask.text(health.version), error=error)

    def explain(self, query: Query, interval: Interval) -> tuple[QueryText, ...]:
        """As the source's own: made of what users wrote, without a server."""
        texts: tuple[QueryText, ...] = self._inner.explain(query, interval)
        return texts

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()


class _ListingSlos:
    _inner: Any
    _mask: Masking

    def native_definitions(self) -> Sequence[NativeDefinition]:
        """As the source's own."""
        found: Sequence[NativeDefinition] = self._mask.raised(self._inner.native_definitions)
        return [replace(each, title=self._mask.text(each.title), period=self._mask.text(each.period)) for each in found]


class _Keeping:
    _inner: Any
    _mask: Masking

    def native_definition(self, slo_name: str) -> NativeDefinition:
        """As the source's own."""
        found: NativeDefinition = self._mask.raised(lambda: self._inner.native_definition(slo_name))
        return replace(found, title=self._mask.text(found.title), period=self._mask.text(found.period))

    def native_figures(self, slo_name: str, at: int) -> NativeFigures:
        """As the source's own."""
        found: NativeFigures = self._mask.raised(lambda: self._inner.native_figures(slo_name, at))
        return found


class _Telling:
    _inner: Any

    @property
    def clock_seconds(self) -> float | None:
        """As the source's own."""
        seconds: float | None = self._inner.clock_seconds
        return seconds


class _Seeing:
    _inner: Any
    _mask: Masking

    def seen(self, query: str, interval: Interval) -> Sequence[Seen]:
        """As the source's own."""
        found: Sequence[Seen] = self._mask.raised(lambda: self._inner.seen(query, interval))
        return [Seen(self._mask.labels(each.labels), each.times) for each in found]


class _Listing:
    _inner: Any
    _mask: Masking

    def happened(self, file: str) -> Sequence[Happened]:
        """As the source's own."""
        found: Sequence[Happened] = self._mask.raised(lambda: self._inner.happened(file))
        return found


class _Exploring:
    """What is explored: names, labels and messages come from the server, questions from the reader."""

    _inner: Any
    _mask: Masking

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        """As the source's own."""
        parts = iter(self._inner.metrics(cancelled))
        while (part := self._mask.raised(lambda: next(parts, None))) is not None:
            yield [self._mask.metric(each) for each in part]

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        """As the source's own."""
        found: Sequence[str] = self._mask.raised(lambda: self._inner.label_names(metric, matchers, interval))
        return [self._mask.text(each) for each in found]

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        """As the source's own."""
        found: Sequence[LabelValue] = self._mask.raised(
            lambda: self._inner.label_values(metric, label, matchers, interval)
        )
        return [replace(each, value=self._mask.text(each.value)) for each in found]

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        """As the source's own."""
        found: Cost = self._mask.raised(lambda: self._inner.cost(ask, interval, limits))
        return replace(found, facts=self._mask.facts(found.facts))

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        """As the source's own."""
        found: Lines = self._mask.raised(lambda: self._inner.lines(ask, interval, limits, cancelled))
        notices = tuple(Notice(each.code, self._mask.facts(each.facts)) for each in found.notices)
        lines = tuple(replace(each, labels=self._mask.labels(each.labels)) for each in found.lines)
        return replace(found, lines=lines, notices=notices)

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        """As the source's own: made of what the reader asked, without a server."""
        texts: Sequence[QueryText] = self._inner.texts(ask, interval)
        return texts


class _Describing:
    _inner: Any
    _mask: Masking

    def described(self, name: str, interval: Interval) -> Sequence[Metric]:
        """As the source's own."""
        found: Sequence[Metric] = self._mask.raised(lambda: self._inner.described(name, interval))
        return [self._mask.metric(each) for each in found]


class _ReadingOneLine:
    _inner: Any
    _mask: Masking

    def one_line(self, ask: MetricQuestion, interval: Interval, limits: Limits) -> FloatArray | None:
        """As the source's own."""
        found: FloatArray | None = self._mask.raised(lambda: self._inner.one_line(ask, interval, limits))
        return found


class _Exemplifying:
    _inner: Any
    _mask: Masking

    def exemplars(self, ask: Ask, interval: Interval) -> Sequence[Exemplar]:
        """As the source's own."""
        found: Sequence[Exemplar] = self._mask.raised(lambda: self._inner.exemplars(ask, interval))
        return [
            replace(each, labels=self._mask.labels(each.labels), trace=self._mask.text(each.trace)) for each in found
        ]


class _KnowingUnderlying:
    _inner: Any
    _mask: Masking

    def underlying(self, query: Query) -> Underlying | None:
        """As the source's own: only asked with, never shown."""
        found: Underlying | None = self._mask.raised(lambda: self._inner.underlying(query))
        return found


class _Counting:
    _inner: Any

    @property
    def calls(self) -> Mapping[str, CallCount]:
        """As the source's own."""
        calls: Mapping[str, CallCount] = self._inner.calls
        return calls


_PARTS: tuple[tuple[Any, type], ...] = (
    (KeepsSlos, _Keeping),
    (ListsSlos, _ListingSlos),
    (HasClock, _Telling),
    (CountsCalls, _Counting),
    (SeesSeries, _Seeing),
    (ListsEvents, _Listing),
    (Explores, _Exploring),
    (Describes, _Describing),
    (ReadsOneLine, _ReadingOneLine),
    (HasExemplars, _Exemplifying),
    (KnowsUnderlying, _KnowingUnderlying),
)


@cache
def _class_of(parts: tuple[type, ...]) -> Callable[..., Any]:
    """A class with the optional abilities of a source."""
    return type("MaskedSource", (*parts, MaskedSource), {})


class Masking:
    """Masks the values that pass through a source."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def answer(self, answer: Answer) -> Answer:
        """An answer with its error and notices masked."""
        if answer.error is None and not answer.notices:
            return answer
        query = answer.request.query
        notices = tuple(Notice(each.code, self.facts(each.facts, query)) for each in answer.notices)
        error = self.error(answer.error, query) if answer.error else None
        return replace(answer, error=error, notices=notices)

    def finding(self, finding: Finding, query: Query) -> Finding:
        """A finding with its facts masked."""
        return replace(finding, facts=self.facts(finding.facts, query))

    def error(self, error: SourceError, query: Query | None = None) -> SourceError:
        """An error with its facts and its detail masked."""
        detail = self._secrets.mask(error.detail, _LONGEST_DETAIL)
        return type(error)(error.source, detail, self.facts(error.facts, query))

    def facts(self, facts: Facts, query: Query | None = None) -> Facts:
        """Facts without secrets. A text of the query itself is the user's own."""
        own = " ".join(_texts_of(query)) if query else ""
        return {
            name: value if not isinstance(value, str) or (value and value in own) else self.text(value)
            for name, value in facts.items()
        }

    def text(self, text: str) -> str:
        """A text without secrets."""
        return self._secrets.hide(text)

    def labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Labels with their values masked."""
        return {name: self.text(value) for name, value in labels.items()}

    def metric(self, metric: Metric) -> Metric:
        """A metric with its help masked."""
        return replace(metric, help=self.text(metric.help)) if metric.help else metric

    def raised(self, call: Callable[[], T]) -> T:
        """What a call returns; the error that it raises is masked."""
        try:
            return call()
        except SourceError as error:
            raise self.error(error).detached() from None


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _texts_of(value.model_dump())
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_of(part)


class _LogFilter(logging.Filter):
    """Masks the secrets of all sources in the records of a library."""

    def __init__(self) -> None:
        super().__init__()
        self.known: weakref.WeakSet[Secrets] = weakref.WeakSet()

    def filter(self, record: logging.LogRecord) -> bool:
        """Replaces the text of a record."""
        record.msg, record.args = hide_all(record.getMessage()), None
        return True


_FILTER = _LogFilter()


def hide_all(text: str) -> str:
    """A text without the secrets of any source that is open."""
    for secrets in list(_FILTER.known):
        text = secrets.hide(text)
    return text


def mask_logs(secrets: Secrets) -> None:
    """Keeps secrets out of what libraries write to the log."""
    _FILTER.known.add(secrets)
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
