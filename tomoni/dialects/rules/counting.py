"""What an SLO counts in each of its buckets, as PromQL.

A subquery with the bucket's length as its step is evaluated at multiples of it, whenever a rule is: its points are
the buckets of the ledger, and its sums are those of the ledger over whole buckets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from data_sources.errors import SourceError
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.histograms import Shape
from data_sources.prometheus.query import Server, grouped, parts_of
from data_sources.prometheus.selectors import usual_spellings
from data_sources.queries import Gauge, RecordedRatio
from tomoni.catalog.schema import Slo
from tomoni.dialects.rules.lengths import promql_length
from tomoni.slo.model import NoData, TimeSlices
from tomoni.slo.tally import terms

_CONDITION = re.compile(r"\s*(>=|<=|>|<|==|!=)\s*(\S+)\s*")
_OPPOSITE = {">=": "<", "<=": ">", ">": "<=", "<": ">=", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The events of the bucket that ends when a text is evaluated: all, and the good or the bad ones.

    The texts give one series without labels, or nothing; never NaN.
    """

    total: str
    part: str
    part_is_bad: bool

    def bad(self, total: str, part: str) -> str:
        """The bad events of sums of both, which are there for the total alone where no part was seen."""
        known = f"({part} or {total} * 0)"
        return known if self.part_is_bad else f"clamp_min({total} - {known}, 0)"


@dataclass(frozen=True, slots=True)
class Counting:
    """What is summed over windows: units of ``unit_seconds``, and how many of them were bad."""

    bucket: Bucket
    bucket_seconds: int
    slices: TimeSlices | None

    @property
    def unit_seconds(self) -> int:
        """The length of a slice, else of a bucket."""
        return self.bucket_seconds if self.slices is None else self.slices.length_seconds

    def total(self, seconds: int) -> str:
        """All events, or slices, of a window."""
        if self.slices is None:
            return _over("sum", self.bucket.total, seconds, self.bucket_seconds)
        if self.slices.no_data is NoData.IGNORE:
            return self._slices_seen(seconds)
        return f"vector({seconds // self.unit_seconds})"

    def bad(self, seconds: int, total: str) -> str:
        """The bad ones; ``total`` is the sum of all of them, without labels."""
        if self.slices is None:
            return self.bucket.bad(total, _over("sum", self.bucket.part, seconds, self.bucket_seconds))
        missed = _over("sum", self._missed(self.slices), seconds, self.unit_seconds)
        if self.slices.no_data is NoData.BAD:
            return f"{total} - (({self._slices_seen(seconds)} - {missed}) or vector(0))"
        return f"({missed} or vector(0))" if self.slices.no_data is NoData.GOOD else missed

    def observed(self, seconds: int) -> str | None:
        """The share of a window of which something is known; None where all of it is."""
        if self.slices is not None and self.slices.no_data is not NoData.IGNORE:
            return None
        seen = _over("count", self.bucket.total, seconds, self.bucket_seconds)
        if self.slices is not None:
            seen = self._slices_seen(seconds)
        return f"{seen} / {seconds // self.unit_seconds}"

    def seen(self, seconds: int, every: int, before: int = 0) -> str:
        """How many buckets were observed in a window that ended ``before``, of those looked at; nothing for none."""
        return _over("count", self.bucket.total, seconds, every, before)

    def _slices_seen(self, seconds: int) -> str:
        return _over("count", self._of_slice(self.bucket.total), seconds, self.unit_seconds)

    def _of_slice(self, text: str) -> str:
        """The sum of a slice that ends when it is evaluated."""
        return text if self.unit_seconds == self.bucket_seconds else self._sum_of_slice(text)

    def _sum_of_slice(self, text: str) -> str:
        return _over("sum", text, self.unit_seconds, self.bucket_seconds)

    def _missed(self, slices: TimeSlices) -> str:
        """1 for a slice below its target, else 0. In whole numbers, as rounding must not decide."""
        total, part = self._of_slice(self.bucket.total), self._of_slice(self.bucket.part)
        allowed, of = terms(1 - Fraction(slices.target_percent) / 100)
        return f"({self.bucket.bad(total, part)} * {_number(of)} > bool {total} * {_number(allowed)})"


def counting_of(slo: Slo, *, native: bool = False) -> Counting:
    """How an SLO of a Prometheus source counts; with ``native`` its histogram in whichever form the server has it, else
    a classic one. Raises SourceError for what cannot be queried."""
    return Counting(_bucket(slo, native), slo.bucket_seconds, slo.definition.slices)


def _bucket(slo: Slo, native: bool) -> Bucket:
    server = Server(lambda _, under: _edge(under, native), source=slo.source)
    parts = {
        role: str(part) if isinstance(part, Counters) or _summed(slo) else f"sum{grouped(part)}"
        for role, part in parts_of(slo.sli, slo.bucket_seconds, server).items()
    }
    if isinstance(slo.sli, Gauge):
        return _of_gauge(parts["value"], slo.sli.good_when)
    if isinstance(slo.sli, RecordedRatio):
        return _of_ratio(parts)
    if isinstance(slo.sli, Histogram):  # without its edge it is not observed, and not all bad
        return Bucket(f"({parts['total']} and {parts['good']})", parts["good"], part_is_bad=False)
    return _of_counts({role: _count(text, slo, role) for role, text in parts.items()})


def _summed(slo: Slo) -> bool:
    """Whether its queries are sums already."""
    return isinstance(slo.sli, Histogram)


def _of_counts(parts: Mapping[str, str]) -> Bucket:
    if "total" not in parts:
        good, bad = parts["good"], parts["bad"]
        return Bucket(f"(({good} + {bad}) or {good} or {bad})", bad, part_is_bad=True)
    role = "bad" if "bad" in parts else "good"
    return Bucket(parts["total"], parts[role], part_is_bad=role == "bad")


def _count(text: str, slo: Slo, role: str) -> str:
    """A count as the ledger takes it: what is no number or below zero was not observed."""
    written = getattr(slo.sli, role, None)
    return text if isinstance(written, str) else f"({text} >= 0)"


def _of_gauge(mean: str, good_when: str) -> Bucket:
    """Each bucket is an event; a mean that is no number is none."""
    found = _CONDITION.fullmatch(good_when)
    if found is None:
        raise SourceError("", "", {"reason": "good_when"})
    operator, limit = found.groups()
    numbers = f"({mean} >= -Inf)"
    return Bucket(f"({numbers} ^ 0)", f"({numbers} {_OPPOSITE[operator]} bool {limit})", part_is_bad=True)


def _of_ratio(parts: Mapping[str, str]) -> Bucket:
    """The events of a recorded ratio: one a bucket, or as many as its weight counts; none where it is 0 / 0."""
    role = "error" if "error" in parts else "success"
    ratio = parts[role]
    share = f"({ratio} >= 0 <= 1)"
    bad = share if role == "error" else f"(1 - {share})"
    if "weight" not in parts:
        return Bucket(f"({ratio} == bool {ratio})", bad, part_is_bad=True)
    weight = f"({parts['weight']} >= 0)"
    total = f"({weight} * ({ratio} == bool {ratio}) or {weight})"
    unknown = "" if role == "error" else f" or ({weight} unless {ratio})"
    return Bucket(total, f"({weight} * {bad}{unknown})", part_is_bad=True)


def _edge(under: float, native: bool) -> Shape:
    """The edge of a classic histogram in every spelling of its number; and the native form, which counts first."""
    spellings = dict.fromkeys(usual_spellings(under))
    more = [f"{text}{zeros}" for text in spellings if "." in text and "e" not in text for zeros in ("0", "00")]
    return Shape((*spellings, *more), native)


def _over(function: str, text: str, seconds: int, step: int, before: int = 0) -> str:
    """A function over the steps that end in a window of whole steps, wherever in a step it is evaluated.

    The window is a millisecond short: both its ends count in Prometheus 2, and only the right one in Prometheus 3.
    """
    window = promql_length(seconds, less_a_millisecond=True)
    shifted = f" offset {promql_length(before)}" if before else ""
    return f"{function}_over_time({grouped(text)}[{window}:{promql_length(step)}]{shifted})"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
