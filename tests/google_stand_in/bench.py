"""How long the Cloud Monitoring source takes beside the bare reading of the same pages.

Run ``python -m tests.google_stand_in.bench``. The stand-in runs in another process and has its answers
ready, so that only the client is measured. The floor is the library's pages as raw protobuf, each
series into one array with ``np.fromiter``, times taken from the grid, on one thread.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import grpc
import numpy as np
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport

from data_sources.base import Answer, Interval, Request
from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.queries import Ratio
from tests.google_stand_in.server import running
from tests.google_stand_in.world import MetricSpec, Stream, World, delta

DAYS, SLIS, ROUNDS = 28, 250, 3
END = 1_790_000_400 // 3600 * 3600
START = END - DAYS * 86_400
MINUTELY = MetricSpec("bench/minutely", "DELTA", "INT64", {"class": "STRING"})
MANY = MetricSpec("bench/many", "DELTA", "INT64", {"class": "STRING", "service": "STRING"}, sample_seconds=300)


def counts(spec: MetricSpec, labels: dict[str, str], seed: int) -> Stream:
    number = DAYS * 86_400 // spec.sample_seconds
    return delta(spec, labels, np.random.default_rng(seed).integers(1, 5000, number), START)


def serve(pipe: Connection) -> None:
    """The stand-in's process: tells where it listens and ends when it is told to."""
    world = World("demo", END + 600)
    for seed, name in enumerate(("good", "bad")):
        world.add(counts(MINUTELY, {"class": name}, seed))
        world.add(*(counts(MANY, {"class": name, "service": f"s{i}"}, seed + 2 * i) for i in range(SLIS)))
    with running(world) as stand_in:
        stand_in.remembers_answers = True
        pipe.send(stand_in.endpoint)
        pipe.recv()


def one_sli() -> list[Request]:
    query = Ratio(total='metric.type="bench/minutely"', bad='metric.type="bench/minutely" metric.labels.class="bad"')
    return [Request("one", query, Interval(START, END, 60))]


def many_slis() -> list[Request]:
    def query(i: int) -> Ratio:
        total = f'metric.type="bench/many" metric.labels.service="s{i}"'
        return Ratio(total=total, bad=f'{total} metric.labels.class="bad"')

    return [Request(str(i), query(i), Interval(START, END, 300)) for i in range(SLIS)]


def refresh(source: CloudMonitoringSource) -> None:
    """The newest three buckets of all SLIs: how long, and in how many calls."""
    newest = Interval(END - 900, END, 300)
    requests = [Request(request.key, request.query, newest) for request in many_slis()]
    ours(source, requests)
    before = source.calls["ListTimeSeries"].count
    taken = seconds(lambda: ours(source, requests))
    calls = source.calls["ListTimeSeries"].count - before
    print(f"refresh of {SLIS} SLIs, 3 buckets each: {taken:.3f} s in {calls} calls")  # noqa: T201


def floor(client: Any, requests: Sequence[Request]) -> int:
    """Reads the same pages and nothing else; the number of points."""
    points = 0
    for request in requests:
        assert isinstance(request.query, Ratio)
        asked = {
            "name": "projects/demo",
            "filter": request.query.total,
            "view": "FULL",
            "interval": {
                "start_time": {"seconds": request.interval.start},
                "end_time": {"seconds": request.interval.end},
            },
            "aggregation": {
                "alignment_period": {"seconds": request.interval.step_seconds},
                "per_series_aligner": "ALIGN_DELTA",
                "cross_series_reducer": "REDUCE_SUM",
                "group_by_fields": ["metric.labels.class"],
            },
        }
        for page in client.list_time_series(request=asked, retry=None, timeout=120).pages:
            for series in monitoring_v3.ListTimeSeriesResponse.pb(page).time_series:
                number = len(series.points)
                newest = series.points[0].interval.end_time.seconds
                np.arange(newest, newest - number * request.interval.step_seconds, -request.interval.step_seconds)
                np.fromiter((point.value.int64_value for point in series.points), np.float64, number)
                points += number
    return points


def ours(source: CloudMonitoringSource, requests: Sequence[Request]) -> list[Answer]:
    answers = list(source.fetch(requests))
    assert all(answer.error is None for answer in answers)
    return answers


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(name: str, client: Any, source: CloudMonitoringSource, requests: Sequence[Request]) -> float:
    points = floor(client, requests)
    before = source.calls["ListTimeSeries"].count if "ListTimeSeries" in source.calls else 0
    total = sum(np.nansum(a.series.columns["total"]) for a in ours(source, requests) if a.series)
    calls = source.calls["ListTimeSeries"].count - before
    pairs = [(seconds(lambda: floor(client, requests)), seconds(lambda: ours(source, requests))) for _ in range(ROUNDS)]
    least, mine = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(  # noqa: T201 - what the command is for
        f"{name}: {points:,} points, {total:,.0f} events; floor {least:.3f} s, source {mine:.3f} s, "
        f"ratio {mine / least:.2f}, {calls} calls for {len(requests)} SLIs"
    )
    return mine / least


def main() -> int:
    """Prints both comparisons; 1 where a ratio is above 2 or an SLI took more than one call."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    process.start()
    endpoint = here.recv()
    channel = grpc.insecure_channel(endpoint, options=(("grpc.max_receive_message_length", -1),))
    client = monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel))
    config = CloudMonitoringConfig(
        kind="cloud_monitoring", project="demo", api_endpoint=endpoint, insecure=True, timeout_seconds=120
    )
    source = CloudMonitoringSource("bench", config, clock=lambda: END + 600.0)
    ratios = [
        compare("28 d at 1 min, 2 series", client, source, one_sli()),
        compare(f"{SLIS} SLIs, 28 d at 5 min", client, source, many_slis()),
    ]
    refresh(source)
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # noqa: T201
    source.close()
    channel.close()
    here.send("done")
    process.join()
    return int(max(ratios) > 2)


if __name__ == "__main__":
    sys.exit(main())
