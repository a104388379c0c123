"""An SLI by the values of labels: first which values are the worst, then the buckets of these.

A split asks the same texts as the whole, with ``by (labels)`` in their outer sum. So a text must be such a sum: of a
counter, of a native histogram, of a recorded rate, or as users write it. Which combinations of values an answer has
is found in long buckets, where it costs little; the buckets themselves are asked of those alone where the text is a
selector. First events of new series count as they do in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data_sources.base import Answer, Interval, Notice, Request, Series
from data_sources.bounds import within_bounds
from data_sources.errors import QueryRefused
from data_sources.prometheus.births import Births
from data_sources.prometheus.columns import columns_of
from data_sources.prometheus.counters import Counters
from data_sources.prometheus.parse import Labels, Track
from data_sources.prometheus.query import grouped, mean_text
from data_sources.prometheus.ranges import RangeResult, Ranges, distinct
from data_sources.prometheus.selectors import label_name, quoted, read_selector
from data_sources.queries import Query, RecordedRate
from data_sources.splits import SplitCounts, Values, columns_of_parts, listed
from tomoni.slo.model import DAY, FloatArray

Parts = Mapping[str, Counters | str]
_HOUR = 3600
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.]*")
# So many values are named in a query; of more, all are asked for.
_MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Splitter:
    """Answers requests for split SLIs. ``parts`` says what is queried for a request, ``closed`` cuts off what has
    not ended. Raises `SourceError`."""

    source: str
    ranges: Ranges
    parts: Callable[[Request], Parts]
    closed: Callable[[Interval], Interval]

    def answer(self, request: Request, query: SplitCounts) -> Answer:
        """The answer to one request."""
        interval = self.closed(request.interval)
        kept, left_out = self._listed(request, query, interval)
        texts = self._texts(self.parts(replace(request, query=query.of)), query, kept if left_out else [])
        results = self._counted(texts, query, interval)
        found = {values: _tracks_of(results, query.by, values) for values in kept}
        columns, notices = _columns(query.of, found, interval)
        beyond = np.full(len(interval), float(left_out))
        made, odd = within_bounds(columns_of_parts(columns, beyond, len(interval)))
        series = _within(Series(interval, made), request.interval)
        told = [notice for result in results.values() for notice in result.notices]
        complete = all(result.complete for result in results.values())
        return Answer(request, series, notices=distinct([*told, *notices, *odd]), complete=complete)

    def _listed(self, request: Request, query: SplitCounts, interval: Interval) -> tuple[list[Values], int]:
        """The combinations that an answer has, and how many there are besides."""
        long = DAY if interval.end - interval.start > 6 * _HOUR else max(_HOUR, interval.step_seconds)
        whole = Interval(interval.start // long * long, -(-interval.end // long) * long, long)
        parts = self.parts(replace(request, query=query.of, interval=whole))
        texts = self._texts(parts, query, [])
        by, most = _joined(query.by), 2 * query.at_most
        total, bad = _total_and_bad({role: str(text) for role, text in texts.items()}, by)
        number = self.ranges.query(f"count({total})", whole)
        count = max((int(np.nanmax(t.values, initial=0)) for t in number.tracks.values() if t.present.any()), default=0)
        few = count <= most + len(query.followed)
        found = [self.ranges.lines(each if few else f"topk({most}, {each})", whole) for each in (total, bad)]
        totals, bads = (_sums(each, query.by) for each in found)
        sums = {values: (max(bads.get(values, 0.0), 0.0), totals.get(values, 0.0)) for values in {*totals, *bads}}
        sums |= {values: sums.get(values, (0.0, 0.0)) for values in query.followed}
        kept = listed(sums, query)
        there = len(sums) if few else max(count, len(sums))
        return kept, max(0, there - len(kept))

    def explained(self, parts: Parts, query: SplitCounts) -> dict[str, str]:
        """The texts of an answer with all parts, by roles that begin with ``split_``."""
        return {f"split_{role}": str(text) for role, text in self._texts(parts, query, []).items()}

    def _texts(self, parts: Parts, query: SplitCounts, named: Sequence[Values]) -> dict[str, _Text]:
        """The texts of each role, split; of the ``named`` values alone where that can be said."""
        for label in query.by:
            if not _LABEL.fullmatch(label):
                raise QueryRefused(self.source, "", {"reason": "split_label", "label": label})
        if "value" in parts or not {"total", "good"} & set(parts):
            raise self._refused(next(iter(parts)))
        by, matcher = _joined(query.by), _matcher(query.by, named)
        return {role: self._text(role, part, (by, matcher), query.of) for role, part in parts.items()}

    def _text(self, role: str, part: Counters | str, how: tuple[str, str], sli: Query) -> _Text:
        by, matcher = how
        if isinstance(part, Counters):
            selector = read_selector(part.selector).part("", matcher)
            return _Text(by, replace(part, selector=selector))
        if isinstance(sli, RecordedRate):
            rate = f"sum by ({by}) {grouped(sli.rate.parts[role])}"
            length = int(part.rpartition("*")[2])
            return _Text(by, f"{mean_text(rate, length)} * {length}")
        if (split := split_sum(part, by)) is None:
            raise self._refused(role)
        return _Text(by, split)

    def _refused(self, role: str) -> QueryRefused:
        return QueryRefused(self.source, "", {"reason": "cannot_split", "role": role})

    def _counted(self, texts: Mapping[str, _Text], query: SplitCounts, interval: Interval) -> dict[str, RangeResult]:
        """The results of all roles, with the first events of new series."""
        results = {role: self.ranges.lines(str(text), interval) for role, text in texts.items()}
        counters = {role: text.counted for role, text in texts.items() if isinstance(text.counted, Counters)}
        if not counters or not len(interval):
            return results
        together = {role: _together(result) for role, result in results.items()}

        def complete(role: str, stretch: Interval) -> RangeResult:
            return self.ranges.lines(split_sum(counters[role].with_first_values, texts[role].by) or "", stretch)

        return {**results, **Births(self.ranges).added_by(counters, (together, results), complete)}


@dataclass(frozen=True, slots=True)
class _Text:
    """What is queried for one role, split by labels."""

    by: str
    counted: Counters | str

    def __str__(self) -> str:
        if isinstance(self.counted, str):
            return self.counted
        return split_sum(str(self.counted), self.by) or ""


def split_sum(text: str, by: str) -> str | None:
    """A sum as a whole, split by labels; None of a text that is more, or something else."""
    text = text.strip()
    if not re.match(r"sum\s*\(", text) or not text.endswith(")"):
        return None
    inner = text[text.index("(") :]
    depth, quote, skip = 0, "", False
    for place, sign in enumerate(inner):
        if quote:
            skip, quote = (not skip and sign == "\\" and quote != "`"), ("" if sign == quote and not skip else quote)
        elif sign in "\"'`":
            quote = sign
        else:
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and place < len(inner) - 1:
                return None
    return f"sum by ({by}) {inner}" if depth == 0 and not quote else None


def _total_and_bad(texts: Mapping[str, str], by: str) -> tuple[str, str]:
    """All events and the bad ones of each combination, from any two roles."""
    total, good, bad = (texts.get(role, "") for role in ("total", "good", "bad"))
    if not total:
        return f"(({good}) + on ({by}) ({bad})) or ({good}) or ({bad})", f"({bad})"
    if bad:
        return f"({total})", f"({bad})"
    return f"({total})", f"(({total}) - on ({by}) ({good})) or ({total})"


def _joined(by: Sequence[str]) -> str:
    return ", ".join(map(label_name, by))


def _matcher(by: Sequence[str], named: Sequence[Values]) -> str:
    """Matchers for the values of each label; none where there are too many to name."""
    if not named or len(named) > _MOST_NAMED:
        return ""
    values = [sorted({each[place] for each in named}) for place in range(len(by))]
    patterns = ["|".join(map(_escaped, each)) for each in values]
    if sum(map(len, patterns)) > 4000:
        return ""
    return ",".join(f"{label_name(name)}=~{quoted(pattern)}" for name, pattern in zip(by, patterns, strict=True))


def _escaped(value: str) -> str:
    """A text as an expression of RE2 that matches it alone."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", value)


def _values_in(labels: Labels, by: Sequence[str]) -> Values:
    given = dict(labels)
    return tuple(given.get(label, "") for label in by)


def _sums(result: RangeResult, by: Sequence[str]) -> dict[Values, float]:
    return {_values_in(labels, by): float(np.nansum(track.values)) for labels, track in result.tracks.items()}


def _tracks_of(results: Mapping[str, RangeResult], by: Sequence[str], values: Values) -> dict[str, Track]:
    """The track of each role for one combination; empty where the answer has none."""
    found = {}
    for role, result in results.items():
        mine = (track for labels, track in result.tracks.items() if _values_in(labels, by) == values)
        found[role] = next(mine, Track.empty(len(result.interval)))
    return found


def _columns(
    sli: Query, found: Mapping[Values, Mapping[str, Track]], interval: Interval
) -> tuple[dict[Values, tuple[FloatArray, FloatArray]], Iterable[Notice]]:
    columns, notices = {}, list[Notice]()
    for values, tracks in found.items():
        if any(track.present.any() for track in tracks.values()):
            made, told = columns_of(sli, tracks, interval)
            columns[values] = (made["good"], made["total"])
            notices += told
    return columns, [notice for notice in notices if notice.code != "edge_absent"]


def _together(result: RangeResult) -> RangeResult:
    """The sum of all series as one."""
    tracks = list(result.tracks.values())
    if not tracks:
        return replace(result, tracks={(): Track.empty(len(result.interval))})
    present = np.any([track.present for track in tracks], axis=0)
    values = np.where(present, np.nansum([track.values for track in tracks], axis=0), np.nan)
    return replace(result, tracks={(): Track(values, present)})


def _within(series: Series, target: Interval) -> Series:
    """The columns on the interval that was asked for, NaN outside."""
    if series.interval == target:
        return series
    columns = {name: np.full(len(target), np.nan) for name in series.columns}
    for name, column in series.columns.items():
        columns[name][: len(column)] = column
    return Series(target, columns)
