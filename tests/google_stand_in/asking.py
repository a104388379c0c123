"""Short ways to ask a source that is connected to the stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from data_sources.base import Answer, Interval, Request
from data_sources.calls import Pauses
from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.errors import SourceError
from data_sources.queries import Query
from tests.google_stand_in.server import StandIn
from tomoni.slo.model import FloatArray


@dataclass
class Slept:
    """Waits by writing down how long it should have waited."""

    seconds: list[float] = field(default_factory=list)

    @property
    def pauses(self) -> Pauses:
        return Pauses(self.seconds.append, lambda: 0.5)


def config_for(endpoint: str, **more: Any) -> CloudMonitoringConfig:
    options: dict[str, Any] = {"project": "demo", "api_endpoint": endpoint, "insecure": True, **more}
    return CloudMonitoringConfig(kind="cloud_monitoring", **options)


def source_at(stand_in: StandIn, slept: Slept | None = None, **more: Any) -> CloudMonitoringSource:
    """A source that asks the stand-in, at the stand-in's own time, without ever sleeping."""
    pauses = (slept or Slept()).pauses
    config = config_for(stand_in.endpoint, **more)
    return CloudMonitoringSource("google", config, lambda: float(stand_in.world.now), pauses)


def ask(source: CloudMonitoringSource, query: Query, interval: Interval) -> Answer:
    (answer,) = source.fetch([Request("one", query, interval)])
    return answer


def columns(source: CloudMonitoringSource, query: Query, interval: Interval) -> dict[str, FloatArray]:
    answer = ask(source, query, interval)
    assert answer.error is None, f"{answer.error!r} {answer.error.facts}"
    assert answer.series is not None
    return dict(answer.series.columns)


def error_of(source: CloudMonitoringSource, query: Query, interval: Interval) -> SourceError:
    answer = ask(source, query, interval)
    assert answer.error is not None
    assert answer.series is None
    return answer.error


def requests_for(queries: Sequence[Query], interval: Interval) -> list[Request]:
    return [Request(str(number), query, interval) for number, query in enumerate(queries)]
