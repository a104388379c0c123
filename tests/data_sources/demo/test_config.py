"""What `config/` and `examples/prometheus/` hold out of the box: no problem, and a story worth showing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from data_sources.base import Interval, Request
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.demo.world import COUNTS, SIGNALS
from data_sources.queries import Counts, Query, TextSignal
from tests.data_sources.contract import series_of
from tomoni.catalog.load import load
from tomoni.catalog.schema import Catalog, Slo
from tomoni.slo.model import Buckets, State
from tomoni.slo.plausibility import oddities
from tomoni.slo.status import evaluate

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
DAY = 86_400
FRIDAY = 1_795_132_800  # 20 November 2026, 00:00 UTC


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(ROOT / "config", {})


def buckets_of(source: DemoSource, slo: Slo, end: int) -> Buckets:
    interval = Interval(end - 35 * DAY, end, slo.bucket_seconds)
    columns = series_of(source, slo.sli, interval).columns
    absent = columns["absent"] == 1
    return Buckets(interval.start, interval.step_seconds, columns["good"], columns["total"], absent)


def state_of(source: DemoSource, slo: Slo, end: int) -> State:
    return evaluate(buckets_of(source, slo, end), slo.definition, end).state


@pytest.mark.parametrize("folder", ["config", "examples/prometheus"])
def test_what_is_shipped_has_no_problem_and_speaks_both_languages(folder: str) -> None:
    catalog = load(ROOT / folder, {"TOMONI_PROMETHEUS_URL": "http://127.0.0.1:9090"})
    assert catalog.problems == ()
    texts = [app.title for app in catalog.apps]
    texts += [journey.title for app in catalog.apps for journey in app.journeys]
    texts += [signal.title for app in catalog.apps for signal in app.infra]
    texts += [slo.title for app in catalog.apps for journey in app.journeys for slo in journey.slos]
    assert all(set(text.by_language) == {"en", "ja"} for text in texts)


def test_the_demo_needs_nothing_but_itself_and_shows_all_of_its_series(catalog: Catalog) -> None:
    assert {config.kind for config in catalog.sources.values() if isinstance(config, DemoConfig)} == {"demo"}
    assert len(catalog.sources) == 1
    slos = [slo for app in catalog.apps for journey in app.journeys for slo in journey.slos]
    queries: list[Query] = [slo.sli for slo in slos]
    assert {query.counts for query in queries if isinstance(query, Counts)} == set(COUNTS)
    signals = [signal.query for app in catalog.apps for signal in app.infra]
    assert {query.query for query in signals if isinstance(query, TextSignal)} == set(SIGNALS)


def test_every_query_of_the_demo_is_sound(catalog: Catalog) -> None:
    source = DemoSource("demo", DemoConfig(kind="demo"), clock=lambda: FRIDAY + 60.0)
    interval = Interval(FRIDAY - DAY, FRIDAY, 300)
    for app in catalog.apps:
        parts = [slo.sli for journey in app.journeys for slo in journey.slos]
        for query in (*parts, *(signal.query for signal in app.infra)):
            assert source.check(Request("k", query, interval)) == ()


def test_nothing_of_the_demo_is_implausible_on_any_day(catalog: Catalog) -> None:
    for end in range(FRIDAY, FRIDAY + 7 * DAY, 17 * 3600):
        source = DemoSource("demo", DemoConfig(kind="demo"), clock=partial(float, end + 60))
        for app in catalog.apps:
            for slo in (slo for journey in app.journeys for slo in journey.slos):
                data = buckets_of(source, slo, end)
                assert oddities(data, slo.definition.objective, end - 28 * DAY, end) == (), (app.id, slo.id, end)


@pytest.mark.parametrize("later", range(7))
@pytest.mark.parametrize("hour", [0, 7, 15, 23])
def test_on_every_day_and_hour_the_apps_are_in_the_states_of_the_story(catalog: Catalog, later: int, hour: int) -> None:
    end = FRIDAY + later * DAY + hour * 3600
    source = DemoSource("demo", DemoConfig(kind="demo"), clock=lambda: end + 60.0)
    states = {
        f"{app.id}/{journey.id}/{slo.id}": state_of(source, slo, end)
        for app in catalog.apps
        for journey in app.journeys
        for slo in journey.slos
    }
    told = {
        "store-search/find-store/availability": State.HEALTHY,
        "store-search/find-store/latency": State.HEALTHY,
        "checkout/place-order/availability": State.AT_RISK,
        "checkout/place-order/latency": State.HEALTHY,
        "order-mail/receive-confirmation/in-time": State.EXHAUSTED,
        "order-mail/receive-shipping-notice/in-time": State.AT_RISK,
        "back-office/handle-return/availability": State.HEALTHY,
        "back-office/import-stocktake/rows": State.NO_TRAFFIC,
    }
    assert {name: states[name] for name in told} == told
