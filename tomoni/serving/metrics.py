"""Tomoni's own figures in the text format of Prometheus: what it asked its sources, what it knows, what pages cost."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Histogram, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client import Counter as Counted
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from data_sources.calls import CountsCalls
from tomoni.slo.model import State
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.version import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LOG = logging.getLogger("tomoni")
_PAGES = CollectorRegistry()
PAGES_DRAWN = Counted(
    "tomoni_pages_drawn",
    "Runs of a page, and whether it could be drawn (ok, failed).",
    ["page", "outcome"],
    registry=_PAGES,
)
PAGE_SECONDS = Histogram(
    "tomoni_page_seconds",
    "Time that a page took to be made on the server.",
    ["page"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_PAGES,
)


class Figures:
    """The figures of one process. ``open_pages`` counts the browsers that are connected."""

    def __init__(self, tomoni: Callable[[], Tomoni], open_pages: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        for collector in (_Product(tomoni), _Pages(open_pages)):
            self._registry.register(collector)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """All figures, as they are now."""
        return generate_latest(self._registry) + generate_latest(_PAGES)


class _Pages(Collector):
    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("tomoni_open_pages", "Browsers that are connected to this process.", self._count())


def _shown(product: Tomoni) -> dict[str, str]:
    """What each source is called in figures: those that only hidden apps use by a number, for they may be named after
    these."""
    known = product.published().sources
    return {name: name if name in known else f"hidden-{n}" for n, name in enumerate(sorted(product.sources), 1)}


class _Product(Collector):
    """Reads the product when it is asked; what needs the database is left out while that does not answer."""

    def __init__(self, tomoni: Callable[[], Tomoni]) -> None:
        self._tomoni = tomoni

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering asks nothing."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The figures, in the order of their names' parts."""
        reachable = GaugeMetricFamily("tomoni_database_up", "Whether the database answered (1) or not (0).")
        try:
            product = self._tomoni()
            product.ledger.version()
        except StoreError:
            reachable.add_metric([], 0)
            yield reachable
            return
        reachable.add_metric([], 1)
        yield reachable
        yield from _configured(product)
        yield from _calls(product)
        yield from _refreshes(product)
        yield from _collecting(product)
        yield from _burden(product)
        yield from _statuses(product)


def _configured(product: Tomoni) -> Iterator[Metric]:
    info = GaugeMetricFamily("tomoni_build_info", "The version that runs.", labels=["version"])
    info.add_metric([VERSION], 1)
    yield info
    problems = GaugeMetricFamily(
        "tomoni_configuration_problems", "What is wrong in the configuration.", labels=["severity"]
    )
    counts = Counter(str(problem.severity) for problem in product.catalog.problems)
    for severity in ("error", "warning"):
        problems.add_metric([severity], counts[severity])
    yield problems
    yield GaugeMetricFamily("tomoni_apps", "Apps in the configuration.", len(product.catalog.apps))


def _calls(product: Tomoni) -> Iterator[Metric]:
    labels = ["source", "method"]
    made = CounterMetricFamily("tomoni_source_calls", "Calls to a source.", labels=labels)
    failed = CounterMetricFamily("tomoni_source_call_failures", "Calls to a source that failed.", labels=labels)
    seconds = CounterMetricFamily("tomoni_source_call_seconds", "Time that calls to a source took.", labels=labels)
    shown = _shown(product)
    for name, source in product.sources.items():
        for method, count in source.calls.items() if isinstance(source, CountsCalls) else ():
            made.add_metric([shown[name], method], count.count)
            failed.add_metric([shown[name], method], count.failed)
            seconds.add_metric([shown[name], method], count.seconds)
    yield from (made, failed, seconds)


def _refreshes(product: Tomoni) -> Iterator[Metric]:
    up = GaugeMetricFamily(
        "tomoni_source_up", "Whether the last refresh of a source was answered (1) or not (0).", labels=["source"]
    )
    completed = GaugeMetricFamily(
        "tomoni_source_refreshed_timestamp_seconds",
        "When the last refresh ended in which the source answered.",
        labels=["source"],
    )
    waiting = GaugeMetricFamily(
        "tomoni_source_requests_waiting", "Requests of the running refresh without an answer.", labels=["source"]
    )
    shown = _shown(product)
    for id_, state in product.refreshes.items():
        name = shown[id_]
        up.add_metric([name], float(state.failing_since is None))
        waiting.add_metric([name], state.total - state.done if state.began is not None else 0)
        if state.completed is not None:
            completed.add_metric([name], state.completed)
    yield from (up, completed, waiting)


def _collecting(product: Tomoni) -> Iterator[Metric]:
    """Who asks the sources, and how often this process did."""
    labels = ["source", "outcome"]
    made = CounterMetricFamily("tomoni_refreshes", "Refreshes of a source by this process.", labels=labels)
    seconds = CounterMetricFamily("tomoni_refresh_seconds", "Time that refreshes took.", labels=["source"])
    for name, count in product.refresh_counts.items():
        made.add_metric([name, "answered"], count.answered)
        made.add_metric([name, "failed"], count.failed)
        seconds.add_metric([name], count.seconds)
    yield from (made, seconds)
    lease = product.collecting.lease
    yield GaugeMetricFamily(
        "tomoni_collecting", "Whether this process asks the sources (1) or not (0).", float(product.collecting.holds)
    )
    if lease is not None:
        yield GaugeMetricFamily(
            "tomoni_collector_up", "Whether any process asks the sources (1) or not (0).", float(lease.is_held)
        )


def _burden(product: Tomoni) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("tomoni_jobs", "Work that readers wait for, by its state.", labels=["state"])
    jobs.add_metric(["running"], product.jobs.running)
    jobs.add_metric(["waiting"], product.jobs.waiting)
    yield jobs
    yield GaugeMetricFamily("tomoni_database_bytes", "What the database takes on its disk.", product.store_bytes())


def _statuses(product: Tomoni) -> Iterator[Metric]:
    """What the last refresh showed; the database is not asked for it."""
    live = product.live()
    newest = GaugeMetricFamily(
        "tomoni_source_newest_data_timestamp_seconds",
        "The end of the newest bucket that was observed of any SLO of a source.",
        labels=["source"],
    )
    shown = _shown(product)
    for name in product.sources:
        ends = [s.newest_data for s in live.overview.statuses if s.slo.source == name and s.newest_data is not None]
        if ends:
            newest.add_metric([shown[name]], max(ends))
    states = GaugeMetricFamily("tomoni_slos", "SLOs by their state.", labels=["state"])
    counts = Counter(status.figures.state for status in live.overview.statuses)
    for state in State:
        states.add_metric([state.value], counts[state])
    yield from (newest, states)
    yield GaugeMetricFamily("tomoni_shown_timestamp_seconds", "The moment that live pages show.", live.as_of)
