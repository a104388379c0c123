"""Reads which metrics a server has, with their labels, in bounded memory and in parts.

A server without metadata, or with more than is read, still answers the names; what each one is then shows in its name
alone. Names that are too many for one answer are asked for by their first letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data_sources.base import Interval
from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused, ServerFailed, SourceError, TimedOut
from data_sources.exploring import Cancelled, LabelValue, Matcher, Metric
from data_sources.prometheus import rules
from data_sources.prometheus.client import Client
from data_sources.prometheus.decode import Room
from data_sources.prometheus.exploring.naming import Stated, metrics_of
from data_sources.prometheus.exploring.promql import selector
from data_sources.prometheus.limits import is_limit
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.selectors import in_address, label_name, quoted

MOST_NAMES = 200_000
MOST_VALUES = 1_000
_PART = 2_000
_LETTERS = 300  # of a help text
# Twenty thousand metrics take a hundred thousand nodes.
_METADATA_ROOM = Room(bytes=96 * 2**20, nodes=1_200_000, letters=48_000_000)
_NAMES_ROOM = Room(bytes=32 * 2**20, nodes=MOST_NAMES + 1_000, letters=24_000_000)
_IN_VAIN = 4  # answers in a row that are too large, whatever letters were asked for
_FIRST = "abcdefghijklmnopqrstuvwxyz"
_ANY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789"
_OTHER = f"[^{_FIRST}{_ANY}]"  # since Prometheus 3 names hold any letters
_WITHOUT = (BadAnswer, NotFound, AccessDenied, QueryRefused, ServerFailed, TimedOut)


def metrics(client: Client, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
    """All metrics, some at a time. Raises `SourceError`."""
    names = _names(client, cancelled)
    stated = {} if cancelled() else stated_metadata(client)
    found = metrics_of(names, stated, set() if cancelled() else worked_out(client))
    for first in range(0, len(found), _PART):
        if cancelled():
            return
        yield found[first : first + _PART]


def stated_metadata(client: Client, metric: str = "") -> Mapping[str, Stated]:
    """What the targets state of their metrics, or of one; nothing where the server does not say, or says too much."""
    params = {"metric": metric} if metric else {"limit": str(MOST_NAMES)}
    params["limit_per_metric"] = "1"
    try:
        data = client.read("/api/v1/metadata", params, _METADATA_ROOM).data
    except _WITHOUT:
        return {}
    if not isinstance(data, dict):
        return {}
    asked = {metric: data.get(metric)} if metric else data  # some servers answer with all of them anyway
    return {str(name): said for name, entries in asked.items() if (said := _stated(entries))}


def _stated(entries: object) -> Stated | None:
    first = entries[0] if isinstance(entries, list) and entries else None
    if not isinstance(first, dict):
        return None
    kind, unit, text = (str(first.get(key) or "") for key in ("type", "unit", "help"))
    return Stated(kind, unit, text[:_LETTERS])


def names_like(client: Client, pattern: str) -> list[str]:
    """The names that match a regular expression as a whole. Raises `SourceError`."""
    return _answered(client, {"match[]": f"{{__name__=~{quoted(pattern)}}}"})


def worked_out(client: Client) -> set[str]:
    """The names by which the server's own rules record what they work out; none where it does not show its rules."""
    try:
        data = client.read(rules.PATH, {"type": "record"}, _NAMES_ROOM).data
    except _WITHOUT:
        return set()
    return rules.worked_out(data)


def _names(client: Client, cancelled: Cancelled) -> list[str]:
    try:
        return _matching(client, "")
    except SourceError as error:
        if not _is_size(error):
            raise
    parts, found = _Parts(client, cancelled), list[str]()
    for prefix in _prefixes():
        if cancelled() or len(found) >= MOST_NAMES:
            break
        found += parts.read(prefix)
    return found[:MOST_NAMES]


def _prefixes() -> Iterator[str]:
    yield from _FIRST
    yield from _ANY
    yield _OTHER


@dataclass
class _Parts:
    """The names of a server by their first letters. One that answers with too much whatever is asked, as a proxy that
    drops parameters does, is given up after `_IN_VAIN` answers."""

    client: Client
    cancelled: Cancelled
    in_vain: int = 0

    def read(self, prefix: str, letters: int = 1) -> list[str]:
        """The names with a prefix (a regular expression of so many ``letters``); by one more letter where they are too
        many. What is too many even then is left out. Raises `SourceError`."""
        try:
            found = _matching(self.client, prefix)
        except SourceError as error:
            self.in_vain += 1
            if not _is_size(error) or self.in_vain >= _IN_VAIN:
                raise
        else:
            self.in_vain = 0
            return found
        if letters > 1:
            return []
        return [name for letter in _prefixes() if not self.cancelled() for name in self.read(prefix + letter, 2)]


def _is_size(error: SourceError) -> bool:
    return error.facts.get("reason") == "too_large" or is_limit(error)


def _matching(client: Client, prefix: str) -> list[str]:
    return _answered(client, {"match[]": f'{{__name__=~"{prefix}.*"}}'} if prefix else {})


def _answered(client: Client, params: Mapping[str, str]) -> list[str]:
    reply = client.read("/api/v1/label/__name__/values", params, _NAMES_ROOM)
    if not isinstance(reply.data, list):
        raise reply.malformed("no list of names")
    return [str(name) for name in reply.data]


def label_names(client: Client, selectors: Sequence[str], interval: Interval) -> list[str]:
    """The labels that the series of the first selector with any have over an interval. Raises `SourceError`."""
    for text in selectors:
        found = client.labels({"match[]": text, **_bounds(interval)})
        names = [name for name in found if name not in ("__name__", "le", "quantile")]
        if names:
            return sorted(names)
    return []


def label_values(client: Client, label: str, text: str, interval: Interval) -> list[LabelValue]:
    """The values of a label, those of most series first: with their number where they exist at the end of the
    interval. Raises `SourceError`."""
    query = f"topk({MOST_VALUES}, count by ({label_name(label)}) ({text}))"
    reply = client.query("/api/v1/query", {"query": query, "time": str(interval.end)})
    counts = {labels.get(label, ""): round(number) for labels, number in read_vector(reply)}
    found = [LabelValue(value, counts[value]) for value in sorted(counts, key=lambda v: (-counts[v], v)) if value]
    if len(found) >= MOST_VALUES:
        return found
    params = {"match[]": text, "limit": str(MOST_VALUES), **_bounds(interval)}
    try:
        others = client.read(f"/api/v1/label/{in_address(label)}/values", params, _NAMES_ROOM).data
    except _WITHOUT:
        if not found:
            raise
        others = None  # those that exist now are the most of what is looked for
    gone = sorted({str(value) for value in others} - set(counts)) if isinstance(others, list) else []
    return [*found, *(LabelValue(value) for value in gone)][:MOST_VALUES]


def _bounds(interval: Interval) -> dict[str, str]:
    return {"start": str(interval.start), "end": str(interval.end)}


def selectors_of(metric: str, matchers: Sequence[Matcher]) -> tuple[str, ...]:
    """Where the series of a metric may be: under its own name, or under those of its parts."""
    return tuple(selector(metric + suffix, matchers) for suffix in ("", "_count", "_bucket"))
