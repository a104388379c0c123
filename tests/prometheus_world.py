"""Five weeks of an imagined Prometheus, minute by minute, whose true counts are known.

Minute i is ``[start + 60 i, start + 60 (i + 1))``; a counter's sample at the beginning of minute i
holds the events of all minutes before it. What befalls the apps:

    checkout    three pods, replaced by others at each week's end; two of them restart (counter resets)
    checkout    a latency histogram whose edge 0.3 is spelt 0.30 until the middle of the time
    search      not scraped for two hours, near the end
    backoffice  fewer than 10 000 events
    silent      asked for nothing, ever
    gateway     scraped 37 s after each full minute, so that no bucket begins or ends with a sample

The last two days of it also hold the counters of `tests.births_world`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests import births_world

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS = 35
MINUTES = DAYS * DAY // MINUTE
WEEK = 7 * DAY // MINUTE
MIDDLE = MINUTES // 2
OUTAGE = slice(MINUTES - 240, MINUTES - 120)  # four to two hours before the end
RESTARTS = {0: MINUTES // 3, 2: MINUTES - 600}  # pod to the minute in which it restarts
OFFSET_SECONDS = 37


@dataclass(frozen=True)
class Samples:
    """One series: its name with labels, the minutes of its scrapes, and the values then."""

    name: str
    minutes: npt.NDArray[np.int64]
    values: npt.NDArray[np.int64] | FloatArray
    offset_seconds: int = 0


class World:
    """The events of each minute, and what was scraped of them; ends at ``end`` (Unix seconds)."""

    def __init__(self, end: int) -> None:
        self.end, self.start = end, end - DAYS * DAY
        rng = np.random.default_rng(20261118)
        minute = np.arange(MINUTES)
        daily = 1 + 0.6 * np.sin(2 * np.pi * minute / (DAY // MINUTE))
        self.total = {
            "checkout": rng.poisson(900 * daily),
            "search": rng.poisson(300 * daily),
            "backoffice": rng.poisson(0.15 * daily),
            "silent": np.zeros(MINUTES, dtype=np.int64),
            "gateway": rng.poisson(4000 * daily),
        }
        self.bad = {app: rng.binomial(total, 0.002) for app, total in self.total.items()}
        incident = slice(MINUTES - 2000, MINUTES - 1950)
        self.bad["checkout"][incident] = rng.binomial(self.total["checkout"][incident], 0.2)
        self.fast = rng.binomial(self.total["checkout"], 0.985)  # at most 0.3 s
        self.probe = np.where(minute % 500 < 5, 0, 1)
        self.corners = rng.uniform(0.1, 0.9, MINUTES // 5 + 1)  # of the load, which is linear between them

    def counts(self, events: IntArray, start: int, end: int, step_seconds: int) -> FloatArray:
        """The true counts of the buckets of ``[start, end)``."""
        inside = events[(start - self.start) // MINUTE : (end - self.start) // MINUTE]
        return np.asarray(inside.reshape(-1, step_seconds // MINUTE).sum(axis=1), dtype=np.float64)

    def loads(self, start: int, end: int) -> FloatArray:
        """The true mean load of each five minutes of ``[start, end)``."""
        corners = self.corners[(start - self.start) // 300 : (end - self.start) // 300 + 1]
        return np.asarray((corners[1:] + corners[:-1]) / 2)

    def openmetrics(self) -> Iterator[str]:
        """The world as OpenMetrics text."""
        for series in self.samples():
            times = self.start + series.minutes * MINUTE + series.offset_seconds
            lines = zip(series.values.tolist(), times.tolist(), strict=True)
            yield "\n".join(f"{series.name} {value} {time}" for value, time in lines)
        yield "# EOF"

    def samples(self) -> Iterator[Samples]:
        """All series as they were scraped."""
        yield from self._checkout()
        yield from self._latency()
        scraped = np.concatenate([np.arange(OUTAGE.start + 1), np.arange(OUTAGE.stop, MINUTES + 1)])
        yield from self._one_pod("search", scraped)
        everything = np.arange(MINUTES + 1)
        for app in ("backoffice", "silent"):
            yield from self._one_pod(app, everything)
        yield from self._one_pod("gateway", everything[:-1], OFFSET_SECONDS)
        yield Samples('probe_success{job="web"}', everything[:-1], self.probe)
        load = np.interp(everything, np.arange(len(self.corners)) * 5, self.corners)
        yield Samples('node_load1{host="a"}', everything, load)
        for name, minutes, values in births_world.series():
            yield Samples(name, minutes + MINUTES - births_world.MINUTES, values)

    def _one_pod(self, app: str, scraped: IntArray, offset: int = 0) -> Iterator[Samples]:
        for code, events in self._by_code(app).items():
            counter = _counter(events)
            if offset:  # what came in between the full minute and the scrape
                counter = counter[:-1] + events * offset // MINUTE
            yield Samples(_requests(app, "a", code), scraped, counter[scraped], offset)

    def _checkout(self) -> Iterator[Samples]:
        for week in range(MINUTES // WEEK):
            for pod in range(3):
                for code, events in self._by_code("checkout").items():
                    share = events // 3 + (np.arange(MINUTES) % 3 == pod) * (events % 3)
                    yield self._pod(week, pod, code, share)

    def _pod(self, week: int, pod: int, code: str, share: IntArray) -> Samples:
        """A pod takes over 20 s before its first scrape, and is gone 40 s after its last one."""
        first, last = week * WEEK, (week + 1) * WEEK - (1 if (week + 1) * WEEK < MINUTES else 0)
        events = share[first:last]
        early = int(share[first - 1]) // 3 if week else 0
        counter = early + _counter(events)
        restart = RESTARTS.get(pod, -1) - first
        if 0 <= restart < len(events):  # in the middle of a minute
            kept = counter[restart] + events[restart] // 2
            counter[restart + 1 :] -= kept
        return Samples(_requests("checkout", f"{week}-{pod}", code), np.arange(first, last + 1), counter)

    def _latency(self) -> Iterator[Samples]:
        total = self.total["checkout"]
        for pod, edge, part in (("old", "0.30", slice(0, MIDDLE)), ("new", "0.3", slice(MIDDLE, MINUTES))):
            scraped = np.arange(part.start, part.stop + 1)
            labels = f'app="checkout",pod="{pod}"'
            for le, events in (("0.1", self.fast // 2), (edge, self.fast), ("1.0", total), ("+Inf", total)):
                name = f'http_request_duration_seconds_bucket{{{labels},le="{le}"}}'
                yield Samples(name, scraped, _counter(events[part]))
            yield Samples(f"http_request_duration_seconds_count{{{labels}}}", scraped, _counter(total[part]))

    def _by_code(self, app: str) -> dict[str, IntArray]:
        return {"200": self.total[app] - self.bad[app], "500": self.bad[app]}


def _counter(events: IntArray) -> IntArray:
    """The counter at the beginning of each minute and at the end of the last."""
    return np.concatenate([[0], np.cumsum(events)])


def _requests(app: str, pod: str, code: str) -> str:
    return f'http_requests_total{{app="{app}",pod="{pod}",code="{code}"}}'
