"""Cloud Monitoring in the ledger: faults leave what is remembered, and other sources, untouched."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from data_sources.base import Interval, Source
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.queries import Counts, Ratio
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.server import Fault, StandIn, Trouble, running
from tests.google_stand_in.world import MetricSpec, World, delta
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger.ledger import Ledger
from tomoni.ledger.model import RequiredSeries
from tomoni.store.engine import open_engine

STEP = 300
START = 1_790_000_400 // 3600 * 3600
HOURS = 6
SPEC = MetricSpec("lb/requests", "DELTA", "INT64", {"class": "STRING"}, delay_seconds=120)
TOTAL = 'metric.type="lb/requests"'
GOOGLE = SeriesRef("google", Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.class="5xx"'), STEP)
DEMO = SeriesRef("demo", Counts(counts="checkout-availability"), STEP)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 3 * 3600)
    world.add(delta(SPEC, {"class": "2xx"}, np.full(60 * HOURS, 9), START))
    world.add(delta(SPEC, {"class": "5xx"}, np.full(60 * HOURS, 1), START))
    with running(world) as server:
        yield server


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(open_engine(f"sqlite:///{tmp_path}/ledger.db"))


def sync(ledger: Ledger, google: CloudMonitoringSource, now: int) -> None:
    demo: Source = DemoSource("demo", DemoConfig(kind="demo"), clock=lambda: float(now))
    interval = Interval(START, now // STEP * STEP, STEP)
    ledger.sync(
        {"google": google, "demo": demo}, [RequiredSeries(GOOGLE, interval), RequiredSeries(DEMO, interval)], now
    )


def total(ledger: Ledger, ref: SeriesRef, hours: int) -> float:
    read = ledger.read([ref], START, START + hours * 3600)[ref.key]
    return float(np.nansum(read.columns["total"]))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble("ListTimeSeries", Fault("PERMISSION_DENIED", "no")), "access_denied"),
        (Trouble("ListTimeSeries", Fault("UNAUTHENTICATED", "no")), "access_denied"),
        (Trouble("ListTimeSeries", Fault("UNAVAILABLE", "no")), "server_failed"),
        (Trouble("ListTimeSeries", Fault("RESOURCE_EXHAUSTED", "no")), "rate_limited"),
        (Trouble("ListTimeSeries", Fault("DEADLINE_EXCEEDED", "no")), "timed_out"),
        (Trouble("ListTimeSeries", Fault("INVALID_ARGUMENT", "no")), "query_refused"),
        (Trouble("ListTimeSeries", Fault("NOT_FOUND", "no")), "not_found"),
        (Trouble("ListTimeSeries", body=b"<html>"), "bad_answer"),
    ],
)
def test_a_fault_keeps_what_is_remembered_and_heals(
    ledger: Ledger, stand_in: StandIn, trouble: Trouble, code: str
) -> None:
    google = source_at(stand_in)
    sync(ledger, google, START + 3 * 3600)
    known = total(ledger, GOOGLE, 3)
    assert known == 10 * 60 * 3 - 50  # the newest bucket is not ingested yet
    stand_in.world.now = START + 5 * 3600
    stand_in.troubles += [trouble] * 9
    sync(ledger, google, START + 5 * 3600)
    state = ledger.states([GOOGLE.key])[GOOGLE.key]
    assert state.error_code == code
    assert total(ledger, GOOGLE, 5) == known
    assert ledger.states([DEMO.key])[DEMO.key].error_code is None
    assert total(ledger, DEMO, 5) > 0
    stand_in.troubles.clear()
    sync(ledger, google, START + 5 * 3600)
    assert total(ledger, GOOGLE, 5) == 10 * 60 * 5 - 50
    google.close()


def test_a_partial_answer_is_asked_for_again(ledger: Ledger, stand_in: StandIn) -> None:
    google = source_at(stand_in)
    stand_in.troubles.append(Trouble("ListTimeSeries", partial="a zone did not answer"))
    sync(ledger, google, START + 3 * 3600)
    sync(ledger, google, START + 3 * 3600 + 1)
    asked = [request.interval for name, request in stand_in.seen if name == "ListTimeSeries"]
    assert len(asked) == 2
    assert asked[0] == asked[1]
    google.close()


def test_a_refresh_asks_for_the_newest_buckets_only_in_one_call(ledger: Ledger, stand_in: StandIn) -> None:
    google = source_at(stand_in)
    sync(ledger, google, START + 3 * 3600)
    before = stand_in.calls()
    stand_in.world.now = START + 3 * 3600 + 600
    sync(ledger, google, START + 3 * 3600 + 600)
    assert stand_in.calls() - before == 1
    interval = stand_in.seen[-1][1].interval
    assert interval.end_time.seconds - interval.start_time.seconds <= 1800
    google.close()
