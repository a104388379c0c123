"""Examples of what a server counted or measured, each with the trace that it belongs to (`/api/v1/query_exemplars`)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data_sources.base import Interval
from data_sources.exploring import Exemplar
from data_sources.prometheus.client import Client

MOST = 50
_SECONDS = 10.0
_TRACE = ("trace_id", "traceID", "traceId", "TraceID")


def exemplars(client: Client, text: str, interval: Interval) -> Sequence[Exemplar]:
    """The largest examples of the series of a text over an interval; none where the server keeps none. Raises
    `SourceError`."""
    params = {"query": text, "start": str(interval.start), "end": str(interval.end)}
    reply = client.query("/api/v1/query_exemplars", params, _SECONDS)
    if not isinstance(reply.data, list):
        raise reply.malformed("no list of exemplars")
    found = [each for series in reply.data for each in _of_series(series)]
    return sorted(found, key=lambda each: (-each.value, -each.at))[:MOST]


def _of_series(series: Any) -> Iterator[Exemplar]:  # noqa: ANN401 - as the server sent it
    """The examples of one series; what is none is passed over."""
    if not isinstance(series, Mapping):
        return
    labels = {name: value for name, value in _texts(series.get("seriesLabels")).items() if name != "__name__"}
    listed = series.get("exemplars")
    for each in listed if isinstance(listed, list) else ():
        own = _texts(each.get("labels")) if isinstance(each, Mapping) else {}
        try:
            at, value = float(each["timestamp"]), float(each["value"])
        except (KeyError, TypeError, ValueError):
            continue
        if math.isfinite(at) and math.isfinite(value):
            yield Exemplar(at, value, labels, next((own[name] for name in _TRACE if name in own), ""))


def _texts(labels: Any) -> dict[str, str]:  # noqa: ANN401 - as the server sent it
    return {str(name): str(value) for name, value in labels.items()} if isinstance(labels, Mapping) else {}
