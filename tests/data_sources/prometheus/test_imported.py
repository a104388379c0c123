"""Specs of other tools, brought over and asked of a real Prometheus: the counts are the true ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.data_sources.contract import series_of
from tests.dialects.corpus import GRAFANA, OPENSLO, PYRRA, SLO_GENERATOR, SLOTH
from tests.dialects.importing import brought
from tests.prometheus_world import DAY, MINUTE, World
from tests.real_prometheus import RealPrometheus

pytestmark = pytest.mark.prometheus
ALL, BAD, GOOD = (f'http_requests_total{{app="checkout"{more}}}' for more in ("", ',code=~"5.."', ',code!~"5.."'))
BELOW, COUNT = (
    f'http_request_duration_seconds_{part}{{app="checkout"{more}}}'
    for part, more in (("bucket", ',le="0.3"'), ("count", ""))
)
QUERIES = {
    'http_requests_total{job="shop",code=~"(5..|429)"}': BAD,
    'http_requests_total{job="shop"}': ALL,
    'http_requests_total{job="api",code=~"5.."}': BAD,
    'http_requests_total{job="api"}': ALL,
    'http_requests_total{code!~"5.."}': GOOD,
    'http_requests_total{code=~"2.."}': GOOD,
}


def of_checkout(spec: str) -> str:
    """A spec of the corpus with the queries of an app that the server knows."""
    for written, asked in QUERIES.items():
        spec = spec.replace(written, asked)
    return spec.replace(": http_requests_total}", f": '{ALL}'}}").replace(": http_requests_total\n", f": '{ALL}'\n")


EXPRESSION = f"expression: sum(rate({GOOD}[window])) / sum(rate({ALL}[window]))\n"
SHARE = f"1 - sum(rate({BAD}[$__rate_interval])) / sum(rate({ALL}[$__rate_interval]))"
SPECS = {
    "sloth": ("sloth", of_checkout(SLOTH)),
    "pyrra": ("pyrra", of_checkout(PYRRA)),
    "openslo": ("openslo", of_checkout(OPENSLO)),
    "slo-generator": ("slo-generator", of_checkout(SLO_GENERATOR)),
    "slo-generator, one query": (
        "slo-generator",
        of_checkout(SLO_GENERATOR).split("    filter_good")[0].replace("good_bad_ratio", "query_sli")
        + f"    {EXPRESSION}  goal: 0.999\n",
    ),
    "grafana": ("grafana", of_checkout(GRAFANA)),
    "grafana, one query": (
        "grafana",
        f"name: a\nobjectives: [{{value: 0.9, window: 28d}}]\nquery: {{freeform: {{query: '{SHARE}'}}}}\n",
    ),
}
LATENCY = f"latency: {{success: {{metric: '{BELOW}'}}, total: {{metric: '{COUNT}'}}}}"
PROBE = "bool_gauge: {metric: 'probe_success{job=\"web\"}'}"


@pytest.fixture
def source(prometheus: RealPrometheus) -> Iterator[PrometheusSource]:
    config = PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url))
    source = PrometheusSource("real", config, clock=lambda: prometheus.world.end + 600.0)
    yield source
    source.close()


def counted(source: PrometheusSource, world: World, folder: Path, dialect: str, spec: str) -> tuple[float, float]:
    """Good and all events of the last two days."""
    found = brought(dialect, folder, spec)
    sli = next(iter(found.slos.values())).sli
    columns = series_of(source, sli, Interval(world.end - 2 * DAY, world.end, 300)).columns
    return float(np.nansum(columns["good"])), float(np.nansum(columns["total"]))


@pytest.mark.parametrize("name", SPECS)
def test_the_events_are_the_true_ones(
    source: PrometheusSource, prometheus: RealPrometheus, tmp_path: Path, name: str
) -> None:
    world, minutes = prometheus.world, 2 * DAY // MINUTE
    good, total = counted(source, world, tmp_path, *SPECS[name])
    all_, bad = (float(events["checkout"][-minutes:].sum()) for events in (world.total, world.bad))
    assert total == pytest.approx(all_, rel=1e-3)
    assert total - good == pytest.approx(bad, rel=2e-3)


def with_indicator(indicator: str) -> str:
    return PYRRA.split("    ratio:")[0] + f"    {indicator}\n"


def test_thresholds_and_probes_of_pyrra_are_the_true_ones(
    source: PrometheusSource, prometheus: RealPrometheus, tmp_path: Path
) -> None:
    world, minutes = prometheus.world, 2 * DAY // MINUTE
    good, total = counted(source, world, tmp_path / "latency", "pyrra", with_indicator(LATENCY))
    assert total == pytest.approx(float(world.total["checkout"][-minutes:].sum()), rel=1e-3)
    assert good == pytest.approx(float(world.fast[-minutes:].sum()), rel=1e-3)
    good, total = counted(source, world, tmp_path / "probe", "pyrra", with_indicator(PROBE))
    # Prometheus 2 counts a sample at both ends of a range: every bucket has one more.
    assert good / total == pytest.approx(float(world.probe[-minutes:].mean()), abs=1e-3)
