"""Which series an expression has over time, by their labels."""

from __future__ import annotations

from data_sources.base import Interval
from data_sources.events import Seen
from data_sources.prometheus.client import Client
from data_sources.prometheus.parse import Reply

_MOST_SERIES = 2_000


def seen(client: Client, query: str, interval: Interval) -> tuple[Seen, ...]:
    """The series of an expression. Raises `SourceError`."""
    step = interval.step_seconds
    params = {"query": query, "start": str(interval.start + step), "end": str(interval.end), "step": str(step)}
    reply = client.query("/api/v1/query_range", params)
    try:
        return tuple(_seen(reply))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        raise reply.malformed("") from None


def _seen(reply: Reply) -> list[Seen]:
    found = []
    for series in reply.data["result"][:_MOST_SERIES]:
        labels = {str(name): str(value) for name, value in series["metric"].items()}
        found.append(Seen(labels, tuple(int(float(sample[0])) for sample in series["values"])))
    return found
