"""A real Prometheus keeps the contract of every source."""

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import HttpUrl

from data_sources.base import Interval
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.source import PrometheusSource
from data_sources.queries import Ratio, TextSignal
from tests.data_sources.contract import Case, Harness, NumeratorMayBeAbsent
from tests.prometheus_world import HOUR, OUTAGE
from tests.real_prometheus import RealPrometheus

pytestmark = pytest.mark.prometheus
STEP = 300


def requests_of(app: str, code: str = ".*") -> str:
    return f'http_requests_total{{app="{app}",code=~"{code}"}}'


class TestPrometheusKeepsTheContract(NumeratorMayBeAbsent):
    @pytest.fixture
    def harness(self, prometheus: RealPrometheus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
        world = prometheus.world
        interval = Interval(world.end - 6 * HOUR, world.end, STEP)
        source = PrometheusSource(
            "prometheus",
            PrometheusConfig(kind="prometheus", url=HttpUrl(prometheus.url)),
            clock=lambda: world.end + 600.0,
        )
        asked: list[str] = []
        call = source._client._call

        def counted(path, make):
            asked.append(path)
            return call(path, make)

        monkeypatch.setattr(source._client, "_call", counted)

        def truth(events):
            return world.counts(events, interval.start, interval.end, STEP)

        def both(app: str) -> tuple[np.ndarray, np.ndarray]:
            return truth(world.total[app] - world.bad[app]), truth(world.total[app])

        checkout_good, checkout_total = both("checkout")
        search_good, search_total = both("search")
        unseen = slice(
            *((minute * 60 + world.start - interval.start) // STEP for minute in (OUTAGE.start, OUTAGE.stop))
        )
        search_good[unseen] = search_total[unseen] = np.nan
        yield Harness(
            source=source,
            interval=interval,
            steady=Case(
                Ratio(total=requests_of("checkout"), bad=requests_of("checkout", "5..")),
                good=checkout_good,
                total=checkout_total,
            ),
            broken=TextSignal(query="sum("),
            gap=Case(
                Ratio(total=requests_of("search"), good=requests_of("search", "2..")),
                good=search_good,
                total=search_total,
            ),
            quiet=Case(
                Ratio(total=requests_of("silent"), good=requests_of("silent", "2..")),
                good=np.zeros(len(interval)),
                total=np.zeros(len(interval)),
            ),
            absent=Case(
                Ratio(total=requests_of("checkout"), good='no_such_metric{app="checkout"}'),
                good=np.zeros(len(interval)),
                total=checkout_total,
            ),
            signal=Case(
                TextSignal(query='node_load1{host="a"}'),
                value=world.loads(interval.start, interval.end),
            ),
            calls=lambda: len(asked),
        )
        source.close()
