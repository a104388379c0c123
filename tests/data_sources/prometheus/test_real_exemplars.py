"""Examples that a real Prometheus keeps of what it scrapes, with the traces that they lead to, and its scrape jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import HttpUrl

from data_sources.base import Interval
from data_sources.exploring import Aggregation, Exemplar, HasExemplars, MetricQuestion, MetricType, WrittenQuestion
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from tests.real_prometheus import serving
from tomoni.exploring.jobs import jobs_of, names_of

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]
SECONDS = 120
EXPOSED = """\
# TYPE shop_latency_seconds histogram
# UNIT shop_latency_seconds seconds
shop_latency_seconds_bucket{{route="/pay",le="0.3"}} {n} # {{trace_id="fast{n}"}} 0.21 {at}
shop_latency_seconds_bucket{{route="/pay",le="+Inf"}} {n}1 # {{trace_id="slow{n}"}} 2.4 {at}
shop_latency_seconds_count{{route="/pay"}} {n}1
shop_latency_seconds_sum{{route="/pay"}} {n}.5
# EOF
"""


class Shop(BaseHTTPRequestHandler):
    """Exposes a histogram with an example of each bucket, as OpenMetrics."""

    scrapes = 0

    def do_GET(self) -> None:
        Shop.scrapes += 1
        body = EXPOSED.format(n=Shop.scrapes, at=f"{time.time():.3f}").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[PrometheusSource]:
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    job = {"shop": f"127.0.0.1:{shop.server_port}"}
    with serving(tmp_path, "--enable-feature=exemplar-storage", jobs=job) as url:
        source = PrometheusSource("real", PrometheusConfig(kind="prometheus", url=HttpUrl(url)))
        yield source
        source.close()
    shop.shutdown()
    shop.server_close()


def found_by(source: PrometheusSource, ask: MetricQuestion | WrittenQuestion) -> list[Exemplar]:
    now = int(time.time())
    return list(source.exemplars(ask, Interval(now - 600, now + 1, 1)))


def test_the_examples_of_a_histogram_lead_to_their_traces_the_largest_first(source: PrometheusSource) -> None:
    assert isinstance(source, HasExemplars)
    latency = MetricQuestion("shop_latency_seconds", MetricType.HISTOGRAM, Aggregation.PERCENTILES)
    until = time.monotonic() + SECONDS
    while len(found := found_by(source, latency)) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    assert [each.value for each in found[:1]] == [2.4]
    assert found[0].trace.startswith("slow")
    assert found[0].labels["route"] == "/pay"
    assert {each.value for each in found} == {2.4, 0.21}
    assert found_by(source, WrittenQuestion('sum(rate(shop_latency_seconds_bucket{le="0.3"}[5m]))'))
    assert not found_by(source, WrittenQuestion("up"))

    def recent() -> Interval:
        now = int(time.time()) + 1
        return Interval(now - 300, now, 1)

    def jobs() -> dict[str, int | None]:
        return {each.value: each.series for each in jobs_of(source, recent())}

    while jobs() != {"itself": 1, "shop": 1} and time.monotonic() < until:  # a server is scraped later than the shop
        time.sleep(0.2)
    assert jobs() == {"itself": 1, "shop": 1}
    assert "shop_latency_seconds_bucket" in names_of(source, "shop", recent())
