"""Real servers with tight limits: five weeks of counts come whole, and what cannot come is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pydantic import HttpUrl

from data_sources.base import Answer, Interval, Request
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio
from tests.data_sources.contract import answers_of
from tests.real_prometheus import RealPrometheus, running_prometheus
from tests.real_victoria import RealVictoria, running_victoria

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]
Server = RealPrometheus | RealVictoria
Running = Callable[..., AbstractContextManager[Server]]
QUERY = Ratio(total='http_requests_total{app="checkout"}', bad='http_requests_total{app="checkout",code=~"5.."}')
TIGHT: dict[str, tuple[Running, tuple[str, ...]]] = {
    "prometheus": (running_prometheus, ("--query.max-samples=3000", "--query.timeout=2s")),
    "victoria": (
        running_victoria,
        ("-search.maxPointsPerTimeseries=1000", "-search.maxSamplesPerQuery=100000", "-search.maxQueryDuration=2s"),
    ),
}


def ask(server: Server, step: int) -> tuple[Answer, int]:
    """The answer for all five weeks, and how many range queries it took."""
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(server.url))
    source = PrometheusSource("real", config, clock=lambda: server.world.end + 600.0, pause=lambda _: None)
    try:
        request = Request("it", QUERY, Interval(server.world.start, server.world.end, step))
        return answers_of(source, [request])["it"], source.calls["/api/v1/query_range"].count
    finally:
        source.close()


@pytest.mark.parametrize("engine", TIGHT)
def test_the_whole_history_comes_from_a_server_with_tight_limits(tmp_path: Path, engine: str) -> None:
    running, flags = TIGHT[engine]
    with running(tmp_path, *flags) as server:
        answer, calls = ask(server, 300)
        assert answer.error is None
        assert answer.series is not None
        columns = answer.series.columns
        assert columns["total"].sum() == pytest.approx(server.world.total["checkout"].sum(), rel=2e-4)
        bad = (columns["total"] - columns["good"]).sum()
        assert bad == pytest.approx(server.world.bad["checkout"].sum(), rel=2e-4)
        assert 4 < calls <= 90


def test_a_limit_on_the_number_of_series_is_named_after_two_queries(tmp_path: Path) -> None:
    with running_victoria(tmp_path, "-search.maxUniqueTimeseries=2") as server:
        answer, calls = ask(server, 300)
    assert answer.error is not None
    assert (answer.error.code, answer.error.facts["reason"]) == ("query_refused", "server_limit")
    assert "exceeds 2" in answer.error.detail
    assert calls == 2
